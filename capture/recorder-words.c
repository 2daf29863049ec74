/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a lane says of its frames: lines of the index, facts of items, and which settings of the device held. */
#include "capture/recorder-private.h"
#include "capture/session-items.h"

#include "core/calibration.h"
#include "core/json.h"

#define MOST_APART 100 /* frames of a stream whose bytes are kept though they are no picture */
#define MOST_APART_BYTES ((gsize) 64 << 20)

Note *
assay_lane_note (Lane *lane)
{
  Note *note = g_new0 (Note, 1);
  note->lane = lane;
  note->grown_fd = -1;
  note->line = json_pack ("{s:i}", "stream", (int) lane->index);
  return note;
}

json_t *
assay_frame_describe (const AssayFrame *frame)
{
  return json_pack ("{s:I, s:I, s:I, s:I, s:I}", "sequence", (json_int_t) frame->sequence, "stamp_ns",
                    (json_int_t) frame->stamp_ns, "arrived_ns", (json_int_t) frame->arrived_ns, "raw_flags",
                    (json_int_t) frame->raw_flags, "flags", (json_int_t) frame->flags);
}

void
assay_lane_put_gap (Lane *lane, const AssayGap *gap)
{
  g_array_append_val (lane->gaps, *gap);
  Note *note = assay_lane_note (lane);
  note->n_missing = gap->missing;
  json_object_set_new (note->line, "gap", assay_gap_to_json (gap));
  if (lane->outlet->place_gap != NULL)
    lane->outlet->place_gap (lane, gap, json_object_get (note->line, "gap"));
  assay_recorder_put (lane->recorder, note);
}

void
assay_lane_put_corrupt (Lane *lane, const AssayFrame *frame, const char *why)
{
  Note *note = assay_lane_note (lane);
  if (frame->n_bytes > 0 && lane->corrupt < MOST_APART && lane->apart_bytes + frame->n_bytes <= MOST_APART_BYTES)
    {
      note->still = g_bytes_new (frame->data, frame->n_bytes);
      lane->apart_bytes += frame->n_bytes;
    }
  note->apart = TRUE;
  /* Of its own count: it names the file. */
  json_object_set_new (note->line, "position", json_integer ((json_int_t) lane->corrupt++));
  json_object_set_new (note->line, "frame", assay_frame_describe (frame));
  json_object_set_new (note->line, "corrupt", json_string (why));
  assay_recorder_put (lane->recorder, note);
}

json_t *
assay_lane_make_facts (Lane *lane, json_t *take_capture)
{
  return assay_session_make_facts (lane->recorder->info, take_capture);
}

/* The settings as they are now, read back at most once a second: some cameras take milliseconds to tell one. */
static const json_t *
read_controls (Lane *lane)
{
  gint64 now = assay_clock_now_ns ();
  if (lane->controls != NULL && now - lane->controls_ns < ASSAY_NS_PER_S)
    return lane->controls;
  json_decref (lane->controls);
  lane->controls = assay_stream_get_controls (lane->stream);
  lane->controls_ns = now;
  if (lane->camera != NULL)
    {
      g_autoptr (json_t) lens = assay_calibration_lens_of (lane->controls);
      lane->lens_moved = !json_equal (lens, lane->lens);
    }
  return lane->controls;
}

void
assay_lane_tell_controls (Lane *lane, const AssayFrame *frame)
{
  const json_t *now = read_controls (lane);
  if (lane->told_ns == lane->controls_ns)
    return;
  lane->told_ns = lane->controls_ns;
  if (lane->told_controls != NULL ? json_equal (lane->told_controls, now) : json_object_size (now) == 0)
    return;
  json_decref (lane->told_controls);
  lane->told_controls = json_deep_copy (now);
  Note *note = assay_lane_note (lane);
  json_object_set_new (note->line, "controls", json_deep_copy (now));
  json_object_set_new (note->line, "from",
                       json_pack ("{s:I, s:I}", "sequence", (json_int_t) frame->sequence, "stamp_ns",
                                  (json_int_t) frame->stamp_ns));
  assay_recorder_put (lane->recorder, note);
}

/* A calibration holds for one size and one place of the lens; a frame of another is better off without. */
static gboolean
is_calibrated (const Lane *lane)
{
  const AssayPixelFormat *pixels = &assay_stream_get_format (lane->stream)->pixels;
  return lane->camera != NULL && !lane->lens_moved && pixels->width_px == lane->camera_width_px
         && pixels->height_px == lane->camera_height_px;
}

json_t *
assay_lane_make_frame_facts (Lane *lane, const AssayFrame *frame)
{
  char fourcc[ASSAY_FOURCC_TEXT_SIZE];
  json_t *capture = assay_frame_describe (frame);
  assay_fourcc_to_text (assay_stream_get_format (lane->stream)->pixels.fourcc, fourcc);
  json_object_set_new (capture, "format", json_string (fourcc));
  if (lane->burst_by != NULL)
    json_object_set_new (capture, "trigger", json_string (lane->burst_by));
  json_object_set_new (capture, "controls", json_deep_copy (read_controls (lane)));
  json_t *facts = assay_lane_make_facts (lane, capture);
  if (is_calibrated (lane))
    json_object_set_new (facts, "camera", json_deep_copy (lane->camera));
  return facts;
}
