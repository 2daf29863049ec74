/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/again.h"
#include "core/flag.h"
#include "core/truth.h"
#include "qa/class-votes.h"
#include "qa/reliability.h"
#include "qa/share.h"
#include "qa/trend.h"

#include "tests/qa/fixture.h"

#include <math.h>

static const char *const classes[] = { "cup", "hand", NULL };

static void
assert_near (double got, double want, double by)
{
  if (!(fabs (got - want) <= by))
    fail_msg ("%.12g is not %.12g", got, want);
}

static AssayReliability *
compute (Fixture *f, const AssayTask *task)
{
  GError *error = NULL;
  AssayReliability *reliability = assay_reliability_compute (f->project, task, NULL, &error);
  ok (reliability != NULL, error);
  return reliability;
}

static const AssayReliabilityPerson *
person (const AssayReliability *reliability, const char *name)
{
  for (guint i = 0; i < reliability->people->len; i++)
    {
      const AssayReliabilityPerson *one = reliability->people->pdata[i];
      if (g_str_equal (one->annotator->name, name))
        return one;
    }
  fail_msg ("there is nobody called %s", name);
  return NULL;
}

static const AssayAgreementMeasure *
measure (const GArray *measures, const char *name)
{
  const AssayAgreementMeasure *found = assay_reliability_find (measures, name);
  if (found == NULL)
    fail_msg ("there is no %s", name);
  return found;
}

/* Takes the answer of `name` as the truth, in the name of a reviewer. */
static void
settle (Fixture *f, const AssayItem *item, const AssayTask *task, const char *name, AssayTruthHow how,
        const char *by_name)
{
  GError *error = NULL;
  AssayStore *store = f->project->store;
  g_autoptr (AssayAnnotator) who = assay_annotator_find (store, name, &error),
                             by = assay_annotator_ensure (store, by_name, ASSAY_ANNOTATOR_PERSON, &error);
  ok (who != NULL && by != NULL, error);
  g_autoptr (AssayLabel) label = assay_label_get (store, item->row, task, who->row, &error);
  ok (label != NULL, error);
  ok (assay_truth_settle (store, label, how, by, "test", &error), error);
}

/* By the formula, in Python; R's prop.test (8, 10, correct = FALSE) has the same method. */
static void
a_share_has_the_interval_of_wilson (void **state)
{
  double low, high;
  assay_share_interval_of (0.8, 10, &low, &high);
  assert_near (low, 0.4901624715, 1e-9);
  assert_near (high, 0.9433178485, 1e-9);
  assay_share_interval_of (1, 5, &low, &high);
  assert_near (low, 0.5655175360, 1e-9);
  assert_near (high, 1, 1e-12);
  assay_share_interval_of (NAN, 0, &low, &high);
  assert_true (isnan (low) && isnan (high));
}

/* By hand: x 1…5, y 2 4 5 4 5: slope 6 / 10; ranks of y 1, 2.5, 4.5, 2.5, 4.5: r = 7 / sqrt (10 * 9). */
static void
trends_are_what_the_hand_works_out (void **state)
{
  const double x[] = { 1, 2, 3, 4, 5 }, y[] = { 2, 4, 5, 4, 5 };
  AssayTrend slope = assay_trend_slope (x, y, 5), rank = assay_trend_spearman (x, y, 5);
  assert_near (slope.value, 0.6, 1e-12);
  assert_true (slope.low <= 0.6 && 0.6 <= slope.high);
  double r = 7 / sqrt (90.0), half = 1.959963984540054 * sqrt ((1 + r * r / 2) / 2);
  assert_near (rank.value, r, 1e-12);
  assert_near (rank.low, tanh (atanh (r) - half), 1e-12);
  assert_near (rank.high, tanh (atanh (r) + half), 1e-12);
  assert_true (isnan (assay_trend_slope (x, y, 2).value));
  const double flat[] = { 3, 3, 3, 3, 3 };
  assert_true (isnan (assay_trend_slope (flat, y, 5).value) && isnan (assay_trend_spearman (x, flat, 5).value));
  assert_near (assay_trend_halves (x, y, 5).change, 4.5 - 11.0 / 3, 1e-12);
}

