/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-demo.h"
#include "core/error.h"
#include "core/json.h"
#include "core/media.h"
#include "core/pose.h"
#include "core/region.h"
#include "core/truth.h"
#include "qa/compare.h"
#include "vision/vision.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <glib/gstdio.h>

#include <cmocka.h>

typedef struct
{
  char *directory, *path; /* of the project */
  AssayProject *project;
} Fixture;

static int
set_up (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);
  g_autoptr (GError) error = NULL;
  f->directory = g_dir_make_tmp ("assay-demo-XXXXXX", NULL);
  f->path = g_build_filename (f->directory, "new", "demo", NULL);
  if (!assay_job_demo (f->path, NULL, NULL, &error))
    {
      print_error ("%s\n", error->message);
      return -1;
    }
  f->project = assay_project_open (f->path, ASSAY_STORE_WRITE, NULL);
  *state = f;
  return f->project != NULL ? 0 : -1;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    {
      g_autofree char *inside = g_build_filename (path, name, NULL);
      remove_tree (inside);
    }
  g_remove (path);
}

static int
tear_down (void **state)
{
  Fixture *f = *state;
  assay_project_close (f->project);
  remove_tree (f->directory);
  g_free (f->directory);
  g_free (f->path);
  g_free (f);
  return 0;
}

typedef void (*Visit) (const AssayItem *item, const AssayTask *task, const GPtrArray *labels, gpointer data);

/* Every item and task that somebody answered. */
static void
for_each_answer (Fixture *f, Visit visit, gpointer data)
{
  AssayStore *store = f->project->store;
  g_autoptr (GArray) rows = assay_item_list_rows (store, NULL, NULL);
  g_autoptr (GPtrArray) tasks = assay_task_list (store, NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (AssayItem) item = assay_item_get_row (store, g_array_index (rows, gint64, i), NULL);
      for (guint k = 0; k < tasks->len; k++)
        {
          g_autoptr (GPtrArray) labels = assay_label_list (store, item->row, tasks->pdata[k], TRUE, NULL);
          assert_non_null (labels);
          if (labels->len > 0)
            visit (item, tasks->pdata[k], labels, data);
        }
    }
}

typedef struct
{
  guint labels, overlapped;
  double least_iou, most_mer, most_deg, least_oks;
} Seen;

static void
look (const AssayItem *item, const AssayTask *task, const GPtrArray *labels, gpointer data)
{
  Seen *seen = data;
  seen->labels += labels->len;
  seen->overlapped += labels->len > 1;
  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabel *label = labels->pdata[i];
      g_autoptr (GError) error = NULL;
      if (!assay_objects_validate (label->objects, task, item, &error))
        fail_msg ("%s: %s", item->name, error->message);
      assert_true (label->simulated);
      assert_true (label->seconds > 0);
      for (guint k = i + 1; k < labels->len; k++)
        {
          const AssayLabel *other = labels->pdata[k];
          g_autoptr (AssayComparison) comparison = assay_compare (label->objects, other->objects, task);
          const AssayPairing *worst = &g_array_index (comparison->pairings, AssayPairing, 0);
          double value = comparison->whole ? comparison->values[0] : worst->values[0];
          if (g_str_equal (task->name, "speech"))
            seen->most_mer = fmax (seen->most_mer, value);
          else if (g_str_equal (task->name, "objects"))
            seen->least_iou = fmin (seen->least_iou, value);
          else if (g_str_equal (task->name, "box-pose"))
            seen->most_deg = fmax (seen->most_deg, value);
          else
            seen->least_oks = fmin (seen->least_oks, value);
        }
    }
}

static void
every_label_is_valid_and_some_disagree_in_each_task (void **state)
{
  Seen seen = { .least_iou = 1, .least_oks = 1 };
  for_each_answer (*state, look, &seen);
  assert_int_equal (seen.labels, 81);
  assert_true (seen.overlapped >= 30);
  assert_true (seen.least_iou < 0.8);
  assert_true (seen.least_oks < 0.75);
  assert_true (seen.most_mer > 0.05);
  assert_true (seen.most_deg > 5);
}

static AssayTruthHow
truth_of (Fixture *f, const char *item_name, const char *task_name)
{
  g_autoptr (AssayItem) item = assay_item_find (f->project->store, item_name, NULL);
  g_autoptr (AssayTask) task = assay_task_find (f->project->store, task_name, NULL);
  g_autoptr (AssayLabel) label = NULL;
  AssayTruthHow how = ASSAY_TRUTH_NONE;
  assert_true (assay_truth_get (f->project->store, item->row, task, &how, &label, NULL));
  return how;
}

