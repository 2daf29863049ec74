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

char *
assay_guideline_keep_pictures (AssayProject *project, const char *markdown, const char *base, GError **error)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *from = markdown;;)
    {
      const char *picture = strstr (from, "![");
      const char *middle = picture != NULL ? strstr (picture, "](") : NULL;
      const char *end = middle != NULL ? strchr (middle, ')') : NULL;
      if (end == NULL)
        {
          g_string_append (out, from);
          return g_string_free (g_steal_pointer (&out), FALSE);
        }
      g_autofree char *path = g_strndup (middle + 2, (gsize) (end - middle) - 2);
      gboolean stays = strstr (path, "://") != NULL || g_str_has_prefix (path, "media/");
      g_autofree char *kept = stays ? g_strdup (path) : keep (project, path, base, error);
      if (kept == NULL)
        return NULL;
      g_string_append_len (out, from, middle + 2 - from);
      g_string_append (out, kept);
      from = end;
    }
}
