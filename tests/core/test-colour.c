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
  { "NV42", NULL, "vu", 1, 1 },       { "411P", NULL, "u/v", 4, 1 },      { "YUV9", NULL, "u/v", 4, 4 },
  { "YVU9", NULL, "v/u", 4, 4 },      { "YM24", NULL, "u/v", 1, 1 },      { "YM61", NULL, "v/u", 2, 1 },
  { "YUV3", "yuvyuv", NULL, 1, 1 },   { "YUV4", ".yuv.yuv", NULL, 1, 1 }, { "XYUV", ".yuv.yuv", NULL, 1, 1 },
  { "YUVA", "yuv.yuv.", NULL, 1, 1 }, { "VUYX", "vuy.vuy.", NULL, 1, 1 },
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

/* --- fields of words: the pages' rows of bits, from the highest of the word to the lowest --- */

static const struct
{
  const char *fourcc, *bits;
  gboolean big_endian;
} words[] = {
  { "RGB1", "rrrgggbb", FALSE },
  { "R444", "....rrrrggggbbbb", FALSE },
  { "AR12", "....rrrrggggbbbb", FALSE },
  { "XR12", "....rrrrggggbbbb", FALSE },
  { "RA12", "rrrrggggbbbb....", FALSE },
  { "RX12", "rrrrggggbbbb....", FALSE },
  { "AB12", "....bbbbggggrrrr", FALSE },
  { "XB12", "....bbbbggggrrrr", FALSE },
  { "GA12", "bbbbggggrrrr....", FALSE },
  { "BX12", "bbbbggggrrrr....", FALSE },
  { "RGBO", ".rrrrrgggggbbbbb", FALSE },
  { "AR15", ".rrrrrgggggbbbbb", FALSE },
  { "XR15", ".rrrrrgggggbbbbb", FALSE },
  { "RA15", "rrrrrgggggbbbbb.", FALSE },
  { "RX15", "rrrrrgggggbbbbb.", FALSE },
  { "AB15", ".bbbbbgggggrrrrr", FALSE },
  { "XB15", ".bbbbbgggggrrrrr", FALSE },
  { "BA15", "bbbbbgggggrrrrr.", FALSE },
  { "BX15", "bbbbbgggggrrrrr.", FALSE },
  { "RGBP", "rrrrrggggggbbbbb", FALSE },
  { "RGBQ", ".rrrrrgggggbbbbb", TRUE },
  { "AR15-BE", ".rrrrrgggggbbbbb", TRUE },
  { "XR15-BE", ".rrrrrgggggbbbbb", TRUE },
  { "RGBR", "rrrrrggggggbbbbb", TRUE },
  { "BGRH", "bbbbbbggggggrrrrrr..............", TRUE },
  { "BGR4", "........rrrrrrrrggggggggbbbbbbbb", FALSE },
  { "RGB4", "........rrrrrrrrggggggggbbbbbbbb", TRUE },
  { "XB24", "........bbbbbbbbggggggggrrrrrrrr", FALSE },
  { "RA24", "rrrrrrrrggggggggbbbbbbbb........", FALSE },
  { "RGB3", "rrrrrrrrggggggggbbbbbbbb", TRUE },
  { "BGR3", "bbbbbbbbggggggggrrrrrrrr", TRUE },
  { "Y444", "....yyyyuuuuvvvv", FALSE },
  { "YUVO", ".yyyyyuuuuuvvvvv", FALSE },
  { "YUVP", "yyyyyuuuuuuvvvvv", FALSE },
};

/* The field of that letter and how many bits it has. */
static guint
field_of (const char *bits, guint word, char letter, guint *ret_bits)
{
  guint value = 0, n = (guint) strlen (bits);
  *ret_bits = 0;
  for (guint i = 0; i < n; i++)
    if (bits[i] == letter)
      {
        value = value << 1 | (word >> (n - 1 - i) & 1);
        ++*ret_bits;
      }
  return value;
}

static double
level_of (guint code, guint bits, gboolean limited)
{
  return limited ? (code * pow (2, 8.0 - bits) - 16) / 219 : code / (pow (2, bits) - 1);
}

static double
difference_of (guint code, guint bits, gboolean limited)
{
  return limited ? (code * pow (2, 8.0 - bits) - 128) / 224 : (code - pow (2, bits - 1.0)) / (pow (2, bits) - 1);
}

