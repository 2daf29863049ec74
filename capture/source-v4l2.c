/* SPDX-License-Identifier: GPL-3.0-or-later */
/* capture/source-v4l2.c - cameras by Video4Linux, with the driver's own formats: nothing is converted on the way.
 *
 * Opening a node changes nothing; only S_FMT and what follows do, in the order input, S_FMT, S_PARM, controls,
 * REQBUFS, STREAMON, and only what they return is believed. Rules: the kernel's userspace-api/media/v4l. */
#include "capture/source.h"

#include "capture/colour.h"
#include "capture/identity.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#define SYSFS "/sys/class/video4linux"
#define MOST_ENTRIES 256  /* drivers were seen that enumerate for ever */
#define WANTED_BUFFERS 16 /* half a second at 30 fps; the driver may give fewer */
#define MOST_IO_ERRORS 16 /* in a row, before the stream is given up */
#define MOST_ELEMENTS 256 /* of an array control, that are listed */

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

static int
call (int fd, unsigned long request, void *argument)
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

static gboolean
fail (const AssayDevice *device, const char *doing, int errnum, GError **error)
{
  g_autofree char *owner = errnum == EBUSY ? find_owner (device->node) : NULL;
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
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "%s %s (%s): %s", doing, device->id, device->node, why);
  return FALSE;
}

/* --- which cameras there are -------------------------------------------------------------------------------------
 */

typedef struct
{
  char *id, *node, *name, *bus;
  AssayIdentity identity;
  enum v4l2_buf_type type;
} Node;

static void
node_free (Node *node)
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
name_node (Node *node, const char *folder, gboolean trust_serial)
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
static Node *
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
  int answered = call (fd, VIDIOC_QUERYCAP, &capability);
  close (fd);
  guint32 caps = capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
  if (answered < 0 || !(caps & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE))
      || !(caps & V4L2_CAP_STREAMING) || (caps & V4L2_CAP_TOUCH))
    return NULL;
  Node *node = g_new0 (Node, 1);
  node->node = g_steal_pointer (&path);
  node->name = g_utf8_make_valid ((const char *) capability.card, -1);
  node->bus = g_utf8_make_valid ((const char *) capability.bus_info, -1);
  node->type = caps & V4L2_CAP_VIDEO_CAPTURE ? V4L2_BUF_TYPE_VIDEO_CAPTURE : V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
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
      if (g_str_equal (((Node *) nodes->pdata[i])->id, ((Node *) nodes->pdata[k])->id))
        twin[i] = twin[k] = TRUE;
  for (guint i = 0; i < nodes->len; i++)
    {
      Node *node = nodes->pdata[i];
      g_autofree char *folder = g_build_filename (SYSFS, strrchr (node->node, '/') + 1, NULL);
      if (twin[i])
        name_node (node, folder, FALSE);
    }
}

static GPtrArray *
list_nodes (GString *wrongs)
{
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) node_free);
  g_autoptr (GDir) folder = g_dir_open (SYSFS, 0, NULL);
  const char *name;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autoptr (GError) error = NULL;
      Node *node = g_str_has_prefix (name, "video") ? look_at (name, &error) : NULL;
      if (node != NULL)
        g_ptr_array_add (nodes, node);
      else if (error != NULL)
        g_string_append_printf (wrongs, "%s%s", wrongs->len > 0 ? "; " : "", error->message);
    }
  tell_twins_apart (nodes);
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
  for (; interval.index < MOST_ENTRIES && call (fd, VIDIOC_ENUM_FRAMEINTERVALS, &interval) == 0; interval.index++)
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
  for (; size.index < MOST_ENTRIES && call (fd, VIDIOC_ENUM_FRAMESIZES, &size) == 0; size.index++)
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

static json_t *
list_formats (int fd, enum v4l2_buf_type type)
{
  json_t *list = json_array ();
  struct v4l2_fmtdesc format = { .type = type };
  for (; format.index < MOST_ENTRIES && call (fd, VIDIOC_ENUM_FMT, &format) == 0; format.index++)
    list_sizes (list, fd, format.pixelformat);
  return list;
}

static json_t *list_controls (int fd);

