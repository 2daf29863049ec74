/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/truth.h - what a version uses: what was settled, else the only submitted label, else nothing (undecided).
 *
 * A settlement is an immutable row that names the one it replaces; two desks that settle apart keep both, and the item is
 * undecided until somebody chooses. Same thread as the store. */
#include "core/label.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_TRUTH_NONE,      /* nobody has submitted */
  ASSAY_TRUTH_UNDECIDED, /* several answers, none settled */
  ASSAY_TRUTH_ONLY,      /* the only submitted label */
  ASSAY_TRUTH_ANNOTATOR, /* a reviewer took one */
  ASSAY_TRUTH_CONSENSUS, /* a reviewer took the consensus */
  ASSAY_TRUTH_EDIT,      /* a reviewer's own answer */
  ASSAY_TRUTH_RULE       /* all agree within tolerance: the plan's rule took the consensus */
} AssayTruthHow;
const char *assay_truth_how_to_text (AssayTruthHow how);

/* Takes `chosen` (saved) as the truth. What a reviewer edits, a model made or the consensus says is saved as a DRAFT first and
 * taken here, so that it never counts as one more independent answer. */
gboolean assay_truth_settle (AssayStore *store, const AssayLabel *chosen, AssayTruthHow how, const AssayAnnotator *by, const char *why,
                             GError **error);

/* A settlement, and what it laid aside: enough to take it back as if it had not been. */
typedef struct
{
  AssayId id;
  GArray *laid_aside; /* of AssayId: the reviews that stood until then, settlements and what sent the answer back */
} AssaySettlement;
void assay_settlement_clear (AssaySettlement *settlement);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssaySettlement, assay_settlement_clear)
/* assay_truth_settle, which can be taken back. */
gboolean assay_truth_settle_to (AssayStore *store, const AssayLabel *chosen, AssayTruthHow how, const AssayAnnotator *by, const char *why,
                                AssaySettlement *ret_settlement, GError **error);
/* Of several at once, which are one decision: of AssaySettlement. All are taken back, or none. */
gboolean assay_truth_take_back (AssayStore *store, const GArray *settlements, const AssayAnnotator *by, GError **error);
/* What it laid aside stands again, as it was said. CONFLICT, and nothing is done, when anything else was decided about the item and
 * task since. */
gboolean assay_truth_unsettle (AssayStore *store, const AssaySettlement *settlement, const AssayAnnotator *by, GError **error);

/* Back to its annotator; were it the truth, it is that no more. */
gboolean assay_truth_send_back (AssayStore *store, const AssayLabel *label, const AssayAnnotator *by, const char *comment, GError **error);
/* The same, with where to look (core/returned.h; nullable). */
gboolean assay_truth_send_back_to (AssayStore *store, const AssayLabel *label, const AssayAnnotator *by, const char *comment,
                                   const json_t *place, GError **error);
/* The same, which can be taken back as a settlement can. */
gboolean assay_truth_return (AssayStore *store, const AssayLabel *label, const AssayAnnotator *by, const char *comment,
                             const json_t *place, AssaySettlement *ret_made, GError **error);
/* A word about the item and task of `any` label that settles nothing: `kind` is the caller's ("neither", "both",
 * "unclear"), `how` (nullable) and `comment` (nullable) too. `lay_aside`: what was settled holds no longer. */
gboolean assay_truth_remark (AssayStore *store, const AssayLabel *any, const char *kind, const char *how, const char *comment,
                             gboolean lay_aside, const AssayAnnotator *by, AssaySettlement *ret_made, GError **error);
/* The item and task of `any` label are settled no more, and what was settled before does not come back: it holds no longer. */
gboolean assay_truth_recall (AssayStore *store, const AssayLabel *any, const AssayAnnotator *by, GError **error);
/* `ret_label` is NULL for NONE and UNDECIDED. */
gboolean assay_truth_get (AssayStore *store, gint64 item_row, const AssayTask *task, AssayTruthHow *ret_how, AssayLabel **ret_label,
                          GError **error);

/* The same without reading any value: the row of the chosen revision (0 = none) and how many submitted answers there were. */
gboolean assay_truth_find (AssayStore *store, gint64 item_row, gint64 task_row, AssayTruthHow *ret_how, gint64 *ret_revision_row,
                           guint *ret_n_answers, GError **error);

G_END_DECLS
