/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* formats/export-private.h - what formats/export.c, export-folder.c and export-media.c share. */
#include "formats/export.h"

#include "core/film.h"

#include <stdio.h>

G_BEGIN_DECLS

/* A condition of --where: key and value, by what they are compared with. */
typedef struct {
  char *key, *value;
} AssayExportWhere;

struct _AssayExport {
  AssayProject *project;
  AssayProgress *progress;
  const AssayFormat *format;
  json_t *options;      /* as EXPORT.json tells them */
  GArray *where;        /* of AssayExportWhere */
  char *split;          /* (nullable) */
  guint fraction;
  gboolean undecided, strict, without_withdrawn;
  AssaySnapshot *snapshot;
  GPtrArray *tasks;     /* of const AssayTask, borrowed from the snapshot */
  GArray *task_at;      /* of guint: their index in a row's truths */
  GHashTable *withdrawn; /* AssayId -> TRUE once a row of it was left out */
  guint64 n_filled, n_filled_files; /* samples that were lost, and files in which silence stands for them */
  guint64 n_read, n_items, n_labels, n_objects, n_undecided;
  GPtrArray *lossy_names;
  GHashTable *lossy;    /* name -> guint64 * */

  char *out, *folder;   /* asked for; written to until the end (NULL once it has its name) */
  AssaySpool *files;    /* entries of EXPORT.json, one a line */
  guint64 n_files, n_bytes;
  GHashTable *names;    /* starts of SHA-256 of case-folded paths that are files */
  GHashTable *folders;  /* the same of folders */

  AssayId last_item;    /* whose media was written last, where to */
  char *last_folder, *last_path;
  AssayFilm *film;      /* open, because the next frame is probably of the same one */
  AssaySha256 film_hash;
};

/* Folder. */
gboolean assay_export_folder_begin (AssayExport *export, const char *out, GError **error);
gboolean assay_export_folder_finish (AssayExport *export, GError **error);
void assay_export_folder_clear (AssayExport *export);
/* Makes the folders of a path below the export; gives the whole path. */
char *assay_export_make_way (AssayExport *export, const char *path, GError **error);
/* How a file came from its item. */
typedef struct {
  const AssayItem *item;
  guint turned;       /* its EXIF orientation, when it was turned upright */
  gint64 first;       /* of sound: the sample of the media that it begins with */
  gint64 filled;      /* of sound: lost samples for which silence stands */
} AssayExportOrigin;
/* A file that is there: into EXPORT.json. `origin` (nullable) is what it was made of. */
void assay_export_tell_file (AssayExport *export, const char *path, const AssaySha256 *hash, gint64 n_bytes,
                             const AssayExportOrigin *origin);

G_END_DECLS
