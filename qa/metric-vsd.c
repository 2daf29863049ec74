/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/metric.h"
#include "qa/vsd.h"

#include <math.h>

static double *
read_depths (const json_t *in, const char *key, AssayDepths *depths, GError **error)
{
  guint width = 0, height = 0;
  g_autofree double *picture = assay_metric_table (json_object_get (in, key), key, &height, &width, error);
  if (picture == NULL)
    return NULL;
  gboolean good = depths->width_px == 0 || (width == depths->width_px && height == depths->height_px);
  for (gsize i = 0; i < (gsize) width * height && good; i++)
    good = isfinite (picture[i]) && picture[i] >= 0;
  if (!good || width == 0)
    {
      assay_error_bad_data (error, "\"%s\" is %u x %u pixels and not as the others, or a depth in it is none", key,
                            width, height);
      return NULL;
    }
  depths->width_px = width;
  depths->height_px = height;
  return g_steal_pointer (&picture);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  AssayDepths depths = { 0 };
  double k[9], delta = NAN, diameter = NAN;
  guint n = 0;
  g_autofree double *seen = read_depths (in, "depth_test", &depths, error);
  g_autofree double *estimate = seen != NULL ? read_depths (in, "depth_est", &depths, error) : NULL;
  g_autofree double *truth = estimate != NULL ? read_depths (in, "depth_gt", &depths, error) : NULL;
  g_autofree double *taus = truth != NULL ? assay_metric_numbers (json_object_get (in, "taus"), &n, error) : NULL;
  if (taus == NULL)
    return NULL;
  assay_json_get_double (in, "diameter", &diameter);
  const char *cost = assay_json_get_string (in, "cost");
  gboolean linear = g_strcmp0 (cost, "tlinear") == 0;
  if (!assay_json_to_doubles (json_object_get (in, "K"), k, 9) || !assay_json_get_double (in, "delta", &delta)
      || k[0] == 0 || k[4] == 0 || (!linear && g_strcmp0 (cost, "step") != 0))
    {
      assay_error_bad_data (error,
                            "\"K\" is no camera matrix, \"delta\" is missing, or \"cost\" is not step or tlinear");
      return NULL;
    }
  depths.seen = seen;
  depths.estimate = estimate;
  depths.truth = truth;
  depths.fx = k[0];
  depths.fy = k[4];
  depths.cx = k[2];
  depths.cy = k[5];
  g_autofree double *errors = g_new (double, (gsize) n + 1);
  assay_vsd_measure (&depths, delta, diameter, linear ? ASSAY_VSD_LINEAR : ASSAY_VSD_STEP, taus, n, errors);
  return json_pack ("{s:o}", "vsd", assay_metric_list_numbers (errors, n));
}

static const char *const cases[] = { "vsd", "pose6d_vsd", NULL };

const AssayMetric assay_metric_vsd = {
  .id = "vsd",
  .title = "Visible surface discrepancy",
  .files = "--cases FILE.json",
  .help = "of two poses drawn as depth pictures beside what the camera saw: share of visible pixels that are wrong "
          "by the "
          "tolerance or visible in one pose only; nothing visible: 1; --cases only",
  .cases = cases,
  .run_case = run_case,
};
