/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/v4l2-buffers.c - the memory that a camera's driver fills: mapped, queued, kept for whoever still reads a
 * frame. */
#include "capture/v4l2-device.h"
#include "capture/v4l2-io.h"

#include <errno.h>
#include <string.h>

void
assay_v4l2_describe_buffer (const AssayDevice *device, struct v4l2_buffer *buffer,
                            struct v4l2_plane planes[VIDEO_MAX_PLANES], guint index)
{
  *buffer = (struct v4l2_buffer){ .index = index, .type = device->type, .memory = V4L2_MEMORY_MMAP };
  if (!device->planar)
    return;
  memset (planes, 0, VIDEO_MAX_PLANES * sizeof *planes);
  buffer->m.planes = planes;
  buffer->length = device->n_planes;
}

gboolean
assay_v4l2_map_buffer (AssayDevice *device, guint index, GError **error)
{
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  assay_v4l2_describe_buffer (device, &buffer, planes, index);
  if (assay_v4l2_call (device->fd, VIDIOC_QUERYBUF, &buffer) < 0)
    return assay_v4l2_fail_device (device, "asking for the buffers of", errno, error);
  for (guint p = 0; p < device->n_planes; p++)
    {
      gsize bytes = device->planar ? planes[p].length : buffer.length;
      gint64 at = device->planar ? planes[p].m.mem_offset : buffer.m.offset;
      void *data = assay_v4l2_io ()->mmap (bytes, device->fd, at);
      if (data == NULL)
        return assay_v4l2_fail_device (device, "mapping the buffers of", errno, error);
      device->buffers[index].planes[p] = data;
      device->buffers[index].bytes[p] = bytes;
    }
  return TRUE;
}

/* Unmapped before REQBUFS (0), which is refused else. */
void
assay_v4l2_free_buffers (AssayDevice *device)
{
  for (guint i = 0; i < device->n_buffers; i++)
    for (guint p = 0; p < device->n_planes; p++)
      if (device->buffers[i].planes[p] != NULL)
        assay_v4l2_io ()->munmap (device->buffers[i].planes[p], device->buffers[i].bytes[p]);
  memset (device->buffers, 0, sizeof device->buffers);
  struct v4l2_requestbuffers none = { .type = device->type, .memory = V4L2_MEMORY_MMAP };
  if (device->n_buffers > 0)
    assay_v4l2_call (device->fd, VIDIOC_REQBUFS, &none);
  device->n_buffers = 0;
  atomic_store (&device->released, 0);
  g_clear_pointer (&device->gathered, g_free);
}

int
assay_v4l2_queue (AssayDevice *device, guint index)
{
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  assay_v4l2_describe_buffer (device, &buffer, planes, index);
  device->buffers[index].queued = assay_v4l2_call (device->fd, VIDIOC_QBUF, &buffer) == 0;
  return device->buffers[index].queued ? 0 : -errno;
}

guint
assay_v4l2_count_queued (const AssayDevice *device)
{
  guint n = 0;
  for (guint i = 0; i < device->n_buffers; i++)
    n += device->buffers[i].queued;
  return n;
}

gsize
assay_v4l2_gather (AssayDevice *device, const struct v4l2_buffer *buffer, const struct v4l2_plane *planes,
                   const guint8 **ret_data)
{
  const AssayV4l2Buffer *mapped = &device->buffers[buffer->index];
  *ret_data = mapped->planes[0];
  if (!device->planar)
    return MIN (buffer->bytesused, mapped->bytes[0]);
  gsize n = 0;
  for (guint p = 0; p < device->n_planes; p++)
    {
      gsize used = MIN (planes[p].bytesused, mapped->bytes[p]), skip = MIN (planes[p].data_offset, used);
      const guint8 *from = (const guint8 *) mapped->planes[p] + skip;
      if (device->gathered == NULL)
        *ret_data = from;
      else
        memcpy (device->gathered + n, from, MIN (used - skip, device->format.max_bytes - n));
      n = MIN (n + used - skip, device->format.max_bytes);
    }
  if (device->gathered != NULL)
    *ret_data = device->gathered;
  return n;
}

/* Three quarters stay with the driver: what it has is the time for which our thread may be late. Planes that were
 * put together lie in memory that the next frame needs. */
int
assay_v4l2_keep (AssayDevice *device)
{
  int index = device->lent;
  guint least = MAX (device->n_buffers * 3 / 4, ASSAY_V4L2_LEAST_QUEUED);
  if (index < 0 || device->gathered != NULL || assay_v4l2_count_queued (device) < least)
    return -1;
  device->buffers[index].kept = TRUE;
  device->lent = -1;
  return index;
}

void
assay_v4l2_release (AssayDevice *device, int number)
{
  atomic_fetch_or (&device->released, G_GUINT64_CONSTANT (1) << number);
}
