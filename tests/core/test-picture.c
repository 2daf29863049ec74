/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/exif.h"
#include "core/picture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <glib/gstdio.h>

#include <cmocka.h>

/* 8 x 8 pixels of ink C 0, M 255, Y 255, K 200 as Adobe stores it (inverted): RGB 0, 200, 200. Without Huffman
 * tables, too. */
static const guint8 cmyk[] = {
  0xff, 0xd8, 0xff, 0xee, 0x00, 0x0e, 0x41, 0x64, 0x6f, 0x62, 0x65, 0x00, 0x64, 0x00, 0x00, 0x00, 0x00, 0x00,
  0xff, 0xdb, 0x00, 0x43, 0x00, 0x02, 0x01, 0x01, 0x01, 0x01, 0x01, 0x02, 0x01, 0x01, 0x01, 0x02, 0x02, 0x02,
  0x02, 0x02, 0x04, 0x03, 0x02, 0x02, 0x02, 0x02, 0x05, 0x04, 0x04, 0x03, 0x04, 0x06, 0x05, 0x06, 0x06, 0x06,
  0x05, 0x06, 0x06, 0x06, 0x07, 0x09, 0x08, 0x06, 0x07, 0x09, 0x07, 0x06, 0x06, 0x08, 0x0b, 0x08, 0x09, 0x0a,
  0x0a, 0x0a, 0x0a, 0x0a, 0x06, 0x08, 0x0b, 0x0c, 0x0b, 0x0a, 0x0c, 0x09, 0x0a, 0x0a, 0x0a, 0xff, 0xc0, 0x00,
  0x14, 0x08, 0x00, 0x08, 0x00, 0x08, 0x04, 0x43, 0x11, 0x00, 0x4d, 0x11, 0x00, 0x59, 0x11, 0x00, 0x4b, 0x11,
  0x00, 0xff, 0xda, 0x00, 0x0e, 0x04, 0x43, 0x00, 0x4d, 0x00, 0x59, 0x00, 0x4b, 0x00, 0x00, 0x3f, 0x00, 0xfe,
  0x7f, 0xeb, 0xf7, 0xf2, 0xbf, 0x7f, 0x2b, 0xf4, 0x82, 0xbf, 0xff, 0xd9,
};
static const guint8 ycck[] = {
  0xff, 0xd8, 0xff, 0xee, 0x00, 0x0e, 0x41, 0x64, 0x6f, 0x62, 0x65, 0x00, 0x64, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff,
  0xdb, 0x00, 0x43, 0x00, 0x02, 0x01, 0x01, 0x01, 0x01, 0x01, 0x02, 0x01, 0x01, 0x01, 0x02, 0x02, 0x02, 0x02, 0x02,
  0x04, 0x03, 0x02, 0x02, 0x02, 0x02, 0x05, 0x04, 0x04, 0x03, 0x04, 0x06, 0x05, 0x06, 0x06, 0x06, 0x05, 0x06, 0x06,
  0x06, 0x07, 0x09, 0x08, 0x06, 0x07, 0x09, 0x07, 0x06, 0x06, 0x08, 0x0b, 0x08, 0x09, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a,
  0x06, 0x08, 0x0b, 0x0c, 0x0b, 0x0a, 0x0c, 0x09, 0x0a, 0x0a, 0x0a, 0xff, 0xdb, 0x00, 0x43, 0x01, 0x02, 0x02, 0x02,
  0x02, 0x02, 0x02, 0x05, 0x03, 0x03, 0x05, 0x0a, 0x07, 0x06, 0x07, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a,
  0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a,
  0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a, 0x0a,
  0x0a, 0x0a, 0x0a, 0x0a, 0xff, 0xc0, 0x00, 0x14, 0x08, 0x00, 0x08, 0x00, 0x08, 0x04, 0x01, 0x11, 0x00, 0x02, 0x11,
  0x01, 0x03, 0x11, 0x01, 0x04, 0x11, 0x00, 0xff, 0xda, 0x00, 0x0e, 0x04, 0x01, 0x00, 0x02, 0x11, 0x03, 0x11, 0x04,
  0x00, 0x00, 0x3f, 0x00, 0xf8, 0xbe, 0xbf, 0x94, 0xcf, 0xf7, 0xf0, 0xfd, 0x20, 0xaf, 0xff, 0xd9,
};

