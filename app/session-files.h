/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/session-files.h - the files that a recording gave, sensor by sensor. Off the main thread. */
#include "core/project.h"

#include <jansson.h>

G_BEGIN_DECLS

/* One a sensor of the report, in its order: {"files", "segments":[{file, media, type, frames|samples, first_ns,
 * last_ns}]}; a still is a file, and no segment. As the report tells; where it does not, since it was mended or an
 * older program wrote it, by the recording's index; null for a sensor when that is not here either, as of a session
 * that another desk recorded. New reference. */
json_t *assay_session_list_files (AssayProject *project, const AssayId *session, const json_t *report);

G_END_DECLS
