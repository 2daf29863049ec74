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
  assay_pyramid_sample (pyramid, 8, 0, 0, 40, 1, 0, pixels, 40);
  for (guint x = 0; x < 40; x++)
    assert_int_equal (pixels[x], (x / 8) % 2 == 0 ? 0xff000000 : 0xffffffff);
}

static void
one_to_one_is_the_picture_itself_and_outside_is_nothing (void **state)
{
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  guint32 pixels[8];
  assay_pyramid_sample (pyramid, 1, SIDE - 4, SIDE - 1, 8, 1, 0x12345678, pixels, 8);
  for (guint x = 0; x < 8; x++)
    assert_int_equal (pixels[x], x >= 4 ? 0x12345678 : x % 2 == 0 ? 0xff000000 : 0xffffffff);
}

static void
far_away_it_is_averaged_not_dropped (void **state)
{
  g_autoptr (AssayPyramid) pyramid = new_stripes ();
  guint32 pixels[32];
  assay_pyramid_sample (pyramid, 0.25, 4, 4, 32, 1, 0, pixels, 32);
  for (guint x = 0; x < 32; x++)
    assert_in_range (pixels[x] & 0xff, 126, 129); /* sampling without averaging gives all black or all white */
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
  cairo_surface_t *surface = assay_tile_compose (pyramid, index, 4, 1, 0, 0, 256, 256);
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
    cmocka_unit_test (a_mask_tints_its_pixels_and_no_other),
    cmocka_unit_test (an_edit_makes_only_the_tiles_under_it_again),
    cmocka_unit_test (without_time_a_zoom_shows_what_was_there_and_goes_on_later),
  };
  gtk_init_check (); /* for the kinds of render nodes; there is no display */
  return cmocka_run_group_tests_name ("tiles", tests, NULL, NULL);
}
