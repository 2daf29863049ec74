/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-recover.h - what crashes have left is put in order, for both faces: recordings whose recorder was killed,
 * and a project whose database is lost. Off the main thread. */
#include "capture/session-mend.h"
#include "core/progress.h"

G_BEGIN_DECLS

/* Mends every recording of the project (WRITE) that was cut off; with `all`, looks through the closed ones too and
 * puts back what the database lacks of them. Recordings under way are left alone and counted (`ret_busy`,
 * nullable). What is wrong with one recording is told in `mended` and stops no other. */
gboolean assay_job_recover (AssayProject *project, gboolean all, AssayProgress *progress, AssayMended *mended,
                            guint *ret_busy, GError **error);
/* Whether some recording looks cut off, or is under way: cheap, from the folders alone. */
gboolean assay_job_recover_is_due (const char *project_directory);
/* One line that tells it by count; NULL when nothing was to be done. Free it. */
char *assay_mended_dup_words (const AssayMended *mended);

typedef struct
{
  gboolean rebuilt;
  char *set_aside;                 /* (nullable) the damaged database, under its new name; owned by the caller */
  guint64 items_read, labels_read; /* that damaged ones could still tell, and the new one lacked */
  guint n_withdrawn;               /* items of people who took their consent back: they stay out */
  guint64 n_unnamed; /* media files that came by import: their names were in the lost database alone */
} AssayRebuilt;

/* Finds the project from `start` upward also without its database. One that is missing or damaged is set aside,
 * never deleted, and made again: what can still be read of it (core/salvage.h; every project.db.damaged-* that is
 * there), and from sessions/ and media/ sensors, recordings and their items, all with the identities they had. A
 * database in order stays, and lacks nothing of those afterwards. */
gboolean assay_job_rebuild (const char *start, AssayProgress *progress, AssayRebuilt *ret_rebuilt,
                            AssayMended *mended, guint *ret_busy, GError **error);

G_END_DECLS
