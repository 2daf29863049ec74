/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* formats/export.h - where a format's writer gets rows from and puts files.
 *
 * Rows come from a version (or the working state) in the order of item ids, filtered; files go into a folder beside the one
 * asked for, which takes its name at the end, so that a failed or cancelled export leaves nothing. EXPORT.json in it says
 * what was exported and how, with the SHA-256 of every file, without a clock: the same version and options give the same
 * bytes on every machine and day. Same thread as the project. */
#include "core/progress.h"
#include "formats/format.h"

G_BEGIN_DECLS

typedef struct {
  const AssayFormat *format;
  const char *version;  /* (nullable) id, start of one or tag; NULL = the working state */
  const char *task;     /* (nullable) one task; NULL = all that the format can hold */
  const char *split;    /* (nullable) "train", "val" or "test"; NULL = all */
  const char *where;    /* (nullable) "class=cup,split=train,group=…,name=left/…*,condition.light=low": all must hold */
  guint fraction;       /* percent of the groups, 1 to 100; a smaller part is within every larger one */
  gboolean undecided;   /* items without a truth too, without a label */
  gboolean strict;      /* fail, and leave nothing, when something cannot be held */
  gboolean without_withdrawn; /* leave out, and name, items that were withdrawn after the version; else one is CONFLICT */
} AssayExportOptions;

/* Refuses (CONFLICT) a folder that holds anything but nothing or an export of the same version and options. */
AssayExport *assay_export_new (AssayProject *project, const char *out, const AssayExportOptions *options, AssayProgress *progress,
                               GError **error);
void assay_export_free (AssayExport *export); /* removes what was not finished */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayExport, assay_export_free)
gboolean assay_export_run (AssayExport *export, GError **error);
/* {format, version, items, labels, objects, undecided, files, bytes, filled:{files, samples}, lossy, withdrawn:[id, …]}: new
 * reference. */
json_t *assay_export_get_answer (const AssayExport *export);

/* For the writers. */
AssayProject *assay_export_get_project (AssayExport *export);
AssayProgress *assay_export_get_progress (AssayExport *export); /* (nullable) */
/* The tasks to write: GPtrArray of const AssayTask. Indices below are into it. */
const GPtrArray *assay_export_get_tasks (const AssayExport *export);
/* The next row, or NULL: at the end, or with `error` set (CANCELLED too). */
AssayRow *assay_export_next (AssayExport *export, GError **error);
/* All of them. */
typedef gboolean (*AssayExportVisit) (AssayExport *export, const AssayRow *row, gpointer data, GError **error);
gboolean assay_export_each (AssayExport *export, AssayExportVisit visit, gpointer data, GError **error);
/* What is to be written about a row for a task: NULL = nothing, the item is not of this task's part of the export.
 * Without objects: the item is listed, without a label. Borrowed from the row. */
const AssayTruth *assay_export_truth (const AssayExport *export, const AssayRow *row, guint task);
/* Writes the item's media below `folder` under a name of its own, upright, frames and ranges cut out; `ret_path` is below
 * `folder` too. Called again for the same item, it gives the same path. */
gboolean assay_export_media (AssayExport *export, const AssayItem *item, const char *folder, char **ret_path, GError **error);
/* The same under the very name `stem` with the extension of its content: "train/000001/rgb/000017". */
gboolean assay_export_media_as (AssayExport *export, const AssayItem *item, const char *stem, GError **error);
/* The name that assay_export_media starts from, without its extension; free it. */
char *assay_export_stem (const AssayItem *item);
/* A path below `folder` ("" = the export itself) that no other file has, in any case of letters. */
char *assay_export_claim (AssayExport *export, const char *folder, const char *wanted, const AssayId *item);
/* Cuts samples [start, end) of the item's media into a WAV at `path` (claimed; below the export). Here and in
 * assay_export_media, silence stands for what was lost inside of it while it was recorded, counted and told. */
gboolean assay_export_sound_range (AssayExport *export, const AssayItem *item, gint64 start, gint64 end, const char *path, GError **error);

/* A text file of the export. */
typedef struct _AssayExportFile AssayExportFile;
AssayExportFile *assay_export_open (AssayExport *export, const char *path, GError **error);
void assay_export_file_add (AssayExportFile *file, const char *text, gssize n_bytes); /* errors show at close */
gboolean assay_export_file_close (AssayExportFile *take_file, GError **error);
void assay_export_file_free (AssayExportFile *file); /* one that is not wanted after all */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayExportFile, assay_export_file_free)
/* A whole one. */
gboolean assay_export_put (AssayExport *export, const char *path, gconstpointer data, gsize n_bytes, GError **error);

/* Lines set aside on disk until their place in a file is known. */
typedef struct _AssaySpool AssaySpool;
AssaySpool *assay_spool_new (AssayExport *export, GError **error);
void assay_spool_free (AssaySpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySpool, assay_spool_free)
void assay_spool_add (AssaySpool *spool, const char *line);
gboolean assay_spool_rewind (AssaySpool *spool, GError **error);
const char *assay_spool_next (AssaySpool *spool); /* without the line end; borrowed until the next; NULL = end */

void assay_export_lossy (AssayExport *export, const char *what, guint64 n);

G_END_DECLS
