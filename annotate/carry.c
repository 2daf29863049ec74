/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/carry.h"

#include "annotate/between.h"
#include "core/error.h"
#include "core/proposal.h"
#include "core/region.h"
#include "core/scope.h"
#include "vision/follow.h"
#include "vision/vision.h"

#define ALIKE 0.9 /* of two that are one thing: by the kind's similarity */
#define CUT_ROUNDS 3
#define CUT_SIDE_PX 1024
#define DOUBTFUL 0.5 /* of the confidence that vision/follow.h tells */

AssayItem *
assay_carry_find_next (AssayStore *store, const AssayItem *item, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autofree char *within = assay_scope_dup_sql (task);
  g_autofree char *sql = g_strdup_printf (
      "SELECT row FROM item WHERE %s AND row NOT IN (SELECT item FROM left_out WHERE"
      " everywhere = 1) AND %s LIMIT 1",
      within, item->sequence != NULL ? "sequence = ? AND position > ? ORDER BY position" : "row > ? ORDER BY row");
  gboolean asked = item->sequence != NULL
                       ? assay_store_query (store, &rows, error, sql, "ti", item->sequence, item->position)
                       : assay_store_query (store, &rows, error, sql, "i", item->row);
  if (!asked)
    return NULL;
  if (!assay_rows_next (&rows, &wrong))
    {
      if (wrong != NULL)
        g_propagate_error (error, g_steal_pointer (&wrong));
      else
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                     "carrying objects on: no picture follows this one%s",
                     item->sequence != NULL ? " in its sequence" : "");
      return NULL;
    }
  g_autoptr (AssayItem) next = assay_item_get_row (store, assay_rows_get_int (&rows, 0), error);
  if (next == NULL || (next->width_px == item->width_px && next->height_px == item->height_px))
    return g_steal_pointer (&next);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
               "carrying objects on: the next picture, %s, is %u x %u pixels and this one %u x %u", next->name,
               next->width_px, next->height_px, item->width_px, item->height_px);
  return NULL;
}

static AssayObject *
new_like (const AssayObject *object, const AssayKind *kind, const char *assisted)
{
  AssayObject *made = assay_object_new (&object->class_id, kind->copy (object->value));
  made->track = object->track;
  made->attributes = object->attributes != NULL ? json_deep_copy (object->attributes) : NULL;
  assay_object_set_interpolated (made, FALSE); /* it stands between nothing there */
  assay_object_propose (made, assisted);
  return made;
}

static gboolean
is_empty (const AssayObject *object, const AssayKind *kind)
{
  return g_str_equal (kind->id, "segmentation")
         && assay_mask_area_px (((const AssayRegion *) object->value)->mask) == 0;
}

AssayObjects *
assay_carry_copy (const GPtrArray *objects, const AssayKind *kind)
{
  AssayObjects *copies = assay_objects_new (kind);
  for (guint i = 0; i < objects->len; i++)
    if (!is_empty (objects->pdata[i], kind))
      assay_objects_take (copies, new_like (objects->pdata[i], kind, "copied"));
  return copies;
}

/* What cannot be done for one object stops none of the others. */
static gboolean
is_of_one (GError **wrong, AssayCarryNews *news, GError **error)
{
  if (!g_error_matches (*wrong, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA))
    {
      g_propagate_error (error, g_steal_pointer (wrong));
      return FALSE;
    }
  news->n_failed++;
  return TRUE;
}

static void
follow_into (AssayObject *object, const AssayKind *kind, AssayMask *take_mask)
{
  AssayRegion *region = assay_region_new_from_mask (take_mask); /* what was unsure there is nobody's word here */
  region->crowd = ((const AssayRegion *) object->value)->crowd;
  kind->free (object->value);
  object->value = region;
  assay_object_propose (object, "flow");
}

