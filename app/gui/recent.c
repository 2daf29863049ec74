/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/recent.h"

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

static gboolean
count (AssayStore *store, const char *sql, guint64 *ret_n, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, sql, "") || !assay_rows_next (&rows, error))
    return FALSE;
  *ret_n = (guint64) assay_rows_get_int (&rows, 0);
  return TRUE;
}

static gboolean
look_at (AssayProject *project, gpointer data, GError **error)
{
  AssayRecent *recent = ((Look *) data)->recent;
  guint64 labelled;
  if (!count (project->store, "SELECT count(*) FROM item", &recent->items, error)
      || !count (project->store, "SELECT count(DISTINCT item) FROM head WHERE state IN ('submitted', 'settled')",
                 &labelled, error))
    return FALSE;
  recent->labelled = recent->items > 0 ? (double) labelled / (double) recent->items : NAN;
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
