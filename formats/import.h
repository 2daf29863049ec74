/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* formats/import.h - the sink of an import: media become items, what a label file says becomes labels.
 *
 * A reader resolves a file name to an item, asks for a task and its classes, and hands over one whole answer an item.
 * Everything is idempotent: what is known already is counted as known. Work is committed in steps of a quarter of a second,
 * each of whole items and whole labels, so that stopping leaves nothing half and other writers never wait long.
 *
 * Bad entries are forgiven (skipped, counted, named); a full disk or a cancelled job is not. Same thread as the project. */
#include "core/progress.h"
#include "formats/format.h"

G_BEGIN_DECLS

typedef enum { ASSAY_GROUP_BY_ITEM, ASSAY_GROUP_BY_FOLDER, ASSAY_GROUP_BY_PREFIX } AssayGroupBy;
/* "item", "folder", "name-prefix". */
gboolean assay_group_by_parse (const char *text, AssayGroupBy *ret_group_by, GError **error);

typedef struct {
  const char *task;      /* (nullable) name of the task that labels go to */
  const char *annotator; /* whose the labels are; made with the first one when new */
  gboolean model;        /* that is a model: its answers are predictions, kept as drafts that count as nobody's opinion */
  const char *media_dir; /* (nullable) where the media that label files name lie */
  AssayGroupBy group_by; /* what stays in one split: the item alone, its folder, its name up to the trailing number */
} AssayImportOptions;

typedef struct {
  guint64 media_added, media_known, labels_added, labels_known, objects_added, classes_added, skipped;
} AssayImportCounts;

/* Copies the options, borrows the rest. */
AssayImport *assay_import_new (AssayProject *project, const AssayImportOptions *options, AssayProgress *progress);
void assay_import_free (AssayImport *import); /* takes back what was not committed */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayImport, assay_import_free)

/* For the driver (app/job-import.c). */
/* A folder being walked: items are named by their path below it. Absolute. */
void assay_import_add_root (AssayImport *import, const char *directory);
gboolean assay_import_read (AssayImport *import, const AssayFormat *format, const char *path, GError **error);
/* Brings in one media file; `named` (nullable) is what a label file calls it: then a copy of known content under another
 * name becomes an item of its own, for it has labels of its own. Without, it is known, and the item that it is is given. */
gboolean assay_import_media (AssayImport *import, const char *path, const char *named, const json_t *facts, AssayItem **ret_item,
                             GError **error);
/* The file has been counted already in this import. */
gboolean assay_import_has_seen (const AssayImport *import, const char *path);
gboolean assay_import_commit (AssayImport *import, GError **error);
const AssayImportCounts *assay_import_get_counts (const AssayImport *import);
json_t *assay_import_get_skipped (const AssayImport *import); /* [{path, why}], the first thousand, then how many more */
json_t *assay_import_get_lossy (const AssayImport *import);   /* [{what, count}] */

/* For the readers. */
/* The item of a file name as a label file writes it: either separator, NFC or NFD, an absolute one by its last part alone.
 * Looked for under --media, beside the label file, in images/ and the folders that COCO and Roboflow use, then among the
 * items: by whole name, then by the last part when only one has it. `facts` are kept when the item is new. */
gboolean assay_import_find_media (AssayImport *import, const char *file_name, const json_t *facts, AssayItem **ret_item,
                                  GError **error);
/* The file says what its task is called: that is better than a name made of the file's. Until the next file. */
void assay_import_suggest_task (AssayImport *import, const char *name);
/* The task of --task; else the one suggested or named after the file, else the only one of that kind, else a new one. Borrowed. UNSUPPORTED
 * when the task asked for is of another kind. */
AssayTask *assay_import_task (AssayImport *import, const AssayKind *kind, GError **error);
/* The kind that --task's task has, if there is one. */
const AssayKind *assay_import_get_kind (AssayImport *import, GError **error);
/* The class with that name, made when there is none; keeps the file's number and unknown keys. Borrowed until the next call. */
AssayClass *assay_import_class (AssayImport *import, AssayTask *task, const char *name, gint64 source_id, const json_t *extra);
/* The node with that name, made when there is none. */
AssayId assay_import_node (AssayImport *import, AssayTask *task, const char *name);
/* Names must be told when something else of a borrowed task was changed. */
void assay_import_task_changed (AssayImport *import, AssayTask *task);
/* A whole answer, saved as a submitted revision. Not saved again when this annotator has given it before. */
gboolean assay_import_label (AssayImport *import, const AssayItem *item, AssayTask *task, AssayObjects *take_objects, GError **error);
/* An id that is the same at every import of the same entry. */
AssayId assay_import_object_id (AssayImport *import, const AssayItem *item, const char *entry);
void assay_import_skip (AssayImport *import, const char *path, const char *why);
/* TRUE when the good ones may go on: the error was about this entry alone; it is recorded and cleared. */
gboolean assay_import_forgive (AssayImport *import, const char *path, const char *entry, GError **error);
void assay_import_lossy (AssayImport *import, const char *what, guint64 n);
AssayProgress *assay_import_get_progress (AssayImport *import); /* (nullable) borrowed */
/* FALSE with CANCELLED when the job should stop. */
gboolean assay_import_step (AssayImport *import, guint64 done, guint64 total, GError **error);

G_END_DECLS
