/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/shortcuts.h"
#include "app/gui/window-private.h"

void
assay_window_update_annotator (AssayWindow *window)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (window->desk);
  const char *name = annotator != NULL ? annotator->name : window->annotator;
  gtk_menu_button_set_label (window->annotator_button, name);
  g_autofree char *spoken = g_strdup_printf ("Annotator: %s", name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (window->annotator_button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);

  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) people = g_menu_new ();
  const GPtrArray *known = assay_desk_get_annotators (window->desk);
  for (guint i = 0; i < known->len; i++)
    {
      const AssayAnnotator *person = known->pdata[i];
      if (person->kind != ASSAY_ANNOTATOR_PERSON)
        continue;
      g_autoptr (GMenuItem) item = g_menu_item_new (person->name, NULL);
      g_menu_item_set_action_and_target (item, "win.annotator", "s", person->name);
      g_menu_append_item (people, item);
    }
  g_menu_append_section (menu, "Annotating now", G_MENU_MODEL (people));
  g_autoptr (GMenu) other = g_menu_new ();
  g_menu_append (other, "Somebody _Else…", "win.who");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (other));
  gtk_menu_button_set_menu_model (window->annotator_button, G_MENU_MODEL (menu));
}

void
assay_window_update_project_menu (AssayWindow *window)
{
  const char *name = assay_desk_get_name (window->desk);
  gtk_menu_button_set_label (window->project_button, name);
  g_autofree char *spoken = g_strdup_printf ("Project: %s", name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (window->project_button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                  -1);
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenu) others = g_menu_new ();
  g_autoptr (GPtrArray) recent = assay_settings_list_recent (window->settings);
  for (guint i = 0; i < recent->len; i++)
    {
      const AssayRecent *project = recent->pdata[i];
      if (g_str_equal (project->directory, assay_desk_get_directory (window->desk)))
        continue;
      g_autoptr (GMenuItem) item = g_menu_item_new (project->name, NULL);
      g_menu_item_set_action_and_target (item, "win.open-directory", "s", project->directory);
      g_menu_append_item (others, item);
    }
  g_menu_append_section (menu, "Recent projects", G_MENU_MODEL (others));
  g_autoptr (GMenu) here = g_menu_new ();
  g_menu_append (here, "_Import a Folder…", "win.import");
  g_menu_append (here, "_Open…", "win.open");
  g_menu_append (here, "Show _Folder", "win.show-folder");
  g_menu_append (here, "_Close Project", "win.close-project");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (here));
  g_autoptr (GMenuModel) with_keys
      = assay_shortcuts_menu_new (assay_settings_get_keys (window->settings), G_MENU_MODEL (menu));
  gtk_menu_button_set_menu_model (window->project_button, with_keys);
}

void
assay_window_show_keys_in_menus (AssayWindow *window)
{
  g_autoptr (GMenuModel) menu
      = assay_shortcuts_menu_new (assay_settings_get_keys (window->settings), window->primary_menu);
  gtk_menu_button_set_menu_model (window->primary_button, menu);
  assay_shortcuts_refresh (GTK_WIDGET (window));
  if (window->desk != NULL)
    assay_window_update_project_menu (window);
}
