/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-v4l2.h"

#include "core/clock.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define WIDTH 64
#define HEIGHT 48
#define PERIOD_NS G_GINT64_CONSTANT (10000000)
#define MOST_BUFFERS 32

typedef struct
{
  FakeCamera *camera;
  gboolean subscribed, signal_subscribed, changed_signal;
  enum v4l2_priority priority;
  guint32 events[64]; /* controls that changed */
  guint n_events, sequence;
} Handle;

/* What a camera does while it is plugged in. */
typedef struct
{
  gboolean streaming, silent;
  guint step, done;
  guint32 sequence;
  gint64 stamp_ns;
  guint queue[MOST_BUFFERS], n_queued;
  guint8 *buffers[MOST_BUFFERS];
} State;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* one that the thread sanitizer sees */
static FakeCamera *all;
static guint n_all;
static State states[8];
static Handle *handles[256];
static char *root;

static State *
state_of (const FakeCamera *camera)
{
  return &states[camera - all];
}

static int
fail (int errnum)
{
  errno = errnum;
  return -1;
}

/* --- sysfs --------------------------------------------------------------------------------------------------- */

static void
put (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
link_to (const char *folder, const char *name, const char *target)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_unlink (path);
  g_assert_true (symlink (target, path) == 0);
}

static void
write_sysfs (const FakeCamera *camera)
{
  g_autofree char *controller = g_build_filename (root, "devices", "pci0000:00", "0000:00:14.0", NULL);
  g_autofree char *bus = g_build_filename (root, "bus", "pci", NULL);
  g_autofree char *device = g_build_filename (controller, "usb1", camera->port, NULL);
  g_autofree char *interface = g_build_filename (device, "if0", NULL);
  g_autofree char *name = g_strdup_printf ("video%d", camera->number);
  g_autofree char *node = g_build_filename (root, "class", "video4linux", name, NULL);
  g_mkdir_with_parents (bus, 0755);
  g_mkdir_with_parents (interface, 0755);
  g_mkdir_with_parents (node, 0755);
  link_to (controller, "subsystem", bus);
  put (device, "idVendor", "1bcf\n");
  put (device, "idProduct", "2c99\n");
  put (device, "serial", camera->serial != NULL ? camera->serial : "\n");
  put (device, "devpath", camera->port);
  put (device, "speed", "480\n");
  put (interface, "bInterfaceNumber", "00\n");
  put (node, "index", "0\n");
  link_to (node, "device", interface);
}

static void
remove_sysfs (int number)
{
  g_autofree char *name = g_strdup_printf ("video%d", number);
  g_autofree char *node = g_build_filename (root, "class", "video4linux", name, NULL);
  const char *const files[] = { "index", "device" };
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (node, files[i], NULL);
      g_unlink (path);
    }
  g_rmdir (node);
}

/* --- controls ------------------------------------------------------------------------------------------------ */

static FakeControl *
find_control (FakeCamera *camera, guint32 id)
{
  for (guint i = 0; i < camera->n_controls; i++)
    if (camera->controls[i].query.id == id)
      return &camera->controls[i];
  return NULL;
}

static guint32
get_flags (FakeCamera *camera, const FakeControl *control)
{
  const FakeControl *master = find_control (camera, control->master);
  gboolean inactive = master != NULL && master->value != control->manual;
  return control->query.flags | (inactive ? V4L2_CTRL_FLAG_INACTIVE : 0);
}

static int
query_control (FakeCamera *camera, struct v4l2_query_ext_ctrl *query)
{
  guint32 id = query->id & ~(V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND);
  gboolean next = id != query->id;
  for (guint i = 0; i < camera->n_controls; i++)
    {
      FakeControl *control = &camera->controls[i];
      if (next ? control->query.id <= id : control->query.id != id)
        continue;
      *query = control->query;
      query->flags = get_flags (camera, control);
      return 0;
    }
  return fail (EINVAL);
}

static int
query_menu (FakeCamera *camera, struct v4l2_querymenu *item)
{
  FakeControl *control = find_control (camera, item->id);
  if (control == NULL || item->index >= G_N_ELEMENTS (control->items) || control->items[item->index] == NULL)
    return fail (EINVAL);
  g_strlcpy ((char *) item->name, control->items[item->index], sizeof item->name);
  return 0;
}

static void
tell (FakeCamera *camera, guint32 id, const Handle *but)
{
  for (guint i = 0; i < G_N_ELEMENTS (handles); i++)
    if (handles[i] != NULL && handles[i] != but && handles[i]->camera == camera && handles[i]->subscribed)
      handles[i]->events[handles[i]->n_events++ % 64] = id;
}

