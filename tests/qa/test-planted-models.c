/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Errors that were planted among answers that a model knows better, and what checks see beside the answers: each finds its own, and
 * nothing else. */
#include "tests/qa/planted.h"

#include "core/media.h"
#include "qa/follow.h"
#include "qa/label-scores.h"
#include "qa/prediction.h"

#include <glib/gstdio.h>
#include <math.h>

static const char *const classes[] = { "cup", "bowl", NULL };

/* A draft by net-7. */
static void
predict (Fixture *f, const AssayItem *item, const AssayTask *task, const char *objects)
{
  GError *error = NULL;
  g_autofree char *text = g_strdup_printf ("{\"schema\":\"assay.%s/1\",\"objects\":%s}", task->kind->id, objects);
  g_autoptr (json_t) document = assay_json_parse (text, strlen (text), "prediction", &error);
  ok (document != NULL, error);
  g_autoptr (AssayAnnotator) model = assay_annotator_ensure (f->project->store, "net-7", ASSAY_ANNOTATOR_MODEL, &error);
  g_autoptr (AssayLabel) label = assay_label_new (item, task, model);
  assay_objects_free (label->objects);
  label->objects = assay_objects_from_json (document, task, item, &error);
  ok (label->objects != NULL, error);
  label->state = ASSAY_LABEL_DRAFT;
  label->tool = g_strdup ("test");
  ok (assay_label_save (f->project->store, label, NULL, &error), error);
}

static const char right_boxes[] = "[{\"class\":\"cup\",\"box\":[10,10,20,20]},{\"class\":\"bowl\",\"box\":[60,40,20,20]}]",
                  sure_boxes[] = "[{\"class\":\"cup\",\"box\":[10,11,20,20],\"attributes\":{\"coco\":{\"score\":0.99}}},"
                                 "{\"class\":\"bowl\",\"box\":[61,40,20,20],\"attributes\":{\"confidence\":0.98}}]",
                  unsure_boxes[] = "[{\"class\":\"cup\",\"box\":[10,11,20,20],\"attributes\":{\"confidence\":0.99}},"
                                   "{\"class\":\"bowl\",\"box\":[61,40,20,20],\"attributes\":{\"confidence\":0.4}}]";

/* One picture whose answer is right, one with `wrong`; the model sees the same in both. */
static void
plant_boxes (Fixture *f, const AssayTask *task, const char *wrong)
{
  g_autoptr (AssayItem) good = add_item (f, "good.png", FALSE, NULL);
  g_autoptr (AssayItem) bad = add_item (f, "bad.png", FALSE, NULL);
  g_autoptr (AssayItem) unsure = add_item (f, "unsure.png", FALSE, NULL);
  g_autoptr (AssayItem) unseen = add_item (f, "unseen.png", FALSE, NULL);
  answer (f, good, task, "ann", right_boxes);
  answer (f, bad, task, "ann", wrong);
  answer (f, unsure, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, unseen, task, "ann", "[]");
  predict (f, good, task, sure_boxes);
  predict (f, bad, task, sure_boxes);
  predict (f, unsure, task, unsure_boxes);
}

static void
what_a_model_is_sure_of_and_an_answer_lacks_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  plant_boxes (f, task, "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  assert_only (f, "overlooked", task, "bad.png", "net-7 sees a bowl here (0.98 sure), and ann has nothing in this place");
  assert_nothing (f, "badly-placed", task);
  assert_nothing (f, "swapped", task);
  assert_nothing (f, "missing-object", task); /* a model is no second opinion */
}

static void
a_box_beside_the_thing_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  plant_boxes (f, task, "[{\"class\":\"cup\",\"box\":[22,10,20,20]},{\"class\":\"bowl\",\"box\":[60,40,20,20]}]");
  assert_only (f, "badly-placed", task, "bad.png", "ann's cup covers another place than net-7 sees it in");
  assert_nothing (f, "overlooked", task);
  assert_nothing (f, "swapped", task);
}

