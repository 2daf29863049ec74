/* SPDX-License-Identifier: GPL-3.0-or-later */
/* check, agree, review, plan and measure from outside: the same numbers through every door, and the right exit
 * statuses. */
#include "core/plan.h"
#include "core/region.h"

#include "tests/qa/fixture.h"

#include <math.h>
#include <sys/wait.h>

static const char *const classes[] = { "cup", "bowl", NULL };

/* Runs `assay -C PROJECT …` (words end with NULL); its answer as JSON, or NULL when it printed none. */
static json_t *
assay (Fixture *f, int wanted_status, const char *const *words)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) g_getenv ("ASSAY_BIN"));
  g_ptr_array_add (argv, (gpointer) "-C");
  g_ptr_array_add (argv, f->project->directory);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, (gpointer) words[i]);
  g_ptr_array_add (argv, (gpointer) "--json");
  g_ptr_array_add (argv, NULL);
  g_autofree char *out = NULL, *err = NULL;
  GError *error = NULL;
  int status = 0;
  ok (g_spawn_sync (NULL, (char **) argv->pdata, NULL, 0, NULL, NULL, &out, &err, &status, &error), error);
  if (!WIFEXITED (status) || WEXITSTATUS (status) != wanted_status)
    fail_msg ("assay %s: status %d, not %d: %s%s", words[0], status, wanted_status, out, err);
  if (wanted_status >= 2)
    {
      assert_true (g_str_has_prefix (err, "assay: "));
      assert_ptr_equal (strchr (err, '\n'), err + strlen (err) - 1); /* one line */
      assert_string_equal (out, "");
      return NULL;
    }
  json_t *answer = assay_json_parse (out, strlen (out), "the answer", &error);
  ok (answer != NULL, error);
  return answer;
}
#define ASSAY(f, status, ...) assay (f, status, (const char *const[]){ __VA_ARGS__, NULL })

static const json_t *
at (const json_t *array, gsize index)
{
  assert_true (json_array_size (array) > index);
  return json_array_get (array, index);
}

static double
measure_of (const json_t *agreement, const char *name)
{
  size_t index;
  const json_t *one;
  json_array_foreach (json_object_get (at (json_object_get (agreement, "tasks"), 0), "measures"), index,
                      one) if (g_str_equal (assay_json_get_string (one, "name"),
                                            name)) return json_number_value (json_object_get (one, "value"));
  fail_msg ("there is no measure %s", name);
  return NAN;
}

/* One annotator's only mask as a COCO RLE file. */
static char *
write_mask (Fixture *f, const AssayItem *item, const AssayTask *task, const char *name)
{
  GError *error = NULL;
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (f->project->store, name, &error);
  ok (annotator != NULL, error);
  g_autoptr (AssayLabel) label = assay_label_get (f->project->store, item->row, task, annotator->row, &error);
  ok (label != NULL, error);
  const AssayObject *object = g_ptr_array_index (label->objects->list, 0);
  g_autofree char *counts = assay_mask_to_coco (((const AssayRegion *) object->value)->mask);
  g_autoptr (json_t) rle
      = json_pack ("{s:[i, i], s:s}", "size", FIXTURE_HEIGHT_PX, FIXTURE_WIDTH_PX, "counts", counts);
  g_autofree char *text = assay_json_canonical (rle);
  char *path = g_strdup_printf ("%s/%s.json", f->directory, name);
  ok (g_file_set_contents (path, text, -1, &error), error);
  return path;
}

static void
assert_all_say (Fixture *f, const AssayItem *item, const AssayTask *task, double iou, const char *words)
{
  g_autofree char *a = write_mask (f, item, task, "ann"), *b = write_mask (f, item, task, "bob");
  g_autoptr (json_t) measured = ASSAY (f, 0, "measure", "mask", a, b);
  g_autoptr (json_t) agreed = ASSAY (f, 0, "agree");
  g_autoptr (json_t) checked = ASSAY (f, 0, "check", "--only", "disagreement");
  assert_true (fabs (json_number_value (json_object_get (measured, "iou")) - iou) < 1e-12);
  assert_true (fabs (measure_of (agreed, "iou") - iou) < 1e-12);
  const char *why = assay_json_get_string (at (json_object_get (checked, "findings"), 0), "why");
  if (strstr (why, words) == NULL)
    fail_msg ("\"%s\" does not say \"%s\"", why, words);
}

