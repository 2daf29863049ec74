/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two masks and more: what they have together, and how much. */
#include "core/mask-private.h"
#include "core/mask-words.h"

#include <math.h>

#define BLOCK 256u /* words at once */

static guint64
total_px (const AssayMask *mask)
{
  return (guint64) mask->width_px * mask->height_px;
}

/* One bit for each of the four cases 2 x in_a + in_b: the operation's truth table. */
static const guint8 tables[] = {
  [ASSAY_MASK_UNION] = 0b1110,
  [ASSAY_MASK_INTERSECTION] = 0b1000,
  [ASSAY_MASK_DIFFERENCE] = 0b0100,
  [ASSAY_MASK_XOR] = 0b0110,
};

static gboolean
same_size (const AssayMask *a, const AssayMask *b)
{
  return a->width_px == b->width_px && a->height_px == b->height_px;
}

/* Of two masks that are walked together, which changes first can be foretold by the processor while each column has
 * a few runs; in noise it cannot, and a walk without branches is faster. */
static gboolean
is_foreseen (const AssayMask *a, const AssayMask *b)
{
  return ((guint64) a->n_runs + b->n_runs) / 16 <= a->width_px;
}

/* Whether runs are so short that the words (core/mask-words.h) of `n_px` cost less: more of them than words, and
 * more to a column than the outline of a thing has. */
static gboolean
is_dense (const AssayMask *a, const AssayMask *b, guint64 n_px)
{
  guint64 n_runs = (guint64) a->n_runs + b->n_runs;
  return n_runs / 2 > n_px / ASSAY_WORD_PX && n_runs / 4 > a->width_px;
}

static AssayMask *
combine_words (const AssayMask *a, const AssayMask *b, guint table)
{
  guint64 in_a[BLOCK], in_b[BLOCK], total = total_px (a);
  guint64 both = 0 - (guint64) (table >> 3 & 1), only_a = 0 - (guint64) (table >> 2 & 1),
          only_b = 0 - (guint64) (table >> 1 & 1);
  AssayWordReader read_a, read_b;
  AssayWordScan scan;
  assay_word_reader_init (&read_a, a);
  assay_word_reader_init (&read_b, b);
  assay_word_scan_init (&scan, a->n_runs + b->n_runs);
  while (scan.at < total)
    {
      guint n_px = (guint) MIN (total - scan.at, BLOCK * ASSAY_WORD_PX);
      assay_word_reader_read (&read_a, in_a, n_px);
      assay_word_reader_read (&read_b, in_b, n_px);
      for (guint k = 0; k < assay_word_room (n_px); k++)
        assay_word_scan_add (
            &scan, (in_a[k] & in_b[k] & both) | (in_a[k] & ~in_b[k] & only_a) | (~in_a[k] & in_b[k] & only_b),
            (guint) MIN (total - scan.at, ASSAY_WORD_PX));
    }
  return assay_word_scan_end (&scan, a->width_px, a->height_px);
}

/* Of the pixels [from, to), counted down the columns. */
static guint64
intersection_words (const AssayMask *a, const AssayMask *b, guint64 from, guint64 to)
{
  guint64 in_a[BLOCK], in_b[BLOCK], area = 0;
  AssayWordReader read_a, read_b;
  assay_word_reader_init (&read_a, a);
  assay_word_reader_init (&read_b, b);
  assay_word_reader_skip (&read_a, from);
  assay_word_reader_skip (&read_b, from);
  while (read_a.at < to)
    {
      guint n_px = (guint) MIN (to - read_a.at, BLOCK * ASSAY_WORD_PX), n_words = assay_word_room (n_px);
      assay_word_reader_read (&read_a, in_a, n_px);
      assay_word_reader_read (&read_b, in_b, n_px);
      in_a[n_words - 1] &= G_MAXUINT64 >> (n_words * ASSAY_WORD_PX - n_px); /* nothing is past the last one */
      for (guint k = 0; k < n_words; k++)
        area += assay_word_count (in_a[k] & in_b[k]);
    }
  return area;
}

