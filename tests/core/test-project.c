/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/plan.h"
#include "core/sensor.h"
#include "tests/core/fixture.h"

#include <glib/gstdio.h>

static void
a_project_is_found_from_below_and_keeps_what_it_is (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *below = g_build_filename (f->project->directory, "a", "b", NULL);
  assert_int_equal (g_mkdir_with_parents (below, 0777), 0);
  g_autoptr (AssayProject) found = assay_project_discover (below, ASSAY_STORE_READ, &error);
  ok (found != NULL);
  assert_string_equal (found->directory, f->project->directory);
  assert_string_equal (found->name, "tests");
  assert_true (assay_id_equal (&found->id, &f->project->id));
  assert_memory_equal (found->split_salt, f->project->split_salt, 16);
  refused (assay_project_discover (f->directory, ASSAY_STORE_READ, to), ASSAY_ERROR_NOT_FOUND, "assay init");
  /* Nothing but the project itself is left of making it. */
  g_autoptr (GDir) folder = g_dir_open (f->project->directory, 0, NULL);
  for (const char *name; (name = g_dir_read_name (folder)) != NULL;)
    assert_null (strstr (name, ".new-"));
}

static void
two_desks_make_one_item_of_one_file (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *place = g_build_filename (f->directory, "desk", NULL);
  g_autoptr (AssayProject) desk = assay_project_create (place, NULL, &error);
  ok (desk != NULL);
  assert_string_equal (desk->name, "desk");
  g_autoptr (AssayItem) here = add_item (f->project, 3), there = add_item (desk, 3), other = add_item (desk, 4);
  assert_true (assay_id_equal (&here->id, &there->id));
  assert_false (assay_id_equal (&here->id, &other->id));
  g_autoptr (AssayItem) range = assay_item_copy (here);
  gboolean added;
  range->range = ASSAY_RANGE_SAMPLES;
  range->end = 100;
  ok (assay_item_add (f->store, range, &added, &error));
  assert_true (added && !assay_id_equal (&range->id, &here->id));
  g_autoptr (AssayItem) again = assay_item_copy (here);
  ok (assay_item_add (f->store, again, &added, &error));
  assert_true (!added && again->row == here->row);
  AssayItem *homeless = assay_item_copy (here);
  homeless->media = assay_sha256 ("nobody", 6);
  refused (assay_item_add (f->store, homeless, NULL, to), ASSAY_ERROR_NOT_FOUND, "media");
  assay_item_free (homeless);
}

static void
an_item_survives_the_database_and_json (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autoptr (AssayItem) more = assay_item_copy (item);
  g_clear_pointer (&more->group, g_free);
  more->sequence = g_strdup ("käse/take 1");
  more->position = 7;
  more->moment = assay_id_new ();
  more->session = assay_id_new ();
  more->captured_ns = 1234567890123456789;
  json_object_set_new (
      more->facts, "camera",
      json_pack ("{s:f, s:f, s:f, s:f, s:b}", "fx", 800.5, "fy", 801.0, "cx", 32.0, "cy", 24.0, "assumed", 1));
  ok (assay_item_add (f->store, more, NULL, &error));
  g_autoptr (AssayItem) read = assay_item_get (f->store, &more->id, &error);
  ok (read != NULL);
  g_autoptr (json_t) before = assay_item_to_json (more);
  g_autoptr (json_t) after = assay_item_to_json (read);
  g_autofree char *before_text = assay_json_canonical (before), *after_text = assay_json_canonical (after);
  assert_string_equal (before_text, after_text);
  g_autoptr (AssayItem) parsed = assay_item_from_json (before, &error);
  ok (parsed != NULL);
  g_autoptr (json_t) third = assay_item_to_json (parsed);
  g_autofree char *third_text = assay_json_canonical (third);
  assert_string_equal (before_text, third_text);
  assert_string_equal (read->group, "käse/take 1");
  AssayCamera camera;
  assert_true (assay_item_get_camera (read, &camera) && camera.fx == 800.5 && camera.assumed);
  assert_false (assay_item_get_camera (item, &camera));
}

