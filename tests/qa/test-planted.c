/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors that were planted among answers that are right: each check finds its own, and nothing else. */
#include "tests/qa/planted.h"

#include <math.h>

static const char *const classes[] = { "cup", "bowl", NULL };

static void
a_mask_that_was_copied_is_told_and_one_drawn_twice_is_not (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autofree char *one = draw_square (10, 10, 30), *near = draw_square (10, 11, 30), *dot = draw_square (50, 50, 3);
  g_autoptr (AssayItem) honest = add_item (f, "honest.png", FALSE, NULL);
  g_autoptr (AssayItem) tiny = add_item (f, "tiny.png", FALSE, NULL);
  g_autoptr (AssayItem) copy = add_item (f, "copy.png", FALSE, NULL);
  answer (f, honest, task, "ann", one);
  answer (f, honest, task, "bob", near);
  answer (f, tiny, task, "ann", dot);
  answer (f, tiny, task, "bob", dot);
  assert_nothing (f, "copied", task);
  answer (f, copy, task, "ann", one);
  answer (f, copy, task, "bob", one);
  assert_only (f, "copied", task, "copy.png", "ann's and bob's cup are the same to the last pixel");
}

static void
who_stands_alone_is_told_and_a_quarrel_of_all_is_not (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autofree char *one = draw_square (10, 10, 30), *near = draw_square (10, 11, 30),
                  *off = draw_square (25, 25, 30), *away = draw_square (60, 40, 30);
  g_autoptr (AssayItem) quarrel = add_item (f, "quarrel.png", FALSE, NULL);
  g_autoptr (AssayItem) odd = add_item (f, "odd.png", FALSE, NULL);
  answer (f, quarrel, task, "ann", one);
  answer (f, quarrel, task, "bob", off);
  answer (f, quarrel, task, "cem", away);
  assert_nothing (f, "odd-one-out", task);
  answer (f, odd, task, "ann", one);
  answer (f, odd, task, "bob", near);
  answer (f, odd, task, "cem", off);
  assert_only (f, "odd-one-out", task, "odd.png", "cem stands alone: the other 2 agree");
}

static void
a_rule_that_an_import_broke_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autoptr (AssayItem) good = add_item (f, "good.png", FALSE, NULL);
  g_autoptr (AssayItem) speck = add_item (f, "speck.png", FALSE, NULL);
  g_autofree char *one = draw_square (10, 10, 30);
  answer (f, good, task, "ann", one);
  answer (f, speck, task, "ann",
          "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[40,10],[40,40],[10,40]]},"
          "{\"points\":[[60,60],[61,60],[61,61],[60,61]]}]}]");
  assert_only (f, "rule", task, "speck.png", "one-pixel island");
}

static void
a_pose_that_no_camera_saw_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "poses", "pose", classes);
  static const char words[]
      = "[{\"class\":\"cup\",\"pose\":{\"r\":[1,0,0,0,1,0,0,0,1],\"t_m\":[%s]},\"camera\":{\"fx\":90,"
        "\"fy\":90,\"cx\":50,\"cy\":40}}]";
  g_autofree char *seen = g_strdup_printf (words, "0.1,0,0.5"), *behind = g_strdup_printf (words, "3,0,0.5");
  g_autoptr (AssayItem) good = add_item (f, "good.png", FALSE, NULL);
  g_autoptr (AssayItem) bad = add_item (f, "bad.png", FALSE, NULL);
  answer (f, good, task, "ann", seen);
  answer (f, bad, task, "ann", behind);
  assert_only (f, "behind", task, "bad.png", "far outside the picture of 100 x 80");
}

static AssayTask *
add_skeleton (Fixture *f)
{
  GError *error = NULL;
  AssayTask *task = add_task (f, "hands", "keypoints", classes);
  assay_task_add_node (task, "left");
  assay_task_add_node (task, "right");
  assay_task_add_node (task, "top");
  AssayNode *nodes = (AssayNode *) (gpointer) task->nodes->data;
  nodes[0].mirror = nodes[1].id;
  nodes[1].mirror = nodes[0].id;
  g_array_append_vals (task->edges, &(AssayEdge){ 0, 2 }, 1);
  g_array_append_vals (task->edges, &(AssayEdge){ 1, 2 }, 1);
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
  return task;
}

static char *
place (double left, double right, double top_x, double top_y)
{
  return g_strdup_printf (
      "[{\"class\":\"cup\",\"points\":[{\"node\":\"left\",\"state\":\"visible\",\"at\":[%g,60]},"
      "{\"node\":\"right\",\"state\":\"visible\",\"at\":[%g,60]},{\"node\":\"top\",\"state\":\"visible\","
      "\"at\":[%g,%g]}]}]",
      left, right, top_x, top_y);
}

