/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sample.h"

static char *
sample_directory (void)
{
  return g_build_filename (g_get_user_data_dir (), "assay", "sample", NULL);
}

/* The command line beside this program, or the one in PATH. */
static char *
find_assay (void)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = self != NULL ? g_path_get_dirname (self) : g_strdup (".");
  const char *const places[] = { "assay", "../cli/assay" };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autofree char *path = g_build_filename (folder, places[i], NULL);
      if (g_file_test (path, G_FILE_TEST_IS_EXECUTABLE))
        return g_steal_pointer (&path);
    }
  return g_strdup ("assay");
}

static void
prepare (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autofree char *directory = sample_directory ();
  g_autofree char *database = g_build_filename (directory, "project.db", NULL);
  g_autofree char *parent = g_path_get_dirname (directory);
  g_mkdir_with_parents (parent, 0755);
  g_autofree char *assay = find_assay ();
  g_autoptr (GSubprocess) demo
      = g_file_test (database, G_FILE_TEST_EXISTS)
            ? NULL
            : g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, assay, "demo", directory, NULL);
  if (error == NULL && demo != NULL)
    g_subprocess_wait_check (demo, NULL, &error);
  if (error == NULL)
    g_task_return_pointer (task, g_steal_pointer (&directory), g_free);
  else
    g_task_return_error (task, error);
}

void
assay_sample_prepare (GAsyncReadyCallback done, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, done, user_data);
  g_task_run_in_thread (task, prepare);
}

char *
assay_sample_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
