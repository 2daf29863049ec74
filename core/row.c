/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/row.h"

#include "core/error.h"
#include "core/json.h"
#include "core/plan.h"

#include <string.h>

gboolean
assay_split_rule_get (AssayProject *project, AssaySplitRule *ret_rule, GError **error)
{
  g_autoptr (AssayPlan) plan = assay_plan_get (project->store, error);
  if (plan == NULL)
    return FALSE;
  AssaySplitRule rule = { .val = plan->split_val, .test = plan->split_test };
  memcpy (rule.salt, project->split_salt, sizeof rule.salt);
  *ret_rule = rule;
  return TRUE;
}

/* Value and author of the chosen revision, put into `truth`. */
static gboolean
write_label (AssayStore *store, gint64 revision_row, json_t *truth, guint64 *n_objects, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error,
                          "SELECT revision.id, annotator.id, n_objects, value FROM revision"
                          " JOIN annotator ON annotator.row = revision.annotator WHERE revision.row = ?",
                          "i", revision_row))
    return FALSE;
  if (!assay_rows_next (&rows, error))
    return FALSE;
  AssayId revision = assay_rows_get_id (&rows, 0), annotator = assay_rows_get_id (&rows, 1);
  const char *value = assay_rows_get_text (&rows, 3);
  json_t *label = assay_json_parse (value, strlen (value), "a label of the database", error);
  if (label == NULL)
    return FALSE;
  json_object_set_new (truth, "annotator", assay_json_id (&annotator));
  json_object_set_new (truth, "revision", assay_json_id (&revision));
  json_object_set_new (truth, "label", label);
  *n_objects = (guint64) assay_rows_get_int (&rows, 2);
  return TRUE;
}

/* FALSE without an error when nobody has answered. */
static gboolean
write_truth (AssayStore *store, gint64 item_row, const AssayTask *task, json_t *truths, AssaySums *sums,
             GError **error)
{
  AssayTruthHow how;
  gint64 revision_row;
  guint n_answers;
  if (!assay_truth_find (store, item_row, task->row, &how, &revision_row, &n_answers, error))
    return FALSE;
  if (how == ASSAY_TRUTH_NONE)
    return TRUE;
  g_autoptr (json_t) truth = json_pack ("{s:s, s:i, s:o}", "how", assay_truth_how_to_text (how), "answers",
                                        (int) n_answers, "task", assay_json_id (&task->id));
  guint64 n_objects = 0;
  if (how == ASSAY_TRUTH_UNDECIDED)
    sums->undecided++;
  else if (!write_label (store, revision_row, truth, &n_objects, error))
    return FALSE;
  else
    sums->labels++;
  sums->objects += n_objects;
  json_array_append (truths, truth);
  return TRUE;
}

static void
count_split (AssaySplit split, AssaySums *sums)
{
  sums->items++;
  *(split == ASSAY_SPLIT_TRAIN ? &sums->train : split == ASSAY_SPLIT_VAL ? &sums->val : &sums->test) += 1;
}

/* What its session says of when it was, where that is more than the item says itself. */
static gboolean
write_time (AssaySessionTimes *times, const AssayItem *item, json_t *row, GError **error)
{
  AssayItemTime time;
  if (!assay_session_times_of (times, item, &time, error))
    return FALSE;
  gboolean same = time.captured_ns == item->captured_ns && time.doubt_ns < 0
                  && assay_id_equal (&time.moment, &item->moment)
                  && (item->rate_hz == 0 || time.ns_per_sample == 1e9 / item->rate_hz);
  if (time.known && !same)
    json_object_set_new (row, "time", assay_item_time_to_json (&time));
  return TRUE;
}

gboolean
assay_row_write (AssayProject *project, const AssayItem *item, const GPtrArray *tasks, const AssaySplitRule *rule,
                 AssaySessionTimes *times, GString *text, AssaySums *sums, GError **error)
{
  AssaySplit split = assay_split_of (rule->salt, item->group, rule->val, rule->test);
  g_autoptr (json_t) truths = json_array ();
  AssaySums more = { 0 };
  count_split (split, &more);
  for (guint i = 0; i < tasks->len; i++)
    if (!write_truth (project->store, item->row, tasks->pdata[i], truths, &more, error))
      {
        g_prefix_error (error, "reading what stands for %s: ", item->name);
        return FALSE;
      }
  g_autoptr (json_t) row = json_pack ("{s:o, s:s, s:O}", "item", assay_item_to_json (item), "split",
                                      assay_split_to_text (split), "truths", truths);
  if (!write_time (times, item, row, error))
    {
      g_prefix_error (error, "reading when %s was: ", item->name);
      return FALSE;
    }
  assay_json_canonical_append (row, text);
  assay_sums_add (sums, &more);
  return TRUE;
}

