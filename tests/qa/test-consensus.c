/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/consensus.h"

#include "core/error.h"
#include "core/pose.h"
#include "core/region.h"
#include "core/transcript.h"
#include "qa/robust.h"
#include "qa/staple.h"

#include "tests/qa/fixture.h"

#include <math.h>

static const char *const classes[] = { "cup", "bowl", NULL };

static AssayObjects *
fuse (Fixture *f, const AssayItem *item, const AssayTask *task)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) labels = assay_label_list (f->project->store, item->row, task, TRUE, &error);
  ok (labels != NULL, error);
  AssayObjects *objects = assay_consensus_compute (labels, task, item, NULL, NULL, &error);
  ok (objects != NULL, error);
  return objects;
}

static void
ask_for (Fixture *f, AssayTask *task, const char *rules)
{
  GError *error = NULL;
  json_decref (task->rules);
  task->rules = assay_json_parse (rules, strlen (rules), "rules", &error);
  ok (task->rules != NULL, error);
  ok (assay_task_save (f->project->store, task, NULL, &error), error);
}

/* Saved: what it says of how it was made, new. */
static char *
save_and_tell (Fixture *f, const AssayItem *item, const AssayTask *task, AssayObjects **ret_objects)
{
  GError *error = NULL;
  g_autoptr (AssayLabel) label = assay_consensus_save (f->project->store, item, task, &error);
  ok (label != NULL, error);
  *ret_objects = assay_objects_copy (label->objects);
  return g_strdup (label->assisted);
}

static const AssayObject *
only (const AssayObjects *objects)
{
  assert_int_equal (objects->list->len, 1);
  return g_ptr_array_index (objects->list, 0);
}

static void
mask_is_what_most_have (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"rings\":[{\"points\":[[10,10],[30,10],[30,20],[10,20]]}]}]");
  answer (f, item, task, "bob",
          "[{\"class\":\"bowl\",\"rings\":[{\"points\":[[12,10],[32,10],[32,20],[12,20]]}]}]");
  answer (f, item, task, "cem",
          "[{\"class\":\"cup\",\"rings\":[{\"points\":[[14,10],[34,10],[34,20],[14,20]]}]},"
          "{\"class\":\"cup\",\"rings\":[{\"points\":[[60,60],[70,60],[70,70],[60,70]]}]}]");
  g_autoptr (AssayObjects) objects = fuse (f, item, task);
  const AssayObject *object = only (objects); /* what cem alone has is not there */
  g_autoptr (AssayMask) wanted
      = assay_mask_new_from_box ((AssayRect){ 12, 10, 20, 10 }, FIXTURE_WIDTH_PX, FIXTURE_HEIGHT_PX);
  assert_true (assay_mask_equal (((const AssayRegion *) object->value)->mask, wanted));
  assert_true (assay_id_equal (&object->class_id, &assay_task_find_class_named (task, "cup")->id));
  g_autoptr (AssayObjects) again = fuse (f, item, task);
  assert_true (assay_objects_equal (objects, again));
}

/* Five masks of four squares each, every square shared by just one other: all are one thing (IoU 1/7 each with
 * each), and no pixel is in three of them. */
static void
mask_without_a_pixel_that_most_have_is_no_object (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  for (guint who = 0; who < 5; who++)
    {
      g_autoptr (GString) rings = g_string_new (NULL);
      for (guint a = 0, square = 0; a < 5; a++)
        for (guint b = a + 1; b < 5; b++, square++)
          if (who == a || who == b)
            g_string_append_printf (rings, "%s{\"points\":[[%u,10],[%u,10],[%u,14],[%u,14]]}",
                                    rings->len > 0 ? "," : "", 8 * square, 8 * square + 4, 8 * square + 4,
                                    8 * square);
      g_autofree char *name = g_strdup_printf ("annotator-%u", who);
      g_autofree char *objects = g_strdup_printf ("[{\"class\":\"cup\",\"rings\":[%s]}]", rings->str);
      answer (f, item, task, name, objects);
    }
  g_autoptr (AssayObjects) objects = fuse (f, item, task);
  assert_int_equal (objects->list->len, 0);
}

