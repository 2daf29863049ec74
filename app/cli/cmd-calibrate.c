/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/command.h"
#include "app/job-calibrate-live.h"

#include <math.h>
#include <string.h>

#define FIELDS_WINDOW_PX 11 /* of OpenCV's own samples: what other people's scripts give too */

typedef struct
{
  char *board_text, *window, *depth;
  char **cameras;
  double bar_mm;
  gboolean save, check, stereo;
  AssayBoard board;
  guint window_px, n_cameras;
} Flags;

static void
flags_clear (Flags *flags)
{
  g_free (flags->board_text);
  g_free (flags->window);
  g_free (flags->depth);
  g_strfreev (flags->cameras);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Flags, flags_clear)

static gboolean
refuse (GError **error, const char *why)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "calibrate: %s; see `assay help calibrate`", why);
  return FALSE;
}

static gboolean
read_board (Flags *flags, const char *text, GError **error)
{
  return assay_board_parse (text, &flags->board, error)
         && (flags->bar_mm <= 0 || assay_board_scale (&flags->board, flags->bar_mm, error));
}

/* Chessboards from files as everybody does it; a live camera by what is best for each view. */
static gboolean
read_window (Flags *flags, gboolean live, GError **error)
{
  guint64 window = live ? 0 : FIELDS_WINDOW_PX;
  if (flags->window != NULL && g_str_equal (flags->window, "auto"))
    window = 0;
  else if (flags->window != NULL && !g_ascii_string_to_unsigned (flags->window, 10, 2, 50, &window, NULL))
    return refuse (error, "--window is a number of pixels, 2 to 50, or auto");
  flags->window_px = (guint) window;
  return TRUE;
}

static gboolean
check_words (const Flags *flags, int words, GError **error)
{
  if (flags->board_text == NULL && !flags->check)
    return refuse (error, "no board was named; give --board chessboard:9x6:25 (inner corners, millimetres)");
  if (flags->stereo && (words != 2 || flags->check))
    return refuse (error, "--stereo takes two folders, LEFT and RIGHT");
  if (flags->stereo && flags->save && flags->n_cameras != 2)
    return refuse (error, "to save a pair, name both cameras: --camera LEFT --camera RIGHT");
  if (!flags->stereo && flags->n_cameras > 1)
    return refuse (error, "one camera at a time; two go with --stereo");
  if (flags->depth != NULL && !flags->stereo)
    return refuse (error, "--depth goes with --stereo COLOUR GREY, the depth camera's grey pictures on the right");
  if (flags->save && flags->n_cameras == 0)
    return refuse (error, "--save needs to know whose lens it is: --camera ID, `assay devices` lists them");
  if (words == 0 && flags->n_cameras == 0)
    return refuse (error, "there is neither a picture nor a camera");
  return !flags->check || (flags->n_cameras == 1 && words <= 1)
         || refuse (error, "--check takes --camera ID, and one picture unless the camera is to be looked through");
}

/* --- one camera -------------------------------------------------------------------------------------------------
 */