static void
what_no_model_sees_is_noted (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  plant_boxes (f, task,
               "[{\"class\":\"cup\",\"box\":[10,10,20,20]},{\"class\":\"bowl\",\"box\":[60,40,20,20]},"
               "{\"class\":\"cup\",\"box\":[60,5,20,20]}]");
  assert_only (f, "unseen", task, "bad.png", "ann has a cup here, and net-7 sees nothing in this place");
}

static void
a_class_in_anothers_place_is_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  plant_boxes (f, task, "[{\"class\":\"bowl\",\"box\":[10,10,20,20]},{\"class\":\"bowl\",\"box\":[60,40,20,20]}]");
  assert_only (f, "swapped", task, "bad.png", "ann says bowl, and net-7 is sure of cup in the same place (0.99)");
  assert_nothing (f, "overlooked", task);
}

static void
a_finding_goes_when_the_answer_is_mended_and_comes_when_a_model_has_spoken (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "things", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  ok (assay_check_run (f->project, NULL, 0, NULL, NULL, NULL, &error), error);
  guint n;
  gboolean more;
  predict (f, item, task, sure_boxes);
  ok (assay_follow (f->project, 10, &n, &more, &error), error);
  assert_int_equal (n, 1);
  g_autoptr (GPtrArray) told = assay_finding_list (f->project->store, TRUE, &error);
  gboolean found = FALSE;
  for (guint i = 0; i < told->len; i++)
    found |= g_str_equal (((AssayFinding *) told->pdata[i])->check, "overlooked");
  assert_true (found);
  answer (f, item, task, "ann", right_boxes);
  ok (assay_follow (f->project, 10, &n, &more, &error), error);
  g_autoptr (GPtrArray) after = assay_finding_list (f->project->store, TRUE, &error);
  for (guint i = 0; i < after->len; i++)
    assert_string_not_equal (((AssayFinding *) after->pdata[i])->check, "overlooked");
}

static void
a_tag_that_a_model_disputes_is_told_and_its_own_errors_are_not (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "tag", classes);
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      gboolean is_cup = i % 2 == 0, says_cup = i == 17 ? !is_cup : is_cup;
      double cup = is_cup ? 0.9 : 0.12;
      g_autofree char *seen = g_strdup_printf (
          "[{\"class\":\"%s\",\"attributes\":{\"probabilities\":{\"cup\":%g,\"bowl\":%g}}}]", is_cup ? "cup" : "bowl", cup, 1 - cup);
      answer (f, item, task, "ann", says_cup ? "[{\"class\":\"cup\"}]" : "[{\"class\":\"bowl\"}]");
      predict (f, item, task, seen);
    }
  assert_only (f, "class-suspect", task, "17.png", "ann says cup, and net-7 gives 0.88 to bowl and 0.12 to that");
}

static void
pixels_of_another_class_are_told_and_outlines_are_not (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autofree char *right = draw_square (10, 10, 40), *near = draw_square (11, 9, 41), *half = draw_square (10, 10, 25);
  g_autoptr (AssayItem) good = add_item (f, "good.png", FALSE, NULL);
  g_autoptr (AssayItem) bad = add_item (f, "bad.png", FALSE, NULL);
  answer (f, good, task, "ann", right);
  answer (f, bad, task, "ann", half);
  predict (f, good, task, near);
  predict (f, bad, task, right);
  assert_only (f, "pixels", task, "bad.png", "of cup are cup in ann's answer and not by net-7, or the other way round");
}

static void
words_that_a_recogniser_does_not_hear_are_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.wav", i);
      g_autofree char *said = g_strdup_printf (
          "[{\"start\":0,\"end\":15000,\"text\":\"%s\"}]",
          i == 8 ? "nothing of this was ever said here" : "the boat went up the river and back");
      g_autoptr (AssayItem) item = add_item (f, name, TRUE, NULL);
      answer (f, item, task, "ann", said);
      predict (f, item, task, "[{\"start\":0,\"end\":15000,\"text\":\"the boat went up a river and back\"}]");
    }
  assert_only (f, "recogniser", task, "08.wav", "ann and net-7 differ in their words");
}

