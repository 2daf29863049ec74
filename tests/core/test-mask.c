/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Masks against the plain way: one byte a pixel, loops. */
#include "core/mask.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define SIDE 24

typedef struct
{
  guint w, h;
  guint8 px[SIDE * SIDE];
} Plain;

/* From scattered pixels to nearly full, in runs, so that all shapes of run lists come up. */
static Plain
random_plain (GRand *random, guint w, guint h)
{
  Plain plain = { .w = w, .h = h };
  double turn = g_rand_double (random) * 0.6;
  guint8 value = (guint8) g_rand_int_range (random, 0, 2);
  for (guint x = 0; x < w; x++)
    for (guint y = 0; y < h; y++)
      {
        if (g_rand_double (random) < turn)
          value = !value;
        plain.px[y * w + x] = value;
      }
  return plain;
}

static AssayMask *
mask_of (const Plain *plain)
{
  return assay_mask_new_from_bytes (plain->px, plain->w, plain->w, plain->h);
}

static void
assert_canonical (const AssayMask *mask)
{
  guint64 sum = 0;
  assert_true (mask->n_runs >= 1);
  for (guint i = 0; i < mask->n_runs; i++)
    {
      assert_true (i == 0 || mask->runs[i] > 0);
      sum += mask->runs[i];
    }
  assert_true (sum == (guint64) mask->width_px * mask->height_px);
}

static gboolean
apply (AssayMaskOperation operation, gboolean a, gboolean b)
{
  switch (operation)
    {
    case ASSAY_MASK_UNION:
      return a || b;
    case ASSAY_MASK_INTERSECTION:
      return a && b;
    case ASSAY_MASK_DIFFERENCE:
      return a && !b;
    case ASSAY_MASK_XOR:
    default:
      return a != b;
    }
}

static void
check_operations (const Plain *a, const Plain *b)
{
  g_autoptr (AssayMask) mask_a = mask_of (a);
  g_autoptr (AssayMask) mask_b = mask_of (b);
  guint64 counts[4] = { 0 };
  for (guint operation = 0; operation < 4; operation++)
    {
      Plain wanted = *a;
      for (guint i = 0; i < a->w * a->h; i++)
        {
          wanted.px[i] = apply (operation, a->px[i], b->px[i]);
          counts[operation] += wanted.px[i];
        }
      g_autoptr (AssayMask) got = assay_mask_combine (mask_a, mask_b, operation);
      g_autoptr (AssayMask) expected = mask_of (&wanted);
      assert_canonical (got);
      assert_true (assay_mask_equal (got, expected));
      assert_true (assay_mask_area_px (got) == counts[operation]);
    }
  double either = (double) counts[ASSAY_MASK_UNION], both = (double) counts[ASSAY_MASK_INTERSECTION];
  assert_true (assay_mask_intersection_px (mask_a, mask_b) == counts[ASSAY_MASK_INTERSECTION]);
  double iou = assay_mask_iou (mask_a, mask_b, FALSE), dice = assay_mask_dice (mask_a, mask_b);
  assert_true (either == 0 ? isnan (iou) && isnan (dice) : iou == both / either);
  if (either > 0)
    assert_true (dice == 2 * both / (either + both));
}

