/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every golden case whose metric we have, through the door that `assay measure --cases` uses. */
#include "qa/metric.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* Fields that tell why, or are of another library, and so are not answered. */
static const char *const not_asked[] = { "reason", "quaternion", NULL };

static gboolean
close_enough (double got, double want, double tolerance)
{
  return fabs (got - want) <= tolerance * fmax (1, fabs (want));
}

/* Appends the place of the first difference to `path`; TRUE when there is none. */
static gboolean
agrees (const json_t *got, const json_t *want, double tolerance, GString *path)
{
  if (json_is_object (want))
    {
      const char *key;
      json_t *value;
      json_object_foreach ((json_t *) want, key, value)
      {
        gsize length = path->len;
        g_string_append_printf (path, ".%s", key);
        if (!g_strv_contains (not_asked, key) && !agrees (json_object_get (got, key), value, tolerance, path))
          return FALSE;
        g_string_truncate (path, length);
      }
      return json_is_object (got);
    }
  if (json_is_array (want))
    {
      for (gsize i = 0; i < json_array_size (want); i++)
        {
          gsize length = path->len;
          g_string_append_printf (path, "[%zu]", i);
          if (!agrees (json_array_get (got, i), json_array_get (want, i), tolerance, path))
            return FALSE;
          g_string_truncate (path, length);
        }
      return json_is_array (got) && json_array_size (got) == json_array_size (want);
    }
  if (json_is_number (want))
    return json_is_number (got) && close_enough (json_number_value (got), json_number_value (want), tolerance);
  return got != NULL && json_equal (got, want);
}

static gboolean
is_among (const json_t *counts, const json_t *triples)
{
  for (gsize i = 0; i < json_array_size (triples); i++)
    {
      const json_t *sdi = json_array_get (triples, i);
      if (json_equal (json_object_get (counts, "sub"), json_array_get (sdi, 0))
          && json_equal (json_object_get (counts, "del"), json_array_get (sdi, 1))
          && json_equal (json_object_get (counts, "ins"), json_array_get (sdi, 2)))
        return TRUE;
    }
  return FALSE;
}

/* "Accept more than one answer" of the golden README: any S/D/I of a best alignment, and what follows from it. */
static gboolean
is_optimal (const json_t *got, const json_t *want)
{
  const json_t *list = json_object_get (json_object_get (want, "word"), "optimal_sdi");
  if (json_array_size (list) == 1)
    return is_among (json_object_get (got, "word"), json_array_get (list, 0))
           && json_equal (json_object_get (json_object_get (got, "word"), "distance"),
                          json_object_get (json_object_get (want, "word"), "distance"));
  return is_among (got, json_object_get (want, "optimal_sdi_433"))
         && json_equal (json_object_get (got, "cost433"), json_object_get (want, "cost433"));
}

static gboolean
may_differ (const json_t *want)
{
  /* mask_rle_reject: with "error": null both answers are fine. */
  return json_is_null (json_object_get (want, "error"));
}

static void
check_file (const char *name, guint least_cases)
{
  g_autofree char *path = g_strdup_printf ("%s/golden/%s.json", g_getenv ("ASSAY_TEST_DATA"), name);
  g_autoptr (GError) error = NULL;
  g_autoptr (json_t) document = assay_json_load (path, &error);
  if (error != NULL)
    fail_msg ("%s", error->message);
  g_autoptr (json_t) answer = assay_metric_run_cases (document, &error);
  if (error != NULL)
    fail_msg ("%s", error->message);
  const json_t *cases = json_object_get (document, "cases"), *answers = json_object_get (answer, "cases");
  assert_int_equal (json_array_size (cases), json_array_size (answers));
  assert_true (json_array_size (cases) >= least_cases);
  guint wrong = 0;
  for (gsize i = 0; i < json_array_size (cases); i++)
    {
      const json_t *one = json_array_get (cases, i), *ours = json_array_get (answers, i);
      const json_t *want = json_object_get (one, "out"), *got = json_object_get (ours, "out");
      /* A tolerance of 0 still leaves the last bits of sums, which another order of adding changes. */
      double tolerance = fmax (json_number_value (json_object_get (one, "tol")), 1e-12);
      const char *id = assay_json_get_string (one, "id");
      assert_string_equal (id, assay_json_get_string (ours, "id"));
      g_autoptr (GString) place = g_string_new (NULL);
      if (may_differ (want) || agrees (got, want, tolerance, place) || is_optimal (got, want))
        continue;
      g_autofree char *text = assay_json_canonical (got);
      print_error ("%s %s: differs at out%s: %s (%s)\n", name, id, place->str, text,
                   assay_json_get_string (ours, "error"));
      wrong++;
    }
  assert_int_equal (wrong, 0);
}