static void
sides_that_were_exchanged_are_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_skeleton (f);
  g_autofree char *right = place (10, 60, 35, 10), *near = place (12, 59, 35, 11),
                  *swapped = place (60, 10, 35, 10);
  g_autoptr (AssayItem) good = add_item (f, "good.png", FALSE, NULL);
  g_autoptr (AssayItem) bad = add_item (f, "bad.png", FALSE, NULL);
  answer (f, good, task, "ann", right);
  answer (f, good, task, "bob", near);
  answer (f, bad, task, "ann", right);
  answer (f, bad, task, "bob", swapped);
  assert_only (f, "mirrored", task, "bad.png", "with the sides exchanged");
}

static void
a_point_that_only_one_has_not_placed_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_skeleton (f);
  g_autofree char *whole = place (10, 60, 35, 10), *near = place (12, 59, 35, 11);
  static const char lacking[]
      = "[{\"class\":\"cup\",\"points\":[{\"node\":\"left\",\"state\":\"visible\",\"at\":[10,60]},"
        "{\"node\":\"right\",\"state\":\"visible\",\"at\":[60,60]},"
        "{\"node\":\"top\",\"state\":\"unlabelled\"}]}]";
  g_autoptr (AssayItem) good = add_item (f, "good.png", FALSE, NULL);
  g_autoptr (AssayItem) bad = add_item (f, "bad.png", FALSE, NULL);
  answer (f, good, task, "ann", lacking);
  answer (f, good, task, "bob", lacking);
  answer (f, good, task, "cem", whole);
  answer (f, bad, task, "ann", whole);
  answer (f, bad, task, "bob", near);
  answer (f, bad, task, "cem", lacking);
  assert_only (f, "missing-point", task, "bad.png", "cem has not placed top of cup, and 2 of 2 others have");
}

static void
a_point_that_slipped_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_skeleton (f);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autofree char *one
          = place (10, 60, 35, 10),
          *near = place (10.5 + 0.05 * (i % 7), 60.3 + 0.04 * (i % 5), 35.4 + 0.03 * (i % 6), 10),
          *far = place (9.6 - 0.05 * (i % 5), 59.5 - 0.04 * (i % 6), i == 12 ? 42 : 34.6 - 0.03 * (i % 7), 10);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", one);
      answer (f, item, task, "bob", near);
      answer (f, item, task, "cem", far);
    }
  assert_nothing (f, "disagreement", task);
  assert_only (f, "off-point", task, "12.png", "cem placed a point 13.");
}

static void
a_sloppy_box_within_the_tolerance_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 30; i++)
    {
      static const char form[] = "[{\"class\":\"cup\",\"box\":[%g,10,40,40]}]";
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autofree char *one = g_strdup_printf (form, 10.0), *near = g_strdup_printf (form, 10.5 + 0.05 * (i % 7)),
                      *far = g_strdup_printf (form, i == 7 ? 15.5 : 9.5 - 0.05 * (i % 5));
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", one);
      answer (f, item, task, "bob", near);
      answer (f, item, task, "cem", far);
    }
  assert_nothing (f, "disagreement", task);
  assert_only (f, "unlike", task, "07.png", "cem's is only 0.7");
}

static void
a_limb_of_another_length_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_skeleton (f);
  for (guint i = 0; i < 24; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i),
                      *points = i == 7 ? place (10, 60, 12, 52) : place (10 + i % 3, 60 - i % 4, 35 + i % 5, 12);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", points);
    }
  assert_only (f, "bone", task, "07.png", "limb");
}

static void
speech_at_an_impossible_rate_is_told_and_speakers_are_not_mixed (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.wav", i);
      gboolean slow = i >= 30;
      const char *words = i == 9 ? "yes" : slow ? "one two" : "one two three four";
      g_autofree char *objects = g_strdup_printf ("[{\"start\":0,\"end\":%u,\"text\":\"%s\",\"speaker\":\"%s\"}]",
                                                  15000 + 10 * i, words, slow ? "slow" : "quick");
      g_autoptr (AssayItem) item = add_item (f, name, TRUE, NULL);
      answer (f, item, task, "ann", objects);
    }
  assert_only (f, "speech-rate", task, "09.wav", "words that are missing");
}

static void
answer_in (Fixture *f, const AssayItem *item, const AssayTask *task, const char *name, double seconds,
           gboolean simulated)
{
  GError *error = NULL;
  g_autofree char *objects = draw_square (10, 10, 20);
  g_autoptr (AssayAnnotator) annotator
      = assay_annotator_ensure (f->project->store, name, ASSAY_ANNOTATOR_PERSON, &error);
  g_autofree char *text = g_strdup_printf ("{\"schema\":\"assay.segmentation/1\",\"objects\":%s}", objects);
  g_autoptr (json_t) document = assay_json_parse (text, strlen (text), "answer", &error);
  g_autoptr (AssayLabel) label = assay_label_new (item, task, annotator);
  assay_objects_free (label->objects);
  label->objects = assay_objects_from_json (document, task, item, &error);
  label->state = ASSAY_LABEL_SUBMITTED;
  label->tool = g_strdup ("test");
  label->seconds = seconds;
  label->simulated = simulated;
  ok (assay_label_save (f->project->store, label, NULL, &error), error);
}

