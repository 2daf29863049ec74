/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/calibration.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>
#include <string.h>

#define HOLDS_UP_TO 1.5
#define DOUBTFUL_UP_TO 3.0
#define LEAST_USUAL_PX 0.1
#define LEAST_USUAL_AT_PX 1920.0
#define CHECK_LASTS_US (12 * 3600 * G_GINT64_CONSTANT (1000000))

typedef struct
{
  const char *name;
  const char *about;            /* (nullable) the key that names what it is about */
  const char *const numbers[7]; /* keys that must be finite numbers */
} Kind;

static const Kind kinds[] = {
  [ASSAY_CALIBRATION_INTRINSICS] = { "intrinsics", NULL, { "fx", "fy", "cx", "cy", "width", "height" } },
  [ASSAY_CALIBRATION_EXTRINSICS] = { "extrinsics", "to", { "rms_px" } },
  [ASSAY_CALIBRATION_DEPTH] = { "depth", NULL, { "unit_m" } },
  [ASSAY_CALIBRATION_CHECK] = { "check", "calibration", { "drift_px" } },
};

/* Beginnings of V4L2's names for what moves the lens. */
static const char *const lens_controls[] = { "focus", "auto_focus", "zoom" };

void
assay_calibration_free (AssayCalibration *calibration)
{
  if (calibration == NULL)
    return;
  json_decref (calibration->document);
  g_free (calibration);
}

static gboolean
check_document (AssayCalibrationKind kind, const json_t *document, GError **error)
{
  double value, turn[9], shift[3], distortion[5];
  AssayId about;
  for (guint i = 0; kinds[kind].numbers[i] != NULL; i++)
    if (!assay_json_get_double (document, kinds[kind].numbers[i], &value) || !isfinite (value))
      return assay_error_bad_data (error, "keeping a calibration (%s): it lacks the number \"%s\"",
                                   kinds[kind].name, kinds[kind].numbers[i]);
  if (kinds[kind].about != NULL && !assay_json_get_id (document, kinds[kind].about, &about))
    return assay_error_bad_data (error, "keeping a calibration (%s): \"%s\" is no id", kinds[kind].name,
                                 kinds[kind].about);
  if (kind == ASSAY_CALIBRATION_INTRINSICS
      && !assay_json_to_doubles (json_object_get (document, "distortion"), distortion, 5))
    return assay_error_bad_data (error, "keeping a calibration: its distortion is not five numbers");
  if (kind == ASSAY_CALIBRATION_EXTRINSICS
      && (!assay_json_to_doubles (json_object_get (document, "r"), turn, 9)
          || !assay_json_to_doubles (json_object_get (document, "t_m"), shift, 3)))
    return assay_error_bad_data (error, "keeping a calibration: r is not nine numbers, or t_m not three");
  return TRUE;
}

gboolean
assay_calibration_add (AssayStore *store, const AssaySensor *sensor, AssayCalibrationKind kind,
                       const json_t *document, AssayId *ret_id, GError **error)
{
  AssayId id = assay_id_new ();
  gint64 made_us = g_get_real_time ();
  if (!check_document (kind, document, error))
    return FALSE;
  g_autoptr (json_t) whole = json_copy ((json_t *) document);
  json_object_set_new (whole, "schema", json_string (ASSAY_CALIBRATION_SCHEMA));
  json_object_set_new (whole, "kind", json_string (kinds[kind].name));
  json_object_set_new (whole, "made_us", json_integer (made_us));
  g_autofree char *text = assay_json_canonical (whole);
  if (!assay_store_run (store, NULL, error,
                        "INSERT INTO calibration (id, sensor, made_us, document) VALUES (?, ?, ?, ?)", "Iiit", &id,
                        sensor->row, made_us, text))
    return FALSE;
  *ret_id = id;
  return TRUE;
}

static gboolean
is_wanted (const json_t *document, AssayCalibrationKind kind, const AssayId *about)
{
  AssayId here;
  if (g_strcmp0 (assay_json_get_string (document, "kind"), kinds[kind].name) != 0)
    return FALSE;
  return about == NULL
         || (kinds[kind].about != NULL && assay_json_get_id (document, kinds[kind].about, &here)
             && assay_id_equal (&here, about));
}