/* Three are settled as a third person has them: ann is right in two of three, a cup of hers is half off (IoU 1/3).
 */
static void
nobody_is_held_against_themselves (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  static const char *const of_ann[]
      = { "[{\"class\":\"cup\",\"box\":[10,10,20,10]}]", "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]",
          "[{\"class\":\"hand\",\"box\":[0,0,30,30]}]" };
  static const char *const of_cleo[]
      = { "[{\"class\":\"cup\",\"box\":[20,10,20,10]}]", "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]",
          "[{\"class\":\"hand\",\"box\":[0,0,30,30]}]" };
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%u", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", of_ann[i]);
      answer (f, item, task, "cleo", of_cleo[i]);
      settle (f, item, task, "cleo", ASSAY_TRUTH_ANNOTATOR, i < 2 ? "rita" : "cleo");
    }
  g_autoptr (AssayReliability) reliability = compute (f, task);
  const AssayReliabilityAgainst *ann = person (reliability, "ann")->against[ASSAY_AGAINST_TRUTH];
  assert_int_equal (ann->items, 3);
  const AssayAgreementMeasure *right = measure (ann->measures, "right");
  double low, high;
  assay_share_interval_of (2.0 / 3, 3, &low, &high);
  assert_near (right->value, 2.0 / 3, 1e-12);
  assert_near (right->low, low, 1e-12);
  assert_near (right->high, high, 1e-12);
  assert_int_equal (right->n, 3);
  assert_near (measure (ann->measures, "iou")->value, (1.0 / 3 + 1 + 1) / 3, 1e-12);
  assert_near (measure (ann->measures, "likeness")->value, (1.0 / 3 + 1 + 1) / 3, 1e-12);
  assert_int_equal (ann->classes->len, 2);
  /* What a reviewer took of cleo's speaks for her; what she took herself says nothing. */
  assert_int_equal (person (reliability, "cleo")->against[ASSAY_AGAINST_TRUTH]->items, 2);
  assert_null (person (reliability, "ann")->against[ASSAY_AGAINST_GOLD]);
  assert_null (person (reliability, "ann")->against[ASSAY_AGAINST_CONSENSUS]);
  assert_int_equal (person (reliability, "ann")->against[ASSAY_AGAINST_OTHERS]->items, 3);
}

/* A consensus holds the answers before it; gold judges those after it, and not who gave it. */
static void
gold_is_for_those_who_did_not_give_it (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "known", FALSE, NULL), joint = add_item (f, "joint", FALSE, NULL);
  answer (f, item, task, "cleo", "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]");
  settle (f, item, task, "cleo", ASSAY_TRUTH_ANNOTATOR, "rita");
  ok (assay_flag_set (f->project->store, item->row, ASSAY_FLAG_GOLD, TRUE, NULL, &ASSAY_ID_NIL, NULL, &error),
      error);
  answer (f, item, task, "ann", "[{\"class\":\"hand\",\"box\":[0,0,30,30]}]");
  answer (f, joint, task, "ann", "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]");
  answer (f, joint, task, "the joint one", "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]");
  settle (f, joint, task, "the joint one", ASSAY_TRUTH_CONSENSUS, "rita");
  answer (f, joint, task, "cleo", "[{\"class\":\"cup\",\"box\":[0,0,30,15]}]");
  g_autoptr (AssayReliability) reliability = compute (f, task);
  assert_null (person (reliability, "cleo")->against[ASSAY_AGAINST_GOLD]);
  const AssayReliabilityAgainst *ann = person (reliability, "ann")->against[ASSAY_AGAINST_GOLD];
  assert_int_equal (ann->items, 1);
  assert_near (measure (ann->measures, "right")->value, 0, 0);
  assert_int_equal (ann->confusion->len, 1);
  assert_int_equal (g_array_index (ann->confusion, AssayReliabilityCell, 0).truth, 0);
  assert_int_equal (g_array_index (ann->confusion, AssayReliabilityCell, 0).said, 1);
  assert_null (person (reliability, "ann")->against[ASSAY_AGAINST_TRUTH]);
  assert_near (measure (person (reliability, "cleo")->against[ASSAY_AGAINST_TRUTH]->measures, "iou")->value, 0.5,
               1e-12);
}