static int
set_control (Handle *handle, const struct v4l2_ext_control *wish)
{
  FakeCamera *camera = handle->camera;
  FakeControl *control = find_control (camera, wish->id);
  if (control == NULL)
    return fail (EINVAL);
  if (get_flags (camera, control) & V4L2_CTRL_FLAG_READ_ONLY)
    return fail (EACCES);
  if (get_flags (camera, control) & V4L2_CTRL_FLAG_INACTIVE) /* uvcvideo: what an automatic mode has is refused */
    return fail (EIO);
  if (control->query.type == V4L2_CTRL_TYPE_STRING)
    g_strlcpy (control->text, wish->string, sizeof control->text);
  else if (control->query.flags & V4L2_CTRL_FLAG_HAS_PAYLOAD)
    memcpy (control->elements, wish->ptr, wish->size);
  else if (control->query.type == V4L2_CTRL_TYPE_MENU && control->items[wish->value] == NULL)
    return fail (EINVAL);
  else
    control->value = control->query.type == V4L2_CTRL_TYPE_INTEGER64 ? wish->value64 : wish->value;
  tell (camera, wish->id, handle);
  for (guint i = 0; i < camera->n_controls; i++)
    if (camera->controls[i].master == wish->id) /* flags are told to all */
      tell (camera, camera->controls[i].query.id, NULL);
  return 0;
}

static int
get_control (FakeCamera *camera, struct v4l2_ext_control *wish)
{
  FakeControl *control = find_control (camera, wish->id);
  if (control == NULL)
    return fail (EINVAL);
  if (control->query.type == V4L2_CTRL_TYPE_STRING)
    g_strlcpy (wish->string, control->text, wish->size);
  else if (control->query.flags & V4L2_CTRL_FLAG_HAS_PAYLOAD)
    memcpy (wish->ptr, control->elements, wish->size);
  else if (control->query.type == V4L2_CTRL_TYPE_INTEGER64)
    wish->value64 = control->value;
  else
    wish->value = (gint32) control->value;
  return 0;
}

static int
each_control (Handle *handle, struct v4l2_ext_controls *set, gboolean writing)
{
  for (guint i = 0; i < set->count; i++)
    if ((writing ? set_control (handle, &set->controls[i]) : get_control (handle->camera, &set->controls[i])) < 0)
      {
        set->error_idx = i;
        return -1;
      }
  return 0;
}

/* --- formats ------------------------------------------------------------------------------------------------- */

static guint32
get_fourcc (const FakeCamera *camera)
{
  return camera->fourcc != 0 ? camera->fourcc : V4L2_PIX_FMT_YUYV;
}

static gboolean
is_compressed (const FakeCamera *camera)
{
  return get_fourcc (camera) == V4L2_PIX_FMT_H264;
}

static void
fill_format (const FakeCamera *camera, struct v4l2_format *set, gboolean keep_size)
{
  struct v4l2_pix_format *pix = &set->fmt.pix;
  guint width = keep_size && pix->width != 0 ? pix->width : WIDTH;
  guint height = keep_size && pix->height != 0 ? pix->height : HEIGHT;
  *pix = (struct v4l2_pix_format){ .width = width,
                                   .height = height,
                                   .pixelformat = get_fourcc (camera),
                                   .field = V4L2_FIELD_NONE,
                                   .bytesperline = is_compressed (camera) ? 0 : width * 2,
                                   .sizeimage = width * height * 2,
                                   .colorspace = V4L2_COLORSPACE_SRGB };
}

static int
enumerate_sizes (const FakeCamera *camera, struct v4l2_frmsizeenum *size)
{
  if (size->index > 0 && !camera->endless)
    return fail (EINVAL);
  size->type = camera->stepwise ? V4L2_FRMSIZE_TYPE_STEPWISE : V4L2_FRMSIZE_TYPE_DISCRETE;
  if (camera->stepwise)
    size->stepwise = (struct v4l2_frmsize_stepwise){ 48, 1288, 8, 32, 726, 2 };
  else
    size->discrete = (struct v4l2_frmsize_discrete){ WIDTH, HEIGHT };
  return 0;
}

