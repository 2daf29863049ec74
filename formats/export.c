/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "formats/export-private.h"

#include "core/error.h"
#include "core/flag.h"
#include "core/json.h"
#include "core/scope.h"
#include "core/sound-gap.h"

#include <string.h>

/* ---- options ---- */

static void
where_clear (gpointer data)
{
  AssayExportWhere *where = data;
  g_free (where->key);
  g_free (where->value);
}

static gboolean
parse_where (AssayExport *export, const char *text, GError **error)
{
  static const char *const keys[] = { "class", "split", "group", "name", NULL };
  g_auto (GStrv) parts = g_strsplit (text != NULL ? text : "", ",", -1);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equals = strchr (parts[i], '=');
      if (equals != NULL)
        *equals = '\0';
      if (equals == NULL || !(g_strv_contains (keys, parts[i]) || g_str_has_prefix (parts[i], "condition.")))
        {
          g_set_error (
              error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
              "--where \"%s\": write KEY=VALUE with class, split, group, name or condition.NAME, commas between",
              text);
          return FALSE;
        }
      AssayExportWhere where = { g_strdup (parts[i]), g_strdup (equals + 1) };
      g_array_append_val (export->where, where);
    }
  return TRUE;
}

static gboolean
check_options (AssayExport *export, const AssayExportOptions *options, GError **error)
{
  static const char *const splits[] = { "train", "val", "test", NULL };
  if (options->format->write == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 "exporting to %s: it is read but not written; `assay formats` tells which are",
                 options->format->id);
  else if (options->split != NULL && !g_strv_contains (splits, options->split))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "--split %s: it is none of train, val, test",
                 options->split);
  else if (options->fraction < 1 || options->fraction > 100)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "--fraction %u: it is a percentage, 10, 25, 50 or 100",
                 options->fraction);
  else
    return parse_where (export, options->where, error);
  return FALSE;
}

/* Tasks to write; the others are told when a row has a label of theirs. */
static gboolean
choose_tasks (AssayExport *export, const char *name, GError **error)
{
  const GPtrArray *all = assay_snapshot_get_tasks (export->snapshot);
  gboolean found = FALSE;
  for (guint i = 0; i < all->len; i++)
    {
      const AssayTask *task = all->pdata[i];
      if (name != NULL && !g_str_equal (task->name, name))
        continue;
      found = TRUE;
      if (!g_strv_contains (export->format->kinds, task->kind->id))
        continue;
      g_ptr_array_add (export->tasks, (gpointer) task);
      g_array_append_val (export->task_at, i);
    }
  if (name == NULL || (found && export->tasks->len > 0))
    return TRUE;
  if (!found)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "exporting: there is no task %s here; `assay task list` shows them", name);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 "exporting to %s: it cannot hold task %s; `assay formats` tells what each holds",
                 export->format->id, name);
  return FALSE;
}

static json_t *
options_to_json (const AssayExportOptions *options)
{
  json_t *json = json_pack ("{s:s?, s:s?, s:s?, s:i, s:b}", "task", options->task, "split", options->split, "where",
                    options->where, "fraction", (int) options->fraction, "undecided", options->undecided);
  if (options->without_withdrawn)
    json_object_set_new (json, "without_withdrawn", json_true ());
  return json;
}

/* Those who took their consent back stay in no export, also not of a version made before. */
static gboolean
load_withdrawn (AssayExport *export, GError **error)
{
  g_autoptr (GArray) rows = assay_flag_list_items (export->project->store, ASSAY_FLAG_WITHDRAWN, error);
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      g_autoptr (AssayItem) item
          = assay_item_get_row (export->project->store, g_array_index (rows, gint64, i), error);
      if (item == NULL)
        return FALSE;
      g_hash_table_insert (export->withdrawn, g_memdup2 (&item->id, sizeof item->id), GINT_TO_POINTER (FALSE));
    }
  return rows != NULL;
}

