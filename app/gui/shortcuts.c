/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/shortcuts.h"

#include "app/gui/page.h"
#include "app/gui/pointer.h"

#include <string.h>

#define LABEL_OF "assay-key-of" /* of a label: the row that it shows */

static const struct
{
  const char *name;
  AssayKeysPages page;
} pages[] = {
  { "capture", ASSAY_KEYS_CAPTURE },
  { "annotate", ASSAY_KEYS_ANNOTATE },
  { "review", ASSAY_KEYS_REVIEW },
  { "dataset", ASSAY_KEYS_DATASET },
};

AssayKeysPages
assay_shortcuts_find_page (const char *name)
{
  for (guint i = 0; name != NULL && i < G_N_ELEMENTS (pages); i++)
    if (g_str_equal (pages[i].name, name))
      return pages[i].page;
  return 0;
}

/* A widget outside a window has no keys. */
static const AssayKeyMap *
map_of (gpointer widget)
{
  AssaySettings *settings = assay_page_get_settings (widget);
  return settings != NULL ? assay_settings_get_keys (settings) : NULL;
}

static const AssayKey *
find (GtkEventControllerKey *controller, AssayKeysPages of, guint keyval, guint keycode, GdkModifierType state)
{
  const AssayKeyMap *map = map_of (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
  AssayKeyPress press = assay_key_press_of (controller, keyval, keycode, state);
  return map != NULL ? assay_key_map_find (map, of, &press) : NULL;
}

static gboolean
activate_on (GtkWidget *widget, const AssayKey *key)
{
  GVariant *target = key->target != NULL ? g_variant_new_parsed (key->target) : NULL;
  return gtk_widget_activate_action_variant (widget, key->action, target);
}

/* Keys on the window */

typedef struct
{
  AssayKeyPagesFunc pages;
  AssayKeyFunc func;
  gpointer data;
  guint down;       /* keycode of the key that was pressed last and is not let go; 0 = none */
  gboolean is_held; /* the press under way is that key's once more, by itself */
} Binding;

/* Before anybody else: whoever takes a press need not pass it on, nor its end. */
static gboolean
on_any_press (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, Binding *binding)
{
  binding->is_held = keycode == binding->down;
  binding->down = keycode;
  return GDK_EVENT_PROPAGATE;
}

static void
on_any_release (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, Binding *binding)
{
  if (keycode == binding->down)
    binding->down = 0;
}

static gboolean
on_window_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
               Binding *binding)
{
  const AssayKey *key = find (controller, binding->pages (binding->data), keyval, keycode, state);
  if (key == NULL || key->action == NULL)
    return GDK_EVENT_PROPAGATE;
  return (key->once && binding->is_held) || binding->func (key, binding->data);
}

static void
free_binding (gpointer data, GClosure *closure)
{
  g_free (data);
}

void
assay_shortcuts_install (GtkWidget *window, AssayKeyPagesFunc of, AssayKeyFunc func, gpointer data)
{
  Binding *binding = g_new (Binding, 1);
  *binding = (Binding){ .pages = of, .func = func, .data = data };
  GtkEventController *watch = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (watch, GTK_PHASE_CAPTURE);
  g_signal_connect (watch, "key-pressed", G_CALLBACK (on_any_press), binding);
  g_signal_connect (watch, "key-released", G_CALLBACK (on_any_release), binding);
  gtk_widget_add_controller (window, watch);
  GtkEventController *controller = gtk_event_controller_key_new ();
  g_signal_connect_data (controller, "key-pressed", G_CALLBACK (on_window_key), binding, free_binding, 0);
  gtk_widget_add_controller (window, controller);
}

static gboolean
on_widget_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, gpointer data)
{
  const AssayKey *key = find (controller, GPOINTER_TO_UINT (data), keyval, keycode, state);
  return key != NULL && key->action != NULL
         && activate_on (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)), key);
}

void
assay_shortcuts_install_on (GtkWidget *widget, AssayKeysPages of)
{
  GtkEventController *controller = gtk_event_controller_key_new ();
  g_signal_connect (controller, "key-pressed", G_CALLBACK (on_widget_key), GUINT_TO_POINTER (of));
  gtk_widget_add_controller (widget, controller);
}

gboolean
assay_shortcuts_activate (const AssayKey *key, GtkWidget *window, GtkWidget *page, const char *page_name)
{
  gboolean of_window = g_str_has_prefix (key->action, "win");
  GtkWidget *widget = of_window ? window : page;
  if (widget == NULL || (!of_window && (key->pages & assay_shortcuts_find_page (page_name)) == 0))
    return FALSE;
  return activate_on (widget, key);
}

/* Keys of the tools */

const char *
assay_shortcuts_tool_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state,
                          GdkModifierType *ret_mods)
{
  const AssayKeyMap *map = map_of (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)));
  AssayKeyPress press = assay_key_press_of (controller, keyval, keycode, state);
  AssayAccel accel;
  *ret_mods = state;
  if (map == NULL || !assay_key_map_translate (map, ASSAY_KEYS_ANNOTATE, &press, &accel))
    return NULL;
  if (accel.keyval != press.accels[0].keyval)
    *ret_mods = accel.mods;
  return assay_key_get_name (accel.keyval);
}

/* Tooltips */

typedef struct
{
  char *action, *target;
} Tip;

static void
tip_free (gpointer data, GClosure *closure)
{
  Tip *tip = data;
  g_free (tip->action);
  g_free (tip->target);
  g_free (tip);
}

