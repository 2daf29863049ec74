/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Krippendorff's alpha of up to 254 different values, by counting: two passes over bytes, whatever the number of
 * items. */
#include "qa/agreement-alpha.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

/* Ratings as small numbers: what makes counting cheap. `code` is raters x units. */
#define MISSING 255
typedef struct
{
  guint8 *code;
  guint n; /* codes in use are below */
  double values[MISSING];
} Codes;

#define CHUNK                                                                                                      \
  512 /* ratings that are encoded together, in loops simple enough for a compiler to do several at once */

/* Values that are whole numbers from 0 to 253 are their own codes. FALSE: they are not. */
static gboolean
encode_small (Codes *codes, const double *data, gsize n)
{
  guint8 largest = 0;
  for (gsize first = 0; first < n; first += CHUNK)
    {
      const double *values = data + first;
      guint8 *code = codes->code + first;
      guint n_chunk = (guint) MIN (CHUNK, n - first);
      int numbers[CHUNK], n_others = 0;
      for (guint i = 0; i < n_chunk; i++)
        {
          double inside = (values[i] >= 0) & (values[i] < MISSING - 1) ? values[i] : MISSING;
          numbers[i] = (int) inside;
        }
      for (guint i = 0; i < n_chunk; i++)
        n_others += (values[i] == values[i]) & ((numbers[i] == MISSING) | (values[i] != (double) numbers[i]));
      if (n_others > 0)
        return FALSE;
      for (guint i = 0; i < n_chunk; i++)
        code[i] = (guint8) numbers[i];
      for (guint i = 0; i < n_chunk; i++)
        largest = MAX (largest, (guint8) (code[i] + 1)); /* what is missing becomes 0 */
    }
  codes->n = MAX (largest, 1);
  for (guint c = 0; c < codes->n; c++)
    codes->values[c] = c;
  return TRUE;
}

#define SLOTS 1024 /* a power of two, four times as many as there are codes */

/* The place of a value, or the free one where it would stand. */
static guint
find_slot (const double *keys, const guint8 *used, double value)
{
  union
  {
    double value;
    guint64 bits;
  } key = { value + 0.0 }; /* -0 is 0 */
  guint slot = (guint) (key.bits * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) >> 54);
  while (used[slot] && keys[slot] != value)
    slot = (slot + 1) % SLOTS;
  return slot;
}

/* Up to 254 different values. FALSE: there are more. */
static gboolean
encode_any (Codes *codes, const double *data, gsize n)
{
  double keys[SLOTS];
  guint8 used[SLOTS] = { 0 }; /* code + 1 */
  codes->n = 0;
  for (gsize i = 0; i < n; i++)
    {
      codes->code[i] = MISSING;
      if (isnan (data[i]))
        continue;
      guint slot = find_slot (keys, used, data[i]);
      if (!used[slot])
        {
          if (codes->n == MISSING - 1)
            return FALSE;
          keys[slot] = codes->values[codes->n] = data[i];
          used[slot] = (guint8) ++codes->n;
        }
      codes->code[i] = used[slot] - 1;
    }
  return TRUE;
}

#define BLOCK 256 /* units that are counted together */

/* How often each unit of a block has each code: units x (n + 1), what is missing last. */
static void
count_block (const Codes *codes, guint n_raters, guint n_units, guint skip_rater, guint first, guint n_block,
             guint16 *counts)
{
  gsize stride = codes->n + 1u;
  memset (counts, 0, sizeof *counts * n_block * stride);
  for (guint r = 0; r < n_raters; r++)
    {
      const guint8 *row = codes->code + (gsize) r * n_units + first;
      guint16 *unit = counts;
      for (guint u = 0; r != skip_rater && u < n_block; u++, unit += stride)
        unit[MIN (row[u], codes->n)]++;
    }
}

/* What a pass over the units adds up. */
typedef struct
{
  AssayLevel level;
  const double *scale; /* NULL: counts alone, and what is nominal */
  guint64 *n;          /* of each code that can be paired */
  guint units;
  double within;
} Pass;

