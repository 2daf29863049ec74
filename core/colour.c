/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/colour-private.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

/* --- levels: what a code of some bits means, Y' from 0 to 1, C from -0.5 to 0.5 --- */

static double
luma_of (guint code, guint bits, gboolean limited)
{
  double unit = (double) (1u << bits) / 256; /* of 8 bits */
  return limited ? (code / unit - 16) / 219 : code / (double) ((1u << bits) - 1);
}

static double
chroma_of (guint code, guint bits, gboolean limited)
{
  double unit = (double) (1u << bits) / 256, middle = (double) (1u << (bits - 1));
  return limited ? (code / unit - 128) / 224 : (code - middle) / (double) ((1u << bits) - 1);
}

/* Kr and Kb of Y' = Kr R' + (1 - Kr - Kb) G' + Kb B'. */
static void
get_weights (guint encoding, double *ret_kr, double *ret_kb)
{
  switch (encoding)
    {
    case ASSAY_ENCODING_709:
    case ASSAY_ENCODING_XV709:
      *ret_kr = 0.2126, *ret_kb = 0.0722;
      break;
    case ASSAY_ENCODING_BT2020:
    case ASSAY_ENCODING_BT2020_CONST_LUM:
      *ret_kr = 0.2627, *ret_kb = 0.0593;
      break;
    case ASSAY_ENCODING_SMPTE240M:
      *ret_kr = 0.212, *ret_kb = 0.087;
      break;
    default:
      *ret_kr = 0.299, *ret_kb = 0.114;
    }
}

/* --- tables, made once a frame --- */

/* Sums of entries are 255 * R'G'B' in 1/65536ths, so rounding once at the end stays within 1 of doubles. */
typedef struct
{
  gint32 y[256], r_v[256], g_u[256], g_v[256], b_u[256];
  guint8 levels[3][256]; /* of r, g and b */
  /* What has more than 8 bits, or is no matrix, goes by doubles. */
  double kr, kb, luma[4096], u[4096], v[4096];
  gboolean constant_luminance, hue_of_256;
} Tables;

/* The bits of y, u and v, or of r, g and b. */
static void
get_bits (const AssayPixelLayout *layout, guint bits[3])
{
  gboolean word = layout->layout == ASSAY_LAYOUT_YUV_WORD || layout->layout == ASSAY_LAYOUT_RGB_WORD;
  for (guint c = 0; c < 3; c++)
    bits[c] = word ? layout->fields[c] : layout->bits;
}

static void
matrix_init (Tables *tables, const guint bits[3], gboolean limited)
{
  double kr = tables->kr, kb = tables->kb, kg = 1 - kr - kb, scale = 255 * 65536.0;
  for (guint i = 0; i < 256; i++)
    {
      double y = luma_of (i, bits[0], limited), u = chroma_of (i, bits[1], limited),
             v = chroma_of (i, bits[2], limited);
      tables->y[i] = (gint32) lround (scale * y);
      tables->r_v[i] = (gint32) lround (scale * 2 * (1 - kr) * v);
      tables->b_u[i] = (gint32) lround (scale * 2 * (1 - kb) * u);
      tables->g_u[i] = (gint32) lround (scale * -2 * kb * (1 - kb) / kg * u);
      tables->g_v[i] = (gint32) lround (scale * -2 * kr * (1 - kr) / kg * v);
    }
}

static gboolean
is_exact (const AssayPixelLayout *layout, const Tables *tables)
{
  return layout->bits > 8 || tables->constant_luminance;
}

static void
levels_init (Tables *tables, const guint bits[3], gboolean limited)
{
  for (guint c = 0; c < 3; c++)
    for (guint i = 0; i < 1u << bits[c]; i++)
      tables->levels[c][i] = (guint8) CLAMP (lround (255 * luma_of (i, bits[c], limited)), 0, 255);
}

static void
tables_init (Tables *tables, const AssayPixelLayout *layout, const AssayPixelFormat *format)
{
  guint encoding, quantization, bits[3];
  assay_colour_resolve (format, &encoding, &quantization);
  gboolean limited = quantization == ASSAY_QUANTIZATION_LIMITED;
  get_bits (layout, bits);
  get_weights (encoding, &tables->kr, &tables->kb);
  tables->constant_luminance = assay_pixel_layout_is_yuv (layout) && encoding == ASSAY_ENCODING_BT2020_CONST_LUM;
  tables->hue_of_256 = encoding == ASSAY_ENCODING_HSV_256;
  if (layout->layout == ASSAY_LAYOUT_RGB || layout->layout == ASSAY_LAYOUT_RGB_WORD)
    levels_init (tables, bits, limited);
  if (!assay_pixel_layout_is_yuv (layout))
    return;
  if (!is_exact (layout, tables))
    matrix_init (tables, bits, limited);
  else
    for (guint i = 0; i < 1u << MAX (layout->bits, 8); i++)
      {
        tables->luma[i] = luma_of (i, bits[0], limited);
        tables->u[i] = chroma_of (i, bits[1], limited);
        tables->v[i] = chroma_of (i, bits[2], limited);
      }
}

