/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/session-time.h - where a stream's raw position lies on the one time line of its session.
 *
 * Raw: what the device counted and stamped, as items and the index keep it for good. Common: the line that the
 * recording fitted between that counter and CLOCK_MONOTONIC (session_report, `clock_lines`), less the delay that a
 * clap or a flash measured for that sensor (the last report with `align`). Both come after the items and are facts
 * of their own: items are never changed, whoever reads one asks here. A version keeps the answer in its rows.
 *
 * A line is believed where it is close to the stamp that it is asked for: half a frame's period, 0.25 s of sound;
 * else the stamp stands. Sound goes on from its first sample by the line's own rate, lost samples included. */
#include "core/item.h"
#include "core/sound-gap.h"

#include <jansson.h>

G_BEGIN_DECLS

/* --- one session; any thread --- */

typedef struct _AssaySessionTime AssaySessionTime;
/* `session`: {info, reports}, as assay_session_get gives it. */
AssaySessionTime *assay_session_time_new (const json_t *session);
void assay_session_time_free (AssaySessionTime *time);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySessionTime, assay_session_time_free)

/* A frame, or the first sample of a file. */
typedef struct
{
  gint64 stamp_ns; /* CLOCK_MONOTONIC, as the device gave it */
  gint64 count;    /* by the device's own counter; -1 = not known */
  guint rate_hz;   /* as the format says; 0 = a frame */
} AssayStreamPlace;
/* CLOCK_MONOTONIC by the line, before anything measured is taken off, and of sound how long one sample lasts. Of a
 * stream that nothing is known of, the stamp and the format's rate. */
void assay_session_time_of_place (const AssaySessionTime *time, guint stream, const AssayStreamPlace *place,
                                  gint64 *ret_ns, double *ret_ns_per_sample);
/* What a clap or flash measured: > 0 = late. FALSE when nothing did. */
gboolean assay_session_time_get_offset (const AssaySessionTime *time, guint stream, gint64 *ret_offset_ns,
                                        gint64 *ret_doubt_ns);
/* The item by what it says of itself. FALSE, and what it says alone, when it is not of this session. */
gboolean assay_session_time_of_item (const AssaySessionTime *time, const AssayItem *item, AssayItemTime *ret_time);
/* Which items show one instant, when offsets were measured: of each frame of the further cameras the nearest one of
 * the first, if no further than half a period of it. `items`: of AssayItem, the session's pictures. Before it, and
 * without a measurement, assay_session_time_of_item gives the moments of the recording. */
void assay_session_time_find_moments (AssaySessionTime *time, const GPtrArray *items);

/* --- of a project: sessions are read once each; the store's thread --- */

typedef struct _AssaySessionTimes AssaySessionTimes;
AssaySessionTimes *assay_session_times_new (AssayStore *store); /* borrows it */
void assay_session_times_free (AssaySessionTimes *times);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySessionTimes, assay_session_times_free)
/* Of any item: one that was not recorded here has what it says itself. */
gboolean assay_session_times_of (AssaySessionTimes *times, const AssayItem *item, AssayItemTime *ret_time,
                                 GError **error);

/* --- what follows from an item's time; any thread --- */

/* Realtime of a sample of the item's media, as it lies in the file; lost samples before it count. */
gint64 assay_item_time_of_sample (const AssayItemTime *time, const AssayItem *sound, gint64 sample);
/* The sample that is heard at that time, 0 and `n_samples` at the most; what was lost is the first one after it. */
gint64 assay_item_time_to_sample (const AssayItemTime *time, const AssayItem *sound, gint64 realtime_ns);
/* {captured_ns, offset_ns?, doubt_ns?, ns_per_sample?, moment?}: new reference, and back. */
json_t *assay_item_time_to_json (const AssayItemTime *time);
void assay_item_time_from_json (const json_t *json, AssayItemTime *ret_time);

G_END_DECLS
