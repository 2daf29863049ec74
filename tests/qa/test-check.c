/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "qa/check.h"
#include "qa/follow.h"

#include "tests/qa/fixture.h"

#include <math.h>

static const char *const classes[] = { "cup", "bowl", NULL };

static AssayCheckCounts
run_named (Fixture *f, const char *id, const AssayTask *task)
{
  GError *error = NULL;
  AssayCheckCounts counts = { 0 };
  const AssayCheck *check = assay_check_find (id);
  assert_non_null (check);
  ok (assay_check_run (f->project, &check, 1, task, NULL, &counts, &error), error);
  return counts;
}

static GPtrArray *
list_open (Fixture *f)
{
  GError *error = NULL;
  GPtrArray *findings = assay_finding_list (f->project->store, TRUE, &error);
  ok (findings != NULL, error);
  return findings;
}

static GPtrArray *
check (Fixture *f, const char *id, const AssayTask *task)
{
  run_named (f, id, task);
  return list_open (f);
}

static const AssayFinding *
only (const GPtrArray *findings)
{
  assert_int_equal (findings->len, 1);
  return g_ptr_array_index (findings, 0);
}

static void
assert_says (const AssayFinding *finding, const char *words)
{
  if (strstr (finding->why, words) == NULL)
    fail_msg ("\"%s\" does not say \"%s\"", finding->why, words);
}

static void
assert_where (const AssayFinding *finding, const char *wanted)
{
  g_autofree char *text = assay_json_canonical (finding->where);
  assert_string_equal (text, wanted);
}

static void
masks_under_the_tolerance_are_flagged_at_the_pixels_that_differ (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "careful",
          "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[50,10],[50,30],[10,30]]}]}]");
  answer (f, item, task, "coarse",
          "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[30,10],[30,30],[10,30]]}]}]");
  g_autoptr (GPtrArray) findings = check (f, "disagreement", task);
  const AssayFinding *finding = only (findings);
  assert_says (finding, "careful and coarse overlap only 50 % on cup (IoU 0.50, tolerance 0.80)");
  assert_where (finding, "{\"box\":[30,10,20,20]}");
  assert_int_equal (finding->severity, ASSAY_SEVERITY_WARNING);
  assert_true (fabs (finding->score - 0.375) < 1e-9);
  assert_string_equal (g_ptr_array_index (finding->annotators, 0), "careful");
  assert_string_equal (g_ptr_array_index (finding->annotators, 1), "coarse");
}

static void
alike_masks_are_no_finding (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "careful",
          "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[50,10],[50,30],[10,30]]}]}]");
  answer (f, item, task, "coarse",
          "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[49,10],[49,30],[10,30]]}]}]");
  guint n = 0;
  const AssayCheck *const *all = assay_check_list (&n);
  GError *error = NULL;
  ok (assay_check_run (f->project, all, n, task, NULL, NULL, &error), error);
  g_autoptr (GPtrArray) findings = list_open (f);
  assert_int_equal (findings->len, 0);
}

static void
words_that_differ_are_named (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  g_autoptr (AssayItem) item = add_item (f, "a.wav", TRUE, NULL);
  answer (f, item, task, "verbatim",
          "[{\"start\":0,\"end\":4000,\"text\":\"well the colour\"},{\"start\":4000,\"end\":9000,\"text\":\"of the "
          "sea\"}]");
  answer (
      f, item, task, "cleaned",
      "[{\"start\":0,\"end\":4000,\"text\":\"the color\"},{\"start\":4000,\"end\":9000,\"text\":\"of the sea\"}]");
  g_autoptr (GPtrArray) findings = check (f, "disagreement", task);
  const AssayFinding *finding = only (findings);
  assert_says (finding,
               "cleaned and verbatim differ in their words: “well” only in verbatim, “color” against “colour”");
  assert_says (finding, "MER 0.33, tolerance 0.10");
  assert_where (finding, "{\"samples\":[0,4000]}");
}

