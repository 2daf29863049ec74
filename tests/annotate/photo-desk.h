/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/annotate/photo-desk.h - a person at a picture: for tools that look at its pixels. */
#include "core/json.h"
#include "core/region.h"
#include "tests/annotate/gestures.h"
#include "vision/flood.h"

static inline Desk *
desk_new_on (const char *tool, AssayPicture *take_picture)
{
  Desk *desk = g_new0 (Desk, 1);
  g_autoptr (AssayItem) item = assay_item_new ();
  g_autoptr (AssayTask) task = assay_task_new ("test", assay_kind_find ("segmentation"));
  assay_task_add_class (task, "cup");
  assay_task_add_class (task, "hand");
  desk->edits = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_edit_free);
  item->width_px = take_picture->width_px;
  item->height_px = take_picture->height_px;
  desk->session = assay_session_new (item, task, assay_objects_new (task->kind));
  desk->px_per_unit = 1;
  assay_session_set_picture (desk->session, take_picture);
  assay_picture_unref (take_picture);
  assay_session_set_tool (desk->session, assay_tool_find (tool));
  return desk;
}

/* A picture whose pixels are `paint (x, y, channel)`, of 8 or of 16 bits. */
static inline AssayPicture *
paint_picture (guint width_px, guint height_px, AssayPixels pixels,
               guint (*paint) (guint x, guint y, guint channel))
{
  AssayPicture *picture = assay_picture_new (width_px, height_px, pixels);
  guint n_channels = assay_pixels_channels (pixels);
  gboolean deep = pixels == ASSAY_PIXELS_GREY16 || pixels == ASSAY_PIXELS_RGB16;
  for (guint y = 0; y < height_px; y++)
    for (guint i = 0; i < width_px * n_channels; i++)
      {
        guint8 *row = picture->data + y * picture->stride;
        guint value = paint (i / n_channels, y, i % n_channels);
        if (deep)
          ((guint16 *) (gpointer) row)[i] = (guint16) value;
        else
          row[i] = (guint8) value;
      }
  return picture;
}

static inline const AssayMask *
mask_at (Desk *desk, guint i)
{
  return ((const AssayRegion *) object_at (desk, i)->value)->mask;
}

static inline void
set_option (Desk *desk, const char *name, const char *text)
{
  assert_true (assay_options_set ((AssayOptions *) scene_of (desk)->options, name, text, NULL));
}

static inline AssayPicture *
load_photo (const char *name)
{
  g_autofree char *path = g_build_filename (g_getenv ("ASSAY_SOURCE"), "app/data/sample/media", name, NULL);
  AssayPicture *picture = assay_picture_load (path, NULL);
  assert_non_null (picture);
  return picture;
}

/* What a person drew round a thing in one of the sample's pictures (app/data/sample/make/drawn.json), carefully. */
static inline AssayRing *
load_drawn_ring (const char *name, const char *class)
{
  g_autofree char *path = g_build_filename (g_getenv ("ASSAY_SOURCE"), "app/data/sample/make/drawn.json", NULL);
  json_t *drawn = json_load_file (path, 0, NULL), *shape, *point;
  AssayRing *ring = NULL;
  gsize i, k;
  assert_non_null (drawn);
  json_array_foreach (json_object_get (json_object_get (drawn, "outlines"), name), i, shape)
  {
    if (ring != NULL || !g_str_equal (json_string_value (json_object_get (shape, "class")), class))
      continue;
    g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
    json_array_foreach (json_object_get (shape, "outline"), k, point)
    {
      AssayPoint p
          = { json_number_value (json_array_get (point, 0)), json_number_value (json_array_get (point, 1)) };
      g_array_append_val (points, p);
    }
    ring = assay_ring_new ((const AssayPoint *) (gpointer) points->data, points->len, FALSE);
  }
  json_decref (drawn);
  assert_non_null (ring);
  return ring;
}

static inline AssayMask *
load_drawn (const char *name, const char *class)
{
  g_autoptr (AssayRing) ring = load_drawn_ring (name, class);
  g_autoptr (AssayPicture) picture = load_photo (name);
  return assay_mask_new_from_ring (ring, picture->width_px, picture->height_px);
}

/* The pixel that is deepest in a mask: so many steps (0 = it is empty) from all that is not. */
static inline guint
find_deepest (const AssayMask *mask, guint *ret_x, guint *ret_y)
{
  guint w = mask->width_px, h = mask->height_px, deepest = 0;
  g_autofree guint8 *inside = g_malloc ((gsize) w * h);
  g_autofree guint *depth = g_new0 (guint, (gsize) w * h);
  assay_mask_to_bytes (mask, 0, 0, w, h, inside, w);
  for (guint i = w + 1; i < w * (h - 1); i++)
    depth[i] = inside[i] ? 1 + MIN (depth[i - 1], depth[i - w]) : 0;
  for (guint i = w * (h - 1) - 1; i > w; i--)
    {
      depth[i] = MIN (depth[i], 1 + MIN (depth[i + 1], depth[i + w]));
      if (depth[i] <= deepest)
        continue;
      deepest = depth[i];
      *ret_x = i % w;
      *ret_y = i / w;
    }
  return deepest;
}

/* What a person finds by dragging and looking. */
static inline guint
find_tolerance (const AssayPicture *picture, const AssayMask *drawn, const AssayMask *have, guint x, guint y,
                AssayMaskOperation way)
{
  g_autoptr (AssayFlood) flood = assay_flood_new (picture, x, y, TRUE);
  double best = -1;
  guint found = 0;
  for (guint tolerance = 4; tolerance < 120; tolerance += 4)
    {
      assay_flood_reach (flood, tolerance, G_MAXUINT64, NULL);
      g_autoptr (AssayMask) more = assay_flood_to_mask (flood, tolerance, 1);
      g_autoptr (AssayMask) both = assay_mask_combine (have, more, way);
      double iou = assay_mask_iou (both, drawn, FALSE);
      if (iou <= best)
        continue;
      best = iou;
      found = tolerance;
    }
  return found;
}

static inline gpointer
run_held (gpointer data)
{
  AssayWork *work = data;
  work->run (work->data, NULL);
  return NULL;
}

/* As in the window: each work on a thread of its own, while the pointer moves on over `path` (n points) and comes
 * to its end. For tools that hand things over; `desk->hold` is set. */
static inline void
work_in_threads (Desk *desk, const AssayPoint *path, guint n, guint button)
{
  for (guint i = 0; i < n || desk->held != NULL; i++)
    {
      AssayWork *work = g_steal_pointer (&desk->held);
      GThread *thread = work != NULL ? g_thread_new ("work", run_held, work) : NULL;
      if (i < n)
        move_to (desk, path[i].x, path[i].y, 0, button);
      g_autoptr (AssayMarks) marks = assay_session_list_tool_marks (desk->session);
      if (thread == NULL)
        continue;
      g_thread_join (thread);
      feed (desk, (AssayInput){ .kind = ASSAY_INPUT_WORKED, .pressure = 1, .work = work });
      assay_work_free (work);
    }
}
