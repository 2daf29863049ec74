/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/arrival.h - what media look and sound like in a few numbers, measured once and remembered (table partial, which can be made
 * again): what the checks on arrival go by, so that none of them ever decodes.
 *
 * Of a picture: {mean, under, over, sharpness, phash, dhash} (core/picture-measure.h, of at most 1,024 px; hashes as 16 hex digits). Of
 * sound: what core/take-check.h says, {fit, peak_dbfs, integrated_lufs, speech_s, speech, faults}, and {clipped_at, silence:[start, end]}
 * in samples. Of what cannot be read: {fault: "a sentence"}. Items are immutable, so are these, but for a fault: the file may be put back, so
 * it is looked at again each time. Off the main thread. */
#include "core/progress.h"
#include "core/project.h"
#include "core/item.h"

G_BEGIN_DECLS

/* Measures, on all cores, the items of which nothing is known yet; `project` is open for WRITE. What was measured before a
 * cancel is kept. `ret_measured` (nullable): how many. */
gboolean assay_arrival_measure (AssayProject *project, AssayProgress *progress, guint64 *ret_measured, GError **error);

/* The item with what is known of it, in the order of adding; both borrowed. */
typedef void (*AssayArrivalFunc) (const AssayItem *item, const json_t *facts, gpointer data);
gboolean assay_arrival_each (AssayStore *store, AssayArrivalFunc func, gpointer data, AssayProgress *progress, GError **error);

/* The 64 bits behind "phash" or "dhash"; FALSE when there are none. */
gboolean assay_arrival_get_hash (const json_t *facts, const char *key, guint64 *ret_hash);
/* Why a sound has this fault of core/take-check.h ("clipped", "cut_end" …), a sentence; NULL when it has not. Borrowed. */
const char *assay_arrival_get_fault (const json_t *facts, const char *fault);

G_END_DECLS
