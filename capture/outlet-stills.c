/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames that were chosen, one file each: JPEG byte for byte, anything else as PNG. */
#include "capture/recorder-private.h"

#include "core/json.h"

static void
begin (Lane *lane)
{
}

/* A copy of the frame goes to the encoders. */
static void
put_still (Lane *lane, const AssayFrame *frame, const AssayId *moment)
{
  Note *note = assay_lane_note (lane);
  note->still = g_bytes_new (frame->data, frame->n_bytes);
  note->raw = TRUE;
  note->pixels = assay_stream_get_format (lane->stream)->pixels;
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
  AssayId moment;
  if (!assay_recorder_choose (recorder, lane, frame, &moment))
    return TRUE;
  put_still (lane, frame, &moment);
  lane->enough = recorder->frames > 0 && lane->taken >= recorder->frames;
  return TRUE;
}

static void
end (Lane *lane)
{
}

const AssayOutlet assay_outlet_stills = { .begin = begin, .take = take, .end = end };
