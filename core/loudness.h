/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/loudness.h - loudness by ITU-R BS.1770-4 and EBU R 128 (libebur128 in core/loudness.c alone).
 *
 * One channel counts as the same sound from two loudspeakers (DUAL_MONO): as loud as it is heard. Four and five
 * channels are L R Ls Rs and L R C Ls Rs; of more, the fourth (LFE) and those past the sixth do not count. One
 * thread at a time. */
#include "core/sound.h"

G_BEGIN_DECLS

typedef struct _AssayLoudness AssayLoudness;
/* `live`: assay_loudness_add does not allocate, integrated loudness is in steps of 0.1 LU, there is neither range
 * nor true peak. UNSUPPORTED when the library has no such rate or so many channels. */
AssayLoudness *assay_loudness_new (guint rate_hz, guint channels, gboolean live, GError **error);
void assay_loudness_free (AssayLoudness *loudness);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLoudness, assay_loudness_free)
void assay_loudness_add (AssayLoudness *loudness, const float *samples, gsize n_samples);

/* Of the last 0.4 s, the last 3 s, and all (gated); LUFS, -INFINITY where there is nothing to hear or too little of
 * it. */
double assay_loudness_get_momentary (AssayLoudness *loudness);
double assay_loudness_get_short_term (AssayLoudness *loudness);
double assay_loudness_get_integrated (AssayLoudness *loudness);

/* What is told of a whole file; NAN where it is too short (0.4 s, for short term and range 3 s) or silent. */
typedef struct
{
  double integrated_lufs, range_lu, true_peak_dbtp, sample_peak_dbfs;
  double momentary_max_lufs, short_term_max_lufs; /* looked at every 10 ms and every 50 ms */
} AssayLoudnessFacts;
/* [start, end) of a file, end -1 = its end. */
gboolean assay_loudness_measure (AssaySoundReader *reader, gint64 start, gint64 end, AssayLoudnessFacts *ret_facts,
                                 GError **error);

G_END_DECLS