static guint32
crc_32 (const guint8 *data, gsize n)
{
  guint32 crc = 0xffffffff;
  for (gsize i = 0; i < n; i++)
    {
      crc ^= data[i];
      for (int bit = 0; bit < 8; bit++)
        crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
    }
  return ~crc;
}

static void
add_u32 (GByteArray *out, guint32 value)
{
  guint32 big = GUINT32_TO_BE (value);
  g_byte_array_append (out, (const guint8 *) &big, 4);
}

static void
add_chunk (GByteArray *out, const char *type, const guint8 *data, guint n)
{
  add_u32 (out, n);
  guint start = out->len;
  g_byte_array_append (out, (const guint8 *) type, 4);
  if (n > 0)
    g_byte_array_append (out, data, n);
  add_u32 (out, crc_32 (out->data + start, out->len - start));
}

/* A PNG from its filtered rows, stored without packing; `extra` goes before the pixels as one chunk. */
static GBytes *
build_png (guint w, guint h, guint8 depth, guint8 type, const char *extra, const guint8 *extra_data, guint extra_n,
           const guint8 *rows, guint16 n)
{
  g_autoptr (GByteArray) header = g_byte_array_new (), packed = g_byte_array_new ();
  GByteArray *out = g_byte_array_new ();
  g_byte_array_append (out, (const guint8 *) "\x89PNG\r\n\x1a\n", 8);
  add_u32 (header, w);
  add_u32 (header, h);
  g_byte_array_append (header, (const guint8[]){ depth, type, 0, 0, 0 }, 5);
  add_chunk (out, "IHDR", header->data, header->len);
  if (extra != NULL)
    add_chunk (out, extra, extra_data, extra_n);
  guint32 a = 1, b = 0;
  for (guint i = 0; i < n; i++)
    {
      a = (a + rows[i]) % 65521;
      b = (b + a) % 65521;
    }
  g_byte_array_append (packed, (const guint8[]){ 0x78, 0x01, 0x01, n & 0xff, n >> 8, ~n & 0xff, (~n >> 8) & 0xff },
                       7);
  g_byte_array_append (packed, rows, n);
  add_u32 (packed, b << 16 | a);
  add_chunk (out, "IDAT", packed->data, packed->len);
  add_chunk (out, "IEND", NULL, 0);
  return g_byte_array_free_to_bytes (out);
}

/* A busy picture, so that no two rows are the same and every byte of the file matters. */
static AssayPicture *
noise (guint w, guint h, AssayPixels pixels)
{
  AssayPicture *picture = assay_picture_new (w, h, pixels);
  guint32 state = 1;
  for (gsize i = 0; i < picture->stride * h; i++)
    {
      state = state * 1664525 + 1013904223;
      picture->data[i] = (guint8) (state >> 24);
    }
  return picture;
}

static GBytes *
jpeg_of (guint w, guint h)
{
  g_autoptr (AssayPicture) picture = noise (w, h, ASSAY_PIXELS_RGB8);
  GBytes *bytes = assay_picture_encode_jpeg (picture, 90, NULL);
  assert_non_null (bytes);
  return bytes;
}

static GByteArray *
copy_of (GBytes *bytes)
{
  GByteArray *copy = g_byte_array_new ();
  g_byte_array_append (copy, g_bytes_get_data (bytes, NULL), (guint) g_bytes_get_size (bytes));
  return copy;
}

static AssayPicture *
decode (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  AssayPicture *picture = assay_picture_decode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
  if (picture == NULL)
    fail_msg ("%s", error->message);
  return picture;
}

/* A copy of exactly `n` bytes on the heap, so that a sanitizer sees a read past its end. */
static void
assert_refused (gconstpointer data, gsize n, AssayErrorCode code, const char *said)
{
  g_autofree guint8 *exact = g_memdup2 (data, n);
  g_autoptr (GError) error = NULL;
  assert_null (assay_picture_decode (exact, n, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, (int) code));
  if (strstr (error->message, said) == NULL)
    fail_msg ("\"%s\" does not say \"%s\"", error->message, said);
}

