/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-board.h - a calibration board on a sheet of paper, at its true size: PDF, or PNG at stated dots per inch.
 * With a bar of 100 mm that tells later whether the printer kept the size, and the words that name the board. Any
 * thread. */
#include "core/board.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Writes OUT.pdf or OUT.png. `paper`: a4, letter or a3; turned as the board needs it. `dpi` is for PNG. Answers
 * {path, board, paper, landscape, page_mm:[w,h], board_mm:[x,y,w,h] from the page's top left corner,
 * bar_mm:[x,y,w]}. USAGE when the board is too large for the paper, and says what would fit. */
json_t *assay_job_board (const AssayBoard *board, const char *path, const char *paper, guint dpi, GError **error);

G_END_DECLS
