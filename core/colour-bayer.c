/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/colour-private.h"

#include <string.h>

/* --- samples --- */

/* CSI-2, RAW10 to RAW14: the top bytes of a group, then its low bits, the first sample's lowest. */
static void
unpack_mipi (guint bits, const guint8 *line, guint width, guint16 *samples)
{
  guint group = bits == 12 ? 2 : 4, low_bits = bits - 8, group_bytes = group * bits / 8;
  for (guint x = 0; x < width; x++)
    {
      const guint8 *from = line + (gsize) (x / group) * group_bytes;
      guint32 lows = 0;
      for (guint i = group_bytes; i-- > group;)
        lows = lows << 8 | from[i];
      guint low = lows >> (x % group * low_bits) & ((1u << low_bits) - 1);
      samples[x] = (guint16) (((guint) from[x % group] << low_bits | low) << (16 - bits));
    }
}

static void
unpack_stream (guint bits, const guint8 *line, guint width, guint16 *samples)
{
  guint32 held = 0;
  guint n_held = 0;
  for (guint x = 0; x < width; x++)
    {
      for (; n_held < bits; n_held += 8)
        held = held << 8 | *line++;
      n_held -= bits;
      samples[x] = (guint16) (held >> n_held << (16 - bits));
    }
}

void
assay_samples_unpack (const AssayPixelLayout *layout, const guint8 *line, guint width, guint16 *samples)
{
  guint shift = 16u - layout->bits;
  if (layout->samples == ASSAY_SAMPLES_MIPI)
    unpack_mipi (layout->bits, line, width, samples);
  else if (layout->samples == ASSAY_SAMPLES_STREAM)
    unpack_stream (layout->bits, line, width, samples);
  else if (layout->step == 1)
    for (guint x = 0; x < width; x++)
      samples[x] = line[x];
  else if (layout->samples == ASSAY_SAMPLES_BIG_ENDIAN)
    for (guint x = 0; x < width; x++, line += 2)
      samples[x] = (guint16) (((guint) line[0] << 8 | line[1]) << shift);
  else
    for (guint x = 0; x < width; x++, line += 2)
      samples[x] = (guint16) (((guint) line[1] << 8 | line[0]) << shift);
}

/* --- colour --- */

static void
put (AssayPicture *picture, guint x, guint y, guint r, guint g, guint b)
{
  guint8 *row = picture->data + y * picture->stride;
  if (picture->pixels == ASSAY_PIXELS_RGB16)
    {
      guint16 *wide = (guint16 *) (gpointer) row + 3 * (gsize) x;
      wide[0] = (guint16) r, wide[1] = (guint16) g, wide[2] = (guint16) b;
      return;
    }
  row += 3 * (gsize) x;
  row[0] = (guint8) r, row[1] = (guint8) g, row[2] = (guint8) b;
}

/* Beyond an edge lies what lies within it, two lines on: that has the same colours. */
static guint
mirror (gint64 i, guint n)
{
  if (n == 1)
    return 0;
  return (guint) (i < 0 ? -i : i >= n ? 2 * (gint64) n - 2 - i : i);
}

/* One line from itself and those above and below it. */
static void
interpolate (const AssayFramePlan *plan, const guint16 *above, const guint16 *here, const guint16 *below, guint y,
             AssayPicture *picture)
{
  gboolean red_line = (y & 1) == plan->layout->at[1];
  for (guint x = 0; x < plan->width; x++)
    {
      guint left = mirror ((gint64) x - 1, plan->width), right = mirror ((gint64) x + 1, plan->width);
      gboolean red_column = (x & 1) == plan->layout->at[0];
      if (red_line != red_column)
        {
          guint across = (here[left] + here[right] + 1u) / 2, along = (above[x] + below[x] + 1u) / 2;
          put (picture, x, y, red_line ? across : along, here[x], red_line ? along : across);
          continue;
        }
      guint green = (here[left] + here[right] + above[x] + below[x] + 2u) / 4;
      guint other = (above[left] + above[right] + below[left] + below[right] + 2u) / 4;
      put (picture, x, y, red_line ? here[x] : other, green, red_line ? other : here[x]);
    }
}

/* The cell of two by two pixels at each step. */
static void
pick_cells (const AssayFramePlan *plan, const guint16 *here, const guint16 *below, guint step_px, guint y,
            AssayPicture *picture)
{
  guint red_x = plan->layout->at[0], red_y = plan->layout->at[1];
  for (guint x = 0; x < picture->width_px; x++)
    {
      guint at = MIN (x * step_px & ~1u, plan->width - 2);
      const guint16 *red_line = red_y == 0 ? here : below, *blue_line = red_y == 0 ? below : here;
      put (picture, x, y, red_line[at + red_x], (red_line[at + 1 - red_x] + blue_line[at + red_x] + 1u) / 2,
           blue_line[at + 1 - red_x]);
    }
}

void
assay_bayer_convert (const AssayFramePlan *plan, const guint8 *data, guint step_px, AssayPicture *picture)
{
  g_autofree guint16 *memory = g_new (guint16, 3 * (gsize) plan->width);
  guint16 *lines[3] = { memory, memory + plan->width, memory + 2 * (gsize) plan->width };
  gboolean cells = step_px > 1;
  for (guint y = 0; y < picture->height_px; y++)
    {
      gint64 row = cells ? MIN (y * step_px & ~1u, plan->height - 2) : y;
      for (gint64 i = cells ? 1 : 0; i < 3; i++)
        assay_samples_unpack (plan->layout, data + mirror (row + i - 1, plan->height) * plan->stride, plan->width,
                              lines[i]);
      if (cells)
        pick_cells (plan, lines[1], lines[2], step_px, y, picture);
      else
        interpolate (plan, lines[0], lines[1], lines[2], y, picture);
    }
}
