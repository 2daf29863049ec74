/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The canvas in a window of its own. No touch screen can be made here: two fingers are proven from where the
 * gesture tells of them on. */
#include "app/gui/canvas.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct
{
  GtkWidget *window;
  AssayCanvas *canvas;
} Stage;

static AssayPyramid *
new_pyramid (guint side)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (side, side, ASSAY_PIXELS_GREY16);
  return assay_pyramid_new (picture);
}

static void
run_until_complete (Stage *stage)
{
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  while (!assay_canvas_is_complete (stage->canvas) && g_get_monotonic_time () < until)
    g_main_context_iteration (NULL, FALSE);
  assert_true (assay_canvas_is_complete (stage->canvas));
}

static int
set_up (void **state)
{
  Stage *stage = g_new0 (Stage, 1);
  g_autoptr (AssayPyramid) pyramid = new_pyramid (1000);
  stage->window = gtk_window_new ();
  stage->canvas = ASSAY_CANVAS (assay_canvas_new ());
  gtk_window_set_default_size (GTK_WINDOW (stage->window), 600, 400);
  gtk_window_set_child (GTK_WINDOW (stage->window), GTK_WIDGET (stage->canvas));
  gtk_window_present (GTK_WINDOW (stage->window));
  assay_canvas_set_pyramid (stage->canvas, pyramid);
  run_until_complete (stage);
  *state = stage;
  return 0;
}

static int
tear_down (void **state)
{
  Stage *stage = *state;
  gtk_window_destroy (GTK_WINDOW (stage->window));
  g_free (stage);
  return 0;
}

static void
two_fingers_zoom_and_what_is_between_them_stays_there (void **state)
{
  Stage *stage = *state;
  AssayPoint from = { 250, 180 }, to = { 290, 205 };
  double zoom = assay_canvas_get_view (stage->canvas)->zoom;
  AssayPoint held = assay_view_to_image (assay_canvas_get_view (stage->canvas), from);
  assay_canvas_pinch (stage->canvas, ASSAY_PINCH_BEGIN, 1, from);
  assay_canvas_pinch (stage->canvas, ASSAY_PINCH_UPDATE, 2, from);
  assay_canvas_pinch (stage->canvas, ASSAY_PINCH_UPDATE, 3, to);
  const AssayView *view = assay_canvas_get_view (stage->canvas);
  AssayPoint now = assay_view_from_image (view, held);
  assert_true (fabs (view->zoom - 3 * zoom) < 1e-9);
  assert_true (hypot (now.x - to.x, now.y - to.y) < 4);
  assay_canvas_pinch (stage->canvas, ASSAY_PINCH_END, 3, to);
  assay_canvas_pinch (stage->canvas, ASSAY_PINCH_UPDATE, 9, to); /* nobody is there */
  assert_true (fabs (assay_canvas_get_view (stage->canvas)->zoom - 3 * zoom) < 1e-9);
}

static void
zoom_place_and_display_last_to_the_next_picture_when_asked_to (void **state)
{
  Stage *stage = *state;
  AssayDisplay display = ASSAY_DISPLAY_PLAIN;
  g_autoptr (AssayPyramid) next = new_pyramid (1000);
  double fitted = assay_canvas_get_view (stage->canvas)->zoom;
  display.gamma = 2;
  assay_canvas_look_at (stage->canvas, (AssayPoint){ 400, 600 }, 2);
  assay_canvas_set_display (stage->canvas, &display);
  assay_canvas_set_aids (stage->canvas, ASSAY_AID_KEEP_VIEW | ASSAY_AID_KEEP_DISPLAY);
  assay_canvas_set_pyramid (stage->canvas, next);
  assert_true (assay_canvas_get_view (stage->canvas)->zoom == 2);
  assert_true (assay_canvas_get_display (stage->canvas)->gamma == 2);
  run_until_complete (stage);
  assay_canvas_set_aids (stage->canvas, ASSAY_AID_MAP | ASSAY_AID_CROSSHAIR);
  assay_canvas_set_pyramid (stage->canvas, next);
  assert_true (assay_canvas_get_view (stage->canvas)->zoom == fitted);
  assert_true (assay_display_is_plain (assay_canvas_get_display (stage->canvas)));
  run_until_complete (stage);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (two_fingers_zoom_and_what_is_between_them_stays_there, set_up, tear_down),
    cmocka_unit_test_setup_teardown (zoom_place_and_display_last_to_the_next_picture_when_asked_to, set_up,
                                     tear_down),
  };
  gtk_init ();
  return cmocka_run_group_tests_name ("canvas", tests, NULL, NULL);
}
