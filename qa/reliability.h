/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/reliability.h - who can be believed: each annotator held against what is known, class by class and over time.
 *
 * Every answer is compared (qa/compare.h) with up to five references, told apart because they are worth
 * differently: gold, the truth that reviewers settled, the consensus of the others, the others one by one, and the
 * annotator's own second answer. Nobody is ever held against themselves: not a truth taken from their own answer by
 * themselves, not a consensus that may hold it. Models and what is chosen or drafted (qa/apart.h) count for truth
 * and gold alone. Each figure has n and a 95 % interval: Wilson's for shares, with the number of items as n; else
 * the bootstrap over items. Definitions: doc/METRICS.md. One function for `assay agree --by annotator --people`,
 * the dashboard and the report. Off the main thread, with a project (READ is enough) of that thread. */
#include "qa/agreement.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_AGAINST_GOLD,      /* settled items flagged gold, answered unaware */
  ASSAY_AGAINST_TRUTH,     /* what a reviewer settled */
  ASSAY_AGAINST_CONSENSUS, /* of two or more others */
  ASSAY_AGAINST_OTHERS,    /* each other answer; what is left where two answer an item */
  ASSAY_AGAINST_SELF,      /* the same item again, days later (core/again.h) */
  ASSAY_AGAINST_N
} AssayAgainst;
const char *assay_against_to_text (AssayAgainst against);  /* "gold" … as in JSON */
const char *assay_against_to_title (AssayAgainst against); /* for people */

/* What one class of the reference was called: a row of the confusion. */
typedef struct
{
  guint truth, said; /* classes of the task; their number = there is no such object */
  guint64 n;         /* objects */
} AssayReliabilityCell;

typedef struct
{
  guint class; /* of the task */
  GArray *
      measures; /* of AssayAgreementMeasure: found, precise, then the kind's headline; from Dawid-Skene: believed */
} AssayReliabilityClass;

typedef struct
{
  guint items;
  GArray *measures;   /* of AssayAgreementMeasure: right, likeness, found, precise, the kind's own, its gauge's */
  GPtrArray *classes; /* of AssayReliabilityClass: those that the reference or the annotator has */
  GArray *confusion;  /* of AssayReliabilityCell */
} AssayReliabilityAgainst;

/* Mean likeness to the reference of `trend`, of a run of the annotator's own answers. */
typedef struct
{
  guint64 first, last;              /* the curve: of their own answers, from 1, both in */
  gint64 from_us;                   /* weeks: its Monday, 0:00 UTC; of the curve: of the first answer */
  double value, low, high, seconds; /* seconds an object, median; NaN = unknown */
  guint n;
} AssayReliabilityPoint;

typedef struct
{
  AssayAnnotator *annotator;
  guint answers;                                     /* submitted */
  gboolean simulated;                                /* some of the seconds are a program's */
  AssayReliabilityAgainst *against[ASSAY_AGAINST_N]; /* NULL = nothing to hold them against */
  /* Of AssayAgreementMeasure, each where there is any: skill (Dawid-Skene), sensitivity, specificity (STAPLE),
   * alpha_gain (alpha without them less alpha with them), seconds_per_object, learning, drift_per_week,
   * late_change, speed_quality. */
  GArray *measures;
  GPtrArray *classes;    /* of AssayReliabilityClass: `believed`, by Dawid-Skene */
  AssayAgainst trend;    /* what curve, weeks and trends are told against; ASSAY_AGAINST_N = nothing */
  double late_p;         /* Mann-Whitney: the later half of the answers against the earlier */
  GArray *curve, *weeks; /* of AssayReliabilityPoint */
} AssayReliabilityPerson;
/* NULL when there is no such figure. */
const AssayAgreementMeasure *assay_reliability_find (const GArray *measures, const char *name);

typedef struct
{
  AssayTask *task;
  guint items, answers;
  AssayAgreementMeasure alpha; /* of all that count, by distance: what alpha_gain is a gain of */
  GPtrArray *people;           /* of AssayReliabilityPerson, by name: everyone with a submitted answer */
} AssayReliability;

AssayReliability *assay_reliability_compute (AssayProject *project, const AssayTask *task, AssayProgress *progress,
                                             GError **error);
void assay_reliability_free (AssayReliability *reliability);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReliability, assay_reliability_free)

/* {task, kind, items, answers, alpha:MEASURE, people:[{annotator, id, kind, answers, simulated,
 *   against:{gold|truth|consensus|others|self: {title, items, measures:[MEASURE], classes:[{class, measures}],
 *            confusion:[{truth, said, n}]}},
 *   measures:[MEASURE], classes:[{class, measures}],
 *   trend: "truth"… or null, late_p, curve:[{first, last, value, ci95, n, seconds}],
 *   weeks:[{from_us, week, value, ci95, n, seconds}]}]}
 * MEASURE as in qa/report.h; `truth` and `said` null: no such object. New reference. */
json_t *assay_reliability_to_json (const AssayReliability *reliability);

G_END_DECLS
