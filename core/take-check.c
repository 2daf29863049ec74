/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/take-check.h"

#include "core/json.h"
#include "core/level-meter.h"

#include <math.h>
#include <stdlib.h>

#define FRAMES_PER_S 100
#define LEAST_DBFS -55.0    /* below that nothing is speech */
#define ABOVE_NOISE_DB 12.0 /* speech stands out of what is between the words … */
#define BELOW_TOP_DB 15.0   /* … or, where there is no pause, is near the loudest */
#define BRIDGED 10          /* frames: a pause of less than 0.1 s is part of the speech */
#define LEAST_SPEECH 5      /* frames: a click of less than 50 ms is none */
#define EDGE 10             /* frames: the first and the last 0.1 s */
#define LEAST_S 0.3
#define QUIET_DBFS -30.0
#define QUIET_LUFS -40.0

typedef struct
{
  GArray *levels; /* dBFS of each 10 ms, of the loudest channel (double) */
  AssayLevel level;
} Looked;

static void
looked_clear (Looked *looked)
{
  g_array_unref (looked->levels);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Looked, looked_clear)

static double
level_of (const float *samples, gint64 n, guint channels)
{
  double most = 0;
  for (guint c = 0; c < channels; c++)
    {
      double squares = 0;
      for (gint64 i = 0; i < n; i++)
        squares += (double) samples[i * channels + c] * samples[i * channels + c];
      most = MAX (most, squares / (double) n);
    }
  return 10 * log10 (MAX (most, 1e-12));
}

static gboolean
look (AssaySoundReader *reader, gint64 start, gint64 end, Looked *looked, GError **error)
{
  const AssaySoundFacts *facts = assay_sound_reader_get_facts (reader);
  gint64 frame = MAX (facts->rate_hz / FRAMES_PER_S, 1);
  g_autoptr (AssayLevelMeter) meter = assay_level_meter_new (facts->rate_hz, facts->channels);
  g_autofree float *samples = g_new (float, frame * facts->channels);
  for (gint64 at = start; at < end;)
    {
      gint64 n = assay_sound_reader_read (reader, at, MIN (frame, end - at), samples, error);
      if (n < 0)
        return FALSE;
      if (n == 0)
        break;
      double level = level_of (samples, n, facts->channels);
      g_array_append_val (looked->levels, level);
      assay_level_meter_add (meter, samples, (gsize) n);
      at += n;
    }
  looked->level = *assay_level_meter_get (meter);
  return TRUE;
}

/* --- speech ----------------------------------------------------------------------------------------------------
 */

