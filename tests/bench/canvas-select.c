/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-canvas-select [SIDE [OBJECTS]]: a click on an object in the real window, from the server's button to the
 * changed pixel: 16,384 pixels a side and 10,000 objects unless said otherwise. The list beside the canvas follows.
 *
 * Runs inside tests/ui/ui-session with $ASSAY_DESKTOP, $ASSAY_BIN and $ASSAY_UI_SHOTS set, and makes its own
 * project. Nothing is asserted. A click that changes no pixel within NOTHING_MS met no object, and does not count.
 */
#include "core/picture.h"
#include "tests/ui/drawing.h"
#include "tests/ui/screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define CLICKS 100
#define NOTHING_MS 700
#define PAUSE_US 400000 /* the list has followed by then */

static double
since_ms (gint64 began_us)
{
  return (double) (g_get_monotonic_time () - began_us) / 1000;
}

static void
write_picture (const char *path, guint side_px)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (side_px, side_px, ASSAY_PIXELS_GREY8);
  for (guint y = 0; y < side_px; y++)
    for (guint x = 0; x < side_px; x++)
      picture->data[y * picture->stride + x] = (guint8) (100 + (x / 64 + y / 64) % 40);
  g_autoptr (GBytes) png = assay_picture_encode_png (picture, NULL);
  gsize n_bytes = 0;
  gconstpointer data = g_bytes_get_data (png, &n_bytes);
  if (!g_file_set_contents (path, data, (gssize) n_bytes, NULL))
    g_error ("bench-canvas-select: %s could not be written", path);
}

/* As COCO has them: polygons of twelve corners, which lie over each other here and there. */
static void
write_objects (const char *path, guint side_px, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GRand) dice = g_rand_new_with_seed (1);
  g_string_append_printf (
      text,
      "{\"images\":[{\"id\":1,\"file_name\":\"large.png\",\"width\":%u,\"height\":%u}],"
      "\"categories\":[{\"id\":1,\"name\":\"cup\"},{\"id\":2,\"name\":\"hand\"}],\"annotations\":[",
      side_px, side_px);
  for (guint i = 0; i < n; i++)
    {
      double r = side_px / 200.0 * g_rand_double_range (dice, 0.4, 1.4);
      double x = g_rand_double_range (dice, r, side_px - r), y = g_rand_double_range (dice, r, side_px - r);
      g_string_append_printf (text, "%s{\"id\":%u,\"image_id\":1,\"category_id\":%u,\"segmentation\":[[",
                              i > 0 ? "," : "", i + 1, 1 + i % 2);
      for (guint k = 0; k < 12; k++)
        g_string_append_printf (text, "%s%.1f,%.1f", k > 0 ? "," : "", x + r * cos (k * G_PI / 6),
                                y + r * sin (k * G_PI / 6));
      g_string_append (text, "]],\"iscrowd\":0}");
    }
  g_string_append (text, "]}");
  if (!g_file_set_contents (path, text->str, (gssize) text->len, NULL))
    g_error ("bench-canvas-select: %s could not be written", path);
}

static char *
new_project (guint side_px, guint n_objects)
{
  char *directory = ui_dup_folder ("select");
  g_autofree char *picture = g_build_filename (g_get_home_dir (), "large.png", NULL);
  g_autofree char *objects = g_build_filename (g_get_home_dir (), "coco.json", NULL);
  write_picture (picture, side_px);
  write_objects (objects, side_px, n_objects);
  g_autofree char *init = ui_assay ("init", directory, NULL);
  g_autofree char *import = ui_assay ("-C", directory, "import", objects, "--annotator", "Ada", NULL);
  return directory;
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

static double
click (UiScreen *screen, int x, int y)
{
  screen_move (screen, x, y);
  g_usleep (PAUSE_US);
  guint32 before = screen_pixel (screen, x, y);
  gint64 began_us = g_get_monotonic_time ();
  screen_button (screen, 1, TRUE);
  while (screen_pixel (screen, x, y) == before && since_ms (began_us) < NOTHING_MS)
    ;
  double took_ms = since_ms (began_us);
  screen_button (screen, 1, FALSE);
  return took_ms;
}

int
main (int argc, char **argv)
{
  guint side_px = argc > 1 ? (guint) atoi (argv[1]) : 16384, n_objects = argc > 2 ? (guint) atoi (argv[2]) : 10000;
  double times[CLICKS];
  guint n = 0;
  int left, top, width, height;
  g_autofree char *project = new_project (side_px, n_objects);
  g_autofree char *words = g_strdup_printf ("%u objects", n_objects);
  g_autoptr (GRand) dice = g_rand_new_with_seed (2);
  Ui *ui = ui_start (project, "Ada");
  UiScreen *screen = screen_new ();
  ui_key (ui, "alt+2");
  while (
      !drawing_says (ui, "Image canvas", words)) /* a picture of so many pixels may take longer than a test waits */
    g_usleep (PAUSE_US);
  ui_maximise (ui);
  ui_key (ui, "v");
  drawing_wait (ui, "select tool");
  ui_get_extents (ui, ui_find (ui, "image", "Image canvas"), &left, &top, &width, &height);
  ui_move (ui, left + width / 2, top + height / 2);
  ui_scroll (ui, -6); /* so that most of what is met is a thing and not its border */
  ui_settle (ui);
  for (guint i = 0; i < CLICKS; i++)
    {
      double took_ms = click (screen, left + g_rand_int_range (dice, width / 4, width * 3 / 4),
                              top + g_rand_int_range (dice, height / 8, height * 7 / 8));
      if (took_ms < NOTHING_MS)
        times[n++] = took_ms;
    }
  ui_shot (ui, "bench-canvas-select");
  qsort (times, n, sizeof *times, compare);
  printf ("%u x %u, %u objects: %u clicks met one; ms to its changed pixel: median, p95, most\n", side_px, side_px,
          n_objects, n);
  if (n > 0)
    printf ("  select %6.1f %6.1f %6.1f\n", times[n / 2], times[(guint) ceil (n * 0.95) - 1], times[n - 1]);
  screen_free (screen);
  ui_stop (ui);
  return 0;
}
