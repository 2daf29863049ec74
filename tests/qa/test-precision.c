/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often a check was right, what it may say unasked, and how it falls quiet. */
#include "core/plan.h"
#include "core/truth.h"
#include "qa/follow.h"
#include "qa/precision.h"
#include "qa/share.h"

#include "tests/qa/fixture.h"

#include <math.h>

static const char *const classes[] = { "cup", "bowl", NULL };

static const char right_box[] = "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]",
                  wrong_box[] = "[{\"class\":\"cup\",\"box\":[20,10,20,20]}]",
                  worse_box[] = "[{\"class\":\"cup\",\"box\":[26,10,20,20]}]";

static void
run_default (Fixture *f)
{
  GError *error = NULL;
  ok (assay_check_run (f->project, NULL, 0, NULL, NULL, NULL, &error), error);
}

/* Those of one check, worst first; of answers. */
static GPtrArray *
list_of (Fixture *f, const char *check)
{
  GError *error = NULL;
  GPtrArray *open = assay_finding_list (f->project->store, TRUE, &error);
  ok (open != NULL, error);
  for (guint i = open->len; i > 0; i--)
    if (!g_str_equal (((AssayFinding *) open->pdata[i - 1])->check, check))
      g_ptr_array_remove_index (open, i - 1);
  return open;
}

static AssayPrecision
precision_of (Fixture *f, const char *check)
{
  GError *error = NULL;
  g_autoptr (GArray) list = assay_precision_list (f->project->store, &error);
  ok (list != NULL, error);
  for (guint i = 0; i < list->len; i++)
    if (g_str_equal (g_array_index (list, AssayPrecision, i).check->id, check))
      return g_array_index (list, AssayPrecision, i);
  fail_msg ("%s is not told of", check);
  return (AssayPrecision){ 0 };
}

static AssayAnnotator *
lead (Fixture *f)
{
  GError *error = NULL;
  AssayAnnotator *by = assay_annotator_ensure (f->project->store, "lead", ASSAY_ANNOTATOR_PERSON, &error);
  ok (by != NULL, error);
  return by;
}

static GPtrArray *
add_doubtful_pairs (Fixture *f, const AssayTask *task, guint n)
{
  GPtrArray *items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      AssayItem *item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", right_box);
      answer (f, item, task, "bob", i == 0 ? worse_box : wrong_box);
      g_ptr_array_add (items, item);
    }
  return items;
}

static void
no_check_speaks_of_more_than_a_twentieth_and_the_worst_comes_first (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (GPtrArray) items = add_doubtful_pairs (f, task, 25);
  run_default (f);
  g_autoptr (GPtrArray) flood = list_of (f, "disagreement");
  assert_int_equal (flood->len, 21);
  assert_true (((AssayFinding *) flood->pdata[0])->item_row == ((AssayItem *) items->pdata[0])->row);
  const AssayFinding *rest = flood->pdata[20];
  assert_true (rest->item_row == 0 && rest->task_row == task->row);
  assert_non_null (strstr (rest->why, "5 more items like the 20 that are listed"));

  /* What is dismissed makes room for the next; what is asked for by name is told in full. */
  g_autoptr (AssayAnnotator) by = lead (f);
  const AssayFinding *second = flood->pdata[1];
  ok (assay_finding_dismiss (f->project->store, &second->id, by, "fine", &error), error);
  run_default (f);
  g_autoptr (GPtrArray) after = list_of (f, "disagreement");
  assert_int_equal (after->len, 21);
  assert_non_null (strstr (((AssayFinding *) after->pdata[20])->why, "4 more items"));
  const AssayCheck *check = assay_check_find ("disagreement");
  ok (assay_check_run_in_full (f->project, &check, 1, NULL, NULL, NULL, &error), error);
  g_autoptr (GPtrArray) all = list_of (f, "disagreement");
  assert_int_equal (all->len, 24);

  /* An answer that comes later is listed when it is worse than what is. */
  run_default (f);
  answer (f, items->pdata[3], task, "bob", worse_box);
  guint n;
  gboolean more;
  ok (assay_follow (f->project, 10, &n, &more, &error), error);
  g_autoptr (GPtrArray) followed = list_of (f, "disagreement");
  gboolean found = FALSE;
  for (guint i = 0; i < followed->len; i++)
    found |= ((AssayFinding *) followed->pdata[i])->item_row == ((AssayItem *) items->pdata[3])->row;
  assert_true (found);
}

static void
a_broken_rule_is_told_however_often_it_is_broken (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "where", "pose", classes);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann",
              "[{\"class\":\"cup\",\"pose\":{\"r\":[1,0,0,0,1,0,0,0,1],\"t_m\":[3,0,0.5]},\"camera\":{\"fx\":90,"
              "\"fy\":90,\"cx\":50,\"cy\":40}}]");
    }
  run_default (f);
  g_autoptr (GPtrArray) all = list_of (f, "behind");
  assert_int_equal (all->len, 30);
}