static int
compare (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double
find_threshold (const GArray *levels)
{
  g_autofree double *sorted = g_memdup2 (levels->data, levels->len * sizeof (double));
  qsort (sorted, levels->len, sizeof *sorted, compare);
  double noise = sorted[levels->len / 10], top = sorted[levels->len - 1 - levels->len / 20];
  return MAX (LEAST_DBFS, MIN (noise + ABOVE_NOISE_DB, top - BELOW_TOP_DB));
}

/* Stretches of `what` shorter than `least` become its contrary; those at the ends too, if `edges`. */
static void
smooth (gboolean *speech, guint n, gboolean what, guint least, gboolean edges)
{
  for (guint i = 0; i < n;)
    {
      guint from = i;
      while (i < n && speech[i] == speech[from])
        i++;
      gboolean at_edge = from == 0 || i == n;
      if (speech[from] == what && i - from < least && (edges || !at_edge))
        for (guint k = from; k < i; k++)
          speech[k] = !what;
    }
}

static gboolean *
find_speech (const GArray *levels)
{
  gboolean *speech = g_new (gboolean, levels->len);
  double threshold = find_threshold (levels);
  for (guint i = 0; i < levels->len; i++)
    speech[i] = g_array_index (levels, double, i) > threshold;
  smooth (speech, levels->len, FALSE, BRIDGED, FALSE);
  smooth (speech, levels->len, TRUE, LEAST_SPEECH, TRUE);
  return speech;
}

static void
judge_speech (const GArray *levels, AssayTakeCheck *check, guint64 n_samples)
{
  g_autofree gboolean *speech = find_speech (levels);
  guint n = levels->len, n_speech = 0, first = n, last = 0;
  for (guint i = 0; i < n; i++)
    if (speech[i])
      {
        n_speech++;
        first = MIN (first, i);
        last = i;
      }
  gint64 frame = MAX (check->rate_hz / FRAMES_PER_S, 1);
  check->speech_s = n_speech / (double) FRAMES_PER_S;
  if (n_speech > 0)
    {
      check->speech_start = first * frame;
      check->speech_end = MIN ((last + 1) * frame, (gint64) n_samples);
    }
  if (check->speech_s < LEAST_S)
    check->faults |= ASSAY_TAKE_TOO_SHORT;
  if (n_speech > 0 && first < EDGE)
    check->faults |= ASSAY_TAKE_CUT_START;
  if (n_speech > 0 && last + EDGE >= n)
    check->faults |= ASSAY_TAKE_CUT_END;
}

/* --- the whole -------------------------------------------------------------------------------------------------
 */

static void
judge_level (const AssayLevel *level, AssayTakeCheck *check)
{
  check->peak_dbfs = assay_level_to_db (level->highest);
  check->integrated_lufs = level->integrated_lufs;
  check->clipped_runs = level->clipped_runs;
  check->clipped_samples = level->clipped_samples;
  check->first_clipped = level->first_clipped;
  check->longest_silence = level->longest_silence;
  check->longest_silence_at = level->longest_silence_at;
  if (level->clipped_runs > 0)
    check->faults |= ASSAY_TAKE_CLIPPED;
  if (check->peak_dbfs < QUIET_DBFS || (isfinite (level->integrated_lufs) && level->integrated_lufs < QUIET_LUFS))
    check->faults |= ASSAY_TAKE_TOO_QUIET;
  if (level->n_silences > 0)
    check->faults |= ASSAY_TAKE_DROPOUT;
}

gboolean
assay_take_check (AssaySoundReader *reader, gint64 start, gint64 end, AssayTakeCheck *ret_check, GError **error)
{
  g_auto (Looked) looked = { .levels = g_array_new (FALSE, FALSE, sizeof (double)) };
  if (!look (reader, start, end, &looked, error))
    return FALSE;
  AssayTakeCheck check = { .rate_hz = assay_sound_reader_get_facts (reader)->rate_hz,
                           .peak_dbfs = -INFINITY,
                           .integrated_lufs = -INFINITY,
                           .first_clipped = ASSAY_LEVEL_NONE,
                           .longest_silence_at = ASSAY_LEVEL_NONE };
  gboolean silent = looked.level.n_samples == 0 || looked.level.longest_silence + 1 >= looked.level.n_samples;
  if (looked.level.n_samples == 0)
    check.faults = ASSAY_TAKE_TOO_SHORT;
  else if (silent)
    {
      judge_level (&looked.level, &check);
      check.faults = ASSAY_TAKE_SILENT; /* the rest would only repeat it */
    }
  else
    {
      judge_level (&looked.level, &check);
      judge_speech (looked.levels, &check, looked.level.n_samples);
    }
  *ret_check = check;
  return TRUE;
}

/* --- in words --------------------------------------------------------------------------------------------------
 */

static char *
say (const AssayTakeCheck *check, AssayTakeFault fault)
{
  switch (fault)
    {
    case ASSAY_TAKE_SILENT:
      return g_strdup ("there is nothing but digital silence; is the microphone muted?");
    case ASSAY_TAKE_CLIPPED:
      return g_strdup_printf ("it is clipped at %" G_GUINT64_FORMAT
                              " places, first at %.2f s; turn the gain down or move away",
                              check->clipped_runs, (double) check->first_clipped / check->rate_hz);
    case ASSAY_TAKE_TOO_QUIET:
      return g_strdup_printf ("it is too quiet: peak %.0f dBFS; speak up, come closer or turn the gain up",
                              check->peak_dbfs);
    case ASSAY_TAKE_TOO_SHORT:
      return g_strdup_printf (
          "there is too little speech in it: %.2f s, and 0.3 s is the least; read the whole sentence",
          check->speech_s);
    case ASSAY_TAKE_CUT_START:
      return g_strdup ("its beginning is cut off: there is speech in the first 0.1 s; begin after the sign");
    case ASSAY_TAKE_CUT_END:
      return g_strdup ("its end is cut off: there is speech in the last 0.1 s; stop after the last word");
    default:
      return g_strdup_printf (
          "sound is missing: %.0f ms of digital silence at %.2f s; close other programs and read it again",
          1000.0 * (double) check->longest_silence / check->rate_hz,
          (double) check->longest_silence_at / check->rate_hz);
    }
}

json_t *
assay_take_check_to_json (const AssayTakeCheck *check)
{
  static const char *const names[]
      = { "silent", "clipped", "too_quiet", "too_short", "cut_start", "cut_end", "dropout" };
  json_t *faults = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (check->faults & 1u << i)
      {
        g_autofree char *why = say (check, (AssayTakeFault) (1u << i));
        json_array_append_new (faults, json_pack ("{s:s, s:s}", "check", names[i], "why", why));
      }
  return json_pack ("{s:b, s:o, s:o, s:f, s:[I, I], s:o}", "fit", check->faults == 0, "peak_dbfs",
                    assay_json_number (check->peak_dbfs), "integrated_lufs",
                    assay_json_number (check->integrated_lufs), "speech_s", check->speech_s, "speech",
                    (json_int_t) check->speech_start, (json_int_t) check->speech_end, "faults", faults);
}
