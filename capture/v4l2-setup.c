/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/v4l2-setup.c - opens a camera and negotiates, in the order input, signal, S_FMT, S_PARM (the format may
 * change the interval, never the reverse), and believes only what they return. */
#include "capture/v4l2-device.h"
#include "capture/v4l2-io.h"

#include "core/colour.h"
#include "core/error.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

gboolean
assay_v4l2_fail_device (const AssayDevice *device, const char *doing, int errnum, GError **error)
{
  if (errnum != ENOSPC)
    return assay_v4l2_fail (device->id, device->node, doing, errnum, error);
  g_autofree char *bus = assay_v4l2_dup_bus_text (device->node, &device->identity);
  double mb_per_s = (double) device->format.max_bytes * device->format.fps / 1e6;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE,
               "%s %s (%s): the USB bus has not enough bandwidth left: %s, and this camera wants up to %.1f MB/s; "
               "choose a smaller size, a lower fps or format=MJPG, or plug the camera into another controller",
               doing, device->id, device->node, bus, mb_per_s);
  return FALSE;
}

void
assay_v4l2_take_format (AssayDevice *device, const struct v4l2_format *set)
{
  AssayStreamFormat *format = &device->format;
  double fps = format->fps;
  if (device->planar)
    {
      const struct v4l2_pix_format_mplane *pix = &set->fmt.pix_mp;
      device->n_planes = CLAMP (pix->num_planes, 1, VIDEO_MAX_PLANES);
      device->field = pix->field;
      device->size_image = 0;
      for (guint p = 0; p < device->n_planes; p++)
        device->size_image += pix->plane_fmt[p].sizeimage;
      *format = (AssayStreamFormat){ .pixels = { .fourcc = pix->pixelformat,
                                                 .width_px = pix->width,
                                                 .height_px = pix->height,
                                                 .bytes_per_line = pix->plane_fmt[0].bytesperline,
                                                 .colorspace = pix->colorspace,
                                                 .ycbcr_encoding = pix->ycbcr_enc,
                                                 .quantization = pix->quantization,
                                                 .transfer = pix->xfer_func } };
    }
  else
    {
      const struct v4l2_pix_format *pix = &set->fmt.pix;
      device->n_planes = 1;
      device->field = pix->field;
      device->size_image = pix->sizeimage;
      *format = (AssayStreamFormat){ .pixels = { .fourcc = pix->pixelformat,
                                                 .width_px = pix->width,
                                                 .height_px = pix->height,
                                                 .bytes_per_line = pix->bytesperline,
                                                 .colorspace = pix->colorspace,
                                                 .ycbcr_encoding = pix->ycbcr_enc,
                                                 .quantization = pix->quantization,
                                                 .transfer = pix->xfer_func } };
    }
  format->max_bytes = device->size_image;
  format->fps = fps;
  gboolean compressed = assay_colour_is_jpeg (format->pixels.fourcc) || format->pixels.bytes_per_line == 0;
  device->least_bytes = compressed ? 0 : (gsize) format->pixels.bytes_per_line * format->pixels.height_px;
}

/* Size, fourcc and room as they were negotiated: the rings are made for these. */
static gboolean
has_same_shape (const AssayDevice *device, const struct v4l2_format *set)
{
  const AssayPixelFormat *was = &device->format.pixels;
  if (!device->planar)
    return set->fmt.pix.width == was->width_px && set->fmt.pix.height == was->height_px
           && set->fmt.pix.pixelformat == was->fourcc && set->fmt.pix.sizeimage <= device->format.max_bytes;
  gsize bytes = 0;
  for (guint p = 0; p < MIN (set->fmt.pix_mp.num_planes, VIDEO_MAX_PLANES); p++)
    bytes += set->fmt.pix_mp.plane_fmt[p].sizeimage;
  return set->fmt.pix_mp.width == was->width_px && set->fmt.pix_mp.height == was->height_px
         && set->fmt.pix_mp.pixelformat == was->fourcc && set->fmt.pix_mp.num_planes == device->n_planes
         && bytes <= device->format.max_bytes;
}

gboolean
assay_v4l2_format_holds (const AssayDevice *device)
{
  struct v4l2_format set = { .type = device->type };
  return assay_v4l2_call (device->fd, VIDIOC_G_FMT, &set) < 0 /* what comes next says what is wrong */
         || has_same_shape (device, &set);
}

gboolean
assay_v4l2_read_format_again (AssayDevice *device)
{
  struct v4l2_format set = { .type = device->type };
  if (assay_v4l2_call (device->fd, VIDIOC_G_FMT, &set) < 0)
    return TRUE;
  if (!has_same_shape (device, &set))
    return FALSE;
  gsize room = device->format.max_bytes;
  assay_v4l2_take_format (device, &set);
  device->format.max_bytes = room;
  return TRUE;
}

/* --- input and signal ---------------------------------------------------------------------------------------- */

int
assay_v4l2_follow_signal (int fd)
{
  struct v4l2_dv_timings timings = { 0 };
  if (assay_v4l2_call (fd, VIDIOC_QUERY_DV_TIMINGS, &timings) < 0)
    return errno;
  return assay_v4l2_call (fd, VIDIOC_S_DV_TIMINGS, &timings) < 0 ? errno : 0;
}

