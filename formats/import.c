/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/import-private.h"

#include "core/error.h"
#include "core/json.h"
#include "core/label.h"

#include <math.h>
#include <string.h>

#define MAX_SKIPPED 1000
#define STEP_US (G_USEC_PER_SEC / 4)

static void
import_task_free (gpointer data)
{
  AssayImportTask *known = data;
  assay_task_free (known->task);
  g_free (known);
}

AssayImport *
assay_import_new (AssayProject *project, const AssayImportOptions *options, AssayProgress *progress)
{
  AssayImport *import = g_new0 (AssayImport, 1);
  import->project = project;
  import->task_name = g_strdup (options->task);
  import->media_dir = options->media_dir != NULL ? g_canonicalize_filename (options->media_dir, NULL) : NULL;
  import->group_by = options->group_by;
  import->annotator_name = g_strdup (options->annotator);
  import->is_model = options->model;
  import->progress = progress;
  import->tasks = g_ptr_array_new_with_free_func (import_task_free);
  import->roots = g_ptr_array_new_with_free_func (g_free);
  import->seen = g_hash_table_new (g_direct_hash, g_direct_equal);
  import->skipped = json_array ();
  import->lossy_names = g_ptr_array_new_with_free_func (g_free);
  import->lossy = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  return import;
}

void
assay_import_free (AssayImport *import)
{
  if (import == NULL)
    return;
  assay_transaction_clear (&import->transaction);
  g_free (import->task_name);
  g_free (import->media_dir);
  g_free (import->annotator_name);
  assay_annotator_free (import->annotator);
  g_free (import->path);
  g_free (import->folder);
  g_free (import->suggested);
  g_ptr_array_unref (import->tasks);
  g_ptr_array_unref (import->roots);
  g_hash_table_unref (import->seen);
  json_decref (import->skipped);
  g_hash_table_unref (import->lossy);
  g_ptr_array_unref (import->lossy_names);
  g_clear_pointer (&import->tails, g_hash_table_unref);
  g_clear_pointer (&import->media_tails, g_hash_table_unref);
  g_free (import);
}

/* ---- steps ---- */

gboolean
assay_import_begin (AssayImport *import, GError **error)
{
  if (import->began_us != 0)
    return TRUE;
  if (!assay_transaction_begin (&import->transaction, import->project->store, error))
    return FALSE;
  import->began_us = g_get_monotonic_time ();
  return TRUE;
}

gboolean
assay_import_commit (AssayImport *import, GError **error)
{
  if (import->began_us == 0)
    return TRUE;
  import->began_us = 0;
  return assay_transaction_commit (&import->transaction, error);
}

gboolean
assay_import_end (AssayImport *import, GError **error)
{
  return g_get_monotonic_time () - import->began_us < STEP_US || assay_import_commit (import, error);
}

gboolean
assay_import_step (AssayImport *import, guint64 done, guint64 total, GError **error)
{
  assay_progress_set (import->progress, done, total);
  return !assay_progress_stopped (import->progress, error);
}

AssayProgress *
assay_import_get_progress (AssayImport *import)
{
  return import->progress;
}

gboolean
assay_import_read (AssayImport *import, const AssayFormat *format, const char *path, GError **error)
{
  if (format->read == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "importing %s: %s is written but not read; `assay formats` tells which are", path, format->id);
      return FALSE;
    }
  g_free (import->path);
  g_free (import->folder);
  g_clear_pointer (&import->suggested, g_free);
  import->format = format;
  import->path = g_canonicalize_filename (path, NULL);
  import->folder = g_path_get_dirname (import->path);
  g_autofree char *said = g_strdup_printf ("reading %s", path);
  assay_progress_say (import->progress, said);
  return format->read (import, path, error) && assay_import_commit (import, error);
}

/* ---- what was found, left out, lost ---- */

const AssayImportCounts *
assay_import_get_counts (const AssayImport *import)
{
  return &import->counts;
}

void
assay_import_skip (AssayImport *import, const char *path, const char *why)
{
  if (import->counts.skipped++ >= MAX_SKIPPED)
    return;
  g_autofree char *path_utf8 = g_filename_display_name (path);
  g_autofree char *why_utf8 = g_utf8_make_valid (why, -1);
  json_array_append_new (import->skipped, json_pack ("{s:s, s:s}", "path", path_utf8, "why", why_utf8));
}

