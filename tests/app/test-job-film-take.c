/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last takes, of a pattern camera: a film is one, whether a frame of it became an item or not. */
#include "app/job-capture.h"
#include "app/job-take.h"

#include "tests/core/fixture.h"

#include "core/film.h"
#include "core/flag.h"

#define CAMERA "pattern:bars,size=32x24,fps=50"

typedef struct
{
  char *directory;
  AssayProject *project;
  AssayAnnotator *grace;
} Takes;

static int
begin (void **state)
{
  g_autoptr (GError) error = NULL;
  Takes *t = g_new0 (Takes, 1);
  t->directory = g_dir_make_tmp ("assay-take-XXXXXX", NULL);
  g_autofree char *place = g_build_filename (t->directory, "project", NULL);
  t->project = assay_project_create (place, NULL, &error);
  ok (t->project != NULL);
  t->grace = assay_annotator_ensure (t->project->store, "Grace", ASSAY_ANNOTATOR_PERSON, &error);
  ok (t->grace != NULL);
  *state = t;
  return 0;
}

static int
end (void **state)
{
  Takes *t = *state;
  assay_annotator_free (t->grace);
  assay_project_close (t->project);
  remove_tree (t->directory);
  g_free (t->directory);
  g_free (t);
  return 0;
}

/* `frames` of the camera; how many are in its files. */
static gint64
record (Takes *t, gboolean video, double draw_fps, guint64 frames)
{
  static const char *const cameras[] = { CAMERA, NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *trouble = NULL;
  const AssayCaptureRequest request
      = { .cameras = cameras, .plan = { .video = video, .draw_fps = draw_fps, .frames = frames } };
  g_autoptr (AssayProgress) progress = assay_progress_new ();
  g_autoptr (json_t) report = assay_job_capture (t->project->directory, &request, progress, &trouble, &error);
  ok (report != NULL);
  return json_integer_value (json_object_get (json_array_get (json_object_get (report, "sensors"), 0), "written"));
}

static const AssayTake *
take_at (const GPtrArray *takes, guint i)
{
  assert_true (i < takes->len);
  return takes->pdata[i];
}

static void
expect_film (const AssayTake *take, gint64 n_frames, guint n_items)
{
  g_autoptr (GError) error = NULL;
  assert_int_equal (take->films->len, 1);
  assert_int_equal (take->items->len, n_items);
  const AssayTakeFilm *film = take->films->pdata[0];
  g_autoptr (AssayFilm) opened = assay_film_open (film->path, &error);
  ok (opened != NULL);
  g_autoptr (GArray) frames = assay_film_list_frames (opened, &error);
  ok (frames != NULL);
  assert_int_equal (frames->len, n_frames);
  assert_int_equal (film->first->width_px, 32);
  assert_int_equal (film->first->height_px, 24);
  /* It was taken when the clock of this machine says so, whatever the camera's stamps count from. */
  gint64 ago_us = g_get_real_time () - film->first->captured_ns / 1000;
  assert_true (ago_us > 0 && ago_us < 120 * G_USEC_PER_SEC);
}

static void
a_film_without_an_item_is_a_take_between_those_before_and_after_it (void **state)
{
  Takes *t = *state;
  g_autoptr (GError) error = NULL;
  record (t, FALSE, 0, 1);
  gint64 bare = record (t, TRUE, 0, 5), drawn = record (t, TRUE, 50, 4);
  record (t, FALSE, 0, 1);
  g_autoptr (GPtrArray) takes = assay_take_list (t->project, 24, &error);
  ok (takes != NULL);
  assert_int_equal (takes->len, 4);
  assert_int_equal (take_at (takes, 0)->films->len, 0);
  expect_film (take_at (takes, 1), drawn, take_at (takes, 1)->items->len);
  assert_true (take_at (takes, 1)->items->len > 0);
  expect_film (take_at (takes, 2), bare, 0);
  assert_int_equal (take_at (takes, 3)->films->len, 0);

  /* What an older program reported names no films: the index does. */
  ok (assay_store_run (t->project->store, NULL, &error,
                       "UPDATE session_report SET report = json_remove (report, '$.sensors[0].files',"
                       " '$.sensors[0].segments')",
                       ""));
  g_autoptr (GPtrArray) again = assay_take_list (t->project, 24, &error);
  ok (again != NULL);
  assert_int_equal (again->len, 4);
  expect_film (take_at (again, 2), bare, 0);

  g_autoptr (GPtrArray) last = assay_take_list (t->project, 2, &error);
  ok (last != NULL);
  assert_int_equal (last->len, 2);
  expect_film (take_at (last, 1), drawn, take_at (takes, 1)->items->len);
}

static void
a_mark_never_falls_on_the_take_before_a_film_without_an_item (void **state)
{
  Takes *t = *state;
  g_autoptr (GError) error = NULL;
  gboolean stands = FALSE;
  record (t, FALSE, 0, 1);
  record (t, TRUE, 0, 3);
  assert_false (assay_take_flag_last (t->project, 1, ASSAY_FLAG_BAD, NULL, FALSE, &t->grace->id, &stands, NULL, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
  g_clear_error (&error);
  g_autoptr (GArray) none = assay_flag_list_items (t->project->store, ASSAY_FLAG_BAD, &error);
  ok (none != NULL);
  assert_int_equal (none->len, 0);
  record (t, FALSE, 0, 1);
  ok (assay_take_flag_last (t->project, 1, ASSAY_FLAG_BAD, NULL, FALSE, &t->grace->id, &stands, NULL, &error));
  g_autoptr (GArray) one = assay_flag_list_items (t->project->store, ASSAY_FLAG_BAD, &error);
  ok (one != NULL);
  assert_int_equal (one->len, 1);
}

/* One camera alone counts no moments: each still is an instant, and the burst before the last one is left alone. */
static void
a_burst_of_one_camera_is_marked_in_all_of_its_stills (void **state)
{
  Takes *t = *state;
  g_autoptr (GError) error = NULL;
  gboolean stands = FALSE;
  record (t, FALSE, 0, 8);
  ok (assay_take_flag_last (t->project, 5, ASSAY_FLAG_BAD, NULL, TRUE, &t->grace->id, &stands, NULL, &error));
  assert_true (stands);
  g_autoptr (GArray) bad = assay_flag_list_items (t->project->store, ASSAY_FLAG_BAD, &error);
  ok (bad != NULL);
  assert_int_equal (bad->len, 5);
  ok (assay_take_flag_last (t->project, 5, ASSAY_FLAG_BAD, NULL, TRUE, &t->grace->id, &stands, NULL, &error));
  assert_false (stands);
  /* What one mark did is taken back, and not what was said before it. */
  g_autoptr (GArray) first = NULL, others = NULL;
  ok (assay_take_flag_last (t->project, 2, ASSAY_FLAG_BAD, NULL, TRUE, &t->grace->id, &stands, &first, &error));
  ok (assay_take_flag_last (t->project, 5, ASSAY_FLAG_BAD, NULL, TRUE, &t->grace->id, &stands, &others, &error));
  assert_true (stands);
  assert_int_equal (first->len, 2);
  assert_int_equal (others->len, 3);
  ok (assay_take_flag (t->project, others, ASSAY_FLAG_BAD, FALSE, NULL, &t->grace->id, &error));
  g_autoptr (GArray) left = assay_flag_list_items (t->project->store, ASSAY_FLAG_BAD, &error);
  ok (left != NULL);
  assert_int_equal (left->len, 2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (a_film_without_an_item_is_a_take_between_those_before_and_after_it, begin,
                                     end),
    cmocka_unit_test_setup_teardown (a_mark_never_falls_on_the_take_before_a_film_without_an_item, begin, end),
    cmocka_unit_test_setup_teardown (a_burst_of_one_camera_is_marked_in_all_of_its_stills, begin, end),
  };
  return cmocka_run_group_tests_name ("job-film-take", tests, NULL, NULL);
}
