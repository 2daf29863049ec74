/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"
#include "core/symmetry.h"

#include <math.h>

/* A rotation that went through a file with six digits is still one. */
#define RIGID_TOLERANCE 1e-4

static gboolean
read_pose (const json_t *json, AssayPose *ret_pose, GError **error)
{
  static const char *const keys[] = { "r", "t_m", NULL };
  AssayPose pose;
  if (!json_is_object (json) || assay_json_find_other_key (json, keys) != NULL
      || !assay_json_to_doubles (json_object_get (json, "r"), pose.r, 9)
      || !assay_json_to_doubles (json_object_get (json, "t_m"), pose.t_m, 3))
    return assay_error_bad_data (error, "pose: this is not {\"r\": 9 numbers row by row, \"t_m\": 3 in metres}");
  if (!assay_pose_is_rigid (&pose, RIGID_TOLERANCE))
    return assay_error_bad_data (
        error, "pose: r is no rotation (its rows are not of length 1, at right angles and right-handed)");
  *ret_pose = pose;
  return TRUE;
}

static gboolean
read_camera (const json_t *json, AssayCamera *ret_camera, GError **error)
{
  static const char *const keys[] = { "fx", "fy", "cx", "cy", "distortion", "assumed", NULL };
  AssayCamera camera = { 0 };
  const json_t *distortion = json_object_get (json, "distortion"), *assumed = json_object_get (json, "assumed");
  if (!json_is_object (json) || assay_json_find_other_key (json, keys) != NULL
      || !assay_json_get_double (json, "fx", &camera.fx) || !assay_json_get_double (json, "fy", &camera.fy)
      || !assay_json_get_double (json, "cx", &camera.cx) || !assay_json_get_double (json, "cy", &camera.cy)
      || (distortion != NULL && !assay_json_to_doubles (distortion, camera.distortion, 5))
      || (assumed != NULL && !json_is_boolean (assumed)))
    return assay_error_bad_data (error,
                                 "camera: this is not {fx, fy, cx, cy, distortion: [k1, k2, p1, p2, k3], assumed}");
  if (!(camera.fx > 0 && camera.fy > 0 && isfinite (camera.fx) && isfinite (camera.fy) && isfinite (camera.cx)
        && isfinite (camera.cy)))
    return assay_error_bad_data (error, "camera: the focal lengths fx and fy must be above 0");
  camera.assumed = json_is_true (assumed);
  *ret_camera = camera;
  return TRUE;
}

static gboolean
read_pair (const json_t *json, AssayPosePair *ret_pair, GError **error)
{
  static const char *const keys[] = { "model_m", "image_px", NULL };
  double model[3], image[2];
  if (!json_is_object (json) || assay_json_find_other_key (json, keys) != NULL
      || !assay_json_to_doubles (json_object_get (json, "model_m"), model, 3)
      || !assay_json_to_doubles (json_object_get (json, "image_px"), image, 2))
    return assay_error_bad_data (error, "pairs: an entry is not {\"model_m\": [x, y, z], \"image_px\": [x, y]}");
  *ret_pair = (AssayPosePair){ { model[0], model[1], model[2] }, { image[0], image[1] } };
  return TRUE;
}

static gpointer
parse (const json_t *object, const AssayTask *task, const AssayItem *item, GError **error)
{
  AssayPose pose;
  AssayCamera camera;
  const json_t *pairs_json = json_object_get (object, "pairs"), *rms_json = json_object_get (object, "rms_px");
  if (!read_pose (json_object_get (object, "pose"), &pose, error)
      || !read_camera (json_object_get (object, "camera"), &camera, error))
    return NULL;
  if ((pairs_json != NULL && !json_is_array (pairs_json))
      || (rms_json != NULL && !json_is_null (rms_json)
          && !(json_is_number (rms_json) && json_number_value (rms_json) >= 0)))
    {
      assay_error_bad_data (error, pairs_json != NULL && !json_is_array (pairs_json)
                                       ? "pairs: this is no array"
                                       : "rms_px: this is no distance");
      return NULL;
    }
  guint n = (guint) json_array_size (pairs_json);
  g_autofree AssayPosePair *pairs = g_new (AssayPosePair, n + 1);
  for (guint i = 0; i < n; i++)
    if (!read_pair (json_array_get (pairs_json, i), &pairs[i], error))
      return NULL;
  return assay_posed_new (&pose, &camera, pairs, n, json_is_number (rms_json) ? json_number_value (rms_json) : NAN);
}

