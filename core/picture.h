/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/picture.h - pixels in memory, decoded and upright.
 *
 * Rows run top to bottom without padding rules of their own: always step by `stride`. EXIF orientation is applied
 * once, here, while decoding, and told (`exif_orientation`), so that every coordinate in Assay is in the displayed
 * frame. Depth is kept: 16-bit files stay 16-bit (host byte order).
 * Pictures cross threads and are counted; they do not change once shared. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  ASSAY_PIXELS_GREY8,
  ASSAY_PIXELS_GREY16,
  ASSAY_PIXELS_RGB8,
  ASSAY_PIXELS_RGB16,
} AssayPixels;

typedef struct {
  guint width_px, height_px;
  AssayPixels pixels;
  gsize stride;           /* bytes from row to row */
  guint8 *data;
  guint exif_orientation; /* as found in the file, 1 to 8; 1 = upright or not said. Already applied. */
  char *warning;          /* what a damaged but readable file lacks, for the findings; else NULL */
  gint refs;
} AssayPicture;

AssayPicture *assay_picture_new (guint width_px, guint height_px, AssayPixels pixels); /* zeroed; NULL when far too large */
AssayPicture *assay_picture_ref (AssayPicture *picture);
void assay_picture_unref (AssayPicture *picture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPicture, assay_picture_unref)

#define ASSAY_PICTURE_MAX_SIDE_PX 65500

guint assay_pixels_channels (AssayPixels pixels);
guint assay_pixels_bytes (AssayPixels pixels); /* bytes a pixel, all channels */

/* What can be told from the header alone. */
typedef struct {
  const char *type;           /* "png" or "jpg": the extension in media/ */
  guint width_px, height_px;  /* upright */
  guint exif_orientation;
} AssayPictureFacts;

/* `data` is the whole file. BAD_DATA says what is wrong and where; a cut JPEG whose top can be shown decodes with `warning`. */
gboolean assay_picture_probe (gconstpointer data, gsize n_bytes, AssayPictureFacts *ret_facts, GError **error);
AssayPicture *assay_picture_decode (gconstpointer data, gsize n_bytes, GError **error);
/* At least `side_px` on the longer side, or as large as it is: for JPEG much cheaper (DCT scaling), else whole. */
AssayPicture *assay_picture_decode_small (gconstpointer data, gsize n_bytes, guint side_px, GError **error);
AssayPicture *assay_picture_load (const char *path, GError **error);
/* At least `side_px` on the longer side, much cheaper for JPEG (DCT scaling); for thumbnails. Upright, RGB8. */
AssayPicture *assay_picture_load_small (const char *path, guint side_px, GError **error);

/* Area average; to RGB8 by keeping the top 8 bits. New pictures. */
AssayPicture *assay_picture_scale (const AssayPicture *picture, guint width_px, guint height_px);
AssayPicture *assay_picture_to_rgb8 (const AssayPicture *picture);

/* Takes a picture as it was stored and gives it as `exif_orientation` shows it: turned, or itself. For decoders. */
AssayPicture *assay_picture_take_upright (AssayPicture *take_stored, GError **error);

/* PNG with fixed settings, so that the same pixels give the same bytes with the same libpng; free with g_bytes_unref. */
GBytes *assay_picture_encode_png (const AssayPicture *picture, GError **error);
GBytes *assay_picture_encode_jpeg (const AssayPicture *picture, int quality, GError **error);

/* The two decoders behind it, one foreign library each: core/picture-png.c and core/picture-jpeg.c. */
typedef struct {
  const char *type;
  gboolean (*looks_like) (const guint8 *data, gsize n_bytes);
  gboolean (*probe) (const guint8 *data, gsize n_bytes, AssayPictureFacts *ret_facts, GError **error);
  AssayPicture *(*decode) (const guint8 *data, gsize n_bytes, guint at_least_px, GError **error);
} AssayPictureCodec;
extern const AssayPictureCodec assay_picture_codec_png, assay_picture_codec_jpeg;

G_END_DECLS