static void
png_keeps_every_pixel_of_every_depth (void **state)
{
  static const AssayPixels all[]
      = { ASSAY_PIXELS_GREY8, ASSAY_PIXELS_GREY16, ASSAY_PIXELS_RGB8, ASSAY_PIXELS_RGB16 };
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autoptr (AssayPicture) picture = noise (37, 23, all[i]);
      g_autoptr (GBytes) bytes = assay_picture_encode_png (picture, NULL),
                         again = assay_picture_encode_png (picture, NULL);
      g_autoptr (AssayPicture) back = decode (bytes);
      assert_true (g_bytes_equal (bytes, again));
      assert_int_equal (back->pixels, all[i]);
      assert_int_equal (back->width_px, 37);
      assert_int_equal (back->height_px, 23);
      assert_memory_equal (back->data, picture->data, picture->stride * 23);
      assert_null (back->warning);
    }
}

static void
sixteen_bit_png_is_read_in_host_order (void **state)
{
  g_autoptr (GBytes) bytes = build_png (1, 1, 16, 0, NULL, NULL, 0, (const guint8[]){ 0, 0x12, 0x34 }, 3);
  g_autoptr (AssayPicture) picture = decode (bytes);
  assert_int_equal (*(guint16 *) (gpointer) picture->data, 0x1234);
}

static void
palette_and_few_bits_become_plain_pixels (void **state)
{
  static const guint8 palette[] = { 10, 20, 30, 40, 50, 60 };
  g_autoptr (GBytes) indexed = build_png (2, 1, 8, 3, "PLTE", palette, 6, (const guint8[]){ 0, 1, 0 }, 3);
  g_autoptr (AssayPicture) colours = decode (indexed);
  assert_int_equal (colours->pixels, ASSAY_PIXELS_RGB8);
  assert_memory_equal (colours->data, ((const guint8[]){ 40, 50, 60, 10, 20, 30 }), 6);
  g_autoptr (GBytes) bits = build_png (3, 1, 1, 0, NULL, NULL, 0, (const guint8[]){ 0, 0xa0 }, 2);
  g_autoptr (AssayPicture) mask = decode (bits);
  assert_int_equal (mask->pixels, ASSAY_PIXELS_GREY8);
  assert_memory_equal (mask->data, ((const guint8[]){ 255, 0, 255 }), 3);
}

static void
transparency_is_dropped_and_said (void **state)
{
  g_autoptr (GBytes) glass
      = build_png (1, 2, 8, 6, NULL, NULL, 0, (const guint8[]){ 0, 1, 2, 3, 0, 0, 4, 5, 6, 255 }, 10);
  g_autoptr (AssayPicture) picture = decode (glass);
  assert_int_equal (picture->pixels, ASSAY_PIXELS_RGB8);
  assert_memory_equal (picture->data, ((const guint8[]){ 1, 2, 3 }), 3);
  assert_memory_equal (picture->data + picture->stride, ((const guint8[]){ 4, 5, 6 }), 3);
  assert_non_null (strstr (picture->warning, "transparency"));
  g_autoptr (GBytes) opaque = build_png (1, 1, 8, 4, NULL, NULL, 0, (const guint8[]){ 0, 77, 255 }, 3);
  g_autoptr (AssayPicture) grey = decode (opaque);
  assert_int_equal (grey->pixels, ASSAY_PIXELS_GREY8);
  assert_int_equal (grey->data[0], 77);
  assert_null (grey->warning);
}

static void
png_that_claims_a_huge_size_is_refused (void **state)
{
  static const guint8 row[] = { 0, 1, 2, 3 };
  g_autoptr (GBytes) wide = build_png (2000000000, 1, 8, 2, NULL, NULL, 0, row, 4);
  g_autoptr (GBytes) large = build_png (60000, 60000, 8, 2, NULL, NULL, 0, row, 4);
  assert_refused (g_bytes_get_data (wide, NULL), g_bytes_get_size (wide), ASSAY_ERROR_BAD_DATA, "damaged");
  assert_refused (g_bytes_get_data (large, NULL), g_bytes_get_size (large), ASSAY_ERROR_BAD_DATA,
                  "more pixels than it can hold");
}

