/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/source-pattern.c - a camera and a microphone made of arithmetic: every pixel and every sample is known,
 * so what arrives can be checked to the last bit. Time stamps are those of a perfect device: start + k / rate. */
#include "capture/source.h"

#include "capture/pattern-controls.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define TONE_HZ 440.0
#define BLOCKS_PER_S 100
#define CELL_PX 8 /* the frame's number, written as 32 squares along the top, white = 1, lowest bit first */

/* ODD1 is RGB3 under a name that nobody knows. */
static const char *const formats[] = { "RGB3", "YUYV", "ODD1", NULL };

static const AssayOption options[] = {
  { "size", ASSAY_OPTION_STRING, "640x360", 0, 0, NULL, "width and height in pixels, both even" },
  { "fps", ASSAY_OPTION_DOUBLE, "30", 0.1, 1000, NULL, "frames a second" },
  { "format", ASSAY_OPTION_CHOICE, "RGB3", 0, 0, formats, "layout of the pixels: RGB3, YUYV, or ODD1, which nobody knows" },
  { "rate", ASSAY_OPTION_INT, "48000", 8000, 192000, NULL, "samples a second" },
  { "channels", ASSAY_OPTION_INT, "1", 1, 8, NULL, "channels of sound" },
  { "frames", ASSAY_OPTION_INT, "0", 0, 1e9, NULL, "ends after so many frames or blocks; 0 = never" },
  { "lose", ASSAY_OPTION_INT, "0", 0, 1e9, NULL,
    "leaves out every n-th frame or block, as a full bus does; 0 = none" },
  { "pull", ASSAY_OPTION_INT, "0", 0, 1e9, NULL,
    "is gone after so many frames or blocks, as if unplugged; 0 = never" },
  { "away", ASSAY_OPTION_STRING, "", 0, 0, NULL,
    "a file: the device is unplugged while it exists; pull makes it" },
  { NULL },
};

typedef struct
{
  const char *name;
  guint8 rgb[3];
} Solid;

static const Solid solids[] = {
  { "red", { 255, 0, 0 } },       { "green", { 0, 255, 0 } },    { "blue", { 0, 0, 255 } },
  { "white", { 255, 255, 255 } }, { "grey", { 128, 128, 128 } }, { "black", { 0, 0, 0 } },
};
/* 75 % bars as on every test card. */
static const guint8 bars[8][3] = { { 191, 191, 191 }, { 191, 191, 0 }, { 0, 191, 191 }, { 0, 191, 0 },
                                   { 191, 0, 191 },   { 191, 0, 0 },   { 0, 0, 191 },   { 0, 0, 0 } };

struct _AssayDevice
{
  AssayStreamFormat format;
  gint64 period_ns, start_ns;
  guint64 next, end, lose, pull; /* frames or blocks */
  gboolean tone, numbered;
  int wake_fd;
  char *away;
  guint8 *data;
  const Solid *solid;             /* NULL = bars */
  AssayPatternControls *controls; /* NULL = it has none */
  guint changes;                  /* of the controls, that the picture shows */
};

static void
append (GPtrArray *infos, AssayDeviceKind kind, const char *word, const char *name)
{
  AssayDeviceInfo *info = g_new0 (AssayDeviceInfo, 1);
  info->kind = kind;
  info->id = g_strdup_printf ("pattern:%s", word);
  info->name = g_strdup (name);
  info->details
      = kind == ASSAY_DEVICE_CAMERA
            ? json_pack ("{s:n, s:s, s:[{s:s, s:i, s:i, s:[i, i]}, {s:s, s:i, s:i, s:[i, i]}], s:[]}", "node",
                         "bus", "none", "formats", "fourcc", "RGB3", "width", 640, "height", 360, "fps", 30, 15,
                         "fourcc", "YUYV", "width", 640, "height", 360, "fps", 30, 15, "controls")
            : json_pack ("{s:s, s:i, s:[i, i]}", "host_api", "none", "channels", 1, "rates", 48000, 16000);
  g_ptr_array_add (infos, info);
}

