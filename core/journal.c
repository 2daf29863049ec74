/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/journal.h"

#include "core/error.h"
#include "core/json.h"
#include "core/proposal.h"
#include "core/standing.h"

#include <math.h>
#include <string.h>

/* An edit that can be undone or redone. */
typedef struct
{
  AssayId id;
  char *name;
} Entry;

struct _AssayJournal
{
  AssayStore *store;
  AssayItem *item;
  AssayTask *task;
  AssayAnnotator annotator; /* row and id; its name is not kept */
  AssayObjects *objects;
  AssayId base;             /* the revision under the draft; nil = none */
  gint64 last_row, last_us; /* of the entries read */
  AssayId last;
  guint n_entries;     /* upon `base` */
  GArray *undo, *redo; /* of Entry, the next one last */
};

static void
entry_clear (gpointer data)
{
  g_free (((Entry *) data)->name);
}

void
assay_journal_free (AssayJournal *journal)
{
  if (journal == NULL)
    return;
  assay_item_free (journal->item);
  assay_task_free (journal->task);
  assay_objects_free (journal->objects);
  g_clear_pointer (&journal->undo, g_array_unref);
  g_clear_pointer (&journal->redo, g_array_unref);
  g_free (journal);
}

static void
push (GArray *stack, const AssayId *id, const char *name)
{
  Entry entry = { .id = *id, .name = g_strdup (name) };
  g_array_append_val (stack, entry);
}

/* Moves the entry `id` from the top of one stack (or from wherever desks that met have left it) to the top of the
 * other. */
static void
shift (GArray *from, GArray *to, const AssayId *id)
{
  for (guint i = from->len; i > 0; i--)
    {
      Entry *entry = &g_array_index (from, Entry, i - 1);
      if (!assay_id_equal (&entry->id, id))
        continue;
      push (to, id, entry->name);
      g_array_remove_index (from, i - 1);
      return;
    }
}

static json_t *
load_changes (AssayJournal *journal, const AssayId *id, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (journal->store, &rows, error, "SELECT changes FROM journal WHERE id = ?", "I", id))
    return NULL;
  if (!assay_rows_next (&rows, &wrong))
    {
      if (wrong == NULL)
        g_set_error (&wrong, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading the journal of %s: an entry is missing",
                     journal->item->name);
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  const char *text = assay_rows_get_text (&rows, 0);
  return assay_json_parse (text, strlen (text), "the journal", error);
}

static gboolean
replay (AssayJournal *journal, const AssayId *edit, gboolean backward, GError **error)
{
  g_autoptr (json_t) changes = load_changes (journal, edit, error);
  return changes != NULL
         && assay_edit_replay (changes, journal->objects, journal->task, journal->item, backward, error);
}

/* Takes one entry in: into the stacks, and into the draft when it lies upon the revision that stands. */
static gboolean
take_in (AssayJournal *journal, AssayRows *rows, GError **error)
{
  AssayId id = assay_rows_get_id (rows, 1), base = assay_rows_get_id (rows, 2),
          target = assay_rows_get_id (rows, 4);
  const char *kind = assay_rows_get_text (rows, 3);
  gboolean undoes = g_str_equal (kind, "undo"), redoes = g_str_equal (kind, "redo");
  journal->last_row = MAX (journal->last_row, assay_rows_get_int (rows, 0));
  journal->last_us = MAX (journal->last_us, assay_rows_get_int (rows, 6));
  journal->last = id;
  if (undoes)
    shift (journal->undo, journal->redo, &target);
  else if (redoes)
    shift (journal->redo, journal->undo, &target);
  else
    {
      push (journal->undo, &id, assay_rows_get_text (rows, 5));
      g_array_set_size (journal->redo, 0);
    }
  if (!assay_id_equal (&base, &journal->base))
    return TRUE;
  journal->n_entries++;
  return replay (journal, undoes || redoes ? &target : &id, undoes, error);
}

static gboolean
read_entries (AssayJournal *journal, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  /* In the order of time, which is the same on every desk; appending keeps the times apart. */
  if (!assay_store_query (journal->store, &rows, error,
                          "SELECT row, id, base, kind, target, name, made_us FROM journal WHERE item = ? AND task"
                          " = ? AND annotator = ? ORDER BY made_us, id",
                          "iii", journal->item->row, journal->task->row, journal->annotator.row))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    if (!take_in (journal, &rows, error))
      return FALSE;
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return wrong == NULL;
}

