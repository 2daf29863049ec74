/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/import.h"

#include "app/gui/page.h"
#include "app/job-import.h"
#include "core/json.h"

typedef struct
{
  char *path, *annotator;
  json_t *answer;
} Import;

static void
import_free (Import *import)
{
  g_free (import->path);
  g_free (import->annotator);
  json_decref (import->answer);
  g_free (import);
}

static gboolean
bring_in (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  Import *import = data;
  const char *const paths[] = { import->path, NULL };
  const AssayJobImport options = { .annotator = import->annotator };
  return assay_job_import (project, paths, &options, progress, &import->answer, error);
}

static void
on_brought_in (gpointer owner, gpointer data, const GError *error)
{
  const Import *import = data;
  assay_page_show_error (owner, error);
  if (error != NULL)
    return;
  gint64 added = 0, known = 0, labels = 0;
  assay_json_get_int (import->answer, "media_added", &added);
  assay_json_get_int (import->answer, "media_known", &known);
  assay_json_get_int (import->answer, "labels_added", &labels);
  size_t skipped = json_array_size (json_object_get (import->answer, "skipped"));
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "Imported %" G_GINT64_FORMAT " files", added);
  if (known > 0)
    g_string_append_printf (text, ", %" G_GINT64_FORMAT " were here already", known);
  if (labels > 0)
    g_string_append_printf (text, ", %" G_GINT64_FORMAT " labels", labels);
  if (skipped > 0)
    {
      const json_t *first = json_array_get (json_object_get (import->answer, "skipped"), 0);
      g_autofree char *name = g_path_get_basename (assay_json_get_string (first, "path"));
      g_string_append_printf (text, "; skipped %zu, the first %s: %s", skipped, name,
                              assay_json_get_string (first, "why"));
    }
  assay_page_toast (owner, text->str);
}

void
assay_import_start (GtkWidget *from, AssayDesk *desk, const char *path)
{
  const AssayAnnotator *annotator = assay_desk_get_annotator (desk);
  Import *import = g_new0 (Import, 1);
  import->path = g_strdup (path);
  import->annotator = g_strdup (annotator != NULL ? annotator->name : NULL);
  assay_desk_start_job (desk, "Importing", ASSAY_STORE_WRITE, bring_in, import, (GDestroyNotify) import_free,
                        on_brought_in, from);
}
