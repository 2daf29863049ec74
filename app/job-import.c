/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-import.h"

#include "core/error.h"
#include "core/json.h"
#include "formats/import.h"
#include "qa/arrival.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct
{
  AssayProject *project;
  const AssayJobImport *options;
  const AssayFormat *format; /* asked for; NULL = sniff */
  AssayProgress *progress;
  AssayImport *import;
  GPtrArray *labels, *media; /* of char *: what to read, what to bring in */
  GHashTable *visited;       /* "device:inode" of folders, so that links cannot lead in circles */
  GPtrArray *used;           /* of const char *: ids of formats that were read */
  AssayMergeCounts merged;
} Job;

static gboolean
is_project (const char *path)
{
  g_autofree char *database = g_build_filename (path, "project.db", NULL);
  return g_file_test (database, G_FILE_TEST_IS_REGULAR);
}

/* ---- what there is ---- */

/* Text that no format knows is neither label nor media, and need not be tried as a film. Meshes are told apart
 * later. */
static gboolean
is_text (const char *path)
{
  char head[512];
  const char *end = NULL;
  FILE *file = fopen (path, "re");
  gsize n = file != NULL ? fread (head, 1, sizeof head, file) : 0;
  if (file != NULL)
    fclose (file);
  gboolean valid = g_utf8_validate (head, (gssize) n, &end) || (n == sizeof head && end > head + n - 4);
  return n > 0 && valid && memchr (head, '\0', n) == NULL && !g_str_has_suffix (path, ".ply")
         && !g_str_has_suffix (path, ".obj");
}

/* EXPORT.json tells of an export and is no data. */
static void
add_file (Job *job, const char *path, gboolean named)
{
  g_autofree char *base = g_path_get_basename (path);
  if (!named && g_str_equal (base, "EXPORT.json"))
    return;
  const AssayFormat *found = assay_format_sniff (path);
  gboolean forced = named && job->format != NULL;
  gboolean other = job->format != NULL && found != job->format;
  gboolean is_label = forced || (found != NULL && !other);
  if (is_label || !is_text (path))
    g_ptr_array_add (is_label ? job->labels : job->media, g_strdup (path));
  else
    assay_import_skip (job->import, path,
                       "no format recognises this text; `assay formats` lists those that are read");
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

static void walk (Job *job, const char *folder);

static void
look_at (Job *job, const char *path)
{
  struct stat status;
  if (stat (path, &status) != 0)
    assay_import_skip (job->import, path, errno == ENOENT ? "it is a link to nothing" : g_strerror (errno));
  else if (S_ISDIR (status.st_mode) && is_project (path))
    assay_import_skip (job->import, path, "it is a project of its own; import it by name to merge it");
  else if (S_ISDIR (status.st_mode))
    walk (job, path);
  else if (S_ISREG (status.st_mode))
    add_file (job, path, FALSE);
  else
    assay_import_skip (job->import, path, "it is no regular file");
}

static void
walk (Job *job, const char *folder)
{
  struct stat status;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, &wrong);
  if (directory == NULL || stat (folder, &status) != 0)
    {
      assay_import_skip (job->import, folder, wrong != NULL ? wrong->message : g_strerror (errno));
      return;
    }
  char *key = g_strdup_printf ("%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT, (guint64) status.st_dev,
                               (guint64) status.st_ino);
  if (!g_hash_table_add (job->visited, key))
    return;
  for (const char *name; (name = g_dir_read_name (directory)) != NULL;)
    if (name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len && !assay_progress_stopped (job->progress, NULL); i++)
    {
      g_autofree char *path = g_build_filename (folder, names->pdata[i], NULL);
      look_at (job, path);
    }
}

/* ---- what is done ---- */

static gboolean
merge (Job *job, const char *path, GError **error)
{
  g_autoptr (GPtrArray) skipped = g_ptr_array_new_with_free_func (g_free);
  AssayMergeCounts counts = { .skipped = skipped };
  if (!assay_project_merge (job->project, path, &counts, job->progress, error))
    return FALSE;
  for (guint i = 0; i < skipped->len; i++)
    {
      GError *wrong = g_error_new_literal (ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, skipped->pdata[i]);
      assay_import_forgive (job->import, path, NULL, &wrong);
    }
  job->merged.items_added += counts.items_added;
  job->merged.items_known += counts.items_known;
  job->merged.labels_added += counts.labels_added;
  job->merged.objects_added += counts.objects_added;
  job->merged.media_added += counts.media_added;
  if (!g_ptr_array_find_with_equal_func (job->used, "project", g_str_equal, NULL))
    g_ptr_array_add (job->used, (gpointer) "project");
  return TRUE;
}

static gboolean
read_labels (Job *job, GError **error)
{
  for (guint i = 0; i < job->labels->len; i++)
    {
      const char *path = job->labels->pdata[i];
      g_autoptr (GError) wrong = NULL;
      const AssayFormat *format = job->format != NULL ? job->format : assay_format_sniff (path);
      if (format == NULL)
        continue; /* it changed since it was sniffed */
      if (!assay_import_read (job->import, format, path, &wrong)
          && !assay_import_forgive (job->import, path, NULL, &wrong))
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
      if (!g_ptr_array_find_with_equal_func (job->used, format->id, g_str_equal, NULL))
        g_ptr_array_add (job->used, (gpointer) format->id);
    }
  return TRUE;
}

