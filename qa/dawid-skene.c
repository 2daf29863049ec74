/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/dawid-skene.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

#define FLOOR 1e-10       /* of a probability before its logarithm, as the reference has it */
#define NOTHING -45.0     /* e to this is lost beside 1 in a double */
#define LEAST_WEIGHT 1e-6 /* of a vote: less is no evidence */

/* Votes are parted by task, and each knows its pair: a rater and a category that this rater has said at all. Pairs
 * are parted by rater, and all arrays over pairs hold one number a true category, so both steps are sums of short
 * rows. */
struct _AssayDawidSkenePrivate
{
  AssayRaterModel model;
  gsize *task_start;  /* tasks + 1, into `pair` */
  guint32 *pair;      /* votes */
  gsize *rater_start; /* raters + 1, into the pairs */
  guint *said;        /* pairs: the category */
  double *count;      /* pairs x categories: expected votes, not floored */
  double *chance;     /* pairs x categories: P (said | truth) */
  double *log_chance;
  double *log_prior, *scratch; /* categories */
};
typedef struct _AssayDawidSkenePrivate Private;

static gboolean
check_votes (const AssayVote *votes, gsize n_votes, guint n_tasks, guint n_raters, guint n_categories,
             GError **error)
{
  if (n_votes > G_MAXUINT32)
    return assay_error_bad_data (error, "estimating truths: %zu votes are more than can be counted", n_votes);
  for (gsize i = 0; i < n_votes; i++)
    if (votes[i].task >= n_tasks || votes[i].rater >= n_raters || votes[i].category >= n_categories)
      return assay_error_bad_data (
          error,
          "estimating truths: vote %zu is of task %u, rater %u, category %u, and there are "
          "%u, %u and %u of them",
          i, votes[i].task, votes[i].rater, votes[i].category, n_tasks, n_raters, n_categories);
  return TRUE;
}

/* Where each task's (or rater's) votes begin, and the votes in that order. */
static gsize *
part_votes (const AssayVote *votes, gsize n_votes, guint n_parts, gboolean by_rater, guint32 *ret_order)
{
  gsize *start = g_new0 (gsize, (gsize) n_parts + 2);
  for (gsize i = 0; i < n_votes; i++)
    start[(by_rater ? votes[i].rater : votes[i].task) + 2]++;
  for (gsize p = 2; p < (gsize) n_parts + 2; p++)
    start[p] += start[p - 1];
  /* One place ahead, so that filling moves each start to where it belongs. */
  for (gsize i = 0; i < n_votes; i++)
    ret_order[start[(by_rater ? votes[i].rater : votes[i].task) + 1]++] = (guint32) i;
  return start;
}

/* Numbers the pairs rater by rater; `ret_pairs` holds that of each vote. */
static gsize
number_pairs (AssayDawidSkene *skene, const AssayVote *votes, guint32 *ret_pairs)
{
  Private *private = skene->private;
  g_autofree guint32 *order = g_new (guint32, skene->n_votes + 1);
  g_autofree gsize *start = part_votes (votes, skene->n_votes, skene->n_raters, TRUE, order);
  g_autofree gsize *known = g_new (gsize, (gsize) skene->n_categories + 1);
  for (guint k = 0; k < skene->n_categories; k++)
    known[k] = G_MAXSIZE;
  gsize n = 0;
  for (guint r = 0; r < skene->n_raters; r++)
    {
      private->rater_start[r] = n;
      for (gsize i = start[r]; i < start[r + 1]; i++)
        {
          guint category = votes[order[i]].category;
          if (known[category] == G_MAXSIZE || known[category] < private->rater_start[r])
            {
              known[category] = n;
              private->said[n++] = category;
            }
          ret_pairs[order[i]] = (guint32) known[category];
        }
    }
  private->rater_start[skene->n_raters] = n;
  return n;
}

/* Adds what one task says of its raters. */
static void
count_task (AssayDawidSkene *skene, guint task)
{
  Private *private = skene->private;
  guint k = skene->n_categories;
  const double *posterior = skene->posterior + (gsize) task * k;
  for (gsize i = private->task_start[task]; i < private->task_start[task + 1]; i++)
    {
      double *count = private->count + (gsize) private->pair[i] * k;
      for (guint c = 0; c < k; c++)
        count[c] += posterior[c];
    }
}

static void
forget_counts (AssayDawidSkene *skene)
{
  const Private *private = skene->private;
  memset (private->count, 0, private->rater_start[skene->n_raters] * skene->n_categories * sizeof (double));
}

static void
update_prior (AssayDawidSkene *skene)
{
  guint k = skene->n_categories, n = 0;
  memset (skene->prior, 0, k * sizeof (double));
  for (guint t = 0; t < skene->n_tasks; t++)
    {
      if (skene->private->task_start[t] == skene->private->task_start[t + 1])
        continue;
      n++;
      for (guint c = 0; c < k; c++)
        skene->prior[c] += skene->posterior[(gsize) t * k + c];
    }
  for (guint c = 0; c < k; c++)
    skene->prior[c] = n > 0 ? skene->prior[c] / n : NAN;
}

