/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/label-issues.h"

#include "core/error.h"
#include "qa/label-scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SLACK 1e-6           /* of two probabilities that count as equal */
#define LEAST_THRESHOLD 2e-6 /* more than the slack, or everything would be confident */

static const char *const names[]
    = { "prune_by_noise_rate",   "prune_by_class",     "both", "confident_learning", "predicted_neq_given",
        "low_normalized_margin", "low_self_confidence" };
G_STATIC_ASSERT (G_N_ELEMENTS (names) == ASSAY_LABEL_N_FILTERS);

const char *
assay_label_filter_name (AssayLabelFilter filter)
{
  return names[filter];
}

/* Something to sort by, and what it belongs to; equal ones stay in order. */
typedef struct
{
  double key;
  guint index;
} Keyed;

static int
compare_keyed (gconstpointer a, gconstpointer b)
{
  const Keyed *x = a, *y = b;
  return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : (x->index > y->index) - (x->index < y->index);
}

static const double *
row_of (const AssayConfidentJoint *joint, guint item)
{
  return joint->probabilities + (gsize) item * joint->n_classes;
}

static void
find_thresholds (AssayConfidentJoint *joint)
{
  g_autofree guint *n = g_new0 (guint, joint->n_classes);
  for (guint i = 0; i < joint->n_items; i++)
    {
      joint->thresholds[joint->labels[i]] += row_of (joint, i)[joint->labels[i]];
      n[joint->labels[i]]++;
    }
  for (guint c = 0; c < joint->n_classes; c++)
    joint->thresholds[c] = n[c] > 0 ? fmax (joint->thresholds[c] / n[c], LEAST_THRESHOLD) : NAN;
}

static guint
guess_class (const AssayConfidentJoint *joint, guint item)
{
  const double *row = row_of (joint, item);
  guint n = 0, first = G_MAXUINT;
  for (guint c = 0; c < joint->n_classes; c++)
    if (row[c] >= joint->thresholds[c] - SLACK)
      {
        first = n == 0 ? c : first;
        n++;
      }
  return n > 1 ? assay_label_predicted (row, joint->n_classes) : first;
}

/* Rounds so that the sum stays: what rounding lost goes to those that it changed most. */
static void
round_keeping_sum (const double *row, guint n, guint64 *ret_row)
{
  g_autofree double *rounded = g_new (double, n);
  g_autofree Keyed *order = g_new (Keyed, n);
  double sum = 0, rounded_sum = 0;
  for (guint i = 0; i < n; i++)
    {
      rounded[i] = rint (row[i]);
      sum += row[i];
      rounded_sum += rounded[i];
    }
  while (fabs (rounded_sum - rint (sum)) > SLACK)
    {
      double lost = rint (rint (sum) - rounded_sum), step = lost < 0 ? -1 : 1;
      guint changes = (guint) fmin (fabs (lost), n);
      for (guint i = 0; i < n; i++)
        order[i] = (Keyed){ row[i] - rounded[i], i };
      qsort (order, n, sizeof (Keyed), compare_keyed);
      for (guint i = 0; i < changes; i++)
        rounded[order[step > 0 ? n - 1 - i : i].index] += step;
      rounded_sum += step * changes;
    }
  for (guint i = 0; i < n; i++)
    ret_row[i] = (guint64) fmax (rounded[i], 0);
}

static void
calibrate (AssayConfidentJoint *joint)
{
  guint k = joint->n_classes;
  g_autofree double *scaled = g_new (double, (gsize) k *k);
  g_autofree guint *n = g_new0 (guint, k);
  double sum = 0;
  for (guint i = 0; i < joint->n_items; i++)
    n[joint->labels[i]]++;
  for (guint a = 0; a < k; a++)
    {
      double row = 0;
      for (guint b = 0; b < k; b++)
        row += (double) joint->joint[(gsize) a * k + b];
      for (guint b = 0; b < k; b++)
        sum += scaled[(gsize) a * k + b] = (double) joint->joint[(gsize) a * k + b] / row * n[a];
    }
  for (gsize i = 0; sum > 0 && i < (gsize) k * k; i++)
    scaled[i] = scaled[i] / sum * joint->n_items;
  for (guint a = 0; a < k; a++)
    round_keeping_sum (scaled + (gsize) a * k, k, joint->calibrated + (gsize) a * k);
}

