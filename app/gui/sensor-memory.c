/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sensor-memory.h"

#include "app/gui/kept-file.h"

#define FILE_NAME "sensors.conf"
#define PREFIX "sensor"

char *
assay_sensor_memory_get (const char *id, const char *what)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_autofree char *group = assay_kept_file_dup_group (PREFIX, id);
  return g_key_file_get_string (file, group, what, NULL);
}

void
assay_sensor_memory_set (const char *id, const char *what, const char *value)
{
  g_autoptr (GKeyFile) file = assay_kept_file_load (FILE_NAME);
  g_autofree char *group = assay_kept_file_dup_group (PREFIX, id);
  if (value != NULL)
    g_key_file_set_string (file, group, what, value);
  else
    g_key_file_remove_key (file, group, what, NULL);
  assay_kept_file_save (file, FILE_NAME);
}
