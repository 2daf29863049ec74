/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Grown, shrunk, smoothed, split and filled masks against the plain way: one byte a pixel, and every pixel looked
 * at from every other one. */
#include "core/mask-parts.h"
#include "core/mask-shape.h"
#include "core/mask-trace.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SIDE 22
#define ROUNDS 150

typedef struct
{
  int w, h;
  guint8 px[SIDE][SIDE]; /* [y][x] */
} Plain;

/* Runs down the columns, squares, or single pixels: full and sparse ones, and such that reach the edges. */
static Plain
random_plain (GRand *random)
{
  Plain plain = { .w = g_rand_int_range (random, 1, SIDE + 1), .h = g_rand_int_range (random, 1, SIDE + 1) };
  gboolean squares = g_rand_boolean (random);
  double turn = g_rand_double (random) * 0.5;
  guint8 value = (guint8) g_rand_boolean (random);
  for (int x = 0; x < plain.w && !squares; x++)
    for (int y = 0; y < plain.h; y++)
      plain.px[y][x] = value ^= g_rand_double (random) < turn;
  for (int i = 0; i < 9 && squares; i++)
    {
      int x0 = g_rand_int_range (random, 0, plain.w), y0 = g_rand_int_range (random, 0, plain.h);
      int side = g_rand_int_range (random, 1, 11);
      for (int y = y0; y < MIN (y0 + side, plain.h); y++)
        for (int x = x0; x < MIN (x0 + side, plain.w); x++)
          plain.px[y][x] = i % 3 != 2;
    }
  return plain;
}

static AssayMask *
mask_of (const Plain *plain)
{
  return assay_mask_new_from_bytes (&plain->px[0][0], SIDE, (guint) plain->w, (guint) plain->h);
}

static void
assert_is (const AssayMask *mask, const Plain *wanted, const char *what, guint n)
{
  g_autoptr (AssayMask) other = mask_of (wanted);
  if (!assay_mask_equal (mask, other))
    fail_msg ("%s by %u: %d x %d pixels are others than the plain way's", what, n, wanted->w, wanted->h);
}

/* How many of the pixels at most n away are inside, and how many there are. */
static void
count_near (const Plain *plain, int x, int y, int n, guint *ret_inside, guint *ret_all)
{
  *ret_inside = *ret_all = 0;
  for (int v = 0; v < plain->h; v++)
    for (int u = 0; u < plain->w; u++)
      if ((u - x) * (u - x) + (v - y) * (v - y) <= n * n)
        {
          *ret_all += 1;
          *ret_inside += plain->px[v][u];
        }
}

static void
each_pixel_of_a_disc_is_looked_at (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (71);
  for (guint round = 0; round < ROUNDS; round++)
    {
      Plain plain = random_plain (random), grown = plain, shrunk = plain, smooth = plain;
      guint n = (guint) g_rand_int_range (random, 0, 7), inside, all;
      g_autoptr (AssayMask) mask = mask_of (&plain);
      for (int y = 0; y < plain.h; y++)
        for (int x = 0; x < plain.w; x++)
          {
            count_near (&plain, x, y, (int) n, &inside, &all);
            grown.px[y][x] = inside > 0;
            shrunk.px[y][x] = inside == all;
            smooth.px[y][x] = 2 * inside == all ? plain.px[y][x] : 2 * inside > all;
          }
      g_autoptr (AssayMask) by_grow = assay_mask_grow (mask, n);
      g_autoptr (AssayMask) by_shrink = assay_mask_shrink (mask, n);
      g_autoptr (AssayMask) by_smooth = assay_mask_smooth (mask, n);
      assert_is (by_grow, &grown, "grown", n);
      assert_is (by_shrink, &shrunk, "shrunk", n);
      assert_is (by_smooth, &smooth, "smoothed", n);
    }
}

static void
a_boundary_is_what_has_an_outside_neighbour (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (72);
  for (guint round = 0; round < ROUNDS; round++)
    {
      Plain plain = random_plain (random), wanted = plain;
      for (int y = 0; y < plain.h; y++)
        for (int x = 0; x < plain.w; x++)
          wanted.px[y][x] = plain.px[y][x]
                            && ((x > 0 && !plain.px[y][x - 1]) || (x + 1 < plain.w && !plain.px[y][x + 1])
                                || (y > 0 && !plain.px[y - 1][x]) || (y + 1 < plain.h && !plain.px[y + 1][x]));
      g_autoptr (AssayMask) mask = mask_of (&plain);
      g_autoptr (AssayMask) boundary = assay_mask_boundary (mask);
      assert_is (boundary, &wanted, "boundary", 1);
    }
}