static void
png_cut_anywhere_is_refused_and_one_without_its_end_is_read (void **state)
{
  g_autoptr (AssayPicture) picture = noise (20, 20, ASSAY_PIXELS_RGB8);
  g_autoptr (GBytes) bytes = assay_picture_encode_png (picture, NULL);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  gsize n = g_bytes_get_size (bytes);
  for (gsize cut = 8; cut < n - 20; cut += 7)
    assert_refused (data, cut, ASSAY_ERROR_BAD_DATA, "cut short");
  g_autofree guint8 *exact = g_memdup2 (data, n - 12);
  g_autoptr (AssayPicture) back = assay_picture_decode (exact, n - 12, NULL);
  assert_non_null (back);
  assert_memory_equal (back->data, picture->data, picture->stride * 20);
  assert_non_null (strstr (back->warning, "end is damaged"));
}

static void
png_with_a_wrong_checksum_is_refused (void **state)
{
  g_autoptr (AssayPicture) picture = noise (20, 20, ASSAY_PIXELS_RGB8);
  g_autoptr (GBytes) bytes = assay_picture_encode_png (picture, NULL);
  g_autoptr (GByteArray) copy = copy_of (bytes);
  copy->data[copy->len / 2] ^= 1;
  assert_refused (copy->data, copy->len, ASSAY_ERROR_BAD_DATA, "damaged");
}

static void
other_files_are_named (void **state)
{
  assert_refused ("GIF89a;", 7, ASSAY_ERROR_UNSUPPORTED, "GIF");
  assert_refused ("RIFF....WEBPVP8 ", 16, ASSAY_ERROR_UNSUPPORTED, "WebP");
  assert_refused ("hello", 5, ASSAY_ERROR_BAD_DATA, "no picture");
  assert_refused ("\xff\xd8\xff", 3, ASSAY_ERROR_BAD_DATA, "damaged");
}

static void
jpeg_without_its_end_marker_is_whole (void **state)
{
  g_autoptr (GBytes) bytes = jpeg_of (160, 120);
  g_autoptr (AssayPicture) whole = decode (bytes);
  g_autoptr (GBytes) open = g_bytes_new_from_bytes (bytes, 0, g_bytes_get_size (bytes) - 2);
  g_autoptr (AssayPicture) picture = decode (open);
  assert_null (whole->warning);
  assert_memory_equal (picture->data, whole->data, whole->stride * 120);
  assert_non_null (strstr (picture->warning, "end marker"));
}

static void
cut_jpeg_keeps_its_top_and_says_how_much (void **state)
{
  g_autoptr (GBytes) bytes = jpeg_of (160, 320);
  g_autoptr (AssayPicture) whole = decode (bytes);
  for (guint percent = 30; percent <= 70; percent += 40)
    {
      g_autoptr (GBytes) cut = g_bytes_new_from_bytes (bytes, 0, g_bytes_get_size (bytes) * percent / 100);
      g_autoptr (AssayPicture) picture = decode (cut);
      const char *row = strstr (picture->warning, "right down to row ");
      assert_non_null (row);
      guint64 good = g_ascii_strtoull (row + strlen ("right down to row "), NULL, 10);
      assert_in_range (good, 320 * (percent - 15) / 100, 320 * percent / 100);
      assert_memory_equal (picture->data, whole->data, whole->stride * good);
    }
  g_autoptr (GByteArray) header = copy_of (bytes);
  assert_refused (header->data, 640, ASSAY_ERROR_BAD_DATA, "damaged");
}

static void
jpeg_that_claims_a_huge_size_is_refused (void **state)
{
  g_autoptr (GBytes) bytes = jpeg_of (16, 16);
  g_autoptr (GByteArray) copy = copy_of (bytes);
  guint frame = 2;
  while (copy->data[frame + 1] != 0xc0)
    frame += 2 + (copy->data[frame + 2] << 8 | copy->data[frame + 3]);
  copy->data[frame + 5] = copy->data[frame + 7] = 0x60;
  assert_refused (copy->data, copy->len, ASSAY_ERROR_BAD_DATA, "more pixels than it can hold");
}