static void
boxes_and_points_and_poses_meet_in_the_middle (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  g_autoptr (AssayTask) boxes = add_task (f, "boxes", "box", classes);
  answer (f, item, boxes, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  answer (f, item, boxes, "bob", "[{\"class\":\"cup\",\"box\":[12,14,24,20]}]");
  g_autoptr (AssayObjects) fused = fuse (f, item, boxes);
  AssayRect box = ((const AssayBox *) only (fused)->value)->box;
  assert_true (box.x == 11 && box.y == 12 && box.w == 22 && box.h == 20);

  g_autoptr (AssayTask) poses = add_task (f, "poses", "pose", classes);
  const char *form = "[{\"class\":\"cup\",\"pose\":{\"r\":[%s,0,0,0,1],\"t_m\":[%s,0,0.5]},\"camera\":{\"fx\":100,"
                     "\"fy\":100,\"cx\":50,\"cy\":40}}]";
  /* 6, 12 and 18 degrees about z: the middle is 12. */
  g_autofree char *a = g_strdup_printf (
      form, "0.9945218953682733,-0.10452846326765347,0,0.10452846326765347,0.9945218953682733", "0");
  g_autofree char *b = g_strdup_printf (
      form, "0.9781476007338057,-0.20791169081775934,0,0.20791169081775934,0.9781476007338057", "0.003");
  g_autofree char *c = g_strdup_printf (
      form, "0.9510565162951535,-0.3090169943749474,0,0.3090169943749474,0.9510565162951535", "0.006");
  answer (f, item, poses, "ann", a);
  answer (f, item, poses, "bob", b);
  answer (f, item, poses, "cem", c);
  g_autoptr (AssayObjects) middle = fuse (f, item, poses);
  const AssayPosed *posed = only (middle)->value;
  assert_true (fabs (posed->pose.r[3] - 0.20791169081775934) < 1e-12);
  assert_true (fabs (posed->pose.t_m[0] - 0.003) < 1e-12);
  assert_true (assay_pose_is_rigid (&posed->pose, 1e-12));
}

static void
transcript_nearest_to_the_others_is_taken (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  ask_for (f, task, "{\"consensus\":\"nearest\"}");
  g_autoptr (AssayItem) item = add_item (f, "a.wav", TRUE, NULL);
  answer (f, item, task, "ann", "[{\"start\":0,\"end\":9000,\"text\":\"a quite other sentence\"}]");
  answer (f, item, task, "bob", "[{\"start\":0,\"end\":9000,\"text\":\"the cat sat on a mat\"}]");
  answer (f, item, task, "cem", "[{\"start\":0,\"end\":9000,\"text\":\"the cat sat on the mat\"}]");
  g_autoptr (AssayObjects) objects = fuse (f, item, task);
  assert_string_equal (((const AssaySegment *) only (objects)->value)->text, "the cat sat on a mat");
}

/* Each is wrong in another word (2 of 7 apart, each from each): the words are voted on, the segments are the
 * first's. */
static void
words_are_voted_on_one_by_one (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "speech", "transcript", NULL);
  g_autoptr (AssayItem) item = add_item (f, "a.wav", TRUE, NULL);
  answer (f, item, task, "ann",
          "[{\"start\":5000,\"end\":9000,\"text\":\"on the big mat\"},"
          "{\"start\":0,\"end\":4000,\"text\":\"the cat set\"}]");
  answer (f, item, task, "bob", "[{\"start\":0,\"end\":9000,\"text\":\"the cat sat on the big mad\"}]");
  answer (f, item, task, "cem", "[{\"start\":0,\"end\":9000,\"text\":\"that cat sat on the big mat\"}]");
  g_autoptr (AssayObjects) objects = NULL;
  g_autofree char *how = save_and_tell (f, item, task, &objects);
  assert_true (g_str_has_prefix (how, "rover of "));
  assert_int_equal (objects->list->len, 2);
  for (guint i = 0; i < 2; i++)
    {
      const AssaySegment *segment = ((const AssayObject *) objects->list->pdata[i])->value;
      assert_string_equal (segment->text, segment->start == 0 ? "the cat sat" : "on the big mat");
    }
}

/* Two always say cup. Half the items show bowls, on which the votes are two against two: most say nothing, but who
 * always says the same is not believed. */
static void
tags_are_weighed_by_who_can_be_believed (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "scene", "tag", classes);
  g_autoptr (AssayItem) asked = NULL;
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("%02u.png", i);
      g_autoptr (AssayItem) item = add_item (f, name, FALSE, NULL);
      const char *truth = i % 2 == 0 ? "[{\"class\":\"cup\"}]" : "[{\"class\":\"bowl\"}]";
      answer (f, item, task, "ann", truth);
      answer (f, item, task, "bob", truth);
      answer (f, item, task, "dan", "[{\"class\":\"cup\"}]");
      answer (f, item, task, "eve", "[{\"class\":\"cup\"}]");
      if (i == 7)
        asked = g_steal_pointer (&item);
    }
  g_autoptr (AssayObjects) plain = fuse (f, asked, task), weighed = NULL;
  assert_int_equal (plain->list->len, 0);
  g_autofree char *how = save_and_tell (f, asked, task, &weighed);
  assert_true (g_str_has_prefix (how, "dawid-skene of "));
  assert_true (assay_id_equal (&only (weighed)->class_id, &assay_task_find_class_named (task, "bowl")->id));
  ask_for (f, task, "{\"consensus\":\"majority\"}");
  g_autoptr (AssayObjects) most = NULL;
  g_autofree char *simply = save_and_tell (f, asked, task, &most);
  assert_true (g_str_has_prefix (simply, "majority of "));
  assert_int_equal (most->list->len, 0);
}

