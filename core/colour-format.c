/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The layouts, from the kernel's pages of image formats (Documentation/userspace-api/media/v4l/pixfmt-*.rst). */
#include "core/colour-private.h"

#include "core/error.h"

#define BIG_ENDIAN_BIT (1u << 31)
#define CODE(text) ASSAY_FOURCC ((text)[0], (text)[1], (text)[2], (text)[3])

/* clang-format off */
#define PACKED(text, y, u, v) { CODE (text), ASSAY_LAYOUT_YUV_PACKED, { y, u, v }, 2, 2, 1, 8, { 0 }, 0 }
#define YUV(text, y, u, v, step) { CODE (text), ASSAY_LAYOUT_YUV_444, { y, u, v }, step, 1, 1, 8, { 0 }, 0 }
#define SEMI(text, u, across, down) { CODE (text), ASSAY_LAYOUT_YUV_SEMI, { u }, 1, across, down, 8, { 0 }, 0 }
#define DEEP_SEMI(text, bits) { CODE (text), ASSAY_LAYOUT_YUV_SEMI, { 0 }, 2, 2, 2, bits, { 0 }, 0 }
#define PLANAR(text, u, across, down) { CODE (text), ASSAY_LAYOUT_YUV_PLANAR, { u }, 1, across, down, 8, { 0 }, 0 }
#define YUV_WORD(text, y, u, v, ybits, ubits, vbits) \
  { CODE (text), ASSAY_LAYOUT_YUV_WORD, { y, u, v }, 2, 1, 1, 8, { ybits, ubits, vbits }, 0 }
#define RGB(text, r, g, b, step) { CODE (text), ASSAY_LAYOUT_RGB, { r, g, b }, step, 1, 1, 8, { 8, 8, 8 }, 0 }
#define WORD(code, r, g, b, rbits, gbits, bbits, step, big) \
  { code, ASSAY_LAYOUT_RGB_WORD, { r, g, b }, step, 1, 1, 8, { rbits, gbits, bbits }, big }
#define W444(text, r, g, b) WORD (CODE (text), r, g, b, 4, 4, 4, 2, 0)
#define W555(text, r, g, b) WORD (CODE (text), r, g, b, 5, 5, 5, 2, 0)
#define GREY(code, step, bits, samples) { code, ASSAY_LAYOUT_GREY, { 0 }, step, 1, 1, bits, { 0 }, samples }
#define BAYER(text, x, y, step, bits, samples) \
  { CODE (text), ASSAY_LAYOUT_BAYER, { x, y }, step, 1, 1, bits, { 0 }, samples }
/* The four patterns of one depth, by the first line's first two colours. */
#define BAYERS(bg, gb, gr, rg, step, bits, samples) \
  BAYER (bg, 1, 1, step, bits, samples), BAYER (gb, 0, 1, step, bits, samples), \
  BAYER (gr, 1, 0, step, bits, samples), BAYER (rg, 0, 0, step, bits, samples)

