/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/recorder.h - what streams deliver, into a project: stills as items or every frame into films, sound as
 * WAV files, and for every frame that did not come, a gap in the session's report.
 *
 * device thread -> ring -> one writer thread a stream (gaps, choice, encoding, film) -> one keeper thread, which
 * owns the project's connection: media file first, then the session's index, then the database. What the keeper has
 * counted is safe. sessions/ID/ keeps session.json, index.jsonl (a line a frame, gap, anchor or clock pair) and
 * report.json for good; its `lock` is held (flock) for as long as the recorder lives. */
#include "capture/skew.h"
#include "capture/disk-guard.h"
#include "capture/stream.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name;             /* of the session; NULL = the date and time */
  const json_t *conditions;     /* (nullable) object, goes on every item: {"light": "low"} */
  const char *operator_name;    /* (nullable) who records */
  const char *subject;          /* (nullable) who or what is recorded; goes on every item */
  const char *consent;          /* (nullable) reference of the signed form; goes on every item */
  const char *note;             /* (nullable) in the operator's words, a line each; goes on every item */
  const char *const *checklist; /* (nullable) lines that were ticked, NULL at the end */
  double planned_s;             /* how long it is meant to last: kept with the session, and ends nothing; 0 = duration_s */
  guint64 planned_stills;       /* likewise, stills of each camera; 0 = frames, unless it is a film */
  guint64 frames;               /* each camera ends after so many stills, those of pre_roll_s not counted (frames of video); 0 =
                                   no such end */
  double duration_s;            /* everything ends after so long; 0 = no such end */
  double every_s;               /* a still of each camera every so often; 0 = every frame */
  gboolean on_demand;           /* a still of each camera only for assay_recorder_take */
  guint burst;                  /* stills at each of these instants; 0 = 1 */
  /* (nullable) Words of capture/trigger.h, NULL at the end: each takes one. With neither every_s nor video, nothing
   * else does but assay_recorder_take. */
  const char *const *triggers;
  /* So much from before is kept, at most ASSAY_PRE_ROLL_MOST_S: sound that microphones which run already heard before the
   * beginning, `duration_s` not counting it; and of stills that are taken when asked for, the frames before each take. */
  double pre_roll_s;
  gboolean video;  /* every frame into films, as it came */
  double wait_s;   /* when nothing comes any more because devices are away: so long; 0 = not at all */
  double draw_fps; /* of a film, so many frames a second become items; 0 = those that are asked for */
} AssayRecordPlan;

typedef struct _AssayRecorder AssayRecorder;

/* Begins a session and records from `streams` (of AssayStream, started or not, borrowed until the recorder is
 * freed). CONFLICT when the plan asks for a consent that is not named, NO_SPACE when the disk is too full. The first
 * error of a disk or the database ends the recording, and so does a disk that is nearly full, before anything is lost.
 * A device that is lost is closed, looked for twice a second, and goes on in files of their own when it is back, with
 * what it missed told as a gap. */
AssayRecorder *assay_recorder_start (const char *project_directory, GPtrArray *streams, const AssayRecordPlan *plan,
                                     GError **error);
/* Any thread: one still (burst; item of the film) of each camera, from the first frame from now on. */
void assay_recorder_take (AssayRecorder *recorder);
/* Any thread: asks it to end. */
void assay_recorder_stop (AssayRecorder *recorder);
/* Any thread: TRUE when all streams have ended; assay_recorder_finish waits for what is still being kept. */
gboolean assay_recorder_is_done (AssayRecorder *recorder);
/* Any thread: stills (frames of video, samples of sound) that are safe on disk so far, and frames (samples) missing
 * so far. */
void assay_recorder_get_counts (AssayRecorder *recorder, const AssayStream *stream, guint64 *ret_kept,
                                guint64 *ret_missing);
/* Any thread: how far apart the last frames were that this camera (1 = the second) and the first one took of one
 * instant. FALSE for the first one. */
gboolean assay_recorder_get_skew (AssayRecorder *recorder, guint camera, AssaySkewFacts *ret_facts);
/* Any thread: how much room there is, and for how long; looked at once a second. */
void assay_recorder_get_disk (AssayRecorder *recorder, AssayDiskState *ret_state);
/* Any thread: its device was lost and is being waited for; the recording goes on when it returns. */
gboolean assay_recorder_is_away (AssayRecorder *recorder, const AssayStream *stream);
/* Waits for the end, writes the report and returns it (new reference), also when a device was lost or the disk
 * filled up: then `ret_trouble` (free it) says what happened, in one sentence, and else is NULL. {session, name,
 * sensors:[{id, kind, frames|samples, expected, received, written, corrupt, late, lost, dropped,
 * gaps:[{at_ns, missing, how}], first_ns, last_ns, bytes, …}]} */
json_t *assay_recorder_finish (AssayRecorder *recorder, char **ret_trouble, GError **error);
/* Stops it first. Leaves the streams alone. NULL is fine. */
void assay_recorder_free (AssayRecorder *recorder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRecorder, assay_recorder_free)

G_END_DECLS
