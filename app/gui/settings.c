/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/settings.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define GROUP "desktop"
#define TOOLS "tools"
#define RECENT_PREFIX "recent "

struct _AssaySettings
{
  char *path;
  GKeyFile *file;
  AssayKeyMap *keys;
};

AssaySettings *
assay_settings_new (void)
{
  AssaySettings *settings = g_new0 (AssaySettings, 1);
  settings->path = g_build_filename (g_get_user_config_dir (), "assay", "desktop.conf", NULL);
  settings->file = g_key_file_new ();
  g_key_file_load_from_file (settings->file, settings->path, G_KEY_FILE_NONE, NULL);
  settings->keys = assay_key_map_new ();
  assay_key_map_load (settings->keys, settings->file);
  return settings;
}

void
assay_settings_free (AssaySettings *settings)
{
  if (settings == NULL)
    return;
  g_free (settings->path);
  g_key_file_unref (settings->file);
  assay_key_map_free (settings->keys);
  g_free (settings);
}

/* A home that cannot be written only means that nothing is remembered. */
static void
save (AssaySettings *settings)
{
  g_autofree char *directory = g_path_get_dirname (settings->path);
  g_mkdir_with_parents (directory, 0700);
  g_key_file_save_to_file (settings->file, settings->path, NULL);
}

gboolean
assay_settings_is_shared_login (AssaySettings *settings)
{
  return g_key_file_get_boolean (settings->file, GROUP, "shared-login", NULL);
}

char *
assay_settings_dup_annotator (AssaySettings *settings)
{
  if (assay_settings_is_shared_login (settings))
    return NULL;
  return g_key_file_get_string (settings->file, GROUP, "annotator", NULL);
}

void
assay_settings_set_annotator (AssaySettings *settings, const char *name, gboolean shared_login)
{
  g_key_file_set_string (settings->file, GROUP, "annotator", name);
  g_key_file_set_boolean (settings->file, GROUP, "shared-login", shared_login);
  save (settings);
}

gboolean
assay_settings_is_light (AssaySettings *settings)
{
  return g_key_file_get_boolean (settings->file, GROUP, "light", NULL);
}

void
assay_settings_set_light (AssaySettings *settings, gboolean light)
{
  g_key_file_set_boolean (settings->file, GROUP, "light", light);
  save (settings);
}

char *
assay_settings_dup_board (AssaySettings *settings, double *ret_bar_mm)
{
  *ret_bar_mm = g_key_file_get_double (settings->file, GROUP, "scale-bar-mm", NULL);
  return g_key_file_get_string (settings->file, GROUP, "board", NULL);
}

void
assay_settings_set_board (AssaySettings *settings, const char *board, double bar_mm)
{
  g_key_file_set_string (settings->file, GROUP, "board", board);
  g_key_file_set_double (settings->file, GROUP, "scale-bar-mm", bar_mm);
  save (settings);
}

char **
assay_settings_dup_aids (AssaySettings *settings)
{
  return g_key_file_get_string_list (settings->file, GROUP, "aids", NULL, NULL);
}

void
assay_settings_set_aids (AssaySettings *settings, const char *const *words)
{
  g_key_file_set_string_list (settings->file, GROUP, "aids", words, g_strv_length ((char **) words));
  save (settings);
}

void
assay_settings_recall_tools (AssaySettings *settings, const AssayOption *declared, AssayOptions *options)
{
  for (guint i = 0; declared[i].name != NULL; i++)
    {
      g_autofree char *text = g_key_file_get_string (settings->file, TOOLS, declared[i].name, NULL);
      if (text != NULL)
        assay_options_set (options, declared[i].name, text, NULL);
    }
}

void
assay_settings_keep_tools (AssaySettings *settings, const AssayOption *declared, const AssayOptions *options)
{
  for (guint i = 0; declared[i].name != NULL; i++)
    {
      const char *text = assay_options_get_string (options, declared[i].name);
      if (text != NULL)
        g_key_file_set_string (settings->file, TOOLS, declared[i].name, text);
    }
  save (settings);
}

AssayKeyMap *
assay_settings_get_keys (AssaySettings *settings)
{
  return settings->keys;
}

void
assay_settings_keep_keys (AssaySettings *settings)
{
  assay_key_map_save (settings->keys, settings->file);
  save (settings);
}

void
assay_recent_free (AssayRecent *recent)
{
  if (recent == NULL)
    return;
  g_free (recent->directory);
  g_free (recent->name);
  g_free (recent->thumbnail);
  g_free (recent);
}

