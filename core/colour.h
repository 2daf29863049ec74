/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/colour.h - raw frames to pixels, by the colour space, encoding and range that the device declares.
 *
 * R'G'B' = matrix (Y'CbCr) with the constants of ITU-R BT.601, BT.709, BT.2020 (non-constant luminance) and SMPTE
 * 240M; full and limited range; within 1 of double arithmetic. Transfer functions and primaries stay as they are:
 * nothing is graded. Chroma is taken from the nearest sample, so a plain area keeps its exact colour up to its
 * edge. Any thread. */
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
  ASSAY_ENCODING_SMPTE240M
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
/* RGB8, or GREY8 / GREY16 for grey and depth. A short frame is BAD_DATA. */
AssayPicture *assay_colour_convert (const AssayPixelFormat *format, const guint8 *data, gsize n_bytes,
                                    GError **error);

G_END_DECLS
