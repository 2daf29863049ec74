/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/v4l2-stream.c - buffers of a camera, and what is done when they do not come: whatever may pass is counted
 * and waited for, then the stream is started again, a few times; only then is the device given up. */
#include "capture/v4l2-device.h"
#include "capture/v4l2-io.h"

#include "core/clock.h"
#include "core/error.h"

#include <errno.h>
#include <string.h>

#define WANTED_BUFFERS 16 /* half a second at 30 fps; the driver may give fewer */
#define MOST_ERRORS 8   /* in a row, before the stream is started again */
#define MOST_RESTARTS 4 /* in a row, before the device is given up */
#define BREATH_MS 10    /* between errors, so that a driver that fails at once is not asked a million times */
#define WARMING 2         /* times that patience until the first frame: sensors warm up */
#define PATIENCE_PERIODS 10

static gboolean
is_gone (int errnum)
{
  return errnum == ENODEV || errnum == ENXIO || errnum == ESHUTDOWN || errnum == EBADF;
}

static int
stream_on (AssayDevice *device)
{
  if (assay_v4l2_call (device->fd, VIDIOC_STREAMON, &device->type) < 0)
    return -errno;
  device->streaming = TRUE;
  device->begun = FALSE;
  device->heard_ns = assay_clock_now_ns ();
  return 0;
}

static gboolean
start_in_steps (AssayDevice *device, GError **error)
{
  struct v4l2_requestbuffers request
      = { .count = WANTED_BUFFERS, .type = device->type, .memory = V4L2_MEMORY_MMAP };
  if (assay_v4l2_call (device->fd, VIDIOC_REQBUFS, &request) < 0)
    return assay_v4l2_fail_device (device, "asking for buffers of", errno, error);
  device->n_buffers = MIN (request.count, VIDEO_MAX_FRAME);
  if (request.count < ASSAY_V4L2_LEAST_QUEUED)
    return assay_v4l2_fail_device (device, "asking for buffers of", ENOMEM, error);
  device->gathered = device->n_planes > 1 ? g_malloc (device->format.max_bytes) : NULL;
  int queued = 0;
  for (guint i = 0; i < device->n_buffers; i++)
    {
      if (!assay_v4l2_map_buffer (device, i, error))
        return FALSE;
      int wrong = assay_v4l2_queue (device, i);
      atomic_fetch_add (&device->n_queue_errors, wrong != 0);
      queued = wrong != 0 ? wrong : queued;
    }
  /* One that the driver does not take is no loss yet. */
  if (is_gone (-queued) || assay_v4l2_count_queued (device) < ASSAY_V4L2_LEAST_QUEUED)
    return assay_v4l2_fail_device (device, "queueing a buffer of", -queued, error);
  struct v4l2_event_subscription changes = { .type = V4L2_EVENT_SOURCE_CHANGE };
  assay_v4l2_call (device->fd, VIDIOC_SUBSCRIBE_EVENT, &changes);
  int started = stream_on (device);
  return started == 0 || assay_v4l2_fail_device (device, "starting", -started, error);
}

/* Other programs' panels change nothing while we record. */
static void
claim (AssayDevice *device, enum v4l2_priority priority)
{
  assay_v4l2_call (device->fd, VIDIOC_S_PRIORITY, &priority);
}

gboolean
assay_v4l2_start (AssayDevice *device, GError **error)
{
  if (!assay_v4l2_read_format_again (device))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE,
                   "starting %s: its format has changed since it was opened; leave out the control that changes "
                   "it, or set it first and open the camera again",
                   device->id);
      return FALSE;
    }
  claim (device, V4L2_PRIORITY_RECORD);
  device->errors = device->restarts = 0;
  if (start_in_steps (device, error))
    return TRUE;
  assay_v4l2_end (device);
  return FALSE;
}

void
assay_v4l2_end (AssayDevice *device)
{
  if (device->streaming)
    assay_v4l2_call (device->fd, VIDIOC_STREAMOFF, &device->type);
  device->streaming = FALSE;
  device->lent = -1;
  assay_v4l2_free_buffers (device);
  claim (device, V4L2_PRIORITY_DEFAULT);
}

