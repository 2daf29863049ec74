/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include <stdio.h>
#include <string.h>

static const AssayCommand *
find (const char *id)
{
  for (guint i = 0; assay_commands[i] != NULL; i++)
    if (g_strcmp0 (assay_commands[i]->id, id) == 0)
      return assay_commands[i];
  return NULL;
}

gboolean
assay_invocation_parse (AssayInvocation *invocation, const GOptionEntry *entries, GError **error)
{
  g_autofree char *annotator = NULL;
  const GOptionEntry everywhere[] = {
    { "json", 0, 0, G_OPTION_ARG_NONE, &invocation->json, NULL, NULL },
    { "annotator", 0, 0, G_OPTION_ARG_STRING, &annotator, NULL, NULL },
    { NULL },
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, everywhere, NULL);
  if (entries != NULL)
    g_option_context_add_main_entries (context, entries, NULL);
  g_autoptr (GError) wrong = NULL;
  if (!g_option_context_parse (context, &invocation->argc, &invocation->argv, &wrong))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "%s: %s; see `assay help %s`", invocation->argv[0],
                   wrong->message, invocation->argv[0]);
      return FALSE;
    }
  if (annotator != NULL)
    {
      g_free (invocation->annotator);
      invocation->annotator = g_steal_pointer (&annotator);
    }
  /* "--" ends the flags and is no word of its own. */
  if (invocation->argc > 1 && g_str_equal (invocation->argv[1], "--"))
    {
      memmove (&invocation->argv[1], &invocation->argv[2], (gsize) (invocation->argc - 1) * sizeof (char *));
      invocation->argc--;
    }
  return TRUE;
}

gboolean
assay_invocation_expect (AssayInvocation *invocation, int least, int most, GError **error)
{
  int words = invocation->argc - 1;
  if (words >= least && words <= most)
    return TRUE;
  const AssayCommand *command = find (invocation->argv[0]);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "%s: %s; write `assay %s`", invocation->argv[0],
               words < least ? "something is missing" : "there is a word too many", command->form);
  return FALSE;
}

AssayProject *
assay_invocation_open (AssayInvocation *invocation, AssayStoreMode mode, GError **error)
{
  return assay_project_discover (invocation->directory, mode, error);
}

AssayAnnotator *
assay_invocation_annotator (AssayInvocation *invocation, AssayStore *store, GError **error)
{
  return assay_annotator_ensure (store, invocation->annotator, ASSAY_ANNOTATOR_PERSON, error);
}

gboolean
assay_invocation_read_conditions (const AssayInvocation *invocation, char **words, json_t *conditions, GError **error)
{
  for (guint i = 0; words != NULL && words[i] != NULL; i++)
    {
      const char *equals = strchr (words[i], '=');
      if (equals == NULL || equals == words[i])
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "%s: condition \"%s\"; write it as NAME=VALUE, light=low",
                       invocation->argv[0], words[i]);
          return FALSE;
        }
      g_autofree char *name = g_strndup (words[i], (gsize) (equals - words[i]));
      json_object_set_new (conditions, name, json_string (equals + 1));
    }
  return TRUE;
}

void
assay_invocation_answer (AssayInvocation *invocation, json_t *take_document, const char *text)
{
  g_autoptr (json_t) document = take_document;
  if (invocation->json && document != NULL)
    {
      g_autofree char *pretty = assay_json_pretty (document);
      fputs (pretty, stdout);
      fputc ('\n', stdout);
    }
  else if (!invocation->json && text != NULL && *text != '\0')
    {
      fputs (text, stdout);
      if (text[strlen (text) - 1] != '\n')
        fputc ('\n', stdout);
    }
}
