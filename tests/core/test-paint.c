/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Strokes against the plain way: every pixel asked for its distance from the line. */
#include "core/paint.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define W 37
#define H 29
#define ON_THE_EDGE 1e-9

static double
distance_round (AssayPoint p, AssayPoint a, AssayPoint b)
{
  double dx = b.x - a.x, dy = b.y - a.y, length = dx * dx + dy * dy;
  double t = length > 0 ? CLAMP (((p.x - a.x) * dx + (p.y - a.y) * dy) / length, 0, 1) : 0;
  return hypot (p.x - a.x - t * dx, p.y - a.y - t * dy);
}

/* The largest of across and along to the nearest square: by trying many places of its middle. */
static double
distance_square (AssayPoint p, AssayPoint a, AssayPoint b)
{
  double best = INFINITY, low = 0, high = 1;
  /* Convex in t: narrowed down by thirds. */
  for (guint i = 0; i < 200; i++)
    {
      double t[2] = { low + (high - low) / 3, high - (high - low) / 3 }, d[2];
      for (guint k = 0; k < 2; k++)
        {
          d[k] = fmax (fabs (p.x - a.x - t[k] * (b.x - a.x)), fabs (p.y - a.y - t[k] * (b.y - a.y)));
          best = fmin (best, d[k]);
        }
      if (d[0] < d[1])
        high = t[1];
      else
        low = t[0];
    }
  return best;
}

static AssayPoint
random_point (GRand *random)
{
  /* Beyond the picture too; often on whole and half pixels, where ties are. */
  double x = g_rand_double_range (random, -8, W + 8), y = g_rand_double_range (random, -8, H + 8);
  if (g_rand_boolean (random))
    return (AssayPoint){ floor (2 * x) / 2, floor (2 * y) / 2 };
  return (AssayPoint){ x, y };
}

static void
strokes_take_the_pixels_whose_middles_they_cover (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  for (guint round = 0; round < 300; round++)
    {
      g_autoptr (AssayMask) empty = assay_mask_new_empty (W, H);
      g_autoptr (AssayPaint) paint = assay_paint_new (empty);
      AssayBrushShape shape = g_rand_boolean (random) ? ASSAY_BRUSH_ROUND : ASSAY_BRUSH_SQUARE;
      AssayPoint a = random_point (random), b = round % 3 == 0 ? a : random_point (random);
      double size = g_rand_double_range (random, 1.6, 24);
      assay_paint_stroke (paint, a, b, size, shape, TRUE);
      for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++)
          {
            AssayPoint p = { x + 0.5, y + 0.5 };
            double d = shape == ASSAY_BRUSH_ROUND ? distance_round (p, a, b) : distance_square (p, a, b);
            if (fabs (d - size / 2) > ON_THE_EDGE * 100)
              assert_int_equal (assay_paint_contains (paint, x, y), d < size / 2);
          }
    }
}

static void
a_thin_line_has_no_gaps (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (AssayMask) empty = assay_mask_new_empty (W, H);
      g_autoptr (AssayPaint) paint = assay_paint_new (empty);
      AssayPoint a = { g_rand_double_range (random, 0, W), g_rand_double_range (random, 0, H) };
      AssayPoint b = { g_rand_double_range (random, 0, W), g_rand_double_range (random, 0, H) };
      assay_paint_stroke (paint, a, b, 1, ASSAY_BRUSH_ROUND, TRUE);
      for (guint i = 0; i <= 400; i++)
        {
          double t = i / 400.0, x = a.x + t * (b.x - a.x), y = a.y + t * (b.y - a.y);
          /* On the border of two pixels either will do. */
          if (fabs (x - nearbyint (x)) > 1e-6 && fabs (y - nearbyint (y)) > 1e-6)
            assert_true (assay_paint_contains (paint, (int) floor (x), (int) floor (y)));
        }
    }
}

static void
spans_and_masks_are_the_same_as_bytes (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (6);
  for (guint round = 0; round < 200; round++)
    {
      guint8 plain[W * H] = { 0 };
      for (guint i = 0; i < W * H; i++)
        plain[i] = g_rand_int_range (random, 0, 100) < (gint32) (round % 100);
      g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (plain, W, W, H);
      g_autoptr (AssayPaint) paint = assay_paint_new (mask);
      int left = G_MAXINT, top = G_MAXINT, right = -1, bottom = -1;
      for (guint k = 0; k < 60; k++)
        {
          int x = g_rand_int_range (random, -2, W + 2), y0 = g_rand_int_range (random, -3, H + 3),
              y1 = g_rand_int_range (random, -3, H + 3);
          gboolean inside = g_rand_boolean (random);
          assay_paint_span (paint, x, y0, y1, inside);
          for (int y = MAX (y0, 0); y < MIN (y1, H) && x >= 0 && x < W; y++)
            {
              if (plain[y * W + x] != inside)
                {
                  left = MIN (left, x);
                  top = MIN (top, y);
                  right = MAX (right, x + 1);
                  bottom = MAX (bottom, y + 1);
                }
              plain[y * W + x] = (guint8) inside;
            }
        }
      g_autoptr (AssayMask) wanted = assay_mask_new_from_bytes (plain, W, W, H);
      g_autoptr (AssayMask) found = assay_paint_to_mask (paint);
      assert_true (assay_mask_equal (wanted, found));
      guint x0 = (guint) g_rand_int_range (random, 0, W), y0 = (guint) g_rand_int_range (random, 0, H);
      guint w = (guint) g_rand_int_range (random, 0, (gint32) (W - x0) + 1),
            h = (guint) g_rand_int_range (random, 0, (gint32) (H - y0) + 1);
      guint8 bytes[W * H] = { 0 };
      assay_paint_to_bytes (paint, x0, y0, w, h, bytes, W);
      for (guint y = 0; y < h; y++)
        assert_memory_equal (&bytes[y * W], &plain[(y0 + y) * W + x0], w);
      AssayRect dirty = { 0 };
      if (right >= 0)
        {
          assert_true (assay_paint_take_dirty (paint, &dirty));
          assert_true (dirty.x <= left && dirty.y <= top && dirty.x + dirty.w >= right && dirty.y + dirty.h >= bottom);
        }
      else
        assay_paint_take_dirty (paint, &dirty);
      assert_false (assay_paint_take_dirty (paint, &dirty));
    }
}

