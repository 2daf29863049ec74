/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/label-cases.h"

#include "core/error.h"
#include "qa/label-scores.h"
#include "qa/metric.h"
#include "qa/object-lab.h"

#include <math.h>

guint *
assay_label_case_read (const json_t *array, guint *ret_n, GError **error)
{
  g_autofree double *numbers = assay_metric_numbers (array, ret_n, error);
  if (numbers == NULL)
    return NULL;
  g_autofree guint *labels = g_new (guint, (gsize) *ret_n + 1);
  for (guint i = 0; i < *ret_n; i++)
    {
      if (!(numbers[i] >= 0 && numbers[i] < G_MAXINT && numbers[i] == floor (numbers[i])))
        {
          assay_error_bad_data (error, "label %u is no class", i);
          return NULL;
        }
      labels[i] = (guint) numbers[i];
    }
  return g_steal_pointer (&labels);
}

/* As many labels as rows of probabilities, each below their number. */
double *
assay_label_case_read_probabilities (const json_t *rows, const guint *labels, guint n_labels, guint *ret_k,
                                     GError **error)
{
  guint n_rows = 0;
  g_autofree double *table = assay_metric_table (rows, "pred_probs", &n_rows, ret_k, error);
  if (table == NULL)
    return NULL;
  gboolean good = n_rows == n_labels;
  for (guint i = 0; i < n_labels && good; i++)
    good = labels[i] < *ret_k;
  if (good)
    return g_steal_pointer (&table);
  assay_error_bad_data (error, "%u labels, %u rows of probabilities, %u classes: they do not go together", n_labels,
                        n_rows, *ret_k);
  return NULL;
}

/* The probabilities that a picture's pixels get for their labels. */
static GArray *
read_pixels (const json_t *rows, const json_t *planes, GError **error)
{
  g_autoptr (GArray) scores = g_array_new (FALSE, FALSE, sizeof (double));
  size_t y, x;
  const json_t *row, *pixel;
  json_array_foreach (rows, y, row) json_array_foreach (row, x, pixel)
  {
    const json_t *plane = json_array_get (planes, (size_t) json_integer_value (pixel)),
                 *probability = json_array_get (json_array_get (plane, y), x);
    if (!json_is_integer (pixel) || json_integer_value (pixel) < 0 || !json_is_number (probability))
      {
        assay_error_bad_data (error, "pixel %zu, %zu has no class, or no probability for it", x, y);
        return NULL;
      }
    double value = json_number_value (probability);
    g_array_append_val (scores, value);
  }
  return g_steal_pointer (&scores);
}

#define PIXEL_TEMPERATURE 0.1

json_t *
assay_label_case_segmentation (const json_t *in, GError **error)
{
  const json_t *labels = json_object_get (in, "labels"), *planes = json_object_get (in, "pred_probs");
  double temperature = PIXEL_TEMPERATURE;
  assay_json_get_double (in, "temperature", &temperature);
  if (!(temperature > 0))
    {
      assay_error_bad_data (error, "\"temperature\" is not above 0");
      return NULL;
    }
  g_autoptr (json_t) list = json_array ();
  for (gsize i = 0; i < json_array_size (labels); i++)
    {
      g_autoptr (GArray) scores = read_pixels (json_array_get (labels, i), json_array_get (planes, i), error);
      if (scores == NULL)
        return NULL;
      json_array_append_new (list, assay_json_number (assay_softmin ((const double *) (gpointer) scores->data,
                                                                     scores->len, temperature)));
    }
  return json_pack ("{s:O, s:f}", "image_score", list, "temperature", temperature);
}

/* A sentence is as good as its worst token. */
json_t *
assay_label_case_tokens (const json_t *in, GError **error)
{
  const json_t *sentences = json_object_get (in, "labels");
  g_autoptr (json_t) list = json_array ();
  for (gsize s = 0; s < json_array_size (sentences); s++)
    {
      guint n = 0, k = 0;
      double least = NAN;
      g_autofree guint *labels = assay_label_case_read (json_array_get (sentences, s), &n, error);
      g_autofree double *table = labels != NULL ? assay_label_case_read_probabilities (
                                     json_array_get (json_object_get (in, "pred_probs"), s), labels, n, &k, error)
                                                : NULL;
      if (table == NULL)
        return NULL;
      for (guint i = 0; i < n; i++)
        least = fmin (least, assay_label_self_confidence (table + (gsize) i * k, k, labels[i]));
      json_array_append_new (list, assay_json_number (least));
    }
  return json_pack ("{s:O}", "sentence_score", list);
}

