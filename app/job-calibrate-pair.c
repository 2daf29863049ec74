/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two cameras, and a depth camera's unit. */
#include "app/job-calibrate-private.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

#define OUTLIER_TIMES 4.0
#define OUTLIER_PX 2.0
#define LEAST_COMMON 4

/* --- two cameras ------------------------------------------------------------------------------------------------
 */

typedef struct
{
  GPtrArray *left, *right; /* of AssayBoardView, borrowed: those of one moment */
  GPtrArray *names;        /* of the left shots, borrowed */
  json_t *rejected;
  double *per_view_px; /* left and right in turn */
  AssayPairGeometry geometry;
} Pairing;

static void
pairing_clear (Pairing *pairing)
{
  g_clear_pointer (&pairing->left, g_ptr_array_unref);
  g_clear_pointer (&pairing->right, g_ptr_array_unref);
  g_clear_pointer (&pairing->names, g_ptr_array_unref);
  g_clear_pointer (&pairing->rejected, json_decref);
  g_clear_pointer (&pairing->per_view_px, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pairing, pairing_clear)

static guint
count_common (const AssayBoardView *a, const AssayBoardView *b)
{
  guint n = 0;
  for (guint i = 0, j = 0; i < a->n; i++)
    {
      while (j < b->n && b->ids[j] < a->ids[i])
        j++;
      n += j < b->n && b->ids[j] == a->ids[i];
    }
  return n;
}

static void
match (Pairing *pairing, GPtrArray *left, GPtrArray *right)
{
  pairing->left = g_ptr_array_new ();
  pairing->right = g_ptr_array_new ();
  pairing->names = g_ptr_array_new ();
  pairing->rejected = json_array ();
  for (guint i = 0; i < left->len; i++)
    {
      const AssayShot *a = left->pdata[i], *b = right->pdata[i];
      const AssayShot *bad = !assay_shot_is_used (a) ? a : !assay_shot_is_used (b) ? b : NULL;
      const char *why = bad != NULL ? bad->why : NULL;
      if (why == NULL && count_common (a->view, b->view) < LEAST_COMMON)
        why = "the two cameras see too few corners in common";
      if (why != NULL)
        {
          json_array_append_new (pairing->rejected,
                                 json_pack ("{s:s, s:s}", "path", bad != NULL ? bad->name : b->name, "why", why));
          continue;
        }
      g_ptr_array_add (pairing->left, a->view);
      g_ptr_array_add (pairing->right, b->view);
      g_ptr_array_add (pairing->names, a->name);
    }
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* The pair that is far off the others, or -1. */
static int
find_outlier (const Pairing *pairing)
{
  guint n = pairing->left->len, worst = 0;
  g_autofree double *of_pair = g_new0 (double, n);
  for (guint i = 0; i < n; i++)
    {
      of_pair[i] = MAX (pairing->per_view_px[2 * i], pairing->per_view_px[2 * i + 1]);
      worst = of_pair[i] > of_pair[worst] ? i : worst;
    }
  double largest = of_pair[worst];
  qsort (of_pair, n, sizeof (double), compare_doubles);
  return n > 3 && largest > MAX (OUTLIER_TIMES * of_pair[n / 2], OUTLIER_PX) ? (int) worst : -1;
}

static gboolean
solve_pair (Pairing *pairing, const AssayBoard *board, const AssayCamera *left, const AssayCamera *right,
            AssayProgress *progress, GError **error)
{
  for (;;)
    {
      guint n = pairing->left->len;
      g_free (pairing->per_view_px);
      pairing->per_view_px = g_new0 (double, 2 * MAX (n, 1));
      if (assay_progress_stopped (progress, error)
          || !assay_vision_calibrate_pair (board, (const AssayBoardView *const *) pairing->left->pdata,
                                           (const AssayBoardView *const *) pairing->right->pdata, n, left, right,
                                           &pairing->geometry, pairing->per_view_px, error))
        return FALSE;
      int outlier = find_outlier (pairing);
      if (outlier < 0)
        return TRUE;
      g_autofree char *why
          = g_strdup_printf ("the two pictures do not fit each other (%.2f px): were they taken at one moment?",
                             MAX (pairing->per_view_px[2 * outlier], pairing->per_view_px[2 * outlier + 1]));
      json_array_append_new (pairing->rejected,
                             json_pack ("{s:s, s:s}", "path", pairing->names->pdata[outlier], "why", why));
      g_ptr_array_remove_index (pairing->left, (guint) outlier);
      g_ptr_array_remove_index (pairing->right, (guint) outlier);
      g_ptr_array_remove_index (pairing->names, (guint) outlier);
    }
}

static gboolean
read_lens (const json_t *document, AssayCamera *ret_camera)
{
  AssayCalibration calibration = { .document = (json_t *) document };
  return assay_calibration_get_camera (&calibration, ret_camera);
}

static json_t *
describe_pair (const Pairing *pairing, const AssayBoard *board, json_t *left, json_t *right)
{
  const AssayPose *pose = &pairing->geometry.right_from_left;
  g_autofree char *text = assay_board_to_text (board);
  json_t *per_view = json_array ();
  for (guint i = 0; i < pairing->left->len; i++)
    json_array_append_new (per_view, assay_json_from_doubles (pairing->per_view_px + 2 * i, 2));
  double baseline_m
      = sqrt (pose->t_m[0] * pose->t_m[0] + pose->t_m[1] * pose->t_m[1] + pose->t_m[2] * pose->t_m[2]);
  return json_pack ("{s:O, s:O, s:o, s:o, s:f, s:f, s:f, s:i, s:i, s:O, s:o, s:s}", "left", left, "right", right,
                    "r", assay_json_from_doubles (pose->r, 9), "t_m", assay_json_from_doubles (pose->t_m, 3),
                    "baseline_m", baseline_m, "rms_px", pairing->geometry.rms_px, "epipolar_px",
                    pairing->geometry.epipolar_px, "used", (int) pairing->left->len, "points",
                    (int) pairing->geometry.n_points, "rejected", pairing->rejected, "per_view_px", per_view,
                    "board", text);
}

json_t *
assay_job_calibrate_pair (GPtrArray *left, GPtrArray *right, const AssayBoard *board, guint window_px,
                          AssayProgress *progress, GError **error)
{
  g_auto (Pairing) pairing = { 0 };
  AssayCamera left_camera, right_camera;
  if (left->len != right->len)
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
          "calibrating the pair: %u pictures of the left camera and %u of the right; they are paired by the "
          "order of names, so there must be as many",
          left->len, right->len);
      return NULL;
    }
  if (assay_board_is_ambiguous (board))
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
          "calibrating the pair: a board of %u x %u inner corners looks the same upside down, so one camera may "
          "take it so; use one with an odd and an even count, or ChArUco",
          board->cols, board->rows);
      return NULL;
    }
  g_autoptr (json_t) left_lens = assay_job_calibrate_solve (left, board, window_px, progress, error);
  if (left_lens == NULL)
    {
      g_prefix_error (error, "the left camera: ");
      return NULL;
    }
  g_autoptr (json_t) right_lens = assay_job_calibrate_solve (right, board, window_px, progress, error);
  if (right_lens == NULL)
    {
      g_prefix_error (error, "the right camera: ");
      return NULL;
    }
  match (&pairing, left, right);
  if (!read_lens (left_lens, &left_camera) || !read_lens (right_lens, &right_camera)
      || !solve_pair (&pairing, board, &left_camera, &right_camera, progress, error))
    return NULL;
  return describe_pair (&pairing, board, left_lens, right_lens);
}

