/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-calibrate-live.h"

#include "app/job-calibrate-private.h"

#include <math.h>
#include <pthread.h>

#define FIRST_SIDE_PX 640
/* While a rolling shutter reads one picture, about 33 ms, the board may move this part of the picture's width. */
#define STILL_SHARE 0.002
#define READ_S 0.033
/* What lies further back says nothing of how the board moves now: only the blur does. */
#define REMEMBERED_S 0.1

struct _AssayLiveCalibration
{
  AssayBoard board;
  GThread *thread;
  AssayBoardCoverage *coverage; /* the thread's own, as are: */
  AssayBoardView *before;       /* (nullable) */
  gint64 before_ns;

  pthread_mutex_t lock; /* guards what follows; not GLib's, whose insides the thread sanitizer does not see */
  pthread_cond_t offered;
  AssayPicture *waiting; /* (nullable) */
  gint64 waiting_ns;
  gboolean ending;
  GPtrArray *shots; /* of AssayShot */
  AssayLiveState state;
};

static void
state_clear (AssayLiveState *state)
{
  g_clear_pointer (&state->corners_px, g_array_unref);
  g_clear_pointer (&state->say, g_free);
}

void
assay_live_state_free (AssayLiveState *state)
{
  if (state == NULL)
    return;
  state_clear (state);
  g_free (state);
}

/* --- one picture ------------------------------------------------------------------------------------------------
 */

static char *
find_motion (const AssayLiveCalibration *live, const AssayBoardView *view, gint64 stamp_ns)
{
  double seconds = (double) (stamp_ns - live->before_ns) / 1e9, moved_px = 0;
  if (live->before == NULL || seconds <= 0 || seconds > REMEMBERED_S)
    return NULL;
  for (guint i = 0; i < 4; i++)
    moved_px = MAX (moved_px, hypot (view->outline_px[i].x - live->before->outline_px[i].x,
                                     view->outline_px[i].y - live->before->outline_px[i].y));
  double widths_per_s = moved_px / seconds / view->width_px;
  if (widths_per_s * READ_S <= STILL_SHARE)
    return NULL;
  return g_strdup ("the board moves; hold it still for a moment");
}

/* NULL: it is worth keeping, and counted. */
static char *
refuse (AssayLiveCalibration *live, const AssayBoardView *view, gint64 stamp_ns)
{
  char *why = assay_view_find_fault (view, &live->board);
  if (why == NULL)
    why = find_motion (live, view, stamp_ns);
  if (why != NULL)
    return why;
  AssayBoardPlace place = assay_board_place_of (view->outline_px, view->width_px, view->height_px);
  if (!assay_board_coverage_offer (live->coverage, &place))
    return g_strdup (assay_board_coverage_get_hint (live->coverage));
  return NULL;
}

static AssayShot *
keep (AssayLiveCalibration *live, AssayPicture *picture, AssayBoardView *take_view)
{
  g_autofree char *name = g_strdup_printf ("view %u", assay_board_coverage_count (live->coverage));
  g_autoptr (GBytes) file = assay_picture_encode_png (picture, NULL);
  return assay_shot_new (name, file, take_view, NULL);
}

static void
tell (AssayLiveCalibration *live, const AssayPicture *picture, const AssayBoardView *view, gboolean taken,
      char *take_say)
{
  AssayLiveState *state = &live->state;
  state_clear (state);
  state->n_looked++;
  state->corners_px = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  if (view != NULL)
    g_array_append_vals (state->corners_px, view->image_px, view->n);
  state->width_px = picture->width_px;
  state->height_px = picture->height_px;
  state->taken = taken;
  state->n_views = assay_board_coverage_count (live->coverage);
  for (guint axis = 0; axis < ASSAY_BOARD_N_AXES; axis++)
    assay_board_coverage_get (live->coverage, axis, &state->low[axis], &state->high[axis], &state->done[axis]);
  state->enough = assay_board_coverage_is_enough (live->coverage);
  state->say = take_say;
}