static gboolean
check_input (const guint *labels, const double *probabilities, guint n_items, guint n_classes, GError **error)
{
  if (n_classes < 2)
    return assay_error_bad_data (error, "finding wrong labels: there are %u classes; it takes two", n_classes);
  for (guint i = 0; i < n_items; i++)
    {
      if (labels[i] >= n_classes)
        return assay_error_bad_data (error, "finding wrong labels: item %u has label %u of %u classes", i,
                                     labels[i], n_classes);
      for (guint c = 0; c < n_classes; c++)
        if (!(probabilities[(gsize) i * n_classes + c] >= 0 && probabilities[(gsize) i * n_classes + c] <= 1))
          return assay_error_bad_data (
              error, "finding wrong labels: item %u has a probability outside 0 to 1 for class %u", i, c);
    }
  return TRUE;
}

AssayConfidentJoint *
assay_confident_joint_new (const guint *labels, const double *probabilities, guint n_items, guint n_classes,
                           GError **error)
{
  if (!check_input (labels, probabilities, n_items, n_classes, error))
    return NULL;
  AssayConfidentJoint *joint = g_new0 (AssayConfidentJoint, 1);
  *joint = (AssayConfidentJoint){ n_items, n_classes, labels, probabilities };
  joint->thresholds = g_new0 (double, n_classes);
  joint->guess = g_new (guint, (gsize) n_items + 1);
  joint->joint = g_new0 (guint64, (gsize) n_classes * n_classes);
  joint->calibrated = g_new0 (guint64, (gsize) n_classes * n_classes);
  find_thresholds (joint);
  for (guint i = 0; i < n_items; i++)
    {
      joint->guess[i] = guess_class (joint, i);
      if (joint->guess[i] != G_MAXUINT)
        joint->joint[(gsize) labels[i] * n_classes + joint->guess[i]]++;
    }
  for (guint c = 0; c < n_classes; c++)
    joint->joint[(gsize) c * n_classes + c] = MAX (joint->joint[(gsize) c * n_classes + c], 1);
  calibrate (joint);
  return joint;
}

void
assay_confident_joint_free (AssayConfidentJoint *joint)
{
  if (joint == NULL)
    return;
  g_free (joint->thresholds);
  g_free (joint->guess);
  g_free (joint->joint);
  g_free (joint->calibrated);
  g_free (joint);
}

/* How many to take of those with label `label`: [guess], the diagonal is how many to leave. Each class keeps one,
 * at the cost of what would be taken. */
static void
count_to_prune (const AssayConfidentJoint *joint, guint label, guint *ret_counts)
{
  guint k = joint->n_classes, n_nonzero = 0;
  const guint64 *row = joint->calibrated + (gsize) label * k;
  for (guint c = 0; c < k; c++)
    n_nonzero += row[c] > 0;
  double added = row[label] < 1 ? 1 : 0, each = added / (n_nonzero > 2 ? n_nonzero - 1 : 1);
  for (guint c = 0; c < k; c++)
    ret_counts[c] = (guint) fmax ((double) row[c] - each, 0);
  ret_counts[label] = (guint) MAX (row[label], 1);
}

/* Marks the `n` items of this label with the least keys. */
static void
mark_least (Keyed *keyed, guint n_keyed, guint n, guint8 *issues)
{
  qsort (keyed, n_keyed, sizeof (Keyed), compare_keyed);
  for (guint i = 0; i < MIN (n, n_keyed); i++)
    issues[keyed[i].index] = 1;
}

/* `items`: those of one label, in any order. */
static void
prune_by_class (const AssayConfidentJoint *joint, guint label, const guint *counts, Keyed *items, guint n,
                guint8 *issues)
{
  for (guint i = 0; i < n; i++)
    items[i].key = row_of (joint, items[i].index)[label];
  mark_least (items, n, n > counts[label] ? n - counts[label] : 0, issues);
}

static void
prune_by_pair (const AssayConfidentJoint *joint, guint label, const guint *counts, Keyed *items, guint n,
               guint8 *issues)
{
  for (guint c = 0; c < joint->n_classes; c++)
    {
      if (c == label || counts[c] == 0)
        continue;
      for (guint i = 0; i < n; i++)
        items[i].key = row_of (joint, items[i].index)[label] - row_of (joint, items[i].index)[c];
      mark_least (items, n, counts[c], issues);
    }
}