static void
changed_label_moves_measure_agree_and_check_alike (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[50,10],[50,30],[10,30]]}]}]");
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[30,10],[30,30],[10,30]]}]}]");
  assert_all_say (f, item, task, 0.5, "IoU 0.50");
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[40,10],[40,30],[10,30]]}]}]");
  assert_all_say (f, item, task, 0.75, "IoU 0.75");
}

static void
check_answers_with_its_exit_status (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[16,10,20,20]}]");
  json_decref (ASSAY (f, 0, "check", "--task", "things"));
  json_decref (ASSAY (f, 0, "check", "--task", "things", "--fail-on", "error"));
  g_autoptr (json_t) failed = ASSAY (f, 1, "check", "--task", "things", "--fail-on", "warning");
  const json_t *finding = at (json_object_get (failed, "findings"), 0);
  static const char *const keys[]
      = { "id", "check", "severity", "score", "item", "media", "label", "annotators", "where", "why" };
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    assert_non_null (json_object_get (finding, keys[i]));
  assert_int_equal (json_integer_value (json_object_get (json_object_get (failed, "counts"), "warning")), 1);
  json_decref (ASSAY (f, 0, "check", "--only", "empty,outside", "--fail-on", "note"));
  ASSAY (f, 2, "check", "--only", "phrenology");
  ASSAY (f, 2, "check", "--fail-on", "doom");
  ASSAY (f, 3, "check", "--task", "no-such-task");

  /* What is quiet looks only when it is asked for. */
  json_decref (ASSAY (f, 0, "check", "--quiet", "disagreement"));
  json_decref (ASSAY (f, 0, "check", "--task", "things", "--fail-on", "warning"));
  json_decref (ASSAY (f, 1, "check", "--only", "disagreement", "--fail-on", "warning"));
  g_autoptr (json_t) listed = ASSAY (f, 0, "check", "--list");
  const json_t *first = at (json_object_get (listed, "checks"), 0);
  assert_string_equal (assay_json_get_string (first, "id"), "disagreement");
  assert_true (json_is_true (json_object_get (first, "quiet")));
  assert_int_equal (json_integer_value (json_object_get (json_object_get (first, "past"), "decided")), 0);
  json_decref (ASSAY (f, 0, "check", "--loud", "disagreement"));
  json_decref (ASSAY (f, 1, "check", "--task", "things", "--fail-on", "warning"));
  ASSAY (f, 2, "check", "--quiet", "phrenology");
}

/* What a model says is no opinion: it is held against the answers, and none of them. */
static void
predictions_are_brought_in_and_held_against_answers (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  static const char coco[] = "{\"images\":[{\"id\":1,\"file_name\":\"a.png\",\"width\":100,\"height\":80}],"
                             "\"categories\":[{\"id\":1,\"name\":\"cup\"}],"
                             "\"annotations\":[{\"id\":1,\"image_id\":1,\"category_id\":1,\"bbox\":[50,40,20,20],"
                             "\"area\":400,\"score\":0.97}]}";
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  g_autofree char *path = g_build_filename (f->directory, "seen.json", NULL);
  ok (g_file_set_contents (path, coco, -1, &error), error);
  json_decref (ASSAY (f, 0, "import", path, "--task", "things", "--annotator", "net-7", "--model"));
  g_autoptr (json_t) checked = ASSAY (f, 0, "check", "--task", "things");
  const json_t *findings = json_object_get (checked, "findings");
  assert_int_equal (json_array_size (findings), 2);
  assert_string_equal (assay_json_get_string (at (findings, 0), "check"), "overlooked");
  assert_string_equal (assay_json_get_string (at (findings, 1), "check"), "unseen"); /* of what ann has, a note */
  assert_non_null (strstr (assay_json_get_string (at (findings, 0), "why"), "0.97 sure"));
  ASSAY (f, 3, "import", path, "--task", "things", "--annotator", "ann", "--model");
  ASSAY (f, 3, "import", path, "--task", "things", "--annotator", "net-7");
}