static json_t *
write_camera (const AssayCamera *camera)
{
  json_t *json = json_object ();
  json_object_set_new (json, "fx", json_real (camera->fx));
  json_object_set_new (json, "fy", json_real (camera->fy));
  json_object_set_new (json, "cx", json_real (camera->cx));
  json_object_set_new (json, "cy", json_real (camera->cy));
  json_object_set_new (json, "distortion", assay_json_from_doubles (camera->distortion, 5));
  json_object_set_new (json, "assumed", json_boolean (camera->assumed));
  return json;
}

static void
write_value (gconstpointer value, const AssayTask *task, json_t *object)
{
  const AssayPosed *posed = value;
  json_t *pose = json_object (), *pairs = json_array ();
  json_object_set_new (pose, "r", assay_json_from_doubles (posed->pose.r, 9));
  json_object_set_new (pose, "t_m", assay_json_from_doubles (posed->pose.t_m, 3));
  json_object_set_new (object, "pose", pose);
  json_object_set_new (object, "camera", write_camera (&posed->camera));
  for (guint i = 0; i < posed->n_pairs; i++)
    {
      const AssayPosePair *pair = &posed->pairs[i];
      json_t *json = json_object ();
      json_object_set_new (
          json, "model_m",
          assay_json_from_doubles ((double[]){ pair->model_m.x, pair->model_m.y, pair->model_m.z }, 3));
      json_object_set_new (json, "image_px",
                           assay_json_from_doubles ((double[]){ pair->image_px.x, pair->image_px.y }, 2));
      json_array_append_new (pairs, json);
    }
  json_object_set_new (object, "pairs", pairs);
  json_object_set_new (object, "rms_px", assay_json_number (posed->rms_px));
}

static gboolean
same_numbers (const double *a, const double *b, guint n)
{
  for (guint i = 0; i < n; i++)
    if (a[i] != b[i])
      return FALSE;
  return TRUE;
}

static gboolean
equal_cameras (const AssayCamera *a, const AssayCamera *b)
{
  return a->fx == b->fx && a->fy == b->fy && a->cx == b->cx && a->cy == b->cy && !a->assumed == !b->assumed
         && same_numbers (a->distortion, b->distortion, 5);
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  const AssayPosed *one = a, *other = b;
  if (!same_numbers (one->pose.r, other->pose.r, 9) || !same_numbers (one->pose.t_m, other->pose.t_m, 3)
      || !equal_cameras (&one->camera, &other->camera) || one->n_pairs != other->n_pairs
      || (one->rms_px != other->rms_px && !(isnan (one->rms_px) && isnan (other->rms_px))))
    return FALSE;
  for (guint i = 0; i < one->n_pairs; i++)
    {
      const AssayPosePair *p = &one->pairs[i], *q = &other->pairs[i];
      if (p->model_m.x != q->model_m.x || p->model_m.y != q->model_m.y || p->model_m.z != q->model_m.z
          || p->image_px.x != q->image_px.x || p->image_px.y != q->image_px.y)
        return FALSE;
    }
  return TRUE;
}

static gboolean
validate (gconstpointer value, const AssayTask *task, const AssayItem *item, GError **error)
{
  const AssayPosed *posed = value;
  if (!assay_pose_is_rigid (&posed->pose, RIGID_TOLERANCE))
    return assay_error_bad_data (error, "pose: r is no rotation");
  return posed->pose.t_m[2] > 0
         || assay_error_bad_data (
             error, "pose: the object stands behind the camera (t_m[2] is not above 0); z points away from it");
}

/* 1 when equal, 1/2 exactly at the tolerance, halved again by each tolerance more; of rotation and translation the
 * worse counts. So "similarity under 0.5" and "over the tolerance" are one thing. */
static double
limit_deg (const AssayTask *task)
{
  return task->tolerance_deg > 0 ? task->tolerance_deg : ASSAY_TASK_TOLERANCE_DEG;
}

static double
limit_m (const AssayTask *task)
{
  return task->tolerance_m > 0 ? task->tolerance_m : ASSAY_TASK_TOLERANCE_M;
}

static double
alike (const AssayPose *one, const AssayPose *other, const AssayTask *task)
{
  return exp2 (-fmax (assay_pose_rotation_deg (one, other) / limit_deg (task),
                      assay_pose_translation (one, other) / limit_m (task)));
}