/* All of a kind, newest first; a sensor has few. GPtrArray of AssayCalibration. */
static GPtrArray *
list_kind (AssayStore *store, const AssayId *sensor, AssayCalibrationKind kind, const AssayId *about,
           GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_calibration_free);
  if (!assay_store_query (store, &rows, error,
                          "SELECT c.id, c.sensor, c.made_us, c.document FROM calibration AS c"
                          " JOIN sensor AS s ON s.row = c.sensor WHERE s.id = ? ORDER BY c.made_us DESC, c.id DESC",
                          "I", sensor))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *text = assay_rows_get_text (&rows, 3);
      g_autoptr (json_t) document = assay_json_parse (text, strlen (text), "a calibration of the database", error);
      if (document == NULL)
        return NULL;
      if (!is_wanted (document, kind, about))
        continue;
      AssayCalibration *calibration = g_new0 (AssayCalibration, 1);
      calibration->id = assay_rows_get_id (&rows, 0);
      calibration->sensor_row = assay_rows_get_int (&rows, 1);
      calibration->made_us = assay_rows_get_int (&rows, 2);
      calibration->document = g_steal_pointer (&document);
      g_ptr_array_add (list, calibration);
    }
  if (wrong == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

static AssayCalibration *
take_first (GPtrArray *list)
{
  return list != NULL && list->len > 0 ? g_ptr_array_steal_index (list, 0) : NULL;
}

AssayCalibration *
assay_calibration_get (AssayStore *store, const AssayId *sensor, AssayCalibrationKind kind, const AssayId *about,
                       GError **error)
{
  g_autoptr (GPtrArray) list = list_kind (store, sensor, kind, about, error);
  return take_first (list);
}

gboolean
assay_calibration_get_camera (const AssayCalibration *calibration, AssayCamera *ret_camera)
{
  const json_t *document = calibration->document;
  AssayCamera camera = { 0 };
  if (!assay_json_get_double (document, "fx", &camera.fx) || !assay_json_get_double (document, "fy", &camera.fy)
      || !assay_json_get_double (document, "cx", &camera.cx) || !assay_json_get_double (document, "cy", &camera.cy)
      || !assay_json_to_doubles (json_object_get (document, "distortion"), camera.distortion, 5))
    return FALSE;
  *ret_camera = camera;
  return TRUE;
}

json_t *
assay_calibration_lens_of (const json_t *controls)
{
  json_t *lens = json_object ();
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *) controls, name, value)
  {
    for (guint i = 0; i < G_N_ELEMENTS (lens_controls); i++)
      if (g_str_has_prefix (name, lens_controls[i]))
        json_object_set (lens, name, value);
  }
  return lens;
}

double
assay_calibration_get_usual_px (const AssayCalibration *calibration)
{
  double usual = NAN, width = LEAST_USUAL_AT_PX;
  if (!assay_json_get_double (calibration->document, "held_out_px", &usual))
    assay_json_get_double (calibration->document, "rms_px", &usual);
  assay_json_get_double (calibration->document, "width", &width);
  return fmax (usual, LEAST_USUAL_PX * width / LEAST_USUAL_AT_PX);
}

AssayDrift
assay_calibration_judge (const AssayCalibration *calibration, double drift_px)
{
  double usual_px = assay_calibration_get_usual_px (calibration);
  if (drift_px <= HOLDS_UP_TO * usual_px)
    return ASSAY_DRIFT_HOLDS;
  return drift_px <= DOUBTFUL_UP_TO * usual_px ? ASSAY_DRIFT_DOUBTFUL : ASSAY_DRIFT_BROKEN;
}

const char *
assay_drift_to_text (AssayDrift drift)
{
  static const char *const texts[] = { "holds", "doubtful", "broken" };
  return texts[drift];
}

/* The newest check of it that is not older than `since_us`; NULL without an error: none. */
static AssayCalibration *
get_check (AssayStore *store, const AssayId *sensor, const AssayCalibration *calibration, gint64 since_us,
           GError **error)
{
  g_autoptr (AssayCalibration) check
      = assay_calibration_get (store, sensor, ASSAY_CALIBRATION_CHECK, &calibration->id, error);
  return check != NULL && check->made_us >= since_us ? g_steal_pointer (&check) : NULL;
}

/* V4L2 calls it focus_automatic_continuous, older kernels focus_auto. */
static gboolean
focuses_by_itself (const json_t *lens)
{
  const char *name;
  json_t *value;
  json_object_foreach ((json_t *) lens, name, value)
  {
    gboolean on = json_is_true (value) || json_integer_value (value) != 0;
    if (on && strstr (name, "auto") != NULL)
      return TRUE;
  }
  return FALSE;
}

/* NULL: the lens stands as it did. */
static char *
compare_lens (const json_t *then, const json_t *controls)
{
  g_autoptr (json_t) now = assay_calibration_lens_of (controls);
  const char *name;
  json_t *value;
  if (focuses_by_itself (then))
    return g_strdup ("the focus was automatic when it was calibrated; lock the focus and calibrate again");
  if (focuses_by_itself (now))
    return g_strdup ("the focus is automatic now; lock it to where it was calibrated");
  json_object_foreach ((json_t *) then, name, value)
  {
    const json_t *other = json_object_get (now, name);
    if (controls == NULL || (other != NULL && json_equal (value, (json_t *) other)))
      continue;
    g_autofree char *was = assay_json_canonical (value);
    g_autofree char *is = other != NULL ? assay_json_canonical (other) : g_strdup ("not told");
    return g_strdup_printf ("%s is %s and was %s when it was calibrated; set it back, or calibrate again", name, is,
                            was);
  }
  return NULL;
}

