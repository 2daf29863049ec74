/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include "app/job-report.h"
#include "app/report.h"
#include "core/file.h"

static gboolean
write_html (const char *path, const json_t *document, const char *made, GError **error)
{
  GString *html = assay_report_to_html (document, made);
  gboolean done = assay_file_write (path, html->str, html->len, error);
  g_string_free (html, TRUE);
  return done;
}

static gboolean
write_pdf (const char *path, const json_t *document, const char *made, GError **error)
{
  g_autoptr (GBytes) bytes = assay_report_to_pdf (document, made, error);
  return bytes != NULL && assay_file_write (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *html = NULL, *pdf = NULL;
  const GOptionEntry entries[] = {
    { "html", 0, 0, G_OPTION_ARG_FILENAME, &html, NULL, NULL },
    { "pdf", 0, 0, G_OPTION_ARG_FILENAME, &pdf, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  if (html == NULL && pdf == NULL && !invocation->json)
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "report: say --html FILE, --pdf FILE or --json");
      return 0;
    }
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (json_t) document
      = project != NULL ? assay_job_report (project, TRUE, invocation->progress, error) : NULL;
  g_autofree char *made = assay_report_dup_date ();
  if (document == NULL || (html != NULL && !write_html (html, document, made, error))
      || (pdf != NULL && !write_pdf (pdf, document, made, error)))
    return 0;
  g_autofree char *text = g_strjoin ("\n", html != NULL ? html : pdf, html != NULL ? pdf : NULL, NULL);
  assay_invocation_answer (invocation, json_incref (document), text);
  return 0;
}

const AssayCommand assay_command_report = {
  .id = "report",
  .form = "report [--html FILE] [--pdf FILE]",
  .help = "how far the labels can be trusted, as one self-contained page, as PDF, or with --json",
  .more
  = "Agreement by class with intervals, confusion, annotator by annotator, reliability over time, the error that "
    "remains,\n"
    "open findings and how often each check was right, and what labels cost: the figures of `assay agree`, `assay "
    "review audit`\n"
    "and `assay check`. The same data give the same bytes but for the date, which SOURCE_DATE_EPOCH sets.",
  .run = run,
};
