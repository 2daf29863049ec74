/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/device-lab/usbcam/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define HUB "/sys/devices/platform/vhci_hcd.0/"
#define FREE_PORT 4  /* in the hub's file "status" */
#define HIGH_SPEED 3 /* enum usb_device_speed */
#define SOCKET_BYTES (4 << 20)
#define MOST_BYTES (1 << 20)
#define MOST_PACKETS 1024

enum
{
  SUBMIT = 1,
  UNLINK = 2,
  RET_SUBMIT = 3,
  RET_UNLINK = 4
};

/* Everything in network order. */
typedef struct
{
  guint32 command, sequence, device, in, endpoint;
  union
  {
    struct
    {
      guint32 flags, n_bytes, start_frame, n_packets, interval;
      guint8 setup[8];
    } submit;
    struct
    {
      guint32 status, n_bytes, start_frame, n_packets, n_errors, padding[2];
    } ret;
    guint32 unlinked;
  } u;
} Message;
G_STATIC_ASSERT (sizeof (Message) == 48);

void
link_init (Link *link)
{
  *link = (Link){ .fd = -1 };
  for (guint i = 0; i < LINK_ENDPOINTS; i++)
    g_queue_init (&link->waiting[i]);
}

static void
transfer_free (Transfer *transfer)
{
  g_free (transfer->out);
  g_free (transfer->packets);
  g_free (transfer);
}

/* --- the hub ---------------------------------------------------------------------------------------------------
 */

static int
find_free_port (int wanted)
{
  g_autofree char *text = NULL;
  if (!g_file_get_contents (HUB "status", &text, NULL, NULL))
    return -1;
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      char speed[8];
      int port, status;
      if (sscanf (lines[i], "%7s %d %d", speed, &port, &status) == 3 && g_str_equal (speed, "hs")
          && status == FREE_PORT && (wanted < 0 || port == wanted))
        return port;
    }
  return -1;
}

static gboolean
hand_over (int fd, int port)
{
  g_autofree char *line = g_strdup_printf ("%d %d %d %d", port, fd, 0x10000 | (port + 1), HIGH_SPEED);
  int attach = open (HUB "attach", O_WRONLY | O_CLOEXEC);
  gboolean good = attach >= 0 && write (attach, line, strlen (line)) == (gssize) strlen (line);
  if (attach >= 0)
    close (attach);
  return good;
}