static gboolean
bring_media (Job *job, GError **error)
{
  assay_progress_say (job->progress, "bringing in media");
  for (guint i = 0; i < job->media->len; i++)
    {
      const char *path = job->media->pdata[i];
      g_autoptr (AssayItem) item = NULL;
      g_autoptr (GError) wrong = NULL;
      if (!assay_import_step (job->import, i, job->media->len, error))
        return FALSE;
      if (assay_import_has_seen (job->import, path)
          || assay_import_media (job->import, path, NULL, NULL, &item, &wrong)
          || assay_import_forgive (job->import, path, NULL, &wrong))
        continue;
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  return assay_import_commit (job->import, error);
}

static char *
join_formats (const Job *job)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < job->used->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "," : "", (const char *) job->used->pdata[i]);
  return g_strdup (text->len > 0 ? text->str : "media");
}

static json_t *
make_answer (const Job *job)
{
  const AssayImportCounts *counts = assay_import_get_counts (job->import);
  const AssayMergeCounts *merged = &job->merged;
  g_autofree char *format = join_formats (job);
  return json_pack (
      "{s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:o}", "format", format, "media_added",
      (json_int_t) counts->media_added + merged->media_added, "media_known",
      (json_int_t) counts->media_known + merged->items_known, "labels_added",
      (json_int_t) counts->labels_added + merged->labels_added, "labels_known", (json_int_t) counts->labels_known,
      "objects_added", (json_int_t) counts->objects_added + merged->objects_added, "classes_added",
      (json_int_t) counts->classes_added, "lossy", assay_import_get_lossy (job->import), "skipped_total",
      (json_int_t) counts->skipped, "skipped", assay_import_get_skipped (job->import));
}

/* Who names one bad file wants to hear that, and not that nothing was added. */
static gboolean
nothing_came (const Job *job, const char *const *paths, GError **error)
{
  const AssayImportCounts *counts = assay_import_get_counts (job->import);
  if (counts->skipped == 0 || job->used->len > 0 || counts->media_added + counts->media_known > 0)
    return FALSE;
  for (guint i = 0; paths[i] != NULL; i++)
    if (g_file_test (paths[i], G_FILE_TEST_IS_DIR))
      return FALSE;
  g_autoptr (json_t) skipped = assay_import_get_skipped (job->import);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "importing %s: %s; nothing was imported", paths[0],
               assay_json_get_string (json_array_get (skipped, 0), "why"));
  return TRUE;
}

static gboolean
run (Job *job, const char *const *paths, GError **error)
{
  for (guint i = 0; paths[i] != NULL; i++)
    {
      g_autofree char *path = g_canonicalize_filename (paths[i], NULL);
      if (!g_file_test (path, G_FILE_TEST_IS_DIR))
        add_file (job, path, TRUE);
      else if (is_project (path))
        {
          if (!merge (job, path, error))
            return FALSE;
        }
      else
        {
          assay_import_add_root (job->import, path);
          walk (job, path);
        }
    }
  return !assay_progress_stopped (job->progress, error) && read_labels (job, error) && bring_media (job, error)
         && assay_arrival_measure (job->project, job->progress, NULL, error);
}

static gboolean
check (const char *const *paths, const AssayJobImport *options, const AssayFormat **ret_format,
       AssayGroupBy *ret_group_by, GError **error)
{
  *ret_format = options->format != NULL ? assay_format_find (options->format) : NULL;
  if (options->format != NULL && *ret_format == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "import: there is no format %s; `assay formats` lists them", options->format);
      return FALSE;
    }
  if (options->group_by != NULL && !assay_group_by_parse (options->group_by, ret_group_by, error))
    return FALSE;
  if (options->media_dir != NULL && !g_file_test (options->media_dir, G_FILE_TEST_IS_DIR))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "import: --media %s: there is no such folder",
                   options->media_dir);
      return FALSE;
    }
  for (guint i = 0; paths[i] != NULL; i++)
    if (!g_file_test (paths[i], G_FILE_TEST_EXISTS))
      {
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                     "importing %s: there is no such file or folder; nothing was imported", paths[i]);
        return FALSE;
      }
  return TRUE;
}

gboolean
assay_job_import (AssayProject *project, const char *const *paths, const AssayJobImport *options,
                  AssayProgress *progress, json_t **ret_answer, GError **error)
{
  AssayImportOptions sink
      = { .task = options->task, .annotator = options->annotator, .model = options->model, .media_dir = options->media_dir };
  const AssayFormat *format = NULL;
  if (!check (paths, options, &format, &sink.group_by, error))
    return FALSE;
  g_autoptr (AssayImport) import = assay_import_new (project, &sink, progress);
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) media = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) used = g_ptr_array_new ();
  g_autoptr (GHashTable) visited = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Job job = { .project = project,
              .options = options,
              .format = format,
              .progress = progress,
              .import = import,
              .labels = labels,
              .media = media,
              .used = used,
              .visited = visited };
  if (!run (&job, paths, error) || nothing_came (&job, paths, error))
    return FALSE;
  *ret_answer = make_answer (&job);
  return TRUE;
}