static void
an_item_is_found_by_id_start_or_name (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  for (guint i = 2; i < 12; i++)
    assay_item_free (add_item (f->project, i));
  char text[ASSAY_ID_TEXT_SIZE];
  assay_id_to_text (&item->id, text);
  const char *const words[] = { text, "shelf/0001.png", "0001.png" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      g_autoptr (AssayItem) found = assay_item_find (f->store, words[i], &error);
      ok (found != NULL);
      assert_int_equal (found->row, item->row);
    }
  text[11] = '\0';
  g_autoptr (AssayItem) by_start = assay_item_find (f->store, text, &error);
  ok (by_start != NULL);
  assert_int_equal (by_start->row, item->row);
  refused (assay_item_find (f->store, "01.png", to), ASSAY_ERROR_NOT_FOUND, "no item");
  g_autoptr (AssayItem) twin = assay_item_copy (item);
  g_free (twin->name);
  twin->name = g_strdup ("floor/0001.png");
  ok (assay_item_add (f->store, twin, NULL, &error));
  refused (assay_item_find (f->store, "0001.png", to), ASSAY_ERROR_CONFLICT, "several");
}

static void
annotators_are_made_once_and_told_apart_by_id (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayAnnotator) again = assay_annotator_ensure (f->store, "anna", ASSAY_ANNOTATOR_MODEL, &error);
  assert_int_equal (again->row, f->anna->row);
  assert_int_equal (again->kind, ASSAY_ANNOTATOR_PERSON);
  refused (assay_annotator_find (f->store, "zoe", to), ASSAY_ERROR_NOT_FOUND, "zoe");
  refused (assay_annotator_ensure (f->store, "", ASSAY_ANNOTATOR_PERSON, to), ASSAY_ERROR_USAGE, "--annotator");
}

static void
a_task_keeps_its_revisions_and_nobodys_classes_are_lost (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  AssayId first = f->task->revision;
  ok (assay_task_save (f->store, f->task, NULL, &error));
  assert_true (assay_id_equal (&first, &f->task->revision)); /* nothing has changed */
  g_autoptr (AssayTask) here = assay_task_find (f->store, "boxes", &error);
  g_autoptr (AssayTask) there = assay_task_find (f->store, "boxes", &error);
  assay_task_add_class (here, "saucer");
  assay_task_add_class (there, "spoon");
  ok (assay_task_save (f->store, here, &f->anna->id, &error));
  ok (assay_task_save (f->store, there, &f->bob->id, &error));
  g_autoptr (AssayTask) both = assay_task_get_row (f->store, f->task->row, &error);
  assert_int_equal (both->classes->len, 4);
  assert_non_null (assay_task_find_class_named (both, "saucer"));
  assert_non_null (assay_task_find_class_named (both, "spoon"));
  assert_int_equal (ask (f->store, "SELECT count(*) FROM task_revision"), 3);
  /* What was taken out on purpose stays out. */
  g_ptr_array_remove_index (both->classes,
                            assay_task_class_index (both, &assay_task_find_class_named (both, "spoon")->id));
  ok (assay_task_save (f->store, both, NULL, &error));
  g_autoptr (AssayTask) less = assay_task_get_row (f->store, f->task->row, &error);
  assert_null (assay_task_find_class_named (less, "spoon"));
  g_autoptr (AssayTask) namesake = assay_task_new ("boxes", f->task->kind);
  refused (assay_task_save (f->store, namesake, NULL, to), ASSAY_ERROR_CONFLICT, "already");
}

