/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask.h"

#include "core/error.h"
#include "core/mask-private.h"
#include "core/polygon.h"

#include <stdatomic.h>
#include <string.h>

AssayMask *
assay_mask_new_take (guint width_px, guint height_px, guint32 *take_runs, guint n_runs, gsize room)
{
  static _Atomic guint64 last_serial;
  AssayMask *mask = g_new (AssayMask, 1);
  mask->serial = atomic_fetch_add_explicit (&last_serial, 1, memory_order_relaxed) + 1;
  mask->width_px = width_px;
  mask->height_px = height_px;
  mask->n_runs = n_runs;
  mask->runs = n_runs < room - room / 4 ? g_renew (guint32, take_runs, n_runs) : take_runs;
  mask->area_px = 0;
  for (guint i = 1; i < n_runs; i += 2)
    mask->area_px += mask->runs[i];
  return mask;
}

AssayMask *
assay_mask_new_empty (guint width_px, guint height_px)
{
  g_assert ((guint64) width_px * height_px <= ASSAY_MASK_MAX_PX);
  guint32 *runs = g_new (guint32, 1);
  runs[0] = width_px * height_px;
  return assay_mask_new_take (width_px, height_px, runs, 1, 1);
}

/* Runs on both sides of one of no pixel are one: how many are left. */
static guint
merge_runs (const guint32 *runs, guint n_runs, guint32 *ret_runs)
{
  guint n = 1; /* the last one is of the background when this is odd */
  ret_runs[0] = 0;
  for (guint i = 0; i < n_runs; i++)
    if (runs[i] > 0 && i % 2 == n % 2)
      ret_runs[n++] = runs[i];
    else
      ret_runs[n - 1] += runs[i];
  return n;
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
    return assay_mask_new_take (width_px, height_px, g_memdup2 (runs, sizeof *runs * n_runs), n_runs, n_runs);
  guint32 *merged = g_new (guint32, (gsize) n_runs + 1);
  return assay_mask_new_take (width_px, height_px, merged, merge_runs (runs, n_runs, merged), (gsize) n_runs + 1);
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
  return mask->area_px;
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
  if (x_px >= mask->width_px || y_px >= mask->height_px || mask->n_runs < 2)
    return FALSE;
  guint64 wanted = (guint64) x_px * mask->height_px + y_px, total = (guint64) mask->width_px * mask->height_px;
  guint64 after = mask->n_runs % 2 == 1 ? mask->runs[mask->n_runs - 1] : 0;
  if (wanted < mask->runs[0]
      || wanted >= total - after) /* of ten thousand masks nearly all: known without a walk */
    return FALSE;
  guint64 end = 0;
  guint i = 0;
  while ((end += mask->runs[i]) <= wanted)
    i++;
  return i % 2 == 1;
}
