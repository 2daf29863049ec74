/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement.h"
#include "qa/report.h"

#include "tests/qa/fixture.h"

#include <math.h>

static const char *const classes[] = { "cup", "hand", NULL };

static AssayAgreement *
compute (Fixture *f, const AssayTask *task, AssayAgreementBy by)
{
  GError *error = NULL;
  AssayAgreement *agreement = assay_agreement_compute (f->project, task, by, NULL, &error);
  ok (agreement != NULL, error);
  return agreement;
}

static const AssayAgreementMeasure *
measure (const AssayAgreementGroup *group, const char *name)
{
  for (guint i = 0; i < group->measures->len; i++)
    {
      const AssayAgreementMeasure *one = &g_array_index (group->measures, AssayAgreementMeasure, i);
      if (g_str_equal (one->name, name))
        return one;
    }
  fail_msg ("there is no measure %s", name);
  return NULL;
}

static const AssayAgreementGroup *
find_group (const AssayAgreement *agreement, const char *key)
{
  for (guint i = 0; i < agreement->groups->len; i++)
    {
      const AssayAgreementGroup *group = g_ptr_array_index (agreement->groups, i);
      if (g_str_equal (group->key, key))
        return group;
    }
  fail_msg ("there is no group %s", key);
  return NULL;
}

static void
assert_close (double got, double want)
{
  if (!(fabs (got - want) <= 1e-9))
    fail_msg ("%.12g is not %.12g", got, want);
}

/* Two boxes of 20 x 10 that share half: IoU 1/3. The second item is equal; of the third one box is missing. */
static AssayTask *
fill_boxes (Fixture *f)
{
  AssayTask *task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) first = add_item (f, "first", FALSE, "{\"light\":\"low\"}");
  g_autoptr (AssayItem) second = add_item (f, "second", FALSE, "{\"light\":\"day\"}");
  g_autoptr (AssayItem) third = add_item (f, "third", FALSE, "{\"light\":\"day\"}");
  answer (f, first, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,10]}]");
  answer (f, first, task, "bob", "[{\"class\":\"cup\",\"box\":[20,10,20,10]}]");
  answer (f, second, task, "ann", "[{\"class\":\"cup\",\"box\":[0,0,30,30]}]");
  answer (f, second, task, "bob", "[{\"class\":\"hand\",\"box\":[0,0,30,30]}]");
  answer (f, third, task, "ann",
          "[{\"class\":\"cup\",\"box\":[0,0,10,10]},{\"class\":\"hand\",\"box\":[50,50,10,10]}]");
  answer (f, third, task, "bob", "[{\"class\":\"cup\",\"box\":[0,0,10,10]}]");
  g_autoptr (AssayItem) alone = add_item (f, "alone", FALSE, NULL);
  answer (f, alone, task, "ann", "[{\"class\":\"cup\",\"box\":[0,0,10,10]}]");
  return task;
}

static void
agreement_of_boxes_is_what_the_hand_works_out (void **state)
{
  g_autoptr (AssayTask) task = fill_boxes (*state);
  g_autoptr (AssayAgreement) agreement = compute (*state, task, ASSAY_AGREEMENT_BY_NOTHING);
  assert_int_equal (agreement->items, 4);
  assert_int_equal (agreement->overlapped, 3);
  assert_int_equal (agreement->annotators->len, 2);
  const AssayAgreementMeasure *iou = measure (agreement->all, "iou");
  assert_int_equal (iou->n, 3);
  assert_close (iou->value, (1.0 / 3 + 1 + 1) / 3);
  assert_true (iou->low <= iou->value && iou->value <= iou->high);
  assert_close (iou->high, 1);
  assert_ptr_equal (iou, assay_agreement_get_headline (agreement));
  assert_close (measure (agreement->all, "found_by_both")->value, 6.0 / 7);
  assert_close (measure (agreement->all, "same_class")->value, 2.0 / 3);
  assert_int_equal (agreement->all->matched, 3);
  assert_int_equal (agreement->all->extra, 1);
  assert_int_equal (agreement->all->missing, 0);
  assert_int_equal (agreement->scores->len, 3);
}

static void
groups_hold_what_belongs_to_them (void **state)
{
  g_autoptr (AssayTask) task = fill_boxes (*state);
  g_autoptr (AssayAgreement) by_class = compute (*state, task, ASSAY_AGREEMENT_BY_CLASS);
  assert_int_equal (by_class->groups->len, 2);
  const AssayAgreementGroup *cup = find_group (by_class, "cup"), *hand = find_group (by_class, "hand");
  assert_int_equal (measure (cup, "iou")->n, 3);
  assert_int_equal (measure (hand, "iou")->n, 1); /* the box that ann calls a cup and bob a hand is in both */
  assert_int_equal (hand->extra, 1);
  g_autoptr (AssayAgreement) by_annotator = compute (*state, task, ASSAY_AGREEMENT_BY_ANNOTATOR);
  assert_int_equal (find_group (by_annotator, "ann")->extra, 1);
  assert_int_equal (find_group (by_annotator, "bob")->missing, 1);
  assert_close (measure (find_group (by_annotator, "bob"), "iou")->value,
                measure (by_annotator->all, "iou")->value);
  g_autoptr (AssayAgreement) by_pair = compute (*state, task, ASSAY_AGREEMENT_BY_PAIR);
  assert_int_equal (measure (find_group (by_pair, "ann + bob"), "iou")->n, 3);
  g_autoptr (AssayAgreement) by_condition = compute (*state, task, ASSAY_AGREEMENT_BY_CONDITION);
  assert_close (measure (find_group (by_condition, "light=low"), "iou")->value, 1.0 / 3);
  assert_close (measure (find_group (by_condition, "light=day"), "iou")->value, 1);
  g_autoptr (AssayAgreement) by_item = compute (*state, task, ASSAY_AGREEMENT_BY_ITEM);
  assert_int_equal (by_item->groups->len, 3);
  /* One item cannot tell how far another would be. */
  const AssayAgreementGroup *single = g_ptr_array_index (by_item->groups, 0);
  assert_true (isnan (measure (single, "iou")->low));
}

