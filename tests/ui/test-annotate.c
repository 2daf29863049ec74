/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotate: what is drawn by real pointer and keys is in the project, whatever happens to the window. */
#include "core/file.h"
#include "core/journal.h"
#include "core/keypoints.h"
#include "core/picture.h"
#include "core/project.h"
#include "core/region.h"
#include "core/sound.h"
#include "core/transcript.h"
#include "tests/ui/ui.h"

#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PICTURE_W 400
#define PICTURE_H 300

/* Projects to work on */

static void
write_picture (const char *folder, guint number)
{
  g_autofree char *path = g_strdup_printf ("%s/picture-%u.png", folder, number);
  g_autoptr (AssayPicture) picture = assay_picture_new (PICTURE_W, PICTURE_H, ASSAY_PIXELS_RGB8);
  memset (picture->data, 0x60 + (int) number, picture->stride * picture->height_px);
  g_autoptr (GBytes) png = assay_picture_encode_png (picture, NULL);
  gsize n_bytes = 0;
  gconstpointer data = g_bytes_get_data (png, &n_bytes);
  assert_true (g_file_set_contents (path, data, (gssize) n_bytes, NULL));
}

static void
write_sound (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "tone.wav", NULL);
  AssaySoundWriter *writer = assay_sound_writer_new (path, 8000, 1, NULL);
  g_autofree float *samples = g_new (float, 16000);
  for (guint i = 0; i < 16000; i++)
    samples[i] = 0.5f * sinf ((float) i * 0.2f);
  assert_true (assay_sound_writer_add (writer, samples, 16000, NULL));
  assert_true (assay_sound_writer_close (writer, NULL));
}

/* A project with one task and three grey pictures, or one tone of two seconds. */
static char *
new_project (const char *name, const char *kind, const char *skeleton)
{
  char *directory = ui_dup_folder (name);
  g_autofree char *material = g_strconcat (directory, "-material", NULL);
  g_autofree char *skeleton_path = g_strconcat (directory, "-skeleton.json", NULL);
  assert_int_equal (g_mkdir (material, 0700), 0);
  if (g_str_equal (kind, "transcript"))
    write_sound (material);
  for (guint i = 1; i <= 3 && !g_str_equal (kind, "transcript"); i++)
    write_picture (material, i);
  g_autofree char *init = ui_assay ("init", directory, NULL);
  g_autofree char *task = NULL;
  if (skeleton != NULL)
    {
      assert_true (g_file_set_contents (skeleton_path, skeleton, -1, NULL));
      task = ui_assay ("-C", directory, "task", "add", "work", "--kind", kind, "--classes", "cup,hand",
                       "--skeleton", skeleton_path, NULL);
    }
  else
    task = ui_assay ("-C", directory, "task", "add", "work", "--kind", kind, "--classes", "cup,hand", NULL);
  g_autofree char *import = ui_assay ("-C", directory, "import", material, NULL);
  assert_true (init != NULL && task != NULL && import != NULL);
  return directory;
}

/* The draft of the nth item (from 0), read from the disk as another process would. */
static AssayObjects *
read_draft (const char *directory, guint nth, const char *annotator_name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, &error);
  assert_non_null (project);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", &error);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, annotator_name, &error);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, &error);
  assert_true (task != NULL && annotator != NULL && rows != NULL && nth < rows->len);
  g_autoptr (AssayItem) item = assay_item_get_row (project->store, g_array_index (rows, gint64, nth), &error);
  g_autoptr (AssayJournal) journal = assay_journal_open (project->store, item, task, annotator, &error);
  assert_non_null (journal);
  AssayObjects *objects = assay_objects_copy (assay_journal_get_objects (journal));
  return objects;
}

static AssayLabelState
read_state (const char *directory, guint nth, const char *annotator_name)
{
  AssayLabelState state = ASSAY_LABEL_TODO;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, annotator_name, NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_true (assay_label_get_state (project->store, g_array_index (rows, gint64, nth), task->row, annotator->row,
                                      &state, NULL));
  return state;
}

/* What is on the screen */

typedef struct
{
  const char *widget, *words;
} Saying;

static gboolean
says (Ui *ui, gpointer data)
{
  const Saying *saying = data;
  if (!ui_has (ui, "image", saying->widget))
    return FALSE;
  g_autofree char *words = ui_dup_description (ui_find (ui, "image", saying->widget));
  return words != NULL && strstr (words, saying->words) != NULL;
}

