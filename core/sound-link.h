/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/sound-link.h - how the sound helper (app/sound) and the rest talk: over one SOCK_SEQPACKET socket, so that
 * each message arrives whole, and the death of either side is an end of file.
 *
 * One helper does one thing, told by its arguments:
 *   assay-sound list FD                              -> DEVICES or ERROR
 *   assay-sound names FD                             -> the same with rates null, and no device was opened
 *   assay-sound record FD DEVICE RATE CHANNELS       -> FORMAT or ERROR; after GO, BLOCKs until the socket closes
 * or LOST (RATE and CHANNELS 0: the device's own.)
 *   assay-sound play FD FILE FROM TO                 -> PLAYED again and again, the last with TO; or ERROR
 * Nothing is acknowledged: closing the socket ends the helper,
 * whatever its driver does. Both sides are of one build and one machine: host byte order. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_SOUND_DEVICES = 1, /* JSON: [{id, name, host_api, channels, rates}] */
  ASSAY_SOUND_FORMAT,      /* JSON: {rate, channels, block} */
  ASSAY_SOUND_ERROR,       /* text: a sentence for people */
  ASSAY_SOUND_GO,          /* to the helper: begin */
  ASSAY_SOUND_BLOCK,       /* floats, interleaved */
  ASSAY_SOUND_LOST,        /* text: the device is gone */
  ASSAY_SOUND_PLAYED,      /* first_sample is what is heard now */
} AssaySoundKind;

typedef struct
{
  guint32 kind;
  guint32 n_samples;    /* BLOCK: samples a channel */
  guint64 first_sample; /* BLOCK: index of the first one; a jump is a loss */
  gint64 stamp_ns;      /* BLOCK: CLOCK_MONOTONIC of its first sample, as well as can be told */
  guint32 raw_flags;    /* BLOCK: PaStreamCallbackFlags */
  guint32 flags;        /* BLOCK: as AssayFrame's */
  guint32 n_bytes;      /* of what follows */
  guint32 zero;
} AssaySoundHeader;

#define ASSAY_SOUND_MOST_BYTES 131072 /* of a message, header included: the socket's buffer holds several */

/* 0, -EPIPE when the other side is gone, -EMSGSIZE, other -errno. Blocks while the other side is behind. */
int assay_sound_link_send (int fd, const AssaySoundHeader *header, gconstpointer data);
/* Waits up to `timeout_ms` (-1 = for ever) for a message, or for `wake_fd` (-1 = none): 0, -EAGAIN, -EINTR (woken),
 * -EPIPE (other side gone), -EPROTO (no message of ours). `buffer` takes ASSAY_SOUND_MOST_BYTES; what follows the
 * header begins at *ret_data inside it and is followed by a NUL. */
int assay_sound_link_receive (int fd, int wake_fd, int timeout_ms, guint8 *buffer, AssaySoundHeader *ret_header,
                              const guint8 **ret_data);

G_END_DECLS