static void
append_lens (GString *text, const json_t *answer)
{
  const json_t *std = json_object_get (answer, "std");
  static const char *const names[] = { "fx", "fy", "cx", "cy" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_string_append_printf (text, "%s%s %.2f ± %.2f", i > 0 ? "   " : "", names[i],
                            json_number_value (json_object_get (answer, names[i])),
                            json_number_value (json_object_get (std, names[i])));
  g_string_append_c (text, '\n');
}

static GString *
to_text (const json_t *answer)
{
  GString *text = g_string_new (NULL);
  double held_out_px = NAN;
  size_t i;
  json_t *entry;
  append_lens (text, answer);
  assay_json_get_double (answer, "held_out_px", &held_out_px);
  g_string_append_printf (text, "%s: %.3f px", assay_json_get_string (answer, "quality"),
                          json_number_value (json_object_get (answer, "rms_px")));
  if (isfinite (held_out_px))
    g_string_append_printf (text, ", %.3f px on views that were left out", held_out_px);
  g_string_append_printf (text, "; %" JSON_INTEGER_FORMAT " views used\n",
                          json_integer_value (json_object_get (answer, "used")));
  json_array_foreach (json_object_get (answer, "rejected"), i, entry) g_string_append_printf (
      text, "not used: %s: %s\n", assay_json_get_string (entry, "path"), assay_json_get_string (entry, "why"));
  json_array_foreach (json_object_get (answer, "advice"), i, entry)
      g_string_append_printf (text, "better: %s\n", json_string_value (entry));
  if (json_object_get (answer, "calibration") != NULL)
    g_string_append_printf (text, "saved as %s\n", assay_json_get_string (answer, "calibration"));
  return text;
}

/* The pictures on the command line, or those that the camera gives. */
static GPtrArray *
take_shots (AssayInvocation *invocation, Flags *flags, guint n_views, json_t **ret_controls, GError **error)
{
  gboolean live = invocation->argc == 1;
  if (!read_window (flags, live, error))
    return NULL;
  if (live)
    return assay_job_calibrate_watch (flags->cameras[0], &flags->board, n_views, invocation->progress, ret_controls,
                                      error);
  return assay_job_calibrate_look ((const char *const *) invocation->argv + 1, &flags->board, flags->window_px,
                                   invocation->progress, error);
}

static json_t *
run_one (AssayInvocation *invocation, Flags *flags, GError **error)
{
  g_autoptr (json_t) controls = NULL;
  /* Opened first: nobody waves a board for minutes to learn that there is no project. */
  g_autoptr (AssayProject) project
      = flags->save ? assay_invocation_open (invocation, ASSAY_STORE_WRITE, error) : NULL;
  if (flags->save && project == NULL)
    return NULL;
  g_autoptr (GPtrArray) shots = take_shots (invocation, flags, 0, &controls, error);
  /* Ctrl+C ended the taking; the solving is short. */
  AssayProgress *progress = invocation->argc == 1 ? NULL : invocation->progress;
  g_autoptr (json_t) answer
      = shots != NULL ? assay_job_calibrate_solve (shots, &flags->board, flags->window_px, progress, error) : NULL;
  AssayId id;
  if (answer == NULL)
    return NULL;
  if (project != NULL)
    {
      if (!assay_job_calibrate_save (project, flags->cameras[0], answer, shots, controls, &id, error))
        return NULL;
      json_object_set_new (answer, "calibration", assay_json_id (&id));
    }
  return g_steal_pointer (&answer);
}

/* --- two cameras ------------------------------------------------------------------------------------------------
 */

static GString *
pair_to_text (const json_t *answer)
{
  GString *text = g_string_new (NULL);
  double t_m[3] = { 0 };
  size_t i;
  json_t *entry;
  assay_json_to_doubles (json_object_get (answer, "t_m"), t_m, 3);
  g_string_append_printf (text,
                          "the right camera sees the left one at %.2f, %.2f, %.2f mm: %.2f mm apart\n"
                          "%.3f px, %.3f px from the epipolar lines; %" JSON_INTEGER_FORMAT " pairs used\n",
                          1000 * t_m[0], 1000 * t_m[1], 1000 * t_m[2],
                          1000 * json_number_value (json_object_get (answer, "baseline_m")),
                          json_number_value (json_object_get (answer, "rms_px")),
                          json_number_value (json_object_get (answer, "epipolar_px")),
                          json_integer_value (json_object_get (answer, "used")));
  const json_t *depth = json_object_get (answer, "depth");
  if (depth != NULL)
    g_string_append_printf (text, "depth: %.6f m a count, ± %.4f m\n",
                            json_number_value (json_object_get (depth, "unit_m")),
                            json_number_value (json_object_get (depth, "spread_m")));
  json_array_foreach (json_object_get (answer, "rejected"), i, entry) g_string_append_printf (
      text, "not used: %s: %s\n", assay_json_get_string (entry, "path"), assay_json_get_string (entry, "why"));
  return text;
}

/* Depth pictures by the order of names, as the others. */
static json_t *
measure_depth (const Flags *flags, GPtrArray *grey, const json_t *lens, GError **error)
{
  g_autoptr (GPtrArray) paths = assay_job_calibrate_list (flags->depth, error);
  if (paths == NULL)
    return NULL;
  g_ptr_array_add (paths, NULL);
  return assay_job_calibrate_depth (grey, (const char *const *) paths->pdata, &flags->board, lens, error);
}

static json_t *
run_pair (AssayInvocation *invocation, Flags *flags, GError **error)
{
  g_autoptr (GPtrArray) left = NULL, right = NULL;
  g_autoptr (AssayProject) project
      = flags->save ? assay_invocation_open (invocation, ASSAY_STORE_WRITE, error) : NULL;
  if ((flags->save && project == NULL) || !read_window (flags, FALSE, error))
    return NULL;
  const char *const left_paths[] = { invocation->argv[1], NULL }, *const right_paths[]
                                                                  = { invocation->argv[2], NULL };
  left = assay_job_calibrate_look (left_paths, &flags->board, flags->window_px, invocation->progress, error);
  if (left != NULL)
    right = assay_job_calibrate_look (right_paths, &flags->board, flags->window_px, invocation->progress, error);
  g_autoptr (json_t) answer
      = right != NULL
            ? assay_job_calibrate_pair (left, right, &flags->board, flags->window_px, invocation->progress, error)
            : NULL;
  if (answer == NULL)
    return NULL;
  json_t *depth = NULL;
  if (flags->depth != NULL)
    {
      depth = measure_depth (flags, right, json_object_get (answer, "right"), error);
      if (depth == NULL)
        return NULL;
      json_object_set_new (answer, "depth", depth);
    }
  GPtrArray *const sides[2] = { left, right };
  AssayId id;
  if (project != NULL)
    {
      if (!assay_job_calibrate_save_pair (project, (const char *const *) flags->cameras, answer, sides, &id, error))
        return NULL;
      json_object_set_new (answer, "calibration", assay_json_id (&id));
    }
  return g_steal_pointer (&answer);
}

/* --- does it still hold? ----------------------------------------------------------------------------------------
 */

static AssayCalibration *
find_calibration (AssayProject *project, const AssaySensor *sensor, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  AssayCalibration *calibration
      = assay_calibration_get (project->store, &sensor->id, ASSAY_CALIBRATION_INTRINSICS, NULL, &wrong);
  if (calibration == NULL && wrong == NULL)
    g_set_error (
        &wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
        "checking the calibration of %s: it was never calibrated; `assay calibrate --board … --camera %s --save`",
        sensor->identity, sensor->identity);
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return calibration;
}

static const AssayShot *
find_view (GPtrArray *shots, GError **error)
{
  const AssayShot *first = shots->len > 0 ? shots->pdata[0] : NULL;
  if (first != NULL && first->view != NULL)
    return first;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND, "checking the calibration: %s%s%s",
               first != NULL ? first->name : "", first != NULL ? ": " : "",
               first != NULL ? first->why : "the camera did not see the board");
  return NULL;
}

