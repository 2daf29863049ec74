/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/tally.h"

/* In the table: empty = answers or items, 16 zero bytes = objects without a class, else the class. */
gboolean
assay_tally_add (AssayStore *store, gint64 task_row, gint64 annotator_row, const char *state,
                 const char *class_text, gint64 n, GError **error)
{
  AssayId class_id = ASSAY_ID_NIL;
  if (class_text != NULL && *class_text != '\0')
    assay_id_parse (class_text, &class_id);
  return n == 0
         || assay_store_run (store, NULL, error,
                             "INSERT INTO tally (task, annotator, state, class, n) VALUES (?, ?, ?, ?, ?) ON"
                             " CONFLICT DO UPDATE SET n = n + excluded.n",
                             "iitbi", task_row, annotator_row, state, class_id.bytes,
                             class_text != NULL ? sizeof class_id.bytes : (gsize) 0, n);
}

GArray *
assay_tally_list (AssayStore *store, gint64 task_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, TRUE, sizeof (AssayTally));
  if (!assay_store_query (
          store, &rows, error,
          "SELECT task, annotator, state, class, n FROM tally WHERE (?1 = 0 OR task IN (0, ?1)) AND n <> 0 AND"
          " annotator NOT IN (SELECT row FROM annotator WHERE kind = 'again') ORDER BY task, annotator, state, class",
          "i", task_row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gsize n_bytes;
      assay_rows_get_blob (&rows, 3, &n_bytes);
      AssayTally tally = {
        .task_row = assay_rows_get_int (&rows, 0),
        .annotator_row = assay_rows_get_int (&rows, 1),
        .state = g_intern_string (assay_rows_get_text (&rows, 2)),
        .class_id = assay_rows_get_id (&rows, 3),
        .is_answers = n_bytes == 0,
        .n = assay_rows_get_int (&rows, 4),
      };
      g_array_append_val (list, tally);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

gint64
assay_tally_sum (const GArray *list, gint64 task_row, gint64 annotator_row, const char *state)
{
  gint64 n = 0;
  for (guint i = 0; i < list->len; i++)
    {
      const AssayTally *tally = &g_array_index (list, AssayTally, i);
      gboolean fits = annotator_row < 0 ? tally->annotator_row > 0 : tally->annotator_row == annotator_row;
      if (fits && tally->is_answers && tally->task_row == task_row
          && (state == NULL || g_str_equal (state, tally->state)))
        n += tally->n;
    }
  return n;
}
