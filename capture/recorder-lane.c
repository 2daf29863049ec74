/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One stream being recorded: watches for gaps, counts, decides when it is enough; its outlet writes. */
#include "capture/recorder-private.h"

#include "capture/jpeg-fault.h"
#include "core/colour.h"
#include "core/json.h"

#include <math.h>

#define TAIL_NS ASSAY_NS_PER_S        /* past the end, a silent device is waited for no longer than this */
#define START_NS (5 * ASSAY_NS_PER_S) /* and at the start no longer than this */
#define TRY_NS (ASSAY_NS_PER_S / 2)   /* how often a device that is away is looked for */
#define LOOK_US 50000
#define LATE_SOUND_NS (ASSAY_NS_PER_S / 10)
#define HUSH_NS (ASSAY_NS_PER_S / 2) /* before a stop, and over three periods: no device is that late by itself */

gint64
assay_lane_period_ns (const Lane *lane)
{
  double fps = assay_stream_get_format (lane->stream)->fps;
  gint64 measured = assay_frame_watch_period_ns (&lane->frame_watch);
  return measured > 0 ? measured : (gint64) llround (1e9 / (fps > 0 ? fps : 30));
}

/* --- when it ends --- */

/* What was captured before the stop is still written. A frame stands for the period that it begins, so 1 s at 30
 * fps is 30. */
static gboolean
is_too_late (const Lane *lane, const AssayFrame *frame)
{
  const AssayRecorder *recorder = lane->recorder;
  if (atomic_load (&recorder->stopping) && frame->arrived_ns > atomic_load (&recorder->stop_ns))
    return TRUE;
  if (recorder->duration_s <= 0 || frame->n_samples > 0 || lane->received == 0)
    return FALSE;
  double fps = assay_stream_get_format (lane->stream)->fps;
  double since_s = (double) (frame->stamp_ns - lane->first_ns) / 1e9;
  return since_s + (fps > 0 ? 0.5 / fps : 0) >= recorder->duration_s;
}

/* 0 = no such end. What was heard before the beginning comes on top. */
static gint64
get_length_ns (const Lane *lane)
{
  double duration_s = lane->recorder->duration_s;
  return duration_s > 0 ? (gint64) (duration_s * 1e9) + lane->pre_ns : 0;
}

/* By the clock on the wall, for a device that has fallen silent, or never began. */
static gboolean
is_time_up (const Lane *lane)
{
  const AssayRecorder *recorder = lane->recorder;
  gint64 from_ns = lane->received > 0 ? lane->first_ns : recorder->began.monotonic_ns + START_NS;
  gint64 length_ns = get_length_ns (lane);
  return atomic_load (&recorder->stopping)
         || (length_ns > 0 && assay_clock_now_ns () - from_ns > length_ns + TAIL_NS);
}

/* When the recording of this lane was over, or is to be. */
static gint64
get_end_ns (const Lane *lane)
{
  const AssayRecorder *recorder = lane->recorder;
  gint64 end_ns = atomic_load (&recorder->stopping) ? atomic_load (&recorder->stop_ns) : assay_clock_now_ns ();
  gint64 length_ns = get_length_ns (lane);
  return length_ns > 0 ? MIN (end_ns, lane->first_ns + length_ns) : end_ns;
}

/* With a number of frames asked for, microphones end when the cameras have theirs. */
static void
end_with_cameras (AssayRecorder *recorder)
{
  if (recorder->frames == 0)
    return;
  for (guint i = 0; i < recorder->n_cameras; i++)
    if (!atomic_load (&((Lane *) recorder->lanes->pdata[i])->over))
      return;
  assay_recorder_stop (recorder);
}

/* --- the loop --- */

static gboolean
is_sound (const Lane *lane)
{
  return lane->outlet == &assay_outlet_sound;
}

static guint
get_rate (const Lane *lane)
{
  return assay_stream_get_format (lane->stream)->rate_hz;
}

static gboolean
look_for_gap (Lane *lane, const AssayFrame *frame, AssayGap *ret_gap)
{
  if (!is_sound (lane))
    return assay_frame_watch_look (&lane->frame_watch, frame->sequence, frame->stamp_ns, ret_gap);
  return assay_sound_watch_look (&lane->sound_watch, get_rate (lane), frame->sequence, frame->n_samples,
                                 frame->stamp_ns, (frame->flags & ASSAY_FRAME_AFTER_LOSS) != 0, ret_gap);
}

