/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/kind.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Every way to pair the rows from `row` on with columns that are free; staying apart is allowed. */
static double
best_total (const double *scores, guint rows, guint columns, double least, guint row, guint used)
{
  if (row == rows)
    return 0;
  double best = best_total (scores, rows, columns, least, row + 1, used);
  for (guint j = 0; j < columns; j++)
    if ((used & (1u << j)) == 0 && scores[row * columns + j] >= least)
      best = fmax (best, scores[row * columns + j]
                             + best_total (scores, rows, columns, least, row + 1, used | (1u << j)));
  return best;
}

static double
check_valid (const double *scores, guint rows, guint columns, double least, const guint *column)
{
  double total = 0;
  guint used = 0;
  for (guint i = 0; i < rows; i++)
    {
      if (column[i] == G_MAXUINT)
        continue;
      assert_true (column[i] < columns && (used & (1u << column[i])) == 0);
      used |= 1u << column[i];
      assert_true (scores[i * columns + column[i]] >= least);
      total += scores[i * columns + column[i]];
    }
  return total;
}

static void
the_total_is_the_best_of_all_ways (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  for (guint round = 0; round < 3000; round++)
    {
      guint rows = (guint) g_rand_int_range (random, 0, 7), columns = (guint) g_rand_int_range (random, 0, 7);
      double scores[49], least = round % 3 == 0 ? 0.01 : 0.5;
      guint column[7];
      for (guint i = 0; i < rows * columns; i++)
        { /* with many ties, many zeros and some undefined */
          double draw = g_rand_double (random);
          scores[i] = draw < 0.2   ? 0
                      : draw < 0.3 ? NAN
                      : draw < 0.6 ? floor (draw * 10) / 10
                                   : g_rand_double (random);
        }
      assay_assign (scores, rows, columns, least, column);
      double total = check_valid (scores, rows, columns, least, column);
      assert_float_equal (total, best_total (scores, rows, columns, least, 0, 0), 1e-9);
    }
}

static void
a_crowded_picture_is_matched_at_once (void **state)
{
  guint n = 1000;
  g_autofree double *scores = g_new0 (double, n *n);
  g_autofree guint *column = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    for (guint d = 0; d < 3; d++)
      scores[i * n + (i * 7 + d) % n] = 0.6 + 0.1 * d;
  gint64 start = g_get_monotonic_time ();
  assay_assign (scores, n, n, 0.5, column);
  print_message ("# 1000 x 1000: %.3f s\n", (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC);
  for (guint i = 0; i < n; i++)
    assert_int_equal (column[i], (i * 7 + 2) % n);
}

/* --- objects --- */

static void
take_box (AssayObjects *objects, const AssayTask *task, const char *class, double x)
{
  AssayBox *box = g_new (AssayBox, 1);
  box->box = (AssayRect){ x, 0, 10, 10 };
  assay_objects_take (objects, assay_object_new (&assay_task_find_class_named (task, class)->id, box));
}

static AssayTask *
a_task (void)
{
  AssayTask *task = assay_task_new ("t", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  assay_task_add_class (task, "bowl");
  return task;
}

static void
the_same_class_comes_first (void **state)
{
  g_autoptr (AssayTask) task = a_task ();
  g_autoptr (AssayObjects) a = assay_objects_new (task->kind);
  g_autoptr (AssayObjects) b = assay_objects_new (task->kind);
  take_box (a, task, "cup", 0);
  take_box (b, task, "bowl", 0); /* lies better, but is another class */
  take_box (b, task, "cup", 3);
  g_autoptr (GArray) matches = assay_objects_match (a, b, task, 0.3);
  assert_int_equal (matches->len, 2);
  AssayMatch first = g_array_index (matches, AssayMatch, 0), second = g_array_index (matches, AssayMatch, 1);
  assert_int_equal (first.b, 1);
  assert_float_equal (first.similarity, 70.0 / 130, 1e-12);
  assert_int_equal (second.a, G_MAXUINT);
  assert_int_equal (second.b, 0);
  assert_true (isnan (second.similarity));
}

static void
a_confused_class_is_a_pair_and_not_two_errors (void **state)
{
  g_autoptr (AssayTask) task = a_task ();
  g_autoptr (AssayObjects) a = assay_objects_new (task->kind);
  g_autoptr (AssayObjects) b = assay_objects_new (task->kind);
  take_box (a, task, "cup", 0);
  take_box (a, task, "cup", 50);
  take_box (b, task, "bowl", 51);
  take_box (b, task, "cup", 1);
  g_autoptr (GArray) matches = assay_objects_match (a, b, task, 0.3);
  assert_int_equal (matches->len, 2);
  assert_int_equal (g_array_index (matches, AssayMatch, 0).b, 1);
  assert_int_equal (g_array_index (matches, AssayMatch, 1).b, 0);
}

static void
what_shares_nothing_is_no_pair (void **state)
{
  g_autoptr (AssayTask) task = a_task ();
  g_autoptr (AssayObjects) a = assay_objects_new (task->kind);
  g_autoptr (AssayObjects) b = assay_objects_new (task->kind);
  take_box (a, task, "cup", 0);
  take_box (b, task, "cup", 10);
  g_autoptr (GArray) matches = assay_objects_match (a, b, task, 0);
  assert_int_equal (matches->len, 2);
  assert_int_equal (g_array_index (matches, AssayMatch, 0).b, G_MAXUINT);
  g_autoptr (AssayObjects) none = assay_objects_new (task->kind);
  g_autoptr (GArray) nothing = assay_objects_match (none, none, task, 0);
  assert_int_equal (nothing->len, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (the_total_is_the_best_of_all_ways),
    cmocka_unit_test (a_crowded_picture_is_matched_at_once),
    cmocka_unit_test (the_same_class_comes_first),
    cmocka_unit_test (a_confused_class_is_a_pair_and_not_two_errors),
    cmocka_unit_test (what_shares_nothing_is_no_pair),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
