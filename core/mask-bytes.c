/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between a byte a pixel, row by row, and runs down columns. Both ways go through one bit a pixel, turned in
 * squares of 64 by 64, so that no pixel is looked at alone and no column is walked through memory.
 */
#include "core/mask-private.h"

#include <string.h>

#define SIDE 64
#define STRIP 512 /* columns read at once: a row of a large picture is a page of memory of its own */
#define EVERY_BYTE G_GUINT64_CONSTANT (0x0101010101010101)

/* Bit j of row i becomes bit i of row j (Warren, "Hacker's Delight", 7-3). */
static void
turn (guint64 square[SIDE])
{
  guint64 low = 0x00000000ffffffff;
  for (guint step = SIDE / 2; step != 0; step >>= 1, low ^= low << step)
    for (guint from = 0; from < SIDE; from += 2 * step)
      for (guint i = from; i < from + step; i++)
        {
          guint64 swap = ((square[i] >> step) ^ square[i + step]) & low;
          square[i] ^= swap << step;
          square[i + step] ^= swap;
        }
}

/* Of 64 bytes; bit i is whether byte i is not 0. */
static inline guint64
pack (const guint8 bytes[SIDE])
{
  guint64 eights[SIDE / 8], bits = 0, differ = 0;
  memcpy (eights, bytes, SIDE);
  for (guint i = 1; i < SIDE / 8; i++)
    differ |= eights[i] ^ eights[0];
  if (differ == 0 && eights[0] == (eights[0] & 0xff) * EVERY_BYTE)
    return eights[0] == 0 ? 0 : G_MAXUINT64; /* most of a mask is far from a border */
  for (guint i = 0; i < SIDE / 8; i++)
    {
      guint64 eight = GUINT64_FROM_LE (eights[i]);
      eight = ((((eight & 0x7f * EVERY_BYTE) + 0x7f * EVERY_BYTE) | eight) >> 7) & EVERY_BYTE;
      bits |= (eight * 0x0102040810204080) >> 56 << (8 * i);
    }
  return bits;
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

static void
read_square (const Strip *strip, guint j, guint k, const guint8 *bytes, gsize stride)
{
  guint64 square[SIDE] = { 0 }, any = 0, all = G_MAXUINT64;
  guint n_rows = MIN (strip->n_rows - k * SIDE, SIDE), n_columns = MIN (strip->n_columns - j, SIDE);
  for (guint i = 0; i < n_rows; i++)
    {
      const guint8 *row = bytes + (gsize) (k * SIDE + i) * stride + j;
      guint8 last[SIDE] = { 0 };
      if (n_columns < SIDE)
        row = memcpy (last, row, n_columns);
      square[i] = pack (row);
      any |= square[i];
      all &= square[i];
    }
  if (any != 0 && !(all == G_MAXUINT64 && n_rows == SIDE)) /* else it is the same turned */
    turn (square);
  for (guint i = 0; i < n_columns; i++)
    strip->words[(j + i) * strip->n_words + k] = square[i];
}

static void
strip_read (const Strip *strip, const guint8 *bytes, gsize stride)
{
  for (guint k = 0; k < strip->n_words; k++)
    for (guint j = 0; j < strip->n_columns; j += SIDE)
      read_square (strip, j, k, bytes, stride);
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

typedef struct
{
  guint32 *runs;
  guint n, room;
  guint32 at, last; /* pixels before the word that is read, and before the last change */
  guint64 inside;   /* 1 or 0: of the pixel before */
} Scan;

/* Where a pixel is not as the one before it, a run ends. */
static inline void
scan_word (Scan *scan, guint64 word, guint n_rows)
{
  guint64 changes = (word ^ (word << 1 | scan->inside)) & (G_MAXUINT64 >> (SIDE - n_rows));
  if (scan->room - scan->n <= SIDE + 1)
    {
      scan->room = 2 * scan->room + SIDE + 1;
      scan->runs = g_renew (guint32, scan->runs, scan->room);
    }
  for (; changes != 0; changes &= changes - 1)
    {
      guint32 place = scan->at + (guint32) __builtin_ctzll (changes);
      scan->runs[scan->n++] = place - scan->last;
      scan->last = place;
    }
  scan->inside = word >> (n_rows - 1) & 1;
  scan->at += n_rows;
}

AssayMask *
assay_mask_new_from_bytes (const guint8 *bytes, gsize stride, guint width_px, guint height_px)
{
  g_assert ((guint64) width_px * height_px <= ASSAY_MASK_MAX_PX);
  guint n_words = (height_px + SIDE - 1) / SIDE;
  g_autofree guint64 *words = g_new (guint64, (gsize) n_words * MIN (width_px, STRIP));
  Scan scan = { .runs = g_new (guint32, SIDE), .room = SIDE };
  for (guint x = 0; x < width_px; x += STRIP)
    {
      Strip strip = { words, n_words, MIN (width_px - x, STRIP), height_px };
      strip_read (&strip, bytes + x, stride);
      for (guint j = 0; j < strip.n_columns; j++)
        for (guint k = 0; k < n_words; k++)
          scan_word (&scan, words[j * n_words + k], MIN (height_px - k * SIDE, SIDE));
    }
  if (scan.n == scan.room)
    scan.runs = g_renew (guint32, scan.runs, scan.n + 1);
  scan.runs[scan.n++] = width_px * height_px - scan.last;
  return assay_mask_new_take (width_px, height_px, scan.runs, scan.n);
}

/* Runs, read from left to right. */
typedef struct
{
  const AssayMask *mask;
  guint i;
  guint64 end; /* of run i */
} Reader;

/* The pixels [start, start + n_rows) of the picture's column order, as the words of one column: each change sets a
 * bit, and adding them up from the top (without carrying) gives the pixels. */
static void
read_column (Reader *reader, guint64 start, guint n_rows, guint64 *words, guint n_words)
{
  const guint32 *runs = reader->mask->runs;
  memset (words, 0, n_words * sizeof *words);
  while (reader->end <= start)
    reader->end += runs[++reader->i];
  guint64 inside = reader->i % 2 == 1 ? G_MAXUINT64 : 0;
  if (reader->end >= start + n_rows)
    {
      memset (words, (int) (inside & 0xff), n_words * sizeof *words);
      return;
    }
  for (; reader->end < start + n_rows; reader->end += runs[++reader->i])
    words[(reader->end - start) / SIDE] ^= (guint64) 1 << ((reader->end - start) % SIDE);
  for (guint k = 0; k < n_words; k++)
    {
      guint64 word = words[k];
      for (guint step = 1; word != 0 && step < SIDE; step *= 2)
        word ^= word << step;
      words[k] = word ^ inside;
      inside = (guint64) 0 - (words[k] >> (SIDE - 1));
    }
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
  guint n_words = (h + SIDE - 1) / SIDE;
  g_autofree guint64 *words = g_new (guint64, (gsize) n_words * MIN (w, STRIP));
  Reader reader = { mask, 0, mask->runs[0] };
  for (guint x = 0; x < w; x += STRIP)
    {
      Strip strip = { words, n_words, MIN (w - x, STRIP), h };
      for (guint j = 0; j < strip.n_columns; j++)
        read_column (&reader, (guint64) (x0_px + x + j) * mask->height_px + y0_px, h, words + j * n_words, n_words);
      strip_write (&strip, ret_bytes + x, stride);
    }
}