static const AssayPixelLayout known[] = {
  { CODE ("MJPG"), ASSAY_LAYOUT_JPEG, { 0 }, 0, 0, 0, 0, { 0 }, 0 },
  { CODE ("JPEG"), ASSAY_LAYOUT_JPEG, { 0 }, 0, 0, 0, 0, { 0 }, 0 },
  PACKED ("YUYV", 0, 1, 3), PACKED ("YVYU", 0, 3, 1), PACKED ("UYVY", 1, 0, 2), PACKED ("VYUY", 1, 2, 0),
  SEMI ("NV12", 0, 2, 2), SEMI ("NV21", 1, 2, 2), SEMI ("NV16", 0, 2, 1), SEMI ("NV61", 1, 2, 1),
  SEMI ("NV24", 0, 1, 1), SEMI ("NV42", 1, 1, 1),
  SEMI ("NM12", 0, 2, 2), SEMI ("NM21", 1, 2, 2), SEMI ("NM16", 0, 2, 1), SEMI ("NM61", 1, 2, 1),
  DEEP_SEMI ("P010", 10), DEEP_SEMI ("P012", 12), DEEP_SEMI ("PM12", 12),
  PLANAR ("YU12", 0, 2, 2), PLANAR ("YV12", 1, 2, 2), PLANAR ("422P", 0, 2, 1), PLANAR ("411P", 0, 4, 1),
  PLANAR ("YUV9", 0, 4, 4), PLANAR ("YVU9", 1, 4, 4),
  PLANAR ("YM12", 0, 2, 2), PLANAR ("YM21", 1, 2, 2), PLANAR ("YM16", 0, 2, 1), PLANAR ("YM61", 1, 2, 1),
  PLANAR ("YM24", 0, 1, 1), PLANAR ("YM42", 1, 1, 1),
  YUV ("YUV3", 0, 1, 2, 3), YUV ("YUV4", 1, 2, 3, 4), YUV ("AYUV", 1, 2, 3, 4), YUV ("XYUV", 1, 2, 3, 4),
  YUV ("VUYA", 2, 1, 0, 4), YUV ("VUYX", 2, 1, 0, 4), YUV ("YUVA", 0, 1, 2, 4), YUV ("YUVX", 0, 1, 2, 4),
  YUV_WORD ("Y444", 8, 4, 0, 4, 4, 4), YUV_WORD ("YUVO", 10, 5, 0, 5, 5, 5), YUV_WORD ("YUVP", 11, 5, 0, 5, 6, 5),
  RGB ("RGB3", 0, 1, 2, 3), RGB ("BGR3", 2, 1, 0, 3),
  RGB ("XR24", 2, 1, 0, 4), RGB ("AR24", 2, 1, 0, 4), RGB ("BGR4", 2, 1, 0, 4),
  RGB ("XB24", 0, 1, 2, 4), RGB ("AB24", 0, 1, 2, 4),
  RGB ("BX24", 1, 2, 3, 4), RGB ("BA24", 1, 2, 3, 4), RGB ("RGB4", 1, 2, 3, 4),
  RGB ("RX24", 3, 2, 1, 4), RGB ("RA24", 3, 2, 1, 4),
  WORD (CODE ("RGB1"), 5, 2, 0, 3, 3, 2, 1, 0),
  W444 ("R444", 8, 4, 0), W444 ("AR12", 8, 4, 0), W444 ("XR12", 8, 4, 0), W444 ("RA12", 12, 8, 4),
  W444 ("RX12", 12, 8, 4), W444 ("AB12", 0, 4, 8), W444 ("XB12", 0, 4, 8), W444 ("GA12", 4, 8, 12),
  W444 ("BX12", 4, 8, 12),
  W555 ("RGBO", 10, 5, 0), W555 ("AR15", 10, 5, 0), W555 ("XR15", 10, 5, 0), W555 ("RA15", 11, 6, 1),
  W555 ("RX15", 11, 6, 1), W555 ("AB15", 0, 5, 10), W555 ("XB15", 0, 5, 10), W555 ("BA15", 1, 6, 11),
  W555 ("BX15", 1, 6, 11),
  WORD (CODE ("RGBQ"), 10, 5, 0, 5, 5, 5, 2, 1), WORD (CODE ("AR15") | BIG_ENDIAN_BIT, 10, 5, 0, 5, 5, 5, 2, 1),
  WORD (CODE ("XR15") | BIG_ENDIAN_BIT, 10, 5, 0, 5, 5, 5, 2, 1),
  WORD (CODE ("RGBP"), 11, 5, 0, 5, 6, 5, 2, 0), WORD (CODE ("RGBR"), 11, 5, 0, 5, 6, 5, 2, 1),
  WORD (CODE ("BGRH"), 14, 20, 26, 6, 6, 6, 4, 1),
  { CODE ("HSV3"), ASSAY_LAYOUT_HSV, { 0, 1, 2 }, 3, 1, 1, 8, { 0 }, 0 },
  { CODE ("HSV4"), ASSAY_LAYOUT_HSV, { 1, 2, 3 }, 4, 1, 1, 8, { 0 }, 0 },
  GREY (CODE ("GREY"), 1, 8, 0), GREY (CODE ("Y10 "), 2, 10, 0), GREY (CODE ("Y12 "), 2, 12, 0),
  GREY (CODE ("Y14 "), 2, 14, 0), GREY (CODE ("Y16 "), 2, 16, 0), GREY (CODE ("Z16 "), 2, 16, 0),
  GREY (CODE ("Y012"), 2, 16, 0), /* 12 bits, at the top already */
  GREY (CODE ("Y16 ") | BIG_ENDIAN_BIT, 2, 16, ASSAY_SAMPLES_BIG_ENDIAN),
  GREY (CODE ("Y10P"), 0, 10, ASSAY_SAMPLES_MIPI), GREY (CODE ("Y12P"), 0, 12, ASSAY_SAMPLES_MIPI),
  GREY (CODE ("Y14P"), 0, 14, ASSAY_SAMPLES_MIPI), GREY (CODE ("Y10B"), 0, 10, ASSAY_SAMPLES_STREAM),
  BAYERS ("BA81", "GBRG", "GRBG", "RGGB", 1, 8, 0),
  BAYERS ("BG10", "GB10", "BA10", "RG10", 2, 10, 0),
  BAYERS ("BG12", "GB12", "BA12", "RG12", 2, 12, 0),
  BAYERS ("BG14", "GB14", "GR14", "RG14", 2, 14, 0),
  BAYERS ("BYR2", "GB16", "GR16", "RG16", 2, 16, 0),
  BAYERS ("pBAA", "pGAA", "pgAA", "pRAA", 0, 10, ASSAY_SAMPLES_MIPI),
  BAYERS ("pBCC", "pGCC", "pgCC", "pRCC", 0, 12, ASSAY_SAMPLES_MIPI),
  BAYERS ("pBEE", "pGEE", "pgEE", "pREE", 0, 14, ASSAY_SAMPLES_MIPI),
};
/* clang-format on */

