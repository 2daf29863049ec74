/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/view.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static AssayView
view_of (guint image_w, guint image_h)
{
  AssayView view = { 0 };
  assay_view_resize (&view, 800, 600);
  assay_view_set_image (&view, image_w, image_h);
  return view;
}

static void
assert_near (double a, double b)
{
  assert_true (fabs (a - b) < 1e-9);
}

static void
a_fitted_picture_is_whole_and_in_the_middle (void **state)
{
  AssayView view = view_of (4000, 1000);
  AssayPoint a = assay_view_from_image (&view, (AssayPoint){ 0, 0 });
  AssayPoint b = assay_view_from_image (&view, (AssayPoint){ 4000, 1000 });
  assert_true (a.x >= 0 && a.y >= 0 && b.x <= 800 && b.y <= 600);
  assert_true (b.x - a.x > 700);
  assert_true (fabs (a.y - (600 - b.y)) <= 1);
}

static void
zooming_keeps_the_point_under_the_pointer (void **state)
{
  AssayView view = view_of (640, 480);
  AssayPoint at = { 517, 222 }, before = assay_view_to_image (&view, at);
  for (int i = 0; i < 8; i++)
    assay_view_zoom_by (&view, ASSAY_VIEW_STEP, at);
  AssayPoint after = assay_view_to_image (&view, at);
  /* The picture stands on whole pixels, so half a pixel of the screen may be lost a step. */
  assert_true (hypot (after.x - before.x, after.y - before.y) * view.zoom < 8);
}

static void
the_picture_stands_on_whole_pixels (void **state)
{
  AssayView view = view_of (643, 481);
  assay_view_zoom_by (&view, 1.7, (AssayPoint){ 33.3, 71.9 });
  assay_view_pan (&view, 0.4, -7.7);
  assert_near (view.x, round (view.x));
  assert_near (view.y, round (view.y));
}

static void
there_and_back_is_the_same_point (void **state)
{
  AssayView view = view_of (640, 480);
  assay_view_zoom_to (&view, 3.7, (AssayPoint){ 100, 100 });
  AssayPoint p = assay_view_to_image (&view, assay_view_from_image (&view, (AssayPoint){ 12.25, 300.5 }));
  assert_near (p.x, 12.25);
  assert_near (p.y, 300.5);
}

static void
nobody_loses_the_picture (void **state)
{
  AssayView view = view_of (640, 480);
  assay_view_pan (&view, 1e6, -1e6);
  AssayPoint middle = assay_view_to_image (&view, (AssayPoint){ 400, 300 });
  assert_true (middle.x >= -1 && middle.x <= 641 && middle.y >= -1 && middle.y <= 481);
  assay_view_zoom_by (&view, 1e9, (AssayPoint){ 400, 300 });
  assert_near (view.zoom, ASSAY_VIEW_MAX_ZOOM);
  assay_view_zoom_by (&view, 1e-9, (AssayPoint){ 400, 300 });
  assert_true (view.zoom > 0.1);
}

static void
the_next_picture_of_the_same_size_keeps_zoom_and_place (void **state)
{
  AssayView view = view_of (640, 480);
  assay_view_zoom_to (&view, 4, (AssayPoint){ 200, 200 });
  AssayView before = view;
  assay_view_set_image (&view, 640, 480);
  assert_memory_equal (&view, &before, sizeof view);
  assay_view_set_image (&view, 641, 480);
  assert_true (view.fitted);
}

static void
a_window_that_grows_keeps_its_middle (void **state)
{
  AssayView view = view_of (640, 480);
  assay_view_zoom_to (&view, 4, (AssayPoint){ 400, 300 });
  AssayPoint before = assay_view_to_image (&view, (AssayPoint){ 400, 300 });
  assay_view_resize (&view, 1000, 700);
  AssayPoint after = assay_view_to_image (&view, (AssayPoint){ 500, 350 });
  assert_near (before.x, after.x);
  assert_near (before.y, after.y);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_fitted_picture_is_whole_and_in_the_middle),
    cmocka_unit_test (zooming_keeps_the_point_under_the_pointer),
    cmocka_unit_test (the_picture_stands_on_whole_pixels),
    cmocka_unit_test (there_and_back_is_the_same_point),
    cmocka_unit_test (nobody_loses_the_picture),
    cmocka_unit_test (the_next_picture_of_the_same_size_keeps_zoom_and_place),
    cmocka_unit_test (a_window_that_grows_keeps_its_middle),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
