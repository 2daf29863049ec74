/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items' sums, side by side, group by group. */
#include "qa/agreement-private.h"

#include <math.h>

static void
column_free (gpointer data)
{
  AssayAgreementColumn *column = data;
  g_array_unref (column->sums);
  g_array_unref (column->counts);
  g_free (column);
}

void
assay_agreement_group_free (AssayAgreementGroup *group)
{
  if (group == NULL)
    return;
  g_free (group->key);
  g_free (group->title);
  g_array_unref (group->measures);
  g_array_unref (group->confusion);
  g_free (group);
}

static void
counts_free (gpointer counts)
{
  g_array_unref (counts);
}

static AssayAgreementGathering *
gathering_new (const char *key, const char *title)
{
  AssayAgreementGathering *gathering = g_new0 (AssayAgreementGathering, 1);
  AssayAgreementGroup *group = gathering->group = g_new0 (AssayAgreementGroup, 1);
  group->key = g_strdup (key);
  group->title = g_strdup (title);
  group->measures = g_array_new (FALSE, FALSE, sizeof (AssayAgreementMeasure));
  group->confusion = g_array_new (FALSE, FALSE, sizeof (AssayAgreementConfusion));
  gathering->columns = g_ptr_array_new_with_free_func (column_free);
  gathering->classes = g_ptr_array_new_with_free_func (counts_free);
  gathering->pixels = g_ptr_array_new_with_free_func (counts_free);
  gathering->confusion = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
  return gathering;
}

static void
gathering_free (gpointer data)
{
  AssayAgreementGathering *gathering = data;
  if (gathering == NULL)
    return;
  g_clear_pointer (&gathering->group, assay_agreement_group_free);
  g_ptr_array_unref (gathering->columns);
  g_ptr_array_unref (gathering->classes);
  g_ptr_array_unref (gathering->pixels);
  g_array_unref (gathering->confusion);
  g_free (gathering);
}

static double *
read_values (const AssayTask *task)
{
  g_autofree double *values = g_new0 (double, task->classes->len + 1);
  for (guint c = 0; c < task->classes->len; c++)
    {
      const char *name = ((const AssayClass *) task->classes->pdata[c])->name;
      char *end = NULL;
      values[c] = g_ascii_strtod (name, &end);
      if (end == name || *end != '\0' || !isfinite (values[c]))
        return NULL;
    }
  return g_steal_pointer (&values);
}

AssayAgreementFold *
assay_agreement_fold_new (const AssayTask *task, const AssayAgreementPlan *plan)
{
  AssayAgreementFold *fold = g_new0 (AssayAgreementFold, 1);
  fold->task = task;
  fold->plan = plan;
  fold->all = gathering_new ("", "");
  fold->human = gathering_new ("human", "people");
  for (guint why = 0; why < ASSAY_APART_N; why++)
    fold->apart[why] = gathering_new (assay_apart_to_text (why), assay_apart_to_words (why));
  fold->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, gathering_free);
  fold->alpha_counts = g_array_new (FALSE, FALSE, sizeof (double));
  fold->values = read_values (task);
  return fold;
}

void
assay_agreement_fold_free (AssayAgreementFold *fold)
{
  if (fold == NULL)
    return;
  gathering_free (fold->all);
  gathering_free (fold->human);
  for (guint why = 0; why < ASSAY_APART_N; why++)
    gathering_free (fold->apart[why]);
  g_hash_table_unref (fold->groups);
  g_array_unref (fold->alpha_counts);
  g_free (fold->values);
  g_free (fold);
}

/* `hint`: where it stood for the item before. */
static AssayAgreementColumn *
assay_agreement_get_column (AssayAgreementGathering *gathering, const AssayMeasureDef *def, GQuark part, guint hint)
{
  guint n = gathering->columns->len;
  for (guint k = 0; k < n; k++)
    {
      AssayAgreementColumn *column = gathering->columns->pdata[(hint + k) % n];
      if (column->def == def && column->part == part)
        return column;
    }
  AssayAgreementColumn *column = g_new0 (AssayAgreementColumn, 1);
  column->def = def;
  column->part = part;
  column->sums = g_array_new (FALSE, FALSE, sizeof (double));
  column->counts = g_array_new (FALSE, FALSE, sizeof (double));
  g_ptr_array_add (gathering->columns, column);
  return column;
}

