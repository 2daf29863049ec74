/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the canvas puts on the screen, pixel by pixel, without a window. */
#include "app/gui/tile-grid.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define SIDE 1000

/* Columns of black and white. */
static AssayPyramid *
new_stripes (void)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (SIDE, SIDE, ASSAY_PIXELS_RGB8);
  for (guint y = 0; y < SIDE; y++)
    for (guint x = 0; x < 3 * SIDE; x++)
      picture->data[y * picture->stride + x] = (x / 3) % 2 == 0 ? 0 : 255;
  return assay_pyramid_new (picture);
}

static void
past_one_to_one_every_pixel_is_a_crisp_square (void **state)
{
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  guint32 pixels[40];
  assay_pyramid_sample (pyramid, NULL, 8, 0, 0, 40, 1, 0, pixels, 40);
  for (guint x = 0; x < 40; x++)
    assert_int_equal (pixels[x], (x / 8) % 2 == 0 ? 0xff000000 : 0xffffffff);
}

static void
one_to_one_is_the_picture_itself_and_outside_is_nothing (void **state)
{
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  guint32 pixels[8];
  assay_pyramid_sample (pyramid, NULL, 1, SIDE - 4, SIDE - 1, 8, 1, 0x12345678, pixels, 8);
  for (guint x = 0; x < 8; x++)
    assert_int_equal (pixels[x], x >= 4 ? 0x12345678 : x % 2 == 0 ? 0xff000000 : 0xffffffff);
}

static void
far_away_it_is_averaged_not_dropped (void **state)
{
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  guint32 pixels[32];
  assay_pyramid_sample (pyramid, NULL, 0.25, 4, 4, 32, 1, 0, pixels, 32);
  for (guint x = 0; x < 32; x++)
    assert_in_range (pixels[x] & 0xff, 126, 129); /* sampling without averaging gives all black or all white */
}

/* 16 bits, one value a column: 0, 16, 32 … as a camera of 12 bits writes them. */
static void
window_and_level_show_the_depth_that_eight_bits_hide (void **state)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (64, 64, ASSAY_PIXELS_GREY16);
  for (guint y = 0; y < 64; y++)
    for (guint x = 0; x < 64; x++)
      ((guint16 *) (gpointer) (picture->data + y * picture->stride))[x] = (guint16) (1000 + x);
  g_autoptr (AssayPyramid) pyramid = assay_pyramid_new (picture);
  guint32 plain[64], shown[64];
  assay_pyramid_sample (pyramid, NULL, 1, 0, 0, 64, 1, 0, plain, 64);
  assert_int_equal (plain[0], 0xff030303);
  assert_int_equal (plain[20], plain[0]);
  AssayDisplay display = ASSAY_DISPLAY_PLAIN;
  display.level = 1031.5 / 65535;
  display.window = 63.0 / 65535;
  g_autoptr (AssayDisplayTable) table = assay_display_table_new (&display, pyramid->histogram);
  assay_pyramid_sample (pyramid, table, 1, 0, 0, 64, 1, 0, shown, 64);
  for (guint x = 0; x < 64; x++)
    assert_in_range (shown[x] & 0xff, x * 255 / 63 - (x > 0), x * 255 / 63 + 1);
  double level = 0, window = 0;
  assay_histogram_get_window (pyramid->histogram, &level, &window);
  assert_true (level * 65535 > 1030 && level * 65535 < 1033 && window * 65535 > 60 && window * 65535 < 64);
}

static void
one_channel_is_shown_grey_and_the_picture_stays_as_it_is (void **state)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (2, 1, ASSAY_PIXELS_RGB8);
  const guint8 pixels[6] = { 10, 120, 250, 0, 0, 0 };
  memcpy (picture->data, pixels, sizeof pixels);
  g_autoptr (AssayPyramid) pyramid = assay_pyramid_new (picture);
  static const guint8 wanted[] = { [ASSAY_CHANNEL_RED] = 10, [ASSAY_CHANNEL_GREEN] = 120, [ASSAY_CHANNEL_BLUE] = 250,
                                   [ASSAY_CHANNEL_LUMA] = (77 * 10 + 150 * 120 + 29 * 250) >> 8 };
  for (guint channel = ASSAY_CHANNEL_RED; channel <= ASSAY_CHANNEL_LUMA; channel++)
    {
      AssayDisplay display = ASSAY_DISPLAY_PLAIN;
      guint32 shown = 0;
      display.channel = channel;
      g_autoptr (AssayDisplayTable) table = assay_display_table_new (&display, pyramid->histogram);
      assay_pyramid_sample (pyramid, table, 1, 0, 0, 1, 1, 0, &shown, 1);
      assert_int_equal (shown, 0xff000000 | wanted[channel] * 0x010101u);
    }
  assert_memory_equal (picture->data, pixels, sizeof pixels);
}

