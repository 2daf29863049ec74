/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Something moves: the mean absolute difference of luma (ITU-R BT.601 of the stored values, 0 to 255) between two
 * looks a tenth of a second apart, on a grid of 64 x 36 points of a small picture. */
#include "capture/trigger.h"

#include "core/colour.h"
#include "core/error.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS 64
#define ROWS 36
#define LOOK_NS G_GINT64_CONSTANT (100000000)
#define USUAL_THRESHOLD 4.0 /* above the noise of webcams in dim light, well under a hand that comes in */

typedef struct
{
  double threshold;
  gboolean has_last;
  gint64 looked_ns;
  guint8 last[ROWS * COLUMNS];
} Motion;

static gpointer
open_motion (const char *argument, GError **error)
{
  char *end = NULL;
  double threshold = argument != NULL ? g_ascii_strtod (argument, &end) : USUAL_THRESHOLD;
  if (argument != NULL && (end == argument || *end != '\0' || !(threshold > 0 && threshold < 255)))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "trigger motion: \"%s\" is no threshold; give a mean difference of grey levels, motion:4",
                   argument);
      return NULL;
    }
  Motion *motion = g_new0 (Motion, 1);
  motion->threshold = threshold;
  return motion;
}

static guint8
luma_at (const AssayPicture *picture, guint x, guint y)
{
  const guint8 *row = picture->data + (gsize) y * picture->stride;
  if (assay_pixels_channels (picture->pixels) == 1)
    return row[x];
  const guint8 *rgb = row + 3 * (gsize) x;
  return (guint8) ((299 * rgb[0] + 587 * rgb[1] + 114 * rgb[2] + 500) / 1000);
}

static gboolean
look (gpointer state, const AssayStreamFormat *format, const AssayFrame *frame)
{
  Motion *motion = state;
  if (motion->has_last && frame->stamp_ns - motion->looked_ns < LOOK_NS && frame->stamp_ns >= motion->looked_ns)
    return FALSE;
  g_autoptr (AssayPicture) small
      = assay_colour_convert_small (&format->pixels, frame->data, frame->n_bytes, 2 * COLUMNS, NULL);
  g_autoptr (AssayPicture) picture = small != NULL ? assay_picture_to_rgb8 (small) : NULL;
  if (picture == NULL)
    return FALSE;
  guint64 apart = 0;
  for (guint i = 0; i < ROWS * COLUMNS; i++)
    {
      guint8 luma
          = luma_at (picture, i % COLUMNS * picture->width_px / COLUMNS, i / COLUMNS * picture->height_px / ROWS);
      apart += (guint64) abs ((int) luma - motion->last[i]);
      motion->last[i] = luma;
    }
  gboolean moves = motion->has_last && (double) apart / (ROWS * COLUMNS) >= motion->threshold;
  motion->has_last = TRUE;
  motion->looked_ns = frame->stamp_ns;
  return moves;
}

const AssayTriggerKind assay_trigger_motion = {
  .id = "motion",
  .title = "Something moves in front of a camera",
  .argument = "[:LEVELS]",
  .of_camera = TRUE,
  .open = open_motion,
  .look = look,
  .close = g_free,
};
