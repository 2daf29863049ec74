/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotate: what is drawn by real pointer and keys is in the project, whatever happens to the window. */
#include "core/file.h"
#include "core/flag.h"
#include "core/journal.h"
#include "core/json.h"
#include "core/keypoints.h"
#include "core/project.h"
#include "core/region.h"
#include "core/transcript.h"
#include "core/truth.h"
#include "tests/ui/drawing.h"

#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
  g_autofree char *directory = drawing_new_project ("killed", "segmentation", NULL);
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  drawing_square (ui, 100, 100, 100);
  drawing_wait (ui, "1 object");
  ui_wait (ui, drawing_is_tinted, (double[]){ 150, 150 }, "the colour of the class inside the polygon");
  assert_false (drawing_is_tinted (ui, (double[]){ 300, 250 }));
  ui_wait_text (ui, "Saved");
  ui_shot (ui, "annotate-polygon");
  ui_kill (ui);

  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 0, "Grace");
  assert_int_equal (draft->list->len, 1);
  assert_in_range (area (draft, 0), 9800, 10200);
  g_autoptr (Ui) again = drawing_start (directory, "Grace", "1 object");
  ui_wait (again, drawing_is_tinted, (double[]){ 150, 150 }, "the polygon after the crash");
}

static void
undo_and_redo_survive_the_window (void **state)
{
  g_autofree char *directory = drawing_new_project ("undone", "segmentation", NULL);
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  drawing_square (ui, 100, 100, 100);
  drawing_wait (ui, "1 object");
  ui_key (ui, "ctrl+z");
  drawing_wait (ui, "0 objects");
  ui_wait_text (ui, "Saved");
  ui_stop (ui);

  g_autoptr (Ui) again = drawing_start (directory, "Grace", "0 objects");
  ui_key (again, "ctrl+shift+z");
  drawing_wait (again, "1 object");
  ui_key (again, "ctrl+z");
  drawing_wait (again, "0 objects");
}

static void
a_vertex_dragged_fast_lands_where_the_pointer_let_go (void **state)
{
  g_autofree char *directory = drawing_new_project ("dragged", "segmentation", NULL);
  int x0, y0, x1, y1;
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  drawing_square (ui, 100, 100, 100);
  drawing_wait (ui, "1 object");
  drawing_locate (ui, 200, 200, &x0, &y0);
  drawing_locate (ui, 300, 280, &x1, &y1);
  ui_drag (ui, x0, y0, x1, y1);
  ui_wait (ui, drawing_is_tinted, (double[]){ 240, 230 }, "the polygon to follow");
  ui_wait_text (ui, "Saved");
  ui_kill (ui);
  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 0, "Grace");
  const AssayRegion *region = ((const AssayObject *) draft->list->pdata[0])->value;
  const AssayRing *ring = region->rings->pdata[0];
  assert_int_equal (ring->n_points, 4);
  assert_true (hypot (ring->points[2].x - 300, ring->points[2].y - 280) < 2);
}

static void
wheel_zooms_digits_choose_and_panels_fold (void **state)
{
  g_autofree char *directory = drawing_new_project ("viewed", "segmentation", NULL);
  int x, y, width, height, wider;
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &x, &y, &width, &height);
  ui_key (ui, "ctrl+0");
  drawing_wait (ui, "zoom 100 %");
  ui_move (ui, x + width / 2, y + height / 2);
  ui_scroll (ui, -1);
  drawing_wait (ui, "zoom 125 %");
  ui_key (ui, "f");
  drawing_square (ui, 100, 100, 100);
  drawing_wait (ui, "1 object");
  ui_key (ui, "2");
  ui_wait_text (ui, "hand\n");
  /* What a secondary click would offer. */
  ui_key (ui, "shift+F10");
  ui_find (ui, "menu item", "Duplicate");
  ui_shot (ui, "annotate-menu");
  ui_key (ui, "Escape");
  ui_wait_gone (ui, "menu item", "Duplicate");
  ui_wait_text (ui, "Saved");
  ui_key (ui, "F9");
  ui_key (ui, "shift+F9");
  for (wider = width; wider <= width; g_usleep (20000))
    ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &x, &y, &wider, &height);
  ui_shot (ui, "annotate-folded");
  ui_move (ui, x + 20, y + 20); /* on a vertex, Delete is about that vertex */
  g_usleep (100000);
  ui_key (ui, "Delete");
  drawing_wait (ui, "0 objects");
}

