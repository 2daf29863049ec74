/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/annotator.h"

#include "core/error.h"

static const char *const kinds[] = { "person", "model", "means", "consensus", "again" };

const char *
assay_annotator_kind_to_text (AssayAnnotatorKind kind)
{
  return kinds[kind];
}

void
assay_annotator_free (AssayAnnotator *annotator)
{
  if (annotator == NULL)
    return;
  g_free (annotator->name);
  g_free (annotator);
}

#define COLUMNS "SELECT row, id, name, kind FROM annotator "

/* A kind that a newer Assay made is a person's in no case. */
static AssayAnnotatorKind
kind_of (const char *text)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i], text) == 0)
      return (AssayAnnotatorKind) i;
  return ASSAY_ANNOTATOR_MEANS;
}

static AssayAnnotator *
read_row (AssayRows *rows)
{
  AssayAnnotator *annotator = g_new0 (AssayAnnotator, 1);
  annotator->row = assay_rows_get_int (rows, 0);
  annotator->id = assay_rows_get_id (rows, 1);
  annotator->name = g_strdup (assay_rows_get_text (rows, 2));
  annotator->kind = kind_of (assay_rows_get_text (rows, 3));
  return annotator;
}

/* NULL without an error: nobody has that name. */
static gboolean
look_up (AssayStore *store, const char *name, AssayAnnotator **ret_annotator, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, COLUMNS "WHERE name = ? ORDER BY row LIMIT 1", "t", name))
    return FALSE;
  AssayAnnotator *found = assay_rows_next (&rows, &wrong) ? read_row (&rows) : NULL;
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_annotator = found;
  return TRUE;
}

AssayAnnotator *
assay_annotator_ensure (AssayStore *store, const char *name, AssayAnnotatorKind kind, GError **error)
{
  AssayAnnotator *known = NULL;
  if (name == NULL || *name == '\0' || !g_utf8_validate (name, -1, NULL))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "naming the annotator: the name is empty or not UTF-8; say who labels with --annotator NAME");
      return NULL;
    }
  if (!look_up (store, name, &known, error) || known != NULL)
    return known;
  g_auto (AssayTransaction) transaction = { 0 };
  /* Again under the lock: two programs that start at once must not make two people. */
  if (!assay_transaction_begin (&transaction, store, error) || !look_up (store, name, &known, error)
      || known != NULL)
    return known;
  AssayId id = assay_id_new ();
  if (!assay_store_run (store, NULL, error, "INSERT INTO annotator (id, name, kind) VALUES (?, ?, ?)", "Itt", &id,
                        name, kinds[kind]))
    return NULL;
  g_autoptr (AssayAnnotator) annotator = g_new0 (AssayAnnotator, 1);
  annotator->row = assay_store_get_last_row (store);
  annotator->id = id;
  annotator->name = g_strdup (name);
  annotator->kind = kind;
  return assay_transaction_commit (&transaction, error) ? g_steal_pointer (&annotator) : NULL;
}

AssayAnnotator *
assay_annotator_find (AssayStore *store, const char *name, GError **error)
{
  AssayAnnotator *annotator = NULL;
  if (look_up (store, name, &annotator, error) && annotator == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "finding the annotator %s: nobody of that name has labelled here; `assay annotators` lists them",
                 name);
  return annotator;
}

AssayAnnotator *
assay_annotator_get_row (AssayStore *store, gint64 row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, COLUMNS "WHERE row = ?", "i", row))
    return NULL;
  if (assay_rows_next (&rows, &wrong))
    return read_row (&rows);
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "finding an annotator: row %" G_GINT64_FORMAT " is not there", row);
  return NULL;
}

GPtrArray *
assay_annotator_list (AssayStore *store, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_annotator_free);
  if (!assay_store_query (store, &rows, error, COLUMNS "WHERE kind <> 'again' ORDER BY name, row", ""))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    g_ptr_array_add (list, read_row (&rows));
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}
