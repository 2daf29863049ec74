/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/key-list.h"

#include "app/gui/shortcuts.h"

#include <string.h>

typedef struct
{
  const AssayKey *key;
  AdwActionRow *row;
  GtkBox *caps;
  GtkWidget *reset, *more;
  AdwPreferencesGroup *group;
} Line;

typedef struct
{
  AssaySettings *settings;
  AssayKeyMap *map;
  AdwWindow *window;
  GtkSearchEntry *search;
  GtkWidget *reset_all, *none;
  GArray *lines;      /* of Line */
  GPtrArray *groups;  /* of AdwPreferencesGroup */
  int waiting;        /* the line that waits for its key; -1 = none */
  gboolean alone;     /* the key takes the place of those that are */
  AssayAccel refused; /* pressed again, it is taken away from the other row */
} List;

static const struct
{
  const char *title, *name;
  AssayKeysPages pages;
} sections[] = {
  { "Annotate", "annotate", ASSAY_KEYS_ANNOTATE },  { "Capture", "capture", ASSAY_KEYS_CAPTURE },
  { "Review", "review", ASSAY_KEYS_REVIEW },        { "Dataset", "dataset", ASSAY_KEYS_DATASET },
  { "Reading a script", NULL, ASSAY_KEYS_READING },
};

static const char *
where_is (const AssayKey *key, AssayKeysPages shared)
{
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    if (key->pages != ASSAY_KEYS_EVERYWHERE && (key->pages & shared & sections[i].pages) != 0)
      return sections[i].title;
  return "every page";
}

static void
show_keys (List *list, Line *line)
{
  GtkWidget *child;
  g_auto (GStrv) keys = g_strsplit (assay_key_map_get (list->map, line->key), "|", -1);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (line->caps))) != NULL)
    gtk_box_remove (line->caps, child);
  for (guint i = 0; keys[i] != NULL; i++)
    {
      AssayAccel accel;
      if (!assay_accel_parse (keys[i], &accel))
        continue;
      g_autofree char *label = gtk_accelerator_get_label (accel.keyval, accel.mods);
      GtkWidget *cap = gtk_label_new (label);
      gtk_widget_add_css_class (cap, "keycap");
      gtk_box_append (line->caps, cap);
    }
  if (keys[0] == NULL || *keys[0] == '\0')
    {
      GtkWidget *nothing = gtk_label_new ("no key");
      gtk_widget_add_css_class (nothing, "dim-label");
      gtk_box_append (line->caps, nothing);
    }
  gtk_widget_set_visible (line->reset, assay_key_map_is_changed (list->map, line->key));
}

static void
show_all (List *list)
{
  gboolean any = FALSE;
  for (guint i = 0; i < list->lines->len; i++)
    {
      Line *line = &g_array_index (list->lines, Line, i);
      show_keys (list, line);
      any |= assay_key_map_is_changed (list->map, line->key);
    }
  gtk_widget_set_sensitive (list->reset_all, any);
}

static void
keep (List *list)
{
  assay_settings_keep_keys (list->settings);
  show_all (list);
}

static void
say (List *list, const char *text)
{
  if (list->waiting < 0)
    return;
  Line *line = &g_array_index (list->lines, Line, (guint) list->waiting);
  g_autofree char *markup = g_markup_escape_text (text, -1);
  adw_action_row_set_subtitle (line->row, markup);
}

static void
stop_waiting (List *list)
{
  say (list, "");
  list->waiting = -1;
}

static void
wait_for_key (List *list, guint index, gboolean alone)
{
  stop_waiting (list);
  list->waiting = (int) index;
  list->alone = alone;
  list->refused = (AssayAccel){ 0 };
  say (list, alone ? "Press the new key · Esc leaves it · Delete: no key" : "Press one more key · Esc leaves it");
}