static void
look (AssayLiveCalibration *live, AssayPicture *picture, gint64 stamp_ns)
{
  const AssayBoardLook how = { .first_side_px = FIRST_SIDE_PX };
  g_autoptr (GError) missing = NULL;
  AssayBoardView *view = assay_vision_find_board (picture, &live->board, &how, &missing);
  g_autofree char *why = view != NULL ? refuse (live, view, stamp_ns) : g_strdup (missing->message);
  gboolean taken = why == NULL;
  AssayShot *shot = taken ? keep (live, picture, view) : NULL;
  if (taken)
    why = g_strdup (assay_board_coverage_get_hint (live->coverage));
  pthread_mutex_lock (&live->lock);
  tell (live, picture, view, taken, g_steal_pointer (&why));
  if (taken)
    g_ptr_array_add (live->shots, shot);
  pthread_mutex_unlock (&live->lock);
  /* The view of a shot is the shot's; what the next is compared with is a copy of its place alone. */
  assay_board_view_free (live->before);
  live->before = view == NULL ? NULL : taken ? g_new0 (AssayBoardView, 1) : view;
  for (guint i = 0; taken && i < 4; i++)
    live->before->outline_px[i] = view->outline_px[i];
  live->before_ns = stamp_ns;
}

static gpointer
look_at_all (gpointer data)
{
  AssayLiveCalibration *live = data;
  for (;;)
    {
      pthread_mutex_lock (&live->lock);
      while (live->waiting == NULL && !live->ending)
        pthread_cond_wait (&live->offered, &live->lock);
      g_autoptr (AssayPicture) picture = g_steal_pointer (&live->waiting);
      gint64 stamp_ns = live->waiting_ns;
      gboolean ending = live->ending;
      pthread_mutex_unlock (&live->lock);
      if (ending)
        return NULL;
      look (live, picture, stamp_ns);
    }
}

/* --- outside ----------------------------------------------------------------------------------------------------
 */

AssayLiveCalibration *
assay_live_calibration_new (const AssayBoard *board)
{
  AssayLiveCalibration *live = g_new0 (AssayLiveCalibration, 1);
  live->board = *board;
  live->coverage = assay_board_coverage_new ();
  live->shots = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_shot_free);
  live->state.corners_px = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  live->state.say = g_strdup ("show the board to the camera");
  pthread_mutex_init (&live->lock, NULL);
  pthread_cond_init (&live->offered, NULL);
  live->thread = g_thread_new ("board", look_at_all, live);
  return live;
}

void
assay_live_calibration_offer (AssayLiveCalibration *live, AssayPicture *picture, gint64 stamp_ns)
{
  pthread_mutex_lock (&live->lock);
  g_clear_pointer (&live->waiting, assay_picture_unref);
  live->waiting = assay_picture_ref (picture);
  live->waiting_ns = stamp_ns;
  pthread_cond_signal (&live->offered);
  pthread_mutex_unlock (&live->lock);
}

AssayLiveState *
assay_live_calibration_get (AssayLiveCalibration *live)
{
  AssayLiveState *copy = g_new0 (AssayLiveState, 1);
  pthread_mutex_lock (&live->lock);
  *copy = live->state;
  copy->corners_px = g_array_copy (live->state.corners_px);
  copy->say = g_strdup (live->state.say);
  pthread_mutex_unlock (&live->lock);
  return copy;
}

static void
end (AssayLiveCalibration *live)
{
  if (live->thread == NULL)
    return;
  pthread_mutex_lock (&live->lock);
  live->ending = TRUE;
  pthread_cond_signal (&live->offered);
  pthread_mutex_unlock (&live->lock);
  g_thread_join (g_steal_pointer (&live->thread));
}

GPtrArray *
assay_live_calibration_take (AssayLiveCalibration *live)
{
  end (live);
  return g_steal_pointer (&live->shots);
}

void
assay_live_calibration_free (AssayLiveCalibration *live)
{
  if (live == NULL)
    return;
  end (live);
  g_clear_pointer (&live->shots, g_ptr_array_unref);
  g_clear_pointer (&live->waiting, assay_picture_unref);
  assay_board_view_free (live->before);
  assay_board_coverage_free (live->coverage);
  state_clear (&live->state);
  pthread_mutex_destroy (&live->lock);
  pthread_cond_destroy (&live->offered);
  g_free (live);
}
