/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/colour-private.h - where the parts of each pixel format lie (core/colour-format.c), for those who read them.
 */
#include "core/colour.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_LAYOUT_YUV_PACKED, /* 4:2:2, four bytes for two pixels: at = place of the first y, of u, of v */
  ASSAY_LAYOUT_YUV_444,    /* at = y u v, `step` bytes a pixel */
  ASSAY_LAYOUT_YUV_SEMI,   /* a plane of y, then one of chroma pairs; at[0] = u's place in the pair. Two bytes a
                            * sample   when `bits` > 8, which are then the top ones */
  ASSAY_LAYOUT_YUV_PLANAR, /* three planes; at[0] = u's place among the two */
  ASSAY_LAYOUT_YUV_WORD,   /* y u v in fields of one little-endian word: at = shifts */
  ASSAY_LAYOUT_RGB,        /* at = r g b, `step` bytes a pixel */
  ASSAY_LAYOUT_RGB_WORD,   /* r g b in fields of one word: at = shifts */
  ASSAY_LAYOUT_HSV,        /* at = h s v, `step` bytes a pixel */
  ASSAY_LAYOUT_GREY,
  ASSAY_LAYOUT_BAYER, /* at = column and row of the first red */
  ASSAY_LAYOUT_JPEG,
} AssayLayoutKind;

/* How grey and Bayer samples of more than 8 bits lie. */
typedef enum
{
  ASSAY_SAMPLES_PLAIN,      /* one or two bytes, little-endian, the low bits */
  ASSAY_SAMPLES_BIG_ENDIAN, /* two bytes */
  ASSAY_SAMPLES_MIPI,       /* CSI-2's: the top 8 bits of a group, then the low ones of all of it */
  ASSAY_SAMPLES_STREAM      /* one after the other, the highest bit first */
} AssaySamples;

typedef struct
{
  guint32 fourcc;
  AssayLayoutKind layout;
  guint8 at[3];
  guint8 step;         /* bytes a pixel, of the first plane; 0 = `bits` packed */
  guint8 across, down; /* pixels that share a chroma sample */
  guint8 bits;         /* of a sample */
  guint8 fields[3];    /* bits of each field of a word */
  guint8 samples;      /* AssaySamples; of words: whether they are big-endian */
} AssayPixelLayout;

/* NULL when it is not known. */
const AssayPixelLayout *assay_pixel_layout_find (guint32 fourcc);
gboolean assay_pixel_layout_is_yuv (const AssayPixelLayout *layout);

/* Where the parts of one frame lie. */
typedef struct
{
  const AssayPixelLayout *layout;
  guint width, height;
  gsize line_bytes, stride; /* of the first plane, without and with padding */
  gsize chroma_stride, chroma_rows;
} AssayFramePlan;

/* FALSE with BAD_DATA when a frame of that size cannot be, or `n_bytes` are too few. */
gboolean assay_frame_plan_init (AssayFramePlan *plan, const AssayPixelFormat *format, gsize n_bytes,
                                GError **error);

/* Samples of one line, moved to the top of 16 bits, or as they are when they have 8. */
void assay_samples_unpack (const AssayPixelLayout *layout, const guint8 *line, guint width, guint16 *samples);

/* Colour from a Bayer mosaic. `picture`: RGB8 or RGB16, as large as the frame: bilinear, from the nearest samples
 * of each colour; or smaller by whole steps (of a frame that has two lines and columns): from the two-by-two cell
 * at each. */
void assay_bayer_convert (const AssayFramePlan *plan, const guint8 *data, guint step_px, AssayPicture *picture);

G_END_DECLS
