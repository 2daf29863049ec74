/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/track.h"

#include "annotate/between.h"
#include "core/error.h"
#include "core/proposal.h"
#include "core/scope.h"

static void
frame_free (gpointer data)
{
  AssayTrackFrame *frame = data;
  assay_objects_free (frame->objects);
  g_free (frame);
}

AssayTracks *
assay_tracks_new (const AssayTask *task)
{
  AssayTracks *tracks = g_new0 (AssayTracks, 1);
  tracks->task = assay_task_copy (task);
  tracks->frames = g_ptr_array_new_with_free_func (frame_free);
  return tracks;
}

void
assay_tracks_free (AssayTracks *tracks)
{
  if (tracks == NULL)
    return;
  assay_task_free (tracks->task);
  g_ptr_array_unref (tracks->frames);
  g_free (tracks);
}

AssayTrackFrame *
assay_tracks_add (AssayTracks *tracks, gint64 item_row, gint64 position, guint width_px, guint height_px)
{
  AssayTrackFrame *frame = g_new0 (AssayTrackFrame, 1);
  *frame = (AssayTrackFrame){ item_row,  position,         width_px,
                              height_px, ASSAY_LABEL_TODO, assay_objects_new (tracks->task->kind) };
  g_ptr_array_add (tracks->frames, frame);
  return frame;
}

/* Frames that nobody has touched have no draft to read, which in a long sequence is most of them. */
static gboolean
read_draft (AssayStore *store, AssayTrackFrame *frame, const AssayTask *task, const AssayAnnotator *annotator,
            GError **error)
{
  g_autoptr (AssayItem) item = assay_item_get_row (store, frame->item_row, error);
  if (item == NULL
      || !assay_label_get_state (store, frame->item_row, task->row, annotator->row, &frame->state, error))
    return FALSE;
  g_autoptr (AssayJournal) journal = assay_journal_open (store, item, task, annotator, error);
  if (journal == NULL)
    return FALSE;
  assay_objects_free (frame->objects);
  frame->objects = assay_objects_copy (assay_journal_get_objects (journal));
  return TRUE;
}

AssayTracks *
assay_tracks_read (AssayStore *store, const char *sequence, const AssayTask *task, const AssayAnnotator *annotator,
                   GError **error)
{
  g_autoptr (AssayTracks) tracks = assay_tracks_new (task);
  g_autoptr (GArray) begun = g_array_new (FALSE, FALSE, sizeof (gboolean));
  g_autoptr (GError) wrong = NULL;
  g_auto (AssayTransaction) transaction = { 0 };
  g_auto (AssayRows) rows = { 0 };
  if (!assay_transaction_begin_read (&transaction, store, error)
      || !assay_store_query (
          store, &rows, error,
          "SELECT row, position, width_px, height_px,"
          " EXISTS (SELECT 1 FROM journal WHERE item = item.row AND task = ?2 AND annotator = ?3)"
          " OR EXISTS (SELECT 1 FROM head WHERE item = item.row AND task = ?2 AND annotator = ?3)"
          " FROM item WHERE sequence = ?1 AND media_kind = ?4 ORDER BY position, row",
          "tiit", sequence, task->row, annotator->row, assay_media_kind_to_text (assay_scope_get_media (task))))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gboolean drawn = assay_rows_get_int (&rows, 4) != 0;
      assay_tracks_add (tracks, assay_rows_get_int (&rows, 0), assay_rows_get_int (&rows, 1),
                        (guint) assay_rows_get_int (&rows, 2), (guint) assay_rows_get_int (&rows, 3));
      g_array_append_val (begun, drawn);
    }
  assay_rows_clear (&rows);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  for (guint i = 0; i < tracks->frames->len; i++)
    if (g_array_index (begun, gboolean, i) && !read_draft (store, tracks->frames->pdata[i], task, annotator, error))
      return NULL;
  return assay_transaction_commit (&transaction, error) ? g_steal_pointer (&tracks) : NULL;
}

guint
assay_tracks_find (const AssayTracks *tracks, gint64 item_row)
{
  for (guint i = 0; i < tracks->frames->len; i++)
    if (((const AssayTrackFrame *) tracks->frames->pdata[i])->item_row == item_row)
      return i;
  return G_MAXUINT;
}

static gboolean
is_by_hand (const AssayObject *object)
{
  return !assay_object_is_interpolated (object) && !assay_object_is_proposed (object);
}

/* A hand-made one counts before others. */
AssayTrackHere
assay_tracks_look (const AssayTracks *tracks, guint frame, const AssayId *track, const AssayObject **ret_object)
{
  const AssayObjects *objects = ((const AssayTrackFrame *) tracks->frames->pdata[frame])->objects;
  AssayTrackHere here = ASSAY_TRACK_NOTHING;
  for (guint i = 0; i < objects->list->len && here != ASSAY_TRACK_KEY && !assay_id_is_nil (track); i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      if (!assay_id_equal (&object->track, track))
        continue;
      here = is_by_hand (object) ? ASSAY_TRACK_KEY : ASSAY_TRACK_BETWEEN;
      if (ret_object != NULL)
        *ret_object = object;
    }
  return here;
}

