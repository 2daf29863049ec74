/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/v4l2.h"

#include "core/error.h"

#include <errno.h>
#include <linux/videodev2.h>
#include <string.h>

#define MOST_ELEMENTS 256 /* of an array control, that are listed */

/* As v4l2-ctl writes them: "Exposure Time, Absolute" is exposure_time_absolute. */
static char *
slug (const char *name)
{
  GString *text = g_string_new (NULL);
  gboolean gap = FALSE;
  for (; *name != '\0'; name++)
    {
      if (g_ascii_isalnum (*name))
        {
          if (gap && text->len > 0)
            g_string_append_c (text, '_');
          g_string_append_c (text, g_ascii_tolower (*name));
        }
      gap = !g_ascii_isalnum (*name);
    }
  return g_string_free (text, FALSE);
}

static const char *
type_name (guint type)
{
  static const struct
  {
    guint type;
    const char *name;
  } names[] = {
    { V4L2_CTRL_TYPE_INTEGER, "integer" },
    { V4L2_CTRL_TYPE_INTEGER64, "integer64" },
    { V4L2_CTRL_TYPE_BOOLEAN, "boolean" },
    { V4L2_CTRL_TYPE_MENU, "menu" },
    { V4L2_CTRL_TYPE_INTEGER_MENU, "integer_menu" },
    { V4L2_CTRL_TYPE_BUTTON, "button" },
    { V4L2_CTRL_TYPE_STRING, "string" },
    { V4L2_CTRL_TYPE_BITMASK, "bitmask" },
    { V4L2_CTRL_TYPE_U8, "u8" },
    { V4L2_CTRL_TYPE_U16, "u16" },
    { V4L2_CTRL_TYPE_U32, "u32" },
    { V4L2_CTRL_TYPE_AREA, "area" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].type == type)
      return names[i].name;
  return "compound";
}

static json_t *
flags_to_json (guint32 flags)
{
  static const char *const names[]
      = { "disabled",   "grabbed",  "read_only",   "update",           "inactive",     "slider",
          "write_only", "volatile", "has_payload", "execute_on_write", "modify_layout" };
  json_t *list = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (flags >> i & 1)
      json_array_append_new (list, json_string (names[i]));
  return list;
}

static json_t *
list_menu (int fd, const struct v4l2_query_ext_ctrl *query)
{
  json_t *menu = json_array ();
  for (gint64 i = MAX (query->minimum, 0); i <= query->maximum && i < ASSAY_V4L2_MOST_ENTRIES; i++)
    {
      struct v4l2_querymenu item = { .id = query->id, .index = (guint32) i };
      if (assay_v4l2_call (fd, VIDIOC_QUERYMENU, &item) < 0)
        continue; /* a hole */
      if (query->type == V4L2_CTRL_TYPE_INTEGER_MENU)
        json_array_append_new (menu,
                               json_pack ("{s:I, s:I}", "index", (json_int_t) i, "value", (json_int_t) item.value));
      else
        {
          g_autofree char *name = g_utf8_make_valid ((const char *) item.name, -1);
          json_array_append_new (menu, json_pack ("{s:I, s:s}", "index", (json_int_t) i, "name", name));
        }
    }
  return menu;
}

static json_t *
payload_to_json (const struct v4l2_query_ext_ctrl *query, const guint8 *data)
{
  if (query->type == V4L2_CTRL_TYPE_STRING)
    {
      g_autofree char *text = g_utf8_make_valid ((const char *) data, -1);
      return json_string (text);
    }
  if (query->type == V4L2_CTRL_TYPE_AREA)
    {
      struct v4l2_area area;
      memcpy (&area, data, sizeof area);
      return json_pack ("[i, i]", (int) area.width, (int) area.height);
    }
  if (query->elems > MOST_ELEMENTS || query->elem_size > 8)
    return json_null ();
  json_t *list = json_array ();
  for (guint i = 0; i < query->elems; i++)
    {
      guint64 value = 0;
      memcpy (&value, data + (gsize) i * query->elem_size,
              query->elem_size); /* little-endian, or the size of its type */
      json_array_append_new (list, json_integer ((json_int_t) value));
    }
  return list;
}