/* Messages begin with what was being done to which file; where the file is named beside, that is said once. */
static const char *
without_path (const char *message, const char *path)
{
  const char *at = strstr (message, path);
  gsize n = strlen (path);
  if (at == NULL || at - message > 24 || !g_str_has_prefix (at + n, ": "))
    return message;
  return at + n + 2;
}

gboolean
assay_import_forgive (AssayImport *import, const char *path, const char *entry, GError **error)
{
  GError *wrong = *error;
  if (wrong == NULL || wrong->domain != ASSAY_ERROR
      || (wrong->code != ASSAY_ERROR_BAD_DATA && wrong->code != ASSAY_ERROR_NOT_FOUND
          && wrong->code != ASSAY_ERROR_UNSUPPORTED))
    return FALSE;
  const char *message = without_path (wrong->message, path);
  g_autofree char *why = entry != NULL ? g_strdup_printf ("%s: %s", entry, message) : g_strdup (message);
  assay_import_skip (import, path, why);
  g_clear_error (error);
  return TRUE;
}

json_t *
assay_import_get_skipped (const AssayImport *import)
{
  json_t *skipped = json_deep_copy (import->skipped);
  if (import->counts.skipped > MAX_SKIPPED)
    json_array_append_new (
        skipped, json_pack ("{s:n, s:o}", "path", "why",
                            json_sprintf ("and %" G_GUINT64_FORMAT " more", import->counts.skipped - MAX_SKIPPED)));
  return skipped;
}

void
assay_import_lossy (AssayImport *import, const char *what, guint64 n)
{
  guint64 *count = g_hash_table_lookup (import->lossy, what);
  if (n == 0)
    return;
  if (count == NULL)
    {
      char *name = g_strdup (what);
      count = g_new0 (guint64, 1);
      g_ptr_array_add (import->lossy_names, name);
      g_hash_table_insert (import->lossy, name, count);
    }
  *count += n;
}

json_t *
assay_import_get_lossy (const AssayImport *import)
{
  json_t *lossy = json_array ();
  for (guint i = 0; i < import->lossy_names->len; i++)
    {
      const char *what = import->lossy_names->pdata[i];
      const guint64 *count = g_hash_table_lookup (import->lossy, what);
      json_array_append_new (lossy, json_pack ("{s:s, s:I}", "what", what, "count", (json_int_t) *count));
    }
  return lossy;
}

/* ---- tasks ---- */

static AssayImportTask *
remember (AssayImport *import, AssayTask *take_task, gboolean changed)
{
  AssayImportTask *known = g_new0 (AssayImportTask, 1);
  known->task = take_task;
  known->changed = changed;
  g_ptr_array_add (import->tasks, known);
  return known;
}

/* In memory first, then in the project. */
static AssayTask *
find_task (AssayImport *import, const char *name, GError **error)
{
  for (guint i = 0; i < import->tasks->len; i++)
    {
      AssayImportTask *known = import->tasks->pdata[i];
      if (g_str_equal (known->task->name, name))
        return known->task;
    }
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssayTask) task = assay_task_find (import->project->store, name, &wrong);
  if (task != NULL)
    return remember (import, g_steal_pointer (&task), FALSE)->task;
  if (!g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

void
assay_import_suggest_task (AssayImport *import, const char *name)
{
  g_free (import->suggested);
  import->suggested = *name != '\0' && g_utf8_validate (name, -1, NULL) ? g_strdup (name) : NULL;
}

/* "instances_train.json" is called train; a name that says nothing gives way to the kind's. */
static char *
name_from_file (AssayImport *import, const AssayKind *kind)
{
  g_autofree char *base = g_path_get_basename (import->path);
  char *dot = strchr (base + 1, '.');
  if (dot != NULL)
    *dot = '\0';
  static const char *const said_by_the_kind[] = { "instances_", "person_keypoints_", "keypoints_" };
  const char *name = base;
  for (guint i = 0; i < G_N_ELEMENTS (said_by_the_kind); i++)
    if (g_str_has_prefix (name, said_by_the_kind[i]))
      name += strlen (said_by_the_kind[i]);
  gboolean empty = *name == '\0' || g_str_equal (name, "_annotations") || g_str_equal (name, "annotations")
                   || !g_utf8_validate (name, -1, NULL);
  return g_strdup (empty ? kind->id : name);
}

/* The only task of that kind, in memory or in the project; NULL when there are none or several. */
static gboolean
find_only (AssayImport *import, const AssayKind *kind, AssayTask **ret_task, GError **error)
{
  g_autoptr (GPtrArray) tasks = assay_task_list (import->project->store, error);
  if (tasks == NULL)
    return FALSE;
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint i = 0; i < tasks->len; i++)
    if (((AssayTask *) tasks->pdata[i])->kind == kind)
      g_hash_table_add (names, ((AssayTask *) tasks->pdata[i])->name);
  for (guint i = 0; i < import->tasks->len; i++)
    if (((AssayImportTask *) import->tasks->pdata[i])->task->kind == kind)
      g_hash_table_add (names, ((AssayImportTask *) import->tasks->pdata[i])->task->name);
  GHashTableIter iter;
  gpointer name = NULL;
  g_hash_table_iter_init (&iter, names);
  *ret_task = NULL;
  if (g_hash_table_size (names) != 1 || !g_hash_table_iter_next (&iter, &name, NULL))
    return TRUE;
  *ret_task = find_task (import, name, error);
  return *ret_task != NULL;
}