/* Half of the pixels at 100, the others at 101, 102 … 109: equalised, each step is as wide as it has pixels. */
static void
equalised_values_stand_apart_by_how_often_they_are_there (void **state)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (180, 1, ASSAY_PIXELS_GREY8);
  for (guint x = 0; x < 180; x++)
    picture->data[x] = (guint8) (x < 90 ? 100 : 101 + (x - 90) / 10);
  g_autoptr (AssayHistogram) histogram = assay_histogram_new (picture);
  AssayDisplay display = ASSAY_DISPLAY_PLAIN;
  assert_null (assay_display_table_new (&display, histogram));
  display.equalise = TRUE;
  g_autoptr (AssayDisplayTable) table = assay_display_table_new (&display, histogram);
  for (guint value = 100; value <= 109; value++)
    assert_in_range (table->light[value], (value - 100) * 255 / 9, (value - 100) * 255 / 9 + 1);
}

static AssayMarks *
new_mask_marks (AssayMask *mask)
{
  AssayMarks *marks = assay_marks_new ();
  const AssayMark mark = { .kind = ASSAY_MARK_MASK, .colour = 0xff0000, .mask = mask };
  assay_marks_add (marks, &mark);
  return marks;
}

static void
a_mask_tints_its_pixels_and_no_other (void **state)
{
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  g_autoptr (AssayMask) mask = assay_mask_new_from_box ((AssayRect){ 10, 10, 20, 20 }, SIDE, SIDE);
  g_autoptr (AssayMarksIndex) index = assay_marks_index_new (new_mask_marks (mask));
  const AssayTileScene scene = { pyramid, NULL, index, ASSAY_MARKS_LOOK_PLAIN, 4, 1 };
  cairo_surface_t *surface = assay_tile_compose (&scene, 0, 0, 256, 256);
  cairo_surface_flush (surface);
  const guint32 *pixels = (const guint32 *) (gpointer) cairo_image_surface_get_data (surface);
  gsize stride = (gsize) cairo_image_surface_get_stride (surface) / 4;
  for (guint y = 0; y < 256; y++)
    for (guint x = 0; x < 256; x++)
      {
        guint32 pixel = pixels[y * stride + x];
        gboolean inside = x >= 40 && x < 120 && y >= 40 && y < 120;
        assert_int_equal ((pixel >> 16 & 0xff) != (pixel & 0xff), inside);
      }
  cairo_surface_destroy (surface);
}

/* Marks all over, some of them over others. */
static AssayMarks *
new_many_marks (guint n, GPtrArray *keep)
{
  AssayMarks *marks = assay_marks_new ();
  GRand *dice = g_rand_new_with_seed (5);
  for (guint i = 0; i < n; i++)
    {
      AssayRect box = { g_rand_int_range (dice, 0, SIDE - 10), g_rand_int_range (dice, 0, SIDE - 10),
                        g_rand_int_range (dice, 1, 90), g_rand_int_range (dice, 1, 90) };
      AssayPoint corners[3] = { { box.x, box.y }, { box.x + box.w, box.y + 3 }, { box.x + 5, box.y + box.h } };
      AssayMask *mask = assay_mask_new_from_box (box, SIDE, SIDE);
      const AssayMark mark = { .kind = ASSAY_MARK_MASK, .colour = 0x102030 * (i % 7 + 1), .mask = mask };
      g_ptr_array_add (keep, mask);
      assay_marks_add (marks, &mark);
      assay_marks_add_points (marks, ASSAY_MARK_RING, 0, 0xff00ff, corners, 3, i % 9 == 0 ? "name" : NULL);
    }
  g_rand_free (dice);
  return marks;
}