static void
a_picture_without_pixels_is_no_trouble (void **state)
{
  g_autoptr (AssayMask) empty = assay_mask_new_empty (0, 5);
  g_autoptr (AssayPaint) paint = assay_paint_new (empty);
  assay_paint_stroke (paint, (AssayPoint){ 0, 0 }, (AssayPoint){ 3, 3 }, 9, ASSAY_BRUSH_ROUND, TRUE);
  g_autoptr (AssayMask) mask = assay_paint_to_mask (paint);
  assert_true (assay_mask_equal (mask, empty));
}

static AssayMask *
random_mask (GRand *random)
{
  guint8 bytes[W * H];
  guint whole = g_rand_int_range (random, 0, 4), level = (guint) g_rand_int_range (random, 0, 101);
  for (guint i = 0; i < W * H; i++)
    bytes[i] = whole == 0 ? level > 50 : g_rand_int_range (random, 0, 100) < (int) level;
  return assay_mask_new_from_bytes (bytes, W, W, H);
}

static void
what_a_limit_leaves_out_stays_as_it_was (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  for (guint round = 0; round < 40; round++)
    {
      g_autoptr (AssayMask) before = random_mask (random), theirs = random_mask (random);
      g_autoptr (AssayMask) more = random_mask (random), all_theirs = NULL;
      g_autoptr (AssayPaint) paint = assay_paint_new (before), free = assay_paint_new (before);
      g_autoptr (AssayPaint) limit = assay_paint_new (theirs);
      gboolean limit_inside = g_rand_boolean (random), inside = g_rand_boolean (random);
      AssayPoint a = random_point (random), b = random_point (random);
      assay_paint_add_mask (limit, more);
      all_theirs = assay_paint_to_mask (limit);
      g_autoptr (AssayMask) either = assay_mask_combine (theirs, more, ASSAY_MASK_UNION);
      assert_true (assay_mask_equal (all_theirs, either));
      assay_paint_set_limit (paint, limit, limit_inside);
      assay_paint_stroke (paint, a, b, 9, ASSAY_BRUSH_ROUND, inside);
      assay_paint_stroke (free, a, b, 9, ASSAY_BRUSH_ROUND, inside);
      g_autoptr (AssayMask) after = assay_paint_to_mask (paint); /* and its form is canonical */
      for (guint y = 0; y < H; y++)
        for (guint x = 0; x < W; x++)
          assert_int_equal (assay_mask_contains (after, x, y),
                            assay_mask_contains (either, x, y) == limit_inside
                                ? assay_paint_contains (free, (int) x, (int) y)
                                : assay_mask_contains (before, x, y));
    }
}

static void
a_paint_becomes_any_mask_and_says_where_it_differs (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  g_autoptr (AssayMask) first = random_mask (random);
  g_autoptr (AssayPaint) paint = assay_paint_new (first);
  for (guint i = 0; i < 500; i++)
    {
      AssayRect dirty = { 0 }, wanted = { 0 };
      if (i % 3 == 0)
        assay_paint_stroke (paint, random_point (random), random_point (random), 5, ASSAY_BRUSH_ROUND, i % 2);
      assay_paint_take_dirty (paint, &dirty);
      g_autoptr (AssayMask) before = assay_paint_to_mask (paint), after = random_mask (random);
      g_autoptr (AssayMask) differs = assay_mask_combine (before, after, ASSAY_MASK_XOR);
      assay_paint_set_mask (paint, after);
      g_autoptr (AssayMask) now = assay_paint_to_mask (paint);
      assert_true (assay_mask_equal (now, after));
      assert_int_equal (assay_paint_take_dirty (paint, &dirty), assay_mask_bounds (differs, &wanted));
      if (assay_mask_area_px (differs) > 0)
        assert_true (dirty.x <= wanted.x && dirty.y <= wanted.y && dirty.x + dirty.w >= wanted.x + wanted.w
                     && dirty.y + dirty.h >= wanted.y + wanted.h);
    }
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (strokes_take_the_pixels_whose_middles_they_cover),
    cmocka_unit_test (a_thin_line_has_no_gaps),
    cmocka_unit_test (spans_and_masks_are_the_same_as_bytes),
    cmocka_unit_test (what_a_limit_leaves_out_stays_as_it_was),
    cmocka_unit_test (a_paint_becomes_any_mask_and_says_where_it_differs),
    cmocka_unit_test (a_picture_without_pixels_is_no_trouble),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