static gboolean
probe (GPtrArray *infos, GError **error)
{
  g_autoptr (GString) wrongs = g_string_new (NULL);
  g_autoptr (GPtrArray) nodes = list_nodes (wrongs);
  for (guint i = 0; i < nodes->len; i++)
    {
      const Node *node = nodes->pdata[i];
      int fd = open (node->node, O_RDWR | O_NONBLOCK | O_CLOEXEC);
      if (fd < 0)
        continue; /* unplugged since */
      AssayDeviceInfo *info = g_new0 (AssayDeviceInfo, 1);
      info->kind = ASSAY_DEVICE_CAMERA;
      info->id = g_strdup (node->id);
      info->name = g_strdup (node->name);
      info->details = json_pack ("{s:s, s:s, s:o, s:o, s:o}", "node", node->node, "bus", node->bus, "hardware",
                                 assay_identity_to_json (&node->identity), "formats", list_formats (fd, node->type),
                                 "controls", list_controls (fd));
      g_ptr_array_add (infos, info);
      close (fd);
    }
  if (wrongs->len == 0)
    return TRUE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, wrongs->str);
  return FALSE;
}

/* --- controls ----------------------------------------------------------------------------------------------------
 */

/* As v4l2-ctl writes them: "Exposure Time, Absolute" is exposure_time_absolute. */
static char *
slug (const char *name)
{
  GString *text = g_string_new (NULL);
  gboolean gap = FALSE;
  for (; *name != '\0'; name++)
    {
      if (g_ascii_isalnum (*name))
        {
          if (gap && text->len > 0)
            g_string_append_c (text, '_');
          g_string_append_c (text, g_ascii_tolower (*name));
        }
      gap = !g_ascii_isalnum (*name);
    }
  return g_string_free (text, FALSE);
}

static const char *
type_name (guint type)
{
  static const struct
  {
    guint type;
    const char *name;
  } names[] = {
    { V4L2_CTRL_TYPE_INTEGER, "integer" },
    { V4L2_CTRL_TYPE_INTEGER64, "integer64" },
    { V4L2_CTRL_TYPE_BOOLEAN, "boolean" },
    { V4L2_CTRL_TYPE_MENU, "menu" },
    { V4L2_CTRL_TYPE_INTEGER_MENU, "integer_menu" },
    { V4L2_CTRL_TYPE_BUTTON, "button" },
    { V4L2_CTRL_TYPE_STRING, "string" },
    { V4L2_CTRL_TYPE_BITMASK, "bitmask" },
    { V4L2_CTRL_TYPE_U8, "u8" },
    { V4L2_CTRL_TYPE_U16, "u16" },
    { V4L2_CTRL_TYPE_U32, "u32" },
    { V4L2_CTRL_TYPE_AREA, "area" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].type == type)
      return names[i].name;
  return "compound";
}

static json_t *
flags_to_json (guint32 flags)
{
  static const char *const names[]
      = { "disabled",   "grabbed",  "read_only",   "update",           "inactive",     "slider",
          "write_only", "volatile", "has_payload", "execute_on_write", "modify_layout" };
  json_t *list = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (flags >> i & 1)
      json_array_append_new (list, json_string (names[i]));
  return list;
}

static json_t *
list_menu (int fd, const struct v4l2_query_ext_ctrl *query)
{
  json_t *menu = json_array ();
  for (gint64 i = MAX (query->minimum, 0); i <= query->maximum && i < MOST_ENTRIES; i++)
    {
      struct v4l2_querymenu item = { .id = query->id, .index = (guint32) i };
      if (call (fd, VIDIOC_QUERYMENU, &item) < 0)
        continue; /* a hole */
      if (query->type == V4L2_CTRL_TYPE_INTEGER_MENU)
        json_array_append_new (menu,
                               json_pack ("{s:I, s:I}", "index", (json_int_t) i, "value", (json_int_t) item.value));
      else
        {
          g_autofree char *name = g_utf8_make_valid ((const char *) item.name, -1);
          json_array_append_new (menu, json_pack ("{s:I, s:s}", "index", (json_int_t) i, "name", name));
        }
    }
  return menu;
}

static json_t *
payload_to_json (const struct v4l2_query_ext_ctrl *query, const guint8 *data)
{
  if (query->type == V4L2_CTRL_TYPE_STRING)
    {
      g_autofree char *text = g_utf8_make_valid ((const char *) data, -1);
      return json_string (text);
    }
  if (query->type == V4L2_CTRL_TYPE_AREA)
    {
      struct v4l2_area area;
      memcpy (&area, data, sizeof area);
      return json_pack ("[i, i]", (int) area.width, (int) area.height);
    }
  if (query->elems > MOST_ELEMENTS || query->elem_size > 8)
    return json_null ();
  json_t *list = json_array ();
  for (guint i = 0; i < query->elems; i++)
    {
      guint64 value = 0;
      memcpy (&value, data + (gsize) i * query->elem_size,
              query->elem_size); /* little-endian, or the size of its type */
      json_array_append_new (list, json_integer ((json_int_t) value));
    }
  return list;
}

