/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One item's answers, each held against what is known of it. */
#include "core/again.h"
#include "qa/apart.h"
#include "qa/cluster.h"
#include "qa/difference.h"
#include "qa/distance.h"
#include "qa/fuse.h"
#include "qa/reliability-private.h"
#include "qa/staple.h"

#include <math.h>

#define STAPLE_MARGIN_PX 10 /* around all masks: background beyond would make everybody specific */
#define STAPLE_RATERS 3

static const AssayLabel *
label_at (const AssayLook *look, guint index)
{
  return look->labels->pdata[index];
}

static AssayReliabilityScore *
score_new (void)
{
  AssayReliabilityScore *score = g_new0 (AssayReliabilityScore, 1);
  score->figures = assay_figures_new ();
  score->confusion = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
  score->headlines = g_array_new (FALSE, FALSE, sizeof (AssayReliabilityHeadline));
  return score;
}

static void
score_free (AssayReliabilityScore *score)
{
  if (score == NULL)
    return;
  g_array_unref (score->figures);
  g_array_unref (score->confusion);
  g_array_unref (score->headlines);
  g_free (score);
}

static void
add_headline (AssayReliabilityScore *score, guint class, double value)
{
  guint i = 0;
  if (isnan (value))
    return;
  while (i < score->headlines->len && g_array_index (score->headlines, AssayReliabilityHeadline, i).class != class)
    i++;
  if (i == score->headlines->len)
    {
      AssayReliabilityHeadline fresh = { class, 0, 0 };
      g_array_append_val (score->headlines, fresh);
    }
  AssayReliabilityHeadline *headline = &g_array_index (score->headlines, AssayReliabilityHeadline, i);
  headline->sum += value;
  headline->count++;
}

static guint
class_of (const AssayObject *object, const AssayTask *task)
{
  return object != NULL ? assay_task_class_index (task, &object->class_id) : task->classes->len;
}

/* `a` is the answer, `b` the reference. Several tags are a set: which of the unlike ones stands for which means
 * nothing. */
static void
add_classes (AssayReliabilityScore *score, const AssayComparison *comparison, const AssayPairing *pairing,
             const AssayTask *task)
{
  guint n = task->classes->len, said = class_of (pairing->a, task), truth = class_of (pairing->b, task);
  if (said == G_MAXUINT || truth == G_MAXUINT)
    return;
  if (comparison->whole && comparison->pairings->len > 1 && said != truth && said < n && truth < n)
    {
      assay_class_counts_add (score->confusion, truth, n, 1);
      assay_class_counts_add (score->confusion, n, said, 1);
      return;
    }
  assay_class_counts_add (score->confusion, truth, said, 1);
  if (pairing->a != NULL && pairing->b != NULL && truth < n)
    add_headline (score, truth, pairing->values[0]);
}

static void
add_values (AssayReliabilityScore *score, const AssayTask *task, const double *values)
{
  for (guint m = 0; m < assay_kind_count_measures (task->kind); m++)
    assay_figures_add (score->figures, &task->kind->measures[m], 0, values[m], 1);
}

/* `in_full`: what the gauge tells, too. */
static void
score_add (AssayReliabilityScore *score, const AssayReliabilityPlan *plan, const AssayLook *look,
           const AssayObjects *own, const AssayObjects *reference, gboolean in_full)
{
  g_autoptr (AssayComparison) comparison = assay_compare (own, reference, plan->task);
  guint same = 0;
  score->n++;
  score->right += assay_comparison_agrees (comparison, plan->task);
  score->likeness += 1 - assay_answer_distance (comparison, plan->task);
  if (comparison->whole)
    add_values (score, plan->task, comparison->values);
  for (guint i = 0; i < comparison->pairings->len; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      gboolean both = pairing->a != NULL && pairing->b != NULL;
      same += both && assay_id_equal (&pairing->a->class_id, &pairing->b->class_id);
      add_classes (score, comparison, pairing, plan->task);
      if (both && !comparison->whole)
        add_values (score, plan->task, pairing->values);
      if (both && in_full && plan->gauge != NULL && plan->gauge->measure != NULL)
        plan->gauge->measure (plan->loaded, look, pairing, score->figures);
    }
  if (in_full && plan->gauge != NULL && plan->gauge->measure_whole != NULL)
    plan->gauge->measure_whole (plan->loaded, look, own, reference, score->figures);
  assay_figures_add (score->figures, &assay_reliability_found, 0, same, reference->list->len);
  assay_figures_add (score->figures, &assay_reliability_precise, 0, same, own->list->len);
}

