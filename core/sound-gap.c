/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sound-gap.h"

#include "core/json.h"

static int
by_place (gconstpointer a, gconstpointer b)
{
  const AssaySoundGap *x = a, *y = b;
  return (x->at > y->at) - (x->at < y->at);
}

GArray *
assay_sound_gaps_of (const json_t *facts)
{
  GArray *gaps = g_array_new (FALSE, FALSE, sizeof (AssaySoundGap));
  size_t i;
  json_t *told;
  json_array_foreach (json_object_get (json_object_get (facts, "capture"), "gaps"), i, told)
  {
    AssaySoundGap gap;
    if (assay_json_get_int (told, "at", &gap.at) && assay_json_get_int (told, "missing", &gap.missing)
        && gap.at >= 0 && gap.missing > 0)
      g_array_append_val (gaps, gap);
  }
  g_array_sort (gaps, by_place);
  return gaps;
}

gint64
assay_sound_gaps_count_unplaced (const json_t *facts)
{
  gint64 missing = 0;
  assay_json_get_int (json_object_get (facts, "capture"), "missing", &missing);
  g_autoptr (GArray) gaps = assay_sound_gaps_of (facts);
  return MAX (missing - assay_sound_gaps_before (gaps, G_MAXINT64, TRUE), 0);
}

gint64
assay_sound_gaps_before (const GArray *gaps, gint64 sample, gboolean with_own)
{
  gint64 missing = 0;
  for (guint i = 0; i < gaps->len; i++)
    {
      const AssaySoundGap *gap = &g_array_index (gaps, AssaySoundGap, i);
      if (gap->at < sample || (with_own && gap->at == sample))
        missing += gap->missing;
    }
  return missing;
}

gint64
assay_sound_gaps_within (const GArray *gaps, gint64 start, gint64 end)
{
  return assay_sound_gaps_before (gaps, end, FALSE) - assay_sound_gaps_before (gaps, start, TRUE);
}
