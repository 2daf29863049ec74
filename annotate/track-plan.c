/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to a whole track is done to a copy of the sequence in memory; the plan is what differs then. */
#include "annotate/between.h"
#include "annotate/track.h"
#include "core/error.h"
#include "core/proposal.h"

static void
step_free (gpointer data)
{
  AssayTrackStep *step = data;
  assay_edit_free (step->edit);
  g_free (step);
}

void
assay_track_plan_free (AssayTrackPlan *plan)
{
  if (plan == NULL)
    return;
  g_ptr_array_unref (plan->steps);
  g_free (plan);
}

static AssayTracks *
copy_tracks (const AssayTracks *tracks)
{
  AssayTracks *copy = assay_tracks_new (tracks->task);
  for (guint i = 0; i < tracks->frames->len; i++)
    {
      const AssayTrackFrame *frame = tracks->frames->pdata[i];
      AssayTrackFrame *added
          = assay_tracks_add (copy, frame->item_row, frame->position, frame->width_px, frame->height_px);
      added->state = frame->state;
      assay_objects_free (added->objects);
      added->objects = assay_objects_copy (frame->objects);
    }
  return copy;
}

/* The edit from one set of objects to another; NULL = they are the same. */
static AssayEdit *
difference (const AssayObjects *before, const AssayObjects *after, const char *name)
{
  const AssayKind *kind = before->kind;
  g_autoptr (AssayEdit) edit = assay_edit_new (kind, name);
  for (guint i = 0; i < before->list->len; i++)
    {
      const AssayObject *old = before->list->pdata[i], *new = assay_objects_find (after, &old->id);
      if (new == NULL || !assay_object_equal (old, new, kind))
        assay_edit_take (edit, assay_object_copy (old, kind), new != NULL ? assay_object_copy (new, kind) : NULL);
    }
  for (guint i = 0; i < after->list->len; i++)
    {
      const AssayObject *new = after->list->pdata[i];
      if (assay_objects_find (before, &new->id) == NULL)
        assay_edit_take (edit, NULL, assay_object_copy (new, kind));
    }
  return edit->changes->len > 0 ? g_steal_pointer (&edit) : NULL;
}

/* An answer that was given stays given: its objects only bear another name. */
static AssayLabelState
state_after (AssayLabelState state)
{
  return state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SKIPPED ? state : ASSAY_LABEL_DRAFT;
}

static AssayTrackPlan *
compare (const AssayTracks *before, const AssayTracks *after, const char *name, guint n_left, const char *assisted)
{
  AssayTrackPlan *plan = g_new0 (AssayTrackPlan, 1);
  plan->steps = g_ptr_array_new_with_free_func (step_free);
  plan->n_left = n_left;
  plan->assisted = assisted;
  for (guint i = 0; i < before->frames->len; i++)
    {
      const AssayTrackFrame *old = before->frames->pdata[i], *new = after->frames->pdata[i];
      AssayEdit *edit = difference (old->objects, new->objects, name);
      if (edit == NULL)
        continue;
      AssayTrackStep *step = g_new0 (AssayTrackStep, 1);
      *step = (AssayTrackStep){ old->item_row, state_after (old->state), edit };
      g_ptr_array_add (plan->steps, step);
    }
  return plan;
}

static const AssayObject *
first_of (const AssayTracks *tracks, const AssayId *track)
{
  const AssayObject *object = NULL;
  for (guint i = 0; i < tracks->frames->len; i++)
    if (assay_tracks_look (tracks, i, track, &object) != ASSAY_TRACK_NOTHING)
      return object;
  return NULL;
}

static char *
name_step (const AssayTracks *tracks, const char *verb, const AssayId *track)
{
  const AssayObject *object = first_of (tracks, track);
  const AssayClass *class = object != NULL ? assay_task_find_class (tracks->task, &object->class_id) : NULL;
  return g_strdup_printf ("%s %s", verb, class != NULL ? class->name : "object");
}

/* Filling */

static gboolean
may_fill (const AssayTrackFrame *frame)
{
  return frame->state == ASSAY_LABEL_TODO || frame->state == ASSAY_LABEL_DRAFT
         || frame->state == ASSAY_LABEL_SENT_BACK;
}

static gboolean
same_size (const AssayTracks *tracks, guint one, guint other)
{
  const AssayTrackFrame *a = tracks->frames->pdata[one], *b = tracks->frames->pdata[other];
  return a->width_px == b->width_px && a->height_px == b->height_px;
}

static void
drop (AssayObjects *objects, const AssayObject *object)
{
  guint at = 0;
  if (g_ptr_array_find (objects->list, object, &at))
    assay_object_free (g_ptr_array_steal_index (objects->list, at), objects->kind);
}

