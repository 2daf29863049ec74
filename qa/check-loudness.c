/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording far louder or softer than its microphone or its speaker usually is. */
#include "qa/check.h"
#include "qa/series.h"
#include "core/json.h"
#include "qa/outliers.h"

extern const AssayCheck assay_check_loudness;

#include <math.h>

#define LEAST 8
#define FAR_LU 8.0

/* Who is heard, else what it was heard with, else where it came from. */
static char *
dup_voice (const AssayItem *item)
{
  const char *subject = assay_json_get_string (item->facts, "subject");
  if (subject != NULL)
    return g_strdup_printf ("subject %s", subject);
  if (!assay_id_is_nil (&item->sensor))
    return assay_id_dup_text (&item->sensor);
  return g_path_get_dirname (item->name);
}

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  double lufs;
  if (!assay_json_get_double (arrival->facts, "integrated_lufs", &lufs) || !isfinite (lufs))
    return;
  g_autofree char *voice = dup_voice (arrival->item);
  assay_series_add (state, voice, arrival->item, lufs);
}

static void
judge (GArray *sounds, GPtrArray *findings)
{
  g_autofree double *values = assay_series_dup_values (sounds);
  AssaySpread spread;
  if (sounds->len < LEAST || !assay_spread_measure (values, sounds->len, &spread))
    return;
  for (guint i = 0; i < sounds->len; i++)
    {
      double off = values[i] - spread.median;
      const AssayItem *item = g_array_index (sounds, AssaySeriesEntry, i).item;
      if (fabs (off) < FAR_LU || fabs (off) * 0.6745 < ASSAY_OUTLIER_Z * spread.mad)
        continue;
      g_ptr_array_add (
          findings,
          assay_arrival_flag (
              item, &assay_check_loudness, ASSAY_SEVERITY_NOTE, fabs (off) / 40, NULL,
              g_strdup_printf ("%s has %.0f LUFS, and %.0f is usual of this voice: another distance, gain "
                               "or speaker",
                               item->name, values[i], spread.median)));
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

const AssayCheck assay_check_loudness = {
  .id = "loudness",
  .title = "Another loudness",
  .help
  = "a recording 8 LU and more from what is usual of its speaker or microphone: another distance, gain or speaker",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .state_size = sizeof (AssaySeries),
  .arrive = arrive,
  .end = end,
  .clear = clear,
};