static void
check_places (const Plain *plain, GRand *random)
{
  g_autoptr (AssayMask) mask = mask_of (plain);
  guint left = G_MAXUINT, top = G_MAXUINT, right = 0, bottom = 0;
  gboolean any = FALSE;
  for (guint y = 0; y < plain->h; y++)
    for (guint x = 0; x < plain->w; x++)
      {
        gboolean inside = plain->px[y * plain->w + x];
        assert_int_equal (assay_mask_contains (mask, x, y), inside);
        if (!inside)
          continue;
        any = TRUE;
        left = MIN (left, x), right = MAX (right, x), top = MIN (top, y), bottom = MAX (bottom, y);
      }
  assert_false (assay_mask_contains (mask, plain->w, 0));
  assert_false (assay_mask_contains (mask, 0, plain->h));
  AssayRect box;
  assert_int_equal (assay_mask_bounds (mask, &box), any);
  if (any)
    assert_true (box.x == left && box.y == top && box.w == right - left + 1.0 && box.h == bottom - top + 1.0);

  /* A window that may hang over the edge: what is outside the picture is 0. */
  guint x0 = (guint) g_rand_int_range (random, 0, (gint32) plain->w + 2),
        y0 = (guint) g_rand_int_range (random, 0, (gint32) plain->h + 2);
  guint w = (guint) g_rand_int_range (random, 1, SIDE), h = (guint) g_rand_int_range (random, 1, SIDE);
  guint8 window[SIDE * SIDE];
  memset (window, 7, sizeof window);
  assay_mask_to_bytes (mask, x0, y0, w, h, window, SIDE);
  for (guint y = 0; y < h; y++)
    for (guint x = 0; x < SIDE; x++)
      {
        gboolean in_picture = x0 + x < plain->w && y0 + y < plain->h;
        guint8 wanted = x >= w ? 7 : in_picture ? plain->px[(y0 + y) * plain->w + x0 + x] : 0;
        assert_int_equal (window[y * SIDE + x], wanted);
      }
}

static void
check_both_ways (const Plain *plain)
{
  g_autoptr (AssayMask) mask = mask_of (plain);
  assert_canonical (mask);
  g_autofree char *text = assay_mask_to_coco (mask);
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayMask) read = assay_mask_new_from_coco (text, plain->w, plain->h, &error);
  g_autoptr (AssayMask) from_runs = assay_mask_new_from_runs (plain->w, plain->h, mask->runs, mask->n_runs, &error);
  g_autoptr (AssayMask) copy = assay_mask_copy (mask);
  assert_null (error);
  assert_true (assay_mask_equal (mask, read));
  assert_true (assay_mask_equal (mask, from_runs));
  assert_true (assay_mask_equal (mask, copy));
}

static void
runs_do_what_pixels_do (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (20);
  for (guint round = 0; round < 3000; round++)
    {
      guint w = (guint) g_rand_int_range (random, 1, SIDE), h = (guint) g_rand_int_range (random, 1, SIDE);
      Plain a = random_plain (random, w, h), b = random_plain (random, w, h);
      check_operations (&a, &b);
      check_places (&a, random);
      check_both_ways (&a);
    }
}

/* Sizes around those of the words and strips that bytes go through. */
static void
bytes_of_any_size_become_runs_and_come_back (void **state)
{
  static const guint sizes[] = { 1, 7, 63, 64, 65, 127, 128, 130, 200, 511, 512, 513, 600 };
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  for (guint i = 0; i < G_N_ELEMENTS (sizes) * G_N_ELEMENTS (sizes); i++)
    {
      guint w = sizes[i % G_N_ELEMENTS (sizes)], h = sizes[i / G_N_ELEMENTS (sizes)], n = 0, length = 0;
      gsize stride = w + 13;
      gboolean inside = FALSE;
      double turn = i % 3 == 0 ? 0.5 : i % 3 == 1 ? 0.05 : 0.001;
      g_autofree guint8 *bytes = g_malloc0 (stride * h), *window = NULL;
      g_autofree guint32 *runs = g_new0 (guint32, (gsize) w * h + 1);
      for (guint k = 0; k < w * h; k++)
        {
          gboolean was = inside;
          inside = inside != (g_rand_double (random) < turn);
          bytes[k % h * stride + k / h] = inside ? (guint8) g_rand_int_range (random, 1, 256) : 0;
          if (inside != was)
            {
              runs[n++] = length;
              length = 0;
            }
          length++;
        }
      runs[n++] = length;
      g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (bytes, stride, w, h);
      assert_int_equal (mask->n_runs, n);
      assert_memory_equal (mask->runs, runs, n * sizeof *runs);
      guint x0 = (guint) g_rand_int_range (random, 0, (gint32) w),
            y0 = (guint) g_rand_int_range (random, 0, (gint32) h);
      guint part_w = (guint) g_rand_int_range (random, 1, (gint32) w + 9),
            part_h = (guint) g_rand_int_range (random, 1, (gint32) h + 9);
      window = g_malloc (stride * 2 * part_h);
      memset (window, 7, stride * 2 * part_h);
      assay_mask_to_bytes (mask, x0, y0, part_w, part_h, window, stride * 2);
      for (guint y = 0; y < part_h; y++)
        for (guint x = 0; x < MIN (part_w + 1, 2 * stride); x++)
          {
            gboolean wanted = x0 + x < w && y0 + y < h && bytes[(y0 + y) * stride + x0 + x] != 0;
            if (window[y * stride * 2 + x] != (x >= part_w ? 7 : wanted))
              fail_msg ("%u x %u: pixel %u,%u of %u,%u", w, h, x, y, x0, y0);
          }
    }
}

