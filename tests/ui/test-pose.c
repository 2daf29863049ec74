/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poses, on the sample project: clicked by pointer in Annotate, seen as outlines in Review. */
#include "annotate/model-lines.h"
#include "core/alias.h"
#include "core/label.h"
#include "core/media.h"
#include "core/project.h"
#include "tests/ui/ui.h"
#include "vision/vision.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define FIRST_ITEM "box_001.jpg"
#define N_ITEMS 20
#define DISPUTED_ITEM "box_010.jpg"
#define N_CLICKS 6

/* What is known of the box in that picture */

typedef struct
{
  char *directory;
  const char *item;
  AssayModel *model;
  GArray *lines, *corners;
  AssayPose truth;
  AssayCamera camera;
  guint width_px, height_px;
} Box;

static AssayPosed *
read_pose (const char *directory, const char *item_name, const char *annotator_name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, &error);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "box-pose", &error);
  g_autoptr (AssayItem) item = assay_item_find (project->store, item_name, &error);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, annotator_name, &error);
  if (annotator == NULL)
    return NULL;
  g_autoptr (AssayLabel) label = assay_label_get (project->store, item->row, task, annotator->row, &error);
  if (label == NULL || label->state != ASSAY_LABEL_SUBMITTED || label->objects->list->len != 1)
    return NULL;
  return assay_posed_copy (((const AssayObject *) label->objects->list->pdata[0])->value);
}

static Box *
box_new (const char *name, const char *item_name)
{
  Box *box = g_new0 (Box, 1);
  box->directory = ui_dup_folder (name);
  box->item = item_name;
  g_autofree char *made = ui_assay ("demo", box->directory, NULL);
  g_autofree char *checked = ui_assay ("-C", box->directory, "check", NULL);
  g_autoptr (AssayProject) project = assay_project_open (box->directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "box-pose", NULL);
  g_autoptr (AssayItem) item = assay_item_find (project->store, item_name, NULL);
  const AssayClass *class = task->classes->pdata[0];
  g_autofree char *mesh = assay_media_dup_path (project, &class->model, "ply");
  box->model = assay_model_load (mesh, class->model_unit_m, NULL);
  assert_non_null (box->model);
  box->lines = assay_model_list_lines (box->model, ASSAY_MODEL_ANGLE_DEG);
  box->corners = assay_model_list_corners (box->model, box->lines);
  box->width_px = item->width_px;
  box->height_px = item->height_px;
  g_autoptr (AssayPosed) posed = read_pose (box->directory, box->item, "careful-clicks");
  assert_non_null (posed);
  box->truth = posed->pose;
  box->camera = posed->camera;
  return box;
}

static void
box_free (Box *box)
{
  assay_model_free (box->model);
  g_array_unref (box->lines);
  g_array_unref (box->corners);
  g_free (box->directory);
  g_free (box);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Box, box_free)

static AssayPoint
project_point (const Box *box, const AssayPose *pose, AssayPoint3 at)
{
  AssayPoint p;
  assay_vision_project (pose, &box->camera, &at, 1, &p);
  return p;
}

/* On the screen */

/* Where the picture is on the screen, while it is fitted. */
typedef struct
{
  double x, y, zoom;
} Frame;

static Frame
find_frame (Ui *ui, const Box *box)
{
  int x, y, width, height;
  ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &x, &y, &width, &height);
  double zoom = fmin ((width - 24.0) / box->width_px, (height - 24.0) / box->height_px);
  return (Frame){ x + (width - box->width_px * zoom) / 2, y + (height - box->height_px * zoom) / 2, zoom };
}

static int
to_screen (double from, double zoom, double image)
{
  return (int) round (from + image * zoom);
}

static gboolean
is_like (guint32 a, guint32 b, int slack)
{
  for (int shift = 0; shift < 24; shift += 8)
    if (abs ((int) (a >> shift & 0xff) - (int) (b >> shift & 0xff)) > slack)
      return FALSE;
  return TRUE;
}

/* How much of the lines that the camera sees stands on the screen in this colour, 0 to 1. */
static double
measure_outline (Ui *ui, const Box *box, const AssayPose *pose, guint32 colour)
{
  Frame frame = find_frame (ui, box);
  guint n = 0, n_found = 0;
  for (guint i = 0; i < box->lines->len; i++)
    {
      const AssayModelLine *line = &g_array_index (box->lines, AssayModelLine, i);
      if (!assay_model_line_is_seen (box->model, line, pose))
        continue;
      AssayPoint a = project_point (box, pose, box->model->vertices_m[line->a]);
      AssayPoint b = project_point (box, pose, box->model->vertices_m[line->b]);
      for (double t = 0.15; t < 0.9; t += 0.05, n++)
        {
          int x = to_screen (frame.x, frame.zoom, a.x + t * (b.x - a.x));
          int y = to_screen (frame.y, frame.zoom, a.y + t * (b.y - a.y));
          gboolean found = FALSE;
          for (int d = 0; d < 9 && !found; d++)
            found = is_like (ui_pixel (ui, x + d % 3 - 1, y + d / 3 - 1), colour, 60);
          n_found += found;
        }
    }
  return (double) n_found / n;
}

typedef struct
{
  const Box *box;
  const AssayPose *pose;
  guint32 colour;
} Outline;

static gboolean
is_outlined (Ui *ui, gpointer data)
{
  const Outline *outline = data;
  return measure_outline (ui, outline->box, outline->pose, outline->colour) > 0.9;
}

