/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/colour.h - raw frames to pixels, by the colour space, encoding and range that the device declares.
 *
 * R'G'B' = matrix (Y'CbCr) with the constants of ITU-R BT.601, BT.709, BT.2020 and SMPTE 240M, and BT.2020's constant
 * luminance by its table 5; full and limited range; within 1 of double arithmetic. A code of n bits means, in limited
 * range, Y' = (code / 2^(n-8) - 16) / 219 and C = (code / 2^(n-8) - 128) / 224; in full range code / (2^n - 1) and
 * (code - 2^(n-1)) / (2^n - 1); red, green and blue are ranged as Y' is. HSV is the hexcone. Transfer functions and
 * primaries stay as they are: nothing is graded. Chroma is taken from the nearest sample, so a plain area keeps its
 * exact colour up to its edge; Bayer is bilinear. More than 8 bits stay: grey and Bayer are moved to the top of 16, P010
 * and P012 become 16-bit colour. Any thread. */
#include "core/picture.h"
#include "core/pixel-format.h"

G_BEGIN_DECLS

/* V4L2's numbers, as AssayPixelFormat carries them (linux/videodev2.h, which only the V4L2 source includes). */
enum
{
  ASSAY_COLORSPACE_SMPTE170M = 1,
  ASSAY_COLORSPACE_SMPTE240M,
  ASSAY_COLORSPACE_REC709,
  ASSAY_COLORSPACE_JPEG = 7,
  ASSAY_COLORSPACE_SRGB,
  ASSAY_COLORSPACE_OPRGB,
  ASSAY_COLORSPACE_BT2020,
  ASSAY_COLORSPACE_RAW,
  ASSAY_COLORSPACE_DCI_P3
};
enum
{
  ASSAY_ENCODING_601 = 1,
  ASSAY_ENCODING_709,
  ASSAY_ENCODING_XV601,
  ASSAY_ENCODING_XV709,
  ASSAY_ENCODING_SYCC,
  ASSAY_ENCODING_BT2020,
  ASSAY_ENCODING_BT2020_CONST_LUM,
  ASSAY_ENCODING_SMPTE240M,
  ASSAY_ENCODING_HSV_180 = 128, /* hue in steps of two degrees */
  ASSAY_ENCODING_HSV_256
};
enum
{
  ASSAY_QUANTIZATION_FULL = 1,
  ASSAY_QUANTIZATION_LIMITED
};

/* How the bytes become a picture; FALSE with UNSUPPORTED names the format and what to choose instead. */
gboolean assay_colour_supports (const AssayPixelFormat *format, GError **error);
/* Whether a frame is a whole JPEG file, to be kept byte for byte. */
gboolean assay_colour_is_jpeg (guint32 fourcc);
/* DEFAULT (0) replaced by what V4L2 says it means for this colour space and kind of format. */
void assay_colour_resolve (const AssayPixelFormat *format, guint *ret_encoding, guint *ret_quantization);
/* RGB8 or GREY8, RGB16 or GREY16 for more bits and depth. A short frame is BAD_DATA. */
AssayPicture *assay_colour_convert (const AssayPixelFormat *format, const guint8 *data, gsize n_bytes,
                                    GError **error);
/* For showing, as cheap as can be: at least `side_px` on the longer side (or as large as it is; 0 = that), by whole steps; JPEG by
 * DCT scaling, others by taking every n-th pixel. */
AssayPicture *assay_colour_convert_small (const AssayPixelFormat *format, const guint8 *data, gsize n_bytes, guint side_px,
                                          GError **error);

G_END_DECLS