static json_t *
run_check (AssayInvocation *invocation, Flags *flags, GError **error)
{
  g_autoptr (json_t) controls = NULL;
  g_autoptr (AssayProject) project
      = assay_invocation_open (invocation, flags->save ? ASSAY_STORE_WRITE : ASSAY_STORE_READ, error);
  g_autoptr (AssaySensor) sensor
      = project != NULL ? assay_job_calibrate_find_sensor (project, flags->cameras[0], error) : NULL;
  g_autoptr (AssayCalibration) calibration = sensor != NULL ? find_calibration (project, sensor, error) : NULL;
  if (calibration == NULL)
    return NULL;
  const char *board
      = flags->board_text != NULL ? flags->board_text : assay_json_get_string (calibration->document, "board");
  if (!read_board (flags, board != NULL ? board : "", error))
    return NULL;
  g_autoptr (GPtrArray) shots = take_shots (invocation, flags, 1, &controls, error);
  const AssayShot *shot = shots != NULL ? find_view (shots, error) : NULL;
  g_autoptr (json_t) answer
      = shot != NULL ? assay_job_calibrate_check (shot->view, &flags->board, calibration, error) : NULL;
  AssayId id;
  if (answer == NULL
      || (flags->save
          && !assay_calibration_add (project->store, sensor, ASSAY_CALIBRATION_CHECK, answer, &id, error)))
    return NULL;
  return g_steal_pointer (&answer);
}

