/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sample.h"

#include "app/job-demo.h"

static void
prepare (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), "assay", "sample", NULL);
  g_autofree char *database = g_build_filename (directory, "project.db", NULL);
  g_autofree char *parent = g_path_get_dirname (directory);
  g_mkdir_with_parents (parent, 0755);
  if (g_file_test (database, G_FILE_TEST_EXISTS) || assay_job_demo (directory, NULL, NULL, &error))
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
