/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/project.h - one directory: project.db, media/ and sessions/. Copying the directory copies everything.
 *
 * An AssayProject is one open handle with one database connection, so it belongs to one thread; other threads open
 * their own (READ). */
#include "core/store.h"

G_BEGIN_DECLS

typedef struct {
  char *directory; /* absolute */
  char *name;
  AssayId id;
  AssayStore *store;
  guint8 split_salt[16]; /* keeps every item in its split for ever */
} AssayProject;

/* Makes directory and database; refuses a directory that already holds a project. */
AssayProject *assay_project_create (const char *directory, const char *name, GError **error);
/* Another salt than the one that was drawn: for what must fall out the same everywhere. CONFLICT once there is a version. */
gboolean assay_project_set_split_salt (AssayProject *project, const guint8 salt[16], GError **error);
AssayProject *assay_project_open (const char *directory, AssayStoreMode mode, GError **error);
/* From `start` upward, as git does; NOT_FOUND says to run `assay init`. */
AssayProject *assay_project_discover (const char *start, AssayStoreMode mode, GError **error);
void assay_project_close (AssayProject *project);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayProject, assay_project_close)

/* Merges a copy (or another project), which is only read: media, items, tasks, labels, strokes, reviews and versions come over
 * once each, and what follows from them is worked out anew. What two desks changed apart is kept twice (core/label.h,
 * core/truth.h). A media file that is missing or damaged over there is skipped with its items, and told. CONFLICT when it is
 * the same directory. Cancelled or failed: nothing has changed but for media files that nobody names yet. */
typedef struct {
  guint items_added, items_known, labels_added, objects_added, media_added, media_known;
  GPtrArray *skipped; /* (nullable) of char *: what did not come and why; owned by the caller */
} AssayMergeCounts;
typedef struct _AssayProgress AssayProgress;
gboolean assay_project_merge (AssayProject *project, const char *other_directory, AssayMergeCounts *ret_counts, AssayProgress *progress,
                              GError **error);

G_END_DECLS
