/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One item's answers, pair by pair, into the groups that they belong to. */
#include "qa/agreement-private.h"

#include "core/json.h"

#include <math.h>

void
assay_agreement_slot_free (AssayAgreementSlot *slot)
{
  if (slot == NULL)
    return;
  assay_agreement_cell_free (slot->all);
  assay_agreement_cell_free (slot->human);
  for (guint i = 0; i < ASSAY_APART_N; i++)
    assay_agreement_cell_free (slot->apart[i]);
  g_ptr_array_unref (slot->groups);
  g_array_unref (slot->scores);
  g_free (slot);
}

static AssayAgreementCell *
get_cell (AssayAgreementSlot *slot, const char *key, const char *title)
{
  for (guint i = 0; i < slot->groups->len; i++)
    {
      AssayAgreementCell *cell = slot->groups->pdata[i];
      if (g_str_equal (cell->key, key))
        return cell;
    }
  AssayAgreementCell *cell = assay_agreement_cell_new (key, title);
  g_ptr_array_add (slot->groups, cell);
  return cell;
}

static const char *
class_name (const AssayTask *task, const AssayId *class_id)
{
  const AssayClass *class = assay_task_find_class (task, class_id);
  return class != NULL ? class->name : "(no class)";
}

static void
add_to_classes (AssayAgreementSlot *slot, const AssayAgreementPair *pair, guint n_answers)
{
  const AssayTask *task = pair->look->task;
  const AssayComparison *comparison = pair->comparison;
  for (guint i = 0; i < comparison->pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      gboolean both = pairing->a != NULL && pairing->b != NULL;
      const char *of_a = pairing->a != NULL ? class_name (task, &pairing->a->class_id) : NULL;
      const char *of_b = pairing->b != NULL ? class_name (task, &pairing->b->class_id) : NULL;
      gboolean same = both && assay_id_equal (&pairing->a->class_id, &pairing->b->class_id);
      const char *names[] = { of_a, same ? NULL : of_b };
      for (guint side = 0; side < 2; side++)
        {
          if (names[side] == NULL)
            continue;
          AssayAgreementCell *cell = get_cell (slot, names[side], NULL);
          assay_agreement_cell_add_objects (cell, both, !both && of_a == NULL, !both && of_b == NULL, same);
          if (comparison->whole)
            continue;
          assay_agreement_cell_add_values (cell, pair, pairing->values);
          if (pair->gauged != NULL && pair->gauged[i] != NULL)
            assay_figures_merge (cell->figures, pair->gauged[i]);
        }
    }
  /* Pairs that say nothing of a class agree on it: the fold adds their weight. */
  for (guint c = 0; pair->class_distances != NULL && c < task->classes->len; c++)
    if (pair->class_distances[c] > 0)
      {
        const AssayClass *class = task->classes->pdata[c];
        double weight = assay_agreement_weight (n_answers);
        assay_figures_add (get_cell (slot, class->name, NULL)->figures, &assay_agreement_alpha, 0,
                           weight * pair->class_distances[c], weight);
      }
}

static void
add_to_conditions (AssayAgreementSlot *slot, const AssayAgreementPair *pair, guint n_answers)
{
  const char *name;
  json_t *value;
  json_t *conditions = json_object_get (pair->look->item->facts, "conditions");
  json_object_foreach (conditions, name, value)
  {
    g_autofree char *text
        = json_is_string (value) ? g_strdup (json_string_value (value)) : assay_json_canonical (value);
    g_autofree char *key = g_strdup_printf ("%s=%s", name, text);
    assay_agreement_cell_add (get_cell (slot, key, NULL), pair, FALSE, n_answers);
  }
}

static char *
time_of (const AssayAgreementPair *pair, const char *format)
{
  const AssayLabel *a = pair->look->labels->pdata[pair->a], *b = pair->look->labels->pdata[pair->b];
  g_autoptr (GDateTime) later = g_date_time_new_from_unix_utc (MAX (a->made_us, b->made_us) / G_USEC_PER_SEC);
  return later != NULL ? g_date_time_format (later, format) : g_strdup ("(unknown)");
}

/* Who answered under the older wording did not know the newer one. */
static char *
wording_of (const AssayAgreementPair *pair)
{
  const AssayLabel *a = pair->look->labels->pdata[pair->a], *b = pair->look->labels->pdata[pair->b];
  guint of_a = GPOINTER_TO_UINT (g_hash_table_lookup (pair->plan->wordings, &a->task_revision)),
        of_b = GPOINTER_TO_UINT (g_hash_table_lookup (pair->plan->wordings, &b->task_revision));
  return g_strdup_printf ("%u", MIN (of_a, of_b));
}

