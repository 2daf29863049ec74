/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/stream-private.h - what stream.c and stream-open.c share, and nobody else. */
#include "capture/stream.h"
#include "core/ring.h"

#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/* A slot of ring or mailbox: the frame, then its bytes when they had to be copied. */
typedef struct
{
  AssayFrame frame;
  guint64 overrun_before; /* frames, or samples a channel, that found the ring full just before it */
  int kept;               /* its bytes lie with the device, under this number; -1 = they follow here */
} AssayStreamSlot;

/* What one opening of the device needs. A device that comes back may speak another format, so these are made anew
 * then, and the old ones stay until the stream is closed: other threads may be reading them. */
typedef struct
{
  AssayStreamFormat format;
  AssayRingBuffer *ring;
  AssayRingBuffer *heard; /* microphones: the last blocks that nobody took; the device's thread alone */
  AssayMailbox *mailbox;  /* cameras: pictures; microphones: levels */
  AssayLevelMeter *meter; /* microphones */
} AssayStreamLink;

struct _AssayStream
{
  const AssaySource *source;
  AssayDeviceKind kind;
  char *id, *settings;
  pthread_mutex_t lock; /* of the device, against those who ask it for its settings while it goes or comes */
  AssayDevice *device;  /* NULL = away */
  GPtrArray *links;     /* of AssayStreamLink; the last is in use */
  AssayStreamLink *_Atomic link;
  GThread *thread;
  atomic_bool taken, watched, stopping;
  atomic_int ended;                        /* 0 = running; errno of next(); ECANCELED after a stop */
  atomic_llong pre_roll_ns;
  atomic_ullong received, overrun, unsaid; /* unsaid: as overrun_before, since the last frame in the ring */
  atomic_uint unsaid_flags;                /* what these frames said of what came before them */
  _Atomic float peak, power;
};

/* Opens the device, sets its controls, and makes room for its frames. */
gboolean assay_stream_open_device (AssayStream *stream, GError **error);

G_END_DECLS
