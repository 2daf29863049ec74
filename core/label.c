/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/label.h"

#include "core/audit.h"
#include "core/error.h"
#include "core/json.h"
#include "core/standing.h"

#include <math.h>
#include <string.h>

static const char *const states[] = { "todo", "draft", "submitted", "sent_back", "settled", "skipped" };

const char *
assay_label_state_to_text (AssayLabelState state)
{
  return states[state];
}

static AssayLabelState
state_of (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (states[i], text) == 0)
      return (AssayLabelState) i;
  if (g_strcmp0 (text, "audit") == 0 || g_strcmp0 (text, "again") == 0) /* told from no other answer, least of all to who gave it */
    return ASSAY_LABEL_SUBMITTED;
  return ASSAY_LABEL_DRAFT; /* of a newer Assay: nobody may take it for an answer */
}

AssayLabel *
assay_label_new (const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator)
{
  AssayLabel *label = g_new0 (AssayLabel, 1);
  label->item_row = item->row;
  label->task_row = task->row;
  label->annotator_row = annotator->row;
  label->task_revision = task->revision;
  label->state = ASSAY_LABEL_DRAFT;
  label->seconds = NAN;
  label->objects = assay_objects_new (task->kind);
  return label;
}

void
assay_label_free (AssayLabel *label)
{
  if (label == NULL)
    return;
  g_free (label->tool);
  g_free (label->assisted);
  g_free (label->comment);
  assay_objects_free (label->objects);
  g_free (label);
}

/* The standing revision as saving needs it; `row` 0 = none. */
typedef struct
{
  gint64 row;
  AssayId id;
  AssayLabelState made_as, stands_as;
} Head;

static gboolean
find_head (AssayStore *store, gint64 item_row, gint64 task_row, gint64 annotator_row, Head *ret_head,
           GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  Head head = { 0 };
  if (!assay_store_query (store, &rows, error,
                          "SELECT revision.row, revision.id, revision.state, head.state FROM head JOIN revision"
                          " ON revision.row = head.revision WHERE head.item = ? AND head.task = ? AND"
                          " head.annotator = ?",
                          "iii", item_row, task_row, annotator_row))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    head = (Head){ .row = assay_rows_get_int (&rows, 0),
                   .id = assay_rows_get_id (&rows, 1),
                   .made_as = state_of (assay_rows_get_text (&rows, 2)),
                   .stands_as = state_of (assay_rows_get_text (&rows, 3)) };
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_head = head;
  return TRUE;
}

static gboolean
has_value (AssayStore *store, gint64 revision_row, const char *value, gboolean *ret_same, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, "SELECT value = ? FROM revision WHERE row = ?", "ti", value,
                          revision_row)
      || !assay_rows_next (&rows, error))
    return FALSE;
  *ret_same = assay_rows_get_int (&rows, 0) != 0;
  return TRUE;
}

/* {"class id or nothing": objects}, for the counts. */
static char *
count_classes (const AssayObjects *objects)
{
  g_autoptr (json_t) counts = json_object ();
  char text[ASSAY_ID_TEXT_SIZE];
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      const char *key = assay_id_is_nil (&object->class_id) ? "" : assay_id_to_text (&object->class_id, text);
      json_object_set_new (counts, key, json_integer (json_integer_value (json_object_get (counts, key)) + 1));
    }
  return assay_json_canonical (counts);
}

/* What others will read as an answer must be one. */
static gboolean
validate (const AssayLabel *label, const AssayTask *task, const AssayItem *item, GError **error)
{
  if (assay_objects_validate (label->objects, task, item, error))
    return TRUE;
  g_prefix_error (error, "saving the label of %s: ", item->name);
  return FALSE;
}

static gboolean
insert (AssayStore *store, AssayLabel *label, AssayId id, const char *value, const GByteArray *replaces,
        GError **error)
{
  g_autofree char *classes = count_classes (label->objects);
  gint64 made_us = label->made_us > 0 ? label->made_us : g_get_real_time ();
  if (!assay_store_run (
          store, NULL, error,
          "INSERT INTO revision (id, item, task, annotator, parent, replaces, task_revision, state, made_us,"
          " seconds, simulated, tool, assisted, comment, n_objects, classes, value) VALUES (?, ?, ?, ?, ?, nullif"
          " (?, x''), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "IiiiIbItiditttitt", &id, label->item_row, label->task_row, label->annotator_row, &label->parent,
          replaces != NULL ? replaces->data : NULL, replaces != NULL ? (gsize) replaces->len : (gsize) 0,
          &label->task_revision, states[label->state], made_us, label->seconds, (gint64) label->simulated,
          label->tool != NULL ? label->tool : "", label->assisted, label->comment,
          (gint64) label->objects->list->len, classes, value))
    return FALSE;
  label->id = id;
  label->row = assay_store_get_last_row (store);
  label->made_us = made_us;
  return TRUE;
}

