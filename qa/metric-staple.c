/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/mask-file.h"
#include "qa/metric.h"
#include "qa/staple.h"

#include <math.h>

static const AssayOption options[] = {
  { "margin-px", ASSAY_OPTION_INT, "-1", -1, 1e6, NULL,
    "look at the box around all masks, this much wider on each side; -1 = at the whole picture" },
  { "most-iterations", ASSAY_OPTION_INT, "0", 0, 1e6, NULL, "EM ends here; 0 = when it comes to rest" },
  { NULL },
};

static json_t *
mask_or_null (AssayMask *mask)
{
  g_autoptr (AssayMask) owned = mask;
  return owned != NULL ? assay_mask_to_json (owned) : json_null ();
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  g_autoptr (GPtrArray) masks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  for (guint i = 0; i < n_paths; i++)
    {
      AssayMask *mask = assay_mask_load (paths[i], error);
      if (mask == NULL)
        return NULL;
      g_ptr_array_add (masks, mask);
    }
  gint64 margin = assay_options_get_int (values, "margin-px");
  g_autoptr (AssayStaple) staple = assay_staple_new (
      (const AssayMask *const *) masks->pdata, masks->len, margin < 0 ? ASSAY_STAPLE_WHOLE_PICTURE : (guint) margin,
      (guint) assay_options_get_int (values, "most-iterations"), error);
  if (staple == NULL)
    return NULL;
  json_t *raters = json_array ();
  double least = NAN;
  for (guint i = 0; i < masks->len; i++)
    {
      least = fmin (least, staple->sensitivity[i]);
      json_array_append_new (raters, json_pack ("{s:s, s:o, s:o}", "path", paths[i], "sensitivity",
                                                assay_json_number (staple->sensitivity[i]), "specificity",
                                                assay_json_number (staple->specificity[i])));
    }
  return json_pack ("{s:o, s:o, s:i, s:o, s:o, s:o}", "value", assay_json_number (least), "prior",
                    assay_json_number (staple->prior), "iterations", (int) staple->n_iterations, "raters", raters,
                    "consensus", mask_or_null (assay_staple_consensus (staple)), "majority",
                    mask_or_null (assay_mask_votes_majority (staple->votes)));
}

static GPtrArray *
read_masks (const json_t *in, GError **error)
{
  g_autoptr (GPtrArray) masks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  size_t index;
  json_t *one;
  json_array_foreach (json_object_get (in, "masks"), index, one)
  {
    g_autoptr (json_t) object = json_pack ("{s:O?, s:O?, s:O}", "h", json_object_get (in, "h"), "w",
                                           json_object_get (in, "w"), "rle", one);
    AssayMask *mask = assay_mask_from_json (object, error);
    if (mask == NULL)
      return NULL;
    g_ptr_array_add (masks, mask);
  }
  return g_steal_pointer (&masks);
}

#define MOST_LISTED_PX 10000000

/* The probability of every pixel, row by row; null for pictures that no file of cases has. */
static json_t *
list_probabilities (const AssayStaple *staple)
{
  const AssayMaskVotes *votes = staple->votes;
  if ((guint64) votes->width_px * votes->height_px > MOST_LISTED_PX)
    return json_null ();
  g_autofree double *pixels = g_new (double, (gsize) votes->width_px * votes->height_px + 1);
  gsize at = 0;
  for (guint i = 0; i < votes->n_stretches; i++)
    for (guint32 j = 0; j < votes->length_px[i]; j++, at++)
      pixels[at % votes->height_px * votes->width_px + at / votes->height_px]
          = staple->probability[votes->pattern[i]];
  json_t *rows = json_array ();
  for (guint y = 0; y < votes->height_px; y++)
    json_array_append_new (rows, assay_metric_list_numbers (pixels + (gsize) y * votes->width_px, votes->width_px));
  return rows;
}

static json_t *
coco_or_null (AssayMask *mask)
{
  g_autoptr (AssayMask) owned = mask;
  g_autofree char *text = owned != NULL ? assay_mask_to_coco (owned) : NULL;
  return text != NULL ? json_string (text) : json_null ();
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  g_autoptr (GPtrArray) masks = read_masks (in, error);
  gint64 most = 0;
  if (masks == NULL)
    return NULL;
  assay_json_get_int (in, "max_iter", &most);
  g_autoptr (AssayStaple) staple
      = assay_staple_new ((const AssayMask *const *) masks->pdata, masks->len, ASSAY_STAPLE_WHOLE_PICTURE,
                          (guint) CLAMP (most, 0, 1000000), error);
  if (staple == NULL)
    return NULL;
  return json_pack ("{s:o, s:i, s:o, s:o, s:o, s:o, s:o}", "majority_rle",
                    coco_or_null (assay_mask_votes_majority (staple->votes)), "iterations",
                    (int) staple->n_iterations, "prior", assay_json_number (staple->prior), "sensitivity",
                    assay_metric_list_numbers (staple->sensitivity, masks->len), "specificity",
                    assay_metric_list_numbers (staple->specificity, masks->len), "consensus_rle",
                    coco_or_null (assay_staple_consensus (staple)), "prob_rows", list_probabilities (staple));
}

static const char *const cases[] = { "staple", NULL };

const AssayMetric assay_metric_staple = {
  .id = "staple",
  .title = "STAPLE",
  .files = "MASK… (pictures or COCO RLE .json)",
  .help = "one mask out of several by EM, with the sensitivity and specificity of each; `value` is the least "
          "sensitivity; consensus: probability at least 1/2; majority: at least half of the masks; nothing marked, "
          "or all: undefined",
  .options = options,
  .least_files = 1,
  .most_files = 1000,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
