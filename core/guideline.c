/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/guideline.h"

#include "core/error.h"
#include "core/media.h"

#include <string.h>

/* "media/ab/abcd….png" */
static char *
keep (AssayProject *project, const char *path, const char *base, GError **error)
{
  g_autofree char *file = g_path_is_absolute (path) ? g_strdup (path) : g_build_filename (base, path, NULL);
  AssayMediaFacts facts = { 0 };
  gboolean known;
  if (!g_file_test (file, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "reading the guideline: its picture %s is not at %s; put it there, or take it out", path, file);
      return NULL;
    }
  if (!assay_media_add (project, file, &facts, &known, error))
    return NULL;
  if (facts.kind != ASSAY_MEDIA_PICTURE)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading the guideline: %s is no picture; give a PNG or JPEG file", path);
      return NULL;
    }
  g_autofree char *kept = assay_media_dup_path (project, &facts.hash, facts.type);
  const char *inside = strstr (kept, "/media/");
  for (const char *later; inside != NULL && (later = strstr (inside + 1, "/media/")) != NULL;)
    inside = later; /* the project itself may lie under a directory of this name */
  return g_strdup (inside != NULL ? inside + 1 : kept);
}

/* The bracket that closes the one at `open`, which is not counted when it is escaped; NULL = none does. */
static const char *
find_close (const char *open, char opens, char closes)
{
  guint depth = 0;
  for (const char *at = open; *at != '\0'; at++)
    {
      if (*at == '\\' && at[1] != '\0')
        at++;
      else if (*at == opens)
        depth++;
      else if (*at == closes && --depth == 0)
        return at;
    }
  return NULL;
}

/* Where the picture's file is named, between the brackets: without a title in quotes, and without < >. */
static void
find_path (const char *open, const char *close, AssayGuidelinePicture *picture)
{
  const char *begin = open + 1, *end = close;
  while (begin < end && g_ascii_isspace (*begin))
    begin++;
  while (end > begin && g_ascii_isspace (end[-1]))
    end--;
  if (end > begin + 1 && (end[-1] == '"' || end[-1] == '\''))
    for (const char *quote = end - 2; quote > begin; quote--)
      if (*quote == end[-1] && g_ascii_isspace (quote[-1]))
        {
          end = quote;
          while (end > begin && g_ascii_isspace (end[-1]))
            end--;
          break;
        }
  if (end > begin + 1 && *begin == '<' && end[-1] == '>')
    {
      begin++;
      end--;
    }
  picture->path = begin;
  picture->path_end = end;
}

gboolean
assay_guideline_find_picture (const char *markdown, AssayGuidelinePicture *ret_picture)
{
  for (const char *at = markdown; (at = strstr (at, "![")) != NULL; at += 2)
    {
      const char *text_end = find_close (at + 1, '[', ']');
      const char *close = text_end != NULL && text_end[1] == '(' ? find_close (text_end + 1, '(', ')') : NULL;
      if (close == NULL) /* words, or a footnote */
        continue;
      *ret_picture = (AssayGuidelinePicture){ .begin = at, .end = close + 1, .text = at + 2, .text_end = text_end };
      find_path (text_end + 1, close, ret_picture);
      return TRUE;
    }
  return FALSE;
}

/* A file of the project, as it was kept before; a guideline may have a folder media/ of its own beside it. */
static gboolean
is_kept (AssayProject *project, const char *path)
{
  g_autofree char *file = g_build_filename (project->directory, path, NULL);
  return g_str_has_prefix (path, "media/") && g_file_test (file, G_FILE_TEST_IS_REGULAR);
}

char *
assay_guideline_keep_pictures (AssayProject *project, const char *markdown, const char *base, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  AssayGuidelinePicture picture;
  const char *from = markdown;
  while (assay_guideline_find_picture (from, &picture))
    {
      g_autofree char *path = g_strndup (picture.path, (gsize) (picture.path_end - picture.path));
      gboolean stays = strstr (path, "://") != NULL || is_kept (project, path);
      g_autofree char *kept = stays ? g_strdup (path) : keep (project, path, base, error);
      if (kept == NULL)
        return NULL;
      g_string_append_len (out, from, picture.path - from);
      g_string_append (out, kept);
      from = picture.path_end;
    }
  g_string_append (out, from);
  return g_string_free (g_steal_pointer (&out), FALSE);
}
