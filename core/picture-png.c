/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG by libpng. Ancillary chunks (gamma, profiles, text) are not applied: a label is about the stored pixels. */
#include "core/picture.h"

#include "core/error.h"
#include "core/exif.h"

#include <png.h>
#include <string.h>

/* One reading or writing. libpng leaves by longjmp: everything that must be undone is a field here, never a local.
 */
typedef struct
{
  png_structp png;
  png_infop info;
  const guint8 *data;
  gsize n_bytes, at;
  GByteArray *out;
  AssayPicture *picture;
  guint8 *rows;   /* pixels with alpha, before it is dropped */
  png_bytep *row; /* where each row goes */
  gboolean all_rows_read;
  char why[160];
} Work;

static void
work_clear (Work *work)
{
  if (work->out != NULL)
    png_destroy_write_struct (&work->png, &work->info);
  else
    png_destroy_read_struct (&work->png, &work->info, NULL);
  g_clear_pointer (&work->out, g_byte_array_unref);
  assay_picture_unref (work->picture);
  g_free (work->rows);
  g_free (work->row);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Work, work_clear)

static G_NORETURN void
fail (png_structp png, png_const_charp why)
{
  Work *work = png_get_error_ptr (png);
  g_strlcpy (work->why, why, sizeof work->why);
  png_longjmp (png, 1);
}

static void
ignore_warning (png_structp png, png_const_charp why)
{
}

static void
read_bytes (png_structp png, png_bytep to, png_size_t n)
{
  Work *work = png_get_io_ptr (png);
  if (n > work->n_bytes - work->at)
    png_error (png, "the file is cut short");
  memcpy (to, work->data + work->at, n);
  work->at += n;
}

static gboolean
looks_like (const guint8 *data, gsize n_bytes)
{
  return n_bytes >= 8 && png_sig_cmp (data, 0, 8) == 0;
}

static void
begin_reading (Work *work, const guint8 *data, gsize n_bytes)
{
  work->data = data;
  work->n_bytes = n_bytes;
  work->png = png_create_read_struct (PNG_LIBPNG_VER_STRING, work, fail, ignore_warning);
  work->info = png_create_info_struct (work->png);
  png_set_user_limits (work->png, ASSAY_PICTURE_MAX_SIDE_PX, ASSAY_PICTURE_MAX_SIDE_PX);
  png_set_read_fn (work->png, work, read_bytes);
}

static guint
orientation (Work *work)
{
  png_bytep exif = NULL;
  png_uint_32 n = 0;
  if (png_get_eXIf_1 (work->png, work->info, &n, &exif) == 0)
    return 1;
  return assay_exif_orientation (exif, n);
}

static gboolean
probe (const guint8 *data, gsize n_bytes, AssayPictureFacts *ret_facts, GError **error)
{
  g_auto (Work) work = { 0 };
  begin_reading (&work, data, n_bytes);
  if (setjmp (png_jmpbuf (work.png)) != 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "the PNG is damaged: %s", work.why);
      return FALSE;
    }
  png_read_info (work.png, work.info);
  *ret_facts = (AssayPictureFacts){
    .width_px = png_get_image_width (work.png, work.info),
    .height_px = png_get_image_height (work.png, work.info),
    .exif_orientation = orientation (&work),
  };
  return TRUE;
}

/* Whatever the file has (palette, 1 to 16 bits, alpha) becomes grey or colour of 8 or 16 bits, with alpha when it
 * has any. */