static void
prune (const AssayConfidentJoint *joint, AssayLabelFilter filter, guint8 *issues)
{
  g_autofree guint *counts = g_new (guint, joint->n_classes);
  g_autofree Keyed *items = g_new (Keyed, (gsize) joint->n_items + 1);
  for (guint i = 0; i < joint->n_items; i++)
    items[i] = (Keyed){ joint->labels[i], i };
  qsort (items, joint->n_items, sizeof (Keyed), compare_keyed);
  for (guint first = 0, n = 0; first < joint->n_items; first += n)
    {
      guint label = joint->labels[items[first].index];
      for (n = 1; first + n < joint->n_items && joint->labels[items[first + n].index] == label;)
        n++;
      if (n < 2)
        continue;
      count_to_prune (joint, label, counts);
      (filter == ASSAY_LABEL_FILTER_CLASS ? prune_by_class : prune_by_pair) (joint, label, counts, items + first, n,
                                                                             issues);
    }
}

/* The label is the likeliest class, or as good as. */
static gboolean
is_believed (const AssayConfidentJoint *joint, guint item)
{
  const double *row = row_of (joint, item);
  guint label = joint->labels[item];
  for (guint c = 0; c < joint->n_classes; c++)
    if (c != label && (row[c] > row[label] + SLACK || (row[c] == row[label] + SLACK && c < label)))
      return FALSE;
  return TRUE;
}

static void
clear_believed (const AssayConfidentJoint *joint, guint8 *issues)
{
  for (guint i = 0; i < joint->n_items; i++)
    if (is_believed (joint, i))
      issues[i] = 0;
}

static void
take_lowest (const AssayConfidentJoint *joint, gboolean by_margin, guint8 *issues)
{
  guint n = 0;
  assay_label_issues_find (joint, ASSAY_LABEL_FILTER_CONFIDENT, issues);
  for (guint i = 0; i < joint->n_items; i++)
    n += issues[i];
  memset (issues, 0, joint->n_items);
  g_autofree Keyed *keyed = g_new (Keyed, (gsize) joint->n_items + 1);
  for (guint i = 0; i < joint->n_items; i++)
    keyed[i] = (Keyed){ (by_margin ? assay_label_margin : assay_label_self_confidence) (
                            row_of (joint, i), joint->n_classes, joint->labels[i]),
                        i };
  mark_least (keyed, joint->n_items, n, issues);
}

void
assay_label_issues_find (const AssayConfidentJoint *joint, AssayLabelFilter filter, guint8 *ret_issues)
{
  memset (ret_issues, 0, joint->n_items);
  if (filter == ASSAY_LABEL_FILTER_LOW_MARGIN || filter == ASSAY_LABEL_FILTER_LOW_CONFIDENCE)
    {
      take_lowest (joint, filter == ASSAY_LABEL_FILTER_LOW_MARGIN, ret_issues);
      return;
    }
  if (filter == ASSAY_LABEL_FILTER_CLASS || filter == ASSAY_LABEL_FILTER_NOISE_RATE)
    prune (joint, filter, ret_issues);
  if (filter == ASSAY_LABEL_FILTER_BOTH)
    {
      g_autofree guint8 *of_class = g_new0 (guint8, (gsize) joint->n_items + 1);
      prune (joint, ASSAY_LABEL_FILTER_CLASS, of_class);
      prune (joint, ASSAY_LABEL_FILTER_NOISE_RATE, ret_issues);
      for (guint i = 0; i < joint->n_items; i++)
        ret_issues[i] &= of_class[i];
    }
  for (guint i = 0; i < joint->n_items; i++)
    if (filter == ASSAY_LABEL_FILTER_CONFIDENT)
      ret_issues[i] = joint->guess[i] != G_MAXUINT && joint->guess[i] != joint->labels[i];
    else if (filter == ASSAY_LABEL_FILTER_PREDICTED)
      ret_issues[i] = assay_label_predicted (row_of (joint, i), joint->n_classes) != joint->labels[i];
  clear_believed (joint, ret_issues);
}

GArray *
assay_label_issues_rank (const AssayConfidentJoint *joint, const guint8 *issues)
{
  g_autofree Keyed *keyed = g_new (Keyed, (gsize) joint->n_items + 1);
  guint n = 0;
  for (guint i = 0; i < joint->n_items; i++)
    if (issues[i])
      keyed[n++] = (Keyed){ row_of (joint, i)[joint->labels[i]], i };
  qsort (keyed, n, sizeof (Keyed), compare_keyed);
  GArray *ranked = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n; i++)
    g_array_append_val (ranked, keyed[i].index);
  return ranked;
}
