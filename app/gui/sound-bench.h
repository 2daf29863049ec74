/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/sound-bench.h - where sounds are transcribed: the waveform, the words of the selected segment large
 * underneath, and the segments in order. It ties a waveform, an entry and a player to an annotation. Of a task whose
 * answers are no segments (tags) the waveform alone, as high as there is room.
 *
 * In the words: Enter goes to the next segment, Ctrl+Space plays, Alt+I cuts at the cursor, Escape goes to the
 * waveform. Signals: "view-changed"; "failed" (const GError *). Main thread. */
#include "app/gui/annotation.h"
#include "app/gui/waveform.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_SOUND_BENCH (assay_sound_bench_get_type ())
G_DECLARE_FINAL_TYPE (AssaySoundBench, assay_sound_bench, ASSAY, SOUND_BENCH, GtkWidget)

void assay_sound_bench_set_annotation (AssaySoundBench *bench, AssayAnnotation *annotation);
/* The words that are being typed become an edit. */
void assay_sound_bench_save_words (AssaySoundBench *bench);
/* The selection is another: draws what follows from it. */
void assay_sound_bench_update (AssaySoundBench *bench);
AssayWaveform *assay_sound_bench_get_waveform (AssaySoundBench *bench);
GtkWidget *assay_sound_bench_get_words (AssaySoundBench *bench); /* the entry */
/* Plays the selected segment, else from the cursor on; or stops. */
void assay_sound_bench_toggle_playing (AssaySoundBench *bench);
void assay_sound_bench_stop (AssaySoundBench *bench);

G_END_DECLS
