/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/board-coverage.h - have enough different views of a board been taken? The rule of ROS's camera_calibration.
 *
 * A view is four numbers from 0 to 1: where the board is across (x) and down (y), how large (root of its share of
 * the picture) and how skewed (twice the radians by which one corner's angle differs from a right one). A view is
 * worth keeping when its distance |dx| + |dy| + |dsize| + |dskew| to every kept one is above 0.2; enough is when
 * the kept views span 0.7 of x, 0.7 of y, 0.4 of size and 0.5 of skew (both from 0), or when 40 are kept. One
 * thread. */
#include "core/geometry.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_BOARD_X,
  ASSAY_BOARD_Y,
  ASSAY_BOARD_SIZE,
  ASSAY_BOARD_SKEW,
  ASSAY_BOARD_N_AXES
} AssayBoardAxis;

typedef struct
{
  double at[ASSAY_BOARD_N_AXES];
} AssayBoardPlace;

typedef struct _AssayBoardCoverage AssayBoardCoverage;

/* From the four outer corners of the pattern, in turn. */
AssayBoardPlace assay_board_place_of (const AssayPoint outline_px[4], guint width_px, guint height_px);

AssayBoardCoverage *assay_board_coverage_new (void);
void assay_board_coverage_free (AssayBoardCoverage *coverage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBoardCoverage, assay_board_coverage_free)
/* Keeps the place if it is new; FALSE: there is one like it. */
gboolean assay_board_coverage_offer (AssayBoardCoverage *coverage, const AssayBoardPlace *place);
guint assay_board_coverage_count (const AssayBoardCoverage *coverage);
/* Each axis: the bar from `ret_low` to `ret_high` (what has been seen), and how much of what is needed that is, 0
 * to 1. */
void assay_board_coverage_get (const AssayBoardCoverage *coverage, AssayBoardAxis axis, double *ret_low,
                               double *ret_high, double *ret_done);
gboolean assay_board_coverage_is_enough (const AssayBoardCoverage *coverage);
/* What to do next, one sentence for people; static. */
const char *assay_board_coverage_get_hint (const AssayBoardCoverage *coverage);

G_END_DECLS
