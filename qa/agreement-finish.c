/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Groups' sums become figures with intervals. */
#include "qa/agreement-private.h"
#include "qa/bootstrap.h"

#include <math.h>
#include <string.h>

const AssayMeasureDef assay_agreement_common[] = {
  { "found_by_both", "Found by both", "", TRUE },
  { "same_class", "Same class", "", TRUE },
};
const AssayMeasureDef assay_agreement_alpha = { "alpha", "Alpha (distance)", "", TRUE };
const AssayMeasureDef assay_agreement_pixel_alpha = { "pixel_alpha", "Alpha (pixels)", "", TRUE };
const AssayMeasureDef assay_agreement_classes[] = {
  { "class_alpha", "Alpha (classes)", "", TRUE },
  { "class_alpha_ordinal", "Alpha (classes in order)", "", TRUE },
  { "class_alpha_interval", "Alpha (interval)", "", TRUE },
  { "class_alpha_ratio", "Alpha (ratio)", "", TRUE },
  { "class_fleiss", "Fleiss' kappa", "", TRUE },
  { "class_cohen", "Cohen's kappa", "", TRUE },
  { "class_cohen_linear", "Cohen's kappa, linear", "", TRUE },
  { "class_cohen_quadratic", "Cohen's kappa, quadratic", "", TRUE },
};

static AssaySha256
seed_of (const AssayAgreementColumn *column)
{
  g_autoptr (AssaySha256Stream) stream = assay_sha256_stream_new ();
  assay_sha256_stream_add (stream, column->def->name, strlen (column->def->name) + 1);
  assay_sha256_stream_add (stream, column->sums->data, column->sums->len * sizeof (double));
  assay_sha256_stream_add (stream, column->counts->data, column->counts->len * sizeof (double));
  AssaySha256 seed;
  assay_sha256_stream_finish (stream, &seed);
  return seed;
}

static AssayAgreementMeasure
measure_new (const AssayMeasureDef *def)
{
  return (AssayAgreementMeasure){ .name = def->name,
                                  .title = def->title,
                                  .unit = def->unit,
                                  .remedy = def->remedy,
                                  .higher_is_better = def->higher_is_better,
                                  .value = NAN,
                                  .low = NAN,
                                  .high = NAN,
                                  .sum = NAN };
}

/* `column` NULL: there is nothing that it is made of. */
static AssayAgreementMeasure
measure_ratio (const AssayMeasureDef *def, const AssayAgreementColumn *column)
{
  AssayAgreementMeasure measure = measure_new (def);
  if (column == NULL)
    return measure;
  double sum = 0, count = 0;
  for (guint i = 0; i < column->sums->len; i++)
    {
      sum += g_array_index (column->sums, double, i);
      count += g_array_index (column->counts, double, i);
    }
  measure.part = column->part != 0 ? g_quark_to_string (column->part) : NULL;
  measure.sum = sum;
  measure.n = (guint64) rint (count);
  measure.items = column->sums->len;
  measure.value = count > 0 ? sum / count : NAN;
  AssaySha256 seed = seed_of (column);
  assay_bootstrap_ratio ((const double *) (gpointer) column->sums->data,
                         (const double *) (gpointer) column->counts->data, column->sums->len, &seed, &measure.low,
                         &measure.high);
  return measure;
}

/* 1 - observed / expected, the expected held (Hayes and Krippendorff 2007). */
static AssayAgreementMeasure
measure_alpha (const AssayAgreementColumn *column, double expected)
{
  AssayAgreementMeasure measure = measure_ratio (&assay_agreement_alpha, column);
  double low = measure.low, high = measure.high;
  gboolean defined = expected > 0; /* all answers alike: there is nothing to tell apart */
  measure.value = defined ? 1 - measure.value / expected : NAN;
  measure.low = defined ? 1 - high / expected : NAN;
  measure.high = defined ? 1 - low / expected : NAN;
  measure.sum = NAN;
  return measure;
}

static const AssayAgreementColumn *
find_column (const AssayAgreementGathering *gathering, const AssayMeasureDef *def)
{
  for (guint i = 0; i < gathering->columns->len; i++)
    {
      const AssayAgreementColumn *column = gathering->columns->pdata[i];
      if (column->def == def)
        return column;
    }
  return NULL;
}

static void
add_coefficient (GArray *measures, const AssayMeasureDef *def, const AssayClassTable *table,
                 AssayClassCoefficient coefficient)
{
  AssayAgreementMeasure measure = measure_new (def);
  double n = 0;
  AssayClassFigure figure = assay_class_table_measure (table, coefficient, def->name, &n);
  measure.value = figure.value;
  measure.low = figure.low;
  measure.high = figure.high;
  measure.n = (guint64) rint (n);
  measure.items = table->items->len;
  g_array_append_val (measures, measure);
}

/* Of classes and of pixels. `of`: whose counts (a class's group has those of all, its own against the rest). */
static void
add_coefficients (const AssayAgreementFold *fold, GArray *measures, const AssayAgreementGathering *of, guint kept)
{
  guint n_classes = fold->task->classes->len;
  gboolean binary = kept != G_MAXUINT;
  g_autoptr (GPtrArray) classes
      = binary ? assay_class_counts_collapse (of->classes, kept) : g_ptr_array_ref (of->classes);
  g_autoptr (GPtrArray) pixels
      = binary ? assay_class_counts_collapse (of->pixels, kept) : g_ptr_array_ref (of->pixels);
  AssayClassTable table = { .n_categories = binary ? 2 : n_classes,
                            .two_raters = !of->more_than_two,
                            .same_number = !of->uneven,
                            .values = binary ? NULL : fold->values,
                            .items = classes };
  for (guint k = 0; n_classes > 1 && classes->len > 0 && k < ASSAY_CLASS_N_COEFFICIENTS; k++)
    {
      gboolean numbers = k == ASSAY_CLASS_ALPHA_INTERVAL || k == ASSAY_CLASS_ALPHA_RATIO;
      gboolean ordered = k == ASSAY_CLASS_ALPHA_ORDINAL || k > ASSAY_CLASS_COHEN;
      if ((!numbers || table.values != NULL) && !(binary && ordered))
        add_coefficient (measures, &assay_agreement_classes[k], &table, k);
    }
  table.n_categories = binary ? 2 : n_classes + 1;
  table.items = pixels;
  table.values = NULL;
  if (pixels->len > 0)
    add_coefficient (measures, &assay_agreement_pixel_alpha, &table, ASSAY_CLASS_ALPHA);
}

