/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/sound-link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

int
assay_sound_link_send (int fd, const AssaySoundHeader *header, gconstpointer data)
{
  if (sizeof *header + header->n_bytes >= ASSAY_SOUND_MOST_BYTES)
    return -EMSGSIZE;
  struct iovec parts[2] = { { (void *) header, sizeof *header }, { (void *) data, header->n_bytes } };
  struct msghdr message = { .msg_iov = parts, .msg_iovlen = header->n_bytes > 0 ? 2 : 1 };
  ssize_t n;
  do
    n = sendmsg (fd, &message, MSG_NOSIGNAL);
  while (n < 0 && errno == EINTR);
  if (n >= 0)
    return 0;
  return errno == ECONNRESET || errno == ENOTCONN ? -EPIPE : -errno;
}

int
assay_sound_link_receive (int fd, int wake_fd, int timeout_ms, guint8 *buffer, AssaySoundHeader *ret_header,
                          const guint8 **ret_data)
{
  struct pollfd ready[2] = { { .fd = fd, .events = POLLIN }, { .fd = wake_fd, .events = POLLIN } };
  int n_ready = poll (ready, 2, timeout_ms);
  if (n_ready < 0 && errno != EINTR)
    return -errno;
  if (n_ready <= 0)
    return -EAGAIN;
  if (ready[1].revents != 0)
    return -EINTR;
  ssize_t n = recv (fd, buffer, ASSAY_SOUND_MOST_BYTES - 1, MSG_DONTWAIT);
  if (n == 0 || (n < 0 && errno == ECONNRESET))
    return -EPIPE;
  if (n < 0)
    return errno == EINTR || errno == EWOULDBLOCK ? -EAGAIN : -errno;
  if ((gsize) n < sizeof *ret_header)
    return -EPROTO;
  memcpy (ret_header, buffer, sizeof *ret_header);
  if (ret_header->n_bytes != (gsize) n - sizeof *ret_header)
    return -EPROTO;
  buffer[n] = '\0';
  *ret_data = buffer + sizeof *ret_header;
  return 0;
}
