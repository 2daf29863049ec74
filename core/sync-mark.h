/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/sync-mark.h - the one instant that every sensor of a session saw or heard: a clap in sound, a flash in
 * pictures.
 *
 * What it is for: a stamp tells when data reached the computer, and each device has a delay of its own before that.
 * The same clap and flash in every stream measures the differences (app/job-sync.h). Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* The sharpest onset: where the power of 5 ms is highest over that of the 50 ms before it, refined to the first
 * sample that reaches a quarter of the peak within those 5 ms. FALSE when nothing stands out by 20 dB. One channel,
 * floats. */
typedef struct
{
  gint64 sample;
  double strength_db; /* over what was before */
} AssayClap;
gboolean assay_sync_find_clap (const float *samples, gint64 n, guint rate_hz, AssayClap *ret_clap);

/* The first frame of the strongest rise of mean luma (0 to 255) over the median of the nine frames before it. FALSE
 * when no rise is at least 8 and six times the usual change from frame to frame. The flash lit up after the frame
 * before. */
typedef struct
{
  guint frame; /* index into the series */
  double rise;
} AssayFlash;
gboolean assay_sync_find_flash (const double *luma, guint n, AssayFlash *ret_flash);

G_END_DECLS