const AssayPixelLayout *
assay_pixel_layout_find (guint32 fourcc)
{
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (known[i].fourcc == fourcc)
      return &known[i];
  return NULL;
}

gboolean
assay_colour_is_jpeg (guint32 fourcc)
{
  const AssayPixelLayout *layout = assay_pixel_layout_find (fourcc);
  return layout != NULL && layout->layout == ASSAY_LAYOUT_JPEG;
}

gboolean
assay_pixel_layout_is_yuv (const AssayPixelLayout *layout)
{
  return layout->layout <= ASSAY_LAYOUT_YUV_WORD;
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
  const AssayPixelLayout *layout = assay_pixel_layout_find (format->fourcc);
  gboolean full = space == ASSAY_COLORSPACE_JPEG || layout == NULL || !assay_pixel_layout_is_yuv (layout);
  if (layout != NULL && layout->layout == ASSAY_LAYOUT_HSV)
    by_space = ASSAY_ENCODING_HSV_180;
  *ret_encoding = format->ycbcr_encoding != 0 ? format->ycbcr_encoding : by_space;
  *ret_quantization = format->quantization != 0 ? format->quantization
                      : full                    ? ASSAY_QUANTIZATION_FULL
                                                : ASSAY_QUANTIZATION_LIMITED;
}

gboolean
assay_colour_supports (const AssayPixelFormat *format, GError **error)
{
  const AssayPixelLayout *layout = assay_pixel_layout_find (format->fourcc);
  char name[ASSAY_FOURCC_TEXT_SIZE];
  guint encoding, quantization;
  assay_colour_resolve (format, &encoding, &quantization);
  if (layout != NULL && (!assay_pixel_layout_is_yuv (layout) || encoding <= ASSAY_ENCODING_SMPTE240M))
    return TRUE;
  if (layout == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 "making pictures from format %s: it is none that can be turned into pixels; choose format=MJPG, "
                 "YUYV, NV12 or another that the camera lists",
                 assay_fourcc_to_text (format->fourcc, name));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                 "making pictures from format %s: its colour encoding %u is not known; choose another colour space "
                 "on the camera",
                 assay_fourcc_to_text (format->fourcc, name), encoding);
  return FALSE;
}

static gsize
line_bytes_of (const AssayPixelLayout *layout, guint width)
{
  if (layout->layout == ASSAY_LAYOUT_YUV_PACKED)
    return (gsize) (width + 1) / 2 * 4;
  if (layout->step > 0)
    return (gsize) width * layout->step;
  /* CSI-2's come in groups, of which the last is whole. */
  gsize group = layout->samples != ASSAY_SAMPLES_MIPI ? 1 : layout->bits == 12 ? 2 : 4;
  return ((width + group - 1) / group * group * layout->bits + 7) / 8;
}

gboolean
assay_frame_plan_init (AssayFramePlan *plan, const AssayPixelFormat *format, gsize n_bytes, GError **error)
{
  const AssayPixelLayout *layout = assay_pixel_layout_find (format->fourcc);
  *plan = (AssayFramePlan){ .layout = layout, .width = format->width_px, .height = format->height_px };
  plan->line_bytes = line_bytes_of (layout, plan->width);
  plan->stride = format->bytes_per_line != 0 ? format->bytes_per_line : plan->line_bytes;
  gsize planes = layout->layout == ASSAY_LAYOUT_YUV_PLANAR ? 2 : layout->layout == ASSAY_LAYOUT_YUV_SEMI ? 1 : 0;
  gsize chroma_bytes = (plan->width + layout->across - 1u) / layout->across * (3 - planes) * layout->step;
  if (planes > 0)
    {
      plan->chroma_rows = (plan->height + layout->down - 1u) / layout->down;
      plan->chroma_stride = (plan->stride * (3 - planes) + layout->across - 1u) / layout->across;
      plan->chroma_stride = MAX (plan->chroma_stride, chroma_bytes);
    }
  if (plan->height == 0 || plan->width == 0 || plan->stride < plan->line_bytes)
    return assay_error_bad_data (error,
                                 "reading a frame: lines of %" G_GSIZE_FORMAT " bytes do not hold %u x %u pixels",
                                 plan->stride, plan->width, plan->height);
  /* The last line need not have its padding. */
  gsize last = planes > 0 ? plan->stride : plan->line_bytes;
  gsize needed = plan->stride * (plan->height - 1) + last + planes * plan->chroma_stride * plan->chroma_rows;
  return n_bytes >= needed
         || assay_error_bad_data (
             error, "reading a frame: it has %" G_GSIZE_FORMAT " bytes where its format needs %" G_GSIZE_FORMAT,
             n_bytes, needed);
}
