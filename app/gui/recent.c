/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/recent.h"

#include "app/gui/thumbnail.h"
#include "core/kind.h"
#include "core/media.h"
#include "core/scope.h"
#include "core/tally.h"

#include <math.h>

typedef struct
{
  AssaySettings *settings;
  AssayRecent *recent;
} Look;

static void
look_free (Look *look)
{
  assay_recent_free (look->recent);
  g_free (look);
}

/* Items with a truth, or with answers to choose it from, under the task that has most of them. */
static double
share_labelled (AssayStore *store, const GArray *tally, const GPtrArray *tasks)
{
  double best = NAN;
  for (guint i = 0; i < tasks->len; i++)
    {
      const AssayTask *task = tasks->pdata[i];
      gint64 items = 0;
      assay_scope_count (store, task, &items, NULL);
      gint64 answered = assay_tally_sum (tally, task->row, 0, NULL) - assay_tally_sum (tally, task->row, 0, "none");
      if (items > 0 && (isnan (best) || (double) answered / (double) items > best))
        best = (double) answered / (double) items;
    }
  return best;
}

static gboolean
look_at (AssayProject *project, gpointer data, GError **error)
{
  AssayRecent *recent = ((Look *) data)->recent;
  g_autoptr (GArray) tally = assay_tally_list (project->store, 0, error);
  g_autoptr (GPtrArray) tasks = tally != NULL ? assay_task_list (project->store, error) : NULL;
  if (tasks == NULL || !assay_item_count (project->store, &recent->items, error))
    return FALSE;
  recent->labelled = share_labelled (project->store, tally, tasks);
  g_autoptr (GPtrArray) first = assay_item_list_range (project->store, 1, 1, NULL);
  const AssayItem *item = first != NULL && first->len > 0 ? first->pdata[0] : NULL;
  g_autofree char *path = item != NULL ? assay_item_dup_path (project, item) : NULL;
  g_autoptr (AssayPicture) picture = item != NULL ? assay_thumbnail_load (item, path, NULL) : NULL;
  recent->thumbnail = picture != NULL ? assay_thumbnail_dup_path (item) : NULL;
  return TRUE;
}

static void
on_looked (gpointer owner, gpointer data, const GError *error)
{
  Look *look = data;
  if (error == NULL)
    assay_settings_add_recent (look->settings, look->recent);
}

void
assay_recent_remember (AssayDesk *desk, AssaySettings *settings)
{
  Look *look = g_new0 (Look, 1);
  look->settings = settings;
  look->recent = g_new0 (AssayRecent, 1);
  look->recent->directory = g_strdup (assay_desk_get_directory (desk));
  look->recent->name = g_strdup (assay_desk_get_name (desk));
  look->recent->labelled = NAN;
  assay_desk_read (desk, look_at, look, (GDestroyNotify) look_free, on_looked, desk);
}
