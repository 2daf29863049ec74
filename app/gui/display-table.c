/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/display-table.h"

#include <math.h>

const char *const assay_channel_words[] = { "All channels", "Red", "Green", "Blue", "Luma", NULL };

gboolean
assay_display_is_plain (const AssayDisplay *display)
{
  const AssayDisplay plain = ASSAY_DISPLAY_PLAIN;
  return display->level == plain.level && display->window == plain.window && display->gamma == plain.gamma
         && display->brightness == plain.brightness && display->contrast == plain.contrast
         && display->channel == plain.channel && !display->equalise;
}

AssayHistogram *
assay_histogram_new (const AssayPicture *picture)
{
  AssayHistogram *histogram = g_new0 (AssayHistogram, 1);
  gboolean wide = picture->pixels == ASSAY_PIXELS_GREY16 || picture->pixels == ASSAY_PIXELS_RGB16;
  guint channels = assay_pixels_channels (picture->pixels);
  histogram->n_bins = wide ? 65536 : 256;
  histogram->n_pixels = (guint64) picture->width_px * picture->height_px;
  histogram->bins = g_new0 (guint32, histogram->n_bins);
  for (guint y = 0; y < picture->height_px; y++)
    {
      const guint8 *narrow_row = picture->data + y * picture->stride;
      const guint16 *wide_row = (const guint16 *) (gconstpointer) narrow_row;
      for (guint x = 0; x < picture->width_px; x++)
        {
          guint v[3];
          for (guint c = 0; c < 3; c++)
            {
              gsize at = (gsize) x * channels + (channels == 3 ? c : 0);
              v[c] = wide ? wide_row[at] : narrow_row[at];
            }
          histogram->bins[(77 * v[0] + 150 * v[1] + 29 * v[2]) >> 8]++;
        }
    }
  return histogram;
}

void
assay_histogram_free (AssayHistogram *histogram)
{
  if (histogram == NULL)
    return;
  g_free (histogram->bins);
  g_free (histogram);
}

void
assay_histogram_get_window (const AssayHistogram *histogram, double *ret_level, double *ret_window)
{
  guint64 least = histogram->n_pixels / 200, below = 0;
  guint low = 0, high = 0;
  gboolean found = FALSE;
  for (guint i = 0; i < histogram->n_bins; i++)
    {
      below += histogram->bins[i];
      if (!found && below > least)
        {
          low = i;
          found = TRUE;
        }
      if (below >= histogram->n_pixels - least)
        {
          high = i;
          break;
        }
    }
  double range = histogram->n_bins - 1.0;
  *ret_window = MAX (high - (double) low, 1) / range;
  *ret_level = (high + (double) low) / 2 / range;
}

/* What each value is before gamma: 0 to 1. */
static void
spread (const AssayDisplay *display, const AssayHistogram *histogram, double *ret_values)
{
  guint n = histogram->n_bins;
  guint64 below = 0, first = 0;
  for (guint i = 0; display->equalise && i < n && first == 0; i++)
    first = histogram->bins[i];
  for (guint i = 0; i < n; i++)
    {
      double value = i / (n - 1.0);
      below += histogram->bins[i];
      if (display->equalise)
        ret_values[i]
            = below <= first ? 0 : (double) (below - first) / (double) MAX (histogram->n_pixels - first, 1);
      else
        ret_values[i] = (value - display->level) / MAX (display->window, 1e-6) + 0.5;
    }
}

AssayDisplayTable *
assay_display_table_new (const AssayDisplay *display, const AssayHistogram *histogram)
{
  if (assay_display_is_plain (display))
    return NULL;
  AssayDisplayTable *table = g_new0 (AssayDisplayTable, 1);
  guint n = histogram->n_bins;
  g_autofree double *values = g_new (double, n);
  /* -1 is all grey, 0 as it is, towards 1 ever steeper. */
  double slope = display->contrast < 0 ? 1 + display->contrast : 1 / MAX (1 - display->contrast, 0.01);
  table->channel = display->channel;
  table->n = n;
  table->light = g_malloc (n);
  spread (display, histogram, values);
  for (guint i = 0; i < n; i++)
    {
      double value = CLAMP (values[i], 0, 1);
      if (display->gamma != 1)
        value = pow (value, 1 / display->gamma);
      value = (value - 0.5) * slope + 0.5 + display->brightness;
      table->light[i] = (guint8) (CLAMP (value, 0, 1) * 255 + 0.5);
    }
  return table;
}

void
assay_display_table_free (AssayDisplayTable *table)
{
  if (table == NULL)
    return;
  g_free (table->light);
  g_free (table);
}