static json_t *
read_value (int fd, const struct v4l2_query_ext_ctrl *query)
{
  if (query->flags & (V4L2_CTRL_FLAG_WRITE_ONLY | V4L2_CTRL_FLAG_DISABLED))
    return json_null ();
  struct v4l2_ext_control control = { .id = query->id };
  struct v4l2_ext_controls set = { .which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &control };
  g_autofree guint8 *payload = NULL;
  if (query->flags & V4L2_CTRL_FLAG_HAS_PAYLOAD)
    {
      control.size = query->elem_size * query->elems;
      control.ptr = payload = g_malloc0 ((gsize) control.size + 1);
    }
  if (call (fd, VIDIOC_G_EXT_CTRLS, &set) < 0)
    return json_null ();
  if (payload != NULL)
    return payload_to_json (query, payload);
  if (query->type == V4L2_CTRL_TYPE_BOOLEAN)
    return json_boolean (control.value);
  if (query->type == V4L2_CTRL_TYPE_INTEGER64)
    return json_integer (control.value64);
  return json_integer (query->type == V4L2_CTRL_TYPE_BITMASK ? (json_int_t) (guint32) control.value
                                                             : control.value);
}

/* The next control after query->id; FALSE at the end. Titles of groups and disabled controls are left out. */
static gboolean
next_control (int fd, struct v4l2_query_ext_ctrl *query)
{
  for (guint i = 0; i < 4 * MOST_ENTRIES; i++)
    {
      query->id |= V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND;
      if (call (fd, VIDIOC_QUERY_EXT_CTRL, query) < 0)
        return FALSE;
      if (query->type != V4L2_CTRL_TYPE_CTRL_CLASS && !(query->flags & V4L2_CTRL_FLAG_DISABLED))
        return TRUE;
    }
  return FALSE;
}

static json_t *
list_controls (int fd)
{
  json_t *list = json_array ();
  struct v4l2_query_ext_ctrl query = { 0 };
  while (next_control (fd, &query))
    {
      g_autofree char *name = g_utf8_make_valid (query.name, -1), *id = slug (name);
      gboolean menu = query.type == V4L2_CTRL_TYPE_MENU || query.type == V4L2_CTRL_TYPE_INTEGER_MENU;
      json_t *control
          = json_pack ("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:I}", "id", id, "name", name, "type",
                       type_name (query.type), "min", (json_int_t) query.minimum, "max", (json_int_t) query.maximum,
                       "step", (json_int_t) query.step, "default", (json_int_t) query.default_value, "value",
                       read_value (fd, &query), "flags", flags_to_json (query.flags), "menu",
                       menu ? list_menu (fd, &query) : json_null (), "number", (json_int_t) query.id);
      if (query.nr_of_dims > 0)
        {
          json_t *dims = json_array ();
          for (guint i = 0; i < query.nr_of_dims; i++)
            json_array_append_new (dims, json_integer (query.dims[i]));
          json_object_set_new (control, "dims", dims);
        }
      json_array_append_new (list, control);
    }
  return list;
}

static json_t *
get_controls (AssayDevice *device)
{
  json_t *values = json_object ();
  struct v4l2_query_ext_ctrl query = { 0 };
  while (next_control (device->fd, &query))
    {
      if (query.flags & (V4L2_CTRL_FLAG_HAS_PAYLOAD | V4L2_CTRL_FLAG_WRITE_ONLY))
        continue;
      g_autofree char *id = slug (query.name);
      json_object_set_new (values, id, read_value (device->fd, &query));
    }
  return values;
}

static gboolean
find_control (int fd, const char *name, struct v4l2_query_ext_ctrl *ret_query)
{
  struct v4l2_query_ext_ctrl query = { 0 };
  while (next_control (fd, &query))
    {
      g_autofree char *id = slug (query.name);
      if (g_str_equal (id, name) || g_ascii_strcasecmp (query.name, name) == 0)
        {
          *ret_query = query;
          return TRUE;
        }
    }
  return FALSE;
}