/* Whether this one counts; else `ret_why`. */
static gboolean
judge (AssayStore *store, const AssayId *sensor, const AssayCalibration *calibration, const json_t *controls,
       char **ret_why, GError **error)
{
  double drift_px = 0;
  g_autoptr (GError) wrong = NULL;
  g_autofree char *why = compare_lens (json_object_get (calibration->document, "lens"), controls);
  g_autoptr (AssayCalibration) check = get_check (store, sensor, calibration, 0, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (check != NULL)
    assay_json_get_double (check->document, "drift_px", &drift_px);
  if (why == NULL && assay_calibration_judge (calibration, drift_px) == ASSAY_DRIFT_BROKEN)
    why = g_strdup_printf ("the last check found it off by %.2f px, usual are %.2f px; calibrate again", drift_px,
                           assay_calibration_get_usual_px (calibration));
  *ret_why = g_steal_pointer (&why);
  return TRUE;
}

gboolean
assay_calibration_for (AssayStore *store, const AssayId *sensor, guint width_px, guint height_px,
                       const json_t *controls, AssayCalibration **ret_calibration, char **ret_why, GError **error)
{
  g_autofree char *other_size = NULL;
  g_autoptr (GPtrArray) list = list_kind (store, sensor, ASSAY_CALIBRATION_INTRINSICS, NULL, error);
  if (list == NULL)
    return FALSE;
  /* The newest of this size decides: an older one was replaced for a reason. */
  for (guint i = 0; i < list->len; i++)
    {
      AssayCalibration *calibration = list->pdata[i];
      gint64 width = 0, height = 0;
      char *why;
      assay_json_get_int (calibration->document, "width", &width);
      assay_json_get_int (calibration->document, "height", &height);
      if (width == width_px && height == height_px)
        {
          if (!judge (store, sensor, calibration, controls, &why, error))
            return FALSE;
          *ret_calibration = why == NULL ? g_ptr_array_steal_index (list, i) : NULL;
          *ret_why = why;
          return TRUE;
        }
      if (other_size == NULL)
        other_size = g_strdup_printf ("it was calibrated at %" G_GINT64_FORMAT " x %" G_GINT64_FORMAT
                                      ", not at %u x %u; calibrate at this size",
                                      width, height, width_px, height_px);
    }
  *ret_calibration = NULL;
  *ret_why = other_size != NULL ? g_steal_pointer (&other_size) : g_strdup ("it was never calibrated");
  return TRUE;
}

/* The newest place beside each other sensor. */
static json_t *
list_pairs (AssayStore *store, const AssayId *sensor, GError **error)
{
  g_autoptr (GPtrArray) list = list_kind (store, sensor, ASSAY_CALIBRATION_EXTRINSICS, NULL, error);
  g_autoptr (json_t) seen = json_object ();
  if (list == NULL)
    return NULL;
  json_t *pairs = json_array ();
  for (guint i = 0; i < list->len; i++)
    {
      const AssayCalibration *pair = list->pdata[i];
      const char *to = assay_json_get_string (pair->document, "to");
      if (to == NULL || json_object_get (seen, to) != NULL)
        continue;
      json_object_set_new (seen, to, json_true ());
      json_array_append_new (
          pairs, json_pack ("{s:o, s:s, s:O, s:O, s:O}", "calibration", assay_json_id (&pair->id), "to", to, "r",
                            json_object_get (pair->document, "r"), "t_m", json_object_get (pair->document, "t_m"),
                            "rms_px", json_object_get (pair->document, "rms_px")));
    }
  return pairs;
}

json_t *
assay_calibration_facts (AssayStore *store, const AssayId *sensor, const AssayCalibration *calibration,
                         GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (json_t) facts = json_object ();
  static const char *const kept[] = { "fx", "fy", "cx", "cy", "distortion", "rms_px" };
  double drift_px = NAN, unit_m;
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    json_object_set (facts, kept[i], json_object_get (calibration->document, kept[i]));
  g_autoptr (AssayCalibration) check
      = get_check (store, sensor, calibration, g_get_real_time () - CHECK_LASTS_US, &wrong);
  g_autoptr (AssayCalibration) depth
      = wrong == NULL ? assay_calibration_get (store, sensor, ASSAY_CALIBRATION_DEPTH, NULL, &wrong) : NULL;
  g_autoptr (json_t) pairs = wrong == NULL ? list_pairs (store, sensor, &wrong) : NULL;
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  if (check != NULL)
    assay_json_get_double (check->document, "drift_px", &drift_px);
  json_object_set_new (facts, "assumed", json_false ());
  json_object_set_new (facts, "calibration", assay_json_id (&calibration->id));
  json_object_set_new (facts, "drift_px", assay_json_number (drift_px));
  if (depth != NULL && assay_json_get_double (depth->document, "unit_m", &unit_m))
    json_object_set_new (facts, "depth_unit_m", json_real (unit_m));
  if (json_array_size (pairs) > 0)
    json_object_set (facts, "pairs", pairs);
  return g_steal_pointer (&facts);
}
