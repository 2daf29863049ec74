/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

/* Shortest of 15, 16 and 17 digits that reads back equal; a whole number that an integer can hold has no fraction.
 */
char *
assay_json_double (double value, char *buffer)
{
  if (!isfinite (value))
    return strcpy (buffer, "null");
  if (value == floor (value) && fabs (value) < 1e15)
    {
      g_snprintf (buffer, 32, "%" G_GINT64_FORMAT, (gint64) value); /* -0 becomes 0 */
      return buffer;
    }
  static const char *const formats[] = { "%.15g", "%.16g", "%.17g" };
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_ascii_formatd (buffer, 32, formats[i], value);
      if (g_ascii_strtod (buffer, NULL) == value)
        break;
    }
  return buffer;
}

static void
append_string (GString *text, const char *string)
{
  g_string_append_c (text, '"');
  for (const char *at = string; *at != '\0'; at++)
    {
      guchar c = (guchar) *at;
      if (c == '"' || c == '\\')
        g_string_append_printf (text, "\\%c", c);
      else if (c == '\n')
        g_string_append (text, "\\n");
      else if (c == '\r')
        g_string_append (text, "\\r");
      else if (c == '\t')
        g_string_append (text, "\\t");
      else if (c < 0x20)
        g_string_append_printf (text, "\\u%04x", c);
      else
        g_string_append_c (text, (char) c);
    }
  g_string_append_c (text, '"');
}

static int
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void append (const json_t *json, GString *text, int indent);

static void
append_break (GString *text, int indent)
{
  if (indent < 0)
    return;
  g_string_append_c (text, '\n');
  for (int i = 0; i < indent; i++)
    g_string_append (text, "  ");
}

static void
append_object (const json_t *json, GString *text, int indent)
{
  int deeper = indent < 0 ? -1 : indent + 1;
  gsize n = json_object_size (json);
  if (n == 0)
    {
      g_string_append (text, "{}");
      return;
    }
  g_autoptr (GPtrArray) keys = g_ptr_array_sized_new ((guint) n);
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *) json, key, value) g_ptr_array_add (keys, (gpointer) key);
  /* The canonical form sorts; people see the order in which it was written. */
  if (indent < 0)
    g_ptr_array_sort (keys, compare_keys);
  for (guint i = 0; i < keys->len; i++)
    {
      g_string_append_c (text, i == 0 ? '{' : ',');
      append_break (text, deeper);
      append_string (text, keys->pdata[i]);
      g_string_append (text, indent < 0 ? ":" : ": ");
      append (json_object_get (json, keys->pdata[i]), text, deeper);
    }
  append_break (text, indent);
  g_string_append_c (text, '}');
}

static void
append_array (const json_t *json, GString *text, int indent)
{
  gboolean flat = TRUE; /* numbers and strings stay on one line for people */
  gsize i;
  json_t *value;
  json_array_foreach (json, i, value) flat = flat && !json_is_object (value) && !json_is_array (value);
  int deeper = indent < 0 || flat ? -1 : indent + 1;
  g_string_append_c (text, '[');
  json_array_foreach (json, i, value)
  {
    if (i > 0)
      g_string_append (text, indent >= 0 && flat ? ", " : ",");
    append_break (text, deeper);
    append (value, text, deeper);
  }
  if (deeper >= 0 && json_array_size (json) > 0)
    append_break (text, indent);
  g_string_append_c (text, ']');
}

static void
append (const json_t *json, GString *text, int indent)
{
  char number[32];
  switch (json_typeof (json))
    {
    case JSON_OBJECT:
      append_object (json, text, indent);
      break;
    case JSON_ARRAY:
      append_array (json, text, indent);
      break;
    case JSON_STRING:
      append_string (text, json_string_value (json));
      break;
    case JSON_INTEGER:
      g_string_append_printf (text, "%" JSON_INTEGER_FORMAT, json_integer_value (json));
      break;
    case JSON_REAL:
      g_string_append (text, assay_json_double (json_real_value (json), number));
      break;
    case JSON_TRUE:
      g_string_append (text, "true");
      break;
    case JSON_FALSE:
      g_string_append (text, "false");
      break;
    case JSON_NULL:
    default:
      g_string_append (text, "null");
      break;
    }
}