/* Marks what is joined to a pixel with `number`: by sides, and with `corners` by corners too. */
static guint
flood (const Plain *plain, guint8 value, int x, int y, gboolean corners, int number, int numbers[SIDE][SIDE])
{
  if (x < 0 || y < 0 || x >= plain->w || y >= plain->h || plain->px[y][x] != value || numbers[y][x] != 0)
    return 0;
  numbers[y][x] = number;
  guint n = 1;
  for (int v = -1; v <= 1; v++)
    for (int u = -1; u <= 1; u++)
      if (corners || u == 0 || v == 0)
        n += flood (plain, value, x + u, y + v, corners, number, numbers);
  return n;
}

static Plain
pick (const Plain *plain, int numbers[SIDE][SIDE], int number)
{
  Plain picked = { .w = plain->w, .h = plain->h };
  for (int y = 0; y < plain->h; y++)
    for (int x = 0; x < plain->w; x++)
      picked.px[y][x] = numbers[y][x] == number;
  return picked;
}

static void
parts_are_what_a_flood_finds (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (73);
  for (guint round = 0; round < ROUNDS; round++)
    {
      Plain plain = random_plain (random);
      g_autoptr (AssayMask) mask = mask_of (&plain);
      g_autoptr (GPtrArray) parts = assay_mask_split (mask);
      g_autoptr (GArray) list = assay_mask_list_parts (mask);
      int numbers[SIDE][SIDE] = { 0 }, largest = 0;
      guint n = 0, most = 0;
      for (int x = 0; x < plain.w; x++)
        for (int y = 0; y < plain.h; y++)
          {
            guint area = flood (&plain, 1, x, y, TRUE, (int) n + 1, numbers);
            if (area == 0)
              continue;
            Plain wanted = pick (&plain, numbers, (int) ++n);
            assert_true (n <= parts->len);
            assert_is (parts->pdata[n - 1], &wanted, "part", n);
            assert_int_equal (g_array_index (list, AssayMaskPart, n - 1).area_px, area);
            if (area > most)
              {
                most = area;
                largest = (int) n;
              }
          }
      assert_int_equal (parts->len, n);
      Plain wanted = pick (&plain, numbers, largest);
      g_autoptr (AssayMask) kept = assay_mask_keep_largest (mask);
      assert_is (kept, largest > 0 ? &wanted : &plain, "largest", n);
    }
}

static int
distance_to (const AssayMask *mask, int x, int y)
{
  int least = G_MAXINT;
  for (int v = 0; v < (int) mask->height_px; v++)
    for (int u = 0; u < (int) mask->width_px; u++)
      if (assay_mask_contains (mask, (guint) u, (guint) v))
        least = MIN (least, (u - x) * (u - x) + (v - y) * (v - y));
  return least;
}

static void
each_pixel_goes_to_the_part_that_is_nearest (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (79);
  for (guint round = 0; round < ROUNDS / 5; round++)
    {
      Plain plain = random_plain (random), other = random_plain (random);
      other.w = plain.w;
      other.h = plain.h;
      g_autoptr (AssayMask) mask = mask_of (&plain), pixels = mask_of (&other);
      g_autoptr (GPtrArray) parts = assay_mask_split (mask), shares = assay_mask_share_out (mask, pixels, NULL);
      g_autoptr (AssayMask) all = assay_mask_new_empty (mask->width_px, mask->height_px);
      assert_int_equal (shares->len, parts->len);
      guint64 sum = 0;
      for (guint i = 0; i < shares->len; i++)
        {
          sum += assay_mask_area_px (shares->pdata[i]);
          assay_mask_combine_into (&all, shares->pdata[i], ASSAY_MASK_UNION);
          for (int y = 0; y < plain.h; y++)
            for (int x = 0; x < plain.w; x++)
              if (assay_mask_contains (shares->pdata[i], (guint) x, (guint) y))
                assert_int_equal (distance_to (parts->pdata[i], x, y), distance_to (mask, x, y));
        }
      assert_true (parts->len == 0 || (assay_mask_equal (all, pixels) && sum == assay_mask_area_px (pixels)));
    }
}