guint
assay_tracks_step (const AssayTracks *tracks, guint frame, const AssayId *track, gboolean forward)
{
  for (guint i = forward ? frame + 1 : frame; forward ? i < tracks->frames->len : i > 0; i += forward ? 1 : -1u)
    {
      guint at = forward ? i : i - 1;
      if (assay_tracks_look (tracks, at, track, NULL) == ASSAY_TRACK_KEY)
        return at;
    }
  return G_MAXUINT;
}

void
assay_track_claim (AssayEdit *edit)
{
  for (guint i = 0; i < edit->changes->len; i++)
    {
      AssayChange *change = edit->changes->pdata[i];
      if (change->after != NULL
          && (change->before == NULL || !assay_id_equal (&change->before->class_id, &change->after->class_id)
              || !edit->kind->equal (change->before->value, change->after->value)))
        assay_object_set_interpolated (change->after, FALSE);
    }
}

double
assay_track_share (const AssayTracks *tracks, guint from, guint at, guint to)
{
  gint64 a = ((const AssayTrackFrame *) tracks->frames->pdata[from])->position;
  gint64 b = ((const AssayTrackFrame *) tracks->frames->pdata[to])->position;
  gint64 p = ((const AssayTrackFrame *) tracks->frames->pdata[at])->position;
  return b > a ? (double) (p - a) / (double) (b - a) : (double) (at - from) / (double) (to - from);
}

/* As it would be between its key frames, where it lies between two. */
static void
move_into (const AssayTracks *tracks, guint frame, const AssayScene *scene, AssayObject *object)
{
  const AssayTrackFrame *here = tracks->frames->pdata[frame];
  guint before = assay_tracks_step (tracks, frame, &object->track, FALSE);
  guint after = assay_tracks_step (tracks, frame, &object->track, TRUE);
  const AssayObject *a = NULL, *b = NULL;
  if (before == G_MAXUINT || after == G_MAXUINT || !assay_kind_has_between (scene->task->kind))
    return;
  assay_tracks_look (tracks, before, &object->track, &a);
  assay_tracks_look (tracks, after, &object->track, &b);
  double t = assay_track_share (tracks, before, frame, after);
  gpointer value = assay_between (scene->task->kind, a->value, b->value, t, here->width_px, here->height_px);
  if (value == NULL)
    return;
  scene->task->kind->free (object->value);
  object->value = value;
}

/* A copy for this frame of what the track has nearest to it. */
static AssayObject *
new_here (const AssayTracks *tracks, guint frame, const AssayScene *scene, const AssayId *track)
{
  guint before = assay_tracks_step (tracks, frame, track, FALSE),
        after = assay_tracks_step (tracks, frame, track, TRUE);
  guint from = before == G_MAXUINT || (after != G_MAXUINT && after - frame < frame - before) ? after : before;
  const AssayObject *nearest = NULL;
  if (from == G_MAXUINT)
    return NULL;
  const AssayTrackFrame *there = tracks->frames->pdata[from];
  if (there->width_px != scene->item->width_px || there->height_px != scene->item->height_px)
    return NULL;
  assay_tracks_look (tracks, from, track, &nearest);
  AssayObject *object = assay_object_copy (nearest, scene->task->kind);
  object->id = assay_id_new ();
  move_into (tracks, frame, scene, object);
  return object;
}

static AssayEdit *
new_edit (const AssayScene *scene, const AssayObject *before, AssayObject *take_after)
{
  g_autofree char *name = assay_scene_edit_name (scene, "key frame of", &take_after->class_id);
  AssayEdit *edit = assay_edit_new (scene->task->kind, name);
  assay_edit_take (edit, before != NULL ? assay_object_copy (before, scene->task->kind) : NULL, take_after);
  return edit;
}

/* What the draft has of a track. */
static const AssayObject *
find_here (const AssayScene *scene, const AssayId *track)
{
  for (guint i = 0; i < scene->objects->list->len && !assay_id_is_nil (track); i++)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      if (assay_id_equal (&object->track, track))
        return object;
    }
  return NULL;
}

AssayEdit *
assay_track_new_key_edit (const AssayTracks *tracks, guint frame, const AssayScene *scene, const AssayId *track,
                          AssayId *ret_track, GError **error)
{
  const AssayObject *here = find_here (scene, track), *selected = assay_scene_get_selected (scene);
  AssayObject *after = NULL;
  *ret_track = assay_id_is_nil (track) ? assay_id_new () : *track;
  if (here != NULL)
    {
      if (is_by_hand (here))
        {
          assay_error_bad_data (error, "this is a key frame of the track already");
          return NULL;
        }
      after = assay_object_copy (here, scene->task->kind);
      assay_object_set_interpolated (after, FALSE);
      assay_object_accept (after, FALSE);
      return new_edit (scene, here, after);
    }
  if (selected != NULL && assay_id_is_nil (&selected->track))
    {
      after = assay_object_copy (selected, scene->task->kind);
      after->track = *ret_track;
      return new_edit (scene, selected, after);
    }
  after = assay_id_is_nil (track) ? NULL : new_here (tracks, frame, scene, track);
  if (after == NULL)
    assay_error_bad_data (error, "there is no track to go on with: select an object, then press the key again");
  return after != NULL ? new_edit (scene, NULL, after) : NULL;
}
