/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An item that cannot be read: nobody can label it, and a trainer would stop at it. */
#include "qa/check.h"

#include "core/json.h"

extern const AssayCheck assay_check_corrupt;

static void
arrive (gpointer state, const AssayArrival *arrival, GPtrArray *findings)
{
  const char *fault = assay_json_get_string (arrival->facts, "fault");
  if (fault != NULL)
    g_ptr_array_add (findings,
                     assay_arrival_flag (arrival->item, &assay_check_corrupt, ASSAY_SEVERITY_ERROR, 1, NULL,
                                         g_strdup_printf ("%s cannot be read: %s; import it again from its "
                                                          "source, or flag it as bad",
                                                          arrival->item->name, fault)));
}

const AssayCheck assay_check_corrupt = {
  .id = "corrupt",
  .title = "Cannot be read",
  .help = "a picture or a sound that cannot be decoded: nobody can label it, and a trainer would stop at it",
  .version = 1,
  .scope = ASSAY_SCOPE_ITEM,
  .certain = TRUE,
  .arrive = arrive,
};
