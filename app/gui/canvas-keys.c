/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pointer in the canvas, moved and pressed by keys. */
#include "app/gui/canvas-private.h"

#include <math.h>
#include <string.h>

#define STEPS_WITH_SHIFT 10
#define STEPS_WHEN_HELD 5
#define HELD_AFTER 8 /* repeats of one key */
#define MARGIN 24.0  /* drawing units: the picture moves on before the pointer is at the window's edge */

static void
go_to (AssayCanvas *canvas, AssayPoint image)
{
  AssayView *view = &canvas->view;
  double margin = MIN (MARGIN * assay_canvas_get_device_scale (canvas), MIN (view->width, view->height) / 4);
  AssayPoint at = assay_view_from_image (view, image);
  double dx = MAX (margin - at.x, 0) - MAX (at.x - (view->width - margin), 0);
  double dy = MAX (margin - at.y, 0) - MAX (at.y - (view->height - margin), 0);
  gboolean pans = !view->fitted && (dx != 0 || dy != 0);
  if (pans)
    assay_view_pan (view, dx, dy);
  canvas->pointer = assay_view_from_image (view, image);
  canvas->pointer_inside = TRUE;
  AssayInput input
      = { .kind = ASSAY_INPUT_MOVE, .flags = canvas->key_flags, .button = canvas->pressed, .pressure = 1 };
  assay_canvas_emit_input (canvas, &input);
  if (pans)
    assay_canvas_tell_view (canvas);
  assay_canvas_describe (canvas);
  gtk_widget_queue_draw (GTK_WIDGET (canvas));
}

/* The middle of a pixel: the one that is pointed at, else the one in the middle of the window. */
static AssayPoint
place_of (AssayCanvas *canvas)
{
  if (!canvas->pointer_inside)
    canvas->pointer = (AssayPoint){ canvas->view.width / 2, canvas->view.height / 2 };
  AssayPoint at = assay_view_to_image (&canvas->view, canvas->pointer);
  return (AssayPoint){ CLAMP (floor (at.x + 1e-6), 0, canvas->view.image_w - 1.0) + 0.5,
                       CLAMP (floor (at.y + 1e-6), 0, canvas->view.image_h - 1.0) + 0.5 };
}

/* A pixel of the picture, or of the screen where those are larger. */
static void
step (AssayCanvas *canvas, int dx, int dy, guint n)
{
  double by = n * MAX (ceil (assay_canvas_get_device_scale (canvas) / canvas->view.zoom), 1);
  AssayPoint at = place_of (canvas);
  at.x = CLAMP (at.x + dx * by, 0.5, canvas->view.image_w - 0.5);
  at.y = CLAMP (at.y + dy * by, 0.5, canvas->view.image_h - 0.5);
  go_to (canvas, at);
}

static void
press (AssayCanvas *canvas, AssayInputFlags flags, gboolean stays)
{
  canvas->pressed = GDK_BUTTON_PRIMARY;
  canvas->key_presses = TRUE;
  canvas->key_flags = flags;
  canvas->key_holds = stays;
  AssayInput input = { .kind = ASSAY_INPUT_PRESS, .flags = flags, .button = canvas->pressed, .pressure = 1 };
  assay_canvas_emit_input (canvas, &input);
  assay_canvas_describe (canvas);
}

static void
forget_press (AssayCanvas *canvas)
{
  canvas->pressed = 0;
  canvas->key_flags = 0;
  canvas->key_presses = canvas->key_holds = FALSE;
}

static void
let_go (AssayCanvas *canvas)
{
  AssayInput input
      = { .kind = ASSAY_INPUT_RELEASE, .flags = canvas->key_flags, .button = canvas->pressed, .pressure = 1 };
  gboolean pressed = canvas->pressed != 0; /* else the mouse has let go */
  forget_press (canvas);
  if (pressed)
    assay_canvas_emit_input (canvas, &input);
  assay_canvas_describe (canvas);
}

gboolean
assay_canvas_point_key (AssayCanvas *canvas, const char *name, guint keycode, AssayInputFlags flags)
{
  static const struct
  {
    const char *key;
    int dx, dy;
  } arrows[] = { { "Left", -1, 0 }, { "Right", 1, 0 }, { "Up", 0, -1 }, { "Down", 0, 1 } };
  gboolean again = canvas->key_down == keycode;
  if ((canvas->aids & ASSAY_AID_KEYS) == 0 || canvas->view.image_w == 0 || name == NULL)
    return FALSE;
  name = g_str_has_prefix (name, "KP_") ? name + strlen ("KP_") : name;
  canvas->n_repeats = again ? canvas->n_repeats + 1 : 0;
  canvas->key_down = keycode;
  for (guint i = 0; i < G_N_ELEMENTS (arrows) && (flags & ~ASSAY_INPUT_SHIFT) == 0; i++)
    if (g_str_equal (name, arrows[i].key))
      {
        guint n = (flags & ASSAY_INPUT_SHIFT) != 0 ? STEPS_WITH_SHIFT : 1;
        step (canvas, arrows[i].dx, arrows[i].dy, n * (canvas->n_repeats >= HELD_AFTER ? STEPS_WHEN_HELD : 1));
        return TRUE;
      }
  gboolean space = g_str_equal (name, "space"), holds = g_str_equal (name, "Insert");
  if ((space || holds) && !again && canvas->pressed == 0)
    press (canvas, flags, holds);
  else if ((space || holds) && !again && canvas->key_holds)
    let_go (canvas);
  else if (g_str_equal (name, "Escape") && canvas->key_presses)
    forget_press (canvas); /* what the tool has begun is given up by the key itself */
  return space || holds;
}

void
assay_canvas_point_key_up (AssayCanvas *canvas, guint keyval)
{
  canvas->key_down = 0;
  if ((canvas->aids & ASSAY_AID_KEYS) != 0 && keyval == GDK_KEY_space && canvas->key_presses && !canvas->key_holds)
    let_go (canvas);
}

/* What is begun by keys cannot be ended by them any more. */
void
assay_canvas_stop_pointing (AssayCanvas *canvas)
{
  if (canvas->key_presses)
    let_go (canvas);
  canvas->key_down = 0;
}

void
assay_canvas_start_pointing (AssayCanvas *canvas)
{
  AssayView *view = &canvas->view;
  gboolean inside = canvas->pointer.x >= 0 && canvas->pointer.y >= 0 && canvas->pointer.x < view->width
                    && canvas->pointer.y < view->height;
  if (view->image_w == 0)
    return;
  canvas->pointer_inside &= inside;
  gtk_widget_grab_focus (GTK_WIDGET (canvas));
  go_to (canvas, place_of (canvas));
}
