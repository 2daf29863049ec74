/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/queue-target.h"

#include "core/json.h"

#include <string.h>

typedef struct
{
  json_t *target;
  double lack; /* (count - have) / count, over 0 */
  char *words;
} Target;

struct _AssayTargets
{
  GArray *list; /* of Target: those below their count */
};

static void
target_clear (gpointer data)
{
  Target *target = data;
  json_decref (target->target);
  g_free (target->words);
}

/* FALSE when a name cannot be put into a path of SQLite's. */
static gboolean
add_conditions (GString *sql, const json_t *condition)
{
  const char *name;
  json_t *wanted;
  json_object_foreach ((json_t *) condition, name, wanted)
  {
    g_autofree char *path = g_strdup_printf ("$.conditions.\"%s\"", name);
    g_autofree char *text = assay_json_canonical (wanted); /* as facts are kept */
    if (strpbrk (name, "\"\\") != NULL)
      return FALSE;
    g_string_append (sql, " AND (i.facts -> ");
    assay_sql_append_text (sql, path);
    g_string_append (sql, ") = ");
    assay_sql_append_text (sql, text);
  }
  return TRUE;
}

static gboolean
count_have (AssayStore *store, const AssayTask *task, const AssayClass *class, const json_t *condition,
            gint64 count, gint64 *ret_have, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GString) sql
      = g_string_new ("SELECT count(*) FROM (SELECT 1 FROM truth AS t JOIN item AS i ON i.row = t.item"
                      " JOIN revision AS r ON r.row = t.revision WHERE t.task = ?"
                      " AND t.item NOT IN (SELECT item FROM left_out)");
  char id[ASSAY_ID_TEXT_SIZE];
  if (class != NULL)
    g_string_append_printf (sql, " AND json_type (r.classes, '$.\"%s\"') IS NOT NULL",
                            assay_id_to_text (&class->id, id));
  if (!add_conditions (sql, condition))
    {
      *ret_have = count; /* nothing is known of it: it asks for nothing */
      return TRUE;
    }
  g_string_append (sql, " LIMIT ?)"); /* enough is enough */
  if (!assay_store_query (store, &rows, error, sql->str, "ii", task->row, count) || !assay_rows_next (&rows, error))
    return FALSE;
  *ret_have = assay_rows_get_int (&rows, 0);
  return TRUE;
}

static gboolean
read_target (AssayTargets *targets, AssayStore *store, const AssayTask *task, const json_t *json, GError **error)
{
  const char *for_task = assay_json_get_string (json, "task"), *class_name = assay_json_get_string (json, "class");
  const AssayClass *class = class_name != NULL ? assay_task_find_class_named (task, class_name) : NULL;
  json_t *condition = json_object_get (json, "condition");
  gint64 count = 0, have;
  if ((for_task != NULL && !g_str_equal (for_task, task->name)) || (class_name != NULL && class == NULL)
      || (class == NULL && json_object_size (condition) == 0) || !assay_json_get_int (json, "count", &count)
      || count <= 0)
    return TRUE;
  if (!count_have (store, task, class, condition, count, &have, error))
    return FALSE;
  if (have >= count)
    return TRUE;
  g_autofree char *conditions = json_object_size (condition) > 0 ? json_dumps (condition, JSON_SORT_KEYS) : NULL;
  Target target = {
    .target = json_incref ((json_t *) json),
    .lack = (double) (count - have) / (double) count,
    .words = g_strdup_printf ("%s%s%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                              class_name != NULL ? class_name : "any class", conditions != NULL ? " " : "",
                              conditions != NULL ? conditions : "", have, count),
  };
  g_array_append_val (targets->list, target);
  return TRUE;
}

AssayTargets *
assay_targets_new (AssayStore *store, const AssayPlan *plan, const AssayTask *task, GError **error)
{
  g_autoptr (AssayTargets) targets = g_new0 (AssayTargets, 1);
  targets->list = g_array_new (FALSE, FALSE, sizeof (Target));
  g_array_set_clear_func (targets->list, target_clear);
  for (gsize i = 0; i < json_array_size (plan->targets); i++)
    if (!read_target (targets, store, task, json_array_get (plan->targets, i), error))
      return NULL;
  return g_steal_pointer (&targets);
}

void
assay_targets_free (AssayTargets *targets)
{
  if (targets == NULL)
    return;
  g_array_unref (targets->list);
  g_free (targets);
}

gboolean
assay_targets_is_empty (const AssayTargets *targets)
{
  return targets->list->len == 0;
}

/* Without a word about its class an item serves only by its conditions. */
static gboolean
serves (const Target *target, const json_t *facts)
{
  AssayTargetFit fit = assay_target_fit_class (target->target, facts);
  gboolean conditional = json_object_size (json_object_get (target->target, "condition")) > 0;
  return assay_target_meets (target->target, facts)
         && (fit == ASSAY_TARGET_FITS || (fit == ASSAY_TARGET_UNTOLD && conditional));
}

double
assay_targets_rank (const AssayTargets *targets, const char *facts, const char **ret_words)
{
  g_autoptr (json_t) json = targets->list->len > 0 ? json_loads (facts, 0, NULL) : NULL;
  double most = 0;
  for (guint i = 0; i < targets->list->len; i++)
    {
      const Target *target = &g_array_index (targets->list, Target, i);
      if (target->lack <= most || !serves (target, json))
        continue;
      most = target->lack;
      if (ret_words != NULL)
        *ret_words = target->words;
    }
  return most;
}
