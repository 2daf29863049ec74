/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the golden files do not ask of estimated truths: where there is nothing to say, and that order does not
 * count. */
#include "core/error.h"
#include "qa/dawid-skene.h"
#include "qa/drift.h"
#include "qa/label-issues.h"
#include "qa/outliers.h"
#include "qa/rover.h"
#include "qa/staple.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void
task_without_votes_has_no_truth_and_rater_without_votes_no_skill (void **state)
{
  const AssayVote votes[] = { { 0, 0, 1 }, { 0, 2, 1 }, { 2, 0, 0 } };
  g_autoptr (AssayDawidSkene) skene = assay_dawid_skene_new (votes, 3, 3, 3, 2, ASSAY_RATER_CONFUSION, NULL);
  assert_true (assay_dawid_skene_run (skene, 100, 1e-9));
  assert_true (isnan (skene->posterior[2]) && isnan (skene->posterior[3]));
  assert_int_equal (assay_dawid_skene_label (skene, 1), G_MAXUINT);
  assert_int_equal (assay_dawid_skene_label (skene, 0), 1);
  assert_true (isnan (skene->skill[1]));
  assert_true (isnan (assay_dawid_skene_confusion (skene, 1, 0, 0)));
  /* Rater 2 met one truth only; what they would say of the other is unknown, not 0. */
  assert_true (isnan (assay_dawid_skene_confusion (skene, 2, 0, 1)));
  assert_float_equal (assay_dawid_skene_confusion (skene, 2, 1, 1), 1, 1e-9);
  assert_float_equal (skene->prior[0], 0.5, 1e-9);
}