AssayMask *
assay_mask_combine (const AssayMask *a, const AssayMask *b, AssayMaskOperation operation)
{
  if (!same_size (a, b))
    return NULL;
  if (is_dense (a, b, total_px (a)))
    return combine_words (a, b, tables[operation]);
  guint table = tables[operation], value = 0;
  guint32 total = (guint32) total_px (a), at = 0, last = 0;
  guint i = 0, k = 0, n = 0;
  guint32 end_a = a->runs[0], end_b = b->runs[0];
  guint32 *runs = g_new (guint32, (gsize) a->n_runs + b->n_runs + 1);
  gboolean foreseen = is_foreseen (a, b);
  /* From change to change of either; where the result changes too, a run of it ends. */
  while (foreseen && (at = MIN (end_a, end_b)) < total)
    {
      if (end_a == at)
        end_a += a->runs[++i];
      if (end_b == at)
        end_b += b->runs[++k];
      guint now = (table >> (2 * (i & 1) + (k & 1))) & 1;
      if (now == value)
        continue;
      runs[n++] = at - last;
      last = at;
      value = now;
    }
  while ((at = MIN (end_a, end_b)) < total)
    {
      guint a_ends = end_a == at, b_ends = end_b == at;
      i += a_ends;
      k += b_ends;
      end_a += a->runs[i] & (0 - a_ends);
      end_b += b->runs[k] & (0 - b_ends);
      guint now = (table >> (2 * (i & 1) + (k & 1))) & 1, changed = now ^ value;
      runs[n] = at - last;
      n += changed;
      last = changed ? at : last;
      value = now;
    }
  runs[n++] = total - last;
  return assay_mask_new_take (a->width_px, a->height_px, runs, n, (gsize) a->n_runs + b->n_runs + 1);
}

static inline void
change (guint64 *word, guint64 bits, const AssayMaskOperation operation)
{
  if (operation == ASSAY_MASK_UNION)
    *word |= bits;
  else if (operation == ASSAY_MASK_XOR)
    *word ^= bits;
  else
    *word &= ~bits;
}

/* Every second run from the first (or the second) on: its bits are set, turned or cleared. */
static inline void
change_runs (guint64 *words, const AssayMask *mask, guint first, const AssayMaskOperation operation)
{
  guint64 at = first > 0 ? mask->runs[0] : 0;
  for (guint i = first; i < mask->n_runs; i += 2)
    {
      guint64 end = at + mask->runs[i];
      if (end > at)
        {
          gsize k = at / ASSAY_WORD_PX, last = (end - 1) / ASSAY_WORD_PX;
          guint64 from = G_MAXUINT64 << (at % ASSAY_WORD_PX),
                  to = G_MAXUINT64 >> (ASSAY_WORD_PX - 1 - (end - 1) % ASSAY_WORD_PX);
          change (&words[k], k == last ? from & to : from, operation);
          if (k < last)
            change (&words[last], to, operation);
          while (++k < last)
            change (&words[k], G_MAXUINT64, operation);
        }
      at = i + 1 < mask->n_runs ? end + mask->runs[i + 1] : end;
    }
}

static void
change_by (guint64 *words, const AssayMask *mask, AssayMaskOperation operation)
{
  switch (operation)
    {
    case ASSAY_MASK_UNION:
      change_runs (words, mask, 1, ASSAY_MASK_UNION);
      return;
    case ASSAY_MASK_XOR:
      change_runs (words, mask, 1, ASSAY_MASK_XOR);
      return;
    case ASSAY_MASK_DIFFERENCE:
      change_runs (words, mask, 1, ASSAY_MASK_DIFFERENCE);
      return;
    case ASSAY_MASK_INTERSECTION: /* is to lose what is outside */
    default:
      change_runs (words, mask, 0, ASSAY_MASK_DIFFERENCE);
      return;
    }
}

