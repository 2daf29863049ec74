/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask-words.h"

#include "core/mask-private.h"

#include <string.h>

void
assay_word_reader_init (AssayWordReader *reader, const AssayMask *mask)
{
  *reader = (AssayWordReader){ .mask = mask, .end = mask->runs[0] };
}

void
assay_word_reader_skip (AssayWordReader *reader, guint64 at)
{
  const guint32 *runs = reader->mask->runs;
  guint64 end = reader->end;
  guint i = reader->i;
  while (end <= at)
    end += runs[++i];
  reader->i = i;
  reader->end = end;
  reader->at = at;
  reader->inside = (guint64) 0 - (i & 1);
}

void
assay_word_reader_read (AssayWordReader *reader, guint64 *ret_words, guint n_words)
{
  const guint32 *runs = reader->mask->runs;
  guint64 total = (guint64) reader->mask->width_px * reader->mask->height_px, inside = reader->inside;
  guint64 stop = MIN (reader->at + (guint64) n_words * ASSAY_WORD_PX, total), end = reader->end, word = 0;
  guint64 last = 0;
  guint i = reader->i;
  memset (ret_words, 0, n_words * sizeof *ret_words);
  /* A bit where each run ends. The word in hand is written and never read again: nothing waits for the memory. */
  for (; end < stop; end += runs[++i])
    {
      guint64 place = end - reader->at, nth = place / ASSAY_WORD_PX;
      word = (nth == last ? word : 0) ^ (guint64) 1 << (place % ASSAY_WORD_PX);
      ret_words[nth] = word;
      last = nth;
    }
  /* Added up from the first on, without carrying, they are the pixels. */
  for (guint k = 0; k < n_words; k++)
    {
      word = ret_words[k];
      word ^= word << 1;
      word ^= word << 2;
      word ^= word << 4;
      word ^= word << 8;
      word ^= word << 16;
      word ^= word << 32;
      ret_words[k] = word ^= inside;
      inside = (guint64) 0 - (word >> (ASSAY_WORD_PX - 1));
    }
  reader->i = i;
  reader->end = end;
  reader->at += (guint64) n_words * ASSAY_WORD_PX;
  reader->inside = inside;
}

void
assay_word_scan_init (AssayWordScan *scan, guint n_places)
{
  *scan = (AssayWordScan){ .room = n_places + ASSAY_WORD_PX + 5 };
  scan->places = g_new (guint32, scan->room);
}

void
assay_word_scan_grow (AssayWordScan *scan)
{
  scan->room = 2 * scan->room + ASSAY_WORD_PX + 5;
  scan->places = g_renew (guint32, scan->places, scan->room);
}

AssayMask *
assay_word_scan_end (AssayWordScan *scan, guint width_px, guint height_px)
{
  guint32 *runs = g_steal_pointer (&scan->places), total = width_px * height_px;
  guint n = scan->n;
  runs[n] = total - (n > 0 ? runs[n - 1] : 0);
  for (guint i = n; i-- > 1;)
    runs[i] -= runs[i - 1];
  return assay_mask_new_take (width_px, height_px, runs, n + 1, scan->room);
}