/* What found our ring full shows as a jump of the device's counter: that part is ours. */
static void
put_overrun (Lane *lane, gint64 stamp_ns, guint64 overrun, AssayGap *gap)
{
  if (overrun == 0)
    return;
  AssayGap ours = { stamp_ns, overrun, ASSAY_GAP_OVERRUN, 0 };
  assay_lane_put_gap (lane, &ours);
  lane->overrun += overrun;
  guint64 counted = gap->how == ASSAY_GAP_SEQUENCE ? MIN (gap->missing, overrun) : 0;
  gap->missing -= counted;
  lane->overrun_uncounted += overrun - counted;
}

/* The same where no number goes on from the one before: at the end, or where the device counts anew. */
static void
put_last_overrun (Lane *lane, gint64 stamp_ns, guint64 overrun)
{
  put_overrun (lane, stamp_ns, overrun, &(AssayGap){ 0 });
  lane->told_since += overrun;
  lane->n_away += overrun;
}

static double
get_step_ns (const Lane *lane)
{
  return is_sound (lane) ? 1e9 / get_rate (lane) : (double) assay_lane_period_ns (lane);
}

/* When the next one is due after those of which something is known. */
static gint64
get_due_ns (const Lane *lane)
{
  gint64 length_ns = is_sound (lane) ? lane->last_length_ns : assay_lane_period_ns (lane);
  return lane->last_ns + length_ns + llround ((double) lane->told_since * get_step_ns (lane));
}

/* Frames or samples that were due until then. */
static guint64
count_due (const Lane *lane, gint64 until_ns)
{
  double missing = (double) (until_ns - get_due_ns (lane)) / get_step_ns (lane);
  return lane->received > 0 && missing > 0 ? (guint64) llround (missing) : 0;
}

static void
put_missing (Lane *lane, gint64 until_ns, AssayGapHow how, guint64 missing)
{
  if (lane->received == 0 || missing == 0)
    return;
  AssayGap gap = { how == ASSAY_GAP_UNPLUGGED ? get_due_ns (lane) : until_ns, missing, how,
                   how == ASSAY_GAP_UNPLUGGED ? until_ns : 0 };
  lane->n_away += missing;
  assay_lane_put_gap (lane, &gap);
}

/* What did not come while the device was away, or being started again, up to `until_ns`. */
static void
put_absence (Lane *lane, gint64 until_ns, AssayGapHow how)
{
  put_missing (lane, until_ns, how, count_due (lane, until_ns));
}

/* What its counter does not know of has its place on the clock line all the same; a camera's frames are asked for
 * by their numbers as they are. */
static void
count_passed_over (Lane *lane, const AssayGap *gap)
{
  if (!is_sound (lane))
    return;
  lane->uncounted += gap->missing;
  assay_clock_line_shift (lane->clock_line, gap->at_ns, gap->missing);
}

/* A gap that the last frames hinted at. */
static void
look_behind (Lane *lane)
{
  AssayGap gap;
  if (!(is_sound (lane) ? assay_sound_watch_end (&lane->sound_watch, get_rate (lane), &gap)
                        : assay_frame_watch_end (&lane->frame_watch, &gap)))
    return;
  assay_account_add_hole (&lane->account, gap.missing);
  count_passed_over (lane, &gap);
  assay_lane_put_gap (lane, &gap);
}

static void
count_anew (Lane *lane)
{
  look_behind (lane);
  assay_frame_watch_resume (&lane->frame_watch);
  lane->sound_watch = (AssaySoundWatch){ 0 };
  assay_account_resume (&lane->account);
  assay_lane_end_clock (lane);
}

/* Everything that this frame or block says about those before it. */
static void
watch (Lane *lane, const AssayFrame *frame)
{
  AssayGap gap = { 0 };
  gboolean restarted = frame->flags & ASSAY_FRAME_RESTARTED && !lane->returned;
  if (restarted)
    count_anew (lane);
  guint64 overrun = assay_stream_get_overrun_before (lane->stream);
  if (lane->returned || restarted)
    {
      put_last_overrun (lane, frame->stamp_ns, overrun);
      put_absence (lane, frame->stamp_ns, restarted ? ASSAY_GAP_STAMP : ASSAY_GAP_UNPLUGGED);
      overrun = 0;
    }
  lane->returned = FALSE;
  gboolean found = look_for_gap (lane, frame, &gap);
  guint64 missing = found ? gap.missing : 0;
  put_overrun (lane, frame->stamp_ns, overrun, &gap);
  if (found && gap.missing > 0)
    assay_lane_put_gap (lane, &gap);
  gboolean by_time = found && gap.how == ASSAY_GAP_STAMP;
  if (found && (by_time || gap.how == ASSAY_GAP_FLAG))
    count_passed_over (lane, &gap);
  if (by_time)
    assay_account_add_hole (&lane->account, gap.missing);
  assay_account_add (&lane->account, !is_sound (lane), frame->sequence, MAX (frame->n_samples, 1),
                     by_time ? 0 : missing, frame->stamp_ns, frame->arrived_ns,
                     is_sound (lane) ? LATE_SOUND_NS : assay_lane_period_ns (lane));
}

