/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/pose.h"
#include "qa/metric.h"
#include "qa/pose-surface.h"
#include "qa/rotation.h"

#include <math.h>
#include <string.h>

static const AssayOption options[] = {
  { "model", ASSAY_OPTION_STRING, NULL, 0, 0, NULL,
    "the object's mesh (PLY or OBJ), in the unit of the translations, for ADD and ADD-S" },
  { NULL },
};

static gboolean
read_numbers (const json_t *array, guint wanted, const char *key, double *ret_numbers, GError **error)
{
  guint n = 0;
  g_autofree double *numbers = assay_metric_numbers (array, &n, error);
  if (numbers == NULL)
    return FALSE;
  gboolean finite = n == wanted;
  for (guint i = 0; i < n && finite; i++)
    {
      finite = isfinite (numbers[i]);
      ret_numbers[i] = numbers[i];
    }
  if (!finite)
    assay_error_bad_data (error, "\"%s\" is not an array of %u numbers", key, wanted);
  return finite;
}

static gboolean
read_pose (const json_t *object, const char *r, const char *t, AssayPose *ret_pose, GError **error)
{
  return read_numbers (json_object_get (object, r), 9, r, ret_pose->r, error)
         && read_numbers (json_object_get (object, t), 3, t, ret_pose->t_m, error);
}

static gboolean
load_pose (const char *path, AssayPose *ret_pose, GError **error)
{
  g_autoptr (json_t) object = assay_json_load (path, error);
  if (object == NULL)
    return FALSE;
  if (!read_pose (object, "R", "t", ret_pose, error))
    {
      g_prefix_error (error, "reading %s: ", path);
      return FALSE;
    }
  /* Files of others round to a few digits: anything nearer to no rotation at all is a mistake. */
  if (assay_pose_is_rigid (ret_pose, 1e-2))
    return TRUE;
  assay_error_bad_data (error, "reading %s: \"R\" is no rotation; give 9 numbers row by row with determinant 1",
                        path);
  return FALSE;
}

static json_t *
measure (char *const *paths, guint n_paths, const AssayOptions *values, GError **error)
{
  AssayPose a, b;
  if (!load_pose (paths[0], &a, error) || !load_pose (paths[1], &b, error))
    return NULL;
  double add = NAN, add_s = NAN;
  const char *path = assay_options_get_string (values, "model");
  if (path != NULL)
    {
      g_autoptr (AssayModel) model = assay_model_load (path, 1, error);
      if (model == NULL)
        return NULL;
      add = assay_pose_add (&a, &b, model->vertices_m, model->n_vertices);
      add_s = assay_pose_add_s (&a, &b, model->vertices_m, model->n_vertices);
    }
  double rotation = assay_pose_rotation_deg (&a, &b);
  return json_pack ("{s:f, s:f, s:f, s:o, s:o}", "value", rotation, "rotation_deg", rotation, "translation",
                    assay_pose_translation (&a, &b), "add", assay_json_number (add), "add_s",
                    assay_json_number (add_s));
}

static GArray *
read_points (const json_t *list, GError **error)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayPoint3));
  size_t index;
  const json_t *one;
  json_array_foreach (list, index, one)
  {
    double xyz[3];
    if (!read_numbers (one, 3, "pts", xyz, error))
      return NULL;
    AssayPoint3 point = { xyz[0], xyz[1], xyz[2] };
    g_array_append_val (points, point);
  }
  return g_steal_pointer (&points);
}