/* Menus by number or by the item's words, booleans by 0, 1, true, false, the others by number. */
static gboolean
parse_value (int fd, const struct v4l2_query_ext_ctrl *query, const char *text, gint64 *ret_value)
{
  if (query->type == V4L2_CTRL_TYPE_BUTTON)
    {
      *ret_value = 1;
      return TRUE;
    }
  if (query->type == V4L2_CTRL_TYPE_BOOLEAN && (g_str_equal (text, "true") || g_str_equal (text, "false")))
    {
      *ret_value = g_str_equal (text, "true");
      return TRUE;
    }
  for (gint64 i = MAX (query->minimum, 0);
       query->type == V4L2_CTRL_TYPE_MENU && i <= query->maximum && i < MOST_ENTRIES; i++)
    {
      struct v4l2_querymenu item = { .id = query->id, .index = (guint32) i };
      if (call (fd, VIDIOC_QUERYMENU, &item) == 0 && g_ascii_strcasecmp ((const char *) item.name, text) == 0)
        {
          *ret_value = i;
          return TRUE;
        }
    }
  char *end;
  gboolean hex = g_str_has_prefix (text, "0x");
  *ret_value = hex ? (gint64) g_ascii_strtoull (text, &end, 16) : g_ascii_strtoll (text, &end, 10);
  gint64 most = query->type == V4L2_CTRL_TYPE_BITMASK ? (gint64) (guint32) query->maximum : query->maximum;
  return end != text && *end == '\0' && (query->type == V4L2_CTRL_TYPE_BITMASK || *ret_value >= query->minimum)
         && *ret_value <= most;
}

static gboolean
set_control (AssayDevice *device, const char *name, const char *text, GError **error)
{
  struct v4l2_query_ext_ctrl query;
  if (!find_control (device->fd, name, &query))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "setting %s of %s: it has no such control; `assay devices --json` lists them", name, device->id);
      return FALSE;
    }
  struct v4l2_ext_control control = { .id = query.id };
  struct v4l2_ext_controls set = { .which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &control };
  g_autofree char *string = NULL;
  gint64 value = 0;
  if (query.type == V4L2_CTRL_TYPE_STRING)
    {
      control.size = query.elem_size;
      control.string = string = g_malloc0 (query.elem_size);
      g_strlcpy (string, text, query.elem_size);
    }
  else if ((query.flags & V4L2_CTRL_FLAG_HAS_PAYLOAD) || !parse_value (device->fd, &query, text, &value))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "setting %s of %s: \"%s\" is no value for it (%s, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ")",
                   name, device->id, text, type_name (query.type), (gint64) query.minimum, (gint64) query.maximum);
      return FALSE;
    }
  else if (query.type == V4L2_CTRL_TYPE_INTEGER64)
    control.value64 = value;
  else
    control.value = (gint32) value;
  if (call (device->fd, VIDIOC_S_EXT_CTRLS, &set) == 0)
    return TRUE;
  g_autofree char *doing = g_strdup_printf ("setting %s to %s of", name, text);
  return fail (device, doing, errno, error);
}

/* --- opening -----------------------------------------------------------------------------------------------------
 */

