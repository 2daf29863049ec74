/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/settings.h"

#include "app/gui/kept-file.h"

#include <math.h>
#include <string.h>

#define FILE_NAME "desktop.conf"
#define GROUP "desktop"
#define TOOLS "tools"
#define RECENT "recent"

struct _AssaySettings
{
  GKeyFile *known; /* the tools' options and the keys, as this window last took or gave them */
  AssayKeyMap *keys;
};

AssaySettings *
assay_settings_new (void)
{
  AssaySettings *settings = g_new0 (AssaySettings, 1);
  settings->known = assay_kept_file_load (FILE_NAME);
  settings->keys = assay_key_map_new ();
  assay_key_map_load (settings->keys, settings->known);
  return settings;
}

void
assay_settings_free (AssaySettings *settings)
{
  if (settings == NULL)
    return;
  g_key_file_unref (settings->known);
  assay_key_map_free (settings->keys);
  g_free (settings);
}

gboolean
assay_settings_is_shared_login (AssaySettings *settings)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  return g_key_file_get_boolean (file, GROUP, "shared-login", NULL);
}

char *
assay_settings_dup_annotator (AssaySettings *settings)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  if (g_key_file_get_boolean (file, GROUP, "shared-login", NULL))
    return NULL;
  return g_key_file_get_string (file, GROUP, "annotator", NULL);
}

void
assay_settings_set_annotator (AssaySettings *settings, const char *name, gboolean shared_login)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_key_file_set_string (file, GROUP, "annotator", name);
  g_key_file_set_boolean (file, GROUP, "shared-login", shared_login);
  assay_kept_file_save (file, FILE_NAME);
}

gboolean
assay_settings_is_light (AssaySettings *settings)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  return g_key_file_get_boolean (file, GROUP, "light", NULL);
}

void
assay_settings_set_light (AssaySettings *settings, gboolean light)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_key_file_set_boolean (file, GROUP, "light", light);
  assay_kept_file_save (file, FILE_NAME);
}

char *
assay_settings_dup_board (AssaySettings *settings, double *ret_bar_mm)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  *ret_bar_mm = g_key_file_get_double (file, GROUP, "scale-bar-mm", NULL);
  return g_key_file_get_string (file, GROUP, "board", NULL);
}

void
assay_settings_set_board (AssaySettings *settings, const char *board, double bar_mm)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_key_file_set_string (file, GROUP, "board", board);
  g_key_file_set_double (file, GROUP, "scale-bar-mm", bar_mm);
  assay_kept_file_save (file, FILE_NAME);
}

static GKeyFile *
copy_known (AssaySettings *settings)
{
  GKeyFile *copy = g_key_file_new ();
  gsize length;
  g_autofree char *text = g_key_file_to_data (settings->known, &length, NULL);
  g_key_file_load_from_data (copy, text, length, G_KEY_FILE_NONE, NULL);
  return copy;
}

/* What a window goes on with is its own: it takes nothing over from the others, and gives only what it has changed. */
static void
give (AssaySettings *settings, const char *group, GKeyFile *now)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  assay_kept_file_merge (file, group, settings->known, now);
  assay_kept_file_merge (settings->known, group, settings->known, now);
  assay_kept_file_save (file, FILE_NAME);
}

static void
note_tools (GKeyFile *file, const AssayOption *declared, const AssayOptions *options)
{
  for (guint i = 0; declared[i].name != NULL; i++)
    {
      const char *text = assay_options_get_string (options, declared[i].name);
      if (text != NULL)
        g_key_file_set_string (file, TOOLS, declared[i].name, text);
    }
}

char **
assay_settings_dup_aids (AssaySettings *settings)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  return g_key_file_get_string_list (file, GROUP, "aids", NULL, NULL);
}

void
assay_settings_set_aids (AssaySettings *settings, const char *const *words)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_key_file_set_string_list (file, GROUP, "aids", words, g_strv_length ((char **) words));
  assay_kept_file_save (file, FILE_NAME);
}

void
assay_settings_recall_tools (AssaySettings *settings, const AssayOption *declared, AssayOptions *options)
{
  for (guint i = 0; declared[i].name != NULL; i++)
    {
      g_autofree char *text = g_key_file_get_string (settings->known, TOOLS, declared[i].name, NULL);
      if (text != NULL)
        assay_options_set (options, declared[i].name, text, NULL);
    }
  note_tools (settings->known, declared, options); /* what they are without a word of anybody's is no change */
}