static void
holes_are_filled_up_to_their_size (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (74);
  guint n_holes = 0;
  for (guint round = 0; round < 4 * ROUNDS; round++)
    {
      Plain plain = random_plain (random), filled = plain, all_filled = plain;
      guint64 limit = (guint64) g_rand_int_range (random, 0, 6);
      int numbers[SIDE][SIDE] = { 0 }, n = 0;
      for (int x = 0; x < plain.w; x++)
        for (int y = 0; y < plain.h; y++)
          {
            guint area = flood (&plain, 0, x, y, FALSE, n + 1, numbers);
            gboolean at_edge = FALSE;
            if (area == 0)
              continue;
            n++;
            for (int v = 0; v < plain.h; v++)
              for (int u = 0; u < plain.w; u++)
                at_edge |= numbers[v][u] == n && (u == 0 || v == 0 || u == plain.w - 1 || v == plain.h - 1);
            n_holes += !at_edge;
            for (int v = 0; v < plain.h; v++)
              for (int u = 0; u < plain.w; u++)
                if (numbers[v][u] == n && !at_edge)
                  {
                    all_filled.px[v][u] = 1;
                    filled.px[v][u] |= area <= limit;
                  }
          }
      g_autoptr (AssayMask) mask = mask_of (&plain);
      g_autoptr (AssayMask) some = assay_mask_fill_holes (mask, limit);
      g_autoptr (AssayMask) all = assay_mask_fill_holes (mask, ASSAY_MASK_ALL_HOLES);
      assert_is (some, &filled, "holes filled", (guint) limit);
      assert_is (all, &all_filled, "all holes filled", 0);
    }
  assert_true (n_holes > 100);
}

/* The rings stay apart where pixels meet at a corner, so that each is simple. */
static void
an_outline_gives_the_same_pixels_back (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (75);
  guint n_holes = 0;
  for (guint round = 0; round < 4 * ROUNDS; round++)
    {
      Plain plain = random_plain (random);
      g_autoptr (AssayMask) mask = mask_of (&plain);
      g_autoptr (GPtrArray) rings = assay_mask_trace (mask);
      g_autoptr (AssayMask) back = assay_mask_new_empty (mask->width_px, mask->height_px);
      double area = 0;
      for (guint i = 0; i < rings->len; i++)
        {
          const AssayRing *ring = rings->pdata[i];
          n_holes += ring->hole;
          area += assay_ring_area (ring) * (ring->hole ? -1 : 1);
          g_autoptr (AssayMask) own = assay_mask_new_from_ring (ring, mask->width_px, mask->height_px);
          AssayMask *both = assay_mask_combine (back, own, ASSAY_MASK_XOR);
          assay_mask_free (back);
          back = both;
        }
      assert_is (back, &plain, "outline", rings->len);
      assert_int_equal ((guint64) area, assay_mask_area_px (mask));
    }
  assert_true (n_holes > 100);
}

static void
a_mask_moves_as_a_whole (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (76);
  for (guint round = 0; round < ROUNDS; round++)
    {
      Plain plain = random_plain (random), moved = { .w = plain.w, .h = plain.h };
      int dx = g_rand_int_range (random, -SIDE - 2, SIDE + 3), dy = g_rand_int_range (random, -SIDE - 2, SIDE + 3);
      for (int y = 0; y < plain.h; y++)
        for (int x = 0; x < plain.w; x++)
          if (x + dx >= 0 && x + dx < plain.w && y + dy >= 0 && y + dy < plain.h)
            moved.px[y + dy][x + dx] = plain.px[y][x];
      g_autoptr (AssayMask) mask = mask_of (&plain);
      g_autoptr (AssayMask) shifted = assay_mask_shift (mask, dx, dy);
      assert_is (shifted, &moved, "moved", round);
    }
}