/* One of three is far off: the middle stays with the two. */
static void
one_wild_answer_moves_nothing (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) boxes = add_task (f, "boxes", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, boxes, "ann", "[{\"class\":\"cup\",\"box\":[10,10,40,20]}]");
  answer (f, item, boxes, "bob", "[{\"class\":\"cup\",\"box\":[10,10,40,20]}]");
  answer (f, item, boxes, "cem", "[{\"class\":\"cup\",\"box\":[10,10,70,30]}]");
  g_autoptr (AssayObjects) fused = fuse (f, item, boxes);
  AssayRect box = ((const AssayBox *) only (fused)->value)->box;
  assert_true (box.x == 10 && box.y == 10 && box.w == 40 && box.h == 20);
  ask_for (f, boxes, "{\"consensus\":\"mean\"}");
  g_autoptr (AssayObjects) mean = fuse (f, item, boxes);
  box = ((const AssayBox *) only (mean)->value)->box;
  assert_true (fabs (box.w - 50) < 1e-12);
  ask_for (f, boxes, "{\"consensus\":\"dowsing\"}");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) labels = assay_label_list (f->project->store, item->row, boxes, TRUE, NULL);
  assert_null (assay_consensus_compute (labels, boxes, item, NULL, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
}

/* Half a turn about z is no turn of this model: its middle is not between upright and upside down. */
static void
poses_meet_where_the_model_looks_the_same (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "poses", "pose", classes);
  ask_for (f, task,
           "{\"symmetries\":{\"cup\":{\"symmetries_discrete\":[[-1,0,0,0, 0,-1,0,0, 0,0,1,0, 0,0,0,1]]}}}");
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  const char *form
      = "[{\"class\":\"cup\",\"pose\":{\"r\":[%d,0,0,0,%d,0,0,0,1],\"t_m\":[0,0,0.5]},\"camera\":{\"fx\":100,"
        "\"fy\":100,\"cx\":50,\"cy\":40}}]";
  g_autofree char *upright = g_strdup_printf (form, 1, 1), *turned = g_strdup_printf (form, -1, -1);
  answer (f, item, task, "ann", upright);
  answer (f, item, task, "bob", turned);
  g_autoptr (AssayObjects) two = fuse (f, item, task);
  const AssayPosed *posed = only (two)->value;
  assert_true (fabs (fabs (posed->pose.r[0]) - 1) < 1e-9 && fabs (posed->pose.r[8] - 1) < 1e-9);
  answer (f, item, task, "cem", upright);
  g_autoptr (AssayObjects) three = fuse (f, item, task);
  posed = only (three)->value;
  assert_true (fabs (fabs (posed->pose.r[0]) - 1) < 1e-9 && fabs (posed->pose.r[1]) < 1e-9);
}

static void
assert_point (const double *points, guint n, double x, double y)
{
  double at[2];
  assay_robust_point (points, n, 2, at);
  if (!(fabs (at[0] - x) < 1e-7 && fabs (at[1] - y) < 1e-7))
    fail_msg ("(%.9f, %.9f) is not (%.9f, %.9f)", at[0], at[1], x, y);
}

/* Fermat's points: of a triangle without an angle of 120 degrees where all sides are seen under 120; else that
 * corner. Of the right one with legs 3 and 4 by Newton's method, apart from this program. */
static void
the_robust_point_is_fermats (void **state)
{
  const double right[] = { 0, 0, 4, 0, 0, 3 }, wide[] = { 0, 0, 10, 1, -10, 1 };
  const double regular[] = { 0, 0, 6, 0, 3, 5.196152422706632 }, cross[] = { 1, 0, -1, 0, 0, 5, 0, -1, 0, 0 };
  assert_point (right, 3, 0.6957885340875541, 0.751176106505155);
  assert_point (wide, 3, 0, 0);
  assert_point (regular, 3, 3, 1.7320508075688772);
  assert_point (cross, 5, 0, 0);
  const double two[] = { 0, 0, 2, 2 };
  assert_point (two, 2, 1, 1);
  const double numbers[] = { 5, 1, 100, 2 };
  assert_true (assay_robust_median (numbers, 4) == 3.5 && assay_robust_median (numbers, 3) == 5);
}

/* About one axis the middle rotation is the middle angle: 0, 10 and 90 degrees. */
static void
the_robust_rotation_is_the_middle_angle (void **state)
{
  static const double angles[] = { 0, 10, 90 };
  double rotations[27], middle[9];
  for (guint i = 0; i < 3; i++)
    {
      double c = cos (angles[i] * G_PI / 180), s = sin (angles[i] * G_PI / 180);
      const double r[9] = { c, -s, 0, s, c, 0, 0, 0, 1 };
      memcpy (rotations + 9 * i, r, sizeof r);
    }
  assay_robust_rotation (rotations, 3, middle);
  assert_true (fabs (atan2 (middle[3], middle[0]) * 180 / G_PI - 10) < 1e-6);
}

