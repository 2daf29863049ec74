/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/session-private.h - what core/session-time.c and core/session-moments.c share. For core/ alone. */
#include "core/session-time.h"

G_BEGIN_DECLS

/* One sensor of a session. */
typedef struct
{
  AssayId sensor;
  char *key; /* (nullable) "camera-1": ends the name of its items' sequence */
  gboolean camera, aligned;
  gint64 offset_ns, doubt_ns;
  gint64 period_ns; /* of a camera, as its format says; 0 = not said */
  GArray *lines;    /* of AssayClockFit */
} AssaySessionStreamTime;

struct _AssaySessionTime
{
  GArray *streams;     /* of AssaySessionStreamTime, as session.json numbers them */
  GHashTable *moments; /* (nullable) AssayId of an item -> AssayId */
};

/* Of a camera: how far its frames are apart, by its line or its format; 0 = not known. */
gint64 assay_session_stream_time_get_period_ns (const AssaySessionStreamTime *stream);

G_END_DECLS
