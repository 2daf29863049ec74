/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask.h"

#include "core/error.h"
#include "core/mask-private.h"
#include "core/polygon.h"

#include <math.h>
#include <string.h>

static guint64
total_px (const AssayMask *mask)
{
  return (guint64) mask->width_px * mask->height_px;
}

/* Appends lengths of one value or the other and keeps what comes out canonical. */
typedef struct
{
  guint32 *runs;
  guint n, room;
} Runs;

static void
runs_init (Runs *runs, guint room)
{
  runs->room = MAX (room, 1);
  runs->runs = g_new (guint32, runs->room);
  runs->runs[0] = 0;
  runs->n = 1;
}

static inline void
runs_add (Runs *runs, gboolean inside, guint32 length)
{
  if (length == 0)
    return;
  if (inside == (runs->n % 2 == 0))
    {
      runs->runs[runs->n - 1] += length;
      return;
    }
  if (runs->n == runs->room)
    {
      runs->room *= 2;
      runs->runs = g_renew (guint32, runs->runs, runs->room);
    }
  runs->runs[runs->n++] = length;
}

static guint64
next_serial (void)
{
  /* GLib has no 64-bit atomics; a lock that nobody waits for costs as much. */
  static GMutex lock;
  static guint64 last;
  g_mutex_lock (&lock);
  guint64 serial = ++last;
  g_mutex_unlock (&lock);
  return serial;
}

AssayMask *
assay_mask_new_take (guint width_px, guint height_px, guint32 *take_runs, guint n_runs)
{
  AssayMask *mask = g_new (AssayMask, 1);
  mask->serial = next_serial ();
  mask->width_px = width_px;
  mask->height_px = height_px;
  mask->n_runs = n_runs;
  mask->runs = g_renew (guint32, take_runs, n_runs);
  return mask;
}

static AssayMask *
runs_take (Runs *runs, guint width_px, guint height_px)
{
  return assay_mask_new_take (width_px, height_px, runs->runs, runs->n);
}

AssayMask *
assay_mask_new_empty (guint width_px, guint height_px)
{
  g_assert ((guint64) width_px * height_px <= ASSAY_MASK_MAX_PX);
  Runs runs;
  runs_init (&runs, 1);
  runs_add (&runs, FALSE, width_px * height_px);
  return runs_take (&runs, width_px, height_px);
}

AssayMask *
assay_mask_new_from_runs (guint width_px, guint height_px, const guint32 *runs, guint n_runs, GError **error)
{
  guint64 wanted = (guint64) width_px * height_px, found = 0;
  if (wanted > ASSAY_MASK_MAX_PX)
    {
      assay_error_bad_data (error, "a mask of %u x %u pixels: more than %" G_GUINT64_FORMAT, width_px, height_px,
                            ASSAY_MASK_MAX_PX);
      return NULL;
    }
  guint n_zeros = 0;
  for (guint i = 0; i < n_runs; i++)
    {
      found += runs[i];
      n_zeros += runs[i] == 0;
    }
  if (found != wanted)
    {
      assay_error_bad_data (error, "runs sum to %" G_GUINT64_FORMAT ", but %u x %u pixels are %" G_GUINT64_FORMAT,
                            found, width_px, height_px, wanted);
      return NULL;
    }
  if (n_runs > 0 && n_zeros == (runs[0] == 0)) /* as they should be */
    return assay_mask_new_take (width_px, height_px, g_memdup2 (runs, sizeof *runs * n_runs), n_runs);
  Runs canonical;
  runs_init (&canonical, n_runs);
  for (guint i = 0; i < n_runs; i++)
    runs_add (&canonical, i % 2 == 1, runs[i]);
  return runs_take (&canonical, width_px, height_px);
}

AssayMask *
assay_mask_new_from_box (AssayRect box, guint width_px, guint height_px)
{
  AssayPoint corners[4]
      = { { box.x, box.y }, { box.x, box.y + box.h }, { box.x + box.w, box.y + box.h }, { box.x + box.w, box.y } };
  AssayRing ring = { .n_points = 4, .points = corners };
  return assay_mask_new_from_ring (&ring, width_px, height_px);
}

AssayMask *
assay_mask_copy (const AssayMask *mask)
{
  AssayMask *copy = g_memdup2 (mask, sizeof *mask);
  copy->runs = g_memdup2 (mask->runs, sizeof *mask->runs * mask->n_runs);
  return copy;
}

void
assay_mask_free (AssayMask *mask)
{
  if (mask == NULL)
    return;
  g_free (mask->runs);
  g_free (mask);
}

