/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/display-table.h - how the values of a picture become light on the screen: window and level, gamma,
 * brightness, contrast, one channel, equalisation. It changes what is seen and nothing else. Any thread. */
#include "core/picture.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_CHANNEL_ALL,
  ASSAY_CHANNEL_RED,
  ASSAY_CHANNEL_GREEN,
  ASSAY_CHANNEL_BLUE,
  ASSAY_CHANNEL_LUMA,
} AssayChannel;
extern const char *const assay_channel_words[]; /* by AssayChannel, ends with NULL */

typedef struct
{
  double level, window; /* shares of the depth's range: shown black to white is level -+ window / 2 */
  double gamma;         /* 1 = as it is; more lightens the middle */
  double brightness;    /* -1 to 1, added */
  double contrast;      /* -1 to 1; 0 = as it is */
  AssayChannel channel;
  gboolean equalise; /* as many pixels of every brightness as can be, in place of window and level */
} AssayDisplay;
#define ASSAY_DISPLAY_PLAIN ((AssayDisplay){ .level = 0.5, .window = 1, .gamma = 1 })
gboolean assay_display_is_plain (const AssayDisplay *display);

/* How often each brightness is there: 256 bins, or 65536 of a 16-bit picture. */
typedef struct
{
  guint n_bins;
  guint64 n_pixels;
  guint32 *bins;
} AssayHistogram;
AssayHistogram *assay_histogram_new (const AssayPicture *picture);
void assay_histogram_free (AssayHistogram *histogram);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayHistogram, assay_histogram_free)
/* Window and level that show all but the darkest and the lightest half percent. */
void assay_histogram_get_window (const AssayHistogram *histogram, double *ret_level, double *ret_window);

typedef struct
{
  AssayChannel channel;
  guint n;       /* values there are: 256 or 65536 */
  guint8 *light; /* [n] */
} AssayDisplayTable;
/* NULL for a plain display: nothing is looked up. */
AssayDisplayTable *assay_display_table_new (const AssayDisplay *display, const AssayHistogram *histogram);
void assay_display_table_free (AssayDisplayTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDisplayTable, assay_display_table_free)

G_END_DECLS
