/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/picture.h"

#include "core/error.h"

#include <math.h>
#include <string.h>

/* Beyond this a file is an attack or a mistake: 2 GiB are 26,000 x 26,000 in colour. */
#define MAX_BYTES ((guint64) 2 << 30)

static const AssayPictureCodec *const codecs[] = { &assay_picture_codec_png, &assay_picture_codec_jpeg };

guint
assay_pixels_channels (AssayPixels pixels)
{
  return pixels == ASSAY_PIXELS_GREY8 || pixels == ASSAY_PIXELS_GREY16 ? 1 : 3;
}

static guint
sample_bytes (AssayPixels pixels)
{
  return pixels == ASSAY_PIXELS_GREY16 || pixels == ASSAY_PIXELS_RGB16 ? 2 : 1;
}

guint
assay_pixels_bytes (AssayPixels pixels)
{
  return assay_pixels_channels (pixels) * sample_bytes (pixels);
}

AssayPicture *
assay_picture_new (guint width_px, guint height_px, AssayPixels pixels)
{
  guint64 stride = (guint64) width_px * assay_pixels_bytes (pixels);
  if (width_px == 0 || height_px == 0 || width_px > ASSAY_PICTURE_MAX_SIDE_PX
      || height_px > ASSAY_PICTURE_MAX_SIDE_PX || stride * height_px > MAX_BYTES)
    return NULL;
  guint8 *data = g_try_malloc0 (stride * height_px);
  if (data == NULL)
    return NULL;
  AssayPicture *picture = g_new0 (AssayPicture, 1);
  *picture = (AssayPicture){
    .width_px = width_px,
    .height_px = height_px,
    .pixels = pixels,
    .stride = stride,
    .data = data,
    .exif_orientation = 1,
    .refs = 1,
  };
  return picture;
}

AssayPicture *
assay_picture_ref (AssayPicture *picture)
{
  g_atomic_int_inc (&picture->refs);
  return picture;
}

void
assay_picture_unref (AssayPicture *picture)
{
  if (picture == NULL || !g_atomic_int_dec_and_test (&picture->refs))
    return;
  g_free (picture->data);
  g_free (picture->warning);
  g_free (picture);
}

/* Files that people do bring, said by name. */
static const char *
name_of_foreign (const guint8 *data, gsize n_bytes)
{
  static const struct
  {
    gsize at;
    const char *bytes, *name;
  } known[] = {
    { 0, "GIF8", "a GIF file" },      { 8, "WEBP", "a WebP file" },      { 0, "II*", "a TIFF file" },
    { 0, "MM", "a TIFF file" },       { 0, "BM", "a BMP file" },         { 4, "ftypheic", "a HEIC file" },
    { 4, "ftypmif1", "a HEIF file" }, { 4, "ftypavif", "an AVIF file" }, { 0, "%PDF", "a PDF file" },
    { 0, "<svg", "an SVG file" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      gsize n = strlen (known[i].bytes);
      if (n_bytes >= known[i].at + n && memcmp (data + known[i].at, known[i].bytes, n) == 0)
        return known[i].name;
    }
  return NULL;
}

static const AssayPictureCodec *
sniff (const guint8 *data, gsize n_bytes, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (codecs); i++)
    if (codecs[i]->looks_like (data, n_bytes))
      return codecs[i];
  const char *foreign = name_of_foreign (data, n_bytes);
  if (foreign != NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "it is %s; convert it to PNG or JPEG", foreign);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "%s; only PNG and JPEG are read",
                 n_bytes == 0 ? "the file is empty" : "it is no picture");
  return NULL;
}

/* Where pixel (x, y) of the upright picture is in the stored one of size w x h (EXIF 2.32, orientation 1 to 8). */
static gsize
stored_at (guint orientation, guint w, guint h, gsize stride, guint bytes, guint x, guint y)
{
  guint across = orientation >= 5 ? y : x;
  guint down = orientation >= 5 ? x : y;
  gboolean from_right = orientation == 2 || orientation == 3 || orientation == 7 || orientation == 8;
  gboolean from_below = orientation == 3 || orientation == 4 || orientation == 6 || orientation == 7;
  return (from_below ? h - 1 - down : down) * stride + (gsize) (from_right ? w - 1 - across : across) * bytes;
}

