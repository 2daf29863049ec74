/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotate: every tool that makes pixels, by real pointer and keys on real pictures: as good as what a person drew
 * with care (app/data/sample/make/drawn.json), there after kill -9, and the same to the pixel in what is exported.
 */
#include "core/json.h"
#include "core/project.h"
#include "core/region.h"
#include "tests/annotate/hand.h"
#include "tests/annotate/photo-desk.h"
#include "tests/ui/drawing.h"

#include <glib/gstdio.h>

#define GOOD_IOU 0.90
#define BRUSH_PX 24

typedef struct
{
  Ui *ui;
  AtspiAccessible *canvas;
  const char *directory;
  guint nth; /* item */
  AssayPicture *picture;
  AssayRing *ring;         /* what the person drew … */
  AssayMask *drawn;        /* … and its pixels */
  AssayMask *reference;    /* what the tool should come to; NULL = drawn */
  AssayMask *have;         /* (nullable) what the draft has */
  int x, y, width, height; /* of the canvas */
} Sheet;

typedef struct
{
  const char *tool, *key, *file, *class;
  void (*draw) (Hand *hand, Sheet *sheet);
  double least_iou;
  guint most_clicks; /* of the pointer's button */
} Case;

/* The hand in the window. The picture is fitted. */

static double
zoom_of (const Sheet *sheet)
{
  return fmin ((sheet->width - 24.0) / sheet->picture->width_px,
               (sheet->height - 24.0) / sheet->picture->height_px);
}

/* Positions are told once a frame: a corner is only there when the window has seen it. */
static void
dwell (Sheet *sheet)
{
  int x, y, width, height;
  g_usleep (20 * G_TIME_SPAN_MILLISECOND);
  ui_get_extents (sheet->ui, sheet->canvas, &x, &y, &width, &height);
  g_usleep (20 * G_TIME_SPAN_MILLISECOND);
}

static void
act (Hand *hand, AssayInputKind kind, AssayPoint at, AssayInputFlags flags, const char *key)
{
  Sheet *sheet = hand->data;
  const char *held = (flags & ASSAY_INPUT_SHIFT) != 0 ? "Shift_L" : (flags & ASSAY_INPUT_ALT) != 0 ? "Alt_L" : NULL;
  double zoom = zoom_of (sheet);
  int x = sheet->x + (int) round ((sheet->width - sheet->picture->width_px * zoom) / 2 + at.x * zoom);
  int y = sheet->y + (int) round ((sheet->height - sheet->picture->height_px * zoom) / 2 + at.y * zoom);
  if (kind == ASSAY_INPUT_KEY)
    {
      ui_key (sheet->ui, g_str_equal (key, "Enter") ? "Return" : key);
      return;
    }
  ui_move (sheet->ui, x, y);
  if (kind == ASSAY_INPUT_MOVE)
    dwell (sheet);
  if (kind == ASSAY_INPUT_PRESS && held != NULL)
    ui_key_down (sheet->ui, held, TRUE);
  if (kind == ASSAY_INPUT_PRESS || kind == ASSAY_INPUT_RELEASE)
    ui_button (sheet->ui, 1, kind == ASSAY_INPUT_PRESS);
  if (kind == ASSAY_INPUT_RELEASE && held != NULL)
    ui_key_down (sheet->ui, held, FALSE);
}

/* What is on the disk, as another process would read it. */

static const AssayMask *
mask_of_object (gconstpointer object)
{
  return ((const AssayRegion *) ((const AssayObject *) object)->value)->mask;
}

static gboolean
has_new_pixels (Ui *ui, gpointer data)
{
  Sheet *sheet = data;
  g_autoptr (AssayObjects) draft = drawing_read_draft (sheet->directory, sheet->nth, "Grace");
  if (draft->list->len != 1)
    return FALSE;
  const AssayMask *mask = mask_of_object (draft->list->pdata[0]);
  if (sheet->have != NULL && assay_mask_equal (sheet->have, mask))
    return FALSE;
  assay_mask_free (sheet->have);
  sheet->have = assay_mask_copy (mask);
  return TRUE;
}

