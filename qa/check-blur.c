/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture far less sharp than those that were taken with it: out of focus, or moved. */
#include "qa/check.h"
#include "qa/series.h"
#include "qa/outliers.h"

#include "core/json.h"

#include <math.h>

extern const AssayCheck assay_check_blur;

#define LEAST 6    /* pictures that say what is usual */
#define SHARE 0.25 /* of the median sharpness */

/* Sharpness depends on the scene and the size: compared within a sensor's session, a sequence, or a folder. */
static char *
dup_series (const AssayItem *item)
{
  g_autofree char *folder = g_path_get_dirname (item->name);
  if (!assay_id_is_nil (&item->session) && !assay_id_is_nil (&item->sensor))
    {
      g_autofree char *session = assay_id_dup_text (&item->session), *sensor = assay_id_dup_text (&item->sensor);
      return g_strdup_printf ("%s %s", session, sensor);
    }
  return g_strdup_printf ("%s/%ux%u", item->sequence != NULL ? item->sequence : folder, item->width_px,
                          item->height_px);
}

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  double sharpness;
  if (!assay_json_get_double (arrival->facts, "sharpness", &sharpness))
    return;
  g_autofree char *series = dup_series (arrival->item);
  assay_series_add (state, series, arrival->item, sharpness);
}

static double
get_log (double sharpness)
{
  return log (MAX (sharpness, 1e-3));
}

static void
judge (GArray *shots, GPtrArray *findings)
{
  if (shots->len < LEAST)
    return;
  g_autofree double *values = assay_series_dup_values (shots);
  for (guint i = 0; i < shots->len; i++)
    values[i] = get_log (values[i]);
  AssaySpread spread;
  assay_spread_measure (values, shots->len, &spread);
  double far = ASSAY_OUTLIER_Z * spread.mad / 0.6745;
  for (guint i = 0; i < shots->len; i++)
    {
      const AssaySeriesEntry *shot = &g_array_index (shots, AssaySeriesEntry, i);
      double below = spread.median - values[i];
      if (!(below > -log (SHARE)) || !(below > far))
        continue;
      char *why = g_strdup_printf ("%s is blurred: its sharpness is %.0f %% of what is usual beside it",
                                   shot->item->name, 100 * exp (-below));
      g_ptr_array_add (findings, assay_arrival_flag (shot->item, &assay_check_blur, ASSAY_SEVERITY_WARNING,
                                                     1 - exp (-below), NULL, why));
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

const AssayCheck assay_check_blur = {
  .id = "blur",
  .title = "Blurred",
  .help = "a picture far less sharp than those that were taken with it: out of focus or moved, and its borders "
          "cannot be told",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .state_size = sizeof (AssaySeries),
  .arrive = arrive,
  .end = end,
  .clear = clear,
};
