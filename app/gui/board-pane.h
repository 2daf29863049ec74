/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/board-pane.h - what a camera sees of a calibration board, as large as it goes, with the corners that were
 * found. Main thread. */
#include "app/job-calibrate-live.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_BOARD_PANE (assay_board_pane_get_type ())
G_DECLARE_FINAL_TYPE (AssayBoardPane, assay_board_pane, ASSAY, BOARD_PANE, GtkWidget)

void assay_board_pane_set_texture (AssayBoardPane *pane, GdkTexture *texture); /* (nullable) */
/* The corners; and a flash when there are more views than before. */
void assay_board_pane_set_state (AssayBoardPane *pane, const AssayLiveState *state); /* (nullable) */

G_END_DECLS