/* --- Y'CbCr, the quick way: 8 bits and a matrix --- */

static inline guint8
finish (gint32 sum)
{
  gint32 value = (sum + 32768) >> 16;
  return (guint8) CLAMP (value, 0, 255);
}

static inline void
put (guint8 *rgb, const Tables *tables, guint y, guint u, guint v)
{
  gint32 luma = tables->y[y];
  rgb[0] = finish (luma + tables->r_v[v]);
  rgb[1] = finish (luma + tables->g_u[u] + tables->g_v[v]);
  rgb[2] = finish (luma + tables->b_u[u]);
}

/* Where the samples of one line are: y of pixel x is y[x * y_step], u is u[(x >> shift) * chroma_step]. */
typedef struct
{
  const guint8 *y, *u, *v;
  gsize y_step, chroma_step;
  guint shift;
} Line;

static Line
find_line (const AssayFramePlan *plan, const guint8 *data, guint row)
{
  const AssayPixelLayout *layout = plan->layout;
  const guint8 *line = data + row * plan->stride;
  const guint8 *chroma = data + plan->stride * plan->height + row / layout->down * plan->chroma_stride;
  const guint8 *second = chroma + plan->chroma_stride * plan->chroma_rows;
  const guint8 *first_u = chroma + layout->at[0] * (gsize) layout->step,
               *first_v = chroma + (1 - layout->at[0]) * (gsize) layout->step;
  guint shift = layout->across == 4 ? 2 : layout->across == 2 ? 1 : 0;
  switch (layout->layout)
    {
    case ASSAY_LAYOUT_YUV_PACKED:
      return (Line){ line + layout->at[0], line + layout->at[1], line + layout->at[2], 2, 4, 1 };
    case ASSAY_LAYOUT_YUV_444:
      return (
          Line){ line + layout->at[0], line + layout->at[1], line + layout->at[2], layout->step, layout->step, 0 };
    case ASSAY_LAYOUT_YUV_SEMI:
      return (Line){ line, first_u, first_v, layout->step, 2 * (gsize) layout->step, shift };
    default:
      return (
          Line){ line, layout->at[0] == 0 ? chroma : second, layout->at[0] == 0 ? second : chroma, 1, 1, shift };
    }
}

static void
convert_yuv_line (const AssayFramePlan *plan, const Tables *tables, const guint8 *data, guint row, guint step_px,
                  guint n, guint8 *rgb)
{
  const Line line = find_line (plan, data, row);
  for (guint x = 0; n > 0; n--, x += step_px, rgb += 3)
    {
      gsize chroma = (x >> line.shift) * line.chroma_step;
      put (rgb, tables, line.y[x * line.y_step], line.u[chroma], line.v[chroma]);
    }
}

static inline guint
get_word (const AssayPixelLayout *layout, const guint8 *at)
{
  guint word = 0;
  for (guint i = 0; i < layout->step; i++)
    word |= (guint) at[i] << 8 * (layout->samples != 0 ? layout->step - 1u - i : i);
  return word;
}

static inline void
get_fields (const AssayPixelLayout *layout, const guint8 *at, guint fields[3])
{
  guint word = get_word (layout, at);
  for (guint c = 0; c < 3; c++)
    fields[c] = word >> layout->at[c] & ((1u << layout->fields[c]) - 1);
}

static void
convert_word_line (const AssayFramePlan *plan, const Tables *tables, const guint8 *line, guint step_px, guint n,
                   guint8 *rgb)
{
  gsize step = (gsize) plan->layout->step * step_px;
  guint fields[3];
  for (; n > 0; n--, line += step, rgb += 3)
    {
      get_fields (plan->layout, line, fields);
      put (rgb, tables, fields[0], fields[1], fields[2]);
    }
}

/* --- Y'CbCr, exactly --- */

static void
get_codes (const AssayFramePlan *plan, const Line *line, const guint8 *word, guint x, guint codes[3])
{
  const AssayPixelLayout *layout = plan->layout;
  if (layout->layout == ASSAY_LAYOUT_YUV_WORD)
    {
      get_fields (layout, word + (gsize) x * layout->step, codes);
      return;
    }
  gsize chroma = (x >> line->shift) * line->chroma_step;
  const guint8 *const at[3] = { line->y + x * line->y_step, line->u + chroma, line->v + chroma };
  for (guint c = 0; c < 3; c++)
    codes[c] = layout->bits > 8 ? ((guint) at[c][1] << 8 | at[c][0]) >> (16 - layout->bits) : at[c][0];
}

