/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/polygon.h"
#include "core/region.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* COCO's rule as it is written down: step along every edge in fifths of a pixel, point by point, keep all points,
 * and toggle below each crossing of a column's middle. Slow and plain. */
static void
step_along (const AssayRing *ring, guint i, GArray *us, GArray *vs)
{
  AssayPoint a = ring->points[i], b = ring->points[(i + 1) % ring->n_points];
  int xs = (int) (5 * a.x + .5), ys = (int) (5 * a.y + .5), xe = (int) (5 * b.x + .5), ye = (int) (5 * b.y + .5);
  int dx = abs (xe - xs), dy = abs (ye - ys);
  gboolean along_x = dx >= dy, backward = along_x ? xs > xe : ys > ye;
  int x0 = backward ? xe : xs, y0 = backward ? ye : ys, x1 = backward ? xs : xe, y1 = backward ? ys : ye;
  int length = along_x ? dx : dy;
  double slope = length == 0 ? 0 : along_x ? (double) (y1 - y0) / dx : (double) (x1 - x0) / dy;
  for (int d = 0; d <= length; d++)
    {
      int t = backward ? length - d : d;
      int u = along_x ? x0 + t : (int) (x0 + slope * t + .5), v = along_x ? (int) (y0 + slope * t + .5) : y0 + t;
      g_array_append_val (us, u);
      g_array_append_val (vs, v);
    }
}

static void
draw_plainly (const AssayRing *ring, guint w, guint h, guint8 *ret_px)
{
  g_autoptr (GArray) us = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) vs = g_array_new (FALSE, FALSE, sizeof (int));
  for (guint i = 0; i < ring->n_points; i++)
    step_along (ring, i, us, vs);
  g_autofree guint8 *toggles = g_new0 (guint8, (gsize) w * h + h + 1);
  for (guint i = 1; i < us->len; i++)
    {
      int u0 = g_array_index (us, int, i - 1), u1 = g_array_index (us, int, i);
      double x = (MIN (u0, u1 == u0 ? u1 : MAX (u0, u1) - 1) + .5) / 5 - .5;
      if (u0 == u1 || floor (x) != x || x < 0 || x > (double) w - 1)
        continue;
      double y = (MIN (g_array_index (vs, int, i - 1), g_array_index (vs, int, i)) + .5) / 5 - .5;
      toggles[(gsize) x * h + (gsize) ceil (CLAMP (y, 0, (double) h))] ^= 1;
    }
  gboolean inside = FALSE;
  for (gsize at = 0; at < (gsize) w * h; at++)
    {
      inside ^= toggles[at];
      ret_px[(at % h) * w + at / h] = (guint8) inside;
    }
}

static AssayRing *
random_ring (GRand *random, guint w, guint h)
{
  AssayPoint points[10];
  guint n = (guint) g_rand_int_range (random, 3, 11), style = (guint) g_rand_int_range (random, 0, 4);
  for (guint i = 0; i < n; i++)
    {
      double x = g_rand_double_range (random, -0.3 * w, 1.3 * w),
             y = g_rand_double_range (random, -0.3 * h, 1.3 * h);
      if (style == 1) /* corners of pixels */
        x = floor (x), y = floor (y);
      if (style == 2) /* halves and fifths, where roundings tie */
        x = floor (x * 10) / 10, y = floor (y * 10) / 10;
      if (style == 3 && i > 0 && g_rand_boolean (random)) /* a point twice */
        x = points[i - 1].x, y = points[i - 1].y;
      points[i] = (AssayPoint){ x, y };
    }
  return assay_ring_new (points, n, FALSE);
}

static void
rings_give_the_pixels_of_the_plain_rule (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  for (guint round = 0; round < 4000; round++)
    {
      guint w = (guint) g_rand_int_range (random, 1, 60), h = (guint) g_rand_int_range (random, 1, 60);
      g_autoptr (AssayRing) ring = random_ring (random, w, h);
      g_autofree guint8 *px = g_new0 (guint8, (gsize) w * h);
      draw_plainly (ring, w, h, px);
      g_autoptr (AssayMask) wanted = assay_mask_new_from_bytes (px, w, w, h);
      g_autoptr (AssayMask) got = assay_mask_new_from_ring (ring, w, h);
      if (!assay_mask_equal (got, wanted))
        fail_msg ("round %u: other pixels", round);
    }
}

