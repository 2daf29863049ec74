/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-calibrate-private.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

#define NEAR_EDGE_PX 8.0 /* ROS's camera_calibration; cornerSubPix's window leaves the picture there */
#define BLURRED_PX 6.0   /* of edges, up to 1920 px of width, and in proportion above */
#define SAME_VIEW_PX 1.0

AssayShot *
assay_shot_new (const char *name, GBytes *file, AssayBoardView *take_view, char *take_why)
{
  AssayShot *shot = g_new0 (AssayShot, 1);
  shot->name = g_strdup (name);
  shot->file = file != NULL ? g_bytes_ref (file) : NULL;
  shot->view = take_view;
  shot->why = take_why;
  shot->rms_px = NAN;
  return shot;
}

void
assay_shot_free (AssayShot *shot)
{
  if (shot == NULL)
    return;
  g_free (shot->name);
  g_clear_pointer (&shot->file, g_bytes_unref);
  assay_board_view_free (shot->view);
  g_free (shot->why);
  g_free (shot);
}

/* --- looking ----------------------------------------------------------------------------------------------------
 */

static AssayShot *
look_at (const char *path, const AssayBoard *board, const AssayBoardLook *look)
{
  g_autoptr (GError) wrong = NULL;
  char *data = NULL;
  gsize n_bytes;
  if (!g_file_get_contents (path, &data, &n_bytes, &wrong))
    return assay_shot_new (path, NULL, NULL, g_strdup (wrong->message));
  g_autoptr (GBytes) file = g_bytes_new_take (data, n_bytes);
  g_autoptr (AssayPicture) picture = assay_picture_decode (data, n_bytes, &wrong);
  AssayBoardView *view = picture != NULL ? assay_vision_find_board (picture, board, look, &wrong) : NULL;
  return assay_shot_new (path, file, view, wrong != NULL ? g_strdup (wrong->message) : NULL);
}

static int
compare_paths (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

GPtrArray *
assay_job_calibrate_list (const char *path, GError **error)
{
  static const char *const endings[] = { ".png", ".jpg", ".jpeg" };
  g_autoptr (GPtrArray) paths = g_ptr_array_new_with_free_func (g_free);
  if (!g_file_test (path, G_FILE_TEST_IS_DIR))
    {
      g_ptr_array_add (paths, g_strdup (path));
      return g_steal_pointer (&paths);
    }
  g_autoptr (GDir) listing = g_dir_open (path, 0, error);
  const char *name;
  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
      {
        g_autofree char *lower = g_ascii_strdown (name, -1);
        if (*name != '.' && g_str_has_suffix (lower, endings[i]))
          g_ptr_array_add (paths, g_build_filename (path, name, NULL));
      }
  g_ptr_array_sort (paths, compare_paths);
  return listing != NULL ? g_steal_pointer (&paths) : NULL;
}

static gpointer
copy_path (gconstpointer path, gpointer data)
{
  return g_strdup (path);
}

GPtrArray *
assay_job_calibrate_look (const char *const *paths, const AssayBoard *board, guint window_px,
                          AssayProgress *progress, GError **error)
{
  const AssayBoardLook look = { .window_px = window_px, .thorough = TRUE };
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) shots = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_shot_free);
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autoptr (GPtrArray) here = assay_job_calibrate_list (paths[i], error);
      if (here == NULL)
        return NULL;
      g_ptr_array_extend (all, here, copy_path, NULL);
    }
  if (all->len == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "calibrating: there is no picture; name PNG or JPEG files, or a folder of them");
      return NULL;
    }
  assay_progress_say (progress, "looking for the board");
  for (guint i = 0; i < all->len; i++)
    {
      assay_progress_set (progress, i, all->len);
      if (assay_progress_stopped (progress, error))
        return NULL;
      g_ptr_array_add (shots, look_at (all->pdata[i], board, &look));
    }
  return g_steal_pointer (&shots);
}

/* --- sorting out ------------------------------------------------------------------------------------------------
 */

gboolean
assay_shot_is_used (const AssayShot *shot)
{
  return shot->view != NULL && shot->why == NULL;
}

static gboolean
same_size (const AssayBoardView *a, const AssayBoardView *b)
{
  return a->width_px == b->width_px && a->height_px == b->height_px;
}

/* The size that most views have: one stray picture does not decide for all. */
static const AssayBoardView *
find_usual_size (const GPtrArray *shots)
{
  const AssayBoardView *usual = NULL;
  guint most = 0;
  for (guint i = 0; i < shots->len; i++)
    {
      const AssayShot *shot = shots->pdata[i];
      guint n = 0;
      for (guint j = 0; assay_shot_is_used (shot) && j < shots->len; j++)
        {
          const AssayShot *other = shots->pdata[j];
          n += assay_shot_is_used (other) && same_size (shot->view, other->view);
        }
      if (n > most)
        {
          most = n;
          usual = shot->view;
        }
    }
  return usual;
}

/* Mean distance of the corners that both have; infinite without any. */
static double
distance (const AssayBoardView *a, const AssayBoardView *b)
{
  double sum = 0;
  guint n = 0;
  for (guint i = 0, j = 0; i < a->n; i++)
    {
      while (j < b->n && b->ids[j] < a->ids[i])
        j++;
      if (j >= b->n || b->ids[j] != a->ids[i])
        continue;
      sum += hypot (a->image_px[i].x - b->image_px[j].x, a->image_px[i].y - b->image_px[j].y);
      n++;
    }
  return n > 0 ? sum / n : HUGE_VAL;
}

char *
assay_view_find_fault (const AssayBoardView *view, const AssayBoard *board)
{
  double blurred_px = BLURRED_PX * MAX (view->width_px / 1920.0, 1);
  if (view->edge_px > blurred_px)
    return g_strdup_printf (
        "it is blurred: edges are %.1f px wide, at most %.1f px are sharp; hold the board still", view->edge_px,
        blurred_px);
  if (board->kind == ASSAY_BOARD_CHESSBOARD && view->margin_px < NEAR_EDGE_PX)
    return g_strdup_printf ("a corner is %.1f px from the edge of the picture, %.0f are needed", view->margin_px,
                            NEAR_EDGE_PX);
  return NULL;
}

static char *
find_fault (const GPtrArray *shots, guint which, const AssayBoard *board, const AssayBoardView *usual)
{
  const AssayBoardView *view = ((const AssayShot *) shots->pdata[which])->view;
  if (!same_size (view, usual))
    return g_strdup_printf ("it is %u x %u, the others are %u x %u; a calibration holds for one size",
                            view->width_px, view->height_px, usual->width_px, usual->height_px);
  char *why = assay_view_find_fault (view, board);
  if (why != NULL)
    return why;
  for (guint i = 0; i < which; i++)
    {
      const AssayShot *other = shots->pdata[i];
      if (assay_shot_is_used (other) && same_size (other->view, view)
          && distance (other->view, view) < SAME_VIEW_PX)
        return g_strdup_printf ("it is the same view as %s; move the board between pictures", other->name);
    }
  return NULL;
}

void
assay_shots_sort_out (GPtrArray *shots, const AssayBoard *board)
{
  const AssayBoardView *usual = find_usual_size (shots);
  for (guint i = 0; i < shots->len; i++)
    {
      AssayShot *shot = shots->pdata[i];
      if (assay_shot_is_used (shot))
        shot->why = find_fault (shots, i, board, usual);
    }
}
