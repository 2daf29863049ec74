/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/v4l2.h"

#include "capture/source.h"
#include "core/error.h"
#include "core/json.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SYSFS "/sys/class/video4linux"

int
assay_v4l2_call (int fd, unsigned long request, void *argument)
{
  int result;
  do
    result = ioctl (fd, request, argument);
  while (result < 0 && errno == EINTR);
  return result;
}

/* "mug-3000 (pid 812)" of another process that has the node open; NULL when /proc does not show it. */
static char *
find_owner (const char *node)
{
  g_autoptr (GDir) processes = g_dir_open ("/proc", 0, NULL);
  const char *pid;
  while (processes != NULL && (pid = g_dir_read_name (processes)) != NULL)
    {
      if (!g_ascii_isdigit (pid[0]) || g_ascii_strtoll (pid, NULL, 10) == getpid ())
        continue;
      g_autofree char *folder = g_build_filename ("/proc", pid, "fd", NULL);
      g_autoptr (GDir) files = g_dir_open (folder, 0, NULL);
      const char *file;
      while (files != NULL && (file = g_dir_read_name (files)) != NULL)
        {
          g_autofree char *link = g_build_filename (folder, file, NULL);
          g_autofree char *target = g_file_read_link (link, NULL);
          if (g_strcmp0 (target, node) != 0)
            continue;
          g_autofree char *comm = g_build_filename ("/proc", pid, "comm", NULL);
          g_autofree char *name = NULL;
          g_file_get_contents (comm, &name, NULL, NULL);
          return g_strdup_printf ("%s (pid %s)", name != NULL ? g_strstrip (name) : "a program", pid);
        }
    }
  return NULL;
}

gboolean
assay_v4l2_fail (const char *id, const char *node, const char *doing, int errnum, GError **error)
{
  g_autofree char *owner = errnum == EBUSY ? find_owner (node) : NULL;
  g_autofree char *why = NULL;
  switch (errnum)
    {
    case EBUSY:
      why = g_strdup_printf ("%s uses it; close that first", owner != NULL ? owner : "another program");
      break;
    case ENOSPC:
      why = g_strdup (
          "the USB bus has not enough bandwidth left; choose a smaller size, a lower fps or format=MJPG, or plug "
          "the camera into another controller");
      break;
    case ENODEV:
    case ENXIO:
      why = g_strdup ("it is gone; plug it in again");
      break;
    case EACCES:
    case EPERM:
      why = g_strdup ("permission denied; become a member of the group video and log in again");
      break;
    default:
      why = g_strdup (g_strerror (errnum));
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "%s %s (%s): %s", doing, id, node, why);
  return FALSE;
}

static void
node_free (AssayV4l2Node *node)
{
  g_free (node->id);
  g_free (node->node);
  g_free (node->name);
  g_free (node->bus);
  assay_identity_clear (&node->identity);
  g_free (node);
}

static guint
read_index (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "index", NULL);
  g_autofree char *text = NULL;
  return g_file_get_contents (path, &text, NULL, NULL) ? (guint) g_ascii_strtoull (text, NULL, 10) : 0;
}

static void
name_node (AssayV4l2Node *node, const char *folder, gboolean trust_serial)
{
  g_autofree char *identity = assay_identity_dup_text (&node->identity, trust_serial);
  guint index = read_index (folder);
  g_free (node->id);
  /* Platform drivers have several boards behind one parent or none at all: their bus names are what is stable. */
  const char *place = node->identity.vendor == NULL && *node->bus != '\0' ? node->bus : identity;
  g_autofree char *suffix = index > 0 ? g_strdup_printf ("#%u", index) : g_strdup ("");
  node->id = g_strdup_printf ("v4l2:%s%s", place, suffix);
}

/* NULL for nodes that are no camera: metadata, output, VBI, radio, touch, codecs. */
static AssayV4l2Node *
look_at (const char *name, GError **error)
{
  g_autofree char *folder = g_build_filename (SYSFS, name, NULL), *path = g_build_filename ("/dev", name, NULL);
  int fd = open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    {
      if (errno != ENOENT && errno != ENODEV && errno != ENXIO)
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "looking at camera %s: %s%s", path, g_strerror (errno),
                     errno == EACCES ? "; become a member of the group video and log in again" : "");
      return NULL;
    }
  struct v4l2_capability capability = { 0 };
  int answered = assay_v4l2_call (fd, VIDIOC_QUERYCAP, &capability);
  close (fd);
  guint32 caps = capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
  if (answered < 0 || !(caps & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE))
      || !(caps & V4L2_CAP_STREAMING) || (caps & V4L2_CAP_TOUCH))
    return NULL;
  AssayV4l2Node *node = g_new0 (AssayV4l2Node, 1);
  node->node = g_steal_pointer (&path);
  node->name = g_utf8_make_valid ((const char *) capability.card, -1);
  node->bus = g_utf8_make_valid ((const char *) capability.bus_info, -1);
  node->planar = !(caps & V4L2_CAP_VIDEO_CAPTURE);
  assay_identity_read (folder, &node->identity);
  name_node (node, folder, TRUE);
  return node;
}

