/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-preflight.h - a look before a recording: opens the sensors, listens to the microphones for a second,
 * tests the disk for two. For both faces; off the main thread, with a project of that thread (READ is enough). */
#include "capture/preflight.h"
#include "capture/stream.h"
#include "core/project.h"

G_BEGIN_DECLS

typedef struct
{
  GPtrArray *streams; /* of AssayStream, open; started ones are listened to */
  double planned_s;        /* 0 = not said */
  guint64 planned_stills;  /* of each camera; 0 = not said */
  const char *consent;     /* (nullable) */
  const char *const *done; /* (nullable) ticked lines of the checklist, NULL at the end */
  double disk_test_s;      /* 0 = leave it out */
  double listen_s;         /* 0 = leave it out */
} AssayPreflightLook;

/* What an open stream will write, and where it is plugged in; `info` (nullable) tells its name. Both are borrowed. Any
 * thread. */
void assay_preflight_describe (const AssayStream *stream, const AssayDeviceInfo *info,
                               AssayPreflightSensor *ret_sensor);

/* Of AssayPreflightLine, the worst first. NULL with an error when the project cannot be read, or CANCELLED. */
GPtrArray *assay_job_preflight (AssayProject *project, const AssayPreflightLook *look, AssayProgress *progress,
                                GError **error);

G_END_DECLS