static const char cube[]
    = "ply\nformat ascii 1.0\nelement vertex 8\nproperty float x\nproperty float y\nproperty float z\nelement face 12\n"
      "property list uchar int vertex_indices\nend_header\n-0.1 -0.1 -0.1\n0.1 -0.1 -0.1\n0.1 0.1 -0.1\n-0.1 0.1 -0.1\n"
      "-0.1 -0.1 0.1\n0.1 -0.1 0.1\n0.1 0.1 0.1\n-0.1 0.1 0.1\n3 0 1 2\n3 0 2 3\n3 4 5 6\n3 4 6 7\n3 0 1 5\n3 0 5 4\n3 3 2 6\n3 3 6 7\n"
      "3 0 3 7\n3 0 7 4\n3 1 2 6\n3 1 6 5\n";

static AssayTask *
add_pose_task (Fixture *f)
{
  GError *error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "poses", "pose", classes);
  AssayClass *cup = task->classes->pdata[0];
  cup->model = assay_sha256 (cube, strlen (cube));
  cup->model_unit_m = 1;
  g_autofree char *path = assay_media_dup_path (f->project, &cup->model, "ply"), *folder = g_path_get_dirname (path);
  assert_int_equal (g_mkdir_with_parents (folder, 0755), 0);
  ok (g_file_set_contents (path, cube, -1, &error), error);
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
  return g_steal_pointer (&task);
}

static void
a_pose_off_its_mask_is_told_and_goes_when_the_mask_is_mended (void **state)
{
  Fixture *f = *state;
  GError *error = NULL;
  g_autoptr (AssayTask) masks = add_task (f, "masks", "segmentation", classes);
  g_autoptr (AssayTask) task = add_pose_task (f);
  /* 0.2 m at 0.9 m by 100 px: its near face is 22 px wide. */
  static const char pose[] = "[{\"class\":\"cup\",\"pose\":{\"r\":[1,0,0,0,1,0,0,0,1],\"t_m\":[0,0,1]},\"camera\":{\"fx\":100,"
                             "\"fy\":100,\"cx\":49.5,\"cy\":39.5}}]";
  g_autofree char *right = draw_square (39, 29, 22), *off = draw_square (45, 29, 22);
  g_autoptr (AssayItem) good = add_item (f, "good.png", FALSE, NULL);
  g_autoptr (AssayItem) bad = add_item (f, "bad.png", FALSE, NULL);
  g_autoptr (AssayItem) alone = add_item (f, "alone.png", FALSE, NULL);
  answer (f, good, task, "ann", pose);
  answer (f, bad, task, "ann", pose);
  answer (f, alone, task, "ann", pose);
  answer (f, good, masks, "bob", right);
  answer (f, bad, masks, "bob", off);
  assert_only (f, "silhouette", task, "bad.png", "ann's pose of cup covers its mask in masks by only 57 %");
  ok (assay_check_run (f->project, NULL, 0, NULL, NULL, NULL, &error), error);
  answer (f, bad, masks, "bob", right);
  guint n;
  gboolean more;
  ok (assay_follow (f->project, 10, &n, &more, &error), error);
  g_autoptr (GPtrArray) after = assay_finding_list (f->project->store, TRUE, &error);
  for (guint i = 0; i < after->len; i++)
    assert_string_not_equal (((AssayFinding *) after->pdata[i])->check, "silhouette");
}

/* As qa/arrival.h would have measured it. */
static void
measured (Fixture *f, const AssayItem *item, guint first, guint last)
{
  GError *error = NULL;
  g_autofree char *facts = g_strdup_printf ("{\"speech\":[%u,%u]}", first, last);
  ok (assay_store_run (f->project->store, NULL, &error,
                       "INSERT OR REPLACE INTO partial (\"check\", key, data) VALUES ('arrival', ?1, ?2)", "bb", &item->id,
                       sizeof item->id, facts, strlen (facts)),
      error);
}

