/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/still-watch.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define WIDTH 320
#define HEIGHT 240

/* Forty discs that follow from `scene`, blurred across `blur_px`, with noise that is new for each `noise`. */
static AssayPicture *
make_still (guint scene, int blur_px, guint noise)
{
  g_autoptr (GRand) places = g_rand_new_with_seed (scene), random = g_rand_new_with_seed (noise);
  g_autofree double *plain = g_new0 (double, WIDTH *HEIGHT);
  AssayPicture *picture = assay_picture_new (WIDTH, HEIGHT, ASSAY_PIXELS_RGB8);
  for (guint disc = 0; disc < 40; disc++)
    {
      int at_x = g_rand_int_range (places, 0, WIDTH), at_y = g_rand_int_range (places, 0, HEIGHT),
          radius = g_rand_int_range (places, 8, 50), value = g_rand_int_range (places, 20, 230);
      for (int y = MAX (at_y - radius, 0); y < MIN (at_y + radius, HEIGHT); y++)
        for (int x = MAX (at_x - radius, 0); x < MIN (at_x + radius, WIDTH); x++)
          if ((x - at_x) * (x - at_x) + (y - at_y) * (y - at_y) < radius * radius)
            plain[y * WIDTH + x] = value;
    }
  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++)
      {
        double sum = 0;
        for (int k = -blur_px; k <= blur_px; k++)
          for (int l = -blur_px; l <= blur_px; l++)
            sum += plain[CLAMP (y + l, 0, HEIGHT - 1) * WIDTH + CLAMP (x + k, 0, WIDTH - 1)];
        double value = sum / ((2 * blur_px + 1) * (2 * blur_px + 1)) + g_rand_double_range (random, 0, 3);
        memset (picture->data + (gsize) y * picture->stride + 3 * (gsize) x, (int) value, 3);
      }
  return picture;
}

static AssayStillVerdict
show (AssayStillWatch *watch, guint scene, int blur_px, guint noise)
{
  g_autoptr (AssayPicture) picture = make_still (scene, blur_px, noise);
  AssayStillLook look;
  AssayStillVerdict verdict;
  assay_still_look (picture, &look);
  assay_still_watch_judge (watch, &look, &verdict);
  return verdict;
}

static void
a_blurred_still_is_told_from_sharp_ones_of_other_scenes (void **state)
{
  AssayStillWatch watch = { 0 };
  guint wrong = 0, found = 0;
  for (guint i = 0; i < 40; i++)
    {
      gboolean blurred = i >= 10 && i % 5 == 0;
      AssayStillVerdict verdict = show (&watch, 100 + i, blurred ? 3 : 0, i);
      wrong += verdict.blurred && !blurred;
      found += verdict.blurred && blurred;
      assert_false (verdict.duplicate);
    }
  assert_int_equal (wrong, 0);
  assert_int_equal (found, 6);
}

static void
what_stands_still_counts_once_and_is_named (void **state)
{
  AssayStillWatch watch = { 0 };
  for (guint i = 0; i < 3; i++)
    assert_false (show (&watch, 200 + i, 0, i).duplicate);
  for (guint i = 0; i < 30; i++)
    {
      AssayStillVerdict verdict = show (&watch, 201, 0, 50 + i);
      assert_true (verdict.duplicate);
      assert_int_equal (verdict.of, 1);
    }
  assert_false (show (&watch, 300, 0, 99).duplicate);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_blurred_still_is_told_from_sharp_ones_of_other_scenes),
    cmocka_unit_test (what_stands_still_counts_once_and_is_named),
  };
  return cmocka_run_group_tests_name ("capture/still-watch", tests, NULL, NULL);
}
