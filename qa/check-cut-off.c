/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Speech that runs into an edge of its recording: the first or last word is not all there. */
#include "qa/arrival.h"
#include "qa/check.h"

#include "core/json.h"

extern const AssayCheck assay_check_cut_off;

#define EDGE_S 0.1

static void
flag (const AssayArrival *arrival, gboolean start, const char *why, GPtrArray *findings)
{
  const AssayItem *item = arrival->item;
  gint64 edge = (gint64) (EDGE_S * item->rate_hz), n = item->n_samples;
  json_t *where = start ? assay_where_samples (0, MIN (edge, n)) : assay_where_samples (MAX (n - edge, 0), n);
  g_ptr_array_add (findings, assay_arrival_flag (item, &assay_check_cut_off, ASSAY_SEVERITY_WARNING, 0.5, where,
                                                 g_strdup_printf ("%s: %s", item->name, why)));
}

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  const char *start = assay_arrival_get_fault (arrival->facts, "cut_start"),
             *end = assay_arrival_get_fault (arrival->facts, "cut_end");
  if (start != NULL || end != NULL)
    flag (arrival, start != NULL, start != NULL ? start : end, findings);
}

const AssayCheck assay_check_cut_off = {
  .id = "cut-off",
  .title = "Cut off",
  .help = "speech within a tenth of a second of an edge: the first or last word is not all there, and its "
          "transcript would lie",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .arrive = arrive,
};
