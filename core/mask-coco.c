/* SPDX-License-Identifier: GPL-3.0-or-later */
/* COCO's compressed string, both ways. */
#include "core/error.h"
#include "core/mask-private.h"

#include <string.h>

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

/* Goes on while numbers have one digit or two, as nearly all have, and runs that can be come of them. Stays before
 * the first other one. */
static const char *
read_short (const char *at, Runs *runs)
{
  if (runs->n < 3)
    return at;
  Runs now = *runs; /* which the processor keeps at hand, as it does the last two runs */
  gint64 before = now.runs[now.n - 2], last = now.runs[now.n - 1];
  for (;;)
    {
      guint first = (guint) (guchar) at[0] - 48, n_digits = 1;
      gint64 run = before + (gint64) (first ^ 0x10) - 0x10;
      if (first > 0x1f)
        {
          guint second = first > 0x3f ? first : (guint) (guchar) at[1] - 48;
          if (second > 0x1f)
            break;
          run = before + (gint64) (((first & 0x1f) | second << 5) ^ 0x200) - 0x200;
          n_digits = 2;
        }
      if (run < 0 || run > now.most)
        break;
      at += n_digits;
      now.runs[now.n++] = (guint32) run;
      now.sum += (guint64) run;
      now.n_zeros += run == 0;
      before = last;
      last = run;
    }
  *runs = now;
  return at;
}

AssayMask *
assay_mask_new_from_coco (const char *counts, guint width_px, guint height_px, GError **error)
{
  gsize length = strlen (counts), room = length + 1; /* a run has a character or more */
  g_autofree guint32 *room_of_runs = g_new (guint32, room);
  guint64 all = (guint64) width_px * height_px;
  Runs runs = { room_of_runs, 0, 0, 0, (gint64) MIN (all, ASSAY_MASK_MAX_PX) };
  for (const char *at = counts; *at != '\0'; at = read_short (at, &runs))
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
