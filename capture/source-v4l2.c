/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/source-v4l2.c - cameras by Video4Linux, with the driver's own formats: nothing is converted on the way.
 *
 * Opening a node changes nothing; only S_FMT and what follows do, in the order input, S_FMT, S_PARM, controls,
 * REQBUFS, STREAMON, and only what they return is believed. Rules: the kernel's userspace-api/media/v4l. */
#include "capture/source.h"

#include "core/colour.h"
#include "capture/v4l2.h"
#include "core/clock.h"
#include "core/error.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#define WANTED_BUFFERS 16 /* half a second at 30 fps; the driver may give fewer */
#define MOST_IO_ERRORS 16 /* in a row, before the stream is given up */

static const AssayOption options[] = {
  { "size", ASSAY_OPTION_STRING, NULL, 0, 0, NULL,
    "width and height in pixels, 640x480; not set: as the camera stands" },
  { "fps", ASSAY_OPTION_DOUBLE, "0", 0, 1000, NULL, "frames a second; 0: as the camera stands" },
  { "format", ASSAY_OPTION_STRING, NULL, 0, 0, NULL,
    "the camera's pixel format by its four letters, MJPG; not set: as it stands" },
  { NULL },
};

typedef struct
{
  void *planes[VIDEO_MAX_PLANES];
  gsize bytes[VIDEO_MAX_PLANES];
} Buffer;

struct _AssayDevice
{
  char *id, *node;
  int fd, wake_fd;
  enum v4l2_buf_type type;
  gboolean planar; /* VIDEO_CAPTURE_MPLANE */
  AssayStreamFormat format;
  guint n_planes;
  gsize least_bytes; /* of an uncompressed frame; 0 = any */
  guint n_buffers;
  Buffer buffers[VIDEO_MAX_FRAME];
  int lent;         /* index of the buffer that the last frame lies in; -1 = none */
  guint8 *gathered; /* planes one after the other, when there are several */
  guint io_errors;
  gboolean streaming;
};

static gboolean
probe (GPtrArray *infos, GError **error)
{
  g_autoptr (GString) wrongs = g_string_new (NULL);
  g_autoptr (GPtrArray) nodes = assay_v4l2_list_nodes (wrongs);
  for (guint i = 0; i < nodes->len; i++)
    {
      const AssayV4l2Node *node = nodes->pdata[i];
      int fd = open (node->node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
      if (fd < 0)
        continue; /* unplugged since */
      AssayDeviceInfo *info = g_new0 (AssayDeviceInfo, 1);
      info->kind = ASSAY_DEVICE_CAMERA;
      info->id = g_strdup (node->id);
      info->name = g_strdup (node->name);
      info->details
          = json_pack ("{s:s, s:s, s:o, s:o, s:o}", "node", node->node, "bus", node->bus, "hardware",
                       assay_identity_to_json (&node->identity), "formats",
                       assay_v4l2_list_formats (fd, node->planar), "controls", assay_v4l2_list_controls (fd));
      g_ptr_array_add (infos, info);
      close (fd);
    }
  if (wrongs->len == 0)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, wrongs->str);
  return FALSE;
}

static gboolean
fail (const AssayDevice *device, const char *doing, int errnum, GError **error)
{
  return assay_v4l2_fail (device->id, device->node, doing, errnum, error);
}

static json_t *
get_controls (AssayDevice *device)
{
  return assay_v4l2_read_controls (device->fd);
}

static gboolean
set_control (AssayDevice *device, const char *name, const char *text, GError **error)
{
  return assay_v4l2_set_control (device->fd, device->id, device->node, name, text, error);
}

/* --- opening ----------------------------------------------------------------------------------------------------
 */

static void
close_device (AssayDevice *device)
{
  if (device == NULL)
    return;
  if (device->streaming)
    assay_v4l2_call (device->fd, VIDIOC_STREAMOFF, &device->type);
  for (guint i = 0; i < device->n_buffers; i++)
    for (guint p = 0; p < device->n_planes; p++)
      if (device->buffers[i].planes[p] != NULL)
        munmap (device->buffers[i].planes[p], device->buffers[i].bytes[p]);
  if (device->fd >= 0)
    close (device->fd);
  if (device->wake_fd >= 0)
    close (device->wake_fd);
  g_free (device->gathered);
  g_free (device->id);
  g_free (device->node);
  g_free (device);
}

