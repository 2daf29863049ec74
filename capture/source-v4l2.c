/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/source-v4l2.c - cameras by Video4Linux, with the driver's own formats: nothing is converted on the way.
 */
#include "capture/v4l2-device.h"
#include "capture/v4l2-io.h"

#include "core/colour.h"
#include "core/error.h"
#include "core/json.h"

#include <sys/utsname.h>
#include <unistd.h>

static const AssayOption options[] = {
  { "size", ASSAY_OPTION_STRING, NULL, 0, 0, NULL,
    "width and height in pixels, 640x480; not set: as the camera stands" },
  { "fps", ASSAY_OPTION_DOUBLE, "0", 0, 1000, NULL, "frames a second; 0: as the camera stands" },
  { "format", ASSAY_OPTION_STRING, NULL, 0, 0, NULL,
    "the camera's pixel format by its four letters, MJPG; not set: as it stands" },
  { "input", ASSAY_OPTION_INT, "-1", -1, 255, NULL,
    "which socket of a capture card, by its number; -1: as it stands" },
  { "patience", ASSAY_OPTION_DOUBLE, "2", 0, 86400, NULL,
    "seconds without a frame before the camera is started again; 0: for ever, for cameras that wait for a "
    "trigger" },
  { NULL },
};

static json_t *
usb_to_json (const AssayIdentity *identity)
{
  if (identity->vendor == NULL)
    return json_null ();
  return json_pack ("{s:o, s:s?}", "mbit_per_s",
                    identity->usb_mbit_per_s > 0 ? json_real (identity->usb_mbit_per_s) : json_null (),
                    "controller", identity->controller);
}

static AssayDeviceInfo *
describe_node (const AssayV4l2Node *node, int fd)
{
  AssayDeviceInfo *info = g_new0 (AssayDeviceInfo, 1);
  info->kind = ASSAY_DEVICE_CAMERA;
  info->id = g_strdup (node->id);
  info->name = g_strdup (node->name);
  info->details = json_pack ("{s:s, s:s, s:s, s:s, s:s?, s:s?, s:o, s:o, s:o, s:o, s:o}", "node", node->node, "bus",
                             node->bus, "driver", node->driver, "identity", node->weak ? "weak" : "strong",
                             "serial", node->identity.serial, "path", node->identity.path, "usb",
                             usb_to_json (&node->identity), "hardware", assay_identity_to_json (&node->identity),
                             "inputs", assay_v4l2_list_inputs (fd), "formats",
                             assay_v4l2_list_formats (fd, node->planar), "controls", assay_v4l2_list_controls (fd));
  return info;
}

static gboolean
probe (GPtrArray *infos, GError **error)
{
  g_autoptr (GString) wrongs = g_string_new (NULL);
  g_autoptr (GPtrArray) nodes = assay_v4l2_list_nodes (wrongs);
  for (guint i = 0; i < nodes->len; i++)
    {
      const AssayV4l2Node *node = nodes->pdata[i];
      int fd = assay_v4l2_io ()->open (node->node);
      if (fd < 0)
        continue; /* unplugged since */
      g_ptr_array_add (infos, describe_node (node, fd));
      assay_v4l2_io ()->close (fd);
    }
  if (wrongs->len == 0)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, wrongs->str);
  return FALSE;
}

static const AssayStreamFormat *
get_format (const AssayDevice *device)
{
  return &device->format;
}

static void
wake (AssayDevice *device)
{
  guint64 once = 1;
  (void) !write (device->wake_fd, &once, sizeof once);
}

/* --- controls: read through a handle of their own, so that their events never wait in the stream's; set through the
 * stream's, which alone has the priority to while it records -------------------------------------------------- */

static json_t *
get_controls (AssayDevice *device)
{
  return assay_v4l2_read_controls (device->control_fd);
}

static json_t *
list_controls (AssayDevice *device)
{
  return assay_v4l2_list_controls (device->control_fd);
}

static gboolean
set_control (AssayDevice *device, const char *name, const char *text, GError **error)
{
  if (!assay_v4l2_set_control (device->fd, device->id, device->node, name, text, error))
    return FALSE;
  g_autoptr (json_t) ours = json_pack ("{s:b}", name, TRUE);
  assay_v4l2_watch_know (device->watch, ours);
  return TRUE;
}

