/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which frames become items, and which of several cameras show one moment. */
#include "capture/recorder-private.h"
#include "capture/session-items.h"

#include <errno.h>
#include <math.h>

#define ANCHOR_WAIT_NS (G_GINT64_CONSTANT (500) * 1000000)
#define TAKES_FROM (G_GINT64_CONSTANT (1) << 50) /* moments that were asked for are numbered from here */

/* The first camera's frames count the moments; the others join the nearest one. It is waited for at the very start
 * only, when another camera was quicker; a reference that never comes leaves the others without moments. */
static gboolean
wait_for_anchor (AssayRecorder *recorder, Lane *lane)
{
  struct timespec until;
  if (lane->has_waited)
    return FALSE;
  lane->has_waited = TRUE;
  clock_gettime (CLOCK_REALTIME, &until);
  gint64 due_ns = until.tv_nsec + ANCHOR_WAIT_NS;
  until.tv_sec += due_ns / ASSAY_NS_PER_S;
  until.tv_nsec = due_ns % ASSAY_NS_PER_S;
  while (!recorder->anchored && !atomic_load (&recorder->stopping))
    if (pthread_cond_timedwait (&recorder->changed, &recorder->lock, &until) == ETIMEDOUT)
      return FALSE;
  return recorder->anchored;
}

static void
move_anchor (AssayRecorder *recorder, const Lane *lane, gint64 stamp_ns)
{
  recorder->anchor_period_ns = assay_lane_period_ns (lane);
  if (!recorder->anchored)
    recorder->first_anchor_ns = stamp_ns;
  else
    recorder->anchor_number
        += MAX (1, llround ((double) (stamp_ns - recorder->anchor_ns) / (double) recorder->anchor_period_ns));
  recorder->anchored = TRUE;
  recorder->anchor_ns = stamp_ns;
  pthread_cond_broadcast (&recorder->changed);
}

/* Something asked for at or before this frame, which the lane has not answered yet. */
static gboolean
find_take (AssayRecorder *recorder, Lane *lane, gint64 stamp_ns)
{
  guint64 oldest = recorder->n_takes > ASSAY_TAKES ? recorder->n_takes - ASSAY_TAKES : 0;
  lane->n_answered = MAX (lane->n_answered, oldest);
  if (lane->n_answered == recorder->n_takes)
    return FALSE;
  gint64 at_ns = recorder->takes_ns[lane->n_answered % ASSAY_TAKES];
  if (stamp_ns < at_ns)
    return FALSE;
  lane->burst_ns = at_ns;
  lane->burst_number = TAKES_FROM + (gint64) ++lane->n_answered * ASSAY_BURST_MOST;
  return TRUE;
}

/* A new period. */
static gboolean
find_period (AssayRecorder *recorder, Lane *lane, gint64 stamp_ns)
{
  if (recorder->every_s <= 0 || recorder->on_demand || !recorder->anchored)
    return FALSE;
  gint64 number = (gint64) floor ((double) (stamp_ns - recorder->first_anchor_ns) / (recorder->every_s * 1e9));
  if (number <= lane->last_number)
    return FALSE;
  lane->last_number = number;
  lane->burst_ns = recorder->first_anchor_ns + (gint64) ((double) number * recorder->every_s * 1e9);
  lane->burst_number = number * ASSAY_BURST_MOST;
  return TRUE;
}

/* Bursts begin with a period or when asked for. A frame that comes too late for its place in the burst belongs to
 * no moment: those between were lost, it shows another instant. */
static gboolean
choose_of_bursts (AssayRecorder *recorder, Lane *lane, gint64 stamp_ns, gint64 *ret_number)
{
  if (lane->burst_left == 0 && (find_take (recorder, lane, stamp_ns) || find_period (recorder, lane, stamp_ns)))
    lane->burst_left = recorder->burst;
  if (lane->burst_left == 0)
    return FALSE;
  gint64 place = recorder->burst - lane->burst_left--, period_ns = assay_lane_period_ns (lane);
  gint64 late_ns = stamp_ns - lane->burst_ns - place * period_ns;
  *ret_number = recorder->anchored && late_ns <= 3 * period_ns / 2 ? lane->burst_number + place : -1;
  return TRUE;
}

/* Every frame; a second one of a camera near one moment belongs to none. */
static void
find_nearest (AssayRecorder *recorder, Lane *lane, gint64 stamp_ns, gint64 *ret_number)
{
  *ret_number = -1;
  if (!recorder->anchored)
    return;
  double steps = (double) (stamp_ns - recorder->anchor_ns) / (double) recorder->anchor_period_ns;
  gint64 number = recorder->anchor_number + llround (steps);
  if (number <= lane->last_number)
    return;
  lane->last_number = number;
  *ret_number = number;
}

gboolean
assay_recorder_choose (AssayRecorder *recorder, Lane *lane, const AssayFrame *frame, AssayId *ret_moment)
{
  gboolean every_frame = !recorder->video && !recorder->on_demand && recorder->every_s <= 0, chosen = TRUE;
  gint64 number = -1;
  pthread_mutex_lock (&recorder->lock);
  if (lane == recorder->lanes->pdata[0])
    move_anchor (recorder, lane, frame->stamp_ns);
  else if (!recorder->anchored)
    wait_for_anchor (recorder, lane);
  assay_skew_add (recorder->skew, lane->index, frame->stamp_ns);
  if (every_frame)
    find_nearest (recorder, lane, frame->stamp_ns, &number);
  else
    chosen = choose_of_bursts (recorder, lane, frame->stamp_ns, &number);
  pthread_mutex_unlock (&recorder->lock);
  *ret_moment = chosen && number >= 0 && recorder->n_cameras > 1 ? assay_session_moment (&recorder->session, number)
                                                                 : ASSAY_ID_NIL;
  return chosen;
}

void
assay_recorder_take (AssayRecorder *recorder)
{
  gint64 now_ns = assay_clock_now_ns ();
  pthread_mutex_lock (&recorder->lock);
  recorder->takes_ns[recorder->n_takes++ % ASSAY_TAKES] = now_ns;
  pthread_mutex_unlock (&recorder->lock);
}

gboolean
assay_recorder_get_skew (AssayRecorder *recorder, guint camera, AssaySkewFacts *ret_facts)
{
  pthread_mutex_lock (&recorder->lock);
  gboolean known = assay_skew_get (recorder->skew, camera, FALSE, ret_facts);
  pthread_mutex_unlock (&recorder->lock);
  return known;
}
