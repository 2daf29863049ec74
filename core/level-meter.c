/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/level-meter.h"

#include "core/json.h"
#include "core/loudness.h"

#include <math.h>
#include <string.h>

#define HOLD_S 1.5
#define FALL_DB_PER_S (20.0 / 1.7) /* IEC 60268-10, type I */
#define RMS_BINS 30                /* of 10 ms */
#define BINS_PER_S 100
#define BINS_PER_LUFS 10 /* loudness is asked for every 100 ms: asking costs more than feeding */
#define SILENCE_S 0.05
#define DEAD_S 2.0
#define RUN 3
/* Full scale of a 16-bit converter less one step: whatever a deeper one calls full scale lies above. */
#define CLIPPED (32766.0f / 32768.0f)

enum
{
  CHUNK = 512
};

typedef struct
{
  float last;
  guint run; /* samples at full scale, up to now */
  double sum;
  float squares[RMS_BINS]; /* the last one is growing */
  guint64 held_at;
} Channel;

struct _AssayLevelMeter
{
  AssayLevel level;
  guint all_channels;
  Channel channels[ASSAY_LEVEL_CHANNELS];
  AssayLoudness *loudness; /* (nullable) */
  guint bin, n_bin, bin_samples;
  guint64 n_bins;
  guint64 silent_from;
  float *clean; /* CHUNK samples of all channels, every one a number */
};

AssayLevelMeter *
assay_level_meter_new (guint rate_hz, guint channels)
{
  AssayLevelMeter *meter = g_new0 (AssayLevelMeter, 1);
  meter->all_channels = channels;
  meter->loudness = assay_loudness_new (rate_hz, channels, TRUE, NULL);
  meter->bin_samples = MAX (rate_hz / BINS_PER_S, 1);
  meter->clean = g_new (float, (gsize) CHUNK *MAX (channels, 1));
  meter->level = (AssayLevel){ .rate_hz = rate_hz,
                               .channels = MIN (channels, ASSAY_LEVEL_CHANNELS),
                               .momentary_lufs = -INFINITY,
                               .short_term_lufs = -INFINITY,
                               .integrated_lufs = -INFINITY,
                               .momentary_max_lufs = -INFINITY,
                               .short_term_max_lufs = -INFINITY,
                               .first_clipped = ASSAY_LEVEL_NONE,
                               .longest_silence_at = ASSAY_LEVEL_NONE };
  return meter;
}

void
assay_level_meter_free (AssayLevelMeter *meter)
{
  if (meter == NULL)
    return;
  assay_loudness_free (meter->loudness);
  g_free (meter->clean);
  g_free (meter);
}

const AssayLevel *
assay_level_meter_get (const AssayLevelMeter *meter)
{
  return &meter->level;
}

/* --- sample by sample ------------------------------------------------------------------------------------------
 */

static void
look_for_clipping (AssayLevel *level, Channel *channel, float height, guint64 at)
{
  if (height < CLIPPED)
    {
      channel->run = 0;
      return;
    }
  channel->run++;
  if (channel->run < RUN)
    return;
  level->clipped_samples += channel->run == RUN ? RUN : 1;
  if (channel->run > RUN)
    return;
  level->clipped_runs++;
  level->first_clipped = MIN (level->first_clipped, at - (RUN - 1));
}

static void
look_for_silence (AssayLevelMeter *meter, gboolean changed, guint64 at)
{
  AssayLevel *level = &meter->level;
  guint64 least = (guint64) (SILENCE_S * level->rate_hz);
  if (changed || at == 0)
    {
      meter->silent_from = at;
      level->silent_samples = 0;
      return;
    }
  guint64 n = level->silent_samples = at - meter->silent_from + 1;
  if (n < least)
    return;
  level->n_silences += n == least;
  level->all_silent_samples += n == least ? n : 1;
  if (n > level->longest_silence)
    {
      level->longest_silence = n;
      level->longest_silence_at = meter->silent_from;
    }
}

static void
take_sample (AssayLevelMeter *meter, const float *frame)
{
  AssayLevel *level = &meter->level;
  guint64 at = level->n_samples;
  gboolean changed = FALSE;
  for (guint c = 0; c < level->channels; c++)
    {
      Channel *channel = &meter->channels[c];
      float sample = frame[c], height = fabsf (sample);
      changed = changed || sample != channel->last;
      channel->last = sample;
      channel->sum += sample;
      channel->squares[meter->bin] += sample * sample;
      level->highest = MAX (level->highest, height);
      if (height >= level->held[c])
        {
          level->held[c] = height;
          channel->held_at = at;
        }
      look_for_clipping (level, channel, height, at);
    }
  look_for_silence (meter, changed, at);
  level->n_samples++;
}

/* --- every 10 ms -----------------------------------------------------------------------------------------------
 */

