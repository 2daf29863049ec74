/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a recording says of its streams: at its beginning, and when it is over. */
#include "capture/recorder-private.h"

#include "core/json.h"

#include <math.h>

json_t *
assay_lane_describe_format (const Lane *lane)
{
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  const AssayPixelFormat *pixels = &format->pixels;
  char fourcc[ASSAY_FOURCC_TEXT_SIZE];
  if (pixels->fourcc == 0)
    return json_pack ("{s:i, s:i}", "rate", (int) format->rate_hz, "channels", (int) format->channels);
  return json_pack ("{s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:o}", "format",
                    assay_fourcc_to_text (pixels->fourcc, fourcc), "width", (int) pixels->width_px, "height",
                    (int) pixels->height_px, "bytes_per_line", (int) pixels->bytes_per_line, "colorspace",
                    (int) pixels->colorspace, "ycbcr_encoding", (int) pixels->ycbcr_encoding, "quantization",
                    (int) pixels->quantization, "transfer", (int) pixels->transfer, "fps",
                    assay_json_number (format->fps > 0 ? format->fps : NAN));
}

static void
tell_calibration (const Lane *lane, json_t *json)
{
  if (lane->camera != NULL)
    {
      json_object_set (json, "calibration", json_object_get (lane->camera, "calibration"));
      json_object_set (json, "drift_px", json_object_get (lane->camera, "drift_px"));
    }
  else if (lane->camera_why != NULL)
    json_object_set_new (json, "uncalibrated", json_string (lane->camera_why));
}

/* Driver, kernel, colour numbers raw and resolved, what its stamps mean, and its errors and restarts so far. */
static void
tell_facts (const AssaySource *source, AssayDevice *device, gpointer json)
{
  if (source->get_facts != NULL)
    json_object_set_new (json, "device", source->get_facts (device));
}

json_t *
assay_lane_describe (const Lane *lane)
{
  gboolean camera = assay_stream_get_kind (lane->stream) == ASSAY_DEVICE_CAMERA;
  json_t *json = json_pack ("{s:i, s:s, s:s, s:o, s:s}", "stream", (int) lane->index, "key", lane->key, "id",
                            assay_stream_get_id (lane->stream), "sensor", assay_json_id (&lane->sensor), "kind",
                            camera ? "camera" : "microphone");
  json_object_update_new (json, assay_lane_describe_format (lane));
  json_object_set_new (json, "controls", assay_stream_get_controls (lane->stream));
  assay_stream_with_device (lane->stream, tell_facts, json);
  tell_calibration (lane, json);
  return json;
}

static json_t *
report_gaps (const Lane *lane, guint64 *ret_missing, guint64 *ret_by_count)
{
  json_t *gaps = json_array ();
  *ret_missing = *ret_by_count = 0;
  for (guint i = 0; i < lane->gaps->len; i++)
    {
      const AssayGap *gap = &g_array_index (lane->gaps, AssayGap, i);
      *ret_missing += gap->missing;
      if (gap->how == ASSAY_GAP_SEQUENCE || gap->how == ASSAY_GAP_OVERRUN)
        *ret_by_count += gap->missing;
      json_array_append_new (gaps, assay_gap_to_json (gap));
    }
  return gaps;
}

/* doc/METRICS.md, "The account of a sensor". */
static json_t *
report_account (const Lane *lane, guint64 missing, guint64 by_count)
{
  const AssayAccount *account = &lane->account;
  guint64 by_time = missing - by_count;
  return json_pack ("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "expected",
                    (json_int_t) (account->counted + by_time + lane->overrun_uncounted), "expected_by_rate",
                    (json_int_t) (assay_account_expect_by_rate (account) + lane->n_away), "received",
                    (json_int_t) lane->received, "written", (json_int_t) atomic_load (&lane->written), "corrupt",
                    (json_int_t) (lane->corrupt + atomic_load (&lane->spoiled)), "late", (json_int_t) account->late,
                    "lost", (json_int_t) missing);
}

static json_t *
report_lane (Lane *lane)
{
  guint64 missing, by_count;
  json_t *gaps = report_gaps (lane, &missing, &by_count);
  gboolean camera = assay_stream_get_kind (lane->stream) == ASSAY_DEVICE_CAMERA;
  json_t *report = assay_lane_describe (lane);
  json_object_set_new (report, camera ? "frames" : "samples",
                       json_integer ((json_int_t) (camera ? atomic_load (&lane->kept) : lane->taken)));
  json_object_update_new (report, report_account (lane, missing, by_count));
  json_object_update_new (
      report, json_pack ("{s:I, s:o, s:o, s:o, s:I, s:I, s:s?}", "dropped", (json_int_t) missing, "gaps", gaps,
                         "first_ns", lane->received > 0 ? json_integer (lane->first_ns) : json_null (), "last_ns",
                         lane->received > 0 ? json_integer (lane->last_ns) : json_null (), "bytes",
                         (json_int_t) atomic_load (&lane->bytes), "overrun", (json_int_t) lane->overrun, "trouble",
                         lane->trouble));
  json_object_set_new (report, "files", json_integer ((json_int_t) atomic_load (&lane->files)));
  if (lane->outlet != &assay_outlet_stills)
    json_object_set (report, "segments", lane->segments);
  json_object_set (report, "clock_lines", lane->clocks);
  if (!camera)
    json_object_set (report, "levels", lane->levels);
  if (lane->outlet == &assay_outlet_film)
    json_object_set_new (report, "drawn", json_integer ((json_int_t) lane->n_drawn));
  return report;
}

json_t *
assay_recorder_report (AssayRecorder *recorder)
{
  AssayClockPair ended = assay_clock_pair ();
  json_t *sensors = json_array ();
  for (guint i = 0; i < recorder->lanes->len; i++)
    json_array_append_new (sensors, report_lane (recorder->lanes->pdata[i]));
  json_t *remarks = json_array ();
  for (guint i = 0; i < recorder->remarks->len; i++)
    json_array_append_new (remarks, json_string (recorder->remarks->pdata[i]));
  for (guint i = 0; i < recorder->lanes->len; i++)
    {
      const Lane *lane = recorder->lanes->pdata[i];
      if (lane->past_was_short)
        json_array_append_new (remarks,
                               json_sprintf ("%s: less than %.1f s before a take fitted into memory; choose a "
                                             "smaller picture, fewer frames a second, or MJPEG",
                                             lane->key, recorder->pre_roll_s));
    }
  const char *why = recorder->error != NULL ? recorder->error->message : recorder->full;
  return json_pack ("{s:o, s:s, s:[{s:I, s:I}, {s:I, s:I}], s:o, s:o, s:o, s:s?}", "session",
                    assay_json_id (&recorder->session), "name", recorder->name, "clock", "monotonic_ns",
                    (json_int_t) recorder->began.monotonic_ns, "realtime_ns",
                    (json_int_t) recorder->began.realtime_ns, "monotonic_ns", (json_int_t) ended.monotonic_ns,
                    "realtime_ns", (json_int_t) ended.realtime_ns, "sensors", sensors, "skew",
                    assay_skew_to_json (recorder->skew), "remarks", remarks, "ended", why);
}