static const char *
find_fault (const Lane *lane, const AssayFrame *frame)
{
  if (frame->flags & ASSAY_FRAME_ERROR)
    return "the device flagged an error";
  if (frame->flags & ASSAY_FRAME_SHORT || frame->n_bytes == 0)
    return "it has too few bytes";
  return assay_colour_is_jpeg (assay_stream_get_format (lane->stream)->pixels.fourcc)
             ? assay_jpeg_find_fault (frame->data, frame->n_bytes)
             : NULL;
}

void
assay_lane_end_clock (Lane *lane)
{
  AssayClockFit fit;
  if (assay_clock_line_fit (lane->clock_line, &fit))
    json_array_append_new (lane->clocks, assay_clock_fit_to_json (&fit));
  assay_clock_line_free (lane->clock_line);
  lane->clock_line = assay_clock_line_new ();
  lane->uncounted = 0;
}

static gboolean
write_next (Lane *lane, const AssayFrame *frame, GError **error)
{
  if (lane->received == 0)
    {
      lane->first_ns = frame->stamp_ns;
      if (is_sound (lane) && lane->recorder->pre_roll_s > 0)
        lane->pre_ns = MAX (lane->recorder->began.monotonic_ns - frame->stamp_ns, 0);
    }
  watch (lane, frame);
  lane->received += MAX (frame->n_samples, 1);
  lane->last_ns = frame->stamp_ns;
  lane->told_since = 0;
  assay_clock_line_add (lane->clock_line, frame->sequence + lane->uncounted, frame->stamp_ns);
  if (is_sound (lane))
    lane->last_length_ns = (gint64) ((double) frame->n_samples / get_rate (lane) * 1e9);
  const char *wrong = find_fault (lane, frame);
  if (wrong == NULL)
    assay_lane_look_for_triggers (lane, frame);
  if (lane->outlet == &assay_outlet_film)
    assay_lane_tell_controls (lane, frame);
  if (wrong == NULL)
    return lane->outlet->take (lane, frame, error);
  assay_lane_put_corrupt (lane, frame, wrong);
  return TRUE;
}

static gboolean
flush_when_due (Lane *lane, GError **error)
{
  gint64 now = assay_clock_now_ns ();
  if (lane->outlet->flush == NULL || now - lane->flushed_ns < ASSAY_NS_PER_S)
    return TRUE;
  lane->flushed_ns = now;
  return lane->outlet->flush (lane, error);
}

/* --- a device that goes away --- */

static gboolean
nothing_comes (AssayRecorder *recorder)
{
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      Lane *lane = recorder->lanes->pdata[i];
      if (!atomic_load (&lane->over) && !atomic_load (&lane->away))
        return FALSE;
    }
  return TRUE;
}

static void
put_lost (Lane *lane)
{
  Note *note = assay_lane_note (lane);
  json_object_set_new (note->line, "lost",
                       json_pack ("{s:I, s:s}", "at_ns", (json_int_t) assay_clock_now_ns (), "why", lane->trouble));
  assay_recorder_put (lane->recorder, note);
}

static void
put_returned (Lane *lane)
{
  Note *note = assay_lane_note (lane);
  json_object_set_new (note->line, "returned",
                       json_pack ("{s:I, s:o}", "at_ns", (json_int_t) assay_clock_now_ns (), "format",
                                  assay_lane_describe_format (lane)));
  assay_recorder_put (lane->recorder, note);
}

/* Looks for the device until it is back, the time is up, or nobody else has had anything for a while either. */
static gboolean
wait_for_return (Lane *lane)
{
  AssayRecorder *recorder = lane->recorder;
  gint64 quiet_ns = 0, tried_ns = assay_clock_now_ns ();
  while (!is_time_up (lane))
    {
      gint64 now_ns = assay_clock_now_ns ();
      if (!nothing_comes (recorder))
        quiet_ns = 0;
      else if (quiet_ns == 0)
        quiet_ns = now_ns;
      if (quiet_ns > 0 && (double) (now_ns - quiet_ns) >= recorder->wait_s * 1e9)
        return FALSE;
      if (now_ns - tried_ns >= TRY_NS)
        {
          if (assay_stream_return (lane->stream, NULL))
            return TRUE;
          tried_ns = assay_clock_now_ns ();
        }
      g_usleep (LOOK_US);
    }
  return FALSE;
}

