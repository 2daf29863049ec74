/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/label-issues.h - which class labels are likely wrong: confident learning (Northcutt, Jiang and Chuang 2021).
 *
 * A class's threshold is the mean probability that the model gives to it over the items labelled so: whatever
 * reaches it is confidently of that class. The confident joint counts items by label and by the class they
 * confidently are (the likeliest, when there are several); calibrated, its rows sum to how often each label was
 * given. Filters take items by these counts. Probabilities are of a model that was not trained on the item.
 *
 * It is a list to look through, not a verdict: about half of what is flagged is truly wrong (Northcutt, Athalye and
 * Mueller 2021). Of few examples in a class nothing can be said. Golden: `label_issues` (cleanlab 2.9). Any thread.
 */
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_LABEL_FILTER_NOISE_RATE,     /* for each pair of classes as many as the joint says, of the largest margin */
  ASSAY_LABEL_FILTER_CLASS,          /* for each class as many as the joint says, of the least self-confidence */
  ASSAY_LABEL_FILTER_BOTH,           /* in both of these */
  ASSAY_LABEL_FILTER_CONFIDENT,      /* off the diagonal of the joint */
  ASSAY_LABEL_FILTER_PREDICTED,      /* the likeliest class is another one */
  ASSAY_LABEL_FILTER_LOW_MARGIN,     /* as many as CONFIDENT finds, of the least margin */
  ASSAY_LABEL_FILTER_LOW_CONFIDENCE, /* as many as CONFIDENT finds, of the least self-confidence */
  ASSAY_LABEL_N_FILTERS
} AssayLabelFilter;
const char *assay_label_filter_name (AssayLabelFilter filter); /* cleanlab's: "prune_by_noise_rate", … */

typedef struct
{
  guint n_items, n_classes;
  const guint *labels;         /* borrowed */
  const double *probabilities; /* borrowed; items x classes */
  double *thresholds;          /* classes; NaN where no item has the label */
  guint *guess;                /* items: the class it confidently is, G_MAXUINT for none */
  guint64 *joint;              /* classes x classes, [label][guess]; the diagonal is at least 1 */
  guint64 *calibrated;         /* the same, scaled to the number of labels and rounded with row sums kept */
} AssayConfidentJoint;

/* `labels` and `probabilities` must outlive it. BAD_DATA for fewer than two classes, a label that is none of them,
 * or a probability outside 0 to 1. */
AssayConfidentJoint *assay_confident_joint_new (const guint *labels, const double *probabilities, guint n_items,
                                                guint n_classes, GError **error);
void assay_confident_joint_free (AssayConfidentJoint *joint);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayConfidentJoint, assay_confident_joint_free)

/* `ret_issues`: items, 1 = likely wrong. Items whose label the model finds likeliest are none (but for LOW_…). */
void assay_label_issues_find (const AssayConfidentJoint *joint, AssayLabelFilter filter, guint8 *ret_issues);
/* Indices of the items marked in `issues`, least self-confidence first. */
GArray *assay_label_issues_rank (const AssayConfidentJoint *joint, const guint8 *issues); /* of guint */

G_END_DECLS