static void
who_clicks_through_is_told_and_a_program_is_not (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer_in (f, item, task, "ann", i == 12 ? 1.5 : 25 + 3 * (i % 7), FALSE);
      answer_in (f, item, task, "robot", 0.1, TRUE);
    }
  assert_only (f, "too-fast", task, "12.png", "ann took 1.5 s an object here");
}

static void
say (Fixture *f, const AssayTask *task, const char *name, const char *who, const char *text)
{
  g_autofree char *objects = g_strdup_printf ("[{\"start\":0,\"end\":15000,\"text\":\"%s\"}]", text);
  g_autoptr (AssayItem) item = add_item (f, name, TRUE, NULL);
  answer (f, item, task, who, objects);
}

static void
a_word_that_is_another_but_for_a_letter_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.wav", i);
      say (f, task, name, "ann",
           i == 11   ? "the beutiful garden"
           : i == 12 ? "gardens were lit"
                     : "the beautiful garden");
    }
  assert_only (f, "spelling", task, "11.wav", "ann wrote “beutiful”, and “beautiful” is written 28 times");
}

static void
what_is_written_in_two_ways_is_told_once (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *ann = g_strdup_printf ("ann-%02u.wav", i), *bob = g_strdup_printf ("bob-%02u.wav", i);
      say (f, task, ann, "ann", "well um the boat went up the river");
      say (f, task, bob, "bob", "the boat went up the river and back");
    }
  assert_only (f, "two-ways", task, "project", "ann writes fillers (“um”, “uh”) and bob leaves them out");
}

static void
a_class_that_changes_on_the_way_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *objects = g_strdup_printf (
          "[{\"class\":\"%s\",\"track\":\"11111111-2222-8333-8444-555555555555\",\"box\":[%u,10,20,20]}]",
          i == 3 ? "bowl" : "cup", 10 + i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", objects);
    }
  assert_only (f, "track-class", task, "3.png", "ann calls this bowl here, and cup in 4 of 5 pictures");
}

static void
who_is_stuck_on_one_class_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "tag", classes);
  for (guint i = 0; i < 120; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", "[{\"class\":\"cup\"}]");
      if (i < 40)
        answer (f, item, task, "bob", i % 2 == 0 ? "[{\"class\":\"cup\"}]" : "[{\"class\":\"bowl\"}]");
    }
  assert_only (f, "stuck", task, "project", "ann says cup of 100 % of 120 objects, the others of 50 %");
}

static void
a_class_that_hardly_exists_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "tag", classes);
  for (guint i = 0; i < 110; i++)
    {
      g_autofree char *name = g_strdup_printf ("%03u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      answer (f, item, task, "ann", i == 50 ? "[{\"class\":\"bowl\"}]" : "[{\"class\":\"cup\"}]");
    }
  assert_only (f, "balance", task, "project", "there are 1 of bowl and 109 of cup");
}

static void
two_names_of_one_class_are_told (void **state)
{
  Fixture *f = *state;
  static const char *const doubled[] = { "traffic light", "Traffic_Lights", "cup", NULL };
  g_autoptr (AssayTask) task = add_task (f, "things", "box", doubled);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[]");
  assert_only (f, "class-names", task, "project", "traffic light and Traffic_Lights seem to be one");
}

static void
a_subject_in_two_groups_is_told (void **state)
{
  Fixture *f = *state;
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.png", i);
      g_autofree char *conditions = g_strdup_printf ("{\"subject\":\"%s\"}", i < 2    ? "p01"
                                                                             : i == 2 ? "p02"
                                                                                      : "p03");
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, conditions);
    }
  assert_only (f, "leak", NULL, "project", "p01 is in 2 groups");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (a_mask_that_was_copied_is_told_and_one_drawn_twice_is_not),
    CASE (who_stands_alone_is_told_and_a_quarrel_of_all_is_not),
    CASE (a_rule_that_an_import_broke_is_told),
    CASE (a_pose_that_no_camera_saw_is_told),
    CASE (sides_that_were_exchanged_are_told),
    CASE (a_point_that_only_one_has_not_placed_is_told),
    CASE (a_point_that_slipped_is_told),
    CASE (a_sloppy_box_within_the_tolerance_is_told),
    CASE (a_limb_of_another_length_is_told),
    CASE (speech_at_an_impossible_rate_is_told_and_speakers_are_not_mixed),
    CASE (a_word_that_is_another_but_for_a_letter_is_told),
    CASE (what_is_written_in_two_ways_is_told_once),
    CASE (a_class_that_changes_on_the_way_is_told),
    CASE (who_is_stuck_on_one_class_is_told),
    CASE (a_class_that_hardly_exists_is_told),
    CASE (two_names_of_one_class_are_told),
    CASE (a_subject_in_two_groups_is_told),
    CASE (who_clicks_through_is_told_and_a_program_is_not),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
