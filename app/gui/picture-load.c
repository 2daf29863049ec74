/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/picture-load.h"

#include "core/error.h"
#include "core/film.h"

typedef struct
{
  char *path;
  AssayRangeKind range;
  gint64 pts_ns;
  guint most_px; /* 0 = all of it, as a pyramid */
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

static AssayPicture *
shrink (const AssayPicture *picture, guint most_px)
{
  guint longest = MAX (picture->width_px, picture->height_px);
  if (longest <= most_px)
    return assay_picture_to_rgb8 (picture);
  g_autoptr (AssayPicture) small
      = assay_picture_scale (picture, MAX (1, (guint) ((guint64) picture->width_px * most_px / longest)),
                             MAX (1, (guint) ((guint64) picture->height_px * most_px / longest)));
  return small != NULL ? assay_picture_to_rgb8 (small) : NULL;
}

static void
load (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Wanted *wanted = data;
  GError *error = NULL;
  if (g_task_return_error_if_cancelled (task))
    return;
  g_autoptr (AssayPicture) picture = decode (wanted, &error);
  g_autoptr (AssayPicture) small = picture != NULL && wanted->most_px > 0 ? shrink (picture, wanted->most_px) : NULL;
  if (picture == NULL)
    g_task_return_error (task, error);
  else if (wanted->most_px > 0 && small == NULL)
    g_task_return_new_error (task, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE,
                             "showing %s: there is no memory for a picture of %u × %u pixels; close other programs",
                             wanted->path, picture->width_px, picture->height_px);
  else if (!g_task_return_error_if_cancelled (task))
    {
      if (small != NULL)
        g_task_return_pointer (task, g_steal_pointer (&small), (GDestroyNotify) assay_picture_unref);
      else
        g_task_return_pointer (task, assay_pyramid_new (picture), (GDestroyNotify) assay_pyramid_unref);
    }
}

static void
start (const AssayItem *item, const char *path, guint most_px, GCancellable *cancellable, GAsyncReadyCallback done,
       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, done, user_data);
  Wanted *wanted = g_new0 (Wanted, 1);
  *wanted = (Wanted){ g_strdup (path), item->range, item->end, most_px };
  g_task_set_task_data (task, wanted, wanted_free);
  g_task_run_in_thread (task, load);
}

void
assay_picture_load_async (const AssayItem *item, const char *path, GCancellable *cancellable,
                          GAsyncReadyCallback done, gpointer user_data)
{
  start (item, path, 0, cancellable, done, user_data);
}

AssayPyramid *
assay_picture_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
assay_picture_load_small_async (const AssayItem *item, const char *path, guint most_px, GCancellable *cancellable,
                                GAsyncReadyCallback done, gpointer user_data)
{
  start (item, path, most_px, cancellable, done, user_data);
}

AssayPicture *
assay_picture_load_small_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
