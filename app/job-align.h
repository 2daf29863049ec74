/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-align.h - how late each sensor of a session is, measured by one clap and one flash that all of them saw
 * or heard.
 *
 * A stamp tells when data reached the computer; each device has a delay of its own before that. Microphones are
 * compared with the first one that heard the clap, cameras with the first one that saw the flash; a flash that
 * sounds at the same instant (a film clapper with a lamp, a phone's light on the table) ties the two together. Off
 * the main thread, with a project of that thread. */
#include "core/progress.h"
#include "core/project.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct
{
  const char *session; /* id, start of one, or name */
  double within_s;     /* looked for in so much of the beginning; 0 = 20 s */
  gboolean together;   /* clap and flash were one instant */
} AssayAlignRequest;

/* {session, together, sensors:[{stream, id, kind, at_ns, doubt_ns, offset_ns, why}]}: `offset_ns` > 0 is late;
 * null, with `why`, for a sensor that nothing stood out in. Kept with the session as a report of its own, and from then on
 * part of what core/session-time.h answers. NOT_FOUND
 * when no sensor saw or heard anything. */
json_t *assay_job_align (AssayProject *project, const AssayAlignRequest *request, AssayProgress *progress,
                         GError **error);

G_END_DECLS