static json_t *
apply_controls (AssayDevice *device, const json_t *values)
{
  json_t *wrongs = assay_v4l2_apply_controls (device->fd, values);
  assay_v4l2_watch_know (device->watch, values);
  return wrongs;
}

static json_t *
watch_controls (AssayDevice *device)
{
  return assay_v4l2_watch_take (device->watch);
}

/* --- facts --------------------------------------------------------------------------------------------------- */

static json_t *
read_parameters (const char *module)
{
  g_autofree char *folder = g_build_filename (assay_v4l2_io ()->sysfs, "module", module, "parameters", NULL);
  g_autoptr (GDir) listing = g_dir_open (folder, 0, NULL);
  json_t *values = json_object ();
  const char *name;
  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL), *text = NULL;
      if (g_file_get_contents (path, &text, NULL, NULL) && g_utf8_validate (text, -1, NULL))
        json_object_set_new (values, name, json_string (g_strstrip (text)));
    }
  return values;
}

static json_t *
colour_to_json (const AssayPixelFormat *pixels)
{
  guint encoding, quantization;
  assay_colour_resolve (pixels, &encoding, &quantization);
  return json_pack ("{s:{s:i, s:i, s:i, s:i}, s:{s:i, s:i}}", "raw", "colorspace", (int) pixels->colorspace,
                    "encoding", (int) pixels->ycbcr_encoding, "quantization", (int) pixels->quantization,
                    "transfer", (int) pixels->transfer, "resolved", "encoding", (int) encoding, "quantization",
                    (int) quantization);
}

/* What a stamp means: the flags are the same all through a stream. */
static json_t *
stamps_to_json (guint flags)
{
  guint clock = flags & V4L2_BUF_FLAG_TIMESTAMP_MASK;
  return json_pack ("{s:s, s:s}", "clock",
                    clock == V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC ? "monotonic"
                    : clock == V4L2_BUF_FLAG_TIMESTAMP_COPY    ? "copy"
                                                               : "unknown",
                    "taken",
                    (flags & V4L2_BUF_FLAG_TSTAMP_SRC_MASK) == V4L2_BUF_FLAG_TSTAMP_SRC_SOE ? "start of exposure"
                                                                                            : "end of frame");
}

static json_t *
get_facts (AssayDevice *device)
{
  struct v4l2_capability capability = { 0 };
  assay_v4l2_call (device->control_fd, VIDIOC_QUERYCAP, &capability);
  g_autofree char *driver = g_utf8_make_valid ((const char *) capability.driver, -1);
  g_autofree char *card = g_utf8_make_valid ((const char *) capability.card, -1);
  struct utsname system;
  uname (&system);
  return json_pack (
      "{s:s, s:s, s:s, s:o, s:o, s:o, s:i, s:i, s:i, s:i, s:o, s:o, s:o, s:{s:i, s:i, s:i, s:i, s:i, s:i}}",
      "driver", driver, "card", card, "kernel", system.release, "parameters", read_parameters (driver), "hardware",
      assay_identity_to_json (&device->identity), "colour", colour_to_json (&device->format.pixels),
      "bytes_per_line", (int) device->format.pixels.bytes_per_line, "size_image", (int) device->size_image, "field",
      (int) device->field, "buffers", (int) device->n_buffers, "fps_wanted", assay_json_number (device->wanted_fps),
      "fps_got", assay_json_number (device->format.fps), "stamps",
      stamps_to_json (atomic_load (&device->stamp_flags)), "counts", "io_errors",
      (int) atomic_load (&device->n_io_errors), "queue_errors", (int) atomic_load (&device->n_queue_errors),
      "poll_errors", (int) atomic_load (&device->n_poll_errors), "restarts",
      (int) atomic_load (&device->n_restarts), "flagged", (int) atomic_load (&device->n_flagged), "short",
      (int) atomic_load (&device->n_short));
}

const AssaySource assay_source_v4l2 = {
  .id = "v4l2",
  .title = "Cameras (Video4Linux)",
  .options = options,
  .probe = probe,
  .open = assay_v4l2_open,
  .get_format = get_format,
  .start = assay_v4l2_start,
  .next = assay_v4l2_next,
  .keep = assay_v4l2_keep,
  .release = assay_v4l2_release,
  .wake = wake,
  .set_control = set_control,
  .get_controls = get_controls,
  .list_controls = list_controls,
  .apply_controls = apply_controls,
  .watch_controls = watch_controls,
  .get_facts = get_facts,
  .close = assay_v4l2_close,
};
