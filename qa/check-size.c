/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture of another size, or a sound of another rate, than all that came with it. */
#include "qa/check.h"
#include "qa/series.h"

extern const AssayCheck assay_check_size;

#define LEAST 10  /* that say what is usual */
#define USUAL 0.9 /* share of them that are alike */

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  const AssayItem *item = arrival->item;
  gboolean sound = item->media_kind == ASSAY_MEDIA_SOUND;
  if (!sound && item->media_kind != ASSAY_MEDIA_PICTURE)
    return;
  g_autofree char *folder = g_path_get_dirname (item->name), *key = g_strdup_printf ("%d %s", sound, folder);
  /* A number of its own for each size: exact, for a double has 53 bits. */
  assay_series_add (state, key, item,
                    sound ? 65536.0 * item->rate_hz + item->channels
                          : 2097152.0 * item->width_px + item->height_px);
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double one = ((const AssaySeriesEntry *) a)->value, other = ((const AssaySeriesEntry *) b)->value;
  return (one > other) - (one < other);
}

static char *
describe (const AssayItem *item)
{
  return item->media_kind == ASSAY_MEDIA_SOUND ? g_strdup_printf ("%u Hz, %u channel%s", item->rate_hz,
                                                                  item->channels, item->channels == 1 ? "" : "s")
                                               : g_strdup_printf ("%u x %u", item->width_px, item->height_px);
}

static void
judge (GArray *ones, GPtrArray *findings)
{
  g_array_sort (ones, compare);
  const AssaySeriesEntry *usual
      = &g_array_index (ones, AssaySeriesEntry, ones->len / 2); /* with more than half alike it is one of them */
  guint n_usual = 0;
  for (guint i = 0; i < ones->len; i++)
    n_usual += g_array_index (ones, AssaySeriesEntry, i).value == usual->value;
  if (ones->len < LEAST || n_usual < USUAL * ones->len)
    return;
  g_autofree char *wanted = describe (usual->item);
  for (guint i = 0; i < ones->len; i++)
    {
      const AssaySeriesEntry *one = &g_array_index (ones, AssaySeriesEntry, i);
      g_autofree char *is = describe (one->item);
      if (one->value != usual->value)
        g_ptr_array_add (
            findings, assay_arrival_flag (one->item, &assay_check_size, ASSAY_SEVERITY_WARNING, 0.5, NULL,
                                          g_strdup_printf ("%s is %s, and %u of the %u beside it are %s",
                                                           one->item->name, is, n_usual, ones->len - 1, wanted)));
    }
}

static void
end (gpointer state, GPtrArray *findings)
{
  assay_series_each (state, judge, findings);
}

static void
clear (gpointer state)
{
  assay_series_clear (state);
}

const AssayCheck assay_check_size = {
  .id = "size",
  .title = "Another size",
  .help = "a picture of another size, or a sound of another rate, than nine tenths of its folder: a setting that "
          "slipped, or a "
          "thumbnail among photographs",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .state_size = sizeof (AssaySeries),
  .arrive = arrive,
  .end = end,
  .clear = clear,
};
