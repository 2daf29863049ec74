/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer without objects where others have some: submitted by mistake, or not looked at. The smallest check;
 * where to begin when writing another one. */
#include "qa/check.h"

extern const AssayCheck assay_check_empty;

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  guint most = 0, n_filled = 0;
  for (guint i = 0; i < look->labels->len; i++)
    {
      guint n = ((const AssayLabel *) g_ptr_array_index (look->labels, i))->objects->list->len;
      most = MAX (most, n);
      n_filled += n > 0;
    }
  for (guint i = 0; most > 0 && i < look->labels->len; i++)
    {
      const AssayLabel *label = g_ptr_array_index (look->labels, i);
      const AssayAnnotator *annotator = g_ptr_array_index (look->annotators, i);
      if (label->objects->list->len > 0)
        continue;
      char *why = g_strdup_printf ("%s submitted nothing, and %u other%s found up to %u object%s", annotator->name,
                                   n_filled, n_filled > 1 ? "s" : "", most, most > 1 ? "s" : "");
      g_autofree char *place = assay_id_dup_text (&annotator->id);
      double score = (double) n_filled / look->labels->len;
      g_ptr_array_add (findings, assay_look_flag (look, &assay_check_empty, ASSAY_SEVERITY_ERROR, score, &label, 1,
                                                  place, NULL, why));
    }
}

const AssayCheck assay_check_empty = {
  .id = "empty",
  .title = "Empty answer",
  .help = "a submitted answer without objects where other annotators have some",
  .version = 1,
  .scope = ASSAY_SCOPE_LABEL,
  .look = look_at,
};