static gboolean
probe (GPtrArray *infos, GError **error)
{
  append (infos, ASSAY_DEVICE_CAMERA, "bars", "Test card with frame numbers");
  append (infos, ASSAY_DEVICE_CAMERA, "red", "Plain red");
  append (infos, ASSAY_DEVICE_CAMERA, "lab", "Test card with settings");
  append (infos, ASSAY_DEVICE_MICROPHONE, "tone", "Tone of 440 Hz");
  return TRUE;
}

static void
put_yuyv (guint8 *pair, const guint8 rgb[3])
{
  /* BT.601, limited range, as the format declares; both pixels of a pair are one colour. */
  double r = rgb[0] / 255.0, g = rgb[1] / 255.0, b = rgb[2] / 255.0;
  double y = 0.299 * r + 0.587 * g + 0.114 * b;
  guint8 luma = (guint8) lround (16 + 219 * y);
  pair[0] = pair[2] = luma;
  pair[1] = (guint8) lround (128 + 224 * (b - y) / 1.772);
  pair[3] = (guint8) lround (128 + 224 * (r - y) / 1.402);
}

static void
put_pair (AssayDevice *device, guint x, guint y, const guint8 rgb[3])
{
  guint8 *at = device->data + (gsize) y * device->format.pixels.bytes_per_line;
  if (device->format.pixels.fourcc == ASSAY_FOURCC ('Y', 'U', 'Y', 'V'))
    {
      put_yuyv (at + 2 * x, rgb);
      return;
    }
  memcpy (at + 3 * x, rgb, 3);
  memcpy (at + 3 * x + 3, rgb, 3);
}

static const Solid *
find_solid (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (solids); i++)
    if (g_str_equal (solids[i].name, name))
      return &solids[i];
  return NULL;
}

static void
paint (AssayDevice *device)
{
  guint width = device->format.pixels.width_px;
  for (guint y = 0; y < device->format.pixels.height_px; y++)
    for (guint x = 0; x < width; x += 2)
      put_pair (device, x, y, device->solid != NULL ? device->solid->rgb : bars[x * 8 / width]);
}

/* The device's thread: as its controls have it since the last frame. */
static void
follow_controls (AssayDevice *device)
{
  guint changes = atomic_load (&device->controls->changes), width = device->format.pixels.width_px;
  if (changes == device->changes)
    return;
  device->changes = changes;
  gboolean flipped = assay_pattern_controls_is_flipped (device->controls);
  guint8 colours[8][3];
  for (guint i = 0; i < 8; i++)
    assay_pattern_controls_colour (device->controls, bars[flipped ? 7 - i : i], colours[i]);
  for (guint y = 0; y < device->format.pixels.height_px; y++)
    for (guint x = 0; x < width; x += 2)
      put_pair (device, x, y, colours[x * 8 / width]);
}

