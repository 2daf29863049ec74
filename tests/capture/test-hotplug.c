/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/hotplug.h"
#include "capture/v4l2-io.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

static void
note (gboolean appeared, const char *node, gpointer data)
{
  g_autofree char *name = g_path_get_basename (node);
  g_string_append_printf (data, "%c%s ", appeared ? '+' : '-', name);
}

/* Told within a second. */
static void
assert_told (AssayHotplug *hotplug, GString *told, const char *wanted)
{
  struct pollfd heard = { .fd = assay_hotplug_get_fd (hotplug), .events = POLLIN };
  gint64 until_us = g_get_monotonic_time () + G_USEC_PER_SEC;
  g_string_truncate (told, 0);
  while (strstr (told->str, wanted) == NULL && g_get_monotonic_time () < until_us && poll (&heard, 1, 100) >= 0)
    assay_hotplug_dispatch (hotplug);
  if (strstr (told->str, wanted) == NULL)
    fail_msg ("\"%s\" was told, not \"%s\"", told->str, wanted);
}

static void
assert_nothing_told (AssayHotplug *hotplug, GString *told)
{
  struct pollfd heard = { .fd = assay_hotplug_get_fd (hotplug), .events = POLLIN };
  g_string_truncate (told, 0);
  while (poll (&heard, 1, 100) > 0)
    assay_hotplug_dispatch (hotplug);
  assert_string_equal (told->str, "");
}

static void
make (const char *path)
{
  int fd = open (path, O_CREAT | O_CLOEXEC | O_WRONLY, 0600);
  assert_true (fd >= 0 && close (fd) == 0);
}

static void
cameras_and_microphones_are_heard_of_without_udev (void **state)
{
  g_autofree char *dev = g_dir_make_tmp ("assay-hotplug-XXXXXX", NULL);
  g_autofree char *video = g_build_filename (dev, "video3", NULL), *other = g_build_filename (dev, "tty7", NULL);
  g_autofree char *sound = g_build_filename (dev, "snd", NULL), *pcm = g_build_filename (sound, "pcmC1D0c", NULL);
  AssayV4l2Io io = *assay_v4l2_io ();
  io.dev = dev;
  assay_v4l2_io_replace (&io);
  g_autoptr (GString) told = g_string_new (NULL);
  g_autoptr (AssayHotplug) hotplug = assay_hotplug_new (note, told, NULL);
  assert_non_null (hotplug);
  make (other);
  assert_true (g_unlink (other) == 0);
  assert_nothing_told (hotplug, told);
  make (video);
  assert_told (hotplug, told, "+video3 ");
  assert_true (g_chmod (video, 0660) == 0); /* who may open it is often decided after it is there */
  assert_told (hotplug, told, "+video3 ");
  assert_true (g_unlink (video) == 0);
  assert_told (hotplug, told, "-video3 ");
  assert_true (g_mkdir (sound, 0700) == 0); /* the first sound card of all */
  make (pcm);
  assert_told (hotplug, told, "+pcmC1D0c ");
  assert_true (g_unlink (pcm) == 0);
  assert_told (hotplug, told, "-pcmC1D0c ");
  assert_true (g_rmdir (sound) == 0 && g_rmdir (dev) == 0);
  assay_v4l2_io_replace (NULL);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (cameras_and_microphones_are_heard_of_without_udev),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
