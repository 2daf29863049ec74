/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between a byte a pixel, row by row, and runs down columns. Both ways go through one bit a pixel, turned in
 * squares of 64 by 64, so that no pixel is looked at alone and no column is walked through memory.
 */
#include "core/mask-words.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define SIDE ASSAY_WORD_PX
#define STRIP 512 /* columns read at once: a row of a large picture is a page of memory of its own */
#define EVERY_BYTE G_GUINT64_CONSTANT (0x0101010101010101)

/* `low` has the lower half of every 2 x `step` bits. */
static inline void
turn_by (guint64 square[SIDE], const guint step, const guint64 low)
{
  for (guint from = 0; from < SIDE; from += 2 * step)
    for (guint i = from; i < from + step; i++)
      {
        guint64 swap = ((square[i] >> step) ^ square[i + step]) & low;
        square[i] ^= swap << step;
        square[i + step] ^= swap;
      }
}

/* Bit j of row i becomes bit i of row j (Warren, "Hacker's Delight", 7-3). */
static void
turn (guint64 square[SIDE])
{
  turn_by (square, 32, G_GUINT64_CONSTANT (0x00000000ffffffff));
  turn_by (square, 16, G_GUINT64_CONSTANT (0x0000ffff0000ffff));
  turn_by (square, 8, G_GUINT64_CONSTANT (0x00ff00ff00ff00ff));
  turn_by (square, 4, G_GUINT64_CONSTANT (0x0f0f0f0f0f0f0f0f));
  turn_by (square, 2, G_GUINT64_CONSTANT (0x3333333333333333));
  turn_by (square, 1, G_GUINT64_CONSTANT (0x5555555555555555));
}

/* Of 64 bytes; bit i is whether byte i is not 0. */
static inline guint64
pack (const guint8 bytes[SIDE])
{
  guint64 bits = 0;
#ifdef __SSE2__
  for (guint i = 0; i < SIDE; i += 16)
    {
      __m128i sixteen = _mm_loadu_si128 ((const __m128i *) (gconstpointer) (bytes + i));
      bits |= (guint64) (guint) _mm_movemask_epi8 (_mm_cmpeq_epi8 (sixteen, _mm_setzero_si128 ())) << i;
    }
  return ~bits;
#else
  for (guint i = 0; i < SIDE; i += 8)
    {
      guint64 eight;
      memcpy (&eight, bytes + i, sizeof eight);
      eight = GUINT64_FROM_LE (eight);
      eight = ((((eight & 0x7f * EVERY_BYTE) + 0x7f * EVERY_BYTE) | eight) >> 7) & EVERY_BYTE;
      bits |= (eight * 0x0102040810204080) >> 56 << i;
    }
  return bits;
#endif
}

static inline void
unpack (guint64 bits, guint8 bytes[SIDE])
{
  for (guint i = 0; i < SIDE; i += 8)
    {
      guint64 eight = ((bits >> i & 0xff) * EVERY_BYTE) & 0x8040201008040201; /* bit k in byte k */
      eight = GUINT64_TO_LE (((eight + 0x7f * EVERY_BYTE) >> 7) & EVERY_BYTE);
      memcpy (bytes + i, &eight, 8);
    }
}

/* A strip of up to STRIP columns: column j has `n_words` words, from the top down. */
typedef struct
{
  guint64 *words;
  guint n_words, n_columns, n_rows;
} Strip;

/* Row `from` and up to 63 below it, all across: word k of the columns. `band` holds rows as words, one after the
 * other of each 64 columns. */
static void
read_band (const Strip *strip, guint k, const guint8 *bytes, gsize stride, guint64 *band)
{
  guint n_rows = MIN (strip->n_rows - k * SIDE, SIDE), n_whole = strip->n_columns / SIDE;
  guint n_rest = strip->n_columns % SIDE;
  for (guint i = 0; i < SIDE; i++)
    {
      const guint8 *row = bytes + (gsize) (k * SIDE + i) * stride;
      guint8 last[SIDE] = { 0 };
      for (guint j = 0; j < n_whole; j++)
        band[j * SIDE + i] = i < n_rows ? pack (row + j * SIDE) : 0;
      if (n_rest > 0)
        band[n_whole * SIDE + i] = i < n_rows ? pack (memcpy (last, row + n_whole * SIDE, n_rest)) : 0;
    }
}