static void
review_goes_from_finding_to_truth (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[16,10,20,20]}]");
  json_decref (ASSAY (f, 0, "check", "--task", "things"));
  g_autoptr (json_t) next = ASSAY (f, 0, "review", "next");
  const char *id = assay_json_get_string (json_object_get (next, "finding"), "id");
  assert_non_null (id);
  g_autoptr (json_t) dismissed = ASSAY (f, 0, "review", id, "--dismiss", "taste");
  assert_int_equal (json_integer_value (json_object_get (dismissed, "open")), 0);
  g_autoptr (json_t) nothing = ASSAY (f, 0, "review", "next");
  assert_true (json_is_null (json_object_get (nothing, "finding")));

  g_autoptr (json_t) taken = ASSAY (f, 0, "review", "a.png", "--task", "things", "--truth", "bob");
  assert_string_equal (assay_json_get_string (json_object_get (taken, "truth"), "how"), "annotator");
  assert_string_equal (assay_json_get_string (json_object_get (taken, "truth"), "annotator"), "bob");
  g_autoptr (json_t) joined = ASSAY (f, 0, "review", "a.png", "--task", "things", "--truth", "consensus");
  assert_string_equal (assay_json_get_string (json_object_get (joined, "truth"), "how"), "consensus");
  /* The consensus is nobody's answer: it does not raise the agreement that it was made from. */
  g_autoptr (json_t) agreed = ASSAY (f, 0, "agree");
  assert_true (fabs (measure_of (agreed, "iou") - 14.0 / 26) < 1e-12);
  g_autoptr (json_t) audit = ASSAY (f, 0, "review", "audit", "--share", "1");
  assert_int_equal (json_array_size (json_object_get (audit, "items")), 1);
  /* Who can be believed: the same numbers, by person; a settled consensus judges nobody whose answer it holds. */
  g_autoptr (json_t) people = ASSAY (f, 0, "agree", "--people");
  const json_t *ann = at (json_object_get (at (json_object_get (people, "tasks"), 0), "people"), 0);
  assert_string_equal (assay_json_get_string (ann, "annotator"), "ann");
  const json_t *against = json_object_get (ann, "against");
  assert_int_equal (json_object_size (against), 1);
  const json_t *right = at (json_object_get (json_object_get (against, "others"), "measures"), 0);
  assert_string_equal (assay_json_get_string (right, "name"), "right");
  assert_int_equal (json_integer_value (json_object_get (right, "n")), 1);
  assert_int_equal (json_array_size (json_object_get (right, "ci95")), 2);
  ASSAY (f, 3, "review", "a.png", "--task", "things", "--truth", "nobody");
  ASSAY (f, 2, "review", "a.png", "--truth", "bob");
  ASSAY (f, 2, "review", "a.png");
}

static void
audit_is_stable_and_near_its_share (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
    }
  g_autoptr (json_t) once = ASSAY (f, 0, "review", "audit", "--share", "0.2"),
                     again = ASSAY (f, 0, "review", "audit", "--share", "0.2");
  assert_true (json_equal (once, again));
  gsize n = json_array_size (json_object_get (once, "items"));
  assert_in_range (n, 20, 60);
  g_autoptr (AssayItem) late = add_item (f, "late.png", FALSE, NULL);
  answer (f, late, task, "ann", "[]");
  g_autoptr (json_t) grown = ASSAY (f, 0, "review", "audit", "--share", "0.2");
  size_t index;
  const json_t *one;
  json_array_foreach (json_object_get (once, "items"), index, one)
  {
    gboolean still = FALSE;
    size_t other;
    const json_t *there;
    json_array_foreach (json_object_get (grown, "items"), other, there) still
        = still || json_equal (json_object_get (one, "item"), json_object_get (there, "item"));
    assert_true (still);
  }
}

