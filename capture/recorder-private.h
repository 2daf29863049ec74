/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/recorder-private.h - what recorder.c, recorder-lane.c and recorder-keeper.c share, and nobody else.
 * pthread locks, not GLib's: the thread sanitizer sees through them. */
#include "capture/gap.h"
#include "capture/recorder.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/sound.h"

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* What a lane hands to the keeper: a line for the index, and the still or the closed sound file that it tells of.
 */
typedef struct
{
  struct _Lane *lane;
  json_t *line;
  GBytes *still;    /* (nullable) */
  char *sound_path; /* (nullable) */
  guint64 position; /* of the item in its sequence */
  AssayId moment;
  gint64 stamp_ns;
  json_t *facts;     /* of the item */
  guint64 n_missing; /* to add to the lane's count */
} Note;

void assay_note_free (Note *note);

/* One stream being written, on its own thread. */
typedef struct _Lane
{
  AssayRecorder *recorder;
  AssayStream *stream;
  guint index;
  AssayId sensor;
  char *key; /* short, for names of files and items: "camera-1" */
  GThread *thread;

  /* The lane's thread until it is joined, then finish's. */
  AssayFrameWatch frame_watch;
  AssaySoundWatch sound_watch;
  guint64 received, stills, corrupt, samples;
  gint64 first_ns, last_ns;
  gint64 last_choice; /* number of the last moment or trigger */
  AssaySoundWriter *sound;
  char *sound_path;
  gint64 flushed_ns, controls_ns;
  json_t *controls;
  GArray *gaps; /* of AssayGap */
  char *trouble;

  atomic_bool over;
  atomic_ullong kept, missing, bytes,
      spoiled; /* counted by the keeper: safe on disk; spoiled = no picture, kept apart */
} Lane;

struct _AssayRecorder
{
  char *project_directory, *directory, *name, *sequence;
  AssayId session;
  json_t *conditions;
  guint64 frames;
  double duration_s, every_s;
  gboolean on_demand;
  AssayClockPair began;
  GPtrArray *lanes; /* of Lane */
  guint n_cameras;
  GThread *keeper;

  pthread_mutex_t lock;
  pthread_cond_t changed;
  /* Under the lock. */
  GQueue notes; /* of Note */
  gboolean lanes_over;
  GError *error; /* the first of a disk or the database */
  gboolean anchored;
  /* The reference camera's: stamp of its last frame, number of that frame's moment, its period, stamp of its first. */
  gint64 anchor_ns, anchor_number, anchor_period_ns, first_anchor_ns;
  gint64 taken_ns, n_taken;

  atomic_bool stopping, done;
  atomic_llong stop_ns;
};

gpointer assay_lane_run (gpointer lane);
void assay_lane_free (Lane *lane);
gpointer assay_keeper_run (gpointer recorder);

/* Blocks while the keeper is behind; takes the note. */
void assay_recorder_put (AssayRecorder *recorder, Note *take_note);
void assay_recorder_fail (AssayRecorder *recorder, GError *take_error);
/* Whether this frame is to become a still, and the number of the moment it belongs to (-1 = none). */
gboolean assay_recorder_choose (AssayRecorder *recorder, Lane *lane, const AssayFrame *frame, gint64 *ret_moment);

G_END_DECLS
