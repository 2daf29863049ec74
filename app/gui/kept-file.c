/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/kept-file.h"

#include <string.h>

/* All that is printed, less what ends the name of a group ("[]") and what escapes ("%"). */
#define AS_IT_IS " !\"#$&'()*+,/:;<=>?@\\^`{|}"

static char *
dup_path (const char *name)
{
  return g_build_filename (g_get_user_config_dir (), "assay", name, NULL);
}

GKeyFile *
assay_kept_file_load (const char *name)
{
  g_autofree char *path = dup_path (name);
  GKeyFile *file = g_key_file_new ();
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

void
assay_kept_file_save (GKeyFile *file, const char *name)
{
  g_autofree char *path = dup_path (name), *directory = g_path_get_dirname (path);
  g_mkdir_with_parents (directory, 0700);
  g_key_file_save_to_file (file, path, NULL);
}

char *
assay_kept_file_dup_group (const char *prefix, const char *name)
{
  g_autofree char *escaped = g_uri_escape_string (name, AS_IT_IS, TRUE);
  return g_strdup_printf ("%s %s", prefix, escaped);
}

char *
assay_kept_file_dup_name (const char *prefix, const char *group)
{
  gsize length = strlen (prefix);
  if (strncmp (group, prefix, length) != 0 || group[length] != ' ')
    return NULL;
  return g_uri_unescape_string (group + length + 1, NULL);
}

void
assay_kept_file_merge (GKeyFile *file, const char *group, GKeyFile *before, GKeyFile *now)
{
  GKeyFile *const both[] = { before, now };
  for (guint i = 0; i < G_N_ELEMENTS (both); i++)
    {
      g_auto (GStrv) keys = g_key_file_get_keys (both[i], group, NULL, NULL);
      for (guint k = 0; keys != NULL && keys[k] != NULL; k++)
        {
          g_autofree char *was = g_key_file_get_value (before, group, keys[k], NULL),
                          *is = g_key_file_get_value (now, group, keys[k], NULL);
          if (g_strcmp0 (was, is) == 0)
            continue;
          if (is != NULL)
            g_key_file_set_value (file, group, keys[k], is);
          else
            g_key_file_remove_key (file, group, keys[k], NULL);
        }
    }
}
