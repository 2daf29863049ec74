/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/stream-private.h"

#include "core/colour.h"
#include "core/json.h"

#include <errno.h>
#include <math.h>
#include <sched.h>
#include <string.h>

#define WAIT_MS 500
#define LEVEL_SECONDS 0.3
#define ABOUT_BEFORE (ASSAY_FRAME_RESTARTED | ASSAY_FRAME_AFTER_LOSS) /* holds for the next frame when this one is lost */

/* --- the device's thread: no allocation, no lock
 * ------------------------------------------------------------------ */

static void
fill (AssayStreamSlot *slot, const AssayFrame *frame)
{
  slot->frame = *frame;
  slot->frame.data = (const guint8 *) (slot + 1);
  slot->kept = -1;
  memcpy (slot + 1, frame->data, frame->n_bytes);
}

static void
measure (AssayStream *stream, const AssayStreamLink *link, const AssayFrame *frame)
{
  const AssayStreamFormat *format = assay_stream_get_format (stream);
  const float *samples = (const float *) (gconstpointer) frame->data;
  gsize n = (gsize) frame->n_samples * format->channels;
  float peak = 0, power = 0;
  for (gsize i = 0; i < n; i++)
    {
      peak = MAX (peak, fabsf (samples[i]));
      power += samples[i] * samples[i];
    }
  double share = MIN (1.0, frame->n_samples / (LEVEL_SECONDS * format->rate_hz));
  float last = atomic_load (&stream->power);
  atomic_store (&stream->power, n > 0 ? (float) (last + share * (power / (float) n - last)) : last);
  float highest = atomic_load (&stream->peak);
  while (peak > highest && !atomic_compare_exchange_weak (&stream->peak, &highest, peak))
    ;
  assay_level_meter_add (link->meter, samples, frame->n_samples);
  *(AssayLevel *) assay_mailbox_get_free (link->mailbox) = *assay_level_meter_get (link->meter);
  assay_mailbox_push (link->mailbox);
}

/* `newest`: it is what next() gave last, which the device may keep for us. */
static void
put_into_ring (AssayStream *stream, AssayRingBuffer *ring, const AssayFrame *frame, gboolean newest)
{
  AssayStreamSlot *slot = assay_ring_buffer_get_free (ring);
  if (slot == NULL)
    {
      atomic_fetch_add (&stream->overrun, 1);
      atomic_fetch_add (&stream->unsaid, MAX (frame->n_samples, 1));
      atomic_fetch_or (&stream->unsaid_flags, frame->flags & ABOUT_BEFORE);
      return;
    }
  int kept = newest && stream->source->keep != NULL ? stream->source->keep (stream->device) : -1;
  if (kept < 0)
    fill (slot, frame);
  else
    {
      slot->frame = *frame;
      slot->kept = kept;
    }
  slot->overrun_before = atomic_exchange (&stream->unsaid, 0);
  slot->frame.flags |= atomic_exchange (&stream->unsaid_flags, 0);
  assay_ring_buffer_push (ring);
}

/* Nobody takes it now. */
static void
remember (const AssayStreamLink *link, const AssayFrame *frame)
{
  AssayStreamSlot *slot = assay_ring_buffer_get_free (link->heard);
  if (slot == NULL)
    {
      assay_ring_buffer_get_oldest (link->heard);
      assay_ring_buffer_pop (link->heard);
      slot = assay_ring_buffer_get_free (link->heard);
    }
  fill (slot, frame);
  assay_ring_buffer_push (link->heard);
}

/* Somebody takes from this frame on: what was heard just before it goes first. */
static void
recall (AssayStream *stream, const AssayStreamLink *link, const AssayFrame *frame)
{
  gint64 from_ns = frame->stamp_ns - atomic_load (&stream->pre_roll_ns);
  const AssayStreamSlot *slot;
  while ((slot = assay_ring_buffer_get_oldest (link->heard)) != NULL)
    {
      if (slot->frame.stamp_ns >= from_ns)
        put_into_ring (stream, link->ring, &slot->frame, FALSE);
      assay_ring_buffer_pop (link->heard);
    }
}

static void
hand_over (AssayStream *stream, const AssayStreamLink *link, const AssayFrame *frame)
{
  atomic_fetch_add (&stream->received, 1);
  gboolean taken = atomic_load (&stream->taken);
  if (taken && link->heard != NULL)
    recall (stream, link, frame);
  if (taken)
    put_into_ring (stream, link->ring, frame, TRUE); /* a kept one is ours to read all the same, until next() */
  else if (link->heard != NULL)
    remember (link, frame);
  if (link->meter != NULL)
    measure (stream, link, frame);
  else if (atomic_load (&stream->watched))
    {
      fill (assay_mailbox_get_free (link->mailbox), frame);
      assay_mailbox_push (link->mailbox);
    }
}

