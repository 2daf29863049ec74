/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/source-portaudio.c - microphones by PortAudio. Lives in the helper process app/sound alone, for
 * PortAudio's calls hang and abort on lost devices; everybody else uses capture/source-sound.c. Nothing here is
 * ever stopped or closed: the helper ends by _exit.
 *
 * Stamps are ours, CLOCK_MONOTONIC on entry of the callback less the length of the block: PortAudio's own are of
 * another clock on each path. A device that is lost mostly falls silent without a word, so silence of a second is
 * the sign. */
#include "capture/source-portaudio.h"

#include "capture/identity.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/ring.h"
#include "core/sound-link.h"

#include <errno.h>
#include <math.h>
#include <portaudio.h>
#include <stdatomic.h>
#include <string.h>

#define BLOCKS_PER_S 100
#define MOST_CHANNELS 64
#define BUFFER_S 0.5
#define RING_BLOCKS 400 /* four seconds for a reader that is held up */
#define SILENCE_NS G_GINT64_CONSTANT (1000000000)
#define FIRST_SILENCE_NS (4 * SILENCE_NS) /* some devices take their time to start */

static const AssayOption options[] = {
  { "rate", ASSAY_OPTION_INT, "0", 0, 768000, NULL, "samples a second; 0: the device's own" },
  { "channels", ASSAY_OPTION_INT, "0", 0, 64, NULL, "channels; 0: all of a sound card, 2 of anything else" },
  { NULL },
};

/* A slot of the ring; the samples follow. */
typedef struct
{
  guint64 first_sample;
  gint64 stamp_ns;
  guint32 n_samples, raw_flags;
} Block;

struct _AssayDevice
{
  PaStream *stream;
  AssayStreamFormat format;
  guint block_samples;
  AssayRingBuffer *ring;
  gboolean lent;
  guint64 n_samples; /* the callback's: heard since the start, kept or not */
  atomic_llong heard_ns;
  atomic_bool speaks;
};

static gboolean
begin (GError **error)
{
  PaError wrong = Pa_Initialize ();
  if (wrong == paNoError)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "looking for microphones: %s", Pa_GetErrorText (wrong));
  return FALSE;
}

/* --- which microphones there are
 * ---------------------------------------------------------------------------------- */

/* PortAudio names an ALSA device "Card: Device (hw:CARD,DEVICE)"; the numbers are today's. */
static gboolean
parse_hw (const char *name, guint *ret_card, guint *ret_device)
{
  const char *hw = g_strrstr (name, "(hw:");
  char *comma;
  if (hw == NULL)
    return FALSE;
  *ret_card = (guint) g_ascii_strtoull (hw + 4, &comma, 10);
  if (*comma != ',')
    return FALSE;
  *ret_device = (guint) g_ascii_strtoull (comma + 1, NULL, 10);
  return TRUE;
}

static char *
make_id (const PaDeviceInfo *info, gboolean trust_serial)
{
  guint card, device;
  if (parse_hw (info->name, &card, &device))
    {
      g_autofree char *sysfs = g_strdup_printf ("/sys/class/sound/card%u", card);
      g_auto (AssayIdentity) identity = { 0 };
      assay_identity_read (sysfs, &identity);
      g_autofree char *hardware = assay_identity_dup_text (&identity, trust_serial);
      return g_strdup_printf ("%s#%u", hardware, device);
    }
  const PaHostApiInfo *host = Pa_GetHostApiInfo (info->hostApi);
  char *id = g_strdup_printf ("%s-%s", host->name, info->name);
  for (char *at = id; *at != '\0'; at++)
    if (!g_ascii_isalnum (*at) && strchr ("-_.:#", *at) == NULL)
      *at = '_';
  return id;
}

/* The inputs by PortAudio's index, NULL for what is none; twins of one serial number go by their place. */
static GPtrArray *
list_ids (void)
{
  GPtrArray *ids = g_ptr_array_new_with_free_func (g_free);
  int n = Pa_GetDeviceCount ();
  for (int i = 0; i < n; i++)
    {
      const PaDeviceInfo *info = Pa_GetDeviceInfo (i);
      g_ptr_array_add (ids, info->maxInputChannels > 0 ? make_id (info, TRUE) : NULL);
    }
  g_autofree gboolean *twin = g_new0 (gboolean, ids->len + 1);
  for (guint i = 0; i < ids->len; i++)
    for (guint k = 0; k < i; k++)
      if (ids->pdata[i] != NULL && g_strcmp0 (ids->pdata[i], ids->pdata[k]) == 0)
        twin[i] = twin[k] = TRUE;
  for (guint i = 0; i < ids->len; i++)
    if (twin[i])
      {
        g_free (ids->pdata[i]);
        ids->pdata[i] = make_id (Pa_GetDeviceInfo ((int) i), FALSE);
      }
  return ids;
}