/* --- depth ------------------------------------------------------------------------------------------------------
 */

static double
take_median (GArray *values)
{
  qsort (values->data, values->len, sizeof (double), compare_doubles);
  return g_array_index (values, double, values->len / 2);
}

/* What the depth picture counts at the corners, against how far the board is there. */
static gboolean
gather (const AssayShot *shot, const char *path, const AssayBoard *board, const AssayCamera *camera, GArray *counts,
        GArray *metres, GError **error)
{
  AssayPose pose;
  double rms_px;
  g_autoptr (AssayPicture) depth = assay_picture_load (path, error);
  if (depth == NULL || !assay_vision_fit_view (board, shot->view, camera, &pose, &rms_px, error))
    return FALSE;
  if (depth->pixels != ASSAY_PIXELS_GREY16 || depth->width_px != shot->view->width_px
      || depth->height_px != shot->view->height_px)
    return assay_error_bad_data (error, "reading the depth in %s: it is not 16-bit grey of the size of %s", path,
                                 shot->name);
  for (guint i = 0; i < shot->view->n; i++)
    {
      AssayPoint at = shot->view->image_px[i];
      AssayPoint3 on_board = assay_board_get_corner (board, shot->view->ids[i]);
      guint x = (guint) CLAMP (at.x, 0, depth->width_px - 1), y = (guint) CLAMP (at.y, 0, depth->height_px - 1);
      guint16 count;
      memcpy (&count, depth->data + y * depth->stride + 2 * (gsize) x, sizeof count);
      double value = count, away_m = pose.r[6] * on_board.x + pose.r[7] * on_board.y + pose.t_m[2];
      if (count == 0) /* depth cameras say 0 where they know nothing */
        continue;
      g_array_append_val (counts, value);
      g_array_append_val (metres, away_m);
    }
  return TRUE;
}

json_t *
assay_job_calibrate_depth (GPtrArray *shots, const char *const *depth_paths, const AssayBoard *board,
                           const json_t *intrinsics, GError **error)
{
  AssayCamera camera;
  g_autoptr (GArray) counts = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) metres = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) ratios = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) misses = g_array_new (FALSE, FALSE, sizeof (double));
  if (g_strv_length ((char **) depth_paths) != shots->len || !read_lens (intrinsics, &camera))
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
          "measuring the unit of depth: %u depth pictures for %u grey ones; they go together by the order of "
          "names, so there must be as many",
          g_strv_length ((char **) depth_paths), shots->len);
      return NULL;
    }
  for (guint i = 0; i < shots->len; i++)
    if (assay_shot_is_used (shots->pdata[i])
        && !gather (shots->pdata[i], depth_paths[i], board, &camera, counts, metres, error))
      return NULL;
  for (guint i = 0; i < counts->len; i++)
    {
      double ratio = g_array_index (metres, double, i) / g_array_index (counts, double, i);
      g_array_append_val (ratios, ratio);
    }
  if (ratios->len == 0)
    {
      assay_error_bad_data (error,
                            "measuring the unit of depth: the depth camera knows nothing where the board is");
      return NULL;
    }
  double unit_m = take_median (ratios);
  for (guint i = 0; i < counts->len; i++)
    {
      double miss = fabs (g_array_index (metres, double, i) - unit_m * g_array_index (counts, double, i));
      g_array_append_val (misses, miss);
    }
  return json_pack ("{s:f, s:f, s:i}", "unit_m", unit_m, "spread_m", take_median (misses), "n", (int) counts->len);
}
