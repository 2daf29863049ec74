/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/calibration-work.h"

#include "core/error.h"
#include "core/json.h"

AssayCalibrationWork *
assay_calibration_work_new (const char *camera, const AssayBoard *board, AssayBoardFeed *take_feed)
{
  AssayCalibrationWork *work = g_atomic_rc_box_new0 (AssayCalibrationWork);
  work->camera = g_strdup (camera);
  work->board = *board;
  work->feed = take_feed;
  work->progress = assay_progress_new ();
  return work;
}

AssayCalibrationWork *
assay_calibration_work_ref (AssayCalibrationWork *work)
{
  return g_atomic_rc_box_acquire (work);
}

static void
clear (gpointer data)
{
  AssayCalibrationWork *work = data;
  assay_board_feed_free (work->feed);
  g_clear_pointer (&work->shots, g_ptr_array_unref);
  json_decref (work->controls);
  json_decref (work->document);
  assay_progress_unref (work->progress);
  g_free (work->camera);
}

void
assay_calibration_work_unref (AssayCalibrationWork *work)
{
  if (work != NULL)
    g_atomic_rc_box_release_full (work, clear);
}

static void
finish_feed (AssayCalibrationWork *work)
{
  if (work->feed == NULL)
    return;
  work->shots = assay_board_feed_finish (work->feed, &work->controls);
  g_clear_pointer (&work->feed, assay_board_feed_free);
}

/* Solving */

static gboolean
solve (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  AssayCalibrationWork *work = data;
  finish_feed (work);
  work->document = assay_job_calibrate_solve (work->shots, &work->board, 0, work->progress, error);
  return work->document != NULL;
}

void
assay_calibration_solve (AssayDesk *desk, AssayCalibrationWork *work, AssayDeskDone done, gpointer owner)
{
  assay_desk_start_job (desk, "Solving the lens", ASSAY_STORE_READ, solve, assay_calibration_work_ref (work),
                        (GDestroyNotify) assay_calibration_work_unref, done, owner);
}

/* Checking */

static AssayCalibration *
find_calibration (AssayProject *project, const AssaySensor *sensor, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  AssayCalibration *calibration
      = assay_calibration_get (project->store, &sensor->id, ASSAY_CALIBRATION_INTRINSICS, NULL, &wrong);
  if (calibration == NULL && wrong == NULL)
    g_set_error (&wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "checking the calibration of %s: it was never calibrated; calibrate it first", sensor->identity);
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return calibration;
}

static gboolean
check (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  AssayCalibrationWork *work = data;
  AssayId id;
  finish_feed (work);
  const AssayShot *shot = work->shots->len > 0 ? work->shots->pdata[0] : NULL;
  if (shot == NULL || shot->view == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "checking the calibration: the board was not seen; show all of it to the camera");
      return FALSE;
    }
  g_autoptr (AssaySensor) sensor = assay_job_calibrate_find_sensor (project, work->camera, error);
  g_autoptr (AssayCalibration) calibration = sensor != NULL ? find_calibration (project, sensor, error) : NULL;
  if (calibration != NULL)
    work->document = assay_job_calibrate_check (shot->view, &work->board, calibration, error);
  return work->document != NULL
         && assay_calibration_add (project->store, sensor, ASSAY_CALIBRATION_CHECK, work->document, &id, error);
}

void
assay_calibration_check (AssayDesk *desk, AssayCalibrationWork *work, AssayDeskDone done, gpointer owner)
{
  assay_desk_start_job (desk, "Checking the lens", ASSAY_STORE_WRITE, check, assay_calibration_work_ref (work),
                        (GDestroyNotify) assay_calibration_work_unref, done, owner);
}

/* Saving, or not */

static gboolean
drop (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  finish_feed (data);
  return TRUE;
}

void
assay_calibration_drop (AssayDesk *desk, AssayCalibrationWork *work, AssayDeskDone done, gpointer owner)
{
  assay_desk_start_job (desk, "Leaving the camera", ASSAY_STORE_READ, drop, assay_calibration_work_ref (work),
                        (GDestroyNotify) assay_calibration_work_unref, done, owner);
}

static gboolean
save (AssayProject *project, gpointer data, AssayProgress *progress, GError **error)
{
  AssayCalibrationWork *work = data;
  AssayId id;
  return assay_job_calibrate_save (project, work->camera, work->document, work->shots, work->controls, &id, error);
}

void
assay_calibration_save (AssayDesk *desk, AssayCalibrationWork *work, AssayDeskDone done, gpointer owner)
{
  assay_desk_start_job (desk, "Saving the calibration", ASSAY_STORE_WRITE, save, assay_calibration_work_ref (work),
                        (GDestroyNotify) assay_calibration_work_unref, done, owner);
}

/* What is known */

static void
facts_free (AssayCalibrationFacts *facts)
{
  g_free (facts->camera);
  g_free (facts->text);
  g_free (facts->board);
  g_free (facts);
}

static gboolean
find_facts (AssayProject *project, gpointer data, GError **error)
{
  AssayCalibrationFacts *facts = data;
  /* Never seen by this project, or never calibrated: the same to whoever asks. */
  g_autoptr (AssaySensor) sensor = assay_job_calibrate_find_sensor (project, facts->camera, NULL);
  g_autoptr (AssayCalibration) calibration
      = sensor != NULL
            ? assay_calibration_get (project->store, &sensor->id, ASSAY_CALIBRATION_INTRINSICS, NULL, error)
            : NULL;
  if (calibration == NULL)
    return error == NULL || *error == NULL;
  gint64 width_px = 0, height_px = 0;
  double rms_px = 0;
  assay_json_get_int (calibration->document, "width", &width_px);
  assay_json_get_int (calibration->document, "height", &height_px);
  assay_json_get_double (calibration->document, "rms_px", &rms_px);
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_local (calibration->made_us / G_USEC_PER_SEC);
  g_autofree char *date = made != NULL ? g_date_time_format (made, "%e %B %Y") : g_strdup ("");
  g_free (facts->text);
  facts->text = g_strdup_printf ("%.2f px, %" G_GINT64_FORMAT " × %" G_GINT64_FORMAT ", %s", rms_px, width_px,
                                 height_px, g_strstrip (date));
  facts->board = g_strdup (assay_json_get_string (calibration->document, "board"));
  facts->calibrated = TRUE;
  return TRUE;
}

void
assay_calibration_ask (AssayDesk *desk, const char *camera, AssayDeskDone done, gpointer owner)
{
  AssayCalibrationFacts *facts = g_new0 (AssayCalibrationFacts, 1);
  facts->camera = g_strdup (camera);
  facts->text = g_strdup ("Never");
  assay_desk_read (desk, find_facts, facts, (GDestroyNotify) facts_free, done, owner);
}