/* Puts one comparison into the groups that it belongs to. */
static void
add_to_groups (AssayAgreementSlot *slot, const AssayAgreementPair *pair, guint n_answers)
{
  const AssayItem *item = pair->look->item;
  const char *name_a = assay_agreement_annotator (pair, pair->a)->name,
             *name_b = assay_agreement_annotator (pair, pair->b)->name;
  const char *title = NULL;
  g_autofree char *key = NULL;
  switch (pair->plan->by)
    {
    case ASSAY_AGREEMENT_BY_CLASS:
      add_to_classes (slot, pair, n_answers);
      return;
    case ASSAY_AGREEMENT_BY_ANNOTATOR:
      assay_agreement_cell_add (get_cell (slot, name_a, NULL), pair, FALSE, n_answers);
      assay_agreement_cell_add (get_cell (slot, name_b, NULL), pair, TRUE, n_answers);
      return;
    case ASSAY_AGREEMENT_BY_CONDITION:
      add_to_conditions (slot, pair, n_answers);
      return;
    case ASSAY_AGREEMENT_BY_PAIR:
      key = g_strdup_printf ("%s + %s", name_a, name_b);
      n_answers = 2;
      break;
    case ASSAY_AGREEMENT_BY_ITEM:
      key = assay_id_dup_text (&item->id);
      title = item->name;
      break;
    case ASSAY_AGREEMENT_BY_SESSION:
      key = assay_id_is_nil (&item->session) ? g_strdup ("(no session)") : assay_id_dup_text (&item->session);
      break;
    case ASSAY_AGREEMENT_BY_MONTH:
      key = time_of (pair, "%Y-%m");
      break;
    case ASSAY_AGREEMENT_BY_DAY:
      key = time_of (pair, "%Y-%m-%d");
      break;
    case ASSAY_AGREEMENT_BY_GUIDELINE:
      key = wording_of (pair);
      break;
    case ASSAY_AGREEMENT_BY_NOTHING:
    default:
      return;
    }
  assay_agreement_cell_add (get_cell (slot, key, title), pair, FALSE, n_answers);
}

static double
mean (double sum, guint n)
{
  return n > 0 ? sum / n : NAN;
}

static void
add_score (GArray *scores, const AssayAgreementPair *pair, guint apart)
{
  const AssayComparison *comparison = pair->comparison;
  AssayAgreementScore score = { .item_row = pair->look->item->row,
                                .item = pair->look->item->id,
                                .a = pair->a,
                                .b = pair->b,
                                .apart = apart,
                                .matched = comparison->matched,
                                .only_a = comparison->only_a,
                                .only_b = comparison->only_b,
                                .same_class = comparison->same_class };
  for (guint m = 0; m < ASSAY_KIND_MAX_MEASURES; m++)
    {
      double sum = 0;
      guint n = 0;
      for (guint i = 0; !comparison->whole && i < comparison->matched; i++)
        {
          double value = g_array_index (comparison->pairings, AssayPairing, i).values[m];
          sum += isnan (value) ? 0 : value;
          n += !isnan (value);
        }
      score.values[m] = comparison->whole ? comparison->values[m] : mean (sum, n);
    }
  g_array_append_val (scores, score);
}

static AssayAgreementCell *
fixed_cell (AssayAgreementCell **cell, const char *key, const char *title)
{
  if (*cell == NULL)
    *cell = assay_agreement_cell_new (key, title);
  return *cell;
}

static void
add_apart (AssayAgreementSlot *slot, const AssayAgreementPair *pair, guint apart)
{
  for (guint why = 0; why < ASSAY_APART_N; why++)
    if ((apart & 1u << why) != 0)
      assay_agreement_cell_add (
          fixed_cell (&slot->apart[why], assay_apart_to_text (why), assay_apart_to_words (why)), pair, FALSE, 2);
}

AssayAgreementSlot *
assay_agreement_slot_new (const AssayAgreementPlan *plan, const AssayLook *look, gboolean *ret_kept)
{
  AssayAgreementSlot *slot = g_new0 (AssayAgreementSlot, 1);
  guint n = look->labels->len, n_persons = 0, of_item = assay_apart_of_item (plan->apart, look->item->row);
  g_autofree guint *apart = g_new (guint, n + 1);
  slot->groups = g_ptr_array_new_with_free_func (assay_agreement_cell_free);
  slot->scores = g_array_new (FALSE, FALSE, sizeof (AssayAgreementScore));
  for (guint i = 0; i < n; i++)
    {
      const AssayAnnotator *annotator = look->annotators->pdata[i];
      apart[i] = of_item | assay_apart_of_answer (look->labels->pdata[i], annotator);
      ret_kept[i] = apart[i] == 0;
      slot->n_counted += ret_kept[i];
      n_persons += ret_kept[i] && annotator->kind == ASSAY_ANNOTATOR_PERSON;
    }
  for (guint a = 0; a < n; a++)
    for (guint b = a + 1; b < n; b++)
      {
        g_auto (AssayAgreementPair) pair = { 0 };
        assay_agreement_pair_init (&pair, plan, look, a, b);
        add_score (slot->scores, &pair, apart[a] | apart[b]);
        add_apart (slot, &pair, apart[a] | apart[b]);
        if ((apart[a] | apart[b]) != 0)
          continue;
        assay_agreement_cell_add (fixed_cell (&slot->all, "", ""), &pair, FALSE, slot->n_counted);
        if (assay_agreement_annotator (&pair, a)->kind == ASSAY_ANNOTATOR_PERSON
            && assay_agreement_annotator (&pair, b)->kind == ASSAY_ANNOTATOR_PERSON)
          assay_agreement_cell_add (fixed_cell (&slot->human, "human", "people"), &pair, FALSE, n_persons);
        add_to_groups (slot, &pair, slot->n_counted);
      }
  return slot;
}
