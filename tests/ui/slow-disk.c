/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/ui/slow-disk.c - preloaded into the window, it makes the disk slow for recordings: whoever waits until a
 * file of a session is on it waits for as long as there is a file $ASSAY_TEST_HOLD. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
wait_for_disk (int fd)
{
  const char *hold = getenv ("ASSAY_TEST_HOLD");
  char link[64], path[4096];
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink (link, path, sizeof path - 1);
  path[n > 0 ? n : 0] = '\0';
  while (hold != NULL && strstr (path, "/sessions/") != NULL && access (hold, F_OK) == 0)
    usleep (10000);
}

int fsync (int fd);
int
fsync (int fd)
{
  wait_for_disk (fd);
  return ((int (*) (int)) dlsym (RTLD_NEXT, "fsync")) (fd);
}

int fdatasync (int fd);
int
fdatasync (int fd)
{
  wait_for_disk (fd);
  return ((int (*) (int)) dlsym (RTLD_NEXT, "fdatasync")) (fd);
}
