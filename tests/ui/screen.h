/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/ui/screen.h - the X server of a test: where windows are, real input (XTEST), pixels. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct _Screen UiScreen;
UiScreen *screen_new (void);
void screen_free (UiScreen *screen);

gboolean screen_has_window (UiScreen *screen, GPid pid);
/* A mapped window of the process; with this title when one has it, else the first. Place of its top-left corner on
 * the screen. */
gboolean screen_get_window (UiScreen *screen, GPid pid, const char *title, int *ret_x, int *ret_y, int *ret_width);
/* Fills the screen with the process's window, as a person does with the title bar. */
void screen_maximise (UiScreen *screen, GPid pid);

void screen_move (UiScreen *screen, int x, int y);
void screen_button (UiScreen *screen, guint button, gboolean down);
/* "ctrl+shift+z"; FALSE when the keyboard has no such key. */
gboolean screen_key (UiScreen *screen, const char *key, gboolean down);
void screen_type (UiScreen *screen, char c);

guint32 screen_pixel (UiScreen *screen, int x, int y);
int screen_get_width (UiScreen *screen);
/* Of all pixels: another sum is another picture. */
guint32 screen_sum (UiScreen *screen);
/* The pixels that have this colour (0xrrggbb), each channel within so much. */
guint screen_count (UiScreen *screen, guint32 colour, guint within);
gboolean screen_save (UiScreen *screen, const char *path, GError **error);

G_END_DECLS