/* What came is closed and safe before anything is waited for. Sets lane->enough when the device does not come back.
 */
static gboolean
outlast (Lane *lane, GError **error)
{
  look_behind (lane);
  put_lost (lane);
  if (lane->outlet->pause != NULL && !lane->outlet->pause (lane, error))
    return FALSE;
  assay_stream_leave (lane->stream);
  atomic_store (&lane->away, TRUE);
  gboolean back = wait_for_return (lane);
  if (!back)
    {
      lane->enough = TRUE;
      put_absence (lane, get_end_ns (lane), ASSAY_GAP_UNPLUGGED);
      return TRUE;
    }
  atomic_store (&lane->away, FALSE);
  g_clear_pointer (&lane->trouble, g_free);
  count_anew (lane);
  lane->returned = TRUE;
  put_returned (lane);
  return TRUE;
}

/* --- the end --- */

/* What the device counted between the last one that was written and this one. */
static guint64
count_passed (const Lane *lane, const AssayFrame *frame)
{
  if (lane->received == 0 || lane->returned || frame->flags & ASSAY_FRAME_RESTARTED)
    return 0;
  if (is_sound (lane))
    return frame->sequence > lane->account.last_end ? frame->sequence - lane->account.last_end : 0;
  guint32 step = (guint32) frame->sequence - (guint32) lane->account.last_end;
  return step < G_MAXINT32 ? step : 0;
}

/* What was due before the end and was not written, of which no later one will tell: it found no room, or the device did not
 * give it. `held` (nullable) is the first one that comes too late. */
static void
put_tail (Lane *lane, const AssayFrame *held)
{
  gint64 end_ns = get_end_ns (lane);
  if (lane->returned) /* and gave nothing before the end */
    {
      put_absence (lane, end_ns, ASSAY_GAP_UNPLUGGED);
      return;
    }
  guint64 due = count_due (lane, end_ns), overrun = MIN (assay_stream_get_overrun_before (lane->stream), due);
  guint64 passed = held != NULL ? count_passed (lane, held) : 0;
  gint64 hush_ns = MAX (3 * assay_lane_period_ns (lane), HUSH_NS);
  gboolean waited = held == NULL && !atomic_load (&lane->recorder->stopping); /* for it, beyond the end */
  gboolean missed = passed > 0 || waited || end_ns - get_due_ns (lane) > hush_ns;
  guint64 missing = !missed ? overrun : passed > 0 ? CLAMP (passed, overrun, due) : due;
  put_last_overrun (lane, get_due_ns (lane), overrun);
  put_missing (lane, end_ns, ASSAY_GAP_STAMP, missing - overrun);
}

/* --- the loop --- */

/* Nothing is in the ring. */
static gboolean
look_around (Lane *lane, GError **error)
{
  if (!assay_stream_is_over (lane->stream))
    {
      lane->enough = is_time_up (lane);
      if (lane->enough)
        put_tail (lane, NULL);
      return TRUE;
    }
  put_last_overrun (lane, get_due_ns (lane), assay_stream_get_overrun_before (lane->stream));
  lane->trouble = assay_stream_dup_trouble (lane->stream);
  if (lane->trouble != NULL)
    return outlast (lane, error);
  lane->enough = TRUE;
  return TRUE;
}

static gboolean
run (Lane *lane, GError **error)
{
  while (!lane->enough)
    {
      const AssayFrame *frame = assay_stream_wait (lane->stream, 100);
      gboolean right = TRUE;
      if (frame == NULL)
        right = look_around (lane, error);
      else if (is_too_late (lane, frame))
        {
          lane->enough = TRUE;
          put_tail (lane, frame);
        }
      else
        right = write_next (lane, frame, error);
      if (frame != NULL)
        assay_stream_done (lane->stream);
      if (!right || !flush_when_due (lane, error))
        return FALSE;
    }
  return TRUE;
}

gpointer
assay_lane_run (gpointer data)
{
  Lane *lane = data;
  GError *error = NULL;
  lane->outlet->begin (lane);
  gboolean good = run (lane, &error);
  assay_stream_set_taken (lane->stream, FALSE);
  look_behind (lane);
  assay_lane_end_clock (lane);
  if (good && lane->outlet->pause != NULL)
    good = lane->outlet->pause (lane, &error);
  if (!good)
    assay_recorder_fail (lane->recorder, error);
  lane->outlet->end (lane);
  assay_reel_wait (lane);
  atomic_store (&lane->over, TRUE);
  end_with_cameras (lane->recorder);
  return NULL;
}
