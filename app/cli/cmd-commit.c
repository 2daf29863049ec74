/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-commit.h"

static json_t *
gate_to_json (const AssayGate *gate)
{
  return json_pack ("{s:b, s:O}", "open", gate->open, "failed", gate->failed);
}

static json_t *
version_to_json (const AssayVersion *version, const char *tag, const AssayGate *gate)
{
  return json_pack ("{s:s, s:s?, s:s, s:I, s:I, s:I, s:I, s:{s:I, s:I, s:I}, s:o}", "version", version->version,
                    "tag", tag, "root", version->root, "items", (json_int_t) version->items, "labels",
                    (json_int_t) version->labels, "objects", (json_int_t) version->objects, "undecided",
                    (json_int_t) version->undecided, "splits", "train", (json_int_t) version->train, "val",
                    (json_int_t) version->val, "test", (json_int_t) version->test, "gate", gate_to_json (gate));
}

static void
append_gate (GString *text, const AssayGate *gate)
{
  gsize i;
  json_t *failed;
  json_array_foreach (gate->failed, i, failed)
      g_string_append_printf (text, "gate: %s\n", assay_json_get_string (failed, "why"));
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *message = NULL, *tag = NULL;
  gboolean with_gate = FALSE;
  const GOptionEntry entries[] = {
    { "message", 'm', 0, G_OPTION_ARG_STRING, &message, NULL, NULL },
    { "tag", 0, 0, G_OPTION_ARG_STRING, &tag, NULL, NULL },
    { "gate", 0, 0, G_OPTION_ARG_NONE, &with_gate, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 0, 0, error))
    return 0;
  if (message == NULL || *message == '\0')
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "commit: a message is missing; write `assay commit -m \"what changed and why\"`");
      return 0;
    }
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  g_autoptr (AssayVersion) version = NULL;
  g_auto (AssayGate) gate = { 0 };
  if (project == NULL
      || !assay_job_commit (project, message, invocation->annotator, tag, with_gate, invocation->progress, &version,
                            &gate, error))
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  append_gate (text, &gate);
  if (version == NULL)
    {
      g_string_append (text, "the gate is closed; nothing was committed");
      assay_invocation_answer (
          invocation, json_pack ("{s:n, s:n, s:o}", "version", "tag", "gate", gate_to_json (&gate)), text->str);
      return 1;
    }
  g_string_append_printf (
      text,
      "version %.12s%s%s: %" G_GUINT64_FORMAT " items, %" G_GUINT64_FORMAT " labels, %" G_GUINT64_FORMAT
      " objects, %" G_GUINT64_FORMAT " undecided; train %" G_GUINT64_FORMAT ", val %" G_GUINT64_FORMAT
      ", test %" G_GUINT64_FORMAT,
      version->version, tag != NULL ? " " : "", tag != NULL ? tag : "", version->items, version->labels,
      version->objects, version->undecided, version->train, version->val, version->test);
  assay_invocation_answer (invocation, version_to_json (version, tag, &gate), text->str);
  return 0;
}

const AssayCommand assay_command_commit = {
  .id = "commit",
  .form = "commit -m MESSAGE [--tag TAG] [--gate]",
  .help = "freezes items, truths, classes and splits as a version",
  .more = "A version never changes and exports the same bytes on every day and machine. With --gate the conditions "
          "of the\n"
          "plan must hold; when they do not, nothing is committed, each reason is told, and the status is 1.\n"
          "Items with several answers of which none is settled are counted as undecided.",
  .run = run,
};
