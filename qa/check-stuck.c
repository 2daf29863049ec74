/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Somebody who gives the same answer to everything, where others tell things apart. */
#include "qa/check.h"
#include "core/label.h"

extern const AssayCheck assay_check_stuck;

#include <string.h>

#define LEAST 20   /* answers of a person */
#define SAME 0.98  /* share of one class */
#define OTHERS 0.8 /* that the same class has at most with everybody else */

typedef struct
{
  guint64 n;
  GHashTable *classes; /* AssayId -> guint64 */
} Habit;

typedef struct
{
  const AssayTask *task;
  GHashTable *habits; /* interned name -> Habit */
} Seen;

static void
free_habit (gpointer data)
{
  Habit *habit = data;
  g_hash_table_unref (habit->classes);
  g_free (habit);
}

static guint64
get_count (const Habit *habit, const AssayId *class_id)
{
  const guint64 *count = g_hash_table_lookup (habit->classes, class_id);
  return count != NULL ? *count : 0;
}

static void
add (Seen *seen, const char *name, const AssayId *class_id, guint64 n)
{
  if (seen->habits == NULL)
    seen->habits = g_hash_table_new_full (g_direct_hash, g_direct_equal, NULL, free_habit);
  Habit *habit = g_hash_table_lookup (seen->habits, name);
  if (habit == NULL)
    {
      habit = g_new0 (Habit, 1);
      habit->classes = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, g_free);
      g_hash_table_insert (seen->habits, (gpointer) name, habit);
    }
  guint64 sum = get_count (habit, class_id) + n;
  g_hash_table_replace (habit->classes, g_memdup2 (class_id, sizeof *class_id), g_memdup2 (&sum, sizeof sum));
  habit->n += n;
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  Seen *seen = state;
  seen->task = look->task;
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      const char *name = g_intern_string (((const AssayAnnotator *) look->annotators->pdata[i])->name);
      for (guint o = 0; o < label->objects->list->len; o++)
        add (seen, name, &((const AssayObject *) label->objects->list->pdata[o])->class_id, 1);
    }
}

static void
merge (gpointer state, gconstpointer other)
{
  const Seen *more = other;
  GHashTableIter iter, classes;
  gpointer name, habit, id, count;
  Seen *seen = state;
  if (seen->task == NULL)
    seen->task = more->task;
  if (more->habits == NULL)
    return;
  g_hash_table_iter_init (&iter, more->habits);
  while (g_hash_table_iter_next (&iter, &name, &habit))
    {
      g_hash_table_iter_init (&classes, ((Habit *) habit)->classes);
      while (g_hash_table_iter_next (&classes, &id, &count))
        add (seen, name, id, *(const guint64 *) count);
    }
}

static void
judge (const Seen *seen, const char *name, const Habit *habit, const AssayClass *class, GPtrArray *findings)
{
  guint64 n = 0, same = 0;
  GHashTableIter iter;
  gpointer other, value;
  g_hash_table_iter_init (&iter, seen->habits);
  while (g_hash_table_iter_next (&iter, &other, &value))
    if (other != name)
      {
        n += ((Habit *) value)->n;
        same += get_count (value, &class->id);
      }
  double own = (double) get_count (habit, &class->id) / (double) habit->n;
  if (own < SAME || n < LEAST || (double) same > OTHERS * (double) n)
    return;
  g_autofree char *why = g_strdup_printf (
      "%s says %s of %.0f %% of %" G_GUINT64_FORMAT " objects, the others of %.0f %%: is the class "
      "chosen, or left as it was?",
      name, class->name, 100 * own, habit->n, 100.0 * (double) same / (double) n);
  AssayFinding *finding = assay_finding_new (assay_check_stuck.id, ASSAY_SEVERITY_WARNING, 0.8, why);
  finding->task_row = seen->task->row;
  g_ptr_array_add (finding->annotators, g_strdup (name));
  finding->inputs = assay_sha256 (why, strlen (why));
  assay_finding_identify (finding, &ASSAY_ID_NIL, &seen->task->id, name);
  g_ptr_array_add (findings, finding);
}

static void
end (gpointer state, GPtrArray *findings)
{
  const Seen *seen = state;
  GHashTableIter iter;
  gpointer name, habit;
  if (seen->habits == NULL)
    return;
  g_hash_table_iter_init (&iter, seen->habits);
  while (g_hash_table_iter_next (&iter, &name, &habit))
    for (guint c = 0; ((Habit *) habit)->n >= LEAST && c < seen->task->classes->len; c++)
      judge (seen, name, habit, seen->task->classes->pdata[c], findings);
}

static void
clear (gpointer state)
{
  g_clear_pointer (&((Seen *) state)->habits, g_hash_table_unref);
}

const AssayCheck assay_check_stuck = {
  .id = "stuck",
  .title = "Stuck on one class",
  .help = "somebody gives nearly every object one class where the others tell several apart: a default that nobody "
          "changed",
  .version = 1,
  .scope = ASSAY_SCOPE_PROJECT,
  .state_size = sizeof (Seen),
  .look = look_at,
  .merge = merge,
  .end = end,
  .clear = clear,
};
