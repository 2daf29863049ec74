/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "core/version.h"

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 0, 1, error))
    return 0;
  g_autoptr (AssayProject) project = assay_invocation_open (invocation, ASSAY_STORE_READ, error);
  g_autoptr (GPtrArray) damage = NULL;
  const char *version = invocation->argc > 1 ? invocation->argv[1] : NULL;
  assay_progress_say (invocation->progress, "reading everything again");
  if (project == NULL || !assay_version_verify (project, version, &damage, invocation->progress, error))
    return 0;
  g_autoptr (GString) text = g_string_new (NULL);
  json_t *list = json_array ();
  for (guint i = 0; i < damage->len; i++)
    {
      json_array_append_new (list, json_string (damage->pdata[i]));
      g_string_append_printf (text, "%s\n", (const char *) damage->pdata[i]);
    }
  if (damage->len == 0)
    g_string_append (text, version != NULL
                               ? "verified: every byte of the version is what it was"
                               : "verified: every version, every media file and the database are what they were");
  assay_invocation_answer (
      invocation, json_pack ("{s:b, s:s?, s:o}", "ok", damage->len == 0, "version", version, "damage", list),
      text->str);
  return damage->len == 0 ? 0 : 1;
}

const AssayCommand assay_command_verify = {
  .id = "verify",
  .form = "verify [V]",
  .help = "reads a version (or everything) again and names any altered or missing byte",
  .run = run,
};