static void
wait_for_pixels (Sheet *sheet)
{
  ui_wait (sheet->ui, has_new_pixels, sheet, "the tool's pixels in the draft");
}

/* The tools */

static void
cut_out_by_box (Hand *hand, Sheet *sheet)
{
  hand_box (hand, sheet->drawn, 4);
  hand_key (hand, "Enter");
}

/* As many places along the outline as there may be clicks. */
static void
click_along (Hand *hand, Sheet *sheet)
{
  g_autoptr (GArray) places = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  for (guint i = 0; i < 10; i++)
    g_array_append_val (places, sheet->ring->points[i * sheet->ring->n_points / 10]);
  for (guint i = 0; i < places->len; i++)
    hand_click (hand, g_array_index (places, AssayPoint, i));
  ui_settle (sheet->ui); /* one looks before one closes */
  hand_key (hand, "Enter");
}

static void
click_corners (Hand *hand, Sheet *sheet)
{
  g_autoptr (GArray) corners = list_corners (sheet->ring, 6);
  for (guint i = 0; i < corners->len; i++)
    hand_click (hand, g_array_index (corners, AssayPoint, i));
  ui_settle (sheet->ui);
  hand_key (hand, "Enter");
}

static void
draw_round (Hand *hand, Sheet *sheet)
{
  g_autoptr (GArray) corners = list_corners (sheet->ring, 3);
  hand_draw_round (hand, corners);
}

static void
paint_over (Hand *hand, Sheet *sheet)
{
  hand_paint (hand, sheet->drawn, BRUSH_PX);
}

/* From the deepest place of what is missing, as far as is best. */
static void
drag_from_faults (Hand *hand, Sheet *sheet)
{
  g_autoptr (AssayMask) empty = assay_mask_new_empty (sheet->drawn->width_px, sheet->drawn->height_px);
  for (guint i = 0; i < 6; i++)
    {
      const AssayMask *have = sheet->have != NULL ? sheet->have : empty;
      guint x[2] = { 0 }, y[2] = { 0 };
      g_autoptr (AssayMask) missing = assay_mask_combine (sheet->drawn, have, ASSAY_MASK_DIFFERENCE);
      g_autoptr (AssayMask) beyond = assay_mask_combine (have, sheet->drawn, ASSAY_MASK_DIFFERENCE);
      gboolean away = find_deepest (beyond, &x[1], &y[1]) > find_deepest (missing, &x[0], &y[0]);
      AssayPoint at = { x[away] + 0.5, y[away] + 0.5 };
      guint tolerance = find_tolerance (sheet->picture, sheet->drawn, have, x[away], y[away],
                                        away ? ASSAY_MASK_DIFFERENCE : ASSAY_MASK_UNION);
      AssayPoint to = { at.x + (ASSAY_TOOL_REACH_PX + 2.0 * tolerance) / hand->px_per_unit, at.y };
      hand_pull (hand, at, to, away ? ASSAY_INPUT_ALT : i > 0 ? ASSAY_INPUT_SHIFT : 0);
      wait_for_pixels (sheet);
      if (assay_mask_iou (sheet->have, sheet->drawn, FALSE) >= GOOD_IOU)
        return;
    }
}

/* Patches along a way, then clicks where it is most wrong. */
static void
paint_patches (Hand *hand, Sheet *sheet)
{
  hand_paint (hand, sheet->drawn, 40);
  for (wait_for_pixels (sheet); assay_mask_iou (sheet->have, sheet->drawn, FALSE) < GOOD_IOU;)
    {
      guint x[2] = { 0 }, y[2] = { 0 };
      ui_settle (sheet->ui); /* the strokes before it are in the draft */
      has_new_pixels (sheet->ui, sheet);
      g_autoptr (AssayMask) missing = assay_mask_combine (sheet->drawn, sheet->have, ASSAY_MASK_DIFFERENCE);
      g_autoptr (AssayMask) beyond = assay_mask_combine (sheet->have, sheet->drawn, ASSAY_MASK_DIFFERENCE);
      gboolean away = find_deepest (beyond, &x[1], &y[1]) > find_deepest (missing, &x[0], &y[0]);
      if (assay_mask_iou (sheet->have, sheet->drawn, FALSE) >= GOOD_IOU || hand->n_clicks > 30)
        return;
      hand_press (hand, (AssayPoint){ x[away] + 0.5, y[away] + 0.5 }, away ? ASSAY_INPUT_ALT : 0);
      hand_let_go (hand, away ? ASSAY_INPUT_ALT : 0);
      wait_for_pixels (sheet);
    }
}

