/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/pixel-format.h - how the bytes of one frame mean pixels, in V4L2's own numbers, kept as a camera gave them.
 *
 * What a device delivers, what a raw film says of its frames, and what core/colour.h turns into pictures. */
#include <glib.h>

G_BEGIN_DECLS

/* V4L2's code of a pixel format, and as text: "YUYV", "Y16", "Y16-BE". */
#define ASSAY_FOURCC_TEXT_SIZE 8
#define ASSAY_FOURCC(a, b, c, d) ((guint32) (a) | (guint32) (b) << 8 | (guint32) (c) << 16 | (guint32) (d) << 24)
char *assay_fourcc_to_text (guint32 fourcc, char buffer[ASSAY_FOURCC_TEXT_SIZE]);
gboolean assay_fourcc_parse (const char *text, guint32 *ret_fourcc, GError **error);

typedef struct
{
  guint32 fourcc; /* 0 = none: sound */
  guint width_px, height_px;
  guint bytes_per_line;                                     /* of the first plane; 0 = without padding */
  guint colorspace, ycbcr_encoding, quantization, transfer; /* raw V4L2 numbers, 0 = default */
} AssayPixelFormat;

G_END_DECLS
