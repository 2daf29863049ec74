/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-calibrate-private.h - what the files app/job-calibrate*.c share. */
#include "app/job-calibrate.h"

G_BEGIN_DECLS

/* It shows the board, and nothing speaks against it so far. */
gboolean assay_shot_is_used (const AssayShot *shot);
/* What speaks against a view by itself: blurred, or at the edge of the picture. NULL: nothing. Free it. */
char *assay_view_find_fault (const AssayBoardView *view, const AssayBoard *board);
/* Gives shots that cannot be used their `why`. */
void assay_shots_sort_out (GPtrArray *shots, const AssayBoard *board);

G_END_DECLS
