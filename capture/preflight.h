/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/preflight.h - what stands between a technician and a recording without loss, looked at before Record.
 *
 * Green, or the reason with its remedy. Takes as long as the disk test, so off the main loop; any one thread. */
#include "capture/source.h"
#include "core/plan.h"
#include "core/progress.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_PREFLIGHT_GOOD,
  ASSAY_PREFLIGHT_DOUBTFUL, /* it may be recorded, at a risk that is told */
  ASSAY_PREFLIGHT_STOP      /* it would fail, or may not be */
} AssayPreflightVerdict;
const char *assay_preflight_verdict_to_text (AssayPreflightVerdict verdict); /* "good", "doubtful", "stop" */

typedef struct
{
  const char *what; /* "space", "disk", "usb", "clock", "level", "consent", "checklist" */
  AssayPreflightVerdict verdict;
  char *why;    /* one sentence, also when it is good: "41 GB free, 6 h" */
  char *remedy; /* (nullable) what to do */
} AssayPreflightLine;

/* One sensor that will record. */
typedef struct
{
  const char *name;
  double bytes_per_s;     /* what it will write */
  const char *controller; /* (nullable) its USB controller or bus */
  double bus_bytes_per_s; /* of that, what devices may use for streams at once; 0 = not known */
  double still_bytes;     /* cameras: of one still, at most; 0 = it takes none */
  double peak;            /* microphones: highest sample of the last seconds, 0 to 1; NaN = none, or a camera */
} AssayPreflightSensor;

typedef struct
{
  const char *directory; /* where it will be written: the project */
  const AssayPreflightSensor *sensors;
  guint n_sensors;
  double planned_s;        /* how long it is to take; 0 = not said */
  guint64 planned_stills;  /* how many each camera is to take, one by one; 0 = not said */
  const AssayPlan *plan;   /* (nullable) may ask for consent and a checklist */
  const char *consent;     /* (nullable) reference given */
  const char *const *done; /* (nullable) lines of the checklist that are ticked, NULL at the end */
  double disk_test_s;      /* 0 = leave it out */
} AssayPreflightRequest;

/* Of AssayPreflightLine, the worst first. The disk test writes and removes a file of its own; cancelling ends it.
 */
GPtrArray *assay_preflight_run (const AssayPreflightRequest *request, AssayProgress *progress);
AssayPreflightVerdict assay_preflight_get_worst (const GPtrArray *lines);
/* [{what, verdict, why, remedy}]: new reference. */
json_t *assay_preflight_to_json (const GPtrArray *lines);

#define ASSAY_PREFLIGHT_FPS 30.0 /* of a camera that does not say */

/* What a stream with this format writes: compressed ones by 0.12 of their pixels' bytes at 16 bits, a webcam's
 * usual. */
double assay_preflight_estimate_rate (const AssayStreamFormat *format);

G_END_DECLS
