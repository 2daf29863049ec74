/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/colour.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

typedef enum
{
  LAYOUT_YUV_PACKED, /* 4:2:2: at = y0 u y1 v in four bytes */
  LAYOUT_YUV_444,    /* at = y u v, step bytes a pixel */
  LAYOUT_YUV_SEMI,   /* a plane of y, then one of chroma pairs; at[0] = u's place in the pair */
  LAYOUT_YUV_PLANAR, /* three planes; at[0] = u's place among the two */
  LAYOUT_RGB,        /* at = r g b, step bytes a pixel */
  LAYOUT_RGB565,
  LAYOUT_GREY, /* step bytes a pixel, `bits` of them meant */
  LAYOUT_JPEG,
} Layout;

typedef struct
{
  guint32 fourcc;
  Layout layout;
  guint8 at[4];
  guint8 step;
  guint8 across, down; /* pixels that share a chroma sample */
  guint8 bits;
  gboolean big_endian;
} Pixels;

#define BIG_ENDIAN_BIT (1u << 31)
static const Pixels known[] = {
  { ASSAY_FOURCC ('M', 'J', 'P', 'G'), LAYOUT_JPEG, { 0 }, 0, 0, 0, 0, FALSE },
  { ASSAY_FOURCC ('J', 'P', 'E', 'G'), LAYOUT_JPEG, { 0 }, 0, 0, 0, 0, FALSE },
  { ASSAY_FOURCC ('Y', 'U', 'Y', 'V'), LAYOUT_YUV_PACKED, { 0, 1, 2, 3 }, 2, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('Y', 'V', 'Y', 'U'), LAYOUT_YUV_PACKED, { 0, 3, 2, 1 }, 2, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('U', 'Y', 'V', 'Y'), LAYOUT_YUV_PACKED, { 1, 0, 3, 2 }, 2, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('V', 'Y', 'U', 'Y'), LAYOUT_YUV_PACKED, { 1, 2, 3, 0 }, 2, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('N', 'V', '1', '2'), LAYOUT_YUV_SEMI, { 0 }, 1, 2, 2, 8, FALSE },
  { ASSAY_FOURCC ('N', 'V', '2', '1'), LAYOUT_YUV_SEMI, { 1 }, 1, 2, 2, 8, FALSE },
  { ASSAY_FOURCC ('N', 'V', '1', '6'), LAYOUT_YUV_SEMI, { 0 }, 1, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('N', 'V', '6', '1'), LAYOUT_YUV_SEMI, { 1 }, 1, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('N', 'V', '2', '4'), LAYOUT_YUV_SEMI, { 0 }, 1, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('N', 'V', '4', '2'), LAYOUT_YUV_SEMI, { 1 }, 1, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('N', 'M', '1', '2'), LAYOUT_YUV_SEMI, { 0 }, 1, 2, 2, 8, FALSE },
  { ASSAY_FOURCC ('N', 'M', '2', '1'), LAYOUT_YUV_SEMI, { 1 }, 1, 2, 2, 8, FALSE },
  { ASSAY_FOURCC ('N', 'M', '1', '6'), LAYOUT_YUV_SEMI, { 0 }, 1, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('N', 'M', '6', '1'), LAYOUT_YUV_SEMI, { 1 }, 1, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('Y', 'U', '1', '2'), LAYOUT_YUV_PLANAR, { 0 }, 1, 2, 2, 8, FALSE },
  { ASSAY_FOURCC ('Y', 'V', '1', '2'), LAYOUT_YUV_PLANAR, { 1 }, 1, 2, 2, 8, FALSE },
  { ASSAY_FOURCC ('4', '2', '2', 'P'), LAYOUT_YUV_PLANAR, { 0 }, 1, 2, 1, 8, FALSE },
  { ASSAY_FOURCC ('Y', 'M', '1', '2'), LAYOUT_YUV_PLANAR, { 0 }, 1, 2, 2, 8, FALSE },
  { ASSAY_FOURCC ('Y', 'M', '2', '1'), LAYOUT_YUV_PLANAR, { 1 }, 1, 2, 2, 8, FALSE },
  { ASSAY_FOURCC ('A', 'Y', 'U', 'V'), LAYOUT_YUV_444, { 1, 2, 3 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('X', 'Y', 'U', 'V'), LAYOUT_YUV_444, { 1, 2, 3 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('Y', 'U', 'V', '4'), LAYOUT_YUV_444, { 1, 2, 3 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('V', 'U', 'Y', 'A'), LAYOUT_YUV_444, { 2, 1, 0 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('V', 'U', 'Y', 'X'), LAYOUT_YUV_444, { 2, 1, 0 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('Y', 'U', 'V', 'A'), LAYOUT_YUV_444, { 0, 1, 2 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('Y', 'U', 'V', 'X'), LAYOUT_YUV_444, { 0, 1, 2 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('R', 'G', 'B', '3'), LAYOUT_RGB, { 0, 1, 2 }, 3, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('B', 'G', 'R', '3'), LAYOUT_RGB, { 2, 1, 0 }, 3, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('X', 'R', '2', '4'), LAYOUT_RGB, { 2, 1, 0 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('A', 'R', '2', '4'), LAYOUT_RGB, { 2, 1, 0 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('B', 'G', 'R', '4'), LAYOUT_RGB, { 2, 1, 0 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('X', 'B', '2', '4'), LAYOUT_RGB, { 0, 1, 2 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('A', 'B', '2', '4'), LAYOUT_RGB, { 0, 1, 2 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('B', 'X', '2', '4'), LAYOUT_RGB, { 1, 2, 3 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('B', 'A', '2', '4'), LAYOUT_RGB, { 1, 2, 3 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('R', 'G', 'B', '4'), LAYOUT_RGB, { 1, 2, 3 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('R', 'X', '2', '4'), LAYOUT_RGB, { 3, 2, 1 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('R', 'A', '2', '4'), LAYOUT_RGB, { 3, 2, 1 }, 4, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('R', 'G', 'B', 'P'), LAYOUT_RGB565, { 0 }, 2, 1, 1, 16, FALSE },
  { ASSAY_FOURCC ('G', 'R', 'E', 'Y'), LAYOUT_GREY, { 0 }, 1, 1, 1, 8, FALSE },
  { ASSAY_FOURCC ('Y', '1', '0', ' '), LAYOUT_GREY, { 0 }, 2, 1, 1, 10, FALSE },
  { ASSAY_FOURCC ('Y', '1', '2', ' '), LAYOUT_GREY, { 0 }, 2, 1, 1, 12, FALSE },
  { ASSAY_FOURCC ('Y', '1', '4', ' '), LAYOUT_GREY, { 0 }, 2, 1, 1, 14, FALSE },
  { ASSAY_FOURCC ('Y', '1', '6', ' '), LAYOUT_GREY, { 0 }, 2, 1, 1, 16, FALSE },
  { ASSAY_FOURCC ('Z', '1', '6', ' '), LAYOUT_GREY, { 0 }, 2, 1, 1, 16, FALSE },
  { ASSAY_FOURCC ('Y', '1', '6', ' ') | BIG_ENDIAN_BIT, LAYOUT_GREY, { 0 }, 2, 1, 1, 16, TRUE },
};

static const Pixels *
find (guint32 fourcc)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].fourcc == fourcc)
      return &known[i];
  return NULL;
}

gboolean
assay_colour_is_jpeg (guint32 fourcc)
{
  const Pixels *pixels = find (fourcc);
  return pixels != NULL && pixels->layout == LAYOUT_JPEG;
}

static gboolean
is_yuv (const Pixels *pixels)
{
  return pixels->layout <= LAYOUT_YUV_PLANAR;
}

/* V4L2_MAP_YCBCR_ENC_DEFAULT and V4L2_MAP_QUANTIZATION_DEFAULT of linux/videodev2.h. */
void
assay_colour_resolve (const AssayPixelFormat *format, guint *ret_encoding, guint *ret_quantization)
{
  guint space = format->colorspace;
  guint by_space = space == ASSAY_COLORSPACE_REC709 || space == ASSAY_COLORSPACE_DCI_P3 ? ASSAY_ENCODING_709
                   : space == ASSAY_COLORSPACE_BT2020                                   ? ASSAY_ENCODING_BT2020
                   : space == ASSAY_COLORSPACE_SMPTE240M                                ? ASSAY_ENCODING_SMPTE240M
                                                                                        : ASSAY_ENCODING_601;
  const Pixels *pixels = find (format->fourcc);
  gboolean full = space == ASSAY_COLORSPACE_JPEG || pixels == NULL || !is_yuv (pixels);
  *ret_encoding = format->ycbcr_encoding != 0 ? format->ycbcr_encoding : by_space;
  *ret_quantization = format->quantization != 0 ? format->quantization
                      : full                    ? ASSAY_QUANTIZATION_FULL
                                                : ASSAY_QUANTIZATION_LIMITED;
}

/* Kr and Kb of Y' = Kr R' + (1 - Kr - Kb) G' + Kb B'. */
static gboolean
get_weights (guint encoding, double *ret_kr, double *ret_kb)
{
  switch (encoding)
    {
    case ASSAY_ENCODING_601:
    case ASSAY_ENCODING_XV601:
    case ASSAY_ENCODING_SYCC:
      *ret_kr = 0.299, *ret_kb = 0.114;
      return TRUE;
    case ASSAY_ENCODING_709:
    case ASSAY_ENCODING_XV709:
      *ret_kr = 0.2126, *ret_kb = 0.0722;
      return TRUE;
    case ASSAY_ENCODING_BT2020:
      *ret_kr = 0.2627, *ret_kb = 0.0593;
      return TRUE;
    case ASSAY_ENCODING_SMPTE240M:
      *ret_kr = 0.212, *ret_kb = 0.087;
      return TRUE;
    default: /* BT.2020 with constant luminance is no matrix */
      return FALSE;
    }
}

gboolean
assay_colour_supports (const AssayPixelFormat *format, GError **error)
{
  const Pixels *pixels = find (format->fourcc);
  char name[ASSAY_FOURCC_TEXT_SIZE];
  guint encoding, quantization;
  double kr, kb;
  assay_colour_resolve (format, &encoding, &quantization);
  if (pixels != NULL && (!is_yuv (pixels) || get_weights (encoding, &kr, &kb)))
    return TRUE;
  if (pixels == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 "making pictures from format %s: it is none that can be turned into pixels; choose format=MJPG, "
                 "YUYV, NV12 or "
                 "another that the camera lists",
                 assay_fourcc_to_text (format->fourcc, name));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 "making pictures from format %s: its colour encoding %u (constant luminance) is not a matrix; "
                 "choose another "
                 "colour space on the camera",
                 assay_fourcc_to_text (format->fourcc, name), encoding);
  return FALSE;
}

/* Sums of entries are 255 * R'G'B' in 1/65536ths, so rounding once at the end stays within 1 of doubles. */
typedef struct
{
  gint32 y[256], r_v[256], g_u[256], g_v[256], b_u[256];
} Matrix;

static void
matrix_init (Matrix *matrix, guint encoding, guint quantization)
{
  double kr = 0, kb = 0;
  gboolean limited = quantization == ASSAY_QUANTIZATION_LIMITED;
  get_weights (encoding, &kr, &kb);
  double kg = 1 - kr - kb, scale = 255 * 65536.0;
  for (int i = 0; i < 256; i++)
    {
      double y = limited ? (i - 16) / 219.0 : i / 255.0;
      double c = limited ? (i - 128) / 224.0 : (i - 128) / 255.0; /* Cb or Cr, -0.5 to 0.5 */
      matrix->y[i] = (gint32) lround (scale * y);
      matrix->r_v[i] = (gint32) lround (scale * 2 * (1 - kr) * c);
      matrix->b_u[i] = (gint32) lround (scale * 2 * (1 - kb) * c);
      matrix->g_u[i] = (gint32) lround (scale * -2 * kb * (1 - kb) / kg * c);
      matrix->g_v[i] = (gint32) lround (scale * -2 * kr * (1 - kr) / kg * c);
    }
}

static inline guint8
finish (gint32 sum)
{
  gint32 value = (sum + 32768) >> 16;
  return (guint8) CLAMP (value, 0, 255);
}

static inline void
put (guint8 *rgb, const Matrix *matrix, guint8 y, guint8 u, guint8 v)
{
  gint32 luma = matrix->y[y];
  rgb[0] = finish (luma + matrix->r_v[v]);
  rgb[1] = finish (luma + matrix->g_u[u] + matrix->g_v[v]);
  rgb[2] = finish (luma + matrix->b_u[u]);
}

/* Where the parts of a frame lie. */
typedef struct
{
  const Pixels *pixels;
  guint width, height;
  gsize stride, chroma_stride, chroma_rows;
} Plan;

static Plan
make_plan (const AssayPixelFormat *format)
{
  Plan plan = { find (format->fourcc), format->width_px, format->height_px, format->bytes_per_line, 0, 0 };
  if (plan.stride == 0)
    plan.stride = (gsize) plan.width * plan.pixels->step;
  if (plan.pixels->layout == LAYOUT_YUV_SEMI)
    plan.chroma_stride = plan.stride * 2 / plan.pixels->across;
  else if (plan.pixels->layout == LAYOUT_YUV_PLANAR)
    plan.chroma_stride = plan.stride / plan.pixels->across;
  plan.chroma_rows = (plan.height + plan.pixels->down - 1u) / MAX (plan.pixels->down, 1u);
  return plan;
}

static gsize
bytes_needed (const Plan *plan)
{
  gsize planes = plan->pixels->layout == LAYOUT_YUV_PLANAR ? 2 : plan->chroma_stride > 0 ? 1 : 0;
  /* The last row need not have its padding. */
  gsize last = plan->chroma_stride > 0 ? plan->stride : (gsize) plan->width * plan->pixels->step;
  return plan->stride * (plan->height - 1) + last + planes * plan->chroma_stride * plan->chroma_rows;
}

static void
convert_yuv_row (const Plan *plan, const Matrix *matrix, const guint8 *data, guint row, guint8 *rgb)
{
  const Pixels *pixels = plan->pixels;
  const guint8 *line = data + row * plan->stride;
  const guint8 *chroma = data + plan->stride * plan->height + row / pixels->down * plan->chroma_stride;
  const guint8 *second = chroma + plan->chroma_stride * plan->chroma_rows;
  guint u_at = pixels->at[0];
  for (guint x = 0; x < plan->width; x++, rgb += 3)
    switch (pixels->layout)
      {
      case LAYOUT_YUV_PACKED:
        {
          const guint8 *pair = line + x / 2 * 4;
          put (rgb, matrix, pair[pixels->at[x % 2 * 2]], pair[pixels->at[1]], pair[pixels->at[3]]);
          break;
        }
      case LAYOUT_YUV_444:
        {
          const guint8 *pixel = line + (gsize) x * pixels->step;
          put (rgb, matrix, pixel[pixels->at[0]], pixel[pixels->at[1]], pixel[pixels->at[2]]);
          break;
        }
      case LAYOUT_YUV_SEMI:
        {
          const guint8 *pair = chroma + x / pixels->across * 2;
          put (rgb, matrix, line[x], pair[u_at], pair[1 - u_at]);
          break;
        }
      default:
        {
          guint8 first = chroma[x / pixels->across], other = second[x / pixels->across];
          put (rgb, matrix, line[x], u_at == 0 ? first : other, u_at == 0 ? other : first);
          break;
        }
      }
}

static void
convert_rgb_row (const Plan *plan, const guint8 *levels, const guint8 *line, guint8 *rgb)
{
  const Pixels *pixels = plan->pixels;
  for (guint x = 0; x < plan->width; x++, rgb += 3, line += pixels->step)
    {
      guint8 raw[3];
      if (pixels->layout == LAYOUT_RGB565)
        {
          guint word = line[0] | (guint) line[1] << 8;
          raw[0] = (guint8) ((word >> 11) * 255 / 31);
          raw[1] = (guint8) ((word >> 5 & 63) * 255 / 63);
          raw[2] = (guint8) ((word & 31) * 255 / 31);
        }
      else
        for (guint c = 0; c < 3; c++)
          raw[c] = line[pixels->at[c]];
      for (guint c = 0; c < 3; c++)
        rgb[c] = levels[raw[c]];
    }
}

/* 10 to 14 bits move to the top of 16: nothing is lost, and the picture is as bright as it was. */
static void
convert_grey_row (const Plan *plan, const guint8 *line, guint8 *out)
{
  const Pixels *pixels = plan->pixels;
  if (pixels->step == 1)
    {
      memcpy (out, line, plan->width);
      return;
    }
  guint16 *wide = (guint16 *) (gpointer) out;
  for (guint x = 0; x < plan->width; x++, line += 2)
    {
      guint value = pixels->big_endian ? (guint) line[0] << 8 | line[1] : (guint) line[1] << 8 | line[0];
      wide[x] = (guint16) (value << (16 - pixels->bits));
    }
}

static void
levels_init (guint8 levels[256], guint quantization)
{
  for (int i = 0; i < 256; i++)
    levels[i] = quantization == ASSAY_QUANTIZATION_LIMITED
                    ? (guint8) CLAMP (lround ((i - 16) * 255 / 219.0), 0, 255)
                    : (guint8) i;
}

AssayPicture *
assay_colour_convert (const AssayPixelFormat *format, const guint8 *data, gsize n_bytes, GError **error)
{
  if (!assay_colour_supports (format, error))
    return NULL;
  Plan plan = make_plan (format);
  if (plan.pixels->layout == LAYOUT_JPEG)
    return assay_picture_decode (data, n_bytes, error);
  if (n_bytes < bytes_needed (&plan))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading a frame: it has %" G_GSIZE_FORMAT " bytes where its format needs %" G_GSIZE_FORMAT,
                   n_bytes, bytes_needed (&plan));
      return NULL;
    }
  gboolean grey = plan.pixels->layout == LAYOUT_GREY;
  AssayPixels kind = !grey ? ASSAY_PIXELS_RGB8 : plan.pixels->step == 1 ? ASSAY_PIXELS_GREY8 : ASSAY_PIXELS_GREY16;
  AssayPicture *picture = assay_picture_new (plan.width, plan.height, kind);
  if (picture == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading a frame: a picture of %ux%u is too large",
                   plan.width, plan.height);
      return NULL;
    }
  guint encoding, quantization;
  Matrix matrix;
  guint8 levels[256];
  assay_colour_resolve (format, &encoding, &quantization);
  matrix_init (&matrix, encoding, quantization);
  levels_init (levels, quantization);
  for (guint row = 0; row < plan.height; row++)
    {
      guint8 *out = picture->data + row * picture->stride;
      const guint8 *line = data + row * plan.stride;
      if (grey)
        convert_grey_row (&plan, line, out);
      else if (is_yuv (plan.pixels))
        convert_yuv_row (&plan, &matrix, data, row, out);
      else
        convert_rgb_row (&plan, levels, line, out);
    }
  return picture;
}
