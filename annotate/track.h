/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/track.h - one thing through a sequence: its key frames (drawn by hand), what stands between them, and
 * who is who.
 *
 * A sequence is read as one annotator's drafts stand. What is to be done to it is planned first, so that it can be
 * told how many items it would touch, and then written: one undoable step an item. Same thread as the store; the
 * plans need none. */
#include "annotate/tool.h"
#include "core/label.h"

G_BEGIN_DECLS

typedef struct
{
  gint64 item_row, position; /* of the item, in the sequence */
  guint width_px, height_px;
  AssayLabelState state; /* of this annotator's answer */
  AssayObjects *objects; /* the draft */
} AssayTrackFrame;

typedef struct
{
  AssayTask *task;
  GPtrArray *frames; /* of AssayTrackFrame, by position */
} AssayTracks;
AssayTracks *assay_tracks_new (const AssayTask *task);
void assay_tracks_free (AssayTracks *tracks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTracks, assay_tracks_free)
/* The next frame; its objects are empty. Borrowed. */
AssayTrackFrame *assay_tracks_add (AssayTracks *tracks, gint64 item_row, gint64 position, guint width_px,
                                   guint height_px);
AssayTracks *assay_tracks_read (AssayStore *store, const char *sequence, const AssayTask *task,
                                const AssayAnnotator *annotator, GError **error);
guint assay_tracks_find (const AssayTracks *tracks, gint64 item_row); /* G_MAXUINT = not there */

typedef enum
{
  ASSAY_TRACK_NOTHING,
  ASSAY_TRACK_KEY,    /* made by hand, or accepted */
  ASSAY_TRACK_BETWEEN /* interpolated, or proposed (core/proposal.h): no hand made it */
} AssayTrackHere;
/* What a frame has of the track; `ret_object` (nullable) is borrowed. */
AssayTrackHere assay_tracks_look (const AssayTracks *tracks, guint frame, const AssayId *track,
                                  const AssayObject **ret_object);
/* The nearest key frame after `frame` (`forward`) or before it; G_MAXUINT = none. */
guint assay_tracks_step (const AssayTracks *tracks, guint frame, const AssayId *track, gboolean forward);

/* How far a frame is between two others, by their positions: 0 to 1. */
double assay_track_share (const AssayTracks *tracks, guint from, guint at, guint to);

/* What is to be done, an item a step. */
typedef struct
{
  gint64 item_row;
  AssayLabelState state; /* that the item's answer has afterwards */
  AssayEdit *edit;
} AssayTrackStep;
typedef struct
{
  GPtrArray *steps;     /* of AssayTrackStep */
  guint n_left;         /* frames that stay as they are: submitted, or of another size */
  const char *assisted; /* (nullable) what the revisions say helped */
} AssayTrackPlan;
void assay_track_plan_free (AssayTrackPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTrackPlan, assay_track_plan_free)

/* Every frame between two key frames gets the object as it would be there, a proposed one gives way. What was made
 * by hand, and answers that were submitted, are left alone. `only_there`: only what was interpolated already is
 * made again (a key frame is another one now), so that what was taken away stays away. */
AssayTrackPlan *assay_track_plan_fill (const AssayTracks *tracks, const AssayId *track, gboolean only_there);
/* Two become one. BAD_DATA when their classes differ, or a frame has both made by hand: they are two things there.
 */
AssayTrackPlan *assay_track_plan_join (const AssayTracks *tracks, const AssayId *into, const AssayId *other,
                                       GError **error);
/* From `frame` on it is another thing, with the identity `new_track`. BAD_DATA when either side would be empty. */
AssayTrackPlan *assay_track_plan_cut (const AssayTracks *tracks, const AssayId *track, guint frame,
                                      const AssayId *new_track, GError **error);
/* From `frame` on each is the other. */
AssayTrackPlan *assay_track_plan_swap (const AssayTracks *tracks, const AssayId *one, const AssayId *other,
                                       guint frame, GError **error);
/* All of it or nothing. The plan is used up. */
gboolean assay_track_plan_apply (AssayStore *store, AssayTrackPlan *plan, const AssayTask *task,
                                 const AssayAnnotator *annotator, GError **error);

/* A key frame of the track in the item being drawn: what stands between there becomes hand-made; the selected
 * object that has no track takes this one; else the object comes to be as it would be there, or as it is in the
 * nearest key frame. NULL with an error when it cannot be. `tracks` and `frame`: the sequence, which may be older
 * than the draft; `track` nil: the selected object begins one, told in `ret_track`. */
AssayEdit *assay_track_new_key_edit (const AssayTracks *tracks, guint frame, const AssayScene *scene,
                                     const AssayId *track, AssayId *ret_track, GError **error);

/* What a hand has changed is interpolated no more: for every edit that a person makes. */
void assay_track_claim (AssayEdit *edit);

G_END_DECLS
