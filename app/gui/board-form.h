/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/board-form.h - which calibration board, what its bar of 100 mm measures, and the sheet to print. Main
 * thread. */
#include "core/board.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_BOARD_FORM (assay_board_form_get_type ())
G_DECLARE_FINAL_TYPE (AssayBoardForm, assay_board_form, ASSAY, BOARD_FORM, GtkWidget)

/* As `assay calibrate --board` writes it; what is no board leaves the form as it is. */
void assay_board_form_set (AssayBoardForm *form, const char *words, double bar_mm);
/* Free it. */
char *assay_board_form_dup_words (AssayBoardForm *form);
double assay_board_form_get_bar_mm (AssayBoardForm *form);
/* As it was printed. USAGE when there is no such board. */
gboolean assay_board_form_get (AssayBoardForm *form, AssayBoard *ret_board, GError **error);

G_END_DECLS
