/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

static int
run (AssayInvocation *invocation, GError **error)
{
  g_autofree char *name = NULL;
  const GOptionEntry entries[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, NULL, "NAME" },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error) || !assay_invocation_expect (invocation, 1, 1, error))
    return 0;
  g_autofree char *directory = g_canonicalize_filename (invocation->argv[1], NULL);
  /* -C says where from, as in git. */
  if (!g_path_is_absolute (invocation->argv[1]))
    {
      g_autofree char *from = g_canonicalize_filename (invocation->directory, NULL);
      g_free (directory);
      directory = g_canonicalize_filename (invocation->argv[1], from);
    }
  g_autoptr (AssayProject) project = assay_project_create (directory, name, error);
  if (project == NULL)
    return 0;
  json_t *answer = json_object ();
  json_object_set_new (answer, "project", json_string (project->directory));
  json_object_set_new (answer, "id", assay_json_id (&project->id));
  assay_invocation_answer (invocation, answer, NULL);
  return 0;
}

const AssayCommand assay_command_init = {
  .id = "init",
  .form = "init DIR [--name NAME]",
  .help = "makes a new, empty project",
  .more = "DIR and the folders above it are made when they are missing; the project is called like the folder"
          " unless --name\n"
          "says otherwise. It needs a local disk. --json gives {project, id}.",
  .run = run,
};