static gboolean
prepare_camera (AssayDevice *device, const char *name, const AssayOptions *values, GError **error)
{
  AssayStreamFormat *format = &device->format;
  const Solid *solid = find_solid (name);
  if (!assay_size_parse (assay_options_get_string (values, "size"), &format->pixels.width_px, &format->pixels.height_px, error))
    return FALSE;
  if (format->pixels.width_px % 2 != 0 || format->pixels.height_px % 2 != 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "option size: %ux%u is odd; give an even width and height", format->pixels.width_px, format->pixels.height_px);
      return FALSE;
    }
  if (!assay_fourcc_parse (assay_options_get_string (values, "format"), &format->pixels.fourcc, error))
    return FALSE;
  gboolean yuyv = format->pixels.fourcc == ASSAY_FOURCC ('Y', 'U', 'Y', 'V');
  format->pixels.bytes_per_line = format->pixels.width_px * (yuyv ? 2 : 3);
  format->max_bytes = (gsize) format->pixels.bytes_per_line * format->pixels.height_px;
  format->pixels.colorspace = 8;     /* V4L2_COLORSPACE_SRGB */
  format->pixels.ycbcr_encoding = 1; /* V4L2_YCBCR_ENC_601 */
  format->pixels.quantization = yuyv ? 2 : 1;
  format->pixels.transfer = 2; /* V4L2_XFER_FUNC_SRGB */
  format->fps = assay_options_get_double (values, "fps");
  device->period_ns = (gint64) llround (1e9 / format->fps);
  device->numbered = solid == NULL;
  device->data = g_malloc (format->max_bytes);
  device->solid = solid;
  paint (device);
  if (g_str_equal (name, "lab"))
    {
      device->controls = g_new0 (AssayPatternControls, 1);
      assay_pattern_controls_reset (device->controls);
    }
  return TRUE;
}

static void
prepare_microphone (AssayDevice *device, const AssayOptions *values)
{
  AssayStreamFormat *format = &device->format;
  format->rate_hz = (guint) assay_options_get_int (values, "rate");
  format->channels = (guint) assay_options_get_int (values, "channels");
  format->max_bytes = sizeof (float) * format->channels * (format->rate_hz / BLOCKS_PER_S);
  device->period_ns = G_GINT64_CONSTANT (1000000000) / BLOCKS_PER_S;
  device->data = g_malloc0 (format->max_bytes);
}

static void close_device (AssayDevice *device);

static AssayDevice *
open_device (const char *device_id, const AssayOptions *values, GError **error)
{
  const char *name = assay_source_get_rest (device_id);
  gboolean tone = g_str_equal (name, "tone"), silence = g_str_equal (name, "silence");
  if (!tone && !silence && !g_str_equal (name, "bars") && !g_str_equal (name, "lab") && find_solid (name) == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "opening %s: there is no such pattern; cameras are bars, lab, red, green, blue, white, grey, black, "
                   "microphones tone and silence",
                   device_id);
      return NULL;
    }
  const char *away = assay_options_get_string (values, "away");
  if (*away != '\0' && access (away, F_OK) == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "opening %s: it is unplugged while %s exists; remove that",
                   device_id, away);
      return NULL;
    }
  AssayDevice *device = g_new0 (AssayDevice, 1);
  device->tone = tone;
  device->end = (guint64) assay_options_get_int (values, "frames");
  device->lose = (guint64) assay_options_get_int (values, "lose");
  device->pull = (guint64) assay_options_get_int (values, "pull");
  device->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  device->away = g_strdup (away);
  if (tone || silence)
    prepare_microphone (device, values);
  else if (!prepare_camera (device, name, values, error))
    g_clear_pointer (&device, close_device);
  return device;
}

static void
close_device (AssayDevice *device)
{
  if (device == NULL)
    return;
  if (device->wake_fd >= 0)
    close (device->wake_fd);
  g_free (device->data);
  g_free (device->away);
  g_free (device->controls);
  g_free (device);
}

static const AssayStreamFormat *
get_format (const AssayDevice *device)
{
  return &device->format;
}

static gboolean
start (AssayDevice *device, GError **error)
{
  device->next = 0;
  device->start_ns = assay_clock_now_ns ();
  return TRUE;
}

static void
write_number (AssayDevice *device, guint64 number)
{
  static const guint8 white[3] = { 255, 255, 255 }, black[3] = { 0, 0, 0 };
  for (guint bit = 0; bit < 32 && (bit + 1) * CELL_PX <= device->format.pixels.width_px; bit++)
    for (guint y = 0; y < CELL_PX && y < device->format.pixels.height_px; y++)
      for (guint x = 0; x < CELL_PX; x += 2)
        put_pair (device, bit * CELL_PX + x, y, number >> bit & 1 ? white : black);
}

