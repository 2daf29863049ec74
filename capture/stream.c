/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/stream.h"

#include "core/colour.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"
#include "core/ring.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <string.h>

#define RING_SECONDS 2.0
#define RING_LEAST 16
#define RING_MOST_BYTES ((gsize) 512 << 20)
#define WAIT_MS 500
#define LEVEL_SECONDS 0.3

/* A slot of ring or mailbox: the frame, then its bytes. */
typedef struct
{
  AssayFrame frame;
} Slot;

struct _AssayStream
{
  const AssaySource *source;
  AssayDevice *device;
  char *id;
  AssayRingBuffer *ring;
  AssayMailbox *mailbox; /* cameras: pictures; microphones: levels */
  AssayLevelMeter *meter; /* microphones */
  GThread *thread;
  atomic_bool taken, watched, stopping;
  atomic_int ended; /* 0 = running; errno of next(); ECANCELED after a stop */
  atomic_ullong received, overrun;
  _Atomic float peak, power;
};

/* --- "ID,size=640x360,exposure=100" ------------------------------------------------------------------------------
 */

/* Where the id ends: at the first ",NAME=", since a path may hold commas. */
static const char *
find_settings (const char *words)
{
  for (const char *comma = strchr (words, ','); comma != NULL; comma = strchr (comma + 1, ','))
    {
      const char *at = comma + 1;
      while (g_ascii_isalnum (*at) || *at == '-' || *at == '_')
        at++;
      if (*at == '=' && at > comma + 1)
        return comma;
    }
  return words + strlen (words);
}

static gboolean
declares (const AssaySource *source, const char *name)
{
  for (const AssayOption *option = source->options; option != NULL && option->name != NULL; option++)
    if (g_str_equal (option->name, name))
      return TRUE;
  return FALSE;
}

/* Splits the settings into the source's own options and the controls of the device (name and value after each
 * other). */
static gboolean
parse_settings (const AssaySource *source, const char *settings, AssayOptions *options, GPtrArray *controls,
                GError **error)
{
  g_auto (GStrv) parts = g_strsplit (*settings == ',' ? settings + 1 : settings, ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');
      if (equals == NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "reading \"%s\": a setting is written NAME=VALUE",
                       parts[i]);
          return FALSE;
        }
      *equals = '\0';
      if (declares (source, parts[i]))
        {
          if (!assay_options_set (options, parts[i], equals + 1, error))
            return FALSE;
          continue;
        }
      g_ptr_array_add (controls, g_strdup (parts[i]));
      g_ptr_array_add (controls, g_strdup (equals + 1));
    }
  return TRUE;
}

static gboolean
set_controls (AssayStream *stream, const GPtrArray *controls, GError **error)
{
  for (guint i = 0; i + 1 < controls->len; i += 2)
    {
      const char *name = controls->pdata[i], *value = controls->pdata[i + 1];
      if (stream->source->set_control == NULL)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                       "setting %s of %s: it has no such setting; leave it out", name, stream->id);
          return FALSE;
        }
      if (!stream->source->set_control (stream->device, name, value, error))
        return FALSE;
    }
  return TRUE;
}

static guint
count_slots (const AssayStreamFormat *format)
{
  double per_s = format->pixels.fourcc == 0
                     ? (double) format->rate_hz * format->channels * sizeof (float) / MAX (format->max_bytes, 1)
                     : MAX (format->fps, 30);
  guint wanted = (guint) MAX (ceil (per_s * RING_SECONDS), RING_LEAST);
  guint room = (guint) (RING_MOST_BYTES / MAX (format->max_bytes, 1));
  return MAX (MIN (wanted, room), 2);
}

AssayStream *
assay_stream_open (AssayDeviceKind kind, const char *words, GError **error)
{
  const char *settings = find_settings (words);
  g_autofree char *id = g_strndup (words, (gsize) (settings - words));
  const AssaySource *source = assay_source_of (id, error);
  if (source == NULL)
    return NULL;
  g_autoptr (AssayOptions) options = assay_options_new (source->options);
  g_autoptr (GPtrArray) controls = g_ptr_array_new_with_free_func (g_free);
  if (!parse_settings (source, settings, options, controls, error))
    return NULL;
  g_autoptr (AssayStream) stream = g_new0 (AssayStream, 1);
  stream->source = source;
  stream->id = g_steal_pointer (&id);
  stream->device = source->open (stream->id, options, error);
  if (stream->device == NULL)
    return NULL;
  if (assay_stream_get_kind (stream) != kind)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "opening %s: it is no %s; give it as --%s", stream->id,
                   kind == ASSAY_DEVICE_CAMERA ? "camera" : "microphone",
                   kind == ASSAY_DEVICE_CAMERA ? "microphone" : "camera");
      return NULL;
    }
  const AssayStreamFormat *format = source->get_format (stream->device);
  if (!set_controls (stream, controls, error))
    return NULL;
  stream->ring = assay_ring_buffer_new (count_slots (format), sizeof (Slot) + format->max_bytes);
  gboolean camera = kind == ASSAY_DEVICE_CAMERA;
  stream->mailbox = assay_mailbox_new (camera ? sizeof (Slot) + format->max_bytes : sizeof (AssayLevel));
  stream->meter = camera ? NULL : assay_level_meter_new (format->rate_hz, format->channels);
  if (stream->ring == NULL || stream->mailbox == NULL)
    {
      assay_error_set_errno (error, ENOMEM, "opening %s", stream->id);
      return NULL;
    }
  return g_steal_pointer (&stream);
}

