/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture in which light has left nothing to see: too dark, or burnt out. */
#include "qa/check.h"

#include "core/json.h"

extern const AssayCheck assay_check_exposure;

#define DARK 0.9  /* share of pixels with no channel above 2 */
#define BURNT 0.6 /* share of pixels with a channel at 254 or more */
#define DIM 12.0  /* mean luma, of 255 */
#define BLEACHED 243.0

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  double mean, under, over;
  if (!assay_json_get_double (arrival->facts, "mean", &mean)
      || !assay_json_get_double (arrival->facts, "under", &under)
      || !assay_json_get_double (arrival->facts, "over", &over))
    return;
  gboolean dark = under > DARK || mean<DIM, burnt = over> BURNT || mean > BLEACHED;
  if (!dark && !burnt)
    return;
  const char *name = arrival->item->name;
  char *why = dark ? g_strdup_printf ("%s is almost black: %.0f %% of it shows nothing (mean %.0f of 255)", name,
                                      100 * under, mean)
                   : g_strdup_printf ("%s is burnt out: %.0f %% of it is at the limit (mean %.0f of 255)", name,
                                      100 * over, mean);
  double score = dark ? MAX (under, 1 - mean / DIM) : MAX (over, (mean - BLEACHED) / (255 - BLEACHED));
  g_ptr_array_add (findings, assay_arrival_flag (arrival->item, &assay_check_exposure, ASSAY_SEVERITY_WARNING,
                                                 score, NULL, why));
}

const AssayCheck assay_check_exposure = {
  .id = "exposure",
  .title = "Too dark or too bright",
  .help = "a picture that is almost black or burnt out: what cannot be seen cannot be labelled",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .arrive = arrive,
};