static void
add_gauged (const AssayAgreementFold *fold, GArray *measures, const AssayAgreementGathering *gathering)
{
  const AssayGauge *gauge = fold->plan->gauge;
  for (guint m = 0; gauge != NULL && gauge->measures[m].name != NULL; m++)
    for (guint i = 0; i < gathering->columns->len; i++)
      {
        const AssayAgreementColumn *column = gathering->columns->pdata[i];
        if (column->def != &gauge->measures[m])
          continue;
        AssayAgreementMeasure measure = measure_ratio (column->def, column);
        g_array_append_val (measures, measure);
      }
}

static int
compare_confusions (gconstpointer a, gconstpointer b)
{
  const AssayAgreementConfusion *x = a, *y = b;
  if (x->a != y->a)
    return x->a < y->a ? -1 : 1;
  return (x->b > y->b) - (x->b < y->b);
}

static void
finish_confusion (AssayAgreementGroup *group, const GArray *counts)
{
  for (guint i = 0; i < counts->len; i++)
    {
      const AssayClassCount *count = &g_array_index (counts, AssayClassCount, i);
      AssayAgreementConfusion confusion = { count->a, count->b, (guint64) rint (count->n) };
      g_array_append_val (group->confusion, confusion);
    }
  g_array_sort (group->confusion, compare_confusions);
}

static guint
find_class (const AssayTask *task, const char *name)
{
  for (guint c = 0; c < task->classes->len; c++)
    if (g_str_equal (((const AssayClass *) task->classes->pdata[c])->name, name))
      return c;
  return G_MAXUINT;
}

/* `of_group`: it is one of `groups`. */
static AssayAgreementGroup *
finish (const AssayAgreementFold *fold, AssayAgreementGathering *gathering, const AssayExpected *expected,
        gboolean of_group)
{
  const AssayKind *kind = fold->task->kind;
  AssayAgreementGroup *group = gathering->group;
  GArray *measures = group->measures;
  gboolean by_class = of_group && fold->plan->by == ASSAY_AGREEMENT_BY_CLASS;
  guint class = by_class ? find_class (fold->task, group->key) : G_MAXUINT;
  for (guint m = 0; m < assay_kind_count_measures (kind) + N_COMMON; m++)
    {
      guint n_own = assay_kind_count_measures (kind);
      const AssayMeasureDef *def = m < n_own ? &kind->measures[m] : &assay_agreement_common[m - n_own];
      AssayAgreementMeasure measure = measure_ratio (def, find_column (gathering, def));
      g_array_append_val (measures, measure);
    }
  finish_confusion (group, gathering->confusion);
  if (!fold->plan->all_figures || expected == NULL)
    return g_steal_pointer (&gathering->group);
  if (class != G_MAXUINT)
    assay_agreement_fill_class_alpha (gathering, fold->alpha_counts, fold->alpha_counts->len, 0);
  double by_chance = class != G_MAXUINT ? expected->by_class[class] : expected->whole;
  if (!by_class || class != G_MAXUINT)
    {
      AssayAgreementMeasure alpha = measure_alpha (find_column (gathering, &assay_agreement_alpha), by_chance);
      g_array_append_val (measures, alpha);
    }
  /* One item cannot tell what chance would do. */
  if (!of_group || (fold->plan->by != ASSAY_AGREEMENT_BY_ITEM && !by_class))
    add_coefficients (fold, measures, gathering, G_MAXUINT);
  if (class != G_MAXUINT)
    add_coefficients (fold, measures, fold->all, class);
  add_gauged (fold, measures, gathering);
  return g_steal_pointer (&gathering->group);
}

static void
group_free (gpointer group)
{
  assay_agreement_group_free (group);
}

static int
compare_groups (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(AssayAgreementGroup *const *) a)->key, (*(AssayAgreementGroup *const *) b)->key);
}

void
assay_agreement_fold_finish (AssayAgreementFold *fold, const AssayExpected *expected, AssayAgreement *agreement)
{
  GHashTableIter iter;
  gpointer gathering;
  agreement->groups = g_ptr_array_new_with_free_func (group_free);
  agreement->apart = g_ptr_array_new_with_free_func (group_free);
  g_hash_table_iter_init (&iter, fold->groups);
  while (g_hash_table_iter_next (&iter, NULL, &gathering))
    g_ptr_array_add (agreement->groups, finish (fold, gathering, expected, TRUE));
  g_ptr_array_sort (agreement->groups, compare_groups);
  agreement->all = finish (fold, fold->all, expected, FALSE);
  agreement->human = finish (fold, fold->human, expected, FALSE);
  for (guint why = 0; why < ASSAY_APART_N; why++)
    if (fold->apart[why]->group->items > 0)
      g_ptr_array_add (agreement->apart, finish (fold, fold->apart[why], expected, FALSE));
}