AssayExport *
assay_export_new (AssayProject *project, const char *out, const AssayExportOptions *options,
                  AssayProgress *progress, GError **error)
{
  g_autoptr (AssayExport) export = g_new0 (AssayExport, 1);
  export->project = project;
  export->progress = progress;
  export->format = options->format;
  export->options = options_to_json (options);
  export->where = g_array_new (FALSE, FALSE, sizeof (AssayExportWhere));
  g_array_set_clear_func (export->where, where_clear);
  export->split = g_strdup (options->split);
  export->fraction = options->fraction;
  export->undecided = options->undecided;
  export->strict = options->strict;
  export->without_withdrawn = options->without_withdrawn;
  export->withdrawn = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  export->tasks = g_ptr_array_new ();
  export->task_at = g_array_new (FALSE, FALSE, sizeof (guint));
  export->lossy_names = g_ptr_array_new_with_free_func (g_free);
  export->lossy = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  if (!check_options (export, options, error))
    return NULL;
  export->snapshot = assay_snapshot_open (project, options->version, error);
  if (export->snapshot == NULL || !load_withdrawn (export, error) || !choose_tasks (export, options->task, error)
      || !assay_export_folder_begin (export, out, error))
    return NULL;
  return g_steal_pointer (&export);
}

void
assay_export_free (AssayExport *export)
{
  if (export == NULL)
    return;
  assay_export_folder_clear (export);
  assay_snapshot_close (export->snapshot);
  assay_film_close (export->film);
  json_decref (export->options);
  g_array_unref (export->where);
  g_free (export->split);
  g_free (export->last_folder);
  g_free (export->last_path);
  g_hash_table_unref (export->withdrawn);
  g_ptr_array_unref (export->tasks);
  g_array_unref (export->task_at);
  g_hash_table_unref (export->lossy);
  g_ptr_array_unref (export->lossy_names);
  g_free (export);
}

AssayProject *
assay_export_get_project (AssayExport *export)
{
  return export->project;
}

AssayProgress *
assay_export_get_progress (AssayExport *export)
{
  return export->progress;
}

const GPtrArray *
assay_export_get_tasks (const AssayExport *export)
{
  return export->tasks;
}

/* ---- rows ---- */

static const AssayTruth *
truth_of (const AssayExport *export, const AssayRow *row, guint task)
{
  const AssayTask *wanted = export->tasks->pdata[task];
  guint at = g_array_index (export->task_at, guint, task);
  /* In the order of the snapshot's tasks; looked for by task as well, in case a row leaves out those without an
   * answer. */
  if (at < row->truths->len && ((AssayTruth *) row->truths->pdata[at])->task == wanted)
    return row->truths->pdata[at];
  for (guint i = 0; i < row->truths->len; i++)
    if (((AssayTruth *) row->truths->pdata[i])->task == wanted)
      return row->truths->pdata[i];
  return NULL;
}

const AssayTruth *
assay_export_truth (const AssayExport *export, const AssayRow *row, guint task)
{
  static const AssayTruth nothing = { .how = ASSAY_TRUTH_NONE };
  const AssayTask *wanted = export->tasks->pdata[task];
  const AssayTruth *truth = truth_of (export, row, task);
  if (truth != NULL && truth->objects != NULL)
    return truth;
  if (!export->undecided || row->item->media_kind != assay_scope_get_media (wanted))
    return NULL;
  return truth != NULL ? truth : &nothing;
}

static gboolean
has_class (const AssayRow *row, const char *name)
{
  for (guint t = 0; t < row->truths->len; t++)
    {
      const AssayTruth *truth = row->truths->pdata[t];
      for (guint i = 0; truth->objects != NULL && i < truth->objects->list->len; i++)
        {
          const AssayObject *object = truth->objects->list->pdata[i];
          const AssayClass *class = assay_task_find_class (truth->task, &object->class_id);
          if (class != NULL && g_str_equal (class->name, name))
            return TRUE;
        }
    }
  return FALSE;
}