gboolean
link_attach (Link *link, int port)
{
  int ends[2], bytes = SOCKET_BYTES;
  if (link->fd >= 0)
    return TRUE;
  int found = find_free_port (port);
  if (found < 0 || socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
    {
      g_printerr ("plugging in: no free port %d in %s\n", port, HUB);
      return FALSE;
    }
  for (guint i = 0; i < 2; i++)
    {
      setsockopt (ends[i], SOL_SOCKET, SO_SNDBUFFORCE, &bytes, sizeof bytes);
      setsockopt (ends[i], SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes);
    }
  gboolean good = hand_over (ends[1], found);
  close (ends[1]);
  if (!good)
    {
      g_printerr ("plugging into port %d: %s\n", found, g_strerror (errno));
      close (ends[0]);
      return FALSE;
    }
  link->fd = ends[0];
  link->port = found;
  return TRUE;
}

void
link_detach (Link *link)
{
  if (link->fd < 0)
    return;
  for (guint i = 0; i < LINK_ENDPOINTS; i++)
    g_queue_clear_full (&link->waiting[i], (GDestroyNotify) transfer_free);
  shutdown (link->fd, SHUT_RDWR);
  close (link->fd);
  link->fd = -1;
}

/* --- messages --------------------------------------------------------------------------------------------------
 */

static gboolean
read_whole (int fd, void *to, gsize n_bytes)
{
  for (guint8 *at = to; n_bytes > 0;)
    {
      gssize n = read (fd, at, n_bytes);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      at += n;
      n_bytes -= (gsize) n;
    }
  return TRUE;
}

/* A kernel that no longer listens is noticed by the next read. */
static void
write_whole (int fd, struct iovec *parts, int n_parts)
{
  while (n_parts > 0)
    {
      gssize n = writev (fd, parts, n_parts);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return;
      while (n_parts > 0 && (gsize) n >= parts->iov_len)
        {
          n -= (gssize) parts->iov_len;
          parts++;
          n_parts--;
        }
      if (n_parts > 0)
        {
          parts->iov_base = (guint8 *) parts->iov_base + n;
          parts->iov_len -= (gsize) n;
        }
    }
}

static void
swap_packets (LinkPacket *packets, int n)
{
  guint32 *words = (guint32 *) packets;
  for (int i = 0; i < 4 * n; i++)
    words[i] = htonl (words[i]);
}

static Transfer *
read_transfer (Link *link, const Message *message)
{
  Transfer *transfer = g_new0 (Transfer, 1);
  transfer->sequence = ntohl (message->sequence);
  transfer->endpoint = ntohl (message->endpoint);
  transfer->in = message->in != 0;
  transfer->n_bytes = (gint32) ntohl (message->u.submit.n_bytes);
  transfer->start_frame = ntohl (message->u.submit.start_frame);
  transfer->n_packets = MAX ((gint32) ntohl (message->u.submit.n_packets), 0); /* -1: not isochronous either */
  memcpy (transfer->setup, message->u.submit.setup, sizeof transfer->setup);
  gboolean good = transfer->n_bytes >= 0 && transfer->n_bytes <= MOST_BYTES && transfer->n_packets <= MOST_PACKETS;
  if (good && !transfer->in && transfer->n_bytes > 0)
    {
      transfer->out = g_malloc ((gsize) transfer->n_bytes);
      good = read_whole (link->fd, transfer->out, (gsize) transfer->n_bytes);
    }
  if (good && transfer->n_packets > 0)
    {
      transfer->packets = g_new0 (LinkPacket, transfer->n_packets);
      good = read_whole (link->fd, transfer->packets, sizeof (LinkPacket) * (gsize) transfer->n_packets);
      swap_packets (transfer->packets, transfer->n_packets);
    }
  if (!good)
    g_clear_pointer (&transfer, transfer_free);
  return transfer;
}

/* What was still waiting is then never answered itself. */
static void
unlink_transfer (Link *link, const Message *message)
{
  gboolean found = FALSE;
  for (guint i = 0; i < LINK_ENDPOINTS && !found; i++)
    for (GList *at = link->waiting[i].head; at != NULL && !found; at = at->next)
      if (((Transfer *) at->data)->sequence == ntohl (message->u.unlinked))
        {
          transfer_free (at->data);
          g_queue_delete_link (&link->waiting[i], at);
          found = TRUE;
          break;
        }
  Message answer = { .command = htonl (RET_UNLINK), .sequence = message->sequence };
  answer.u.ret.status = htonl ((guint32) (found ? -ECONNRESET : 0));
  struct iovec part = { &answer, sizeof answer };
  write_whole (link->fd, &part, 1);
}

gboolean
link_read (Link *link, Transfer **ret_control)
{
  Message message;
  *ret_control = NULL;
  if (!read_whole (link->fd, &message, sizeof message))
    return FALSE;
  if (ntohl (message.command) == UNLINK)
    {
      unlink_transfer (link, &message);
      return TRUE;
    }
  Transfer *transfer = ntohl (message.command) == SUBMIT ? read_transfer (link, &message) : NULL;
  if (transfer == NULL)
    return FALSE;
  if (transfer->endpoint == 0)
    *ret_control = transfer;
  else if (transfer->endpoint < LINK_ENDPOINTS)
    g_queue_push_tail (&link->waiting[transfer->endpoint], transfer);
  else
    link_answer (link, transfer, -EPIPE, NULL, 0);
  return TRUE;
}

void
link_answer (Link *link, Transfer *transfer, int status, const void *data, gsize n_bytes)
{
  guint n_errors = 0;
  for (int i = 0; i < transfer->n_packets; i++)
    n_errors += transfer->packets[i].status != 0;
  Message answer = { .command = htonl (RET_SUBMIT), .sequence = htonl (transfer->sequence) };
  answer.u.ret.status = htonl ((guint32) status);
  answer.u.ret.n_bytes = htonl ((guint32) n_bytes);
  answer.u.ret.start_frame = htonl (transfer->start_frame);
  answer.u.ret.n_packets = htonl ((guint32) transfer->n_packets);
  answer.u.ret.n_errors = htonl (n_errors);
  struct iovec parts[3] = { { &answer, sizeof answer } };
  int n = 1;
  if (transfer->in && n_bytes > 0)
    parts[n++] = (struct iovec){ (void *) data, n_bytes };
  if (transfer->n_packets > 0)
    {
      swap_packets (transfer->packets, transfer->n_packets);
      parts[n++] = (struct iovec){ transfer->packets, sizeof (LinkPacket) * (gsize) transfer->n_packets };
    }
  write_whole (link->fd, parts, n);
  transfer_free (transfer);
}

void
link_cancel (Link *link, guint endpoint)
{
  Transfer *transfer;
  while ((transfer = g_queue_pop_head (&link->waiting[endpoint])) != NULL)
    {
      for (int i = 0; i < transfer->n_packets; i++)
        transfer->packets[i].status = (guint32) -ESHUTDOWN;
      link_answer (link, transfer, -ESHUTDOWN, NULL, 0);
    }
}
