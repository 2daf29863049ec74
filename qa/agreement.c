/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/agreement.h"

#include "core/question.h"
#include "qa/agreement-private.h"
#include "qa/walk.h"

#include <math.h>
#include <string.h>

gboolean
assay_agreement_by_parse (const char *text, AssayAgreementBy *ret_by)
{
  static const char *const words[]
      = { "class", "annotator", "pair", "item", "condition", "session", "month", "day", "guideline" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i], text))
      {
        *ret_by = ASSAY_AGREEMENT_BY_CLASS + i;
        return TRUE;
      }
  return FALSE;
}

gboolean
assay_agreement_measure_is_enough (const AssayAgreementMeasure *measure)
{
  return measure->items >= ASSAY_AGREEMENT_ENOUGH;
}

const AssayAgreementMeasure *
assay_agreement_group_find (const AssayAgreementGroup *group, const char *name, const char *part)
{
  for (guint i = 0; i < group->measures->len; i++)
    {
      const AssayAgreementMeasure *measure = &g_array_index (group->measures, AssayAgreementMeasure, i);
      if (g_str_equal (measure->name, name) && g_strcmp0 (measure->part, part) == 0)
        return measure;
    }
  return NULL;
}

static int
compare_annotators (gconstpointer a, gconstpointer b)
{
  const AssayAnnotator *x = *(AssayAnnotator *const *) a, *y = *(AssayAnnotator *const *) b;
  int by_name = strcmp (x->name, y->name);
  return by_name != 0 ? by_name : assay_id_compare (&x->id, &y->id);
}

static void
free_annotator (gpointer annotator)
{
  assay_annotator_free (annotator);
}

/* Everyone who has a submitted answer. */
static GPtrArray *
list_annotators (AssayStore *store, const AssayAnswers *answers, GError **error)
{
  g_autoptr (GPtrArray) annotators = g_ptr_array_new_with_free_func (free_annotator);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < answers->answers->len; i++)
    {
      gint64 *row = &g_array_index (answers->answers, AssayAnswer, i).annotator_row;
      if (!g_hash_table_add (seen, row))
        continue;
      AssayAnnotator *annotator = assay_annotator_get_row (store, *row, error);
      if (annotator == NULL)
        return NULL;
      g_ptr_array_add (annotators, annotator);
    }
  g_ptr_array_sort (annotators, compare_annotators);
  return g_steal_pointer (&annotators);
}

static guint
index_of (const GPtrArray *annotators, gint64 row)
{
  guint i = 0;
  while (i < annotators->len && ((AssayAnnotator *) g_ptr_array_index (annotators, i))->row != row)
    i++;
  return i;
}

/* Slots come from many threads and are folded in the order of items, so that the outcome does not depend on who was
 * first: one that is early waits. */
typedef struct
{
  const AssayAgreementPlan *plan;
  const AssayAnswers *answers;
  AssayAgreement *agreement;
  gboolean *kept; /* of each answer; those of one item are written by one thread */
  GMutex lock;    /* guards what follows */
  AssayAgreementFold *fold;
  AssayAgreementSlot **slots; /* of items, waiting */
  const GArray *order;        /* of guint: the items that are looked at */
  guint n_folded;             /* of them */
} Computation;

static void
fold_slot (Computation *computation, const AssayAgreementSlot *slot, guint index)
{
  const AssayAnswered *answered = &g_array_index (computation->answers->items, AssayAnswered, index);
  assay_agreement_fold_add (computation->fold, slot);
  for (guint s = 0; s < slot->scores->len; s++)
    {
      AssayAgreementScore score = g_array_index (slot->scores, AssayAgreementScore, s);
      const AssayAnswer *a = &g_array_index (computation->answers->answers, AssayAnswer, answered->first + score.a);
      const AssayAnswer *b = &g_array_index (computation->answers->answers, AssayAnswer, answered->first + score.b);
      score.a = index_of (computation->agreement->annotators, a->annotator_row);
      score.b = index_of (computation->agreement->annotators, b->annotator_row);
      g_array_append_val (computation->agreement->scores, score);
    }
}

static void
look_at (const AssayLook *look, guint index, guint worker, gpointer data)
{
  Computation *computation = data;
  guint first = g_array_index (computation->answers->items, AssayAnswered, index).first;
  AssayAgreementSlot *slot = assay_agreement_slot_new (computation->plan, look, computation->kept + first);
  g_mutex_lock (&computation->lock);
  computation->slots[index] = slot;
  while (computation->n_folded < computation->order->len)
    {
      guint next = g_array_index (computation->order, guint, computation->n_folded);
      if (computation->slots[next] == NULL)
        break;
      fold_slot (computation, computation->slots[next], next);
      g_clear_pointer (&computation->slots[next], assay_agreement_slot_free);
      computation->n_folded++;
    }
  g_mutex_unlock (&computation->lock);
}

/* Places in the list of items, of those with several answers. */
static GArray *
list_overlapped (const AssayAnswers *answers)
{
  GArray *overlapped = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < answers->items->len; i++)
    if (g_array_index (answers->items, AssayAnswered, i).n >= 2)
      g_array_append_val (overlapped, i);
  return overlapped;
}