/* ITU-R BT.2020-2, table 4: the transfer function, with alpha and beta to the digits that make it smooth. */
#define ALPHA 1.09929682680944
#define BETA 0.018053968510807

static double
to_linear (double value)
{
  return value < 4.5 * BETA ? value / 4.5 : pow ((value + ALPHA - 1) / ALPHA, 1 / 0.45);
}

static double
from_linear (double value)
{
  return value < BETA ? 4.5 * value : ALPHA * pow (value, 0.45) - (ALPHA - 1);
}

/* ITU-R BT.2020-2, table 5, constant luminance: Y'c = (0.2627 R + 0.6780 G + 0.0593 B)' of linear light, and the colour
 * differences to it, scaled by what each side can reach; the four factors as V4L2's page of colour spaces has them. */
static void
solve_constant_luminance (double y, double u, double v, double rgb[3])
{
  rgb[0] = y + v * (v <= 0 ? 1.7184 : 0.9936);
  rgb[2] = y + u * (u <= 0 ? 1.9404 : 1.5816);
  rgb[1] = from_linear ((to_linear (y) - 0.2627 * to_linear (rgb[0]) - 0.0593 * to_linear (rgb[2])) / 0.6780);
}

static void
solve_matrix (const Tables *tables, double y, double u, double v, double rgb[3])
{
  double kr = tables->kr, kb = tables->kb;
  rgb[0] = y + 2 * (1 - kr) * v;
  rgb[2] = y + 2 * (1 - kb) * u;
  rgb[1] = (y - kr * rgb[0] - kb * rgb[2]) / (1 - kr - kb);
}

static void
convert_exact_line (const AssayFramePlan *plan, const Tables *tables, const guint8 *data, guint row, guint step_px,
                    guint n, guint8 *out)
{
  const Line line = find_line (plan, data, row);
  gboolean deep = plan->layout->bits > 8;
  for (guint i = 0; i < n; i++)
    {
      guint codes[3];
      double rgb[3];
      get_codes (plan, &line, data + row * plan->stride, i * step_px, codes);
      double y = tables->luma[codes[0]], u = tables->u[codes[1]], v = tables->v[codes[2]];
      if (tables->constant_luminance)
        solve_constant_luminance (y, u, v, rgb);
      else
        solve_matrix (tables, y, u, v, rgb);
      for (guint c = 0; c < 3; c++)
        {
          double level = CLAMP (rgb[c], 0.0, 1.0);
          if (deep)
            ((guint16 *) (gpointer) out)[3 * (gsize) i + c] = (guint16) (65535 * level + 0.5);
          else
            out[3 * (gsize) i + c] = (guint8) (255 * level + 0.5);
        }
    }
}

/* --- the rest --- */

static void
convert_rgb_line (const AssayFramePlan *plan, const Tables *tables, const guint8 *line, guint step_px, guint n,
                  guint8 *rgb)
{
  const AssayPixelLayout *layout = plan->layout;
  gsize step = (gsize) layout->step * step_px;
  for (; n > 0; n--, line += step, rgb += 3)
    {
      guint fields[3];
      if (layout->layout == ASSAY_LAYOUT_RGB_WORD)
        get_fields (layout, line, fields);
      else
        for (guint c = 0; c < 3; c++)
          fields[c] = line[layout->at[c]];
      for (guint c = 0; c < 3; c++)
        rgb[c] = tables->levels[c][fields[c]];
    }
}

/* The hexcone: hue in halves of a degree (or of a circle's 256 parts), saturation and value in 255ths. */
static void
convert_hsv_line (const AssayFramePlan *plan, const Tables *tables, const guint8 *line, guint step_px, guint n,
                  guint8 *rgb)
{
  const AssayPixelLayout *layout = plan->layout;
  gsize step = (gsize) layout->step * step_px;
  for (; n > 0; n--, line += step, rgb += 3)
    {
      double sixth = fmod (line[layout->at[0]] * (tables->hue_of_256 ? 6 / 256.0 : 6 / 180.0), 6);
      double value = line[layout->at[2]], range = value * line[layout->at[1]] / 255;
      for (guint c = 0; c < 3; c++)
        {
          double away = fmod (sixth + 6 - 2 * (double) c, 6); /* from this channel's own hue */
          away = MIN (away, 6 - away);
          rgb[c] = (guint8) lround (value - range * CLAMP (away - 1, 0, 1));
        }
    }
}