/* Whoever takes from the driver goes before those who encode and draw, where the system lets us: it only copies. */
static void
ask_for_priority (void)
{
  struct sched_param least = { .sched_priority = sched_get_priority_min (SCHED_RR) };
  pthread_setschedparam (pthread_self (), SCHED_RR, &least);
}

static gpointer
run (gpointer data)
{
  AssayStream *stream = data;
  const AssayStreamLink *link = atomic_load (&stream->link);
  gsize most = link->format.max_bytes;
  int got = 0;
  if (!stream->source->stand_in)
    ask_for_priority ();
  while (!atomic_load (&stream->stopping))
    {
      AssayFrame frame = { 0 };
      got = stream->source->next (stream->device, WAIT_MS, &frame);
      if (got == -EAGAIN || got == -EINTR)
        continue;
      if (got != 0)
        break;
      frame.n_bytes = MIN (frame.n_bytes, most);
      hand_over (stream, link, &frame);
    }
  atomic_store (&stream->ended, atomic_load (&stream->stopping) ? ECANCELED : -got);
  assay_ring_buffer_wake (link->ring);
  return NULL;
}

static void
forget_unsaid (AssayStream *stream)
{
  atomic_store (&stream->unsaid, 0);
  atomic_store (&stream->unsaid_flags, 0);
}

/* --- everybody else's --------------------------------------------------------------------------------------------
 */

gboolean
assay_stream_start (AssayStream *stream, GError **error)
{
  if (stream->thread != NULL)
    return TRUE;
  if (stream->device == NULL) /* whoever took from it last ended while it was away */
    return assay_stream_return (stream, error);
  if (!stream->source->start (stream->device, error))
    return FALSE;
  g_autofree char *name = g_strndup (stream->id, 15);
  stream->thread = g_thread_new (name, run, stream);
  return TRUE;
}

void
assay_stream_stop (AssayStream *stream)
{
  if (stream->thread == NULL)
    return;
  atomic_store (&stream->stopping, TRUE);
  stream->source->wake (stream->device);
  g_thread_join (g_steal_pointer (&stream->thread));
}

static AssayRingBuffer *
get_ring (AssayStream *stream)
{
  return atomic_load (&stream->link)->ring;
}

/* What nobody takes any more; the device has back what it kept for us. */
static void
drop_rest (AssayStream *stream)
{
  while (assay_ring_buffer_get_oldest (get_ring (stream)) != NULL)
    assay_stream_done (stream);
}

void
assay_stream_leave (AssayStream *stream)
{
  if (stream->thread != NULL)
    g_thread_join (g_steal_pointer (&stream->thread));
  drop_rest (stream);
  pthread_mutex_lock (&stream->lock);
  AssayDevice *device = g_steal_pointer (&stream->device);
  pthread_mutex_unlock (&stream->lock);
  stream->source->close (device);
}

gboolean
assay_stream_return (AssayStream *stream, GError **error)
{
  if (!assay_stream_open_device (stream, error))
    return FALSE;
  int why = atomic_exchange (&stream->ended, 0);
  forget_unsaid (stream);
  if (assay_stream_start (stream, error))
    return TRUE;
  atomic_store (&stream->ended, why);
  assay_stream_leave (stream);
  return FALSE;
}

void
assay_stream_close (AssayStream *stream)
{
  if (stream == NULL)
    return;
  assay_stream_stop (stream);
  stream->source->close (stream->device);
  g_ptr_array_unref (stream->links);
  pthread_mutex_destroy (&stream->lock);
  g_free (stream->settings);
  g_free (stream->id);
  g_free (stream);
}

const char *
assay_stream_get_id (const AssayStream *stream)
{
  return stream->id;
}

const AssayStreamFormat *
assay_stream_get_format (const AssayStream *stream)
{
  return &atomic_load (&stream->link)->format;
}

AssayDeviceKind
assay_stream_get_kind (const AssayStream *stream)
{
  return stream->kind;
}

json_t *
assay_stream_get_controls (AssayStream *stream)
{
  pthread_mutex_lock (&stream->lock);
  json_t *controls = stream->device != NULL && stream->source->get_controls != NULL
                         ? stream->source->get_controls (stream->device)
                         : NULL;
  pthread_mutex_unlock (&stream->lock);
  return controls != NULL ? controls : json_object ();
}