static gboolean
on_tooltip (GtkWidget *widget, int x, int y, gboolean by_keyboard, GtkTooltip *tooltip, Tip *tip)
{
  const AssayKeyMap *map = map_of (widget);
  const char *markup = gtk_widget_get_tooltip_markup (widget);
  g_autofree char *label = map != NULL ? assay_key_map_dup_label (map, tip->action, tip->target) : NULL;
  if (label == NULL)
    return FALSE;
  g_autofree char *key = g_markup_escape_text (label, -1);
  const char *end = markup != NULL ? strchr (markup, '\n') : NULL;
  int first = end != NULL ? (int) (end - markup) : markup != NULL ? (int) strlen (markup) : 0;
  g_autofree char *text = g_strdup_printf ("%.*s%s(%s)%s", first, markup != NULL ? markup : "",
                                           first > 0 ? " " : "", key, end != NULL ? end : "");
  gtk_tooltip_set_markup (tooltip, text);
  return TRUE;
}

void
assay_shortcuts_tip (GtkWidget *widget, const char *action, const char *target)
{
  Tip *tip = g_new (Tip, 1);
  *tip = (Tip){ g_strdup (action), g_strdup (target) };
  gtk_widget_set_has_tooltip (widget, TRUE);
  g_signal_connect_data (widget, "query-tooltip", G_CALLBACK (on_tooltip), tip, tip_free, 0);
}

/* Labels */

char *
assay_shortcuts_dup_key (gpointer widget, const char *action, const char *target, const char *otherwise)
{
  const AssayKeyMap *map = map_of (widget);
  char *key = map != NULL ? assay_key_map_dup_label (map, action, target) : NULL;
  return key != NULL ? key : g_strdup (otherwise);
}

static void
show_key (GtkWidget *label)
{
  const Tip *tip = g_object_get_data (G_OBJECT (label), LABEL_OF);
  const AssayKeyMap *map = map_of (label);
  g_autofree char *key = map != NULL ? assay_key_map_dup_label (map, tip->action, tip->target) : NULL;
  gtk_label_set_text (GTK_LABEL (label), key != NULL ? key : "");
}

static void
tip_free_data (gpointer data)
{
  tip_free (data, NULL);
}

GtkWidget *
assay_shortcuts_label_new (const char *action, const char *target)
{
  GtkWidget *label = gtk_label_new (NULL);
  Tip *tip = g_new (Tip, 1);
  *tip = (Tip){ g_strdup (action), g_strdup (target) };
  g_object_set_data_full (G_OBJECT (label), LABEL_OF, tip, tip_free_data);
  g_signal_connect (label, "map", G_CALLBACK (show_key), NULL);
  return label;
}

void
assay_shortcuts_refresh (GtkWidget *root)
{
  if (g_object_get_data (G_OBJECT (root), LABEL_OF) != NULL)
    show_key (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assay_shortcuts_refresh (child);
}

static gboolean
is_row (const char *action, const char *target)
{
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (keys[i].action, action) == 0 && g_strcmp0 (keys[i].target, target) == 0)
      return TRUE;
  return FALSE;
}

void
assay_shortcuts_tip_all (GtkWidget *root)
{
  const char *action = GTK_IS_ACTIONABLE (root) ? gtk_actionable_get_action_name (GTK_ACTIONABLE (root)) : NULL;
  GVariant *value = action != NULL ? gtk_actionable_get_action_target_value (GTK_ACTIONABLE (root)) : NULL;
  g_autofree char *target = value != NULL ? g_variant_print (value, FALSE) : NULL;
  if (action != NULL && is_row (action, target))
    assay_shortcuts_tip (root, action, target);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    assay_shortcuts_tip_all (child);
}

/* Menus */

static void
add_key (const AssayKeyMap *map, GMenuItem *item)
{
  g_autofree char *action = NULL;
  g_autoptr (GVariant) value = g_menu_item_get_attribute_value (item, G_MENU_ATTRIBUTE_TARGET, NULL);
  g_autofree char *target = value != NULL ? g_variant_print (value, FALSE) : NULL;
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  g_menu_item_get_attribute (item, G_MENU_ATTRIBUTE_ACTION, "s", &action);
  for (guint i = 0; action != NULL && i < n; i++)
    if (g_strcmp0 (keys[i].action, action) == 0 && g_strcmp0 (keys[i].target, target) == 0)
      {
        g_auto (GStrv) mine = g_strsplit (assay_key_map_get (map, &keys[i]), "|", -1);
        if (mine[0] != NULL && *mine[0] != '\0')
          g_menu_item_set_attribute (item, "accel", "s", mine[0]);
      }
}

GMenuModel *
assay_shortcuts_menu_new (const AssayKeyMap *map, GMenuModel *menu)
{
  static const char *const links[] = { G_MENU_LINK_SECTION, G_MENU_LINK_SUBMENU };
  GMenu *copy = g_menu_new ();
  for (int i = 0; i < g_menu_model_get_n_items (menu); i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new_from_model (menu, i);
      for (guint l = 0; l < G_N_ELEMENTS (links); l++)
        {
          g_autoptr (GMenuModel) linked = g_menu_model_get_item_link (menu, i, links[l]);
          g_autoptr (GMenuModel) with = linked != NULL ? assay_shortcuts_menu_new (map, linked) : NULL;
          if (with != NULL)
            g_menu_item_set_link (item, links[l], with);
        }
      add_key (map, item);
      g_menu_append_item (copy, item);
    }
  return G_MENU_MODEL (copy);
}