static json_t *
read_value (int fd, const struct v4l2_query_ext_ctrl *query)
{
  if (query->flags & (V4L2_CTRL_FLAG_WRITE_ONLY | V4L2_CTRL_FLAG_DISABLED))
    return json_null ();
  struct v4l2_ext_control control = { .id = query->id };
  struct v4l2_ext_controls set = { .which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &control };
  g_autofree guint8 *payload = NULL;
  if (query->flags & V4L2_CTRL_FLAG_HAS_PAYLOAD)
    {
      control.size = query->elem_size * query->elems;
      control.ptr = payload = g_malloc0 ((gsize) control.size + 1);
    }
  if (assay_v4l2_call (fd, VIDIOC_G_EXT_CTRLS, &set) < 0)
    return json_null ();
  if (payload != NULL)
    return payload_to_json (query, payload);
  if (query->type == V4L2_CTRL_TYPE_BOOLEAN)
    return json_boolean (control.value);
  if (query->type == V4L2_CTRL_TYPE_INTEGER64)
    return json_integer (control.value64);
  return json_integer (query->type == V4L2_CTRL_TYPE_BITMASK ? (json_int_t) (guint32) control.value
                                                             : control.value);
}

/* The next control after query->id; FALSE at the end. Titles of groups and disabled controls are left out. */
static gboolean
next_control (int fd, struct v4l2_query_ext_ctrl *query)
{
  for (guint i = 0; i < 4 * ASSAY_V4L2_MOST_ENTRIES; i++)
    {
      query->id |= V4L2_CTRL_FLAG_NEXT_CTRL | V4L2_CTRL_FLAG_NEXT_COMPOUND;
      if (assay_v4l2_call (fd, VIDIOC_QUERY_EXT_CTRL, query) < 0)
        return FALSE;
      if (query->type != V4L2_CTRL_TYPE_CTRL_CLASS && !(query->flags & V4L2_CTRL_FLAG_DISABLED))
        return TRUE;
    }
  return FALSE;
}

json_t *
assay_v4l2_list_controls (int fd)
{
  json_t *list = json_array ();
  struct v4l2_query_ext_ctrl query = { 0 };
  while (next_control (fd, &query))
    {
      g_autofree char *name = g_utf8_make_valid (query.name, -1), *id = slug (name);
      gboolean menu = query.type == V4L2_CTRL_TYPE_MENU || query.type == V4L2_CTRL_TYPE_INTEGER_MENU;
      json_t *control
          = json_pack ("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:I}", "id", id, "name", name, "type",
                       type_name (query.type), "min", (json_int_t) query.minimum, "max", (json_int_t) query.maximum,
                       "step", (json_int_t) query.step, "default", (json_int_t) query.default_value, "value",
                       read_value (fd, &query), "flags", flags_to_json (query.flags), "menu",
                       menu ? list_menu (fd, &query) : json_null (), "number", (json_int_t) query.id);
      if (query.nr_of_dims > 0)
        {
          json_t *dims = json_array ();
          for (guint i = 0; i < query.nr_of_dims; i++)
            json_array_append_new (dims, json_integer (query.dims[i]));
          json_object_set_new (control, "dims", dims);
        }
      json_array_append_new (list, control);
    }
  return list;
}

json_t *
assay_v4l2_read_controls (int fd)
{
  json_t *values = json_object ();
  struct v4l2_query_ext_ctrl query = { 0 };
  while (next_control (fd, &query))
    {
      if (query.flags & (V4L2_CTRL_FLAG_HAS_PAYLOAD | V4L2_CTRL_FLAG_WRITE_ONLY))
        continue;
      g_autofree char *id = slug (query.name);
      json_object_set_new (values, id, read_value (fd, &query));
    }
  return values;
}