static void
take_plain (Sheet *sheet, gboolean (*is_inside) (double x, double y))
{
  guint w = sheet->drawn->width_px, h = sheet->drawn->height_px;
  AssayRect box = { 0 };
  assay_mask_bounds (sheet->drawn, &box);
  g_autofree guint8 *bytes = g_malloc0 ((gsize) w * h);
  for (guint i = 0; i < w * h; i++)
    {
      double x = (i % w + 0.5 - box.x) / box.w * 2 - 1, y = (i / w + 0.5 - box.y) / box.h * 2 - 1;
      bytes[i] = fabs (x) <= 1 && fabs (y) <= 1 && is_inside (x, y);
    }
  sheet->reference = assay_mask_new_from_bytes (bytes, w, w, h);
}

static gboolean
in_square (double x, double y)
{
  return TRUE;
}

static gboolean
in_disc (double x, double y)
{
  return x * x + y * y <= 1;
}

static void
frame_it (Hand *hand, Sheet *sheet)
{
  take_plain (sheet, in_square);
  hand_box (hand, sheet->drawn, 0);
}

static void
ring_it (Hand *hand, Sheet *sheet)
{
  take_plain (sheet, in_disc);
  hand_box (hand, sheet->drawn, 0);
}

/* A rectangle, and a stroke across it taken out. */
static void
erase_across (Hand *hand, Sheet *sheet)
{
  guint w = sheet->drawn->width_px, h = sheet->drawn->height_px;
  AssayRect box = { 0 };
  assay_mask_bounds (sheet->drawn, &box);
  AssayPoint a = { box.x + box.w * 0.2, box.y + box.h * 0.3 }, b = { box.x + box.w * 0.8, box.y + box.h * 0.3 };
  hand_key (hand, "r");
  drawing_wait (sheet->ui, "rectangle tool");
  hand_box (hand, sheet->drawn, 0);
  wait_for_pixels (sheet);
  g_autofree guint8 *bytes = g_malloc0 ((gsize) w * h);
  for (guint i = 0; i < w * h; i++)
    {
      double x = i % w + 0.5, y = i / w + 0.5;
      gboolean erased = hypot (x - CLAMP (x, a.x, b.x), y - a.y) <= BRUSH_PX / 2.0;
      bytes[i] = assay_mask_contains (sheet->have, i % w, i / w) && !erased;
    }
  sheet->reference = assay_mask_new_from_bytes (bytes, w, w, h);
  hand_key (hand, "e");
  drawing_wait (sheet->ui, "eraser tool");
  hand_pull (hand, a, b, 0);
}

/* Seven things by clicks that are counted; rectangle, ellipse and eraser against plain pixels. */
static const Case cases[] = {
  { "grabcut", "g", "cup_024.jpg", "bottle", cut_out_by_box, GOOD_IOU, 1 },
  { "scissors", "x", "coffee.png", "cup", click_along, GOOD_IOU, 10 },
  { "wand", "w", "cup_001.jpg", "bottle", drag_from_faults, GOOD_IOU, 6 },
  { "polygon", "p", "box_013.jpg", "box", click_corners, GOOD_IOU, 12 },
  { "freehand", "y", "cup_016.jpg", "bottle", draw_round, GOOD_IOU, 1 },
  { "brush", "b", "cup_013.jpg", "bottle", paint_over, GOOD_IOU, 14 },
  { "superpixel", "u", "cup_007.jpg", "bottle", paint_patches, GOOD_IOU, 20 },
  { "rectangle", "r", "box_008.jpg", "box", frame_it, 0.98, 1 },
  { "ellipse", "c", "box_020.jpg", "box", ring_it, 0.98, 1 },
  { "eraser", "e", "cup_020.jpg", "bottle", erase_across, 0.97, 2 },
};
#define N_CASES G_N_ELEMENTS (cases)

