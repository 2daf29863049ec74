/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/clock-line.h - the line between what a device counts (frames, samples) and CLOCK_MONOTONIC.
 *
 * stamp = origin_ns + ns_per_count (count - origin_count), with the least sum of absolute residuals: single stamps
 * come late by any amount, and a least-squares line would follow them (iteratively reweighted least squares,
 * Schlossmacher 1973, from the Theil-Sen slope of halves). The residual says how far a single stamp may be
 * believed; a constant delay of the device stays in the line until a clap or a flash measures it
 * (core/sync-mark.h).
 *
 * Adding allocates only when it must grow, and keeps at most 4,096 points however long the recording is: then every
 * second point is given up and only each other one is taken from then on. One thread at a time. */
#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

typedef struct
{
  double origin_count;
  gint64 origin_ns;
  double ns_per_count;
  double residual_median_ns, residual_p95_ns; /* of absolute residuals */
  guint n;                                    /* points it was fitted to */
} AssayClockFit;

typedef struct _AssayClockLine AssayClockLine;
AssayClockLine *assay_clock_line_new (void);
void assay_clock_line_free (AssayClockLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayClockLine, assay_clock_line_free)

/* `count` grows from call to call; one that does not is left out. */
void assay_clock_line_add (AssayClockLine *line, guint64 count, gint64 stamp_ns);
/* It was found out that the device passed over `n` counts before `from_ns`: what came from then on counts them too. */
void assay_clock_line_shift (AssayClockLine *line, gint64 from_ns, guint64 n);
/* FALSE with fewer than three points: nothing is known then. */
gboolean assay_clock_line_fit (const AssayClockLine *line, AssayClockFit *ret_fit);

gint64 assay_clock_fit_to_ns (const AssayClockFit *fit, double count);
double assay_clock_fit_to_count (const AssayClockFit *fit, gint64 stamp_ns);
/* {origin_count, origin_ns, ns_per_count, residual_median_ns, residual_p95_ns, n}: new reference; and back. */
json_t *assay_clock_fit_to_json (const AssayClockFit *fit);
gboolean assay_clock_fit_from_json (const json_t *json, AssayClockFit *ret_fit);

G_END_DECLS
