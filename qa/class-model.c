/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/class-model.h"

#include "core/media.h"

#include <string.h>

AssayModel *
assay_class_load_model (const AssayProject *project, const AssayClass *class)
{
  static const char *const types[] = { "ply", "obj" };
  static const AssaySha256 none = { 0 };
  AssayModel *model = NULL;
  for (guint t = 0; model == NULL && t < G_N_ELEMENTS (types); t++)
    {
      g_autofree char *path = assay_media_dup_path (project, &class->model, types[t]);
      if (memcmp (&class->model, &none, sizeof none) != 0 && g_file_test (path, G_FILE_TEST_EXISTS))
        model = assay_model_load (path, class->model_unit_m, NULL);
    }
  return model;
}