static gboolean
holds (const AssayRow *row, const AssayExportWhere *where)
{
  if (g_str_equal (where->key, "class"))
    return has_class (row, where->value);
  if (g_str_equal (where->key, "split"))
    return g_str_equal (assay_split_to_text (row->split), where->value);
  if (g_str_equal (where->key, "group"))
    return g_str_equal (row->item->group, where->value);
  if (g_str_equal (where->key, "name"))
    return g_pattern_match_simple (where->value, row->item->name);
  const json_t *conditions = json_object_get (row->item->facts, "conditions");
  const json_t *value = json_object_get (conditions, where->key + strlen ("condition."));
  g_autofree char *text = value == NULL || json_is_string (value) ? NULL : assay_json_canonical (value);
  return g_strcmp0 (text != NULL ? text : json_string_value (value), where->value) == 0;
}

/* Whole groups, by a hash of their name: what is in 10 % is in 25 %. */
static gboolean
is_in_fraction (const AssayExport *export, const AssayRow *row)
{
  if (export->fraction >= 100)
    return TRUE;
  AssaySha256 hash = assay_sha256_hmac ("assay fraction", strlen ("assay fraction"), row->item->group,
                                        strlen (row->item->group));
  guint64 start = 0;
  for (guint i = 0; i < 8; i++)
    start = start << 8 | hash.bytes[i];
  return (double) start / 18446744073709551616.0 < export->fraction / 100.0;
}

static gboolean
is_selected (const AssayExport *export, const AssayRow *row)
{
  if (export->split != NULL && !g_str_equal (assay_split_to_text (row->split), export->split))
    return FALSE;
  for (guint i = 0; i < export->where->len; i++)
    if (!holds (row, &g_array_index (export->where, AssayExportWhere, i)))
      return FALSE;
  return is_in_fraction (export, row);
}

/* TRUE when there is something to write about the row; counts it. */
static gboolean
count (AssayExport *export, const AssayRow *row)
{
  gboolean wanted = FALSE;
  for (guint i = 0; i < export->tasks->len; i++)
    {
      const AssayTruth *truth = truth_of (export, row, i);
      wanted = wanted || assay_export_truth (export, row, i) != NULL;
      export->n_undecided += truth != NULL && truth->how == ASSAY_TRUTH_UNDECIDED;
      if (truth == NULL || truth->objects == NULL)
        continue;
      export->n_labels++;
      export->n_objects += truth->objects->list->len;
    }
  for (guint i = 0; i < row->truths->len; i++)
    {
      const AssayTruth *truth = row->truths->pdata[i];
      if (truth->objects == NULL || json_is_string (json_object_get (export->options, "task"))
          || g_strv_contains (export->format->kinds, truth->task->kind->id))
        continue;
      g_autofree char *what = g_strdup_printf ("labels of task %s (%s)", truth->task->name, truth->task->kind->id);
      assay_export_lossy (export, what, 1);
    }
  export->n_items += wanted;
  if (wanted && row->item->media_kind == ASSAY_MEDIA_SOUND)
    assay_export_lossy (export, "samples that were lost while recording, nobody knows where",
                        (guint64) assay_sound_gaps_count_unplaced (row->item->facts));
  return wanted;
}

/* Only a version made before the withdrawal still has such a row. */
static gboolean
leave_out (AssayExport *export, const AssayRow *row, GError **error)
{
  if (export->without_withdrawn)
    {
      g_hash_table_insert (export->withdrawn, g_memdup2 (&row->item->id, sizeof row->item->id), GINT_TO_POINTER (TRUE));
      return TRUE;
    }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
               "exporting version %.12s: %s was withdrawn since; export with --without-withdrawn, which leaves such items "
               "out and names them",
               assay_snapshot_get_version (export->snapshot), row->item->name);
  return FALSE;
}