static char *
new_project (void)
{
  char *directory = ui_dup_folder ("tools");
  g_autofree char *material = g_strconcat (directory, "-material", NULL);
  assert_int_equal (g_mkdir (material, 0700), 0);
  for (guint i = 0; i < N_CASES; i++)
    {
      g_autofree char *from
          = g_build_filename (g_getenv ("ASSAY_SOURCE"), "app/data/sample/media", cases[i].file, NULL);
      g_autofree char *to = g_strdup_printf ("%s/%02u-%s", material, i + 1, cases[i].file);
      g_autofree char *bytes = NULL;
      gsize n = 0;
      assert_true (g_file_get_contents (from, &bytes, &n, NULL)
                   && g_file_set_contents (to, bytes, (gssize) n, NULL));
    }
  g_autofree char *init = ui_assay ("init", directory, NULL);
  g_autofree char *task
      = ui_assay ("-C", directory, "task", "add", "work", "--kind", "segmentation", "--classes", "thing", NULL);
  g_autofree char *import = ui_assay ("-C", directory, "import", material, NULL);
  assert_true (init != NULL && task != NULL && import != NULL);
  return directory;
}

/* What the tool left in the draft; owned by whoever asks. */
static AssayMask *
use_tool (Ui *ui, const char *directory, guint nth)
{
  const Case *one = &cases[nth];
  g_autoptr (AssayRing) ring = load_drawn_ring (one->file, one->class);
  g_autoptr (AssayPicture) picture = load_photo (one->file);
  g_autoptr (AssayMask) drawn = assay_mask_new_from_ring (ring, picture->width_px, picture->height_px);
  g_autofree char *shot = g_strdup_printf ("tool-%s", one->tool);
  AtspiAccessible *canvas = g_object_ref (ui_find (ui, "image", "Image canvas"));
  Sheet sheet = { ui, canvas, directory, nth, picture, ring, drawn, NULL, NULL, 0, 0, 0, 0 };
  Hand hand = { .act = act, .data = &sheet };
  ui_get_extents (ui, canvas, &sheet.x, &sheet.y, &sheet.width, &sheet.height);
  hand.px_per_unit = zoom_of (&sheet);
  hand_key (&hand, one->key);
  g_autofree char *words = g_strdup_printf ("0 objects, %s tool", one->tool);
  drawing_wait (ui, words);
  one->draw (&hand, &sheet);
  if (one->draw != drag_from_faults && one->draw != paint_patches)
    wait_for_pixels (&sheet);
  drawing_wait (ui, "1 object");
  ui_settle (ui);
  has_new_pixels (ui, &sheet); /* of the last stroke of several */
  ui_shot (ui, shot);
  double iou = assay_mask_iou (sheet.have, sheet.reference != NULL ? sheet.reference : drawn, FALSE);
  print_message ("# %-10s %-6s in %-11s IoU %.3f after %u clicks and %u keys\n", one->tool, one->class, one->file,
                 iou, hand.n_clicks, hand.n_keys);
  assert_true (iou >= one->least_iou);
  assert_true (hand.n_clicks <= one->most_clicks);
  g_object_unref (canvas);
  assay_mask_free (sheet.reference);
  return sheet.have;
}

/* The pixels of an annotation of COCO: run lengths, or polygons of flat coordinates. */
static AssayMask *
read_annotation (const json_t *annotation, guint width_px, guint height_px)
{
  const json_t *segmentation = json_object_get (annotation, "segmentation"), *outline;
  const char *counts = json_string_value (json_object_get (segmentation, "counts"));
  g_autoptr (GPtrArray) rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  gsize i;
  if (counts != NULL)
    return assay_mask_new_from_coco (counts, width_px, height_px, NULL);
  json_array_foreach (segmentation, i, outline)
  {
    guint n = (guint) json_array_size (outline) / 2;
    g_autofree AssayPoint *points = g_new (AssayPoint, n);
    for (guint k = 0; k < n; k++)
      points[k] = (AssayPoint){ json_number_value (json_array_get (outline, 2 * k)),
                                json_number_value (json_array_get (outline, 2 * k + 1)) };
    g_ptr_array_add (rings, assay_ring_new (points, n, FALSE));
  }
  return assay_mask_new_from_rings (rings, width_px, height_px);
}

