/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-export.h"

#include "core/error.h"
#include "formats/export.h"

gboolean
assay_job_export (AssayProject *project, const char *out, const AssayJobExport *options, AssayProgress *progress,
                  json_t **ret_answer, GError **error)
{
  const AssayFormat *format = assay_format_find (options->format);
  if (format == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "export: there is no format %s; `assay formats` lists them", options->format);
      return FALSE;
    }
  const AssayExportOptions rows = { .format = format,
                                    .version = options->version,
                                    .task = options->task,
                                    .split = options->split,
                                    .where = options->where,
                                    .fraction = options->fraction == 0 ? 100 : options->fraction,
                                    .undecided = options->undecided,
                                    .strict = options->strict,
                                    .without_withdrawn = options->without_withdrawn };
  g_autoptr (AssayExport) export = assay_export_new (project, out, &rows, progress, error);
  if (export == NULL || !assay_export_run (export, error))
    return FALSE;
  *ret_answer = assay_export_get_answer (export);
  return TRUE;
}
