/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 0, 1, error))
    return 0;
  const char *verb = invocation->argc > 1 ? invocation->argv[1] : NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  if (verb == NULL)
    g_string_append (text, "assay [-C DIR] [--json] [--annotator NAME] VERB …\n\n");
  gboolean found = FALSE;
  for (guint i = 0; assay_commands[i] != NULL; i++)
    {
      const AssayCommand *command = assay_commands[i];
      if (verb == NULL)
        g_string_append_printf (text, "  %-12s %s\n", command->id, command->help);
      else if (g_str_equal (verb, command->id))
        {
          found = TRUE;
          g_string_append_printf (text, "assay %s\n\n%s\n", command->form, command->help);
          if (command->more != NULL)
            g_string_append_printf (text, "\n%s\n", command->more);
        }
    }
  if (verb != NULL && !found)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "help: there is no command %s; `assay help` lists them",
                   verb);
      return 0;
    }
  if (verb == NULL)
    g_string_append (text, "\n`assay help VERB` says more. Status: 0 done, 1 done and the answer is \"no\", 2 "
                           "wrong usage, 3 failed.\n");
  assay_invocation_answer (invocation, NULL, text->str);
  return 0;
}

const AssayCommand assay_command_help = {
  .id = "help",
  .form = "help [VERB]",
  .help = "lists the commands, or explains one",
  .run = run,
};
