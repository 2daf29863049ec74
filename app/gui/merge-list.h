/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/merge-list.h - the things of a case, each with whose object it is to be, beside the picture.
 *
 * Up and Down go through them, 1 to 9 take an answer's, 0 nobody's, Enter settles, Escape gives up. Signals: "changed":
 * another thing is selected, or another object chosen; "settle"; "give-up". Main thread. */
#include "app/gui/review-merge.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_MERGE_LIST (assay_merge_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayMergeList, assay_merge_list, ASSAY, MERGE_LIST, GtkWidget)

/* Borrowed until NULL is shown. */
void assay_merge_list_show (AssayMergeList *list, AssayReviewMerge *merge);
guint assay_merge_list_get_selected (AssayMergeList *list); /* G_MAXUINT = none */
void assay_merge_list_select (AssayMergeList *list, guint thing);
/* Somebody else chose: shows it. */
void assay_merge_list_update (AssayMergeList *list);

G_END_DECLS
