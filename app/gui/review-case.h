/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/review-case.h - everything that was said about one item under one task, as the Review page shows it: read
 * and drawn up off the main loop. */
#include "core/label.h"
#include "core/project.h"
#include "core/truth.h"

G_BEGIN_DECLS

/* One annotator's answer. */
typedef struct
{
  AssayLabel *label;
  char *name;     /* "A" until the case is settled, then the annotator's */
  guint32 colour; /* 0xRRGGBB: the annotator's, by place in the list */
  char *summary;  /* "3 objects · 41 s" */
  gboolean is_truth;
} AssayAnswerShown;

typedef struct
{
  AssayItem *item;
  AssayTask *task; /* (nullable) the media alone: a finding on arrival, of which nobody has said anything */
  char *path;         /* of the item's media */
  GPtrArray *answers; /* of AssayAnswerShown, submitted ones, in the order of their letters */
  AssayTruthHow how;
  char *truth;       /* "settled: ann's answer", "undecided": for people */
  GPtrArray *models; /* poses: of AssayModel, one a class, NULL where there is none; else NULL */
  GPtrArray *edges;  /* of GArray of AssayModelLine, one a model */
} AssayReviewCase;

/* Store's thread. `task_row` 0 = the media alone. */
AssayReviewCase *assay_review_case_read (AssayProject *project, gint64 item_row, gint64 task_row, GError **error);
gint64 assay_review_case_get_task_row (const AssayReviewCase *review);
void assay_review_case_free (AssayReviewCase *review);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReviewCase, assay_review_case_free)

/* Outlines of all answers, each in its annotator's colour; borrows from the case. `hidden`: rows (gint64 *) of the
 * annotators who are left out. */
AssayMarks *assay_review_case_list_marks (const AssayReviewCase *review, GHashTable *hidden);

/* One object of an answer, in the colour of its annotator, with these flags besides; borrows from the case. */
void assay_review_case_mark_object (const AssayReviewCase *review, const AssayAnswerShown *answer,
                                    const AssayObject *object, AssayMarkFlags flags, AssayMarks *marks);

G_END_DECLS