static double
skill_of (const AssayDawidSkene *skene, guint rater)
{
  const Private *private = skene->private;
  double right = 0, all = 0;
  for (gsize p = private->rater_start[rater]; p < private->rater_start[rater + 1]; p++)
    {
      right += private->count[p * skene->n_categories + private->said[p]];
      for (guint c = 0; c < skene->n_categories; c++)
        all += private->count[p * skene->n_categories + c];
    }
  return all > 0 ? right / all : NAN;
}

static void
update_chances (AssayDawidSkene *skene, guint rater)
{
  Private *private = skene->private;
  guint k = skene->n_categories;
  gsize first = private->rater_start[rater], last = private->rater_start[rater + 1];
  double skill = skene->skill[rater];
  if (private->model == ASSAY_RATER_ONE_COIN)
    {
      for (gsize p = first; p < last; p++)
        for (guint c = 0; c < k; c++)
      private->chance[p * k + c] = CLAMP (c == private->said[p] ? skill : (1 - skill) / (k - 1), FLOOR, 1 - FLOOR);
      return;
    }
  memset (private->scratch, 0, k * sizeof (double));
  for (gsize p = first; p < last; p++)
    for (guint c = 0; c < k; c++)
  private->scratch[c] += private->chance[p * k + c] = MAX (private->count[p * k + c], FLOOR);
  for (gsize p = first; p < last; p++)
    for (guint c = 0; c < k; c++)
  private->chance[p * k + c] /= private->scratch[c];
}

/* Everything that follows from the posterior and the counts. */
static void
maximise (AssayDawidSkene *skene)
{
  Private *private = skene->private;
  update_prior (skene);
  for (guint r = 0; r < skene->n_raters; r++)
    {
      skene->skill[r] = skill_of (skene, r);
      update_chances (skene, r);
    }
  gsize n = private->rater_start[skene->n_raters] * skene->n_categories;
  for (gsize i = 0; i < n; i++)
  private->log_chance[i] = log (private->chance[i]);
  for (guint c = 0; c < skene->n_categories; c++)
  private->log_prior[c] = log (MAX (skene->prior[c], FLOOR));
}

/* The posterior of one task; how far it moved. */
static double
expect (AssayDawidSkene *skene, guint task)
{
  Private *private = skene->private;
  guint k = skene->n_categories;
  double *posterior = skene->posterior + (gsize) task * k, *sum = private->scratch, largest = -INFINITY, total = 0,
         moved = 0;
  memcpy (sum, private->log_prior, k * sizeof (double));
  for (gsize i = private->task_start[task]; i < private->task_start[task + 1]; i++)
    {
      const double *chance = private->log_chance + (gsize) private->pair[i] * k;
      for (guint c = 0; c < k; c++)
        sum[c] += chance[c];
    }
  for (guint c = 0; c < k; c++)
    largest = MAX (largest, sum[c]);
  for (guint c = 0; c < k; c++)
    total += sum[c] = sum[c] - largest > NOTHING ? exp (sum[c] - largest) : 0;
  for (guint c = 0; c < k; c++)
    {
      double now = sum[c] / total;
      moved = MAX (moved, fabs (now - posterior[c]));
      posterior[c] = now;
    }
  return moved;
}

double
assay_dawid_skene_step (AssayDawidSkene *skene)
{
  double moved = 0;
  forget_counts (skene);
  for (guint t = 0; t < skene->n_tasks; t++)
    {
      if (skene->private->task_start[t] == skene->private->task_start[t + 1])
        continue;
      double of_task = expect (skene, t);
      moved = MAX (moved, of_task);
      count_task (skene, t);
    }
  maximise (skene);
  skene->n_steps++;
  return moved;
}

gboolean
assay_dawid_skene_run (AssayDawidSkene *skene, guint most_steps, double tolerance)
{
  for (guint i = 0; i < most_steps; i++)
    if (assay_dawid_skene_step (skene) <= tolerance)
      return TRUE;
  return FALSE;
}

static void
share_votes (AssayDawidSkene *skene)
{
  const Private *private = skene->private;
  guint k = skene->n_categories;
  for (guint t = 0; t < skene->n_tasks; t++)
    {
      double *posterior = skene->posterior + (gsize) t * k;
      gsize first = private->task_start[t], last = private->task_start[t + 1];
      for (gsize i = first; i < last; i++)
        posterior[private->said[private->pair[i]]]++;
      for (guint c = 0; c < k; c++)
        posterior[c] = last > first ? posterior[c] / (double) (last - first) : NAN;
      count_task (skene, t);
    }
}