static double
similarity (gconstpointer a, gconstpointer b, const AssayTask *task)
{
  return alike (&((const AssayPosed *) a)->pose, &((const AssayPosed *) b)->pose, task);
}

/* The pose of b, turned as the model allows it to where it is nearest to that of a. */
static AssayPose
turn (const AssayObject *a, const AssayObject *b, const AssayTask *task)
{
  const AssayPose *one = &((const AssayPosed *) a->value)->pose, *other = &((const AssayPosed *) b->value)->pose;
  const AssayClass *class
      = assay_id_equal (&a->class_id, &b->class_id) ? assay_task_find_class (task, &a->class_id) : NULL;
  if (class == NULL)
    return *other;
  g_autoptr (GArray) symmetries = assay_task_list_symmetries (task, class);
  return symmetries->len > 1 ? assay_pose_nearest (other, one, symmetries, limit_deg (task), limit_m (task)) : *other;
}

static double
similarity_of (const AssayObject *a, const AssayObject *b, const AssayTask *task)
{
  AssayPose turned = turn (a, b, task);
  return alike (&((const AssayPosed *) a->value)->pose, &turned, task);
}

static const AssayMeasureDef measures[]
    = { { "rotation_deg", "Rotation", "deg", FALSE }, { "translation_m", "Translation", "m", FALSE }, { NULL } };

static void
measure (gconstpointer a, gconstpointer b, const AssayTask *task, double *ret_values)
{
  const AssayPose *one = &((const AssayPosed *) a)->pose, *other = &((const AssayPosed *) b)->pose;
  ret_values[0] = assay_pose_rotation_deg (one, other);
  ret_values[1] = assay_pose_translation (one, other);
}

static void
measure_of (const AssayObject *a, const AssayObject *b, const AssayTask *task, double *ret_values)
{
  AssayPose turned = turn (a, b, task);
  ret_values[0] = assay_pose_rotation_deg (&((const AssayPosed *) a->value)->pose, &turned);
  ret_values[1] = assay_pose_translation (&((const AssayPosed *) a->value)->pose, &turned);
}

static char *
summarise (const AssayObject *object, const AssayTask *task)
{
  const AssayPosed *posed = object->value;
  const AssayClass *class = assay_task_find_class (task, &object->class_id);
  const double *t = posed->pose.t_m;
  g_autofree char *residual = isnan (posed->rms_px) ? g_strdup ("") : g_strdup_printf (", %.2f px", posed->rms_px);
  return g_strdup_printf ("%s at %.3f m%s", class != NULL ? class->name : "?",
                          sqrt (t[0] * t[0] + t[1] * t[1] + t[2] * t[2]), residual);
}

/* The clicks. The model's outline takes the mesh and a projection, and is drawn where both are known (`get_pose`). */
static void
list_marks (const AssayObject *object, const AssayTask *task, AssayMarks *marks)
{
  const AssayPosed *posed = object->value;
  for (guint i = 0; i < posed->n_pairs; i++)
    {
      char *number = g_strdup_printf ("%u", i + 1);
      g_ptr_array_add (marks->owned, number);
      assay_marks_add_points (marks, ASSAY_MARK_POINT, 0, assay_task_class_colour (task, &object->class_id),
                              &posed->pairs[i].image_px, 1, number);
    }
}

static void
get_pose (gconstpointer value, AssayPose *ret_cam_from_model, AssayCamera *ret_camera)
{
  const AssayPosed *posed = value;
  *ret_cam_from_model = posed->pose;
  *ret_camera = posed->camera;
}

static gpointer
copy_value (gconstpointer value)
{
  return assay_posed_copy (value);
}

static void
free_value (gpointer value)
{
  assay_posed_free (value);
}

const AssayKind assay_kind_pose = {
  .id = "pose",
  .title = "6-DoF pose",
  .help = "position and orientation of a rigid object with a known model",
  .media = ASSAY_MEDIA_PICTURE,
  .default_tolerance = 0.5,
  .keys = (const char *const[]){ "pose", "camera", "pairs", "rms_px", NULL },
  .parse = parse,
  .write = write_value,
  .copy = copy_value,
  .free = free_value,
  .equal = equal,
  .validate = validate,
  .similarity = similarity,
  .measures = measures,
  .measure = measure,
  .similarity_of = similarity_of,
  .measure_of = measure_of,
  .summarise = summarise,
  .list_marks = list_marks,
  .get_pose = get_pose,
};
