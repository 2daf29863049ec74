/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/queue-target.h"

#include "core/json.h"
#include "core/target-count.h"

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

/* The task serves it. */
static gboolean
is_of (const AssayTask *task, const json_t *json)
{
  const char *for_task = assay_json_get_string (json, "task"), *class_name = assay_json_get_string (json, "class");
  const AssayClass *class = class_name != NULL ? assay_task_find_class_named (task, class_name) : NULL;
  gint64 count = 0;
  return (for_task == NULL || g_str_equal (for_task, task->name)) && (class_name == NULL || class != NULL)
         && (class != NULL || json_object_size (json_object_get (json, "condition")) > 0)
         && assay_json_get_int (json, "count", &count) && count > 0;
}

static void
add_target (AssayTargets *targets, json_t *json, gint64 have)
{
  const char *class_name = assay_json_get_string (json, "class");
  json_t *condition = json_object_get (json, "condition");
  gint64 count = 0;
  assay_json_get_int (json, "count", &count);
  if (have >= count)
    return;
  g_autofree char *conditions = json_object_size (condition) > 0 ? json_dumps (condition, JSON_SORT_KEYS) : NULL;
  Target target = {
    .target = json_incref (json),
    .lack = (double) (count - have) / (double) count,
    .words = g_strdup_printf ("%s%s%s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT,
                              class_name != NULL ? class_name : "any class", conditions != NULL ? " " : "",
                              conditions != NULL ? conditions : "", have, count),
  };
  g_array_append_val (targets->list, target);
}

AssayTargets *
assay_targets_new (AssayStore *store, const AssayPlan *plan, const AssayTask *task, GError **error)
{
  g_autoptr (AssayTargets) targets = g_new0 (AssayTargets, 1);
  targets->list = g_array_new (FALSE, FALSE, sizeof (Target));
  g_array_set_clear_func (targets->list, target_clear);
  g_autoptr (json_t) mine = json_array ();
  gsize i;
  json_t *one;
  json_array_foreach (plan->targets, i, one) if (is_of (task, one)) json_array_append (mine, one);
  gsize n = json_array_size (mine);
  g_autofree AssayTargetCount *counts = g_new0 (AssayTargetCount, n + 1);
  g_autoptr (GPtrArray) tasks = n > 0 ? assay_task_list (store, error) : NULL;
  if (n > 0
      && (tasks == NULL || !assay_target_count (store, mine, tasks, ASSAY_COUNT_ANSWERED, counts, NULL, error)))
    return NULL;
  json_array_foreach (mine, i, one) add_target (targets, one, counts[i].have);
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
