/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/skeleton.h"
#include "core/json.h"
#include "core/kind.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* --- colours: CIE L*a*b* distance as four kinds of eyes see it (Machado, Oliveira and Fernandes 2009, severity 1)
 * --- */

static const double eyes[][9] = {
  { 1, 0, 0, 0, 1, 0, 0, 0, 1 },
  { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 },
  { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881 },
  { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900 },
};

static void
multiply (const double *m, const double *v, double *ret)
{
  for (guint i = 0; i < 3; i++)
    ret[i] = m[3 * i] * v[0] + m[3 * i + 1] * v[1] + m[3 * i + 2] * v[2];
}

static void
colour_to_lab (guint32 colour, const double *eye, double *ret_lab)
{
  static const double xyz_of_rgb[]
      = { 0.4124564, 0.3575761, 0.1804375, 0.2126729, 0.7151522, 0.0721750, 0.0193339, 0.1191920, 0.9503041 };
  static const double white[] = { 0.95047, 1, 1.08883 };
  double linear[3], seen[3], xyz[3], f[3];
  for (guint i = 0; i < 3; i++)
    {
      double v = ((colour >> (16 - 8 * i)) & 255) / 255.0;
      linear[i] = v <= 0.04045 ? v / 12.92 : pow ((v + 0.055) / 1.055, 2.4);
    }
  multiply (eye, linear, seen);
  for (guint i = 0; i < 3; i++)
    seen[i] = CLAMP (seen[i], 0, 1);
  multiply (xyz_of_rgb, seen, xyz);
  for (guint i = 0; i < 3; i++)
    {
      double t = xyz[i] / white[i];
      f[i] = t > 216.0 / 24389 ? cbrt (t) : (24389.0 / 27 * t + 16) / 116;
    }
  ret_lab[0] = 116 * f[1] - 16;
  ret_lab[1] = 500 * (f[0] - f[1]);
  ret_lab[2] = 200 * (f[1] - f[2]);
}

static void
twelve_colours_are_told_apart_by_any_eyes (void **state)
{
  for (guint eye = 0; eye < G_N_ELEMENTS (eyes); eye++)
    for (guint a = 0; a < 12; a++)
      for (guint b = a + 1; b < 12; b++)
        {
          double p[3], q[3];
          colour_to_lab (assay_palette_colour (a), eyes[eye], p);
          colour_to_lab (assay_palette_colour (b), eyes[eye], q);
          double distance = sqrt ((p[0] - q[0]) * (p[0] - q[0]) + (p[1] - q[1]) * (p[1] - q[1])
                                  + (p[2] - q[2]) * (p[2] - q[2]));
          if (distance < 16) /* what Okabe and Ito's seven keep */
            fail_msg ("colours %u and %u are %.1f apart for eyes %u", a, b, distance, eye);
        }
}

/* --- definitions --- */

static AssayTask *
a_task (void)
{
  AssayTask *task = assay_task_new ("body", assay_kind_find ("keypoints"));
  AssayClass *person = assay_task_add_class (task, "person");
  person->source_id = 1;
  person->extra = json_pack ("{s:s}", "supercategory", "being");
  AssayClass *cup = assay_task_add_class (task, "cup \"7\"");
  cup->model.bytes[5] = 9;
  cup->model_unit_m = 0.001;
  AssayId left = assay_task_add_node (task, "left eye")->id;
  AssayNode *right = assay_task_add_node (task, "right eye");
  right->mirror = left;
  right->sigma = 0.025;
  AssayEdge edge = { 0, 1 };
  g_array_append_val (task->edges, edge);
  g_free (task->guideline);
  task->guideline = g_strdup ("Click the *pupil*.\n");
  task->tolerance = 0.7;
  task->rules = json_pack ("{s:b}", "lower_case", 1);
  return task;
}

static void
a_definition_reads_back_to_the_same_bytes (void **state)
{
  g_autoptr (AssayTask) task = a_task ();
  g_autoptr (json_t) json = assay_task_to_json (task);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) read = assay_task_from_json (json, &error);
  assert_null (error);
  g_autoptr (AssayTask) copy = assay_task_copy (read);
  g_autoptr (json_t) again = assay_task_to_json (copy);
  g_autofree char *a = assay_json_canonical (json);
  g_autofree char *b = assay_json_canonical (again);
  assert_string_equal (a, b);
  const AssayClass *cup = assay_task_find_class_named (copy, "cup \"7\"");
  assert_true (cup->model_unit_m == 0.001 && cup->model.bytes[5] == 9);
}

