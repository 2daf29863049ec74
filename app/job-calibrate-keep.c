/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibrations with their sensor, and whether they still hold. */
#include "app/job-calibrate-private.h"

#include "capture/source.h"
#include "core/error.h"
#include "core/json.h"
#include "core/media.h"
#include "vision/vision.h"

#include <math.h>
#include <string.h>

#define DOUBTFUL_TIMES 1.5
#define TRIAL_PERCENT 2.0
#define BLIND_PERCENT 5.0

/* --- keeping ----------------------------------------------------------------------------------------------------
 */

static AssaySensor *
ensure_sensor (AssayProject *project, const char *camera_id, GError **error)
{
  g_autofree char *id = g_strndup (camera_id, strcspn (camera_id, ","));
  return assay_sensor_ensure (project->store, "camera", id, assay_source_get_rest (id), error);
}

AssaySensor *
assay_job_calibrate_find_sensor (AssayProject *project, const char *camera_id, GError **error)
{
  g_autofree char *id = g_strndup (camera_id, strcspn (camera_id, ","));
  return assay_sensor_get (project->store, "camera", id, error);
}

/* The pictures into media/, their hashes to the views that came from them. */
static gboolean
keep_pictures (AssayProject *project, json_t *document, GPtrArray *shots, GError **error)
{
  size_t i;
  json_t *view;
  json_array_foreach (json_object_get (document, "views"), i, view)
  {
    const char *name = assay_json_get_string (view, "path");
    for (guint j = 0; j < shots->len; j++)
      {
        const AssayShot *shot = shots->pdata[j];
        AssayMediaFacts facts = { 0 };
        gboolean known;
        gsize n_bytes;
        if (!assay_shot_is_used (shot) || shot->file == NULL || g_strcmp0 (shot->name, name) != 0)
          continue;
        gconstpointer data = g_bytes_get_data (shot->file, &n_bytes);
        if (!assay_media_add_bytes (project, data, n_bytes, &facts, &known, error))
          return FALSE;
        char hash[ASSAY_SHA256_TEXT_SIZE];
        json_object_set_new (view, "media", json_string (assay_sha256_to_text (&facts.hash, hash)));
        break;
      }
  }
  return TRUE;
}

gboolean
assay_job_calibrate_save (AssayProject *project, const char *camera_id, const json_t *document, GPtrArray *shots,
                          const json_t *controls, AssayId *ret_id, GError **error)
{
  g_autoptr (json_t) whole = json_deep_copy (document);
  json_object_set_new (whole, "lens", assay_calibration_lens_of (controls));
  if (!keep_pictures (project, whole, shots, error))
    return FALSE;
  g_autoptr (AssaySensor) sensor = ensure_sensor (project, camera_id, error);
  return sensor != NULL
         && assay_calibration_add (project->store, sensor, ASSAY_CALIBRATION_INTRINSICS, whole, ret_id, error);
}

gboolean
assay_job_calibrate_save_pair (AssayProject *project, const char *const camera_ids[2], const json_t *document,
                               GPtrArray *const shots[2], AssayId *ret_id, GError **error)
{
  static const char *const sides[2] = { "left", "right" };
  AssayId id;
  /* All of it or nothing: media first, which hurts nobody if it stays alone. */
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  for (guint i = 0; i < 2; i++)
    if (!assay_job_calibrate_save (project, camera_ids[i], json_object_get (document, sides[i]), shots[i], NULL,
                                   &id, error))
      return FALSE;
  g_autoptr (AssaySensor) left = assay_job_calibrate_find_sensor (project, camera_ids[0], error);
  g_autoptr (AssaySensor) right
      = left != NULL ? assay_job_calibrate_find_sensor (project, camera_ids[1], error) : NULL;
  if (right == NULL)
    return FALSE;
  g_autoptr (json_t) place = json_copy ((json_t *) document);
  const json_t *depth = json_object_get (document, "depth");
  if (depth != NULL && !assay_calibration_add (project->store, right, ASSAY_CALIBRATION_DEPTH, depth, &id, error))
    return FALSE;
  json_object_del (place, "left");
  json_object_del (place, "right");
  json_object_del (place, "depth");
  json_object_set_new (place, "to", assay_json_id (&left->id));
  return assay_calibration_add (project->store, right, ASSAY_CALIBRATION_EXTRINSICS, place, ret_id, error)
         && assay_transaction_commit (&transaction, error);
}

/* --- checking ---------------------------------------------------------------------------------------------------
 */

/* How badly the view would fit if the focal length had changed: what this view can notice at all. */
static gboolean
try_other_focus (const AssayBoardView *view, const AssayBoard *board, const AssayCamera *camera,
                 const AssayPose *pose, double *ret_rms_px, GError **error)
{
  AssayCamera other = *camera;
  AssayPose moved;
  g_autofree AssayPoint3 *model = g_new0 (AssayPoint3, view->n);
  g_autofree AssayPoint *image = g_new0 (AssayPoint, view->n);
  other.fx *= 1 + TRIAL_PERCENT / 100;
  other.fy *= 1 + TRIAL_PERCENT / 100;
  for (guint i = 0; i < view->n; i++)
    model[i] = assay_board_get_corner (board, view->ids[i]);
  assay_vision_project (pose, &other, model, view->n, image);
  return assay_vision_solve_pose (model, image, view->n, camera, &moved, ret_rms_px, NULL, error);
}

json_t *
assay_job_calibrate_check (const AssayBoardView *view, const AssayBoard *board, const AssayCalibration *calibration,
                           GError **error)
{
  AssayCamera camera;
  AssayPose pose;
  gint64 width = 0, height = 0;
  double drift_px, other_px, usual_px = assay_calibration_get_usual_px (calibration);
  assay_json_get_int (calibration->document, "width", &width);
  assay_json_get_int (calibration->document, "height", &height);
  if (!assay_calibration_get_camera (calibration, &camera) || view->width_px != width || view->height_px != height)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "checking the calibration: the picture is %u x %u, it was calibrated at %" G_GINT64_FORMAT
                   " x %" G_GINT64_FORMAT "; take the picture at that size, or calibrate at this one",
                   view->width_px, view->height_px, width, height);
      return NULL;
    }
  if (!assay_vision_fit_view (board, view, &camera, &pose, &drift_px, error)
      || !try_other_focus (view, board, &camera, &pose, &other_px, error))
    return NULL;
  /* Independent errors add as squares; what a changed focus adds must lift the sum above the doubtful limit. */
  double limit_px = sqrt (DOUBTFUL_TIMES * DOUBTFUL_TIMES - 1) * usual_px;
  double least_percent = TRIAL_PERCENT * limit_px / other_px;
  AssayDrift drift = assay_calibration_judge (calibration, drift_px);
  gboolean blind = drift == ASSAY_DRIFT_HOLDS && !(least_percent <= BLIND_PERCENT);
  g_autofree char *why
      = blind ? g_strdup_printf (
            "the board is too small or too straight in this picture: a focal length %.0f %% off would not "
            "show; hold it nearer and tilted",
            MIN (least_percent, 999))
              : g_strdup_printf ("the board is off by %.2f px where %.2f px are usual", drift_px, usual_px);
  return json_pack ("{s:f, s:f, s:s, s:s, s:o, s:o}", "drift_px", drift_px, "usual_px", usual_px, "verdict",
                    assay_drift_to_text (blind ? ASSAY_DRIFT_DOUBTFUL : drift), "why", why, "least_focal_percent",
                    assay_json_number (least_percent), "calibration", assay_json_id (&calibration->id));
}
