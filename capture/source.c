/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/source.h"

#include "core/error.h"

#include "source-list.h"

#include <string.h>

#define X(name) extern const AssaySource assay_source_##name;
ASSAY_SOURCE_LIST
#undef X
#define X(name) &assay_source_##name,
static const AssaySource *const sources[] = { ASSAY_SOURCE_LIST };
#undef X

void
assay_device_info_free (AssayDeviceInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->id);
  g_free (info->name);
  json_decref (info->details);
  g_free (info);
}

const AssaySource *const *
assay_source_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (sources);
  return sources;
}

const AssaySource *
assay_source_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    if (g_str_equal (sources[i]->id, id))
      return sources[i];
  return NULL;
}

const AssaySource *
assay_source_of (const char *device_id, GError **error)
{
  g_autoptr (GString) names = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      gsize n = strlen (sources[i]->id);
      if (strncmp (device_id, sources[i]->id, n) == 0 && device_id[n] == ':')
        return sources[i];
      g_string_append_printf (names, "%s%s:", i > 0 ? ", " : "", sources[i]->id);
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
               "finding device %s: its name starts with none of %s; `assay devices` lists the devices", device_id,
               names->str);
  return NULL;
}

GPtrArray *
assay_source_probe_all (gboolean stand_ins, GPtrArray *wrongs)
{
  GPtrArray *infos = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_device_info_free);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autoptr (GError) error = NULL;
      if (sources[i]->stand_in && !stand_ins)
        continue;
      if (!sources[i]->probe (infos, &error) && wrongs != NULL)
        g_ptr_array_add (wrongs, g_strdup (error->message));
    }
  return infos;
}

const char *
assay_source_get_rest (const char *device_id)
{
  const char *colon = strchr (device_id, ':');
  return colon != NULL ? colon + 1 : "";
}

gboolean
assay_size_parse (const char *text, guint *ret_width_px, guint *ret_height_px, GError **error)
{
  char *cross, *end;
  guint64 width = g_ascii_strtoull (text, &cross, 10);
  guint64 height = *cross == 'x' ? g_ascii_strtoull (cross + 1, &end, 10) : 0;
  if (width == 0 || height == 0 || width > 65500 || height > 65500 || *end != '\0' || !g_ascii_isdigit (text[0])
      || !g_ascii_isdigit (cross[1]))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "option size: \"%s\" is no size; write it as WIDTHxHEIGHT, 640x360", text);
      return FALSE;
    }
  *ret_width_px = (guint) width;
  *ret_height_px = (guint) height;
  return TRUE;
}
