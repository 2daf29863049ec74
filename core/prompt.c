/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/prompt.h"

#include "core/error.h"

#include <string.h>

void
assay_prompt_free (AssayPrompt *prompt)
{
  if (prompt == NULL)
    return;
  g_free (prompt->id);
  g_free (prompt->text);
  g_free (prompt);
}

static char *
tidy (const char *text, gssize n_bytes)
{
  g_autofree char *normal = g_utf8_normalize (text, n_bytes, G_NORMALIZE_NFC);
  return g_strdup (g_strstrip (normal));
}

/* NULL without an error: nothing on this line. */
static AssayPrompt *
parse_line (const char *line, gsize n_bytes, guint number, const char *path, GError **error)
{
  if (!g_utf8_validate (line, (gssize) n_bytes, NULL))
    {
      assay_error_bad_data (error, "reading %s: line %u is no UTF-8; save the script as UTF-8", path, number);
      return NULL;
    }
  const char *tab = memchr (line, '\t', n_bytes);
  gsize n_id = tab != NULL ? (gsize) (tab - line) : 0, text_at = tab != NULL ? n_id + 1 : 0;
  g_autofree char *id = tidy (line, (gssize) n_id), *text = tidy (line + text_at, (gssize) (n_bytes - text_at));
  if (*text == '\0' && *id == '\0')
    return NULL;
  if (*text == '\0')
    {
      assay_error_bad_data (error, "reading %s: line %u has an id and nothing to read", path, number);
      return NULL;
    }
  AssayPrompt *prompt = g_new0 (AssayPrompt, 1);
  prompt->id = *id != '\0' ? g_steal_pointer (&id) : g_strdup_printf ("%04u", number);
  prompt->text = g_steal_pointer (&text);
  return prompt;
}

GPtrArray *
assay_prompts_parse (const char *text, gsize n_bytes, const char *path, GError **error)
{
  g_autoptr (GPtrArray) prompts = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_prompt_free);
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  gsize at = n_bytes >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  for (guint number = 1; at < n_bytes; number++)
    {
      const char *end = memchr (text + at, '\n', n_bytes - at);
      gsize n = end != NULL ? (gsize) (end - text) - at : n_bytes - at;
      g_autoptr (GError) wrong = NULL;
      AssayPrompt *prompt = parse_line (text + at, n, number, path, &wrong);
      at += n + 1;
      if (wrong != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return NULL;
        }
      if (prompt == NULL)
        continue;
      g_ptr_array_add (prompts, prompt);
      if (!g_hash_table_add (ids, prompt->id))
        {
          assay_error_bad_data (error, "reading %s: line %u has the id %s again; give each sentence its own", path,
                                number, prompt->id);
          return NULL;
        }
    }
  if (prompts->len > 0)
    return g_steal_pointer (&prompts);
  assay_error_bad_data (error, "reading %s: there is no sentence in it; write one a line", path);
  return NULL;
}

GPtrArray *
assay_prompts_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) wrong = NULL;
  gsize n_bytes;
  if (g_file_get_contents (path, &text, &n_bytes, &wrong))
    return assay_prompts_parse (text, n_bytes, path, error);
  gboolean absent = g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_set_error (error, ASSAY_ERROR, absent ? ASSAY_ERROR_NOT_FOUND : ASSAY_ERROR_IO, "reading %s: %s", path,
               absent ? "it is not there" : wrong->message);
  return NULL;
}
