/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/queue.h"

#include "core/again.h"
#include "core/assignment.h"
#include "core/audit.h"
#include "core/flag.h"
#include "core/qualification.h"
#include "core/queue-target.h"

#define SETTLED "('annotator', 'consensus', 'edit', 'rule')"
#define IS_GOLD "f.flag = '" ASSAY_FLAG_GOLD "' AND " ASSAY_FLAG_STANDS
#define LEFT_OUT "(SELECT item FROM left_out WHERE everywhere = 1)"

typedef struct
{
  gint64 row;
  guint64 rank;
} Waiting;

typedef struct
{
  AssayStore *store;
  const AssayTask *task;
  gint64 annotator_row;
  const char *name; /* of the annotator; "" = nobody */
  AssayPlan *plan;
  AssayAssignment *assign;
  AssayTargets *targets;
  GHashTable *gold;  /* of gint64: rows of settled gold, handed out by share alone */
  GHashTable *given; /* of gint64: of this list already */
  GArray *waiting;   /* of Waiting: gold not answered yet, by rank */
  guint n_gold;      /* answered, or given in this list */
  guint64 n_answered, n_audits; /* the latter of the former */
  gboolean is_audit;            /* what was found last */
  AssayQualification qualification;
  guint64 n_again;              /* second answers given, or handed out in this list */
} Queue;

static void
queue_clear (Queue *queue)
{
  g_clear_pointer (&queue->plan, assay_plan_free);
  g_clear_pointer (&queue->assign, assay_assignment_free);
  g_clear_pointer (&queue->targets, assay_targets_free);
  g_clear_pointer (&queue->gold, g_hash_table_unref);
  g_clear_pointer (&queue->given, g_hash_table_unref);
  g_clear_pointer (&queue->waiting, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Queue, queue_clear)

static const char *const whys[] = { "qualify", "returned", "begun", "target", "neighbour", "overlap", "assigned", "open" };

const char *
assay_queue_why_to_text (AssayQueueWhy why)
{
  return whys[why];
}

void
assay_queued_free (AssayQueued *queued)
{
  if (queued == NULL)
    return;
  g_free (queued->words);
  g_free (queued);
}

static gboolean
pass_on (GError **wrong, GError **error)
{
  if (*wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (wrong));
  return FALSE;
}

static void
add_row (GHashTable *set, gint64 row)
{
  g_hash_table_add (set, g_memdup2 (&row, sizeof row));
}

static AssayQueued *
queued_new (gint64 row, AssayQueueWhy why, const char *words)
{
  AssayQueued *queued = g_new0 (AssayQueued, 1);
  *queued = (AssayQueued){ .item_row = row, .why = why, .words = g_strdup (words) };
  return queued;
}

/* Gold says the same. */
static AssayQueued *
queued_new_plain (const Queue *queue, gint64 row)
{
  return assay_assignment_is_open (queue->assign)
             ? queued_new (row, ASSAY_QUEUE_OPEN, "it has no answer yet")
             : queued_new (row, ASSAY_QUEUE_ASSIGNED, "the plan gives it to you");
}

/* Opening: what holds for every step */

static gboolean
count_answers (Queue *queue, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (queue->store, &rows, error,
                          "SELECT sum (n), sum (n * (state = 'audit')) FROM tally WHERE task = ? AND annotator = ?"
                          " AND class = x'' AND state IN ('submitted', 'settled', 'sent_back', 'skipped', 'audit')",
                          "ii", queue->task->row, queue->annotator_row))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    {
      queue->n_answered = (guint64) assay_rows_get_int (&rows, 0);
      queue->n_audits = (guint64) assay_rows_get_int (&rows, 1);
    }
  return pass_on (&wrong, error);
}

static int
by_rank (gconstpointer a, gconstpointer b)
{
  const Waiting *x = a, *y = b;
  return x->rank < y->rank ? -1 : x->rank > y->rank;
}

