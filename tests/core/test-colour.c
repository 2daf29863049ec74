/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/colour.h"
#include "core/error.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#define WIDTH 8
#define HEIGHT 4
#define PADDING 16 /* lines may be longer than the picture; what fills them means nothing */

/* The recommendations' own equations, in doubles: Y' and C in their range, then R'G'B' from Kr and Kb. */
static void
expect_rgb (double kr, double kb, gboolean limited, const guint8 yuv[3], double rgb[3])
{
  double y = limited ? (yuv[0] - 16) / 219.0 : yuv[0] / 255.0;
  double cb = limited ? (yuv[1] - 128) / 224.0 : (yuv[1] - 128) / 255.0;
  double cr = limited ? (yuv[2] - 128) / 224.0 : (yuv[2] - 128) / 255.0;
  double r = y + 2 * (1 - kr) * cr, b = y + 2 * (1 - kb) * cb;
  double g = (y - kr * r - kb * b) / (1 - kr - kb);
  rgb[0] = CLAMP (255 * r, 0, 255);
  rgb[1] = CLAMP (255 * g, 0, 255);
  rgb[2] = CLAMP (255 * b, 0, 255);
}

/* Where one colour's bytes go, written down a second time from the kernel's format pages. */
typedef struct
{
  const char *fourcc;
  const char *packed; /* the bytes of two pixels, by letter; NULL = planes */
  const char *planes; /* after the plane of y: "uv" pairs, or "u" and "v" planes */
  guint across, down;
} Layout;

static const Layout layouts[] = {
  { "YUYV", "yuyv", NULL, 2, 1 },     { "YVYU", "yvyu", NULL, 2, 1 },     { "UYVY", "uyvy", NULL, 2, 1 },
  { "VYUY", "vyuy", NULL, 2, 1 },     { "AYUV", ".yuv.yuv", NULL, 1, 1 }, { "VUYA", "vuy.vuy.", NULL, 1, 1 },
  { "YUVX", "yuv.yuv.", NULL, 1, 1 }, { "NV12", NULL, "uv", 2, 2 },       { "NV21", NULL, "vu", 2, 2 },
  { "NV16", NULL, "uv", 2, 1 },       { "NV61", NULL, "vu", 2, 1 },       { "NV24", NULL, "uv", 1, 1 },
  { "YU12", NULL, "u/v", 2, 2 },      { "YV12", NULL, "v/u", 2, 2 },      { "422P", NULL, "u/v", 2, 1 },
};

static guint8
value_of (char letter, const guint8 yuv[3])
{
  return letter == 'y' ? yuv[0] : letter == 'u' ? yuv[1] : letter == 'v' ? yuv[2] : 0xee;
}

/* A plain frame of one colour; padding is filled with garbage. */
static GByteArray *
make_frame (const Layout *layout, const guint8 yuv[3], guint *ret_stride)
{
  GByteArray *frame = g_byte_array_new ();
  guint line = layout->packed != NULL ? WIDTH / 2 * (guint) strlen (layout->packed) : WIDTH;
  guint stride = line + PADDING;
  for (guint y = 0; y < HEIGHT; y++)
    for (guint i = 0; i < stride; i++)
      {
        char letter = layout->packed != NULL ? layout->packed[i % strlen (layout->packed)] : 'y';
        guint8 byte = i < line ? value_of (letter, yuv) : 0x5a;
        g_byte_array_append (frame, &byte, 1);
      }
  gboolean pairs = layout->planes != NULL && layout->planes[1] != '/';
  for (guint part = 0; layout->planes != NULL && part < (pairs ? 1u : 2u); part++)
    for (guint y = 0; y < HEIGHT / layout->down; y++)
      for (guint i = 0; i < (pairs ? 2 * stride : stride) / layout->across; i++)
        {
          guint8 byte = value_of (pairs ? layout->planes[i % 2] : layout->planes[2 * part], yuv);
          g_byte_array_append (frame, &byte, 1);
        }
  *ret_stride = stride;
  return frame;
}