#define GOLDEN(name, n)                                                                                            \
  static void name##_is_as_the_reference_says (void **state)                                                       \
  {                                                                                                                \
    check_file (#name, n);                                                                                         \
  }
GOLDEN (cohen_kappa, 18)
GOLDEN (fleiss_kappa, 7)
GOLDEN (krippendorff_alpha, 15)
GOLDEN (mask_rle, 15)
GOLDEN (mask_rle_reject, 14)
GOLDEN (mask_pair, 16)
GOLDEN (mask_poly, 10)
GOLDEN (bbox_iou, 3)
GOLDEN (oks, 8)
GOLDEN (pose6d, 10)
GOLDEN (transcript, 21)
GOLDEN (assignment, 4)
GOLDEN (image_hash, 4)
GOLDEN (dawid_skene, 3)
GOLDEN (staple, 4)
GOLDEN (transcript_sclite, 9)
GOLDEN (rover, 5)
GOLDEN (label_issues, 5)
GOLDEN (drift, 14)
GOLDEN (intervals, 3)
GOLDEN (pose6d_vsd, 6)
GOLDEN (agreement_other, 6)

static void
metric_that_is_not_known_says_so (void **state)
{
  g_autoptr (json_t) document
      = json_pack ("{s:s, s:[{s:s, s:{}}]}", "metric", "of_next_year", "cases", "id", "a", "in");
  g_autoptr (json_t) answer = assay_metric_run_cases (document, NULL);
  assert_non_null (assay_json_get_string (answer, "error"));
  assert_null (json_object_get (answer, "cases"));
}

static void
refused_case_has_error_and_reason (void **state)
{
  g_autoptr (json_t) document = json_pack ("{s:s, s:[{s:s, s:{s:i, s:i, s:s}}]}", "metric", "mask_rle_reject",
                                           "cases", "id", "short", "in", "h", 3, "w", 4, "rle", "5");
  g_autoptr (json_t) answer = assay_metric_run_cases (document, NULL);
  const json_t *one = json_array_get (json_object_get (answer, "cases"), 0);
  assert_true (json_is_true (json_object_get (json_object_get (one, "out"), "error")));
  assert_non_null (assay_json_get_string (one, "error"));
}

static void
every_metric_can_be_found_and_is_described (void **state)
{
  guint n = 0;
  const AssayMetric *const *list = assay_metric_list (&n);
  assert_true (n >= 12);
  for (guint i = 0; i < n; i++)
    {
      assert_ptr_equal (assay_metric_find (list[i]->id), list[i]);
      assert_non_null (list[i]->title);
      assert_non_null (list[i]->help);
      assert_true (list[i]->measure != NULL || list[i]->run_case != NULL);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (cohen_kappa_is_as_the_reference_says),
    cmocka_unit_test (fleiss_kappa_is_as_the_reference_says),
    cmocka_unit_test (krippendorff_alpha_is_as_the_reference_says),
    cmocka_unit_test (mask_rle_is_as_the_reference_says),
    cmocka_unit_test (mask_rle_reject_is_as_the_reference_says),
    cmocka_unit_test (mask_pair_is_as_the_reference_says),
    cmocka_unit_test (mask_poly_is_as_the_reference_says),
    cmocka_unit_test (bbox_iou_is_as_the_reference_says),
    cmocka_unit_test (oks_is_as_the_reference_says),
    cmocka_unit_test (pose6d_is_as_the_reference_says),
    cmocka_unit_test (transcript_is_as_the_reference_says),
    cmocka_unit_test (assignment_is_as_the_reference_says),
    cmocka_unit_test (image_hash_is_as_the_reference_says),
    cmocka_unit_test (dawid_skene_is_as_the_reference_says),
    cmocka_unit_test (staple_is_as_the_reference_says),
    cmocka_unit_test (transcript_sclite_is_as_the_reference_says),
    cmocka_unit_test (rover_is_as_the_reference_says),
    cmocka_unit_test (label_issues_is_as_the_reference_says),
    cmocka_unit_test (drift_is_as_the_reference_says),
    cmocka_unit_test (intervals_is_as_the_reference_says),
    cmocka_unit_test (pose6d_vsd_is_as_the_reference_says),
    cmocka_unit_test (agreement_other_is_as_the_reference_says),
    cmocka_unit_test (metric_that_is_not_known_says_so),
    cmocka_unit_test (refused_case_has_error_and_reason),
    cmocka_unit_test (every_metric_can_be_found_and_is_described),
  };
  return cmocka_run_group_tests_name ("golden", tests, NULL, NULL);
}