static void
wait_canvas (Ui *ui, const char *words)
{
  Saying saying = { "Image canvas", words };
  ui_wait (ui, says, &saying, words);
}

static Ui *
start_on_canvas (const char *directory, const char *annotator, const char *words)
{
  Ui *ui = ui_start (directory, annotator);
  ui_key (ui, "alt+2");
  wait_canvas (ui, words);
  return ui;
}

/* A point of the picture on the screen, while the picture is fitted. */
static void
locate (Ui *ui, double image_x, double image_y, int *ret_x, int *ret_y)
{
  int x, y, width, height;
  ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &x, &y, &width, &height);
  double zoom = fmin ((width - 24.0) / PICTURE_W, (height - 24.0) / PICTURE_H);
  *ret_x = x + (int) round ((width - PICTURE_W * zoom) / 2 + image_x * zoom);
  *ret_y = y + (int) round ((height - PICTURE_H * zoom) / 2 + image_y * zoom);
}

static void
click_at (Ui *ui, double image_x, double image_y)
{
  int x, y;
  locate (ui, image_x, image_y, &x, &y);
  ui_click_at (ui, x, y);
}

static void
draw_square (Ui *ui)
{
  click_at (ui, 100, 100);
  click_at (ui, 200, 100);
  click_at (ui, 200, 200);
  click_at (ui, 100, 200);
  ui_wait_text (ui, "4 points"); /* a key may overtake a click that came in the same millisecond */
  ui_key (ui, "Return");
}

static gboolean
is_tinted (Ui *ui, gpointer data)
{
  const double *at = data;
  int x, y;
  locate (ui, at[0], at[1], &x, &y);
  guint32 pixel = ui_pixel (ui, x, y);
  return (pixel >> 16) != (pixel & 0xff); /* the picture is grey, a class has a colour */
}

static guint64
area (const AssayObjects *objects, guint i)
{
  assert_true (i < objects->list->len);
  return assay_mask_area_px (((const AssayRegion *) ((const AssayObject *) objects->list->pdata[i])->value)->mask);
}

/* The tests */

static void
a_polygon_drawn_by_pointer_survives_kill_9 (void **state)
{
  g_autofree char *directory = new_project ("killed", "segmentation", NULL);
  Ui *ui = start_on_canvas (directory, "Grace", "0 objects");
  draw_square (ui);
  wait_canvas (ui, "1 object");
  ui_wait (ui, is_tinted, (double[]){ 150, 150 }, "the colour of the class inside the polygon");
  assert_false (is_tinted (ui, (double[]){ 300, 250 }));
  ui_wait_text (ui, "Saved");
  ui_shot (ui, "annotate-polygon");
  ui_kill (ui);

  g_autoptr (AssayObjects) draft = read_draft (directory, 0, "Grace");
  assert_int_equal (draft->list->len, 1);
  assert_in_range (area (draft, 0), 9800, 10200);
  g_autoptr (Ui) again = start_on_canvas (directory, "Grace", "1 object");
  ui_wait (again, is_tinted, (double[]){ 150, 150 }, "the polygon after the crash");
}

static void
undo_and_redo_survive_the_window (void **state)
{
  g_autofree char *directory = new_project ("undone", "segmentation", NULL);
  Ui *ui = start_on_canvas (directory, "Grace", "0 objects");
  draw_square (ui);
  wait_canvas (ui, "1 object");
  ui_key (ui, "ctrl+z");
  wait_canvas (ui, "0 objects");
  ui_wait_text (ui, "Saved");
  ui_stop (ui);

  g_autoptr (Ui) again = start_on_canvas (directory, "Grace", "0 objects");
  ui_key (again, "ctrl+shift+z");
  wait_canvas (again, "1 object");
  ui_key (again, "ctrl+z");
  wait_canvas (again, "0 objects");
}

static gboolean
is_submitted (Ui *ui, gpointer data)
{
  return read_state (data, 0, "Grace") == ASSAY_LABEL_SUBMITTED;
}

