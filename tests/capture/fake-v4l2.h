/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A kernel with cameras that do what a script says: what no test driver can produce. Any thread. */
#include "capture/v4l2-io.h"

#include <linux/videodev2.h>

/* One answer, `times` times; the last step of a script is for ever. */
typedef enum
{
  FAKE_FRAME,
  FAKE_SKIP,     /* sequence numbers that never come */
  FAKE_BACKWARD, /* a frame stamped a second early */
  FAKE_FLAGGED,  /* V4L2_BUF_FLAG_ERROR */
  FAKE_SHORT,    /* half of its bytes */
  FAKE_EMPTY,
  FAKE_DQ_FAILS, /* poll says ready, DQBUF says errnum */
  FAKE_Q_FAILS,  /* QBUF says errnum, a frame comes */
  FAKE_POLL_ERR, /* POLLERR at once, and nothing to fetch */
  FAKE_SILENCE,  /* nothing until the stream is started again */
  FAKE_CHANGE,   /* the signal changes */
} FakeWhat;

typedef struct
{
  FakeWhat what;
  guint times;
  int errnum;
} FakeStep;

typedef struct
{
  struct v4l2_query_ext_ctrl query;
  gint64 value;
  const char *items[8]; /* of a menu; NULL = a hole */
  guint32 master;       /* inactive unless this control has the value `manual` */
  gint64 manual;
  char text[32];
  guint32 elements[8];
} FakeControl;

typedef struct
{
  const char *card, *serial; /* serial NULL = none */
  const char *port;          /* "1", where it is plugged in */
  guint32 fourcc;            /* 0 = YUYV, 64x48, 100 fps */
  gsize frame_bytes;         /* of what does not follow from the format */
  gboolean stepwise, endless;
  const FakeStep *script;
  int stream_on_errnum; /* of the first STREAMON */
  guint32 first_sequence;
  FakeControl controls[12];
  guint n_controls;

  gboolean held; /* nothing comes until fake_v4l2_let_go */

  int number; /* /dev/videoN; -1 = unplugged */
  guint n_stream_on, n_calls, n_foreign;
  gboolean record_priority;
} FakeCamera;

/* The kernel has these from now on; they are looked at again at each call. */
void fake_v4l2_begin (FakeCamera *cameras, guint n);
void fake_v4l2_plug (FakeCamera *camera, int number); /* -1 unplugs */
void fake_v4l2_let_go (FakeCamera *camera);
/* As if by another program: an event for each handle that subscribed. */
void fake_v4l2_change (FakeCamera *camera, guint32 control, gint64 value);
void fake_v4l2_end (void);