/* Row by row, turned over down the columns: so `turn` is one over the length of a run. */
static guint8 *
random_bytes (GRand *random, guint w, guint h, double turn)
{
  guint8 *bytes = g_malloc (w * h), inside = 0;
  for (guint i = 0; i < w * h; i++)
    bytes[i % h * w + i / h] = inside ^= g_rand_double (random) < turn;
  return bytes;
}

/* Of sizes that the small pictures of the other test do not come to, from few runs to noise. */
static void
large_and_noisy_masks_do_what_pixels_do (void **state)
{
  static const struct
  {
    guint w, h;
    double turn;
  } cases[] = { { 150, 131, 0.5 },  { 150, 131, 0.1 }, { 150, 131, 0.003 }, { 7, 3001, 0.3 },
                { 7, 3001, 0.008 }, { 64, 64, 0.02 },  { 256, 128, 0.4 } };
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  for (guint i = 0; i < G_N_ELEMENTS (cases) * 4; i++)
    {
      guint w = cases[i / 4].w, h = cases[i / 4].h, operation = i % 4, common = 0;
      guint8 *bytes[5], *wanted = g_malloc (w * h);
      AssayMask *masks[5];
      for (guint k = 0; k < 5; k++)
        {
          bytes[k] = random_bytes (random, w, h, k == 3 ? 0.004 : cases[i / 4].turn);
          masks[k] = assay_mask_new_from_bytes (bytes[k], w, w, h);
        }
      for (guint p = 0; p < w * h; p++)
        {
          wanted[p] = apply (operation, bytes[0][p], bytes[1][p]);
          common += bytes[0][p] && bytes[1][p];
        }
      g_autoptr (AssayMask) of_two = assay_mask_new_from_bytes (wanted, w, w, h);
      g_autoptr (AssayMask) two = assay_mask_combine (masks[0], masks[1], operation);
      assert_canonical (two);
      assert_true (assay_mask_equal (two, of_two));
      assert_int_equal (assay_mask_intersection_px (masks[0], masks[1]), common);
      for (guint k = 2; k < 5; k++)
        for (guint p = 0; p < w * h; p++)
          wanted[p] = apply (operation, wanted[p], bytes[k][p]);
      g_autoptr (AssayMask) of_all = assay_mask_new_from_bytes (wanted, w, w, h);
      g_autoptr (AssayMask) all = assay_mask_combine_all ((const AssayMask *const *) masks, 5, operation);
      assert_canonical (all);
      assert_true (assay_mask_equal (all, of_all));
      g_autofree char *text = assay_mask_to_coco (masks[0]);
      g_autoptr (AssayMask) read = assay_mask_new_from_coco (text, w, h, NULL);
      assert_true (assay_mask_equal (read, masks[0]));
      for (guint k = 0; k < 5; k++)
        {
          g_free (bytes[k]);
          assay_mask_free (masks[k]);
        }
      g_free (wanted);
    }
}

