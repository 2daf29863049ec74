/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/guideline-text.h"

#include "core/guideline.h"

#include <string.h>

void
assay_block_free (AssayBlock *block)
{
  if (block == NULL)
    return;
  g_free (block->bullet);
  g_free (block->markup);
  g_free (block->path);
  g_free (block);
}

/* Inside a line */

static void append_inline (GString *out, const char *text, gsize n);

static void
append_escaped (GString *out, const char *text, gsize n)
{
  g_autofree char *escaped = g_markup_escape_text (text, (gssize) n);
  g_string_append (out, escaped);
}

static const char *
find_mark (const char *text, const char *end, const char *mark)
{
  return g_strstr_len (text, end - text, mark);
}

/* "**bold**": what stands between two marks; NULL when it is never closed, or is nothing. */
static const char *
append_marked (GString *out, const char *at, const char *end, const char *mark, const char *tag)
{
  gsize m = strlen (mark);
  if ((gsize) (end - at) < m || strncmp (at, mark, m) != 0)
    return NULL;
  const char *close = find_mark (at + m, end, mark);
  if (close == NULL || close == at + m || g_ascii_isspace (at[m]) || g_ascii_isspace (close[-1]))
    return NULL;
  g_string_append_printf (out, "<%s>", tag);
  if (*mark == '`')
    append_escaped (out, at + m, (gsize) (close - at) - m);
  else
    append_inline (out, at + m, (gsize) (close - at) - m);
  g_string_append_printf (out, "</%s>", tag);
  return close + m;
}

/* "[words](address)": only an address that a browser opens becomes a link. */
static const char *
append_link (GString *out, const char *at, const char *end)
{
  const char *close = *at == '[' ? find_mark (at, end, "](") : NULL;
  const char *last = close != NULL ? find_mark (close, end, ")") : NULL;
  if (last == NULL)
    return NULL;
  g_autofree char *address = g_strndup (close + 2, (gsize) (last - close) - 2);
  gboolean opens = g_str_has_prefix (address, "https://") || g_str_has_prefix (address, "http://");
  g_autofree char *escaped = g_markup_escape_text (address, -1);
  if (opens)
    g_string_append_printf (out, "<a href=\"%s\">", escaped);
  append_inline (out, at + 1, (gsize) (close - at) - 1);
  g_string_append (out, opens ? "</a>" : "");
  return last + 1;
}

static void
append_inline (GString *out, const char *text, gsize n)
{
  static const struct
  {
    const char *mark, *tag;
  } marks[] = { { "**", "b" }, { "__", "b" }, { "`", "tt" }, { "*", "i" }, { "_", "i" } };
  const char *end = text + n, *plain = text;
  for (const char *at = text; at < end;)
    {
      const char *next = NULL;
      gboolean in_word = at > text && (g_ascii_isalnum (at[-1]) || (guchar) at[-1] >= 0x80);
      g_autoptr (GString) piece = g_string_new (NULL);
      if (*at == '\\' && at + 1 < end && g_ascii_ispunct (at[1]))
        {
          append_escaped (piece, at + 1, 1);
          next = at + 2;
        }
      for (guint i = 0; next == NULL && i < G_N_ELEMENTS (marks); i++)
        if (*marks[i].mark != '_' || !in_word) /* cup_left_2 is a name */
          next = append_marked (piece, at, end, marks[i].mark, marks[i].tag);
      if (next == NULL)
        next = append_link (piece, at, end);
      if (next == NULL)
        {
          at++;
          continue;
        }
      append_escaped (out, plain, (gsize) (at - plain));
      g_string_append (out, piece->str);
      plain = at = next;
    }
  append_escaped (out, plain, (gsize) (end - plain));
}

static char *
dup_markup (const char *text)
{
  GString *out = g_string_new (NULL);
  append_inline (out, text, strlen (text));
  return g_string_free (out, FALSE);
}

/* Lines */

static void
add (GPtrArray *blocks, AssayBlockKind kind, guint level, const char *bullet, char *take_markup, char *take_path)
{
  AssayBlock *block = g_new (AssayBlock, 1);
  *block = (AssayBlock){ kind, level, g_strdup (bullet), take_markup, take_path };
  g_ptr_array_add (blocks, block);
}