/* "default", "pipewire" and their like claim hundreds of channels, at any rate: they resample, so one rate alone
 * is listed. */
static gboolean
is_native (const PaDeviceInfo *info)
{
  guint card, device;
  return parse_hw (info->name, &card, &device);
}

static int
usual_channels (const PaDeviceInfo *info)
{
  return MIN (info->maxInputChannels, is_native (info) ? MOST_CHANNELS : 2);
}

/* By its USB device (vendor, product, serial, path) a webcam and its own microphone know each other. */
static void
describe_hardware (const PaDeviceInfo *info, json_t *details)
{
  guint card, device;
  if (!parse_hw (info->name, &card, &device))
    return;
  g_autofree char *sysfs = g_strdup_printf ("/sys/class/sound/card%u", card);
  g_auto (AssayIdentity) identity = { 0 };
  assay_identity_read (sysfs, &identity);
  json_object_set_new (details, "identity", assay_identity_to_json (&identity));
}

static json_t *
list_rates (int index, const PaDeviceInfo *info)
{
  static const double common[]
      = { 8000, 11025, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000, 176400, 192000, 384000 };
  PaStreamParameters input = { .device = index,
                               .channelCount = usual_channels (info),
                               .sampleFormat = paFloat32,
                               .suggestedLatency = info->defaultHighInputLatency };
  if (!is_native (info))
    return json_pack ("[i]", (int) lround (info->defaultSampleRate));
  json_t *rates = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (common); i++)
    if (Pa_IsFormatSupported (&input, NULL, common[i]) == paFormatIsSupported)
      json_array_append_new (rates, json_integer ((json_int_t) common[i]));
  if (json_array_size (rates) > 0)
    return rates;
  json_decref (rates); /* in use: it does not say */
  return json_null ();
}

gboolean
assay_portaudio_list (GPtrArray *infos, gboolean ask_rates, GError **error)
{
  if (!begin (error))
    return FALSE;
  g_autoptr (GPtrArray) ids = list_ids ();
  for (guint i = 0; i < ids->len; i++)
    {
      if (ids->pdata[i] == NULL)
        continue;
      const PaDeviceInfo *found = Pa_GetDeviceInfo ((int) i);
      AssayDeviceInfo *info = g_new0 (AssayDeviceInfo, 1);
      info->kind = ASSAY_DEVICE_MICROPHONE;
      info->id = g_strdup (ids->pdata[i]);
      info->name = g_utf8_make_valid (found->name, -1);
      info->details = json_pack ("{s:s, s:i, s:o, s:i}", "host_api", Pa_GetHostApiInfo (found->hostApi)->name,
                                 "channels", found->maxInputChannels, "rates", ask_rates ? list_rates ((int) i, found) : json_null (), "rate",
                                 (int) found->defaultSampleRate);
      json_object_set_new (info->details, "native", json_boolean (is_native (found)));
      describe_hardware (found, info->details);
      g_ptr_array_add (infos, info);
    }
  return TRUE;
}

static gboolean
probe (GPtrArray *infos, GError **error)
{
  return assay_portaudio_list (infos, TRUE, error);
}

/* --- recording
 * ---------------------------------------------------------------------------------------------------- */

/* PortAudio's thread: no allocation, no lock, no PortAudio. A full ring is a jump of first_sample. */
static int
hear (const void *input, void *output, unsigned long n_samples, const PaStreamCallbackTimeInfo *times,
      PaStreamCallbackFlags flags, void *data)
{
  AssayDevice *device = data;
  gint64 now = assay_clock_now_ns ();
  const float *samples = input;
  gint64 length_ns = (gint64) ((double) n_samples / device->format.rate_hz * 1e9);
  for (unsigned long done = 0; done < n_samples;)
    {
      guint32 n = (guint32) MIN (n_samples - done, device->block_samples);
      Block *block = assay_ring_buffer_get_free (device->ring);
      if (block != NULL)
        {
          *block = (Block){ device->n_samples,
                            now - length_ns + (gint64) ((double) done / device->format.rate_hz * 1e9), n,
                            done == 0 ? (guint32) flags : 0 };
          gsize bytes = sizeof (float) * n * device->format.channels;
          if (samples != NULL)
            memcpy (block + 1, samples + done * device->format.channels, bytes);
          else
            memset (block + 1, 0, bytes);
          assay_ring_buffer_push (device->ring);
        }
      device->n_samples += n;
      done += n;
    }
  atomic_store (&device->heard_ns, now);
  atomic_store (&device->speaks, TRUE);
  return paContinue;
}

