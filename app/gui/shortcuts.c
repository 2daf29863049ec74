/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/shortcuts.h"

typedef struct
{
  const AssayKey *key;
  AssayKeyFunc func;
  gpointer data;
} Binding;

static const struct
{
  const char *name, *title;
  AssayKeysPages page;
} pages[] = {
  { "capture", "Capture", ASSAY_KEYS_CAPTURE },
  { "annotate", "Annotate", ASSAY_KEYS_ANNOTATE },
  { "review", "Review", ASSAY_KEYS_REVIEW },
  { "dataset", "Dataset", ASSAY_KEYS_DATASET },
  { "reading", "Reading a script", ASSAY_KEYS_READING },
};

static gboolean
on_shortcut (GtkWidget *widget, GVariant *args, gpointer data)
{
  Binding *binding = data;
  return binding->func (binding->key, binding->data);
}

/* Shift and a digit is a sign that differs from keyboard to keyboard ("!", "\""): the key is known by what it gives
 * alone. */
static gboolean
on_shifted_digit (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
                  Binding *binding)
{
  const GdkModifierType mask = GDK_SHIFT_MASK | GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK;
  GtkWidget *window = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller));
  guint plain, n;
  if ((state & mask) != GDK_SHIFT_MASK
      || !gdk_display_translate_key (gtk_widget_get_display (window), keycode, 0,
                                     (int) gtk_event_controller_key_get_group (controller), &plain, NULL, NULL,
                                     NULL))
    return FALSE;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint i = 0; i < n && plain >= GDK_KEY_1 && plain <= GDK_KEY_9; i++)
    {
      char text[] = "<Shift>1";
      text[sizeof text - 2] = (char) ('1' + (int) (plain - GDK_KEY_1));
      if (g_str_equal (keys[i].keys, text))
        return binding->func (&keys[i], binding->data);
    }
  return FALSE;
}

static void
free_binding (gpointer data, GClosure *closure)
{
  g_free (data);
}

void
assay_shortcuts_install (GtkWidget *window, AssayKeyFunc func, gpointer data)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint i = 0; i < n; i++)
    {
      if (keys[i].action == NULL)
        continue;
      Binding *binding = g_new (Binding, 1);
      *binding = (Binding){ &keys[i], func, data };
      gtk_shortcut_controller_add_shortcut (
          GTK_SHORTCUT_CONTROLLER (controller),
          gtk_shortcut_new (gtk_shortcut_trigger_parse_string (keys[i].keys),
                            gtk_callback_action_new (on_shortcut, binding, g_free)));
    }
  gtk_widget_add_controller (window, controller);

  Binding *digits = g_new (Binding, 1);
  *digits = (Binding){ NULL, func, data };
  GtkEventController *shifted = gtk_event_controller_key_new ();
  g_signal_connect_data (shifted, "key-pressed", G_CALLBACK (on_shifted_digit), digits, free_binding, 0);
  gtk_widget_add_controller (window, shifted);
}

static gboolean
is_of_page (const AssayKey *key, const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (pages[i].name, name))
      return (key->pages & pages[i].page) != 0;
  return FALSE;
}

gboolean
assay_shortcuts_activate (const AssayKey *key, GtkWidget *window, GtkWidget *page, const char *page_name)
{
  gboolean of_window = g_str_has_prefix (key->action, "win");
  GtkWidget *widget = of_window ? window : page;
  if (widget == NULL || (!of_window && !is_of_page (key, page_name)))
    return FALSE;
  GVariant *target = key->target != NULL ? g_variant_new_parsed (key->target) : NULL;
  return gtk_widget_activate_action_variant (widget, key->action, target);
}

/* "d|Right" -> "d Right": how GtkShortcutsShortcut writes alternatives. */
static char *
keys_for_display (const AssayKey *key)
{
  g_auto (GStrv) alternatives = g_strsplit (key->keys, "|", -1);
  return g_strjoinv (" ", alternatives);
}

static void
add_group (GString *ui, const char *title, AssayKeysPages of, gboolean shared)
{
  g_string_append_printf (ui, "<child><object class='GtkShortcutsGroup'><property name='title'>%s</property>",
                          title);
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint i = 0; i < n; i++)
    {
      if ((keys[i].pages == ASSAY_KEYS_EVERYWHERE) != shared || (keys[i].pages & of) == 0)
        continue;
      g_autofree char *display = keys_for_display (&keys[i]);
      g_autofree char *row = g_markup_printf_escaped ("<child><object class='GtkShortcutsShortcut'>"
                                                      "<property name='accelerator'>%s</property>"
                                                      "<property name='title'>%s</property></object></child>",
                                                      display, keys[i].meaning);
      g_string_append (ui, row);
    }
  g_string_append (ui, "</object></child>");
}

/* The shortcuts window of GTK 4.8 takes its sections from a description only. */
GtkShortcutsWindow *
assay_shortcuts_window_new (void)
{
  g_autoptr (GString) ui
      = g_string_new ("<interface><object class='GtkShortcutsWindow' id='window'><child>"
                      "<object class='GtkShortcutsSection'><property name='section-name'>keys</property>"
                      "<property name='max-height'>12</property>");
  add_group (ui, "Everywhere", ASSAY_KEYS_EVERYWHERE, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    add_group (ui, pages[i].title, pages[i].page, FALSE);
  g_string_append (ui, "</object></child></object></interface>");
  g_autoptr (GtkBuilder) builder = gtk_builder_new_from_string (ui->str, (gssize) ui->len);
  return g_object_ref (GTK_SHORTCUTS_WINDOW (gtk_builder_get_object (builder, "window")));
}