static void
overlap_is_settled_but_for_what_is_left_to_review_and_to_label (void **state)
{
  assert_int_equal (truth_of (*state, "cup_001.jpg", "objects"), ASSAY_TRUTH_ANNOTATOR);
  assert_int_equal (truth_of (*state, "box_001.jpg", "box-pose"), ASSAY_TRUTH_ANNOTATOR);
  assert_int_equal (truth_of (*state, "austen-0870.wav", "speech"), ASSAY_TRUTH_ANNOTATOR);
  assert_int_equal (truth_of (*state, "cup_013.jpg", "objects"), ASSAY_TRUTH_UNDECIDED);
  assert_int_equal (truth_of (*state, "austen-0920.wav", "speech"), ASSAY_TRUTH_UNDECIDED);
  assert_int_equal (truth_of (*state, "box_005.jpg", "box-pose"), ASSAY_TRUTH_ONLY);
  assert_int_equal (truth_of (*state, "box_023.jpg", "box-corners"), ASSAY_TRUTH_NONE);
  assert_int_equal (truth_of (*state, "austen-0930.wav", "speech"), ASSAY_TRUTH_NONE);
}

static void
nobody_of_the_sample_is_called_a_person (void **state)
{
  Fixture *f = *state;
  g_autoptr (GPtrArray) annotators = assay_annotator_list (f->project->store, NULL);
  assert_int_equal (annotators->len, 11);
  for (guint i = 0; i < annotators->len; i++)
    assert_int_equal (((const AssayAnnotator *) annotators->pdata[i])->kind, ASSAY_ANNOTATOR_MEANS);
}

static void
fail_on_damage (const AssaySha256 *hash, const char *why, gpointer data)
{
  fail_msg ("%s", why);
}

static void
media_are_whole_and_the_box_has_its_camera_and_its_mesh (void **state)
{
  Fixture *f = *state;
  guint64 checked = 0;
  AssayCamera camera;
  assert_true (assay_media_verify (f->project, fail_on_damage, NULL, &checked, NULL, NULL));
  assert_int_equal (checked, 26);
  g_autoptr (AssayItem) item = assay_item_find (f->project->store, "box_008.jpg", NULL);
  assert_true (assay_item_get_camera (item, &camera));
  assert_true (camera.assumed);
  g_autoptr (AssayTask) task = assay_task_find (f->project->store, "box-pose", NULL);
  const AssayClass *box = assay_task_find_class_named (task, "box");
  g_autofree char *mesh = assay_media_dup_path (f->project, &box->model, "ply");
  g_autoptr (AssayModel) model = assay_model_load (mesh, box->model_unit_m, NULL);
  assert_non_null (model);
  assert_float_equal (model->diameter_m, sqrt (0.258 * 0.258 + 0.189 * 0.189 + 0.075 * 0.075), 1e-6);
}

static const AssayObject *
object_of (const AssayLabel *label, const AssayTask *task, const char *class)
{
  const AssayClass *wanted = assay_task_find_class_named (task, class);
  for (guint i = 0; i < label->objects->list->len; i++)
    {
      const AssayObject *object = label->objects->list->pdata[i];
      if (assay_id_equal (&object->class_id, &wanted->id))
        return object;
    }
  return NULL;
}

static AssayLabel *
answer_of (Fixture *f, const AssayItem *item, const AssayTask *task, const char *annotator)
{
  g_autoptr (AssayAnnotator) who = assay_annotator_find (f->project->store, annotator, NULL);
  AssayLabel *label = assay_label_get (f->project->store, item->row, task, who->row, NULL);
  assert_non_null (label);
  return label;
}

/* Clicks, camera, mesh, solver and drawing agree: two labels made apart cover the same pixels. */
static void
the_mesh_in_its_pose_covers_the_outlined_box (void **state)
{
  Fixture *f = *state;
  static const char *const names[] = { "box_001.jpg", "box_008.jpg", "box_013.jpg", "box_020.jpg" };
  g_autofree char *sample = assay_sample_find (NULL), *mesh = g_build_filename (sample, "media", "box.ply", NULL);
  g_autoptr (AssayModel) model = assay_model_load (mesh, 0.01, NULL);
  g_autoptr (AssayTask) poses = assay_task_find (f->project->store, "box-pose", NULL);
  g_autoptr (AssayTask) outlines = assay_task_find (f->project->store, "objects", NULL);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (AssayItem) item = assay_item_find (f->project->store, names[i], NULL);
      g_autoptr (AssayLabel) pose = answer_of (f, item, poses, "careful-clicks");
      g_autoptr (AssayLabel) outline = answer_of (f, item, outlines, "careful-polygon");
      const AssayPosed *posed = object_of (pose, poses, "box")->value;
      const AssayRegion *region = object_of (outline, outlines, "box")->value;
      g_autoptr (AssayMask) drawn
          = assay_vision_silhouette (&posed->pose, &posed->camera, model->vertices_m, model->n_vertices,
                                     model->triangles, model->n_triangles, item->width_px, item->height_px);
      assert_true (assay_mask_iou (drawn, region->mask, FALSE) > 0.95);
    }
}

