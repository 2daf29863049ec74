/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/gap.h - finds what a device did not deliver, from the counters and stamps of what it did. One thread.
 *
 * Cameras: a jump of the 32-bit sequence number, and, for losses that the camera does not count, a hole in the time
 * stamps: a distance over 1.6 of the usual one (median of the last nine) that is not made up for by the time that four
 * frames have come regularly again, since late stamps come in bursts, nor repeated by most of the next four, for a
 * camera that slows down in dim light loses nothing.
 *
 * Sound: a jump of the sample index; what the driver flags, as long as the clock says; and samples that time says
 * should have come: the least lateness of a quarter of a second, for a second over the one before by more than two
 * blocks (the least, because waiting only ever makes a block later). What is below that adds up from window to window,
 * less what a clock may drift (500 ppm): a block lost now and then shows after the third. */
#include <jansson.h>

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_GAP_SEQUENCE,  /* the device's own counter */
  ASSAY_GAP_STAMP,     /* a hole in time */
  ASSAY_GAP_FLAG,      /* the sound driver said so */
  ASSAY_GAP_OVERRUN,   /* it came, and we had no room left */
  ASSAY_GAP_UNPLUGGED, /* the device was away */
} AssayGapHow;
const char *assay_gap_how_to_text (AssayGapHow how);

typedef struct {
  gint64 at_ns;    /* stamp of the first frame or block after it */
  guint64 missing; /* frames, or samples a channel */
  AssayGapHow how;
  gint64 until_ns; /* of UNPLUGGED: at_ns is when the first one was due that did not come, and this the stamp of the first
                      one after it, or the end of the recording */
} AssayGap;
/* {at_ns, missing, how}, of UNPLUGGED until_ns too: new reference. */
json_t *assay_gap_to_json (const AssayGap *gap);

#define ASSAY_GAP_USUAL 9
#define ASSAY_GAP_AFTER 4

/* Begins zeroed. */
typedef struct {
  guint64 n;
  guint32 last_sequence;
  gint64 last_ns;
  gboolean backward; /* the last stamp ran backwards: the distance after it says nothing either */
  gint64 usual_ns[ASSAY_GAP_USUAL]; /* ring of distances */
  guint n_usual;
  double mean_ns; /* of the regular ones of the last 128 */
  guint n_mean, n_short;
  /* A long distance is being looked at: from the frame before it, with what each frame since then says. */
  gboolean suspect;
  gint64 suspect_from_ns, suspect_at_ns;
  gint64 after_ns[ASSAY_GAP_AFTER], missing[ASSAY_GAP_AFTER]; /* the first distances; ring of the last opinions */
  guint n_after, n_wide, n_regular;
} AssayFrameWatch;

/* TRUE with a gap; at most one a frame. */
gboolean assay_frame_watch_look (AssayFrameWatch *watch, guint64 sequence, gint64 stamp_ns, AssayGap *ret_gap);
/* At the end: a long distance that few frames followed. */
gboolean assay_frame_watch_end (AssayFrameWatch *watch, AssayGap *ret_gap);
/* The device came back: what it counted and stamped before says nothing about what comes now, but how often does. */
void assay_frame_watch_resume (AssayFrameWatch *watch);
/* The usual distance of two frames, 0 before there are two. */
gint64 assay_frame_watch_period_ns (const AssayFrameWatch *watch);

/* Begins zeroed. */
typedef struct {
  gboolean begun, has_base;
  guint64 next_sample;
  guint64 n_window;             /* samples in this window */
  gint64 window_ns, least_ns;   /* when it began, least lateness in it */
  gint64 base_ns;               /* least lateness of the last window that was well */
  guint n_risen;                /* windows, one after another, that are late */
  gint64 risen_ns, risen_at_ns; /* the least of them, and when the first began */
} AssaySoundWatch;

/* `flagged`: the driver says that it lost something before this block. */
gboolean assay_sound_watch_look (AssaySoundWatch *watch, guint rate_hz, guint64 first_sample, guint n_samples,
                                 gint64 stamp_ns, gboolean flagged, AssayGap *ret_gap);
gboolean assay_sound_watch_end (AssaySoundWatch *watch, guint rate_hz, AssayGap *ret_gap);

G_END_DECLS