static void
ask_for_plain_pixels (Work *work)
{
  if (png_get_color_type (work->png, work->info) == PNG_COLOR_TYPE_PALETTE)
    png_set_palette_to_rgb (work->png);
  if (png_get_bit_depth (work->png, work->info) < 8)
    png_set_expand_gray_1_2_4_to_8 (work->png);
  if (png_get_valid (work->png, work->info, PNG_INFO_tRNS) != 0)
    png_set_tRNS_to_alpha (work->png);
  if (G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (work->png);
  png_set_interlace_handling (work->png);
  png_read_update_info (work->png, work->info);
}

/* Deflate packs at most 1032 to 1: a small file that claims more pixels is cut or made to hurt, and costs no memory
 * here. */
static gboolean
is_plausible (const Work *work)
{
  guint64 bits = (guint64) png_get_image_width (work->png, work->info) * png_get_bit_depth (work->png, work->info)
                 * png_get_channels (work->png, work->info);
  return (bits + 7) / 8 * png_get_image_height (work->png, work->info) <= (work->n_bytes + 1) * 1032;
}

static void
make_room (Work *work)
{
  guint width_px = png_get_image_width (work->png, work->info),
        height_px = png_get_image_height (work->png, work->info);
  gboolean deep = png_get_bit_depth (work->png, work->info) == 16;
  gboolean colour = png_get_channels (work->png, work->info) >= 3;
  gsize row_bytes = png_get_rowbytes (work->png, work->info);
  work->picture = assay_picture_new (width_px, height_px,
                                     colour ? (deep ? ASSAY_PIXELS_RGB16 : ASSAY_PIXELS_RGB8)
                                            : (deep ? ASSAY_PIXELS_GREY16 : ASSAY_PIXELS_GREY8));
  if (work->picture == NULL)
    png_error (work->png, "it is too large for the memory");
  if (row_bytes != work->picture->stride && (work->rows = g_try_malloc0_n (height_px, row_bytes)) == NULL)
    png_error (work->png, "it is too large for the memory");
  work->row = g_new (png_bytep, height_px);
  for (guint y = 0; y < height_px; y++)
    work->row[y]
        = work->rows != NULL ? work->rows + y * row_bytes : work->picture->data + y * work->picture->stride;
}

/* Copies colour without alpha; TRUE when some pixel was not opaque. */
static gboolean
drop_alpha (const Work *work)
{
  AssayPicture *picture = work->picture;
  guint bytes = assay_pixels_bytes (picture->pixels), alpha_bytes = bytes / assay_pixels_channels (picture->pixels);
  gboolean transparent = FALSE;
  for (guint y = 0; y < picture->height_px; y++)
    for (guint x = 0; x < picture->width_px; x++)
      {
        const guint8 *from = work->row[y] + (gsize) x * (bytes + alpha_bytes);
        memcpy (picture->data + y * picture->stride + (gsize) x * bytes, from, bytes);
        for (guint i = 0; i < alpha_bytes; i++)
          transparent |= from[bytes + i] != 0xff;
      }
  return transparent;
}

static void
read_pixels (Work *work)
{
  png_read_info (work->png, work->info);
  if (!is_plausible (work))
    png_error (work->png, "it claims more pixels than it can hold");
  guint found = orientation (work);
  ask_for_plain_pixels (work);
  make_room (work);
  work->picture->exif_orientation = found;
  png_read_image (work->png, work->row);
  work->all_rows_read = TRUE;
  png_read_end (work->png, NULL);
}

static AssayPicture *
decode (const guint8 *data, gsize n_bytes, guint at_least_px, GError **error)
{
  g_auto (Work) work = { 0 };
  begin_reading (&work, data, n_bytes);
  if (setjmp (png_jmpbuf (work.png)) == 0)
    read_pixels (&work);
  else if (!work.all_rows_read)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "the PNG is damaged: %s; get it again from where it came", work.why);
      return NULL;
    }
  else
    work.picture->warning = g_strdup_printf ("all pixels are there, but the file's end is damaged: %s", work.why);
  if (work.rows != NULL && drop_alpha (&work) && work.picture->warning == NULL)
    work.picture->warning = g_strdup ("it has transparency, which was dropped: colours are as stored");
  return g_steal_pointer (&work.picture);
}

static void
write_bytes (png_structp png, png_bytep from, png_size_t n)
{
  Work *work = png_get_io_ptr (png);
  g_byte_array_append (work->out, from, (guint) n);
}

static void
flush_nothing (png_structp png)
{
}