/* A disc as large as a picture of 24 megapixels holds: the cost is told, and is no second. */
static void
a_large_object_takes_no_second (void **state)
{
  const guint w = 6000, h = 4000, r = 1900;
  g_autofree guint8 *bytes = g_malloc0 ((gsize) w * h);
  for (guint y = 0; y < h; y++)
    for (guint x = 0; x < w; x++)
      {
        gint64 dx = (gint64) x - 3000, dy = (gint64) y - 2000;
        bytes[(gsize) y * w + x] = dx * dx + dy * dy <= (gint64) r * r;
      }
  g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (bytes, w, w, h);
  gint64 begun_us = g_get_monotonic_time ();
  g_autoptr (AssayMask) grown = assay_mask_grow (mask, 5);
  gint64 grown_us = g_get_monotonic_time ();
  g_autoptr (AssayMask) shrunk = assay_mask_shrink (grown, 5);
  gint64 shrunk_us = g_get_monotonic_time ();
  g_autoptr (AssayMask) smooth = assay_mask_smooth (mask, 3);
  gint64 smooth_us = g_get_monotonic_time ();
  g_autoptr (AssayMask) filled = assay_mask_fill_holes (mask, ASSAY_MASK_ALL_HOLES);
  gint64 filled_us = g_get_monotonic_time ();
  print_message ("# 24 MP: grow %.0f ms, shrink %.0f ms, smooth %.0f ms, holes %.0f ms\n",
                 (double) (grown_us - begun_us) / 1e3, (double) (shrunk_us - grown_us) / 1e3,
                 (double) (smooth_us - shrunk_us) / 1e3, (double) (filled_us - smooth_us) / 1e3);
  /* A closing adds nothing that a disc of its size can reach, and takes nothing. */
  g_autoptr (AssayMask) lost = assay_mask_combine (mask, shrunk, ASSAY_MASK_DIFFERENCE);
  assert_int_equal (assay_mask_area_px (lost), 0);
  assert_true (assay_mask_iou (mask, shrunk, FALSE) > 0.9999);
  assert_true (assay_mask_iou (mask, smooth, FALSE) > 0.9999);
  assert_true (assay_mask_equal (mask, filled));
  assert_true (filled_us - begun_us
               < 20 * G_USEC_PER_SEC); /* of a machine that does other things, with sanitizers */
}

/* Somebody who changes their mind as soon as it is seen that work goes on. */
static gpointer
cancel_once_begun (gpointer progress)
{
  while (assay_progress_get_fraction (progress) <= 0)
    g_usleep (200);
  assay_progress_cancel (progress);
  return NULL;
}

static void
work_on_one_object_stops_within_it (void **state)
{
  enum
  {
    LARGE = 3000
  };
  AssayMask *(*const works[]) (const AssayMask *mask, guint n_px, AssayProgress *progress)
      = { assay_mask_grow_watched, assay_mask_shrink_watched, assay_mask_smooth_watched };
  g_autofree guint8 *bytes = g_malloc ((gsize) LARGE * LARGE);
  for (gsize i = 0; i < (gsize) LARGE * LARGE; i++)
    bytes[i] = (i * 2654435761u >> 7) % 3 == 0; /* noise: thousands of stretches a column */
  g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (bytes, LARGE, LARGE, LARGE);
  for (guint i = 0; i < G_N_ELEMENTS (works); i++)
    {
      g_autoptr (AssayProgress) progress = assay_progress_new ();
      GThread *who = g_thread_new ("cancel", cancel_once_begun, progress);
      g_autoptr (AssayMask) none = works[i](mask, 250, progress);
      g_thread_join (who);
      assert_null (none);
      assert_true (assay_progress_get_fraction (progress) < 1);
    }
  g_autoptr (AssayProgress) over = assay_progress_new ();
  assay_progress_cancel (over);
  assert_null (assay_mask_share_out (mask, mask, over));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (each_pixel_of_a_disc_is_looked_at),
    cmocka_unit_test (a_boundary_is_what_has_an_outside_neighbour),
    cmocka_unit_test (parts_are_what_a_flood_finds),
    cmocka_unit_test (each_pixel_goes_to_the_part_that_is_nearest),
    cmocka_unit_test (holes_are_filled_up_to_their_size),
    cmocka_unit_test (an_outline_gives_the_same_pixels_back),
    cmocka_unit_test (a_mask_moves_as_a_whole),
    cmocka_unit_test (a_large_object_takes_no_second),
    cmocka_unit_test (work_on_one_object_stops_within_it),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
