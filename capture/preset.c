/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/preset.h"

#include "core/error.h"
#include "core/json.h"

#include <string.h>

static gboolean
has_flag (const json_t *control, const char *flag)
{
  size_t i;
  json_t *each;
  json_array_foreach (json_object_get (control, "flags"), i,
                      each) if (g_str_equal (json_string_value (each), flag)) return TRUE;
  return FALSE;
}

static gboolean
has_type (const json_t *control, const char *const *types)
{
  const char *type = assay_json_get_string (control, "type");
  return type != NULL && g_strv_contains (types, type);
}

static const json_t *
find_by_number (const json_t *controls, gint64 number)
{
  size_t i;
  json_t *control;
  json_array_foreach (controls, i, control)
  {
    gint64 its = 0;
    if (assay_json_get_int (control, "number", &its) && its == number)
      return control;
  }
  return NULL;
}

static const json_t *
find_by_id (const json_t *controls, const char *id)
{
  size_t i;
  json_t *control;
  json_array_foreach (controls, i,
                      control) if (g_strcmp0 (assay_json_get_string (control, "id"), id) == 0) return control;
  return NULL;
}

/* The words of the menu item with this index; NULL when there is none. */
static const char *
get_item (const json_t *control, const json_t *index)
{
  size_t i;
  json_t *item;
  json_array_foreach (
      json_object_get (control, "menu"), i,
      item) if (json_equal (json_object_get (item, "index"), index)) return assay_json_get_string (item, "name");
  return NULL;
}

static gboolean
can_be_set (const json_t *control)
{
  static const char *const never[] = { "button", "compound", NULL };
  return !has_type (control, never) && !has_flag (control, "read_only") && !has_flag (control, "write_only")
         && !has_flag (control, "disabled") && !json_is_null (json_object_get (control, "value"));
}

json_t *
assay_preset_take (const json_t *controls)
{
  static const char *const kept[] = { "id", "number", "name", "type", "min", "max", "step", "value", NULL };
  json_t *list = json_array ();
  size_t i;
  json_t *control;
  json_array_foreach (controls, i, control)
  {
    if (!can_be_set (control))
      continue;
    json_t *entry = json_object ();
    for (guint k = 0; kept[k] != NULL; k++)
      json_object_set_new (entry, kept[k], json_deep_copy (json_object_get (control, kept[k])));
    const char *item = get_item (control, json_object_get (control, "value"));
    if (item != NULL)
      json_object_set_new (entry, "item", json_string (item));
    json_array_append_new (list, entry);
  }
  return json_pack ("{s:s, s:i, s:o}", "kind", "preset", "version", 1, "controls", list);
}

gboolean
assay_preset_check (const json_t *preset, GError **error)
{
  gint64 version = 0, number;
  const json_t *controls = json_object_get (preset, "controls");
  if (g_strcmp0 (assay_json_get_string (preset, "kind"), "preset") != 0 || !json_is_array (controls)
      || !assay_json_get_int (preset, "version", &version))
    return assay_error_bad_data (error, "reading a preset: it is not one; save it again");
  if (version != 1)
    return assay_error_bad_data (error, "reading a preset: it is of a newer program; update this one");
  size_t i;
  json_t *control;
  json_array_foreach (controls, i,
                      control) if (assay_json_get_string (control, "id") == NULL
                                   || assay_json_get_string (control, "type") == NULL
                                   || !assay_json_get_int (control, "number", &number)
                                   || json_object_get (control, "value")
                                          == NULL) return assay_error_bad_data (error,
                                                                                "reading a preset: its control %zu "
                                                                                "has no id, type, number or value",
                                                                                i + 1);
  return TRUE;
}

/* --- restoring ----------------------------------------------------------------------------------------------- */

static const json_t *
find_again (const json_t *controls, const json_t *saved)
{
  gint64 number = 0;
  assay_json_get_int (saved, "number", &number);
  const json_t *found[]
      = { find_by_id (controls, assay_json_get_string (saved, "id")), find_by_number (controls, number) };
  for (guint i = 0; i < G_N_ELEMENTS (found); i++)
    if (found[i] != NULL && json_equal (json_object_get (found[i], "type"), json_object_get (saved, "type")))
      return found[i];
  return NULL;
}

/* New reference: the saved value, or today's index of the same words. */
static json_t *
translate (const json_t *control, const json_t *saved)
{
  json_t *value = json_object_get (saved, "value");
  const char *item = assay_json_get_string (saved, "item");
  if (item == NULL || g_strcmp0 (get_item (control, value), item) == 0)
    return json_incref (value);
  size_t i;
  json_t *each;
  json_array_foreach (json_object_get (control, "menu"), i,
                      each) if (g_strcmp0 (assay_json_get_string (each, "name"), item)
                                == 0) return json_incref (json_object_get (each, "index"));
  return json_incref (value);
}

/* What decides over others: setting it may free or take them. */
static gboolean
is_mode (const json_t *control)
{
  static const char *const types[] = { "boolean", "menu", NULL };
  const char *id = assay_json_get_string (control, "id");
  return has_type (control, types)
         && (has_flag (control, "update") || strstr (id, "auto") != NULL
             || strstr (id, "dynamic_framerate") != NULL);
}

