/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/reliability.h"

#include "core/flag.h"
#include "qa/apart.h"
#include "qa/distance.h"
#include "qa/reliability-private.h"
#include "qa/walk.h"

#include <math.h>
#include <string.h>

static const struct
{
  const char *text, *title;
} againsts[ASSAY_AGAINST_N] = {
  [ASSAY_AGAINST_GOLD] = { "gold", "gold, answered unaware" },
  [ASSAY_AGAINST_TRUTH] = { "truth", "what reviewers settled" },
  [ASSAY_AGAINST_CONSENSUS] = { "consensus", "the consensus of the others" },
  [ASSAY_AGAINST_OTHERS] = { "others", "the others, one by one" },
  [ASSAY_AGAINST_SELF] = { "self", "their own answer days later" },
};

const char *
assay_against_to_text (AssayAgainst against)
{
  return againsts[against].text;
}

const char *
assay_against_to_title (AssayAgainst against)
{
  return againsts[against].title;
}

const AssayAgreementMeasure *
assay_reliability_find (const GArray *measures, const char *name)
{
  for (guint i = 0; i < measures->len; i++)
    if (g_str_equal (g_array_index (measures, AssayAgreementMeasure, i).name, name))
      return &g_array_index (measures, AssayAgreementMeasure, i);
  return NULL;
}

/* What is held against what: the answers of a walk with, beside them, second answers and truths. */
typedef struct
{
  AssayAnswers *own;   /* answers alone */
  AssayAnswers *all;   /* with what stands beside them, item by item */
  GArray *items;       /* of AssayReliabilityItem, side by side with both lists of items */
  GHashTable *places;  /* item row (gint64) to place */
  GPtrArray **again;   /* one an item: of AssayAnswer; NULL = none */
  AssayAnswer *truths; /* one an item */
} Setting;

static void
setting_clear (Setting *setting)
{
  for (guint i = 0; setting->again != NULL && i < setting->own->items->len; i++)
    g_clear_pointer (&setting->again[i], g_ptr_array_unref);
  g_clear_pointer (&setting->again, g_free);
  g_clear_pointer (&setting->truths, g_free);
  g_clear_pointer (&setting->own, assay_answers_free);
  g_clear_pointer (&setting->all, assay_answers_free);
  g_clear_pointer (&setting->items, g_array_unref);
  g_clear_pointer (&setting->places, g_hash_table_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Setting, setting_clear)

static gboolean
pass_on (GError *take_wrong, GError **error)
{
  if (take_wrong != NULL)
    g_propagate_error (error, take_wrong);
  return take_wrong == NULL;
}

/* Of items that have answers; G_MAXUINT = none of them. */
static guint
place_of (const Setting *setting, gint64 item_row)
{
  gpointer place;
  return g_hash_table_lookup_extended (setting->places, &item_row, NULL, &place) ? GPOINTER_TO_UINT (place)
                                                                                 : G_MAXUINT;
}

static gboolean
read_again (Setting *setting, AssayStore *store, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT h.item, h.annotator, r.id FROM annotator AS a CROSS JOIN head AS h ON h.annotator = "
          "a.row AND h.task = ?1 AND h.state = 'again' JOIN revision AS r ON r.row = "
          "h.revision WHERE a.kind = 'again' AND r.state = 'submitted'",
          "i", task->row))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      guint place = place_of (setting, assay_rows_get_int (&rows, 0));
      AssayAnswer answer = { assay_rows_get_int (&rows, 1), assay_rows_get_id (&rows, 2) };
      if (place == G_MAXUINT)
        continue;
      if (setting->again[place] == NULL)
        setting->again[place] = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (setting->again[place], g_memdup2 (&answer, sizeof answer));
    }
  return pass_on (wrong, error);
}

static gboolean
read_truths (Setting *setting, AssayStore *store, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT t.item, t.how, r.annotator, r.id, r.made_us, EXISTS (SELECT 1 FROM item_flag AS f WHERE f.item ="
          " t.item AND f.flag = '" ASSAY_FLAG_GOLD "' AND " ASSAY_FLAG_STANDS "),"
          " a.id = (SELECT by_annotator FROM review AS v WHERE v.item = t.item AND v.task = t.task AND v.kind ="
          " 'settle' AND v.revision = r.id ORDER BY v.made_us DESC, v.id DESC LIMIT 1)"
          " FROM truth AS t JOIN revision AS r ON r.row = t.revision JOIN annotator AS a ON a.row = r.annotator"
          " WHERE t.task = ?1 AND t.how IN ('annotator', 'consensus', 'edit', 'rule')",
          "i", task->row))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      guint place = place_of (setting, assay_rows_get_int (&rows, 0));
      const char *how = assay_rows_get_text (&rows, 1);
      if (place == G_MAXUINT)
        continue;
      AssayReliabilityItem *item = &g_array_index (setting->items, AssayReliabilityItem, place);
      item->has_truth = TRUE;
      item->truth_annotator_row = assay_rows_get_int (&rows, 2);
      item->truth_made_us = assay_rows_get_int (&rows, 4);
      item->is_gold = assay_rows_get_int (&rows, 5) != 0;
      item->is_joint = g_str_equal (how, "consensus") || g_str_equal (how, "rule");
      item->is_self_made = g_str_equal (how, "edit") || assay_rows_get_int (&rows, 6) != 0;
      setting->truths[place] = (AssayAnswer){ item->truth_annotator_row, assay_rows_get_id (&rows, 3) };
    }
  return pass_on (wrong, error);
}

