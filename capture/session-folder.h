/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/session-folder.h - sessions/ID of a recording that begins. The folder comes first and the row of the database last:
 * broken off anywhere between, nothing is left in the database, and what is left in the folder is mended like any recording
 * that was cut off. Store's thread. */
#include "core/id.h"
#include "core/project.h"

#include <jansson.h>

G_BEGIN_DECLS

/* Makes the folder with session.json, which says `info`, and holds its lock: whoever mends what a killed recorder left leaves
 * alone what one still writes, and the kernel lets go of the lock (close `ret_lock_fd`). Free `ret_directory`. */
gboolean assay_session_folder_make (const AssayProject *project, const json_t *info, AssayId *ret_session, char **ret_directory,
                                    int *ret_lock_fd, GError **error);
/* From now on the database knows of the session, by what its `info` says. When that fails, the folder is as if it had never
 * been, as after assay_session_folder_remove. */
gboolean assay_session_folder_enter (AssayProject *project, const AssayId *session, const json_t *info, const char *directory,
                                     GError **error);
/* Of a session that is not to begin after all: all that is in it before anything is recorded. */
void assay_session_folder_remove (const char *directory);

G_END_DECLS