static void
pass_unit (Pass *pass, const guint16 *counts, guint n_codes)
{
  guint64 squares = 0;
  guint m = 0;
  for (guint c = 0; c < n_codes; c++)
    {
      m += counts[c];
      squares += (guint64) counts[c] * counts[c];
    }
  if (m < 2)
    return;
  if (pass->scale == NULL)
    {
      for (guint c = 0; c < n_codes; c++)
        pass->n[c] += counts[c];
      pass->units++;
      pass->within += (double) ((guint64) m * m - squares) / (m - 1);
      return;
    }
  double scale[MISSING];
  guint n[MISSING], distinct = 0;
  for (guint c = 0; c < n_codes; c++)
    if (counts[c] > 0)
      {
        scale[distinct] = pass->scale[c];
        n[distinct++] = counts[c];
      }
  if (distinct > 1)
    pass->within += assay_alpha_sum_of_pairs (scale, n, distinct, pass->level) / (m - 1);
}

static void
pass_all (Pass *pass, const Codes *codes, guint n_raters, guint n_units, guint skip_rater)
{
  g_autofree guint16 *counts = g_new (guint16, (gsize) BLOCK * (codes->n + 1u));
  for (guint first = 0; first < n_units; first += BLOCK)
    {
      guint n_block = MIN (BLOCK, n_units - first);
      count_block (codes, n_raters, n_units, skip_rater, first, n_block, counts);
      for (guint u = 0; u < n_block; u++)
        pass_unit (pass, counts + (gsize) u * (codes->n + 1u), codes->n);
    }
}

typedef struct
{
  double value;
  guint code;
} Ranked;

static int
compare_ranked (const void *a, const void *b)
{
  return compare_doubles (&((const Ranked *) a)->value, &((const Ranked *) b)->value);
}

static AssayChance
alpha_of_codes (const Codes *codes, guint n_raters, guint n_units, guint skip_rater, AssayLevel level,
                AssayPairable *ret_pairable)
{
  guint64 n[MISSING] = { 0 };
  Pass pass = { .level = level, .n = n };
  pass_all (&pass, codes, n_raters, n_units, skip_rater);
  Ranked ranked[MISSING];
  guint distinct = 0, counts[MISSING];
  guint64 total = 0;
  for (guint c = 0; c < codes->n; c++)
    if (n[c] > 0)
      {
        ranked[distinct++] = (Ranked){ codes->values[c], c };
        total += n[c];
      }
  qsort (ranked, distinct, sizeof *ranked, compare_ranked);
  if (ret_pairable != NULL)
    *ret_pairable = (AssayPairable){ pass.units, (guint) total, distinct };
  if (distinct < 2)
    return (AssayChance){ NAN, total > 0 ? 0 : NAN, total > 0 ? 0 : NAN };
  double by_code[MISSING] = { 0 }, scale[MISSING], below = 0;
  for (guint i = 0; i < distinct; i++)
    {
      guint c = ranked[i].code;
      scale[i] = by_code[c] = level == ASSAY_LEVEL_ORDINAL ? below + (double) n[c] / 2 : ranked[i].value;
      counts[i] = (guint) n[c];
      below += (double) n[c];
    }
  if (level != ASSAY_LEVEL_NOMINAL)
    {
      pass.scale = by_code;
      pass.within = 0;
      pass_all (&pass, codes, n_raters, n_units, skip_rater);
    }
  double all = (double) total, observed = pass.within / all;
  double expected = assay_alpha_sum_of_pairs (scale, counts, distinct, level) / all / (all - 1);
  return (AssayChance){ expected > 0 ? 1 - observed / expected : NAN, observed, expected };
}

/* Few codes: one plane of counts a code, so that all units of a block are counted at once. */
#define FEW 16
typedef struct
{
  guint8 count[FEW][BLOCK], m[BLOCK];
} Planes;

static void
count_planes (Planes *planes, const Codes *codes, guint n_raters, guint n_units, guint skip_rater, guint first,
              guint n_block)
{
  memset (planes->m, 0, sizeof planes->m);
  for (guint c = 0; c < codes->n; c++)
    {
      guint8 *count = planes->count[c];
      memset (count, 0, BLOCK);
      for (guint r = 0; r < n_raters; r++)
        {
          const guint8 *row = codes->code + (gsize) r * n_units + first;
          if (r == skip_rater)
            continue;
          for (guint u = 0; u < n_block; u++)
            count[u] += row[u] == (guint8) c;
        }
      for (guint u = 0; u < BLOCK; u++)
        planes->m[u] += count[u];
    }
}

