/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-import.h"

#include <string.h>

#define SHOWN 20 /* of the skipped files, to people; --json has them all */

static gint64
number (const json_t *answer, const char *key)
{
  return json_integer_value (json_object_get (answer, key));
}

static char *
to_text (const json_t *answer)
{
  GString *text = g_string_new (NULL);
  g_string_append_printf (text,
                          "%s: %" G_GINT64_FORMAT " media added, %" G_GINT64_FORMAT " known; %" G_GINT64_FORMAT
                          " labels (%" G_GINT64_FORMAT " objects) and %" G_GINT64_FORMAT " classes added",
                          assay_json_get_string (answer, "format"), number (answer, "media_added"),
                          number (answer, "media_known"), number (answer, "labels_added"),
                          number (answer, "objects_added"), number (answer, "classes_added"));
  gsize i;
  json_t *entry;
  json_array_foreach (json_object_get (answer, "lossy"), i, entry) g_string_append_printf (
      text, "\nnot kept: %" G_GINT64_FORMAT " %s", number (entry, "count"), assay_json_get_string (entry, "what"));
  const json_t *skipped = json_object_get (answer, "skipped");
  json_array_foreach (skipped, i, entry)
  {
    const char *path = assay_json_get_string (entry, "path");
    if (i < SHOWN)
      g_string_append_printf (text, "\nskipped %s: %s", path != NULL ? path : "",
                              assay_json_get_string (entry, "why"));
  }
  if (number (answer, "skipped_total") > SHOWN)
    g_string_append_printf (text, "\nskipped %" G_GINT64_FORMAT " more; --json names them",
                            number (answer, "skipped_total") - SHOWN);
  return g_string_free (text, FALSE);
}

/* Paths are the caller's, flags may name files too: all from the folder that the command was started in. */
static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *format = NULL, *task = NULL, *media = NULL, *group_by = NULL;
  gboolean model = FALSE;
  const GOptionEntry entries[] = {
    { "model", 0, 0, G_OPTION_ARG_NONE, &model, NULL, NULL },
    { "format", 0, 0, G_OPTION_ARG_STRING, &format, NULL, NULL },
    { "task", 0, 0, G_OPTION_ARG_STRING, &task, NULL, NULL },
    { "media", 0, 0, G_OPTION_ARG_FILENAME, &media, NULL, NULL },
    { "group-by", 0, 0, G_OPTION_ARG_STRING, &group_by, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error)
      || !assay_invocation_expect (invocation, 1, G_MAXINT, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_WRITE, error);
  if (project == NULL)
    return 0;
  const AssayJobImport options = {
    .format = format, .task = task, .annotator = invocation->annotator, .model = model, .media_dir = media, .group_by = group_by
  };
  json_t *answer = NULL;
  if (!assay_job_import (project, (const char *const *) invocation->argv + 1, &options, invocation->progress,
                         &answer, error))
    return 0;
  g_autofree char *text = to_text (answer);
  assay_invocation_answer (invocation, answer, text);
  return 0;
}

const AssayCommand assay_command_import = {
  .id = "import",
  .form
  = "import PATH... [--format NAME] [--task T] [--annotator A] [--model] [--media DIR] [--group-by item|folder|name-prefix]",
  .help = "brings in pictures, sounds, films, label files, folders of them, or another project",
  .more = "Folders are walked in the order of names; hidden files are left out. The same content is stored once, "
          "and importing\n"
          "again adds nothing. Label files are recognised by their content; `assay formats` lists those that can "
          "be read.\n"
          "Their labels become submitted answers of the annotator. With --model the annotator is a model, and they are "
          "predictions:\n"
          "nobody's opinion, proposed to people on request and held against their answers by `assay check`; how sure the "
          "model was is\n"
          "read from confidence or score (0 to 1) and probabilities (by class) of each object.\n"
          "Without --task they go to the task named after "
          "the file, else\n"
          "to the only one of their kind, else to a new one. The media they name are looked for under --media, "
          "beside the file,\n"
          "in the folders that COCO and Roboflow use, and among the items that are there.\n"
          "--group-by says what stays in one split: each item alone (default), a folder, or names alike up to "
          "their number.\n"
          "What cannot be taken is skipped, counted and named with the reason; it never stops the rest.\n"
          "A directory that holds a project is merged.",
  .run = run,
};
