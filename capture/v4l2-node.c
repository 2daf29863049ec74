/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/v4l2.h"
#include "capture/v4l2-io.h"

#include "core/error.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <string.h>
#include <unistd.h>

static char *
dup_class_folder (void)
{
  return g_build_filename (assay_v4l2_io ()->sysfs, "class", "video4linux", NULL);
}

static char *
dup_sysfs (const char *node)
{
  g_autofree char *folder = dup_class_folder (), *name = g_path_get_basename (node);
  return g_build_filename (folder, name, NULL);
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
    case ENOENT:
      why = g_strdup ("it is gone; plug it in again");
      break;
    case EACCES:
    case EPERM:
      why = g_strdup ("permission denied; become a member of the group video and log in again");
      break;
    default:
      why = g_strdup (g_strerror (errnum));
    }
  gboolean gone = errnum == ENODEV || errnum == ENXIO || errnum == ENOENT;
  g_set_error (error, ASSAY_ERROR, gone ? ASSAY_ERROR_NOT_FOUND : ASSAY_ERROR_DEVICE, "%s %s (%s): %s", doing, id,
               node, why);
  return FALSE;
}

static void
node_free (AssayV4l2Node *node)
{
  g_free (node->id);
  g_free (node->place_id);
  g_free (node->serial_id);
  g_free (node->node);
  g_free (node->name);
  g_free (node->driver);
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

static char *
dup_id (const AssayV4l2Node *node, guint index, gboolean trust_serial)
{
  g_autofree char *identity = assay_identity_dup_text (&node->identity, trust_serial);
  /* Platform drivers have several boards behind one parent or none at all: their bus names are what is stable. */
  const char *place = node->identity.vendor == NULL && *node->bus != '\0' ? node->bus : identity;
  g_autofree char *suffix = index > 0 ? g_strdup_printf ("#%u", index) : g_strdup ("");
  return g_strdup_printf ("v4l2:%s%s", place, suffix);
}

/* NULL for nodes that are no camera: metadata, output, VBI, radio, touch, codecs. */
static AssayV4l2Node *
look_at (const char *name, GError **error)
{
  g_autofree char *folder = dup_sysfs (name), *path = g_build_filename (assay_v4l2_io ()->dev, name, NULL);
  int fd = assay_v4l2_io ()->open (path);
  if (fd < 0)
    {
      if (errno != ENOENT && errno != ENODEV && errno != ENXIO)
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "looking at camera %s: %s%s", path, g_strerror (errno),
                     errno == EACCES ? "; become a member of the group video and log in again" : "");
      return NULL;
    }
  struct v4l2_capability capability = { 0 };
  int answered = assay_v4l2_call (fd, VIDIOC_QUERYCAP, &capability);
  assay_v4l2_io ()->close (fd);
  guint32 caps = capability.capabilities & V4L2_CAP_DEVICE_CAPS ? capability.device_caps : capability.capabilities;
  if (answered < 0 || !(caps & (V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_VIDEO_CAPTURE_MPLANE))
      || !(caps & V4L2_CAP_STREAMING) || (caps & V4L2_CAP_TOUCH))
    return NULL;
  AssayV4l2Node *node = g_new0 (AssayV4l2Node, 1);
  node->node = g_steal_pointer (&path);
  node->name = g_utf8_make_valid ((const char *) capability.card, -1);
  node->driver = g_utf8_make_valid ((const char *) capability.driver, -1);
  node->bus = g_utf8_make_valid ((const char *) capability.bus_info, -1);
  node->planar = !(caps & V4L2_CAP_VIDEO_CAPTURE);
  assay_identity_read (folder, &node->identity);
  guint index = read_index (folder);
  node->serial_id = dup_id (node, index, TRUE);
  node->place_id = dup_id (node, index, FALSE);
  node->weak = !assay_identity_is_strong (&node->identity);
  return node;
}

/* Serial numbers that two devices share tell nothing apart: such devices go by the place where they are plugged in.
 */
static void
tell_twins_apart (GPtrArray *nodes)
{
  for (guint i = 0; i < nodes->len; i++)
    for (guint k = 0; k < i; k++)
      {
        AssayV4l2Node *one = nodes->pdata[i], *other = nodes->pdata[k];
        if (g_str_equal (one->serial_id, other->serial_id))
          one->weak = other->weak = TRUE;
      }
  for (guint i = 0; i < nodes->len; i++)
    {
      AssayV4l2Node *node = nodes->pdata[i];
      node->id = g_strdup (node->weak ? node->place_id : node->serial_id);
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
  g_autofree char *path = dup_class_folder ();
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
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

const AssayV4l2Node *
assay_v4l2_find_node (const GPtrArray *nodes, const char *device_id)
{
  for (guint i = 0; i < nodes->len; i++)
    if (g_str_equal (((AssayV4l2Node *) nodes->pdata[i])->id, device_id))
      return nodes->pdata[i];
  for (guint i = 0; i < nodes->len; i++)
    if (g_str_equal (((AssayV4l2Node *) nodes->pdata[i])->place_id, device_id))
      return nodes->pdata[i];
  return NULL;
}

gboolean
assay_v4l2_is_ambiguous (const GPtrArray *nodes, const char *device_id)
{
  for (guint i = 0; i < nodes->len; i++)
    if (g_str_equal (((AssayV4l2Node *) nodes->pdata[i])->serial_id, device_id))
      return TRUE;
  return FALSE;
}

gboolean
assay_v4l2_is_still (const char *node, const AssayIdentity *identity)
{
  g_autofree char *folder = dup_sysfs (node);
  g_auto (AssayIdentity) now = { 0 };
  assay_identity_read (folder, &now);
  return assay_identity_equal (&now, identity);
}

char *
assay_v4l2_dup_bus_text (const char *node, const AssayIdentity *identity)
{
  g_autoptr (GString) wrongs = g_string_new (NULL);
  g_autoptr (GPtrArray) nodes = assay_v4l2_list_nodes (wrongs);
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < nodes->len; i++)
    {
      const AssayV4l2Node *other = nodes->pdata[i];
      if (g_strcmp0 (other->identity.controller, identity->controller) == 0)
        g_string_append_printf (names, "%s%s (%s)", names->len > 0 ? ", " : "", other->name, other->node);
    }
  return g_strdup_printf ("controller %s has %.0f Mbit/s for all of %s",
                          identity->controller != NULL ? identity->controller : "of this camera",
                          identity->usb_mbit_per_s, names->len > 0 ? names->str : node);
}