static void
end_bin (AssayLevelMeter *meter)
{
  AssayLevel *level = &meter->level;
  guint full = (guint) MIN (meter->n_bins + 1, RMS_BINS);
  float fall = (float) pow (10, -FALL_DB_PER_S / 20 * meter->bin_samples / MAX (level->rate_hz, 1));
  guint next = (meter->bin + 1) % RMS_BINS;
  level->dc = 0;
  for (guint c = 0; c < level->channels; c++)
    {
      Channel *channel = &meter->channels[c];
      double squares = 0, mean = channel->sum / (double) level->n_samples;
      for (guint i = 0; i < RMS_BINS; i++)
        squares += channel->squares[i];
      level->rms[c] = (float) sqrt (squares / ((double) full * meter->bin_samples));
      level->dc = fabs (mean) > fabs (level->dc) ? mean : level->dc;
      if (level->n_samples - channel->held_at > HOLD_S * level->rate_hz)
        level->held[c] *= fall;
      channel->squares[next] = 0;
    }
  meter->bin = next;
  meter->n_bin = 0;
  meter->n_bins++;
}

static void
ask_loudness (AssayLevelMeter *meter)
{
  AssayLevel *level = &meter->level;
  if (meter->loudness == NULL)
    return;
  level->momentary_lufs = assay_loudness_get_momentary (meter->loudness);
  level->short_term_lufs = assay_loudness_get_short_term (meter->loudness);
  level->integrated_lufs = assay_loudness_get_integrated (meter->loudness);
  /* A window that is not full yet holds silence that nobody recorded: it only ever says too little. */
  level->momentary_max_lufs = MAX (level->momentary_max_lufs, level->momentary_lufs);
  level->short_term_max_lufs = MAX (level->short_term_max_lufs, level->short_term_lufs);
}

static void
add_chunk (AssayLevelMeter *meter, const float *samples, gsize n_samples)
{
  gsize n = n_samples * meter->all_channels;
  for (gsize i = 0; i < n; i++)
    meter->clean[i] = isfinite (samples[i]) ? samples[i] : 0;
  if (meter->loudness != NULL)
    assay_loudness_add (meter->loudness, meter->clean, n_samples);
  for (gsize i = 0; i < n_samples; i++)
    {
      take_sample (meter, meter->clean + i * meter->all_channels);
      if (++meter->n_bin == meter->bin_samples)
        end_bin (meter);
    }
}

void
assay_level_meter_add (AssayLevelMeter *meter, const float *samples, gsize n_samples)
{
  while (n_samples > 0)
    {
      gsize n = MIN (n_samples, CHUNK);
      guint64 before = meter->n_bins / BINS_PER_LUFS;
      add_chunk (meter, samples, n);
      if (meter->n_bins / BINS_PER_LUFS != before)
        ask_loudness (meter);
      samples += n * meter->all_channels;
      n_samples -= n;
    }
}

/* --- what it says ----------------------------------------------------------------------------------------------
 */

gboolean
assay_level_is_dead (const AssayLevel *level)
{
  return level->silent_samples > 0 && level->silent_samples >= DEAD_S * level->rate_hz;
}

double
assay_level_to_db (double linear)
{
  return 20 * log10 (linear);
}

static json_t *
place (guint64 sample)
{
  return sample != ASSAY_LEVEL_NONE ? json_integer ((json_int_t) sample) : json_null ();
}

static json_t *
list_wrongs (const AssayLevel *level)
{
  json_t *wrongs = json_array ();
  double rate_hz = MAX (level->rate_hz, 1);
  g_autofree char *clipped
      = g_strdup_printf ("clipped at %" G_GUINT64_FORMAT " places, first at %.2f s; turn the gain down",
                         level->clipped_runs, (double) level->first_clipped / rate_hz);
  g_autofree char *dead
      = g_strdup_printf ("digital silence of %.1f s at %.2f s; was it muted, or another device in its "
                         "place?",
                         (double) level->longest_silence / rate_hz, (double) level->longest_silence_at / rate_hz);
  if (level->clipped_runs > 0)
    json_array_append_new (wrongs, json_string (clipped));
  if ((double) level->longest_silence >= DEAD_S * rate_hz)
    json_array_append_new (wrongs, json_string (dead));
  return wrongs;
}

json_t *
assay_level_to_json (const AssayLevel *level)
{
  return json_pack ("{s:o, s:o, s:o, s:o, s:o, s:{s:I, s:I, s:o}, s:{s:I, s:I, s:I, s:o}, s:o}", "peak_dbfs",
                    assay_json_number (assay_level_to_db (level->highest)), "dc",
                    level->n_samples > 0 ? assay_json_number (level->dc) : json_null (), "integrated_lufs",
                    assay_json_number (level->integrated_lufs), "momentary_max_lufs",
                    assay_json_number (level->momentary_max_lufs), "short_term_max_lufs",
                    assay_json_number (level->short_term_max_lufs), "clipped", "runs",
                    (json_int_t) level->clipped_runs, "samples", (json_int_t) level->clipped_samples, "first",
                    place (level->first_clipped), "silence", "n", (json_int_t) level->n_silences, "samples",
                    (json_int_t) level->all_silent_samples, "longest", (json_int_t) level->longest_silence,
                    "longest_at", place (level->longest_silence_at), "wrong", list_wrongs (level));
}