static void
expect_word (const char *bits, guint word, gboolean limited, double rgb[3])
{
  guint n[3];
  if (strchr (bits, 'r') != NULL)
    {
      for (guint c = 0; c < 3; c++)
        {
          guint code = field_of (bits, word, "rgb"[c], &n[c]);
          rgb[c] = level_of (code, n[c], limited);
        }
      return;
    }
  guint y = field_of (bits, word, 'y', &n[0]), u = field_of (bits, word, 'u', &n[1]),
        v = field_of (bits, word, 'v', &n[2]);
  double luma = level_of (y, n[0], limited);
  rgb[0] = luma + 1.402 * difference_of (v, n[2], limited); /* BT.601 */
  rgb[2] = luma + 1.772 * difference_of (u, n[1], limited);
  rgb[1] = (luma - 0.299 * rgb[0] - 0.114 * rgb[2]) / 0.587;
}

static void
every_field_of_every_word_is_within_one_of_doubles (void **state)
{
  for (guint w = 0; w < G_N_ELEMENTS (words); w++)
    for (guint32 k = 0; k < 2000; k++)
      {
        guint n = (guint) strlen (words[w].bits) / 8, quantization = 1 + k % 2;
        guint32 word = (guint32) (((guint64) k * 2654435761u) >> 3);
        word = n == 4 ? word : word & ((1u << 8 * n) - 1);
        guint8 frame[4] = { 0 };
        for (guint i = 0; i < n; i++)
          frame[i] = (guint8) (word >> 8 * (words[w].big_endian ? n - 1 - i : i));
        AssayPixelFormat format = { .width_px = 1, .height_px = 1, .quantization = quantization };
        assert_true (assay_fourcc_parse (words[w].fourcc, &format.fourcc, NULL));
        g_autoptr (AssayPicture) picture = assay_colour_convert (&format, frame, n, NULL);
        double rgb[3];
        assert_non_null (picture);
        expect_word (words[w].bits, word, quantization == ASSAY_QUANTIZATION_LIMITED, rgb);
        for (guint c = 0; c < 3; c++)
          if (fabs (picture->data[c] - CLAMP (255 * rgb[c], 0, 255)) > 1)
            fail_msg ("%s range %u: %08x gave %u for %f in channel %u", words[w].fourcc, quantization, word,
                      picture->data[c], 255 * rgb[c], c);
      }
}

static void
deep_colour_is_within_one_of_doubles_in_sixteen_bits (void **state)
{
  for (guint k = 0; k < 4000; k++)
    {
      guint bits = k % 2 == 0 ? 10 : 12, quantization = 1 + k / 2 % 2, top = (1u << bits) - 1;
      gboolean limited = quantization == ASSAY_QUANTIZATION_LIMITED;
      guint y = k * 401 & top, u = k * 911 & top, v = k * 1733 & top;
      guint16 frame[6] = { 0 }; /* 2 x 2 of y, then u and v */
      for (guint i = 0; i < 6; i++)
        frame[i] = GUINT16_TO_LE ((guint16) ((i < 4 ? y : i == 4 ? u : v) << (16 - bits)));
      AssayPixelFormat format
          = { .width_px = 2, .height_px = 2, .ycbcr_encoding = ASSAY_ENCODING_709, .quantization = quantization };
      assert_true (assay_fourcc_parse (bits == 10 ? "P010" : "P012", &format.fourcc, NULL));
      g_autoptr (AssayPicture) picture = assay_colour_convert (&format, (guint8 *) frame, sizeof frame, NULL);
      assert_int_equal (picture->pixels, ASSAY_PIXELS_RGB16);
      double luma = level_of (y, bits, limited), rgb[3];
      rgb[0] = luma + 1.5748 * difference_of (v, bits, limited);
      rgb[2] = luma + 1.8556 * difference_of (u, bits, limited);
      rgb[1] = (luma - 0.2126 * rgb[0] - 0.0722 * rgb[2]) / 0.7152;
      for (guint c = 0; c < 3; c++)
        assert_true (fabs (((guint16 *) (gpointer) picture->data)[c] - CLAMP (65535 * rgb[c], 0, 65535)) <= 1);
    }
}

/* --- BT.2020 with constant luminance: the camera's side of table 5, forward --- */

