/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/definition.h"

#include "metrics-list.h"

#include <string.h>

static guint
rank_of (const char *line)
{
  guint rank = 0;
  while (line[rank] == '#')
    rank++;
  return line[rank] == ' ' ? rank : 0;
}

char *
assay_definition_dup (const char *title)
{
  g_auto (GStrv) lines = g_strsplit (metrics, "\n", -1);
  GString *text = NULL;
  guint within = 0;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint rank = rank_of (lines[i]);
      if (text != NULL && rank > 0 && rank <= within)
        break;
      if (text != NULL)
        g_string_append_printf (text, "%s\n", lines[i]);
      else if (rank > 0 && g_str_equal (lines[i] + rank + 1, title))
        {
          within = rank;
          text = g_string_new (NULL);
        }
    }
  return text != NULL ? g_strstrip (g_string_free (text, FALSE)) : NULL;
}
