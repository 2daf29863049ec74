/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/keypoints.h"
#include "core/kind.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#define N 4

static AssayTask *
skeleton (void)
{
  AssayTask *task = assay_task_new ("body", assay_kind_find ("keypoints"));
  for (guint i = 0; i < N; i++)
    {
      g_autofree char *name = g_strdup_printf ("n%u", i);
      assay_task_add_node (task, name);
    }
  return task;
}

static AssayKeypoints *
square (const AssayTask *task, double dx)
{
  AssayKeypoints *keypoints = assay_keypoints_new (N);
  for (guint i = 0; i < N; i++)
    keypoints->points[i] = (AssayKeypoint){ g_array_index (task->nodes, AssayNode, i).id,
                                            ASSAY_NODE_VISIBLE,
                                            { dx + 100 * (i % 2), 100 * (i / 2) } };
  return keypoints;
}

static const double sigmas[N] = { 0.05, 0.05, 0.05, 0.05 };

static void
without_an_area_the_box_of_the_points_counts (void **state)
{
  g_autoptr (AssayTask) task = skeleton ();
  g_autoptr (AssayKeypoints) a = square (task, 0);
  g_autoptr (AssayKeypoints) b = square (task, 3);
  assert_float_equal (assay_keypoints_oks (a, b, sigmas), exp (-9 / (8 * 0.0025 * 10000)), 1e-12);
  a->area_px = 900;
  assert_float_equal (assay_keypoints_oks (a, b, sigmas), exp (-9 / (8 * 0.0025 * 900)), 1e-12);
}

/* Only the first node and `other` are left: an edge of the square. */
static void
keep_two (AssayKeypoints *keypoints, guint other)
{
  for (guint i = 1; i < N; i++)
    if (i != other)
      keypoints->points[i] = (AssayKeypoint){ keypoints->points[i].node, ASSAY_NODE_UNLABELLED, { 0, 0 } };
}

static void
a_point_or_a_line_still_has_a_scale (void **state)
{
  g_autoptr (AssayTask) task = skeleton ();
  g_autoptr (AssayKeypoints) moved = square (task, 3);
  for (guint other = 1; other <= 2; other++) /* the upper edge, the left one: 100 x 0, counted as 100 x 25 */
    {
      g_autoptr (AssayKeypoints) line = square (task, 0);
      keep_two (line, other);
      assert_float_equal (assay_keypoints_oks (line, moved, sigmas), exp (-9 / (8 * 0.0025 * 2500)), 1e-12);
    }
  g_autoptr (AssayKeypoints) point = square (task, 0);
  keep_two (point, 0);
  assert_float_equal (assay_keypoints_oks (point, moved, sigmas), exp (-9 / (8 * 0.0025 * 1024)), 1e-12);
}

static void
a_node_that_only_one_side_places_counts_nothing (void **state)
{
  g_autoptr (AssayTask) task = skeleton ();
  g_autoptr (AssayKeypoints) a = square (task, 0);
  g_autoptr (AssayKeypoints) b = square (task, 0);
  b->points[2] = (AssayKeypoint){ b->points[2].node, ASSAY_NODE_OUTSIDE, { 0, 0 } };
  b->points[3].state = ASSAY_NODE_OCCLUDED; /* placed by guess: counts as placed */
  assert_float_equal (assay_keypoints_oks (a, b, sigmas), 0.75, 1e-12);
  assert_float_equal (assay_keypoints_oks (b, a, sigmas), 1, 1e-12);
  double values[ASSAY_KIND_MAX_MEASURES], back[ASSAY_KIND_MAX_MEASURES];
  task->kind->measure (a, b, task, values);
  task->kind->measure (b, a, task, back);
  assert_float_equal (values[0], 0.875, 1e-12);
  assert_true (values[0] == back[0]);
  assert_float_equal (values[1], 0, 1e-12);
  assert_float_equal (values[2], 0.5, 1e-12);
}

static void
nothing_placed_is_undefined_or_agrees_with_nothing (void **state)
{
  g_autoptr (AssayTask) task = skeleton ();
  g_autoptr (AssayKeypoints) none = assay_keypoints_new (N);
  for (guint i = 0; i < N; i++)
    none->points[i].node = g_array_index (task->nodes, AssayNode, i).id;
  g_autoptr (AssayKeypoints) all = square (task, 0);
  assert_true (isnan (assay_keypoints_oks (none, all, sigmas)));
  assert_true (isnan (task->kind->similarity (none, none, task)));
  assert_true (task->kind->similarity (none, all, task) == 0);
  AssayRect box;
  assert_false (assay_keypoints_bounds (none, &box));
}

static void
nodes_are_told_by_identity_and_not_by_place (void **state)
{
  g_autoptr (AssayTask) task = skeleton ();
  g_autoptr (AssayKeypoints) a = square (task, 0);
  g_autoptr (AssayKeypoints) b = square (task, 0);
  AssayKeypoint first = b->points[0];
  b->points[0] = b->points[3];
  b->points[3] = first;
  assert_float_equal (task->kind->similarity (a, b, task), 1, 1e-12);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (without_an_area_the_box_of_the_points_counts),
    cmocka_unit_test (a_point_or_a_line_still_has_a_scale),
    cmocka_unit_test (a_node_that_only_one_side_places_counts_nothing),
    cmocka_unit_test (nothing_placed_is_undefined_or_agrees_with_nothing),
    cmocka_unit_test (nodes_are_told_by_identity_and_not_by_place),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
