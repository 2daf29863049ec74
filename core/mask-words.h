/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/mask-words.h - a mask as one bit a pixel, 64 a word, down the columns as its runs are: where runs are short,
 * words cost less than walking from run to run. For the files that make masks. */
#include "core/mask.h"

G_BEGIN_DECLS

#define ASSAY_WORD_PX 64

/* How many words that many pixels take. */
static inline guint
assay_word_room (guint64 n_px)
{
  return (guint) ((n_px + ASSAY_WORD_PX - 1) / ASSAY_WORD_PX);
}

static inline guint
assay_word_count (guint64 bits)
{
  bits -= bits >> 1 & G_GUINT64_CONSTANT (0x5555555555555555);
  bits = (bits & G_GUINT64_CONSTANT (0x3333333333333333)) + (bits >> 2 & G_GUINT64_CONSTANT (0x3333333333333333));
  bits = (bits + (bits >> 4)) & G_GUINT64_CONSTANT (0x0f0f0f0f0f0f0f0f);
  return (guint) (bits * G_GUINT64_CONSTANT (0x0101010101010101) >> 56);
}

/* Runs, read as words from the first pixel on, or another. */
typedef struct
{
  const AssayMask *mask;
  guint i;     /* the run that the pixel read last is in; before the first pixel and after a skip: the next one */
  guint64 at;  /* pixels read */
  guint64 end; /* of run i */
} AssayWordReader;

void assay_word_reader_init (AssayWordReader *reader, const AssayMask *mask);
/* Goes on to pixel `at` of the mask, which is there and is not behind. */
void assay_word_reader_skip (AssayWordReader *reader, guint64 at);
/* The next `n_px` pixels of the mask, in as many words as they take; what is past them in the last word means
 * nothing. */
void assay_word_reader_read (AssayWordReader *reader, guint64 *ret_words, guint n_px);

/* Words made into runs. */
typedef struct
{
  guint32 *places; /* where a run ends; of `room`, from g_new */
  guint n, room;
  guint32 at;     /* pixels before the word that is read */
  guint64 inside; /* 1 or 0: of the pixel before */
} AssayWordScan;

void assay_word_scan_init (AssayWordScan *scan, guint n_places);
void assay_word_scan_grow (AssayWordScan *scan);

/* Where the lowest bit is, which is cleared; of no bits, anything. */
static inline guint32
assay_word_take_first (guint64 *bits)
{
  guint32 first = (guint32) __builtin_ctzll (*bits | (guint64) 1 << (ASSAY_WORD_PX - 1));
  *bits &= *bits - 1;
  return first;
}

/* The first `n_px` of the word's pixels. Where a pixel is not as the one before it, a run ends. */
static inline void
assay_word_scan_add (AssayWordScan *scan, guint64 word, guint n_px)
{
  guint64 changes = (word ^ (word << 1 | scan->inside)) & (G_MAXUINT64 >> (ASSAY_WORD_PX - n_px));
  if (changes != 0)
    {
      if (scan->room - scan->n < ASSAY_WORD_PX + 4)
        assay_word_scan_grow (scan);
      guint32 *to = scan->places + scan->n;
      scan->n += assay_word_count (changes);
      /* Four at a time: how many there are cannot be foretold. Those too many are written over by the next. */
      for (const guint32 *end = scan->places + scan->n; to < end; to += 4)
        {
          to[0] = scan->at + assay_word_take_first (&changes);
          to[1] = scan->at + assay_word_take_first (&changes);
          to[2] = scan->at + assay_word_take_first (&changes);
          to[3] = scan->at + assay_word_take_first (&changes);
        }
    }
  scan->inside = word >> (n_px - 1) & 1;
  scan->at += n_px;
}

/* Takes what the scan holds. */
AssayMask *assay_word_scan_end (AssayWordScan *scan, guint width_px, guint height_px);

G_END_DECLS