static gboolean
load (AssayJournal *journal, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_transaction_begin_read (&transaction, journal->store, error))
    return FALSE;
  g_autoptr (AssayTask) task = assay_task_get_row (journal->store, journal->task->row, error);
  if (task == NULL)
    return FALSE;
  g_autoptr (AssayLabel) head
      = assay_label_get (journal->store, journal->item->row, task, journal->annotator.row, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  assay_task_free (journal->task);
  journal->task = g_steal_pointer (&task);
  assay_objects_free (journal->objects);
  journal->objects = head != NULL ? g_steal_pointer (&head->objects) : assay_objects_new (journal->task->kind);
  journal->base = head != NULL ? head->id : ASSAY_ID_NIL;
  journal->last_row = journal->last_us = 0;
  journal->last = ASSAY_ID_NIL;
  journal->n_entries = 0;
  g_array_set_size (journal->undo, 0);
  g_array_set_size (journal->redo, 0);
  return read_entries (journal, error) && assay_transaction_commit (&transaction, error);
}

AssayJournal *
assay_journal_open (AssayStore *store, const AssayItem *item, const AssayTask *task,
                    const AssayAnnotator *annotator, GError **error)
{
  g_autoptr (AssayJournal) journal = g_new0 (AssayJournal, 1);
  journal->store = store;
  journal->item = assay_item_copy (item);
  journal->task = assay_task_copy (task);
  journal->annotator = (AssayAnnotator){ .row = annotator->row, .id = annotator->id };
  journal->undo = g_array_new (FALSE, TRUE, sizeof (Entry));
  journal->redo = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_clear_func (journal->undo, entry_clear);
  g_array_set_clear_func (journal->redo, entry_clear);
  return load (journal, error) ? g_steal_pointer (&journal) : NULL;
}

const AssayObjects *
assay_journal_get_objects (const AssayJournal *journal)
{
  return journal->objects;
}

void
assay_journal_get_last (const AssayJournal *journal, AssayId *ret_entry, gint64 *ret_made_us, AssayId *ret_base)
{
  *ret_entry = journal->last;
  *ret_made_us = journal->last_us;
  *ret_base = journal->base;
}

gboolean
assay_journal_is_changed (const AssayJournal *journal)
{
  return journal->n_entries > 0;
}

static const char *
top_name (const GArray *stack)
{
  return stack->len > 0 ? g_array_index (stack, Entry, stack->len - 1).name : NULL;
}

const char *
assay_journal_get_undo_name (const AssayJournal *journal)
{
  return top_name (journal->undo);
}

const char *
assay_journal_get_redo_name (const AssayJournal *journal)
{
  return top_name (journal->redo);
}

GPtrArray *
assay_journal_list_steps (const AssayJournal *journal, guint *ret_n_done)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < journal->undo->len; i++)
    g_ptr_array_add (names, g_strdup (g_array_index (journal->undo, Entry, i).name));
  for (guint i = journal->redo->len; i-- > 0;)
    g_ptr_array_add (names, g_strdup (g_array_index (journal->redo, Entry, i).name));
  *ret_n_done = journal->undo->len;
  return names;
}

/* Has another window or program saved something here since we read? Two look-ups by key. */
gboolean
assay_journal_refresh (AssayJournal *journal, gboolean *ret_changed, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (journal->store, &rows, error,
                          "SELECT (SELECT max (row) FROM journal WHERE item = ?1 AND task = ?2 AND annotator ="
                          " ?3), (SELECT revision.id FROM head JOIN revision ON revision.row = head.revision "
                          " WHERE head.item = ?1 AND head.task = ?2 AND head.annotator = ?3)",
                          "iii", journal->item->row, journal->task->row, journal->annotator.row)
      || !assay_rows_next (&rows, error))
    return FALSE;
  AssayId head = assay_rows_get_id (&rows, 1);
  gboolean changed = assay_rows_get_int (&rows, 0) != journal->last_row || !assay_id_equal (&head, &journal->base);
  assay_rows_clear (&rows);
  if (changed && !load (journal, error))
    return FALSE;
  if (ret_changed != NULL)
    *ret_changed = changed;
  return TRUE;
}

static gboolean
insert (AssayJournal *journal, const char *kind, const AssayId *target, const char *name, const char *changes,
        AssayId *ret_id, GError **error)
{
  AssayId id = assay_id_new ();
  gint64 made_us = MAX (g_get_real_time (), journal->last_us + 1);
  gboolean first = journal->last_row == 0 && assay_id_is_nil (&journal->base);
  if (!assay_store_run (
          journal->store, NULL, error,
          "INSERT INTO journal (id, item, task, annotator, base, kind, target, name, made_us, changes) VALUES (?,"
          " ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "IiiiItItit", &id, journal->item->row, journal->task->row, journal->annotator.row, &journal->base, kind,
          target, name, made_us, changes))
    return FALSE;
  journal->last_row = assay_store_get_last_row (journal->store);
  journal->last_us = made_us;
  journal->last = id;
  journal->n_entries++;
  *ret_id = id;
  /* The first stroke makes a draft of what was to do. */
  return !first || assay_standing_update (journal->store, journal->item->row, journal->task->row, error);
}

