/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/gap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)
#define HOLE 1.6 /* of the usual distance: between a late frame and a missing one */

static int
compare_ns (const void *a, const void *b)
{
  gint64 x = *(const gint64 *) a, y = *(const gint64 *) b;
  return (x > y) - (x < y);
}

gint64
assay_frame_watch_period_ns (const AssayFrameWatch *watch)
{
  gint64 sorted[ASSAY_GAP_USUAL];
  guint n = MIN (watch->n_usual, ASSAY_GAP_USUAL);
  if (n == 0)
    return 0;
  memcpy (sorted, watch->usual_ns, n * sizeof *sorted);
  qsort (sorted, n, sizeof *sorted, compare_ns);
  return sorted[n / 2];
}

static void
learn (AssayFrameWatch *watch, gint64 distance_ns)
{
  watch->usual_ns[watch->n_usual++ % ASSAY_GAP_USUAL] = distance_ns;
}

/* A long distance is a hole when the one after it is short again; when it is long too, the camera has slowed down.
 */
static gboolean
look_at_stamps (AssayFrameWatch *watch, gint64 distance_ns, gint64 stamp_ns, AssayGap *ret_gap)
{
  gint64 usual = assay_frame_watch_period_ns (watch);
  gboolean wide = watch->n_usual >= 3 && distance_ns > HOLE * usual;
  gint64 suspect = watch->suspect_ns;
  watch->suspect_ns = 0;
  if (wide && suspect == 0)
    {
      watch->suspect_ns = distance_ns;
      watch->suspect_at_ns = stamp_ns;
      return FALSE;
    }
  if (wide)
    watch->n_usual = 0; /* slower from now on: learn anew */
  learn (watch, distance_ns);
  if (wide || suspect == 0)
    return FALSE;
  *ret_gap = (AssayGap){ watch->suspect_at_ns, (guint64) llround ((double) suspect / usual) - 1, ASSAY_GAP_STAMP };
  return ret_gap->missing > 0;
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
      watch->suspect_ns = 0;
      *ret_gap = (AssayGap){ stamp_ns, step - 1, ASSAY_GAP_SEQUENCE };
      return TRUE;
    }
  /* Counting that starts again, and stamps that run backwards, say nothing about loss. */
  if (step != 1 || distance_ns <= 0)
    return FALSE;
  return look_at_stamps (watch, distance_ns, stamp_ns, ret_gap);
}

gboolean
assay_sound_watch_look (AssaySoundWatch *watch, guint rate_hz, guint64 first_sample, guint n_samples,
                        gint64 stamp_ns, AssayGap *ret_gap)
{
  gint64 late_ns = stamp_ns - (gint64) ((double) first_sample / rate_hz * 1e9);
  guint64 expected = watch->next_sample;
  gboolean first = !watch->begun;
  watch->begun = TRUE;
  watch->next_sample = first_sample + n_samples;
  if (first || first_sample > expected)
    {
      watch->window_ns = stamp_ns;
      watch->least_ns = late_ns;
      watch->has_before = FALSE;
      if (first)
        return FALSE;
      *ret_gap = (AssayGap){ stamp_ns, first_sample - expected, ASSAY_GAP_SEQUENCE };
      return TRUE;
    }
  watch->least_ns = MIN (watch->least_ns, late_ns);
  if (stamp_ns - watch->window_ns < NS_PER_S)
    return FALSE;
  gint64 risen_ns = watch->least_ns - watch->before_ns;
  gint64 two_blocks_ns = 2 * (gint64) n_samples * NS_PER_S / rate_hz;
  gboolean gap = watch->has_before && risen_ns > two_blocks_ns;
  if (gap)
    *ret_gap
        = (AssayGap){ watch->window_ns, (guint64) llround ((double) risen_ns * rate_hz / 1e9), ASSAY_GAP_STAMP };
  watch->before_ns = watch->least_ns;
  watch->has_before = TRUE;
  watch->window_ns = stamp_ns;
  watch->least_ns = G_MAXINT64;
  return gap;
}