void
assay_json_canonical_append (const json_t *json, GString *text)
{
  append (json, text, -1);
}

char *
assay_json_canonical (const json_t *json)
{
  GString *text = g_string_new (NULL);
  append (json, text, -1);
  return g_string_free (text, FALSE);
}

char *
assay_json_pretty (const json_t *json)
{
  GString *text = g_string_new (NULL);
  append (json, text, 0);
  return g_string_free (text, FALSE);
}

static json_t *
refuse (const json_error_t *wrong, const char *what, GError **error)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: line %d, column %d: %s", what, wrong->line,
               wrong->column, wrong->text);
  return NULL;
}

json_t *
assay_json_parse (const char *text, gsize n_bytes, const char *what, GError **error)
{
  json_error_t wrong;
  json_t *json = json_loadb (text, n_bytes, JSON_REJECT_DUPLICATES, &wrong);
  return json != NULL ? json : refuse (&wrong, what, error);
}

json_t *
assay_json_load (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  gsize n_bytes = 0;
  g_autoptr (GError) wrong = NULL;
  if (!g_file_get_contents (path, &text, &n_bytes, &wrong))
    {
      gboolean absent = g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      g_set_error (error, ASSAY_ERROR, absent ? ASSAY_ERROR_NOT_FOUND : ASSAY_ERROR_IO, "reading %s: %s", path,
                   absent ? "there is no such file" : wrong->message);
      return NULL;
    }
  /* A byte order mark is no JSON, but many programs write one. */
  gsize skip = n_bytes >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
  return assay_json_parse (text + skip, n_bytes - skip, path, error);
}

json_t *
assay_json_number (double value)
{
  return isfinite (value) ? json_real (value) : json_null ();
}

json_t *
assay_json_id (const AssayId *id)
{
  char text[ASSAY_ID_TEXT_SIZE];
  return assay_id_is_nil (id) ? json_null () : json_string (assay_id_to_text (id, text));
}

gboolean
assay_json_get_double (const json_t *object, const char *key, double *ret_value)
{
  const json_t *value = json_object_get (object, key);
  if (!json_is_number (value))
    return FALSE;
  *ret_value = json_number_value (value);
  return TRUE;
}

gboolean
assay_json_get_int (const json_t *object, const char *key, gint64 *ret_value)
{
  const json_t *value = json_object_get (object, key);
  if (json_is_integer (value))
    *ret_value = json_integer_value (value);
  else if (json_is_real (value) && json_real_value (value) == floor (json_real_value (value))
           && fabs (json_real_value (value)) < 9e15)
    *ret_value = (gint64) json_real_value (value); /* 2.0 is how many programs write 2 */
  else
    return FALSE;
  return TRUE;
}

const char *
assay_json_get_string (const json_t *object, const char *key)
{
  return json_string_value (json_object_get (object, key));
}

gboolean
assay_json_get_bool (const json_t *object, const char *key)
{
  return json_is_true (json_object_get (object, key));
}

gboolean
assay_json_get_id (const json_t *object, const char *key, AssayId *ret_id)
{
  const char *text = assay_json_get_string (object, key);
  return text != NULL && strlen (text) == ASSAY_ID_TEXT_SIZE - 1 && assay_id_parse (text, ret_id);
}

gboolean
assay_json_to_doubles (const json_t *array, double *ret_values, guint n)
{
  if (!json_is_array (array) || json_array_size (array) != n)
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const json_t *value = json_array_get (array, i);
      if (!json_is_number (value) || !isfinite (json_number_value (value)))
        return FALSE;
    }
  for (guint i = 0; i < n; i++)
    ret_values[i] = json_number_value (json_array_get (array, i));
  return TRUE;
}

json_t *
assay_json_from_doubles (const double *values, guint n)
{
  json_t *array = json_array ();
  for (guint i = 0; i < n; i++)
    json_array_append_new (array, assay_json_number (values[i]));
  return array;
}

const char *
assay_json_find_other_key (const json_t *object, const char *const *keys)
{
  const char *key;
  json_t *value;
  json_object_foreach ((json_t *) object, key, value) if (!g_strv_contains (keys, key)) return key;
  return NULL;
}
