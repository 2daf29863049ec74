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
}

void
assay_word_reader_read (AssayWordReader *reader, guint64 *ret_words, guint n_px)
{
  const guint32 *runs = reader->mask->runs;
  guint64 at = reader->at, stop = at + n_px, end = reader->end, inside = (guint64) 0 - (reader->i & 1);
  guint64 word = 0, last = 0;
  guint i = reader->i, n_words = assay_word_room (n_px);
  reader->at = stop;
  if (end >= stop)
    {
      memset (ret_words, (int) (inside & 0xff), n_words * sizeof *ret_words);
      return;
    }
  memset (ret_words, 0, n_words * sizeof *ret_words);
  /* A bit where each run ends. The word in hand is written and never read again: nothing waits for the memory. */
  for (; end < stop; end += runs[++i])
    {
      guint64 place = end - at, nth = place / ASSAY_WORD_PX;
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
