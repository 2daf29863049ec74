/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/qualification.h"

#include "core/error.h"
#include "core/flag.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

#define ITEMS 10
#define AT_LEAST 0.8
#define MOST_ITEMS 1000

static gboolean
bad (GError **error, const char *what)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading the plan: %s", what);
  return FALSE;
}

static gboolean
is_names (const json_t *list)
{
  gsize i;
  const json_t *one;
  if (list != NULL && !json_is_array (list))
    return FALSE;
  json_array_foreach (list, i, one) if (!json_is_string (one)) return FALSE;
  return TRUE;
}

gboolean
assay_qualification_check (const json_t *document, GError **error)
{
  const json_t *qualify = json_object_get (document, "qualify"), *share = json_object_get (qualify, "at_least");
  gint64 n = ITEMS;
  if (qualify == NULL)
    return TRUE;
  if (!json_is_object (qualify))
    return bad (error, "qualify must be {\"items\", \"at_least\", \"tasks\", \"known\"}");
  if (json_object_get (qualify, "items") != NULL
      && (!assay_json_get_int (qualify, "items", &n) || n < 1 || n > MOST_ITEMS))
    return bad (error, "items of qualify must be a whole number from 1 to 1000");
  if (share != NULL && !(json_is_number (share) && json_number_value (share) > 0 && json_number_value (share) <= 1))
    return bad (error, "at_least of qualify must be above 0 and at most 1");
  return (is_names (json_object_get (qualify, "tasks")) && is_names (json_object_get (qualify, "known")))
         || bad (error, "tasks and known of qualify must be lists of names");
}

static gboolean
names (const json_t *list, const char *name)
{
  gsize i;
  const json_t *one;
  json_array_foreach (list, i, one) if (g_strcmp0 (json_string_value (one), name) == 0) return TRUE;
  return FALSE;
}

static gboolean
is_asked (const json_t *qualify, const AssayTask *task, const AssayAnnotator *annotator)
{
  const json_t *tasks = json_object_get (qualify, "tasks");
  return qualify != NULL && (tasks == NULL || names (tasks, task->name))
         && (annotator == NULL
             || (annotator->kind == ASSAY_ANNOTATOR_PERSON
                 && !names (json_object_get (qualify, "known"), annotator->name)));
}

/* Of the marks, in the order of saying, those of the last `n_items`. */
static gboolean
count_marks (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator,
             AssayQualification *qualification, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error,
                          "SELECT v.how FROM item_flag AS f JOIN review AS v ON v.item = f.item AND v.task = ?1 WHERE"
                          " f.flag = '" ASSAY_FLAG_GOLD "' AND " ASSAY_FLAG_STANDS
                          " AND v.kind = 'qualify' AND v.by_annotator = ?2 ORDER BY v.made_us DESC, v.id DESC",
                          "iI", task->row, &annotator->id))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      gboolean right = g_strcmp0 (assay_rows_get_text (&rows, 0), "right") == 0;
      qualification->n_right += right && qualification->n_answered < qualification->n_items;
      qualification->n_answered++;
    }
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return error == NULL || *error == NULL;
}

gboolean
assay_qualification_get (AssayStore *store, const AssayPlan *plan, const AssayTask *task,
                         const AssayAnnotator *annotator, AssayQualification *ret_qualification, GError **error)
{
  const json_t *qualify = json_object_get (plan->document, "qualify");
  AssayQualification qualification = { .passed = TRUE, .n_items = ITEMS };
  gint64 n_items = ITEMS;
  double at_least = AT_LEAST;
  g_autoptr (GError) wrong = NULL;
  if (is_asked (qualify, task, annotator))
    {
      qualification.asked = TRUE;
      assay_json_get_int (qualify, "items", &n_items);
      assay_json_get_double (qualify, "at_least", &at_least);
      qualification.n_items = (guint) n_items;
      qualification.n_needed = (guint) ceil (at_least * (double) n_items - 1e-9);
      if (annotator != NULL && annotator->row != 0
          && !count_marks (store, task, annotator, &qualification, &wrong))
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
      qualification.passed
          = qualification.n_answered >= qualification.n_items && qualification.n_right >= qualification.n_needed;
    }
  *ret_qualification = qualification;
  return TRUE;
}

char *
assay_qualification_dup_words (const AssayQualification *qualification)
{
  if (!qualification->asked)
    return g_strdup ("no qualification is asked");
  if (qualification->passed)
    return g_strdup_printf ("qualified: %u of the last %u right", qualification->n_right, qualification->n_items);
  if (qualification->n_answered < qualification->n_items)
    return g_strdup_printf ("qualification: %u of %u answered, %u right; %u are needed", qualification->n_answered,
                            qualification->n_items, qualification->n_right, qualification->n_needed);
  return g_strdup_printf ("qualification: %u of the last %u right; %u are needed", qualification->n_right,
                          qualification->n_items, qualification->n_needed);
}

gboolean
assay_qualification_mark (AssayStore *store, const AssayLabel *label, const AssayAnnotator *annotator, gboolean right,
                          const char *why, gboolean *ret_marked, GError **error)
{
  AssayId id = assay_id_new ();
  guint n_changed = 0;
  *ret_marked = FALSE;
  if (!assay_store_run (store, &n_changed, error,
                        "INSERT INTO review (id, item, task, kind, how, revision, parent, by_annotator, made_us, comment)"
                        " SELECT ?1, ?2, ?3, 'qualify', ?4, ?5, NULL, ?6, ?7, ?8 WHERE NOT EXISTS (SELECT 1 FROM review"
                        " WHERE item = ?2 AND task = ?3 AND kind = 'qualify' AND by_annotator = ?6)",
                        "IiitIIit", &id, label->item_row, label->task_row, right ? "right" : "wrong", &label->id,
                        &annotator->id, g_get_real_time (), why))
    return FALSE;
  *ret_marked = n_changed > 0;
  return TRUE;
}