static gboolean
follow_all (AssayObjects *copies, const AssayPicture *from, const AssayPicture *to, AssayProgress *progress,
            GCancellable *stop, AssayCarryNews *ret_news, GError **error)
{
  guint n = copies->list->len;
  *ret_news = (AssayCarryNews){ 0 };
  for (guint i = n; i-- > 0;)
    {
      assay_progress_set (progress, n - 1 - i, n);
      if (assay_progress_stopped (progress, error))
        return FALSE;
      AssayObject *object = copies->list->pdata[i];
      double confidence = 0;
      g_autoptr (GError) wrong = NULL;
      g_autoptr (AssayMask) mask
          = assay_vision_follow (from, to, ((const AssayRegion *) object->value)->mask, stop, &confidence, &wrong);
      if (assay_progress_stopped (progress, error))
        return FALSE;
      if (mask == NULL && !is_of_one (&wrong, ret_news, error))
        return FALSE;
      if (mask == NULL || assay_mask_area_px (mask) == 0)
        {
          assay_object_free (g_ptr_array_steal_index (copies->list, i), copies->kind);
          continue;
        }
      follow_into (object, copies->kind, g_steal_pointer (&mask));
      ret_news->n_doubtful += confidence < DOUBTFUL;
    }
  return TRUE;
}

static void
stop_following (gpointer cancellable)
{
  g_cancellable_cancel (cancellable);
}

/* The flow is given up between its steps, within an object. */
gboolean
assay_carry_follow (AssayObjects *copies, const AssayPicture *from, const AssayPicture *to, AssayProgress *progress,
                    AssayCarryNews *ret_news, GError **error)
{
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  assay_progress_when_cancelled (progress, stop_following, stop);
  gboolean followed = follow_all (copies, from, to, progress, stop, ret_news, error);
  assay_progress_when_cancelled (progress, NULL, NULL);
  return followed;
}

AssayObjects *
assay_carry_list_predictions (AssayStore *store, const AssayItem *item, const AssayTask *task, GError **error)
{
  g_autoptr (GPtrArray) labels = assay_label_list (store, item->row, task, FALSE, error);
  if (labels == NULL)
    return NULL;
  g_autoptr (AssayObjects) all = assay_objects_new (task->kind);
  for (guint i = 0; i < labels->len; i++)
    {
      const AssayLabel *label = labels->pdata[i];
      g_autoptr (AssayAnnotator) by = assay_annotator_get_row (store, label->annotator_row, error);
      if (by == NULL)
        return NULL;
      for (guint k = 0; by->kind == ASSAY_ANNOTATOR_MODEL && k < label->objects->list->len; k++)
        assay_objects_take (all, new_like (label->objects->list->pdata[k], task->kind, by->name));
    }
  return g_steal_pointer (&all);
}

/* The class of `task` for what another task calls `name`; nil = none. */
static AssayId
find_class (const AssayTask *task, const char *name)
{
  const AssayClass *class = assay_task_find_class_named (task, name);
  if (class == NULL && task->classes->len == 1)
    class = task->classes->pdata[0];
  return class != NULL ? class->id : ASSAY_ID_NIL;
}

static void
add_boxes (GArray *boxes, const AssayObjects *objects, const AssayTask *from, const AssayTask *task)
{
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      const AssayClass *class = assay_task_find_class (from, &object->class_id);
      AssayCarryBox box = { ((const AssayBox *) object->value)->box,
                            class != NULL ? find_class (task, class->name) : ASSAY_ID_NIL };
      if (!assay_id_is_nil (&box.class_id))
        g_array_append_val (boxes, box);
    }
}

GArray *
assay_carry_list_boxes (AssayStore *store, const AssayItem *item, const AssayTask *task,
                        const AssayAnnotator *annotator, GError **error)
{
  g_autoptr (GPtrArray) tasks = assay_task_list (store, error);
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (AssayCarryBox));
  if (tasks == NULL)
    return NULL;
  for (guint i = 0; i < tasks->len; i++)
    {
      const AssayTask *from = tasks->pdata[i];
      g_autoptr (GError) wrong = NULL;
      if (!g_str_equal (from->kind->id, "box"))
        continue;
      g_autoptr (AssayLabel) label = assay_label_get (store, item->row, from, annotator->row, &wrong);
      if (wrong != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return NULL;
        }
      if (label != NULL)
        add_boxes (boxes, label->objects, from, task);
    }
  return g_steal_pointer (&boxes);
}