/* `replaces` (nullable): ids of further leaves that it stands for. */
static gboolean
save (AssayStore *store, AssayLabel *label, const GByteArray *replaces, gboolean *ret_added, GError **error)
{
  g_return_val_if_fail (label->state == ASSAY_LABEL_DRAFT || label->state == ASSAY_LABEL_SUBMITTED
                            || label->state == ASSAY_LABEL_SKIPPED,
                        FALSE);
  g_auto (AssayTransaction) transaction = { 0 };
  Head head;
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (AssayTask) task = assay_task_get_row (store, label->task_row, error);
  if (task == NULL || !find_head (store, label->item_row, label->task_row, label->annotator_row, &head, error))
    return FALSE;
  if (assay_id_is_nil (&label->task_revision))
    label->task_revision = task->revision;
  if (assay_id_is_nil (&label->parent))
    label->parent = head.id;
  if (label->state == ASSAY_LABEL_SUBMITTED)
    {
      g_autoptr (AssayItem) item = assay_item_get_row (store, label->item_row, error);
      if (item == NULL || !validate (label, task, item, error))
        return FALSE;
    }
  g_autoptr (json_t) json = assay_objects_to_json (label->objects, task);
  g_autofree char *value = assay_json_canonical (json);
  gboolean same = FALSE;
  if (replaces == NULL && head.row != 0 && head.made_as == label->state && head.stands_as != ASSAY_LABEL_SENT_BACK
      && !has_value (store, head.row, value, &same, error))
    return FALSE;
  if (same)
    {
      label->id = head.id;
      label->row = head.row;
    }
  else if ((label->state == ASSAY_LABEL_SUBMITTED && !assay_audit_note (store, label, task, error))
           || !insert (store, label, assay_id_new (), value, replaces, error)
           || !assay_standing_update (store, label->item_row, label->task_row, error))
    return FALSE;
  if (!assay_transaction_commit (&transaction, error))
    return FALSE;
  if (ret_added != NULL)
    *ret_added = !same;
  return TRUE;
}

gboolean
assay_label_save (AssayStore *store, AssayLabel *label, gboolean *ret_added, GError **error)
{
  return save (store, label, NULL, ret_added, error);
}

gboolean
assay_label_save_as (AssayStore *store, AssayLabel *label, const AssayId *id, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_transaction_begin (&transaction, store, error)
      || !assay_store_query (store, &rows, error, "SELECT row FROM revision WHERE id = ?", "I", id))
    return FALSE;
  gboolean known = assay_rows_next (&rows, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (known)
    return TRUE;
  g_autoptr (AssayTask) task = assay_task_get_row (store, label->task_row, error);
  if (task == NULL)
    return FALSE;
  g_autoptr (json_t) json = assay_objects_to_json (label->objects, task);
  g_autofree char *value = assay_json_canonical (json);
  return insert (store, label, *id, value, NULL, error)
         && assay_standing_update (store, label->item_row, label->task_row, error)
         && assay_transaction_commit (&transaction, error);
}

/* Reading. */

#define COLUMNS                                                                                                    \
  "SELECT revision.row, revision.id, revision.item, revision.task, revision.annotator, revision.parent,"           \
  " revision.task_revision, revision.state, made_us, seconds, simulated, tool, assisted, comment, value "

