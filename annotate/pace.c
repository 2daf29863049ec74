/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/pace.h"

#include "core/json.h"

#include <math.h>
#include <string.h>

typedef struct
{
  AssayId class_id; /* nil: not said since `from_us` */
  gboolean made;
  double seconds;
} Timed;

void
assay_pace_free (AssayPace *pace)
{
  if (pace == NULL)
    return;
  g_array_unref (pace->classes);
  g_free (pace);
}

static void
take_change (GHashTable *objects, const json_t *change, AssayPace *pace)
{
  AssayId id;
  double seconds = json_number_value (json_object_get (change, "seconds"));
  if (!assay_json_get_id (change, "id", &id) || !(seconds > 0))
    return;
  Timed *timed = g_hash_table_lookup (objects, &id);
  if (timed == NULL)
    {
      timed = g_new0 (Timed, 1);
      g_hash_table_insert (objects, g_memdup2 (&id, sizeof id), timed);
    }
  const json_t *after = json_object_get (change, "after");
  if (json_is_object (after))
    assay_json_get_id (after, "class", &timed->class_id);
  timed->made |= json_is_object (after) && json_is_null (json_object_get (change, "before"));
  timed->seconds += seconds;
  pace->seconds += seconds;
}

static gboolean
read_all (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 from_us, GHashTable *objects,
          AssayPace *pace, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT changes FROM journal WHERE task = ?1 AND (?2 = 0 OR annotator = ?2)"
                          " AND made_us >= ?3 AND kind = 'edit' AND changes LIKE '%\"seconds\"%'"
                          " ORDER BY made_us, id",
                          "iii", task->row, annotator_row, from_us))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *text = assay_rows_get_text (&rows, 0);
      g_autoptr (json_t) changes = assay_json_parse (text, strlen (text), "the journal", error);
      if (changes == NULL)
        return FALSE;
      for (gsize i = 0; i < json_array_size (changes); i++)
        take_change (objects, json_array_get (changes, i), pace);
    }
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return wrong == NULL;
}

static int
shorter (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
add_class (AssayPace *pace, GHashTable *objects, const AssayId *class_id)
{
  g_autoptr (GArray) each = g_array_new (FALSE, FALSE, sizeof (double));
  AssayPaceClass class = { .class_id = *class_id };
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, objects);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      const Timed *timed = value;
      if (!timed->made || !assay_id_equal (&timed->class_id, class_id))
        continue;
      g_array_append_val (each, timed->seconds);
      class.total_s += timed->seconds;
    }
  if (each->len == 0)
    return;
  g_array_sort (each, shorter);
  class.n = each->len;
  class.median_s
      = (g_array_index (each, double, (each->len - 1) / 2) + g_array_index (each, double, each->len / 2)) / 2;
  pace->n_made += each->len;
  g_array_append_val (pace->classes, class);
}

AssayPace *
assay_pace_read (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 from_us, GError **error)
{
  g_autoptr (AssayPace) pace = g_new0 (AssayPace, 1);
  g_autoptr (GHashTable) objects = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, g_free);
  pace->classes = g_array_new (FALSE, FALSE, sizeof (AssayPaceClass));
  if (!read_all (store, task, annotator_row, from_us, objects, pace, error))
    return NULL;
  for (guint i = 0; i < task->classes->len; i++)
    add_class (pace, objects, &((const AssayClass *) task->classes->pdata[i])->id);
  return g_steal_pointer (&pace);
}

double
assay_pace_get_hourly (const AssayPace *pace)
{
  return pace->seconds > 0 ? pace->n_made / (pace->seconds / 3600) : NAN;
}