/* Serial numbers that two devices share tell nothing apart: such devices go by the place where they are plugged in.
 */
static void
tell_twins_apart (GPtrArray *nodes)
{
  g_autofree gboolean *twin = g_new0 (gboolean, nodes->len + 1);
  for (guint i = 0; i < nodes->len; i++)
    for (guint k = 0; k < i; k++)
      if (g_str_equal (((AssayV4l2Node *) nodes->pdata[i])->id, ((AssayV4l2Node *) nodes->pdata[k])->id))
        twin[i] = twin[k] = TRUE;
  for (guint i = 0; i < nodes->len; i++)
    {
      AssayV4l2Node *node = nodes->pdata[i];
      g_autofree char *folder = g_build_filename (SYSFS, strrchr (node->node, '/') + 1, NULL);
      if (twin[i])
        name_node (node, folder, FALSE);
    }
}

static int
compare_ids (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(AssayV4l2Node *const *) a)->id, (*(AssayV4l2Node *const *) b)->id);
}

GPtrArray *
assay_v4l2_list_nodes (GString *wrongs)
{
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);
  g_autoptr (GDir) folder = g_dir_open (SYSFS, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autoptr (GError) error = NULL;
      AssayV4l2Node *node = g_str_has_prefix (name, "video") ? look_at (name, &error) : NULL;
      if (node != NULL)
        g_ptr_array_add (nodes, node);
      else if (error != NULL)
        g_string_append_printf (wrongs, "%s%s", wrongs->len > 0 ? "; " : "", error->message);
    }
  tell_twins_apart (nodes);
  g_ptr_array_sort (nodes, compare_ids);
  return nodes;
}

static const double common_fps[] = { 5, 10, 15, 20, 24, 25, 30, 50, 60, 90, 120 };
static const guint common_sizes[][2]
    = { { 160, 120 },  { 320, 240 },  { 640, 360 },   { 640, 480 },   { 800, 600 },
        { 1280, 720 }, { 1280, 960 }, { 1920, 1080 }, { 2560, 1440 }, { 3840, 2160 } };

static json_t *
list_fps (int fd, guint32 fourcc, guint width, guint height)
{
  json_t *list = json_array ();
  struct v4l2_frmivalenum interval = { .pixel_format = fourcc, .width = width, .height = height };
  for (;
       interval.index < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (fd, VIDIOC_ENUM_FRAMEINTERVALS, &interval) == 0;
       interval.index++)
    {
      if (interval.type == V4L2_FRMIVAL_TYPE_DISCRETE)
        {
          if (interval.discrete.numerator > 0)
            json_array_append_new (
                list, assay_json_number ((double) interval.discrete.denominator / interval.discrete.numerator));
          continue;
        }
      double slowest = (double) interval.stepwise.max.denominator / MAX (interval.stepwise.max.numerator, 1);
      double fastest = (double) interval.stepwise.min.denominator / MAX (interval.stepwise.min.numerator, 1);
      for (guint i = 0; i < G_N_ELEMENTS (common_fps); i++)
        if (common_fps[i] >= slowest && common_fps[i] <= fastest)
          json_array_append_new (list, assay_json_number (common_fps[i]));
      break;
    }
  return list;
}

static void
append_size (json_t *list, int fd, guint32 fourcc, guint width, guint height)
{
  char text[ASSAY_FOURCC_TEXT_SIZE];
  json_array_append_new (list, json_pack ("{s:s, s:i, s:i, s:o}", "fourcc", assay_fourcc_to_text (fourcc, text),
                                          "width", (int) width, "height", (int) height, "fps",
                                          list_fps (fd, fourcc, width, height)));
}

static gboolean
on_step (guint value, guint least, guint most, guint step)
{
  return value >= least && value <= most && (step <= 1 || (value - least) % step == 0);
}

static void
list_sizes (json_t *list, int fd, guint32 fourcc)
{
  struct v4l2_frmsizeenum size = { .pixel_format = fourcc };
  for (; size.index < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (fd, VIDIOC_ENUM_FRAMESIZES, &size) == 0;
       size.index++)
    {
      if (size.type == V4L2_FRMSIZE_TYPE_DISCRETE)
        {
          append_size (list, fd, fourcc, size.discrete.width, size.discrete.height);
          continue;
        }
      for (guint i = 0; i < G_N_ELEMENTS (common_sizes); i++)
        if (on_step (common_sizes[i][0], size.stepwise.min_width, size.stepwise.max_width, size.stepwise.step_width)
            && on_step (common_sizes[i][1], size.stepwise.min_height, size.stepwise.max_height,
                        size.stepwise.step_height))
          append_size (list, fd, fourcc, common_sizes[i][0], common_sizes[i][1]);
      append_size (list, fd, fourcc, size.stepwise.max_width, size.stepwise.max_height);
      break;
    }
}

json_t *
assay_v4l2_list_formats (int fd, gboolean planar)
{
  json_t *list = json_array ();
  struct v4l2_fmtdesc format
      = { .type = planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE };
  for (; format.index < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (fd, VIDIOC_ENUM_FMT, &format) == 0;
       format.index++)
    list_sizes (list, fd, format.pixelformat);
  return list;
}
