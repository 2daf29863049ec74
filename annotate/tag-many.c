/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/tag-many.h"

#include "core/error.h"
#include "core/journal.h"

#define TOOL "tag-grid"

/* An item as its annotator left it. */
typedef struct
{
  gint64 row;
  AssayLabelState state;
  AssayJournal *journal;
} Open;

static void
open_clear (gpointer data)
{
  assay_journal_free (((Open *) data)->journal);
}

void
assay_tag_gesture_free (AssayTagGesture *gesture)
{
  if (gesture == NULL)
    return;
  g_free (gesture->name);
  g_clear_pointer (&gesture->made, g_array_unref);
  g_free (gesture);
}

static gboolean
open_item (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, gint64 row, Open *ret_open,
           GError **error)
{
  g_autoptr (AssayItem) item = assay_item_get_row (store, row, error);
  ret_open->row = row;
  return item != NULL && assay_label_get_state (store, row, task->row, annotator->row, &ret_open->state, error)
         && (ret_open->journal = assay_journal_open (store, item, task, annotator, error)) != NULL;
}

/* Of Open. */
static GArray *
open_all (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, const GArray *rows,
          GError **error)
{
  g_autoptr (GArray) all = g_array_new (FALSE, TRUE, sizeof (Open));
  g_array_set_clear_func (all, open_clear);
  for (guint i = 0; i < rows->len; i++)
    {
      g_array_set_size (all, i + 1);
      if (!open_item (store, task, annotator, g_array_index (rows, gint64, i), &g_array_index (all, Open, i),
                      error))
        return NULL;
    }
  return g_steal_pointer (&all);
}

static gboolean
is_handed_in (const Open *open)
{
  return open->state == ASSAY_LABEL_SUBMITTED || open->state == ASSAY_LABEL_SKIPPED
         || open->state == ASSAY_LABEL_SETTLED;
}

static gboolean
all_have (const GArray *all, const AssayId *class_id)
{
  for (guint i = 0; i < all->len; i++)
    {
      const Open *open = &g_array_index (all, Open, i);
      if (!is_handed_in (open) && !assay_tags_has (assay_journal_get_objects (open->journal), class_id))
        return FALSE;
    }
  return TRUE;
}

static void
remember (AssayTagGesture *gesture, const Open *open)
{
  AssayTagged tagged = { .item_row = open->row };
  gint64 made_us;
  AssayId base;
  assay_journal_get_last (open->journal, &tagged.entry, &made_us, &base);
  g_array_append_val (gesture->made, tagged);
}

AssayTagGesture *
assay_tags_give_many (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, const GArray *rows,
                      const AssayId *class_id, AssayTagsWay way, double seconds, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (AssayTagGesture) gesture = g_new0 (AssayTagGesture, 1);
  const AssayClass *class = assay_task_find_class (task, class_id);
  gesture->made = g_array_new (FALSE, FALSE, sizeof (AssayTagged));
  if (class == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "tagging: task %s has no such class; choose one of its list", task->name);
      return NULL;
    }
  if (!assay_transaction_begin (&transaction, store, error))
    return NULL;
  g_autoptr (GArray) all = open_all (store, task, annotator, rows, error);
  if (all == NULL)
    return NULL;
  if (way == ASSAY_TAGS_TOGGLE)
    way = !assay_task_is_single_tag (task) && all_have (all, class_id) ? ASSAY_TAGS_TAKE : ASSAY_TAGS_GIVE;
  for (guint i = 0; i < all->len; i++)
    {
      const Open *open = &g_array_index (all, Open, i);
      gesture->n_answered += is_handed_in (open);
      AssayEdit *edit = is_handed_in (open)
                            ? NULL
                            : assay_tags_new_edit (task, assay_journal_get_objects (open->journal), class_id, way);
      if (edit == NULL)
        continue;
      edit->seconds = seconds / all->len;
      if (!assay_journal_append (open->journal, edit, error))
        return NULL;
      remember (gesture, open);
    }
  gesture->name = g_strdup_printf ("%s %s on %u item%s", way == ASSAY_TAGS_TAKE ? "no tag" : "tag", class->name,
                                   gesture->made->len, gesture->made->len == 1 ? "" : "s");
  return assay_transaction_commit (&transaction, error) ? g_steal_pointer (&gesture) : NULL;
}

/* The last thing that was done is the gesture's. */
static gboolean
is_last (const Open *open, const AssayId *entry)
{
  gint64 made_us;
  AssayId last, base;
  assay_journal_get_last (open->journal, &last, &made_us, &base);
  return !is_handed_in (open) && assay_id_equal (&last, entry);
}

gboolean
assay_tag_gesture_undo (AssayTagGesture *gesture, AssayStore *store, const AssayTask *task,
                        const AssayAnnotator *annotator, gboolean redo, guint *ret_n_kept, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (AssayTagGesture) left = g_new0 (AssayTagGesture, 1);
  left->made = g_array_new (FALSE, FALSE, sizeof (AssayTagged));
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  for (guint i = 0; i < gesture->made->len; i++)
    {
      const AssayTagged *tagged = &g_array_index (gesture->made, AssayTagged, i);
      g_autoptr (GArray) one = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_array_append_val (one, tagged->item_row);
      g_autoptr (GArray) opened = open_all (store, task, annotator, one, error);
      if (opened == NULL)
        return FALSE;
      const Open *open = &g_array_index (opened, Open, 0);
      if (!is_last (open, &tagged->entry))
        continue;
      if (!(redo ? assay_journal_redo (open->journal, error) : assay_journal_undo (open->journal, error)))
        return FALSE;
      remember (left, open);
    }
  if (!assay_transaction_commit (&transaction, error))
    return FALSE;
  *ret_n_kept = gesture->made->len - left->made->len;
  g_array_unref (gesture->made);
  gesture->made = g_steal_pointer (&left->made);
  return TRUE;
}

/* Handing in */

static gboolean
may_submit (const Open *open, const AssayTask *task)
{
  return !is_handed_in (open)
         && (!assay_task_is_single_tag (task) || assay_journal_get_objects (open->journal)->list->len == 1);
}

gboolean
assay_tags_submit_many (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator,
                        const GArray *rows, double seconds, GArray **ret_rows, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (GArray) submitted = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (GArray) all = open_all (store, task, annotator, rows, error);
  for (guint i = 0; all != NULL && i < all->len; i++)
    if (may_submit (&g_array_index (all, Open, i), task))
      g_array_append_val (submitted, g_array_index (all, Open, i).row);
  for (guint i = 0; all != NULL && i < all->len; i++)
    if (may_submit (&g_array_index (all, Open, i), task)
        && !assay_journal_make_revision (g_array_index (all, Open, i).journal, ASSAY_LABEL_SUBMITTED,
                                         seconds / MAX (1, submitted->len), TOOL, NULL, NULL, error))
      return FALSE;
  if (all == NULL || !assay_transaction_commit (&transaction, error))
    return FALSE;
  *ret_rows = g_steal_pointer (&submitted);
  return TRUE;
}

gboolean
assay_tags_recall_many (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator,
                        const GArray *rows, guint *ret_n, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  guint n = 0;
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (GArray) all = open_all (store, task, annotator, rows, error);
  for (guint i = 0; all != NULL && i < all->len; i++)
    {
      const Open *open = &g_array_index (all, Open, i);
      if (open->state != ASSAY_LABEL_SUBMITTED)
        continue;
      if (!assay_journal_recall (open->journal, error))
        return FALSE;
      n++;
    }
  if (all == NULL || !assay_transaction_commit (&transaction, error))
    return FALSE;
  *ret_n = n;
  return TRUE;
}
