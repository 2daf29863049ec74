/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/report.h - the document of app/job-report.h as a page: headings, sentences, charts and tables in the order in
 * which they are read. The dashboard, HTML and PDF show the same. Any thread. */
#include "app/chart.h"

#include <jansson.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_REPORT_TITLE,   /* of a task */
  ASSAY_REPORT_HEADING, /* of one figure; `define`: the section of doc/METRICS.md that says what it means */
  ASSAY_REPORT_TEXT,
  ASSAY_REPORT_CHART,
  ASSAY_REPORT_TABLE
} AssayReportKind;

typedef struct
{
  char *text;  /* as it is read */
  char *exact; /* (nullable) the number behind it, in full */
} AssayReportCell;

typedef struct
{
  AssayReportKind kind;
  gboolean detail; /* for who reads all of it: not on a screen */
  char *text;
  const char *define; /* (nullable) static */
  AssayChart *chart;
  char **columns;  /* TABLE: their names */
  GPtrArray *rows; /* TABLE: of GArray of AssayReportCell */
} AssayReportBlock;

/* Of AssayReportBlock; charts are `width` wide. `only` (nullable): the task to show; findings are there in any
 * case. */
GPtrArray *assay_report_compose (const json_t *document, const char *only, double width);

/* Today as 2026-11-21, UTC; the day that SOURCE_DATE_EPOCH says, where it is set. */
char *assay_report_dup_date (void);
/* All of a file's bytes; `made` is that date. */
GString *assay_report_to_html (const json_t *document, const char *made);
/* A4. */
GBytes *assay_report_to_pdf (const json_t *document, const char *made, GError **error);

G_END_DECLS
