/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording that begins or ends with a long silence: somebody was late, or forgot to stop. */
#include "qa/check.h"
#include "core/json.h"

extern const AssayCheck assay_check_edges;

#define LONG_S 1.5

static void
flag (const AssayArrival *arrival, gint64 start, gint64 end, const char *where, GPtrArray *findings)
{
  const AssayItem *item = arrival->item;
  double seconds = (double) (end - start) / item->rate_hz;
  g_ptr_array_add (
      findings, assay_arrival_flag (item, &assay_check_edges, ASSAY_SEVERITY_NOTE, seconds / (seconds + LONG_S),
                                    assay_where_samples (start, end),
                                    g_strdup_printf ("%s %s with %.1f s of silence: trim it, or say nothing there",
                                                     item->name, where, seconds)));
}

/* The longer one is told. */
static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  const json_t *speech = json_object_get (arrival->facts, "speech");
  gint64 start = json_integer_value (json_array_get (speech, 0)),
         end = json_integer_value (json_array_get (speech, 1)), n = arrival->item->n_samples,
         limit = (gint64) (LONG_S * arrival->item->rate_hz);
  if (end <= start || arrival->item->rate_hz == 0)
    return;
  if (start > limit && start >= n - end)
    flag (arrival, 0, start, "begins", findings);
  else if (n - end > limit)
    flag (arrival, end, n, "ends", findings);
}

const AssayCheck assay_check_edges = {
  .id = "edges",
  .title = "Silence at the edges",
  .help = "a recording with more than a second and a half of silence before the first or after the last word",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .arrive = arrive,
};