/* Twenty tags by four; dan says always the same. */
static void
who_says_always_the_same_is_believed_least (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "kinds", "tag", classes);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%u", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      const char *truth = i % 2 == 0 ? "[{\"class\":\"cup\"}]" : "[{\"class\":\"hand\"}]";
      const char *wrong = i % 2 != 0 ? "[{\"class\":\"cup\"}]" : "[{\"class\":\"hand\"}]";
      answer (f, item, task, "ann", truth);
      answer (f, item, task, "bob", i == 3 ? wrong : truth);
      answer (f, item, task, "cleo", truth);
      answer (f, item, task, "dan", "[{\"class\":\"cup\"}]");
    }
  g_autoptr (AssayReliability) reliability = compute (f, task);
  const AssayReliabilityPerson *ann = person (reliability, "ann"), *bob = person (reliability, "bob"),
                               *dan = person (reliability, "dan");
  assert_near (measure (ann->measures, "skill")->value, 1, 1e-6);
  assert_near (measure (bob->measures, "skill")->value, 0.95, 1e-6);
  assert_near (measure (dan->measures, "skill")->value, 0.5, 1e-6);
  assert_int_equal (measure (dan->measures, "skill")->n, 20);
  assert_true (measure (dan->measures, "skill")->high < measure (ann->measures, "skill")->low);
  /* Of the others' majority: without their own answer. */
  const AssayReliabilityAgainst *against = dan->against[ASSAY_AGAINST_CONSENSUS];
  assert_int_equal (against->items, 20);
  assert_near (measure (against->measures, "right")->value, 0.5, 1e-12);
  /* Alpha rises when dan's answers are left out, and falls without ann's. */
  assert_true (measure (dan->measures, "alpha_gain")->low > 0.05);
  assert_true (measure (ann->measures, "alpha_gain")->value < 0);
  for (guint c = 0; c < dan->classes->len; c++)
    {
      const AssayReliabilityClass *class = dan->classes->pdata[c];
      assert_near (measure (class->measures, "believed")->value, class->class == 0 ? 1 : 0, 1e-6);
    }
}

/* The second answer is no other person's, and tells how far ann agrees with herself. */
static void
a_second_answer_is_the_persons_own (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  AssayStore *store = f->project->store;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "twice", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]");
  g_autoptr (AssayAnnotator) ann = assay_annotator_find (store, "ann", &error);
  g_autoptr (AssayAnnotator) again = assay_again_ensure (store, ann, &error);
  ok (again != NULL, error);
  answer (f, item, task, again->name, "[{\"class\":\"cup\",\"box\":[0,0,30,15]}]");
  AssayTruthHow how;
  gint64 row;
  guint n;
  ok (assay_truth_find (store, item->row, task->row, &how, &row, &n, &error), error);
  assert_int_equal (how, ASSAY_TRUTH_ONLY);
  assert_int_equal (n, 1);
  g_autoptr (GPtrArray) submitted = assay_label_list (store, item->row, task, TRUE, &error);
  assert_int_equal (submitted->len, 1);
  g_autoptr (AssayReliability) reliability = compute (f, task);
  assert_int_equal (reliability->people->len, 1);
  const AssayReliabilityAgainst *self = person (reliability, "ann")->against[ASSAY_AGAINST_SELF];
  assert_int_equal (self->items, 1);
  assert_near (measure (self->measures, "iou")->value, 0.5, 1e-12);
  assert_null (person (reliability, "ann")->against[ASSAY_AGAINST_OTHERS]);
  g_autoptr (json_t) json = assay_reliability_to_json (reliability);
  const json_t *one = json_array_get (json_object_get (json, "people"), 0);
  assert_string_equal (json_string_value (json_object_get (one, "annotator")), "ann");
  assert_int_equal (
      json_integer_value (json_object_get (json_object_get (json_object_get (one, "against"), "self"), "items")),
      1);
}

