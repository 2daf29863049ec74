/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/canvas-private.h - what the canvas (canvas.c: what it shows) and its ears (canvas-input.c: pointer, keys,
 * fingers; canvas-keys.c: the pointer moved by keys) share. Main thread. */
#include "app/gui/canvas.h"
#include "app/gui/pointer.h"
#include "app/gui/tile-grid.h"

struct _AssayCanvas
{
  GtkWidget parent_instance;
  AssayView view;
  AssayTileGrid *grid;
  AssayMarks *overlay;
  gint64 drawn_us;            /* when the last frame was made */
  gboolean complete;          /* the last frame showed everything */
  gboolean whole;             /* the next frame shows everything, whatever it takes */
  guint again, tell, prepare; /* idle sources: tiles are left to compose; the view changed with the window; tiles
                                 round the window are left */
  AssayPoint pointer;         /* device pixels */
  gboolean pointer_inside;
  AssayLastPress last_press;
  guint pressed; /* button held, handed on */
  gboolean panning, space;
  AssayPoint pan_from;
  AssayDisplay display;
  AssayMarksLook look;
  AssayAids aids;
  gboolean loupe, in_map;
  guint loupe_keycode;  /* of the key that is held for it */
  guint key_down;       /* pointing with the keys: the one that went down last, and is not up … */
  guint n_repeats;      /* … and how often it was told since */
  gboolean key_presses; /* … the button is down, by a key … */
  gboolean key_holds;   /* … and stays down when that goes up */
  AssayInputFlags key_flags; /* … and what was held when it went down */
  cairo_surface_t *map; /* (nullable) until it is shown */
  double pinch_from;    /* the zoom that two fingers began at; 0 = there are none */
  AssayPoint finger;    /* device pixels that one finger has gone */
  AssayPoint pinch_at;  /* device pixels: where their middle was */
  char *words;
};

double assay_canvas_get_device_scale (AssayCanvas *canvas);
/* Says what is shown, to those who cannot see it. */
void assay_canvas_describe (AssayCanvas *canvas);
/* Zoom or place is another: draws, and tells. */
void assay_canvas_tell_view (AssayCanvas *canvas);
/* Hands an input on, at the pointer's place; TRUE = used. */
gboolean assay_canvas_emit_input (AssayCanvas *canvas, AssayInput *input);

/* canvas-input.c */
void assay_canvas_listen (AssayCanvas *canvas);
void assay_canvas_update_cursor (AssayCanvas *canvas);

/* canvas-keys.c: while ASSAY_AID_KEYS is on. `name`: gdk_keyval_name; TRUE = used. */
gboolean assay_canvas_point_key (AssayCanvas *canvas, const char *name, guint keycode, AssayInputFlags flags);
void assay_canvas_point_key_up (AssayCanvas *canvas, guint keyval);
/* It is on by now; it is about to be off, or the keys go elsewhere. */
void assay_canvas_start_pointing (AssayCanvas *canvas);
void assay_canvas_stop_pointing (AssayCanvas *canvas);