/* Those that this annotator has answered are counted; the rest wait, in an order of the annotator's own. */
static gboolean
read_gold (Queue *queue, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (
          queue->store, &rows, error,
          "SELECT f.item, i.id, (SELECT state FROM head AS h WHERE h.item = f.item AND h.task = ?1 AND h.annotator "
          "= ?2)"
          " FROM item_flag AS f JOIN item AS i ON i.row = f.item JOIN truth AS t ON t.item = f.item AND t.task = ?1"
          " WHERE t.how IN " SETTLED " AND f.item NOT IN " LEFT_OUT " AND " IS_GOLD,
          "ii", queue->task->row, queue->annotator_row))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 1);
      const char *state = assay_rows_get_text (&rows, 2);
      Waiting one = { assay_rows_get_int (&rows, 0), assay_assignment_gold_rank (queue->name, &id) };
      add_row (queue->gold, one.row);
      if (state == NULL || g_str_equal (state, "draft"))
        g_array_append_val (queue->waiting, one);
      else
        queue->n_gold++;
    }
  g_array_sort (queue->waiting, by_rank);
  return pass_on (&wrong, error);
}

static gboolean
queue_open (Queue *queue, const AssayAnnotator *annotator, GError **error)
{
  queue->gold = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  queue->given = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  queue->waiting = g_array_new (FALSE, FALSE, sizeof (Waiting));
  queue->plan = assay_plan_get (queue->store, error);
  if (queue->plan == NULL)
    return FALSE;
  queue->assign = assay_assignment_new (queue->plan, queue->task->name);
  queue->targets = assay_targets_new (queue->store, queue->plan, queue->task, error);
  return queue->targets != NULL && count_answers (queue, error) && read_gold (queue, error)
         && assay_qualification_get (queue->store, queue->plan, queue->task, annotator, &queue->qualification, error)
         && assay_again_count (queue->store, queue->task, queue->annotator_row, &queue->n_again, error);
}

/* What was sent back. One that is skipped over lets the next one come, and after the last the rest of the work. */
static gboolean
find_returned (Queue *queue, gint64 after_row, AssayQueued **ret_found, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  gint64 first = 0, next = 0;
  gboolean is_in_them = FALSE;
  if (!assay_store_query (queue->store, &rows, error,
                          "SELECT item FROM head WHERE task = ? AND annotator = ? AND state = 'sent_back'"
                          " AND item NOT IN " LEFT_OUT " ORDER BY item",
                          "ii", queue->task->row, queue->annotator_row))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      is_in_them = is_in_them || row == after_row;
      if (g_hash_table_contains (queue->given, &row))
        continue;
      first = first == 0 ? row : first;
      next = next == 0 && row > after_row ? row : next;
    }
  gint64 row = is_in_them || next != 0 ? next : first;
  if (row != 0)
    *ret_found = queued_new (row, ASSAY_QUEUE_RETURNED, "a reviewer sent it back");
  return pass_on (&wrong, error);
}

/* The next one of the qualification, or NULL: there is no gold left. One that was put off comes last. */
static AssayQueued *
find_test (const Queue *queue, gint64 after_row)
{
  gint64 row = 0;
  for (guint i = 0; i < queue->waiting->len && (row == 0 || row == after_row); i++)
    {
      gint64 one = g_array_index (queue->waiting, Waiting, i).row;
      if (!g_hash_table_contains (queue->given, &one))
        row = one;
    }
  if (row == 0)
    return NULL;
  g_autofree char *words = assay_qualification_dup_words (&queue->qualification);
  return queued_new (row, ASSAY_QUEUE_QUALIFY, words);
}

static AssayQueued *
find_gold (const Queue *queue, gint64 after_row)
{
  if (queue->waiting->len == 0
      || assay_assignment_n_gold (queue->plan->gold, queue->name, queue->n_answered) <= queue->n_gold)
    return NULL;
  for (guint i = 0; i < queue->waiting->len; i++)
    {
      gint64 row = g_array_index (queue->waiting, Waiting, i).row;
      if (row == after_row) /* put off: it comes later */
        return NULL;
      if (!g_hash_table_contains (queue->given, &row))
        return queued_new_plain (queue, row);
    }
  return NULL;
}

