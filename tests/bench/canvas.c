/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the canvas costs: a picture of 24 megapixels with a thousand polygons in a window of 1920 x 1061. Prints
 * milliseconds; needs no display. */
#include "app/gui/tile-grid.h"

#include <math.h>
#include <stdio.h>

#define WIDTH 6000
#define HEIGHT 4000
#define WINDOW_W 1920
#define WINDOW_H 1061
#define POLYGONS 1000

static double
now_ms (void)
{
  return (double) g_get_monotonic_time () / 1000;
}

static AssayPicture *
new_picture (void)
{
  AssayPicture *picture = assay_picture_new (WIDTH, HEIGHT, ASSAY_PIXELS_RGB8);
  for (gsize i = 0; i < picture->stride * HEIGHT; i++)
    picture->data[i] = (guint8) (i * 2654435761u >> 24);
  return picture;
}

static AssayMarks *
new_marks (void)
{
  AssayMarks *marks = assay_marks_new ();
  GRand *dice = g_rand_new_with_seed (1);
  for (guint i = 0; i < POLYGONS; i++)
    {
      AssayPoint points[12], at = { g_rand_double_range (dice, 0, WIDTH), g_rand_double_range (dice, 0, HEIGHT) };
      for (guint p = 0; p < 12; p++)
        points[p] = (AssayPoint){ at.x + 60 * cos (p * G_PI / 6), at.y + 60 * sin (p * G_PI / 6) };
      assay_marks_add_points (marks, ASSAY_MARK_RING, 0, 0xe69f00, points, 12, NULL);
    }
  g_rand_free (dice);
  return marks;
}

/* One frame, everything composed. */
static double
frame_ms (AssayTileGrid *grid, double zoom, double x, double y)
{
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  double began = now_ms ();
  assay_tile_grid_snapshot (grid, snapshot, zoom, 1, x, y, WINDOW_W, WINDOW_H, 10 * G_USEC_PER_SEC);
  double took = now_ms () - began;
  g_autoptr (GskRenderNode) node = gtk_snapshot_free_to_node (snapshot);
  return took;
}

int
main (void)
{
  static const double zooms[] = { 0.3, 1, 4 };
  gtk_init_check (); /* for the kinds of render nodes; that there is no display does not matter */
  g_autoptr (AssayPicture) picture = new_picture ();
  double began = now_ms ();
  g_autoptr (AssayPyramid) pyramid = assay_pyramid_new (picture);
  printf ("pyramid of %u MP (off the main loop): %.0f ms\n", WIDTH * HEIGHT / 1000000, now_ms () - began);
  g_autoptr (AssayTileGrid) grid = assay_tile_grid_new ();
  assay_tile_grid_set_pyramid (grid, pyramid);
  assay_tile_grid_set_marks (grid, new_marks (), NULL);
  for (guint i = 0; i < G_N_ELEMENTS (zooms); i++)
    {
      double zoom = zooms[i], x = -400 * zoom, y = -300 * zoom;
      const AssayRect dirty = { 600, 500, 60, 60 };
      double whole = frame_ms (grid, zoom, x, y), same = frame_ms (grid, zoom, x, y);
      assay_tile_grid_set_marks (grid, new_marks (), &dirty);
      double edit = frame_ms (grid, zoom, x, y), pan = frame_ms (grid, zoom, x - 300, y - 200);
      printf ("zoom %.1f: whole window %.1f ms, unchanged %.2f ms, an edit %.1f ms, a pan %.1f ms\n", zoom, whole,
              same, edit, pan);
    }
  return 0;
}
