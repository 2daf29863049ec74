/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/stream.h"

#include "core/colour.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"
#include "core/ring.h"

#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>

#define RING_SECONDS 2.0
#define RING_LEAST 16
#define RING_MOST_BYTES ((gsize) 512 << 20)
#define HEARD_MOST_BYTES ((gsize) 64 << 20)
#define WAIT_MS 500
#define LEVEL_SECONDS 0.3

/* A slot of ring or mailbox: the frame, then its bytes. */
typedef struct
{
  AssayFrame frame;
  guint64 overrun_before; /* frames, or samples a channel, that found the ring full just before it */
} Slot;

/* What one opening of the device needs. A device that comes back may speak another format, so these are made anew then,
 * and the old ones stay until the stream is closed: other threads may be reading them. */
typedef struct
{
  AssayStreamFormat format;
  AssayRingBuffer *ring;
  AssayRingBuffer *heard; /* microphones: the last blocks that nobody took; the device's thread alone */
  AssayMailbox *mailbox;  /* cameras: pictures; microphones: levels */
  AssayLevelMeter *meter; /* microphones */
} Link;

struct _AssayStream
{
  const AssaySource *source;
  AssayDeviceKind kind;
  char *id, *settings;
  pthread_mutex_t lock; /* of the device, against those who ask it for its settings while it goes or comes */
  AssayDevice *device;  /* NULL = away */
  GPtrArray *links;     /* of Link; the last is in use */
  Link *_Atomic link;
  GThread *thread;
  atomic_bool taken, watched, stopping;
  atomic_int ended; /* 0 = running; errno of next(); ECANCELED after a stop */
  atomic_llong pre_roll_ns;
  atomic_ullong received, overrun, unsaid; /* unsaid: as overrun_before, since the last frame in the ring */
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
set_controls (AssayStream *stream, AssayDevice *device, const GPtrArray *controls, GError **error)
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
      if (!stream->source->set_control (device, name, value, error))
        return FALSE;
    }
  return TRUE;
}

/* Blocks of sound for as long as may be asked for from before. */
static guint
count_heard (const AssayStreamFormat *format)
{
  double per_s = (double) format->rate_hz * format->channels * sizeof (float) / MAX (format->max_bytes, 1);
  guint room = (guint) (HEARD_MOST_BYTES / MAX (format->max_bytes, 1));
  return MAX (MIN ((guint) ceil (per_s * ASSAY_PRE_ROLL_MOST_S), room), 1);
}

/* At least one second of data, and two where that is no more than half a gigabyte; of sound what was heard before has its
 * place too. */
static guint
count_slots (const AssayStreamFormat *format)
{
  double per_s = format->pixels.fourcc == 0
                     ? (double) format->rate_hz * format->channels * sizeof (float) / MAX (format->max_bytes, 1)
                     : MAX (format->fps, 30);
  guint wanted = (guint) MAX (ceil (per_s * RING_SECONDS), RING_LEAST);
  guint room = (guint) (RING_MOST_BYTES / MAX (format->max_bytes, 1));
  guint slots = MAX (MIN (wanted, room), (guint) ceil (per_s) + 1);
  return format->pixels.fourcc == 0 ? slots + count_heard (format) : slots;
}

static void
link_free (Link *link)
{
  assay_ring_buffer_free (link->ring);
  assay_ring_buffer_free (link->heard);
  assay_mailbox_free (link->mailbox);
  assay_level_meter_free (link->meter);
  g_free (link);
}

static Link *
link_new (const AssayStream *stream, const AssayStreamFormat *format, GError **error)
{
  Link *link = g_new0 (Link, 1);
  gboolean camera = format->pixels.fourcc != 0;
  link->format = *format;
  link->ring = assay_ring_buffer_new (count_slots (format), sizeof (Slot) + format->max_bytes);
  link->heard
      = camera ? NULL : assay_ring_buffer_new (count_heard (format), sizeof (Slot) + format->max_bytes);
  link->mailbox = assay_mailbox_new (camera ? sizeof (Slot) + format->max_bytes : sizeof (AssayLevel));
  link->meter = camera ? NULL : assay_level_meter_new (format->rate_hz, format->channels);
  if (link->ring != NULL && link->mailbox != NULL && (camera || link->heard != NULL))
    return link;
  assay_error_set_errno (error, ENOMEM, "opening %s", stream->id);
  link_free (link);
  return NULL;
}

static gboolean
check_kind (const AssayStream *stream, const AssayStreamFormat *format, GError **error)
{
  gboolean camera = format->pixels.fourcc != 0;
  if (camera == (stream->kind == ASSAY_DEVICE_CAMERA))
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "opening %s: it is no %s; give it as --%s", stream->id,
               camera ? "microphone" : "camera", camera ? "camera" : "microphone");
  return FALSE;
}

/* The rings of the last opening do again for a device that came back as it was. */
static Link *
find_link (AssayStream *stream, const AssayStreamFormat *format, GError **error)
{
  Link *last = atomic_load (&stream->link);
  if (last != NULL && memcmp (&last->format, format, sizeof *format) == 0)
    return last;
  Link *fresh = link_new (stream, format, error);
  if (fresh != NULL)
    g_ptr_array_add (stream->links, fresh);
  return fresh;
}

