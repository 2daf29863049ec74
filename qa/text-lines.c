/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/text-lines.h"

#include "core/error.h"

#include <string.h>

const AssayOption assay_text_options[] = {
  { "ids", ASSAY_OPTION_BOOL, "false", 0, 0, NULL,
    "each line begins with its id (Kaldi text): lines are paired by id" },
  { NULL },
};

/* One file: its lines in order, and by id when they have one. */
typedef struct
{
  const char *path;
  char *text;             /* cut into lines in place */
  GPtrArray *lines, *ids; /* borrowed from text; ids NULL without */
  GHashTable *by_id;      /* id to index + 1 */
} Lines;

static void
lines_clear (Lines *lines)
{
  g_clear_pointer (&lines->lines, g_ptr_array_unref);
  g_clear_pointer (&lines->ids, g_ptr_array_unref);
  g_clear_pointer (&lines->by_id, g_hash_table_unref);
  g_clear_pointer (&lines->text, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Lines, lines_clear)

static gboolean
add_line (Lines *lines, char *line, gboolean by_id, GError **error)
{
  if (by_id)
    {
      line += strspn (line, " \t");
      char *rest = line + strcspn (line, " \t");
      if (*line == '\0')
        return TRUE;
      if (*rest != '\0')
        *rest++ = '\0';
      if (g_hash_table_lookup (lines->by_id, line) != NULL)
        {
          assay_error_bad_data (error, "reading %s: the id %s is there twice; keep one", lines->path, line);
          return FALSE;
        }
      g_ptr_array_add (lines->ids, line);
      g_hash_table_insert (lines->by_id, line, GUINT_TO_POINTER (lines->ids->len));
      line = rest;
    }
  g_ptr_array_add (lines->lines, line);
  return TRUE;
}

static gboolean
lines_load (Lines *lines, const char *path, gboolean by_id, GError **error)
{
  g_autoptr (GError) failure = NULL;
  gsize n = 0;
  lines->path = path;
  if (!g_file_get_contents (path, &lines->text, &n, &failure))
    {
      gboolean absent = g_error_matches (failure, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      g_set_error (error, ASSAY_ERROR, absent ? ASSAY_ERROR_NOT_FOUND : ASSAY_ERROR_IO,
                   "reading %s: %s; check the path", path, failure->message);
      return FALSE;
    }
  if (!g_utf8_validate_len (lines->text, n, NULL))
    {
      assay_error_bad_data (error, "reading %s: it is not UTF-8; convert it with iconv", path);
      return FALSE;
    }
  lines->lines = g_ptr_array_new ();
  lines->ids = g_ptr_array_new ();
  lines->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  char *at = lines->text;
  if (g_str_has_prefix (at, "\xef\xbb\xbf"))
    at += 3;
  while (*at != '\0')
    {
      char *end = at + strcspn (at, "\n"), *next = *end == '\n' ? end + 1 : end;
      *end = '\0';
      if (end > at && end[-1] == '\r')
        end[-1] = '\0';
      if (!add_line (lines, at, by_id, error))
        return FALSE;
      at = next;
    }
  return TRUE;
}

char **
assay_text_load_lines (const char *path, GError **error)
{
  g_auto (Lines) lines = { 0 };
  if (!lines_load (&lines, path, FALSE, error))
    return NULL;
  char **copies = g_new0 (char *, (gsize) lines.lines->len + 1);
  for (guint i = 0; i < lines.lines->len; i++)
    copies[i] = g_strdup (g_ptr_array_index (lines.lines, i));
  return copies;
}

json_t *
assay_word_triples_to_json (GArray *list)
{
  if (list == NULL)
    return json_null ();
  json_t *rows = json_array ();
  for (guint i = 0; i < list->len; i++)
    {
      const AssayWordErrors *errors = &g_array_index (list, AssayWordErrors, i);
      json_array_append_new (rows, json_pack ("[i, i, i]", (int) errors->substitutions, (int) errors->deletions,
                                              (int) errors->insertions));
    }
  g_array_unref (list);
  return rows;
}

void
assay_word_errors_add (AssayWordErrors *sum, const AssayWordErrors *errors)
{
  sum->hits += errors->hits;
  sum->substitutions += errors->substitutions;
  sum->deletions += errors->deletions;
  sum->insertions += errors->insertions;
}

static json_t *
errors_to_json (const AssayWordErrors *errors)
{
  return json_pack ("{s:f, s:f, s:i, s:i, s:i, s:i, s:i}", "value", assay_word_errors_wer (errors), "mer",
                    assay_word_errors_mer (errors), "substitutions", (int) errors->substitutions, "deletions",
                    (int) errors->deletions, "insertions", (int) errors->insertions, "hits", (int) errors->hits,
                    "words", (int) (errors->hits + errors->substitutions + errors->deletions));
}

/* Files that do not go together are refused: scores of a shifted file look like bad speech recognition. */
static gboolean
fit_together (const Lines *a, const Lines *b, gboolean by_id, GError **error)
{
  if (a->lines->len != b->lines->len && !by_id)
    {
      assay_error_bad_data (error,
                            "comparing %s and %s: %u lines and %u lines; line n goes with line n, or use --ids",
                            a->path, b->path, a->lines->len, b->lines->len);
      return FALSE;
    }
  const Lines *sides[] = { a, b };
  for (guint side = 0; by_id && side < 2; side++)
    for (guint i = 0; i < sides[side]->ids->len; i++)
      if (g_hash_table_lookup (sides[1 - side]->by_id, g_ptr_array_index (sides[side]->ids, i)) == NULL)
        {
          assay_error_bad_data (error, "comparing %s and %s: the id %s is only in %s; both need the same ids",
                                a->path, b->path, (char *) g_ptr_array_index (sides[side]->ids, i),
                                sides[side]->path);
          return FALSE;
        }
  return TRUE;
}

json_t *
assay_text_measure (const char *reference, const char *hypothesis, gboolean by_id, AssayTextCompare compare,
                    GError **error)
{
  g_auto (Lines) a = { 0 }, b = { 0 };
  if (!lines_load (&a, reference, by_id, error) || !lines_load (&b, hypothesis, by_id, error)
      || !fit_together (&a, &b, by_id, error))
    return NULL;
  AssayWordErrors sum = { 0 };
  g_autoptr (json_t) lines = json_array ();
  for (guint i = 0; i < a.lines->len; i++)
    {
      const char *id = by_id ? g_ptr_array_index (a.ids, i) : NULL;
      guint other = by_id ? GPOINTER_TO_UINT (g_hash_table_lookup (b.by_id, id)) - 1 : i;
      AssayWordErrors errors = compare (g_ptr_array_index (a.lines, i), g_ptr_array_index (b.lines, other));
      assay_word_errors_add (&sum, &errors);
      json_t *line = errors_to_json (&errors);
      json_object_set_new (line, "line", json_integer (i + 1));
      if (id != NULL)
        json_object_set_new (line, "id", json_string (id));
      json_array_append_new (lines, line);
    }
  json_t *answer = errors_to_json (&sum);
  json_object_set (answer, "lines", lines);
  return answer;
}