static void
join (Setting *setting)
{
  setting->all = g_new0 (AssayAnswers, 1);
  setting->all->items = g_array_new (FALSE, FALSE, sizeof (AssayAnswered));
  setting->all->answers = g_array_new (FALSE, FALSE, sizeof (AssayAnswer));
  GArray *answers = setting->all->answers;
  for (guint i = 0; i < setting->own->items->len; i++)
    {
      AssayReliabilityItem *item = &g_array_index (setting->items, AssayReliabilityItem, i);
      AssayAnswered answered = g_array_index (setting->own->items, AssayAnswered, i);
      const AssayAnswer *own = &g_array_index (setting->own->answers, AssayAnswer, answered.first);
      guint first = answers->len;
      g_array_append_vals (answers, own, answered.n);
      for (guint k = 0; setting->again[i] != NULL && k < setting->again[i]->len; k++)
        g_array_append_vals (answers, setting->again[i]->pdata[k], 1);
      item->n_own = answered.n;
      item->n_again = setting->again[i] != NULL ? setting->again[i]->len : 0;
      if (item->has_truth)
        g_array_append_val (answers, setting->truths[i]);
      answered.first = first;
      answered.n = answers->len - first;
      g_array_append_val (setting->all->items, answered);
    }
}

static gboolean
setting_read (Setting *setting, AssayStore *store, const AssayTask *task, GError **error)
{
  g_autoptr (AssayApart) apart = assay_apart_new (store, error);
  setting->own = apart != NULL ? assay_answers_list (store, task, error) : NULL;
  if (setting->own == NULL)
    return FALSE;
  guint n = setting->own->items->len;
  setting->places = g_hash_table_new (g_int64_hash, g_int64_equal);
  setting->items = g_array_sized_new (FALSE, TRUE, sizeof (AssayReliabilityItem), n);
  g_array_set_size (setting->items, n);
  setting->again = g_new0 (GPtrArray *, n + 1);
  setting->truths = g_new0 (AssayAnswer, n + 1);
  for (guint i = 0; i < n; i++)
    {
      gint64 *row = &g_array_index (setting->own->items, AssayAnswered, i).item_row;
      g_hash_table_insert (setting->places, row, GUINT_TO_POINTER (i));
      g_array_index (setting->items, AssayReliabilityItem, i).is_apart = assay_apart_of_item (apart, *row) != 0;
    }
  if (!read_again (setting, store, task, error) || !read_truths (setting, store, task, error))
    return FALSE;
  join (setting);
  return TRUE;
}

static int
by_name (gconstpointer a, gconstpointer b)
{
  const AssayAnnotator *x = *(AssayAnnotator *const *) a, *y = *(AssayAnnotator *const *) b;
  int names = strcmp (x->name, y->name);
  return names != 0 ? names : assay_id_compare (&x->id, &y->id);
}

static GPtrArray *
list_people (AssayStore *store, const AssayAnswers *answers, GError **error)
{
  g_autoptr (GPtrArray) people = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_annotator_free);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_int64_hash, g_int64_equal);
  for (guint i = 0; i < answers->answers->len; i++)
    {
      gint64 *row = &g_array_index (answers->answers, AssayAnswer, i).annotator_row;
      if (!g_hash_table_add (seen, row))
        continue;
      AssayAnnotator *annotator = assay_annotator_get_row (store, *row, error);
      if (annotator == NULL)
        return NULL;
      g_ptr_array_add (people, annotator);
    }
  g_ptr_array_sort (people, by_name);
  return g_steal_pointer (&people);
}

/* Slots come from many threads and are folded in the order of items: one that is early waits. */
typedef struct
{
  const AssayReliabilityPlan *plan;
  const Setting *setting;
  gboolean *kept; /* of each of the own answers; those of one item are written by one thread */
  GMutex lock;    /* guards what follows */
  AssayReliabilityFold *fold;
  AssayReliabilitySlot **slots;
  guint n_folded;
} Computation;