/* MSSD and MSPD modulo the object's symmetries; none is the identity alone. */
static gboolean
add_symmetric (json_t *out, const AssayPoseView *estimate, const AssayPoseView *truth, const json_t *symmetries,
               const GArray *points, GError **error)
{
  guint n = (guint) MAX (1, json_array_size (symmetries));
  g_autofree AssayPose *poses = g_new0 (AssayPose, n);
  poses[0] = ASSAY_POSE_NONE;
  for (guint i = 0; i < json_array_size (symmetries); i++)
    if (!read_pose (json_array_get (symmetries, i), "R", "t", &poses[i], error))
      return FALSE;
  AssayPoseSurface surface = assay_pose_surface (estimate, truth, poses, n,
                                                 (const AssayPoint3 *) (gpointer) points->data, points->len);
  json_object_set_new (out, "mssd", assay_json_number (surface.mssd));
  json_object_set_new (out, "mspd", assay_json_number (surface.mspd_px));
  return TRUE;
}

static json_t *
run_mean (const json_t *rotations, GError **error)
{
  guint n = (guint) json_array_size (rotations);
  g_autofree AssayPose *poses = g_new0 (AssayPose, n + 1);
  g_autofree double *flat = g_new (double, 9 * (gsize) n + 1);
  for (guint i = 0; i < n; i++)
    {
      if (!read_numbers (json_array_get (rotations, i), 9, "Rs", poses[i].r, error))
        return NULL;
      for (guint j = 0; j < 9; j++)
        flat[9 * (gsize) i + j] = poses[i].r[j];
    }
  AssayPose mean = { 0 };
  assay_rotation_mean (flat, n, mean.r);
  json_t *matrix = json_array (), *distances = json_array ();
  for (guint j = 0; j < 9; j++)
    json_array_append_new (matrix, json_real (mean.r[j]));
  for (guint i = 0; i < n; i++)
    json_array_append_new (distances, json_real (assay_pose_rotation_deg (&poses[i], &mean)));
  return json_pack ("{s:o, s:o}", "mean_R", matrix, "dist_deg", distances);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  const json_t *rotations = json_object_get (in, "Rs");
  if (json_array_size (rotations) > 0)
    return run_mean (rotations, error);
  AssayPose estimate, truth;
  double k[9];
  g_autoptr (GArray) points = read_points (json_object_get (in, "pts"), error);
  if (points == NULL || !read_pose (in, "R_est", "t_est", &estimate, error)
      || !read_pose (in, "R_gt", "t_gt", &truth, error)
      || !read_numbers (json_object_get (in, "K"), 9, "K", k, error))
    return NULL;
  AssayPoseView of_estimate = { estimate, { 0 } }, of_truth = { truth, { 0 } };
  memcpy (of_estimate.k, k, sizeof k);
  memcpy (of_truth.k, k, sizeof k);
  const AssayPoint3 *vertices = (const AssayPoint3 *) (gpointer) points->data;
  double rotation = assay_pose_rotation_deg (&estimate, &truth);
  g_autoptr (json_t) out = json_pack (
      "{s:f, s:f, s:f, s:o, s:o, s:o}", "re_deg", rotation, "re_deg_scipy", rotation, "te",
      assay_pose_translation (&estimate, &truth), "add",
      assay_json_number (assay_pose_add (&estimate, &truth, vertices, points->len)), "adi",
      assay_json_number (assay_pose_add_s (&estimate, &truth, vertices, points->len)), "proj",
      assay_json_number (
          assay_pose_surface (&of_estimate, &of_truth, &ASSAY_POSE_NONE, 1, vertices, points->len).mean_px));
  if (!add_symmetric (out, &of_estimate, &of_truth, json_object_get (in, "syms"), points, error))
    return NULL;
  return g_steal_pointer (&out);
}

static const char *const cases[] = { "pose6d", NULL };

const AssayMetric assay_metric_pose = {
  .id = "pose",
  .title = "6-DoF poses",
  .files = "A.json B.json",
  .help = "{\"R\":[9, row-major],\"t\":[3]}: rotation by atan2, translation in the unit of t; with --model ADD "
          "(mean distance of the "
          "same vertex) and ADD-S (of B's vertices to the nearest of A's), as the BOP toolkit has them",
  .options = options,
  .least_files = 2,
  .most_files = 2,
  .measure = measure,
  .cases = cases,
  .run_case = run_case,
};