/* Coincidences (qa/agreement-categories.h), k x k; returns how many units have any. */
static guint
count_coincidences (const Codes *codes, guint n_raters, guint n_units, guint skip_rater, double *ret_o)
{
  guint k = codes->n, units = 0;
  /* Of units with m ratings, how often c stands beside d. Whole numbers: the order of adding does not matter. */
  g_autofree guint64 *pairs = g_new0 (guint64, (gsize) (n_raters + 1) * k * k);
  Planes planes;
  for (guint first = 0; first < n_units; first += BLOCK)
    {
      guint n_block = MIN (BLOCK, n_units - first);
      count_planes (&planes, codes, n_raters, n_units, skip_rater, first, n_block);
      for (guint u = 0; u < n_block; u++)
        {
          guint64 *pair = pairs + (gsize) planes.m[u] * k * k;
          units += planes.m[u] > 1;
          for (guint c = 0; c < k; c++)
            {
              guint n = planes.count[c][u];
              if (n == 0)
                continue;
              pair[c * k + c] += (guint64) n * (n - 1);
              for (guint d = c + 1; d < k; d++)
                pair[c * k + d] += n * planes.count[d][u];
            }
        }
    }
  for (guint m = 2; m <= n_raters; m++)
    for (guint c = 0; c < k; c++)
      for (guint d = c; d < k; d++)
        {
          ret_o[c * k + d] += (double) pairs[((gsize) m * k + c) * k + d] / (m - 1);
          ret_o[d * k + c] = ret_o[c * k + d];
        }
  return units;
}

static AssayChance
alpha_of_few (const Codes *codes, guint n_raters, guint n_units, guint skip_rater, AssayLevel level,
              AssayPairable *ret_pairable)
{
  guint k = codes->n, distinct = 0;
  double o[FEW * FEW] = { 0 }, in_order[FEW * FEW], values[FEW], total = 0;
  Ranked ranked[FEW];
  guint units = count_coincidences (codes, n_raters, n_units, skip_rater, o);
  for (guint c = 0; c < k; c++)
    {
      double n = 0;
      for (guint d = 0; d < k; d++)
        n += o[c * k + d];
      if (n > 0)
        ranked[distinct++] = (Ranked){ codes->values[c], c };
      total += n;
    }
  qsort (ranked, distinct, sizeof *ranked, compare_ranked);
  for (guint i = 0; i < distinct; i++)
    {
      values[i] = ranked[i].value;
      for (guint j = 0; j < distinct; j++)
        in_order[i * distinct + j] = o[ranked[i].code * k + ranked[j].code];
    }
  if (ret_pairable != NULL)
    *ret_pairable = (AssayPairable){ units, (guint) rint (total), distinct };
  if (distinct < 2)
    return (AssayChance){ NAN, total > 0 ? 0 : NAN, total > 0 ? 0 : NAN };
  return assay_krippendorff_alpha_of_coincidences (in_order, distinct, values, level);
}

gboolean
assay_alpha_by_counting (const double *data, guint n_raters, guint n_units, guint skip_rater, AssayLevel level,
                         AssayPairable *ret_pairable, AssayChance *ret_chance)
{
  gsize n = (gsize) n_raters * n_units;
  Codes codes;
  g_autofree guint8 *code = codes.code = g_malloc (n + 1);
  if (n_raters > G_MAXUINT16 || !(encode_small (&codes, data, n) || encode_any (&codes, data, n)))
    return FALSE;
  gboolean few = codes.n <= FEW && n_raters < 256;
  *ret_chance = few ? alpha_of_few (&codes, n_raters, n_units, skip_rater, level, ret_pairable)
                    : alpha_of_codes (&codes, n_raters, n_units, skip_rater, level, ret_pairable);
  return TRUE;
}