static gboolean
on_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, List *list)
{
  if (list->waiting < 0 && keyval == GDK_KEY_Escape)
    {
      gtk_window_close (GTK_WINDOW (list->window));
      return GDK_EVENT_STOP;
    }
  if (list->waiting < 0)
    return GDK_EVENT_PROPAGATE;
  Line *line = &g_array_index (list->lines, Line, (guint) list->waiting);
  AssayKeyPress press = assay_key_press_of (controller, keyval, keycode, state);
  if (press.n == 0)
    return GDK_EVENT_STOP; /* a modifier: the key is to come */
  /* A key that the layout names in no Latin letter is kept by its place. */
  AssayAccel accel = press.accels[0].keyval < 0x80 || press.accels[0].keyval >= 0xfd00 ? press.accels[0]
                                                                                       : press.accels[press.n - 1];
  const AssayKey *other = assay_key_map_find_conflict (list->map, line->key, &accel);
  if (accel.keyval == GDK_KEY_Escape && accel.mods == 0)
    {
      stop_waiting (list);
      return GDK_EVENT_STOP;
    }
  if (list->alone && accel.keyval == GDK_KEY_Delete && accel.mods == 0
      && !assay_accel_equal (&accel, &list->refused) && g_strcmp0 (line->key->keys, "Delete") != 0)
    assay_key_map_clear (list->map, line->key);
  else if (other != NULL && !assay_accel_equal (&accel, &list->refused))
    {
      g_autofree char *label = gtk_accelerator_get_label (accel.keyval, accel.mods);
      g_autofree char *text
          = g_strdup_printf ("%s is “%s” on %s. Press it again to take it from there, or another key", label,
                             other->meaning, where_is (other, line->key->pages));
      list->refused = accel;
      say (list, text);
      return GDK_EVENT_STOP;
    }
  else
    assay_key_map_give (list->map, line->key, &accel, list->alone);
  stop_waiting (list);
  keep (list);
  return GDK_EVENT_STOP;
}

static guint
index_of (List *list, gpointer row)
{
  for (guint i = 0; i < list->lines->len; i++)
    if (g_array_index (list->lines, Line, i).row == row)
      return i;
  return 0;
}

static void
on_row (AdwActionRow *row, List *list)
{
  wait_for_key (list, index_of (list, row), TRUE);
}

static void
on_more (GtkWidget *button, List *list)
{
  wait_for_key (list, index_of (list, gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW)), FALSE);
}

static void
on_reset (GtkWidget *button, List *list)
{
  guint index = index_of (list, gtk_widget_get_ancestor (button, ADW_TYPE_ACTION_ROW));
  stop_waiting (list);
  assay_key_map_reset (list->map, g_array_index (list->lines, Line, index).key);
  keep (list);
}

static void
on_reset_all (GtkWidget *button, List *list)
{
  stop_waiting (list);
  assay_key_map_reset (list->map, NULL);
  keep (list);
}

/* By what a row is called, and by its keys as they are written on it. */
static gboolean
matches (List *list, const Line *line, const char *text)
{
  g_auto (GStrv) words = g_strsplit (text, " ", -1);
  g_autofree char *meaning = g_utf8_casefold (line->key->meaning, -1);
  g_auto (GStrv) keys = g_strsplit (assay_key_map_get (list->map, line->key), "|", -1);
  for (guint w = 0; words[w] != NULL; w++)
    {
      gboolean found = strstr (meaning, words[w]) != NULL;
      for (guint i = 0; !found && keys[i] != NULL; i++)
        {
          AssayAccel accel;
          g_autofree char *label
              = assay_accel_parse (keys[i], &accel) ? gtk_accelerator_get_label (accel.keyval, accel.mods) : NULL;
          g_autofree char *folded = label != NULL ? g_utf8_casefold (label, -1) : NULL;
          found = folded != NULL && g_str_equal (folded, words[w]);
        }
      if (!found)
        return FALSE;
    }
  return TRUE;
}

static void
on_search (GtkSearchEntry *search, List *list)
{
  g_autofree char *text = g_utf8_casefold (gtk_editable_get_text (GTK_EDITABLE (search)), -1);
  gboolean any = FALSE;
  stop_waiting (list);
  for (guint g = 0; g < list->groups->len; g++)
    {
      gboolean shown = FALSE;
      for (guint i = 0; i < list->lines->len; i++)
        {
          Line *line = &g_array_index (list->lines, Line, i);
          if (line->group != list->groups->pdata[g])
            continue;
          gboolean match = matches (list, line, g_strstrip (text));
          gtk_widget_set_visible (GTK_WIDGET (line->row), match);
          shown |= match;
        }
      gtk_widget_set_visible (list->groups->pdata[g], shown);
      any |= shown;
    }
  gtk_widget_set_visible (list->none, !any);
}

static GtkWidget *
small_button (const char *icon, const char *tip, GCallback clicked, List *list)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  gtk_widget_set_tooltip_text (button, tip);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tip, -1);
  g_signal_connect (button, "clicked", clicked, list);
  return button;
}