static void
look_at (const AssayLook *look, guint index, guint worker, gpointer data)
{
  Computation *computation = data;
  const Setting *setting = computation->setting;
  AssayReliabilitySlot *slot = assay_reliability_slot_new (
      computation->plan, &g_array_index (setting->items, AssayReliabilityItem, index), look);
  for (guint i = 0; i < slot->n; i++)
    computation->kept[g_array_index (setting->own->items, AssayAnswered, index).first + i]
        = slot->answers[i].counts;
  g_mutex_lock (&computation->lock);
  computation->slots[index] = slot;
  while (computation->n_folded < setting->items->len && computation->slots[computation->n_folded] != NULL)
    {
      assay_reliability_fold_add (computation->fold, computation->slots[computation->n_folded]);
      g_clear_pointer (&computation->slots[computation->n_folded++], assay_reliability_slot_free);
    }
  g_mutex_unlock (&computation->lock);
}

static gboolean
walk (AssayProject *project, const Setting *setting, const AssayReliabilityPlan *plan, AssayReliabilityFold *fold,
      gboolean *kept, AssayProgress *progress, GError **error)
{
  Computation computation = { .plan = plan, .setting = setting, .kept = kept, .fold = fold };
  computation.slots = g_new0 (AssayReliabilitySlot *, setting->items->len + 1);
  g_mutex_init (&computation.lock);
  gboolean ok = assay_walk (project, plan->task, setting->all, NULL, look_at, &computation, progress, error);
  g_mutex_clear (&computation.lock);
  for (guint i = 0; i < setting->items->len; i++)
    assay_reliability_slot_free (computation.slots[i]);
  g_free (computation.slots);
  return ok;
}

/* The mean distance of any two answers: of all, then without each person. */
static double *
expect (AssayProject *project, const Setting *setting, const AssayReliabilityFold *fold, const AssayTask *task,
        const gboolean *kept, AssayProgress *progress, GError **error)
{
  guint n = fold->people->len, n_answers = setting->own->answers->len;
  g_autofree double *expected = g_new (double, n + 1);
  g_autofree gboolean *some = g_new (gboolean, n_answers + 1);
  for (guint p = 0; p <= n; p++)
    {
      g_auto (AssayExpected) one = { 0 };
      for (guint i = 0; i < n_answers; i++)
        {
          gint64 row = g_array_index (setting->own->answers, AssayAnswer, i).annotator_row;
          some[i] = kept[i] && (p == 0 || assay_reliability_fold_place (fold, row) != p - 1);
        }
      if (!assay_expected_compute (project, task, setting->own, some, progress, &one, error))
        return NULL;
      expected[p] = one.whole;
    }
  return g_steal_pointer (&expected);
}

static AssayReliability *
compute (AssayProject *project, const Setting *setting, const AssayReliabilityPlan *plan, AssayProgress *progress,
         GError **error)
{
  g_autoptr (GPtrArray) people = list_people (project->store, setting->own, error);
  if (people == NULL)
    return NULL;
  g_autoptr (AssayReliabilityFold) fold = assay_reliability_fold_new (plan, people);
  g_autofree gboolean *kept = g_new0 (gboolean, setting->own->answers->len + 1);
  g_autofree double *expected = walk (project, setting, plan, fold, kept, progress, error)
                                    ? expect (project, setting, fold, plan->task, kept, progress, error)
                                    : NULL;
  if (expected == NULL)
    return NULL;
  AssayReliability *reliability = g_new0 (AssayReliability, 1);
  reliability->task = assay_task_copy (plan->task);
  reliability->items = setting->own->items->len;
  reliability->answers = setting->own->answers->len;
  reliability->people = g_ptr_array_new ();
  assay_reliability_fold_finish (fold, expected, reliability);
  return reliability;
}

AssayReliability *
assay_reliability_compute (AssayProject *project, const AssayTask *task, AssayProgress *progress, GError **error)
{
  g_auto (Setting) setting = { 0 };
  AssayReliabilityPlan plan = { .task = task, .gauge = assay_gauge_find (task->kind) };
  if (!setting_read (&setting, project->store, task, error))
    return NULL;
  gboolean loads = plan.gauge != NULL && plan.gauge->begin != NULL;
  if (loads && (plan.loaded = plan.gauge->begin (project, task, error)) == NULL)
    return NULL;
  AssayReliability *reliability = compute (project, &setting, &plan, progress, error);
  if (loads)
    plan.gauge->end (plan.loaded);
  return reliability;
}

static void
against_free (AssayReliabilityAgainst *against)
{
  if (against == NULL)
    return;
  g_array_unref (against->measures);
  g_ptr_array_unref (against->classes);
  g_array_unref (against->confusion);
  g_free (against);
}

void
assay_reliability_free (AssayReliability *reliability)
{
  if (reliability == NULL)
    return;
  for (guint i = 0; i < reliability->people->len; i++)
    {
      AssayReliabilityPerson *person = reliability->people->pdata[i];
      for (guint a = 0; a < ASSAY_AGAINST_N; a++)
        against_free (person->against[a]);
      assay_annotator_free (person->annotator);
      g_array_unref (person->measures);
      g_ptr_array_unref (person->classes);
      g_array_unref (person->curve);
      g_array_unref (person->weeks);
      g_free (person);
    }
  g_ptr_array_unref (reliability->people);
  assay_task_free (reliability->task);
  g_free (reliability);
}
