/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/level-meter.h - levels of sound as it comes: peak, RMS, loudness, clipping, digital silence.
 *
 * One thread at a time feeds and reads a meter; after assay_level_meter_new nothing allocates or locks, so that may
 * be a device's thread. Everything goes by counted samples, never by a clock. Definitions: doc/METRICS.md. */
#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

#define ASSAY_LEVEL_CHANNELS 64
#define ASSAY_LEVEL_NONE G_MAXUINT64

/* A plain value: copied from thread to thread. Linear levels have 1 at full scale. */
typedef struct
{
  guint rate_hz, channels;
  guint64 n_samples;                      /* a channel, since the beginning */
  float held[ASSAY_LEVEL_CHANNELS];       /* peak of each channel: stands for 1.5 s, then falls by 20 dB in 1.7 s */
  float rms[ASSAY_LEVEL_CHANNELS];        /* root mean square of its last 0.3 s */
  float highest;                          /* of all channels since the beginning */
  double dc;                              /* mean since the beginning, of the channel where it is farthest from 0 */
  double momentary_lufs, short_term_lufs; /* of the last 0.4 s and 3 s; -INFINITY = nothing to hear */
  double integrated_lufs, momentary_max_lufs, short_term_max_lufs;
  guint64 clipped_runs, clipped_samples;  /* three or more samples of a channel at full scale, one after another */
  guint64 first_clipped;                  /* sample of the first such run, ASSAY_LEVEL_NONE = none */
  guint64 silent_samples;                 /* no channel has changed for so long: now; 0 = there is sound */
  guint64 n_silences, all_silent_samples; /* those of 50 ms and more, and how much they are together */
  guint64 longest_silence, longest_silence_at; /* samples; ASSAY_LEVEL_NONE = none */
} AssayLevel;

typedef struct _AssayLevelMeter AssayLevelMeter;
/* Rates and channels that loudness cannot be measured at leave the loudness at -INFINITY; more than 64 channels:
 * the first 64 are looked at. */
AssayLevelMeter *assay_level_meter_new (guint rate_hz, guint channels);
void assay_level_meter_free (AssayLevelMeter *meter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLevelMeter, assay_level_meter_free)
/* Interleaved; what is no number counts as 0. */
void assay_level_meter_add (AssayLevelMeter *meter, const float *samples, gsize n_samples);
/* Borrowed until the meter is fed again. */
const AssayLevel *assay_level_meter_get (const AssayLevelMeter *meter);

/* Nothing has changed for two seconds: muted, or another device took its place. */
gboolean assay_level_is_dead (const AssayLevel *level);
double assay_level_to_db (double linear); /* dBFS; -INFINITY for 0 */
/* What is kept with a recording: {peak_dbfs, dc, integrated_lufs, …, clipped:{runs, samples, first}, silence:{n,
 * samples, longest, longest_at}, wrong:[sentence]}; places and lengths in samples. New reference. */
json_t *assay_level_to_json (const AssayLevel *level);

G_END_DECLS