static void
what_is_found_at_a_place_is_all_that_stands_there_in_its_order (void **state)
{
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  g_autoptr (AssayMarksIndex) index = assay_marks_index_new (new_many_marks (700, keep));
  for (guint t = 0; t < 50; t++)
    {
      AssayRect box = { (t * 137) % SIDE, (t * 71) % SIDE, 1 + (t * 13) % 200, 1 + (t * 29) % 200 };
      const GArray *found = assay_marks_index_find (index, box);
      guint at = 0;
      for (guint i = 0; i < 1400; i++)
        {
          AssayRect one = assay_marks_index_get_box (index, i);
          gboolean touches = one.w >= 0 && one.x <= box.x + box.w && box.x <= one.x + one.w && one.y <= box.y + box.h
                             && box.y <= one.y + one.h;
          if (touches)
            assert_int_equal (g_array_index (found, guint, at++), i);
        }
      assert_int_equal (at, found->len);
    }
}

/* At every zoom, the pixels of a tile are those of the mask under their middles. */
static void
a_mask_of_any_shape_is_sampled_where_its_pixels_are (void **state)
{
  static const double zooms[] = { 0.13, 0.5, 0.77, 1, 1.3, 3.7 };
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  g_autofree guint8 *bytes = g_malloc0 (SIDE * SIDE);
  GRand *dice = g_rand_new_with_seed (3);
  for (guint i = 0; i < SIDE * SIDE; i++)
    bytes[i] = i % SIDE > 30 && (i / 40 + i / (SIDE * 17)) % 3 != 0 && g_rand_int_range (dice, 0, 50) != 0;
  g_rand_free (dice);
  g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (bytes, SIDE, SIDE, SIDE);
  g_autoptr (AssayPaint) paint = assay_paint_new (mask);
  for (guint t = 0; t < 2 * G_N_ELEMENTS (zooms); t++)
    {
      double zoom = zooms[t / 2];
      AssayMarks *marks = assay_marks_new ();
      const AssayMark mark = { .kind = ASSAY_MARK_MASK, .colour = 0xff0000, .mask = t % 2 == 0 ? mask : NULL,
                               .paint = t % 2 == 1 ? paint : NULL };
      assay_marks_add (marks, &mark);
      g_autoptr (AssayMarksIndex) index = assay_marks_index_new (marks);
      const AssayTileScene scene = { pyramid, NULL, index, ASSAY_MARKS_LOOK_PLAIN, zoom, 1 };
      cairo_surface_t *surface = assay_tile_compose (&scene, 64, 64, 64, 64);
      const guint32 *pixels = (const guint32 *) (gpointer) cairo_image_surface_get_data (surface);
      gsize stride = (gsize) cairo_image_surface_get_stride (surface) / 4;
      for (guint y = 0; y < 64; y++)
        for (guint x = 0; x < 64; x++)
          {
            guint ix = (guint) ((64 + x + 0.5) / zoom), iy = (guint) ((64 + y + 0.5) / zoom);
            guint32 pixel = pixels[y * stride + x];
            assert_int_equal ((pixel >> 16 & 0xff) != (pixel & 0xff), ix < SIDE && iy < SIDE && bytes[iy * SIDE + ix]);
          }
      cairo_surface_destroy (surface);
    }
}

/* Cairo's antialiasing of a line differs by a little when it is clipped: that, and nothing else. */
static void
assert_alike (cairo_surface_t *a, cairo_surface_t *b)
{
  const guint8 *p = cairo_image_surface_get_data (a), *q = cairo_image_surface_get_data (b);
  guint n = (guint) cairo_image_surface_get_stride (a) * 256, differ = 0;
  for (guint i = 0; i < n; i++)
    {
      assert_in_range (ABS (p[i] - q[i]), 0, 96);
      differ += p[i] != q[i];
    }
  assert_in_range (differ, 0, n / 1000);
}

