/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/class-table.h - who called what what: counts of (class here, class there), and what can be said of them beyond
 * chance. The coefficients are those of qa/agreement-categories.h. Any thread. */
#include "core/sha256.h"
#include "qa/agreement-categories.h"

G_BEGIN_DECLS

/* One entry of an item's table. Classes are indices in the task's; their number stands for "nothing there". */
typedef struct
{
  guint a, b;
  double n; /* weighted: doc/METRICS.md */
} AssayClassCount;
/* Adds to the entry, or makes it; nothing when `n` is not above 0. */
void assay_class_counts_add (GArray *counts, guint a, guint b, double n);

/* The items' tables, side by side. */
typedef struct
{
  guint n_categories;
  gboolean two_raters;  /* always the same two, the same one first: Cohen is defined */
  gboolean same_number; /* as many ratings of each: Fleiss is defined */
  const double *values; /* (nullable) of the categories, where they are numbers: interval and ratio are defined */
  GPtrArray *items;     /* of GArray of AssayClassCount, category indices below n_categories */
} AssayClassTable;

typedef enum
{
  ASSAY_CLASS_ALPHA,
  ASSAY_CLASS_ALPHA_ORDINAL,
  ASSAY_CLASS_ALPHA_INTERVAL,
  ASSAY_CLASS_ALPHA_RATIO,
  ASSAY_CLASS_FLEISS,
  ASSAY_CLASS_COHEN,
  ASSAY_CLASS_COHEN_LINEAR,
  ASSAY_CLASS_COHEN_QUADRATIC,
  ASSAY_CLASS_N_COEFFICIENTS
} AssayClassCoefficient;

typedef struct
{
  double value, low, high; /* NaN = undefined */
} AssayClassFigure;
/* `ret_n` (nullable): the ratings, each weighted. `name` goes into the seed. */
AssayClassFigure assay_class_table_measure (const AssayClassTable *table, AssayClassCoefficient coefficient,
                                            const char *name, double *ret_n);
/* The items' tables with category `kept` as 0 and all others as 1: that category against the rest. New. */
GPtrArray *assay_class_counts_collapse (const GPtrArray *items, guint kept);

G_END_DECLS