static void
a_skeleton_is_clicked_node_by_node (void **state)
{
  g_autofree char *directory = drawing_new_project (
      "nodes", "keypoints",
      "{\"nodes\":[\"top\",\"middle\",\"bottom\"],\"edges\":[[\"top\",\"middle\"],[\"middle\",\"bottom\"]]}");
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  drawing_click (ui, 100, 50);
  ui_wait_text (ui, "click middle");
  drawing_click (ui, 110, 150);
  ui_wait_text (ui, "click bottom");
  ui_key (ui, "q");
  ui_key (ui, "o");
  ui_wait_text (ui, "Enter starts the next one");
  ui_shot (ui, "annotate-skeleton");
  ui_wait_text (ui, "Saved");
  ui_kill (ui);
  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 0, "Grace");
  assert_int_equal (draft->list->len, 1);
  const AssayKeypoints *points = ((const AssayObject *) draft->list->pdata[0])->value;
  assert_int_equal (points->n_points, 3);
  assert_int_equal (points->points[0].state, ASSAY_NODE_VISIBLE);
  assert_int_equal (points->points[1].state, ASSAY_NODE_OCCLUDED);
  assert_int_equal (points->points[2].state, ASSAY_NODE_OUTSIDE);
  assert_true (hypot (points->points[0].at.x - 100, points->points[0].at.y - 50) < 2);
}

static void
an_item_that_is_clicked_gives_its_keys_to_the_canvas (void **state)
{
  g_autofree char *directory = drawing_new_project ("focused", "segmentation", NULL);
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  ui_click (ui, ui_find (ui, "label", "picture-2.png"));
  ui_wait_text (ui, "2 of 3");
  ui_wait_focus (ui, "image", "Image canvas");
  ui_key (ui, "shift+F6"); /* back into the list: who walks there with the arrows stays there */
  ui_wait_focus (ui, "list item", "");
  ui_key (ui, "Down");
  ui_wait_text (ui, "3 of 3");
  ui_wait_focus (ui, "list item", "");
  ui_key (ui, "Return");
  ui_wait_focus (ui, "image", "Image canvas");
}

typedef struct
{
  double px;
} Size;

static gboolean
has_size (Ui *ui, gpointer data)
{
  AtspiAccessible *figures = ui_find (ui, "spin button", "Size");
  AtspiValue *value = atspi_accessible_get_value_iface (figures);
  gboolean same = value != NULL && atspi_value_get_current_value (value, NULL) == ((const Size *) data)->px;
  g_clear_object (&value);
  return same;
}

static void
a_brush_stroke_and_the_brush_survive_kill_9 (void **state)
{
  g_autofree char *directory = drawing_new_project ("painted", "segmentation", NULL);
  int x, y, to_x, to_y, before[4], after[4];
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &before[0], &before[1], &before[2], &before[3]);
  ui_key (ui, "b");
  drawing_wait (ui, "0 objects, brush tool");
  ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &after[0], &after[1], &after[2], &after[3]);
  assert_memory_equal (before, after, sizeof before); /* the picture stays where it is from tool to tool */
  ui_wait (ui, has_size, &(Size){ 24 }, "the brush's size in the row of options");
  ui_key (ui, "bracketright");
  ui_wait (ui, has_size, &(Size){ 29 }, "the size that the key made");
  ui_key (ui, "F6");
  ui_wait_focus (ui, "spin button", "Size");
  ui_key (ui, "Down");
  ui_wait (ui, has_size, &(Size){ 28 }, "the size that the figures made");
  ui_key (ui, "Up");
  ui_key (ui, "Return"); /* the keys are the canvas's again */
  ui_wait_focus (ui, "image", "Image canvas");
  ui_click (ui, ui_find (ui, "push button", "brush shape: square"));
  ui_wait_focus (ui, "image", "Image canvas");
  drawing_locate (ui, 100, 100, &x, &y);
  drawing_locate (ui, 200, 100, &to_x, &to_y);
  ui_move (ui, x, y);
  ui_button (ui, 1, TRUE);
  ui_move (ui, (x + to_x) / 2, y);
  ui_move (ui, to_x, to_y);
  ui_wait (ui, drawing_is_tinted, (double[]){ 190, 100 }, "the stroke under way");
  ui_button (ui, 1, FALSE);
  drawing_wait (ui, "1 object");
  ui_wait_text (ui, "Saved");
  ui_shot (ui, "annotate-brush");
  ui_kill (ui);
  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 0, "Grace");
  AssayRect box = { 0 };
  assert_true (
      assay_mask_bounds (((const AssayRegion *) ((const AssayObject *) draft->list->pdata[0])->value)->mask, &box));
  assert_true (fabs (box.x - 85.5) < 3 && fabs (box.w - 129) < 4 && fabs (box.h - 29) < 2);
  assert_int_equal (area (draft, 0), (guint64) (box.w * box.h)); /* square it is */
  /* What the next sitting begins with. */
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "assay", "desktop.conf", NULL);
  g_autoptr (GKeyFile) kept = g_key_file_new ();
  assert_true (g_key_file_load_from_file (kept, path, G_KEY_FILE_NONE, NULL));
  assert_int_equal (g_key_file_get_integer (kept, "tools", "brush-px", NULL), 29);
  g_autofree char *shape = g_key_file_get_string (kept, "tools", "brush-shape", NULL);
  assert_string_equal (shape, "square");
}