static AssayLabel *
read_row (AssayRows *rows, const AssayTask *task, const AssayItem *item, GError **error)
{
  g_autoptr (AssayLabel) label = g_new0 (AssayLabel, 1);
  label->row = assay_rows_get_int (rows, 0);
  label->id = assay_rows_get_id (rows, 1);
  label->item_row = assay_rows_get_int (rows, 2);
  label->task_row = assay_rows_get_int (rows, 3);
  label->annotator_row = assay_rows_get_int (rows, 4);
  label->parent = assay_rows_get_id (rows, 5);
  label->task_revision = assay_rows_get_id (rows, 6);
  label->state = state_of (assay_rows_get_text (rows, 7));
  label->made_us = assay_rows_get_int (rows, 8);
  label->seconds = assay_rows_get_double (rows, 9);
  label->simulated = assay_rows_get_int (rows, 10) != 0;
  label->tool = g_strdup (assay_rows_get_text (rows, 11));
  label->assisted = g_strdup (assay_rows_get_text (rows, 12));
  label->comment = g_strdup (assay_rows_get_text (rows, 13));
  const char *value = assay_rows_get_text (rows, 14);
  g_autoptr (json_t) json = assay_json_parse (value, strlen (value), "a label of the database", error);
  if (json == NULL)
    return NULL;
  label->objects = assay_objects_from_json (json, task, item, error);
  if (label->objects == NULL)
    {
      g_prefix_error (error, "reading a label of %s: ", item->name);
      return NULL;
    }
  return g_steal_pointer (&label);
}

/* Every label that the query gives. */
static GPtrArray *
read_all (AssayStore *store, AssayRows *rows, gint64 item_row, const AssayTask *task, GError **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_label_free);
  g_autoptr (AssayItem) item = NULL;
  g_autoptr (GError) wrong = NULL;
  while (assay_rows_next (rows, &wrong))
    {
      if (item == NULL && (item = assay_item_get_row (store, item_row, error)) == NULL)
        return NULL;
      AssayLabel *label = read_row (rows, task, item, error);
      if (label == NULL)
        return NULL;
      g_ptr_array_add (list, label);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

static AssayLabel *
steal_first (GPtrArray *list)
{
  return list != NULL && list->len > 0 ? g_ptr_array_steal_index (list, 0) : NULL;
}

AssayLabel *
assay_label_get (AssayStore *store, gint64 item_row, const AssayTask *task, gint64 annotator_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error,
                          COLUMNS "FROM head JOIN revision ON revision.row = head.revision WHERE head.item = ?"
                                  " AND head.task = ? AND head.annotator = ?",
                          "iii", item_row, task->row, annotator_row))
    return NULL;
  g_autoptr (GPtrArray) list = read_all (store, &rows, item_row, task, error);
  return steal_first (list);
}

/* One revision, found by what `where` asks. */
static AssayLabel *
get_revision (AssayStore *store, AssayRows *rows, const AssayTask *task, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  if (!assay_rows_next (rows, &wrong))
    {
      if (wrong != NULL)
        g_propagate_error (error, g_steal_pointer (&wrong));
      else
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                     "finding a revision: it is not in this project; `assay label ITEM` lists what is");
      return NULL;
    }
  if (assay_rows_get_int (rows, 3) != task->row)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "finding a revision: it belongs to another task than %s", task->name);
      return NULL;
    }
  g_autoptr (AssayItem) item = assay_item_get_row (store, assay_rows_get_int (rows, 2), error);
  return item != NULL ? read_row (rows, task, item, error) : NULL;
}

AssayLabel *
assay_label_get_revision (AssayStore *store, const AssayId *revision, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, COLUMNS "FROM revision WHERE id = ?", "I", revision))
    return NULL;
  return get_revision (store, &rows, task, error);
}

AssayLabel *
assay_label_get_row (AssayStore *store, gint64 revision_row, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, COLUMNS "FROM revision WHERE row = ?", "i", revision_row))
    return NULL;
  return get_revision (store, &rows, task, error);
}

GPtrArray *
assay_label_list (AssayStore *store, gint64 item_row, const AssayTask *task, gboolean submitted_only,
                  GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error,
                          COLUMNS
                          "FROM head JOIN revision ON revision.row = head.revision JOIN annotator AS a ON"
                          " a.row = head.annotator WHERE head.item = ? AND head.task = ? AND (NOT ? OR"
                          " (revision.state = 'submitted' AND head.state IN ('submitted', 'settled') AND"
                          " " ASSAY_ANNOTATOR_COUNTS ")) ORDER BY a.name, a.id",
                          "iii", item_row, task->row, (gint64) submitted_only))
    return NULL;
  return read_all (store, &rows, item_row, task, error);
}

GPtrArray *
assay_label_history (AssayStore *store, gint64 item_row, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error,
                          COLUMNS "FROM revision WHERE item = ? AND task = ? ORDER BY made_us, id", "ii", item_row,
                          task->row))
    return NULL;
  return read_all (store, &rows, item_row, task, error);
}