AssayPicture *
assay_picture_take_upright (AssayPicture *take_stored, GError **error)
{
  guint orientation = take_stored->exif_orientation;
  if (orientation < 2 || orientation > 8)
    return take_stored;
  g_autoptr (AssayPicture) from = take_stored;
  guint w = from->width_px, h = from->height_px, bytes = assay_pixels_bytes (from->pixels);
  AssayPicture *to = assay_picture_new (orientation >= 5 ? h : w, orientation >= 5 ? w : h, from->pixels);
  if (to == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "there is no memory to turn %u x %u pixels; scale it down", w, h);
      return NULL;
    }
  for (guint y = 0; y < to->height_px; y++)
    {
      gsize start = stored_at (orientation, w, h, from->stride, bytes, 0, y);
      gssize step = 0;
      if (to->width_px > 1)
        step = (gssize) (stored_at (orientation, w, h, from->stride, bytes, 1, y) - start);
      const guint8 *pixel = from->data + start;
      guint8 *out = to->data + y * to->stride;
      for (guint x = 0; x < to->width_px; x++, pixel += step)
        for (guint i = 0; i < bytes; i++)
          *out++ = pixel[i];
    }
  to->exif_orientation = orientation;
  to->warning = g_steal_pointer (&from->warning);
  return to;
}

static AssayPicture *
decode (const guint8 *data, gsize n_bytes, guint at_least_px, GError **error)
{
  const AssayPictureCodec *codec = sniff (data, n_bytes, error);
  AssayPicture *stored = codec != NULL ? codec->decode (data, n_bytes, at_least_px, error) : NULL;
  return stored != NULL ? assay_picture_take_upright (stored, error) : NULL;
}

gboolean
assay_picture_probe (gconstpointer data, gsize n_bytes, AssayPictureFacts *ret_facts, GError **error)
{
  const AssayPictureCodec *codec = sniff (data, n_bytes, error);
  AssayPictureFacts facts = { 0 };
  if (codec == NULL || !codec->probe (data, n_bytes, &facts, error))
    {
      g_prefix_error (error, "reading a picture: ");
      return FALSE;
    }
  facts.type = codec->type;
  if (facts.exif_orientation >= 5)
    {
      guint width_px = facts.width_px;
      facts.width_px = facts.height_px;
      facts.height_px = width_px;
    }
  *ret_facts = facts;
  return TRUE;
}

AssayPicture *
assay_picture_decode_small (gconstpointer data, gsize n_bytes, guint side_px, GError **error)
{
  AssayPicture *picture = decode (data, n_bytes, side_px, error);
  if (picture == NULL)
    g_prefix_error (error, "reading a picture: ");
  return picture;
}

AssayPicture *
assay_picture_decode (gconstpointer data, gsize n_bytes, GError **error)
{
  return assay_picture_decode_small (data, n_bytes, 0, error);
}

static AssayPicture *
load (const char *path, guint at_least_px, GError **error)
{
  g_autofree char *data = NULL;
  gsize n_bytes = 0;
  g_autoptr (GError) wrong = NULL;
  if (!g_file_get_contents (path, &data, &n_bytes, &wrong))
    {
      gboolean absent = g_error_matches (wrong, G_FILE_ERROR, G_FILE_ERROR_NOENT);
      g_set_error (error, ASSAY_ERROR, absent ? ASSAY_ERROR_NOT_FOUND : ASSAY_ERROR_IO, "reading %s: %s", path,
                   absent ? "there is no such file" : wrong->message);
      return NULL;
    }
  AssayPicture *picture = decode ((const guint8 *) data, n_bytes, at_least_px, error);
  if (picture == NULL)
    g_prefix_error (error, "reading %s: ", path);
  return picture;
}

AssayPicture *
assay_picture_load (const char *path, GError **error)
{
  return load (path, 0, error);
}