static int
enumerate_intervals (const FakeCamera *camera, struct v4l2_frmivalenum *interval)
{
  if (interval->index > 0 && !camera->endless)
    return fail (EINVAL);
  interval->type = camera->stepwise ? V4L2_FRMIVAL_TYPE_CONTINUOUS : V4L2_FRMIVAL_TYPE_DISCRETE;
  if (camera->stepwise)
    interval->stepwise = (struct v4l2_frmival_stepwise){ { 1, 75 }, { 2, 15 }, { 1, 1 } };
  else
    interval->discrete = (struct v4l2_fract){ 1, 100 };
  return 0;
}

static int
query_capability (const FakeCamera *camera, struct v4l2_capability *capability)
{
  *capability = (struct v4l2_capability){ .capabilities = V4L2_CAP_DEVICE_CAPS };
  capability->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
  g_strlcpy ((char *) capability->driver, "uvcvideo", sizeof capability->driver);
  g_strlcpy ((char *) capability->card, camera->card, sizeof capability->card);
  g_snprintf ((char *) capability->bus_info, sizeof capability->bus_info, "usb-0000:00:14.0-%s", camera->port);
  return 0;
}

/* --- the stream ---------------------------------------------------------------------------------------------- */

static const FakeStep *
get_step (const FakeCamera *camera)
{
  static const FakeStep well = { FAKE_FRAME, 0, 0 };
  const FakeStep *step = camera->script != NULL ? &camera->script[state_of (camera)->step] : &well;
  return step;
}

/* The step was played once more; the last one (times 0) stays. */
static void
advance (const FakeCamera *camera)
{
  State *state = state_of (camera);
  const FakeStep *step = get_step (camera);
  if (step->times > 0 && ++state->done >= step->times)
    {
      state->step++;
      state->done = 0;
      state->silent = FALSE;
    }
}

static int
queue_buffer (FakeCamera *camera, const struct v4l2_buffer *buffer)
{
  State *state = state_of (camera);
  const FakeStep *step = get_step (camera);
  if (state->streaming && step->what == FAKE_Q_FAILS)
    {
      int errnum = step->errnum;
      advance (camera);
      return fail (errnum);
    }
  state->queue[state->n_queued++] = buffer->index;
  return 0;
}

static int
dequeue_buffer (FakeCamera *camera, struct v4l2_buffer *buffer)
{
  State *state = state_of (camera);
  const FakeStep step = *get_step (camera);
  if (step.what == FAKE_DQ_FAILS || step.what == FAKE_POLL_ERR)
    {
      advance (camera);
      return fail (step.what == FAKE_POLL_ERR ? EAGAIN : step.errnum);
    }
  if (state->n_queued == 0 || step.what == FAKE_SILENCE)
    return fail (EAGAIN);
  guint index = state->queue[0];
  memmove (state->queue, state->queue + 1, --state->n_queued * sizeof *state->queue);
  gsize bytes = camera->frame_bytes != 0 ? camera->frame_bytes : WIDTH * HEIGHT * 2;
  memset (state->buffers[index], (int) (state->sequence & 255), bytes);
  state->stamp_ns += PERIOD_NS;
  gint64 stamp_ns = state->stamp_ns - (step.what == FAKE_BACKWARD ? 1000000000 : 0);
  buffer->index = index;
  buffer->sequence = camera->first_sequence + state->sequence++;
  buffer->bytesused = (guint32) (step.what == FAKE_EMPTY ? 0 : step.what == FAKE_SHORT ? bytes / 2 : bytes);
  buffer->timestamp.tv_sec = stamp_ns / 1000000000;
  buffer->timestamp.tv_usec = stamp_ns % 1000000000 / 1000;
  buffer->flags = V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | V4L2_BUF_FLAG_TSTAMP_SRC_SOE
                  | (step.what == FAKE_FLAGGED ? V4L2_BUF_FLAG_ERROR : 0);
  if (step.what != FAKE_Q_FAILS)
    advance (camera);
  return 0;
}

static int
stream_on (FakeCamera *camera)
{
  State *state = state_of (camera);
  if (camera->n_stream_on++ == 0 && camera->stream_on_errnum != 0)
    return fail (camera->stream_on_errnum);
  if (state->silent)
    advance (camera);
  state->streaming = TRUE;
  state->sequence = 0;
  state->stamp_ns = assay_clock_now_ns ();
  return 0;
}

static int
stream_off (FakeCamera *camera)
{
  state_of (camera)->streaming = FALSE;
  state_of (camera)->n_queued = 0;
  return 0;
}