static void
check_colour (const Layout *layout, guint encoding, double kr, double kb, guint quantization, const guint8 yuv[3])
{
  guint stride;
  g_autoptr (GByteArray) frame = make_frame (layout, yuv, &stride);
  AssayPixelFormat format = { .width_px = WIDTH,
                               .height_px = HEIGHT,
                               .bytes_per_line = stride,
                               .colorspace = ASSAY_COLORSPACE_SRGB,
                               .ycbcr_encoding = encoding,
                               .quantization = quantization };
  assert_true (assay_fourcc_parse (layout->fourcc, &format.fourcc, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPicture) picture = assay_colour_convert (&format, frame->data, frame->len, &error);
  assert_null (error);
  double expected[3];
  expect_rgb (kr, kb, quantization == ASSAY_QUANTIZATION_LIMITED, yuv, expected);
  for (guint y = 0; y < HEIGHT; y++)
    for (guint x = 0; x < WIDTH; x++)
      for (guint c = 0; c < 3; c++)
        {
          guint8 got = picture->data[y * picture->stride + 3 * x + c];
          if (fabs (got - expected[c]) > 1)
            fail_msg ("%s encoding %u range %u: %u,%u,%u gave %u for %f in channel %u", layout->fourcc, encoding,
                      quantization, yuv[0], yuv[1], yuv[2], got, expected[c], c);
        }
}

static void
every_layout_encoding_and_range_is_within_one_of_doubles (void **state)
{
  static const struct
  {
    guint encoding;
    double kr, kb;
  } encodings[] = { { ASSAY_ENCODING_601, 0.299, 0.114 },
                    { ASSAY_ENCODING_709, 0.2126, 0.0722 },
                    { ASSAY_ENCODING_BT2020, 0.2627, 0.0593 },
                    { ASSAY_ENCODING_SMPTE240M, 0.212, 0.087 } };
  for (guint l = 0; l < G_N_ELEMENTS (layouts); l++)
    for (guint e = 0; e < G_N_ELEMENTS (encodings); e++)
      for (guint quantization = 1; quantization <= 2; quantization++)
        for (guint i = 0; i < 125; i++)
          {
            static const guint8 steps[5] = { 0, 16, 90, 235, 255 };
            const guint8 yuv[3] = { steps[i % 5], steps[i / 5 % 5], steps[i / 25] };
            check_colour (&layouts[l], encodings[e].encoding, encodings[e].kr, encodings[e].kb, quantization, yuv);
          }
}

static void
defaults_mean_what_v4l2_says (void **state)
{
  static const struct
  {
    const char *fourcc;
    guint colorspace, encoding, quantization;
  } cases[] = {
    { "YUYV", ASSAY_COLORSPACE_SRGB, ASSAY_ENCODING_601, ASSAY_QUANTIZATION_LIMITED },
    { "YUYV", ASSAY_COLORSPACE_REC709, ASSAY_ENCODING_709, ASSAY_QUANTIZATION_LIMITED },
    { "NV12", ASSAY_COLORSPACE_BT2020, ASSAY_ENCODING_BT2020, ASSAY_QUANTIZATION_LIMITED },
    { "YUYV", ASSAY_COLORSPACE_JPEG, ASSAY_ENCODING_601, ASSAY_QUANTIZATION_FULL },
    { "YUYV", ASSAY_COLORSPACE_SMPTE240M, ASSAY_ENCODING_SMPTE240M, ASSAY_QUANTIZATION_LIMITED },
    { "RGB3", ASSAY_COLORSPACE_SRGB, ASSAY_ENCODING_601, ASSAY_QUANTIZATION_FULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AssayPixelFormat format = { .colorspace = cases[i].colorspace };
      guint encoding, quantization;
      assert_true (assay_fourcc_parse (cases[i].fourcc, &format.fourcc, NULL));
      assay_colour_resolve (&format, &encoding, &quantization);
      assert_int_equal (encoding, cases[i].encoding);
      assert_int_equal (quantization, cases[i].quantization);
    }
}

static void
deep_grey_keeps_every_bit (void **state)
{
  const guint8 ten[4] = { 0xff, 0x03, 0x01, 0x00 }, big[4] = { 0x12, 0x34, 0xab, 0xcd };
  AssayPixelFormat format = { .width_px = 2, .height_px = 1, .bytes_per_line = 4 };
  assert_true (assay_fourcc_parse ("Y10", &format.fourcc, NULL));
  g_autoptr (AssayPicture) shifted = assay_colour_convert (&format, ten, sizeof ten, NULL);
  assert_int_equal (((guint16 *) (gpointer) shifted->data)[0], 1023 << 6);
  assert_int_equal (((guint16 *) (gpointer) shifted->data)[1], 1 << 6);
  assert_true (assay_fourcc_parse ("Y16-BE", &format.fourcc, NULL));
  g_autoptr (AssayPicture) whole = assay_colour_convert (&format, big, sizeof big, NULL);
  assert_int_equal (((guint16 *) (gpointer) whole->data)[0], 0x1234);
  assert_int_equal (((guint16 *) (gpointer) whole->data)[1], 0xabcd);
}

static void
a_short_frame_and_an_unknown_format_are_refused (void **state)
{
  guint8 few[100] = { 0 };
  g_autoptr (GError) error = NULL;
  AssayPixelFormat format = { .width_px = 64, .height_px = 48 };
  for (guint l = 0; l < G_N_ELEMENTS (layouts); l++)
    {
      assert_true (assay_fourcc_parse (layouts[l].fourcc, &format.fourcc, NULL));
      g_clear_error (&error);
      assert_null (assay_colour_convert (&format, few, sizeof few, &error));
      assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA));
    }
  assert_true (assay_fourcc_parse ("H264", &format.fourcc, NULL));
  g_clear_error (&error);
  assert_null (assay_colour_convert (&format, few, sizeof few, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (every_layout_encoding_and_range_is_within_one_of_doubles),
    cmocka_unit_test (defaults_mean_what_v4l2_says),
    cmocka_unit_test (deep_grey_keeps_every_bit),
    cmocka_unit_test (a_short_frame_and_an_unknown_format_are_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
