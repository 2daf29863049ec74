/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/reliability-private.h - the parts of reliability: one item's answers scored (reliability-score.c), added up by
 * person (reliability-fold.c) and finished with intervals (reliability-finish.c, reliability-trends.c), for
 * qa/reliability.c, which finds what to hold them against. */
#include "qa/class-votes.h"
#include "qa/class-table.h"
#include "qa/gauge.h"
#include "qa/reliability.h"

G_BEGIN_DECLS

/* What an item's answers are held against, beside each other. In the look stand the answers, then the second ones,
 * then the truth. */
typedef struct
{
  guint n_own, n_again;
  gboolean has_truth, is_gold, is_apart;
  gint64 truth_annotator_row, truth_made_us;
  gboolean is_joint;     /* the truth is a consensus: it may hold every answer before it */
  gboolean is_self_made; /* who settled it settled their own answer, or edited it themselves */
} AssayReliabilityItem;

typedef struct
{
  const AssayTask *task;
  const AssayGauge *gauge; /* (nullable) */
  gpointer loaded;         /* of the gauge */
} AssayReliabilityPlan;

/* Of a class of the reference: sums of the kind's headline over its matched objects. */
typedef struct
{
  guint class;
  double sum, count;
} AssayReliabilityHeadline;

/* One answer against one sort of reference: sums over `n` comparisons. */
typedef struct
{
  double n, right, likeness;
  GArray *figures;   /* of AssayFigure: the kind's, its gauge's */
  GArray *confusion; /* of AssayClassCount: a = true, b = said */
  GArray *headlines; /* of AssayReliabilityHeadline */
} AssayReliabilityScore;

typedef struct
{
  gint64 annotator_row, made_us;
  double seconds;
  gboolean simulated, counts;
  guint n_objects;
  AssayReliabilityScore *scores[ASSAY_AGAINST_N]; /* NULL = none */
  double sensitivity, specificity;                /* STAPLE: sums over classes */
  guint n_staple;
} AssayReliabilityAnswer;

/* What one item has to say. */
typedef struct
{
  guint n;
  AssayReliabilityAnswer *answers;
  double *distances; /* n x n: NaN unless both count */
  GArray *said;      /* of AssaySaid: things from 0, raters are answers */
  guint n_things;
} AssayReliabilitySlot;
AssayReliabilitySlot *assay_reliability_slot_new (const AssayReliabilityPlan *plan,
                                                  const AssayReliabilityItem *item, const AssayLook *look);
void assay_reliability_slot_free (AssayReliabilitySlot *slot);

/* Figures in the making: sums and counts of the items side by side. */
typedef struct
{
  const AssayMeasureDef *def;
  GQuark part;
  gboolean is_share;     /* Wilson's interval */
  GArray *sums, *counts; /* of double */
} AssayReliabilityColumn;

/* A person against one sort of reference, in the making. */
typedef struct
{
  guint items;
  GPtrArray *columns;  /* of AssayReliabilityColumn */
  GPtrArray **classes; /* of the same: one array a class of the task; NULL = none */
  GArray *confusion;   /* of AssayClassCount */
} AssayReliabilityGathering;

typedef struct
{
  gint64 made_us;
  double likeness[ASSAY_AGAINST_N], seconds_each; /* NaN = none */
} AssayReliabilitySample;

typedef struct
{
  AssayReliabilityPerson *person;
  AssayReliabilityGathering *against[ASSAY_AGAINST_N]; /* NULL = none yet */
  GPtrArray *columns;                                  /* of AssayReliabilityColumn: STAPLE */
  GArray *samples;                                     /* of AssayReliabilitySample */
} AssayReliabilityGathered;

/* Items in the order of their ids become people. */
typedef struct
{
  const AssayReliabilityPlan *plan;
  GPtrArray *people; /* of AssayReliabilityGathered, by name */
  GArray *said;      /* of AssaySaid: all things, raters are people */
  guint n_things;
  /* Of each item with two or more answers that count: sums of distances, and weights, of all (place 0) and without
   * each person (1 + place). */
  GArray *apart_sums, *apart_weights; /* of double, items x (1 + people) */
} AssayReliabilityFold;
AssayReliabilityFold *assay_reliability_fold_new (const AssayReliabilityPlan *plan, const GPtrArray *annotators);
void assay_reliability_fold_free (AssayReliabilityFold *fold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReliabilityFold, assay_reliability_fold_free)
void assay_reliability_fold_add (AssayReliabilityFold *fold, const AssayReliabilitySlot *slot);
guint assay_reliability_fold_place (const AssayReliabilityFold *fold,
                                    gint64 annotator_row); /* G_MAXUINT = nobody */
/* `expected`: mean distance of any two answers, of all and without each person; people + 1 numbers. */
void assay_reliability_fold_finish (AssayReliabilityFold *fold, const double *expected,
                                    AssayReliability *reliability);

/* Adds to a list of columns; 0 counts add nothing. */
void assay_reliability_column_add (GPtrArray *columns, const AssayMeasureDef *def, GQuark part, gboolean is_share,
                                   double sum, double count);
void assay_reliability_column_free (gpointer column);
GArray *assay_reliability_measure_columns (const GPtrArray *columns);
/* Figures of time: curve, weeks, learning, drift_per_week, late_change, speed_quality, seconds_per_object. */
void assay_reliability_tell_trends (AssayReliabilityGathered *gathered);
AssayAgreementMeasure assay_reliability_measure_new (const AssayMeasureDef *def);

extern const AssayMeasureDef assay_reliability_right, assay_reliability_likeness, assay_reliability_found,
    assay_reliability_precise, assay_reliability_sensitivity, assay_reliability_specificity;

G_END_DECLS
