/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/recorder-private.h - what recorder*.c and outlet-*.c share, and nobody else.
 * pthread locks, not GLib's: the thread sanitizer sees through them. */
#include "capture/account.h"
#include "capture/disk-guard.h"
#include "capture/gap.h"
#include "capture/recorder.h"
#include "capture/skew.h"
#include "capture/still-watch.h"
#include "capture/trigger.h"
#include "core/clock-line.h"
#include "core/clock.h"
#include "core/id.h"
#include "core/media.h"

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

#define ASSAY_NS_PER_S G_GINT64_CONSTANT (1000000000)
#define ASSAY_TAKES 64 /* asked for, and not yet begun */
#define ASSAY_BURST_MOST 4096
#define ASSAY_ENCODERS_MOST 8
#define ASSAY_SOUND_BYTES 3 /* of a sample in our files */

typedef struct _Lane Lane;

/* A file that grows beside the index, "camera-1-0001.mkv", and once closed moves into media/. */
typedef struct
{
  Lane *lane;
  char *file, *path;
  AssayMediaFacts facts; /* all but hash and bytes, which closing fills in */
  gint64 first_ns, last_ns;
  guint64 n;    /* frames, or samples a channel */
  json_t *item; /* (nullable) what the closing line says beside the segment: `position` and `facts` of a sound */
  GPtrArray *drawn; /* (nullable) of json_t *: lines of the index that become items of this film */
  gpointer writer;  /* (nullable) still open when it is handed over; `close` frees it in any case */
  gboolean (*close) (gpointer writer, GError **error);
} Reel;

Reel *assay_reel_new (Lane *lane, const char *type);
/* Closes and hashes the file on a thread of its own and hands it to the keeper; waits for the one before. */
void assay_reel_hand_over (Reel *take_segment);
void assay_reel_wait (Lane *lane);
void assay_reel_free (Reel *segment);

/* What a lane hands to the keeper: lines for the index, and the still or the closed file that they tell of. */
typedef struct
{
  Lane *lane;
  json_t *line;              /* (nullable) */
  GString *lines;            /* (nullable) of many frames, as they go into the index */
  int grown_fd;              /* -1, or the file that grew: brought to the disk before the index tells of it */
  GBytes *still;             /* (nullable) */
  gboolean apart;            /* the still is a frame that is no picture */
  gboolean raw;              /* the still is a frame that an encoder has yet to make a file of; under the lock */
  AssayPixelFormat pixels;   /* of that frame */
  AssayMediaFacts facts;     /* of the file */
  AssayStillLook look;       /* of the still, once it is no longer raw */
  GError *wrong;             /* why it could not be made; the still is the frame then */
  Reel *segment;             /* (nullable) */
  guint64 n_missing, n_safe; /* to add to the lane's counts once the index has them */
} Note;

void assay_note_free (Note *note);

/* Where a lane's frames or blocks go: outlet-stills.c, outlet-film.c, outlet-sound.c. On the lane's thread. An
 * error is one of the disk, and ends the recording. */
typedef struct
{
  void (*begin) (Lane *lane);
  /* A good frame or block. Sets lane->enough when it was the last that is wanted. */
  gboolean (*take) (Lane *lane, const AssayFrame *frame, GError **error);
  /* (nullable) Each second: the keeper brings what was taken to the disk, and tells it. The lane itself never waits for the
   * disk: its device would not. */
  gboolean (*flush) (Lane *lane, GError **error);
  gboolean (*pause) (Lane *lane, GError **error); /* (nullable) the device is away: close what is open */
  /* (nullable) A gap was found, perhaps some blocks late: where in what file it is goes into its words, `told`. */
  void (*place_gap) (Lane *lane, const AssayGap *gap, json_t *told);
  void (*end) (Lane *lane);                       /* after pause: frees what begin made */
} AssayOutlet;
extern const AssayOutlet assay_outlet_stills, assay_outlet_film, assay_outlet_sound;