/* --- the device's thread: no allocation, no lock
 * ------------------------------------------------------------------ */

static void
fill (Slot *slot, const AssayFrame *frame)
{
  slot->frame = *frame;
  slot->frame.data = (const guint8 *) (slot + 1);
  memcpy (slot + 1, frame->data, frame->n_bytes);
}

static void
measure (AssayStream *stream, const AssayFrame *frame)
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
  assay_level_meter_add (stream->meter, samples, frame->n_samples);
  *(AssayLevel *) assay_mailbox_get_free (stream->mailbox) = *assay_level_meter_get (stream->meter);
  assay_mailbox_push (stream->mailbox);
}

static void
hand_over (AssayStream *stream, const AssayFrame *frame)
{
  atomic_fetch_add (&stream->received, 1);
  if (atomic_load (&stream->taken))
    {
      Slot *slot = assay_ring_buffer_get_free (stream->ring);
      if (slot != NULL)
        {
          fill (slot, frame);
          assay_ring_buffer_push (stream->ring);
        }
      else
        atomic_fetch_add (&stream->overrun, 1);
    }
  if (stream->meter != NULL)
    measure (stream, frame);
  else if (atomic_load (&stream->watched))
    {
      fill (assay_mailbox_get_free (stream->mailbox), frame);
      assay_mailbox_push (stream->mailbox);
    }
}

static gpointer
run (gpointer data)
{
  AssayStream *stream = data;
  gsize most = assay_stream_get_format (stream)->max_bytes;
  int got = 0;
  while (!atomic_load (&stream->stopping))
    {
      AssayFrame frame = { 0 };
      got = stream->source->next (stream->device, WAIT_MS, &frame);
      if (got == -EAGAIN || got == -EINTR)
        continue;
      if (got != 0)
        break;
      frame.n_bytes = MIN (frame.n_bytes, most);
      hand_over (stream, &frame);
    }
  atomic_store (&stream->ended, atomic_load (&stream->stopping) ? ECANCELED : -got);
  assay_ring_buffer_wake (stream->ring);
  return NULL;
}

/* --- everybody else's --------------------------------------------------------------------------------------------
 */

gboolean
assay_stream_start (AssayStream *stream, GError **error)
{
  if (stream->thread != NULL)
    return TRUE;
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

void
assay_stream_close (AssayStream *stream)
{
  if (stream == NULL)
    return;
  assay_stream_stop (stream);
  stream->source->close (stream->device);
  assay_ring_buffer_free (stream->ring);
  assay_mailbox_free (stream->mailbox);
  assay_level_meter_free (stream->meter);
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
  return stream->source->get_format (stream->device);
}

AssayDeviceKind
assay_stream_get_kind (const AssayStream *stream)
{
  return assay_stream_get_format (stream)->pixels.fourcc == 0 ? ASSAY_DEVICE_MICROPHONE : ASSAY_DEVICE_CAMERA;
}

json_t *
assay_stream_get_controls (AssayStream *stream)
{
  json_t *controls = stream->source->get_controls != NULL ? stream->source->get_controls (stream->device) : NULL;
  return controls != NULL ? controls : json_object ();
}

void
assay_stream_set_taken (AssayStream *stream, gboolean taken)
{
  atomic_store (&stream->taken, taken);
}

const AssayFrame *
assay_stream_wait (AssayStream *stream, int timeout_ms)
{
  Slot *slot = assay_ring_buffer_get_oldest (stream->ring);
  if (slot == NULL && atomic_load (&stream->ended) == 0)
    assay_ring_buffer_wait (stream->ring, timeout_ms);
  slot = assay_ring_buffer_get_oldest (stream->ring);
  return slot != NULL ? &slot->frame : NULL;
}

void
assay_stream_done (AssayStream *stream)
{
  assay_ring_buffer_pop (stream->ring);
}

gboolean
assay_stream_is_over (AssayStream *stream)
{
  return atomic_load (&stream->ended) != 0 && assay_ring_buffer_count (stream->ring) == 0;
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
      return g_strdup_printf ("recording from %s: the device is gone; plug it in again and start a new recording",
                              stream->id);
    case ETIMEDOUT:
      return g_strdup_printf (
          "recording from %s: the device stopped answering; plug it in again and start a new recording",
          stream->id);
    case ESTALE:
      return g_strdup_printf ("recording from %s: its signal changed size or timing; start a new recording",
                              stream->id);
    default:
      return g_strdup_printf ("recording from %s: %s; plug it in again and start a new recording", stream->id,
                              g_strerror (why));
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
assay_stream_peek (AssayStream *stream)
{
  if (stream->meter != NULL)
    return NULL;
  /* Copying for a screen begins when there is one. */
  atomic_store (&stream->watched, TRUE);
  const Slot *newest = assay_mailbox_take (stream->mailbox);
  return newest != NULL ? assay_colour_convert (&assay_stream_get_format (stream)->pixels, newest->frame.data,
                                                newest->frame.n_bytes, NULL)
                        : NULL;
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
  const AssayLevel *newest = stream->meter != NULL ? assay_mailbox_take (stream->mailbox) : NULL;
  if (newest == NULL)
    return FALSE;
  *ret_level = *newest;
  return TRUE;
}
