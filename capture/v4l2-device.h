/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/v4l2-device.h - one open camera, as the files of the Video4Linux source share it: v4l2-setup.c opens and
 * negotiates, v4l2-stream.c has the buffers and keeps the stream alive, source-v4l2.c is the descriptor. Rules: the
 * kernel's userspace-api/media/v4l. */
#include "capture/source.h"
#include "capture/v4l2.h"

#include <linux/videodev2.h>
#include <stdatomic.h>

G_BEGIN_DECLS

typedef struct
{
  void *planes[VIDEO_MAX_PLANES];
  gsize bytes[VIDEO_MAX_PLANES];
  gboolean queued;
  gboolean kept; /* somebody reads its frame: neither ours nor the driver's until it is released */
} AssayV4l2Buffer;

#define ASSAY_V4L2_LEAST_QUEUED 2 /* with fewer in the driver's hands frames are lost, with none poll() does not even wait */

struct _AssayDevice
{
  char *id, *node;
  AssayIdentity identity;
  int fd, wake_fd;
  int control_fd; /* a second handle, so that control events never wait in the stream's; fd when there is none */
  AssayV4l2Watch *watch;
  enum v4l2_buf_type type;
  gboolean planar; /* VIDEO_CAPTURE_MPLANE */
  AssayStreamFormat format;
  double wanted_fps; /* 0 = as the camera stands */
  guint32 field, size_image;
  guint n_planes;
  gsize least_bytes; /* of an uncompressed frame; 0 = any */
  guint n_buffers;
  AssayV4l2Buffer buffers[VIDEO_MAX_FRAME];
  guint8 *gathered; /* planes one after the other, when there are several */

  /* The device's thread. */
  gboolean streaming;
  int lent;                  /* index of the buffer that the last frame lies in; -1 = none */
  gint64 patience_ns;        /* without a frame, before the stream is started again; 0 = for ever */
  gint64 heard_ns;           /* of the last frame, or when the stream was started */
  gboolean begun, restarted; /* a frame has come since the start; the next frame is the first after a restart */
  guint errors, restarts;    /* in a row, without a good frame */
  int why;                   /* errno of what made the last restart necessary */

  atomic_ullong released; /* any thread: a bit for each kept buffer that is read */

  /* Since it was opened; written by the device's thread. */
  atomic_uint n_io_errors, n_queue_errors, n_poll_errors, n_restarts, n_flagged, n_short;
  atomic_uint stamp_flags; /* V4L2_BUF_FLAG_TIMESTAMP_MASK | TSTAMP_SRC_MASK of the first frame */
};

/* v4l2-setup.c: any one thread. */
AssayDevice *assay_v4l2_open (const char *device_id, const AssayOptions *values, GError **error);
void assay_v4l2_close (AssayDevice *device); /* NULL is fine; the stream is over */
/* What S_FMT or G_FMT returned: only that is believed. */
void assay_v4l2_take_format (AssayDevice *device, const struct v4l2_format *set);
/* TRUE while size, fourcc and room are those that were negotiated. The device's thread: neither allocates nor locks, and
 * writes nothing that others read. */
gboolean assay_v4l2_format_holds (const AssayDevice *device);
/* Before the stream starts, the same, and takes what controls may have changed meanwhile: the colour space. */
gboolean assay_v4l2_read_format_again (AssayDevice *device);
/* Follows the signal at an HDMI or SDI input: 0, or the errno of QUERY_DV_TIMINGS. Neither allocates nor locks. */
int assay_v4l2_follow_signal (int fd);
gboolean assay_v4l2_fail_device (const AssayDevice *device, const char *doing, int errnum, GError **error);

/* v4l2-buffers.c: the device's thread, or who starts and ends it; release alone is for any. */
void assay_v4l2_describe_buffer (const AssayDevice *device, struct v4l2_buffer *buffer, struct v4l2_plane planes[VIDEO_MAX_PLANES],
                                 guint index);
gboolean assay_v4l2_map_buffer (AssayDevice *device, guint index, GError **error);
void assay_v4l2_free_buffers (AssayDevice *device);
/* 0 or -errno. */
int assay_v4l2_queue (AssayDevice *device, guint index);
guint assay_v4l2_count_queued (const AssayDevice *device);
/* Where the frame lies, its planes one after the other, and its bytes. */
gsize assay_v4l2_gather (AssayDevice *device, const struct v4l2_buffer *buffer, const struct v4l2_plane *planes,
                         const guint8 **ret_data);
int assay_v4l2_keep (AssayDevice *device); /* capture/source.h */
void assay_v4l2_release (AssayDevice *device, int number);

/* v4l2-stream.c */
gboolean assay_v4l2_start (AssayDevice *device, GError **error);
int assay_v4l2_next (AssayDevice *device, int timeout_ms, AssayFrame *ret_frame);
void assay_v4l2_end (AssayDevice *device); /* STREAMOFF, buffers freed */

G_END_DECLS