static void
same_data_give_the_same_interval_and_the_same_document (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 40; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%u", i);
      g_autofree char *shifted = g_strdup_printf ("[{\"class\":\"cup\",\"box\":[%u,0,40,40]}]", i % 9);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[0,0,40,40]}]");
      answer (f, item, task, "bob", shifted);
    }
  g_autoptr (AssayAgreement) once = compute (f, task, ASSAY_AGREEMENT_BY_ITEM),
                             again = compute (f, task, ASSAY_AGREEMENT_BY_ITEM);
  g_autoptr (json_t) one = assay_agreement_to_json (once), other = assay_agreement_to_json (again);
  g_autofree char *text = assay_json_canonical (one), *other_text = assay_json_canonical (other);
  assert_string_equal (text, other_text);
  const AssayAgreementMeasure *iou = measure (once->all, "iou");
  assert_true (iou->low < iou->value && iou->value < iou->high && iou->high - iou->low < 0.1);
}

static void
nothing_compared_is_undefined_and_not_zero (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayAgreement) none = compute (f, task, ASSAY_AGREEMENT_BY_CLASS);
  assert_true (isnan (measure (none->all, "iou")->value));
  assert_null (assay_agreement_get_headline (none));
  g_autoptr (json_t) document = assay_agreement_to_json (none);
  const json_t *first = json_array_get (json_object_get (document, "measures"), 0);
  assert_true (json_is_null (json_object_get (first, "value")));
  assert_true (json_is_null (json_object_get (first, "ci95")));
  /* Both say that nothing is there: that is agreement, and no number. */
  g_autoptr (AssayItem) item = add_item (f, "blank", FALSE, NULL);
  answer (f, item, task, "ann", "[]");
  answer (f, item, task, "bob", "[]");
  g_autoptr (AssayAgreement) empty = compute (f, task, ASSAY_AGREEMENT_BY_NOTHING);
  assert_int_equal (empty->all->both_empty, 1);
  assert_true (isnan (measure (empty->all, "iou")->value));
}

static void
words_are_compared_as_wholes (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  g_autoptr (AssayItem) item = add_item (f, "speech.wav", TRUE, NULL);
  answer (f, item, task, "verbatim", "[{\"start\":0,\"end\":16000,\"text\":\"the cat sat on the mat\"}]");
  answer (
      f, item, task, "cleaned",
      "[{\"start\":0,\"end\":8000,\"text\":\"the cat sat\"},{\"start\":8000,\"end\":16000,\"text\":\"on a mat\"}]");
  g_autoptr (AssayAgreement) agreement = compute (f, task, ASSAY_AGREEMENT_BY_NOTHING);
  assert_close (measure (agreement->all, "mer")->value, 1.0 / 6);
  assert_int_equal (measure (agreement->all, "mer")->n, 1);
}

static void
every_pair_of_three_counts_and_the_consensus_does_not (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "first", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[0,0,10,10]}]");
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[0,0,10,10]}]");
  answer (f, item, task, "cem", "[{\"class\":\"cup\",\"box\":[0,0,10,5]}]");
  g_autoptr (AssayAnnotator) consensus
      = assay_annotator_ensure (f->project->store, "consensus", ASSAY_ANNOTATOR_CONSENSUS, NULL);
  assert_non_null (consensus);
  answer (f, item, task, "consensus", "[{\"class\":\"cup\",\"box\":[0,0,10,10]}]");
  g_autoptr (AssayAgreement) agreement = compute (f, task, ASSAY_AGREEMENT_BY_PAIR);
  assert_int_equal (measure (agreement->all, "iou")->n, 3);
  assert_close (measure (agreement->all, "iou")->value, (1 + 0.5 + 0.5) / 3);
  assert_int_equal (agreement->groups->len, 3);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (agreement_of_boxes_is_what_the_hand_works_out),
    CASE (groups_hold_what_belongs_to_them),
    CASE (same_data_give_the_same_interval_and_the_same_document),
    CASE (nothing_compared_is_undefined_and_not_zero),
    CASE (words_are_compared_as_wholes),
    CASE (every_pair_of_three_counts_and_the_consensus_does_not),
  };
  return cmocka_run_group_tests_name ("agreement", tests, NULL, NULL);
}