static double
camera_curve (double light)
{
  const double alpha = 1.09929682680944, beta = 0.018053968510807;
  return light < beta ? 4.5 * light : alpha * pow (light, 0.45) - (alpha - 1);
}

/* Codes of a colour of linear light, not rounded. */
static void
encode_constant_luminance (const double light[3], gboolean limited, double yuv[3])
{
  double y = camera_curve (0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2]);
  double blue = camera_curve (light[2]) - y, red = camera_curve (light[0]) - y;
  double u = blue <= 0 ? blue / (2 * 0.9702) : blue / (2 * 0.7910);
  double v = red <= 0 ? red / (2 * 0.8591) : red / (2 * 0.4969);
  yuv[0] = limited ? 219 * y + 16 : 255 * y;
  yuv[1] = limited ? 224 * u + 128 : 255 * u + 128;
  yuv[2] = limited ? 224 * v + 128 : 255 * v + 128;
}

/* For codes that are given, the light is sought by halving until the camera would say them. */
static gboolean
seek_light (const guint8 codes[3], gboolean limited, double light[3])
{
  double y = limited ? (codes[0] - 16) / 219.0 : codes[0] / 255.0;
  double u = (codes[1] - 128) / (limited ? 224.0 : 255.0), v = (codes[2] - 128) / (limited ? 224.0 : 255.0);
  const double wanted[3] = { y + (v <= 0 ? 1.7182 : 0.9938) * v, 0, y + (u <= 0 ? 1.9404 : 1.582) * u };
  for (guint c = 0; c < 3; c += 2)
    {
      double low = 0, high = 1;
      for (guint i = 0; i < 60; i++)
        *(camera_curve ((low + high) / 2) < wanted[c] ? &low : &high) = (low + high) / 2;
      light[c] = low;
      if (wanted[c] < 0 || wanted[c] > 1)
        return FALSE;
    }
  double low = 0, high = 1, yuv[3];
  for (guint i = 0; i < 60; i++)
    {
      light[1] = (low + high) / 2;
      encode_constant_luminance (light, limited, yuv);
      *(yuv[0] < codes[0] ? &low : &high) = light[1];
    }
  return y > 0.02 && light[1] > 0.001 && light[1] < 0.999;
}

static void
constant_luminance_is_within_one_of_doubles (void **state)
{
  guint tried = 0;
  for (guint k = 0; k < 12000; k++)
    {
      guint quantization = 1 + k % 2;
      const guint8 codes[3] = { (guint8) (k * 31), (guint8) (64 + k * 17 % 128), (guint8) (64 + k * 101 % 128) };
      double light[3];
      if (!seek_light (codes, quantization == ASSAY_QUANTIZATION_LIMITED, light))
        continue;
      AssayPixelFormat format = { .width_px = 1,
                                  .height_px = 1,
                                  .colorspace = ASSAY_COLORSPACE_BT2020,
                                  .ycbcr_encoding = ASSAY_ENCODING_BT2020_CONST_LUM,
                                  .quantization = quantization };
      assert_true (assay_fourcc_parse ("YUV3", &format.fourcc, NULL));
      g_autoptr (AssayPicture) picture = assay_colour_convert (&format, codes, 3, NULL);
      for (guint c = 0; c < 3; c++)
        if (fabs (picture->data[c] - 255 * camera_curve (light[c])) > 1)
          fail_msg ("%u,%u,%u range %u gave %u for %f in channel %u", codes[0], codes[1], codes[2], quantization,
                    picture->data[c], 255 * camera_curve (light[c]), c);
      tried++;
    }
  assert_true (tried > 1500);
}