static void
submitting_goes_to_the_next_item (void **state)
{
  g_autofree char *directory = new_project ("submitted", "segmentation", NULL);
  g_autoptr (Ui) ui = start_on_canvas (directory, "Grace", "0 objects");
  draw_square (ui);
  wait_canvas (ui, "1 object");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "2 of 3");
  wait_canvas (ui, "0 objects");
  ui_wait (ui, is_submitted, directory, "the first item to be submitted");
  ui_key (ui, "a");
  ui_wait_text (ui, "1 of 3");
  wait_canvas (ui, "1 object");
}

static void
nobody_sees_anothers_answer (void **state)
{
  g_autofree char *directory = new_project ("apart", "segmentation", NULL);
  Ui *ui = start_on_canvas (directory, "Grace", "0 objects");
  draw_square (ui);
  wait_canvas (ui, "1 object");
  ui_key (ui, "ctrl+Return");
  ui_wait_text (ui, "2 of 3");
  ui_stop (ui);
  g_autoptr (Ui) other = start_on_canvas (directory, "Ada", "0 objects");
  ui_wait_text (other, "1 of 3");
  assert_false (is_tinted (other, (double[]){ 150, 150 }));
}

static void
what_another_program_sets_shows_here (void **state)
{
  g_autofree char *directory = new_project ("together", "segmentation", NULL);
  g_autofree char *answer = g_strconcat (directory, "-answer.json", NULL);
  g_autoptr (Ui) ui = start_on_canvas (directory, "Grace", "0 objects");
  assert_true (g_file_set_contents (
      answer,
      "{\"schema\":\"assay.segmentation/1\",\"objects\":[{\"class\":\"cup\",\"rings\":[{\"hole\":false,"
      "\"points\":[[100,100],[200,100],[200,200],[100,200]]}]}]}",
      -1, NULL));
  g_autofree char *said = ui_assay ("-C", directory, "--annotator", "Grace", "label", "picture-1.png", "--task",
                                    "work", "--set", answer, NULL);
  assert_non_null (said);
  wait_canvas (ui, "1 object");
  ui_wait (ui, is_tinted, (double[]){ 150, 150 }, "the polygon that came from elsewhere");
}

static void
a_vertex_dragged_fast_lands_where_the_pointer_let_go (void **state)
{
  g_autofree char *directory = new_project ("dragged", "segmentation", NULL);
  int x0, y0, x1, y1;
  Ui *ui = start_on_canvas (directory, "Grace", "0 objects");
  draw_square (ui);
  wait_canvas (ui, "1 object");
  locate (ui, 200, 200, &x0, &y0);
  locate (ui, 300, 280, &x1, &y1);
  ui_drag (ui, x0, y0, x1, y1);
  ui_wait (ui, is_tinted, (double[]){ 240, 230 }, "the polygon to follow");
  ui_wait_text (ui, "Saved");
  ui_kill (ui);
  g_autoptr (AssayObjects) draft = read_draft (directory, 0, "Grace");
  const AssayRegion *region = ((const AssayObject *) draft->list->pdata[0])->value;
  const AssayRing *ring = region->rings->pdata[0];
  assert_int_equal (ring->n_points, 4);
  assert_true (hypot (ring->points[2].x - 300, ring->points[2].y - 280) < 2);
}

static void
wheel_zooms_digits_choose_and_panels_fold (void **state)
{
  g_autofree char *directory = new_project ("viewed", "segmentation", NULL);
  int x, y, width, height, wider;
  g_autoptr (Ui) ui = start_on_canvas (directory, "Grace", "0 objects");
  ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &x, &y, &width, &height);
  ui_key (ui, "ctrl+0");
  wait_canvas (ui, "zoom 100 %");
  ui_move (ui, x + width / 2, y + height / 2);
  ui_scroll (ui, -1);
  wait_canvas (ui, "zoom 125 %");
  ui_key (ui, "f");
  draw_square (ui);
  wait_canvas (ui, "1 object");
  ui_key (ui, "2");
  ui_wait_text (ui, "hand, ");
  ui_wait_text (ui, "Saved");
  ui_key (ui, "F9");
  ui_key (ui, "shift+F9");
  for (wider = width; wider <= width; g_usleep (20000))
    ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &x, &y, &wider, &height);
  ui_shot (ui, "annotate-folded");
  ui_move (ui, x + 20, y + 20); /* on a vertex, Delete is about that vertex */
  g_usleep (100000);
  ui_key (ui, "Delete");
  wait_canvas (ui, "0 objects");
}

