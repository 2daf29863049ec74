/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/picture-measure.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define WIDTH 640
#define HEIGHT 480

/* Sixty discs of one scene (`scene` chooses their places), moved by `shift_px`, with noise that is new each time,
 * behind a blur of `blur_px`. */
static AssayPicture *
make_scene (guint scene, int shift_px, int blur_px, guint noise)
{
  g_autoptr (GRand) places = g_rand_new_with_seed (scene), random = g_rand_new_with_seed (noise);
  AssayPicture *picture = assay_picture_new (WIDTH, HEIGHT, ASSAY_PIXELS_RGB8);
  g_autofree double *plain = g_new0 (double, WIDTH *HEIGHT);
  for (guint disc = 0; disc < 60; disc++)
    {
      int at_x = g_rand_int_range (places, 0, WIDTH) + shift_px, at_y = g_rand_int_range (places, 0, HEIGHT),
          radius = g_rand_int_range (places, 10, 90), value = g_rand_int_range (places, 20, 230);
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
          sum += plain[y * WIDTH + CLAMP (x + k, 0, WIDTH - 1)];
        double value = sum / (2 * blur_px + 1) + g_rand_double_range (random, 0, 2);
        memset (picture->data + (gsize) y * picture->stride + 3 * x, (int) value, 3);
      }
  return picture;
}

static void
a_blurred_picture_is_far_less_sharp_than_the_same_in_focus (void **state)
{
  g_autoptr (AssayPicture) sharp = make_scene (1, 0, 0, 1), blurred = make_scene (1, 0, 5, 2);
  AssayPictureMeasure a, b;
  assay_picture_measure (sharp, &a);
  assay_picture_measure (blurred, &b);
  assert_true (b.sharpness < a.sharpness / 2);
  assert_true (a.n <= 300000 && a.n > 50000);
}

static void
clipped_shares_and_the_mean_are_those_of_the_pixels (void **state)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (400, 100, ASSAY_PIXELS_RGB8);
  AssayPictureMeasure measure;
  for (guint y = 0; y < 100; y++)
    for (guint x = 0; x < 400; x++)
      {
        guint8 *rgb = picture->data + y * picture->stride + 3 * x;
        /* A quarter black, a quarter with red alone at its end, half of a grey. */
        rgb[0] = x < 100 ? 1 : x < 200 ? 255 : 120;
        rgb[1] = rgb[2] = x < 100 ? 0 : x < 200 ? 40 : 120;
      }
  assay_picture_measure (picture, &measure);
  assert_true (fabs (measure.under - 0.25) < 1e-9 && fabs (measure.over - 0.25) < 1e-9);
  assert_int_equal (measure.histogram[0][255], 10000);
  assert_int_equal (measure.histogram[ASSAY_MEASURE_LUMA][120], 20000);
}

static void
sixteen_bits_and_grey_measure_like_their_upper_eight (void **state)
{
  g_autoptr (AssayPicture) wide = assay_picture_new (64, 64, ASSAY_PIXELS_GREY16);
  AssayPictureMeasure measure;
  for (guint y = 0; y < 64; y++)
    for (guint x = 0; x < 64; x++)
      ((guint16 *) (gpointer) (wide->data + y * wide->stride))[x] = x < 32 ? 0xffff : 0x4000;
  assay_picture_measure (wide, &measure);
  assert_true (fabs (measure.over - 0.5) < 1e-9);
  assert_int_equal (measure.histogram[ASSAY_MEASURE_LUMA][0x40], 2048);
}

static void
one_scene_taken_twice_is_a_near_duplicate_and_another_scene_is_not (void **state)
{
  g_autoptr (AssayPicture) a = make_scene (1, 0, 0, 1), again = make_scene (1, 3, 1, 9),
                           other = make_scene (2, 0, 0, 3);
  guint64 hash = assay_picture_hash_difference (a);
  assert_true (assay_picture_hash_distance (hash, assay_picture_hash_difference (again)) <= 6);
  assert_true (assay_picture_hash_distance (hash, assay_picture_hash_difference (other)) > 12);
  assert_true (
      assay_picture_hash_distance (assay_picture_hash_perceptual (a), assay_picture_hash_perceptual (again)) <= 6);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (a_blurred_picture_is_far_less_sharp_than_the_same_in_focus),
    cmocka_unit_test (clipped_shares_and_the_mean_are_those_of_the_pixels),
    cmocka_unit_test (sixteen_bits_and_grey_measure_like_their_upper_eight),
    cmocka_unit_test (one_scene_taken_twice_is_a_near_duplicate_and_another_scene_is_not),
  };
  return cmocka_run_group_tests_name ("core/picture-measure", tests, NULL, NULL);
}