/* Between one answer and one sort of reference. */
static void
hold (AssayReliabilityAnswer *answer, AssayAgainst against, const AssayReliabilityPlan *plan, const AssayLook *look,
      const AssayObjects *own, const AssayObjects *reference)
{
  if (answer->scores[against] == NULL)
    answer->scores[against] = score_new ();
  score_add (answer->scores[against], plan, look, own, reference, against != ASSAY_AGAINST_OTHERS);
}

/* A consensus may hold every answer that was there when it was made. */
static gboolean
may_judge (const AssayReliabilityItem *item, const AssayReliabilityAnswer *answer)
{
  gboolean own = item->truth_annotator_row == answer->annotator_row;
  if (!item->has_truth || (own && (item->is_gold || item->is_self_made)))
    return FALSE;
  return !item->is_joint || answer->made_us > item->truth_made_us;
}

static void
hold_against_consensus (AssayReliabilitySlot *slot, guint index, const AssayReliabilityPlan *plan,
                        const AssayLook *look)
{
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  for (guint i = 0; i < slot->n; i++)
    if (i != index && slot->answers[i].counts)
      g_ptr_array_add (others, look->labels->pdata[i]);
  const AssayObjects *own = label_at (look, index)->objects;
  for (guint i = 0; i < others->len; i++)
    hold (&slot->answers[index], ASSAY_AGAINST_OTHERS, plan, look, own,
          ((const AssayLabel *) others->pdata[i])->objects);
  g_autoptr (AssayObjects) consensus = others->len >= 2 ? assay_fuse_labels (others, plan->task, NULL, NULL, NULL) : NULL;
  if (consensus != NULL)
    hold (&slot->answers[index], ASSAY_AGAINST_CONSENSUS, plan, look, own, consensus);
}

static void
measure_distances (AssayReliabilitySlot *slot, const AssayReliabilityPlan *plan, const AssayLook *look)
{
  slot->distances = g_new (double, (gsize) slot->n * slot->n + 1);
  for (guint i = 0; i < slot->n; i++)
    for (guint j = 0; j <= i; j++)
      {
        double distance = NAN;
        if (i != j && slot->answers[i].counts && slot->answers[j].counts)
          {
            g_autoptr (AssayComparison) comparison
                = assay_compare (label_at (look, i)->objects, label_at (look, j)->objects, plan->task);
            distance = assay_answer_distance (comparison, plan->task);
          }
        slot->distances[i * slot->n + j] = slot->distances[j * slot->n + i] = distance;
      }
}

/* Of one class of one answer: all pixels. */
static AssayMask *
cover_class (const AssayReliabilityPlan *plan, const AssayLook *look, const AssayObjects *objects, guint class)
{
  AssayMask *all = assay_mask_new_empty (look->item->width_px, look->item->height_px);
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      g_autoptr (AssayMask) unsure = NULL;
      if (assay_task_class_index (plan->task, &object->class_id) != class)
        continue;
      g_autoptr (AssayMask) mask = plan->gauge->cover (look, object, &unsure);
      AssayMask *joined = mask != NULL ? assay_mask_combine (all, mask, ASSAY_MASK_UNION) : NULL;
      if (joined == NULL)
        continue;
      assay_mask_free (all);
      all = joined;
    }
  return all;
}

/* Where most of three and more see the class. */
static void
weigh_class (AssayReliabilitySlot *slot, const AssayReliabilityPlan *plan, const AssayLook *look, guint class)
{
  g_autoptr (GPtrArray) masks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  g_autofree guint *who = g_new (guint, slot->n + 1);
  guint n_marked = 0;
  for (guint i = 0; i < slot->n; i++)
    {
      if (!slot->answers[i].counts)
        continue;
      who[masks->len] = i;
      g_ptr_array_add (masks, cover_class (plan, look, label_at (look, i)->objects, class));
      n_marked += assay_mask_area_px (masks->pdata[masks->len - 1]) > 0;
    }
  if (masks->len < STAPLE_RATERS || 2 * n_marked <= masks->len)
    return;
  g_autoptr (AssayStaple) staple
      = assay_staple_new ((const AssayMask *const *) masks->pdata, masks->len, STAPLE_MARGIN_PX, 0, NULL);
  for (guint i = 0; staple != NULL && staple->defined && i < masks->len; i++)
    {
      AssayReliabilityAnswer *answer = &slot->answers[who[i]];
      answer->sensitivity += staple->sensitivity[i];
      answer->specificity += staple->specificity[i];
      answer->n_staple++;
    }
}

static void
say (AssayReliabilitySlot *slot, guint thing, guint rater, guint class)
{
  AssaySaid said = { thing, rater, class };
  g_array_append_val (slot->said, said);
}

