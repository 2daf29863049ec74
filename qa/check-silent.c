/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording of nothing, or with a hole in it. */
#include "qa/arrival.h"
#include "qa/check.h"

#include "core/json.h"

extern const AssayCheck assay_check_silent;

static void
flag (const AssayArrival *arrival, AssaySeverity severity, double score, json_t *take_where, const char *why,
      GPtrArray *findings)
{
  g_ptr_array_add (findings, assay_arrival_flag (arrival->item, &assay_check_silent, severity, score, take_where,
                                                 g_strdup_printf ("%s: %s", arrival->item->name, why)));
}

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  const char *silent = assay_arrival_get_fault (arrival->facts, "silent"),
             *quiet = assay_arrival_get_fault (arrival->facts, "too_quiet"),
             *hole = assay_arrival_get_fault (arrival->facts, "dropout");
  const json_t *place = json_object_get (arrival->facts, "silence");
  if (silent != NULL)
    flag (arrival, ASSAY_SEVERITY_ERROR, 1, NULL, silent, findings);
  else if (hole != NULL)
    flag (arrival, ASSAY_SEVERITY_WARNING, 0.7, place != NULL ? json_pack ("{s:O}", "samples", place) : NULL, hole,
          findings);
  else if (quiet != NULL)
    flag (arrival, ASSAY_SEVERITY_WARNING, 0.5, NULL, quiet, findings);
}

const AssayCheck assay_check_silent = {
  .id = "silent",
  .title = "Silent or full of holes",
  .help = "a recording of digital silence, one with a hole of it, or one that is too quiet: a muted microphone, or "
          "a lost cable",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .certain = TRUE,
  .arrive = arrive,
};
