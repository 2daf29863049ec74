/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/canvas.h - a picture with what is labelled in it: pan, zoom, tiles; the pointer and keys in image
 * coordinates.
 *
 * It shows what it is given and knows no task: marks of the label go into the tiles, marks of a tool into a node on
 * top. Wheel: zoom at the pointer. Middle drag, or Space held and drag: pan. Everything else is handed on.
 *
 * Two fingers move and zoom the picture. F2 held: a loupe. A click or drag in the overview map goes there. With
 * ASSAY_AID_KEYS the keys point: arrows move (a pixel of the picture, with Shift ten), Space is the button, Insert
 * the button that stays down until it is pressed again; the place is part of what the canvas says of itself.
 *
 * Signals: "input" (const AssayInput *) -> gboolean, TRUE = used; "view-changed" (zoom or place);
 * "display-changed" (how the picture or its marks are shown).
 * Actions: canvas.fit, canvas.zoom-100, canvas.zoom-in, canvas.zoom-out. Main thread. */
#include "annotate/tool.h"
#include "annotate/view.h"
#include "app/gui/tile-compose.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CANVAS (assay_canvas_get_type ())
G_DECLARE_FINAL_TYPE (AssayCanvas, assay_canvas, ASSAY, CANVAS, GtkWidget)

GtkWidget *assay_canvas_new (void);
/* (nullable) */
void assay_canvas_set_pyramid (AssayCanvas *canvas, AssayPyramid *pyramid);
/* What the label holds. The marks borrow from values: give new ones before those values go. `dirty`: image pixels
 * that differ (NULL = all). */
void assay_canvas_set_marks (AssayCanvas *canvas, AssayMarks *take_marks, const AssayRect *dirty);
/* Pixels under way (a mark's paint) have changed in this box of image pixels. */
void assay_canvas_redraw (AssayCanvas *canvas, const AssayRect *dirty);
/* Marks are drawn otherwise in this box too, beside the one that came with them. */
void assay_canvas_redraw_marks (AssayCanvas *canvas, const AssayRect *dirty);
/* What a tool has under way. */
void assay_canvas_set_overlay (AssayCanvas *canvas, AssayMarks *take_marks);
/* One sentence of what is shown, for those who cannot see it: "3 objects, polygon tool"; the zoom is put before it.
 */
void assay_canvas_set_description (AssayCanvas *canvas, const char *words);
/* Hands a key to whoever listens, as if it had been pressed over the picture; TRUE = used. */
gboolean assay_canvas_send_key (AssayCanvas *canvas, const char *key, AssayInputFlags flags);

/* Something under the pointer is another: whoever listens hears it hover there once more. */
void assay_canvas_send_hover (AssayCanvas *canvas);

/* Where the pointer is in the widget; FALSE (and nothing written) when it is elsewhere. */
gboolean assay_canvas_get_pointer (AssayCanvas *canvas, AssayPoint *ret_at);
const AssayView *assay_canvas_get_view (AssayCanvas *canvas);
void assay_canvas_show_box (AssayCanvas *canvas, AssayRect box);
void assay_canvas_fit (AssayCanvas *canvas);
void assay_canvas_pan_by (AssayCanvas *canvas, double dx, double dy); /* device pixels */
/* This point of the image in the middle of the window, at this zoom. */
void assay_canvas_look_at (AssayCanvas *canvas, AssayPoint middle, double zoom);
void assay_canvas_zoom_by (AssayCanvas *canvas, double factor); /* at the pointer, else at the middle */
/* How the values of the picture are shown. */
void assay_canvas_set_display (AssayCanvas *canvas, const AssayDisplay *display);
const AssayDisplay *assay_canvas_get_display (AssayCanvas *canvas);
/* Window and level to what the picture holds; nothing without one. */
void assay_canvas_fit_display (AssayCanvas *canvas);
void assay_canvas_set_look (AssayCanvas *canvas, AssayMarksLook look);
AssayMarksLook assay_canvas_get_look (AssayCanvas *canvas);
typedef enum
{
  ASSAY_AID_CROSSHAIR = 1 << 0,
  ASSAY_AID_MAP = 1 << 1,
  ASSAY_AID_KEEP_VIEW = 1 << 2,    /* the next picture of the same size stands where this one did; else it is fitted */
  ASSAY_AID_KEEP_DISPLAY = 1 << 3, /* and is shown as this one is */
  ASSAY_AID_KEYS = 1 << 4,         /* the pointer is moved and pressed by keys, and a crosshair shows where it is */
} AssayAids;
void assay_canvas_set_aids (AssayCanvas *canvas, AssayAids aids);
AssayAids assay_canvas_get_aids (AssayCanvas *canvas);

typedef enum
{
  ASSAY_PINCH_BEGIN,
  ASSAY_PINCH_UPDATE,
  ASSAY_PINCH_END,
} AssayPinch;
/* Two fingers on the picture, as the gesture tells of them: `scale` since they began, their middle in the widget's
 * coordinates. */
void assay_canvas_pinch (AssayCanvas *canvas, AssayPinch phase, double scale, AssayPoint middle);

guint assay_canvas_get_n_composed (AssayCanvas *canvas);        /* tiles, so far */
gboolean assay_canvas_is_complete (AssayCanvas *canvas);        /* the last frame showed everything as it is */

G_END_DECLS
