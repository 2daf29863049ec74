/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/intervals.h - how far two cuttings of the same time into segments are apart. Golden: `intervals` (mir_eval).
 * Seconds; undefined is NaN. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  double start_s, end_s; /* end_s >= start_s */
} AssayInterval;

/* Every start and end once, rounded to 10 microseconds, ascending: of double. */
GArray *assay_interval_boundaries (const AssayInterval *intervals, guint n);

typedef struct
{
  guint n_matched;
  double precision, recall; /* matched over those of b, over those of a; NaN where there are none */
  double f;                 /* 2 matched / all; NaN where neither has one */
} AssayBoundaryMatch;

/* The most pairs of boundaries, each in one pair, that are at most `window_s` apart; `a` is the truth. Both
 * ascending, as assay_interval_boundaries gives them. */
AssayBoundaryMatch assay_boundaries_match (const GArray *a, const GArray *b, double window_s);
/* Median distance from a boundary of `from` to the nearest of `to`; NaN when either has none. */
double assay_boundaries_deviation (const GArray *from, const GArray *to);
/* Shared time over time of either. No time in either: NaN. */
double assay_interval_iou (AssayInterval a, AssayInterval b);

G_END_DECLS