gboolean
assay_mask_equal (const AssayMask *a, const AssayMask *b)
{
  return a->width_px == b->width_px && a->height_px == b->height_px && a->n_runs == b->n_runs
         && memcmp (a->runs, b->runs, sizeof *a->runs * a->n_runs) == 0;
}

guint64
assay_mask_area_px (const AssayMask *mask)
{
  guint64 area = 0;
  for (guint i = 1; i < mask->n_runs; i += 2)
    area += mask->runs[i];
  return area;
}

gboolean
assay_mask_bounds (const AssayMask *mask, AssayRect *ret_box)
{
  if (mask->n_runs < 2)
    return FALSE;
  guint height = mask->height_px;
  guint left = G_MAXUINT, top = G_MAXUINT, right = 0, bottom = 0;
  guint64 at = 0;
  for (guint i = 0; i < mask->n_runs; at += mask->runs[i++])
    {
      if (i % 2 == 0)
        continue;
      guint64 last = at + mask->runs[i] - 1;
      guint first_column = (guint) (at / height), last_column = (guint) (last / height);
      gboolean wraps
          = last_column > first_column; /* goes on in the next column: touches both the bottom and the top */
      left = MIN (left, first_column);
      right = MAX (right, last_column);
      top = MIN (top, wraps ? 0 : (guint) (at % height));
      bottom = MAX (bottom, wraps ? height - 1 : (guint) (last % height));
    }
  *ret_box = (AssayRect){ left, top, right - left + 1.0, bottom - top + 1.0 };
  return TRUE;
}

gboolean
assay_mask_contains (const AssayMask *mask, guint x_px, guint y_px)
{
  if (x_px >= mask->width_px || y_px >= mask->height_px)
    return FALSE;
  guint64 wanted = (guint64) x_px * mask->height_px + y_px, end = 0;
  for (guint i = 0; i < mask->n_runs; i++)
    {
      end += mask->runs[i];
      if (wanted < end)
        return i % 2 == 1;
    }
  return FALSE;
}

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

AssayMask *
assay_mask_combine (const AssayMask *a, const AssayMask *b, AssayMaskOperation operation)
{
  if (!same_size (a, b))
    return NULL;
  /* One bit for each of the four cases 2 x in_a + in_b: the operation's truth table. */
  static const guint8 tables[] = {
    [ASSAY_MASK_UNION] = 0b1110,
    [ASSAY_MASK_INTERSECTION] = 0b1000,
    [ASSAY_MASK_DIFFERENCE] = 0b0100,
    [ASSAY_MASK_XOR] = 0b0110,
  };
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
  return assay_mask_new_take (a->width_px, a->height_px, runs, n);
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
  /* Most pairs of a crowded picture share no column: known without a walk. */
  if (a_end <= b_start || b_end <= a_start)
    return 0;
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

/* Seven digits hold any difference of two runs. */
#define MOST_DIGITS 7

char *
assay_mask_to_coco (const AssayMask *mask)
{
  char *text = g_malloc ((gsize) mask->n_runs * MOST_DIGITS + 1), *at = text;
  for (guint i = 0; i < mask->n_runs; i++)
    {
      gint64 value = mask->runs[i];
      if (i > 2)
        value -= mask->runs[i - 2];
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

AssayMask *
assay_mask_new_from_coco (const char *counts, guint width_px, guint height_px, GError **error)
{
  g_autofree guint32 *runs = g_new (guint32, strlen (counts) + 1); /* a run has a character or more */
  guint n = 0;
  gint64 wanted = (gint64) MIN ((guint64) width_px * height_px, ASSAY_MASK_MAX_PX);
  for (const char *at = counts; *at != '\0'; n++)
    {
      gint64 value = 0;
      guint first = (guint) (guchar) *at - 48;
      if (first < 0x20) /* most differences are one digit */
        {
          value = (gint64) (first & 0xf) - (gint64) (first & 0x10);
          at++;
        }
      else if ((at = read_difference (at, &value, error)) == NULL)
        return NULL;
      if (n > 2)
        value += runs[n - 2]; /* |value| < 2^60: no overflow */
      if (value < 0 || value > wanted)
        {
          assay_error_bad_data (error,
                                "run %u is %" G_GINT64_FORMAT " long, but %u x %u pixels are %" G_GUINT64_FORMAT,
                                n + 1, value, width_px, height_px, (guint64) width_px * height_px);
          return NULL;
        }
      runs[n] = (guint32) value;
    }
  return assay_mask_new_from_runs (width_px, height_px, runs, n, error);
}
