/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/flag.h"
#include "core/proposal.h"
#include "qa/agreement-categories.h"
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

static AssayAgreement *
compute_all (Fixture *f, const AssayTask *task, AssayAgreementBy by)
{
  GError *error = NULL;
  AssayAgreement *agreement = assay_agreement_compute_all (f->project, task, by, NULL, &error);
  ok (agreement != NULL, error);
  return agreement;
}

/* Krippendorff's alpha by its definition: every pair of values of a unit, and every pair of all. */
static double
alpha_by_definition (const double *data, guint n_raters, guint n_units, AssayLevel level)
{
  double sum = 0, all = 0, n = 0;
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  for (guint u = 0; u < n_units; u++)
    {
      guint m = 0, first = values->len;
      for (guint r = 0; r < n_raters; r++)
        if (!isnan (data[r * n_units + u]))
          {
            g_array_append_val (values, data[r * n_units + u]);
            m++;
          }
      if (m < 2)
        g_array_set_size (values, first);
      for (guint i = first; i < values->len; i++)
        for (guint j = first; j < values->len; j++)
          {
            double a = g_array_index (values, double, i), b = g_array_index (values, double, j);
            double apart = level == ASSAY_LEVEL_NOMINAL ? a != b
                           : level == ASSAY_LEVEL_RATIO ? (a == b ? 0 : (a - b) / (a + b))
                                                        : a - b;
            sum += apart * apart / (m - 1);
          }
    }
  n = values->len;
  for (guint i = 0; i < values->len; i++)
    for (guint j = 0; j < values->len; j++)
      {
        double a = g_array_index (values, double, i), b = g_array_index (values, double, j);
        double apart = level == ASSAY_LEVEL_NOMINAL ? a != b
                       : level == ASSAY_LEVEL_RATIO ? (a == b ? 0 : (a - b) / (a + b))
                                                    : a - b;
        all += apart * apart;
      }
  return 1 - sum / n / (all / n / (n - 1));
}

static void
every_way_of_counting_gives_the_alpha_of_the_definition (void **state)
{
  /* Few values, many, fractions, what a byte holds just and just not, 0 and -0, more raters than a byte counts. */
  static const struct
  {
    guint n_raters, n_units, n_values;
    double first, step;
  } tables[] = {
    { 3, 60, 5, 0, 1 },      { 3, 60, 40, 0, 1 },   { 2, 300, 500, 0, 1 },
    { 4, 50, 6, 0.25, 0.5 }, { 2, 80, 4, 252, 1 },  { 2, 80, 2, 255, 9 },
    { 3, 60, 30, 1, 0.125 }, { 2, 400, 253, 1, 1 }, { 300, 4, 3, 1, 1 },
  };
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    {
      guint n = tables[t].n_raters * tables[t].n_units;
      guint32 seed = 17 + t;
      g_autofree double *data = g_new (double, n);
      for (guint i = 0; i < n; i++)
        {
          seed = seed * 1664525 + 1013904223;
          guint drawn = (seed >> 16) % tables[t].n_values;
          data[i] = (seed >> 8) % 7 == 0 ? NAN : tables[t].first + tables[t].step * drawn;
          if (data[i] == 0 && i % 2 == 0)
            data[i] = -0.0;
        }
      static const AssayLevel levels[] = { ASSAY_LEVEL_NOMINAL, ASSAY_LEVEL_INTERVAL, ASSAY_LEVEL_RATIO };
      for (guint l = 0; l < G_N_ELEMENTS (levels); l++)
        assert_close (
            assay_krippendorff_alpha (data, tables[t].n_raters, tables[t].n_units, G_MAXUINT, levels[l], NULL)
                .value,
            alpha_by_definition (data, tables[t].n_raters, tables[t].n_units, levels[l]));
    }
}

/* Grades that three people give; 0 = none given. */
#define N_GRADED 12
static const int grades[3][N_GRADED] = {
  { 1, 2, 3, 3, 2, 1, 4, 1, 2, 4, 3, 1 },
  { 1, 2, 3, 3, 2, 2, 4, 1, 2, 3, 3, 4 },
  { 1, 3, 3, 3, 2, 3, 4, 2, 2, 4, 1, 1 },
};
static const char *const grade_names[] = { "1", "2", "3", "4", "5", NULL };
static const char *const graders[] = { "ann", "bob", "cem" };

