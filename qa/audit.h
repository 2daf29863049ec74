/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/audit.h - the error that remains: what a second person, who labelled a random sample of accepted labels again
 * blind (core/audit.h), found out of the task's tolerance.
 *
 * Each audit is held against the revision that was accepted when it was asked for, so repairs made since do not
 * make the sample look better than what nobody looked at. Shares are weighed by strata of the rarest class, with
 * Wilson's interval on the effective number of items. Definitions: doc/METRICS.md. One function for `assay review
 * audit`, the gate, the dashboard and the report. Off the main thread, with a project (READ is enough) of that
 * thread. */
#include "core/audit.h"
#include "core/json.h"
#include "core/progress.h"
#include "core/project.h"
#include "qa/agreement.h"

G_BEGIN_DECLS

/* The share of something that is out of tolerance. */
typedef struct
{
  guint accepted, audited; /* labels that have it; of those, audited */
  guint64 n, out;          /* as counted: labels, or objects; of those, out of tolerance */
  double error, low, high; /* weighed; NaN = nothing audited */
  double n_effective;      /* items that weigh alike and would be worth as much */
} AssayAuditFigure;

typedef struct
{
  guint class; /* of the task; their number = nothing there, or no class */
  guint accepted, audited;
} AssayAuditStratum;

typedef struct
{
  gint64 item_row;
  AssayId item;
  gint64 annotator_row; /* who audited it */
  gboolean out;         /* the label is out of tolerance */
} AssayAuditCase;

typedef struct
{
  AssayTask *task;
  double share;          /* of the plan */
  guint accepted, drawn; /* labels; of those, in the sample */
  guint apart;           /* audits that began as a program's draft: in no figure */
  guint changed;         /* audited labels that another has replaced since */
  AssayAuditFigure labels, objects;
  GArray *classes;                /* of AssayAuditFigure: objects of each class of the task, and of none */
  GArray *strata;                 /* of AssayAuditStratum: those that there are */
  GArray *cases;                  /* of AssayAuditCase, by item */
  AssayAgreementMeasure likeness; /* the kind's headline between the accepted label and the audit */
} AssayAudit;

AssayAudit *assay_audit_compute (AssayProject *project, const AssayTask *task, AssayProgress *progress,
                                 GError **error);
void assay_audit_free (AssayAudit *audit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAudit, assay_audit_free)

typedef enum
{
  ASSAY_AUDIT_OPEN,  /* the interval holds the limit */
  ASSAY_AUDIT_BELOW, /* all of it is under the limit */
  ASSAY_AUDIT_ABOVE
} AssayAuditVerdict;
AssayAuditVerdict assay_audit_judge (const AssayAuditFigure *figure, double limit);
/* The least number of further audited items after which the interval would leave the limit out, were they found out
 * of tolerance at the present rate (at none, before the first): 0 = it does so now; infinite = the rate is the
 * limit. */
double assay_audit_count_more (const AssayAuditFigure *figure, double limit);

/* What that comes to, for people: "not settled; 15 more audited items would settle it at the present rate". */
char *assay_audit_dup_words (const AssayAuditFigure *figure, double limit);

/* {task, kind, tolerance, share, accepted, drawn, audited, apart, changed, labels:FIGURE, objects:FIGURE,
 *   classes:[{class, FIGURE…}], strata:[{class, accepted, audited}], likeness:MEASURE,
 *   gate:[{class, at_most, error, ci95, verdict, more, words}]}
 * FIGURE {error, ci95, n, out, accepted, audited, n_effective}; `gate`: what the plan asks of this task. */
json_t *assay_audit_to_json (const AssayAudit *audit, const AssayPlan *plan);
/* Of one condition {"figure": "remaining_error", "task", "class"?, "at_most"} of a plan's gate: the figure it is
 * about, NULL = the task has no such class. */
const AssayAuditFigure *assay_audit_find (const AssayAudit *audit, const json_t *condition);
/* {share, eligible, items:[{item, name, media, task, truth:{how, annotator}, answers}], tasks:[as above]}: what is,
 * or would be, in the sample. `task_name` NULL = all; `share` negative = the plan's, or one in 20. */
json_t *assay_audit_describe (AssayProject *project, const char *task_name, double share, AssayProgress *progress,
                              GError **error);

G_END_DECLS