static void
hues_are_where_they_should_be (void **state)
{
  static const struct
  {
    guint encoding;
    guint8 hsv[3], rgb[3];
  } cases[] = {
    { 0, { 0, 255, 255 }, { 255, 0, 0 } },
    { ASSAY_ENCODING_HSV_180, { 60, 255, 200 }, { 0, 200, 0 } },
    { ASSAY_ENCODING_HSV_180, { 90, 255, 255 }, { 0, 255, 255 } },
    { ASSAY_ENCODING_HSV_180, { 120, 128, 255 }, { 127, 127, 255 } },
    { ASSAY_ENCODING_HSV_180, { 15, 255, 240 }, { 240, 120, 0 } },
    { ASSAY_ENCODING_HSV_256, { 128, 255, 255 }, { 0, 255, 255 } },
    { ASSAY_ENCODING_HSV_256, { 192, 255, 100 }, { 50, 0, 100 } },
    { ASSAY_ENCODING_HSV_256, { 77, 0, 99 }, { 99, 99, 99 } },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (guint k = 0; k < 2; k++)
      {
        guint8 frame[4] = { 0xee };
        AssayPixelFormat format = { .width_px = 1, .height_px = 1, .ycbcr_encoding = cases[i].encoding };
        assert_true (assay_fourcc_parse (k == 0 ? "HSV3" : "HSV4", &format.fourcc, NULL));
        memcpy (frame + k, cases[i].hsv, 3);
        g_autoptr (AssayPicture) picture = assay_colour_convert (&format, frame, 3 + k, NULL);
        for (guint c = 0; c < 3; c++)
          assert_in_range (picture->data[c] + 1, cases[i].rgb[c], cases[i].rgb[c] + 2);
      }
}

/* --- samples of 10 to 14 bits, packed as the pages draw it --- */

static guint
sample_at (guint x, guint y, guint bits)
{
  return (x * 2654435761u + y * 40503u * 977u) >> 7 & ((1u << bits) - 1);
}

/* Groups of four: four bytes with the upper bits, then the lower ones. */
static GByteArray *
pack_mipi (guint width, guint height, guint bits, guint (*sample) (guint, guint, guint))
{
  GByteArray *frame = g_byte_array_new ();
  for (guint y = 0; y < height; y++)
    for (guint x = 0; x < width; x += bits == 12 ? 2 : 4)
      {
        guint8 bytes[7] = { 0 };
        guint s[4]
            = { sample (x, y, bits), sample (x + 1, y, bits), sample (x + 2, y, bits), sample (x + 3, y, bits) };
        for (guint i = 0; i < 4; i++)
          bytes[i] = (guint8) (s[i] >> (bits - 8));
        if (bits == 10)
          bytes[4] = (guint8) ((s[3] & 3) << 6 | (s[2] & 3) << 4 | (s[1] & 3) << 2 | (s[0] & 3));
        else if (bits == 12)
          bytes[2] = (guint8) ((s[1] & 15) << 4 | (s[0] & 15));
        else
          {
            bytes[4] = (guint8) ((s[1] & 3) << 6 | (s[0] & 63));
            bytes[5] = (guint8) ((s[2] & 15) << 4 | (s[1] >> 2 & 15));
            bytes[6] = (guint8) ((s[3] & 63) << 2 | (s[2] >> 4 & 3));
          }
        g_byte_array_append (frame, bytes, bits == 10 ? 5 : bits == 12 ? 3 : 7);
      }
  return frame;
}

static void
packed_grey_keeps_every_bit (void **state)
{
  static const struct
  {
    const char *fourcc;
    guint bits;
  } formats[] = { { "Y10P", 10 }, { "Y12P", 12 }, { "Y14P", 14 } };
  for (guint f = 0; f < G_N_ELEMENTS (formats); f++)
    {
      guint bits = formats[f].bits;
      g_autoptr (GByteArray) frame = pack_mipi (12, 5, bits, sample_at);
      AssayPixelFormat format = { .width_px = 12, .height_px = 5 };
      assert_true (assay_fourcc_parse (formats[f].fourcc, &format.fourcc, NULL));
      g_autoptr (AssayPicture) picture = assay_colour_convert (&format, frame->data, frame->len, NULL);
      for (guint i = 0; i < 60; i++)
        assert_int_equal (((guint16 *) (gpointer) (picture->data + i / 12 * picture->stride))[i % 12],
                          sample_at (i % 12, i / 12, bits) << (16 - bits));
    }
  /* 1111111111 0000000001 1010101010 0000000000, bit after bit */
  const guint8 stream[] = { 0xff, 0xc0, 0x1a, 0xa8, 0x00 };
  AssayPixelFormat format = { .fourcc = ASSAY_FOURCC ('Y', '1', '0', 'B'), .width_px = 4, .height_px = 1 };
  g_autoptr (AssayPicture) picture = assay_colour_convert (&format, stream, sizeof stream, NULL);
  const guint16 *got = (guint16 *) (gpointer) picture->data;
  assert_true (got[0] == 1023 << 6 && got[1] == 1 << 6 && got[2] == 682 << 6 && got[3] == 0);
}

/* --- Bayer --- */

/* Colours that rise evenly in both directions: what bilinear interpolation gives back exactly. */
static double
scene (guint channel, double x, double y)
{
  return 24 + 4 * x + 8 * y + 40 * channel;
}

static const char *pattern; /* of two lines of two pixels */

static guint
bayer_sample (guint x, guint y, guint bits)
{
  const char *channel = strchr ("RGB", pattern[y % 2 * 2 + x % 2]);
  return (guint) scene ((guint) (channel - "RGB"), x, y) << (bits - 8);
}

static GByteArray *
pack_plain (guint width, guint height, guint bits)
{
  GByteArray *frame = g_byte_array_new ();
  for (guint i = 0; i < width * height; i++)
    {
      guint value = bayer_sample (i % width, i / width, bits);
      const guint8 bytes[2] = { (guint8) value, (guint8) (value >> 8) };
      g_byte_array_append (frame, bytes, bits == 8 ? 1 : 2);
    }
  return frame;
}

/* Each site keeps its own colour to the bit everywhere, and gets the others exactly away from the edges. */
static void
every_bayer_pattern_and_depth_shows_the_scene (void **state)
{
  static const struct
  {
    const char *pattern, *codes[8]; /* 8, 10, 12, 14, 16 bits; 10, 12, 14 packed */
  } patterns[] = { { "BGGR", { "BA81", "BG10", "BG12", "BG14", "BYR2", "pBAA", "pBCC", "pBEE" } },
                   { "GBRG", { "GBRG", "GB10", "GB12", "GB14", "GB16", "pGAA", "pGCC", "pGEE" } },
                   { "GRBG", { "GRBG", "BA10", "BA12", "GR14", "GR16", "pgAA", "pgCC", "pgEE" } },
                   { "RGGB", { "RGGB", "RG10", "RG12", "RG14", "RG16", "pRAA", "pRCC", "pREE" } } };
  static const guint depths[8] = { 8, 10, 12, 14, 16, 10, 12, 14 };
  const guint width = 16, height = 10;
  for (guint i = 0; i < 4 * 8; i++)
    {
      guint bits = depths[i % 8];
      pattern = patterns[i / 8].pattern;
      g_autoptr (GByteArray) frame
          = i % 8 < 5 ? pack_plain (width, height, bits) : pack_mipi (width, height, bits, bayer_sample);
      AssayPixelFormat format = { .width_px = width, .height_px = height };
      assert_true (assay_fourcc_parse (patterns[i / 8].codes[i % 8], &format.fourcc, NULL));
      g_autoptr (AssayPicture) picture = assay_colour_convert (&format, frame->data, frame->len, NULL);
      assert_int_equal (picture->pixels, bits == 8 ? ASSAY_PIXELS_RGB8 : ASSAY_PIXELS_RGB16);
      for (guint y = 0; y < height; y++)
        for (guint x = 0; x < width; x++)
          for (guint c = 0; c < 3; c++)
            {
              const guint8 *row = picture->data + y * picture->stride;
              guint got = bits == 8 ? row[3 * x + c] : ((const guint16 *) (gconstpointer) row)[3 * x + c];
              guint wanted = (guint) scene (c, x, y) << (bits == 8 ? 0 : 8);
              gboolean inside = x > 0 && y > 0 && x < width - 1 && y < height - 1;
              gboolean own = pattern[y % 2 * 2 + x % 2] == "RGB"[c];
              if ((inside || own) && got != wanted)
                fail_msg ("%s: %u for %u at %u, %u in channel %u", patterns[i / 8].codes[i % 8], got, wanted, x, y,
                          c);
            }
    }
}

/* --- all of them --- */

/* Every code that is known, in sizes that no pair or group divides: the last byte needed is the last byte read. */
static void
no_frame_is_read_past_its_end (void **state)
{
  static const char *const more[] = { "NV21", "P010", "P012", "Y10",  "Y16-BE", "Z16",  "Y10P", "Y12P", "Y14P",
                                      "Y10B", "GREY", "HSV3", "HSV4", "BA81",   "RG10", "pgAA", "pRCC", "pBEE" };
  static const guint sizes[][2] = { { 1, 1 }, { 2, 1 }, { 1, 2 }, { 3, 3 }, { 5, 3 }, { 7, 5 }, { 9, 2 } };
  guint n_codes = G_N_ELEMENTS (layouts) + G_N_ELEMENTS (words) + G_N_ELEMENTS (more);
  for (guint i = 0; i < n_codes * G_N_ELEMENTS (sizes); i++)
    {
      guint k = i / G_N_ELEMENTS (sizes);
      const char *code = k < G_N_ELEMENTS (layouts)                             ? layouts[k].fourcc
                         : (k -= G_N_ELEMENTS (layouts)) < G_N_ELEMENTS (words) ? words[k].fourcc
                                                                                : more[k - G_N_ELEMENTS (words)];
      AssayPixelFormat format
          = { .width_px = sizes[i % G_N_ELEMENTS (sizes)][0], .height_px = sizes[i % G_N_ELEMENTS (sizes)][1] };
      gsize n = 0;
      AssayPicture *picture = NULL;
      assert_true (assay_fourcc_parse (code, &format.fourcc, NULL));
      for (; picture == NULL && n < 400; n++)
        {
          g_autofree guint8 *frame = g_malloc0 (n + 1);
          picture = assay_colour_convert (&format, frame + 1, n, NULL);
          assay_picture_unref (n == 0 ? picture : NULL);
        }
      assert_non_null (picture);
      assert_int_equal (picture->width_px, format.width_px);
      assay_picture_unref (picture);
      g_autofree guint8 *exact = g_malloc0 (n - 1);
      for (guint side = 1; side < 6; side++)
        {
          g_autoptr (AssayPicture) small = assay_colour_convert_small (&format, exact, n - 1, side, NULL);
          guint longer = MAX (format.width_px, format.height_px);
          assert_true (MAX (small->width_px, small->height_px) >= MIN (side, longer));
        }
      format.bytes_per_line = 1;
      if (format.width_px > 2)
        assert_null (assay_colour_convert (&format, exact, n - 1, NULL));
    }
}

static void
a_small_picture_is_made_of_pixels_of_the_large_one (void **state)
{
  g_autofree guint8 *frame = g_malloc (64 * 48 * 2);
  for (guint i = 0; i < 64 * 48 * 2; i++)
    frame[i] = (guint8) (i * 7 + i / 128 * 13);
  AssayPixelFormat format = { .fourcc = ASSAY_FOURCC ('Y', 'U', 'Y', 'V'), .width_px = 64, .height_px = 48 };
  g_autoptr (AssayPicture) large = assay_colour_convert (&format, frame, 64 * 48 * 2, NULL);
  g_autoptr (AssayPicture) small = assay_colour_convert_small (&format, frame, 64 * 48 * 2, 20, NULL);
  assert_int_equal (small->width_px, 22);
  assert_int_equal (small->height_px, 16);
  for (guint y = 0; y < 16; y++)
    for (guint x = 0; x < 22; x++)
      assert_memory_equal (small->data + y * small->stride + 3 * x, large->data + 3 * y * large->stride + 9 * x, 3);
  g_autoptr (AssayPicture) picture = assay_picture_new (640, 480, ASSAY_PIXELS_RGB8);
  memset (picture->data, 99, picture->stride * 480);
  g_autoptr (GBytes) jpeg = assay_picture_encode_jpeg (picture, 90, NULL);
  format.fourcc = ASSAY_FOURCC ('M', 'J', 'P', 'G');
  g_autoptr (AssayPicture) scaled
      = assay_colour_convert_small (&format, g_bytes_get_data (jpeg, NULL), g_bytes_get_size (jpeg), 300, NULL);
  assert_int_equal (scaled->width_px, 320);
  assert_in_range (scaled->data[0], 97, 101);
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
    cmocka_unit_test (every_field_of_every_word_is_within_one_of_doubles),
    cmocka_unit_test (deep_colour_is_within_one_of_doubles_in_sixteen_bits),
    cmocka_unit_test (constant_luminance_is_within_one_of_doubles),
    cmocka_unit_test (hues_are_where_they_should_be),
    cmocka_unit_test (packed_grey_keeps_every_bit),
    cmocka_unit_test (every_bayer_pattern_and_depth_shows_the_scene),
    cmocka_unit_test (no_frame_is_read_past_its_end),
    cmocka_unit_test (a_small_picture_is_made_of_pixels_of_the_large_one),
    cmocka_unit_test (a_short_frame_and_an_unknown_format_are_refused),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