/* `n_graders` of them, and the first item without the last one's answer when `missing`. */
static AssayTask *
fill_grades (Fixture *f, guint n_graders, gboolean missing)
{
  AssayTask *task = add_task (f, "grades", "tag", grade_names);
  for (guint i = 0; i < N_GRADED; i++)
    {
      g_autofree char *name = g_strdup_printf ("graded-%u", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      for (guint r = 0; r < n_graders; r++)
        {
          g_autofree char *objects = g_strdup_printf ("[{\"class\":\"%d\"}]", grades[r][i]);
          if (!missing || i > 0 || r + 1 < n_graders)
            answer (f, item, task, graders[r], objects);
        }
    }
  return task;
}

static void
coefficients_of_tags_are_those_of_assay_measure (void **state)
{
  g_autoptr (AssayTask) task = fill_grades (*state, 3, TRUE);
  g_autoptr (AssayAgreement) agreement = compute_all (*state, task, ASSAY_AGREEMENT_BY_CLASS);
  double data[3][N_GRADED];
  for (guint r = 0; r < 3; r++)
    for (guint i = 0; i < N_GRADED; i++)
      data[r][i] = r == 2 && i == 0 ? NAN : grades[r][i];
  static const char *const names[]
      = { "class_alpha", "class_alpha_ordinal", "class_alpha_interval", "class_alpha_ratio" };
  for (AssayLevel level = ASSAY_LEVEL_NOMINAL; level <= ASSAY_LEVEL_RATIO; level++)
    assert_close (measure (agreement->all, names[level])->value,
                  assay_krippendorff_alpha (&data[0][0], 3, N_GRADED, G_MAXUINT, level, NULL).value);
  /* Of one tag an item, the distance of answers is 0 or 1: the alpha of distances is the nominal one. */
  const AssayAgreementMeasure *alpha = measure (agreement->all, "alpha");
  assert_close (alpha->value, measure (agreement->all, "class_alpha")->value);
  assert_int_equal (alpha->n, 35);
  assert_int_equal (measure (agreement->all, "class_alpha")->n, 35);
  assert_true (alpha->low < alpha->value && alpha->value < alpha->high);
  /* Three people have no Cohen, and uneven numbers no Fleiss. */
  assert_true (isnan (measure (agreement->all, "class_cohen")->value));
  assert_true (isnan (measure (agreement->all, "class_fleiss")->value));
  /* A class against the rest: there, or not. */
  double there[3][N_GRADED];
  for (guint r = 0; r < 3; r++)
    for (guint i = 0; i < N_GRADED; i++)
      there[r][i] = isnan (data[r][i]) ? NAN : data[r][i] == 2;
  double wanted = assay_krippendorff_alpha (&there[0][0], 3, N_GRADED, G_MAXUINT, ASSAY_LEVEL_NOMINAL, NULL).value;
  assert_close (measure (find_group (agreement, "2"), "alpha")->value, wanted);
  assert_close (measure (find_group (agreement, "2"), "class_alpha")->value, wanted);
  assert_int_equal (agreement->groups->len, 4); /* nobody gave a 5 */
}

static void
two_people_have_cohen_and_even_numbers_fleiss (void **state)
{
  g_autoptr (AssayTask) task = fill_grades (*state, 3, FALSE);
  g_autoptr (AssayAgreement) agreement = compute_all (*state, task, ASSAY_AGREEMENT_BY_PAIR);
  int a[N_GRADED], b[N_GRADED];
  guint counts[N_GRADED * 5] = { 0 };
  for (guint i = 0; i < N_GRADED; i++)
    {
      a[i] = grades[0][i] - 1;
      b[i] = grades[1][i] - 1;
      for (guint r = 0; r < 3; r++)
        counts[5 * i + (guint) grades[r][i] - 1]++;
    }
  assert_close (measure (agreement->all, "class_fleiss")->value,
                assay_fleiss_kappa (counts, N_GRADED, 5, NULL).value);
  static const char *const names[] = { "class_cohen", "class_cohen_linear", "class_cohen_quadratic" };
  const AssayAgreementGroup *pair = find_group (agreement, "ann + bob");
  for (AssayWeights weights = ASSAY_WEIGHTS_NONE; weights <= ASSAY_WEIGHTS_QUADRATIC; weights++)
    assert_close (measure (pair, names[weights])->value,
                  assay_cohen_kappa (a, b, N_GRADED, 5, weights, NULL, NULL).value);
  assert_true (measure (pair, "class_cohen")->low < measure (pair, "class_cohen")->value);
}

static void
one_word_for_all_is_undefined_and_not_perfect (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "grades", "tag", grade_names);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("same-%u", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", "[{\"class\":\"1\"}]");
      answer (f, item, task, "bob", "[{\"class\":\"1\"}]");
    }
  g_autoptr (AssayAgreement) agreement = compute_all (f, task, ASSAY_AGREEMENT_BY_NOTHING);
  static const char *const names[] = { "alpha", "class_alpha", "class_cohen", "class_fleiss" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    assert_true (isnan (measure (agreement->all, names[i])->value));
  assert_close (measure (agreement->all, "same_class")->value, 1);
}

static void
alpha_of_boxes_is_what_the_hand_works_out (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) first = add_item (f, "first", FALSE, NULL);
  g_autoptr (AssayItem) second = add_item (f, "second", FALSE, NULL);
  answer (f, first, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,10]}]");
  answer (f, first, task, "bob", "[{\"class\":\"cup\",\"box\":[20,10,20,10]}]");
  answer (f, second, task, "ann", "[{\"class\":\"cup\",\"box\":[60,60,10,10]}]");
  answer (f, second, task, "bob", "[{\"class\":\"hand\",\"box\":[60,60,10,10]}]");
  g_autoptr (AssayAgreement) agreement = compute_all (f, task, ASSAY_AGREEMENT_BY_CLASS);
  /* Apart on the items: 1 - 1/3, and 1 (another class). Of the six pairs of any two answers the other four share
   * nothing, either. */
  double observed = (2.0 / 3 + 1) / 2, expected = (2.0 / 3 + 5) / 6;
  assert_close (measure (agreement->all, "alpha")->value, 1 - observed / expected);
  assert_int_equal (measure (agreement->all, "alpha")->n, 4);
  /* Of hands alone: nothing is said on the first item, by all; bob has one on the second, so three of six pairs
   * differ. */
  assert_close (measure (find_group (agreement, "hand"), "alpha")->value, 1 - (1.0 / 2) / (3.0 / 6));
  /* Who called what what: the second box. */
  assert_int_equal (agreement->all->confusion->len, 2);
  const AssayAgreementConfusion *confused = &g_array_index (agreement->all->confusion, AssayAgreementConfusion, 1);
  assert_int_equal (confused->a, 0);
  assert_int_equal (confused->b, 1);
  assert_int_equal (confused->n, 1);
  /* Outlines of two equal boxes moved by 10: corners are 10 off, sides that slide along each other nothing. */
  assert_close (measure (agreement->all, "hausdorff_px")->value, (10 + 0) / 2.0);
  assert_close (measure (agreement->all, "dice")->value, (0.5 + 1) / 2);
  /* Every pixel of 100 x 80: of both answers 16000 ratings an item. */
  assert_int_equal (measure (agreement->all, "pixel_alpha")->n, 32000);
}

