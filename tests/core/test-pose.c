/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/pose.h"

#include <glib/gstdio.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

/* --- errors --- */

static AssayPose
turned (double degrees, double x, double y, double z)
{
  double c = cos (degrees * G_PI / 180), s = sin (degrees * G_PI / 180);
  return (AssayPose){ { c, -s, 0, s, c, 0, 0, 0, 1 }, { x, y, z } };
}

static void
small_angles_keep_their_digits (void **state)
{
  AssayPose a = turned (0, 0, 0, 1), b = turned (1e-7, 0, 0, 1), c = turned (180 - 1e-7, 0, 0, 1);
  assert_float_equal (assay_pose_rotation_deg (&a, &b), 1e-7, 1e-15);
  assert_float_equal (assay_pose_rotation_deg (&a, &c), 180 - 1e-7, 1e-9);
  assert_true (assay_pose_rotation_deg (&a, &a) == 0);
}

static void
nearest_points_equal_brute_force (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  AssayPoint3 points[80];
  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    points[i]
        = (AssayPoint3){ g_rand_double (random), g_rand_double (random), floor (g_rand_double (random) * 5) / 5 };
  AssayPose a = turned (20, 0.1, 0, 1), b = turned (-70, 0, 0.2, 1.3);
  double sum = 0;
  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      AssayPoint3 p = assay_pose_apply (&b, points[i]);
      double best = INFINITY;
      for (guint j = 0; j < G_N_ELEMENTS (points); j++)
        {
          AssayPoint3 q = assay_pose_apply (&a, points[j]);
          best = fmin (best, sqrt (pow (p.x - q.x, 2) + pow (p.y - q.y, 2) + pow (p.z - q.z, 2)));
        }
      sum += best;
    }
  assert_float_equal (assay_pose_add_s (&a, &b, points, G_N_ELEMENTS (points)), sum / G_N_ELEMENTS (points), 1e-12);
}

static void
mirrors_and_stretches_are_not_rigid (void **state)
{
  AssayPose mirror = { { 1, 0, 0, 0, 1, 0, 0, 0, -1 }, { 0, 0, 1 } };
  AssayPose stretch = { { 1.01, 0, 0, 0, 1, 0, 0, 0, 1 }, { 0, 0, 1 } };
  AssayPose nothing = { { NAN, 0, 0, 0, 1, 0, 0, 0, 1 }, { 0, 0, 1 } };
  AssayPose good = turned (33, 0, 0, 1);
  assert_false (assay_pose_is_rigid (&mirror, 1e-6));
  assert_false (assay_pose_is_rigid (&stretch, 1e-6));
  assert_false (assay_pose_is_rigid (&nothing, 1e-6));
  assert_true (assay_pose_is_rigid (&good, 1e-6));
}

/* --- meshes --- */

static AssayModel *
load (const void *bytes, gsize n, double unit_m, GError **error)
{
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("assay-mesh-XXXXXX", &path, NULL);
  assert_true (fd >= 0);
  g_close (fd, NULL);
  assert_true (g_file_set_contents (path, bytes, (gssize) n, NULL));
  AssayModel *model = assay_model_load (path, unit_m, error);
  g_unlink (path);
  return model;
}

static void
check_box (const AssayModel *model)
{
  assert_non_null (model);
  assert_int_equal (model->n_vertices, 4);
  assert_int_equal (model->n_triangles, 2);
  assert_float_equal (model->vertices_m[2].x, 0.3, 1e-6);
  assert_float_equal (model->vertices_m[2].y, 0.4, 1e-6);
  assert_float_equal (model->diameter_m, 0.5, 1e-6);
  const guint32 wanted[] = { 0, 1, 2, 0, 2, 3 };
  assert_memory_equal (model->triangles, wanted, sizeof wanted);
}

#define PLY_HEAD(format)                                                                                           \
  "ply\nformat " format " 1.0\ncomment made by hand\nelement vertex 4\nproperty float x\nproperty uchar red\n"     \
  "property float y\nproperty float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n"

static const char ascii_ply[] = PLY_HEAD ("ascii") "0 9 0 0\n300 9 0 0\n300 9 400 0\n0 9 400 0\n4 0 1 2 3\n";
static const char obj[]
    = "# a face\r\nmtllib none\nv 0 0 0\nv 300 0 0 1\nv 300 400 0\nvt 0 0\nvn 0 0 1\nv 0 400 0\n"
      "f 1/1/1 2//1 3 -1\r\n";

static GByteArray *
binary_ply (void)
{
  static const char head[] = PLY_HEAD ("binary_little_endian");
  static const float xy[4][2] = { { 0, 0 }, { 300, 0 }, { 300, 400 }, { 0, 400 } };
  GByteArray *bytes = g_byte_array_new ();
  g_byte_array_append (bytes, (const guint8 *) head, sizeof head - 1);
  for (guint i = 0; i < 4; i++)
    {
      float z = 0;
      g_byte_array_append (bytes, (const guint8 *) &xy[i][0], 4);
      g_byte_array_append (bytes, (const guint8 *) "\x09", 1);
      g_byte_array_append (bytes, (const guint8 *) &xy[i][1], 4);
      g_byte_array_append (bytes, (const guint8 *) &z, 4);
    }
  static const gint32 corners[] = { 0, 1, 2, 3 };
  g_byte_array_append (bytes, (const guint8 *) "\x04", 1);
  g_byte_array_append (bytes, (const guint8 *) corners, sizeof corners);
  return bytes;
}