static gboolean
find_control (int fd, const char *name, struct v4l2_query_ext_ctrl *ret_query)
{
  struct v4l2_query_ext_ctrl query = { 0 };
  while (next_control (fd, &query))
    {
      g_autofree char *id = slug (query.name);
      if (g_str_equal (id, name) || g_ascii_strcasecmp (query.name, name) == 0)
        {
          *ret_query = query;
          return TRUE;
        }
    }
  return FALSE;
}

/* Menus by number or by the item's words, booleans by 0, 1, true, false, the others by number. */
static gboolean
parse_value (int fd, const struct v4l2_query_ext_ctrl *query, const char *text, gint64 *ret_value)
{
  if (query->type == V4L2_CTRL_TYPE_BUTTON)
    {
      *ret_value = 1;
      return TRUE;
    }
  if (query->type == V4L2_CTRL_TYPE_BOOLEAN && (g_str_equal (text, "true") || g_str_equal (text, "false")))
    {
      *ret_value = g_str_equal (text, "true");
      return TRUE;
    }
  for (gint64 i = MAX (query->minimum, 0);
       query->type == V4L2_CTRL_TYPE_MENU && i <= query->maximum && i < ASSAY_V4L2_MOST_ENTRIES; i++)
    {
      struct v4l2_querymenu item = { .id = query->id, .index = (guint32) i };
      if (assay_v4l2_call (fd, VIDIOC_QUERYMENU, &item) == 0
          && g_ascii_strcasecmp ((const char *) item.name, text) == 0)
        {
          *ret_value = i;
          return TRUE;
        }
    }
  char *end;
  gboolean hex = g_str_has_prefix (text, "0x");
  *ret_value = hex ? (gint64) g_ascii_strtoull (text, &end, 16) : g_ascii_strtoll (text, &end, 10);
  gint64 most = query->type == V4L2_CTRL_TYPE_BITMASK ? (gint64) (guint32) query->maximum : query->maximum;
  return end != text && *end == '\0' && (query->type == V4L2_CTRL_TYPE_BITMASK || *ret_value >= query->minimum)
         && *ret_value <= most;
}

gboolean
assay_v4l2_set_control (int fd, const char *id, const char *node, const char *name, const char *text,
                        GError **error)
{
  struct v4l2_query_ext_ctrl query;
  if (!find_control (fd, name, &query))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "setting %s of %s: it has no such control; `assay devices --json` lists them", name, id);
      return FALSE;
    }
  struct v4l2_ext_control control = { .id = query.id };
  struct v4l2_ext_controls set = { .which = V4L2_CTRL_WHICH_CUR_VAL, .count = 1, .controls = &control };
  g_autofree char *string = NULL;
  gint64 value = 0;
  if (query.type == V4L2_CTRL_TYPE_STRING)
    {
      control.size = query.elem_size;
      control.string = string = g_malloc0 (query.elem_size);
      g_strlcpy (string, text, query.elem_size);
    }
  else if ((query.flags & V4L2_CTRL_FLAG_HAS_PAYLOAD) || !parse_value (fd, &query, text, &value))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "setting %s of %s: \"%s\" is no value for it (%s, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ")",
                   name, id, text, type_name (query.type), (gint64) query.minimum, (gint64) query.maximum);
      return FALSE;
    }
  else if (query.type == V4L2_CTRL_TYPE_INTEGER64)
    control.value64 = value;
  else
    control.value = (gint32) value;
  if (assay_v4l2_call (fd, VIDIOC_S_EXT_CTRLS, &set) == 0)
    return TRUE;
  g_autofree char *doing = g_strdup_printf ("setting %s to %s of", name, text);
  return assay_v4l2_fail (id, node, doing, errno, error);
}
