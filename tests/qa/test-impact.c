/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/impact.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static AssayFinding *
add (GPtrArray *list, const char *check, AssaySeverity severity, double score, gint64 item_row, const char *whom)
{
  AssayFinding *finding = assay_finding_new (check, severity, score, check);
  finding->item_row = item_row;
  finding->task_row = 1;
  g_ptr_array_add (finding->annotators, g_strdup (whom));
  g_ptr_array_add (list, finding);
  return finding;
}

static void
a_trouble_on_many_items_comes_before_a_worse_one_on_a_single_item (void **state)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_finding_free);
  AssayFinding *single = add (list, "single", ASSAY_SEVERITY_WARNING, 0.6, 1, "ann"), *first = NULL;
  for (gint64 item = 1; item <= 8; item++)
    {
      AssayFinding *one = add (list, "habit", ASSAY_SEVERITY_WARNING, 0.3, item, "bob");
      first = first != NULL ? first : one;
    }
  /* Twice on one item is one item; another's is another trouble. */
  AssayFinding *twice = add (list, "twice", ASSAY_SEVERITY_WARNING, 0.3, 1, "cleo");
  add (list, "twice", ASSAY_SEVERITY_WARNING, 0.3, 1, "cleo");
  add (list, "twice", ASSAY_SEVERITY_WARNING, 0.3, 2, "dora");
  AssayFinding *error = add (list, "error", ASSAY_SEVERITY_ERROR, 0.9, 3, "ann");
  assay_impact_sort (list);
  assert_ptr_equal (list->pdata[0], error);
  assert_ptr_equal (list->pdata[1], first); /* 4 * 0.3 * (1 + 3) over 4 * 0.6 */
  assert_ptr_equal (list->pdata[9], single);
  assert_ptr_equal (list->pdata[10], twice);
  assert_int_equal (list->len, 13);
}

static void
the_figure_is_that_of_its_definition (void **state)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_finding_free);
  const AssayFinding *finding = add (list, "x", ASSAY_SEVERITY_ERROR, 0.5, 1, "ann");
  assert_float_equal (assay_impact (finding, 1), 8, 1e-12);
  assert_float_equal (assay_impact (finding, 4), 24, 1e-12);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_trouble_on_many_items_comes_before_a_worse_one_on_a_single_item),
    cmocka_unit_test (the_figure_is_that_of_its_definition),
  };
  return cmocka_run_group_tests_name ("impact", tests, NULL, NULL);
}
