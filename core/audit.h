/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/audit.h - which accepted labels a second person labels again, blind, so that the error which remains is
 * known.
 *
 * Drawn by a hash of (task, item): the same on every desk and day. Of each class as many are drawn as the plan's
 * share says ("audit": 0.05), and more where that would be fewer than ASSAY_AUDIT_LEAST objects. Handed out by
 * core/queue.h like any other item. The answer of somebody who had no part in the label is an audit: a review of
 * kind "audit" says whose, and which revision was accepted then. It is no answer: it enters no truth, no consensus,
 * no agreement, no check and no count but that of audits (state "audit" of `head`); to its annotator it is
 * submitted as any other. Store's thread. */
#include "core/assignment.h"
#include "core/label.h"

G_BEGIN_DECLS

#define ASSAY_AUDIT_LEAST 20

typedef struct _AssayAuditDraw AssayAuditDraw;
/* `share` 0: draws nothing. */
AssayAuditDraw *assay_audit_draw_new (AssayStore *store, const AssayTask *task, double share, GError **error);
void assay_audit_draw_free (AssayAuditDraw *draw);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAuditDraw, assay_audit_draw_free)
/* `classes`: of the accepted revision, as the table keeps it: {"class id or nothing": objects}. */
gboolean assay_audit_draws (const AssayAuditDraw *draw, const AssayId *item, const char *classes);

/* Would an answer of this annotator (0 = somebody unknown) be an audit? `ret_accepted` is the revision that it
 * would be held against, or nil = it would be an answer as any other. */
gboolean assay_audit_wants (AssayStore *store, gint64 item_row, const AssayTask *task, gint64 annotator_row,
                            AssayId *ret_accepted, GError **error);
/* Before the standing of a submitted answer is worked out: says that it is an audit, where it is one. */
gboolean assay_audit_note (AssayStore *store, const AssayLabel *label, const AssayTask *task, GError **error);
/* Rows (gint64) of what waits for an audit by this annotator, from a place of their own on, round; at most `most`.
 */
GArray *assay_audit_list (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator,
                          const AssayPlan *plan, guint most, GError **error);

G_END_DECLS