static void
take_format (AssayDevice *device, const struct v4l2_format *set)
{
  AssayStreamFormat *format = &device->format;
  gboolean compressed;
  if (device->planar)
    {
      const struct v4l2_pix_format_mplane *pix = &set->fmt.pix_mp;
      format->max_bytes = 0;
      device->n_planes = CLAMP (pix->num_planes, 1, VIDEO_MAX_PLANES);
      for (guint p = 0; p < device->n_planes; p++)
        format->max_bytes += pix->plane_fmt[p].sizeimage;
      *format = (AssayStreamFormat){ .max_bytes = format->max_bytes,
                                     .pixels = { .fourcc = pix->pixelformat,
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
      *format = (AssayStreamFormat){ .max_bytes = pix->sizeimage,
                                     .pixels = { .fourcc = pix->pixelformat,
                                                 .width_px = pix->width,
                                                 .height_px = pix->height,
                                                 .bytes_per_line = pix->bytesperline,
                                                 .colorspace = pix->colorspace,
                                                 .ycbcr_encoding = pix->ycbcr_enc,
                                                 .quantization = pix->quantization,
                                                 .transfer = pix->xfer_func } };
    }
  compressed = assay_colour_is_jpeg (format->pixels.fourcc) || format->pixels.bytes_per_line == 0;
  device->least_bytes = compressed ? 0 : (gsize) format->pixels.bytes_per_line * format->pixels.height_px;
}

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
    return fail (device, "asking for the format of", errno, error);
  take_format (device, &set);
  put_wish (&set, device->planar, letters != NULL ? fourcc : choose_fourcc (device), width, height);
  if (assay_v4l2_call (device->fd, VIDIOC_S_FMT, &set) < 0)
    return fail (device, "setting the format of", errno, error);
  take_format (device, &set);
  const AssayStreamFormat *got = &device->format;
  if ((width != 0 && (got->pixels.width_px != width || got->pixels.height_px != height))
      || (fourcc != 0 && got->pixels.fourcc != fourcc))
    {
      char text[ASSAY_FOURCC_TEXT_SIZE];
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "setting the format of %s: it gives %s %ux%u instead; choose a format and size that `assay "
                   "devices` lists",
                   device->id, assay_fourcc_to_text (got->pixels.fourcc, text), got->pixels.width_px,
                   got->pixels.height_px);
      return FALSE;
    }
  return TRUE;
}

/* After S_FMT, which may change the interval; a camera without S_PARM keeps its own. */
static void
negotiate_fps (AssayDevice *device, double fps)
{
  struct v4l2_streamparm parm = { .type = device->type };
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

static const AssayV4l2Node *
find_node (const GPtrArray *nodes, const char *device_id)
{
  for (guint i = 0; i < nodes->len; i++)
    if (g_str_equal (((AssayV4l2Node *) nodes->pdata[i])->id, device_id))
      return nodes->pdata[i];
  return NULL;
}

static AssayDevice *
open_device (const char *device_id, const AssayOptions *values, GError **error)
{
  g_autoptr (GString) wrongs = g_string_new (NULL);
  g_autoptr (GPtrArray) nodes = assay_v4l2_list_nodes (wrongs);
  const AssayV4l2Node *node = find_node (nodes, device_id);
  if (node == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "opening %s: no such camera is plugged in%s%s; `assay devices` lists those that are", device_id,
                   wrongs->len > 0 ? ", but " : "", wrongs->str);
      return NULL;
    }
  AssayDevice *device = g_new0 (AssayDevice, 1);
  device->id = g_strdup (device_id);
  device->node = g_strdup (node->node);
  device->type = node->planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE;
  device->planar = node->planar;
  device->lent = -1;
  device->wake_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  device->fd = open (node->node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (device->fd < 0)
    fail (device, "opening", errno, error);
  if (device->fd < 0 || !negotiate_format (device, values, error))
    {
      close_device (device);
      return NULL;
    }
  negotiate_fps (device, assay_options_get_double (values, "fps"));
  return device;
}

static const AssayStreamFormat *
get_format (const AssayDevice *device)
{
  return &device->format;
}

/* --- streaming --------------------------------------------------------------------------------------------------
 */

static void
describe (AssayDevice *device, struct v4l2_buffer *buffer, struct v4l2_plane planes[VIDEO_MAX_PLANES], guint index)
{
  *buffer = (struct v4l2_buffer){ .index = index, .type = device->type, .memory = V4L2_MEMORY_MMAP };
  if (!device->planar)
    return;
  memset (planes, 0, VIDEO_MAX_PLANES * sizeof *planes);
  buffer->m.planes = planes;
  buffer->length = device->n_planes;
}

static gboolean
map_buffer (AssayDevice *device, guint index, GError **error)
{
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  describe (device, &buffer, planes, index);
  if (assay_v4l2_call (device->fd, VIDIOC_QUERYBUF, &buffer) < 0)
    return fail (device, "asking for the buffers of", errno, error);
  for (guint p = 0; p < device->n_planes; p++)
    {
      gsize bytes = device->planar ? planes[p].length : buffer.length;
      off_t at = device->planar ? planes[p].m.mem_offset : buffer.m.offset;
      void *data = mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, device->fd, at);
      if (data == MAP_FAILED)
        return fail (device, "mapping the buffers of", errno, error);
      device->buffers[index].planes[p] = data;
      device->buffers[index].bytes[p] = bytes;
    }
  return TRUE;
}

