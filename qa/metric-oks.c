/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/keypoints.h"
#include "qa/metric.h"

#include <math.h>

#define DEFAULT_SIGMA 0.05

/* cocoeval.py, Params.setKpParams. */
static const double coco_sigmas[] = { 0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072,
                                      0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089 };

static const AssayOption options[] = {
  { "sigmas", ASSAY_OPTION_STRING, NULL, 0, 0, NULL,
    "JSON file with one sigma a node; else COCO's for 17 nodes and 0.05 for others" },
  { NULL },
};

typedef struct
{
  guint n;
  AssayPoint *at;
  gboolean *placed;
  double area;
  gboolean has_box;
  AssayRect box;
  json_t *image; /* borrowed, nullable */
} Skeleton;

static void
skeleton_free (gpointer data)
{
  Skeleton *skeleton = data;
  g_free (skeleton->at);
  g_free (skeleton->placed);
  g_free (skeleton);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Skeleton, skeleton_free)

static Skeleton *
read_skeleton (const json_t *annotation, GError **error)
{
  guint n = 0, n_box = 0;
  g_autofree double *flat = assay_metric_numbers (json_object_get (annotation, "keypoints"), &n, error);
  g_autofree double *box
      = flat != NULL ? assay_metric_numbers (json_object_get (annotation, "bbox"), &n_box, error) : NULL;
  if (flat == NULL || box == NULL)
    return NULL;
  if (n == 0 || n % 3 != 0)
    {
      assay_error_bad_data (error, "\"keypoints\" has %u numbers; COCO has x, y, v for each node", n);
      return NULL;
    }
  g_autoptr (Skeleton) skeleton = g_new0 (Skeleton, 1);
  skeleton->n = n / 3;
  skeleton->at = g_new (AssayPoint, skeleton->n);
  skeleton->placed = g_new (gboolean, skeleton->n);
  for (guint i = 0; i < skeleton->n; i++)
    {
      skeleton->at[i] = (AssayPoint){ flat[3 * i], flat[3 * i + 1] };
      skeleton->placed[i] = flat[3 * i + 2] > 0;
    }
  skeleton->has_box = n_box == 4;
  if (skeleton->has_box)
    skeleton->box = (AssayRect){ box[0], box[1], box[2], box[3] };
  if (!assay_json_get_double (annotation, "area", &skeleton->area))
    skeleton->area = skeleton->box.w * skeleton->box.h;
  skeleton->image = json_object_get (annotation, "image_id");
  return g_steal_pointer (&skeleton);
}

/* An array of annotations, or a COCO file with one. */
static GPtrArray *
read_skeletons (const json_t *document, const char *what, GError **error)
{
  const json_t *list = json_is_object (document) ? json_object_get (document, "annotations") : document;
  if (!json_is_array (list))
    {
      assay_error_bad_data (error, "reading %s: it has no list of annotations; give COCO keypoints", what);
      return NULL;
    }
  g_autoptr (GPtrArray) skeletons = g_ptr_array_new_with_free_func (skeleton_free);
  size_t index;
  const json_t *annotation;
  json_array_foreach (list, index, annotation)
  {
    Skeleton *skeleton = read_skeleton (annotation, error);
    if (skeleton == NULL)
      {
        g_prefix_error (error, "reading %s: annotation %zu: ", what, index);
        return NULL;
      }
    g_ptr_array_add (skeletons, skeleton);
  }
  return g_steal_pointer (&skeletons);
}

static gboolean
fitting (const GPtrArray *skeletons, const char *what, guint n_sigmas, GError **error)
{
  for (guint i = 0; i < skeletons->len; i++)
    {
      const Skeleton *skeleton = g_ptr_array_index (skeletons, i);
      if (skeleton->n == n_sigmas)
        continue;
      assay_error_bad_data (error,
                            "measuring oks: %s has a skeleton of %u nodes and there are %u sigmas; make them fit",
                            what, skeleton->n, n_sigmas);
      return FALSE;
    }
  return TRUE;
}

