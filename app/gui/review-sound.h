/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/review-sound.h - what was heard in a sound: the words of all answers one over the other, and for each answer
 * the waveform with its segments, moved and zoomed as one. A click in a waveform plays from there.
 *
 * Signal "failed" (const GError *): it cannot be read, or played. Main thread. */
#include "app/gui/review-case.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_REVIEW_SOUND (assay_review_sound_get_type ())
G_DECLARE_FINAL_TYPE (AssayReviewSound, assay_review_sound, ASSAY, REVIEW_SOUND, GtkWidget)

/* (nullable) Nothing is borrowed. `hidden`: rows (gint64 *) of annotators who are left out. */
void assay_review_sound_show (AssayReviewSound *sound, const AssayReviewCase *review, GHashTable *hidden);
/* Brings these samples in sight. */
void assay_review_sound_show_range (AssayReviewSound *sound, gint64 from, gint64 to);
void assay_review_sound_fit (AssayReviewSound *sound);
void assay_review_sound_zoom_by (AssayReviewSound *sound, double factor);
/* From the cursor on, or stops. */
void assay_review_sound_toggle_playing (AssayReviewSound *sound);

G_END_DECLS
