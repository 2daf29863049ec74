/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/consensus.h"

#include "core/error.h"
#include "core/pose.h"
#include "core/region.h"
#include "core/transcript.h"

#include "tests/qa/fixture.h"

#include <math.h>

static const char *const classes[] = { "cup", "bowl", NULL };

static AssayObjects *
fuse (Fixture *f, const AssayItem *item, const AssayTask *task)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) labels = assay_label_list (f->project->store, item->row, task, TRUE, &error);
  ok (labels != NULL, error);
  AssayObjects *objects = assay_consensus_compute (labels, task, item, &error);
  ok (objects != NULL, error);
  return objects;
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
  g_autoptr (AssayItem) item = add_item (f, "a.wav", TRUE, NULL);
  answer (f, item, task, "ann", "[{\"start\":0,\"end\":9000,\"text\":\"a quite other sentence\"}]");
  answer (f, item, task, "bob", "[{\"start\":0,\"end\":9000,\"text\":\"the cat sat on a mat\"}]");
  answer (f, item, task, "cem", "[{\"start\":0,\"end\":9000,\"text\":\"the cat sat on the mat\"}]");
  g_autoptr (AssayObjects) objects = fuse (f, item, task);
  assert_string_equal (((const AssaySegment *) only (objects)->value)->text, "the cat sat on a mat");
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
    CASE (tags_go_by_majority),
    CASE (every_kind_has_a_way_to_join),
    CASE (one_answer_is_no_consensus),
  };
  return cmocka_run_group_tests_name ("consensus", tests, NULL, NULL);
}
