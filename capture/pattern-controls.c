/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/pattern-controls.h"

#include <string.h>

enum
{
  BRIGHTNESS,
  AUTO_EXPOSURE,
  EXPOSURE,
  FLIP,
  COLOURS,
  GAINS,
  GAINS_END = GAINS + 2,
  RESET,
  FIRMWARE
};

#define MANUAL 1

/* Numbers as linux/v4l2-controls.h has them where there is one, so that whatever looks for the exposure finds it. */
static const struct
{
  guint slot;
  const char *id, *name, *type;
  gint64 low, high, step, standard;
  gint64 number;
} table[] = {
  { BRIGHTNESS, "brightness", "Brightness", "integer", -100, 100, 1, 0, 0x00980900 },
  { AUTO_EXPOSURE, "auto_exposure", "Auto Exposure", "menu", 0, 3, 1, 3, 0x009a0901 },
  { EXPOSURE, "exposure_time_absolute", "Exposure Time, Absolute", "integer", 1, 300, 1, 100, 0x009a0902 },
  { FLIP, "horizontal_flip", "Horizontal Flip", "boolean", 0, 1, 1, 0, 0x00980914 },
  { COLOURS, "colours", "Colours", "bitmask", 0, 7, 0, 7, 0x0098f900 },
  { GAINS, "gains", "Gains", "u8", 0, 200, 1, 100, 0x0098f901 },
  { RESET, "reset", "Reset", "button", 0, 0, 0, 0, 0x0098f902 },
  { FIRMWARE, "firmware", "Firmware", "integer", 0, 9, 1, 3, 0x0098f903 },
};

static const struct
{
  int index;
  const char *name;
} modes[] = { { 0, "Auto Mode" }, { MANUAL, "Manual Mode" }, { 3, "Aperture Priority Mode" } }; /* 2 is a hole */

static gint64
get (AssayPatternControls *controls, guint slot)
{
  return atomic_load (&controls->values[slot]);
}

static void
put_standards (AssayPatternControls *controls)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    atomic_store (&controls->values[table[i].slot], table[i].standard);
  for (guint slot = GAINS; slot <= GAINS_END; slot++)
    atomic_store (&controls->values[slot], 100);
}

void
assay_pattern_controls_reset (AssayPatternControls *controls)
{
  put_standards (controls);
  atomic_fetch_add (&controls->changes, 1);
}

static json_t *
read_value (AssayPatternControls *controls, guint i)
{
  gint64 value = get (controls, table[i].slot);
  if (table[i].slot == RESET)
    return json_null ();
  if (table[i].slot == GAINS)
    return json_pack ("[I, I, I]", (json_int_t) value, (json_int_t) get (controls, GAINS + 1),
                      (json_int_t) get (controls, GAINS + 2));
  /* While it is automatic, the exposure is what the light needs. */
  if (table[i].slot == EXPOSURE && get (controls, AUTO_EXPOSURE) != MANUAL)
    value = table[i].standard;
  return table[i].slot == FLIP ? json_boolean (value) : json_integer (value);
}

static json_t *
list_flags (AssayPatternControls *controls, guint slot)
{
  if (slot == EXPOSURE && get (controls, AUTO_EXPOSURE) != MANUAL)
    return json_pack ("[s]", "inactive");
  if (slot == FIRMWARE)
    return json_pack ("[s]", "read_only");
  return slot == RESET ? json_pack ("[s]", "write_only") : json_array ();
}

static json_t *
describe (AssayPatternControls *controls, guint i)
{
  json_t *menu = table[i].slot == AUTO_EXPOSURE ? json_array () : json_null ();
  for (guint k = 0; json_is_array (menu) && k < G_N_ELEMENTS (modes); k++)
    json_array_append_new (menu, json_pack ("{s:i, s:s}", "index", modes[k].index, "name", modes[k].name));
  json_t *control
      = json_pack ("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o, s:I}", "id", table[i].id, "name", table[i].name,
                   "type", table[i].type, "min", (json_int_t) table[i].low, "max", (json_int_t) table[i].high, "step",
                   (json_int_t) table[i].step, "default", (json_int_t) table[i].standard, "value",
                   read_value (controls, i), "flags", list_flags (controls, table[i].slot), "menu", menu, "number",
                   (json_int_t) table[i].number);
  if (table[i].slot == GAINS)
    json_object_set_new (control, "dims", json_pack ("[i]", 3));
  return control;
}