/* x1, y1, x2, y2, for predictions with a probability after it. */
static gboolean
add_box (GArray *boxes, const json_t *numbers, guint class, gboolean predicted, GError **error)
{
  double values[5] = { 0 };
  if (!assay_json_to_doubles (numbers, values, predicted ? 5 : 4) || !(values[2] > values[0])
      || !(values[3] > values[1]))
    return assay_error_bad_data (error, "box %u is not [x1, y1, x2, y2%s]", boxes->len,
                                 predicted ? ", probability" : "");
  AssayLabBox box = { { values[0], values[1], values[2] - values[0], values[3] - values[1] }, class, values[4] };
  g_array_append_val (boxes, box);
  return TRUE;
}

static gboolean
read_boxes (const json_t *label, const json_t *predictions, GArray *labels, GArray *predicted, GError **error)
{
  guint n = 0;
  g_autofree guint *classes = assay_label_case_read (json_object_get (label, "labels"), &n, error);
  const json_t *boxes = json_object_get (label, "bboxes");
  if (classes == NULL)
    return FALSE;
  if (n != json_array_size (boxes))
    return assay_error_bad_data (error, "%zu boxes and %u classes: they do not go together",
                                 json_array_size (boxes), n);
  for (guint i = 0; i < n; i++)
    if (!add_box (labels, json_array_get (boxes, i), classes[i], FALSE, error))
      return FALSE;
  for (gsize c = 0; c < json_array_size (predictions); c++)
    for (gsize i = 0; i < json_array_size (json_array_get (predictions, c)); i++)
      if (!add_box (predicted, json_array_get (json_array_get (predictions, c), i), (guint) c, TRUE, error))
        return FALSE;
  return TRUE;
}

static AssayLabPicture
as_picture (const GArray *labels, const GArray *predicted)
{
  return (AssayLabPicture){ (const AssayLabBox *) (gpointer) labels->data,
                            (const AssayLabBox *) (gpointer) predicted->data, labels->len, predicted->len };
}

static void
append_numbers (json_t *lists, const double *numbers, guint n)
{
  json_array_append_new (lists, assay_metric_list_numbers (numbers, n));
}

static json_t *
score_pictures (const AssayLabPicture *pictures, guint n)
{
  json_t *scores = json_array (), *overlooked = json_array (), *bad_place = json_array (), *swapped = json_array ();
  double least = 1;
  for (guint i = 0; i < n; i++)
    least = fmin (least, assay_object_lab_least (&pictures[i]));
  for (guint i = 0; i < n; i++)
    {
      g_autofree double *of_predictions = g_new (double, (gsize) pictures[i].n_predictions + 1),
                        *place = g_new (double, (gsize) pictures[i].n_labels + 1),
                        *swap = g_new (double, (gsize) pictures[i].n_labels + 1);
      double score = assay_object_lab_score (&pictures[i], least, of_predictions, place, swap);
      json_array_append_new (scores, assay_json_number (score));
      append_numbers (overlooked, of_predictions, pictures[i].n_predictions);
      append_numbers (bad_place, place, pictures[i].n_labels);
      append_numbers (swapped, swap, pictures[i].n_labels);
    }
  return json_pack ("{s:o, s:o, s:o, s:o}", "image_score", scores, "overlooked", overlooked, "badloc", bad_place,
                    "swap", swapped);
}

json_t *
assay_label_case_objects (const json_t *in, GError **error)
{
  const json_t *labels = json_object_get (in, "labels"), *predictions = json_object_get (in, "preds");
  guint n = (guint) json_array_size (labels);
  if (n != json_array_size (predictions))
    {
      assay_error_bad_data (error, "%u pictures with labels, %zu with predictions: they do not go together", n,
                            json_array_size (predictions));
      return NULL;
    }
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  g_autofree AssayLabPicture *pictures = g_new0 (AssayLabPicture, (gsize) n + 1);
  for (guint i = 0; i < n; i++)
    {
      GArray *given = g_array_new (FALSE, FALSE, sizeof (AssayLabBox)),
             *predicted = g_array_new (FALSE, FALSE, sizeof (AssayLabBox));
      g_ptr_array_add (kept, given);
      g_ptr_array_add (kept, predicted);
      if (!read_boxes (json_array_get (labels, i), json_array_get (predictions, i), given, predicted, error))
        return NULL;
      pictures[i] = as_picture (given, predicted);
    }
  return score_pictures (pictures, n);
}