/* An answer of their own, days old, comes again: to their second self. */
static gboolean
find_again (Queue *queue, const AssayAnnotator *annotator, gint64 after_row, AssayQueued **ret_found, GError **error)
{
  if (annotator == NULL || !assay_again_is_due (queue->plan, annotator, queue->n_answered, queue->n_again))
    return TRUE;
  g_autoptr (GArray) rows
      = assay_again_list (queue->store, queue->task, annotator, queue->plan, queue->n_answered + queue->n_again,
                          g_hash_table_size (queue->given) + 2, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len && *ret_found == NULL; i++)
    {
      gint64 row = g_array_index (rows, gint64, i);
      if (row == after_row || g_hash_table_contains (queue->given, &row))
        continue;
      *ret_found = queued_new_plain (queue, row);
      (*ret_found)->again = TRUE;
    }
  return TRUE;
}

/* A label of others to be labelled again. `by_share`: only when it is its turn. */
static gboolean
find_audit (Queue *queue, const AssayAnnotator *annotator, gint64 after_row, gboolean by_share,
            AssayQueued **ret_found, GError **error)
{
  g_autofree char *place = g_strconcat ("audit of ", queue->name, NULL);
  if (!(queue->plan->audit > 0)
      || (by_share && assay_assignment_n_gold (queue->plan->audit, place, queue->n_answered) <= queue->n_audits))
    return TRUE;
  /* One more than what may not come: what was given already, and what was just put off. */
  g_autoptr (GArray) rows = assay_audit_list (queue->store, queue->task, annotator, queue->plan,
                                              g_hash_table_size (queue->given) + 2, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len && *ret_found == NULL; i++)
    {
      gint64 row = g_array_index (rows, gint64, i);
      if (row != after_row && !g_hash_table_contains (queue->given, &row))
        *ret_found = queued_new_plain (queue, row);
    }
  queue->is_audit = *ret_found != NULL;
  return TRUE;
}

/* The rest: what was begun, or is given by the plan and wanted still. */

typedef struct
{
  AssayQueued *best;
  double rank;
  guint n_seen, n_enough;
} Choice;

/* Columns of `look`. */
static void
consider (const Queue *queue, AssayRows *rows, gboolean is_neighbour, Choice *choice)
{
  gint64 row = assay_rows_get_int (rows, 0);
  gboolean begun = assay_rows_get_int (rows, 6) != 0;
  AssayAssignee item = { assay_rows_get_id (rows, 1), assay_rows_get_text (rows, 2), assay_rows_get_text (rows, 3),
                         assay_rows_get_text (rows, 4) };
  const char *words = NULL;
  if (g_hash_table_contains (queue->given, &row)
      || (!begun
          && (g_hash_table_contains (queue->gold, &row)
              || assay_rows_get_int (rows, 7) >= assay_assignment_n_wanted (queue->assign, &item.id)
              || !assay_assignment_is_for (queue->assign, &item, queue->name))))
    return;
  choice->n_seen++;
  double rank = assay_targets_rank (queue->targets, assay_rows_get_text (rows, 5), &words);
  if (choice->best != NULL && rank <= choice->rank)
    return;
  assay_queued_free (choice->best);
  choice->rank = rank;
  if (begun)
    choice->best = queued_new (row, ASSAY_QUEUE_BEGUN, "you have begun it");
  else if (words != NULL)
    choice->best = queued_new (row, ASSAY_QUEUE_TARGET, words);
  else if (is_neighbour)
    choice->best = queued_new (row, ASSAY_QUEUE_NEIGHBOUR, "it follows in the sequence");
  else if (assay_assignment_n_wanted (queue->assign, &item.id) > 1)
    choice->best = queued_new (row, ASSAY_QUEUE_OVERLAP, "several label it, each alone");
  else
    choice->best = queued_new_plain (queue, row);
}

