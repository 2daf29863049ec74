/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-import.h - files, folders, label files and other projects into a project. For both faces; off the main thread,
 * with a WRITE project of that thread. */
#include "core/progress.h"
#include "core/project.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct {
  const char *format;    /* (nullable) of label files; sniffed when not given */
  const char *task;      /* (nullable) that labels go to */
  const char *annotator; /* whose labels they are; made when new */
  gboolean model;        /* a model's: predictions (formats/import.h) */
  const char *media_dir; /* (nullable) where the media that label files name lie */
  const char *group_by;  /* (nullable) "item", "folder" or "name-prefix" */
} AssayJobImport;

/* Folders are walked in the order of names, hidden files apart; label files are read before the rest, so that what they
 * know about a picture comes in with it. A directory with a project in it is merged. What cannot be taken is skipped,
 * counted and named; only when single files were given and none could be taken is that an error.
 * `ret_answer`: {format, media_added, media_known, labels_added, objects_added, classes_added, lossy, skipped, …}. */
gboolean assay_job_import (AssayProject *project, const char *const *paths, const AssayJobImport *options, AssayProgress *progress,
                           json_t **ret_answer, GError **error);

G_END_DECLS
