/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two annotators gave different answers: the only ground on which trust in labels can stand. */
#include "qa/check.h"
#include "qa/difference.h"

#include <math.h>

extern const AssayCheck assay_check_disagreement;

/* 0 at the tolerance, 1 when nothing is in common. Under half of what is tolerated it is an error. */
static void
flag (const AssayLook *look, guint a, guint b, double likeness, const char *place, json_t *take_where,
      char *take_why, GPtrArray *findings)
{
  const AssayLabel *labels[] = { g_ptr_array_index (look->labels, a), g_ptr_array_index (look->labels, b) };
  double tolerance = look->task->tolerance;
  AssaySeverity severity = likeness < tolerance / 2 ? ASSAY_SEVERITY_ERROR : ASSAY_SEVERITY_WARNING;
  g_ptr_array_add (findings, assay_look_flag (look, &assay_check_disagreement, severity, 1 - likeness / tolerance,
                                              labels, 2, place, take_where, take_why));
}

static void
compare_pair (const AssayLook *look, guint a, guint b, GPtrArray *findings)
{
  const AssayTask *task = look->task;
  const AssayLabel *one = g_ptr_array_index (look->labels, a), *other = g_ptr_array_index (look->labels, b);
  const char *name_a = ((const AssayAnnotator *) g_ptr_array_index (look->annotators, a))->name;
  const char *name_b = ((const AssayAnnotator *) g_ptr_array_index (look->annotators, b))->name;
  g_autoptr (AssayComparison) comparison = assay_compare (one->objects, other->objects, task);
  if (comparison->whole)
    {
      double likeness = assay_comparison_likeness (comparison, task->kind);
      const AssayAnnotator *of_a = g_ptr_array_index (look->annotators, a),
                           *of_b = g_ptr_array_index (look->annotators, b);
      g_autofree char *id_a = assay_id_dup_text (&of_a->id), *id_b = assay_id_dup_text (&of_b->id);
      g_autofree char *place = g_strdup_printf ("whole %s %s", id_a, id_b);
      if (likeness < task->tolerance)
        flag (look, a, b, likeness, place, assay_difference_whole_where (comparison, task),
              assay_difference_whole_why (one->objects, other->objects, comparison, task, name_a, name_b),
              findings);
      return;
    }
  for (guint i = 0; i < comparison->matched; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      if (!(pairing->similarity < task->tolerance))
        continue;
      g_autofree char *id_a = assay_id_dup_text (&pairing->a->id), *id_b = assay_id_dup_text (&pairing->b->id);
      g_autofree char *place = g_strdup_printf ("objects %s %s", id_a, id_b);
      flag (look, a, b, pairing->similarity, place, assay_difference_where (pairing, task),
            assay_difference_why (pairing, task, name_a, name_b), findings);
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint a = 0; a < look->labels->len; a++)
    for (guint b = a + 1; b < look->labels->len; b++)
      compare_pair (look, a, b, findings);
}

const AssayCheck assay_check_disagreement = {
  .id = "disagreement",
  .title = "Annotators differ",
  .help = "two annotators' masks, points, poses, boxes or words differ by more than the task tolerates: one of "
          "them is wrong, or the guideline is unclear",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .look = look_at,
};
