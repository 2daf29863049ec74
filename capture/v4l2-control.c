/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/v4l2.h"
#include "capture/v4l2-io.h"

#include "core/error.h"
#include "core/json.h"

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

/* An element of an array is as wide as its type; what is signed has its sign. */
static json_int_t
read_element (const struct v4l2_query_ext_ctrl *query, const guint8 *data)
{
  gint32 integer;
  gint64 value = 0;
  if (query->type != V4L2_CTRL_TYPE_INTEGER)
    {
      memcpy (&value, data, query->elem_size);
      return value;
    }
  memcpy (&integer, data, sizeof integer);
  return integer;
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
    json_array_append_new (list, json_integer (read_element (query, data + (gsize) i * query->elem_size)));
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

static json_t *
describe (int fd, const struct v4l2_query_ext_ctrl *query)
{
  g_autofree char *name = g_utf8_make_valid (query->name, -1), *id = slug (name);
  gboolean menu = query->type == V4L2_CTRL_TYPE_MENU || query->type == V4L2_CTRL_TYPE_INTEGER_MENU;
  json_t *control
      = json_pack ("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:I}", "id", id, "name", name, "type",
                   type_name (query->type), "min", (json_int_t) query->minimum, "max", (json_int_t) query->maximum,
                   "step", (json_int_t) query->step, "default", (json_int_t) query->default_value, "value",
                   read_value (fd, query), "flags", flags_to_json (query->flags), "menu",
                   menu ? list_menu (fd, query) : json_null (), "number", (json_int_t) query->id);
  json_t *dims = query->nr_of_dims > 0 ? json_array () : NULL;
  for (guint i = 0; i < query->nr_of_dims; i++)
    json_array_append_new (dims, json_integer (query->dims[i]));
  if (dims != NULL)
    json_object_set_new (control, "dims", dims);
  return control;
}

json_t *
assay_v4l2_list_controls (int fd)
{
  json_t *list = json_array ();
  struct v4l2_query_ext_ctrl query = { 0 };
  while (next_control (fd, &query))
    json_array_append_new (list, describe (fd, &query));
  return list;
}

json_t *
assay_v4l2_describe_control (int fd, guint32 number)
{
  struct v4l2_query_ext_ctrl query = { .id = number };
  return assay_v4l2_call (fd, VIDIOC_QUERY_EXT_CTRL, &query) == 0 ? describe (fd, &query) : NULL;
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

/* --- setting ------------------------------------------------------------------------------------------------- */

static gboolean
find_menu_item (int fd, const struct v4l2_query_ext_ctrl *query, const char *words, gint64 *ret_index)
{
  for (gint64 i = MAX (query->minimum, 0); i <= query->maximum && i < ASSAY_V4L2_MOST_ENTRIES; i++)
    {
      struct v4l2_querymenu item = { .id = query->id, .index = (guint32) i };
      if (assay_v4l2_call (fd, VIDIOC_QUERYMENU, &item) == 0
          && g_ascii_strcasecmp ((const char *) item.name, words) == 0)
        {
          *ret_index = i;
          return TRUE;
        }
    }
  return FALSE;
}

static gboolean
parse_number (const char *text, gint64 *ret_value)
{
  char *end;
  *ret_value = g_str_has_prefix (text, "0x") ? (gint64) g_ascii_strtoull (text, &end, 16)
                                             : g_ascii_strtoll (text, &end, 10);
  return end != text && *end == '\0';
}

/* "1:2:3", or one number for all. */
static json_t *
parse_array (const struct v4l2_query_ext_ctrl *query, const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, query->type == V4L2_CTRL_TYPE_AREA ? "x" : ": ;", -1);
  g_autoptr (json_t) list = json_array ();
  guint n = g_strv_length (words), wanted = query->type == V4L2_CTRL_TYPE_AREA ? 2 : query->elems;
  for (guint i = 0; i < wanted; i++)
    {
      gint64 value;
      if ((n != wanted && n != 1) || !parse_number (words[n == 1 ? 0 : i], &value))
        return NULL;
      json_array_append_new (list, json_integer (value));
    }
  return g_steal_pointer (&list);
}

/* Menus by number or by the item's words, booleans by 0, 1, true, false, the others by number; NULL when it is no value. */
static json_t *
parse_value (int fd, const struct v4l2_query_ext_ctrl *query, const char *text)
{
  gint64 value;
  if (query->type == V4L2_CTRL_TYPE_STRING)
    return json_string (text);
  if (query->flags & V4L2_CTRL_FLAG_HAS_PAYLOAD)
    return parse_array (query, text);
  if (query->type == V4L2_CTRL_TYPE_BUTTON)
    return json_true ();
  if (query->type == V4L2_CTRL_TYPE_BOOLEAN && (g_str_equal (text, "true") || g_str_equal (text, "false")))
    return json_boolean (g_str_equal (text, "true"));
  if (query->type == V4L2_CTRL_TYPE_MENU && find_menu_item (fd, query, text, &value))
    return json_integer (value);
  return parse_number (text, &value) ? json_integer (value) : NULL;
}

static gboolean
encode_payload (const struct v4l2_query_ext_ctrl *query, const json_t *value, struct v4l2_ext_control *control)
{
  gboolean area = query->type == V4L2_CTRL_TYPE_AREA;
  guint n = area ? 2 : query->elems, bytes = area ? 4 : query->elem_size;
  if (query->type == V4L2_CTRL_TYPE_STRING && json_is_string (value))
    {
      control->size = query->elem_size;
      control->string = g_malloc0 (query->elem_size);
      return g_strlcpy (control->string, json_string_value (value), query->elem_size) < query->elem_size;
    }
  if (!json_is_array (value) || bytes > 8 || query->type > V4L2_CTRL_TYPE_AREA
      || (json_array_size (value) != n && !(query->flags & V4L2_CTRL_FLAG_DYNAMIC_ARRAY)))
    return FALSE;
  n = (guint) json_array_size (value);
  control->size = n * bytes;
  guint8 *data = control->ptr = g_malloc0 (MAX (control->size, 1));
  for (guint i = 0; i < n; i++)
    {
      gint64 element = json_integer_value (json_array_get (value, i));
      memcpy (data + (gsize) i * bytes, &element, bytes); /* little-endian, as all that Video4Linux cameras run on */
    }
  return TRUE;
}

/* What it allocates is freed by clear_controls(); FALSE when the value is not of the control's kind or range. */
static gboolean
encode_value (const struct v4l2_query_ext_ctrl *query, const json_t *value, struct v4l2_ext_control *control)
{
  *control = (struct v4l2_ext_control){ .id = query->id };
  if (query->flags & V4L2_CTRL_FLAG_HAS_PAYLOAD)
    return encode_payload (query, value, control);
  if (!json_is_integer (value) && !json_is_boolean (value))
    return FALSE;
  gint64 number = json_is_integer (value) ? json_integer_value (value) : json_is_true (value);
  if (query->type == V4L2_CTRL_TYPE_INTEGER64)
    control->value64 = number;
  else
    control->value = (gint32) number;
  if (query->type == V4L2_CTRL_TYPE_BUTTON)
    return TRUE;
  if (query->type == V4L2_CTRL_TYPE_BITMASK)
    return number >= 0 && number <= (gint64) (guint32) query->maximum;
  return number >= query->minimum && number <= query->maximum;
}

typedef GArray ControlArray;

static void
clear_controls (GArray *controls)
{
  for (guint i = 0; i < controls->len; i++)
    if (g_array_index (controls, struct v4l2_ext_control, i).size > 0)
      g_free (g_array_index (controls, struct v4l2_ext_control, i).ptr);
  g_array_unref (controls);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ControlArray, clear_controls)

/* 0 or errno. */
static int
write_controls (int fd, struct v4l2_ext_control *controls, guint n)
{
  struct v4l2_ext_controls set = { .which = V4L2_CTRL_WHICH_CUR_VAL, .count = n, .controls = controls };
  return assay_v4l2_call (fd, VIDIOC_S_EXT_CTRLS, &set) == 0 ? 0 : errno;
}

static const char *
explain (int errnum)
{
  switch (errnum)
    {
    case EBUSY:
      return "it cannot be changed while the camera streams, or another program has taken the camera over";
    case EACCES:
      return "it is read-only";
    case ERANGE:
    case EINVAL:
      return "the camera does not take this value";
    case EIO:
      return "the camera refused it; an automatic mode may have it";
    default:
      return g_strerror (errnum);
    }
}

json_t *
assay_v4l2_apply_controls (int fd, const json_t *values)
{
  json_t *wrongs = json_object ();
  g_autoptr (ControlArray) controls = g_array_new (FALSE, FALSE, sizeof (struct v4l2_ext_control));
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  const char *id;
  json_t *value;
  json_object_foreach ((json_t *) values, id, value)
  {
    struct v4l2_query_ext_ctrl query;
    struct v4l2_ext_control control = { 0 };
    gboolean found = find_control (fd, id, &query), good = found && encode_value (&query, value, &control);
    if (!good)
      {
        if (control.size > 0)
          g_free (control.ptr);
        json_object_set_new (wrongs, id,
                             json_string (found ? "this value is not of its kind or range" : "the camera has none"));
        continue;
      }
    g_array_append_val (controls, control);
    g_ptr_array_add (ids, (gpointer) id);
  }
  struct v4l2_ext_control *all = (gpointer) controls->data;
  if (controls->len == 0 || write_controls (fd, all, controls->len) == 0)
    return wrongs;
  for (guint i = 0; i < controls->len; i++)
    {
      int errnum = write_controls (fd, &all[i], 1);
      if (errnum != 0)
        json_object_set_new (wrongs, ids->pdata[i], json_string (explain (errnum)));
    }
  return wrongs;
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
  g_autoptr (json_t) value = parse_value (fd, &query, text);
  struct v4l2_ext_control control = { 0 };
  gboolean good = value != NULL && encode_value (&query, value, &control);
  int errnum = good ? write_controls (fd, &control, 1) : 0;
  if (control.size > 0)
    g_free (control.ptr);
  if (good && errnum == 0)
    return TRUE;
  g_autofree char *doing = g_strdup_printf ("setting %s to %s of", name, text);
  if (errnum == EACCES || errnum == EBUSY || errnum == EIO)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE, "%s %s (%s): %s", doing, id, node, explain (errnum));
      return FALSE;
    }
  if (errnum != 0 && errnum != EINVAL && errnum != ERANGE)
    return assay_v4l2_fail (id, node, doing, errnum, error);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
               "setting %s of %s: \"%s\" is no value for it (%s, %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ")", name,
               id, text, type_name (query.type), (gint64) query.minimum, (gint64) query.maximum);
  return FALSE;
}
