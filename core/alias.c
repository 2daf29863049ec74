/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/alias.h"

#include "core/error.h"

#include <string.h>

typedef struct
{
  gint64 annotator_row;
  char *name, *rank; /* rank: a hash in hexadecimal, then the id: what the letters are dealt by */
  char letter[8];
} Alias;

struct _AssayAliases
{
  gboolean hide;
  GArray *list; /* of Alias */
};

static void
alias_clear (gpointer data)
{
  Alias *alias = data;
  g_free (alias->name);
  g_free (alias->rank);
}

void
assay_aliases_free (AssayAliases *aliases)
{
  if (aliases == NULL)
    return;
  g_array_unref (aliases->list);
  g_free (aliases);
}

static int
by_rank (gconstpointer a, gconstpointer b)
{
  return strcmp (((const Alias *) a)->rank, ((const Alias *) b)->rank);
}

/* A to Z, AA, AB … */
static void
write_letter (guint i, char *ret_letter)
{
  char backwards[8];
  guint n = 0;
  for (gint64 rest = i; rest >= 0 && n < 6; rest = rest / 26 - 1)
    backwards[n++] = (char) ('A' + rest % 26);
  for (guint k = 0; k < n; k++)
    ret_letter[k] = backwards[n - 1 - k];
  ret_letter[n] = '\0';
}

static char *
rank_new (const AssayItem *item, const char *name, const AssayId *annotator)
{
  g_autofree char *id = assay_id_dup_text (annotator), *of = item != NULL ? assay_id_dup_text (&item->id) : NULL;
  g_autofree char *text = g_strdup_printf ("alias\n%s\n%s", of != NULL ? of : "", name);
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);
  return g_strconcat (hash, id, NULL);
}

/* The plan's rule settles as well: then all said the same. */
static gboolean
read_settled (AssayStore *store, gint64 item_row, gint64 task_row, gboolean *ret_settled, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT how IN ('annotator', 'consensus', 'edit', 'rule') FROM truth WHERE item = ? AND"
                          " task = ?",
                          "ii", item_row, task_row))
    return FALSE;
  *ret_settled = assay_rows_next (&rows, &wrong) && assay_rows_get_int (&rows, 0) != 0;
  gboolean right = wrong == NULL;
  if (!right)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return right;
}

AssayAliases *
assay_aliases_read (AssayStore *store, const AssayItem *item, gint64 task_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  gboolean settled = FALSE, of_case = item != NULL && task_row != 0;
  g_autoptr (AssayAliases) aliases = g_new0 (AssayAliases, 1);
  aliases->list = g_array_new (FALSE, TRUE, sizeof (Alias));
  g_array_set_clear_func (aliases->list, alias_clear);
  if (of_case && !read_settled (store, item->row, task_row, &settled, error))
    return NULL;
  aliases->hide = !settled;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT row, id, name FROM annotator WHERE kind <> 'consensus' AND (?1 = 0 OR row IN (SELECT"
          " annotator FROM revision WHERE item = ?1 AND task = ?2 AND state <> 'draft'))",
          "ii", of_case ? item->row : (gint64) 0, task_row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 1);
      Alias alias
          = { .annotator_row = assay_rows_get_int (&rows, 0), .name = g_strdup (assay_rows_get_text (&rows, 2)) };
      alias.rank = rank_new (of_case ? item : NULL, alias.name, &id);
      g_array_append_val (aliases->list, alias);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  g_array_sort (aliases->list, by_rank);
  for (guint i = 0; i < aliases->list->len; i++)
    write_letter (i, g_array_index (aliases->list, Alias, i).letter);
  return g_steal_pointer (&aliases);
}

gboolean
assay_aliases_hide (const AssayAliases *aliases)
{
  return aliases->hide;
}

static const char *
say (const AssayAliases *aliases, const Alias *alias)
{
  return aliases->hide ? alias->letter : alias->name;
}

guint
assay_aliases_get_place (const AssayAliases *aliases, gint64 annotator_row)
{
  for (guint i = 0; i < aliases->list->len; i++)
    if (g_array_index (aliases->list, Alias, i).annotator_row == annotator_row)
      return i;
  return G_MAXUINT;
}

const char *
assay_aliases_get (const AssayAliases *aliases, gint64 annotator_row)
{
  guint i = assay_aliases_get_place (aliases, annotator_row);
  return i != G_MAXUINT ? say (aliases, &g_array_index (aliases->list, Alias, i)) : "?";
}

const char *
assay_aliases_get_named (const AssayAliases *aliases, const char *name)
{
  for (guint i = 0; i < aliases->list->len; i++)
    if (g_str_equal (g_array_index (aliases->list, Alias, i).name, name))
      return say (aliases, &g_array_index (aliases->list, Alias, i));
  return "?";
}

static gboolean
is_of_word (const char *at)
{
  gunichar c = g_utf8_get_char (at);
  return g_unichar_isalnum (c) || c == '_';
}

/* "ann" is no name in "annex" or in "ann-2", but it is in "ann's". */
static gboolean
ends_word (const char *end)
{
  return *end == '\0' || !(is_of_word (end) || (*end == '-' && is_of_word (end + 1)));
}

static const Alias *
find_name (const AssayAliases *aliases, const char *at)
{
  const Alias *longest = NULL;
  for (guint i = 0; i < aliases->list->len; i++)
    {
      const Alias *alias = &g_array_index (aliases->list, Alias, i);
      if (*alias->name != '\0' && g_str_has_prefix (at, alias->name) && ends_word (at + strlen (alias->name))
          && (longest == NULL || strlen (alias->name) > strlen (longest->name)))
        longest = alias;
    }
  return longest;
}

char *
assay_aliases_write (const AssayAliases *aliases, const char *sentence)
{
  if (!aliases->hide)
    return g_strdup (sentence);
  GString *out = g_string_new (NULL);
  gboolean inside = FALSE; /* of a word */
  guint quoted = 0;        /* what was heard or written is told as it was, whoever is called so */
  for (const char *at = sentence; *at != '\0';)
    {
      quoted += g_utf8_get_char (at) == 0x201c;
      quoted -= quoted > 0 && g_utf8_get_char (at) == 0x201d;
      const Alias *alias = !inside && quoted == 0 ? find_name (aliases, at) : NULL;
      if (alias != NULL)
        {
          g_string_append (out, alias->letter);
          at += strlen (alias->name);
          inside = FALSE;
          continue;
        }
      const char *next = g_utf8_next_char (at);
      inside = is_of_word (at) || (inside && *at == '-' && *next != '\0' && is_of_word (next));
      g_string_append_len (out, at, next - at);
      at = next;
    }
  return g_string_free (out, FALSE);
}