static void
end_paragraph (GPtrArray *blocks, GString *paragraph)
{
  if (paragraph->len > 0)
    add (blocks, ASSAY_BLOCK_TEXT, 0, NULL, dup_markup (paragraph->str), NULL);
  g_string_set_size (paragraph, 0);
}

/* "- words", "12. words": where the words begin; NULL = no item. */
static const char *
after_bullet (const char *line, char **ret_bullet)
{
  const char *at = line;
  if (*at != '\0' && strchr ("-*+", *at) != NULL && at[1] == ' ')
    {
      *ret_bullet = g_strdup ("•");
      return at + 2;
    }
  while (g_ascii_isdigit (*at))
    at++;
  if (at == line || (*at != '.' && *at != ')') || at[1] != ' ')
    return NULL;
  *ret_bullet = g_strdup_printf ("%.*s.", (int) (at - line), line);
  return at + 2;
}

static gboolean
is_rule (const char *line)
{
  gsize n = strspn (line, "-"), stars = strspn (line, "*");
  return (n >= 3 && line[n] == '\0') || (stars >= 3 && line[stars] == '\0');
}

/* A line of a paragraph; its pictures stand for themselves. */
static void
add_words (GPtrArray *blocks, GString *paragraph, const char *line)
{
  for (const char *from = line;;)
    {
      AssayGuidelinePicture picture;
      gboolean found = assay_guideline_find_picture (from, &picture);
      gsize n = found ? (gsize) (picture.begin - from) : strlen (from);
      if (n > 0)
        {
          g_string_append (paragraph, paragraph->len > 0 ? " " : "");
          g_string_append_len (paragraph, from, (gssize) n);
        }
      if (!found)
        return;
      end_paragraph (blocks, paragraph);
      add (blocks, ASSAY_BLOCK_PICTURE, 0, NULL,
           g_markup_escape_text (picture.text, picture.text_end - picture.text),
           g_strndup (picture.path, (gsize) (picture.path_end - picture.path)));
      from = picture.end;
    }
}

GPtrArray *
assay_guideline_parse (const char *markdown)
{
  GPtrArray *blocks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_block_free);
  g_auto (GStrv) lines = g_strsplit (markdown, "\n", -1);
  g_autoptr (GString) paragraph = g_string_new (NULL), code = NULL;
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *bullet = NULL;
      gsize indent = strspn (lines[i], " \t"), hashes;
      const char *line = g_strchomp (lines[i]) + MIN (indent, strlen (lines[i])), *words;
      if (g_str_has_prefix (line, "```"))
        {
          end_paragraph (blocks, paragraph);
          if (code != NULL)
            add (blocks, ASSAY_BLOCK_CODE, 0, NULL, g_markup_escape_text (code->str, -1), NULL);
          if (code != NULL)
            g_string_free (g_steal_pointer (&code), TRUE);
          else
            code = g_string_new (NULL);
        }
      else if (code != NULL)
        g_string_append_printf (code, "%s%s", code->len > 0 ? "\n" : "", lines[i]);
      else if ((hashes = strspn (line, "#")) >= 1 && hashes <= 6 && line[hashes] == ' ')
        {
          end_paragraph (blocks, paragraph);
          add (blocks, ASSAY_BLOCK_HEADING, (guint) hashes, NULL, dup_markup (line + hashes + 1), NULL);
        }
      else if (is_rule (line))
        {
          end_paragraph (blocks, paragraph);
          add (blocks, ASSAY_BLOCK_RULE, 0, NULL, g_strdup (""), NULL);
        }
      else if ((words = after_bullet (line, &bullet)) != NULL)
        {
          end_paragraph (blocks, paragraph);
          add (blocks, ASSAY_BLOCK_ITEM, (guint) MIN (indent / 2, 4), bullet, dup_markup (words), NULL);
        }
      else if (g_str_has_prefix (line, "> "))
        {
          end_paragraph (blocks, paragraph);
          add (blocks, ASSAY_BLOCK_QUOTE, 0, NULL, dup_markup (line + 2), NULL);
        }
      else if (*line == '\0')
        end_paragraph (blocks, paragraph);
      else
        add_words (blocks, paragraph, line);
    }
  if (code != NULL) /* never closed: it is shown all the same */
    add (blocks, ASSAY_BLOCK_CODE, 0, NULL, g_markup_escape_text (code->str, -1), NULL);
  end_paragraph (blocks, paragraph);
  return blocks;
}
