/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/series.h"

static void
free_entries (gpointer data)
{
  GArray *entries = data;
  for (guint i = 0; i < entries->len; i++)
    assay_item_free (g_array_index (entries, AssaySeriesEntry, i).item);
  g_array_unref (entries);
}

void
assay_series_add (AssaySeries *series, const char *group, const AssayItem *item, double value)
{
  if (series->groups == NULL)
    series->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_entries);
  GArray *entries = g_hash_table_lookup (series->groups, group);
  if (entries == NULL)
    {
      entries = g_array_new (FALSE, FALSE, sizeof (AssaySeriesEntry));
      g_hash_table_insert (series->groups, g_strdup (group), entries);
    }
  AssaySeriesEntry entry = { assay_item_copy (item), value };
  g_array_append_val (entries, entry);
}

void
assay_series_each (const AssaySeries *series, AssaySeriesFunc judge, GPtrArray *findings)
{
  GHashTableIter iter;
  gpointer entries;
  if (series->groups == NULL)
    return;
  g_hash_table_iter_init (&iter, series->groups);
  while (g_hash_table_iter_next (&iter, NULL, &entries))
    judge (entries, findings);
}

void
assay_series_clear (AssaySeries *series)
{
  g_clear_pointer (&series->groups, g_hash_table_unref);
}

double *
assay_series_dup_values (const GArray *entries)
{
  double *values = g_new (double, entries->len + 1);
  for (guint i = 0; i < entries->len; i++)
    values[i] = g_array_index (entries, AssaySeriesEntry, i).value;
  return values;
}