/* The gate tells the error that remains, and what would settle it; the audit is no answer to anything else. */
static void
gate_asks_the_audit (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autofree char *plan = g_build_filename (f->directory, "plan.json", NULL);
  ok (g_file_set_contents (plan, "{\"overlap\":0,\"audit\":1,\"gate\":[{\"figure\":\"remaining_error\",\"task\":\"things\","
                                 "\"at_most\":0.5}]}", -1, &error),
      error);
  json_decref (ASSAY (f, 0, "plan", "set", plan));
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
      if (i < 3)
        answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
    }
  g_autoptr (json_t) audit = ASSAY (f, 0, "review", "audit");
  const json_t *told = at (json_object_get (audit, "tasks"), 0);
  assert_int_equal (json_integer_value (json_object_get (told, "audited")), 3);
  assert_int_equal (json_number_value (json_object_get (at (json_object_get (told, "gate"), 0), "more")), 1);
  g_autoptr (json_t) closed = ASSAY (f, 1, "commit", "-m", "first", "--gate");
  g_autofree char *text = assay_json_canonical (closed);
  if (strstr (text, "1 more audited item would settle it") == NULL)
    fail_msg ("the gate does not say how many more: %s", text);
  g_autoptr (AssayItem) last = assay_item_find (f->project->store, "3.png", &error);
  answer (f, last, task, "bob", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]"); /* 0 of 4: at most 49 % */
  json_decref (ASSAY (f, 0, "commit", "-m", "second", "--gate"));
  g_auto (AssayRows) rows = { 0 }; /* the version keeps what was known of its moment */
  ok (assay_store_query (f->project->store, &rows, &error, "SELECT manifest FROM version ORDER BY row DESC", "")
          && assay_rows_next (&rows, &error),
      error);
  assert_non_null (strstr (assay_rows_get_text (&rows, 0), "\"audited\":4"));
}

static void
plan_says_what_is_missing (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autoptr (AssayItem) item
          = add_item (f, name, FALSE, i == 0 ? "{\"light\":\"low\"}" : "{\"light\":\"day\"}");
      if (i < 2)
        answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
    }
  g_autofree char *path = g_build_filename (f->directory, "plan.json", NULL);
  ok (g_file_set_contents (
          path, "{\"overlap\":0,\"targets\":[{\"class\":\"cup\",\"condition\":{\"light\":\"low\"},\"count\":5}]}",
          -1, &error),
      error);
  json_decref (ASSAY (f, 0, "plan", "set", path));
  g_autoptr (json_t) plan = ASSAY (f, 0, "plan");
  const json_t *target = at (json_object_get (plan, "targets"), 0),
               *of_task = at (json_object_get (plan, "tasks"), 0);
  assert_int_equal (json_integer_value (json_object_get (target, "have")), 1);
  assert_int_equal (json_integer_value (json_object_get (target, "missing")), 4);
  assert_int_equal (json_integer_value (json_object_get (of_task, "items")), 3);
  assert_int_equal (json_integer_value (json_object_get (of_task, "answered")), 2);
  assert_int_equal (json_integer_value (json_object_get (of_task, "missing")), 1);
  assert_true (json_is_null (json_object_get (of_task, "projected_hours"))); /* nobody has been timed */
  ok (g_file_set_contents (path, "{\"overlap\":7}", -1, &error), error);
  ASSAY (f, 3, "plan", "set", path);
}

static void
agree_knows_its_groups (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, item, task, "bob", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  static const char *const words[]
      = { "class", "annotator", "pair", "item", "condition", "session", "month", "day" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (json_t) answered = ASSAY (f, 0, "agree", "--by", words[i], "--task", "things");
      const json_t *one = at (json_object_get (answered, "tasks"), 0);
      assert_int_equal (json_integer_value (json_object_get (one, "overlapped")), 1);
      gsize wanted = g_str_equal (words[i], "annotator") ? 2 : g_str_equal (words[i], "condition") ? 0 : 1;
      assert_int_equal (json_array_size (json_object_get (one, "groups")), wanted);
    }
  ASSAY (f, 2, "agree", "--by", "mood");
  /* An item that is hard tells nothing of how well people agree: it is told apart, through this door, too. */
  g_autoptr (json_t) before = ASSAY (f, 0, "agree");
  const json_t *baseline = json_object_get (at (json_object_get (before, "tasks"), 0), "human_baseline");
  assert_int_equal (json_integer_value (json_object_get (baseline, "items")), 1);
  assert_true (json_is_false (json_object_get (baseline, "enough")));
  json_decref (ASSAY (f, 0, "flag", "a.png", "--set", "hard"));
  g_autoptr (json_t) after = ASSAY (f, 0, "agree");
  const json_t *task_after = at (json_object_get (after, "tasks"), 0);
  assert_true (json_is_null (json_object_get (task_after, "human_baseline")));
  assert_int_equal (json_array_size (json_object_get (task_after, "apart")), 1);
  assert_true (json_is_null (json_object_get (at (json_object_get (task_after, "measures"), 0), "value")));
}