/* `kind` of annotator; `assisted` (nullable): what proposed the box. */
static void
answer_as (Fixture *f, const AssayItem *item, const AssayTask *task, const char *name, AssayAnnotatorKind kind,
           double x, const char *assisted)
{
  GError *error = NULL;
  g_autoptr (AssayAnnotator) annotator = assay_annotator_ensure (f->project->store, name, kind, &error);
  ok (annotator != NULL, error);
  g_autoptr (AssayLabel) label = assay_label_new (item, task, annotator);
  AssayBox box = { { x, 0, 20, 20 } };
  AssayObject *object = assay_object_new (&((AssayClass *) task->classes->pdata[0])->id, task->kind->copy (&box));
  if (assisted != NULL)
    {
      assay_object_propose (object, assisted);
      assay_object_accept (object, TRUE);
    }
  assay_objects_take (label->objects, object);
  label->state = ASSAY_LABEL_SUBMITTED;
  label->tool = g_strdup ("rectangle");
  ok (assay_label_save (f->project->store, label, NULL, &error), error);
}

static void
what_is_chosen_or_helped_is_told_apart_and_enters_no_headline (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) plain = add_item (f, "plain", FALSE, NULL), drafted = add_item (f, "drafted", FALSE, NULL),
                        hard = add_item (f, "hard", FALSE, NULL), mined = add_item (f, "mined", FALSE, NULL),
                        judged = add_item (f, "judged", FALSE, NULL),
                        simulated = add_item (f, "means", FALSE, NULL);
  const AssayItem *items[] = { plain, drafted, hard, mined, judged };
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    answer_as (f, items[i], task, "ann", ASSAY_ANNOTATOR_PERSON, 0, NULL);
  answer_as (f, plain, task, "bob", ASSAY_ANNOTATOR_PERSON, 10, NULL);
  answer_as (f, drafted, task, "bob", ASSAY_ANNOTATOR_PERSON, 0, "detector-3");
  answer_as (f, hard, task, "bob", ASSAY_ANNOTATOR_PERSON, 0, NULL);
  answer_as (f, mined, task, "bob", ASSAY_ANNOTATOR_PERSON, 0, NULL);
  answer_as (f, judged, task, "detector-3", ASSAY_ANNOTATOR_MODEL, 0, NULL);
  answer_as (f, simulated, task, "from-box", ASSAY_ANNOTATOR_MEANS, 0, NULL);
  answer_as (f, simulated, task, "bob", ASSAY_ANNOTATOR_PERSON, 0, NULL);
  ok (assay_flag_set (f->project->store, hard->row, ASSAY_FLAG_HARD, TRUE, NULL, NULL, NULL, &error), error);
  ok (assay_flag_set (f->project->store, mined->row, ASSAY_FLAG_MINED, TRUE, NULL, NULL, NULL, &error), error);
  g_autoptr (AssayAgreement) agreement = compute (f, task, ASSAY_AGREEMENT_BY_PAIR);
  /* A third on the plain item; two means and people count, but are no human baseline. */
  assert_close (assay_agreement_get_headline (agreement)->value, (1.0 / 3 + 1) / 2);
  assert_int_equal (assay_agreement_get_headline (agreement)->n, 2);
  assert_close (assay_agreement_get_baseline (agreement)->value, 1.0 / 3);
  assert_int_equal (agreement->groups->len, 2);
  assert_int_equal (agreement->apart->len, 4);
  static const char *const keys[] = { "drafted", "hard", "mined", "model" };
  for (guint i = 0; i < 4; i++)
    {
      const AssayAgreementGroup *group = agreement->apart->pdata[i];
      assert_string_equal (group->key, keys[i]);
      assert_int_equal (group->items, 1);
      assert_close (measure (group, "iou")->value, 1);
    }
  g_autoptr (json_t) document = assay_agreement_to_json (agreement);
  assert_int_equal (json_array_size (json_object_get (document, "apart")), 4);
  assert_close (json_real_value (json_object_get (json_object_get (document, "human_baseline"), "value")), 1.0 / 3);
  /* Discussed later: then it tells no more how well people agree. */
  ok (assay_flag_set (f->project->store, plain->row, ASSAY_FLAG_DISCUSS, TRUE, NULL, NULL, NULL, &error), error);
  g_autoptr (AssayAgreement) after = compute (f, task, ASSAY_AGREEMENT_BY_NOTHING);
  assert_null (assay_agreement_get_baseline (after));
  g_autoptr (json_t) without = assay_agreement_to_json (after);
  assert_true (json_is_null (json_object_get (without, "human_baseline")));
}