AssayObjects *
assay_carry_cut_boxes (const GArray *boxes, const AssayPicture *picture, const AssayKind *kind,
                       AssayProgress *progress, AssayCarryNews *ret_news, GError **error)
{
  *ret_news = (AssayCarryNews){ 0 };
  g_autoptr (AssayObjects) cut = assay_objects_new (kind);
  for (guint i = 0; i < boxes->len; i++)
    {
      assay_progress_set (progress, i, boxes->len);
      if (assay_progress_stopped (progress, error))
        return NULL;
      const AssayCarryBox *box = &g_array_index (boxes, AssayCarryBox, i);
      g_autoptr (GError) wrong = NULL;
      g_autoptr (AssayMask) mask = assay_vision_grabcut (picture, box->box, CUT_ROUNDS, CUT_SIDE_PX, &wrong);
      if (mask == NULL && !is_of_one (&wrong, ret_news, error))
        return NULL;
      if (mask == NULL || assay_mask_area_px (mask) == 0)
        continue;
      AssayObject *object = assay_object_new (&box->class_id, assay_region_new_from_mask (g_steal_pointer (&mask)));
      assay_object_propose (object, "grabcut");
      assay_objects_take (cut, object);
    }
  return g_steal_pointer (&cut);
}

static gboolean
is_there (const AssayObjects *objects, const AssayObject *object, const AssayTask *task)
{
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *other = objects->list->pdata[i];
      if (assay_id_equal (&other->class_id, &object->class_id)
          && assay_object_similarity (other, object, task) > ALIKE)
        return TRUE;
    }
  return FALSE;
}

static const AssayObject *
find_track (const AssayObjects *objects, const AssayId *track)
{
  for (guint i = 0; i < objects->list->len && !assay_id_is_nil (track); i++)
    {
      const AssayObject *other = objects->list->pdata[i];
      if (assay_id_equal (&other->track, track))
        return other;
    }
  return NULL;
}

static gboolean
is_put (const AssayEdit *edit, const AssayId *track)
{
  for (guint i = 0; i < edit->changes->len && !assay_id_is_nil (track); i++)
    {
      const AssayChange *change = edit->changes->pdata[i];
      if (assay_id_equal (&change->after->track, track))
        return TRUE;
    }
  return FALSE;
}

/* One thing is in a picture once: what no hand made of it gives way, what a hand made stays. */
static void
put_one (AssayEdit *edit, const AssayObjects *draft, const AssayObject *object, const AssayTask *task)
{
  const AssayObject *same = find_track (draft, &object->track);
  if (is_there (draft, object, task) || is_put (edit, &object->track)
      || (same != NULL && !assay_object_is_interpolated (same) && !assay_object_is_proposed (same)))
    return;
  AssayObject *made = assay_object_copy (object, task->kind);
  if (same != NULL)
    made->id = same->id;
  assay_edit_take (edit, same != NULL ? assay_object_copy (same, task->kind) : NULL, made);
}

/* An answer that was given is not made a draft again by what a program proposes. */
static gboolean
may_propose (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator,
             GError **error)
{
  AssayLabelState state;
  if (!assay_label_get_state (store, item->row, task->row, annotator->row, &state, error))
    return FALSE;
  if (state != ASSAY_LABEL_SUBMITTED && state != ASSAY_LABEL_SKIPPED && state != ASSAY_LABEL_SETTLED)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT, "proposing objects in %s: your answer is %s; %s",
               item->name, assay_label_state_to_text (state),
               state == ASSAY_LABEL_SETTLED ? "ask a reviewer to send it back" : "take it back first");
  return FALSE;
}

gboolean
assay_carry_put (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator,
                 const AssayObjects *objects, const char *name, guint *ret_n, GError **error)
{
  if (!may_propose (store, item, task, annotator, error))
    return FALSE;
  g_autoptr (AssayJournal) journal = assay_journal_open (store, item, task, annotator, error);
  g_autoptr (AssayEdit) edit = assay_edit_new (task->kind, name);
  if (journal == NULL)
    return FALSE;
  for (guint i = 0; i < objects->list->len; i++)
    put_one (edit, assay_journal_get_objects (journal), objects->list->pdata[i], task);
  *ret_n = edit->changes->len;
  return *ret_n == 0 || assay_journal_append (journal, g_steal_pointer (&edit), error);
}
