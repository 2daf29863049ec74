/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/crowdlab.h"
#include "qa/label-cases.h"
#include "qa/label-issues.h"
#include "qa/label-scores.h"
#include "qa/metric.h"

#include <math.h>

static json_t *
list_issues (const guint8 *issues, guint n)
{
  json_t *list = json_array ();
  for (guint i = 0; i < n; i++)
    if (issues[i])
      json_array_append_new (list, json_integer (i));
  return list;
}

static json_t *
list_counts (const guint64 *counts, guint k)
{
  json_t *rows = json_array ();
  for (guint a = 0; a < k; a++)
    {
      json_t *row = json_array ();
      for (guint b = 0; b < k; b++)
        json_array_append_new (row, json_integer ((json_int_t) counts[(gsize) a * k + b]));
      json_array_append_new (rows, row);
    }
  return rows;
}

typedef double (*Score) (const double *probabilities, guint k, guint label);

static json_t *
list_scores (Score score, const guint *labels, const double *table, guint n, guint k)
{
  json_t *list = json_array ();
  for (guint i = 0; i < n; i++)
    json_array_append_new (list, assay_json_number (score (table + (gsize) i * k, k, labels[i])));
  return list;
}

static json_t *
run_classification (const json_t *in, GError **error)
{
  guint n = 0, k = 0;
  g_autofree guint *labels = assay_label_case_read (json_object_get (in, "labels"), &n, error);
  g_autofree double *table
      = labels != NULL
            ? assay_label_case_read_probabilities (json_object_get (in, "pred_probs"), labels, n, &k, error)
            : NULL;
  g_autoptr (AssayConfidentJoint) joint
      = table != NULL ? assay_confident_joint_new (labels, table, n, k, error) : NULL;
  if (joint == NULL)
    return NULL;
  g_autofree guint8 *issues = g_new0 (guint8, (gsize) n + 1);
  json_t *by_filter = json_object (), *ranked = json_array ();
  for (AssayLabelFilter filter = 0; filter < ASSAY_LABEL_N_FILTERS; filter++)
    {
      assay_label_issues_find (joint, filter, issues);
      json_object_set_new (by_filter, assay_label_filter_name (filter), list_issues (issues, n));
    }
  assay_label_issues_find (joint, ASSAY_LABEL_FILTER_NOISE_RATE, issues);
  g_autoptr (GArray) order = assay_label_issues_rank (joint, issues);
  for (guint i = 0; i < order->len; i++)
    json_array_append_new (ranked, json_integer (g_array_index (order, guint, i)));
  return json_pack ("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "self_confidence",
                    list_scores (assay_label_self_confidence, labels, table, n, k), "normalized_margin",
                    list_scores (assay_label_margin, labels, table, n, k), "confidence_weighted_entropy",
                    list_scores (assay_label_entropy_score, labels, table, n, k), "thresholds",
                    assay_metric_list_numbers (joint->thresholds, k), "confident_joint",
                    list_counts (joint->joint, k), "confident_joint_calibrated", list_counts (joint->calibrated, k),
                    "issues", by_filter, "ranked_by_self_confidence", ranked);
}

static int *
read_table (const json_t *rows, guint *ret_items, guint *ret_annotators, GError **error)
{
  g_autofree double *table = assay_metric_table (rows, "table", ret_items, ret_annotators, error);
  if (table == NULL)
    return NULL;
  gsize n = (gsize) *ret_items * *ret_annotators;
  g_autofree int *labels = g_new (int, n + 1);
  for (gsize i = 0; i < n; i++)
    {
      if (!isnan (table[i]) && !(table[i] >= 0 && table[i] < G_MAXINT && table[i] == floor (table[i])))
        {
          assay_error_bad_data (error, "a value of \"table\" is no class");
          return NULL;
        }
      labels[i] = isnan (table[i]) ? -1 : (int) table[i];
    }
  return g_steal_pointer (&labels);
}

static json_t *
list_indices (const guint *indices, guint n)
{
  json_t *list = json_array ();
  for (guint i = 0; i < n; i++)
    json_array_append_new (list, json_integer (indices[i]));
  return list;
}

static json_t *
number_keys (const double *values, guint n)
{
  json_t *object = json_object ();
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i);
      json_object_set_new (object, key, assay_json_number (values[i]));
    }
  return object;
}

/* The probability of every label that was given. */
static json_t *
list_details (const AssayCrowdlab *crowdlab, const int *labels)
{
  json_t *rows = json_array ();
  for (guint i = 0; i < crowdlab->n_items; i++)
    {
      json_t *row = json_array ();
      for (guint a = 0; a < crowdlab->n_annotators; a++)
        {
          int label = labels[(gsize) i * crowdlab->n_annotators + a];
          json_array_append_new (
              row, label < 0 ? json_null ()
                             : json_real (crowdlab->posterior[(gsize) i * crowdlab->n_classes + (guint) label]));
        }
      json_array_append_new (rows, row);
    }
  return rows;
}

static json_t *
run_annotators (const json_t *in, GError **error)
{
  guint n = 0, n_annotators = 0, n_rows = 0, k = 0;
  g_autofree int *labels = read_table (json_object_get (in, "table"), &n, &n_annotators, error);
  g_autofree double *table
      = labels != NULL ? assay_metric_table (json_object_get (in, "pred_probs"), "pred_probs", &n_rows, &k, error)
                       : NULL;
  if (table == NULL)
    return NULL;
  if (n_rows != n)
    {
      assay_error_bad_data (error, "%u items and %u rows of probabilities: they do not go together", n, n_rows);
      return NULL;
    }
  g_autoptr (AssayCrowdlab) crowdlab = assay_crowdlab_new (labels, table, n, n_annotators, k, error);
  if (crowdlab == NULL)
    return NULL;
  return json_pack ("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "majority",
                    list_indices (crowdlab->majority, n), "consensus", list_indices (crowdlab->consensus, n),
                    "consensus_quality", assay_metric_list_numbers (crowdlab->quality, n), "agreement",
                    assay_metric_list_numbers (crowdlab->agreement, n), "num_annotations",
                    list_indices (crowdlab->n_labels, n), "annotator_quality",
                    number_keys (crowdlab->annotator_quality, n_annotators), "annotator_agreement_with_consensus",
                    number_keys (crowdlab->annotator_agreement, n_annotators), "detailed",
                    list_details (crowdlab, labels), "model_weight", assay_json_number (crowdlab->model_weight),
                    "annotator_weight", assay_metric_list_numbers (crowdlab->annotator_weight, n_annotators));
}

static const struct
{
  const char *type;
  json_t *(*run) (const json_t *in, GError **error);
} types[] = {
  { "classification", run_classification },
  { "multiannotator", run_annotators },
  { "segmentation", assay_label_case_segmentation },
  { "objects", assay_label_case_objects },
  { "tokens", assay_label_case_tokens },
};

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  const char *type = assay_json_get_string (in, "type");
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_strcmp0 (type, types[i].type) == 0)
      return types[i].run (in, error);
  assay_error_bad_data (error, "the type %s is not known", type != NULL ? type : "(none)");
  return NULL;
}

static const char *const cases[] = { "label_issues", NULL };

const AssayMetric assay_metric_label_issues = {
  .id = "label-issues",
  .title = "Labels that a model disputes",
  .files = "--cases FILE.json",
  .help
  = "confident learning for classes, CROWDLAB for several annotators, ObjectLab for boxes, softmin for pixels, the "
    "worst token for sentences; low scores are likely wrong; --cases only",
  .cases = cases,
  .run_case = run_case,
};
