/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/gap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
#define LATE_WINDOWS 4 /* of a quarter of a second: a busy machine catches up within one */
#define DRIFT 500e-6   /* of a sound card's clock: what USB allows */
#define HOLE 1.6       /* of the usual distance: between a late frame and a missing one */
#define PATIENCE 32    /* frames: no driver has more buffers to give late */
#define MEAN_LEAST 16
#define MEAN_OVER 128

static int
compare_ns (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

static gint64
get_median (const AssayFrameWatch *watch)
{
  gint64 sorted[ASSAY_GAP_USUAL];
  guint n = MIN (watch->n_usual, ASSAY_GAP_USUAL);
  if (n == 0)
    return 0;
  memcpy (sorted, watch->usual_ns, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare_ns);
  return sorted[n / 2];
}

/* The mean is exact enough to count over many frames, once there is one. */
gint64
assay_frame_watch_period_ns (const AssayFrameWatch *watch)
{
  return watch->n_mean >= MEAN_LEAST ? llround (watch->mean_ns) : get_median (watch);
}

static void
learn (AssayFrameWatch *watch, gint64 distance_ns)
{
  gint64 usual = get_median (watch);
  watch->usual_ns[watch->n_usual++ % ASSAY_GAP_USUAL] = distance_ns;
  /* A frame that is late by more, and the one after it, tell nothing of the period. */
  if (usual == 0 || llabs (distance_ns - usual) > usual * 4 / 10)
    return;
  watch->n_mean++;
  watch->mean_ns += ((double) distance_ns - watch->mean_ns) / MIN (watch->n_mean, MEAN_OVER);
}

static void
learn_anew (AssayFrameWatch *watch)
{
  watch->n_usual = watch->n_mean = watch->n_short = 0;
  watch->mean_ns = 0;
}

/* How many frames fit into the time since the frame before the long distance, beyond those that came: the least of
 * what the last frames say, for lateness only ever adds, and passes. */
static gboolean
judge (AssayFrameWatch *watch, AssayGap *ret_gap)
{
  gint64 missing = watch->missing[0];
  for (guint i = 1; i <= MIN (watch->n_after, ASSAY_GAP_AFTER - 1); i++)
    missing = MIN (missing, watch->missing[i]);
  watch->suspect = FALSE;
  if (missing <= 0)
    return FALSE;
  *ret_gap = (AssayGap){ watch->suspect_at_ns, (guint64) missing, ASSAY_GAP_STAMP, 0 };
  return TRUE;
}

/* The frame that came at `stamp_ns`, the `n_after`th after the long distance, says so many are missing. */
static void
keep_opinion (AssayFrameWatch *watch, gint64 stamp_ns)
{
  gint64 usual = assay_frame_watch_period_ns (watch);
  gint64 fit = usual > 0 ? llround ((double) (stamp_ns - watch->suspect_from_ns) / (double) usual) : 0;
  watch->missing[watch->n_after % ASSAY_GAP_AFTER] = MAX (fit - 1 - watch->n_after, 0);
}

static void
begin_suspecting (AssayFrameWatch *watch, gint64 distance_ns, gint64 stamp_ns)
{
  watch->suspect = TRUE;
  watch->suspect_from_ns = stamp_ns - distance_ns;
  watch->suspect_at_ns = stamp_ns;
  watch->n_after = watch->n_wide = watch->n_regular = 0;
  keep_opinion (watch, stamp_ns);
}

/* What was late comes in a burst. So it is waited for until the camera is regular again, though not for ever. */
static gboolean
look_behind_suspicion (AssayFrameWatch *watch, gint64 distance_ns, gint64 stamp_ns, AssayGap *ret_gap)
{
  gint64 usual = get_median (watch);
  gboolean wide = distance_ns > HOLE * usual;
  if (watch->n_after < ASSAY_GAP_AFTER)
    watch->after_ns[watch->n_after] = distance_ns;
  watch->n_after++;
  watch->n_wide += wide;
  watch->n_regular += !wide && distance_ns > usual / HOLE;
  keep_opinion (watch, stamp_ns);
  if (watch->n_after == ASSAY_GAP_AFTER && 2 * watch->n_wide > watch->n_after)
    {
      watch->suspect = FALSE; /* slower from now on */
      learn_anew (watch);
      for (guint i = 0; i < ASSAY_GAP_AFTER; i++)
        learn (watch, watch->after_ns[i]);
      return FALSE;
    }
  return (watch->n_regular >= ASSAY_GAP_AFTER || watch->n_after >= PATIENCE) && judge (watch, ret_gap);
}

static gboolean
look_at_stamps (AssayFrameWatch *watch, gint64 distance_ns, gint64 stamp_ns, AssayGap *ret_gap)
{
  gint64 usual = get_median (watch);
  if (watch->suspect)
    return look_behind_suspicion (watch, distance_ns, stamp_ns, ret_gap);
  if (watch->n_usual >= 3 && distance_ns > HOLE * usual)
    {
      begin_suspecting (watch, distance_ns, stamp_ns);
      return FALSE;
    }
  /* The end of a burst is not the camera's pace; that many in a row are. */
  if (watch->n_usual >= 3 && distance_ns < usual / HOLE && ++watch->n_short < PATIENCE)
    return FALSE;
  if (watch->n_short >= PATIENCE)
    learn_anew (watch);
  watch->n_short = 0;
  learn (watch, distance_ns);
  return FALSE;
}

gboolean
assay_frame_watch_look (AssayFrameWatch *watch, guint64 sequence, gint64 stamp_ns, AssayGap *ret_gap)
{
  guint32 step = (guint32) sequence - watch->last_sequence; /* right across the wrap at 2^32 */
  gint64 distance_ns = stamp_ns - watch->last_ns;
  gboolean first = watch->n++ == 0;
  watch->last_sequence = (guint32) sequence;
  watch->last_ns = stamp_ns;
  if (first)
    return FALSE;
  if (step > 1 && step < G_MAXINT32)
    {
      watch->suspect = FALSE;
      *ret_gap = (AssayGap){ stamp_ns, step - 1, ASSAY_GAP_SEQUENCE, 0 };
      return TRUE;
    }
  /* Counting that starts again, and stamps that run backwards or come back from there, say nothing about loss. */
  gboolean was_backward = watch->backward;
  watch->backward = distance_ns <= 0;
  if (step != 1 || watch->backward || was_backward)
    return FALSE;
  return look_at_stamps (watch, distance_ns, stamp_ns, ret_gap);
}

gboolean
assay_frame_watch_end (AssayFrameWatch *watch, AssayGap *ret_gap)
{
  return watch->suspect && judge (watch, ret_gap);
}

void
assay_frame_watch_resume (AssayFrameWatch *watch)
{
  watch->n = 0;
  watch->suspect = FALSE;
}

const char *
assay_gap_how_to_text (AssayGapHow how)
{
  static const char *const names[] = { "sequence", "stamp", "flag", "overrun", "unplugged" };
  return names[how];
}

json_t *
assay_gap_to_json (const AssayGap *gap)
{
  json_t *json = json_pack ("{s:I, s:I, s:s}", "at_ns", (json_int_t) gap->at_ns, "missing",
                            (json_int_t) gap->missing, "how", assay_gap_how_to_text (gap->how));
  if (gap->how == ASSAY_GAP_UNPLUGGED)
    json_object_set_new (json, "until_ns", json_integer ((json_int_t) gap->until_ns));
  return json;
}

static guint64
to_samples (gint64 ns, guint rate_hz)
{
  return (guint64) llround ((double) ns * rate_hz / 1e9);
}

static void
begin_window (AssaySoundWatch *watch)
{
  watch->n_window = 0;
  watch->least_ns = G_MAXINT64;
}

/* What is known of lateness no longer holds. */
static void
forget (AssaySoundWatch *watch)
{
  watch->has_base = FALSE;
  watch->n_risen = 0;
  begin_window (watch);
}

/* A window is full: TRUE when it is the last of so many late ones that it can be no delay that passes. */
static gboolean
judge_window (AssaySoundWatch *watch, guint rate_hz, gint64 allowed_ns, AssayGap *ret_gap)
{
  gint64 risen_ns = watch->has_base ? watch->least_ns - watch->base_ns : 0;
  if (risen_ns <= allowed_ns)
    {
      /* A little more lateness is drift, and no more than drift can be: the rest stays and adds up. */
      gint64 drifted_ns = watch->base_ns + (gint64) (DRIFT * 1e9 * (double) watch->n_window / rate_hz);
      watch->base_ns = watch->has_base ? MIN (watch->least_ns, drifted_ns) : watch->least_ns;
      watch->has_base = TRUE;
      watch->n_risen = 0;
      return FALSE;
    }
  if (watch->n_risen++ == 0)
    watch->risen_at_ns = watch->window_ns;
  watch->risen_ns = watch->n_risen == 1 ? risen_ns : MIN (watch->risen_ns, risen_ns);
  if (watch->n_risen < LATE_WINDOWS)
    return FALSE;
  *ret_gap = (AssayGap){ watch->risen_at_ns, to_samples (watch->risen_ns, rate_hz), ASSAY_GAP_STAMP };
  watch->base_ns += watch->risen_ns; /* what came on top meanwhile is judged in its turn */
  watch->n_risen = 0;
  return TRUE;
}

gboolean
assay_sound_watch_look (AssaySoundWatch *watch, guint rate_hz, guint64 first_sample, guint n_samples,
                        gint64 stamp_ns, gboolean flagged, AssayGap *ret_gap)
{
  gint64 late_ns = stamp_ns - (gint64) ((double) first_sample / rate_hz * 1e9);
  gint64 before_ns = watch->has_base ? watch->base_ns : watch->least_ns;
  guint64 expected = watch->next_sample;
  gboolean first = !watch->begun, jump = !first && first_sample > expected;
  watch->begun = TRUE;
  watch->next_sample = first_sample + n_samples;
  if (first || jump || flagged)
    forget (watch);
  if (watch->n_window == 0)
    watch->window_ns = stamp_ns;
  watch->n_window += n_samples;
  watch->least_ns = MIN (watch->least_ns, late_ns);
  if (jump)
    *ret_gap = (AssayGap){ stamp_ns, first_sample - expected, ASSAY_GAP_SEQUENCE };
  else if (flagged && !first)
    *ret_gap = (AssayGap){ stamp_ns, MAX (to_samples (MAX (late_ns - before_ns, 0), rate_hz), 1), ASSAY_GAP_FLAG };
  if (first || jump || flagged)
    return !first;
  if (watch->n_window < rate_hz / 4)
    return FALSE;
  gboolean gap = judge_window (watch, rate_hz, 2 * (gint64) n_samples * NS_PER_S / rate_hz, ret_gap);
  begin_window (watch);
  return gap;
}

gboolean
assay_sound_watch_end (AssaySoundWatch *watch, guint rate_hz, AssayGap *ret_gap)
{
  if (watch->n_risen == 0)
    return FALSE;
  *ret_gap = (AssayGap){ watch->risen_at_ns, to_samples (watch->risen_ns, rate_hz), ASSAY_GAP_STAMP };
  watch->n_risen = 0;
  return TRUE;
}