/* What may be set now and is not so yet: modes alone, or everything. */
static json_t *
collect (const json_t *saved, const json_t *controls, gboolean modes_alone)
{
  json_t *values = json_object ();
  size_t i;
  json_t *entry;
  json_array_foreach (saved, i, entry)
  {
    const json_t *control = find_again (controls, entry);
    if (control == NULL || (modes_alone && !is_mode (control)) || has_flag (control, "read_only")
        || has_flag (control, "inactive"))
      continue;
    g_autoptr (json_t) value = translate (control, entry);
    if (!json_equal (value, json_object_get (control, "value"))) /* what is so already is not touched */
      json_object_set (values, assay_json_get_string (control, "id"), value);
  }
  return values;
}

static void
answer_for (json_t *answer, const json_t *entry, const json_t *controls, const json_t *wrongs)
{
  const json_t *control = find_again (controls, entry);
  g_autoptr (json_t) wanted
      = control != NULL ? translate (control, entry) : json_incref (json_object_get (entry, "value"));
  const char *id = assay_json_get_string (control != NULL ? control : entry, "id");
  json_t *got = control != NULL ? json_object_get (control, "value") : NULL;
  const char *wrong = json_string_value (json_object_get (wrongs, id));
  gboolean same = control != NULL && json_equal (got, wanted);
  gboolean left = control != NULL && !same && has_flag (control, "inactive");
  const char *why = control == NULL ? "this camera has no such control"
                    : same          ? NULL
                    : left          ? "an automatic mode has it"
                    : wrong != NULL ? wrong
                                    : "the camera took another value";
  json_array_append_new (answer, json_pack ("{s:s, s:O, s:O?, s:b, s:s?}", "id", id, "wanted", wanted, "got", got,
                                            "done", same || left, "why", why));
}

static json_t *
restore (const AssaySource *source, AssayDevice *device, const json_t *saved)
{
  json_t *answer = json_array ();
  g_autoptr (json_t) wrongs = json_object ();
  for (guint pass = 0; pass < 2; pass++)
    {
      g_autoptr (json_t) controls = source->list_controls (device);
      g_autoptr (json_t) values = collect (saved, controls, pass == 0);
      g_autoptr (json_t) refused = source->apply_controls (device, values);
      json_object_update (wrongs, refused);
    }
  g_autoptr (json_t) controls = source->list_controls (device);
  size_t i;
  json_t *entry;
  json_array_foreach (saved, i, entry) answer_for (answer, entry, controls, wrongs);
  return answer;
}

static gboolean
has_controls (const AssaySource *source, GError **error)
{
  if (source->list_controls != NULL && source->apply_controls != NULL)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "reading the settings of a %s device: it has none",
               source->id);
  return FALSE;
}

gboolean
assay_preset_restore (const AssaySource *source, AssayDevice *device, const json_t *preset, json_t **ret_answer,
                      GError **error)
{
  if (!has_controls (source, error) || !assay_preset_check (preset, error))
    return FALSE;
  *ret_answer = restore (source, device, json_object_get (preset, "controls"));
  return TRUE;
}

/* --- locking ------------------------------------------------------------------------------------------------- */

/* By V4L2's numbers (linux/v4l2-controls.h): an automatic mode, what switches it off, and what it had. */
static const struct
{
  gint64 mode, manual, held[3];
} locks[] = {
  { 0x009a0901, 1, { 0x009a0902, 0x00980911 } },             /* EXPOSURE_AUTO: EXPOSURE_ABSOLUTE, EXPOSURE */
  { 0x00980912, 0, { 0x00980913, 0x00980911 } },             /* AUTOGAIN: GAIN, EXPOSURE */
  { 0x009a0918, 0, { 0x009a0917 } },                         /* ISO_SENSITIVITY_AUTO: ISO_SENSITIVITY */
  { 0x0098090c, 0, { 0x0098091a, 0x0098090e, 0x0098090f } }, /* AUTO_WHITE_BALANCE: temperature, red, blue */
  { 0x009a0914, 0, { 0x0098091a, 0x0098090e, 0x0098090f } }, /* AUTO_N_PRESET_WHITE_BALANCE */
  { 0x009a090c, 0, { 0x009a090a } },                         /* FOCUS_AUTO: FOCUS_ABSOLUTE */
};

/* As a preset would have it, with the value as it is or as it should be. */
static void
hold (json_t *saved, const json_t *control, const json_t *value)
{
  const char *id = assay_json_get_string (control, "id");
  if (find_by_id (saved, id) != NULL || !can_be_set (control))
    return;
  json_t *entry = json_pack ("{s:s, s:O, s:O, s:O}", "id", id, "number", json_object_get (control, "number"),
                             "type", json_object_get (control, "type"), "value", value);
  json_array_append_new (saved, entry);
}

gboolean
assay_preset_lock (const AssaySource *source, AssayDevice *device, json_t **ret_answer, GError **error)
{
  if (!has_controls (source, error))
    return FALSE;
  g_autoptr (json_t) now = source->list_controls (device);
  g_autoptr (json_t) saved = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (locks); i++)
    {
      const json_t *mode = find_by_number (now, locks[i].mode);
      static const char *const boolean[] = { "boolean", NULL };
      g_autoptr (json_t) off = mode != NULL && has_type (mode, boolean) ? json_boolean (locks[i].manual != 0)
                                                                        : json_integer (locks[i].manual);
      if (mode != NULL)
        hold (saved, mode, off);
      for (guint k = 0; k < G_N_ELEMENTS (locks[i].held); k++)
        {
          const json_t *held = find_by_number (now, locks[i].held[k]);
          if (held != NULL)
            hold (saved, held, json_object_get (held, "value"));
        }
    }
  *ret_answer = restore (source, device, saved);
  return TRUE;
}