/* How far from nothing a row is after a filter: the sum that libpng's own choice goes by. */
static guint64
left_over (const guint8 *above, const guint8 *row, gsize n_bytes, guint pixel_bytes, int filter)
{
  guint64 sum = 0;
  for (gsize i = pixel_bytes; i < n_bytes; i++)
    {
      int left = row[i - pixel_bytes], up = above[i], corner = above[i - pixel_bytes], guess = left;
      if (filter == PNG_FILTER_AVG)
        guess = (left + up) / 2;
      else if (filter == PNG_FILTER_PAETH)
        {
          int to_left = ABS (up - corner), to_up = ABS (left - corner), to_corner = ABS (left + up - 2 * corner);
          guess = to_left <= to_up && to_left <= to_corner ? left : to_up <= to_corner ? up : corner;
        }
      guint8 rest = (guint8) (row[i] - guess);
      sum += MIN (rest, 256u - rest);
    }
  return sum;
}

/* Filters are tried on one row in this many: neighbours are alike, and trying costs as much as packing. */
#define ROWS_A_CHOICE 8

/* `y` > 0 */
static int
choose_filter (const AssayPicture *picture, guint y)
{
  static const int filters[] = { PNG_FILTER_SUB, PNG_FILTER_AVG, PNG_FILTER_PAETH };
  const guint8 *row = picture->data + y * picture->stride;
  guint pixel_bytes = assay_pixels_bytes (picture->pixels);
  guint64 least = G_MAXUINT64;
  int best = PNG_FILTER_SUB;
  for (guint i = 0; i < G_N_ELEMENTS (filters); i++)
    {
      guint64 sum = left_over (row - picture->stride, row, (gsize) picture->width_px * pixel_bytes, pixel_bytes,
                               filters[i]);
      best = sum < least ? filters[i] : best;
      least = MIN (least, sum);
    }
  return best;
}

/* Level 1 and RLE: a camera's noise holds no longer matches, and looking for them is what libpng's default spends its time
 * on. Filters do the work, one chosen for every few rows; 16 bits take SUB. */
static void
write_picture (Work *work, const AssayPicture *picture)
{
  gboolean deep = picture->pixels == ASSAY_PIXELS_GREY16 || picture->pixels == ASSAY_PIXELS_RGB16;
  png_set_IHDR (work->png, work->info, picture->width_px, picture->height_px, deep ? 16 : 8,
                assay_pixels_channels (picture->pixels) == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
                PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_set_compression_level (work->png, 1);
  png_set_compression_strategy (work->png, 3 /* Z_RLE of zlib */);
  png_set_filter (work->png, PNG_FILTER_TYPE_BASE, deep ? PNG_FILTER_SUB : PNG_ALL_FILTERS);
  png_write_info (work->png, work->info);
  if (deep && G_BYTE_ORDER == G_LITTLE_ENDIAN)
    png_set_swap (work->png);
  for (guint y = 0; y < picture->height_px; y++)
    {
      /* libpng takes no filter later that its first row had no room for: that one has all of them. */
      if (!deep && y > 0 && (y == 1 || y % ROWS_A_CHOICE == 0))
        png_set_filter (work->png, PNG_FILTER_TYPE_BASE, choose_filter (picture, y));
      png_write_row (work->png, picture->data + y * picture->stride);
    }
  png_write_end (work->png, work->info);
}

GBytes *
assay_picture_encode_png (const AssayPicture *picture, GError **error)
{
  g_auto (Work) work = { .out = g_byte_array_new () };
  work.png = png_create_write_struct (PNG_LIBPNG_VER_STRING, &work, fail, ignore_warning);
  work.info = png_create_info_struct (work.png);
  png_set_write_fn (work.png, &work, write_bytes, flush_nothing);
  if (setjmp (png_jmpbuf (work.png)) != 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "writing a PNG of %u x %u pixels: %s", picture->width_px,
                   picture->height_px, work.why);
      return NULL;
    }
  write_picture (&work, picture);
  GByteArray *out = g_byte_array_ref (work.out);
  return g_byte_array_free_to_bytes (out);
}

const AssayPictureCodec assay_picture_codec_png = {
  .type = "png",
  .looks_like = looks_like,
  .probe = probe,
  .decode = decode,
};