/* One group a project, named by its directory; `order` rises with each opening. */
static int
newest_first (gconstpointer a, gconstpointer b, gpointer data)
{
  GKeyFile *file = data;
  gint64 order_a = g_key_file_get_int64 (file, *(const char *const *) a, "order", NULL);
  gint64 order_b = g_key_file_get_int64 (file, *(const char *const *) b, "order", NULL);
  return (order_a < order_b) - (order_a > order_b);
}

static GPtrArray *
recent_groups (AssaySettings *settings)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) all = g_key_file_get_groups (settings->file, NULL);
  for (guint i = 0; all[i] != NULL; i++)
    if (g_str_has_prefix (all[i], RECENT_PREFIX))
      g_ptr_array_add (groups, g_strdup (all[i]));
  g_ptr_array_sort_with_data (groups, newest_first, settings->file);
  return groups;
}

GPtrArray *
assay_settings_list_recent (AssaySettings *settings)
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_recent_free);
  g_autoptr (GPtrArray) groups = recent_groups (settings);
  for (guint i = 0; i < groups->len; i++)
    {
      const char *group = groups->pdata[i];
      const char *directory = group + strlen (RECENT_PREFIX);
      g_autofree char *database = g_build_filename (directory, "project.db", NULL);
      if (!g_file_test (database, G_FILE_TEST_EXISTS))
        continue;
      AssayRecent *recent = g_new0 (AssayRecent, 1);
      recent->directory = g_strdup (directory);
      recent->name = g_key_file_get_string (settings->file, group, "name", NULL);
      recent->thumbnail = g_key_file_get_string (settings->file, group, "thumbnail", NULL);
      recent->items = g_key_file_get_uint64 (settings->file, group, "items", NULL);
      recent->labelled = g_key_file_has_key (settings->file, group, "labelled", NULL)
                             ? g_key_file_get_double (settings->file, group, "labelled", NULL)
                             : NAN;
      g_ptr_array_add (list, recent);
    }
  return list;
}

void
assay_settings_add_recent (AssaySettings *settings, const AssayRecent *recent)
{
  g_autofree char *group = g_strconcat (RECENT_PREFIX, recent->directory, NULL);
  g_key_file_set_string (settings->file, group, "name", recent->name);
  g_key_file_set_uint64 (settings->file, group, "items", recent->items);
  g_key_file_set_int64 (settings->file, group, "order", g_get_real_time ());
  if (recent->thumbnail != NULL)
    g_key_file_set_string (settings->file, group, "thumbnail", recent->thumbnail);
  if (!isnan (recent->labelled))
    g_key_file_set_double (settings->file, group, "labelled", recent->labelled);
  g_autoptr (GPtrArray) groups = recent_groups (settings);
  for (guint i = ASSAY_SETTINGS_MAX_RECENT; i < groups->len; i++)
    g_key_file_remove_group (settings->file, groups->pdata[i], NULL);
  save (settings);
}

void
assay_settings_remove_recent (AssaySettings *settings, const char *directory)
{
  g_autofree char *group = g_strconcat (RECENT_PREFIX, directory, NULL);
  if (g_key_file_remove_group (settings->file, group, NULL))
    save (settings);
}

void
assay_settings_keep_view (AssaySettings *settings, const char *directory, const AssayLeftView *view)
{
  g_autofree char *group = g_strconcat (RECENT_PREFIX, directory, NULL), *item = assay_id_dup_text (&view->item);
  double places[] = { view->zoom, view->middle.x, view->middle.y };
  if (!g_key_file_has_group (settings->file, group))
    return;
  g_key_file_set_string (settings->file, group, "item", item);
  g_key_file_set_double_list (settings->file, group, "view", places, G_N_ELEMENTS (places));
  save (settings);
}

gboolean
assay_settings_recall_view (AssaySettings *settings, const char *directory, AssayLeftView *ret_view)
{
  g_autofree char *group = g_strconcat (RECENT_PREFIX, directory, NULL);
  g_autofree char *item = g_key_file_get_string (settings->file, group, "item", NULL);
  gsize n = 0;
  g_autofree double *places = g_key_file_get_double_list (settings->file, group, "view", &n, NULL);
  AssayId id;
  if (item == NULL || !assay_id_parse (item, &id) || n != 3)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!isfinite (places[i]))
      return FALSE;
  *ret_view = (AssayLeftView){ id, { places[1], places[2] }, MAX (places[0], 0) };
  return TRUE;
}
