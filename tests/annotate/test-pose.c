/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Corners of a box clicked in a picture, against the pose that projected them. */
#include "annotate/model-lines.h"
#include "annotate/tool-pose.h"
#include "tests/annotate/gestures.h"
#include "vision/vision.h"

#include <math.h>

/* A box of 20 x 10 x 5 cm, two triangles a side. */
static AssayModel *
box_new (void)
{
  static const guint32 triangles[] = { 0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1,
                                       2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3 };
  AssayModel *model = g_new0 (AssayModel, 1);
  model->n_vertices = 8;
  model->vertices_m = g_new0 (AssayPoint3, 8);
  for (guint i = 0; i < 8; i++)
    model->vertices_m[i] = (AssayPoint3){ (i & 1) * 0.20, (i >> 1 & 1) * 0.10, (i >> 2 & 1) * 0.05 };
  model->n_triangles = G_N_ELEMENTS (triangles) / 3;
  model->triangles = g_memdup2 (triangles, sizeof triangles);
  model->diameter_m = sqrt (0.20 * 0.20 + 0.10 * 0.10 + 0.05 * 0.05);
  return model;
}

typedef struct
{
  Desk *desk;
  AssayModel *model;
  AssayPose truth;
  AssayPoint at[8]; /* where the corners are in the picture */
} Bench;

static Bench *
bench_new (void)
{
  Bench *bench = g_new0 (Bench, 1);
  bench->desk = desk_new ("pose", "pose");
  bench->desk->px_per_unit = 8; /* zoomed in: the picture is small */
  bench->model = box_new ();
  double c = cos (0.5), s = sin (0.5);
  bench->truth
      = (AssayPose){ .r = { c, 0, s, 0.3 * s, sqrt (1 - 0.09), -0.3 * c, 0, 0, 0 }, .t_m = { -0.08, -0.04, 0.45 } };
  double *r = bench->truth.r;
  /* The third row makes the first two a turn. */
  r[6] = r[1] * r[5] - r[2] * r[4];
  r[7] = r[2] * r[3] - r[0] * r[5];
  r[8] = r[0] * r[4] - r[1] * r[3];
  assay_session_set_model (bench->desk->session, bench->model);
  assay_vision_project (&bench->truth, &scene_of (bench->desk)->camera, bench->model->vertices_m, 8, bench->at);
  return bench;
}

static void
bench_free (Bench *bench)
{
  desk_free (bench->desk);
  assay_model_free (bench->model);
  g_free (bench);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Bench, bench_free)

static void
click_corner (Bench *bench, guint corner)
{
  char key[16];
  g_snprintf (key, sizeof key, "corner-%u", corner);
  press_key (bench->desk, key);
  click (bench->desk, bench->at[corner].x, bench->at[corner].y);
}

static const AssayPosed *
posed (Bench *bench)
{
  return object_at (bench->desk, 0)->value;
}

static void
a_box_shows_its_twelve_edges_and_eight_corners (void **state)
{
  g_autoptr (Bench) bench = bench_new ();
  g_autoptr (GArray) lines = assay_model_list_lines (bench->model, 20);
  g_autoptr (GArray) corners = assay_model_list_corners (bench->model, lines);
  guint seen = 0;
  assert_int_equal (lines->len, 12);
  assert_int_equal (corners->len, 8);
  for (guint i = 0; i < lines->len; i++)
    seen += assay_model_line_is_seen (bench->model, &g_array_index (lines, AssayModelLine, i), &bench->truth);
  /* Three faces of a box can be seen at once, with nine edges; two with seven. */
  assert_in_range (seen, 7, 9);
}

static void
the_fourth_corner_gives_the_pose_that_projected_them (void **state)
{
  g_autoptr (Bench) bench = bench_new ();
  for (guint i = 0; i < 3; i++)
    click_corner (bench, i);
  assert_int_equal (n_objects (bench->desk), 0);
  assert_non_null (strstr (bench->desk->hint, "3 of 4"));
  click_corner (bench, 5);
  assert_int_equal (n_objects (bench->desk), 1);
  assert_true (posed (bench)->rms_px < 0.1);
  assert_true (assay_pose_rotation_deg (&posed (bench)->pose, &bench->truth) < 0.5);
  assert_true (assay_pose_translation (&posed (bench)->pose, &bench->truth) < 0.005);
  assert_int_equal (posed (bench)->n_pairs, 4);
  assert_non_null (strstr (bench->desk->hint, "residual"));
}

static void
a_wrong_corner_shows_in_the_residual_and_dragging_it_heals (void **state)
{
  g_autoptr (Bench) bench = bench_new ();
  for (guint i = 0; i < 6; i++)
    click_corner (bench, i);
  AssayPoint right = bench->at[6];
  bench->at[6].x += 25;
  click_corner (bench, 6);
  assert_true (posed (bench)->rms_px > 2);
  drag (bench->desk, right.x + 25, right.y, right.x, right.y);
  assert_true (posed (bench)->rms_px < 0.1);
  assert_int_equal (posed (bench)->n_pairs, 7);
}

