/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/board.h - a printed calibration board: which pattern, how many, how large.
 *
 * "chessboard:9x6:25" has 9 x 6 INNER corners (where four squares meet) of 25 mm squares;
 * "charuco:7x9:25:18:5x5_100" has 7 x 9 SQUARES, markers of 18 mm from ArUco's 5x5_100 (left out: three quarters of
 * the square, and the smallest 5x5 dictionary that is enough). ChArUco boards have an odd number of rows: with an
 * even one OpenCV before and after 4.6 number two different layouts. Corners count along the rows of the inner
 * corners; the first is the origin of the board's frame (metres, x along the row, y down, z into the sheet). Any
 * thread. */
#include "core/geometry.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_BOARD_CHESSBOARD,
  ASSAY_BOARD_CHARUCO
} AssayBoardKind;

typedef struct
{
  AssayBoardKind kind;
  guint cols, rows; /* chessboard: inner corners; ChArUco: squares */
  double square_m;
  double marker_m;       /* ChArUco */
  guint bits, n_markers; /* ChArUco: 5 and 100 of the dictionary 5x5_100 */
} AssayBoard;

/* USAGE says what is wrong with the words, and how they are written. */
gboolean assay_board_parse (const char *words, AssayBoard *ret_board, GError **error);
/* The words again, complete. Free it. */
char *assay_board_to_text (const AssayBoard *board);
/* Inner corners in a row, and rows of them. */
guint assay_board_get_across (const AssayBoard *board);
guint assay_board_get_down (const AssayBoard *board);
guint assay_board_count_corners (const AssayBoard *board);
AssayPoint3 assay_board_get_corner (const AssayBoard *board, guint id);
/* Squares with the outer ones, and the size of all of them. */
void assay_board_get_size (const AssayBoard *board, guint *ret_squares_across, guint *ret_squares_down,
                           double *ret_width_m, double *ret_height_m);
/* A chessboard that looks the same upside down: fine for one camera, not for the place of one beside another. */
gboolean assay_board_is_ambiguous (const AssayBoard *board);
/* The sheet was printed with another size: its bar of 100 mm measures `bar_mm`. USAGE outside 50 to 200 mm. */
gboolean assay_board_scale (AssayBoard *board, double bar_mm, GError **error);

G_END_DECLS
