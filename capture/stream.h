/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/stream.h - one device being read on a thread of its own.
 *
 * device thread -> ring -> a taker that must see everything (the recorder); a frame stays where the device put it as long as
 * that has memory to spare, and is copied into the ring else; and
 * device thread -> mailbox -> a screen that wants the newest alone, and costs no frame when it is slow. */
#include "capture/source.h"
#include "core/level-meter.h"
#include "core/picture.h"

G_BEGIN_DECLS

typedef struct _AssayStream AssayStream;

/* `words`: "ID[,size=WxH][,fps=N][,format=FOURCC][,rate=N][,channels=N][,CONTROL=VALUE…]". Opens the device and
 * sets its controls, in that order; nothing runs yet. A camera's words for a microphone are refused, and the other
 * way round. Pixels that core/colour.h cannot show can be recorded all the same. */
AssayStream *assay_stream_open (AssayDeviceKind kind, const char *words, GError **error);
/* Stops it first. NULL is fine. */
void assay_stream_close (AssayStream *stream);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayStream, assay_stream_close)
/* Does nothing while it runs. Opens the device again when a recording ended while it was away. */
gboolean assay_stream_start (AssayStream *stream, GError **error);
/* Wakes the device, joins its thread. What the ring holds can still be taken. */
void assay_stream_stop (AssayStream *stream);

/* The taker's thread, once nothing more comes: closes the device, so that its node and its name are free. What the ring still
 * holds is dropped. */
void assay_stream_leave (AssayStream *stream);
/* After it, likewise: opens and starts the same device with the same settings, FALSE as long as it is not there. Its
 * format may be another one; counters start again. */
gboolean assay_stream_return (AssayStream *stream, GError **error);

const char *assay_stream_get_id (const AssayStream *stream);
AssayDeviceKind assay_stream_get_kind (const AssayStream *stream);
/* Any thread; it stays readable when the device comes back with another one. */
const AssayStreamFormat *assay_stream_get_format (const AssayStream *stream);
/* As read back now; an object, empty when there are none or the device is away. Any thread. */
json_t *assay_stream_get_controls (AssayStream *stream);
/* Any thread: runs `work` with the open device, for the functions of its controls (capture/source.h), while nobody
 * else is in them; FALSE when the device is away. It may take as long as the driver does. */
typedef void (*AssayStreamWork) (const AssaySource *source, AssayDevice *device, gpointer data);
gboolean assay_stream_with_device (AssayStream *stream, AssayStreamWork work, gpointer data);

/* From now on (or no longer) everything goes through the ring. Of a microphone that runs already, so much of what it heard
 * before goes first (`pre_roll_s`, at most ASSAY_PRE_ROLL_MOST_S, and no more than has come since it was taken last). */
#define ASSAY_PRE_ROLL_MOST_S 10
void assay_stream_set_pre_roll (AssayStream *stream, double pre_roll_s); /* before it is taken */
/* The taker's thread, or before there is one. What an earlier taker left is dropped. */
void assay_stream_set_taken (AssayStream *stream, gboolean taken);
/* The taker's thread: the oldest frame, valid until assay_stream_done; NULL after `timeout_ms` or when nothing will
 * come. */
const AssayFrame *assay_stream_wait (AssayStream *stream, int timeout_ms);
void assay_stream_done (AssayStream *stream);
/* The taker's thread: frames (samples a channel) that found the ring full just before the frame that it holds; when it holds
 * none, since the last one. */
guint64 assay_stream_get_overrun_before (AssayStream *stream);
/* Any thread. TRUE when nothing more will come and the taker, if there is one, has it all. */
gboolean assay_stream_is_over (AssayStream *stream);
/* Any thread: why it ended by itself, for people ("the device is gone; plug it in again"); NULL while it runs, after a
 * stop, and at the end of a replay. Whether somebody waits for it, or has to start again, its taker knows. Free it. */
char *assay_stream_dup_trouble (AssayStream *stream);
/* Any thread: frames or blocks that the device gave, and of these, those that found the ring full. */
guint64 assay_stream_count_received (AssayStream *stream);
guint64 assay_stream_count_overrun (AssayStream *stream);

/* One thread, the screen's: the newest picture that it has not seen (RGB8 or grey), or NULL. Not for sound. */
AssayPicture *assay_stream_peek (AssayStream *stream);
/* The same, as cheap as can be: at least `side_px` on the longer side (assay_colour_convert_small); 0 = whole. */
AssayPicture *assay_stream_peek_small (AssayStream *stream, guint side_px);
/* The highest sample since the last call, 0 to 1 and more, and the root mean square of the last 0.3 s. Any one
 * thread. */
void assay_stream_peek_level (AssayStream *stream, double *ret_peak, double *ret_rms);
/* One thread, the screen's: everything that a meter shows, as of the newest block; FALSE when nothing came since the last
 * call, and for a camera. Counts run from the opening of the stream. */
gboolean assay_stream_peek_meter (AssayStream *stream, AssayLevel *ret_level);

G_END_DECLS
