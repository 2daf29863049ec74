/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/source-sound.c - microphones, through the helper process assay-sound: sound drivers hang and abort, and
 * what they take down with them is then the helper. A helper that dies or falls silent is a device that is gone,
 * told within 2 s. */
#include "capture/source.h"

#include "capture/sound-helper.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"
#include "core/sound-link.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define SILENCE_NS (G_GINT64_CONSTANT (1500) * 1000000)
#define FIRST_SILENCE_NS (G_GINT64_CONSTANT (5000) * 1000000) /* some devices take their time to start */

static const AssayOption options[] = {
  { "rate", ASSAY_OPTION_INT, "0", 0, 768000, NULL, "samples a second; 0: the device's own, nothing is resampled" },
  { "channels", ASSAY_OPTION_INT, "0", 0, 64, NULL, "channels; 0: all of a sound card, 2 of anything else" },
  { NULL },
};

struct _AssayDevice
{
  char *id;
  AssaySoundHelper helper;
  int wake_fd;
  AssayStreamFormat format;
  gint64 heard_ns;
  gboolean speaks;
  guint8 buffer[ASSAY_SOUND_MOST_BYTES];
};

/* --- the source
 * --------------------------------------------------------------------------------------------------- */

static void
append_info (GPtrArray *infos, const json_t *device)
{
  const char *id = assay_json_get_string (device, "id"), *name = assay_json_get_string (device, "name");
  if (id == NULL || name == NULL)
    return;
  AssayDeviceInfo *info = g_new0 (AssayDeviceInfo, 1);
  info->kind = ASSAY_DEVICE_MICROPHONE;
  info->id = g_strdup_printf ("sound:%s", id);
  info->name = g_strdup (name);
  info->details = json_deep_copy (device);
  json_object_del (info->details, "id");
  json_object_del (info->details, "name");
  g_ptr_array_add (infos, info);
}

static char *
ask_for_devices (const char *how, GError **error)
{
  AssaySoundHelper helper = { 0 };
  const char *const words[] = { how, "3", NULL };
  if (!assay_sound_helper_start (&helper, words, error))
    return NULL;
  char *text = assay_sound_helper_ask (&helper, ASSAY_SOUND_DEVICES, "listing the microphones", error);
  assay_sound_helper_end (&helper);
  return text;
}

/* Asked for its rates, one device that hangs would hide all the others: then they are listed without. */
static gboolean
probe (GPtrArray *infos, GError **error)
{
  g_autofree char *text = ask_for_devices ("list", NULL);
  if (text == NULL)
    text = ask_for_devices ("names", error);
  if (text == NULL)
    return FALSE;
  g_autoptr (json_t) devices = assay_json_parse (text, strlen (text), "the sound helper's list", error);
  size_t i;
  json_t *device;
  json_array_foreach (devices, i, device) append_info (infos, device);
  return devices != NULL;
}

static void
close_device (AssayDevice *device)
{
  if (device == NULL)
    return;
  assay_sound_helper_end (&device->helper);
  if (device->wake_fd >= 0)
    close (device->wake_fd);
  g_free (device->id);
  g_free (device);
}

static gboolean
take_format (AssayDevice *device, const char *text, GError **error)
{
  g_autoptr (json_t) json = assay_json_parse (text, strlen (text), "the sound helper's format", error);
  gint64 rate = 0, channels = 0, block = 0;
  if (json == NULL)
    return FALSE;
  assay_json_get_int (json, "rate", &rate);
  assay_json_get_int (json, "channels", &channels);
  assay_json_get_int (json, "block", &block);
  device->format.rate_hz = (guint) rate;
  device->format.channels = (guint) channels;
  device->format.max_bytes = (gsize) (block * channels) * sizeof (float);
  return TRUE;
}

static AssayDevice *
open_device (const char *device_id, const AssayOptions *values, GError **error)
{
  g_autofree char *rate = g_strdup_printf ("%" G_GINT64_FORMAT, assay_options_get_int (values, "rate"));
  g_autofree char *channels = g_strdup_printf ("%" G_GINT64_FORMAT, assay_options_get_int (values, "channels"));
  g_autofree char *doing = g_strdup_printf ("opening %s", device_id);
  const char *const words[] = { "record", "3", assay_source_get_rest (device_id), rate, channels, NULL };
  AssayDevice *device = g_new0 (AssayDevice, 1);
  device->id = g_strdup (device_id);
  device->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_autofree char *format = NULL;
  if (assay_sound_helper_start (&device->helper, words, error))
    format = assay_sound_helper_ask (&device->helper, ASSAY_SOUND_FORMAT, doing, error);
  else
    g_prefix_error (error, "%s: ", doing);
  if (format == NULL || !take_format (device, format, error))
    g_clear_pointer (&device, close_device);
  return device;
}

static const AssayStreamFormat *
get_format (const AssayDevice *device)
{
  return &device->format;
}

static gboolean
start (AssayDevice *device, GError **error)
{
  const AssaySoundHeader go = { .kind = ASSAY_SOUND_GO };
  if (assay_sound_link_send (device->helper.fd, &go, NULL) != 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "starting %s: the device is gone; plug it in again",
                   device->id);
      return FALSE;
    }
  device->heard_ns = assay_clock_now_ns ();
  return TRUE;
}

static int
next (AssayDevice *device, int timeout_ms, AssayFrame *ret_frame)
{
  AssaySoundHeader header;
  const guint8 *data;
  gint64 until_ns = device->heard_ns + (device->speaks ? SILENCE_NS : FIRST_SILENCE_NS);
  int left_ms = (int) ((until_ns - assay_clock_now_ns () + 999999) / 1000000);
  int got = assay_sound_link_receive (device->helper.fd, device->wake_fd, CLAMP (left_ms, 0, timeout_ms),
                                      device->buffer, &header, &data);
  gint64 now = assay_clock_now_ns ();
  if (got == -EAGAIN)
    return now >= until_ns ? -ETIMEDOUT : -EAGAIN;
  if (got == -EINTR)
    return got;
  if (got != 0 || header.kind != ASSAY_SOUND_BLOCK
      || header.n_bytes != header.n_samples * device->format.channels * sizeof (float))
    return -ENODEV;
  device->heard_ns = now;
  device->speaks = TRUE;
  *ret_frame = (AssayFrame){ .data = data,
                             .n_bytes = header.n_bytes,
                             .sequence = header.first_sample,
                             .n_samples = header.n_samples,
                             .stamp_ns = header.stamp_ns,
                             .arrived_ns = now,
                             .raw_flags = header.raw_flags,
                             .flags = header.flags };
  return 0;
}

static void
wake (AssayDevice *device)
{
  guint64 once = 1;
  (void) !write (device->wake_fd, &once, sizeof once);
}

const AssaySource assay_source_sound = {
  .id = "sound",
  .title = "Microphones",
  .options = options,
  .probe = probe,
  .open = open_device,
  .get_format = get_format,
  .start = start,
  .next = next,
  .wake = wake,
  .close = close_device,
};