/* Goes on until enough was seen. `where`: which part of the items, with ?3 and ?4, and in which order. */
static gboolean
look (const Queue *queue, const char *where, const char *sequence, gint64 from, gint64 to, Choice *choice,
      GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autofree char *within = assay_scope_dup_sql (queue->task);
  g_autofree char *sql = g_strdup_printf (
      "SELECT item.row, item.id, item.name, item.sequence, item.group_key, item.facts,"
      " EXISTS (SELECT 1 FROM head AS h WHERE h.item = item.row AND h.task = ?1 AND h.annotator = ?2),"
      " (SELECT count(*) FROM head AS h WHERE h.item = item.row AND h.task = ?1 AND h.annotator <> ?2"
      "  AND h.state IN ('submitted', 'settled', 'sent_back'))"
      " FROM item WHERE %s AND %s AND item.row NOT IN " LEFT_OUT " AND NOT EXISTS (SELECT 1 FROM head AS h"
      " WHERE h.item = item.row AND h.task = ?1 AND h.annotator = ?2 AND h.state <> 'draft') ORDER BY %s",
      within, where, sequence != NULL ? "item.position" : "item.row");
  if (!assay_store_query (queue->store, &rows, error, sql, "iiiit", queue->task->row, queue->annotator_row, from,
                          to, sequence))
    return FALSE;
  while (choice->n_seen < choice->n_enough && assay_rows_next (&rows, &wrong))
    consider (queue, &rows, sequence != NULL, choice);
  return pass_on (&wrong, error);
}

/* The item one is in, where it stands in a sequence: the rest of it comes before the rest of the project. */
static gboolean
find_sequence (const Queue *queue, gint64 row, char **ret_sequence, gint64 *ret_position, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (queue->store, &rows, error,
                          "SELECT sequence, position FROM item WHERE row = ? AND sequence IS NOT NULL", "i", row))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    {
      *ret_sequence = g_strdup (assay_rows_get_text (&rows, 0));
      *ret_position = assay_rows_get_int (&rows, 1);
    }
  return pass_on (&wrong, error);
}

static gboolean
find_rest (const Queue *queue, gint64 after_row, AssayQueued **ret_found, GError **error)
{
  Choice choice = { .n_enough = assay_targets_is_empty (queue->targets) ? 1 : ASSAY_QUEUE_WINDOW };
  g_autofree char *sequence = NULL;
  gint64 position = 0;
  gboolean looked
      = find_sequence (queue, after_row, &sequence, &position, error)
        && (sequence == NULL
            || look (queue, "item.sequence = ?5 AND item.position > ?3 AND ?4 > 0", sequence, position, G_MAXINT64,
                     &choice, error))
        && look (queue, "item.row > ?3 AND item.row <= ?4 AND ?5 IS NULL", NULL, after_row, G_MAXINT64, &choice,
                 error)
        && look (queue, "item.row > ?3 AND item.row <= ?4 AND ?5 IS NULL", NULL, 0, after_row, &choice, error);
  *ret_found = choice.best;
  return looked;
}

static gboolean
find_next (Queue *queue, const AssayAnnotator *annotator, gint64 after_row, AssayQueued **ret_found, GError **error)
{
  *ret_found = NULL;
  queue->is_audit = FALSE;
  if (!queue->qualification.passed)
    {
      *ret_found = find_test (queue, after_row);
      return TRUE;
    }
  if (!find_returned (queue, after_row, ret_found, error))
    return FALSE;
  if (*ret_found == NULL)
    *ret_found = find_gold (queue, after_row);
  if (*ret_found == NULL && !find_again (queue, annotator, after_row, ret_found, error))
    return FALSE;
  return *ret_found != NULL
         || (find_audit (queue, annotator, after_row, TRUE, ret_found, error)
             && (*ret_found != NULL || find_rest (queue, after_row, ret_found, error))
             && (*ret_found != NULL || find_audit (queue, annotator, after_row, FALSE, ret_found, error)));
}

