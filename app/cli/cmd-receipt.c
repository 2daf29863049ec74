/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-receipt.h"
#include "core/sensor.h"

/* The id as a person types it back: long enough to be alone. */
static char *
list_to_text (const json_t *sessions)
{
  GString *text = g_string_new (NULL);
  size_t i;
  json_t *line;
  json_array_foreach (sessions, i, line)
  {
    gint64 began_ns = 0;
    const char *name = assay_json_get_string (line, "name"), *subject = assay_json_get_string (line, "subject");
    assay_json_get_int (line, "began_ns", &began_ns);
    g_autoptr (GDateTime) began = g_date_time_new_from_unix_local (began_ns / G_GINT64_CONSTANT (1000000000));
    g_autofree char *date = began != NULL ? g_date_time_format (began, "%Y-%m-%d %H:%M") : g_strdup ("–");
    g_string_append_printf (text, "%s%s  %s  %s%s%s: %s", i > 0 ? "\n" : "",
                            assay_json_get_string (line, "session"), date, name != NULL ? name : "a recording",
                            subject != NULL ? ", " : "", subject != NULL ? subject : "",
                            assay_json_get_string (line, "verdict"));
  }
  if (text->len == 0)
    g_string_append (text, "nothing was recorded in this project");
  return g_string_free (text, FALSE);
}

static void
answer_list (AssayInvocation *invocation, AssayProject *project, GError **error)
{
  json_t *sessions = assay_receipt_list_all (project, error);
  if (sessions == NULL)
    return;
  g_autofree char *text = list_to_text (sessions);
  assay_invocation_answer (invocation, json_pack ("{s:o}", "sessions", sessions), text);
}

static void
answer_receipt (AssayInvocation *invocation, AssayProject *project, GError **error)
{
  AssayId session;
  if (!assay_session_find (project->store, invocation->argv[1], &session, error))
    return;
  g_autoptr (AssayReceipt) receipt = assay_receipt_load (project, &session, error);
  if (receipt == NULL)
    return;
  g_autofree char *text = g_strchomp (assay_receipt_dup_text (receipt));
  assay_invocation_answer (invocation, json_incref (receipt->document), text);
}

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 0, 1, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  if (project == NULL)
    return 0;
  if (invocation->argc == 1)
    answer_list (invocation, project, error);
  else
    answer_receipt (invocation, project, error);
  return 0;
}

const AssayCommand assay_command_receipt = {
  .id = "receipt",
  .form = "receipt [SESSION]",
  .help = "tells what a recording gave, sensor by sensor, and what it lost; without a name lists all recordings",
  .more
  = "SESSION is an id, the start of one, a name, or `latest`. For each sensor: `expected`, `received`, `written`,\n"
    "`corrupt`, `late`, `lost` and the `gaps`, how many `files`, `bytes` and `items`, the rate measured, its "
    "calibration,\n"
    "and its `offset_ns` once `assay align` has measured it; cameras with their `skew`; and what was said of the\n"
    "recording: subject, consent, conditions, the length that was planned, notes. The newest recording is listed "
    "first.",
  .run = run,
};
