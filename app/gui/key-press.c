/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/key-press.h"

#define MODS (GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)

/* What the keys of an English keyboard give, by the place that Linux numbers them by (evdev's code and 8). */
static guint
at_place (guint keycode)
{
  static const struct
  {
    guint first;
    const char *keys;
  } rows[] = { { 10, "1234567890-=" }, { 24, "qwertyuiop[]" }, { 38, "asdfghjkl;'`" }, { 51, "\\zxcvbnm,./" } };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    if (keycode >= rows[i].first && keycode < rows[i].first + 12)
      return (guint) rows[i].keys[keycode - rows[i].first]; /* of ASCII a keyval is the letter itself */
  return 0;
}

static gboolean
is_ascii (guint keyval)
{
  return keyval > GDK_KEY_space && keyval < 0x7f;
}

static gboolean
is_letter (guint keyval)
{
  return keyval < 0x7f && g_ascii_isalpha ((char) keyval);
}

static guint
in_first_latin_layout (GdkDisplay *display, guint keycode)
{
  g_autofree GdkKeymapKey *keys = NULL;
  g_autofree guint *keyvals = NULL;
  int n = 0, best = -1;
  if (display == NULL || !gdk_display_map_keycode (display, keycode, &keys, &keyvals, &n))
    return 0;
  for (int i = 0; i < n; i++)
    if (keys[i].level == 0 && is_ascii (keyvals[i]) && (best < 0 || keys[i].group < keys[best].group))
      best = i;
  return best >= 0 ? keyvals[best] : 0;
}

static guint
plain_of (guint keyval)
{
  switch (keyval)
    {
    case GDK_KEY_KP_Enter:
    case GDK_KEY_ISO_Enter:
      return GDK_KEY_Return;
    case GDK_KEY_ISO_Left_Tab:
      return GDK_KEY_Tab;
    case GDK_KEY_KP_Delete:
      return GDK_KEY_Delete;
    default:
      return gdk_keyval_to_lower (keyval);
    }
}

gboolean
assay_accel_equal (const AssayAccel *a, const AssayAccel *b)
{
  return a->keyval == b->keyval && a->mods == b->mods;
}

static void
add (AssayKeyPress *press, guint keyval, GdkModifierType mods)
{
  AssayAccel accel = { plain_of (keyval), mods };
  for (guint i = 0; i < press->n; i++)
    if (assay_accel_equal (&press->accels[i], &accel))
      return;
  if (accel.keyval != 0 && press->n < ASSAY_KEY_PRESS_MAX)
    press->accels[press->n++] = accel;
}

static gboolean
is_modifier (guint keyval)
{
  return (keyval >= GDK_KEY_Shift_L && keyval <= GDK_KEY_Hyper_R)
         || (keyval >= GDK_KEY_ISO_Lock && keyval <= GDK_KEY_ISO_Level5_Lock) || keyval == GDK_KEY_Mode_switch
         || keyval == GDK_KEY_Num_Lock || keyval == 0;
}

AssayKeyPress
assay_key_press_read (GdkDisplay *display, guint keyval, guint keycode, GdkModifierType state, guint group)
{
  AssayKeyPress press = { 0 };
  GdkModifierType mods = state & MODS;
  guint alone = 0;
  if (is_modifier (keyval))
    return press;
  /* Shift that made a sign ("?") is in the sign already; at a letter it is a modifier. */
  gboolean sign = is_ascii (keyval) && !is_letter (keyval);
  add (&press, keyval, sign ? mods & ~GDK_SHIFT_MASK : mods);
  add (&press, keyval, mods);
  if (is_letter (keyval))
    return press;
  if (display != NULL && gdk_display_translate_key (display, keycode, 0, (int) group, &alone, NULL, NULL, NULL)
      && is_ascii (alone))
    add (&press, alone, mods);
  if (keyval >= 0xfd00 && keyval <= 0xffff)
    return press; /* an arrow, F6: every layout has it */
  if (is_ascii (keyval) && is_letter (alone))
    return press; /* a sign of a layout that has its letter too */
  add (&press, in_first_latin_layout (display, keycode), mods);
  add (&press, at_place (keycode), mods);
  return press;
}

AssayKeyPress
assay_key_press_of (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state)
{
  GtkWidget *widget = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  return assay_key_press_read (gtk_widget_get_display (widget), keyval, keycode, state,
                               gtk_event_controller_key_get_group (controller));
}

gboolean
assay_accel_parse (const char *text, AssayAccel *ret_accel)
{
  guint keyval = 0;
  GdkModifierType mods = 0;
  if (!gtk_accelerator_parse (text, &keyval, &mods) || keyval == 0)
    return FALSE;
  *ret_accel = (AssayAccel){ plain_of (keyval), mods & MODS };
  return TRUE;
}

char *
assay_accel_dup_text (const AssayAccel *accel)
{
  return gtk_accelerator_name (accel->keyval, accel->mods);
}