static gboolean
queue (AssayDevice *device, guint index)
{
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  describe (device, &buffer, planes, index);
  return assay_v4l2_call (device->fd, VIDIOC_QBUF, &buffer) == 0;
}

/* Controls may change the colour space, which is well, and the size, for which the rings are not made. */
static gboolean
read_format_again (AssayDevice *device, GError **error)
{
  AssayStreamFormat before = device->format;
  struct v4l2_format set = { .type = device->type };
  if (assay_v4l2_call (device->fd, VIDIOC_G_FMT, &set) < 0)
    return fail (device, "asking for the format of", errno, error);
  take_format (device, &set);
  device->format.fps = before.fps;
  if (device->format.pixels.width_px == before.pixels.width_px
      && device->format.pixels.height_px == before.pixels.height_px
      && device->format.pixels.fourcc == before.pixels.fourcc && device->format.max_bytes <= before.max_bytes)
    return TRUE;
  device->format = before;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE,
               "starting %s: its format has changed since it was opened; leave out the control that changes it, or "
               "set it first and "
               "open the camera again",
               device->id);
  return FALSE;
}

static gboolean
start (AssayDevice *device, GError **error)
{
  if (!read_format_again (device, error))
    return FALSE;
  struct v4l2_requestbuffers request
      = { .count = WANTED_BUFFERS, .type = device->type, .memory = V4L2_MEMORY_MMAP };
  if (assay_v4l2_call (device->fd, VIDIOC_REQBUFS, &request) < 0)
    return fail (device, "asking for buffers of", errno, error);
  if (request.count < 2)
    return fail (device, "asking for buffers of", ENOMEM, error);
  device->n_buffers = MIN (request.count, VIDEO_MAX_FRAME);
  device->gathered = device->n_planes > 1 ? g_malloc (device->format.max_bytes) : NULL;
  for (guint i = 0; i < device->n_buffers; i++)
    {
      if (!map_buffer (device, i, error))
        return FALSE;
      if (!queue (device, i))
        return fail (device, "queueing a buffer of", errno, error);
    }
  enum v4l2_priority priority = V4L2_PRIORITY_RECORD; /* other programs' panels change nothing while we record */
  assay_v4l2_call (device->fd, VIDIOC_S_PRIORITY, &priority);
  struct v4l2_event_subscription changes = { .type = V4L2_EVENT_SOURCE_CHANGE };
  assay_v4l2_call (device->fd, VIDIOC_SUBSCRIBE_EVENT, &changes);
  if (assay_v4l2_call (device->fd, VIDIOC_STREAMON, &device->type) < 0)
    return fail (device, "starting", errno, error);
  device->streaming = TRUE;
  return TRUE;
}