/* Opens the device, sets its controls, and makes room for its frames. */
static gboolean
open_device (AssayStream *stream, GError **error)
{
  g_autoptr (AssayOptions) options = assay_options_new (stream->source->options);
  g_autoptr (GPtrArray) controls = g_ptr_array_new_with_free_func (g_free);
  if (!parse_settings (stream->source, stream->settings, options, controls, error))
    return FALSE;
  AssayDevice *device = stream->source->open (stream->id, options, error);
  if (device == NULL)
    return FALSE;
  const AssayStreamFormat *format = stream->source->get_format (device);
  gboolean right = check_kind (stream, format, error) && set_controls (stream, device, controls, error);
  Link *link = right ? find_link (stream, format, error) : NULL;
  if (link == NULL)
    {
      stream->source->close (device);
      return FALSE;
    }
  pthread_mutex_lock (&stream->lock);
  stream->device = device;
  atomic_store (&stream->link, link);
  pthread_mutex_unlock (&stream->lock);
  return TRUE;
}

AssayStream *
assay_stream_open (AssayDeviceKind kind, const char *words, GError **error)
{
  const char *settings = find_settings (words);
  g_autofree char *id = g_strndup (words, (gsize) (settings - words));
  const AssaySource *source = assay_source_of (id, error);
  if (source == NULL)
    return NULL;
  g_autoptr (AssayStream) stream = g_new0 (AssayStream, 1);
  stream->source = source;
  stream->kind = kind;
  stream->id = g_steal_pointer (&id);
  stream->settings = g_strdup (settings);
  stream->links = g_ptr_array_new_with_free_func ((GDestroyNotify) link_free);
  pthread_mutex_init (&stream->lock, NULL);
  return open_device (stream, error) ? g_steal_pointer (&stream) : NULL;
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
measure (AssayStream *stream, const Link *link, const AssayFrame *frame)
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

static void
put_into_ring (AssayStream *stream, AssayRingBuffer *ring, const AssayFrame *frame)
{
  Slot *slot = assay_ring_buffer_get_free (ring);
  if (slot == NULL)
    {
      atomic_fetch_add (&stream->overrun, 1);
      atomic_fetch_add (&stream->unsaid, MAX (frame->n_samples, 1));
      return;
    }
  fill (slot, frame);
  slot->overrun_before = atomic_exchange (&stream->unsaid, 0);
  assay_ring_buffer_push (ring);
}

/* Nobody takes it now. */
static void
remember (const Link *link, const AssayFrame *frame)
{
  Slot *slot = assay_ring_buffer_get_free (link->heard);
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
recall (AssayStream *stream, const Link *link, const AssayFrame *frame)
{
  gint64 from_ns = frame->stamp_ns - atomic_load (&stream->pre_roll_ns);
  const Slot *slot;
  while ((slot = assay_ring_buffer_get_oldest (link->heard)) != NULL)
    {
      if (slot->frame.stamp_ns >= from_ns)
        put_into_ring (stream, link->ring, &slot->frame);
      assay_ring_buffer_pop (link->heard);
    }
}

static void
hand_over (AssayStream *stream, const Link *link, const AssayFrame *frame)
{
  atomic_fetch_add (&stream->received, 1);
  gboolean taken = atomic_load (&stream->taken);
  if (taken && link->heard != NULL)
    recall (stream, link, frame);
  if (taken)
    put_into_ring (stream, link->ring, frame);
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
  const Link *link = atomic_load (&stream->link);
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
assay_stream_leave (AssayStream *stream)
{
  if (stream->thread != NULL)
    g_thread_join (g_steal_pointer (&stream->thread));
  pthread_mutex_lock (&stream->lock);
  AssayDevice *device = g_steal_pointer (&stream->device);
  pthread_mutex_unlock (&stream->lock);
  stream->source->close (device);
}

gboolean
assay_stream_return (AssayStream *stream, GError **error)
{
  if (!open_device (stream, error))
    return FALSE;
  int why = atomic_exchange (&stream->ended, 0);
  atomic_store (&stream->unsaid, 0);
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
  atomic_store (&stream->unsaid, 0);
  atomic_store (&stream->taken, taken);
}

static AssayRingBuffer *
get_ring (AssayStream *stream)
{
  return atomic_load (&stream->link)->ring;
}

const AssayFrame *
assay_stream_wait (AssayStream *stream, int timeout_ms)
{
  AssayRingBuffer *ring = get_ring (stream);
  Slot *slot = assay_ring_buffer_get_oldest (ring);
  if (slot == NULL && atomic_load (&stream->ended) == 0)
    assay_ring_buffer_wait (ring, timeout_ms);
  slot = assay_ring_buffer_get_oldest (ring);
  return slot != NULL ? &slot->frame : NULL;
}

guint64
assay_stream_get_overrun_before (AssayStream *stream)
{
  const Slot *slot = assay_ring_buffer_get_oldest (get_ring (stream));
  return slot != NULL ? slot->overrun_before : atomic_load (&stream->unsaid);
}

void
assay_stream_done (AssayStream *stream)
{
  assay_ring_buffer_pop (get_ring (stream));
}

gboolean
assay_stream_is_over (AssayStream *stream)
{
  return atomic_load (&stream->ended) != 0 && assay_ring_buffer_count (get_ring (stream)) == 0;
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
assay_stream_peek_small (AssayStream *stream, guint side_px)
{
  const Link *link = atomic_load (&stream->link);
  if (link->meter != NULL)
    return NULL;
  /* Copying for a screen begins when there is one. */
  atomic_store (&stream->watched, TRUE);
  const Slot *newest = assay_mailbox_take (link->mailbox);
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
  const Link *link = atomic_load (&stream->link);
  const AssayLevel *newest = link->meter != NULL ? assay_mailbox_take (link->mailbox) : NULL;
  if (newest == NULL)
    return FALSE;
  *ret_level = *newest;
  return TRUE;
}