static void
poses_beyond_the_tolerance_are_told_in_degrees_and_millimetres (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "where", "pose", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  const char *form = "[{\"class\":\"cup\",\"pose\":{\"r\":%s,\"t_m\":[%s,0,0.5]},\"camera\":{\"fx\":100,\"fy\":100,"
                     "\"cx\":50,\"cy\":40}}]";
  g_autofree char *a = g_strdup_printf (form, "[1,0,0,0,1,0,0,0,1]", "0");
  g_autofree char *b = g_strdup_printf (form, "[0.8,-0.6,0,0.6,0.8,0,0,0,1]", "0.05");
  answer (f, item, task, "ann", a);
  answer (f, item, task, "bob", b);
  g_autoptr (GPtrArray) findings = check (f, "disagreement", task);
  const AssayFinding *finding = only (findings);
  assert_says (finding, "ann and bob hold cup 36.9° and 50.0 mm apart");
  assert_where (finding, "{\"points\":[[50.5,40.5],[60.5,40.5]]}");
  assert_int_equal (finding->severity, ASSAY_SEVERITY_ERROR);
}

static void
point_that_is_farthest_off_is_named (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "skeleton", "keypoints", classes);
  assay_task_add_node (task, "rim");
  assay_task_add_node (task, "handle");
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  const char *form = "[{\"class\":\"cup\",\"points\":[{\"node\":\"rim\",\"state\":\"visible\",\"at\":[10,10]},"
                     "{\"node\":\"handle\",\"state\":\"visible\",\"at\":[%u,40]}]}]";
  g_autofree char *a = g_strdup_printf (form, 40), *b = g_strdup_printf (form, 47);
  answer (f, item, task, "ann", a);
  answer (f, item, task, "bob", b);
  g_autoptr (GPtrArray) findings = check (f, "disagreement", task);
  assert_says (only (findings), "ann and bob place handle of cup 7 px apart (OKS 0.");
  assert_where (only (findings), "{\"points\":[[40,40],[47,40]]}");
}

static void
skeletons_of_two_things_are_two_missing_objects (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "skeleton", "keypoints", classes);
  assay_task_add_node (task, "rim");
  assay_task_add_node (task, "handle");
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  const char *form = "[{\"class\":\"cup\",\"points\":[{\"node\":\"rim\",\"state\":\"visible\",\"at\":[%u,10]},"
                     "{\"node\":\"handle\",\"state\":\"visible\",\"at\":[%u,25]}]}]";
  g_autofree char *left = g_strdup_printf (form, 10, 20), *right = g_strdup_printf (form, 80, 90);
  answer (f, item, task, "ann", left);
  answer (f, item, task, "bob", right);
  run_named (f, "disagreement", NULL);
  g_autoptr (GPtrArray) none = list_open (f);
  assert_int_equal (none->len, 0);
  g_autoptr (GPtrArray) findings = check (f, "missing-object", task);
  assert_int_equal (findings->len, 2);
}

static void
missing_objects_and_confused_classes_are_told_apart (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  const char *two = "[{\"class\":\"cup\",\"box\":[10,10,20,20]},{\"class\":\"bowl\",\"box\":[60,40,20,20]}]";
  answer (f, item, task, "ann", two);
  answer (f, item, task, "bob", two);
  answer (f, item, task, "cem", "[{\"class\":\"bowl\",\"box\":[10,10,20,20]}]");
  run_named (f, "missing-object", NULL);
  g_autoptr (GPtrArray) missing = list_open (f);
  assert_says (only (missing), "cem has no bowl where ann and bob have one");
  assert_where (only (missing), "{\"box\":[60,40,20,20]}");
  run_named (f, "class-confusion", NULL);
  g_autoptr (GPtrArray) all = list_open (f);
  assert_int_equal (all->len, 2);
  const AssayFinding *worst = g_ptr_array_index (all, 0);
  assert_string_equal (worst->check, "class-confusion");
  assert_says (worst, "ann says cup, bob says cup, cem says bowl about the same object");
}

