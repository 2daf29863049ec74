/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames that were chosen, one file each: JPEG byte for byte, anything else as PNG. */
#include "capture/recorder-private.h"

#include "core/colour.h"
#include "core/json.h"

static void
begin (Lane *lane)
{
}

static GBytes *
encode (Lane *lane, const AssayFrame *frame, GError **error)
{
  const AssayStreamFormat *format = assay_stream_get_format (lane->stream);
  if (assay_colour_is_jpeg (format->pixels.fourcc))
    return g_bytes_new (frame->data, frame->n_bytes);
  g_autoptr (AssayPicture) picture = assay_colour_convert (&format->pixels, frame->data, frame->n_bytes, error);
  return picture != NULL ? assay_picture_encode_png (picture, error) : NULL;
}

static void
put_still (Lane *lane, const AssayFrame *frame, GBytes *take_still, const AssayId *moment)
{
  Note *note = assay_lane_note (lane);
  note->still = take_still;
  json_object_set_new (note->line, "frame", assay_frame_describe (frame));
  json_object_set_new (note->line, "position", json_integer ((json_int_t) lane->taken++));
  json_object_set_new (note->line, "facts", assay_lane_make_frame_facts (lane, frame));
  if (!assay_id_is_nil (moment))
    json_object_set_new (note->line, "moment", assay_json_id (moment));
  assay_recorder_put (lane->recorder, note);
}

static gboolean
take (Lane *lane, const AssayFrame *frame, GError **error)
{
  AssayRecorder *recorder = lane->recorder;
  g_autoptr (GError) wrong = NULL;
  AssayId moment;
  if (!assay_recorder_choose (recorder, lane, frame, &moment))
    return TRUE;
  GBytes *still = encode (lane, frame, &wrong);
  if (still != NULL)
    put_still (lane, frame, still, &moment);
  else
    assay_lane_put_corrupt (lane, frame, wrong->message);
  lane->enough = recorder->frames > 0 && lane->taken >= recorder->frames;
  return TRUE;
}

static void
end (Lane *lane)
{
}

const AssayOutlet assay_outlet_stills = { .begin = begin, .take = take, .end = end };
