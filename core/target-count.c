/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/target-count.h"

#include "core/json.h"
#include "core/task.h"

#include <string.h>

/* What an item's truths say of one target. */
typedef struct
{
  gboolean have, undecided;
} Said;

typedef struct
{
  gint64 item; /* 0 = none yet */
  char *facts;
  gboolean answered;
} Current;

static void
current_clear (Current *current)
{
  g_free (current->facts);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Current, current_clear)

typedef struct
{
  const json_t *targets;
  gsize n;
  const GPtrArray *tasks;
  AssayCountWhat what;
  AssayTargetCount *counts;
  Said *said;
} Counting;

static const AssayTask *
find_task (const Counting *counting, gint64 row)
{
  for (guint i = 0; i < counting->tasks->len; i++)
    if (((const AssayTask *) counting->tasks->pdata[i])->row == row)
      return counting->tasks->pdata[i];
  return NULL;
}

/* `classes` is the revision's, an object of counts by class id; NULL = there is no truth yet. */
static gboolean
holds (const AssayClass *class, const char *classes)
{
  char id[ASSAY_ID_TEXT_SIZE], quoted[ASSAY_ID_TEXT_SIZE + 2];
  if (class == NULL || classes == NULL)
    return classes != NULL;
  g_snprintf (quoted, sizeof quoted, "\"%s\"", assay_id_to_text (&class->id, id));
  return strstr (classes, quoted) != NULL;
}

static void
take_truth (const Counting *counting, gint64 task_row, const char *how, const char *classes)
{
  const AssayTask *task = find_task (counting, task_row);
  for (gsize i = 0; task != NULL && i < counting->n; i++)
    {
      const json_t *target = json_array_get (counting->targets, i);
      const char *of = assay_json_get_string (target, "task"), *name = assay_json_get_string (target, "class");
      const AssayClass *class = name != NULL ? assay_task_find_class_named (task, name) : NULL;
      if ((of != NULL && !g_str_equal (of, task->name)) || (name != NULL && class == NULL))
        continue;
      gboolean undecided = g_str_equal (how, "undecided");
      counting->said[i].undecided |= undecided;
      counting->said[i].have |= !undecided && holds (class, classes);
    }
}

/* What the technician said that it would show (a condition named class, as any other); when nothing was said and
 * nobody has answered yet, it may be what the target asks for. */
static gboolean
was_taken_for (const json_t *target, const json_t *facts, gboolean answered)
{
  AssayTargetFit fit = assay_target_fit_class (target, facts);
  return fit == ASSAY_TARGET_FITS || (fit == ASSAY_TARGET_UNTOLD && !answered);
}

/* Most items have nothing that is asked for: their facts need not be read. */
static gboolean
says_anything (const Counting *counting)
{
  gboolean any = counting->what == ASSAY_COUNT_ALL;
  for (gsize i = 0; !any && i < counting->n; i++)
    any = counting->said[i].have || counting->said[i].undecided;
  return any;
}

static gboolean
end_item (const Counting *counting, const Current *current, GError **error)
{
  if (current->item == 0 || !says_anything (counting))
    return TRUE;
  g_autoptr (json_t) facts
      = assay_json_parse (current->facts, strlen (current->facts), "the facts of an item", error);
  for (gsize i = 0; facts != NULL && i < counting->n; i++)
    {
      const json_t *target = json_array_get (counting->targets, i);
      Said said = counting->said[i];
      if (!assay_target_meets (target, facts))
        continue;
      counting->counts[i].have += said.have;
      counting->counts[i].undecided += said.undecided && !said.have;
      counting->counts[i].captured
          += counting->what == ASSAY_COUNT_ALL
             && (said.have || said.undecided || was_taken_for (target, facts, current->answered));
    }
  memset (counting->said, 0, counting->n * sizeof (Said));
  return facts != NULL;
}

static gboolean
is_enough (const Counting *counting)
{
  for (gsize i = 0; i < counting->n; i++)
    {
      gint64 count = 0;
      if (assay_json_get_int (json_array_get (counting->targets, i), "count", &count)
          && counting->counts[i].have < count)
        return FALSE;
    }
  return counting->what == ASSAY_COUNT_ANSWERED;
}

/* Columns: item, facts, task, how, classes. Rows of one item come together. */
static gboolean
count_rows (const Counting *counting, AssayRows *rows, AssayProgress *progress, GError **error)
{
  g_auto (Current) current = { 0 };
  g_autoptr (GError) wrong = NULL;
  while (assay_rows_next (rows, &wrong))
    {
      gint64 item = assay_rows_get_int (rows, 0);
      if (item != current.item)
        {
          if (!end_item (counting, &current, error) || assay_progress_stopped (progress, error))
            return FALSE;
          current.item = 0;
          if (is_enough (counting))
            return TRUE;
          g_free (current.facts);
          current = (Current){ item, g_strdup (assay_rows_get_text (rows, 1)), FALSE };
        }
      const char *how = assay_rows_get_text (rows, 3);
      current.answered |= how != NULL && !g_str_equal (how, "none");
      if (how != NULL)
        take_truth (counting, assay_rows_get_int (rows, 2), how, assay_rows_get_text (rows, 4));
    }
  if (wrong == NULL)
    return end_item (counting, &current, error);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

gboolean
assay_target_count (AssayStore *store, const json_t *targets, const GPtrArray *tasks, AssayCountWhat what,
                    AssayTargetCount *ret_counts, AssayProgress *progress, GError **error)
{
  gsize n = json_array_size (targets);
  g_autofree AssayTargetCount *counts = g_new0 (AssayTargetCount, n + 1);
  g_autofree Said *said = g_new0 (Said, n + 1);
  g_auto (AssayRows) rows = { 0 };
  Counting counting = { targets, n, tasks, what, counts, said };
  g_autofree char *sql = g_strdup_printf (
      "SELECT i.row, i.facts, t.task, t.how, r.classes FROM %s LEFT JOIN revision AS r ON r.row = t.revision"
      " WHERE i.row NOT IN (SELECT item FROM left_out) ORDER BY %s",
      what == ASSAY_COUNT_ALL ? "item AS i LEFT JOIN truth AS t ON t.item = i.row"
                              : "truth AS t CROSS JOIN item AS i ON i.row = t.item",
      what == ASSAY_COUNT_ALL ? "i.row" : "t.item");
  if (n > 0
      && (!assay_store_query (store, &rows, error, sql, "") || !count_rows (&counting, &rows, progress, error)))
    return FALSE;
  memcpy (ret_counts, counts, n * sizeof *counts);
  return TRUE;
}
