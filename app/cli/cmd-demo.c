/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-demo.h"

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 1, 1, error))
    return 0;
  /* -C says where from, as in git. */
  g_autofree char *from = g_canonicalize_filename (invocation->directory, NULL);
  g_autofree char *directory = g_canonicalize_filename (invocation->argv[1], from);
  json_t *answer = NULL;
  if (!assay_job_demo (directory, invocation->progress, &answer, error))
    return 0;
  g_autofree char *text
      = g_strdup_printf ("made the sample project in %s: %" G_GINT64_FORMAT " items, %" G_GINT64_FORMAT
                         " labels; try `assay -C %s agree`",
                         directory, (gint64) json_integer_value (json_object_get (answer, "items")),
                         (gint64) json_integer_value (json_object_get (answer, "labels")), invocation->argv[1]);
  assay_invocation_answer (invocation, answer, text);
  return 0;
}

const AssayCommand assay_command_demo = {
  .id = "demo",
  .form = "demo DIR",
  .help = "makes a sample project: real pictures and speech, labelled by means that differ",
  .more
  = "DIR must be new or empty. Four tasks: objects (segmentation), box-corners (keypoints), box-pose (6-DoF pose) "
    "and\nspeech (transcript). The annotators are means, named after what they do, and their times are simulated; "
    "most of\nwhat several labelled is settled, a few cases are left to review and a few items to label. "
    "--json gives {project, id,\nitems, tasks, annotators, labels, objects, settled}.",
  .run = run,
};
