/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/class-match.h"

#include <string.h>

typedef struct
{
  guint index, rank, recency;
} Match;

enum
{
  BEGINS,
  WORD_BEGINS,
  INITIALS,
  FOLLOWS,
  NOT
};

static gboolean
follows (const char *name, const char *typed)
{
  for (; *typed != '\0' && name != NULL; typed = g_utf8_next_char (typed))
    {
      name = g_utf8_strchr (name, -1, g_utf8_get_char (typed));
      name = name != NULL ? g_utf8_next_char (name) : NULL;
    }
  return name != NULL;
}

static guint
rank (const char *name, const char *typed)
{
  g_autoptr (GString) initials = g_string_new (NULL);
  gboolean word = FALSE, after_gap = TRUE;
  if (g_str_has_prefix (name, typed))
    return BEGINS;
  for (const char *at = name; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar c = g_utf8_get_char (at);
      if (after_gap && g_unichar_isalnum (c))
        {
          word |= g_str_has_prefix (at, typed);
          g_string_append_unichar (initials, c);
        }
      after_gap = !g_unichar_isalnum (c);
    }
  return word                                      ? WORD_BEGINS
         : g_str_has_prefix (initials->str, typed) ? INITIALS
         : follows (name, typed)                   ? FOLLOWS
                                                   : NOT;
}

static guint
recency (const GArray *recent, const AssayId *id)
{
  for (guint i = 0; recent != NULL && i < recent->len; i++)
    if (assay_id_equal (&g_array_index (recent, AssayId, i), id))
      return i;
  return G_MAXUINT;
}

static int
likelier (gconstpointer a, gconstpointer b)
{
  const Match *x = a, *y = b;
  if (x->rank != y->rank)
    return x->rank < y->rank ? -1 : 1;
  if (x->recency != y->recency)
    return x->recency < y->recency ? -1 : 1;
  return x->index < y->index ? -1 : x->index > y->index;
}

GArray *
assay_class_match (const AssayTask *task, const char *typed, const GArray *recent)
{
  g_autofree char *folded = g_utf8_casefold (typed, -1);
  g_autoptr (GArray) matches = g_array_new (FALSE, FALSE, sizeof (Match));
  GArray *indices = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < task->classes->len; i++)
    {
      const AssayClass *class = task->classes->pdata[i];
      g_autofree char *name = g_utf8_casefold (class->name, -1);
      Match match = { i, rank (name, folded), recency (recent, &class->id) };
      if (match.rank != NOT)
        g_array_append_val (matches, match);
    }
  g_array_sort (matches, likelier);
  for (guint i = 0; i < matches->len; i++)
    g_array_append_val (indices, g_array_index (matches, Match, i).index);
  return indices;
}