/* One answer a day from a Monday on: the first ten half off (IoU 1/2), the rest right. */
static void
the_curve_and_the_weeks_are_of_the_own_answers (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  gint64 monday = (gint64) 1767571200 * G_USEC_PER_SEC; /* 5 January 2026 */
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 25; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%u", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann",
              i < 10 ? "[{\"class\":\"cup\",\"box\":[0,0,30,15]}]" : "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]");
      answer (f, item, task, "cleo", "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]");
      settle (f, item, task, "cleo", ASSAY_TRUTH_ANNOTATOR, "rita");
      ok (assay_store_run (f->project->store, NULL, &error, "UPDATE revision SET made_us = ?, seconds = ? WHERE item = ?",
                           "idi", monday + (gint64) i * 86400 * G_USEC_PER_SEC, i < 10 ? 2.0 : 9.0, item->row),
          error);
    }
  g_autoptr (AssayReliability) reliability = compute (f, task);
  const AssayReliabilityPerson *ann = person (reliability, "ann");
  assert_int_equal (ann->trend, ASSAY_AGAINST_TRUTH);
  assert_int_equal (ann->curve->len, 3); /* 1 to 10, 11 to 20, 21 to 25 */
  const AssayReliabilityPoint *first = &g_array_index (ann->curve, AssayReliabilityPoint, 0),
                              *last = &g_array_index (ann->curve, AssayReliabilityPoint, 2);
  assert_int_equal (first->n, 10);
  assert_near (first->value, 0.5, 1e-12);
  assert_near (first->seconds, 2, 1e-12);
  assert_int_equal (last->first, 21);
  assert_int_equal (last->last, 25);
  assert_near (last->value, 1, 1e-12);
  assert_int_equal (ann->weeks->len, 4); /* 7, 7, 7 and 4 days */
  const AssayReliabilityPoint *second = &g_array_index (ann->weeks, AssayReliabilityPoint, 1);
  assert_true (second->from_us == monday + (gint64) 7 * 86400 * G_USEC_PER_SEC);
  assert_near (second->value, (3 * 0.5 + 4) / 7, 1e-12);
  assert_true (measure (ann->measures, "learning")->low > 0);
  assert_true (measure (ann->measures, "drift_per_week")->low > 0);
  assert_near (measure (ann->measures, "late_change")->value, 1 - (10 * 0.5 + 3) / 13, 1e-12);
  assert_true (ann->late_p < 0.01);
  /* Slow and right, fast and wrong: two groups of ties, in the same order. */
  assert_near (measure (ann->measures, "speed_quality")->value, 1, 1e-12);
  assert_near (measure (ann->measures, "seconds_per_object")->value, (10 * 2 + 15 * 9) / 25.0, 1e-12);
  assert_true (isnan (person (reliability, "cleo")->late_p) || person (reliability, "cleo")->late_p > 0.5);
}

/* A class that is a set: what anybody says is a thing that the others call nothing. */
static void
sets_are_voted_on_class_by_class (void **state)
{
  static const AssaySaid said[] = { { 0, 0, 0 }, { 0, 0, 1 }, { 0, 1, 0 }, { 1, 0, 2 }, { 1, 1, 2 } };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (AssaySaid));
  g_array_append_vals (all, said, G_N_ELEMENTS (said));
  g_autoptr (AssayClassVotes) votes = assay_class_votes_new (all, 2);
  assert_int_equal (votes->units->len, 2); /* cup and hand of the first; the second has none */
  assert_int_equal (votes->votes->len, 4);
  assert_int_equal (votes->n_doubly, 2);
  assert_int_equal (votes->n_raters, 2);
  const AssayVote *last = &g_array_index (votes->votes, AssayVote, 3);
  assert_int_equal (last->task, 1);
  assert_int_equal (last->rater, 1);
  assert_int_equal (last->category, 2);
  assert_false (assay_class_votes_are_enough (votes));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_share_has_the_interval_of_wilson),
    cmocka_unit_test (trends_are_what_the_hand_works_out),
    cmocka_unit_test (sets_are_voted_on_class_by_class),
    CASE (nobody_is_held_against_themselves),
    CASE (gold_is_for_those_who_did_not_give_it),
    CASE (who_says_always_the_same_is_believed_least),
    CASE (a_second_answer_is_the_persons_own),
    CASE (the_curve_and_the_weeks_are_of_the_own_answers),
  };
  return cmocka_run_group_tests_name ("reliability", tests, NULL, NULL);
}