typedef struct
{
  const char *directory;
  guint64 least_px, most_px;
} Areas;

static gboolean
has_area (Ui *ui, gpointer data)
{
  const Areas *areas = data;
  g_autoptr (AssayObjects) draft = drawing_read_draft (areas->directory, 0, "Grace");
  return draft->list->len == 1 && area (draft, 0) >= areas->least_px && area (draft, 0) <= areas->most_px;
}

static void
alt_enter_removes_an_island_and_one_undo_brings_it_back (void **state)
{
  g_autofree char *directory = drawing_new_project ("speckled", "segmentation", NULL);
  g_autofree char *answer = g_strconcat (directory, "-answer.json", NULL);
  Areas with = { directory, 10001, 10001 }, without = { directory, 10000, 10000 };
  assert_true (
      g_file_set_contents (answer,
                           "{\"schema\":\"assay.segmentation/1\",\"objects\":[{\"class\":\"cup\",\"rings\":["
                           "{\"hole\":false,\"points\":[[100,100],[200,100],[200,200],[100,200]]},"
                           "{\"hole\":false,\"points\":[[300,250],[301,250],[301,251],[300,251]]}]}]}",
                           -1, NULL));
  g_autoptr (Ui) ui = drawing_start (directory, "Grace", "0 objects");
  g_autofree char *said = ui_assay ("-C", directory, "--annotator", "Grace", "label", "picture-1.png", "--task",
                                    "work", "--set", answer, NULL);
  ui_wait_text (ui, "cup: one-pixel island (Alt+Enter removes it)");
  ui_wait (ui, has_area, &with, "the island in the draft");
  ui_settle (ui);
  ui_shot (ui, "annotate-island");
  ui_key (ui, "alt+Return");
  ui_wait (ui, has_area, &without, "the island to go");
  ui_wait_text (ui, "Done: removal of islands");
  ui_key (ui, "ctrl+z");
  ui_wait (ui, has_area, &with, "the island to come back by one undo");
  ui_wait_text (ui, "one-pixel island");
}

static void
key_times (Ui *ui, const char *key, guint n)
{
  for (guint i = 0; i < n; i++)
    ui_key (ui, key);
}

static gboolean
is_view_kept (Ui *ui, gpointer directory)
{
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "assay", "desktop.conf", NULL);
  g_autofree char *group = g_strconcat ("recent ", directory, NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  g_autofree char *view = g_key_file_get_string (file, group, "view", NULL);
  return view != NULL && fabs (g_ascii_strtod (view, NULL) - 1.25) < 1e-6;
}

/* As the Display panel would have it: the next picture is fitted, whatever was done to this one. */
static void
keep_no_view (void)
{
  const char *aids[] = { "map" };
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "assay", "desktop.conf", NULL);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  assert_true (g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL));
  g_key_file_set_string_list (file, "desktop", "aids", aids, G_N_ELEMENTS (aids));
  assert_true (g_key_file_save_to_file (file, path, NULL));
}