static void
what_was_repaired_speaks_for_a_check_and_what_was_dismissed_against_it (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (GPtrArray) items = add_doubtful_pairs (f, task, 6);
  g_autoptr (AssayAnnotator) by = lead (f);
  run_default (f);
  assert_int_equal (precision_of (f, "disagreement").right + precision_of (f, "disagreement").wrong, 0);
  assert_true (isnan (precision_of (f, "disagreement").share));

  answer (f, items->pdata[1], task, "bob", right_box); /* repaired */
  g_autoptr (GPtrArray) open = list_of (f, "disagreement");
  for (guint i = 0; i < open->len; i++)
    {
      const AssayFinding *finding = open->pdata[i];
      if (finding->item_row == ((AssayItem *) items->pdata[2])->row)
        ok (assay_finding_dismiss (f->project->store, &finding->id, by, "both will do", &error), error);
    }
  /* Sent back, and settled with one of the two. */
  g_autoptr (AssayAnnotator) bob = assay_annotator_find (f->project->store, "bob", &error);
  g_autoptr (AssayLabel) back
      = assay_label_get (f->project->store, ((AssayItem *) items->pdata[3])->row, task, bob->row, &error);
  g_autoptr (AssayLabel) taken
      = assay_label_get (f->project->store, ((AssayItem *) items->pdata[4])->row, task, bob->row, &error);
  ok (assay_truth_send_back (f->project->store, back, by, "look again", &error), error);
  ok (assay_truth_settle (f->project->store, taken, ASSAY_TRUTH_ANNOTATOR, by, NULL, &error), error);
  run_default (f);
  AssayPrecision past = precision_of (f, "disagreement");
  assert_int_equal (past.right, 3);
  assert_int_equal (past.wrong, 1);
  assert_true (fabs (past.share - 0.75) < 1e-12);
  assert_true (past.low < 0.75 && past.high > 0.75 && past.low > 0.29 && past.high < 0.96);
  assert_false (past.offer); /* four decisions say nothing */
}

static void
what_was_wrong_nine_times_of_ten_may_go_quiet_and_come_back (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (GPtrArray) items = add_doubtful_pairs (f, task, 14);
  g_autoptr (AssayAnnotator) by = lead (f);
  const AssayCheck *check = assay_check_find ("disagreement");
  run_default (f);
  g_autoptr (GPtrArray) open = list_of (f, "disagreement");
  for (guint i = 0; i < 11; i++)
    ok (assay_finding_dismiss (f->project->store, &((AssayFinding *) open->pdata[i])->id, by, "fine", &error),
        error);
  assert_true (precision_of (f, "disagreement").offer);
  assert_int_equal (precision_of (f, "disagreement").wrong, 11);

  ok (assay_precision_set_quiet (f->project->store, check, TRUE, &by->id, &error), error);
  assert_true (precision_of (f, "disagreement").quiet);
  assert_false (precision_of (f, "disagreement").offer);
  run_default (f);
  g_autoptr (GPtrArray) hushed = list_of (f, "disagreement");
  assert_int_equal (hushed->len, 0);
  answer (f, items->pdata[0], task, "bob", wrong_box);
  guint n;
  gboolean more;
  ok (assay_follow (f->project, 10, &n, &more, &error), error);
  g_autoptr (GPtrArray) still = list_of (f, "disagreement");
  assert_int_equal (still->len, 0);
  ok (assay_check_run_in_full (f->project, &check, 1, NULL, NULL, NULL, &error), error);
  g_autoptr (GPtrArray) asked = list_of (f, "disagreement");
  assert_true (asked->len >= 3);

  ok (assay_precision_set_quiet (f->project->store, check, FALSE, &by->id, &error), error);
  run_default (f);
  g_autoptr (GPtrArray) again = list_of (f, "disagreement");
  assert_true (again->len >= 3);
  g_autoptr (AssayPlan) plan = assay_plan_get (f->project->store, &error);
  assert_false (assay_plan_is_quiet (plan, "disagreement"));
}

/* Brown, Cai and DasGupta (2001) print 0 of 10 as 0 to 0.28; 15 of 50 by R's prop.test without correction. */
static void
shares_have_the_intervals_of_the_books (void **state)
{
  double low, high;
  assay_share_interval (0, 10, &low, &high);
  assert_true (low == 0 && fabs (high - 0.27753) < 1e-4);
  assay_share_interval (15, 50, &low, &high);
  assert_true (fabs (low - 0.19103) < 1e-4 && fabs (high - 0.43752) < 1e-4);
  assay_share_interval (0, 0, &low, &high);
  assert_true (low == 0 && high == 1);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (no_check_speaks_of_more_than_a_twentieth_and_the_worst_comes_first),
    CASE (a_broken_rule_is_told_however_often_it_is_broken),
    CASE (what_was_repaired_speaks_for_a_check_and_what_was_dismissed_against_it),
    CASE (what_was_wrong_nine_times_of_ten_may_go_quiet_and_come_back),
    CASE (shares_have_the_intervals_of_the_books),
  };
  return cmocka_run_group_tests_name ("precision", tests, NULL, NULL);
}