static gboolean
fail_signal (AssayDevice *device, const struct v4l2_input *input, int errnum, GError **error)
{
  const char *why = errnum == ENOLINK  ? "no signal: nothing is connected or it is switched off; check the cable"
                    : errnum == ENOLCK ? "the signal is there but unstable; check the cable, or let the other end "
                                         "send a lower resolution"
                    : errnum == ERANGE ? "the signal is beyond what this input can take; let the other end send a "
                                         "lower resolution or rate"
                                       : NULL;
  g_autofree char *name = g_utf8_make_valid ((const char *) input->name, -1);
  g_autofree char *doing = g_strdup_printf ("looking at the signal at input %u (%s) of", input->index, name);
  if (why == NULL)
    return assay_v4l2_fail_device (device, doing, errnum, error);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "%s %s (%s): %s", doing, device->id, device->node, why);
  return FALSE;
}

static gboolean
choose_input (AssayDevice *device, gint64 wanted, GError **error)
{
  int index;
  if (assay_v4l2_call (device->fd, VIDIOC_G_INPUT, &index) < 0)
    return wanted < 0 || assay_v4l2_fail_device (device, "choosing an input of", errno, error);
  if (wanted >= 0 && wanted != index)
    {
      index = (int) wanted;
      if (assay_v4l2_call (device->fd, VIDIOC_S_INPUT, &index) < 0)
        {
          if (errno == EINVAL)
            {
              g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           "choosing input %d of %s: it has none of that number; `assay devices --json` lists them",
                           index, device->id);
              return FALSE;
            }
          return assay_v4l2_fail_device (device, "choosing an input of", errno, error);
        }
    }
  struct v4l2_input input = { .index = (guint32) index };
  if (assay_v4l2_call (device->fd, VIDIOC_ENUMINPUT, &input) < 0)
    return TRUE;
  if (input.capabilities & V4L2_IN_CAP_DV_TIMINGS)
    {
      int errnum = assay_v4l2_follow_signal (device->fd);
      return errnum == 0 || errnum == ENOTTY || errnum == ENODATA || fail_signal (device, &input, errnum, error);
    }
  v4l2_std_id standard = 0; /* an analogue signal tells its own, or stays as it stands */
  if (input.capabilities & V4L2_IN_CAP_STD && assay_v4l2_call (device->fd, VIDIOC_QUERYSTD, &standard) == 0
      && standard != 0)
    assay_v4l2_call (device->fd, VIDIOC_S_STD, &standard);
  return TRUE;
}

/* --- format and rate ----------------------------------------------------------------------------------------- */

static void
put_wish (struct v4l2_format *set, gboolean planar, guint32 fourcc, guint width, guint height)
{
  if (planar)
    {
      set->fmt.pix_mp.pixelformat = fourcc != 0 ? fourcc : set->fmt.pix_mp.pixelformat;
      set->fmt.pix_mp.width = width != 0 ? width : set->fmt.pix_mp.width;
      set->fmt.pix_mp.height = height != 0 ? height : set->fmt.pix_mp.height;
      memset (set->fmt.pix_mp.plane_fmt, 0, sizeof set->fmt.pix_mp.plane_fmt);
      return;
    }
  set->fmt.pix.pixelformat = fourcc != 0 ? fourcc : set->fmt.pix.pixelformat;
  set->fmt.pix.width = width != 0 ? width : set->fmt.pix.width;
  set->fmt.pix.height = height != 0 ? height : set->fmt.pix.height;
  set->fmt.pix.bytesperline = set->fmt.pix.sizeimage = 0;
  set->fmt.pix.priv = V4L2_PIX_FMT_PRIV_MAGIC; /* else the colour fields mean nothing */
}

/* The format as it stands when pictures can be made of it, else the first listed that can. */
static guint32
choose_fourcc (AssayDevice *device)
{
  if (assay_colour_supports (&device->format.pixels, NULL))
    return 0;
  struct v4l2_fmtdesc listed = { .type = device->type };
  for (; listed.index < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (device->fd, VIDIOC_ENUM_FMT, &listed) == 0;
       listed.index++)
    {
      AssayPixelFormat format = { .fourcc = listed.pixelformat };
      if (assay_colour_supports (&format, NULL))
        return listed.pixelformat;
    }
  return 0;
}

