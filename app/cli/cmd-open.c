/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"

#include <errno.h>
#include <unistd.h>

/* Beside this program (installed, or in the build tree), else in PATH. */
static char *
find_desktop (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = g_path_get_dirname (self != NULL ? self : ".");
  static const char *const places[] = { "assay-desktop", "../gui/assay-desktop" };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);
      if (access (path, X_OK) == 0)
        return g_steal_pointer (&path);
    }
  return g_strdup ("assay-desktop");
}

static int
run (AssayInvocation *invocation, GError **error)
{
  if (!assay_invocation_parse (invocation, NULL, error) || !assay_invocation_expect (invocation, 0, 1, error))
    return 0;
  if (g_getenv ("DISPLAY") == NULL && g_getenv ("WAYLAND_DISPLAY") == NULL)
    {
      g_set_error_literal (
          error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
          "opening the desktop app: there is no display; `assay help` lists what works without one");
      return 0;
    }
  g_autofree char *from = g_canonicalize_filename (invocation->directory, NULL);
  g_autofree char *start
      = invocation->argc > 1 ? g_canonicalize_filename (invocation->argv[1], from) : g_strdup (from);
  g_autoptr (AssayProject) project = assay_project_discover (start, ASSAY_STORE_READ, error);
  if (project == NULL)
    return 0;
  g_autofree char *desktop = find_desktop ();
  g_autofree char *annotator = g_strdup_printf ("--annotator=%s", invocation->annotator);
  g_autofree char *directory = g_strdup (project->directory);
  g_clear_pointer (&project, assay_project_close);
  /* Only who was named is taken for granted: a login may be shared. */
  gboolean named = g_strcmp0 (invocation->annotator, g_get_user_name ()) != 0;
  char *argv[] = { desktop, named ? annotator : directory, named ? directory : NULL, NULL };
  execvp (desktop, argv);
  assay_error_set_errno (error, errno, "starting assay-desktop");
  return 0;
}

const AssayCommand assay_command_open = {
  .id = "open",
  .form = "open [DIR]",
  .help = "opens the project in the desktop app",
  .more
  = "The project of DIR, else of the current directory, upward. With --annotator NAME (or $ASSAY_ANNOTATOR) the "
    "app does not ask who\nis annotating.",
  .run = run,
};