static void
append (AssayAgreementColumn *column, double sum, double count)
{
  g_array_append_val (column->sums, sum);
  g_array_append_val (column->counts, count);
}

static void
keep_counts (GPtrArray *list, const GArray *counts)
{
  if (counts->len > 0)
    g_ptr_array_add (list, g_array_copy ((GArray *) counts));
}

/* Every item weighs the same for a class as for all: one that nobody sees it in is agreed on. */
void
assay_agreement_fill_class_alpha (AssayAgreementGathering *gathering, const GArray *weights, guint n,
                                  double last_sum)
{
  AssayAgreementColumn *column = assay_agreement_get_column (gathering, &assay_agreement_alpha, 0, 0);
  for (; gathering->n_filled < n; gathering->n_filled++)
    append (column, gathering->n_filled + 1 == n ? last_sum : 0,
            g_array_index (weights, double, gathering->n_filled));
}

static void
gather (AssayAgreementGathering *gathering, const AssayAgreementCell *cell, guint n_answers,
        const GArray *class_weights)
{
  AssayAgreementGroup *group = gathering->group;
  double distance = 0;
  group->items++;
  group->matched += cell->matched;
  group->missing += cell->missing;
  group->extra += cell->extra;
  group->both_empty += cell->both_empty;
  for (guint i = 0; i < cell->figures->len; i++)
    {
      const AssayFigure *figure = &g_array_index (cell->figures, AssayFigure, i);
      if (class_weights != NULL && figure->def == &assay_agreement_alpha)
        distance = figure->sum;
      else
        append (assay_agreement_get_column (gathering, figure->def, figure->part, i), figure->sum, figure->count);
    }
  if (class_weights != NULL && class_weights->len > 0)
    assay_agreement_fill_class_alpha (gathering, class_weights, class_weights->len, distance);
  keep_counts (gathering->classes, cell->classes);
  keep_counts (gathering->pixels, cell->pixels);
  for (guint i = 0; i < cell->confusion->len; i++)
    {
      const AssayClassCount *count = &g_array_index (cell->confusion, AssayClassCount, i);
      assay_class_counts_add (gathering->confusion, count->a, count->b, count->n);
    }
  gboolean others = gathering->first != 0 && (gathering->first != cell->first || gathering->second != cell->second);
  gathering->more_than_two = gathering->more_than_two || cell->more_than_two || others;
  gathering->uneven
      = gathering->uneven || cell->incomplete || (gathering->n_answers != 0 && gathering->n_answers != n_answers);
  gathering->first = cell->first;
  gathering->second = cell->second;
  gathering->n_answers = n_answers;
}

static void
add_weight (GArray *weights, const AssayAgreementCell *cell)
{
  for (guint i = 0; i < cell->figures->len; i++)
    {
      const AssayFigure *figure = &g_array_index (cell->figures, AssayFigure, i);
      if (figure->def == &assay_agreement_alpha)
        g_array_append_val (weights, figure->count);
    }
}

void
assay_agreement_fold_add (AssayAgreementFold *fold, const AssayAgreementSlot *slot)
{
  gboolean by_class = fold->plan->by == ASSAY_AGREEMENT_BY_CLASS,
           by_pair = fold->plan->by == ASSAY_AGREEMENT_BY_PAIR;
  for (guint why = 0; why < ASSAY_APART_N; why++)
    if (slot->apart[why] != NULL)
      gather (fold->apart[why], slot->apart[why], 2, NULL);
  if (slot->human != NULL)
    gather (fold->human, slot->human, slot->n_counted, NULL);
  if (slot->all == NULL)
    return;
  gather (fold->all, slot->all, slot->n_counted, NULL);
  add_weight (fold->alpha_counts, slot->all);
  for (guint i = 0; i < slot->groups->len; i++)
    {
      const AssayAgreementCell *cell = slot->groups->pdata[i];
      AssayAgreementGathering *gathering = g_hash_table_lookup (fold->groups, cell->key);
      if (gathering == NULL)
        {
          gathering = gathering_new (cell->key, cell->title);
          g_hash_table_insert (fold->groups, g_strdup (cell->key), gathering);
        }
      gather (gathering, cell, by_pair ? 2 : slot->n_counted, by_class ? fold->alpha_counts : NULL);
    }
}