/* --- the device's thread: no allocation, no lock, no error object -------------------------------------------- */

/* -EINTR when woken meanwhile. */
static int
pause_for (AssayDevice *device, int ms)
{
  struct pollfd woken = { .fd = device->wake_fd, .events = POLLIN };
  return assay_v4l2_io ()->poll (&woken, 1, ms) > 0 ? -EINTR : -EAGAIN;
}

/* STREAMOFF throws away what was not fetched, and with it a driver's error; the sequence counts from 0 again. */
static int
restart (AssayDevice *device, int why)
{
  if (device->streaming)
    device->why = why;
  if (device->restarts++ >= MOST_RESTARTS)
    return -device->why;
  atomic_fetch_add (&device->n_restarts, 1);
  device->streaming = FALSE;
  device->errors = 0;
  device->restarted = TRUE;
  if (assay_v4l2_call (device->fd, VIDIOC_STREAMOFF, &device->type) < 0 && is_gone (errno))
    return -ENODEV;
  for (guint i = 0; i < device->n_buffers; i++)
    device->buffers[i].queued = FALSE;
  device->lent = -1;
  if (!assay_v4l2_format_holds (device))
    return -ESTALE;
  for (guint i = 0; i < device->n_buffers; i++)
    {
      int queued = device->buffers[i].kept ? 0 : assay_v4l2_queue (device, i);
      if (is_gone (-queued))
        return -ENODEV;
      if (queued != 0)
        atomic_fetch_add (&device->n_queue_errors, 1);
    }
  int started = stream_on (device);
  return is_gone (-started) ? -ENODEV : -EAGAIN; /* not started: next() tries again */
}

/* What may pass: counted, a breath, and after a few of them the stream is started again. */
static int
endure (AssayDevice *device, atomic_uint *counter, int why)
{
  if (is_gone (why))
    return -ENODEV;
  atomic_fetch_add (counter, 1);
  if (++device->errors >= MOST_ERRORS)
    return restart (device, why);
  return pause_for (device, BREATH_MS);
}

static gboolean
is_frozen (const AssayDevice *device)
{
  if (device->patience_ns == 0)
    return FALSE;
  gint64 period_ns = device->format.fps > 0 ? (gint64) (1e9 / device->format.fps) : 0;
  gint64 patience_ns = MAX (device->patience_ns, PATIENCE_PERIODS * period_ns);
  if (!device->begun)
    patience_ns *= WARMING;
  return assay_clock_now_ns () - device->heard_ns > patience_ns;
}

/* The signal changed, or seems the same: the stream must be started anew either way. */
static int
follow_change (AssayDevice *device)
{
  gboolean changed = FALSE;
  struct v4l2_event event = { 0 };
  for (guint i = 0; i < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (device->fd, VIDIOC_DQEVENT, &event) == 0; i++)
    changed |= event.type == V4L2_EVENT_SOURCE_CHANGE;
  if (!changed)
    return 0;
  if (assay_v4l2_follow_signal (device->fd) == EBUSY) /* other timings, and buffers of the old ones */
    return -ESTALE;
  return restart (device, ESTALE);
}

static void
note_frame (AssayDevice *device, AssayFrame *frame)
{
  if (!device->begun)
    atomic_store (&device->stamp_flags,
                  frame->raw_flags & (V4L2_BUF_FLAG_TIMESTAMP_MASK | V4L2_BUF_FLAG_TSTAMP_SRC_MASK));
  if (device->restarted)
    frame->flags |= ASSAY_FRAME_RESTARTED;
  device->begun = TRUE;
  device->restarted = FALSE;
  device->heard_ns = frame->arrived_ns;
  device->errors = 0;
  if (frame->flags & ASSAY_FRAME_ERROR)
    atomic_fetch_add (&device->n_flagged, 1);
  else
    device->restarts = 0;
  if (frame->flags & ASSAY_FRAME_SHORT)
    atomic_fetch_add (&device->n_short, 1);
}

