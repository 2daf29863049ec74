/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/question-list.h - what the guidelines leave open (core/question.h), oldest first, each with a line for its
 * answer; nothing is shown while nothing is open. Follows the project by itself.
 *
 * Signals: "chosen" (gint64 item_row, gint64 task_row): a question's case is to be seen; "answered" (const char *
 * what follows, for people); "failed" (const GError *). Main thread. */
#include "app/gui/desk.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_QUESTION_LIST (assay_question_list_widget_get_type ())
G_DECLARE_FINAL_TYPE (AssayQuestionList, assay_question_list_widget, ASSAY, QUESTION_LIST, GtkWidget)

void assay_question_list_widget_set_desk (AssayQuestionList *list, AssayDesk *desk); /* (nullable) */

G_END_DECLS
