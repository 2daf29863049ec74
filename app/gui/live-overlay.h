/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/live-overlay.h - what a technician sees over the live picture: histogram, exposure warnings, focus
 * peaking, thirds.
 *
 * Measured and painted on the live picture's own thread, never on the main loop; figures as core/picture-measure.h
 * defines them. */
#include "core/picture-measure.h"
#include "core/picture.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef enum
{
  ASSAY_OVERLAY_HISTOGRAM = 1 << 0,
  ASSAY_OVERLAY_EXPOSURE = 1 << 1, /* stripes: red where a channel is at its end, blue where all are black */
  ASSAY_OVERLAY_FOCUS = 1 << 2,    /* sharp edges in yellow, and the sharpness beside its best */
  ASSAY_OVERLAY_GRID = 1 << 3,     /* thirds */
  ASSAY_OVERLAY_ALL = 0xf
} AssayOverlays;

typedef struct
{
  AssayPictureMeasure measure;
  double best_sharpness; /* of the last ten seconds */
} AssayOverlayLook;

#define ASSAY_SHARPNESS_SECONDS 10
/* The best of each of the last seconds. Begins zeroed; one thread. */
typedef struct
{
  gint64 second;
  double best[ASSAY_SHARPNESS_SECONDS];
} AssaySharpnessBest;

/* Any one thread. FALSE when nothing that is wanted needs figures. */
gboolean assay_overlay_measure (const AssayPicture *picture, AssayOverlays wanted, AssaySharpnessBest *best,
                                AssayOverlayLook *ret_look);
/* The picture (RGB8) with exposure and focus marked in it: a new one, or itself. */
AssayPicture *assay_overlay_paint (AssayPicture *picture, AssayOverlays wanted);

/* Main thread: histogram, sharpness and grid over the picture that lies in `bounds`. `look` is nullable. */
void assay_overlay_snapshot (GtkWidget *widget, GtkSnapshot *snapshot, const graphene_rect_t *bounds,
                             AssayOverlays wanted, const AssayOverlayLook *look);
/* "2.1 % over, 0.3 % under, sharpness 96 % of the best": what is seen, in words; free it. */
char *assay_overlay_dup_words (AssayOverlays wanted, const AssayOverlayLook *look);

G_END_DECLS
