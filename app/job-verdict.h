/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-verdict.h - what a reviewer decides about a case (an item under a task), each as one step that can be taken
 * back as one, and stays on record either way.
 *
 * What a reviewer draws, merges or repairs is a revision of its own by "NAME (review)", a stated means: it is no
 * answer that could count as independent, and nothing of it is ever written over somebody's. Store's thread. */
#include "core/finding.h"
#include "core/project.h"
#include "core/truth.h"

G_BEGIN_DECLS

/* What one decision made: enough to take it back. */
typedef struct
{
  GArray *reviews;  /* of AssaySettlement */
  GArray *findings; /* of AssayId: dismissed */
} AssayVerdict;
AssayVerdict *assay_verdict_new (void);
void assay_verdict_free (AssayVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayVerdict, assay_verdict_free)
/* One line, and back; NULL for anything else. */
char *assay_verdict_to_text (const AssayVerdict *verdict);
AssayVerdict *assay_verdict_from_text (const char *text);

/* All of these add what they made to `verdict`, in one transaction. `why` is nullable unless it is said. */

/* One annotator's answer is the truth. */
gboolean assay_verdict_take (AssayProject *project, const AssayLabel *answer, const AssayAnnotator *by, const char *why,
                             AssayVerdict *verdict, GError **error);
/* The consensus is. */
gboolean assay_verdict_consensus (AssayProject *project, const AssayItem *item, const AssayTask *task,
                                  const AssayAnnotator *by, const char *why, AssayVerdict *verdict, GError **error);
/* These objects are: merged, drawn or repaired by the reviewer with `tool`. BAD_DATA when they break the kind's rules. */
gboolean assay_verdict_own (AssayProject *project, const AssayItem *item, const AssayTask *task,
                            const AssayObjects *objects, const char *tool, const AssayAnnotator *by, const char *why,
                            AssayVerdict *verdict, GError **error);
/* None is: every answer goes back, and what was settled holds no longer. */
gboolean assay_verdict_neither (AssayProject *project, const AssayItem *item, const AssayTask *task,
                                const AssayAnnotator *by, const char *why, AssayVerdict *verdict, GError **error);
/* Any would do: the consensus is the truth (the first letter's answer where there is no fair way to join them), and what
 * the open findings say of several annotators here is dismissed. */
gboolean assay_verdict_both (AssayProject *project, const AssayItem *item, const AssayTask *task,
                             const AssayAnnotator *by, const char *why, AssayVerdict *verdict, GError **error);
/* Back to its annotator, with a comment and where to look (nullable). */
gboolean assay_verdict_send_back (AssayProject *project, const AssayLabel *answer, const AssayAnnotator *by,
                                  const char *comment, const json_t *place, AssayVerdict *verdict, GError **error);
/* No problem; `why` is asked for. */
gboolean assay_verdict_dismiss (AssayProject *project, const AssayId *finding, const AssayAnnotator *by, const char *why,
                                AssayVerdict *verdict, GError **error);
/* The guideline does not say: asks (core/question.h); what is settled stays. */
gboolean assay_verdict_unclear (AssayProject *project, const AssayItem *item, const AssayTask *task,
                                const AssayAnnotator *by, const char *question, const json_t *place /* (nullable) */,
                                AssayVerdict *verdict, GError **error);
/* Takes all of it back, or nothing: CONFLICT when anything else was decided since. */
gboolean assay_verdict_undo (AssayProject *project, const AssayVerdict *verdict, const AssayAnnotator *by,
                             GError **error);

/* Whom the reviewer's own revisions are by. */
AssayAnnotator *assay_verdict_ensure_hand (AssayStore *store, const AssayAnnotator *by, GError **error);

G_END_DECLS