static void
a_part_made_again_is_what_the_whole_would_be (void **state)
{
  static const double zooms[] = { 0.4, 1, 2.5 };
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  g_autoptr (GPtrArray) keep = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  g_autoptr (AssayMarksIndex) index = assay_marks_index_new (new_many_marks (300, keep));
  for (guint t = 0; t < G_N_ELEMENTS (zooms); t++)
    {
      const AssayTileScene scene = { pyramid, NULL, index, ASSAY_MARKS_LOOK_PLAIN, zooms[t], 1 };
      cairo_surface_t *whole = assay_tile_compose (&scene, 0, 0, 256, 256);
      cairo_surface_t *part = assay_tile_recompose (&scene, 0, 0, whole, (AssayTilePart){ 37, 90, 101, 77 });
      assert_alike (whole, part);
      cairo_surface_destroy (whole);
      cairo_surface_destroy (part);
    }
}

static void
show (AssayTileGrid *grid, double zoom, double x, double y, gint64 budget_us)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  assay_tile_grid_snapshot (grid, snapshot, zoom, 1, x, y, 800, 600, budget_us);
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  assert_non_null (node);
}

static void
an_edit_makes_only_the_tiles_under_it_again (void **state)
{
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  g_autoptr (AssayMask) mask = assay_mask_new_from_box ((AssayRect){ 380, 380, 8, 8 }, SIDE, SIDE);
  g_autoptr (AssayTileGrid) grid = assay_tile_grid_new ();
  const AssayRect dirty = { 380, 380, 8, 8 };
  assay_tile_grid_set_pyramid (grid, pyramid);
  show (grid, 1, 0, 0, G_USEC_PER_SEC);
  assert_int_equal (assay_tile_grid_get_n_composed (grid), 12); /* 4 x 3 tiles of 256 */
  show (grid, 1, 0, 0, G_USEC_PER_SEC);
  assert_int_equal (assay_tile_grid_get_n_composed (grid), 12);
  show (grid, 1, -20, 0, G_USEC_PER_SEC); /* a pan within the tiles that are there */
  assert_int_equal (assay_tile_grid_get_n_composed (grid), 12);
  assay_tile_grid_set_marks (grid, new_mask_marks (mask), &dirty);
  show (grid, 1, -20, 0, G_USEC_PER_SEC);
  assert_in_range (assay_tile_grid_get_n_composed (grid), 13,
                   14); /* its tile, and the one that words could reach */
}

static void
without_time_a_zoom_shows_what_was_there_and_goes_on_later (void **state)
{
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  g_autoptr (AssayTileGrid) grid = assay_tile_grid_new ();
  assay_tile_grid_set_pyramid (grid, pyramid);
  show (grid, 1, 0, 0, G_USEC_PER_SEC);
  show (grid, 2, 0, 0, 0);
  assert_int_equal (assay_tile_grid_get_n_composed (grid),
                    13); /* at least one, so that it always comes to an end */
  for (guint i = 0; i < 20; i++)
    show (grid, 2, 0, 0, 0);
  assert_int_equal (assay_tile_grid_get_n_composed (grid), 24);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (past_one_to_one_every_pixel_is_a_crisp_square),
    cmocka_unit_test (one_to_one_is_the_picture_itself_and_outside_is_nothing),
    cmocka_unit_test (far_away_it_is_averaged_not_dropped),
    cmocka_unit_test (window_and_level_show_the_depth_that_eight_bits_hide),
    cmocka_unit_test (one_channel_is_shown_grey_and_the_picture_stays_as_it_is),
    cmocka_unit_test (equalised_values_stand_apart_by_how_often_they_are_there),
    cmocka_unit_test (a_mask_tints_its_pixels_and_no_other),
    cmocka_unit_test (what_is_found_at_a_place_is_all_that_stands_there_in_its_order),
    cmocka_unit_test (a_mask_of_any_shape_is_sampled_where_its_pixels_are),
    cmocka_unit_test (a_part_made_again_is_what_the_whole_would_be),
    cmocka_unit_test (an_edit_makes_only_the_tiles_under_it_again),
    cmocka_unit_test (without_time_a_zoom_shows_what_was_there_and_goes_on_later),
  };
  gtk_init_check (); /* for the kinds of render nodes; there is no display */
  return cmocka_run_group_tests_name ("tiles", tests, NULL, NULL);
}
