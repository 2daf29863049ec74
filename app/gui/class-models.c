/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/class-models.h"

#include "core/media.h"

#include <string.h>

static void
model_free (gpointer data)
{
  if (data != NULL)
    assay_model_free (data);
}

GPtrArray *
assay_class_models_load (const AssayProject *project, const AssayTask *task)
{
  static const char *const types[] = { "ply", "obj" };
  static const AssaySha256 none = { 0 };
  GPtrArray *models = g_ptr_array_new_with_free_func (model_free);
  for (guint i = 0; i < task->classes->len; i++)
    {
      const AssayClass *class = task->classes->pdata[i];
      AssayModel *model = NULL;
      for (guint t = 0;
           model == NULL && t < G_N_ELEMENTS (types) && memcmp (&class->model, &none, sizeof none) != 0; t++)
        {
          g_autofree char *path = assay_media_dup_path (project, &class->model, types[t]);
          if (g_file_test (path, G_FILE_TEST_EXISTS))
            model = assay_model_load (path, class->model_unit_m, NULL);
        }
      g_ptr_array_add (models, model);
    }
  return models;
}
