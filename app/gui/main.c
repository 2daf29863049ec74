/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/gui/main.c - `assay-desktop [DIR]`: the desktop app, on a project or on the start page. */
#include "app/gui/window.h"
#include "core/error.h"

#include <locale.h>
#include <stdio.h>

typedef struct
{
  AssaySettings *settings;
  char *annotator; /* --annotator, else $ASSAY_ANNOTATOR; NULL = as remembered, or asked */
} Sitting;

static AssayWindow *
new_window (GApplication *application, Sitting *sitting)
{
  const char *environment = g_getenv ("ASSAY_ANNOTATOR");
  const char *annotator = sitting->annotator != NULL                    ? sitting->annotator
                          : environment != NULL && *environment != '\0' ? environment
                                                                        : NULL;
  return assay_window_new (ADW_APPLICATION (application), sitting->settings, annotator);
}

static void
on_startup (GApplication *application, Sitting *sitting)
{
  gboolean light = assay_settings_is_light (sitting->settings);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (),
                                      light ? ADW_COLOR_SCHEME_FORCE_LIGHT : ADW_COLOR_SCHEME_FORCE_DARK);
  gtk_window_set_default_icon_name ("org.assay.Assay");
}

static void
on_activate (GApplication *application, Sitting *sitting)
{
  gtk_window_present (GTK_WINDOW (new_window (application, sitting)));
}

static void
on_open (GApplication *application, GFile **files, int n_files, const char *hint, Sitting *sitting)
{
  for (int i = 0; i < n_files; i++)
    {
      AssayWindow *window = new_window (application, sitting);
      g_autofree char *path = g_file_get_path (files[i]);
      gtk_window_present (GTK_WINDOW (window));
      assay_window_open (window, path != NULL ? path : "");
    }
}

static int
on_local_options (GApplication *application, GVariantDict *options, gpointer data)
{
  if (!g_variant_dict_contains (options, "version"))
    return -1;
  puts ("assay-desktop " ASSAY_VERSION);
  return 0;
}

int
main (int argc, char **argv)
{
  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C"); /* numbers go into JSON and SQL; labels write them with a point too */
  Sitting sitting = { .settings = assay_settings_new () };
  const GOptionEntry entries[] = {
    { "annotator", 0, 0, G_OPTION_ARG_STRING, &sitting.annotator, "Who annotates in this sitting", "NAME" },
    { "version", 0, 0, G_OPTION_ARG_NONE, NULL, "Print the version", NULL },
    { NULL },
  };
  /* One process a window: two desks on one machine are two writers, as they are on two machines. */
  g_autoptr (AdwApplication) application
      = adw_application_new ("org.assay.Assay", G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
  g_application_set_option_context_parameter_string (G_APPLICATION (application), "[PROJECT]");
  g_application_add_main_option_entries (G_APPLICATION (application), entries);
  g_signal_connect (application, "handle-local-options", G_CALLBACK (on_local_options), NULL);
  g_signal_connect (application, "startup", G_CALLBACK (on_startup), &sitting);
  g_signal_connect (application, "activate", G_CALLBACK (on_activate), &sitting);
  g_signal_connect (application, "open", G_CALLBACK (on_open), &sitting);
  int status = g_application_run (G_APPLICATION (application), argc, argv);
  g_clear_object (&application);
  g_free (sitting.annotator);
  assay_settings_free (sitting.settings);
  return status;
}