static void
no_cut_and_no_flipped_byte_of_a_jpeg_hurts (void **state)
{
  g_autoptr (GBytes) bytes = jpeg_of (64, 64);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  gsize n = g_bytes_get_size (bytes);
  for (gsize i = 0; i < n; i += 5)
    {
      g_autofree guint8 *cut = g_memdup2 (data, i + 1), *flipped = g_memdup2 (data, n);
      flipped[i] ^= 0x55;
      g_autoptr (AssayPicture) a = assay_picture_decode (cut, i + 1, NULL);
      g_autoptr (AssayPicture) b = assay_picture_decode (flipped, n, NULL);
    }
}

/* Motion-JPEG frames leave the standard Huffman tables out. */
static void
jpeg_without_huffman_tables_is_read (void **state)
{
  g_autoptr (GBytes) bytes = jpeg_of (64, 48);
  g_autoptr (AssayPicture) whole = decode (bytes);
  g_autoptr (GByteArray) copy = copy_of (bytes);
  guint removed = 0;
  for (guint i = 2; i + 4 < copy->len && copy->data[i + 1] != 0xda;)
    {
      guint n = 2 + (copy->data[i + 2] << 8 | copy->data[i + 3]);
      if (copy->data[i + 1] == 0xc4 && ++removed > 0)
        g_byte_array_remove_range (copy, i, n);
      else
        i += n;
    }
  assert_true (removed > 0);
  g_autoptr (AssayPicture) picture = assay_picture_decode (copy->data, copy->len, NULL);
  assert_non_null (picture);
  assert_memory_equal (picture->data, whole->data, whole->stride * 48);
}

static void
printing_colours_become_rgb_and_it_is_said (void **state)
{
  const guint8 *files[] = { cmyk, ycck };
  const gsize sizes[] = { sizeof cmyk, sizeof ycck };
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AssayPicture) picture = assay_picture_decode (files[i], sizes[i], &error);
      assert_non_null (picture);
      assert_int_equal (picture->pixels, ASSAY_PIXELS_RGB8);
      assert_in_range (picture->data[0], 0, 4);
      assert_in_range (picture->data[1], 196, 204);
      assert_in_range (picture->data[2], 196, 204);
      assert_non_null (strstr (picture->warning, "CMYK"));
    }
}

static void
twelve_bit_and_lossless_jpegs_are_refused_by_name (void **state)
{
  g_autoptr (GBytes) bytes = jpeg_of (16, 16);
  g_autoptr (GByteArray) copy = copy_of (bytes);
  guint frame = 2;
  while (copy->data[frame + 1] != 0xc0)
    frame += 2 + (copy->data[frame + 2] << 8 | copy->data[frame + 3]);
  copy->data[frame + 4] = 12;
  assert_refused (copy->data, copy->len, ASSAY_ERROR_UNSUPPORTED, "more than 8 bits");
  copy->data[frame + 4] = 8;
  copy->data[frame + 1] = 0xc3;
  assert_refused (copy->data, copy->len, ASSAY_ERROR_UNSUPPORTED, "rare kind");
}

/* The upright picture is three rows of two cells, AB CD EF. What a camera stores for each orientation, by EXIF's
 * words: "the 0th row is at the visual top (right, …), the 0th column at the visual left (…)". */
static const char *const stored_rows[9][3]
    = { { NULL },         { "AB", "CD", "EF" }, { "BA", "DC", "FE" }, { "FE", "DC", "BA" }, { "EF", "CD", "AB" },
        { "ACE", "BDF" }, { "BDF", "ACE" },     { "FDB", "ECA" },     { "ECA", "FDB" } };
enum
{
  CELL_PX = 16
};

static guint8
shade (char cell)
{
  return (guint8) (20 + (cell - 'A') * 40);
}

static AssayPicture *
paint (const char *const rows[3])
{
  guint n_rows = rows[2] != NULL ? 3 : 2, n_columns = (guint) strlen (rows[0]);
  AssayPicture *picture = assay_picture_new (n_columns * CELL_PX, n_rows * CELL_PX, ASSAY_PIXELS_GREY8);
  for (guint y = 0; y < picture->height_px; y++)
    for (guint x = 0; x < picture->width_px; x++)
      picture->data[y * picture->stride + x] = shade (rows[y / CELL_PX][x / CELL_PX]);
  return picture;
}