static void
spread_band (const Strip *strip, guint k, guint64 *band)
{
  for (guint j = 0; j < strip->n_columns; j += SIDE)
    {
      guint64 *square = band + j, any = 0, all = G_MAXUINT64;
      for (guint i = 0; i < SIDE; i++)
        {
          any |= square[i];
          all &= square[i];
        }
      if (any != 0 && all != G_MAXUINT64) /* else it is the same turned */
        turn (square);
      for (guint i = 0; i < MIN (strip->n_columns - j, SIDE); i++)
        strip->words[(gsize) (j + i) * strip->n_words + k] = square[i];
    }
}

static void
write_square (const Strip *strip, guint j, guint k, guint8 *ret_bytes, gsize stride)
{
  guint64 square[SIDE] = { 0 }, any = 0;
  guint n_rows = MIN (strip->n_rows - k * SIDE, SIDE), n_columns = MIN (strip->n_columns - j, SIDE);
  for (guint i = 0; i < n_columns; i++)
    any |= square[i] = strip->words[(j + i) * strip->n_words + k];
  if (any != 0)
    turn (square);
  for (guint i = 0; i < n_rows; i++)
    {
      guint8 *row = ret_bytes + (gsize) (k * SIDE + i) * stride + j, last[SIDE];
      if (square[i] == 0)
        memset (row, 0, n_columns);
      else if (n_columns == SIDE)
        unpack (square[i], row);
      else
        {
          unpack (square[i], last);
          memcpy (row, last, n_columns);
        }
    }
}

static void
strip_write (const Strip *strip, guint8 *ret_bytes, gsize stride)
{
  for (guint k = 0; k < strip->n_words; k++)
    for (guint j = 0; j < strip->n_columns; j += SIDE)
      write_square (strip, j, k, ret_bytes, stride);
}

AssayMask *
assay_mask_new_from_bytes (const guint8 *bytes, gsize stride, guint width_px, guint height_px)
{
  g_assert ((guint64) width_px * height_px <= ASSAY_MASK_MAX_PX);
  guint n_words = assay_word_room (height_px);
  /* Rows are read from end to end, as memory likes it: the whole picture is there before a column is. */
  g_autofree guint64 *words = g_new (guint64, (gsize) n_words * width_px + 1);
  g_autofree guint64 *band = g_new (guint64, ((gsize) width_px + SIDE - 1) / SIDE * SIDE + 1);
  const Strip strip = { words, n_words, width_px, height_px };
  AssayWordScan scan;
  assay_word_scan_init (&scan, 2 * width_px);
  for (guint k = 0; k < n_words; k++)
    {
      read_band (&strip, k, bytes, stride, band);
      spread_band (&strip, k, band);
    }
  for (guint j = 0; j < width_px; j++)
    for (guint k = 0; k < n_words; k++)
      assay_word_scan_add (&scan, words[(gsize) j * n_words + k], MIN (height_px - k * SIDE, SIDE));
  return assay_word_scan_end (&scan, width_px, height_px);
}

void
assay_mask_to_bytes (const AssayMask *mask, guint x0_px, guint y0_px, guint w_px, guint h_px, guint8 *ret_bytes,
                     gsize stride)
{
  guint w = x0_px < mask->width_px ? MIN (w_px, mask->width_px - x0_px) : 0;
  guint h = y0_px < mask->height_px ? MIN (h_px, mask->height_px - y0_px) : 0;
  if (w < w_px || h < h_px)
    for (guint y = 0; y < h_px; y++)
      memset (ret_bytes + y * stride, 0, w_px);
  if (w == 0 || h == 0)
    return;
  guint n_words = assay_word_room (h);
  g_autofree guint64 *words = g_new (guint64, (gsize) n_words * MIN (w, STRIP));
  AssayWordReader reader;
  assay_word_reader_init (&reader, mask);
  for (guint x = 0; x < w; x += STRIP)
    {
      Strip strip = { words, n_words, MIN (w - x, STRIP), h };
      for (guint j = 0; j < strip.n_columns; j++)
        {
          assay_word_reader_skip (&reader, (guint64) (x0_px + x + j) * mask->height_px + y0_px);
          assay_word_reader_read (&reader, words + j * n_words, h);
        }
      strip_write (&strip, ret_bytes + x, stride);
    }
}