static void
empty_answers_and_objects_outside_are_found (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[80,10,40,20]}]");
  answer (f, item, task, "bob", "[]");
  g_autoptr (GPtrArray) empty = check (f, "empty", task);
  assert_says (only (empty), "bob submitted nothing, and 1 other found up to 1 object");
  run_named (f, "missing-object", task);
  g_autoptr (GPtrArray) still = list_open (f);
  assert_int_equal (still->len, 1); /* what is empty is not missing one by one as well */
  run_named (f, "outside", task);
  g_autoptr (GPtrArray) both = list_open (f);
  assert_int_equal (both->len, 2);
  assert_says (g_ptr_array_index (both, 0), "20 px out of the picture of 100 x 80");
}

static void
second_run_looks_only_at_what_changed (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  GPtrArray *items = g_ptr_array_new ();
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      AssayItem *item = add_item (f, name, FALSE, NULL);
      g_ptr_array_add (items, item);
      answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
      answer (f, item, task, "bob",
              i == 3 ? "[{\"class\":\"cup\",\"box\":[20,10,20,20]}]"
                     : "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
    }
  AssayCheckCounts first = run_named (f, "disagreement", NULL);
  assert_int_equal (first.looked, 30);
  assert_int_equal (first.kept, 0);
  g_autoptr (GPtrArray) before = list_open (f);
  AssayCheckCounts idle = run_named (f, "disagreement", NULL);
  assert_int_equal (idle.looked, 0);
  assert_int_equal (idle.kept, 30);
  g_autoptr (GPtrArray) same = list_open (f);
  assert_true (assay_id_equal (&only (same)->id, &only (before)->id));
  assert_string_equal (only (same)->why, only (before)->why);
  /* One label changes: one look; the old finding stands, a new one comes. */
  answer (f, g_ptr_array_index (items, 7), task, "bob", "[{\"class\":\"cup\",\"box\":[25,10,20,20]}]");
  AssayCheckCounts changed = run_named (f, "disagreement", NULL);
  assert_int_equal (changed.looked, 1);
  assert_int_equal (changed.kept, 29);
  g_autoptr (GPtrArray) after = list_open (f);
  assert_int_equal (after->len, 2);
  /* A stricter tolerance is another question: all are looked at again. */
  GError *error = NULL;
  task->tolerance = 0.99;
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
  assert_int_equal (run_named (f, "disagreement", NULL).looked, 30);
  for (guint i = 0; i < items->len; i++)
    assay_item_free (g_ptr_array_index (items, i));
  g_ptr_array_unref (items);
}

static void
dismissal_holds_until_the_answers_change (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  const char *id = "1f0e2d3c-4b5a-4978-8695-a4b3c2d1e0f1";
  g_autofree char *one = g_strdup_printf ("[{\"id\":\"%s\",\"class\":\"cup\",\"box\":[10,10,20,20]}]", id);
  g_autofree char *moved = g_strdup_printf ("[{\"id\":\"%s\",\"class\":\"cup\",\"box\":[14,10,20,20]}]", id);
  answer (f, item, task, "ann", one);
  answer (f, item, task, "bob",
          "[{\"id\":\"2f0e2d3c-4b5a-4978-8695-a4b3c2d1e0f1\",\"class\":\"cup\",\"box\":[20,10,20,20]}]");
  g_autoptr (GPtrArray) found = check (f, "disagreement", task);
  g_autoptr (AssayAnnotator) reviewer
      = assay_annotator_ensure (f->project->store, "rev", ASSAY_ANNOTATOR_PERSON, &error);
  ok (assay_finding_dismiss (f->project->store, &only (found)->id, reviewer, "the handle is a matter of taste",
                             &error),
      error);
  g_autoptr (GPtrArray) dismissed = check (f, "disagreement", task);
  assert_int_equal (dismissed->len, 0);
  /* Somebody else's answer is none of its business. */
  answer (f, item, task, "cem", "[{\"class\":\"cup\",\"box\":[15,10,20,20]}]");
  run_named (f, "disagreement", task);
  g_autoptr (GPtrArray) with_cem = list_open (f);
  for (guint i = 0; i < with_cem->len; i++)
    assert_false (assay_id_equal (&((AssayFinding *) g_ptr_array_index (with_cem, i))->id, &only (found)->id));
  answer (f, item, task, "ann", moved);
  run_named (f, "disagreement", task);
  g_autoptr (GPtrArray) again = list_open (f);
  gboolean open = FALSE;
  for (guint i = 0; i < again->len; i++)
    open = open || assay_id_equal (&((AssayFinding *) g_ptr_array_index (again, i))->id, &only (found)->id);
  assert_true (open);
}