static void
one_mesh_reads_alike_from_three_files (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GByteArray) bytes = binary_ply ();
  g_autoptr (AssayModel) ascii = load (ascii_ply, sizeof ascii_ply - 1, 0.001, &error);
  assert_null (error);
  g_autoptr (AssayModel) binary = load (bytes->data, bytes->len, 0.001, &error);
  assert_null (error);
  g_autoptr (AssayModel) wavefront = load (obj, sizeof obj - 1, 0.001, &error);
  assert_null (error);
  check_box (ascii);
  check_box (binary);
  check_box (wavefront);
}

static void
check_refused (const char *text, const char *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayModel) model = load (text, strlen (text), 1, &error);
  assert_null (model);
  if (error == NULL || strstr (error->message, wanted) == NULL)
    fail_msg ("\"%s\" instead of \"%s\"", error != NULL ? error->message : "no error", wanted);
}

static void
broken_meshes_are_refused_by_name (void **state)
{
  check_refused ("", "no vertices");
  check_refused ("ply\nformat ascii 1.0\nelement vertex 4294967295\nproperty float x\nend_header\n1\n",
                 "vertex 2 of 4294967295");
  check_refused ("ply\nformat ascii 1.0\nelement vertex 99999999999999999999\nproperty float x\nend_header\n",
                 "without a count");
  check_refused ("ply\nformat ascii 1.0\nelement nothing 4000000000\nend_header\n", "no vertices");
  check_refused ("ply\nformat binary_big_endian 1.0\nend_header\n", "binary_big_endian");
  check_refused ("ply\nformat ascii 1.0\nproperty float x\nend_header\n", "out of place");
  check_refused ("ply\nformat ascii 1.0\nelement vertex 1\nproperty quad x\nend_header\n1\n", "unknown type");
  check_refused ("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\n", "no end");
  check_refused ("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nend_header\nnan\n", "vertex 1");
  check_refused ("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nelement face 1\n"
                 "property list int int vertex_indices\nend_header\n1\n3 0 0 1\n",
                 "names vertex 1 of 1");
  check_refused ("ply\nformat ascii 1.0\nelement vertex 1\nproperty float x\nelement face 1\n"
                 "property list int int vertex_indices\nend_header\n1\n-3 0 0 0\n",
                 "face 1");
  check_refused ("v 1 2\n", "line 1");
  check_refused ("v 1 2 3\nf 1 1 2\n", "names vertex 1 of 1");
  check_refused ("v 1 2 3\nf 0 1 1\n", "line 2");
  check_refused ("v 1 2 3\nf -2 1 1\n", "line 2");
  check_refused ("v 1 2 3\nf 4294967297 1 1\n", "line 2");
}

/* Every prefix, and every byte set to something else: an answer or an error, never a read outside (under ASan). */
static void
damaged_bytes_never_harm (void **state)
{
  g_autoptr (GByteArray) bytes = binary_ply ();
  for (guint n = 0; n < bytes->len; n++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayModel) model = load (bytes->data, n, 1, &error);
      assert_true (model == NULL && error != NULL);
    }
  for (guint i = 0; i < bytes->len; i++)
    {
      guint8 kept = bytes->data[i];
      bytes->data[i] = 0xff;
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayModel) model = load (bytes->data, bytes->len, 1, &error);
      assert_int_equal (model == NULL, error != NULL);
      bytes->data[i] = kept;
    }
}

static void
the_diameter_of_a_ball_is_found (void **state)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < 2000; i++)
    {
      double z = 1 - 2 * (i + 0.5) / 2000, r = sqrt (1 - z * z), phi = i * 2.399963;
      g_string_append_printf (text, "v %.9f %.9f %.9f\n", 7 + r * cos (phi), r * sin (phi), z);
    }
  g_autoptr (AssayModel) model = load (text->str, text->len, 1, NULL);
  double best = 0;
  for (guint i = 0; i < model->n_vertices; i++)
    for (guint j = 0; j < i; j++)
      {
        AssayPoint3 p = model->vertices_m[i], q = model->vertices_m[j];
        best = fmax (best, sqrt (pow (p.x - q.x, 2) + pow (p.y - q.y, 2) + pow (p.z - q.z, 2)));
      }
  assert_float_equal (model->diameter_m, best, 1e-12);
}

static void
an_absent_file_is_named (void **state)
{
  g_autoptr (GError) error = NULL;
  assert_null (assay_model_load ("/nowhere/cup.ply", 1, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
  assert_string_equal (error->message, "reading model /nowhere/cup.ply: there is no such file");
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (small_angles_keep_their_digits),
    cmocka_unit_test (nearest_points_equal_brute_force),
    cmocka_unit_test (mirrors_and_stretches_are_not_rigid),
    cmocka_unit_test (one_mesh_reads_alike_from_three_files),
    cmocka_unit_test (broken_meshes_are_refused_by_name),
    cmocka_unit_test (damaged_bytes_never_harm),
    cmocka_unit_test (the_diameter_of_a_ball_is_found),
    cmocka_unit_test (an_absent_file_is_named),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
