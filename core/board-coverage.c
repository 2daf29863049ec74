/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/board-coverage.h"

#include <math.h>

#define NEW_DISTANCE 0.2
#define PLENTY 40

static const double needed[ASSAY_BOARD_N_AXES] = { 0.7, 0.7, 0.4, 0.5 };

struct _AssayBoardCoverage
{
  GArray *places; /* of AssayBoardPlace */
};

static double
angle_at (AssayPoint before, AssayPoint at, AssayPoint after)
{
  double ax = before.x - at.x, ay = before.y - at.y, bx = after.x - at.x, by = after.y - at.y;
  double lengths = hypot (ax, ay) * hypot (bx, by);
  return lengths > 0 ? acos (CLAMP ((ax * bx + ay * by) / lengths, -1, 1)) : 0;
}

AssayBoardPlace
assay_board_place_of (const AssayPoint outline_px[4], guint width_px, guint height_px)
{
  double area = 0, x = 0, y = 0;
  for (guint i = 0; i < 4; i++)
    {
      AssayPoint a = outline_px[i], b = outline_px[(i + 1) % 4];
      area += (a.x * b.y - b.x * a.y) / 2;
      x += a.x / 4;
      y += a.y / 4;
    }
  double border = sqrt (fabs (area));
  double skew = 2 * fabs (G_PI / 2 - angle_at (outline_px[0], outline_px[1], outline_px[2]));
  return (AssayBoardPlace){ {
      CLAMP ((x - border / 2) / MAX (width_px - border, 1), 0, 1),
      CLAMP ((y - border / 2) / MAX (height_px - border, 1), 0, 1),
      MIN (border / sqrt ((double) width_px * height_px), 1),
      MIN (skew, 1),
  } };
}

AssayBoardCoverage *
assay_board_coverage_new (void)
{
  AssayBoardCoverage *coverage = g_new0 (AssayBoardCoverage, 1);
  coverage->places = g_array_new (FALSE, FALSE, sizeof (AssayBoardPlace));
  return coverage;
}

void
assay_board_coverage_free (AssayBoardCoverage *coverage)
{
  if (coverage == NULL)
    return;
  g_array_unref (coverage->places);
  g_free (coverage);
}

gboolean
assay_board_coverage_offer (AssayBoardCoverage *coverage, const AssayBoardPlace *place)
{
  for (guint i = 0; i < coverage->places->len; i++)
    {
      const AssayBoardPlace *kept = &g_array_index (coverage->places, AssayBoardPlace, i);
      double distance = 0;
      for (guint axis = 0; axis < ASSAY_BOARD_N_AXES; axis++)
        distance += fabs (kept->at[axis] - place->at[axis]);
      if (distance <= NEW_DISTANCE)
        return FALSE;
    }
  g_array_append_val (coverage->places, *place);
  return TRUE;
}

guint
assay_board_coverage_count (const AssayBoardCoverage *coverage)
{
  return coverage->places->len;
}

void
assay_board_coverage_get (const AssayBoardCoverage *coverage, AssayBoardAxis axis, double *ret_low,
                          double *ret_high, double *ret_done)
{
  /* Nobody earns anything with a small or a straight board: those two count from 0. */
  gboolean from_zero = axis == ASSAY_BOARD_SIZE || axis == ASSAY_BOARD_SKEW || coverage->places->len == 0;
  double low = from_zero ? 0 : 1, high = 0;
  for (guint i = 0; i < coverage->places->len; i++)
    {
      double at = g_array_index (coverage->places, AssayBoardPlace, i).at[axis];
      low = MIN (low, at);
      high = MAX (high, at);
    }
  *ret_low = low;
  *ret_high = high;
  *ret_done = MIN ((high - low) / needed[axis], 1);
}

gboolean
assay_board_coverage_is_enough (const AssayBoardCoverage *coverage)
{
  gboolean all = TRUE;
  for (guint axis = 0; axis < ASSAY_BOARD_N_AXES; axis++)
    {
      double low, high, done;
      assay_board_coverage_get (coverage, axis, &low, &high, &done);
      all = all && done >= 1;
    }
  return all || coverage->places->len >= PLENTY;
}

const char *
assay_board_coverage_get_hint (const AssayBoardCoverage *coverage)
{
  static const char *const hints[ASSAY_BOARD_N_AXES] = {
    "move the board to the left and right edge of the picture",
    "move the board to the top and bottom edge of the picture",
    "bring the board nearer, until it fills the picture",
    "tilt the board, about its upright and its level axis",
  };
  double least = 1;
  const char *hint = "there are enough views";
  for (guint axis = 0; axis < ASSAY_BOARD_N_AXES && !assay_board_coverage_is_enough (coverage); axis++)
    {
      double low, high, done;
      assay_board_coverage_get (coverage, axis, &low, &high, &done);
      if (done >= least)
        continue;
      least = done;
      hint = hints[axis];
    }
  return hint;
}