static guint
compare_file (const char *path, AssayMask *const *masks)
{
  json_t *coco = json_load_file (path, 0, NULL), *image, *annotation;
  guint n_same = 0;
  gsize i, k;
  json_array_foreach (json_object_get (coco, "images"), i, image)
      json_array_foreach (json_object_get (coco, "annotations"), k, annotation)
  {
    if (!json_equal (json_object_get (annotation, "image_id"), json_object_get (image, "id")))
      continue;
    g_autofree char *name = g_path_get_basename (json_string_value (json_object_get (image, "file_name")));
    guint nth = (guint) g_ascii_strtoull (name, NULL, 10) - 1;
    assert_true (nth < N_CASES);
    g_autoptr (AssayMask) mask = read_annotation (annotation, masks[nth]->width_px, masks[nth]->height_px);
    assert_non_null (mask);
    assert_true (assay_mask_equal (mask, masks[nth]));
    n_same++;
  }
  json_decref (coco);
  return n_same;
}

static gboolean
is_last_submitted (Ui *ui, gpointer directory)
{
  AssayLabelState state = ASSAY_LABEL_TODO;
  g_autoptr (AssayProject) project = assay_project_open (directory, ASSAY_STORE_READ, NULL);
  g_autoptr (AssayTask) task = assay_task_find (project->store, "work", NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_find (project->store, "Grace", NULL);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, NULL);
  assert_true (assay_label_get_state (project->store, g_array_index (rows, gint64, N_CASES - 1), task->row,
                                      annotator->row, &state, NULL));
  return state == ASSAY_LABEL_SUBMITTED;
}

static void
every_tool_is_good_survives_kill_9_and_is_exported_to_the_pixel (void **state)
{
  static const char *const splits[] = { "train", "val", "test" };
  g_autofree char *directory = new_project ();
  g_autofree char *out = g_strconcat (directory, "-out", NULL);
  AssayMask *masks[N_CASES] = { NULL };
  Ui *ui = drawing_start (directory, "Grace", "0 objects");
  for (guint i = 0; i < N_CASES; i++)
    {
      g_autofree char *place = g_strdup_printf ("%u of %u", i + 1, (guint) N_CASES);
      ui_wait_text (ui, place);
      drawing_wait (ui, "0 objects");
      masks[i] = use_tool (ui, directory, i);
      if (i + 1 < N_CASES)
        ui_key (ui, "ctrl+Return");
    }
  ui_kill (ui); /* the last one was not submitted */

  for (guint i = 0; i < N_CASES; i++)
    {
      g_autoptr (AssayObjects) draft = drawing_read_draft (directory, i, "Grace");
      assert_int_equal (draft->list->len, 1);
      assert_true (assay_mask_equal (mask_of_object (draft->list->pdata[0]), masks[i]));
    }
  /* Opened where it was left: the first thing that is shown is the last item, and the first key is its own. */
  ui = drawing_start (directory, "Grace", "1 object");
  ui_key (ui, "ctrl+Return");
  ui_wait (ui, is_last_submitted, directory, "the last item to be submitted");
  ui_stop (ui);

  g_autofree char *said = ui_assay ("-C", directory, "export", out, "--format", "coco", "--working", NULL);
  guint n_same = 0;
  for (guint i = 0; i < G_N_ELEMENTS (splits); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/annotations/instances_%s.json", out, splits[i]);
      if (g_file_test (path, G_FILE_TEST_EXISTS))
        n_same += compare_file (path, masks);
    }
  assert_int_equal (n_same, N_CASES);
  for (guint i = 0; i < N_CASES; i++)
    assay_mask_free (masks[i]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_tool_is_good_survives_kill_9_and_is_exported_to_the_pixel),
  };
  return cmocka_run_group_tests_name ("tools", tests, NULL, NULL);
}
