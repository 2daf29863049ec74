/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which frames become items, and which of several cameras show one moment. */
#include "capture/recorder-private.h"
#include "capture/session-items.h"
#include "core/error.h"

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
  gboolean first = !recorder->anchored;
  if (first)
    recorder->first_anchor_ns = stamp_ns;
  else
    recorder->anchor_number
        += MAX (1, llround ((double) (stamp_ns - recorder->anchor_ns) / (double) recorder->anchor_period_ns));
  recorder->anchored = TRUE;
  recorder->anchor_ns = stamp_ns;
  if (first) /* no other one is waited for, and keeper and guard would wake for each */
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
  lane->burst_by = recorder->takes_by[lane->n_answered % ASSAY_TAKES];
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
  lane->burst_by = recorder->video ? NULL : "timer";
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

AssayId
assay_recorder_moment_before (AssayRecorder *recorder, const Lane *lane, gint64 stamp_ns)
{
  pthread_mutex_lock (&recorder->lock);
  gint64 period_ns = recorder->anchored ? recorder->anchor_period_ns : 0;
  pthread_mutex_unlock (&recorder->lock);
  gint64 back = period_ns > 0 ? llround ((double) (lane->burst_ns - stamp_ns) / (double) period_ns) : 0;
  /* Between the numbers of two bursts there is room for both. */
  if (recorder->n_cameras < 2 || back <= 0 || back > ASSAY_BURST_MOST - (gint64) recorder->burst)
    return ASSAY_ID_NIL;
  return assay_session_moment (&recorder->session, lane->burst_number - back);
}

static void
take_at (AssayRecorder *recorder, gint64 at_ns, const char *by)
{
  pthread_mutex_lock (&recorder->lock);
  recorder->takes_ns[recorder->n_takes % ASSAY_TAKES] = at_ns;
  recorder->takes_by[recorder->n_takes++ % ASSAY_TAKES] = by;
  pthread_mutex_unlock (&recorder->lock);
}

void
assay_recorder_take (AssayRecorder *recorder)
{
  take_at (recorder, assay_clock_now_ns (), "key");
}

/* --- what takes by itself --- */

static gboolean
open_on_lanes (AssayRecorder *recorder, const char *words, const AssayTriggerKind *kind, GError **error)
{
  guint n_opened = 0;
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      gboolean camera = assay_stream_get_kind (lane->stream) == ASSAY_DEVICE_CAMERA;
      if (camera ? !kind->of_camera : !kind->of_microphone)
        continue;
      AssayTrigger *trigger = assay_trigger_open (words, error);
      if (trigger == NULL)
        return FALSE;
      g_ptr_array_add (lane->triggers, trigger);
      n_opened++;
    }
  if (n_opened > 0)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "trigger %s: no %s records in this session; name one with --%s", kind->id,
               kind->of_camera ? "camera" : "microphone", kind->of_camera ? "camera" : "microphone");
  return FALSE;
}

gboolean
assay_recorder_open_triggers (AssayRecorder *recorder, const char *const *words, GError **error)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      g_autoptr (AssayTrigger) trigger = assay_trigger_open (words[i], error);
      if (trigger == NULL)
        return FALSE;
      const AssayTriggerKind *kind = assay_trigger_get_kind (trigger);
      if (kind->look == NULL)
        g_ptr_array_add (recorder->triggers, g_steal_pointer (&trigger));
      else if (!open_on_lanes (recorder, words[i], kind, error))
        return FALSE;
    }
  return TRUE;
}

static void
fire (gpointer data, gint64 at_ns)
{
  take_at (data, at_ns, "command");
}

gboolean
assay_recorder_start_triggers (AssayRecorder *recorder, GError **error)
{
  for (guint i = 0; i < recorder->triggers->len; i++)
    if (!assay_trigger_start (recorder->triggers->pdata[i], fire, recorder, error))
      return FALSE;
  return TRUE;
}

void
assay_recorder_stop_triggers (AssayRecorder *recorder)
{
  for (guint i = 0; i < recorder->triggers->len; i++)
    {
      char *remark = assay_trigger_stop (recorder->triggers->pdata[i]);
      if (remark != NULL)
        g_ptr_array_add (recorder->remarks, remark);
    }
}

void
assay_lane_look_for_triggers (Lane *lane, const AssayFrame *frame)
{
  for (guint i = 0; i < lane->triggers->len; i++)
    {
      AssayTrigger *trigger = lane->triggers->pdata[i];
      const AssayTriggerKind *kind = assay_trigger_get_kind (trigger);
      /* What a camera saw is this very frame; what was heard is already past. */
      if (assay_trigger_look (trigger, assay_stream_get_format (lane->stream), frame))
        take_at (lane->recorder, kind->of_camera ? frame->stamp_ns : assay_clock_now_ns (), kind->id);
    }
}

gboolean
assay_recorder_get_skew (AssayRecorder *recorder, guint camera, AssaySkewFacts *ret_facts)
{
  pthread_mutex_lock (&recorder->lock);
  gboolean known = assay_skew_get (recorder->skew, camera, FALSE, ret_facts);
  pthread_mutex_unlock (&recorder->lock);
  return known;
}