/* Puts the object of the frame `at` where it is between two key frames. */
static void
put_between (AssayTracks *tracks, guint from, guint at, guint to, const AssayId *track)
{
  AssayTrackFrame *frame = tracks->frames->pdata[at];
  const AssayKind *kind = tracks->task->kind;
  const AssayObject *a = NULL, *b = NULL, *there = NULL;
  assay_tracks_look (tracks, from, track, &a);
  assay_tracks_look (tracks, to, track, &b);
  assay_tracks_look (tracks, at, track, &there);
  if (there != NULL && assay_object_is_proposed (there))
    {
      drop (frame->objects, there);
      there = NULL;
    }
  gpointer value = assay_between (kind, a->value, b->value, assay_track_share (tracks, from, at, to),
                                  frame->width_px, frame->height_px);
  if (value == NULL)
    {
      drop (frame->objects, there);
      return;
    }
  AssayObject *object = there != NULL ? (AssayObject *) there : assay_object_copy (a, kind);
  kind->free (object->value);
  object->value = value;
  object->class_id = a->class_id;
  assay_object_set_interpolated (object, TRUE);
  if (there != NULL)
    return;
  object->id = assay_id_new ();
  assay_objects_take (frame->objects, object);
}

/* Frames that would have been filled, but may not be, are counted. */
static guint
fill (AssayTracks *tracks, const AssayId *track, gboolean only_there)
{
  guint before = G_MAXUINT, n_left = 0;
  for (guint i = 0; i < tracks->frames->len; i++)
    {
      AssayTrackFrame *frame = tracks->frames->pdata[i];
      const AssayObject *object = NULL;
      AssayTrackHere here = assay_tracks_look (tracks, i, track, &object);
      gboolean proposed = here == ASSAY_TRACK_BETWEEN && assay_object_is_proposed (object);
      guint after = here == ASSAY_TRACK_KEY ? i : assay_tracks_step (tracks, i, track, TRUE);
      if (here == ASSAY_TRACK_KEY)
        before = i;
      else if (before == G_MAXUINT || after == G_MAXUINT)
        {
          if (here == ASSAY_TRACK_BETWEEN && !proposed && may_fill (frame)) /* between nothing any more */
            drop (frame->objects, object);
        }
      else if ((here == ASSAY_TRACK_NOTHING || proposed) && only_there)
        continue;
      else if (may_fill (frame) && same_size (tracks, before, i) && same_size (tracks, after, i))
        put_between (tracks, before, i, after, track);
      else
        n_left++;
    }
  return n_left;
}

AssayTrackPlan *
assay_track_plan_fill (const AssayTracks *tracks, const AssayId *track, gboolean only_there)
{
  g_autoptr (AssayTracks) after = copy_tracks (tracks);
  g_autofree char *name = name_step (tracks, "interpolation of", track);
  guint n_left = fill (after, track, only_there);
  return compare (tracks, after, name, n_left, "interpolated");
}

/* Who is who */

static guint
count_keys (const AssayTracks *tracks, const AssayId *track, guint from, guint to)
{
  guint n = 0;
  for (guint i = from; i < to; i++)
    n += assay_tracks_look (tracks, i, track, NULL) == ASSAY_TRACK_KEY;
  return n;
}

/* A settled answer is somebody's judgement of it as it was. */
static gboolean
may_rename (const AssayTracks *tracks, const AssayId *track, guint from, GError **error)
{
  for (guint i = from; i < tracks->frames->len; i++)
    {
      const AssayTrackFrame *frame = tracks->frames->pdata[i];
      if (frame->state == ASSAY_LABEL_SETTLED && assay_tracks_look (tracks, i, track, NULL) != ASSAY_TRACK_NOTHING)
        return assay_error_bad_data (error,
                                     "item %" G_GINT64_FORMAT " of the sequence is settled: send it back in Review"
                                     " first",
                                     frame->position);
    }
  return TRUE;
}

static void
rename_track (AssayTracks *tracks, const AssayId *track, const AssayId *name, guint from)
{
  for (guint i = from; i < tracks->frames->len; i++)
    {
      const AssayObjects *objects = ((const AssayTrackFrame *) tracks->frames->pdata[i])->objects;
      for (guint o = 0; o < objects->list->len; o++)
        {
          AssayObject *object = objects->list->pdata[o];
          if (assay_id_equal (&object->track, track))
            object->track = *name;
        }
    }
}