static int
dequeue_event (Handle *handle, struct v4l2_event *event)
{
  *event = (struct v4l2_event){ .sequence = ++handle->sequence };
  if (handle->changed_signal)
    {
      handle->changed_signal = FALSE;
      event->type = V4L2_EVENT_SOURCE_CHANGE;
      event->u.src_change.changes = V4L2_EVENT_SRC_CH_RESOLUTION;
      return 0;
    }
  handle->sequence -= handle->n_events == 0;
  if (handle->n_events == 0)
    return fail (ENOENT);
  event->type = V4L2_EVENT_CTRL;
  event->id = handle->events[0];
  memmove (handle->events, handle->events + 1, --handle->n_events * sizeof *handle->events);
  return 0;
}

/* --- the calls ----------------------------------------------------------------------------------------------- */

/* As the kernel has it: who has less than the highest may not change anything, not even its own priority. */
static gboolean
may_change (const Handle *handle)
{
  for (guint i = 0; i < G_N_ELEMENTS (handles); i++)
    if (handles[i] != NULL && handles[i]->camera == handle->camera && handles[i]->priority > handle->priority)
      return FALSE;
  return TRUE;
}

static int
set_priority (Handle *handle, enum v4l2_priority priority)
{
  handle->priority = priority;
  handle->camera->record_priority = priority == V4L2_PRIORITY_RECORD;
  return 0;
}

static int
answer (Handle *handle, unsigned long request, void *argument)
{
  FakeCamera *camera = handle->camera;
  State *state = state_of (camera);
  struct v4l2_buffer *buffer = argument;
  camera->n_calls++;
  if (camera->number < 0)
    return fail (ENODEV);
  if ((request == VIDIOC_S_PRIORITY || request == VIDIOC_S_EXT_CTRLS || request == VIDIOC_STREAMON
       || request == VIDIOC_REQBUFS || request == VIDIOC_S_FMT)
      && !may_change (handle))
    return fail (EBUSY);
  switch (request)
    {
    case VIDIOC_QUERYCAP:
      return query_capability (camera, argument);
    case VIDIOC_ENUM_FMT:
      ((struct v4l2_fmtdesc *) argument)->pixelformat = get_fourcc (camera);
      ((struct v4l2_fmtdesc *) argument)->flags = is_compressed (camera) ? V4L2_FMT_FLAG_COMPRESSED : 0;
      return ((struct v4l2_fmtdesc *) argument)->index == 0 || camera->endless ? 0 : fail (EINVAL);
    case VIDIOC_ENUM_FRAMESIZES:
      return enumerate_sizes (camera, argument);
    case VIDIOC_ENUM_FRAMEINTERVALS:
      return enumerate_intervals (camera, argument);
    case VIDIOC_G_FMT:
    case VIDIOC_S_FMT:
      fill_format (camera, argument, request == VIDIOC_S_FMT && camera->stepwise);
      return 0;
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM:
      ((struct v4l2_streamparm *) argument)->parm.capture
          = (struct v4l2_captureparm){ .capability = V4L2_CAP_TIMEPERFRAME, .timeperframe = { 1, 100 } };
      return 0;
    case VIDIOC_REQBUFS:
      ((struct v4l2_requestbuffers *) argument)->count = MIN (((struct v4l2_requestbuffers *) argument)->count, 4);
      return 0;
    case VIDIOC_QUERYBUF:
      buffer->length = WIDTH * HEIGHT * 2;
      buffer->m.offset = buffer->index << 12;
      return 0;
    case VIDIOC_QBUF:
      return queue_buffer (camera, buffer);
    case VIDIOC_DQBUF:
      return dequeue_buffer (camera, buffer);
    case VIDIOC_STREAMON:
      return stream_on (camera);
    case VIDIOC_STREAMOFF:
      return stream_off (camera);
    case VIDIOC_S_PRIORITY:
      return set_priority (handle, *(enum v4l2_priority *) argument);
    case VIDIOC_SUBSCRIBE_EVENT:
      handle->subscribed |= ((struct v4l2_event_subscription *) argument)->type == V4L2_EVENT_CTRL;
      handle->signal_subscribed |= ((struct v4l2_event_subscription *) argument)->type == V4L2_EVENT_SOURCE_CHANGE;
      return 0;
    case VIDIOC_DQEVENT:
      return dequeue_event (handle, argument);
    case VIDIOC_QUERY_EXT_CTRL:
      return query_control (camera, argument);
    case VIDIOC_QUERYMENU:
      return query_menu (camera, argument);
    case VIDIOC_G_EXT_CTRLS:
    case VIDIOC_S_EXT_CTRLS:
      return each_control (handle, argument, request == VIDIOC_S_EXT_CTRLS);
    default:
      (void) state;
      return fail (ENOTTY);
    }
}