static int
find_device (const char *device_id, GError **error)
{
  g_autoptr (GPtrArray) ids = list_ids ();
  for (guint i = 0; i < ids->len; i++)
    if (g_strcmp0 (ids->pdata[i], device_id) == 0)
      return (int) i;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
               "no such microphone is plugged in; `assay devices` lists those that are");
  return -1;
}

static AssayDevice *
open_device (const char *device_id, const AssayOptions *values, GError **error)
{
  int index = begin (error) ? find_device (device_id, error) : -1;
  if (index < 0)
    return NULL;
  const PaDeviceInfo *info = Pa_GetDeviceInfo (index);
  gsize most_floats = (ASSAY_SOUND_MOST_BYTES - sizeof (AssaySoundHeader) - 1) / sizeof (float);
  gint64 rate = assay_options_get_int (values, "rate"), channels = assay_options_get_int (values, "channels");
  AssayDevice *device = g_new0 (AssayDevice, 1);
  device->format.rate_hz = rate > 0 ? (guint) rate : (guint) lround (info->defaultSampleRate);
  device->format.channels = channels > 0 ? (guint) channels : (guint) usual_channels (info);
  /* A block of many channels at a high rate is shorter, for it goes out as one message. */
  device->block_samples
      = (guint) CLAMP (device->format.rate_hz / BLOCKS_PER_S, 1, most_floats / device->format.channels);
  device->format.max_bytes = sizeof (float) * device->block_samples * device->format.channels;
  device->ring = assay_ring_buffer_new (RING_BLOCKS, sizeof (Block) + device->format.max_bytes);
  /* A recorder has time: half a second of buffer for a busy machine. */
  PaStreamParameters input = { .device = index,
                               .channelCount = (int) device->format.channels,
                               .sampleFormat = paFloat32,
                               .suggestedLatency = BUFFER_S };
  PaError wrong = device->ring == NULL
                      ? paInsufficientMemory
                      : Pa_OpenStream (&device->stream, &input, NULL, device->format.rate_hz, device->block_samples,
                                       paClipOff | paDitherOff, hear, device);
  if (wrong == paNoError)
    return device;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE,
               "%s at %u Hz with %u channels; choose what `assay devices` lists, and close other "
               "programs that record from it",
               Pa_GetErrorText (wrong), device->format.rate_hz, device->format.channels);
  assay_ring_buffer_free (device->ring);
  g_free (device);
  return NULL;
}

static const AssayStreamFormat *
get_format (const AssayDevice *device)
{
  return &device->format;
}

static gboolean
start (AssayDevice *device, GError **error)
{
  atomic_store (&device->heard_ns, assay_clock_now_ns ());
  PaError wrong = Pa_StartStream (device->stream);
  if (wrong == paNoError)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "starting: %s", Pa_GetErrorText (wrong));
  return FALSE;
}

static int
next (AssayDevice *device, int timeout_ms, AssayFrame *ret_frame)
{
  if (device->lent)
    assay_ring_buffer_pop (device->ring);
  device->lent = assay_ring_buffer_wait (device->ring, timeout_ms);
  if (!device->lent)
    {
      gint64 allowed_ns = atomic_load (&device->speaks) ? SILENCE_NS : FIRST_SILENCE_NS;
      return assay_clock_now_ns () - atomic_load (&device->heard_ns) > allowed_ns ? -ENODEV : -EAGAIN;
    }
  const Block *block = assay_ring_buffer_get_oldest (device->ring);
  *ret_frame = (AssayFrame){ .data = (const guint8 *) (block + 1),
                             .n_bytes = sizeof (float) * block->n_samples * device->format.channels,
                             .sequence = block->first_sample,
                             .n_samples = block->n_samples,
                             .stamp_ns = block->stamp_ns,
                             .arrived_ns = assay_clock_now_ns (),
                             .raw_flags = block->raw_flags,
                             .flags = block->raw_flags & paInputOverflow ? ASSAY_FRAME_AFTER_LOSS : 0 };
  return 0;
}

static void
wake (AssayDevice *device)
{
  assay_ring_buffer_wake (device->ring);
}

/* Pa_CloseStream may never return: the process that ends takes the stream with it. */
static void
close_device (AssayDevice *device)
{
}

const AssaySource assay_source_portaudio = {
  .id = "portaudio",
  .title = "Microphones (PortAudio)",
  .options = options,
  .probe = probe,
  .open = open_device,
  .get_format = get_format,
  .start = start,
  .next = next,
  .wake = wake,
  .close = close_device,
};
