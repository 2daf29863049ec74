/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/take-check.h - is what was just recorded of one spoken sentence fit for use? Looked at when it is taken, so
 * that it can be said again at once. Only looks; any thread that may use the reader. Formulas: doc/METRICS.md. */
#include "core/sound.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_TAKE_SILENT = 1 << 0,    /* nothing but digital silence */
  ASSAY_TAKE_CLIPPED = 1 << 1,   /* three or more samples at full scale, one after another */
  ASSAY_TAKE_TOO_QUIET = 1 << 2, /* peak below -30 dBFS, or loudness below -40 LUFS */
  ASSAY_TAKE_TOO_SHORT = 1 << 3, /* less than 0.3 s of speech */
  ASSAY_TAKE_CUT_START = 1 << 4, /* speech within the first 0.1 s */
  ASSAY_TAKE_CUT_END = 1 << 5,   /* speech within the last 0.1 s */
  ASSAY_TAKE_DROPOUT = 1 << 6,   /* 50 ms of digital silence amid sound */
} AssayTakeFault;

typedef struct
{
  guint faults; /* of AssayTakeFault; 0 = fit */
  guint rate_hz;
  double peak_dbfs, integrated_lufs; /* -INFINITY: nothing to hear */
  double speech_s;                   /* how much of it is speech */
  gint64 speech_start, speech_end;   /* samples from its beginning to its end, [0, 0) when there is none */
  guint64 clipped_runs, clipped_samples, first_clipped;
  guint64 longest_silence, longest_silence_at; /* samples */
} AssayTakeCheck;

/* [start, end) of a file; samples in the answer count from `start`. */
gboolean assay_take_check (AssaySoundReader *reader, gint64 start, gint64 end, AssayTakeCheck *ret_check,
                           GError **error);
/* {fit, peak_dbfs, integrated_lufs, speech_s, speech:[start, end], faults:[{check, why}]}: `why` is a sentence with
 * a remedy. New reference. */
json_t *assay_take_check_to_json (const AssayTakeCheck *check);

G_END_DECLS