static guint
follow (Fixture *f)
{
  GError *error = NULL;
  guint items = 0;
  gboolean more = FALSE;
  ok (assay_follow (f->project, 100, &items, &more, &error), error);
  assert_false (more);
  return items;
}

/* The media of these items are made up: what is said of them is not what this is about. */
static GPtrArray *
list_of_answers (Fixture *f)
{
  GPtrArray *open = list_open (f);
  for (guint i = open->len; i > 0; i--)
    if (((AssayFinding *) open->pdata[i - 1])->task_row == 0)
      g_ptr_array_remove_index (open, i - 1);
  return open;
}

static void
after_one_answer_only_what_depends_on_it_is_looked_at (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  guint n = 0;
  const AssayCheck *const *all = assay_check_list (&n);
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  g_autoptr (AssayItem) other = add_item (f, "b.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, other, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, other, task, "bob", "[{\"class\":\"cup\",\"box\":[20,10,20,20]}]");
  assert_int_equal (follow (f), 0); /* nobody has looked at the rest yet */
  ok (assay_check_run (f->project, all, n, NULL, NULL, NULL, &error), error);
  assert_int_equal (follow (f), 0);
  g_autoptr (GPtrArray) before = list_of_answers (f);
  assert_int_equal (before->len, 1);
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[22,10,20,20]}]");
  assert_int_equal (follow (f), 1);
  g_autoptr (GPtrArray) after = list_of_answers (f);
  assert_int_equal (after->len, 2);
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, other, task, "bob", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  assert_int_equal (follow (f), 2);
  g_autoptr (GPtrArray) repaired = list_of_answers (f);
  assert_int_equal (repaired->len, 0);
  assert_int_equal (follow (f), 0);
}

static void
every_check_is_described_and_found_by_its_word (void **state)
{
  guint n = 0;
  const AssayCheck *const *list = assay_check_list (&n);
  assert_true (n >= 5);
  for (guint i = 0; i < n; i++)
    {
      assert_ptr_equal (assay_check_find (list[i]->id), list[i]);
      assert_non_null (list[i]->title);
      assert_non_null (list[i]->help);
      assert_true (list[i]->version > 0);
      assert_true ((list[i]->look != NULL) != (list[i]->arrive != NULL));
      for (guint k = 0; list[i]->kinds != NULL && list[i]->kinds[k] != NULL; k++)
        assert_non_null (assay_kind_find (list[i]->kinds[k]));
      g_autoptr (AssayOptions) options = assay_options_new (list[i]->options);
      assert_non_null (options);
    }
}