json_t *
assay_pattern_controls_list (AssayPatternControls *controls)
{
  json_t *list = json_array ();
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    json_array_append_new (list, describe (controls, i));
  return list;
}

json_t *
assay_pattern_controls_get (AssayPatternControls *controls)
{
  json_t *values = json_object ();
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    json_object_set_new (values, table[i].id, read_value (controls, i));
  return values;
}

static const char *
set_gains (AssayPatternControls *controls, const json_t *value)
{
  if (json_array_size (value) != 3)
    return "this value is not of its kind or range";
  for (guint k = 0; k < 3; k++)
    atomic_store (&controls->values[GAINS + k], CLAMP (json_integer_value (json_array_get (value, k)), 0, 200));
  return NULL;
}

/* Why it was refused; NULL when it was set. */
static const char *
set_value (AssayPatternControls *controls, guint i, const json_t *value)
{
  gint64 number = json_is_boolean (value) ? json_is_true (value) : json_integer_value (value);
  if (table[i].slot == FIRMWARE)
    return "it is read-only";
  if (table[i].slot == GAINS)
    return set_gains (controls, value);
  if (table[i].slot == RESET)
    {
      put_standards (controls);
      return NULL;
    }
  if ((!json_is_integer (value) && !json_is_boolean (value)) || number < table[i].low || number > table[i].high
      || (table[i].slot == AUTO_EXPOSURE && number == 2))
    return "this value is not of its kind or range";
  if (table[i].slot == EXPOSURE && get (controls, AUTO_EXPOSURE) != MANUAL)
    return "the camera refused it; an automatic mode may have it";
  atomic_store (&controls->values[table[i].slot], number);
  return NULL;
}

/* In the order of the table: a mode before what it frees. */
json_t *
assay_pattern_controls_apply (AssayPatternControls *controls, const json_t *values)
{
  json_t *wrongs = json_object (), *value;
  const char *id;
  json_object_foreach ((json_t *) values, id, value) json_object_set_new (wrongs, id, json_string ("the camera has none"));
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      const json_t *wanted = json_object_get (values, table[i].id);
      const char *why = wanted != NULL ? set_value (controls, i, wanted) : NULL;
      if (why != NULL)
        json_object_set_new (wrongs, table[i].id, json_string (why));
      else
        json_object_del (wrongs, table[i].id);
    }
  atomic_fetch_add (&controls->changes, 1);
  return wrongs;
}

static json_t *
parse_list (const char *text)
{
  g_auto (GStrv) words = g_strsplit_set (text, ": ;", -1);
  json_t *list = json_array ();
  for (guint i = 0; words[i] != NULL; i++)
    json_array_append_new (list, json_integer (g_ascii_strtoll (words[i], NULL, 10)));
  return list;
}

json_t *
assay_pattern_controls_parse (const char *id, const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (!g_str_equal (table[i].id, id))
        continue;
      if (table[i].slot == GAINS)
        return parse_list (text);
      for (guint k = 0; k < G_N_ELEMENTS (modes); k++)
        if (table[i].slot == AUTO_EXPOSURE && g_ascii_strcasecmp (modes[k].name, text) == 0)
          return json_integer (modes[k].index);
      return g_str_equal (text, "true") ? json_true () : json_integer (g_ascii_strtoll (text, NULL, 10));
    }
  return NULL;
}

void
assay_pattern_controls_colour (AssayPatternControls *controls, const guint8 rgb[3], guint8 ret_rgb[3])
{
  gint64 exposure = get (controls, AUTO_EXPOSURE) == MANUAL ? get (controls, EXPOSURE) : 100;
  gint64 lift = get (controls, BRIGHTNESS) * 255 / 100, shown = get (controls, COLOURS);
  for (guint c = 0; c < 3; c++)
    {
      gint64 value = rgb[c] * exposure / 100 * get (controls, GAINS + c) / 100 + lift;
      ret_rgb[c] = shown >> c & 1 ? (guint8) CLAMP (value, 0, 255) : 0;
    }
}

gboolean
assay_pattern_controls_is_flipped (AssayPatternControls *controls)
{
  return get (controls, FLIP) != 0;
}