gboolean
assay_row_get_id (const json_t *row, AssayId *ret_id)
{
  return assay_json_get_id (json_object_get (row, "item"), "id", ret_id);
}

static void
free_truth (gpointer data)
{
  AssayTruth *truth = data;
  assay_objects_free (truth->objects);
  g_free (truth->annotator);
  g_free (truth);
}

void
assay_row_free (AssayRow *row)
{
  if (row == NULL)
    return;
  assay_item_free (row->item);
  g_clear_pointer (&row->truths, g_ptr_array_unref);
  g_free (row);
}

static int
find_text (const char *text, const char *(*to_text) (int), int n)
{
  for (int i = 0; text != NULL && i < n; i++)
    if (g_str_equal (text, to_text (i)))
      return i;
  return -1;
}

static const char *
split_text (int split)
{
  return assay_split_to_text ((AssaySplit) split);
}

static const char *
how_text (int how)
{
  return assay_truth_how_to_text ((AssayTruthHow) how);
}

static const AssayTask *
find_task (const GPtrArray *tasks, const AssayId *id)
{
  for (guint i = 0; i < tasks->len; i++)
    if (assay_id_equal (&((const AssayTask *) tasks->pdata[i])->id, id))
      return tasks->pdata[i];
  return NULL;
}

static gboolean
parse_truth (const json_t *json, const AssayRow *row, const GPtrArray *tasks, GHashTable *names, GError **error)
{
  g_autofree AssayTruth *truth = g_new0 (AssayTruth, 1);
  AssayId task, annotator;
  int how = find_text (assay_json_get_string (json, "how"), how_text, ASSAY_TRUTH_RULE + 1);
  gint64 n_answers;
  if (how < 0 || !assay_json_get_id (json, "task", &task) || !assay_json_get_int (json, "answers", &n_answers)
      || (truth->task = find_task (tasks, &task)) == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: a truth names no task of this version",
                   row->item->name);
      return FALSE;
    }
  truth->how = (AssayTruthHow) how;
  truth->n_answers = (guint) n_answers;
  const json_t *label = json_object_get (json, "label");
  if (label != NULL)
    {
      truth->objects = assay_objects_from_json (label, truth->task, row->item, error);
      if (truth->objects == NULL)
        return FALSE;
      assay_json_get_id (json, "revision", &truth->revision);
      if (assay_json_get_id (json, "annotator", &annotator))
        {
          const char *name = g_hash_table_lookup (names, &annotator);
          truth->annotator = name != NULL ? g_strdup (name) : assay_id_dup_text (&annotator);
        }
    }
  g_ptr_array_add (row->truths, g_steal_pointer (&truth));
  return TRUE;
}

AssayRow *
assay_row_parse (const char *text, gsize n_bytes, const GPtrArray *tasks, GHashTable *names, GError **error)
{
  g_autoptr (json_t) json = assay_json_parse (text, n_bytes, "a row of a version", error);
  if (json == NULL)
    return NULL;
  g_autoptr (AssayRow) row = g_new0 (AssayRow, 1);
  row->truths = g_ptr_array_new_with_free_func (free_truth);
  row->item = assay_item_from_json (json_object_get (json, "item"), error);
  if (row->item == NULL)
    return NULL;
  int split = find_text (assay_json_get_string (json, "split"), split_text, ASSAY_SPLIT_TEST + 1);
  if (split < 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: its split is missing", row->item->name);
      return NULL;
    }
  row->split = (AssaySplit) split;
  const json_t *time = json_object_get (json, "time");
  if (time != NULL)
    assay_item_time_from_json (time, &row->item->time);
  else
    row->item->time = (AssayItemTime){ .captured_ns = row->item->captured_ns,
                                       .doubt_ns = -1,
                                       .ns_per_sample = row->item->rate_hz > 0 ? 1e9 / row->item->rate_hz : 0,
                                       .moment = row->item->moment };
  gsize i;
  json_t *truth;
  json_array_foreach (json_object_get (json, "truths"), i,
                      truth) if (!parse_truth (truth, row, tasks, names, error)) return NULL;
  return g_steal_pointer (&row);
}

void
assay_row_count (const AssayRow *row, AssaySums *sums)
{
  count_split (row->split, sums);
  for (guint i = 0; i < row->truths->len; i++)
    {
      const AssayTruth *truth = row->truths->pdata[i];
      sums->undecided += truth->how == ASSAY_TRUTH_UNDECIDED;
      sums->labels += truth->objects != NULL;
      sums->objects += truth->objects != NULL ? truth->objects->list->len : 0;
    }
}