static guint
count_files (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  guint n = 0;
  while (folder != NULL && g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
a_folder_that_is_in_use_is_refused_and_left_alone (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) project = NULL, file = NULL;
  assert_false (assay_job_demo (f->path, NULL, NULL, &project));
  assert_true (g_error_matches (project, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
  g_autofree char *used = g_build_filename (f->directory, "used", NULL);
  g_autofree char *letter = g_build_filename (used, "letter.txt", NULL);
  g_mkdir (used, 0755);
  assert_true (g_file_set_contents (letter, "dear", -1, NULL));
  assert_false (assay_job_demo (used, NULL, NULL, &file));
  assert_true (g_error_matches (file, ASSAY_ERROR, ASSAY_ERROR_CONFLICT));
  assert_int_equal (count_files (used), 1);
  assert_int_equal (count_files (f->directory), 2);
}

static void
an_empty_folder_is_used_and_a_stopped_job_leaves_nothing (void **state)
{
  Fixture *f = *state;
  g_autofree char *empty = g_build_filename (f->directory, "empty", NULL);
  g_autoptr (AssayProgress) progress = assay_progress_new ();
  g_autoptr (GError) error = NULL;
  g_mkdir (empty, 0755);
  guint n_before = count_files (f->directory);
  assay_progress_cancel (progress);
  assert_false (assay_job_demo (empty, progress, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_CANCELLED));
  assert_int_equal (count_files (empty), 0);
  assert_int_equal (count_files (f->directory), n_before);
  assert_true (assay_job_demo (empty, NULL, NULL, NULL));
}

static AssayMask *
read_mask (const json_t *object)
{
  const json_t *mask = json_object_get (object, "mask"), *size = json_object_get (mask, "size");
  AssayMask *read = assay_mask_new_from_coco (assay_json_get_string (mask, "counts"),
                                              (guint) json_integer_value (json_array_get (size, 1)),
                                              (guint) json_integer_value (json_array_get (size, 0)), NULL);
  assert_non_null (read);
  return read;
}

/* GrabCut may move by a pixel from one OpenCV to the next; everything else is arithmetic. */
static void
assert_same_label (const json_t *made, const json_t *kept)
{
  if (assay_json_get_string (kept, "assisted") == NULL)
    {
      g_autofree char *a = assay_json_canonical (made), *b = assay_json_canonical (kept);
      assert_string_equal (a, b);
      return;
    }
  const json_t *objects = json_object_get (json_object_get (made, "label"), "objects");
  const json_t *others = json_object_get (json_object_get (kept, "label"), "objects");
  assert_int_equal (json_array_size (objects), json_array_size (others));
  for (gsize i = 0; i < json_array_size (objects); i++)
    {
      g_autoptr (AssayMask) a = read_mask (json_array_get (objects, i)), b = read_mask (json_array_get (others, i));
      assert_true (assay_mask_iou (a, b, FALSE) > 0.97);
    }
}

static void
the_labels_can_be_made_again_from_what_was_drawn (void **state)
{
  const char *maker = g_getenv ("ASSAY_MAKE_LABELS");
  g_autofree char *sample = assay_sample_find (NULL), *text = NULL;
  g_autofree char *path = g_build_filename (sample, "labels.json", NULL);
  if (maker == NULL)
    {
      print_message ("# not run: $ASSAY_MAKE_LABELS is not set; meson test sets it\n");
      return;
    }
  const char *const argv[] = { maker, sample, NULL };
  int status = 0;
  assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &text, NULL, &status, NULL));
  assert_true (g_spawn_check_wait_status (status, NULL));
  g_autoptr (json_t) made = assay_json_parse (text, strlen (text), "made", NULL),
                     kept = assay_json_load (path, NULL);
  const json_t *new_labels = json_object_get (made, "labels"), *labels = json_object_get (kept, "labels");
  assert_int_equal (json_array_size (new_labels), json_array_size (labels));
  for (gsize i = 0; i < json_array_size (labels); i++)
    assert_same_label (json_array_get (new_labels, i), json_array_get (labels, i));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_label_is_valid_and_some_disagree_in_each_task),
    cmocka_unit_test (overlap_is_settled_but_for_what_is_left_to_review_and_to_label),
    cmocka_unit_test (nobody_of_the_sample_is_called_a_person),
    cmocka_unit_test (media_are_whole_and_the_box_has_its_camera_and_its_mesh),
    cmocka_unit_test (the_mesh_in_its_pose_covers_the_outlined_box),
    cmocka_unit_test (a_folder_that_is_in_use_is_refused_and_left_alone),
    cmocka_unit_test (an_empty_folder_is_used_and_a_stopped_job_leaves_nothing),
    cmocka_unit_test (the_labels_can_be_made_again_from_what_was_drawn),
  };
  return cmocka_run_group_tests (tests, set_up, tear_down);
}
