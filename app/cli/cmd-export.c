/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-export.h"

static gint64
number (const json_t *answer, const char *key)
{
  return json_integer_value (json_object_get (answer, key));
}

static char *
to_text (const json_t *answer, const char *out)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text,
                          "%s: %.12s as %s: %" G_GINT64_FORMAT " items, %" G_GINT64_FORMAT
                          " labels, %" G_GINT64_FORMAT " objects in %" G_GINT64_FORMAT " files; %" G_GINT64_FORMAT
                          " undecided",
                          out, assay_json_get_string (answer, "version"), assay_json_get_string (answer, "format"),
                          number (answer, "items"), number (answer, "labels"), number (answer, "objects"),
                          number (answer, "files"), number (answer, "undecided"));
  const json_t *filled = json_object_get (answer, "filled");
  if (number (filled, "files") > 0)
    g_string_append_printf (text,
                            "\nfilled: silence stands for %" G_GINT64_FORMAT
                            " samples that were lost while recording, in %" G_GINT64_FORMAT " files",
                            number (filled, "samples"), number (filled, "files"));
  gsize i;
  json_t *entry;
  json_array_foreach (json_object_get (answer, "lossy"), i, entry) g_string_append_printf (
      text, "\nnot kept: %" G_GINT64_FORMAT " %s", number (entry, "count"), assay_json_get_string (entry, "what"));
  return g_string_free (text, FALSE);
}

/* From which state: exactly one of --version and --working, so that nobody trains on the wrong one by leaving a
 * word out. */
static gboolean
check (const AssayJobExport *options, gboolean working, GError **error)
{
  if (options->format == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "export: --format is missing; `assay formats` lists them");
  else if (working == (options->version != NULL))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                 "export: name --version V, or --working for what is not committed yet");
  else
    return TRUE;
  return FALSE;
}

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *format = NULL, *version = NULL, *task = NULL, *split = NULL, *where = NULL;
  gboolean working = FALSE, undecided = FALSE, strict = FALSE, without_withdrawn = FALSE;
  int fraction = 100;
  const GOptionEntry entries[] = {
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, NULL, NULL },
    { "version", 0, 0, G_OPTION_ARG_STRING, &version, NULL, NULL },
    { "working", 0, 0, G_OPTION_ARG_NONE, &working, NULL, NULL },
    { "task", 0, 0, G_OPTION_ARG_STRING, &task, NULL, NULL },
    { "split", 0, 0, G_OPTION_ARG_STRING, &split, NULL, NULL },
    { "where", 0, 0, G_OPTION_ARG_STRING, &where, NULL, NULL },
    { "fraction", 0, 0, G_OPTION_ARG_INT, &fraction, NULL, NULL },
    { "undecided", 0, 0, G_OPTION_ARG_NONE, &undecided, NULL, NULL },
    { "strict", 0, 0, G_OPTION_ARG_NONE, &strict, NULL, NULL },
    { "without-withdrawn", 0, 0, G_OPTION_ARG_NONE, &without_withdrawn, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 1, 1, error))
    return 0;
  const AssayJobExport options = { .format = format,
                                   .version = version,
                                   .task = task,
                                   .split = split,
                                   .where = where,
                                   .fraction = fraction < 1 ? G_MAXUINT : (guint) fraction,
                                   .undecided = undecided,
                                   .strict = strict,
                                   .without_withdrawn = without_withdrawn };
  if (!check (&options, working, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  json_t *answer = NULL;
  if (project == NULL
      || !assay_job_export (project, invocation->argv[1], &options, invocation->progress, &answer, error))
    return 0;
  g_autofree char *text = to_text (answer, invocation->argv[1]);
  assay_invocation_answer (invocation, answer, text);
  return 0;
}

const AssayCommand assay_command_export = {
  .id = "export",
  .form
  = "export OUT --format NAME (--version V | --working) [--task T] [--split train|val|test] [--where KEY=VALUE,…]\n"
    "       [--fraction PERCENT] [--undecided] [--strict] [--without-withdrawn]",
  .help = "writes a version in the format that training code reads",
  .more = "The same version and options give the same bytes on every machine and day. OUT appears whole or not at "
          "all; a folder\n"
          "that holds another version, or anything else, is left alone. EXPORT.json in it lists every file with "
          "its SHA-256, the\n"
          "item it was made of, when it was by the one clock of its session, and what the format could not hold.\n"
          "Silence stands for what was lost while a sound was recorded, and is counted.\n"
          "--where class=cup, split=…, group=…, name=PATTERN, condition.NAME=…: commas between, all must hold.\n"
          "--fraction 10, 25, 50: whole groups by a hash; the smaller part lies within the larger one.\n"
          "--undecided lists items without a truth too, without a label. --strict fails, and leaves nothing, when "
          "anything is lost.\n"
          "--without-withdrawn: a version with items whose consent was taken back since exports only without them; "
          "they are named.",
  .run = run,
};