static void
close_device (AssayDevice *device)
{
  if (device == NULL)
    return;
  if (device->streaming)
    call (device->fd, VIDIOC_STREAMOFF, &device->type);
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
      *format = (AssayStreamFormat){ .fourcc = pix->pixelformat,
                                     .width_px = pix->width,
                                     .height_px = pix->height,
                                     .bytes_per_line = pix->plane_fmt[0].bytesperline,
                                     .max_bytes = format->max_bytes,
                                     .colorspace = pix->colorspace,
                                     .ycbcr_encoding = pix->ycbcr_enc,
                                     .quantization = pix->quantization,
                                     .transfer = pix->xfer_func };
    }
  else
    {
      const struct v4l2_pix_format *pix = &set->fmt.pix;
      device->n_planes = 1;
      *format = (AssayStreamFormat){ .fourcc = pix->pixelformat,
                                     .width_px = pix->width,
                                     .height_px = pix->height,
                                     .bytes_per_line = pix->bytesperline,
                                     .max_bytes = pix->sizeimage,
                                     .colorspace = pix->colorspace,
                                     .ycbcr_encoding = pix->ycbcr_enc,
                                     .quantization = pix->quantization,
                                     .transfer = pix->xfer_func };
    }
  compressed = assay_colour_is_jpeg (format->fourcc) || format->bytes_per_line == 0;
  device->least_bytes = compressed ? 0 : (gsize) format->bytes_per_line * format->height_px;
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
  if (assay_colour_supports (&device->format, NULL))
    return 0;
  struct v4l2_fmtdesc listed = { .type = device->type };
  for (; listed.index < MOST_ENTRIES && call (device->fd, VIDIOC_ENUM_FMT, &listed) == 0; listed.index++)
    {
      AssayStreamFormat format = { .fourcc = listed.pixelformat };
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
  if (call (device->fd, VIDIOC_G_FMT, &set) < 0)
    return fail (device, "asking for the format of", errno, error);
  take_format (device, &set);
  put_wish (&set, device->planar, letters != NULL ? fourcc : choose_fourcc (device), width, height);
  if (call (device->fd, VIDIOC_S_FMT, &set) < 0)
    return fail (device, "setting the format of", errno, error);
  take_format (device, &set);
  const AssayStreamFormat *got = &device->format;
  if ((width != 0 && (got->width_px != width || got->height_px != height))
      || (fourcc != 0 && got->fourcc != fourcc))
    {
      char text[ASSAY_FOURCC_TEXT_SIZE];
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "setting the format of %s: it gives %s %ux%u instead; choose a format and size that `assay "
                   "devices` lists",
                   device->id, assay_fourcc_to_text (got->fourcc, text), got->width_px, got->height_px);
      return FALSE;
    }
  return TRUE;
}

/* After S_FMT, which may change the interval; a camera without S_PARM keeps its own. */
static void
negotiate_fps (AssayDevice *device, double fps)
{
  struct v4l2_streamparm parm = { .type = device->type };
  if (call (device->fd, VIDIOC_G_PARM, &parm) < 0)
    return;
  if (fps > 0 && parm.parm.capture.capability & V4L2_CAP_TIMEPERFRAME)
    {
      parm.parm.capture.timeperframe = (struct v4l2_fract){ 1000, (guint32) lround (fps * 1000) };
      call (device->fd, VIDIOC_S_PARM, &parm);
    }
  struct v4l2_fract period = parm.parm.capture.timeperframe;
  device->format.fps = period.numerator > 0 ? (double) period.denominator / period.numerator : 0;
}

static const Node *
find_node (const GPtrArray *nodes, const char *device_id)
{
  for (guint i = 0; i < nodes->len; i++)
    if (g_str_equal (((Node *) nodes->pdata[i])->id, device_id))
      return nodes->pdata[i];
  return NULL;
}

static AssayDevice *
open_device (const char *device_id, const AssayOptions *values, GError **error)
{
  g_autoptr (GString) wrongs = g_string_new (NULL);
  g_autoptr (GPtrArray) nodes = list_nodes (wrongs);
  const Node *node = find_node (nodes, device_id);
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
  device->type = node->type;
  device->planar = node->type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE;
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

/* --- streaming ---------------------------------------------------------------------------------------------------
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
  if (call (device->fd, VIDIOC_QUERYBUF, &buffer) < 0)
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
  return call (device->fd, VIDIOC_QBUF, &buffer) == 0;
}

/* Controls may change the colour space, which is well, and the size, for which the rings are not made. */
static gboolean
read_format_again (AssayDevice *device, GError **error)
{
  AssayStreamFormat before = device->format;
  struct v4l2_format set = { .type = device->type };
  if (call (device->fd, VIDIOC_G_FMT, &set) < 0)
    return fail (device, "asking for the format of", errno, error);
  take_format (device, &set);
  device->format.fps = before.fps;
  if (device->format.width_px == before.width_px && device->format.height_px == before.height_px
      && device->format.fourcc == before.fourcc && device->format.max_bytes <= before.max_bytes)
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
  if (call (device->fd, VIDIOC_REQBUFS, &request) < 0)
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
  call (device->fd, VIDIOC_S_PRIORITY, &priority);
  struct v4l2_event_subscription changes = { .type = V4L2_EVENT_SOURCE_CHANGE };
  call (device->fd, VIDIOC_SUBSCRIBE_EVENT, &changes);
  if (call (device->fd, VIDIOC_STREAMON, &device->type) < 0)
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
  while (call (device->fd, VIDIOC_DQEVENT, &event) == 0)
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
  if (call (device->fd, VIDIOC_DQBUF, &buffer) < 0)
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
