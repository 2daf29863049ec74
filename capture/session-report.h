/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/session-report.h - report.json of a recording whose recorder did not live to write it, or failed. Store's thread. */
#include "capture/session-mend.h"

G_BEGIN_DECLS

/* Writes it from what session.json (`info`) and the index tell, marked "recovered" with what was `done` for this
 * recording, and adds it to the database. What only the recorder knew is null. One that is there, of a recorder that
 * failed, is brought up to what was mended since; one that tells of every file stays as it is, and goes into the database
 * if it is not there. */
gboolean assay_session_report_mended (AssayStore *store, const char *directory, const AssayId *session,
                                      const json_t *info, const AssaySessionIndex *index, AssayMended *done,
                                      GError **error);

G_END_DECLS