static void
fill_block (AssayDevice *device, guint64 first, guint n_samples)
{
  float *samples = (float *) (gpointer) device->data;
  double cycles = TONE_HZ / device->format.rate_hz;
  for (guint i = 0; device->tone && i < n_samples; i++)
    {
      double phase = fmod ((double) (first + i) * cycles, 1.0);
      for (guint c = 0; c < device->format.channels; c++)
        samples[i * device->format.channels + c] = (float) (0.5 * sin (2 * G_PI * phase));
    }
}

static gboolean
is_away (const AssayDevice *device)
{
  gboolean named = device->away[0] != '\0';
  if (device->pull == 0 || device->next < device->pull)
    return named && access (device->away, F_OK) == 0;
  if (named)
    close (open (device->away, O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  return TRUE;
}

static int
next (AssayDevice *device, int timeout_ms, AssayFrame *ret_frame)
{
  if (device->lose > 0 && device->next % device->lose == device->lose - 1)
    device->next++;
  if (device->end > 0 && device->next >= device->end)
    return -ENODATA;
  if (is_away (device))
    return -ENODEV;
  guint64 number = device->next;
  gint64 stamp_ns = device->start_ns + (gint64) number * device->period_ns;
  gboolean sound = device->format.pixels.fourcc == 0;
  /* A block is there when its last sample is. */
  int waited = assay_clock_wait_until (stamp_ns + (sound ? device->period_ns : 0), device->wake_fd, timeout_ms);
  if (waited != 0)
    return waited;
  device->next++;
  guint n_samples = sound ? device->format.rate_hz / BLOCKS_PER_S : 0;
  if (device->controls != NULL)
    follow_controls (device);
  if (sound)
    fill_block (device, number * n_samples, n_samples);
  else if (device->numbered)
    write_number (device, number);
  *ret_frame = (AssayFrame){ .data = device->data,
                             .n_bytes = device->format.max_bytes,
                             .sequence = sound ? number * n_samples : number,
                             .n_samples = n_samples,
                             .stamp_ns = stamp_ns,
                             .arrived_ns = assay_clock_now_ns () };
  return 0;
}

static void
wake (AssayDevice *device)
{
  guint64 once = 1;
  (void) !write (device->wake_fd, &once, sizeof once);
}

static gboolean
set_control (AssayDevice *device, const char *name, const char *text, GError **error)
{
  g_autoptr (json_t) value = device->controls != NULL ? assay_pattern_controls_parse (name, text) : NULL;
  if (value == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "setting %s of a pattern: it has no such setting; leave it out", name);
      return FALSE;
    }
  g_autoptr (json_t) values = json_pack ("{s:O}", name, value);
  g_autoptr (json_t) wrongs = assay_pattern_controls_apply (device->controls, values);
  const char *why = json_string_value (json_object_get (wrongs, name));
  if (why != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "setting %s to %s: %s", name, text, why);
  return why == NULL;
}

static json_t *
get_controls (AssayDevice *device)
{
  return device->controls != NULL ? assay_pattern_controls_get (device->controls) : json_object ();
}

static json_t *
list_controls (AssayDevice *device)
{
  return device->controls != NULL ? assay_pattern_controls_list (device->controls) : json_array ();
}

static json_t *
apply_controls (AssayDevice *device, const json_t *values)
{
  return device->controls != NULL ? assay_pattern_controls_apply (device->controls, values) : json_object ();
}

const AssaySource assay_source_pattern = {
  .id = "pattern",
  .title = "Test patterns and tones",
  .stand_in = TRUE,
  .options = options,
  .probe = probe,
  .open = open_device,
  .get_format = get_format,
  .start = start,
  .next = next,
  .wake = wake,
  .set_control = set_control,
  .get_controls = get_controls,
  .list_controls = list_controls,
  .apply_controls = apply_controls,
  .close = close_device,
};
