/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sweep-data.h"

#include "core/alias.h"
#include "core/film.h"
#include "core/media.h"
#include "core/mask-trace.h"
#include "core/region.h"

#include <math.h>
#include <string.h>

#define CROP_PX 200 /* the longer side */

static void
crop_free (AssaySweepCrop *crop, const AssayKind *kind)
{
  assay_marks_free (crop->before);
  assay_marks_free (crop->after);
  assay_picture_unref (crop->crop);
  assay_object_free (crop->object, kind);
  assay_item_free (crop->item);
  g_free (crop->whose);
  g_free (crop);
}

void
assay_sweep_free (AssaySweep *sweep)
{
  if (sweep == NULL)
    return;
  for (guint i = 0; i < sweep->crops->len; i++)
    crop_free (sweep->crops->pdata[i], sweep->task->kind);
  g_ptr_array_unref (sweep->crops);
  assay_task_free (sweep->task);
  g_free (sweep);
}

/* Everything is copied into the list: the object may go. */
static void
draw_object (const AssayObject *object, const AssayTask *task, guint32 colour, AssayMarkFlags flags,
             AssayMarks *marks)
{
  if (g_str_equal (task->kind->id, "segmentation"))
    {
      g_autoptr (GPtrArray) rings = assay_mask_trace (((const AssayRegion *) object->value)->mask);
      for (guint i = 0; i < rings->len; i++)
        {
          const AssayRing *ring = rings->pdata[i];
          assay_marks_add_points (marks, ASSAY_MARK_RING, flags, colour, ring->points, ring->n_points, NULL);
        }
      return;
    }
  g_autoptr (AssayMarks) listed = assay_marks_new ();
  task->kind->list_marks (object, task, listed);
  for (guint i = 0; i < listed->marks->len; i++)
    {
      const AssayMark *mark = &g_array_index (listed->marks, AssayMark, i);
      assay_marks_add_points (marks, mark->kind, flags, colour, mark->points, mark->n_points, NULL);
    }
}

AssayMarks *
assay_sweep_preview (const AssaySweep *sweep, const AssaySweepCrop *crop, const AssayRepair *repair)
{
  AssayObject *after = assay_repair_preview (repair, sweep->task, crop->item, crop->object);
  if (after == NULL)
    return NULL;
  AssayMarks *marks = assay_marks_new ();
  draw_object (after, sweep->task, assay_task_class_colour (sweep->task, &after->class_id), 0, marks);
  assay_object_free (after, sweep->task->kind);
  return marks;
}

static AssayPicture *
load (AssayProject *project, const AssayItem *item)
{
  g_autofree char *path = assay_item_dup_path (project, item);
  g_autoptr (AssayPicture) whole = NULL;
  if (item->range != ASSAY_RANGE_FRAME)
    whole = assay_picture_load (path, NULL);
  else
    {
      g_autoptr (AssayFilm) film = assay_film_open (path, NULL);
      whole = film != NULL ? assay_film_get_frame (film, item->end, NULL) : NULL;
    }
  return whole != NULL ? assay_picture_to_rgb8 (whole) : NULL;
}

/* The object with a quarter more on each side. What cannot be read is a dark crop: its outline is seen still. */
static void
cut (AssaySweepCrop *crop, const AssayPicture *whole, const AssayTask *task)
{
  AssayRect box = { 0, 0, crop->item->width_px, crop->item->height_px }, of;
  if (task->kind->bounds != NULL && task->kind->bounds (crop->object->value, &of))
    {
      double margin = MAX (12, MAX (of.w, of.h) / 4);
      double left = MAX (0, floor (of.x - margin)), top = MAX (0, floor (of.y - margin));
      box = (AssayRect){ left, top, MAX (1, MIN (crop->item->width_px, ceil (of.x + of.w + margin)) - left),
                         MAX (1, MIN (crop->item->height_px, ceil (of.y + of.h + margin)) - top) };
    }
  crop->box = box;
  g_autoptr (AssayPicture) part = assay_picture_new ((guint) box.w, (guint) box.h, ASSAY_PIXELS_RGB8);
  for (guint y = 0; whole != NULL && part != NULL && y < part->height_px && (guint) box.y + y < whole->height_px;
       y++)
    memcpy (part->data + y * part->stride, whole->data + ((guint) box.y + y) * whole->stride + (guint) box.x * 3,
            (gsize) MIN (part->width_px, whole->width_px - MIN (whole->width_px, (guint) box.x)) * 3);
  guint longest = (guint) MAX (box.w, box.h);
  crop->crop = part == NULL         ? assay_picture_new (1, 1, ASSAY_PIXELS_RGB8)
               : longest <= CROP_PX ? g_steal_pointer (&part)
                                    : assay_picture_scale (part, MAX (1, (guint) (box.w * CROP_PX / longest)),
                                                           MAX (1, (guint) (box.h * CROP_PX / longest)));
}

AssaySweep *
assay_sweep_read (AssayProject *project, gint64 task_row, const AssayRepair *repair, AssayProgress *progress,
                  GError **error)
{
  g_autoptr (AssaySweep) sweep = g_new0 (AssaySweep, 1);
  g_autoptr (GPtrArray) labels = NULL;
  g_autoptr (AssayPicture) whole = NULL;
  gint64 shown_row = 0;
  sweep->crops = g_ptr_array_new ();
  sweep->task = assay_task_get_row (project->store, task_row, error);
  g_autoptr (GArray) spots
      = sweep->task != NULL ? assay_repair_list (project, sweep->task, repair, &labels, &sweep->undecided, error)
                            : NULL;
  g_autoptr (AssayAliases) aliases = spots != NULL ? assay_aliases_read (project->store, NULL, 0, error) : NULL;
  if (aliases == NULL)
    return NULL;
  sweep->n_all = spots->len;
  for (guint i = 0; i < MIN (spots->len, ASSAY_SWEEP_MOST); i++)
    {
      const AssayRepairSpot *spot = &g_array_index (spots, AssayRepairSpot, i);
      assay_progress_set (progress, i, MIN (spots->len, ASSAY_SWEEP_MOST));
      if (assay_progress_stopped (progress, error))
        return NULL;
      AssayItem *item = assay_item_get_row (project->store, spot->item_row, error);
      if (item == NULL)
        return NULL;
      if (item->row != shown_row)
        {
          g_clear_pointer (&whole, assay_picture_unref);
          whole = load (project, item);
          shown_row = item->row;
        }
      AssaySweepCrop *crop = g_new0 (AssaySweepCrop, 1);
      crop->item = item;
      crop->object
          = assay_object_copy (assay_objects_find (spot->label->objects, &spot->object), sweep->task->kind);
      crop->whose = g_strdup (assay_aliases_get (aliases, spot->label->annotator_row));
      cut (crop, whole, sweep->task);
      crop->before = assay_marks_new ();
      draw_object (crop->object, sweep->task, 0xffffff, ASSAY_MARK_DASHED, crop->before);
      crop->after = assay_sweep_preview (sweep, crop, repair);
      g_ptr_array_add (sweep->crops, crop);
    }
  return g_steal_pointer (&sweep);
}
