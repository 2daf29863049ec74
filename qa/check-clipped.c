/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sound that was louder than the converter could tell: what it lost does not come back. */
#include "qa/arrival.h"
#include "qa/check.h"

#include "core/json.h"

extern const AssayCheck assay_check_clipped;

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  const char *why = assay_arrival_get_fault (arrival->facts, "clipped");
  gint64 at = 0;
  if (why == NULL)
    return;
  assay_json_get_int (arrival->facts, "clipped_at", &at);
  json_t *where = assay_where_samples (at, MIN (at + arrival->item->rate_hz / 10, arrival->item->n_samples));
  g_ptr_array_add (findings, assay_arrival_flag (arrival->item, &assay_check_clipped, ASSAY_SEVERITY_WARNING, 0.6,
                                                 where, g_strdup_printf ("%s: %s", arrival->item->name, why)));
}

const AssayCheck assay_check_clipped = {
  .id = "clipped",
  .title = "Clipped sound",
  .help = "three or more samples at full scale, one after another: the wave was cut off there, and a trainer hears "
          "a crackle",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .arrive = arrive,
};