static void
holes_are_cut_whatever_their_order (void **state)
{
  AssayPoint outer[] = { { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 } },
             inner[] = { { 3, 3 }, { 6, 3 }, { 6, 6 }, { 3, 6 } };
  for (guint order = 0; order < 2; order++)
    {
      GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
      g_ptr_array_add (rings, order == 0 ? assay_ring_new (outer, 4, FALSE) : assay_ring_new (inner, 4, TRUE));
      g_ptr_array_add (rings, order == 0 ? assay_ring_new (inner, 4, TRUE) : assay_ring_new (outer, 4, FALSE));
      g_autoptr (AssayRegion) region = assay_region_new_from_rings (rings, 12, 12);
      assert_int_equal (assay_mask_area_px (region->mask), 100 - 9);
      assert_false (assay_mask_contains (region->mask, 4, 4));
      g_autoptr (AssayRegion) copy = assay_region_copy (region);
      assert_true (assay_mask_equal (copy->mask, region->mask));
      assert_int_equal (copy->rings->len, 2);
      assert_true (assay_ring_equal (copy->rings->pdata[1], rings->pdata[1]));
    }
}

/* A file may say anything. Time follows the picture, not the numbers. */
static void
coordinates_far_out_cost_nothing (void **state)
{
  AssayPoint points[] = { { -1e300, -1e300 }, { 1e300, -1e300 }, { INFINITY, 1e18 }, { NAN, 5 }, { -1e12, 1e12 } };
  AssayRing ring = { .n_points = 5, .points = points };
  gint64 start = g_get_monotonic_time ();
  g_autoptr (AssayMask) mask = assay_mask_new_from_ring (&ring, 4000, 3000);
  assert_true (g_get_monotonic_time () - start < G_USEC_PER_SEC);
  assert_true (assay_mask_area_px (mask) <= 4000 * 3000);
}

static void
a_picture_inside_a_huge_ring_is_full (void **state)
{
  AssayPoint points[] = { { -1e7, -1e7 }, { 1e7, -1e7 }, { 1e7, 1e7 }, { -1e7, 1e7 } };
  AssayRing ring = { .n_points = 4, .points = points };
  g_autoptr (AssayMask) mask = assay_mask_new_from_ring (&ring, 40, 30);
  assert_int_equal (assay_mask_area_px (mask), 1200);
}

static void
the_nearest_edge_of_a_ring_is_found (void **state)
{
  AssayPoint points[] = { { 0, 0 }, { 10, 0 }, { 10, 10 }, { 0, 10 } };
  AssayRing ring = { .n_points = 4, .points = points };
  guint edge = 9;
  assert_float_equal (assay_ring_distance (&ring, (AssayPoint){ 12, 5 }, &edge), 2, 1e-12);
  assert_int_equal (edge, 1);
  assert_float_equal (assay_ring_distance (&ring, (AssayPoint){ -3, 14 }, NULL), 5, 1e-12);
  assert_float_equal (assay_ring_distance (&ring, (AssayPoint){ 1, 5 }, &edge), 1, 1e-12);
  assert_int_equal (edge, 3);
  assert_true (assay_ring_contains (&ring, (AssayPoint){ 5, 5 }));
  assert_false (assay_ring_contains (&ring, (AssayPoint){ 5, -1 }));
  assert_float_equal (assay_ring_area (&ring), 100, 1e-12);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (rings_give_the_pixels_of_the_plain_rule),
    cmocka_unit_test (holes_are_cut_whatever_their_order),
    cmocka_unit_test (coordinates_far_out_cost_nothing),
    cmocka_unit_test (a_picture_inside_a_huge_ring_is_full),
    cmocka_unit_test (the_nearest_edge_of_a_ring_is_found),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