/* 10 to 14 bits move to the top of 16: nothing is lost, and the picture is as bright as it was. */
static void
convert_grey_line (const AssayFramePlan *plan, const guint8 *line, guint step_px, guint n, guint8 *out,
                   guint16 *samples)
{
  if (plan->layout->bits == 8 && step_px == 1)
    {
      memcpy (out, line, n);
      return;
    }
  assay_samples_unpack (plan->layout, line, plan->width, samples);
  for (guint i = 0; i < n; i++)
    if (plan->layout->bits == 8)
      out[i] = (guint8) samples[(gsize) i * step_px];
    else
      ((guint16 *) (gpointer) out)[i] = samples[(gsize) i * step_px];
}

static void
convert_line (const AssayFramePlan *plan, const Tables *tables, const guint8 *data, guint row, guint step_px,
              guint n, guint8 *out, guint16 *samples)
{
  const guint8 *line = data + row * plan->stride;
  if (assay_pixel_layout_is_yuv (plan->layout) && is_exact (plan->layout, tables))
    convert_exact_line (plan, tables, data, row, step_px, n, out);
  else if (plan->layout->layout == ASSAY_LAYOUT_YUV_WORD)
    convert_word_line (plan, tables, line, step_px, n, out);
  else if (assay_pixel_layout_is_yuv (plan->layout))
    convert_yuv_line (plan, tables, data, row, step_px, n, out);
  else if (plan->layout->layout == ASSAY_LAYOUT_HSV)
    convert_hsv_line (plan, tables, line, step_px, n, out);
  else if (plan->layout->layout == ASSAY_LAYOUT_GREY)
    convert_grey_line (plan, line, step_px, n, out, samples);
  else
    convert_rgb_line (plan, tables, line, step_px, n, out);
}

static AssayPixels
choose_pixels (const AssayPixelLayout *layout)
{
  gboolean deep = layout->bits > 8;
  if (layout->layout == ASSAY_LAYOUT_GREY)
    return deep ? ASSAY_PIXELS_GREY16 : ASSAY_PIXELS_GREY8;
  return deep ? ASSAY_PIXELS_RGB16 : ASSAY_PIXELS_RGB8;
}

/* Every `step_px`th pixel of every `step_px`th line. */
static AssayPicture *
convert (const AssayPixelFormat *format, const guint8 *data, gsize n_bytes, guint step_px, GError **error)
{
  AssayFramePlan plan;
  if (!assay_frame_plan_init (&plan, format, n_bytes, error))
    return NULL;
  if (plan.layout->layout == ASSAY_LAYOUT_BAYER && MIN (plan.width, plan.height) < 2)
    step_px = 1; /* there is no cell in it */
  AssayPicture *picture = assay_picture_new ((plan.width + step_px - 1) / step_px,
                                             (plan.height + step_px - 1) / step_px, choose_pixels (plan.layout));
  if (picture == NULL)
    {
      assay_error_bad_data (error, "reading a frame: a picture of %ux%u is too large", plan.width, plan.height);
      return NULL;
    }
  if (plan.layout->layout == ASSAY_LAYOUT_BAYER)
    {
      assay_bayer_convert (&plan, data, step_px, picture);
      return picture;
    }
  g_autofree Tables *tables = g_new (Tables, 1);
  g_autofree guint16 *samples = g_new (guint16, plan.width);
  tables_init (tables, plan.layout, format);
  for (guint y = 0; y < picture->height_px; y++)
    convert_line (&plan, tables, data, y * step_px, step_px, picture->width_px, picture->data + y * picture->stride,
                  samples);
  return picture;
}

AssayPicture *
assay_colour_convert (const AssayPixelFormat *format, const guint8 *data, gsize n_bytes, GError **error)
{
  if (!assay_colour_supports (format, error))
    return NULL;
  if (assay_colour_is_jpeg (format->fourcc))
    return assay_picture_decode (data, n_bytes, error);
  return convert (format, data, n_bytes, 1, error);
}

AssayPicture *
assay_colour_convert_small (const AssayPixelFormat *format, const guint8 *data, gsize n_bytes, guint side_px,
                            GError **error)
{
  if (!assay_colour_supports (format, error))
    return NULL;
  if (assay_colour_is_jpeg (format->fourcc))
    return assay_picture_decode_small (data, n_bytes, side_px, error);
  guint longer_px = MAX (format->width_px, format->height_px);
  return convert (format, data, n_bytes, side_px > 0 ? MAX (longer_px / side_px, 1) : 1, error);
}
