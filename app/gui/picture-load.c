/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/picture-load.h"

#include "core/film.h"

typedef struct
{
  char *path;
  AssayRangeKind range;
  gint64 pts_ns;
} Wanted;

static void
wanted_free (gpointer data)
{
  Wanted *wanted = data;
  g_free (wanted->path);
  g_free (wanted);
}

static AssayPicture *
decode (const Wanted *wanted, GError **error)
{
  if (wanted->range != ASSAY_RANGE_FRAME)
    return assay_picture_load (wanted->path, error);
  g_autoptr (AssayFilm) film = assay_film_open (wanted->path, error);
  return film != NULL ? assay_film_get_frame (film, wanted->pts_ns, error) : NULL;
}

static void
load (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  if (g_task_return_error_if_cancelled (task))
    return;
  g_autoptr (AssayPicture) picture = decode (data, &error);
  if (picture == NULL)
    g_task_return_error (task, error);
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, assay_pyramid_new (picture), (GDestroyNotify) assay_pyramid_unref);
}

void
assay_picture_load_async (const AssayItem *item, const char *path, GCancellable *cancellable,
                          GAsyncReadyCallback done, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done, user_data);
  Wanted *wanted = g_new0 (Wanted, 1);
  *wanted = (Wanted){ g_strdup (path), item->range, item->end };
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, load);
}

AssayPyramid *
assay_picture_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