static int
fake_ioctl (int fd, unsigned long request, void *argument)
{
  pthread_mutex_lock (&lock);
  int result = answer (handles[fd], request, argument);
  int errnum = errno;
  pthread_mutex_unlock (&lock);
  errno = errnum;
  return result;
}

static int
fake_open (const char *path)
{
  g_autofree char *name = g_path_get_basename (path);
  for (guint i = 0; i < n_all; i++)
    if (all[i].number >= 0 && g_str_has_prefix (name, "video") && atoi (name + 5) == all[i].number)
      {
        int fd = eventfd (0, EFD_CLOEXEC);
        g_assert_true (fd >= 0 && fd < 256);
        handles[fd] = g_new0 (Handle, 1);
        handles[fd]->camera = &all[i];
        handles[fd]->priority = V4L2_PRIORITY_DEFAULT;
        return fd;
      }
  return fail (ENOENT);
}

static int
fake_close (int fd)
{
  g_clear_pointer (&handles[fd], g_free);
  return close (fd);
}

/* What poll would say of the camera now; 0 = wait. */
static short
look (Handle *handle)
{
  FakeCamera *camera = handle->camera;
  State *state = state_of (camera);
  const FakeStep *step = get_step (camera);
  if (camera->number < 0)
    return POLLERR | POLLHUP | POLLPRI;
  if (camera->held)
    return 0;
  if (step->what == FAKE_SKIP)
    {
      state->sequence += step->times;
      state->step++;
      step = get_step (camera);
    }
  if (step->what == FAKE_CHANGE && handle->signal_subscribed)
    {
      handle->changed_signal = TRUE;
      advance (camera);
      return POLLPRI;
    }
  if (step->what == FAKE_POLL_ERR)
    return POLLERR;
  state->silent = step->what == FAKE_SILENCE;
  return state->streaming && !state->silent ? POLLIN : 0;
}

static int
fake_poll (struct pollfd *fds, nfds_t n, int timeout_ms)
{
  if (n == 1)
    return poll (fds, 1, timeout_ms);
  pthread_mutex_lock (&lock);
  short ready = look (handles[fds[0].fd]);
  pthread_mutex_unlock (&lock);
  int woken = poll (fds + 1, 1, ready != 0 ? 0 : timeout_ms);
  fds[0].revents = ready;
  return woken + (ready != 0);
}

static void *
fake_mmap (gsize bytes, int fd, gint64 offset)
{
  State *state = state_of (handles[fd]->camera);
  guint index = (guint) (offset >> 12);
  g_free (state->buffers[index]);
  return state->buffers[index] = g_malloc0 (bytes);
}

static int
fake_munmap (void *data, gsize bytes)
{
  return 0;
}

static AssayV4l2Io io = { fake_open, fake_close, fake_ioctl, fake_poll, fake_mmap, fake_munmap, NULL, "/dev" };

void
fake_v4l2_plug (FakeCamera *camera, int number)
{
  pthread_mutex_lock (&lock);
  if (camera->number >= 0)
    remove_sysfs (camera->number);
  camera->number = number;
  stream_off (camera);
  if (number >= 0)
    write_sysfs (camera);
  pthread_mutex_unlock (&lock);
}

void
fake_v4l2_let_go (FakeCamera *camera)
{
  pthread_mutex_lock (&lock);
  camera->held = FALSE;
  pthread_mutex_unlock (&lock);
}

void
fake_v4l2_change (FakeCamera *camera, guint32 control, gint64 value)
{
  pthread_mutex_lock (&lock);
  find_control (camera, control)->value = value;
  tell (camera, control, NULL);
  pthread_mutex_unlock (&lock);
}

void
fake_v4l2_begin (FakeCamera *cameras, guint n)
{
  g_assert_true (n <= G_N_ELEMENTS (states));
  g_autofree char *made = g_dir_make_tmp ("assay-fake-XXXXXX", NULL);
  root = realpath (made, NULL);
  io.sysfs = root;
  all = cameras;
  n_all = n;
  memset (states, 0, sizeof states);
  for (guint i = 0; i < n; i++)
    {
      int number = cameras[i].number;
      cameras[i].number = -1;
      fake_v4l2_plug (&cameras[i], number);
    }
  assay_v4l2_io_replace (&io);
}

void
fake_v4l2_end (void)
{
  assay_v4l2_io_replace (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    for (guint k = 0; k < MOST_BUFFERS; k++)
      g_clear_pointer (&states[i].buffers[k], g_free);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", root);
  g_assert_true (system (command) == 0);
  g_clear_pointer (&root, free);
}
