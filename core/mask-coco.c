/* SPDX-License-Identifier: GPL-3.0-or-later */
/* COCO's compressed string, both ways. */
#include "core/error.h"
#include "core/mask-private.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Seven digits hold any difference of two runs. */
#define MOST_DIGITS 7

char *
assay_mask_to_coco (const AssayMask *mask)
{
  char *text = g_malloc ((gsize) mask->n_runs * MOST_DIGITS + 2), *at = text;
  for (guint i = 0; i < mask->n_runs; i++)
    {
      gint64 value = mask->runs[i];
      if (i > 2)
        value -= mask->runs[i - 2];
      if (value >= -512 && value < 512) /* nearly all; whether one digit or two is not asked by a branch */
        {
          guint two = value < -16 || value > 15;
          at[0] = (char) (48 + (value & 0x1f) + 0x20 * two);
          at[1] = (char) (48 + (value >> 5 & 0x1f));
          at += 1 + two;
          continue;
        }
      for (gboolean more = TRUE; more;)
        {
          guint digit = (guint) (value & 0x1f);
          value >>= 5;
          more = value != ((digit & 0x10) != 0 ? -1 : 0);
          *at++ = (char) (48 + digit + (more ? 0x20 : 0));
        }
    }
  *at++ = '\0';
  return g_realloc (text, (gsize) (at - text));
}

/* One number of the string; NULL with `error` when it breaks off, is too long or has a character that is no digit.
 */
static const char *
read_difference (const char *at, gint64 *ret_value, GError **error)
{
  guint64 bits = 0;
  for (guint shift = 0; shift < 60; shift += 5)
    {
      int digit = (guchar) *at - 48;
      if (digit < 0 || digit > 63)
        {
          assay_error_bad_data (
              error, *at == '\0' ? "the run lengths break off" : "character 0x%02x is no part of run lengths",
              (guint) (guchar) *at);
          return NULL;
        }
      at++;
      bits |= (guint64) (digit & 0x1f) << shift;
      if ((digit & 0x20) != 0)
        continue;
      if ((digit & 0x10) != 0)
        bits |= G_MAXUINT64 << (shift + 5);
      *ret_value = (gint64) bits;
      return at;
    }
  assay_error_bad_data (error, "a run length has more than 60 bits");
  return NULL;
}

/* Runs as they are read. */
typedef struct
{
  guint32 *runs;
  guint n, n_zeros;
  guint64 sum;
  gint64 most; /* of one run */
} Runs;

/* FALSE when the run that comes of it cannot be. */
static inline gboolean
take_difference (Runs *runs, gint64 value)
{
  if (runs->n > 2)
    value += runs->runs[runs->n - 2]; /* |value| < 2^60: no overflow */
  if (value < 0 || value > runs->most)
    return FALSE;
  runs->runs[runs->n++] = (guint32) value;
  runs->sum += (guint64) value;
  runs->n_zeros += value == 0;
  return TRUE;
}

#ifdef __SSE2__
/* Sixteen characters at a time, as long as all is well and each run has one digit or two: where numbers end is
 * known of all sixteen at once. Goes to the first character of the number that was not read. */
static const char *
read_many (const char *counts, gsize length, Runs *runs)
{
  const char *start = counts;
  gboolean good = TRUE;
  Runs now = *runs; /* which the processor keeps at hand */
  for (const char *block = counts; good && block + 16 <= counts + length; block += 16)
    {
      __m128i sixteen = _mm_loadu_si128 ((const __m128i *) (gconstpointer) block);
      __m128i wrong = _mm_or_si128 (_mm_cmplt_epi8 (sixteen, _mm_set1_epi8 (48)),
                                    _mm_cmpgt_epi8 (sixteen, _mm_set1_epi8 (48 + 63)));
      guint ends = (guint) _mm_movemask_epi8 (_mm_cmplt_epi8 (sixteen, _mm_set1_epi8 (48 + 32)));
      good = _mm_movemask_epi8 (wrong) == 0;
      for (; good && ends != 0; ends &= ends - 1)
        {
          const char *end = block + __builtin_ctz (ends);
          guint two = (guint) (end - start), sign = 4 + 5 * two;
          guint bits = (((guint) *start - 48) & 0x1f) | ((((guint) *end - 48) << 5) & (0 - two));
          if (two > 1 || !take_difference (&now, (gint64) bits - (gint64) ((bits >> sign) << (sign + 1))))
            good = FALSE;
          else
            start = end + 1;
        }
    }
  *runs = now;
  return start;
}
#else
static const char *
read_many (const char *counts, gsize length, Runs *runs)
{
  return counts;
}
#endif

AssayMask *
assay_mask_new_from_coco (const char *counts, guint width_px, guint height_px, GError **error)
{
  gsize length = strlen (counts), room = length + 1; /* a run has a character or more */
  g_autofree guint32 *room_of_runs = g_new (guint32, room);
  guint64 all = (guint64) width_px * height_px;
  Runs runs = { room_of_runs, 0, 0, 0, (gint64) MIN (all, ASSAY_MASK_MAX_PX) };
  for (const char *at = read_many (counts, length, &runs); *at != '\0';)
    {
      gint64 value = 0;
      if ((at = read_difference (at, &value, error)) == NULL)
        return NULL;
      if (!take_difference (&runs, value))
        {
          assay_error_bad_data (
              error, "run %u is %" G_GINT64_FORMAT " long, but %u x %u pixels are %" G_GUINT64_FORMAT, runs.n + 1,
              value + (runs.n > 2 ? runs.runs[runs.n - 2] : 0), width_px, height_px, all);
          return NULL;
        }
    }
  /* As they should be. */
  if (runs.n > 0 && runs.sum == all && all <= ASSAY_MASK_MAX_PX && runs.n_zeros == (runs.runs[0] == 0))
    return assay_mask_new_take (width_px, height_px, g_steal_pointer (&room_of_runs), runs.n, room);
  return assay_mask_new_from_runs (width_px, height_px, runs.runs, runs.n, error);
}