static void
words_in_silence_and_silence_at_the_edges_are_told (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  g_autoptr (AssayItem) good = add_item (f, "good.wav", TRUE, NULL);
  g_autoptr (AssayItem) early = add_item (f, "early.wav", TRUE, NULL);
  g_autoptr (AssayItem) nowhere = add_item (f, "nowhere.wav", TRUE, NULL);
  measured (f, good, 1600, 14400);
  measured (f, early, 12000, 15000);
  measured (f, nowhere, 100, 4000);
  answer (f, good, task, "ann", "[{\"start\":1000,\"end\":15000,\"text\":\"yes\"}]");
  answer (f, early, task, "ann", "[{\"start\":1000,\"end\":15000,\"text\":\"yes\"}]");
  answer (f, nowhere, task, "ann", "[{\"start\":100,\"end\":4000,\"text\":\"yes\"}]");
  assert_only (f, "segment-edges", task, "early.wav", "ann's segment begins with 0.7 s of silence");
  answer (f, early, task, "ann", "[{\"start\":11500,\"end\":15000,\"text\":\"yes\"}]");
  answer (f, nowhere, task, "ann", "[{\"start\":5000,\"end\":15000,\"text\":\"yes\"}]");
  assert_only (f, "segment-edges", task, "nowhere.wav", "ann wrote “yes” where nobody speaks");
}

/* Weights are so many equal pixels. */
static void
softmin_of_weights_is_that_of_as_many_scores (void **state)
{
  const double many[] = { 0.2, 0.2, 0.2, 0.9, 0.9 }, few[] = { 0.2, 0.9, 0.05 }, weights[] = { 3, 2, 0 };
  assert_true (fabs (assay_softmin (many, 5, 0.1) - assay_softmin_weighted (few, weights, 3, 0.1)) < 1e-12);
  g_autoptr (AssayTask) task = assay_task_new ("t", assay_kind_find ("tag"));
  for (guint i = 0; i < 3; i++)
    assay_task_add_class (task, i == 0 ? "a" : i == 1 ? "b" : "c");
  AssayObject *object = assay_object_new (&((AssayClass *) task->classes->pdata[1])->id, NULL);
  double p[3];
  object->attributes = json_pack ("{s:f}", "confidence", 0.8);
  assert_true (assay_prediction_probabilities (object, task, p));
  assert_true (fabs (p[0] - 0.1) < 1e-12 && fabs (p[1] - 0.8) < 1e-12 && fabs (p[2] - 0.1) < 1e-12);
  json_object_set_new (object->attributes, "probabilities", json_pack ("[f, f, f]", 2.0, 1.0, 1.0));
  assert_true (assay_prediction_probabilities (object, task, p));
  assert_true (fabs (p[0] - 0.5) < 1e-12 && fabs (p[1] - 0.25) < 1e-12);
  assay_object_free (object, task->kind);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (what_a_model_is_sure_of_and_an_answer_lacks_is_told),
    CASE (a_box_beside_the_thing_is_told),
    CASE (what_no_model_sees_is_noted),
    CASE (a_class_in_anothers_place_is_told),
    CASE (a_finding_goes_when_the_answer_is_mended_and_comes_when_a_model_has_spoken),
    CASE (a_tag_that_a_model_disputes_is_told_and_its_own_errors_are_not),
    CASE (pixels_of_another_class_are_told_and_outlines_are_not),
    CASE (words_that_a_recogniser_does_not_hear_are_told),
    CASE (a_pose_off_its_mask_is_told_and_goes_when_the_mask_is_mended),
    CASE (words_in_silence_and_silence_at_the_edges_are_told),
    cmocka_unit_test (softmin_of_weights_is_that_of_as_many_scores),
  };
  return cmocka_run_group_tests_name ("planted-models", tests, NULL, NULL);
}