static void
only_a_copy_has_the_number_of_another (void **state)
{
  const guint8 bytes[6] = { 0, 1, 1, 0, 0, 1 };
  g_autoptr (AssayMask) empty = assay_mask_new_empty (3, 2);
  g_autoptr (AssayMask) painted = assay_mask_new_from_bytes (bytes, 3, 3, 2);
  g_autoptr (AssayMask) read = assay_mask_new_from_runs (3, 2, painted->runs, painted->n_runs, NULL);
  g_autofree char *text = assay_mask_to_coco (painted);
  g_autoptr (AssayMask) told = assay_mask_new_from_coco (text, 3, 2, NULL);
  g_autoptr (AssayMask) joined = assay_mask_combine (painted, empty, ASSAY_MASK_UNION);
  g_autoptr (AssayMask) copy = assay_mask_copy (painted);
  const AssayMask *made[] = { empty, painted, read, told, joined };
  for (guint i = 0; i < G_N_ELEMENTS (made); i++)
    for (guint k = 0; k < G_N_ELEMENTS (made); k++)
      assert_int_equal (made[i]->serial == made[k]->serial, i == k);
  assert_true (copy->serial == painted->serial);
}

static void
masks_of_other_sizes_do_not_mix (void **state)
{
  g_autoptr (AssayMask) a = assay_mask_new_empty (3, 4);
  g_autoptr (AssayMask) b = assay_mask_new_empty (4, 3);
  assert_null (assay_mask_combine (a, b, ASSAY_MASK_UNION));
  assert_true (isnan (assay_mask_iou (a, b, FALSE)));
  assert_false (assay_mask_equal (a, b));
}

static void
a_picture_of_no_pixels_has_a_mask (void **state)
{
  g_autoptr (AssayMask) mask = assay_mask_new_empty (0, 5);
  g_autofree char *text = assay_mask_to_coco (mask);
  g_autoptr (AssayMask) read = assay_mask_new_from_coco (text, 0, 5, NULL);
  assert_true (assay_mask_equal (mask, read));
  AssayRect box;
  assert_false (assay_mask_bounds (mask, &box));
}

/* COCO's string, read a digit at a time. */
static gboolean
is_mask (const char *text, guint64 n_px)
{
  gint64 runs[100], sum = 0;
  guint n = 0;
  while (*text != '\0')
    {
      gint64 value = 0;
      guint n_digits = 0, digit = 0x20;
      for (; (digit & 0x20) != 0; n_digits++, text++)
        {
          if ((guchar) *text < 48 || (guchar) *text > 111 || n_digits == 12)
            return FALSE;
          digit = (guint) (guchar) *text - 48;
          value += (gint64) (digit & 0x1f) * ((gint64) 1 << (5 * n_digits));
        }
      if ((digit & 0x10) != 0)
        value -= (gint64) 1 << (5 * n_digits);
      runs[n] = value + (n > 2 ? runs[n - 2] : 0);
      if (runs[n] < 0 || runs[n] > (gint64) n_px)
        return FALSE;
      sum += runs[n++];
    }
  return sum == (gint64) n_px;
}