/* What failed on the disk must not stay in the draft: it is read again as it stands there. */
static gboolean
fall_back (AssayJournal *journal)
{
  journal->last_row = -1;
  load (journal, NULL);
  return FALSE;
}

static gboolean
append (AssayJournal *journal, const AssayEdit *edit, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  AssayId id;
  if (!assay_transaction_begin (&transaction, journal->store, error)
      || !assay_journal_refresh (journal, NULL, error))
    return FALSE;
  g_autoptr (json_t) changes = assay_edit_to_json (edit, journal->objects, journal->task, error);
  if (changes == NULL)
    return FALSE;
  g_autofree char *text = assay_json_canonical (changes);
  if (!insert (journal, "edit", NULL, edit->name, text, &id, error)
      || !assay_edit_replay (changes, journal->objects, journal->task, journal->item, FALSE, error)
      || !assay_transaction_commit (&transaction, error))
    return FALSE;
  push (journal->undo, &id, edit->name);
  g_array_set_size (journal->redo, 0);
  return TRUE;
}

gboolean
assay_journal_append (AssayJournal *journal, AssayEdit *take_edit, GError **error)
{
  g_autoptr (AssayEdit) edit = take_edit;
  return append (journal, edit, error) || fall_back (journal);
}

static gboolean
move (AssayJournal *journal, gboolean backward, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  AssayId id;
  if (!assay_transaction_begin (&transaction, journal->store, error)
      || !assay_journal_refresh (journal, NULL, error))
    return FALSE;
  GArray *from = backward ? journal->undo : journal->redo, *to = backward ? journal->redo : journal->undo;
  if (from->len == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "%s: there is nothing left",
                   backward ? "undo" : "redo");
      return FALSE;
    }
  AssayId target = g_array_index (from, Entry, from->len - 1).id;
  if (!insert (journal, backward ? "undo" : "redo", &target, top_name (from), "[]", &id, error)
      || !replay (journal, &target, backward, error) || !assay_transaction_commit (&transaction, error))
    return FALSE;
  shift (from, to, &target);
  return TRUE;
}

gboolean
assay_journal_undo (AssayJournal *journal, GError **error)
{
  return move (journal, TRUE, error) || fall_back (journal);
}

gboolean
assay_journal_redo (AssayJournal *journal, GError **error)
{
  return move (journal, FALSE, error) || fall_back (journal);
}

gboolean
assay_journal_make_revision (AssayJournal *journal, AssayLabelState state, double seconds, const char *tool,
                             const char *assisted, const char *comment, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, journal->store, error)
      || !assay_journal_refresh (journal, NULL, error))
    return FALSE;
  if (state == ASSAY_LABEL_DRAFT && assay_id_is_nil (&journal->base) && journal->n_entries == 0)
    return TRUE;
  g_autoptr (AssayLabel) label = assay_label_new (journal->item, journal->task, &journal->annotator);
  assay_objects_free (label->objects);
  label->objects = assay_objects_copy (journal->objects);
  label->parent = journal->base;
  label->state = state;
  label->seconds = seconds;
  label->tool = g_strdup (tool);
  label->assisted = assisted != NULL ? g_strdup (assisted) : assay_objects_dup_assisted (label->objects);
  label->comment = g_strdup (comment);
  gboolean added;
  if (!assay_label_save (journal->store, label, &added, error) || !assay_transaction_commit (&transaction, error))
    return FALSE;
  if (added)
    journal->n_entries = 0;
  journal->base = label->id;
  return TRUE;
}

gboolean
assay_journal_recall (AssayJournal *journal, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  AssayLabelState state;
  if (!assay_transaction_begin (&transaction, journal->store, error)
      || !assay_label_get_state (journal->store, journal->item->row, journal->task->row, journal->annotator.row, &state,
                                 error))
    return FALSE;
  if (state == ASSAY_LABEL_SETTLED)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                 "taking back the answer to %s: it is settled; ask a reviewer to send it back", journal->item->name);
  else if (state != ASSAY_LABEL_SUBMITTED && state != ASSAY_LABEL_SKIPPED)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "taking back the answer to %s: it was not submitted; edit it as it is", journal->item->name);
  else
    return assay_journal_make_revision (journal, ASSAY_LABEL_DRAFT, NAN, "recall", NULL, NULL, error)
           && assay_transaction_commit (&transaction, error);
  return FALSE;
}
