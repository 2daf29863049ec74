/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/answer-bar.h - who has answered the case in hand, each with a button that takes the answer and one that shows
 * and hides it. What is hidden stays so while somebody goes on answering, until another case is shown.
 *
 * Signal "hidden": another set of answers is hidden. Main thread. */
#include "app/gui/review-case.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_ANSWER_BAR (assay_answer_bar_get_type ())
G_DECLARE_FINAL_TYPE (AssayAnswerBar, assay_answer_bar, ASSAY, ANSWER_BAR, GtkWidget)

void assay_answer_bar_show (AssayAnswerBar *bar, const AssayReviewCase *review); /* (nullable) */
/* Rows of annotators (gint64 *) whose answers are not drawn. Borrowed. */
GHashTable *assay_answer_bar_get_hidden (AssayAnswerBar *bar);

G_END_DECLS