/* A week has passed: what the queue gives again is answered without the first answer, and tells how far ann agrees with
 * herself; it is nobody else's answer, and no truth. */
static void
a_second_answer_goes_from_the_queue_to_self_agreement (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 12; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      if (i < 8)
        answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
    }
  g_autoptr (json_t) document = json_pack ("{s:{s:f, s:i}}", "again", "share", 0.5, "days", 7);
  g_autoptr (AssayPlan) plan = assay_plan_from_json (document, &error);
  ok (plan != NULL && assay_plan_save (f->project->store, plan, NULL, &error), error);
  ok (assay_store_run (f->project->store, NULL, &error, "UPDATE revision SET made_us = made_us - ?", "i",
                       (gint64) 8 * 86400 * G_USEC_PER_SEC),
      error);
  g_autofree char *file = g_strdup_printf ("%s/second.json", f->directory);
  ok (g_file_set_contents (
          file, "{\"schema\":\"assay.box/1\",\"objects\":[{\"class\":\"cup\",\"box\":[10,10,20,10]}]}", -1, &error),
      error);
  ASSAY (f, 2, "label", "11.png", "--task", "things", "--annotator", "ann", "--again", "--set", file);
  g_autoptr (json_t) queue = ASSAY (f, 0, "queue", "--task", "things", "--annotator", "ann", "-n", "100");
  size_t index;
  const json_t *one;
  guint n_again = 0;
  json_array_foreach (json_object_get (at (json_object_get (queue, "tasks"), 0), "items"), index, one)
  {
    if (!json_is_true (json_object_get (one, "again")))
      continue;
    n_again++;
    assert_string_equal (assay_json_get_string (one, "state"), "todo");
    assert_string_equal (assay_json_get_string (one, "why"), "open");
    json_decref (ASSAY (f, 0, "label", assay_json_get_string (one, "name"), "--task", "things", "--annotator", "ann",
                        "--again", "--set", file));
  }
  assert_true (n_again > 0);
  g_autoptr (json_t) agreed = ASSAY (f, 0, "agree", "--people");
  const json_t *of_task = at (json_object_get (agreed, "tasks"), 0), *ann = at (json_object_get (of_task, "people"), 0);
  assert_int_equal (json_integer_value (json_object_get (of_task, "overlapped")), 0);
  assert_int_equal (json_array_size (json_object_get (of_task, "people")), 1);
  const json_t *self = json_object_get (json_object_get (ann, "against"), "self");
  assert_int_equal (json_integer_value (json_object_get (self, "items")), n_again);
  json_array_foreach (json_object_get (self, "measures"), index, one) if (g_str_equal (
      assay_json_get_string (one, "name"), "iou"))
      assert_true (fabs (json_number_value (json_object_get (one, "value")) - 0.5) < 1e-12);
  g_autoptr (json_t) annotators = ASSAY (f, 0, "annotators");
  g_autofree char *text = assay_json_canonical (annotators);
  assert_null (strstr (text, "again"));
}

/* The first that `name` is to label next, "" when nothing is left; `ret_why` says why. */
static char *
next_of (Fixture *f, const char *name, char **ret_why)
{
  g_autoptr (json_t) queue = ASSAY (f, 0, "queue", "--task", "things", "--annotator", name, "-n", "1");
  const json_t *task = at (json_object_get (queue, "tasks"), 0), *items = json_object_get (task, "items");
  gboolean some = json_array_size (items) > 0;
  *ret_why = g_strdup (some ? assay_json_get_string (at (items, 0), "why") : assay_json_get_string (task, "end"));
  return g_strdup (some ? assay_json_get_string (at (items, 0), "name") : "");
}

static json_t *
answer_next (Fixture *f, const char *name, const char *file)
{
  g_autofree char *why = NULL, *item = next_of (f, name, &why);
  assert_string_equal (why, "qualify");
  assert_true (g_str_has_prefix (item, "gold"));
  return ASSAY (f, 0, "label", item, "--task", "things", "--annotator", name, "--set", file);
}