static void
fewer_than_thirty_items_are_not_enough (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("item-%u", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[0,0,40,40]}]");
      if (i == 29)
        {
          g_autoptr (AssayAgreement) before = compute (f, task, ASSAY_AGREEMENT_BY_NOTHING);
          g_autoptr (json_t) document = assay_agreement_to_json (before);
          const json_t *iou = json_array_get (json_object_get (document, "measures"), 0);
          assert_true (json_is_false (json_object_get (iou, "enough")));
          assert_int_equal (json_integer_value (json_object_get (iou, "items")), 29);
        }
      answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[1,0,40,40]}]");
    }
  g_autoptr (AssayAgreement) after = compute (f, task, ASSAY_AGREEMENT_BY_DAY);
  assert_true (assay_agreement_measure_is_enough (assay_agreement_get_headline (after)));
  assert_true (after->groups->len >= 1); /* two when midnight fell into the test */
  const AssayAgreementGroup *day = after->groups->pdata[0];
  assert_int_equal (strlen (day->key), strlen ("2026-11-21"));
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
    cmocka_unit_test (every_way_of_counting_gives_the_alpha_of_the_definition),
    CASE (coefficients_of_tags_are_those_of_assay_measure),
    CASE (two_people_have_cohen_and_even_numbers_fleiss),
    CASE (one_word_for_all_is_undefined_and_not_perfect),
    CASE (alpha_of_boxes_is_what_the_hand_works_out),
    CASE (what_is_chosen_or_helped_is_told_apart_and_enters_no_headline),
    CASE (fewer_than_thirty_items_are_not_enough),
  };
  return cmocka_run_group_tests_name ("agreement", tests, NULL, NULL);
}