static GByteArray *
exif_of (guint orientation, gboolean big_endian)
{
  static const guint8 little[]
      = { 'I', 'I', '*', 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
  static const guint8 big[]
      = { 'M', 'M', 0, '*', 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 };
  GByteArray *exif = g_byte_array_new ();
  g_byte_array_append (exif, big_endian ? big : little, sizeof little);
  exif->data[big_endian ? 19 : 18] = (guint8) orientation;
  return exif;
}

static GBytes *
stored_as (guint orientation, gboolean png)
{
  g_autoptr (AssayPicture) stored = paint (stored_rows[orientation]);
  g_autoptr (GByteArray) exif = exif_of (orientation, orientation % 2 == 0), segment = g_byte_array_new ();
  g_autoptr (GBytes) bytes
      = png ? assay_picture_encode_png (stored, NULL) : assay_picture_encode_jpeg (stored, 95, NULL);
  GByteArray *file = copy_of (bytes);
  guint at = png ? 33 : 2; /* after IHDR, after SOI */
  if (png)
    add_chunk (segment, "eXIf", exif->data, exif->len);
  else
    {
      guint16 n = GUINT16_TO_BE ((guint16) (2 + 6 + exif->len));
      g_byte_array_append (segment, (const guint8 *) "\xff\xe1", 2);
      g_byte_array_append (segment, (const guint8 *) &n, 2);
      g_byte_array_append (segment, (const guint8 *) "Exif\0\0", 6);
      g_byte_array_append (segment, exif->data, exif->len);
    }
  g_autoptr (GByteArray) whole = g_byte_array_new ();
  g_byte_array_append (whole, file->data, at);
  g_byte_array_append (whole, segment->data, segment->len);
  g_byte_array_append (whole, file->data + at, file->len - at);
  g_byte_array_unref (file);
  return g_bytes_new (whole->data, whole->len);
}

static void
all_eight_orientations_stand_upright (void **state)
{
  for (guint orientation = 1; orientation <= 8; orientation++)
    for (int png = 0; png < 2; png++)
      {
        g_autoptr (GBytes) bytes = stored_as (orientation, png);
        g_autoptr (AssayPicture) picture = decode (bytes);
        AssayPictureFacts facts;
        assert_true (assay_picture_probe (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &facts, NULL));
        assert_string_equal (facts.type, png ? "png" : "jpg");
        assert_int_equal (facts.exif_orientation, orientation);
        assert_int_equal (picture->exif_orientation, orientation);
        assert_int_equal (facts.width_px, 2 * CELL_PX);
        assert_int_equal (facts.height_px, 3 * CELL_PX);
        assert_int_equal (picture->width_px, 2 * CELL_PX);
        assert_int_equal (picture->height_px, 3 * CELL_PX);
        for (guint cell = 0; cell < 6; cell++)
          {
            guint x = cell % 2 * CELL_PX, y = cell / 2 * CELL_PX;
            guint8 want = shade ((char) ('A' + cell));
            assert_in_range (picture->data[y * picture->stride + x], want - 3, want + 3);
            assert_in_range (picture->data[(y + 15) * picture->stride + x + 15], want - 3, want + 3);
          }
      }
}

static void
broken_exif_is_upright (void **state)
{
  g_autoptr (GByteArray) exif = exif_of (6, FALSE);
  assert_int_equal (assay_exif_orientation (exif->data, exif->len), 6);
  for (guint n = 0; n < 20; n++)
    {
      g_autofree guint8 *exact = g_memdup2 (exif->data, n);
      assert_int_equal (assay_exif_orientation (exact, n), 1);
    }
  exif->data[18] = 9;
  assert_int_equal (assay_exif_orientation (exif->data, exif->len), 1);
  memset (exif->data + 4, 0xff, 4);
  assert_int_equal (assay_exif_orientation (exif->data, exif->len), 1);
}

static void
photographs_of_four_orientations_look_the_same (void **state)
{
  const char *samples = g_getenv ("ASSAY_SAMPLES");
  g_autofree char *first
      = g_build_filename (samples != NULL ? samples : "", "formats/exif/landscape/Landscape_1.jpg", NULL);
  if (samples == NULL || !g_file_test (first, G_FILE_TEST_EXISTS))
    return;
  g_autoptr (AssayPicture) want = assay_picture_load_small (first, 64, NULL);
  static const guint others[] = { 3, 6, 8 };
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *name = g_strdup_printf ("formats/exif/landscape/Landscape_%u.jpg", others[i]);
      g_autofree char *path = g_build_filename (samples, name, NULL);
      g_autoptr (AssayPicture) picture = assay_picture_load_small (path, 64, NULL);
      assert_non_null (picture);
      assert_int_equal (picture->width_px, want->width_px);
      assert_int_equal (picture->height_px, want->height_px);
      assert_int_equal (picture->exif_orientation, others[i]);
      guint64 difference = 0;
      for (gsize j = 0; j < want->stride * want->height_px; j++)
        difference += (guint64) ABS ((int) want->data[j] - (int) picture->data[j]);
      assert_true (difference < want->stride * want->height_px * 4);
    }
}

