/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/waveform.h - a sound and its segments: the whole above, a part of it large below, with time, cursor and
 * words.
 *
 * Wheel: zoom at the pointer. Shift+wheel or middle drag: along the time. A click on the whole goes there. The rest
 * of the pointer and the keys are handed on, x in samples of the media, y 0 to 1. Signals: "input" (const
 * AssayInput *) -> gboolean, TRUE = used; "view-changed". Main thread. */
#include "annotate/tool.h"
#include "app/gui/peaks.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_WAVEFORM (assay_waveform_get_type ())
G_DECLARE_FINAL_TYPE (AssayWaveform, assay_waveform, ASSAY, WAVEFORM, GtkWidget)

GtkWidget *assay_waveform_new (void);
/* What is shown: [from, to) samples; the peaks may come later (NULL = not yet). Fits. */
void assay_waveform_set_sound (AssayWaveform *waveform, gint64 from, gint64 to, guint rate_hz);
void assay_waveform_set_peaks (AssayWaveform *waveform, AssayPeaks *peaks);
/* Copied: what each segment is, for drawing. */
void assay_waveform_set_segments (AssayWaveform *waveform, const AssayScene *scene);
void assay_waveform_set_overlay (AssayWaveform *waveform, AssayMarks *take_marks);
void assay_waveform_set_cursor (AssayWaveform *waveform, gint64 sample,
                                gboolean follow /* scroll to keep it in sight */);
void assay_waveform_set_description (AssayWaveform *waveform, const char *words);
gboolean assay_waveform_send_key (AssayWaveform *waveform, const char *key, AssayInputFlags flags);
void assay_waveform_show_range (AssayWaveform *waveform, gint64 from,
                                gint64 to); /* scrolls, zooms out when it must */
void assay_waveform_fit (AssayWaveform *waveform);
void assay_waveform_zoom_by (AssayWaveform *waveform, double factor);
/* All segments in this colour, 0xRRGGBB, whatever their classes are. */
void assay_waveform_set_segment_colour (AssayWaveform *waveform, guint32 colour);
/* The samples in sight; moves and zooms another to the same ones. */
void assay_waveform_get_range (AssayWaveform *waveform, double *ret_from, double *ret_to);
void assay_waveform_set_range (AssayWaveform *waveform, double from, double to);
double assay_waveform_get_px_per_second (AssayWaveform *waveform);

G_END_DECLS