/* A name that a task of another kind has already is followed by the kind. */
static AssayTask *
find_or_make (AssayImport *import, const AssayKind *kind, GError **error)
{
  gboolean told = import->suggested != NULL;
  g_autofree char *name = told ? g_strdup (import->suggested) : name_from_file (import, kind);
  g_autofree char *longer = g_strdup_printf ("%s-%s", name, kind->id);
  const char *const names[] = { name, longer };
  const char *free_name = NULL;
  g_autoptr (GError) wrong = NULL;
  AssayTask *task = NULL;
  for (guint i = 0; i < G_N_ELEMENTS (names) && wrong == NULL; i++)
    {
      task = find_task (import, names[i], &wrong);
      if (task != NULL && task->kind == kind)
        return task;
      free_name = free_name == NULL && task == NULL ? names[i] : free_name;
    }
  if (wrong == NULL && !told && find_only (import, kind, &task, &wrong) && task != NULL)
    return task;
  if (wrong == NULL && free_name == NULL)
    g_set_error (&wrong, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                 "importing: tasks %s and %s are of other kinds; name one with --task", name, longer);
  if (wrong == NULL)
    return remember (import, assay_task_new (free_name, kind), TRUE)->task;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

const AssayKind *
assay_import_get_kind (AssayImport *import, GError **error)
{
  AssayTask *task = import->task_name != NULL ? find_task (import, import->task_name, error) : NULL;
  return task != NULL ? task->kind : NULL;
}

AssayTask *
assay_import_task (AssayImport *import, const AssayKind *kind, GError **error)
{
  if (import->task_name == NULL)
    return find_or_make (import, kind, error);
  g_autoptr (GError) wrong = NULL;
  AssayTask *task = find_task (import, import->task_name, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  if (task == NULL)
    return remember (import, assay_task_new (import->task_name, kind), TRUE)->task;
  if (task->kind == kind)
    return task;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
               "task %s: it asks for %s, and this is %s; name a task of that kind", task->name, task->kind->id,
               kind->id);
  return NULL;
}

void
assay_import_task_changed (AssayImport *import, AssayTask *task)
{
  for (guint i = 0; i < import->tasks->len; i++)
    {
      AssayImportTask *known = import->tasks->pdata[i];
      known->changed = known->changed || known->task == task;
    }
}

AssayClass *
assay_import_class (AssayImport *import, AssayTask *task, const char *name, gint64 source_id, const json_t *extra)
{
  AssayClass *class = assay_task_find_class_named (task, name);
  gboolean is_new = class == NULL;
  if (is_new)
    {
      class = assay_task_add_class (task, name);
      import->counts.classes_added++;
    }
  gboolean tells_id = class->source_id < 0 && source_id >= 0;
  gboolean tells_extra = class->extra == NULL && extra != NULL && json_object_size (extra) > 0;
  if (tells_id)
    class->source_id = source_id;
  if (tells_extra)
    class->extra = json_deep_copy (extra);
  if (is_new || tells_id || tells_extra)
    assay_import_task_changed (import, task);
  return class;
}

AssayId
assay_import_node (AssayImport *import, AssayTask *task, const char *name)
{
  for (guint i = 0; i < task->nodes->len; i++)
    {
      const AssayNode *node = &g_array_index (task->nodes, AssayNode, i);
      if (g_str_equal (node->name, name))
        return node->id;
    }
  assay_import_task_changed (import, task);
  return assay_task_add_node (task, name)->id;
}

/* A task that changed gets its new revision before a label names it. */
static gboolean
save_task (AssayImport *import, AssayTask *task, GError **error)
{
  for (guint i = 0; i < import->tasks->len; i++)
    {
      AssayImportTask *known = import->tasks->pdata[i];
      if (known->task != task || (!known->changed && task->row != 0))
        continue;
      if (!assay_task_save (import->project->store, task, &import->annotator->id, error))
        return FALSE;
      known->changed = FALSE;
    }
  return TRUE;
}

/* ---- labels ---- */

AssayId
assay_import_object_id (AssayImport *import, const AssayItem *item, const char *entry)
{
  char id[ASSAY_ID_TEXT_SIZE];
  g_autofree char *text = g_strdup_printf ("%s/%s/%s", assay_id_to_text (&item->id, id), import->format->id, entry);
  return assay_id_derive ("imported object", text, strlen (text));
}

/* Given before and changed since: importing the same file again must not undo people's work. */
static gboolean
was_given (AssayImport *import, const AssayLabel *label, const AssayTask *task, gboolean *ret_given, GError **error)
{
  g_autoptr (GPtrArray) history = assay_label_history (import->project->store, label->item_row, task, error);
  if (history == NULL)
    return FALSE;
  *ret_given = FALSE;
  for (guint i = 0; i < history->len && !*ret_given; i++)
    {
      const AssayLabel *before = history->pdata[i];
      *ret_given = before->annotator_row == label->annotator_row && g_strcmp0 (before->tool, label->tool) == 0
                   && assay_objects_equal (before->objects, label->objects);
    }
  return TRUE;
}

static gboolean
save_label (AssayImport *import, AssayLabel *label, const AssayTask *task, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (AssayLabel) head
      = assay_label_get (import->project->store, label->item_row, task, label->annotator_row, &wrong);
  /* The head first: reading all that came before it is only worth it when it is not the same. */
  gboolean known
      = head != NULL && assay_objects_equal (head->objects, label->objects) && head->state == label->state;
  if (wrong == NULL && head != NULL && !known)
    was_given (import, label, task, &known, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  gboolean added = FALSE;
  if (!known && !assay_label_save (import->project->store, label, &added, error))
    return FALSE;
  if (!added)
    {
      import->counts.labels_known++;
      return TRUE;
    }
  import->counts.labels_added++;
  import->counts.objects_added += label->objects->list->len;
  if (head != NULL)
    assay_import_lossy (import, "earlier answers of the same annotator replaced (history keeps them)", 1);
  return TRUE;
}

/* Nobody's opinions become predictions, nor the other way round. */
static gboolean
check_is_model (const AssayImport *import, GError **error)
{
  if ((import->annotator->kind == ASSAY_ANNOTATOR_MODEL) == import->is_model)
    return TRUE;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT, "importing answers of %s: that is %s here; %s", import->annotator->name,
               import->is_model ? "a person" : "a model",
               import->is_model ? "give the model another name" : "say --model, or give the person another name");
  return FALSE;
}

gboolean
assay_import_label (AssayImport *import, const AssayItem *item, AssayTask *task, AssayObjects *take_objects,
                    GError **error)
{
  g_autoptr (AssayObjects) objects = take_objects;
  if (import->annotator == NULL)
    import->annotator
        = assay_annotator_ensure (import->project->store, import->annotator_name,
                                  import->is_model ? ASSAY_ANNOTATOR_MODEL : ASSAY_ANNOTATOR_PERSON, error);
  if (import->annotator == NULL || !check_is_model (import, error) || !assay_import_begin (import, error)
      || !save_task (import, task, error))
    return FALSE;
  g_autoptr (AssayLabel) label = assay_label_new (item, task, import->annotator);
  assay_objects_free (label->objects);
  label->objects = g_steal_pointer (&objects);
  label->state = import->is_model ? ASSAY_LABEL_DRAFT : ASSAY_LABEL_SUBMITTED;
  label->seconds = NAN;
  g_free (label->tool);
  label->tool = g_strdup_printf ("import %s", import->format->id);
  return save_label (import, label, task, error) && assay_import_end (import, error);
}
