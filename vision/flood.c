/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vision/flood.h"

#include <string.h>

#define LEVELS (ASSAY_FLOOD_MAX_TOLERANCE + 1)
#define POLL_PX 65536
#define GRID_SAMPLES 512 /* a side, at most, to find the tones of a 16-bit picture */
#define BLOCK 64

typedef struct
{
  guint32 *at;
  gsize n, room;
} Bucket;

struct _AssayFlood
{
  gint refs;
  AssayPicture *picture;
  guint width_px, height_px, n_channels;
  gboolean deep, connected;
  guint32 seed[3], scale; /* deep: difference * scale >> 16 is a step */
  guint8 *levels;         /* column after column: the least tolerance that takes the pixel, plus 1; 0 = not known */
  Bucket buckets[LEVELS]; /* found and not gone on from */
  guint level;            /* nothing waits below */
  guint left, right, top, bottom; /* of all that is known; half-open */
};

static guint32
channel (const AssayFlood *flood, const guint8 *row, gsize i)
{
  return flood->deep ? ((const guint16 *) (gconstpointer) row)[i] : row[i];
}

static guint
difference (const AssayFlood *flood, guint x, guint y)
{
  const guint8 *row = flood->picture->data + y * flood->picture->stride;
  guint32 most = 0;
  for (guint c = 0; c < flood->n_channels; c++)
    {
      guint32 value = channel (flood, row, (gsize) x * flood->n_channels + c);
      most = MAX (most, value > flood->seed[c] ? value - flood->seed[c] : flood->seed[c] - value);
    }
  if (flood->deep)
    most = (guint32) ((guint64) most * flood->scale >> 16);
  return MIN (most, 255);
}

/* 12 bits in 16 are as many steps as all 16 are. */
static guint32
find_scale (const AssayFlood *flood)
{
  guint32 least = G_MAXUINT32, most = 0;
  guint step_x = MAX (1, flood->width_px / GRID_SAMPLES), step_y = MAX (1, flood->height_px / GRID_SAMPLES);
  for (guint y = 0; y < flood->height_px; y += step_y)
    for (guint x = 0; x < flood->width_px; x += step_x)
      for (guint c = 0; c < flood->n_channels; c++)
        {
          guint32 value = channel (flood, flood->picture->data + y * flood->picture->stride,
                                   (gsize) x * flood->n_channels + c);
          least = MIN (least, value);
          most = MAX (most, value);
        }
  return most > least ? (255u << 16) / (most - least) : 1u << 16;
}

static void
push (AssayFlood *flood, guint x, guint y, guint level)
{
  guint32 at = (guint32) ((gsize) x * flood->height_px + y);
  flood->levels[at] = (guint8) (level + 1);
  flood->left = MIN (flood->left, x);
  flood->right = MAX (flood->right, x + 1);
  flood->top = MIN (flood->top, y);
  flood->bottom = MAX (flood->bottom, y + 1);
  if (!flood->connected)
    return;
  Bucket *bucket = &flood->buckets[level];
  if (bucket->n == bucket->room)
    {
      bucket->room = MAX (256, 2 * bucket->room);
      bucket->at = g_renew (guint32, bucket->at, bucket->room);
    }
  bucket->at[bucket->n++] = at;
}

AssayFlood *
assay_flood_new (const AssayPicture *picture, guint x_px, guint y_px, gboolean connected)
{
  if (x_px >= picture->width_px || y_px >= picture->height_px)
    return NULL;
  AssayFlood *flood = g_new0 (AssayFlood, 1);
  flood->refs = 1;
  flood->picture = assay_picture_ref ((AssayPicture *) picture); /* counted, else not changed */
  flood->width_px = picture->width_px;
  flood->height_px = picture->height_px;
  flood->n_channels = assay_pixels_channels (picture->pixels);
  flood->deep = picture->pixels == ASSAY_PIXELS_GREY16 || picture->pixels == ASSAY_PIXELS_RGB16;
  flood->connected = connected;
  flood->levels = g_malloc0 ((gsize) flood->width_px * flood->height_px);
  flood->left = flood->top = G_MAXUINT;
  if (flood->deep)
    flood->scale = find_scale (flood);
  for (guint c = 0; c < flood->n_channels; c++)
    flood->seed[c] = channel (flood, picture->data + y_px * picture->stride, (gsize) x_px * flood->n_channels + c);
  if (connected)
    push (flood, x_px, y_px, 0);
  return flood;
}

AssayFlood *
assay_flood_ref (AssayFlood *flood)
{
  g_atomic_int_inc (&flood->refs);
  return flood;
}

void
assay_flood_unref (AssayFlood *flood)
{
  if (flood == NULL || !g_atomic_int_dec_and_test (&flood->refs))
    return;
  for (guint i = 0; i < LEVELS; i++)
    g_free (flood->buckets[i].at);
  g_free (flood->levels);
  assay_picture_unref (flood->picture);
  g_free (flood);
}