static gboolean
is_stored (Ui *ui, gpointer data)
{
  g_autoptr (AssayPosed) posed = read_pose (data, FIRST_ITEM, "Grace");
  return posed != NULL;
}

/* The tests */

static void
choose_task (Ui *ui, const char *name)
{
  ui_click (ui, ui_find (ui, NULL, "Task"));
  ui_settle (ui);
  ui_click (ui, ui_find (ui, "label", name));
  ui_settle (ui);
}

static void
a_pose_is_clicked_corner_by_corner_and_stored_true (void **state)
{
  g_autoptr (Box) box = box_new ("posed", FIRST_ITEM);
  g_autoptr (Ui) ui = ui_start (box->directory, "Grace");
  ui_key (ui, "alt+2");
  ui_find (ui, "image", "Image canvas");
  choose_task (ui, "box-pose");
  ui_wait_text (ui, "click the corners of the model");
  /* The queue begins where an answer is wanted most: the first picture is gone back to. */
  for (guint i = 0; i < N_ITEMS && !ui_has (ui, "label", "1 of 20"); i++)
    {
      ui_key (ui, "a");
      ui_settle (ui);
    }
  ui_wait_text (ui, "1 of 20");
  ui_wait_focus (ui, "image", "Image canvas");
  Frame frame = find_frame (ui, box);
  guint n_placed = 0;
  for (guint c = 0; c < box->corners->len && n_placed < N_CLICKS; c++)
    {
      AssayPoint3 corner = box->model->vertices_m[g_array_index (box->corners, guint, c)];
      AssayPoint at = project_point (box, &box->truth, corner);
      if (!(at.x > 3 && at.y > 3 && at.x < box->width_px - 3 && at.y < box->height_px - 3) || c == 1)
        continue; /* the second is passed over, so that the key is needed */
      if (n_placed == 1)
        ui_key (ui, "t");
      ui_click_at (ui, to_screen (frame.x, frame.zoom, at.x), to_screen (frame.y, frame.zoom, at.y));
      n_placed++;
      g_autofree char *said = n_placed < 4 ? g_strdup_printf ("%u of 4", n_placed)
                                           : g_strdup_printf ("%u points, residual ", n_placed);
      ui_wait_text (ui, said);
    }
  assert_int_equal (n_placed, N_CLICKS);
  ui_wait_text (ui, "Saved");
  ui_settle (ui);
  ui_shot (ui, "annotate-pose");
  ui_key (ui, "ctrl+Return");
  ui_wait (ui, is_stored, box->directory, "the pose to be submitted");
  g_autoptr (AssayPosed) posed = read_pose (box->directory, box->item, "Grace");
  /* Clicks land on whole pixels of the screen: half a pixel of 640 at half a metre. */
  assert_true (assay_pose_rotation_deg (&posed->pose, &box->truth) < 1);
  assert_true (assay_pose_translation (&posed->pose, &box->truth) < 0.005);
  assert_true (posed->rms_px < 1);
}

/* Names are letters until the item is settled. */
static char *
dup_letter (const Box *box, const char *annotator_name, guint *ret_place)
{
  g_autoptr (AssayProject) project = assay_project_open (box->directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "box-pose", NULL);
  g_autoptr (AssayItem) item = assay_item_find (project->store, box->item, NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, annotator_name, NULL);
  g_autoptr (AssayAliases) aliases = assay_aliases_read (project->store, item, task->row, NULL);
  *ret_place = assay_aliases_get_place (aliases, annotator->row);
  return g_strdup (assay_aliases_get (aliases, annotator->row));
}

static void
review_draws_each_pose_by_its_model_in_its_annotators_colour (void **state)
{
  static const char *const names[] = { "careful-clicks", "coarse-clicks" };
  g_autoptr (Box) box = box_new ("reviewed", DISPUTED_ITEM);
  guint places[2], lid_place;
  g_autofree char *careful = dup_letter (box, names[0], &places[0]), *coarse = dup_letter (box, names[1], &places[1]),
                  *lid = dup_letter (box, "lid-clicks", &lid_place);
  g_autofree char *words = g_strdup_printf ("%s and %s hold", careful, coarse),
                  *take = g_strconcat ("Take ", coarse, NULL);
  g_autoptr (Ui) ui = ui_start (box->directory, "Grace");
  ui_key (ui, "alt+3");
  ui_wait_text (ui, "open");
  ui_enter (ui, "Filter by class, item or word", words);
  ui_find (ui, "push button", take);
  ui_click (ui, ui_find (ui, "push button", lid)); /* hidden: it lies under the others */
  ui_settle (ui);
  ui_shot (ui, "review-pose");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (AssayPosed) posed = read_pose (box->directory, box->item, names[i]);
      Outline outline = { box, &posed->pose, assay_palette_colour (places[i]) };
      ui_wait (ui, is_outlined, &outline, names[i]);
    }
  g_autoptr (AssayPosed) first = read_pose (box->directory, box->item, names[0]);
  ui_click (ui, ui_find (ui, "push button", careful));
  ui_settle (ui);
  assert_true (measure_outline (ui, box, &first->pose, assay_palette_colour (places[0])) < 0.2);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_pose_is_clicked_corner_by_corner_and_stored_true),
    cmocka_unit_test (review_draws_each_pose_by_its_model_in_its_annotators_colour),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests_name ("pose", tests, NULL, NULL);
}