/* Who calls what what: an object without a value (a tag) is said of the item itself; else each thing has a class.
 * Where answers are measured as wholes there are no things that all would have. */
static void
collect_classes (AssayReliabilitySlot *slot, const AssayReliabilityPlan *plan, const AssayLook *look)
{
  guint n = plan->task->classes->len;
  gboolean of_item = plan->task->kind->keys[0] == NULL;
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  g_autofree guint *who = g_new (guint, slot->n + 1);
  for (guint i = 0; i < slot->n; i++)
    if (slot->answers[i].counts)
      {
        who[labels->len] = i;
        g_ptr_array_add (labels, look->labels->pdata[i]);
      }
  if (labels->len < 2 || n == 0 || (plan->task->kind->measure_whole != NULL && !of_item))
    return;
  if (of_item)
    {
      for (guint i = 0; i < labels->len; i++)
        {
          const GPtrArray *list = ((const AssayLabel *) labels->pdata[i])->objects->list;
          for (guint o = 0; o < list->len; o++)
            say (slot, 0, who[i], MIN (n, class_of (list->pdata[o], plan->task)));
          if (list->len == 0)
            say (slot, 0, who[i], n);
        }
      slot->n_things = 1;
      return;
    }
  g_autoptr (GPtrArray) clusters = assay_cluster_objects (labels, plan->task);
  for (guint c = 0; c < clusters->len; c++)
    for (guint i = 0; i < labels->len; i++)
      say (slot, c, who[i],
           MIN (n, class_of (((const AssayCluster *) clusters->pdata[c])->members[i], plan->task)));
  slot->n_things = clusters->len;
}

static void
fill_answer (AssayReliabilityAnswer *answer, const AssayReliabilityItem *item, const AssayLook *look, guint index)
{
  const AssayLabel *label = label_at (look, index);
  const AssayAnnotator *annotator = look->annotators->pdata[index];
  *answer = (AssayReliabilityAnswer){
    .annotator_row = annotator->row,
    .made_us = label->made_us,
    .seconds = label->seconds,
    .simulated = label->simulated,
    .counts = !item->is_apart && assay_apart_of_answer (label, annotator) == 0,
    .n_objects = label->objects->list->len,
  };
}

/* The second answer of the same person, or NULL. */
static const AssayObjects *
find_second (const AssayReliabilityItem *item, const AssayLook *look, guint index)
{
  AssayId id = assay_again_id (&((const AssayAnnotator *) look->annotators->pdata[index])->id);
  for (guint i = 0; i < item->n_again; i++)
    if (assay_id_equal (&((const AssayAnnotator *) look->annotators->pdata[item->n_own + i])->id, &id))
      return label_at (look, item->n_own + i)->objects;
  return NULL;
}

AssayReliabilitySlot *
assay_reliability_slot_new (const AssayReliabilityPlan *plan, const AssayReliabilityItem *item,
                            const AssayLook *look)
{
  AssayReliabilitySlot *slot = g_new0 (AssayReliabilitySlot, 1);
  slot->n = item->n_own;
  slot->answers = g_new0 (AssayReliabilityAnswer, slot->n + 1);
  slot->said = g_array_new (FALSE, FALSE, sizeof (AssaySaid));
  for (guint i = 0; i < slot->n; i++)
    fill_answer (&slot->answers[i], item, look, i);
  for (guint i = 0; i < slot->n; i++)
    {
      AssayReliabilityAnswer *answer = &slot->answers[i];
      const AssayObjects *own = label_at (look, i)->objects, *second = find_second (item, look, i);
      if (may_judge (item, answer))
        hold (answer, item->is_gold ? ASSAY_AGAINST_GOLD : ASSAY_AGAINST_TRUTH, plan, look, own,
              label_at (look, item->n_own + item->n_again)->objects);
      if (second != NULL)
        hold (answer, ASSAY_AGAINST_SELF, plan, look, own, second);
      if (answer->counts)
        hold_against_consensus (slot, i, plan, look);
    }
  measure_distances (slot, plan, look);
  collect_classes (slot, plan, look);
  for (guint c = 0; plan->gauge != NULL && plan->gauge->cover != NULL && c < plan->task->classes->len; c++)
    weigh_class (slot, plan, look, c);
  return slot;
}

void
assay_reliability_slot_free (AssayReliabilitySlot *slot)
{
  if (slot == NULL)
    return;
  for (guint i = 0; i < slot->n; i++)
    for (guint a = 0; a < ASSAY_AGAINST_N; a++)
      score_free (slot->answers[i].scores[a]);
  g_free (slot->answers);
  g_free (slot->distances);
  g_array_unref (slot->said);
  g_free (slot);
}