void
assay_settings_keep_tools (AssaySettings *settings, const AssayOption *declared, const AssayOptions *options)
{
  g_autoptr (GKeyFile) now = copy_known (settings);
  note_tools (now, declared, options);
  give (settings, TOOLS, now);
}

AssayKeyMap *
assay_settings_get_keys (AssaySettings *settings)
{
  return settings->keys;
}

void
assay_settings_keep_keys (AssaySettings *settings)
{
  g_autoptr (GKeyFile) now = copy_known (settings);
  assay_key_map_save (settings->keys, now);
  give (settings, ASSAY_KEY_MAP_GROUP, now);
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
recent_groups (GKeyFile *file)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) all = g_key_file_get_groups (file, NULL);
  for (guint i = 0; all[i] != NULL; i++)
    if (g_str_has_prefix (all[i], RECENT " "))
      g_ptr_array_add (groups, g_strdup (all[i]));
  g_ptr_array_sort_with_data (groups, newest_first, file);
  return groups;
}

GPtrArray *
assay_settings_list_recent (AssaySettings *settings)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_recent_free);
  g_autoptr (GPtrArray) groups = recent_groups (file);
  for (guint i = 0; i < groups->len; i++)
    {
      const char *group = groups->pdata[i];
      g_autofree char *directory = assay_kept_file_dup_name (RECENT, group);
      g_autofree char *database = directory != NULL ? g_build_filename (directory, "project.db", NULL) : NULL;
      if (database == NULL || !g_file_test (database, G_FILE_TEST_EXISTS))
        continue;
      AssayRecent *recent = g_new0 (AssayRecent, 1);
      recent->directory = g_steal_pointer (&directory);
      recent->name = g_key_file_get_string (file, group, "name", NULL);
      recent->thumbnail = g_key_file_get_string (file, group, "thumbnail", NULL);
      recent->items = g_key_file_get_uint64 (file, group, "items", NULL);
      recent->labelled = g_key_file_has_key (file, group, "labelled", NULL)
                             ? g_key_file_get_double (file, group, "labelled", NULL)
                             : NAN;
      g_ptr_array_add (list, recent);
    }
  return list;
}

void
assay_settings_add_recent (AssaySettings *settings, const AssayRecent *recent)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_autofree char *group = assay_kept_file_dup_group (RECENT, recent->directory);
  g_key_file_set_string (file, group, "name", recent->name);
  g_key_file_set_uint64 (file, group, "items", recent->items);
  g_key_file_set_int64 (file, group, "order", g_get_real_time ());
  if (recent->thumbnail != NULL)
    g_key_file_set_string (file, group, "thumbnail", recent->thumbnail);
  if (!isnan (recent->labelled))
    g_key_file_set_double (file, group, "labelled", recent->labelled);
  g_autoptr (GPtrArray) groups = recent_groups (file);
  for (guint i = ASSAY_SETTINGS_MAX_RECENT; i < groups->len; i++)
    g_key_file_remove_group (file, groups->pdata[i], NULL);
  assay_kept_file_save (file, FILE_NAME);
}

void
assay_settings_remove_recent (AssaySettings *settings, const char *directory)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_autofree char *group = assay_kept_file_dup_group (RECENT, directory);
  if (g_key_file_remove_group (file, group, NULL))
    assay_kept_file_save (file, FILE_NAME);
}

void
assay_settings_keep_view (AssaySettings *settings, const char *directory, const AssayLeftView *view)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_autofree char *group = assay_kept_file_dup_group (RECENT, directory), *item = assay_id_dup_text (&view->item);
  double places[] = { view->zoom, view->middle.x, view->middle.y };
  if (!g_key_file_has_group (file, group))
    return;
  g_key_file_set_string (file, group, "item", item);
  g_key_file_set_double_list (file, group, "view", places, G_N_ELEMENTS (places));
  assay_kept_file_save (file, FILE_NAME);
}

gboolean
assay_settings_recall_view (AssaySettings *settings, const char *directory, AssayLeftView *ret_view)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_autofree char *group = assay_kept_file_dup_group (RECENT, directory);
  g_autofree char *item = g_key_file_get_string (file, group, "item", NULL);
  gsize n = 0;
  g_autofree double *places = g_key_file_get_double_list (file, group, "view", &n, NULL);
  AssayId id;
  if (item == NULL || !assay_id_parse (item, &id) || n != 3)
    return FALSE;
  for (gsize i = 0; i < n; i++)
    if (!isfinite (places[i]))
      return FALSE;
  *ret_view = (AssayLeftView){ id, { places[1], places[2] }, MAX (places[0], 0) };
  return TRUE;
}
