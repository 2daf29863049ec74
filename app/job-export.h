/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-export.h - a version, or the working state, as files that training code reads. For both faces; off the main
 * thread, with a project of that thread (READ is enough). */
#include "core/progress.h"
#include "core/project.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef struct {
  const char *format;   /* id: "coco" */
  const char *version;  /* (nullable) id, start of one or tag; NULL = the working state */
  const char *task, *split, *where; /* (nullable) see formats/export.h */
  guint fraction;       /* percent; 0 = all */
  gboolean undecided;   /* items without a truth too */
  gboolean without_withdrawn; /* leave out, and name, what was withdrawn since the version; else it is refused */
  gboolean strict;      /* what cannot be held is an error, and nothing is left */
} AssayJobExport;

/* `ret_answer`: {format, version, items, labels, objects, undecided, files, bytes, filled:{files, samples}, lossy:[{what, count}], withdrawn:[id]}. */
gboolean assay_job_export (AssayProject *project, const char *out, const AssayJobExport *options, AssayProgress *progress,
                           json_t **ret_answer, GError **error);

G_END_DECLS