static void
a_copy_shares_nothing (void **state)
{
  g_autoptr (AssayTask) task = a_task ();
  g_autoptr (AssayTask) copy = assay_task_copy (task);
  assay_task_add_class (copy, "new");
  assay_task_add_node (copy, "nose");
  ((AssayClass *) copy->classes->pdata[0])->name[0] = 'P';
  assert_int_equal (task->classes->len, 2);
  assert_int_equal (task->nodes->len, 2);
  assert_non_null (assay_task_find_class_named (task, "person"));
}

static void
a_class_named_twice_is_one (void **state)
{
  g_autoptr (AssayTask) task = assay_task_new ("t", assay_kind_find ("tag"));
  AssayId first = assay_task_add_class (task, "dog")->id;
  AssayId again = assay_task_add_class (task, "dog")->id;
  assert_true (assay_id_equal (&first, &again));
  assert_int_equal (task->classes->len, 1);
  assert_int_equal (assay_task_class_index (task, &first), 0);
  assert_int_equal (assay_task_class_index (task, &ASSAY_ID_NIL), G_MAXUINT);
}

static void
check_refused (const char *key, json_t *value)
{
  g_autoptr (AssayTask) task = a_task ();
  g_autoptr (json_t) json = assay_task_to_json (task);
  json_object_set_new (json, key, value);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayTask) read = assay_task_from_json (json, &error);
  assert_null (read);
  assert_non_null (error);
}

static void
broken_definitions_are_refused (void **state)
{
  check_refused ("kind", json_string ("smell"));
  check_refused ("schema", json_string ("assay.task/2"));
  check_refused ("edges", json_pack ("[[ii]]", 0, 2));
  check_refused ("edges", json_pack ("[[ii]]", -1, 0));
  check_refused ("nodes", json_pack ("[{s:s}]", "name", "no id"));
  check_refused ("classes", json_pack ("[i]", 3));
  check_refused ("tolerance", json_real (-1));
}

static void
every_skeleton_makes_a_task_that_reads_back (void **state)
{
  guint n;
  const AssaySkeleton *skeletons = assay_skeleton_list (&n);
  assert_true (n >= 3);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayTask) task = assay_task_new ("points", assay_kind_find ("keypoints"));
      assay_skeleton_apply (&skeletons[i], task);
      assert_true (assay_skeleton_find_names (skeletons[i].names) == &skeletons[i]);
      assert_true (assay_skeleton_find (skeletons[i].id) == &skeletons[i]);
      for (guint k = 0; k < task->edges->len; k++)
        {
          AssayEdge edge = g_array_index (task->edges, AssayEdge, k);
          assert_true (edge.from < task->nodes->len && edge.to < task->nodes->len && edge.from != edge.to);
        }
      g_autoptr (json_t) json = assay_task_to_json (task);
      g_autoptr (AssayTask) again = assay_task_from_json (json, &error);
      assert_non_null (again);
      assert_int_equal (again->nodes->len, task->nodes->len);
    }
  /* COCO's own figures: 17 points, 19 bones, the left wrist mirrors the right one. */
  g_autoptr (AssayTask) person = assay_task_new ("points", assay_kind_find ("keypoints"));
  assay_skeleton_apply (assay_skeleton_find ("coco-person"), person);
  assert_int_equal (person->nodes->len, 17);
  assert_int_equal (person->edges->len, 19);
  const AssayNode *left = &g_array_index (person->nodes, AssayNode, 9),
                  *right = &g_array_index (person->nodes, AssayNode, 10);
  assert_string_equal (left->name, "left_wrist");
  assert_true (assay_id_equal (&left->mirror, &right->id) && assay_id_equal (&right->mirror, &left->id));
  assert_true (left->sigma == 0.062);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (twelve_colours_are_told_apart_by_any_eyes),
    cmocka_unit_test (a_definition_reads_back_to_the_same_bytes),
    cmocka_unit_test (a_copy_shares_nothing),
    cmocka_unit_test (a_class_named_twice_is_one),
    cmocka_unit_test (broken_definitions_are_refused),
    cmocka_unit_test (every_skeleton_makes_a_task_that_reads_back),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