/* --- the verb ---------------------------------------------------------------------------------------------------
 */

static int
run (AssayInvocation *invocation, GError **error)
{
  g_auto (Flags) flags = { 0 };
  const GOptionEntry entries[] = {
    { "board", 0, 0, G_OPTION_ARG_STRING, &flags.board_text, NULL, NULL },
    { "scale-bar", 0, 0, G_OPTION_ARG_DOUBLE, &flags.bar_mm, NULL, NULL },
    { "window", 0, 0, G_OPTION_ARG_STRING, &flags.window, NULL, NULL },
    { "camera", 0, 0, G_OPTION_ARG_STRING_ARRAY, &flags.cameras, NULL, NULL },
    { "stereo", 0, 0, G_OPTION_ARG_NONE, &flags.stereo, NULL, NULL },
    { "depth", 0, 0, G_OPTION_ARG_FILENAME, &flags.depth, NULL, NULL },
    { "check", 0, 0, G_OPTION_ARG_NONE, &flags.check, NULL, NULL },
    { "save", 0, 0, G_OPTION_ARG_NONE, &flags.save, NULL, NULL },
    { NULL },
  };
  if (!assay_invocation_parse (invocation, entries, error))
    return 0;
  flags.n_cameras = flags.cameras != NULL ? g_strv_length (flags.cameras) : 0;
  if (!check_words (&flags, invocation->argc - 1, error)
      || (flags.board_text != NULL && !read_board (&flags, flags.board_text, error)))
    return 0;
  json_t *answer = flags.check    ? run_check (invocation, &flags, error)
                   : flags.stereo ? run_pair (invocation, &flags, error)
                                  : run_one (invocation, &flags, error);
  if (answer == NULL)
    return 0;
  const char *verdict = flags.check ? assay_json_get_string (answer, "verdict") : NULL;
  int status = verdict != NULL && !g_str_equal (verdict, "holds");
  g_autoptr (GString) text = flags.check    ? g_string_new (NULL)
                             : flags.stereo ? pair_to_text (answer)
                                            : to_text (answer);
  if (flags.check)
    g_string_append_printf (text, "%s: %s\n", verdict, assay_json_get_string (answer, "why"));
  assay_invocation_answer (invocation, answer, text->str);
  return status;
}

const AssayCommand assay_command_calibrate = {
  .id = "calibrate",
  .form = "calibrate --board BOARD (IMAGE… | --camera ID) [--camera ID --save] [--stereo LEFT RIGHT [--depth DIR]] "
          "[--check [IMAGE]] [--scale-bar MM] [--window PX|auto]",
  .help = "measures a camera's lens, or the place of one camera beside another, from views of a board",
  .more
  = "BOARD is chessboard:COLSxROWS:SQUARE_MM, counting inner corners, or charuco:COLSxROWS:SQUARE_MM[:MARKER_MM"
    "[:5x5_100]],\n"
    "counting squares (an odd number of rows); `assay board` prints one. --scale-bar: what the sheet's bar of "
    "100 mm measures.\n"
    "Pictures or folders of them; or --camera alone: views are taken by themselves, until there are enough or "
    "Ctrl+C.\n"
    "--save keeps the result, and its pictures, with the sensor --camera ID (which with pictures says whose they "
    "are).\n"
    "--stereo: two folders, paired by the order of names; r and t_m take a point of the left camera to the right "
    "one.\n"
    "--depth: 16-bit depth pictures of the right camera, for the metres in one count.\n"
    "--check: one view tells whether a saved calibration still holds (status 1: it does not); --save keeps the "
    "figure,\n"
    "which goes with every item that the camera takes in the next twelve hours.\n"
    "--window: half the side of the corner refinement's window: 11 as in OpenCV's samples; auto (the default "
    "with --camera)\n"
    "takes a third of the squares' spacing in each view, which is more exact where squares are small.\n"
    "rms_px is of the views used, held_out_px of views that were left out of the solution in turn; std are "
    "standard deviations.",
  .run = run,
};
