/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/v4l2-io.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Opening a node changes nothing, and nothing may wait in it. */
static int
kernel_open (const char *path)
{
  return open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
}

static int
kernel_ioctl (int fd, unsigned long request, void *argument)
{
  return ioctl (fd, request, argument);
}

static void *
kernel_mmap (gsize bytes, int fd, gint64 offset)
{
  void *data = mmap (NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, offset);
  return data != MAP_FAILED ? data : NULL;
}

static const AssayV4l2Io kernel = {
  .open = kernel_open,
  .close = close,
  .ioctl = kernel_ioctl,
  .poll = poll,
  .mmap = kernel_mmap,
  .munmap = munmap,
  .sysfs = "/sys",
  .dev = "/dev",
};

static const AssayV4l2Io *used = &kernel;

const AssayV4l2Io *
assay_v4l2_io (void)
{
  return used;
}

void
assay_v4l2_io_replace (const AssayV4l2Io *io)
{
  used = io != NULL ? io : &kernel;
}

int
assay_v4l2_call (int fd, unsigned long request, void *argument)
{
  int result;
  do
    result = used->ioctl (fd, request, argument);
  while (result < 0 && errno == EINTR);
  return result;
}
