/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/metric.h"

#include "core/loudness.h"

#include <math.h>

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *options, GError **error)
{
  AssayLoudnessFacts facts;
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (paths[0], error);
  if (reader == NULL || !assay_loudness_measure (reader, 0, -1, &facts, error))
    return NULL;
  const AssaySoundFacts *sound = assay_sound_reader_get_facts (reader);
  return json_pack ("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:I}", "value",
                    assay_json_number (facts.integrated_lufs), "integrated_lufs",
                    assay_json_number (facts.integrated_lufs), "range_lu", assay_json_number (facts.range_lu),
                    "true_peak_dbtp", assay_json_number (facts.true_peak_dbtp), "sample_peak_dbfs",
                    assay_json_number (facts.sample_peak_dbfs), "momentary_max_lufs",
                    assay_json_number (facts.momentary_max_lufs), "short_term_max_lufs",
                    assay_json_number (facts.short_term_max_lufs), "channels", (int) sound->channels, "rate_hz",
                    (int) sound->rate_hz, "samples", (json_int_t) sound->n_samples);
}

const AssayMetric assay_metric_loudness = {
  .id = "loudness",
  .title = "Loudness",
  .files = "FILE.wav",
  .help
  = "EBU R 128 / ITU-R BS.1770-4 by libebur128: integrated (gated), range (EBU Tech 3342), true peak (4 times "
    "oversampled, at 96 kHz and more twice or not at all), highest momentary (0.4 s) and short-term (3 s) "
    "loudness; one channel counts "
    "as two "
    "loudspeakers; silent or too short: undefined",
  .least_files = 1,
  .most_files = 1,
  .measure = measure,
};
