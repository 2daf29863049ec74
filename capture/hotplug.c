/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/hotplug.h"
#include "capture/v4l2-io.h"

#include "core/error.h"

#include <errno.h>
#include <libudev.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <unistd.h>

struct _AssayHotplug
{
  AssayHotplugFunc changed;
  gpointer data;
  int epoll_fd, inotify_fd;
  int dev_watch, sound_watch; /* of inotify; -1 = none */
  char *dev, *sound;          /* "/dev", "/dev/snd" */
  struct udev *udev;
  struct udev_monitor *monitor; /* NULL when udev cannot be heard */
};

static gboolean
is_ours (const char *name)
{
  return g_str_has_prefix (name, "video") || (g_str_has_prefix (name, "pcm") && g_str_has_suffix (name, "c"));
}

static void
tell (AssayHotplug *hotplug, gboolean appeared, const char *folder, const char *name)
{
  g_autofree char *node = g_build_filename (folder, name, NULL);
  if (is_ours (name))
    hotplug->changed (appeared, node, hotplug->data);
}

/* The folder of sound devices comes with the first of them. */
static void
watch_sound (AssayHotplug *hotplug)
{
  if (hotplug->sound_watch < 0)
    hotplug->sound_watch
        = inotify_add_watch (hotplug->inotify_fd, hotplug->sound, IN_CREATE | IN_DELETE | IN_ATTRIB);
}

/* What was in it before it was watched. */
static void
tell_sound (AssayHotplug *hotplug)
{
  g_autoptr (GDir) listing = g_dir_open (hotplug->sound, 0, NULL);
  const char *name;
  while (listing != NULL && (name = g_dir_read_name (listing)) != NULL)
    tell (hotplug, TRUE, hotplug->sound, name);
}

static void
hear_folder (AssayHotplug *hotplug, const struct inotify_event *event)
{
  if (event->mask & IN_IGNORED && event->wd == hotplug->sound_watch)
    hotplug->sound_watch = -1;
  if (event->len == 0)
    return;
  if (event->wd == hotplug->dev_watch && g_str_equal (event->name, "snd") && event->mask & IN_CREATE)
    {
      watch_sound (hotplug);
      tell_sound (hotplug);
    }
  tell (hotplug, (event->mask & IN_DELETE) == 0, event->wd == hotplug->dev_watch ? hotplug->dev : hotplug->sound,
        event->name);
}

static void
hear_folders (AssayHotplug *hotplug)
{
  _Alignas(struct inotify_event) char events[4096];
  gssize n;
  while ((n = read (hotplug->inotify_fd, events, sizeof events)) > 0)
    for (gssize at = 0; at < n;)
      {
        const struct inotify_event *event = (gconstpointer) (events + at);
        hear_folder (hotplug, event);
        at += (gssize) sizeof *event + event->len;
      }
}

static void
hear_udev (AssayHotplug *hotplug)
{
  struct udev_device *device;
  while (hotplug->monitor != NULL && (device = udev_monitor_receive_device (hotplug->monitor)) != NULL)
    {
      const char *action = udev_device_get_action (device), *node = udev_device_get_devnode (device);
      g_autofree char *name = node != NULL ? g_path_get_basename (node) : NULL;
      if (action != NULL && name != NULL && is_ours (name))
        hotplug->changed (!g_str_equal (action, "remove"), node, hotplug->data);
      udev_device_unref (device);
    }
}

static gboolean
poll_too (AssayHotplug *hotplug, int fd)
{
  struct epoll_event event = { .events = EPOLLIN };
  return fd >= 0 && epoll_ctl (hotplug->epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0;
}

static gboolean
listen_to_udev (AssayHotplug *hotplug)
{
  hotplug->udev = udev_new ();
  hotplug->monitor = hotplug->udev != NULL ? udev_monitor_new_from_netlink (hotplug->udev, "udev") : NULL;
  if (hotplug->monitor == NULL)
    return FALSE;
  if (udev_monitor_filter_add_match_subsystem_devtype (hotplug->monitor, "video4linux", NULL) >= 0
      && udev_monitor_filter_add_match_subsystem_devtype (hotplug->monitor, "sound", NULL) >= 0
      && udev_monitor_enable_receiving (hotplug->monitor) >= 0
      && poll_too (hotplug, udev_monitor_get_fd (hotplug->monitor)))
    return TRUE;
  udev_monitor_unref (g_steal_pointer (&hotplug->monitor));
  return FALSE;
}

static gboolean
listen_to_folders (AssayHotplug *hotplug)
{
  hotplug->inotify_fd = inotify_init1 (IN_CLOEXEC | IN_NONBLOCK);
  if (hotplug->inotify_fd < 0)
    return FALSE;
  hotplug->dev_watch = inotify_add_watch (hotplug->inotify_fd, hotplug->dev, IN_CREATE | IN_DELETE | IN_ATTRIB);
  watch_sound (hotplug);
  return hotplug->dev_watch >= 0 && poll_too (hotplug, hotplug->inotify_fd);
}

AssayHotplug *
assay_hotplug_new (AssayHotplugFunc changed, gpointer data, GError **error)
{
  g_autoptr (AssayHotplug) hotplug = g_new0 (AssayHotplug, 1);
  hotplug->changed = changed;
  hotplug->data = data;
  hotplug->inotify_fd = hotplug->dev_watch = hotplug->sound_watch = -1;
  hotplug->dev = g_strdup (assay_v4l2_io ()->dev);
  hotplug->sound = g_build_filename (hotplug->dev, "snd", NULL);
  hotplug->epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  gboolean udev = hotplug->epoll_fd >= 0 && listen_to_udev (hotplug);
  if (hotplug->epoll_fd >= 0 && (listen_to_folders (hotplug) || udev))
    return g_steal_pointer (&hotplug);
  assay_error_set_errno (error, errno, "listening for devices that are plugged in");
  return NULL;
}

void
assay_hotplug_free (AssayHotplug *hotplug)
{
  if (hotplug == NULL)
    return;
  g_clear_pointer (&hotplug->monitor, udev_monitor_unref);
  g_clear_pointer (&hotplug->udev, udev_unref);
  if (hotplug->inotify_fd >= 0)
    close (hotplug->inotify_fd);
  if (hotplug->epoll_fd >= 0)
    close (hotplug->epoll_fd);
  g_free (hotplug->dev);
  g_free (hotplug->sound);
  g_free (hotplug);
}

int
assay_hotplug_get_fd (const AssayHotplug *hotplug)
{
  return hotplug->epoll_fd;
}

void
assay_hotplug_dispatch (AssayHotplug *hotplug)
{
  hear_folders (hotplug);
  hear_udev (hotplug);
}
