/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One annotator against all others: they agree with each other, and this answer with none of them. */
#include "qa/check.h"
#include "qa/difference.h"

extern const AssayCheck assay_check_odd_one_out;

#define LEAST 3 /* answers */

/* Likeness of each two whole answers, 1 = alike. */
static double
liken (const AssayLook *look, guint a, guint b)
{
  const AssayLabel *one = look->labels->pdata[a], *other = look->labels->pdata[b];
  g_autoptr (AssayComparison) comparison = assay_compare (one->objects, other->objects, look->task);
  if (comparison->whole)
    return assay_comparison_likeness (comparison, look->task->kind);
  guint n = comparison->pairings->len;
  double sum = 0;
  for (guint i = 0; i < comparison->matched; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      sum += assay_id_equal (&pairing->a->class_id, &pairing->b->class_id) ? pairing->similarity : 0;
    }
  return n > 0 ? sum / n : 1; /* both say that nothing is there */
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  guint n = look->labels->len;
  if (n < LEAST || n > 32)
    return;
  g_autofree double *likeness = g_new0 (double, n *n);
  for (guint a = 0; a < n; a++)
    for (guint b = a + 1; b < n; b++)
      likeness[a * n + b] = likeness[b * n + a] = liken (look, a, b);
  for (guint i = 0; i < n; i++)
    {
      double own = 0, others = 1;
      for (guint a = 0; a < n; a++)
        for (guint b = a + 1; b < n; b++)
          if (a == i || b == i)
            own = MAX (own, likeness[a * n + b]); /* the best that anybody agrees with it */
          else
            others = MIN (others, likeness[a * n + b]); /* the worst among the others */
      if (!(others >= look->task->tolerance) || !(own < look->task->tolerance) || !(others - own > 0.1))
        continue;
      const AssayLabel *label = look->labels->pdata[i];
      const AssayAnnotator *annotator = look->annotators->pdata[i];
      g_autofree char *place = g_strdup_printf ("odd %s", annotator->name);
      char *why = g_strdup_printf (
          "%s stands alone: the other %u agree with each other (%.2f at least), and with this answer %.2f "
          "at most",
          annotator->name, n - 1, others, own);
      g_ptr_array_add (findings, assay_look_flag (look, &assay_check_odd_one_out, ASSAY_SEVERITY_ERROR, 1 - own,
                                                  &label, 1, place, NULL, why));
    }
}

const AssayCheck assay_check_odd_one_out = {
  .id = "odd-one-out",
  .title = "One against all",
  .help = "the other annotators agree with each other and none of them with this answer: it is very likely the one "
          "that is wrong",
  .version = 1,
  .scope = ASSAY_SCOPE_LABEL,
  .look = look_at,
};