/* One stream being written, on its own thread. */
struct _Lane
{
  AssayRecorder *recorder;
  AssayStream *stream;
  guint index;
  AssayId sensor;
  json_t *camera; /* (nullable) facts.camera of its calibration, for pictures of */
  guint camera_width_px, camera_height_px; /* this size, with the lens as */
  json_t *lens;        /* these controls say */
  char *camera_why;    /* (nullable) why there is no calibration */
  char *key; /* short, for names of files and items: "camera-1" */
  GThread *thread;

  /* The lane's thread until it is joined, then finish's. */
  const AssayOutlet *outlet;
  gpointer out; /* the outlet's own */
  gboolean enough;
  AssayFrameWatch frame_watch;
  AssaySoundWatch sound_watch;
  AssayClockLine *clock_line; /* of the device's counter as it runs now */
  guint64 uncounted;          /* samples that were lost since it began, and that it did not count */
  json_t *clocks;             /* the lines so far, one each time that the counter began anew */
  AssayAccount account;
  guint64 overrun; /* of what is missing: what we had no room for */
  guint64 overrun_uncounted; /* of these: what no later number tells of, at the end or where the device did not count on */
  guint64 told_since;        /* of what came after the last one that was written: what was told as overrun already */
  gsize apart_bytes;
  gboolean returned;                        /* and has not given anything since */
  guint64 received, taken, corrupt;         /* taken: stills, frames of film, samples */
  gint64 pre_ns; /* of sound: so much of it was heard before the beginning */
  gint64 first_ns, last_ns, last_length_ns; /* stamps; of sound, how long the last block was */
  gboolean has_waited;                      /* for the reference camera */
  gint64 last_number;                       /* of the last period, or moment, in which it chose a frame */
  guint64 n_answered;                       /* of what was asked for */
  gint64 burst_ns, burst_number;            /* when the burst was due, number of its first moment */
  guint burst_left;
  gboolean past_was_short; /* not all of the frames from before that were wanted had room in memory */
  const char *burst_by; /* which trigger began it: \"key\", \"timer\", \"motion\" … */
  GPtrArray *triggers;  /* of AssayTrigger: those that look at its frames */
  guint64 n_away;       /* frames or samples of times that lie between no two of its numbers: it was away, or at the end */
  guint64 n_drawn;      /* items of films */
  guint n_segments;
  GThread *closing;            /* of the segment before */
  AssayStillWatch still_watch; /* the keeper's */
  gint64 flushed_ns, controls_ns;
  json_t *controls;
  json_t *told_controls; /* of a film: as the index has them, */
  gint64 told_ns;        /* compared with those read then */
  gboolean lens_moved; /* since the recording began */
  json_t *levels; /* of each file of sound: what core/level-meter.h keeps */
  GArray *gaps;   /* of AssayGap */
  char *trouble;
  json_t *segments; /* films or sound files that are in media/: the keeper's until it is joined, then finish's */

  atomic_bool over, away;
  /* Counted by the keeper: safe on disk; spoiled = no picture, kept apart; written = in files of media/. */
  atomic_ullong kept, missing, bytes, spoiled, written, files;
  atomic_ullong flow, set_aside; /* bytes that it has handed to the disk, and that its open file may still take */
};

struct _AssayRecorder
{
  char *project_directory, *directory, *name;
  int lock_fd; /* sessions/ID/lock, for as long as it records */
  AssayId session;
  json_t *info; /* session.json; each thread reads a copy of its own */
  json_t *conditions;
  json_t *form; /* what goes on every item beside them: subject, consent */
  guint64 frames;
  double duration_s, draw_fps, wait_s;
  double pre_roll_s;
  double every_s; /* a still, or a drawn frame; 0 = every frame, or none */
  guint burst;
  gboolean on_demand, video;
  AssayClockPair began;
  GPtrArray *lanes;    /* of Lane */
  GPtrArray *triggers; /* of AssayTrigger: those with a thread of their own */
  GPtrArray *remarks;  /* of char *: what they said at their end */
  guint n_cameras;
  GThread *keeper, *guard;
  GThread *encoders[ASSAY_ENCODERS_MOST];

