/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-calibrate-private.h"

#include "core/board-coverage.h"
#include "core/error.h"
#include "core/json.h"

#include <math.h>

#define OUTLIER_TIMES 4.0
#define OUTLIER_PX 2.0
#define LEAST_VIEWS 3
#define FOLDS 5
#define LEAST_TO_HOLD_OUT 6

typedef struct
{
  GPtrArray *used; /* of AssayShot, borrowed */
  AssayIntrinsics lens;
} Solution;

/* Without every FOLDS-th view from `fold` on, when fold < FOLDS. */
static const AssayBoardView **
list_views (const GPtrArray *used, guint fold, guint *ret_n)
{
  const AssayBoardView **views = g_new0 (const AssayBoardView *, used->len);
  *ret_n = 0;
  for (guint i = 0; i < used->len; i++)
    if (i % FOLDS != fold)
      views[(*ret_n)++] = ((const AssayShot *) used->pdata[i])->view;
  return views;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
median_of (const double *values, guint n)
{
  g_autofree double *sorted = g_memdup2 (values, n * sizeof (double));
  qsort (sorted, n, sizeof (double), compare_doubles);
  return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/* The view that is far off all others, or -1. */
static int
find_outlier (const double *rms_px, guint n)
{
  guint worst = 0;
  for (guint i = 1; i < n; i++)
    if (rms_px[i] > rms_px[worst])
      worst = i;
  double limit_px = MAX (OUTLIER_TIMES * median_of (rms_px, n), OUTLIER_PX);
  return n > LEAST_VIEWS && rms_px[worst] > limit_px ? (int) worst : -1;
}

/* Solves, takes the worst view out if it is far off, solves again. */
static gboolean
solve (GPtrArray *shots, const AssayBoard *board, Solution *solution, AssayProgress *progress, GError **error)
{
  for (;;)
    {
      guint n;
      g_ptr_array_set_size (solution->used, 0);
      for (guint i = 0; i < shots->len; i++)
        if (assay_shot_is_used (shots->pdata[i]))
          g_ptr_array_add (solution->used, shots->pdata[i]);
      g_autofree const AssayBoardView **views = list_views (solution->used, FOLDS, &n);
      g_autofree double *rms_px = g_new0 (double, n + 1);
      if (assay_progress_stopped (progress, error)
          || !assay_vision_calibrate (board, views, n, &solution->lens, rms_px, error))
        return FALSE;
      for (guint i = 0; i < n; i++)
        ((AssayShot *) solution->used->pdata[i])->rms_px = rms_px[i];
      int outlier = find_outlier (rms_px, n);
      if (outlier < 0)
        return TRUE;
      AssayShot *shot = solution->used->pdata[outlier];
      shot->rms_px = NAN;
      shot->why
          = g_strdup_printf ("its corners are %.2f px off where the other views have %.2f px: it does not fit; "
                             "was the board bent, or hidden in part?",
                             rms_px[outlier], median_of (rms_px, n));
    }
}

/* Every fifth view is left out in turn, and measured with the lens that the others gave. NaN with fewer than six.
 */
static gboolean
hold_out (const Solution *solution, const AssayBoard *board, AssayProgress *progress, double *ret_px,
          GError **error)
{
  const GPtrArray *used = solution->used;
  double squares = 0;
  guint points = 0;
  *ret_px = NAN;
  for (guint fold = 0; used->len >= LEAST_TO_HOLD_OUT && fold < FOLDS; fold++)
    {
      guint n;
      AssayIntrinsics lens;
      g_autofree const AssayBoardView **views = list_views (used, fold, &n);
      assay_progress_set (progress, fold, FOLDS);
      if (assay_progress_stopped (progress, error) || !assay_vision_calibrate (board, views, n, &lens, NULL, error))
        return FALSE;
      for (guint i = fold; i < used->len; i += FOLDS)
        {
          const AssayBoardView *view = ((const AssayShot *) used->pdata[i])->view;
          AssayPose pose;
          double rms_px;
          if (!assay_vision_fit_view (board, view, &lens.camera, &pose, &rms_px, error))
            return FALSE;
          squares += rms_px * rms_px * view->n;
          points += view->n;
        }
    }
  if (points > 0)
    *ret_px = sqrt (squares / points);
  return TRUE;
}

/* --- telling ----------------------------------------------------------------------------------------------------
 */

static json_t *
describe_view (const AssayShot *shot)
{
  json_t *ids = json_array (), *points = json_array ();
  for (guint i = 0; i < shot->view->n; i++)
    {
      json_array_append_new (ids, json_integer (shot->view->ids[i]));
      json_array_append_new (points, assay_json_from_doubles (&shot->view->image_px[i].x, 2));
    }
  return json_pack ("{s:s, s:o, s:o, s:o, s:o}", "path", shot->name, "rms_px", assay_json_number (shot->rms_px),
                    "edge_px", assay_json_number (shot->view->edge_px), "ids", ids, "image_px", points);
}

static json_t *
describe_coverage (const Solution *solution, gboolean *ret_enough)
{
  static const char *const names[ASSAY_BOARD_N_AXES] = { "x", "y", "size", "skew" };
  g_autoptr (AssayBoardCoverage) coverage = assay_board_coverage_new ();
  json_t *json = json_object ();
  for (guint i = 0; i < solution->used->len; i++)
    {
      const AssayBoardView *view = ((const AssayShot *) solution->used->pdata[i])->view;
      AssayBoardPlace place = assay_board_place_of (view->outline_px, view->width_px, view->height_px);
      assay_board_coverage_offer (coverage, &place);
    }
  for (guint axis = 0; axis < ASSAY_BOARD_N_AXES; axis++)
    {
      double low, high, done;
      assay_board_coverage_get (coverage, axis, &low, &high, &done);
      json_object_set_new (json, names[axis],
                           json_pack ("{s:f, s:f, s:f}", "low", low, "high", high, "done", done));
    }
  *ret_enough = assay_board_coverage_is_enough (coverage);
  if (!*ret_enough)
    json_object_set_new (json, "next", json_string (assay_board_coverage_get_hint (coverage)));
  return json;
}

static double
least_spacing (const AssayBoardView *view, guint across)
{
  double least = HUGE_VAL;
  for (guint i = 1; i < view->n; i++)
    for (guint step = 1; step <= across && step <= i; step += across - 1)
      if (step == across || i % across != 0)
        least = MIN (least, hypot (view->image_px[i].x - view->image_px[i - step].x,
                                   view->image_px[i].y - view->image_px[i - step].y));
  return least;
}

static json_t *
list_advice (const Solution *solution, const AssayBoard *board, guint window_px, double held_out_px,
             json_t *coverage)
{
  json_t *advice = json_array ();
  double least = HUGE_VAL;
  for (guint i = 0; i < solution->used->len && board->kind == ASSAY_BOARD_CHESSBOARD; i++)
    least = MIN (least, least_spacing (((const AssayShot *) solution->used->pdata[i])->view, board->cols));
  if (solution->used->len < 10)
    json_array_append_new (advice, json_string ("take 15 views or more"));
  if (assay_json_get_string (coverage, "next") != NULL)
    json_array_append (advice, json_object_get (coverage, "next"));
  if (held_out_px > 1.5 * solution->lens.rms_px)
    json_array_append_new (advice,
                           json_string ("views that were left out fit worse than those that were used: take "
                                        "more of them, all over the picture"));
  if (window_px > 0 && least < 2.5 * window_px)
    {
      g_autofree char *text
          = g_strdup_printf ("the smallest squares are %.0f px wide: a window of %u px each way comes near the "
                             "them; try --window auto, and compare the held-out error",
                             least, window_px);
      json_array_append_new (advice, json_string (text));
    }
  return advice;
}

/* capture.md's aims: 0.3 px up to full HD, 0.5 px at 4K; views that were held out at most 1.5 times that. */
static const char *
grade (double rms_px, double held_out_px, guint width_px, gboolean enough)
{
  double aim_px = width_px <= 1920 ? 0.3 : 0.5;
  double worst = fmax (rms_px / aim_px, held_out_px / (1.5 * aim_px));
  if (worst <= 1 && enough && isfinite (held_out_px))
    return "good";
  return worst <= 3 ? "fair" : "poor";
}

static json_t *
describe (GPtrArray *shots, const Solution *solution, const AssayBoard *board, guint window_px, double held_out_px)
{
  static const char *const names[] = { "fx", "fy", "cx", "cy", "k1", "k2", "p1", "p2", "k3" };
  const AssayBoardView *first = ((const AssayShot *) solution->used->pdata[0])->view;
  const AssayCamera *camera = &solution->lens.camera;
  g_autofree char *board_text = assay_board_to_text (board);
  gboolean enough;
  json_t *std = json_object (), *rejected = json_array (), *per_view = json_array (), *views = json_array ();
  json_t *coverage = describe_coverage (solution, &enough);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    json_object_set_new (std, names[i], assay_json_number (solution->lens.std[i]));
  for (guint i = 0; i < shots->len; i++)
    {
      const AssayShot *shot = shots->pdata[i];
      if (!assay_shot_is_used (shot))
        json_array_append_new (rejected, json_pack ("{s:s, s:s}", "path", shot->name, "why", shot->why));
    }
  for (guint i = 0; i < solution->used->len; i++)
    {
      const AssayShot *shot = solution->used->pdata[i];
      json_array_append_new (per_view, json_real (shot->rms_px));
      json_array_append_new (views, describe_view (shot));
    }
  json_t *advice = list_advice (solution, board, window_px, held_out_px, coverage);
  return json_pack (
      "{s:f, s:o, s:f, s:f, s:f, s:f, s:o, s:o, s:i, s:i, s:s, s:i, s:i, s:o, s:o, s:o, s:o, s:s, s:o}", "rms_px",
      solution->lens.rms_px, "held_out_px", assay_json_number (held_out_px), "fx", camera->fx, "fy", camera->fy,
      "cx", camera->cx, "cy", camera->cy, "distortion", assay_json_from_doubles (camera->distortion, 5), "std", std,
      "width", (int) first->width_px, "height", (int) first->height_px, "board", board_text, "window_px",
      (int) window_px, "used", (int) solution->used->len, "rejected", rejected, "per_view_px", per_view, "views",
      views, "coverage", coverage, "quality", grade (solution->lens.rms_px, held_out_px, first->width_px, enough),
      "advice", advice);
}

/* Why so few, in the words of the first that was turned away. */
static void
explain (GPtrArray *shots, GError **error)
{
  guint used = 0;
  const AssayShot *first = NULL;
  for (guint i = 0; i < shots->len; i++)
    {
      const AssayShot *shot = shots->pdata[i];
      used += assay_shot_is_used (shot);
      if (!assay_shot_is_used (shot) && first == NULL)
        first = shot;
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
               "calibrating: only %u of %u pictures can be used, %d are the least, 15 are good%s%s%s%s", used,
               shots->len, LEAST_VIEWS, first != NULL ? "; " : "", first != NULL ? first->name : "",
               first != NULL ? ": " : "", first != NULL ? first->why : "");
}

json_t *
assay_job_calibrate_solve (GPtrArray *shots, const AssayBoard *board, guint window_px, AssayProgress *progress,
                           GError **error)
{
  g_autoptr (GPtrArray) used = g_ptr_array_new ();
  Solution solution = { .used = used };
  double held_out_px;
  guint n = 0;
  assay_shots_sort_out (shots, board);
  for (guint i = 0; i < shots->len; i++)
    n += assay_shot_is_used (shots->pdata[i]);
  if (n < LEAST_VIEWS)
    {
      explain (shots, error);
      return NULL;
    }
  assay_progress_say (progress, "solving the lens");
  if (!solve (shots, board, &solution, progress, error)
      || !hold_out (&solution, board, progress, &held_out_px, error))
    return NULL;
  return describe (shots, &solution, board, window_px, held_out_px);
}
