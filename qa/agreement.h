/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/agreement.h - how well people agree on the answers to a task: value, 95 % interval and n of every measure.
 *
 * Over the items with two or more submitted answers, every pair of annotators is compared (qa/compare.h). A figure
 * is the sum over all compared pairs divided by their number; its interval is the percentile bootstrap over items
 * (1000 resamples, seeded from the data, so that it is the same on every run). What is chosen or helped by a
 * program is told apart (qa/apart.h), and is in none of `all`, `groups` and `human`. Definitions: doc/METRICS.md.
 * One function for `assay agree`, the Review page, the gate and the report of a version. Off the main thread, with
 * a project (READ is enough) of that thread. */
#include "core/progress.h"
#include "core/project.h"
#include "qa/compare.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_AGREEMENT_BY_NOTHING,
  ASSAY_AGREEMENT_BY_CLASS,
  ASSAY_AGREEMENT_BY_ANNOTATOR, /* each pair counts for both */
  ASSAY_AGREEMENT_BY_PAIR,
  ASSAY_AGREEMENT_BY_ITEM,
  ASSAY_AGREEMENT_BY_CONDITION, /* of the item's facts: "light=low" */
  ASSAY_AGREEMENT_BY_SESSION,
  ASSAY_AGREEMENT_BY_MONTH, /* of the later answer, UTC: "2026-11" */
  ASSAY_AGREEMENT_BY_DAY,   /* "2026-11-21" */
  ASSAY_AGREEMENT_BY_GUIDELINE /* "2": the wording of the guideline that both answers were made under or after */
} AssayAgreementBy;
/* "class", "annotator" …; FALSE for other words. */
gboolean assay_agreement_by_parse (const char *text, AssayAgreementBy *ret_by);

/* No figure on fewer doubly rated items is coloured, or ranked. */
#define ASSAY_AGREEMENT_ENOUGH 30

/* One figure. The kind's own measures come first (the first is the headline), then those that every kind has, then
 * those that take all figures to be asked for: alpha, the coefficients of classes and pixels, and the kind's gauge
 * (qa/gauge.h). */
typedef struct
{
  const char *name, *title, *unit; /* static */
  const char *part;                /* (nullable) static: the node of a skeleton */
  const char *remedy;              /* (nullable) static: of a count of differences, the rule that would end them */
  gboolean higher_is_better;
  double value, low, high; /* NaN = undefined; low and high also with fewer than two items */
  double sum;              /* what `value` is a share of n of: the number of differences; NaN for coefficients */
  guint64 n;     /* what it is the mean of: compared pairs of objects (or of answers); for found_by_both, objects */
  guint64 items; /* that it rests on */
} AssayAgreementMeasure;
gboolean assay_agreement_measure_is_enough (const AssayAgreementMeasure *measure);

/* How often one called a thing this, and the other that. */
typedef struct
{
  guint a, b; /* a <= b: classes of the task; their number = only one found it */
  guint64 n;
} AssayAgreementConfusion;

typedef struct
{
  char *key, *title; /* key as in JSON; title for screens */
  GArray *measures;  /* of AssayAgreementMeasure */
  GArray *confusion; /* of AssayAgreementConfusion, by a, then b */
  guint items;
  /* Objects that both have, that the second alone has, that the first alone has; the first is the annotator of the
   * group, else the first by name. `both_empty`: pairs of answers that agree that nothing is there. */
  guint64 matched, missing, extra, both_empty;
} AssayAgreementGroup;
/* NULL when it has no such figure. */
const AssayAgreementMeasure *assay_agreement_group_find (const AssayAgreementGroup *group, const char *name,
                                                         const char *part);

/* Two annotators on one item. */
typedef struct
{
  gint64 item_row;
  AssayId item;
  guint a, b;  /* indices in `annotators` */
  guint apart; /* bits 1 << AssayApartWhy (qa/apart.h); 0 = it counts */
  guint matched, only_a, only_b, same_class;
  double values[ASSAY_KIND_MAX_MEASURES]; /* means over the matched objects; NaN = undefined */
} AssayAgreementScore;

typedef struct
{
  AssayTask *task;
  AssayAgreementBy by;
  guint items;           /* with at least one submitted answer */
  guint overlapped;      /* with two or more */
  GPtrArray *annotators; /* of AssayAnnotator, by name: everyone with a submitted answer */
  AssayAgreementGroup *all;
  AssayAgreementGroup *human; /* of pairs of persons alone: its headline is what a model must beat */
  GPtrArray *groups;          /* of AssayAgreementGroup, by key; empty for BY_NOTHING */
  GPtrArray *apart;           /* of AssayAgreementGroup, by AssayApartWhy: those that there are */
  GArray *scores;             /* of AssayAgreementScore, by item, then a, then b */
} AssayAgreement;

/* The kind's own figures and those that every kind has: what a screen and the gate need at once. */
AssayAgreement *assay_agreement_compute (AssayProject *project, const AssayTask *task, AssayAgreementBy by,
                                         AssayProgress *progress, GError **error);
/* All figures: some milliseconds an item. */
AssayAgreement *assay_agreement_compute_all (AssayProject *project, const AssayTask *task, AssayAgreementBy by,
                                             AssayProgress *progress, GError **error);
void assay_agreement_free (AssayAgreement *agreement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAgreement, assay_agreement_free)
/* The headline of all, or NULL when nothing was compared. Borrowed. */
const AssayAgreementMeasure *assay_agreement_get_headline (const AssayAgreement *agreement);
/* The same of persons: the human baseline. */
const AssayAgreementMeasure *assay_agreement_get_baseline (const AssayAgreement *agreement);

G_END_DECLS