  pthread_mutex_t lock;
  pthread_cond_t changed;
  /* Under the lock. */
  GQueue notes;    /* of Note, in the order in which they are kept */
  GQueue raws;     /* of these, borrowed, those that wait for an encoder */
  gsize raw_bytes; /* in them, and under way */
  gboolean lanes_over;
  GError *error; /* the first of a disk or the database */
  AssayDiskGuard disk;
  char *full; /* why the disk ended it */
  gboolean anchored;
  /* The reference camera's: stamp of its last frame, number of that frame's moment, its period, stamp of its first.
   */
  gint64 anchor_ns, anchor_number, anchor_period_ns, first_anchor_ns;
  gint64 takes_ns[ASSAY_TAKES];      /* when the last ones were asked for */
  const char *takes_by[ASSAY_TAKES]; /* by what */
  guint64 n_takes;
  AssaySkew *skew;

  atomic_bool stopping;
  atomic_llong stop_ns;
};

/* The device's counter begins anew, or it is over: what was measured until now is a line of its own. */
void assay_lane_end_clock (Lane *lane);
gpointer assay_lane_run (gpointer lane);
void assay_lane_free (Lane *lane);
gpointer assay_keeper_run (gpointer recorder);
gpointer assay_guard_run (gpointer recorder);
gpointer assay_encoder_run (gpointer recorder);
gboolean assay_recorder_look_at_disk (AssayRecorder *recorder, GError **error);
/* FALSE with NO_SPACE when a recording should not begin. */
gboolean assay_recorder_check_room (AssayRecorder *recorder, GError **error);
json_t *assay_lane_describe (const Lane *lane);
json_t *assay_lane_describe_format (const Lane *lane);
json_t *assay_recorder_report (AssayRecorder *recorder);

/* A note with the line {"stream": …} to begin with. */
Note *assay_lane_note (Lane *lane);
json_t *assay_frame_describe (const AssayFrame *frame);
/* `capture` (taken) and the conditions: what the item says of how it was made. A copy, for JSON is not shared
 * between threads. */
json_t *assay_lane_make_facts (Lane *lane, json_t *take_capture);
/* The same of a frame: its numbers, its format, and the settings of the device as they are now. */
json_t *assay_lane_make_frame_facts (Lane *lane, const AssayFrame *frame);
void assay_lane_put_gap (Lane *lane, const AssayGap *gap);
/* A still carries its settings; of a film, what holds from this frame on is told whenever it is another. */
void assay_lane_tell_controls (Lane *lane, const AssayFrame *frame);
/* Kept apart: told in the index with its bytes beside it, as long as there are not too many, and counted; but no
 * item and no end of anything. */
void assay_lane_put_corrupt (Lane *lane, const AssayFrame *frame, const char *why);
/* The usual distance of its frames, as measured or as the device said. */
gint64 assay_lane_period_ns (const Lane *lane);

/* Blocks while the keeper is behind; takes the note. */
void assay_recorder_put (AssayRecorder *recorder, Note *take_note);
void assay_recorder_fail (AssayRecorder *recorder, GError *take_error);
/* Opens what the plan names: on its lanes, or on the recorder. */
gboolean assay_recorder_open_triggers (AssayRecorder *recorder, const char *const *words, GError **error);
gboolean assay_recorder_start_triggers (AssayRecorder *recorder, GError **error);
void assay_recorder_stop_triggers (AssayRecorder *recorder);
/* The lane's triggers see a good frame or block; before it is chosen, so that it may be the one. */
void assay_lane_look_for_triggers (Lane *lane, const AssayFrame *frame);
/* Whether this frame is to become an item, and its moment (nil = none). */
gboolean assay_recorder_choose (AssayRecorder *recorder, Lane *lane, const AssayFrame *frame, AssayId *ret_moment);
/* The moment of a frame that came before what was asked for last. */
AssayId assay_recorder_moment_before (AssayRecorder *recorder, const Lane *lane, gint64 stamp_ns);

G_END_DECLS