static void
visit (AssayFlood *flood, guint x, guint y)
{
  if (flood->levels[(gsize) x * flood->height_px + y] != 0)
    return;
  guint level = MAX (difference (flood, x, y), flood->level);
  if (level <= ASSAY_FLOOD_MAX_TOLERANCE)
    push (flood, x, y, level);
}

static gboolean
reach_connected (AssayFlood *flood, guint tolerance, guint64 most_px, GCancellable *cancellable)
{
  for (guint64 n = 0;; n++)
    {
      while (flood->level <= tolerance && flood->buckets[flood->level].n == 0)
        {
          g_clear_pointer (&flood->buckets[flood->level].at, g_free);
          flood->buckets[flood->level].room = 0;
          flood->level++;
        }
      if (flood->level > tolerance)
        return TRUE;
      if (n >= most_px || (n % POLL_PX == POLL_PX - 1 && g_cancellable_is_cancelled (cancellable)))
        return FALSE;
      Bucket *bucket = &flood->buckets[flood->level];
      guint32 at = bucket->at[--bucket->n];
      guint x = at / flood->height_px, y = at % flood->height_px;
      if (x > 0)
        visit (flood, x - 1, y);
      if (x + 1 < flood->width_px)
        visit (flood, x + 1, y);
      if (y > 0)
        visit (flood, x, y - 1);
      if (y + 1 < flood->height_px)
        visit (flood, x, y + 1);
    }
}

/* `right` is how far it has come. Down in blocks: the picture lies in rows, the levels in columns. */
static gboolean
reach_anywhere (AssayFlood *flood, guint64 most_px, GCancellable *cancellable)
{
  guint64 n = 0;
  flood->left = flood->top = 0;
  flood->bottom = flood->height_px;
  while (flood->right < flood->width_px)
    {
      if (n >= most_px || g_cancellable_is_cancelled (cancellable))
        return FALSE;
      guint x0 = flood->right, x1 = MIN (x0 + BLOCK, flood->width_px);
      for (guint y = 0; y < flood->height_px; y++)
        for (guint x = x0; x < x1; x++)
          {
            guint level = difference (flood, x, y);
            flood->levels[(gsize) x * flood->height_px + y]
                = level <= ASSAY_FLOOD_MAX_TOLERANCE ? (guint8) (level + 1) : 0;
          }
      flood->right = x1;
      n += (guint64) (x1 - x0) * flood->height_px;
    }
  return TRUE;
}

gboolean
assay_flood_reach (AssayFlood *flood, guint tolerance, guint64 most_px, GCancellable *cancellable)
{
  if (flood->connected)
    return reach_connected (flood, MIN (tolerance, ASSAY_FLOOD_MAX_TOLERANCE), most_px, cancellable);
  return reach_anywhere (flood, most_px, cancellable);
}

/* Not known (0) wraps round to more than any tolerance. */
static inline gboolean
is_inside (guint8 level, guint8 tolerance)
{
  return (guint8) (level - 1) <= tolerance;
}

/* Whether a whole block is as its beginning is: most are. */
static inline gboolean
is_block_even (const guint8 *levels, guint8 tolerance, gboolean inside)
{
  guint n = 0;
  for (guint i = 0; i < BLOCK; i++)
    n += is_inside (levels[i], tolerance);
  return n == (inside ? BLOCK : 0);
}

AssayMask *
assay_flood_to_mask (const AssayFlood *flood, guint tolerance, guint step_px)
{
  guint8 most = (guint8) MIN (tolerance, ASSAY_FLOOD_MAX_TOLERANCE);
  guint step = MAX (step_px, 1), top = flood->top - flood->top % step;
  g_autoptr (GArray) runs = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint64 begun = 0;
  gboolean inside = FALSE;
  for (guint x = MIN (flood->left, flood->right); x < flood->right; x++)
    {
      const guint8 *column = flood->levels + (gsize) (x - x % step) * flood->height_px;
      guint64 base = (guint64) x * flood->height_px;
      for (guint y = top;; y += step)
        {
          while (step == 1 && y + BLOCK <= flood->bottom && is_block_even (column + y, most, inside))
            y += BLOCK;
          gboolean now = y < flood->bottom && is_inside (column[y], most);
          if (now != inside)
            {
              guint64 at = base + MIN (y, flood->height_px);
              guint32 run = (guint32) (at - begun);
              g_array_append_val (runs, run);
              begun = at;
              inside = now;
            }
          if (y >= flood->bottom)
            break;
        }
    }
  guint32 rest = (guint32) ((guint64) flood->width_px * flood->height_px - begun);
  g_array_append_val (runs, rest);
  return assay_mask_new_from_runs (flood->width_px, flood->height_px, (const guint32 *) (gpointer) runs->data,
                                   runs->len, NULL);
}

guint64
assay_flood_get_box_px (const AssayFlood *flood)
{
  if (flood->left >= flood->right)
    return 0;
  return (guint64) (flood->right - flood->left) * (flood->bottom - flood->top);
}