/* The mouse lies beside it: arrows move, Space is the button, Insert the button that stays down. */
static void
masks_are_drawn_by_keys_alone (void **state)
{
  g_autofree char *directory = drawing_new_project ("keyed", "segmentation", NULL);
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  ui_move (ui, 10, 600);
  ui_key (ui, "F12");
  drawing_wait (ui, "at 200, "); /* the middle of the window */
  key_times (ui, "shift+Left", 21);
  key_times (ui, "shift+Up", 16);
  drawing_wait (ui, "at 0, 0 px, zoom"); /* and no farther */
  key_times (ui, "shift+Right", 10);
  key_times (ui, "shift+Down", 10);
  key_times (ui, "Right", 3);
  drawing_wait (ui, "at 103, 100 px, zoom");
  for (guint i = 0; i < 4; i++) /* a square, corner by corner */
    {
      static const char *const ways[] = { "shift+Right", "shift+Down", "shift+Left", "shift+Up" };
      ui_key (ui, "space");
      key_times (ui, ways[i], 8);
    }
  ui_wait_text (ui, "4 points");
  ui_shot (ui, "annotate-by-keys");
  ui_key (ui, "Return");
  drawing_wait (ui, "1 object");
  ui_key (ui, "b");
  drawing_wait (ui, "brush tool");
  key_times (ui, "shift+Down", 12);
  ui_key_down (ui, "space", TRUE);
  drawing_wait (ui, "at 103, 220 px, pressed");
  key_times (ui, "shift+Right", 10);
  ui_key_down (ui, "space", FALSE);
  drawing_wait (ui, "at 203, 220 px, zoom");
  key_times (ui, "shift+Right", 5);
  ui_key (ui, "Insert");
  drawing_wait (ui, "at 253, 220 px, pressed");
  key_times (ui, "shift+Right", 10);
  ui_key (ui, "Insert");
  drawing_wait (ui, "at 353, 220 px, zoom");
  ui_wait_text (ui, "Saved");
  ui_key (ui, "F12");
  ui_key (ui, "Right"); /* the next item's again */
  ui_wait_text (ui, "2 of 3");
  ui_key (ui, "Left");
  drawing_wait (ui, "1 object");
  ui_key (ui, "ctrl+0");
  drawing_wait (ui, "zoom 100 %");
  ui_key (ui, "plus");
  drawing_wait (ui, "zoom 125 %");
  ui_wait (ui, is_view_kept, directory, "the zoom to be written");
  ui_kill (ui);
  g_autoptr (AssayObjects) draft = drawing_read_draft (directory, 0, "Grace");
  assert_int_equal (draft->list->len, 1); /* the strokes went on with the square, which is selected */
  const AssayMask *mask = ((const AssayRegion *) ((const AssayObject *) draft->list->pdata[0])->value)->mask;
  assert_true (assay_mask_contains (mask, 105, 102) && assay_mask_contains (mask, 181, 178));
  assert_true (assay_mask_contains (mask, 150, 220) && assay_mask_contains (mask, 300, 220));
  assert_false (assay_mask_contains (mask, 228, 220) || assay_mask_contains (mask, 190, 140));
  keep_no_view ();
  g_autoptr (Ui) again = drawing_start (directory, "Grace", "zoom 125 %, 1 object"); /* as it was left */
  ui_key (again, "F8");
  ui_find (again, "check box", "Keep zoom and place for the next picture");
  ui_key (again, "Escape");
  ui_wait_focus (again, "image", "Image canvas");
  ui_key (again, "d");
  drawing_wait (again, "zoom 186 %, 0 objects"); /* fitted */
  ui_key (again, "a");
  drawing_wait (again, "zoom 125 %, 1 object"); /* its own */
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_polygon_drawn_by_pointer_survives_kill_9),
    cmocka_unit_test (undo_and_redo_survive_the_window),
    cmocka_unit_test (a_vertex_dragged_fast_lands_where_the_pointer_let_go),
    cmocka_unit_test (wheel_zooms_digits_choose_and_panels_fold),
    cmocka_unit_test (a_skeleton_is_clicked_node_by_node),
    cmocka_unit_test (an_item_that_is_clicked_gives_its_keys_to_the_canvas),
    cmocka_unit_test (a_brush_stroke_and_the_brush_survive_kill_9),
    cmocka_unit_test (alt_enter_removes_an_island_and_one_undo_brings_it_back),
    cmocka_unit_test (masks_are_drawn_by_keys_alone),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER")); /* one of them alone: "speech*" */
  return cmocka_run_group_tests_name ("annotate", tests, NULL, NULL);
}
