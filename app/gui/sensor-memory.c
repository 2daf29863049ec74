/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sensor-memory.h"

static char *
dup_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "assay", "sensors.conf", NULL);
}

/* Brackets end the name of a group. */
static char *
dup_group (const char *id)
{
  return g_strdelimit (g_strdup_printf ("sensor %s", id), "[]\n", '_');
}

static GKeyFile *
load (void)
{
  g_autofree char *path = dup_path ();
  GKeyFile *file = g_key_file_new ();
  g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL);
  return file;
}

char *
assay_sensor_memory_get (const char *id, const char *what)
{
  g_autoptr (GKeyFile) file = load ();
  g_autofree char *group = dup_group (id);
  return g_key_file_get_string (file, group, what, NULL);
}

/* A home that cannot be written only means that nothing is remembered. */
void
assay_sensor_memory_set (const char *id, const char *what, const char *value)
{
  g_autoptr (GKeyFile) file = load (); /* another window may have written since */
  g_autofree char *group = dup_group (id), *path = dup_path (), *directory = g_path_get_dirname (path);
  if (value != NULL)
    g_key_file_set_string (file, group, what, value);
  else
    g_key_file_remove_key (file, group, what, NULL);
  g_mkdir_with_parents (directory, 0700);
  g_key_file_save_to_file (file, path, NULL);
}
