/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/peaks.h - the shape of a sound for drawing: lowest, highest and root mean square of short columns, read
 * once off the main loop. Counted, never changed. */
#include "core/sound.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 from, to; /* samples of the media */
  guint rate_hz;
  guint n_columns;
  AssaySoundPeak *columns; /* equal parts of [from, to) */
  float loudest;           /* of all columns; at least 0.02, so that silence does not become noise */
  gint refs;
} AssayPeaks;

/* [from, to) of a file; main thread, the reading is on another. */
void assay_peaks_load (const char *path, gint64 from, gint64 to, GCancellable *cancellable,
                       GAsyncReadyCallback done, gpointer user_data);
AssayPeaks *assay_peaks_load_finish (GAsyncResult *result, GError **error);
AssayPeaks *assay_peaks_ref (AssayPeaks *peaks);
void assay_peaks_unref (AssayPeaks *peaks);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPeaks, assay_peaks_unref)
/* What lies in [from, to), which may be a part of one column. */
AssaySoundPeak assay_peaks_get (const AssayPeaks *peaks, double from, double to);

G_END_DECLS