/* Five that differ: the answer is what STAPLE (qa/staple.h, golden) makes of their masks. */
static void
masks_are_weighed_as_staple_does (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "things", "segmentation", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  const AssayRect rects[]
      = { { 10, 10, 20, 20 }, { 10, 10, 20, 20 }, { 11, 10, 20, 20 }, { 8, 10, 28, 20 }, { 6, 8, 30, 24 } };
  AssayMask *masks[G_N_ELEMENTS (rects)];
  for (guint i = 0; i < G_N_ELEMENTS (rects); i++)
    {
      AssayRect r = rects[i];
      g_autofree char *name = g_strdup_printf ("annotator-%u", i);
      g_autofree char *text
          = g_strdup_printf ("[{\"class\":\"cup\",\"rings\":[{\"points\":[[%g,%g],[%g,%g],[%g,%g],[%g,%g]]}]}]",
                             r.x, r.y, r.x + r.w, r.y, r.x + r.w, r.y + r.h, r.x, r.y + r.h);
      answer (f, item, task, name, text);
      masks[i] = assay_mask_new_from_box (r, FIXTURE_WIDTH_PX, FIXTURE_HEIGHT_PX);
    }
  g_autoptr (AssayStaple) staple
      = assay_staple_new ((const AssayMask *const *) masks, G_N_ELEMENTS (rects), 10, 0, NULL);
  g_autoptr (AssayMask) wanted = assay_staple_consensus (staple);
  g_autoptr (AssayObjects) objects = NULL;
  g_autofree char *how = save_and_tell (f, item, task, &objects);
  assert_true (g_str_has_prefix (how, "staple of "));
  assert_int_equal (strlen (how), strlen ("staple of ") + 5 * 36 + 4 * 2);
  assert_true (assay_mask_equal (((const AssayRegion *) only (objects)->value)->mask, wanted));
  for (guint i = 0; i < G_N_ELEMENTS (rects); i++)
    assay_mask_free (masks[i]);
}

static void
tags_go_by_majority (void **state)
{
  Fixture *f = *state;
  g_autoptr (AssayTask) task = add_task (f, "scene", "tag", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\"},{\"class\":\"bowl\"}]");
  answer (f, item, task, "bob", "[{\"class\":\"cup\"}]");
  answer (f, item, task, "cem", "[]");
  g_autoptr (AssayObjects) objects = fuse (f, item, task);
  assert_true (assay_id_equal (&only (objects)->class_id, &assay_task_find_class_named (task, "cup")->id));
}

static void
every_kind_has_a_way_to_join (void **state)
{
  Fixture *f = *state;
  guint n = 0;
  const AssayKind *const *kinds = assay_kind_list (&n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (AssayTask) task = add_task (f, kinds[i]->id, kinds[i]->id, classes);
      g_autoptr (AssayItem) item = add_item (f, kinds[i]->id, kinds[i]->media == ASSAY_MEDIA_SOUND, NULL);
      answer (f, item, task, "ann", "[]");
      answer (f, item, task, "bob", "[]");
      g_autoptr (AssayObjects) nothing = fuse (f, item, task);
      assert_int_equal (nothing->list->len, 0);
    }
}

static void
one_answer_is_no_consensus (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) task = add_task (f, "boxes", "box", classes);
  g_autoptr (AssayItem) item = add_item (f, "a.png", FALSE, NULL);
  answer (f, item, task, "ann", "[{\"class\":\"cup\",\"box\":[10,10,20,20]}]");
  g_autoptr (AssayLabel) label = assay_consensus_save (f->project->store, item, task, &error);
  assert_null (label);
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (mask_is_what_most_have),
    CASE (mask_without_a_pixel_that_most_have_is_no_object),
    CASE (boxes_and_points_and_poses_meet_in_the_middle),
    CASE (transcript_nearest_to_the_others_is_taken),
    CASE (words_are_voted_on_one_by_one),
    CASE (tags_are_weighed_by_who_can_be_believed),
    CASE (one_wild_answer_moves_nothing),
    CASE (poses_meet_where_the_model_looks_the_same),
    CASE (masks_are_weighed_as_staple_does),
    cmocka_unit_test (the_robust_point_is_fermats),
    cmocka_unit_test (the_robust_rotation_is_the_middle_angle),
    CASE (tags_go_by_majority),
    CASE (every_kind_has_a_way_to_join),
    CASE (one_answer_is_no_consensus),
  };
  return cmocka_run_group_tests_name ("consensus", tests, NULL, NULL);
}
