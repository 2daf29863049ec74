/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One's own masks against the truth: what is hatched is the difference and nothing else. */
#include "app/gui/truth-view.h"
#include "core/region.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
add (AssayObjects *objects, const AssayTask *task, AssayRect box)
{
  AssayMask *mask = assay_mask_new_from_box (box, 200, 100);
  assay_objects_take (objects, assay_object_new (&((AssayClass *) task->classes->pdata[0])->id,
                                                 assay_region_new_from_mask (mask)));
}

static AssayTask *
new_task (void)
{
  AssayTask *task = assay_task_new ("work", assay_kind_find ("segmentation"));
  assay_task_add_class (task, "cup");
  return task;
}

static void
only_the_difference_is_hatched_and_the_likeness_told (void **state)
{
  g_autoptr (AssayTask) task = new_task ();
  g_autoptr (AssayObjects) own = assay_objects_new (task->kind), truth = assay_objects_new (task->kind);
  guint n_strokes = 0, n_rings = 0;
  add (own, task, (AssayRect){ 10, 10, 50, 50 });
  add (truth, task, (AssayRect){ 10, 10, 50, 40 });
  add (truth, task, (AssayRect){ 120, 20, 30, 30 });
  g_autoptr (AssayTruthView) view = assay_truth_view_new (own, truth, task);
  assert_string_equal (view->words, "IoU 0.80 · 1 missing");
  for (guint i = 0; i < view->marks->marks->len; i++)
    {
      const AssayMark *mark = &g_array_index (view->marks->marks, AssayMark, i);
      n_rings += mark->kind == ASSAY_MARK_RING;
      if (mark->kind != ASSAY_MARK_LINE)
        continue;
      n_strokes++;
      for (guint k = 0; k < mark->n_points; k++)
        {
          AssayPoint p = mark->points[k];
          gboolean below = p.x >= 10 && p.x <= 60 && p.y >= 50 && p.y <= 60;
          gboolean missing = p.x >= 120 && p.x <= 150 && p.y >= 20 && p.y <= 50;
          assert_true (below || missing);
        }
    }
  assert_int_equal (n_rings, 2);
  assert_in_range (n_strokes, 12, 40);
}

static void
equal_answers_are_not_hatched (void **state)
{
  g_autoptr (AssayTask) task = new_task ();
  g_autoptr (AssayObjects) own = assay_objects_new (task->kind), nothing = assay_objects_new (task->kind);
  add (own, task, (AssayRect){ 10, 10, 50, 50 });
  g_autoptr (AssayTruthView) same = assay_truth_view_new (own, own, task);
  assert_string_equal (same->words, "IoU 1.00");
  for (guint i = 0; i < same->marks->marks->len; i++)
    assert_int_not_equal (g_array_index (same->marks->marks, AssayMark, i).kind, ASSAY_MARK_LINE);
  g_autoptr (AssayTruthView) empty = assay_truth_view_new (nothing, nothing, task);
  assert_string_equal (empty->words, "Both are empty");
  g_autoptr (AssayTruthView) extra = assay_truth_view_new (own, nothing, task);
  assert_string_equal (extra->words, "Nothing in common · 1 too many");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (only_the_difference_is_hatched_and_the_likeness_told),
    cmocka_unit_test (equal_answers_are_not_hatched),
  };
  return cmocka_run_group_tests_name ("truth-view", tests, NULL, NULL);
}
