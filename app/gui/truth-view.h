/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/truth-view.h - one's own answer held against the truth, as it is shown: the truth's outlines, the pixels
 * in which the two differ hatched, and how alike they are in words. Any thread. */
#include "core/kind.h"

G_BEGIN_DECLS

typedef struct
{
  AssayMarks *marks;   /* image coordinates; borrow from `truth` */
  AssayObjects *truth; /* a copy */
  char *words;         /* "IoU 0.93 · 1 missing · 2 too many" */
} AssayTruthView;
AssayTruthView *assay_truth_view_new (const AssayObjects *own, const AssayObjects *truth, const AssayTask *task);
void assay_truth_view_free (AssayTruthView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayTruthView, assay_truth_view_free)
/* Adds its marks to those of somebody else, who must go before it does. */
void assay_truth_view_add_marks (const AssayTruthView *view, AssayMarks *marks);

G_END_DECLS