gboolean
assay_stream_with_device (AssayStream *stream, AssayStreamWork work, gpointer data)
{
  pthread_mutex_lock (&stream->lock);
  gboolean here = stream->device != NULL;
  if (here)
    work (stream->source, stream->device, data);
  pthread_mutex_unlock (&stream->lock);
  return here;
}

void
assay_stream_set_pre_roll (AssayStream *stream, double pre_roll_s)
{
  atomic_store (&stream->pre_roll_ns, llround (CLAMP (pre_roll_s, 0, ASSAY_PRE_ROLL_MOST_S) * 1e9));
}

void
assay_stream_set_taken (AssayStream *stream, gboolean taken)
{
  if (taken)
    drop_rest (stream);
  forget_unsaid (stream);
  atomic_store (&stream->taken, taken);
}

const AssayFrame *
assay_stream_wait (AssayStream *stream, int timeout_ms)
{
  AssayRingBuffer *ring = get_ring (stream);
  AssayStreamSlot *slot = assay_ring_buffer_get_oldest (ring);
  if (slot == NULL && atomic_load (&stream->ended) == 0)
    assay_ring_buffer_wait (ring, timeout_ms);
  slot = assay_ring_buffer_get_oldest (ring);
  return slot != NULL ? &slot->frame : NULL;
}

guint64
assay_stream_get_overrun_before (AssayStream *stream)
{
  const AssayStreamSlot *slot = assay_ring_buffer_get_oldest (get_ring (stream));
  return slot != NULL ? slot->overrun_before : atomic_load (&stream->unsaid);
}

void
assay_stream_done (AssayStream *stream)
{
  AssayRingBuffer *ring = get_ring (stream);
  const AssayStreamSlot *slot = assay_ring_buffer_get_oldest (ring);
  if (slot->kept >= 0)
    stream->source->release (stream->device, slot->kept);
  assay_ring_buffer_pop (ring);
}

gboolean
assay_stream_is_over (AssayStream *stream)
{
  return atomic_load (&stream->ended) != 0
         && (!atomic_load (&stream->taken) || assay_ring_buffer_count (get_ring (stream)) == 0);
}

char *
assay_stream_dup_trouble (AssayStream *stream)
{
  int why = atomic_load (&stream->ended);
  switch (why)
    {
    case 0:
    case ECANCELED:
    case ENODATA:
      return NULL;
    case ENODEV:
      return g_strdup_printf ("recording from %s: the device is gone; plug it in again", stream->id);
    case ETIMEDOUT:
      return g_strdup_printf ("recording from %s: the device stopped answering; plug it in again", stream->id);
    case ESTALE:
      return g_strdup_printf ("recording from %s: its signal changed size or timing; look after what feeds it", stream->id);
    default:
      return g_strdup_printf ("recording from %s: %s; plug it in again", stream->id, g_strerror (why));
    }
}

guint64
assay_stream_count_received (AssayStream *stream)
{
  return atomic_load (&stream->received);
}

guint64
assay_stream_count_overrun (AssayStream *stream)
{
  return atomic_load (&stream->overrun);
}

AssayPicture *
assay_stream_peek_small (AssayStream *stream, guint side_px)
{
  const AssayStreamLink *link = atomic_load (&stream->link);
  if (link->meter != NULL)
    return NULL;
  /* Copying for a screen begins when there is one. */
  atomic_store (&stream->watched, TRUE);
  const AssayStreamSlot *newest = assay_mailbox_take (link->mailbox);
  return newest != NULL ? assay_colour_convert_small (&link->format.pixels, newest->frame.data, newest->frame.n_bytes,
                                                      side_px, NULL)
                        : NULL;
}

AssayPicture *
assay_stream_peek (AssayStream *stream)
{
  return assay_stream_peek_small (stream, 0);
}

void
assay_stream_peek_level (AssayStream *stream, double *ret_peak, double *ret_rms)
{
  *ret_peak = atomic_exchange (&stream->peak, 0.0f);
  *ret_rms = sqrt (atomic_load (&stream->power));
}

gboolean
assay_stream_peek_meter (AssayStream *stream, AssayLevel *ret_level)
{
  const AssayStreamLink *link = atomic_load (&stream->link);
  const AssayLevel *newest = link->meter != NULL ? assay_mailbox_take (link->mailbox) : NULL;
  if (newest == NULL)
    return FALSE;
  *ret_level = *newest;
  return TRUE;
}
