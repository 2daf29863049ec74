/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tag-grid.h - the queue of who annotates as a sheet of thumbnails, where a class's key tags what is
 * selected, and what was shown is handed in at once.
 *
 * Arrows move, with Shift they select on; Ctrl+click and a rubber band select, Ctrl+A all, Enter opens an item on
 * the desk, Escape goes back. Signals: "said" (const char *): a line for people; "submitted" (guint serial, const
 * char * words); "chosen" (gint64 item_row): to be opened; "left": back to the desk; "changed": there is another
 * thing to undo, or to hand in; "failed" (const GError *). Main thread. */
#include "app/gui/desk.h"
#include "core/option.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TAG_GRID (assay_tag_grid_get_type ())
G_DECLARE_FINAL_TYPE (AssayTagGrid, assay_tag_grid, ASSAY, TAG_GRID, GtkWidget)

/* The queue of the desk's annotator under its task, read off the main loop. `options` (of all tools): borrowed. */
void assay_tag_grid_open (AssayTagGrid *grid, AssayDesk *desk, const AssayOptions *options);
void assay_tag_grid_close (AssayTagGrid *grid);
gboolean assay_tag_grid_is_open (AssayTagGrid *grid);

/* What is selected gets the tag, or loses it when all of it has it. */
void assay_tag_grid_give (AssayTagGrid *grid, const AssayId *class_id);
void assay_tag_grid_undo (AssayTagGrid *grid, gboolean redo);
gboolean assay_tag_grid_can_undo (AssayTagGrid *grid, gboolean redo);
/* Those that were before somebody's eyes, and of sounds played or tagged. */
void assay_tag_grid_submit (AssayTagGrid *grid);
guint assay_tag_grid_count_ready (AssayTagGrid *grid);
/* Takes back what was handed in under that serial. */
void assay_tag_grid_recall (AssayTagGrid *grid, guint serial);
void assay_tag_grid_toggle_playing (AssayTagGrid *grid);
void assay_tag_grid_stop (AssayTagGrid *grid);
/* Nobody is at work: time until the next gesture does not count. */
void assay_tag_grid_pause (AssayTagGrid *grid);
GtkWidget *assay_tag_grid_get_view (AssayTagGrid *grid);
/* Where the item in focus is shown; FALSE when it is not. */
gboolean assay_tag_grid_get_place (AssayTagGrid *grid, GtkWidget *in, double *ret_x, double *ret_y);

G_END_DECLS
