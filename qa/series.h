/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/series.h - items that belong together, each with a number: what checks on arrival compare. A check's state of one thread. */
#include "core/item.h"

G_BEGIN_DECLS

typedef struct
{
  AssayItem *item;
  double value;
} AssaySeriesEntry;

/* Begins zeroed. */
typedef struct
{
  GHashTable *groups; /* char * -> GArray of AssaySeriesEntry */
} AssaySeries;

void assay_series_add (AssaySeries *series, const char *group, const AssayItem *item, double value);
/* Each group, in no order; `entries`: of AssaySeriesEntry, in the order of adding, may be sorted. */
typedef void (*AssaySeriesFunc) (GArray *entries, GPtrArray *findings);
void assay_series_each (const AssaySeries *series, AssaySeriesFunc judge, GPtrArray *findings);
void assay_series_clear (AssaySeries *series);
/* The values alone; free with g_free. */
double *assay_series_dup_values (const GArray *entries);

G_END_DECLS