static gboolean
negotiate_format (AssayDevice *device, const AssayOptions *values, GError **error)
{
  const char *size = assay_options_get_string (values, "size"),
             *letters = assay_options_get_string (values, "format");
  guint width = 0, height = 0;
  guint32 fourcc = 0;
  if ((size != NULL && !assay_size_parse (size, &width, &height, error))
      || (letters != NULL && !assay_fourcc_parse (letters, &fourcc, error)))
    return FALSE;
  struct v4l2_format set = { .type = device->type };
  if (assay_v4l2_call (device->fd, VIDIOC_G_FMT, &set) < 0)
    return assay_v4l2_fail_device (device, "asking for the format of", errno, error);
  assay_v4l2_take_format (device, &set);
  guint32 wished = letters != NULL ? fourcc : choose_fourcc (device);
  if (width != 0) /* a camera that takes any size on a step is given the nearest one */
    assay_v4l2_snap_size (device->fd, wished != 0 ? wished : device->format.pixels.fourcc, &width, &height);
  put_wish (&set, device->planar, wished, width, height);
  if (assay_v4l2_call (device->fd, VIDIOC_S_FMT, &set) < 0)
    return assay_v4l2_fail_device (device, "setting the format of", errno, error);
  assay_v4l2_take_format (device, &set);
  const AssayPixelFormat *got = &device->format.pixels;
  if ((width == 0 || (got->width_px == width && got->height_px == height))
      && (fourcc == 0 || got->fourcc == fourcc))
    return TRUE;
  char text[ASSAY_FOURCC_TEXT_SIZE];
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "setting the format of %s: it gives %s %ux%u instead; choose a format and size that `assay "
               "devices` lists",
               device->id, assay_fourcc_to_text (got->fourcc, text), got->width_px, got->height_px);
  return FALSE;
}

/* After S_FMT, which may change the interval; a camera without S_PARM keeps its own. */
static void
negotiate_fps (AssayDevice *device, double fps)
{
  struct v4l2_streamparm parm = { .type = device->type };
  device->wanted_fps = fps;
  if (assay_v4l2_call (device->fd, VIDIOC_G_PARM, &parm) < 0)
    return;
  if (fps > 0 && parm.parm.capture.capability & V4L2_CAP_TIMEPERFRAME)
    {
      parm.parm.capture.timeperframe = (struct v4l2_fract){ 1000, (guint32) lround (fps * 1000) };
      assay_v4l2_call (device->fd, VIDIOC_S_PARM, &parm);
    }
  struct v4l2_fract period = parm.parm.capture.timeperframe;
  device->format.fps = period.numerator > 0 ? (double) period.denominator / period.numerator : 0;
}

/* --- opening ------------------------------------------------------------------------------------------------- */

static AssayDevice *
new_device (const char *device_id, const AssayV4l2Node *node)
{
  AssayDevice *device = g_new0 (AssayDevice, 1);
  device->id = g_strdup (device_id);
  device->node = g_strdup (node->node);
  assay_identity_copy (&node->identity, &device->identity);
  device->type = node->planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
  device->planar = node->planar;
  device->lent = -1;
  device->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  device->fd = device->control_fd = -1;
  return device;
}

static gboolean
set_up (AssayDevice *device, const AssayOptions *values, GError **error)
{
  device->fd = assay_v4l2_io ()->open (device->node);
  if (device->fd < 0)
    return assay_v4l2_fail_device (device, "opening", errno, error);
  /* The number may have gone to another camera since it was looked at. */
  if (!assay_v4l2_is_still (device->node, &device->identity))
    return assay_v4l2_fail_device (device, "opening", ENODEV, error);
  if (!choose_input (device, assay_options_get_int (values, "input"), error)
      || !negotiate_format (device, values, error))
    return FALSE;
  negotiate_fps (device, assay_options_get_double (values, "fps"));
  device->patience_ns = (gint64) (assay_options_get_double (values, "patience") * 1e9);
  device->control_fd = assay_v4l2_io ()->open (device->node);
  if (device->control_fd < 0) /* a driver that lets itself be opened once */
    device->control_fd = device->fd;
  device->watch = assay_v4l2_watch_new (device->control_fd, device->control_fd != device->fd);
  return TRUE;
}

AssayDevice *
assay_v4l2_open (const char *device_id, const AssayOptions *values, GError **error)
{
  g_autoptr (GString) wrongs = g_string_new (NULL);
  g_autoptr (GPtrArray) nodes = assay_v4l2_list_nodes (wrongs);
  const AssayV4l2Node *node = assay_v4l2_find_node (nodes, device_id);
  if (node == NULL && assay_v4l2_is_ambiguous (nodes, device_id))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                   "opening %s: several cameras with the same serial number are plugged in; choose one by its place, "
                   "as `assay devices` lists them",
                   device_id);
      return NULL;
    }
  if (node == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "opening %s: no such camera is plugged in%s%s; `assay devices` lists those that are", device_id,
                   wrongs->len > 0 ? ", but " : "", wrongs->str);
      return NULL;
    }
  AssayDevice *device = new_device (device_id, node);
  g_autoptr (GError) wrong = NULL;
  if (set_up (device, values, &wrong))
    return device;
  assay_v4l2_close (device);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

void
assay_v4l2_close (AssayDevice *device)
{
  if (device == NULL)
    return;
  if (device->fd >= 0)
    assay_v4l2_end (device);
  assay_v4l2_watch_free (device->watch);
  if (device->control_fd >= 0 && device->control_fd != device->fd)
    assay_v4l2_io ()->close (device->control_fd);
  if (device->fd >= 0)
    assay_v4l2_io ()->close (device->fd);
  if (device->wake_fd >= 0)
    close (device->wake_fd);
  assay_identity_clear (&device->identity);
  g_free (device->id);
  g_free (device->node);
  g_free (device);
}