static void
scaling_averages_areas_exactly (void **state)
{
  g_autoptr (AssayPicture) picture = assay_picture_new (3, 2, ASSAY_PIXELS_GREY16);
  const guint16 values[6] = { 0, 600, 60000, 1200, 1800, 30000 };
  for (guint i = 0; i < 6; i++)
    ((guint16 *) (gpointer) (picture->data + i / 3 * picture->stride))[i % 3] = values[i];
  g_autoptr (AssayPicture) one = assay_picture_scale (picture, 1, 1);
  assert_int_equal (*(guint16 *) (gpointer) one->data, 15600);
  g_autoptr (AssayPicture) two = assay_picture_scale (picture, 2, 1);
  const guint16 *pair = (gconstpointer) two->data;
  assert_int_equal (pair[0], (0 + 1200 + (600 + 1800) / 2) / 3);
  assert_int_equal (pair[1], ((600 + 1800) / 2 + 60000 + 30000) / 3);
  g_autoptr (AssayPicture) rgb = assay_picture_to_rgb8 (picture);
  assert_memory_equal (rgb->data + 6, ((const guint8[]){ 60000 >> 8, 60000 >> 8, 60000 >> 8 }), 3);
}

static void
small_pictures_have_the_asked_side (void **state)
{
  g_autofree char *directory = g_dir_make_tmp ("assay-picture-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "a.jpg", NULL);
  g_autoptr (GBytes) bytes = jpeg_of (400, 200);
  assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));
  g_autoptr (AssayPicture) small = assay_picture_load_small (path, 60, NULL),
                           same = assay_picture_load_small (path, 999, NULL);
  assert_int_equal (small->width_px, 60);
  assert_int_equal (small->height_px, 30);
  assert_int_equal (same->width_px, 400);
  g_remove (path);
  g_autoptr (GError) error = NULL;
  assert_null (assay_picture_load (path, &error));
  assert_true (g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
  g_rmdir (directory);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (png_keeps_every_pixel_of_every_depth),
    cmocka_unit_test (sixteen_bit_png_is_read_in_host_order),
    cmocka_unit_test (palette_and_few_bits_become_plain_pixels),
    cmocka_unit_test (transparency_is_dropped_and_said),
    cmocka_unit_test (png_that_claims_a_huge_size_is_refused),
    cmocka_unit_test (png_cut_anywhere_is_refused_and_one_without_its_end_is_read),
    cmocka_unit_test (png_with_a_wrong_checksum_is_refused),
    cmocka_unit_test (other_files_are_named),
    cmocka_unit_test (jpeg_without_its_end_marker_is_whole),
    cmocka_unit_test (cut_jpeg_keeps_its_top_and_says_how_much),
    cmocka_unit_test (jpeg_that_claims_a_huge_size_is_refused),
    cmocka_unit_test (no_cut_and_no_flipped_byte_of_a_jpeg_hurts),
    cmocka_unit_test (jpeg_without_huffman_tables_is_read),
    cmocka_unit_test (printing_colours_become_rgb_and_it_is_said),
    cmocka_unit_test (twelve_bit_and_lossless_jpegs_are_refused_by_name),
    cmocka_unit_test (all_eight_orientations_stand_upright),
    cmocka_unit_test (broken_exif_is_upright),
    cmocka_unit_test (photographs_of_four_orientations_look_the_same),
    cmocka_unit_test (scaling_averages_areas_exactly),
    cmocka_unit_test (small_pictures_have_the_asked_side),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
