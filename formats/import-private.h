/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* formats/import-private.h - what formats/import.c and formats/import-media.c share. */
#include "formats/import.h"

#include "core/annotator.h"

G_BEGIN_DECLS

/* A task as this import knows it; saved before the first label that needs the change. */
typedef struct {
  AssayTask *task;
  gboolean changed;
} AssayImportTask;

struct _AssayImport {
  AssayProject *project;
  char *task_name, *media_dir, *annotator_name;
  gboolean is_model; /* the annotator */
  AssayGroupBy group_by;
  AssayAnnotator *annotator; /* NULL before the first label */
  AssayProgress *progress;
  AssayImportCounts counts;
  GPtrArray *tasks;        /* of AssayImportTask */
  GPtrArray *roots;        /* of char *: folders being walked */
  json_t *skipped;
  GPtrArray *lossy_names;  /* in the order of their first coming */
  GHashTable *lossy;       /* name -> guint64 * */
  const AssayFormat *format; /* being read */
  char *path, *folder;       /* of the file being read */
  char *suggested;           /* (nullable) name of the task of that file */
  GHashTable *tails;       /* last part of a name -> row of the only item that has it, or -1; made when first needed */
  GHashTable *media_tails; /* the same for files under --media: -> path, or "" */
  GHashTable *seen;        /* start of SHA-256 of each path (or item) counted, so that nothing counts twice */
  AssayTransaction transaction;
  gint64 began_us;         /* of the transaction, 0 = none */
};

/* Opens a step of work unless one is open. */
gboolean assay_import_begin (AssayImport *import, GError **error);
/* Commits it once it has lasted a quarter of a second. */
gboolean assay_import_end (AssayImport *import, GError **error);

G_END_DECLS
