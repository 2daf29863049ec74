/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/v4l2-io.h - the system calls by which cameras are reached, as a table, so that a test can answer as a
 * kernel would that has no bandwidth left, a bus that fails or a camera that is pulled. Any thread. */
#include <glib.h>

#include <poll.h>

G_BEGIN_DECLS

/* Each as the call of its name: -1 with errno, except mmap, whose failure is NULL with errno. */
typedef struct
{
  int (*open) (const char *path);
  int (*close) (int fd);
  int (*ioctl) (int fd, unsigned long request, void *argument);
  int (*poll) (struct pollfd *fds, nfds_t n, int timeout_ms);
  void *(*mmap) (gsize bytes, int fd, gint64 offset);
  int (*munmap) (void *data, gsize bytes);
  const char *sysfs, *dev; /* "/sys", "/dev" */
} AssayV4l2Io;

const AssayV4l2Io *assay_v4l2_io (void);
/* For tests, while no camera is open; NULL = the kernel again. Borrowed. */
void assay_v4l2_io_replace (const AssayV4l2Io *io);

/* ioctl, again when a signal interrupts it. */
int assay_v4l2_call (int fd, unsigned long request, void *argument);

G_END_DECLS