static void
a_skeleton_is_clicked_node_by_node (void **state)
{
  g_autofree char *directory = new_project (
      "nodes", "keypoints",
      "{\"nodes\":[\"top\",\"middle\",\"bottom\"],\"edges\":[[\"top\",\"middle\"],[\"middle\",\"bottom\"]]}");
  Ui *ui = start_on_canvas (directory, "Grace", "0 objects");
  click_at (ui, 100, 50);
  ui_wait_text (ui, "click middle");
  click_at (ui, 110, 150);
  ui_wait_text (ui, "click bottom");
  ui_key (ui, "q");
  ui_key (ui, "o");
  ui_wait_text (ui, "Enter starts the next one");
  ui_shot (ui, "annotate-skeleton");
  ui_wait_text (ui, "Saved");
  ui_kill (ui);
  g_autoptr (AssayObjects) draft = read_draft (directory, 0, "Grace");
  assert_int_equal (draft->list->len, 1);
  const AssayKeypoints *points = ((const AssayObject *) draft->list->pdata[0])->value;
  assert_int_equal (points->n_points, 3);
  assert_int_equal (points->points[0].state, ASSAY_NODE_VISIBLE);
  assert_int_equal (points->points[1].state, ASSAY_NODE_OCCLUDED);
  assert_int_equal (points->points[2].state, ASSAY_NODE_OUTSIDE);
  assert_true (hypot (points->points[0].at.x - 100, points->points[0].at.y - 50) < 2);
}

static gboolean
waveform_says (Ui *ui, gpointer data)
{
  Saying saying = { "Waveform", data };
  return says (ui, &saying);
}

static void
speech_is_cut_and_typed_by_keys (void **state)
{
  g_autofree char *directory = new_project ("spoken", "transcript", NULL);
  int x, y, width, height;
  Ui *ui = ui_start (directory, "Grace");
  ui_key (ui, "alt+2");
  ui_wait (ui, waveform_says, "0 segments", "a waveform");
  ui_get_extents (ui, ui_find (ui, "image", "Waveform"), &x, &y, &width, &height);
  ui_drag (ui, x + width / 4, y + height / 2, x + width / 2, y + height / 2);
  ui_wait (ui, waveform_says, "1 segment", "a segment");
  ui_key (ui, "F6");
  ui_wait_focus (ui, "text", "Words");
  ui_type (ui, "one two");
  ui_wait_text (ui, "one two");
  ui_key (ui, "Escape");
  ui_click_at (ui, x + width * 3 / 8, y + height / 2);
  ui_wait (ui, waveform_says, "cursor at 0.7", "the cursor between the words");
  ui_key (ui, "i");
  ui_wait (ui, waveform_says, "2 segments", "the cut");
  ui_shot (ui, "annotate-speech");
  ui_wait_text (ui, "Saved");
  ui_kill (ui);
  g_autoptr (AssayObjects) draft = read_draft (directory, 0, "Grace");
  assert_int_equal (draft->list->len, 2);
  const AssaySegment *a = ((const AssayObject *) draft->list->pdata[0])->value;
  const AssaySegment *b = ((const AssayObject *) draft->list->pdata[1])->value;
  assert_string_equal (a->text, "one");
  assert_string_equal (b->text, "two");
  assert_int_equal (a->end, b->start);
  assert_in_range (a->start, 3900, 4100);
  assert_in_range (b->end, 7900, 8100);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_polygon_drawn_by_pointer_survives_kill_9),
    cmocka_unit_test (undo_and_redo_survive_the_window),
    cmocka_unit_test (submitting_goes_to_the_next_item),
    cmocka_unit_test (nobody_sees_anothers_answer),
    cmocka_unit_test (what_another_program_sets_shows_here),
    cmocka_unit_test (a_vertex_dragged_fast_lands_where_the_pointer_let_go),
    cmocka_unit_test (wheel_zooms_digits_choose_and_panels_fold),
    cmocka_unit_test (a_skeleton_is_clicked_node_by_node),
    cmocka_unit_test (speech_is_cut_and_typed_by_keys),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER")); /* one of them alone: "speech*" */
  return cmocka_run_group_tests_name ("annotate", tests, NULL, NULL);
}