static gboolean
may_join (const AssayTracks *tracks, const AssayId *into, const AssayId *other, GError **error)
{
  const AssayObject *a = first_of (tracks, into), *b = first_of (tracks, other);
  if (a == NULL || b == NULL || assay_id_equal (into, other))
    return assay_error_bad_data (error, "there are no two tracks to join");
  if (!assay_id_equal (&a->class_id, &b->class_id))
    return assay_error_bad_data (error, "the tracks are of different classes: one thing has one class");
  for (guint i = 0; i < tracks->frames->len; i++)
    if (assay_tracks_look (tracks, i, into, NULL) == ASSAY_TRACK_KEY
        && assay_tracks_look (tracks, i, other, NULL) == ASSAY_TRACK_KEY)
      return assay_error_bad_data (
          error, "item %" G_GINT64_FORMAT " of the sequence has both, drawn by hand: there they are two things",
          ((const AssayTrackFrame *) tracks->frames->pdata[i])->position);
  return may_rename (tracks, other, 0, error) && may_rename (tracks, into, 0, error);
}

AssayTrackPlan *
assay_track_plan_join (const AssayTracks *tracks, const AssayId *into, const AssayId *other, GError **error)
{
  if (!may_join (tracks, into, other, error))
    return NULL;
  g_autoptr (AssayTracks) after = copy_tracks (tracks);
  g_autofree char *name = name_step (tracks, "join of tracks", into);
  for (guint i = 0; i < after->frames->len; i++)
    {
      const AssayObject *a = NULL, *b = NULL;
      AssayTrackHere here = assay_tracks_look (after, i, into, &a);
      if (here != ASSAY_TRACK_NOTHING && assay_tracks_look (after, i, other, &b) != ASSAY_TRACK_NOTHING)
        drop (((AssayTrackFrame *) after->frames->pdata[i])->objects, here == ASSAY_TRACK_KEY ? b : a);
    }
  rename_track (after, other, into, 0);
  fill (after, into, TRUE);
  return compare (tracks, after, name, 0, NULL);
}

AssayTrackPlan *
assay_track_plan_cut (const AssayTracks *tracks, const AssayId *track, guint frame, const AssayId *new_track,
                      GError **error)
{
  if (count_keys (tracks, track, 0, frame) == 0 || count_keys (tracks, track, frame, tracks->frames->len) == 0)
    {
      assay_error_bad_data (error, "a track is cut between two of its key frames: go to a later one first");
      return NULL;
    }
  if (!may_rename (tracks, track, frame, error))
    return NULL;
  g_autoptr (AssayTracks) after = copy_tracks (tracks);
  g_autofree char *name = name_step (tracks, "cut of track", track);
  rename_track (after, track, new_track, frame);
  fill (after, track, TRUE);
  fill (after, new_track, TRUE);
  return compare (tracks, after, name, 0, NULL);
}

AssayTrackPlan *
assay_track_plan_swap (const AssayTracks *tracks, const AssayId *one, const AssayId *other, guint frame,
                       GError **error)
{
  const AssayObject *a = first_of (tracks, one), *b = first_of (tracks, other);
  if (a == NULL || b == NULL || assay_id_equal (one, other))
    {
      assay_error_bad_data (error, "there are no two tracks to swap: select an object of each");
      return NULL;
    }
  if (!assay_id_equal (&a->class_id, &b->class_id))
    {
      assay_error_bad_data (error, "the tracks are of different classes: one thing has one class");
      return NULL;
    }
  if (!may_rename (tracks, one, frame, error) || !may_rename (tracks, other, frame, error))
    return NULL;
  const AssayId aside = assay_id_new ();
  g_autoptr (AssayTracks) after = copy_tracks (tracks);
  g_autofree char *name = name_step (tracks, "swap of tracks", one);
  rename_track (after, one, &aside, frame);
  rename_track (after, other, one, frame);
  rename_track (after, &aside, other, frame);
  fill (after, one, TRUE);
  fill (after, other, TRUE);
  return compare (tracks, after, name, 0, NULL);
}

gboolean
assay_track_plan_apply (AssayStore *store, AssayTrackPlan *plan, const AssayTask *task,
                        const AssayAnnotator *annotator, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  for (guint i = 0; i < plan->steps->len; i++)
    {
      AssayTrackStep *step = plan->steps->pdata[i];
      g_autoptr (AssayItem) item = assay_item_get_row (store, step->item_row, error);
      g_autoptr (AssayJournal) journal
          = item != NULL ? assay_journal_open (store, item, task, annotator, error) : NULL;
      if (journal == NULL || !assay_journal_append (journal, g_steal_pointer (&step->edit), error)
          || !assay_journal_make_revision (journal, step->state, 0, "track", plan->assisted, NULL, error))
        return FALSE;
    }
  return assay_transaction_commit (&transaction, error);
}