gboolean
assay_queue_next (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, gint64 after_row,
                  AssayQueued **ret_next, GError **error)
{
  g_auto (Queue) queue = { .store = store, .task = task, .name = annotator != NULL ? annotator->name : "" };
  queue.annotator_row = annotator != NULL ? annotator->row : 0;
  return queue_open (&queue, annotator, error) && find_next (&queue, annotator, after_row, ret_next, error);
}

GPtrArray *
assay_queue_list (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, guint n,
                  GError **error)
{
  g_auto (Queue) queue = { .store = store, .task = task, .name = annotator != NULL ? annotator->name : "" };
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_queued_free);
  gint64 after_row = 0;
  queue.annotator_row = annotator != NULL ? annotator->row : 0;
  if (!queue_open (&queue, annotator, error))
    return NULL;
  while (list->len < n)
    {
      AssayQueued *next;
      if (!find_next (&queue, annotator, after_row, &next, error))
        return NULL;
      if (next == NULL)
        break;
      g_ptr_array_add (list, next);
      add_row (queue.given, next->item_row);
      queue.n_gold += g_hash_table_contains (queue.gold, &next->item_row) && next->why != ASSAY_QUEUE_RETURNED;
      queue.n_audits += queue.is_audit;
      queue.n_again += next->again;
      queue.n_answered += next->why != ASSAY_QUEUE_RETURNED && !next->again;
      if (next->why != ASSAY_QUEUE_RETURNED && !queue.is_audit && !next->again
          && !g_hash_table_contains (queue.gold, &next->item_row))
        after_row = next->item_row;
    }
  return g_steal_pointer (&list);
}

char *
assay_queue_dup_end (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, GError **error)
{
  g_auto (Queue) queue = { .store = store, .task = task, .name = annotator != NULL ? annotator->name : "" };
  queue.annotator_row = annotator != NULL ? annotator->row : 0;
  if (!queue_open (&queue, annotator, error))
    return NULL;
  if (!queue.qualification.passed)
    {
      g_autofree char *stand = assay_qualification_dup_words (&queue.qualification);
      return g_strdup_printf ("%s, and there is no item left whose answer is known; ask whoever leads to add gold, or to"
                              " name you in the plan's \"known\"",
                              stand);
    }
  /* Who has answered something was asked, by an earlier plan or by what the shares of others leave. */
  if (assay_assignment_is_open (queue.assign) || assay_assignment_names (queue.assign, queue.name)
      || queue.n_answered > 0)
    return g_strdup ("nothing more is wanted from you");
  g_autofree char *names = assay_assignment_dup_names (queue.assign);
  return g_strdup_printf ("the plan gives this task to %s; ask for a share in it (assay plan)", names);
}

gboolean
assay_queue_is_secret (AssayStore *store, gint64 item_row, gint64 task_row, gint64 annotator_row,
                       gboolean *ret_secret, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT 1 FROM item_flag AS f WHERE f.item = ?1 AND " IS_GOLD
                          " AND NOT EXISTS (SELECT 1 FROM head AS h WHERE h.item = ?1 AND h.task = ?2"
                          " AND h.annotator = ?3 AND h.state IN ('submitted', 'settled'))",
                          "iii", item_row, task_row, annotator_row))
    return FALSE;
  *ret_secret = assay_rows_next (&rows, &wrong);
  if (*ret_secret || wrong != NULL)
    return pass_on (&wrong, error);
  AssayId accepted = { 0 };
  g_autoptr (AssayTask) task = assay_task_get_row (store, task_row, error);
  if (task == NULL || !assay_audit_wants (store, item_row, task, annotator_row, &accepted, error))
    return FALSE;
  *ret_secret = !assay_id_is_nil (&accepted);
  return TRUE;
}