gboolean
assay_label_get_state (AssayStore *store, gint64 item_row, gint64 task_row, gint64 annotator_row,
                       AssayLabelState *ret_state, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT state FROM head WHERE item = ? AND task = ? AND annotator = ?", "iii", item_row,
                          task_row, annotator_row))
    return FALSE;
  AssayLabelState state
      = assay_rows_next (&rows, &wrong) ? state_of (assay_rows_get_text (&rows, 0)) : ASSAY_LABEL_TODO;
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_state = state;
  return TRUE;
}

/* Conflicts. */

GArray *
assay_label_list_conflicts (AssayStore *store, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, TRUE, sizeof (AssayLabelConflict));
  if (!assay_store_query (
          store, &rows, error,
          "SELECT item, annotator, leaves FROM head WHERE task = ? AND leaves > 1 ORDER BY item, annotator", "i",
          task->row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayLabelConflict conflict = { .item_row = assay_rows_get_int (&rows, 0),
                                      .annotator_row = assay_rows_get_int (&rows, 1),
                                      .n_answers = (guint) assay_rows_get_int (&rows, 2) };
      g_array_append_val (list, conflict);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

/* Ids of all revisions of the same item, task and annotator but `label`'s own: naming one that has grown does no
 * harm. */
static GByteArray *
list_others (AssayStore *store, const AssayLabel *label, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GByteArray) others = g_byte_array_new ();
  if (!assay_store_query (
          store, &rows, error,
          "SELECT id FROM revision AS leaf WHERE item = ?1 AND task = ?2 AND annotator = ?3 AND id <> ?4 AND NOT"
          " EXISTS (SELECT 1 FROM revision WHERE item = ?1 AND task = ?2 AND annotator = ?3 AND parent = leaf.id)"
          " ORDER BY id",
          "iiiI", label->item_row, label->task_row, label->annotator_row, &label->id))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId id = assay_rows_get_id (&rows, 0);
      g_byte_array_append (others, id.bytes, sizeof id.bytes);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&others);
}

gboolean
assay_label_resolve (AssayStore *store, AssayLabel *chosen, GError **error)
{
  g_return_val_if_fail (!assay_id_is_nil (&chosen->id), FALSE);
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  g_autoptr (GByteArray) others = list_others (store, chosen, error);
  if (others == NULL)
    return FALSE;
  chosen->parent = chosen->id;
  chosen->made_us = 0;
  return save (store, chosen, others, NULL, error) && assay_transaction_commit (&transaction, error);
}

/* JSON. */

static json_t *
text_or_null (const char *text)
{
  return text != NULL && *text != '\0' ? json_string (text) : json_null ();
}

json_t *
assay_label_to_json (AssayStore *store, const AssayLabel *label, const AssayTask *task)
{
  g_autoptr (AssayItem) item = assay_item_get_row (store, label->item_row, NULL);
  g_autoptr (AssayAnnotator) annotator = assay_annotator_get_row (store, label->annotator_row, NULL);
  AssayLabelState state = label->state;
  Head head;
  /* The standing answer has the state that reviews gave it; earlier ones the one they were made in. */
  if (find_head (store, label->item_row, label->task_row, label->annotator_row, &head, NULL)
      && head.row == label->row)
    state = head.stands_as;
  json_t *json = json_object ();
  json_object_set_new (json, "id", assay_json_id (&label->id));
  json_object_set_new (json, "item", item != NULL ? assay_json_id (&item->id) : json_null ());
  json_object_set_new (json, "name", text_or_null (item != NULL ? item->name : NULL));
  json_object_set_new (json, "task", json_string (task->name));
  json_object_set_new (json, "annotator", text_or_null (annotator != NULL ? annotator->name : NULL));
  json_object_set_new (json, "state", json_string (states[state]));
  json_object_set_new (json, "made_at", json_real ((double) label->made_us / G_USEC_PER_SEC));
  json_object_set_new (json, "seconds", assay_json_number (label->seconds));
  json_object_set_new (json, "simulated", json_boolean (label->simulated));
  json_object_set_new (json, "tool", text_or_null (label->tool));
  json_object_set_new (json, "assisted", text_or_null (label->assisted));
  json_object_set_new (json, "comment", text_or_null (label->comment));
  json_object_set_new (json, "parent", assay_json_id (&label->parent));
  json_object_set_new (json, "task_revision", assay_json_id (&label->task_revision));
  json_object_set_new (json, "label", assay_objects_to_json (label->objects, task));
  return json;
}