static int
dequeue (AssayDevice *device, gboolean poll_error, AssayFrame *ret_frame)
{
  struct v4l2_buffer buffer;
  struct v4l2_plane planes[VIDEO_MAX_PLANES];
  assay_v4l2_describe_buffer (device, &buffer, planes, 0);
  if (assay_v4l2_call (device->fd, VIDIOC_DQBUF, &buffer) < 0)
    {
      if (errno == EAGAIN && !poll_error)
        return -EAGAIN;
      if (errno == EPIPE)
        return -ENODATA;
      return endure (device, errno == EAGAIN ? &device->n_poll_errors : &device->n_io_errors,
                     errno == EAGAIN ? EIO : errno);
    }
  if (buffer.index >= device->n_buffers)
    return endure (device, &device->n_io_errors, EIO);
  device->lent = (int) buffer.index;
  device->buffers[buffer.index].queued = FALSE;
  const guint8 *data;
  gsize n_bytes = assay_v4l2_gather (device, &buffer, planes, &data);
  gint64 arrived_ns = assay_clock_now_ns ();
  gint64 stamp_ns = buffer.timestamp.tv_sec * G_GINT64_CONSTANT (1000000000)
                    + buffer.timestamp.tv_usec * G_GINT64_CONSTANT (1000);
  *ret_frame = (AssayFrame){
    .data = data,
    .n_bytes = n_bytes,
    .sequence = buffer.sequence,
    .stamp_ns = stamp_ns != 0 ? stamp_ns : arrived_ns, /* a driver that does not stamp */
    .arrived_ns = arrived_ns,
    .raw_flags = buffer.flags,
    .flags = (buffer.flags & V4L2_BUF_FLAG_ERROR ? ASSAY_FRAME_ERROR : 0)
             | (n_bytes == 0 || n_bytes < device->least_bytes ? ASSAY_FRAME_SHORT : 0),
  };
  note_frame (device, ret_frame);
  return 0;
}

/* The buffer of the last frame back to the driver, and those that were kept and are read: where an unplugged camera may
 * show first. */
static int
give_back (AssayDevice *device)
{
  guint64 back = atomic_exchange (&device->released, 0);
  for (guint i = 0; back != 0 && i < device->n_buffers; i++)
    if (back >> i & 1)
      device->buffers[i].kept = FALSE;
  if (device->lent >= 0)
    back |= G_GUINT64_CONSTANT (1) << device->lent;
  device->lent = -1;
  for (guint i = 0; back != 0 && i < device->n_buffers; i++)
    {
      int queued = back >> i & 1 ? assay_v4l2_queue (device, i) : 0;
      if (is_gone (-queued))
        return -ENODEV;
      if (queued == 0)
        continue;
      atomic_fetch_add (&device->n_queue_errors, 1);
      if (assay_v4l2_count_queued (device) < ASSAY_V4L2_LEAST_QUEUED)
        return restart (device, -queued); /* which queues the others too */
    }
  return 0;
}

int
assay_v4l2_next (AssayDevice *device, int timeout_ms, AssayFrame *ret_frame)
{
  int given = give_back (device);
  if (given != 0)
    return given;
  if (!device->streaming)
    return pause_for (device, MIN (timeout_ms, 250)) == -EINTR ? -EINTR : restart (device, device->why);
  struct pollfd ready[2]
      = { { .fd = device->fd, .events = POLLIN | POLLPRI }, { .fd = device->wake_fd, .events = POLLIN } };
  int n = assay_v4l2_io ()->poll (ready, 2, timeout_ms);
  if (n < 0)
    return errno == EINTR ? -EAGAIN : -errno;
  if (ready[1].revents != 0)
    return -EINTR;
  if (n == 0 || ready[0].revents == 0)
    return is_frozen (device) ? restart (device, ETIMEDOUT) : -EAGAIN;
  if (ready[0].revents & POLLPRI)
    {
      int followed = follow_change (device);
      if (followed != 0)
        return followed;
    }
  if (ready[0].revents == POLLPRI)
    return pause_for (device, BREATH_MS);
  if ((given = give_back (device)) != 0) /* read while we waited */
    return given;
  /* POLLERR and POLLHUP too: DQBUF says what is wrong. */
  return dequeue (device, (ready[0].revents & (POLLERR | POLLHUP)) != 0, ret_frame);
}
