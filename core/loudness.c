/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/loudness.h"

#include "core/error.h"

#include <ebur128.h>
#include <math.h>

#define STEPS_PER_S 100       /* EBU Tech 3341, case 13, asks for momentary loudness this often */
#define SHORT_TERM_STEPS 5    /* of these: 50 ms */
#define MOMENTARY_STEPS 40    /* 0.4 s */
#define SHORT_TERM_LENGTH 300 /* 3 s */

struct _AssayLoudness
{
  ebur128_state *state;
};

AssayLoudness *
assay_loudness_new (guint rate_hz, guint channels, gboolean live, GError **error)
{
  int mode = live ? EBUR128_MODE_M | EBUR128_MODE_S | EBUR128_MODE_I | EBUR128_MODE_HISTOGRAM
                  : EBUR128_MODE_S | EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK;
  ebur128_state *state = ebur128_init (channels, rate_hz, mode);
  if (state == NULL)
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
          "measuring loudness: %u channels at %u Hz cannot be measured; up to 64 channels from 16 Hz on can",
          channels, rate_hz);
      return NULL;
    }
  if (channels == 1)
    ebur128_set_channel (state, 0, EBUR128_DUAL_MONO);
  AssayLoudness *loudness = g_new0 (AssayLoudness, 1);
  loudness->state = state;
  return loudness;
}

void
assay_loudness_free (AssayLoudness *loudness)
{
  if (loudness == NULL)
    return;
  ebur128_destroy (&loudness->state);
  g_free (loudness);
}

void
assay_loudness_add (AssayLoudness *loudness, const float *samples, gsize n_samples)
{
  ebur128_add_frames_float (loudness->state, samples, n_samples);
}

static double
ask (AssayLoudness *loudness, int (*get) (ebur128_state *, double *))
{
  double lufs = -INFINITY;
  return get (loudness->state, &lufs) == EBUR128_SUCCESS ? lufs : -INFINITY;
}

double
assay_loudness_get_momentary (AssayLoudness *loudness)
{
  return ask (loudness, ebur128_loudness_momentary);
}

double
assay_loudness_get_short_term (AssayLoudness *loudness)
{
  return ask (loudness, ebur128_loudness_shortterm);
}

double
assay_loudness_get_integrated (AssayLoudness *loudness)
{
  return ask (loudness, ebur128_loudness_global);
}

static double
highest_peak_db (AssayLoudness *loudness, int (*get) (ebur128_state *, unsigned int, double *))
{
  double highest = 0, peak;
  for (guint c = 0; c < loudness->state->channels; c++)
    if (get (loudness->state, c, &peak) == EBUR128_SUCCESS)
      highest = MAX (highest, peak);
  return 20 * log10 (highest);
}

static double
or_nan (double value)
{
  return isfinite (value) ? value : NAN;
}

gboolean
assay_loudness_measure (AssaySoundReader *reader, gint64 start, gint64 end, AssayLoudnessFacts *ret_facts,
                        GError **error)
{
  const AssaySoundFacts *facts = assay_sound_reader_get_facts (reader);
  g_autoptr (AssayLoudness) loudness = assay_loudness_new (facts->rate_hz, facts->channels, FALSE, error);
  if (loudness == NULL)
    return FALSE;
  end = end < 0 ? facts->n_samples : MIN (end, facts->n_samples);
  g_autofree float *block = g_new (float, (gsize) (facts->rate_hz / STEPS_PER_S + 1) * facts->channels);
  double momentary = -INFINITY, short_term = -INFINITY, range = NAN;
  gint64 step = 0;
  for (gint64 at = start; at < end; step++)
    {
      gint64 next = MIN (end, start + (step + 1) * (gint64) facts->rate_hz / STEPS_PER_S);
      gint64 n = assay_sound_reader_read (reader, at, next - at, block, error);
      if (n < 0)
        return FALSE;
      if (n == 0 && next > at)
        break;
      assay_loudness_add (loudness, block, (gsize) n);
      at = next;
      if (step + 1 >= MOMENTARY_STEPS)
        momentary = MAX (momentary, assay_loudness_get_momentary (loudness));
      if (step + 1 >= SHORT_TERM_LENGTH && (step + 1) % SHORT_TERM_STEPS == 0)
        short_term = MAX (short_term, assay_loudness_get_short_term (loudness));
    }
  if (step < SHORT_TERM_LENGTH || ebur128_loudness_range (loudness->state, &range) != EBUR128_SUCCESS)
    range = NAN;
  *ret_facts = (AssayLoudnessFacts){ or_nan (assay_loudness_get_integrated (loudness)),
                                     isfinite (short_term) ? range : NAN,
                                     or_nan (highest_peak_db (loudness, ebur128_true_peak)),
                                     or_nan (highest_peak_db (loudness, ebur128_sample_peak)),
                                     or_nan (momentary),
                                     or_nan (short_term) };
  return TRUE;
}