AssayPicture *
assay_picture_load_small (const char *path, guint side_px, GError **error)
{
  g_autoptr (AssayPicture) whole = load (path, side_px, error);
  if (whole == NULL)
    return NULL;
  g_autoptr (AssayPicture) rgb
      = whole->pixels == ASSAY_PIXELS_RGB8 ? assay_picture_ref (whole) : assay_picture_to_rgb8 (whole);
  guint longer_px = MAX (rgb->width_px, rgb->height_px);
  if (side_px == 0 || longer_px <= side_px)
    return g_steal_pointer (&rgb);
  AssayPicture *small = assay_picture_scale (rgb, MAX (1, (guint) ((guint64) rgb->width_px * side_px / longer_px)),
                                             MAX (1, (guint) ((guint64) rgb->height_px * side_px / longer_px)));
  small->exif_orientation = whole->exif_orientation;
  small->warning = g_strdup (whole->warning);
  return small;
}

static double
get_sample (const AssayPicture *picture, const guint8 *row, gsize i)
{
  return sample_bytes (picture->pixels) == 2 ? ((const guint16 *) (gconstpointer) row)[i] : row[i];
}

static void
set_sample (AssayPicture *picture, guint8 *row, gsize i, double value)
{
  if (sample_bytes (picture->pixels) == 2)
    ((guint16 *) (gpointer) row)[i] = (guint16) (value + 0.5);
  else
    row[i] = (guint8) (value + 0.5);
}

/* How much of source cell `i` lies in [from, to). */
static double
overlap (guint i, double from, double to)
{
  return MIN (to, i + 1.0) - MAX (from, (double) i);
}

/* Sums the source rows that target row `y` covers, each by its share, into `sums` (a row of source samples). */
static void
sum_rows (const AssayPicture *from, double top, double bottom, double *sums)
{
  gsize n = (gsize) from->width_px * assay_pixels_channels (from->pixels);
  memset (sums, 0, n * sizeof *sums);
  for (guint y = (guint) top; y < from->height_px && y < bottom; y++)
    {
      const guint8 *row = from->data + y * from->stride;
      double share = overlap (y, top, bottom);
      for (gsize i = 0; i < n; i++)
        sums[i] += share * get_sample (from, row, i);
    }
}

AssayPicture *
assay_picture_scale (const AssayPicture *picture, guint width_px, guint height_px)
{
  AssayPicture *to = assay_picture_new (width_px, height_px, picture->pixels);
  if (to == NULL)
    return NULL;
  guint channels = assay_pixels_channels (picture->pixels);
  double step_x = (double) picture->width_px / width_px, step_y = (double) picture->height_px / height_px;
  g_autofree double *sums = g_new (double, (gsize) picture->width_px *channels);
  for (guint y = 0; y < height_px; y++)
    {
      sum_rows (picture, y * step_y, (y + 1) * step_y, sums);
      for (guint x = 0; x < width_px; x++)
        {
          double left = x * step_x, right = (x + 1) * step_x, cell[3] = { 0 };
          for (guint sx = (guint) left; sx < picture->width_px && sx < right; sx++)
            for (guint c = 0; c < channels; c++)
              cell[c] += overlap (sx, left, right) * sums[(gsize) sx * channels + c];
          for (guint c = 0; c < channels; c++)
            set_sample (to, to->data + y * to->stride, (gsize) x * channels + c, cell[c] / (step_x * step_y));
        }
    }
  return to;
}

AssayPicture *
assay_picture_to_rgb8 (const AssayPicture *picture)
{
  AssayPicture *to = assay_picture_new (picture->width_px, picture->height_px, ASSAY_PIXELS_RGB8);
  if (to == NULL)
    return NULL;
  guint channels = assay_pixels_channels (picture->pixels), bytes = sample_bytes (picture->pixels);
  for (guint y = 0; y < picture->height_px; y++)
    {
      const guint8 *row = picture->data + y * picture->stride;
      guint8 *out = to->data + y * to->stride;
      for (gsize i = 0; i < (gsize) picture->width_px * 3; i++)
        {
          gsize from = channels == 3 ? i : i / 3;
          out[i] = bytes == 2 ? (guint8) (((const guint16 *) (gconstpointer) row)[from] >> 8) : row[from];
        }
    }
  to->exif_orientation = picture->exif_orientation;
  to->warning = g_strdup (picture->warning);
  return to;
}