static gboolean
walk (AssayProject *project, const AssayAnswers *answers, const AssayAgreementPlan *plan, AssayAgreement *agreement,
      AssayProgress *progress, GError **error)
{
  const AssayTask *task = agreement->task;
  guint n_items = answers->items->len;
  g_autoptr (GArray) overlapped = list_overlapped (answers);
  g_autoptr (AssayAgreementFold) fold = assay_agreement_fold_new (task, plan);
  g_autofree gboolean *kept = g_new0 (gboolean, answers->answers->len + 1);
  g_auto (AssayExpected) expected = { 0 };
  Computation computation = { .plan = plan,
                              .answers = answers,
                              .agreement = agreement,
                              .kept = kept,
                              .fold = fold,
                              .slots = g_new0 (AssayAgreementSlot *, n_items + 1),
                              .order = overlapped };
  agreement->overlapped = overlapped->len;
  g_mutex_init (&computation.lock);
  gboolean ok = assay_walk (project, task, answers, overlapped, look_at, &computation, progress, error);
  g_mutex_clear (&computation.lock);
  for (guint i = 0; i < n_items; i++)
    assay_agreement_slot_free (computation.slots[i]);
  g_free (computation.slots);
  ok = ok
       && (!plan->all_figures || assay_expected_compute (project, task, answers, kept, progress, &expected, error));
  if (ok)
    assay_agreement_fold_finish (fold, plan->all_figures ? &expected : NULL, agreement);
  return ok;
}

static AssayAgreement *
compute (AssayProject *project, const AssayTask *task, AssayAgreementBy by, gboolean all_figures,
         AssayProgress *progress, GError **error)
{
  g_autoptr (AssayAnswers) answers = assay_answers_list (project->store, task, error);
  g_autoptr (AssayApart) apart = answers != NULL ? assay_apart_new (project->store, error) : NULL;
  if (apart == NULL)
    return NULL;
  g_autoptr (AssayAgreement) agreement = g_new0 (AssayAgreement, 1);
  agreement->task = assay_task_copy (task);
  agreement->by = by;
  agreement->items = answers->items->len;
  agreement->scores = g_array_new (FALSE, FALSE, sizeof (AssayAgreementScore));
  agreement->annotators = list_annotators (project->store, answers, error);
  if (agreement->annotators == NULL)
    return NULL;
  g_autoptr (GHashTable) wordings
      = by == ASSAY_AGREEMENT_BY_GUIDELINE ? assay_guideline_list_versions (project->store, task, error) : NULL;
  if (by == ASSAY_AGREEMENT_BY_GUIDELINE && wordings == NULL)
    return NULL;
  AssayAgreementPlan plan = { .by = by,
                              .all_figures = all_figures,
                              .apart = apart,
                              .wordings = wordings,
                              .gauge = assay_gauge_find (task->kind) };
  gboolean loads = all_figures && plan.gauge != NULL && plan.gauge->begin != NULL;
  if (loads && (plan.loaded = plan.gauge->begin (project, agreement->task, error)) == NULL)
    return NULL;
  gboolean ok = walk (project, answers, &plan, agreement, progress, error);
  if (loads)
    plan.gauge->end (plan.loaded);
  return ok ? g_steal_pointer (&agreement) : NULL;
}

AssayAgreement *
assay_agreement_compute (AssayProject *project, const AssayTask *task, AssayAgreementBy by, AssayProgress *progress,
                         GError **error)
{
  return compute (project, task, by, FALSE, progress, error);
}

AssayAgreement *
assay_agreement_compute_all (AssayProject *project, const AssayTask *task, AssayAgreementBy by,
                             AssayProgress *progress, GError **error)
{
  return compute (project, task, by, TRUE, progress, error);
}

void
assay_agreement_free (AssayAgreement *agreement)
{
  if (agreement == NULL)
    return;
  assay_task_free (agreement->task);
  g_clear_pointer (&agreement->annotators, g_ptr_array_unref);
  g_clear_pointer (&agreement->all, assay_agreement_group_free);
  g_clear_pointer (&agreement->human, assay_agreement_group_free);
  g_clear_pointer (&agreement->groups, g_ptr_array_unref);
  g_clear_pointer (&agreement->apart, g_ptr_array_unref);
  g_clear_pointer (&agreement->scores, g_array_unref);
  g_free (agreement);
}

static const AssayAgreementMeasure *
first_of (const AssayAgreementGroup *group)
{
  if (group->measures->len == 0)
    return NULL;
  const AssayAgreementMeasure *first = &g_array_index (group->measures, AssayAgreementMeasure, 0);
  return first->n > 0 ? first : NULL;
}

const AssayAgreementMeasure *
assay_agreement_get_headline (const AssayAgreement *agreement)
{
  return first_of (agreement->all);
}

const AssayAgreementMeasure *
assay_agreement_get_baseline (const AssayAgreement *agreement)
{
  return first_of (agreement->human);
}