AssayDawidSkene *
assay_dawid_skene_new (const AssayVote *votes, gsize n_votes, guint n_tasks, guint n_raters, guint n_categories,
                       AssayRaterModel model, GError **error)
{
  if (!check_votes (votes, n_votes, n_tasks, n_raters, n_categories, error))
    return NULL;
  AssayDawidSkene *skene = g_new0 (AssayDawidSkene, 1);
  Private *private = skene->private = g_new0 (Private, 1);
  *skene = (AssayDawidSkene){ n_tasks, n_raters, n_categories, n_votes, .private = private };
  private->model = model;
  private->rater_start = g_new0 (gsize, (gsize) n_raters + 1);
  private->said = g_new0 (guint, n_votes + 1);
  g_autofree guint32 *pairs = g_new (guint32, n_votes + 1), *order = g_new (guint32, n_votes + 1);
  gsize n_cells = number_pairs (skene, votes, pairs) * n_categories + 1;
  private->task_start = part_votes (votes, n_votes, n_tasks, FALSE, order);
  private->pair = g_new (guint32, n_votes + 1);
  for (gsize i = 0; i < n_votes; i++)
  private->pair[i] = pairs[order[i]];
  private->count = g_new (double, n_cells);
  private->chance = g_new (double, n_cells);
  private->log_chance = g_new (double, n_cells);
  private->log_prior = g_new (double, (gsize) n_categories + 1);
  private->scratch = g_new (double, (gsize) n_categories + 1);
  skene->posterior = g_new0 (double, (gsize) n_tasks *n_categories + 1);
  skene->prior = g_new0 (double, (gsize) n_categories + 1);
  skene->skill = g_new0 (double, (gsize) n_raters + 1);
  forget_counts (skene);
  share_votes (skene);
  maximise (skene);
  return skene;
}

void
assay_dawid_skene_free (AssayDawidSkene *skene)
{
  if (skene == NULL)
    return;
  Private *private = skene->private;
  g_free (private->task_start);
  g_free (private->pair);
  g_free (private->rater_start);
  g_free (private->said);
  g_free (private->count);
  g_free (private->chance);
  g_free (private->log_chance);
  g_free (private->log_prior);
  g_free (private->scratch);
  g_free (private);
  g_free (skene->posterior);
  g_free (skene->prior);
  g_free (skene->skill);
  g_free (skene);
}

double
assay_dawid_skene_weight (const AssayDawidSkene *skene, guint rater, guint truth)
{
  const Private *private = skene->private;
  double sum = 0;
  for (gsize p = private->rater_start[rater]; p < private->rater_start[rater + 1]; p++)
    sum += private->count[p * skene->n_categories + truth];
  return sum;
}

double
assay_dawid_skene_confusion (const AssayDawidSkene *skene, guint rater, guint truth, guint said)
{
  const Private *private = skene->private;
  if (assay_dawid_skene_weight (skene, rater, truth) < LEAST_WEIGHT)
    return NAN;
  for (gsize p = private->rater_start[rater]; p < private->rater_start[rater + 1]; p++)
    if (private->said[p] == said)
      return private->chance[p * skene->n_categories + truth];
  return 0;
}

guint
assay_dawid_skene_label (const AssayDawidSkene *skene, guint task)
{
  const double *posterior = skene->posterior + (gsize) task * skene->n_categories;
  guint best = G_MAXUINT;
  for (guint c = 0; c < skene->n_categories; c++)
    if (!isnan (posterior[c]) && (best == G_MAXUINT || posterior[c] > posterior[best]))
      best = c;
  return best;
}

gboolean
assay_votes_wawa (const AssayVote *votes, gsize n_votes, guint n_tasks, guint n_raters, guint n_categories,
                  double *ret_skill, GError **error)
{
  g_autoptr (AssayDawidSkene) shares
      = assay_dawid_skene_new (votes, n_votes, n_tasks, n_raters, n_categories, ASSAY_RATER_CONFUSION, error);
  if (shares == NULL)
    return FALSE;
  const Private *private = shares->private;
  g_autofree double *said = g_new0 (double, (gsize) n_raters + 1), *right = g_new0 (double, (gsize) n_raters + 1);
  g_autofree guint *rater_of = g_new (guint, n_votes + 1), *last_task = g_new (guint, n_votes + 1);
  for (guint r = 0; r < n_raters; r++)
    for (gsize p = private->rater_start[r]; p < private->rater_start[r + 1]; p++)
      {
        rater_of[p] = r;
        last_task[p] = G_MAXUINT;
      }
  for (guint t = 0; t < n_tasks; t++)
    for (gsize i = private->task_start[t]; i < private->task_start[t + 1]; i++)
      {
        guint32 pair = private->pair[i];
        if (last_task[pair] == t)
          continue;
        last_task[pair] = t;
        said[rater_of[pair]]++;
        right[rater_of[pair]] += private->said[pair] == assay_dawid_skene_label (shares, t);
      }
  for (guint r = 0; r < n_raters; r++)
    ret_skill[r] = said[r] > 0 ? right[r] / said[r] : NAN;
  return TRUE;
}
