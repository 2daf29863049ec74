/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/key-press.h - a key that was pressed, as the table of keys may know it.
 *
 * A key means what it gives; where the layout gives nothing that the table could name (Cyrillic, Greek, the signs
 * over the digits of a French keyboard), it means what stands at its place: on the first Latin layout of this
 * desktop, else on the keyboard that the table was made for. Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_KEY_PRESS_MAX 5

typedef struct
{
  guint keyval;         /* letters in lower case, Return and Tab for all of their kind */
  GdkModifierType mods; /* Shift, Ctrl, Alt, Super */
} AssayAccel;

typedef struct
{
  AssayAccel accels[ASSAY_KEY_PRESS_MAX]; /* the likeliest first, each once */
  guint n;
} AssayKeyPress;

/* `group`: of the layout in force. `display` (nullable) knows the layouts. A modifier alone has no accels. */
AssayKeyPress assay_key_press_read (GdkDisplay *display, guint keyval, guint keycode, GdkModifierType state,
                                    guint group);
/* Of a controller's "key-pressed" or "key-released". */
AssayKeyPress assay_key_press_of (GtkEventControllerKey *controller, guint keyval, guint keycode,
                                  GdkModifierType state);
/* "<Control>question", as GTK writes it; FALSE when it cannot be read. */
gboolean assay_accel_parse (const char *text, AssayAccel *ret_accel);
char *assay_accel_dup_text (const AssayAccel *accel);
gboolean assay_accel_equal (const AssayAccel *a, const AssayAccel *b);

G_END_DECLS