/* Two of three of the last ones must be right. Dan is wrong, right, right, and then gets the queue; eve is always wrong
 * until there is no gold; ann is known, and gets the queue at once. */
static void
whoever_is_new_qualifies_first (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u.png", i < 5 ? "gold" : "other", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      if (i >= 5)
        continue;
      answer (f, item, task, "cleo", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
      json_decref (ASSAY (f, 0, "review", name, "--task", "things", "--truth", "cleo", "--annotator", "rita"));
      json_decref (ASSAY (f, 0, "flag", name, "--set", "gold"));
    }
  g_autoptr (json_t) document
      = json_pack ("{s:{s:i, s:f, s:[ss]}}", "qualify", "items", 3, "at_least", 0.6, "known", "ann", "cleo");
  g_autoptr (AssayPlan) plan = assay_plan_from_json (document, &error);
  ok (plan != NULL && assay_plan_save (f->project->store, plan, NULL, &error), error);
  g_autofree char *right = g_strdup_printf ("%s/right.json", f->directory),
                  *wrong = g_strdup_printf ("%s/wrong.json", f->directory);
  ok (g_file_set_contents (
          right, "{\"schema\":\"assay.box/1\",\"objects\":[{\"class\":\"cup\",\"box\":[10,10,20,20]}]}", -1, &error)
          && g_file_set_contents (
              wrong, "{\"schema\":\"assay.box/1\",\"objects\":[{\"class\":\"bowl\",\"box\":[10,10,20,20]}]}", -1,
              &error),
      error);
  g_autofree char *known_why = NULL, *known = next_of (f, "ann", &known_why);
  assert_string_equal (known, "other5.png");
  g_autoptr (json_t) first = answer_next (f, "dan", wrong), second = answer_next (f, "dan", right),
                     third = answer_next (f, "dan", right);
  const json_t *told = json_object_get (first, "qualification");
  assert_true (json_is_false (json_object_get (told, "right")) && json_is_false (json_object_get (told, "passed")));
  assert_string_equal (assay_json_get_string (told, "words"), "Not right (qualification: 1 of 3 answered, 0 right; 2 are"
                                                              " needed): what you call bowl is a cup");
  assert_true (json_is_false (json_object_get (json_object_get (second, "qualification"), "passed")));
  assert_true (json_is_true (json_object_get (json_object_get (third, "qualification"), "passed")));
  g_autoptr (json_t) queue = ASSAY (f, 0, "queue", "--task", "things", "--annotator", "dan");
  assert_string_equal (assay_json_get_string (at (json_object_get (queue, "tasks"), 0), "qualification"),
                       "qualified: 2 of the last 3 right");
  g_autofree char *then_why = NULL, *then = next_of (f, "dan", &then_why);
  assert_string_equal (then, "other5.png");
  /* Whoever has passed is told no more: gold is mixed in unseen from now on. */
  g_autoptr (json_t) later
      = ASSAY (f, 0, "label", "other5.png", "--task", "things", "--annotator", "dan", "--set", right);
  assert_null (json_object_get (later, "qualification"));
  for (guint i = 0; i < 5; i++)
    json_decref (answer_next (f, "eve", wrong));
  g_autofree char *end = NULL, *none = next_of (f, "eve", &end);
  assert_string_equal (none, "");
  assert_true (g_str_has_prefix (end, "qualification: 0 of the last 3 right; 2 are needed, and there is no item left"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (whoever_is_new_qualifies_first),
    CASE (a_second_answer_goes_from_the_queue_to_self_agreement),
    CASE (changed_label_moves_measure_agree_and_check_alike),
    CASE (check_answers_with_its_exit_status),
    CASE (predictions_are_brought_in_and_held_against_answers),
    CASE (review_goes_from_finding_to_truth),
    CASE (audit_is_stable_and_near_its_share),
    CASE (gate_asks_the_audit),
    CASE (plan_says_what_is_missing),
    CASE (agree_knows_its_groups),
  };
  return cmocka_run_group_tests_name ("cli-qa", tests, NULL, NULL);
}
