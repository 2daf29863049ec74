/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/spot.h"

#include "qa/outliers.h"

#include <math.h>

typedef struct
{
  AssaySpot spot;
  double value;
} Number;

AssaySpot
assay_spot_new (const AssayLook *look, guint label, const AssayObject *object)
{
  const AssayLabel *answer = look->labels->pdata[label];
  const AssayAnnotator *annotator = look->annotators->pdata[label];
  AssaySpot spot = { .item = look->item->id,
                     .label = answer->id,
                     .item_row = look->item->row,
                     .annotator = g_intern_string (annotator->name),
                     .task = look->task };
  if (object == NULL)
    return spot;
  spot.object = object->id;
  AssayRect box;
  if (look->task->kind->bounds != NULL && look->task->kind->bounds (object->value, &box))
    spot.box = box;
  return spot;
}

AssayFinding *
assay_spot_flag (const AssaySpot *spot, const AssayCheck *check, AssaySeverity severity, double score,
                 const char *place, char *take_why)
{
  g_autofree char *why = take_why, *object = assay_id_dup_text (&spot->object),
                  *label = g_strdup_printf ("%s %s %s", place, object, spot->annotator);
  AssayFinding *finding = assay_finding_new (check->id, severity, CLAMP (score, 0, 1), why);
  finding->item_row = spot->item_row;
  finding->task_row = spot->task->row;
  finding->label = spot->label;
  g_ptr_array_add (finding->annotators, g_strdup (spot->annotator));
  if (spot->box.w > 0 || spot->end > 0)
    {
      json_decref (finding->where);
      finding->where = spot->end > 0 ? assay_where_samples (spot->start, spot->end) : assay_where_box (&spot->box);
    }
  finding->inputs = assay_sha256 (&spot->label, sizeof spot->label);
  assay_finding_identify (finding, &spot->item, &spot->task->id, label);
  return finding;
}

static void
free_numbers (gpointer numbers)
{
  g_array_unref (numbers);
}

static GArray *
get_group (AssayOutliers *outliers, const char *group)
{
  if (outliers->groups == NULL)
    outliers->groups = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, free_numbers);
  GArray *numbers = g_hash_table_lookup (outliers->groups, group);
  if (numbers == NULL)
    g_hash_table_insert (outliers->groups, g_strdup (group), numbers = g_array_new (FALSE, FALSE, sizeof (Number)));
  return numbers;
}

void
assay_outliers_add (AssayOutliers *outliers, const char *group, const AssaySpot *spot, double value)
{
  if (!(value > 0) || !isfinite (value))
    return;
  Number number = { *spot, value };
  g_array_append_val (get_group (outliers, group), number);
}

void
assay_outliers_merge (AssayOutliers *outliers, const AssayOutliers *other)
{
  GHashTableIter iter;
  gpointer group, numbers;
  if (other->groups == NULL)
    return;
  g_hash_table_iter_init (&iter, other->groups);
  while (g_hash_table_iter_next (&iter, &group, &numbers))
    g_array_append_vals (get_group (outliers, group), ((GArray *) numbers)->data, ((GArray *) numbers)->len);
}

static gboolean
is_far (const AssaySpread *spread, gboolean plain, double value)
{
  if (!plain)
    return fabs (log (value) - spread->log_median) > ASSAY_OUTLIER_Z * spread->log_mad / 0.6745;
  double z = assay_spread_modified_z (spread, value);
  return isnan (z) ? assay_spread_is_beyond (spread, value) : fabs (z) > ASSAY_OUTLIER_Z;
}

static void
judge (const char *group, const GArray *numbers, const AssayCheck *check, const AssayOutlierRule *rule,
       GPtrArray *findings)
{
  if (numbers->len < MAX (rule->least, 1))
    return;
  g_autofree double *values = g_new (double, numbers->len);
  for (guint i = 0; i < numbers->len; i++)
    values[i] = g_array_index (numbers, Number, i).value;
  g_autofree char *place = rule->several ? g_strdup_printf ("outlier of %s", group) : g_strdup ("outlier");
  AssaySpread spread;
  assay_spread_measure (values, numbers->len, &spread);
  for (guint i = 0; i < numbers->len; i++)
    {
      const Number *number = &g_array_index (numbers, Number, i);
      double off = log (number->value) - spread.log_median, factor = off < 0 ? rule->low : rule->high;
      if (factor <= 0 || fabs (off) < log (factor) || !is_far (&spread, rule->plain, number->value))
        continue;
      g_ptr_array_add (findings,
                       assay_spot_flag (&number->spot, check, rule->severity, 1 - factor / (1 + exp (fabs (off))),
                                        place, rule->say (&number->spot, number->value, exp (spread.log_median))));
    }
}

void
assay_outliers_end (const AssayOutliers *outliers, const AssayCheck *check, const AssayOutlierRule *rule,
                    GPtrArray *findings)
{
  GHashTableIter iter;
  gpointer group, numbers;
  if (outliers->groups == NULL)
    return;
  g_hash_table_iter_init (&iter, outliers->groups);
  while (g_hash_table_iter_next (&iter, &group, &numbers))
    judge (group, numbers, check, rule, findings);
}

void
assay_outliers_clear (AssayOutliers *outliers)
{
  g_clear_pointer (&outliers->groups, g_hash_table_unref);
}

void
assay_outliers_merge_state (gpointer state, gconstpointer other)
{
  assay_outliers_merge (state, other);
}

void
assay_outliers_clear_state (gpointer state)
{
  assay_outliers_clear (state);
}

void
assay_look_each_object (const AssayLook *look, AssayObjectFunc func, gpointer state)
{
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      for (guint o = 0; o < label->objects->list->len; o++)
        func (state, look, i, label->objects->list->pdata[o]);
    }
}
