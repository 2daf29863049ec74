/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Confident learning over the data set: classes that a model does not believe, more than it errs on its own. */
#include "qa/check.h"
#include "qa/compare.h"
#include "qa/difference.h"
#include "qa/label-issues.h"
#include "qa/label-scores.h"
#include "qa/prediction.h"
#include "qa/spot.h"

extern const AssayCheck assay_check_class_suspect;

#include <stdlib.h>
#include <string.h>

#define LEAST 20        /* labels: of fewer nothing can be said */
#define LEAST_A_CLASS 5 /* the same of a class */
#define SAME_THING 0.5  /* similarity of a label and a prediction that are of one thing */

static const char *const kinds[] = { "box", "segmentation", "tag", NULL };

typedef struct
{
  AssaySpot spot;
  const char *model; /* interned */
  guint label;
} Case;

typedef struct
{
  GArray *cases;         /* of Case */
  GArray *probabilities; /* of double: classes a case */
} Seen;

static void
add (Seen *seen, const AssayLook *look, guint answer, const AssayAnnotator *model, const AssayObject *object,
     const AssayObject *prediction)
{
  const AssayTask *task = look->task;
  guint label = assay_task_class_index (task, &object->class_id), k = task->classes->len;
  g_autofree double *row = g_new (double, (gsize) k + 1);
  if (label >= k || !assay_prediction_probabilities (prediction, task, row))
    return;
  if (seen->cases == NULL)
    {
      seen->cases = g_array_new (FALSE, FALSE, sizeof (Case));
      seen->probabilities = g_array_new (FALSE, FALSE, sizeof (double));
    }
  Case one = { assay_spot_new (look, answer, object), g_intern_string (model->name), label };
  g_array_append_val (seen->cases, one);
  g_array_append_vals (seen->probabilities, row, k);
}

/* A tag has no place: one of each side is of the same thing. Of several nobody knows which is which. */
static void
add_pair (Seen *seen, const AssayLook *look, guint answer, const AssayLabel *prediction,
          const AssayAnnotator *model)
{
  const AssayLabel *label = look->labels->pdata[answer];
  if (look->task->kind->measure_whole != NULL)
    {
      if (label->objects->list->len == 1 && prediction->objects->list->len == 1)
        add (seen, look, answer, model, label->objects->list->pdata[0], prediction->objects->list->pdata[0]);
      return;
    }
  g_autoptr (AssayComparison) comparison = assay_compare (label->objects, prediction->objects, look->task);
  for (guint i = 0; i < comparison->matched; i++)
    {
      const AssayPairing *pairing = &g_array_index (comparison->pairings, AssayPairing, i);
      if (pairing->similarity >= SAME_THING)
        add (seen, look, answer, model, pairing->a, pairing->b);
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint m = 0; m < look->predictions->len; m++)
    for (guint i = 0; i < look->labels->len; i++)
      add_pair (state, look, i, look->predictions->pdata[m], look->models->pdata[m]);
}

static void
merge (gpointer state, gconstpointer other)
{
  Seen *all = state;
  const Seen *more = other;
  if (more->cases == NULL)
    return;
  if (all->cases == NULL)
    {
      all->cases = g_array_new (FALSE, FALSE, sizeof (Case));
      all->probabilities = g_array_new (FALSE, FALSE, sizeof (double));
    }
  g_array_append_vals (all->cases, more->cases->data, more->cases->len);
  g_array_append_vals (all->probabilities, more->probabilities->data, more->probabilities->len);
}

/* Whoever came first, the answer is the same. */
typedef struct
{
  const Case *one;
  guint at;
} Ordered;

static int
compare_cases (gconstpointer a, gconstpointer b)
{
  const Case *x = ((const Ordered *) a)->one, *y = ((const Ordered *) b)->one;
  int order = strcmp (x->model, y->model);
  order = order != 0 ? order : assay_id_compare (&x->spot.item, &y->spot.item);
  order = order != 0 ? order : assay_id_compare (&x->spot.label, &y->spot.label);
  return order != 0 ? order : assay_id_compare (&x->spot.object, &y->spot.object);
}

static void
flag (const Case *one, const double *row, const guint *n_of_class, GPtrArray *findings)
{
  const AssayTask *task = one->spot.task;
  guint k = task->classes->len, guess = assay_label_predicted (row, k);
  if (n_of_class[one->label] < LEAST_A_CLASS)
    return;
  char *why = g_strdup_printf (
      "%s says %s, and %s gives %.2f to %s and %.2f to that, less than it gives where it is one",
      one->spot.annotator, ((const AssayClass *) task->classes->pdata[one->label])->name, one->model, row[guess],
      ((const AssayClass *) task->classes->pdata[guess])->name, assay_label_self_confidence (row, k, one->label));
  g_autofree char *place = g_strdup_printf ("class by %s", one->model);
  g_ptr_array_add (findings, assay_spot_flag (&one->spot, &assay_check_class_suspect, ASSAY_SEVERITY_WARNING,
                                              1 - assay_label_margin (row, k, one->label), place, why));
}

/* Of one model. */
static void
judge (const Seen *seen, const Ordered *order, guint n, GPtrArray *findings)
{
  guint k = order[0].one->spot.task->classes->len;
  g_autofree guint *labels = g_new (guint, n), *n_of_class = g_new0 (guint, k);
  g_autofree double *table = g_new (double, (gsize) n *k);
  g_autofree guint8 *issues = g_new0 (guint8, n);
  for (guint i = 0; i < n; i++)
    {
      labels[i] = order[i].one->label;
      n_of_class[labels[i]]++;
      memcpy (table + (gsize) i * k, &g_array_index (seen->probabilities, double, (gsize) order[i].at *k),
              k * sizeof (double));
    }
  g_autoptr (AssayConfidentJoint) joint = n >= LEAST ? assay_confident_joint_new (labels, table, n, k, NULL) : NULL;
  if (joint == NULL)
    return;
  assay_label_issues_find (joint, ASSAY_LABEL_FILTER_NOISE_RATE, issues);
  for (guint i = 0; i < n; i++)
    if (issues[i])
      flag (order[i].one, table + (gsize) i * k, n_of_class, findings);
}

static void
end (gpointer state, GPtrArray *findings)
{
  const Seen *seen = state;
  if (seen->cases == NULL)
    return;
  g_autofree Ordered *order = g_new (Ordered, seen->cases->len);
  for (guint i = 0; i < seen->cases->len; i++)
    order[i] = (Ordered){ &g_array_index (seen->cases, Case, i), i };
  qsort (order, seen->cases->len, sizeof *order, compare_cases);
  for (guint from = 0, to; from < seen->cases->len; from = to)
    {
      for (to = from; to < seen->cases->len && order[to].one->model == order[from].one->model;)
        to++;
      judge (seen, order + from, to - from, findings);
    }
}

static void
clear (gpointer state)
{
  Seen *seen = state;
  g_clear_pointer (&seen->cases, g_array_unref);
  g_clear_pointer (&seen->probabilities, g_array_unref);
}

const AssayCheck assay_check_class_suspect = {
  .id = "class-suspect",
  .title = "Class that a model disputes",
  .help = "confident learning: labels whose class a model believes less than it believes that class elsewhere, as "
          "many as its "
          "own errors do not explain",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .beside = ASSAY_BESIDE_MODELS,
  .kinds = kinds,
  .state_size = sizeof (Seen),
  .look = look_at,
  .merge = merge,
  .end = end,
  .clear = clear,
};
