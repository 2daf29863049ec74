/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/truth-view.h"

#include "app/gui/mask-hatch.h"
#include "core/mask-trace.h"
#include "core/polygon.h"
#include "core/region.h"
#include "qa/compare.h"

#include <math.h>

#define TRUTH_COLOUR 0xffffff
#define DIFFERENCE_COLOUR 0xd55e00

/* Outlines */

static void
add_outline (const AssayMask *mask, AssayMarks *marks)
{
  g_autoptr (GPtrArray) rings = assay_mask_trace (mask);
  for (guint i = 0; i < rings->len; i++)
    {
      const AssayRing *ring = rings->pdata[i];
      assay_marks_add_points (marks, ASSAY_MARK_RING, ASSAY_MARK_DASHED, TRUTH_COLOUR, ring->points, ring->n_points,
                              NULL);
    }
}

static gboolean
is_masks (const AssayTask *task)
{
  return g_str_equal (task->kind->id, "segmentation");
}

static void
add_truth (const AssayObjects *truth, const AssayTask *task, AssayMarks *marks)
{
  guint first = marks->marks->len;
  for (guint i = 0; i < truth->list->len; i++)
    if (is_masks (task))
      add_outline (((const AssayRegion *) ((const AssayObject *) truth->list->pdata[i])->value)->mask, marks);
    else if (task->kind->list_marks != NULL)
      task->kind->list_marks (truth->list->pdata[i], task, marks);
  for (guint i = first; i < marks->marks->len; i++)
    {
      AssayMark *mark = &g_array_index (marks->marks, AssayMark, i);
      mark->colour = TRUTH_COLOUR;
      mark->flags = ASSAY_MARK_DASHED;
    }
}

/* Where one of the two has nothing it is all different. */
static void
hatch_pairing (const AssayPairing *pairing, AssayMarks *marks)
{
  const AssayRegion *a = pairing->a != NULL ? pairing->a->value : NULL;
  const AssayRegion *b = pairing->b != NULL ? pairing->b->value : NULL;
  if (a == NULL || b == NULL)
    {
      assay_mask_hatch (a != NULL ? a->mask : b->mask, DIFFERENCE_COLOUR, 0, marks);
      return;
    }
  g_autoptr (AssayMask) difference = assay_mask_combine (a->mask, b->mask, ASSAY_MASK_XOR);
  assay_mask_hatch (difference, DIFFERENCE_COLOUR, 0, marks);
}

/* Words */

static double
headline (const AssayComparison *comparison)
{
  double sum = 0;
  guint n = 0;
  if (comparison->whole)
    return comparison->values[0];
  for (guint i = 0; i < comparison->pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      if (pairing->a == NULL || pairing->b == NULL || isnan (pairing->values[0]))
        continue;
      sum += pairing->values[0];
      n++;
    }
  return n > 0 ? sum / n : NAN;
}

static char *
describe (const AssayComparison *comparison, const AssayTask *task)
{
  g_autoptr (GString) words = g_string_new (NULL);
  double value = headline (comparison);
  if (!isnan (value))
    g_string_append_printf (words, "%s %.2f%s%s", task->kind->measures[0].title, value,
                            *task->kind->measures[0].unit != '\0' ? " " : "", task->kind->measures[0].unit);
  else
    g_string_append (words, comparison->only_a + comparison->only_b == 0 ? "Both are empty" : "Nothing in common");
  if (comparison->only_b > 0)
    g_string_append_printf (words, " · %u missing", comparison->only_b);
  if (comparison->only_a > 0)
    g_string_append_printf (words, " · %u too many", comparison->only_a);
  if (comparison->matched > comparison->same_class)
    g_string_append_printf (words, " · %u of another class", comparison->matched - comparison->same_class);
  return g_string_free (g_steal_pointer (&words), FALSE);
}

AssayTruthView *
assay_truth_view_new (const AssayObjects *own, const AssayObjects *truth, const AssayTask *task)
{
  AssayTruthView *view = g_new0 (AssayTruthView, 1);
  view->truth = assay_objects_copy (truth);
  view->marks = assay_marks_new ();
  g_autoptr (AssayComparison) comparison = assay_compare (own, view->truth, task);
  for (guint i = 0; is_masks (task) && i < comparison->pairings->len; i++)
    hatch_pairing (&g_array_index (comparison->pairings, AssayPairing, i), view->marks);
  add_truth (view->truth, task, view->marks);
  view->words = describe (comparison, task);
  return view;
}

void
assay_truth_view_free (AssayTruthView *view)
{
  if (view == NULL)
    return;
  assay_marks_free (view->marks);
  assay_objects_free (view->truth);
  g_free (view->words);
  g_free (view);
}

void
assay_truth_view_add_marks (const AssayTruthView *view, AssayMarks *marks)
{
  g_array_append_vals (marks->marks, view->marks->marks->data, view->marks->marks->len);
}
