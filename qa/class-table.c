/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/class-table.h"

#include "qa/bootstrap.h"

#include <math.h>
#include <string.h>

#define MOST_BLOCKS 512     /* neighbours are drawn together beyond this, as in assay_bootstrap_ratio */
#define MOST_CATEGORIES 100 /* more have no interval, since a resample costs their square */

void
assay_class_counts_add (GArray *counts, guint a, guint b, double n)
{
  if (!(n > 0))
    return;
  for (guint i = 0; i < counts->len; i++)
    {
      AssayClassCount *count = &g_array_index (counts, AssayClassCount, i);
      if (count->a != a || count->b != b)
        continue;
      count->n += n;
      return;
    }
  AssayClassCount count = { a, b, n };
  g_array_append_val (counts, count);
}

/* What one figure is worked out of: the categories in use, and entries of them in blocks of items. */
typedef struct
{
  AssayClassCoefficient coefficient;
  guint k, n_blocks;
  gboolean shortened;
  double *values;    /* of the categories in use; NULL = they are no numbers */
  GArray **blocks;   /* of AssayClassCount */
  double *table, *o; /* k x k, scratch */
} Work;

static void
work_clear (Work *work)
{
  for (guint i = 0; i < work->n_blocks; i++)
    g_array_unref (work->blocks[i]);
  g_clear_pointer (&work->blocks, g_free);
  g_clear_pointer (&work->values, g_free);
  g_clear_pointer (&work->table, g_free);
  g_clear_pointer (&work->o, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static void
work_init (Work *work, const AssayClassTable *table)
{
  g_autofree guint *index = g_new0 (guint, table->n_categories + 1); /* + 1; 0 = not in use */
  for (guint i = 0; i < table->items->len; i++)
    {
      const GArray *item = table->items->pdata[i];
      for (guint e = 0; e < item->len; e++)
        {
          const AssayClassCount *count = &g_array_index (item, AssayClassCount, e);
          index[count->a] = index[count->b] = 1;
        }
    }
  work->values = table->values != NULL ? g_new0 (double, table->n_categories + 1) : NULL;
  /* Weights go by places in the whole list, so that unused categories are left out of long lists alone. */
  work->shortened = table->n_categories > MOST_CATEGORIES;
  for (guint c = 0; c < table->n_categories; c++)
    if (index[c] > 0 || !work->shortened)
      {
        if (work->values != NULL)
          work->values[work->k] = table->values[c];
        index[c] = ++work->k;
      }
  work->n_blocks = MIN (table->items->len, MOST_BLOCKS);
  work->blocks = g_new0 (GArray *, work->n_blocks + 1);
  for (guint i = 0; i < work->n_blocks; i++)
    work->blocks[i] = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
  for (guint i = 0; i < table->items->len; i++)
    {
      const GArray *item = table->items->pdata[i];
      GArray *block = work->blocks[(guint64) i * work->n_blocks / table->items->len];
      for (guint e = 0; e < item->len; e++)
        {
          const AssayClassCount *count = &g_array_index (item, AssayClassCount, e);
          assay_class_counts_add (block, index[count->a] - 1, index[count->b] - 1, count->n);
        }
    }
  work->table = g_new0 (double, (gsize) work->k * work->k + 1);
  work->o = g_new0 (double, (gsize) work->k * work->k + 1);
}

static double
evaluate (const Work *work)
{
  guint k = work->k;
  static const AssayLevel levels[]
      = { ASSAY_LEVEL_NOMINAL, ASSAY_LEVEL_ORDINAL, ASSAY_LEVEL_INTERVAL, ASSAY_LEVEL_RATIO };
  static const AssayWeights weights[] = { ASSAY_WEIGHTS_NONE, ASSAY_WEIGHTS_LINEAR, ASSAY_WEIGHTS_QUADRATIC };
  if (work->coefficient >= ASSAY_CLASS_COHEN)
    return assay_cohen_kappa_of_table (work->table, k, weights[work->coefficient - ASSAY_CLASS_COHEN]).value;
  for (guint c = 0; c < k; c++)
    for (guint d = 0; d < k; d++)
      work->o[c * k + d] = work->table[c * k + d] + work->table[d * k + c];
  if (work->coefficient == ASSAY_CLASS_FLEISS)
    return assay_fleiss_kappa_of_coincidences (work->o, k).value;
  return assay_krippendorff_alpha_of_coincidences (work->o, k, work->values, levels[work->coefficient]).value;
}

static double
of_drawn (const guint *drawn, guint n, gconstpointer data)
{
  const Work *work = data;
  memset (work->table, 0, sizeof (double) * work->k * work->k);
  for (guint i = 0; i < n; i++)
    {
      const GArray *block = work->blocks[drawn[i]];
      for (guint e = 0; e < block->len; e++)
        {
          const AssayClassCount *count = &g_array_index (block, AssayClassCount, e);
          work->table[count->a * work->k + count->b] += count->n;
        }
    }
  return evaluate (work);
}

static AssaySha256
seed_of (const Work *work, const char *name)
{
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  assay_sha256_stream_add (stream, name, strlen (name) + 1);
  for (guint i = 0; i < work->n_blocks; i++)
    for (guint e = 0; e < work->blocks[i]->len; e++)
      {
        const AssayClassCount *count = &g_array_index (work->blocks[i], AssayClassCount, e);
        assay_sha256_stream_add (stream, &count->a, sizeof count->a);
        assay_sha256_stream_add (stream, &count->b, sizeof count->b);
        assay_sha256_stream_add (stream, &count->n, sizeof count->n);
      }
  AssaySha256 seed;
  assay_sha256_stream_finish (stream, &seed);
  return seed;
}

AssayClassFigure
assay_class_table_measure (const AssayClassTable *table, AssayClassCoefficient coefficient, const char *name,
                           double *ret_n)
{
  AssayClassFigure figure = { NAN, NAN, NAN };
  g_auto (Work) work = { .coefficient = coefficient };
  work_init (&work, table);
  double n = 0;
  for (guint i = 0; i < work.n_blocks; i++)
    for (guint e = 0; e < work.blocks[i]->len; e++)
      n += 2 * g_array_index (work.blocks[i], AssayClassCount, e).n;
  if (ret_n != NULL)
    *ret_n = n;
  gboolean needs_numbers = coefficient == ASSAY_CLASS_ALPHA_INTERVAL || coefficient == ASSAY_CLASS_ALPHA_RATIO;
  if (work.k == 0 || (coefficient == ASSAY_CLASS_FLEISS && !table->same_number)
      || (coefficient >= ASSAY_CLASS_COHEN && !table->two_raters) || (needs_numbers && table->values == NULL)
      || (work.shortened && coefficient > ASSAY_CLASS_COHEN))
    return figure;
  g_autofree guint *all = g_new (guint, work.n_blocks);
  for (guint i = 0; i < work.n_blocks; i++)
    all[i] = i;
  figure.value = of_drawn (all, work.n_blocks, &work);
  if (isnan (figure.value) || work.k > MOST_CATEGORIES)
    return figure;
  AssaySha256 seed = seed_of (&work, name);
  assay_bootstrap (work.n_blocks, &seed, of_drawn, &work, &figure.low, &figure.high);
  return figure;
}

static void
free_counts (gpointer counts)
{
  g_array_unref (counts);
}

GPtrArray *
assay_class_counts_collapse (const GPtrArray *items, guint kept)
{
  GPtrArray *collapsed = g_ptr_array_new_with_free_func (free_counts);
  for (guint i = 0; i < items->len; i++)
    {
      const GArray *item = items->pdata[i];
      GArray *counts = g_array_new (FALSE, FALSE, sizeof (AssayClassCount));
      for (guint e = 0; e < item->len; e++)
        {
          const AssayClassCount *count = &g_array_index (item, AssayClassCount, e);
          assay_class_counts_add (counts, count->a != kept, count->b != kept, count->n);
        }
      g_ptr_array_add (collapsed, counts);
    }
  return collapsed;
}