/* oks[dt][gt]; null between different pictures. */
static json_t *
make_matrix (const GPtrArray *gt, const GPtrArray *dt, const double *sigmas, double *ret_mean)
{
  json_t *matrix = json_array ();
  double sum = 0;
  guint counted = 0;
  for (guint i = 0; i < dt->len; i++)
    {
      const Skeleton *other = g_ptr_array_index (dt, i);
      json_t *row = json_array ();
      double best = NAN;
      for (guint j = 0; j < gt->len; j++)
        {
          const Skeleton *truth = g_ptr_array_index (gt, j);
          gboolean one_picture
              = truth->image == NULL || other->image == NULL || json_equal (truth->image, other->image);
          double oks = one_picture ? assay_oks (truth->at, truth->placed, other->at, sigmas, truth->n, truth->area,
                                                truth->has_box ? &truth->box : NULL)
                                   : NAN;
          best = isnan (best) || oks > best ? oks : best;
          json_array_append_new (row, assay_json_number (oks));
        }
      if (!isnan (best))
        {
          sum += best;
          counted++;
        }
      json_array_append_new (matrix, row);
    }
  *ret_mean = counted > 0 ? sum / counted : NAN;
  return matrix;
}

static double *
default_sigmas (guint n)
{
  double *sigmas = g_new (double, n + 1);
  for (guint i = 0; i < n; i++)
    sigmas[i] = n == G_N_ELEMENTS (coco_sigmas) ? coco_sigmas[i] : DEFAULT_SIGMA;
  return sigmas;
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  g_autoptr (json_t) truth = assay_json_load (paths[0], error);
  g_autoptr (json_t) other = truth != NULL ? assay_json_load (paths[1], error) : NULL;
  if (other == NULL)
    return NULL;
  g_autoptr (GPtrArray) gt = read_skeletons (truth, paths[0], error);
  g_autoptr (GPtrArray) dt = gt != NULL ? read_skeletons (other, paths[1], error) : NULL;
  if (gt == NULL || dt == NULL)
    return NULL;
  guint n_sigmas = gt->len > 0 ? ((const Skeleton *) g_ptr_array_index (gt, 0))->n : 0;
  g_autofree double *sigmas = NULL;
  const char *path = assay_options_get_string (values, "sigmas");
  if (path != NULL)
    {
      g_autoptr (json_t) document = assay_json_load (path, error);
      sigmas = document != NULL ? assay_metric_numbers (document, &n_sigmas, error) : NULL;
      if (sigmas == NULL)
        return NULL;
    }
  else
    sigmas = default_sigmas (n_sigmas);
  if (!fitting (gt, paths[0], n_sigmas, error) || !fitting (dt, paths[1], n_sigmas, error))
    return NULL;
  double mean;
  json_t *matrix = make_matrix (gt, dt, sigmas, &mean);
  return json_pack ("{s:o, s:o}", "value", assay_json_number (mean), "oks", matrix);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  guint n_sigmas = 0;
  g_autofree double *sigmas = assay_metric_numbers (json_object_get (in, "sigmas"), &n_sigmas, error);
  g_autoptr (GPtrArray) gt = sigmas != NULL ? read_skeletons (json_object_get (in, "gt"), "gt", error) : NULL;
  g_autoptr (GPtrArray) dt = gt != NULL ? read_skeletons (json_object_get (in, "dt"), "dt", error) : NULL;
  if (dt == NULL || !fitting (gt, "gt", n_sigmas, error) || !fitting (dt, "dt", n_sigmas, error))
    return NULL;
  double mean;
  return json_pack ("{s:o}", "oks", make_matrix (gt, dt, sigmas, &mean));
}

static const char *const cases[] = { "oks", NULL };

const AssayMetric assay_metric_oks = {
  .id = "oks",
  .title = "Object keypoint similarity",
  .files = "GT.json DT.json",
  .help = "COCO's OKS, oks[dt][gt]: mean over the truth's labelled nodes of exp (-d^2 / (8 sigma^2 area)); without "
          "labelled nodes "
          "d is the distance to the doubled box; `value` is the mean of each row's best",
  .options = options,
  .least_files = 2,
  .most_files = 2,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
