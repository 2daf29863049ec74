/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-capture.h - a recording from beginning to end, for both faces. Call it off the main loop. */
#include "capture/recorder.h"
#include "core/progress.h"

G_BEGIN_DECLS

typedef struct
{
  const char *const *cameras;     /* words of assay_stream_open, NULL at the end; (nullable) */
  const char *const *microphones; /* likewise */
  AssayRecordPlan plan;
} AssayCaptureRequest;

/* Records until the plan is met, every device has ended, or `progress` is cancelled, which is a clean end and no
 * error. Returns the report as assay_recorder_finish does, with its `ret_trouble`. */
json_t *assay_job_capture (const char *project_directory, const AssayCaptureRequest *request,
                           AssayProgress *progress, char **ret_trouble, GError **error);

G_END_DECLS
