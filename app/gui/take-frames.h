/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/take-frames.h - what is to be seen of a take, in order: every frame of its films, camera by camera,
 * whether it was drawn into an item or not; else its stills. Made on any one thread, then read on another. */
#include "app/job-take.h"

G_BEGIN_DECLS

typedef struct
{
  guint source;       /* of the sources */
  gint64 pts_ns;      /* of a film: its time stamp there */
  gint64 captured_ns; /* on the session's common line, realtime */
} AssayTakeFrame;

typedef struct
{
  GPtrArray *sources; /* of const AssayItem *, borrowed from the take: a still, or the first frame of a film */
  GPtrArray *paths;   /* of const char *, likewise: their media */
  GPtrArray *tracks; /* of GArray of AssayTakeFrame, by when they were captured: one a camera that filmed, or one of
                      * all stills; none of sound alone */
} AssayTakeFrames;
void assay_take_frames_free (AssayTakeFrames *frames);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTakeFrames, assay_take_frames_free)

/* The take outlives it. Films that cannot be read are left out, and `ret_wrong` (free it; NULL = none) says of the
 * last of them why. Opens every film: off the main loop. */
AssayTakeFrames *assay_take_frames_new (const AssayTake *take, char **ret_wrong);
/* What app/gui/picture-load.h loads: a copy of its own. */
AssayItem *assay_take_frames_dup_item (const AssayTakeFrames *frames, const AssayTakeFrame *frame);
/* Of a track, the last frame that had been captured at this time; the first one when none had. */
guint assay_take_frames_find (const GArray *track, gint64 realtime_ns);

G_END_DECLS
