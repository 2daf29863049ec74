/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/calibration.h - what was measured of a camera: its lens, its place beside another one, the unit of its
 * depth, and whether a view of the board taken later still agrees. Documents of the table `calibration`, one kind
 * each (doc/DATASET.md "Calibrations"); only ever added. Store's thread. */
#include "core/sensor.h"

G_BEGIN_DECLS

#define ASSAY_CALIBRATION_SCHEMA "assay.calibration/1"

typedef enum
{
  ASSAY_CALIBRATION_INTRINSICS, /* "intrinsics": fx … of one picture size and focus */
  ASSAY_CALIBRATION_EXTRINSICS, /* "extrinsics": x_this = r x_to + t_m, `to` being the other sensor's id */
  ASSAY_CALIBRATION_DEPTH,      /* "depth": unit_m, metres in one count */
  ASSAY_CALIBRATION_CHECK       /* "check": of one view, how far the intrinsics `calibration` are off */
} AssayCalibrationKind;

typedef struct
{
  AssayId id;
  gint64 sensor_row, made_us;
  json_t *document;
} AssayCalibration;
void assay_calibration_free (AssayCalibration *calibration);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCalibration, assay_calibration_free)

/* Adds the document, with its schema, kind and date. BAD_DATA when it lacks what its kind needs. */
gboolean assay_calibration_add (AssayStore *store, const AssaySensor *sensor, AssayCalibrationKind kind,
                                const json_t *document, AssayId *ret_id, GError **error);
/* The newest of a kind for the sensor of that id. NULL without an error: there is none. `about` (nullable): only
 * checks of that calibration, or extrinsics to that sensor. */
AssayCalibration *assay_calibration_get (AssayStore *store, const AssayId *sensor, AssayCalibrationKind kind,
                                         const AssayId *about, GError **error);
gboolean assay_calibration_get_camera (const AssayCalibration *calibration, AssayCamera *ret_camera);

/* Controls of the lens (focus, zoom) out of all controls as read back: {"focus_absolute": 30, …}; what a
 * calibration depends on. New reference. */
json_t *assay_calibration_lens_of (const json_t *controls);

/* How far a view of the board is off, against what is usual for this calibration (METRICS.md, "Calibration"). */
typedef enum
{
  ASSAY_DRIFT_HOLDS,
  ASSAY_DRIFT_DOUBTFUL,
  ASSAY_DRIFT_BROKEN
} AssayDrift;
AssayDrift assay_calibration_judge (const AssayCalibration *calibration, double drift_px);
const char *assay_drift_to_text (AssayDrift drift); /* "holds" … */
/* The error in pixels that is usual: of views that were held out, else of the fit; never below 0.1 px at 1920 px
 * width. */
double assay_calibration_get_usual_px (const AssayCalibration *calibration);

/* What counts for pictures of that size taken with these controls (as read back; nullable) from now on: the newest
 * intrinsics. FALSE is an error. No calibration: `ret_calibration` NULL and `ret_why` (free it) says why, in one
 * sentence: never calibrated, other size, focus changed or automatic, or the last check found it broken. */
gboolean assay_calibration_for (AssayStore *store, const AssayId *sensor, guint width_px, guint height_px,
                                const json_t *controls, AssayCalibration **ret_calibration, char **ret_why,
                                GError **error);
/* facts.camera of an item: {fx, fy, cx, cy, distortion, assumed:false, calibration, drift_px}, with the newest
 * check of the last twelve hours (else drift_px null), and `pairs`: places beside other sensors, `depth_unit_m` of
 * a depth camera. NULL on error. New reference. */
json_t *assay_calibration_facts (AssayStore *store, const AssayId *sensor, const AssayCalibration *calibration,
                                 GError **error);

G_END_DECLS