static void
add_line (List *list, AdwPreferencesGroup *group, const AssayKey *key)
{
  Line line = { .key = key, .group = group };
  g_autofree char *title = g_markup_escape_text (key->meaning, -1);
  line.row = ADW_ACTION_ROW (adw_action_row_new ());
  line.caps = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 4));
  line.more = small_button ("list-add-symbolic", "One more key", G_CALLBACK (on_more), list);
  line.reset = small_button ("edit-undo-symbolic", "As it was", G_CALLBACK (on_reset), list);
  gtk_widget_set_valign (GTK_WIDGET (line.caps), GTK_ALIGN_CENTER);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (line.row), title);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (line.row), TRUE);
  adw_action_row_add_suffix (line.row, line.reset);
  adw_action_row_add_suffix (line.row, GTK_WIDGET (line.caps));
  adw_action_row_add_suffix (line.row, line.more);
  g_signal_connect (line.row, "activated", G_CALLBACK (on_row), list);
  adw_preferences_group_add (group, GTK_WIDGET (line.row));
  g_array_append_val (list->lines, line);
}

static void
add_group (List *list, GtkBox *box, const char *title, AssayKeysPages pages, gboolean shared)
{
  AdwPreferencesGroup *group = ADW_PREFERENCES_GROUP (adw_preferences_group_new ());
  guint n;
  const AssayKey *keys = assay_keys_list (&n);
  adw_preferences_group_set_title (group, title);
  g_ptr_array_add (list->groups, group);
  for (guint i = 0; i < n; i++)
    if ((keys[i].pages == ASSAY_KEYS_EVERYWHERE) == shared && (keys[i].pages & pages) != 0)
      add_line (list, group, &keys[i]);
  gtk_box_append (box, GTK_WIDGET (group));
}

static GtkWidget *
content_new (List *list, const char *page)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 18);
  GtkWidget *clamp = adw_clamp_new (), *scrolled = gtk_scrolled_window_new ();
  list->none = adw_status_page_new ();
  adw_status_page_set_title (ADW_STATUS_PAGE (list->none), "No such key");
  adw_status_page_set_icon_name (ADW_STATUS_PAGE (list->none), "system-search-symbolic");
  gtk_widget_set_visible (list->none, FALSE);
  gtk_box_append (GTK_BOX (box), list->none);
  /* A row of two pages stands under both: changed in one, it is changed. */
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    if (g_strcmp0 (sections[i].name, page) == 0 && page != NULL)
      add_group (list, GTK_BOX (box), sections[i].title, sections[i].pages, FALSE);
  add_group (list, GTK_BOX (box), "Everywhere", ASSAY_KEYS_EVERYWHERE, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (sections); i++)
    if (page == NULL || g_strcmp0 (sections[i].name, page) != 0)
      add_group (list, GTK_BOX (box), sections[i].title, sections[i].pages, FALSE);
  gtk_widget_set_margin_top (box, 12);
  gtk_widget_set_margin_bottom (box, 18);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), clamp);
  gtk_widget_set_vexpand (scrolled, TRUE);
  return scrolled;
}

static void
list_free (gpointer data)
{
  List *list = data;
  g_array_unref (list->lines);
  g_ptr_array_unref (list->groups);
  g_free (list);
}

GtkWindow *
assay_key_list_show (GtkWindow *over, AssaySettings *settings, const char *page)
{
  List *list = g_new0 (List, 1);
  GtkWidget *header = adw_header_bar_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkEventController *keys = gtk_event_controller_key_new ();
  list->settings = settings;
  list->map = assay_settings_get_keys (settings);
  list->lines = g_array_new (FALSE, TRUE, sizeof (Line));
  list->groups = g_ptr_array_new ();
  list->waiting = -1;
  list->window = ADW_WINDOW (adw_window_new ());
  g_object_set_data_full (G_OBJECT (list->window), "list", list, list_free);
  list->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  list->reset_all = gtk_button_new_with_label ("Reset All");
  gtk_window_set_title (GTK_WINDOW (list->window), "Keyboard Shortcuts");
  gtk_window_set_transient_for (GTK_WINDOW (list->window), over);
  gtk_window_set_modal (GTK_WINDOW (list->window), TRUE);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (list->window), TRUE);
  gtk_window_set_default_size (GTK_WINDOW (list->window), 640, 640);
  g_object_set (list->search, "placeholder-text", "What it does, or its key", "width-chars", 30, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (list->search), GTK_ACCESSIBLE_PROPERTY_LABEL, "Search keys", -1);
  gtk_widget_set_tooltip_text (list->reset_all, "Every key as it was");
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), GTK_WIDGET (list->search));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), list->reset_all);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), content_new (list, page));
  adw_window_set_content (list->window, box);
  g_signal_connect (list->search, "search-changed", G_CALLBACK (on_search), list);
  g_signal_connect (list->reset_all, "clicked", G_CALLBACK (on_reset_all), list);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key), list);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (GTK_WIDGET (list->window), keys);
  show_all (list);
  gtk_window_present (GTK_WINDOW (list->window));
  gtk_widget_grab_focus (GTK_WIDGET (list->search));
  return GTK_WINDOW (list->window);
}