AssayRow *
assay_export_next (AssayExport *export, GError **error)
{
  for (;;)
    {
      assay_progress_set (export->progress, export->n_read++, assay_snapshot_get_n_items (export->snapshot));
      if (assay_progress_stopped (export->progress, error))
        return NULL;
      g_autoptr (AssayRow) row = assay_snapshot_next (export->snapshot, error);
      if (row == NULL)
        return NULL;
      if (!is_selected (export, row))
        continue;
      if (g_hash_table_contains (export->withdrawn, &row->item->id))
        {
          if (!leave_out (export, row, error))
            return NULL;
          continue;
        }
      if (count (export, row))
        return g_steal_pointer (&row);
    }
}

gboolean
assay_export_each (AssayExport *export, AssayExportVisit visit, gpointer data, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  for (;;)
    {
      g_autoptr (AssayRow) row = assay_export_next (export, &wrong);
      if (row == NULL)
        break;
      if (!visit (export, row, data, error))
        return FALSE;
    }
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* ---- the whole ---- */

void
assay_export_lossy (AssayExport *export, const char *what, guint64 n)
{
  guint64 *known = g_hash_table_lookup (export->lossy, what);
  if (n == 0)
    return;
  if (known == NULL)
    {
      char *name = g_strdup (what);
      known = g_new0 (guint64, 1);
      g_ptr_array_add (export->lossy_names, name);
      g_hash_table_insert (export->lossy, name, known);
    }
  *known += n;
}

static json_t *
lossy_to_json (const AssayExport *export)
{
  json_t *lossy = json_array ();
  for (guint i = 0; i < export->lossy_names->len; i++)
    {
      const guint64 *n = g_hash_table_lookup (export->lossy, export->lossy_names->pdata[i]);
      json_array_append_new (
          lossy, json_pack ("{s:s, s:I}", "what", export->lossy_names->pdata[i], "count", (json_int_t) *n));
    }
  return lossy;
}

static int
by_id (gconstpointer a, gconstpointer b)
{
  return assay_id_compare (*(const AssayId *const *) a, *(const AssayId *const *) b);
}

/* Ids of what was left out, sorted, so that the same export has the same bytes. */
static json_t *
withdrawn_to_json (const AssayExport *export)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  json_t *list = json_array ();
  GHashTableIter iter;
  gpointer id, left_out;
  g_hash_table_iter_init (&iter, export->withdrawn);
  while (g_hash_table_iter_next (&iter, &id, &left_out))
    if (GPOINTER_TO_INT (left_out))
      g_ptr_array_add (ids, id);
  g_ptr_array_sort (ids, by_id);
  for (guint i = 0; i < ids->len; i++)
    json_array_append_new (list, assay_json_id (ids->pdata[i]));
  return list;
}

json_t *
assay_export_get_answer (const AssayExport *export)
{
  return json_pack ("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:{s:I, s:I}, s:o, s:o}", "format", export->format->id, "version",
                    assay_snapshot_get_version (export->snapshot), "items", (json_int_t) export->n_items, "labels",
                    (json_int_t) export->n_labels, "objects", (json_int_t) export->n_objects, "undecided",
                    (json_int_t) export->n_undecided, "files", (json_int_t) export->n_files, "bytes",
                    (json_int_t) export->n_bytes, "filled", "files", (json_int_t) export->n_filled_files, "samples",
                    (json_int_t) export->n_filled, "lossy", lossy_to_json (export), "withdrawn", withdrawn_to_json (export));
}

gboolean
assay_export_run (AssayExport *export, GError **error)
{
  g_autofree char *said = g_strdup_printf ("exporting to %s", export->out);
  assay_progress_say (export->progress, said);
  if (!export->format->write (export, error))
    {
      g_prefix_error (error, "exporting to %s: ", export->out);
      return FALSE;
    }
  if (!export->strict || export->lossy_names->len == 0)
    return assay_export_folder_finish (export, error);
  const char *first = export->lossy_names->pdata[0];
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
               "exporting to %s: %s cannot hold %" G_GUINT64_FORMAT
               " %s%s; leave out --strict to export without, nothing was written",
               export->out, export->format->id, *(guint64 *) g_hash_table_lookup (export->lossy, first), first,
               export->lossy_names->len > 1 ? " and more" : "");
  return FALSE;
}