AssayMask *
assay_mask_combine_all (const AssayMask *const *masks, guint n, AssayMaskOperation operation)
{
  guint64 n_runs = 0, total = total_px (masks[0]);
  gsize n_words = assay_word_room (total);
  for (guint i = 0; i < n; i++)
    {
      if (!same_size (masks[0], masks[i]))
        return NULL;
      n_runs += masks[i]->n_runs;
    }
  if (n_words / 2 > n_runs || n < 3) /* few runs in a large picture: from one to the next */
    {
      AssayMask *all = assay_mask_copy (masks[0]);
      for (guint i = 1; i < n; i++)
        {
          g_autoptr (AssayMask) before = all;
          all = assay_mask_combine (before, masks[i], operation);
        }
      return all;
    }
  g_autofree guint64 *words = g_new0 (guint64, n_words + 1);
  change_by (words, masks[0], ASSAY_MASK_UNION);
  for (guint i = 1; i < n; i++)
    change_by (words, masks[i], operation);
  AssayWordScan scan;
  assay_word_scan_init (&scan, masks[0]->n_runs);
  for (gsize k = 0; k < n_words; k++)
    assay_word_scan_add (&scan, words[k], (guint) MIN (total - scan.at, ASSAY_WORD_PX));
  return assay_word_scan_end (&scan, masks[0]->width_px, masks[0]->height_px);
}

/* [start, end) of what is set, counted down the columns; FALSE when empty. */
static gboolean
extent (const AssayMask *mask, guint64 *ret_start, guint64 *ret_end)
{
  if (mask->n_runs < 2)
    return FALSE;
  *ret_start = mask->runs[0];
  *ret_end = total_px (mask) - (mask->n_runs % 2 == 1 ? mask->runs[mask->n_runs - 1] : 0);
  return TRUE;
}

guint64
assay_mask_intersection_px (const AssayMask *a, const AssayMask *b)
{
  guint64 a_start, a_end, b_start, b_end, area = 0;
  if (!same_size (a, b) || !extent (a, &a_start, &a_end) || !extent (b, &b_start, &b_end))
    return 0;
  guint64 first = MAX (a_start, b_start), end = MIN (a_end, b_end);
  if (first >= end) /* most pairs of a crowded picture share no column: known without a walk */
    return 0;
  if (is_dense (a, b, end - first))
    return intersection_words (a, b, first, end);
  guint i = 1, k = 1;
  guint32 from_a = a->runs[0], to_a = from_a + a->runs[1], from_b = b->runs[0], to_b = from_b + b->runs[1];
  gboolean foreseen = is_foreseen (a, b);
  /* From stretch to stretch, that one further which ends first. */
  for (;;)
    {
      guint32 from = MAX (from_a, from_b), to = MIN (to_a, to_b), further_a = (guint32) 0 - (to_a <= to_b);
      area += to > from ? to - from : 0;
      if (foreseen)
        {
          if (to_a <= to_b)
            {
              if ((i += 2) >= a->n_runs)
                return area;
              from_a = to_a + a->runs[i - 1];
              to_a = from_a + a->runs[i];
            }
          else
            {
              if ((k += 2) >= b->n_runs)
                return area;
              from_b = to_b + b->runs[k - 1];
              to_b = from_b + b->runs[k];
            }
          continue;
        }
      i += 2 & further_a;
      k += 2 & ~further_a;
      if (i >= a->n_runs || k >= b->n_runs)
        return area;
      from_a += (to_a - from_a + a->runs[i - 1]) & further_a;
      to_a = from_a + a->runs[i];
      from_b += (to_b - from_b + b->runs[k - 1]) & ~further_a;
      to_b = from_b + b->runs[k];
    }
}

double
assay_mask_iou (const AssayMask *a, const AssayMask *b, gboolean b_is_crowd)
{
  guint64 area_a = assay_mask_area_px (a), area_b = assay_mask_area_px (b);
  if (!same_size (a, b) || area_a + area_b == 0)
    return NAN;
  guint64 common = assay_mask_intersection_px (a, b);
  if (common == 0)
    return 0;
  return (double) common / (double) (b_is_crowd ? area_a : area_a + area_b - common);
}

double
assay_mask_dice (const AssayMask *a, const AssayMask *b)
{
  guint64 area = assay_mask_area_px (a) + assay_mask_area_px (b);
  if (!same_size (a, b) || area == 0)
    return NAN;
  return 2.0 * (double) assay_mask_intersection_px (a, b) / (double) area;
}
