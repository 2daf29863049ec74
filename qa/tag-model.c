/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/tag-model.h"

#include "core/json.h"

#include <math.h>
#include <string.h>

struct _AssayTagModel
{
  GHashTable *things; /* item row (gint64, owned) to thing */
  GArray *first;      /* of guint: of each thing its first unit, and their number at the end */
  AssayClassVotes *votes;
  AssayDawidSkene *skene; /* NULL = not weighed */
  guint n_classes;
};

void
assay_tag_model_free (AssayTagModel *model)
{
  if (model == NULL)
    return;
  g_hash_table_unref (model->things);
  g_clear_pointer (&model->first, g_array_unref);
  assay_class_votes_free (model->votes);
  assay_dawid_skene_free (model->skene);
  g_free (model);
}

static void
say (GArray *said, guint thing, guint rater, guint class)
{
  AssaySaid one = { thing, rater, class };
  g_array_append_val (said, one);
}

/* {"class id": objects}: what an answer says. */
static gboolean
read_answer (GArray *said, const char *text, guint thing, guint rater, const AssayTask *task, GError **error)
{
  g_autoptr (json_t) classes = assay_json_parse (text, strlen (text), "the classes of a label", error);
  const char *key;
  json_t *n;
  guint before = said->len;
  if (classes == NULL)
    return FALSE;
  json_object_foreach (classes, key, n)
  {
    AssayId id;
    guint class = assay_id_parse (key, &id) ? assay_task_class_index (task, &id) : G_MAXUINT;
    if (class != G_MAXUINT && json_integer_value (n) > 0)
      say (said, thing, rater, class);
  }
  if (said->len == before)
    say (said, thing, rater, task->classes->len);
  return TRUE;
}

static guint
number_of (GHashTable *numbers, gint64 row)
{
  gpointer number;
  if (g_hash_table_lookup_extended (numbers, &row, NULL, &number))
    return GPOINTER_TO_UINT (number);
  guint fresh = g_hash_table_size (numbers);
  g_hash_table_insert (numbers, g_memdup2 (&row, sizeof row), GUINT_TO_POINTER (fresh));
  return fresh;
}

static gboolean
read_all (AssayTagModel *model, AssayStore *store, const AssayTask *task, GArray *said, GHashTable *raters,
          GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT h.item, h.annotator, r.classes FROM head AS h JOIN revision AS r ON r.row = h.revision"
          " JOIN annotator AS a ON a.row = h.annotator WHERE h.task = ? AND r.state = 'submitted' AND"
          " h.state IN ('submitted', 'settled') AND " ASSAY_ANNOTATOR_COUNTS " ORDER BY h.item, h.annotator",
          "i", task->row))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    if (!read_answer (said, assay_rows_get_text (&rows, 2),
                      number_of (model->things, assay_rows_get_int (&rows, 0)),
                      number_of (raters, assay_rows_get_int (&rows, 1)), task, error))
      return FALSE;
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return error == NULL || *error == NULL;
}

AssayTagModel *
assay_tag_model_new (AssayStore *store, const AssayTask *task, GError **error)
{
  g_autoptr (AssayTagModel) model = g_new0 (AssayTagModel, 1);
  g_autoptr (GArray) said = g_array_new (FALSE, FALSE, sizeof (AssaySaid));
  g_autoptr (GHashTable) raters = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_autoptr (GError) wrong = NULL;
  model->things = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  model->n_classes = task->classes->len;
  if (!read_all (model, store, task, said, raters, &wrong))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  model->votes = assay_class_votes_new (said, model->n_classes);
  model->skene = assay_class_votes_weigh (model->votes, g_hash_table_size (raters));
  model->first = g_array_new (FALSE, FALSE, sizeof (guint));
  guint unit = 0;
  for (guint thing = 0; thing <= g_hash_table_size (model->things); thing++)
    {
      while (unit < model->votes->units->len
             && g_array_index (model->votes->units, AssayVotedOn, unit).thing < thing)
        unit++;
      g_array_append_val (model->first, unit);
    }
  return g_steal_pointer (&model);
}

gboolean
assay_tag_model_is_weighed (const AssayTagModel *model)
{
  return model->skene != NULL;
}

double
assay_tag_model_get (const AssayTagModel *model, gint64 item_row, guint class)
{
  gpointer thing;
  if (model->skene == NULL || !g_hash_table_lookup_extended (model->things, &item_row, NULL, &thing))
    return NAN;
  guint at = GPOINTER_TO_UINT (thing);
  for (guint u = g_array_index (model->first, guint, at); u < g_array_index (model->first, guint, at + 1); u++)
    {
      guint voted_on = g_array_index (model->votes->units, AssayVotedOn, u).class;
      if (voted_on == model->n_classes || voted_on == class)
        return model->skene->posterior[(gsize) u * model->skene->n_categories + class];
    }
  return 0;
}
