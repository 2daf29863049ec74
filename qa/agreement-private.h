/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/agreement-private.h - the parts of agreement: two answers' sums (agreement-cells.c), put into groups
 * (agreement-groups.c), added up in groups (agreement-fold.c), which are finished with intervals and coefficients
 * (agreement-finish.c), for qa/agreement.c.
 */
#include "qa/agreement.h"
#include "qa/apart.h"
#include "qa/distance.h"
#include "qa/gauge.h"

G_BEGIN_DECLS

/* What every kind has besides its own measures. */
enum
{
  FOUND_BY_BOTH,
  SAME_CLASS,
  N_COMMON
};
extern const AssayMeasureDef assay_agreement_common[];
extern const AssayMeasureDef assay_agreement_alpha;       /* in the making: distances */
extern const AssayMeasureDef assay_agreement_pixel_alpha; /* made of counts */
extern const AssayMeasureDef assay_agreement_classes[];   /* by AssayClassCoefficient */

/* Sums of one item for one group: all that a resample needs to know about it. */
typedef struct
{
  char *key, *title;
  GArray *figures;          /* of AssayFigure */
  GArray *classes, *pixels; /* of AssayClassCount, weighted; empty unless all figures are asked for */
  GArray *confusion;        /* of AssayClassCount, a <= b */
  guint64 matched, missing, extra, both_empty;
  gint64 first, second;               /* rows of the two annotators; 0 = nobody yet */
  gboolean more_than_two, incomplete; /* incomplete: of three and more answers some lack what others have */
} AssayAgreementCell;

AssayAgreementCell *assay_agreement_cell_new (const char *key, const char *title);
void assay_agreement_cell_free (gpointer cell);

/* What one item has to say. */
typedef struct
{
  AssayAgreementCell *all, *human, *apart[ASSAY_APART_N]; /* NULL = nothing */
  guint n_counted;                                        /* answers that count */
  GPtrArray *groups;                                      /* of AssayAgreementCell */
  GArray *scores; /* of AssayAgreementScore; a and b are rows' places in the look */
} AssayAgreementSlot;
void assay_agreement_slot_free (AssayAgreementSlot *slot);

typedef struct
{
  AssayAgreementBy by;
  gboolean all_figures;
  const AssayApart *apart;
  GHashTable *wordings;    /* (nullable) by guideline: AssayId of a revision of the task to its number; read only */
  const AssayGauge *gauge; /* (nullable) */
  gpointer loaded;         /* of the gauge */
} AssayAgreementPlan;

/* Two answers compared, with all that any group takes from it. */
typedef struct
{
  const AssayAgreementPlan *plan;
  const AssayLook *look;
  guint a, b; /* answers of the look */
  guint n_own;
  AssayComparison *comparison;
  GArray **gauged; /* of AssayFigure, one a pairing; NULL = none */
  GArray *whole;   /* of AssayFigure: of the answers */
  GArray *pixels;  /* of AssayClassCount */
  double distance, *class_distances;
} AssayAgreementPair;
void assay_agreement_pair_init (AssayAgreementPair *pair, const AssayAgreementPlan *plan, const AssayLook *look,
                                guint a, guint b);
void assay_agreement_pair_clear (AssayAgreementPair *pair);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayAgreementPair, assay_agreement_pair_clear)
const AssayAnnotator *assay_agreement_annotator (const AssayAgreementPair *pair, guint index);

/* Of m answers to an item each takes part in m - 1 pairs: with weights of 2 / (m - 1) the m answers count m. */
double assay_agreement_weight (guint n_answers);
/* One comparison as a whole; `swapped` when the group stands on the side of b. */
void assay_agreement_cell_add (AssayAgreementCell *cell, const AssayAgreementPair *pair, gboolean swapped,
                               guint n_answers);
/* Parts of it, for groups that take some objects alone. */
void assay_agreement_cell_add_values (AssayAgreementCell *cell, const AssayAgreementPair *pair,
                                      const double *values);
void assay_agreement_cell_add_objects (AssayAgreementCell *cell, guint matched, guint missing, guint extra,
                                       guint same_class);

/* Compares all answers of the look. `ret_kept`: one an answer, whether it counts. Any thread. */
AssayAgreementSlot *assay_agreement_slot_new (const AssayAgreementPlan *plan, const AssayLook *look,
                                              gboolean *ret_kept);

/* One figure in the making: its items' sums side by side. */
typedef struct
{
  const AssayMeasureDef *def;
  GQuark part;
  GArray *sums, *counts; /* of double */
} AssayAgreementColumn;

/* A group in the making. */
typedef struct
{
  AssayAgreementGroup *group;
  GPtrArray *columns;          /* of AssayAgreementColumn */
  GPtrArray *classes, *pixels; /* of GArray of AssayClassCount, one an item that has any */
  GArray *confusion;           /* of AssayClassCount */
  gint64 first, second;
  gboolean more_than_two, uneven;
  guint n_answers; /* of every item so far */
  guint n_filled;  /* by class: of how many items alpha has been told */
} AssayAgreementGathering;

/* Slots become groups in the order of items. */
typedef struct
{
  const AssayTask *task;
  const AssayAgreementPlan *plan;
  AssayAgreementGathering *all, *human, *apart[ASSAY_APART_N];
  GHashTable *groups;   /* key to AssayAgreementGathering */
  GArray *alpha_counts; /* of double: what each item of `all` weighs */
  double *values;       /* of the classes; NULL = their names are no numbers */
} AssayAgreementFold;
AssayAgreementFold *assay_agreement_fold_new (const AssayTask *task, const AssayAgreementPlan *plan);
void assay_agreement_fold_free (AssayAgreementFold *fold);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAgreementFold, assay_agreement_fold_free)
void assay_agreement_fold_add (AssayAgreementFold *fold, const AssayAgreementSlot *slot);
/* Fills all, human, groups and apart. `expected` is nullable. */
void assay_agreement_fold_finish (AssayAgreementFold *fold, const AssayExpected *expected,
                                  AssayAgreement *agreement);
void assay_agreement_group_free (AssayAgreementGroup *group);
/* By class every item weighs the same as for all: one that nobody sees the class in is agreed on. Brings alpha up
 * to item `n`, whose distances are `last_sum`. */
void assay_agreement_fill_class_alpha (AssayAgreementGathering *gathering, const GArray *weights, guint n,
                                       double last_sum);

G_END_DECLS
