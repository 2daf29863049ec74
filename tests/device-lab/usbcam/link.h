/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/device-lab/usbcam/link.h - the wire between the emulated device and the kernel's vhci-hcd: USB/IP messages
 * over a socket pair. Attaching is plugging in, closing the socket is pulling the cable. One thread.
 * The messages: the kernel's Documentation/usb/usbip_protocol.rst. */
#include <glib.h>

G_BEGIN_DECLS

#define LINK_ENDPOINTS 4

/* One packet of an isochronous transfer. */
typedef struct
{
  guint32 offset, length, actual, status;
} LinkPacket;

typedef struct
{
  guint32 sequence, start_frame;
  guint endpoint;
  gboolean in;      /* towards the host */
  gint32 n_bytes;   /* that the host sends, or has room for */
  gint32 n_packets; /* 0 = not isochronous */
  guint8 setup[8];  /* of endpoint 0 */
  guint8 *out;      /* (nullable) n_bytes from the host */
  LinkPacket *packets;
  gint64 due_ns; /* CLOCK_MONOTONIC; 0 = not yet decided */
} Transfer;

typedef struct
{
  int fd;                         /* -1 = unplugged */
  int port;                       /* of the hub, while plugged in */
  GQueue waiting[LINK_ENDPOINTS]; /* of Transfer, in the order in which the host asked */
} Link;

void link_init (Link *link);
/* Plugs the device into that port of the hub (-1: any that is free). FALSE says why on standard error. */
gboolean link_attach (Link *link, int port);
/* Pulls the cable: what waits is never answered. */
void link_detach (Link *link);
/* Reads one message. A request on endpoint 0 is handed out (answer it), others wait in their queue. FALSE: the
 * kernel has ended the connection. */
gboolean link_read (Link *link, Transfer **ret_control);
/* Answers and frees. `status` is 0 or -errno; `data` goes in only for transfers towards the host. */
void link_answer (Link *link, Transfer *transfer, int status, const void *data, gsize n_bytes);
/* Answers all that waits on that endpoint with -ESHUTDOWN. */
void link_cancel (Link *link, guint endpoint);

G_END_DECLS