/* TRUE when the signal's size or timing has changed: the stream must be set up anew. */
static gboolean
source_changed (AssayDevice *device)
{
  gboolean changed = FALSE;
  struct v4l2_event event = { 0 };
  while (assay_v4l2_call (device->fd, VIDIOC_DQEVENT, &event) == 0)
    changed |= event.type == V4L2_EVENT_SOURCE_CHANGE && event.u.src_change.changes & V4L2_EVENT_SRC_CH_RESOLUTION;
  return changed;
}

static gsize
gather (AssayDevice *device, const struct v4l2_buffer *buffer, const struct v4l2_plane *planes,
        const guint8 **ret_data)
{
  const Buffer *mapped = &device->buffers[buffer->index];
  *ret_data = mapped->planes[0];
  if (!device->planar)
    return MIN (buffer->bytesused, mapped->bytes[0]);
  gsize n = 0;
  for (guint p = 0; p < device->n_planes; p++)
    {
      gsize skip = MIN (planes[p].data_offset, planes[p].bytesused);
      gsize bytes = MIN (planes[p].bytesused, mapped->bytes[p]) - skip;
      const guint8 *from = (const guint8 *) mapped->planes[p] + skip;
      if (device->gathered == NULL)
        *ret_data = from;
      else
        memcpy (device->gathered + n, from, MIN (bytes, device->format.max_bytes - n));
      n = MIN (n + bytes, device->format.max_bytes);
    }
  if (device->gathered != NULL)
    *ret_data = device->gathered;
  return n;
}

static int
dequeue (AssayDevice *device, AssayFrame *ret_frame)
{
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  describe (device, &buffer, planes, 0);
  if (assay_v4l2_call (device->fd, VIDIOC_DQBUF, &buffer) < 0)
    {
      /* EIO may pass: a lost signal, one bad transfer. */
      if (errno == EIO && ++device->io_errors < MOST_IO_ERRORS)
        return -EAGAIN;
      return -errno;
    }
  device->io_errors = 0;
  device->lent = (int) buffer.index;
  const guint8 *data;
  gsize n_bytes = gather (device, &buffer, planes, &data);
  *ret_frame = (AssayFrame){
    .data = data,
    .n_bytes = n_bytes,
    .sequence = buffer.sequence,
    .stamp_ns = buffer.timestamp.tv_sec * G_GINT64_CONSTANT (1000000000)
                + buffer.timestamp.tv_usec * G_GINT64_CONSTANT (1000),
    .arrived_ns = assay_clock_now_ns (),
    .raw_flags = buffer.flags,
    .flags = (buffer.flags & V4L2_BUF_FLAG_ERROR ? ASSAY_FRAME_ERROR : 0)
             | (n_bytes == 0 || n_bytes < device->least_bytes ? ASSAY_FRAME_SHORT : 0),
  };
  return 0;
}

static int
next (AssayDevice *device, int timeout_ms, AssayFrame *ret_frame)
{
  if (device->lent >= 0)
    {
      int index = device->lent;
      device->lent = -1;
      if (!queue (device, (guint) index))
        return -errno;
    }
  struct pollfd ready[2]
      = { { .fd = device->fd, .events = POLLIN | POLLPRI }, { .fd = device->wake_fd, .events = POLLIN } };
  int n = poll (ready, 2, timeout_ms);
  if (n < 0)
    return -errno;
  if (n == 0)
    return -EAGAIN;
  if (ready[1].revents != 0)
    return -EINTR;
  if (ready[0].revents & POLLPRI && source_changed (device))
    return -ESTALE;
  /* POLLERR too: DQBUF says what is wrong. */
  return ready[0].revents & ~POLLPRI ? dequeue (device, ret_frame) : -EAGAIN;
}

static void
wake (AssayDevice *device)
{
  guint64 once = 1;
  (void) !write (device->wake_fd, &once, sizeof once);
}

const AssaySource assay_source_v4l2 = {
  .id = "v4l2",
  .title = "Cameras (Video4Linux)",
  .options = options,
  .probe = probe,
  .open = open_device,
  .get_format = get_format,
  .start = start,
  .next = next,
  .wake = wake,
  .set_control = set_control,
  .get_controls = get_controls,
  .close = close_device,
};