static void
a_pose_keeps_at_least_four_points (void **state)
{
  g_autoptr (Bench) bench = bench_new ();
  for (guint i = 0; i < 4; i++)
    click_corner (bench, i < 3 ? i : 5);
  assert_true (press_key (bench->desk, "BackSpace"));
  assert_int_equal (posed (bench)->n_pairs, 4);
  click_corner (bench, 6);
  assert_int_equal (posed (bench)->n_pairs, 5);
  press_key (bench->desk, "BackSpace");
  assert_int_equal (posed (bench)->n_pairs, 4);
}

static void
enter_finishes_and_the_next_clicks_make_another (void **state)
{
  g_autoptr (Bench) bench = bench_new ();
  for (guint i = 0; i < 4; i++)
    click_corner (bench, i < 3 ? i : 5);
  press_key (bench->desk, "Enter");
  assert_true (assay_id_is_nil (&scene_of (bench->desk)->selected));
  for (guint i = 0; i < 4; i++)
    click_corner (bench, i < 3 ? i : 5);
  assert_int_equal (n_objects (bench->desk), 2);
}

static void
tab_hides_the_outline_to_see_the_picture (void **state)
{
  g_autoptr (Bench) bench = bench_new ();
  for (guint i = 0; i < 4; i++)
    click_corner (bench, i < 3 ? i : 5);
  g_autoptr (AssayMarks) with = assay_session_list_tool_marks (bench->desk->session);
  press_key (bench->desk, "Tab");
  g_autoptr (AssayMarks) without = assay_session_list_tool_marks (bench->desk->session);
  assert_int_equal (with->marks->len - without->marks->len, 12);
}

/* A ball of 5 cm radius, in facets of 10 degrees: no edge of it is bent. */
static AssayModel *
ball_new (void)
{
  const guint n_across = 36, n_down = 18;
  AssayModel *model = g_new0 (AssayModel, 1);
  model->n_vertices = n_across * (n_down + 1);
  model->vertices_m = g_new0 (AssayPoint3, model->n_vertices);
  model->triangles = g_new0 (guint32, 6 * n_across * n_down);
  for (guint j = 0; j <= n_down; j++)
    for (guint i = 0; i < n_across; i++)
      {
        double down = G_PI * (j + 0.01) / (n_down + 0.02), across = 2 * G_PI * i / n_across;
        model->vertices_m[j * n_across + i] = (AssayPoint3){ 0.05 * sin (down) * cos (across),
                                                             0.05 * sin (down) * sin (across), 0.05 * cos (down) };
      }
  for (guint j = 0; j < n_down; j++)
    for (guint i = 0; i < n_across; i++)
      {
        guint a = j * n_across + i, b = j * n_across + (i + 1) % n_across;
        guint32 two[6] = { a, b, a + n_across, b, b + n_across, a + n_across };
        memcpy (&model->triangles[3 * model->n_triangles], two, sizeof two);
        model->n_triangles += 2;
      }
  return model;
}

static void
a_smooth_body_is_outlined_where_it_turns_away (void **state)
{
  g_autoptr (AssayModel) ball = ball_new ();
  g_autoptr (GArray) edges = assay_model_list_edges (ball, ASSAY_MODEL_ANGLE_DEG);
  g_autoptr (AssayMarks) marks = assay_marks_new ();
  AssayPose pose = { .r = { 1, 0, 0, 0, 0, 1, 0, -1, 0 }, .t_m = { 0, 0, 0.5 } };
  AssayCamera camera = { .fx = 600, .fy = 600, .cx = 319.5, .cy = 239.5 };
  /* The rim of a ball is seen under asin (radius / distance). */
  double rim_px = 600 * tan (asin (0.05 / 0.5));
  gboolean round[12] = { FALSE }; /* by the hour */
  assay_model_list_outline (ball, edges, &pose, &camera, 0xff0000, 0, marks);
  for (guint i = 0; i < marks->marks->len; i++)
    {
      const AssayMark *mark = &g_array_index (marks->marks, AssayMark, i);
      double r = hypot (mark->points[0].x - 320, mark->points[0].y - 240);
      if ((mark->flags & ASSAY_MARK_FAINT) == 0 && r > 20) /* not the little rings at the poles */
        {
          round[(guint) (6 + 6 * atan2 (mark->points[0].y - 240, mark->points[0].x - 320) / G_PI) % 12] = TRUE;
          assert_true (fabs (r - rim_px) < 0.05 * rim_px);
        }
    }
  for (guint i = 0; i < 12; i++)
    assert_true (round[i]);
}

static void
without_a_model_it_says_what_is_missing (void **state)
{
  g_autoptr (Desk) desk = desk_new ("pose", "pose");
  click (desk, 50, 50);
  assert_int_equal (n_objects (desk), 0);
  assert_non_null (strstr (desk->hint, "3D model"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_box_shows_its_twelve_edges_and_eight_corners),
    cmocka_unit_test (the_fourth_corner_gives_the_pose_that_projected_them),
    cmocka_unit_test (a_wrong_corner_shows_in_the_residual_and_dragging_it_heals),
    cmocka_unit_test (a_pose_keeps_at_least_four_points),
    cmocka_unit_test (enter_finishes_and_the_next_clicks_make_another),
    cmocka_unit_test (tab_hides_the_outline_to_see_the_picture),
    cmocka_unit_test (a_smooth_body_is_outlined_where_it_turns_away),
    cmocka_unit_test (without_a_model_it_says_what_is_missing),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
