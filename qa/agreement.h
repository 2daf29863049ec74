/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/agreement.h - how well people agree on the answers to a task: mean, 95 % interval and n of every measure.
 *
 * Over the items with two or more submitted answers, every pair of annotators is compared (qa/compare.h). A figure
 * is the sum over all compared pairs divided by their number; its interval is the percentile bootstrap over items
 * (1000 resamples, seeded from the data, so that it is the same on every run). Definitions: doc/METRICS.md. One
 * function for `assay agree`, the Review page and the report of a version. Off the main thread, with a project
 * (READ is enough) of that thread. */
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
  ASSAY_AGREEMENT_BY_MONTH /* of the later answer, UTC: "2026-11" */
} AssayAgreementBy;
/* "class", "annotator" …; FALSE for other words. */
gboolean assay_agreement_by_parse (const char *text, AssayAgreementBy *ret_by);

/* One figure. The kind's own measures come first (the first is the headline), then those that every kind has. */
typedef struct
{
  const char *name, *title, *unit; /* static */
  gboolean higher_is_better;
  double value, low, high; /* NaN = undefined; low and high also with fewer than two items */
  guint64 n; /* what it is the mean of: compared pairs of objects (or of answers); for found_by_both, objects */
} AssayAgreementMeasure;

typedef struct
{
  char *key, *title; /* key as in JSON; title for screens */
  GArray *measures;  /* of AssayAgreementMeasure */
  guint items;
  /* Objects that both have, that the second alone has, that the first alone has; the first is the annotator of the
   * group, else the first by name. `both_empty`: pairs of answers that agree that nothing is there. */
  guint64 matched, missing, extra, both_empty;
} AssayAgreementGroup;

/* Two annotators on one item. */
typedef struct
{
  gint64 item_row;
  AssayId item;
  guint a, b; /* indices in `annotators` */
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
  GPtrArray *groups; /* of AssayAgreementGroup, by key; empty for BY_NOTHING */
  GArray *scores;    /* of AssayAgreementScore, by item, then a, then b */
} AssayAgreement;

AssayAgreement *assay_agreement_compute (AssayProject *project, const AssayTask *task, AssayAgreementBy by,
                                         AssayProgress *progress, GError **error);
void assay_agreement_free (AssayAgreement *agreement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAgreement, assay_agreement_free)
/* The headline of all, or NULL when nothing was compared. Borrowed. */
const AssayAgreementMeasure *assay_agreement_get_headline (const AssayAgreement *agreement);

G_END_DECLS