/* Whatever bytes come, the answer is a mask of the size asked for or an error, and never a write outside. */
static void
any_bytes_are_safe_to_read (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  guint n_taken = 0, n_refused = 0;
  for (guint round = 0; round < 30000; round++)
    {
      guint n = (guint) g_rand_int_range (random, 0, round % 2 == 0 ? 15 : 60), w = 5, h = 3;
      g_autofree char *text = g_malloc (n + 1); /* a read past its end is told by the sanitizer */
      for (guint i = 0; i < n; i++)
        text[i] = (char) (round % 3 == 0 ? g_rand_int_range (random, 1, 256) : g_rand_int_range (random, 48, 112));
      text[n] = '\0';
      if (round % 4 > 1) /* a good one, mostly with a character that is another */
        {
          g_autofree guint8 *bytes = random_bytes (random, 12, 20, 0.02);
          g_autoptr (AssayMask) good = assay_mask_new_from_bytes (bytes, 12, 12, 20);
          w = 12, h = 20;
          g_free (text);
          text = assay_mask_to_coco (good);
          n = (guint) MIN (strlen (text), 95);
          text[n] = '\0';
          if (round % 8 > 2)
            text[g_rand_int_range (random, 0, (gint32) n)] = (char) g_rand_int_range (random, 40, 130);
        }
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayMask) mask = assay_mask_new_from_coco (text, w, h, &error);
      assert_int_equal (mask == NULL, error != NULL);
      assert_int_equal (mask != NULL, is_mask (text, w * h));
      n_refused += mask == NULL;
      if (mask == NULL)
        continue;
      assert_canonical (mask);
      n_taken++;
    }
  assert_true (n_taken > 100 && n_refused > 100);
}

static void
runs_of_no_pixel_are_merged_away (void **state)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);
  for (guint round = 0; round < 300; round++)
    {
      g_autofree guint8 *bytes = random_bytes (random, 40, 50, round % 2 == 0 ? 0.3 : 0.02);
      g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (bytes, 40, 40, 50);
      g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (guint32));
      guint cut = (guint) g_rand_int_range (random, 0, (gint32) mask->n_runs);
      for (guint i = 0; i < mask->n_runs; i++)
        {
          guint32 pieces[3] = { mask->runs[i] / 2, 0, mask->runs[i] - mask->runs[i] / 2 };
          g_array_append_vals (runs, i == cut ? pieces : &mask->runs[i], i == cut ? 3 : 1);
        }
      const AssayMask loose = { .n_runs = runs->len, .runs = (guint32 *) (gpointer) runs->data };
      g_autofree char *text = assay_mask_to_coco (&loose);
      g_autoptr (AssayMask) read = assay_mask_new_from_coco (text, 40, 50, NULL);
      g_autoptr (AssayMask) made = assay_mask_new_from_runs (40, 50, loose.runs, loose.n_runs, NULL);
      assert_true (assay_mask_equal (read, mask));
      assert_true (assay_mask_equal (made, mask));
    }
}

static void
a_wrong_sum_is_named (void **state)
{
  g_autoptr (GError) error = NULL;
  assert_null (assay_mask_new_from_coco ("5", 4, 3, &error));
  assert_string_equal (error->message, "runs sum to 5, but 4 x 3 pixels are 12");
}

static void
a_box_of_whole_pixels_is_those_pixels (void **state)
{
  g_autoptr (AssayMask) mask = assay_mask_new_from_box ((AssayRect){ 2, 3, 4, 1 }, 10, 8);
  AssayRect box;
  assert_true (assay_mask_bounds (mask, &box));
  assert_true (box.x == 2 && box.y == 3 && box.w == 4 && box.h == 1);
  assert_int_equal (assay_mask_area_px (mask), 4);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (runs_do_what_pixels_do),
    cmocka_unit_test (bytes_of_any_size_become_runs_and_come_back),
    cmocka_unit_test (large_and_noisy_masks_do_what_pixels_do),
    cmocka_unit_test (only_a_copy_has_the_number_of_another),
    cmocka_unit_test (masks_of_other_sizes_do_not_mix),
    cmocka_unit_test (a_picture_of_no_pixels_has_a_mask),
    cmocka_unit_test (any_bytes_are_safe_to_read),
    cmocka_unit_test (runs_of_no_pixel_are_merged_away),
    cmocka_unit_test (a_wrong_sum_is_named),
    cmocka_unit_test (a_box_of_whole_pixels_is_those_pixels),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
