/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/board.h - a calibration board seen in a picture. Plain C; any thread; points in core's frame, as in
 * vision/vision.h. */
#include "core/board.h"
#include "core/picture.h"

G_BEGIN_DECLS

typedef struct
{
  guint width_px, height_px; /* of the picture */
  guint n;
  guint *ids;           /* corner of the board, ascending; a chessboard is seen whole or not at all */
  AssayPoint *image_px; /* where it is */
  AssayPoint
      outline_px[4]; /* the pattern's four outer inner-corners in turn, of a covered ChArUco board as reckoned */
  double edge_px;    /* how wide black turns into white, median over the edges of the blurrier direction; 2 to 3.5
                        is a sharp picture */
  double margin_px;  /* least distance of a corner from the edge of the picture */
} AssayBoardView;
void assay_board_view_free (AssayBoardView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBoardView, assay_board_view_free)

typedef struct
{
  /* Chessboards: half the side of cv::cornerSubPix's window. 11 is what OpenCV's own samples take; 0 takes a third
   * of the least distance of two corners, 3 to 11, which is better where squares are small in the picture. ChArUco
   * corners have windows of their own. */
  guint window_px;
  /* Looks first at a picture of at most this side, which is quick when there is no board; 0 = at once in the whole.
   */
  guint first_side_px;
  gboolean thorough; /* chessboards: also tries cv::findChessboardCornersSB, which sees blurred and large ones */
} AssayBoardLook;

/* cv::findChessboardCorners and cv::cornerSubPix (30 steps, 0.001 px), or aruco's interpolated ChArUco corners. The
 * first corner of a chessboard is the one whose inner square is dark, when the board allows telling. NOT_FOUND: the
 * board is not in the picture; when one of (cols - 1) x (rows - 1) corners is, the message says so. */
AssayBoardView *assay_vision_find_board (const AssayPicture *picture, const AssayBoard *board,
                                         const AssayBoardLook *look, GError **error);
/* What is black of the board, in metres from the top left corner of its top left square: of AssayRect. */
GArray *assay_vision_board_black (const AssayBoard *board, GError **error);

G_END_DECLS