static void
no_votes_at_all_are_undefined_and_wrong_indices_refused (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayDawidSkene) skene = assay_dawid_skene_new (NULL, 0, 2, 2, 2, ASSAY_RATER_ONE_COIN, NULL);
  assay_dawid_skene_step (skene);
  assert_true (isnan (skene->prior[0]) && isnan (skene->posterior[0]) && isnan (skene->skill[0]));
  const AssayVote wrong[] = { { 0, 0, 2 } };
  assert_null (assay_dawid_skene_new (wrong, 1, 1, 1, 2, ASSAY_RATER_CONFUSION, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

static void
truth_does_not_hang_on_the_order_of_votes (void **state)
{
  AssayVote votes[60], turned[60];
  for (guint i = 0; i < 60; i++)
    votes[i] = (AssayVote){ i / 3, i % 3, i % 3 == 2 && i % 5 == 0 ? 0 : i / 3 % 2 };
  for (guint i = 0; i < 60; i++)
    turned[i] = votes[i * 7 % 60];
  g_autoptr (AssayDawidSkene) a = assay_dawid_skene_new (votes, 60, 20, 3, 2, ASSAY_RATER_CONFUSION, NULL);
  g_autoptr (AssayDawidSkene) b = assay_dawid_skene_new (turned, 60, 20, 3, 2, ASSAY_RATER_CONFUSION, NULL);
  assay_dawid_skene_run (a, 50, 1e-9);
  assay_dawid_skene_run (b, 50, 1e-9);
  for (guint t = 0; t < 20; t++)
    {
      assert_int_equal (assay_dawid_skene_label (a, t), t % 2);
      assert_float_equal (a->posterior[2 * t], b->posterior[2 * t], 1e-9);
    }
  assert_float_equal (a->skill[0], 1, 1e-6);
  assert_true (a->skill[2] < 0.95);
}

static void
nothing_marked_or_all_has_no_staple_and_sizes_must_be_equal (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayMask) empty = assay_mask_new_empty (8, 6), other = assay_mask_new_empty (6, 8);
  g_autoptr (AssayMask) full = assay_mask_new_from_box ((AssayRect){ 0, 0, 8, 6 }, 8, 6);
  const AssayMask *const nothing[] = { empty, empty }, *const all[] = { full, full },
                         *const mixed[] = { empty, other };
  const AssayMask *const *const sets[] = { nothing, all };
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AssayStaple) staple = assay_staple_new (sets[i], 2, 3, 0, NULL);
      assert_false (staple->defined);
      assert_true (isnan (staple->sensitivity[0]) && isnan (staple->specificity[1]) && isnan (staple->prior));
      assert_null (assay_staple_consensus (staple));
    }
  assert_null (assay_staple_new (mixed, 2, 3, 0, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

/* Looking at a box is the same as having been given the box. */
static void
staple_with_a_margin_is_staple_of_the_crop (void **state)
{
  g_autoptr (AssayMask) a = assay_mask_new_from_box ((AssayRect){ 40, 30, 10, 8 }, 200, 100),
                        b = assay_mask_new_from_box ((AssayRect){ 43, 30, 10, 8 }, 200, 100),
                        c = assay_mask_new_from_box ((AssayRect){ 41, 31, 8, 9 }, 200, 100);
  g_autoptr (AssayMask) small_a = assay_mask_new_from_box ((AssayRect){ 2, 2, 10, 8 }, 17, 14),
                        small_b = assay_mask_new_from_box ((AssayRect){ 5, 2, 10, 8 }, 17, 14),
                        small_c = assay_mask_new_from_box ((AssayRect){ 3, 3, 8, 9 }, 17, 14);
  const AssayMask *const large[] = { a, b, c }, *const small[] = { small_a, small_b, small_c };
  g_autoptr (AssayStaple) seen = assay_staple_new (large, 3, 2, 0, NULL);
  g_autoptr (AssayStaple) cropped = assay_staple_new (small, 3, ASSAY_STAPLE_WHOLE_PICTURE, 0, NULL);
  g_autoptr (AssayStaple) drowned = assay_staple_new (large, 3, ASSAY_STAPLE_WHOLE_PICTURE, 0, NULL);
  g_autoptr (AssayMask) of_seen = assay_staple_consensus (seen), of_cropped = assay_staple_consensus (cropped);
  for (guint i = 0; i < 3; i++)
    {
      assert_float_equal (seen->sensitivity[i], cropped->sensitivity[i], 1e-9);
      assert_float_equal (seen->specificity[i], cropped->specificity[i], 1e-9);
    }
  assert_int_equal (assay_mask_area_px (of_seen), assay_mask_area_px (of_cropped));
  assert_true (drowned->specificity[1] > seen->specificity[1]);
}

static void
nothing_to_compare_is_undefined_drift (void **state)
{
  const double none[] = { 0, 0 }, some[] = { 3, 0 }, same[] = { 4, 4, 4 };
  AssayBinDrift bins;
  AssaySampleDrift samples;
  AssaySpread spread;
  double biased, unbiased;
  assert_false (assay_drift_bins (some, none, 2, NAN, &bins));
  assert_true (isnan (bins.psi) && isnan (bins.js_distance) && isnan (bins.chi_square_p));
  /* One bin is used: nothing can differ, and no table can tell. */
  assert_true (assay_drift_bins (some, some, 2, NAN, &bins));
  assert_float_equal (bins.psi, 0, 0);
  assert_true (isnan (bins.chi_square) && isnan (bins.chi_square_p) && isnan (bins.cramers_v));
  assert_false (assay_drift_samples (some, 0, same, 3, &samples));
  assert_true (isnan (samples.ks) && isnan (samples.wasserstein));
  assert_true (assay_drift_samples (same, 3, same, 2, &samples));
  assert_float_equal (samples.ks_p_exact, 1, 0);
  assert_true (isnan (samples.mann_whitney_p));
  assert_true (assay_drift_mmd (some, 1, same, 2, 1, 1, &biased, &unbiased));
  assert_true (biased > 0 && isnan (unbiased));
  assert_false (assay_spread_measure (some, 0, &spread));
  assert_true (isnan (spread.median) && isnan (spread.fence_high));
  assert_true (assay_spread_measure (some, 2, &spread));
  assert_true (isnan (spread.log_median)); /* of 0 there is no logarithm */
}

static void
texts_without_words_give_an_empty_text_and_no_agreement (void **state)
{
  g_autoptr (GError) error = NULL;
  const char *const blank[] = { "", " \t" }, *const one_speaks[] = { "", "a", "" };
  g_autoptr (AssayRover) nothing = assay_rover_new (blank, 2, NULL),
                         outvoted = assay_rover_new (one_speaks, 3, NULL);
  assert_string_equal (nothing->text, "");
  assert_true (isnan (nothing->agreement));
  assert_string_equal (outvoted->text, "");
  assert_float_equal (outvoted->agreement, 2.0 / 3, 1e-12);
  assert_null (assay_rover_new (blank, 0, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

static void
class_nobody_was_given_has_no_threshold_and_no_confident_item (void **state)
{
  g_autoptr (GError) error = NULL;
  const guint labels[] = { 0, 1, 0, 1 };
  const double sure[] = { 0.9, 0.1, 0, 0.2, 0.8, 0, 0.05, 0, 0.95, 0.1, 0.9, 0 };
  g_autoptr (AssayConfidentJoint) joint = assay_confident_joint_new (labels, sure, 4, 3, NULL);
  assert_true (isnan (joint->thresholds[2]));
  assert_int_equal (joint->guess[2], G_MAXUINT);
  assert_null (assay_confident_joint_new (labels, sure, 4, 1, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (task_without_votes_has_no_truth_and_rater_without_votes_no_skill),
    cmocka_unit_test (no_votes_at_all_are_undefined_and_wrong_indices_refused),
    cmocka_unit_test (truth_does_not_hang_on_the_order_of_votes),
    cmocka_unit_test (nothing_marked_or_all_has_no_staple_and_sizes_must_be_equal),
    cmocka_unit_test (staple_with_a_margin_is_staple_of_the_crop),
    cmocka_unit_test (nothing_to_compare_is_undefined_drift),
    cmocka_unit_test (texts_without_words_give_an_empty_text_and_no_agreement),
    cmocka_unit_test (class_nobody_was_given_has_no_threshold_and_no_confident_item),
  };
  return cmocka_run_group_tests_name ("truth", tests, NULL, NULL);
}