/* Two answers that differ, and one that is empty, of every kind there is. */
static const struct
{
  const char *kind, *one, *other;
} samples[] = {
  { "segmentation", "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[50,10],[50,30],[10,30]]}]}]",
    "[{\"class\":\"bowl\",\"rings\":[{\"points\":[[20,10],[60,10],[60,30],[20,30]]}]}]" },
  { "box", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]", "[{\"class\":\"bowl\",\"box\":[20,10,20,20]}]" },
  { "tag", "[{\"class\":\"cup\"}]", "[{\"class\":\"bowl\"}]" },
  { "transcript", "[{\"start\":0,\"end\":900,\"text\":\"the cat\"}]",
    "[{\"start\":0,\"end\":900,\"text\":\"a mat\"}]" },
  { "keypoints", "[{\"class\":\"cup\",\"points\":[{\"node\":\"rim\",\"state\":\"visible\",\"at\":[10,10]}]}]",
    "[{\"class\":\"cup\",\"points\":[{\"node\":\"rim\",\"state\":\"visible\",\"at\":[30,10]}]}]" },
  { "pose",
    "[{\"class\":\"cup\",\"pose\":{\"r\":[1,0,0,0,1,0,0,0,1],\"t_m\":[0,0,0.5]},\"camera\":{\"fx\":9,\"fy\":9,"
    "\"cx\":5,\"cy\":4}}]",
    "[{\"class\":\"cup\",\"pose\":{\"r\":[1,0,0,0,1,0,0,0,1],\"t_m\":[1,0,0.5]},\"camera\":{\"fx\":9,\"fy\":9,"
    "\"cx\":5,\"cy\":4}}]" },
};

static void
every_kind_can_be_checked_and_its_findings_say_who_and_why (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  guint n_kinds = 0, n_checks = 0;
  assay_kind_list (&n_kinds);
  assert_int_equal (n_kinds, G_N_ELEMENTS (samples)); /* a new kind belongs into the table */
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autoptr (AssayTask) task = add_task (f, samples[i].kind, samples[i].kind, classes);
      assay_task_add_node (task, "rim");
      ok (assay_task_save (f->project->store, task, NULL, &error), error);
      g_autoptr (AssayItem) item = add_item (f, samples[i].kind, task->kind->media == ASSAY_MEDIA_SOUND, NULL);
      answer (f, item, task, "ann", samples[i].one);
      answer (f, item, task, "bob", samples[i].other);
      answer (f, item, task, "cem", "[]");
    }
  const AssayCheck *const *all = assay_check_list (&n_checks);
  ok (assay_check_run (f->project, all, n_checks, NULL, NULL, NULL, &error), error);
  g_autoptr (GPtrArray) findings = list_open (f);
  g_autoptr (GHashTable) flagged = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < findings->len; i++)
    {
      const AssayFinding *finding = g_ptr_array_index (findings, i);
      if (assay_check_find (finding->check)->arrive != NULL)
        continue; /* about the media, which are made up here */
      assert_true (finding->annotators->len > 0 && finding->item_row > 0 && finding->task_row > 0);
      assert_true (strlen (finding->why) > 20 && finding->score >= 0 && finding->score <= 1);
      if (g_str_equal (finding->check, "disagreement"))
        g_hash_table_add (flagged, GINT_TO_POINTER (finding->task_row));
    }
  assert_int_equal (g_hash_table_size (flagged), n_kinds);
}

static void
cancelled_run_changes_nothing (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[25,10,20,20]}]");
  g_autoptr (AssayProgress) progress = assay_progress_new ();
  assay_progress_cancel (progress);
  const AssayCheck *one = assay_check_find ("disagreement");
  g_autoptr (GError) error = NULL;
  assert_false (assay_check_run (f->project, &one, 1, NULL, progress, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CANCELLED));
  g_autoptr (GPtrArray) findings = list_open (f);
  assert_int_equal (findings->len, 0);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (masks_under_the_tolerance_are_flagged_at_the_pixels_that_differ),
    CASE (alike_masks_are_no_finding),
    CASE (words_that_differ_are_named),
    CASE (poses_beyond_the_tolerance_are_told_in_degrees_and_millimetres),
    CASE (point_that_is_farthest_off_is_named),
    CASE (skeletons_of_two_things_are_two_missing_objects),
    CASE (missing_objects_and_confused_classes_are_told_apart),
    CASE (empty_answers_and_objects_outside_are_found),
    CASE (second_run_looks_only_at_what_changed),
    CASE (dismissal_holds_until_the_answers_change),
    CASE (after_one_answer_only_what_depends_on_it_is_looked_at),
    CASE (every_kind_can_be_checked_and_its_findings_say_who_and_why),
    CASE (cancelled_run_changes_nothing),
    cmocka_unit_test (every_check_is_described_and_found_by_its_word),
  };
  return cmocka_run_group_tests_name ("check", tests, NULL, NULL);
}