static void
the_plan_has_a_default_and_keeps_unknown_keys (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPlan) plan = assay_plan_get (f->store, &error);
  assert_true (plan->overlap == 0.2 && plan->annotators_per_overlap == 2 && plan->split_train == 0.8);
  g_autoptr (json_t) document = json_pack ("{s:f, s:{s:f, s:f, s:f}, s:s}", "overlap", 0.5, "split", "train", 0.6,
                                           "val", 0.2, "test", 0.2, "licence", "CC0");
  g_autoptr (AssayPlan) other = assay_plan_from_json (document, &error);
  ok (other != NULL);
  ok (assay_plan_save (f->store, other, &f->anna->id, &error));
  g_autoptr (AssayPlan) read = assay_plan_get (f->store, &error);
  assert_true (read->overlap == 0.5 && read->split_val == 0.2
               && assay_id_equal (&read->revision, &other->revision));
  assert_string_equal (assay_json_get_string (read->document, "licence"), "CC0");
  ok (assay_plan_save (f->store, read, NULL, &error));
  assert_int_equal (ask (f->store, "SELECT count(*) FROM plan_revision"), 1);
  g_autoptr (json_t) bad = json_pack ("{s:{s:f, s:f}}", "split", "train", 0.6, "val", 0.2);
  refused (assay_plan_from_json (bad, to), ASSAY_ERROR_BAD_DATA, "sum to 1");
}

static void
overlap_is_the_share_that_the_plan_says_and_the_same_everywhere (void **state)
{
  g_autoptr (AssayPlan) plan = assay_plan_new ();
  guint n = 0;
  for (guint i = 0; i < 20000; i++)
    {
      AssayId item = assay_id_derive ("item", &i, sizeof i);
      gboolean overlap = assay_plan_is_overlap (plan, &item);
      assert_int_equal (overlap, assay_plan_is_overlap (plan, &item));
      n += overlap;
    }
  assert_in_range (n, 3800, 4200); /* 0.2 of 20,000; 3.5 standard deviations */
  plan->overlap = 1;
  AssayId any = assay_id_new ();
  assert_true (assay_plan_is_overlap (plan, &any));
  plan->overlap = 0;
  assert_false (assay_plan_is_overlap (plan, &any));
}

static void
a_sensor_is_known_by_what_it_is (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssaySensor) one = assay_sensor_ensure (f->store, "camera", "046d:0825 A1", "left", &error);
  g_autoptr (AssaySensor) same = assay_sensor_ensure (f->store, "camera", "046d:0825 A1", "renamed", &error);
  g_autoptr (AssaySensor) sound = assay_sensor_ensure (f->store, "microphone", "046d:0825 A1", "left", &error);
  ok (one != NULL && same != NULL && sound != NULL);
  assert_true (assay_id_equal (&one->id, &same->id) && !assay_id_equal (&one->id, &sound->id));
  AssayId session = assay_id_new ();
  g_autoptr (json_t) info = json_pack ("{s:s}", "name", "morning");
  g_autoptr (json_t) report = json_pack ("{s:i}", "frames", 12);
  ok (assay_session_add (f->store, &session, g_get_real_time (), info, &error)
      && assay_session_report (f->store, &session, report, &error));
  g_autoptr (json_t) whole = assay_session_get (f->store, &session, &error);
  assert_true (json_equal (json_object_get (whole, "info"), info));
  assert_int_equal (json_array_size (json_object_get (whole, "reports")), 1);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (a_project_is_found_from_below_and_keeps_what_it_is),
    CASE (two_desks_make_one_item_of_one_file),
    CASE (an_item_survives_the_database_and_json),
    CASE (an_item_is_found_by_id_start_or_name),
    CASE (annotators_are_made_once_and_told_apart_by_id),
    CASE (a_task_keeps_its_revisions_and_nobodys_classes_are_lost),
    CASE (the_plan_has_a_default_and_keeps_unknown_keys),
    cmocka_unit_test (overlap_is_the_share_that_the_plan_says_and_the_same_everywhere),
    CASE (a_sensor_is_known_by_what_it_is),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
