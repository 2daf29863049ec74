/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/shortcuts.h - the table of keys.h put to work: one shortcut controller on the window, and the shortcuts
 * window. */
#include "app/gui/keys.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Keys reach `func` when the widget in focus and those around it did not use them, so that a letter typed into an
 * entry stays a letter. FALSE = not used. */
typedef gboolean (*AssayKeyFunc) (const AssayKey *key, gpointer data);
void assay_shortcuts_install (GtkWidget *window, AssayKeyFunc func, gpointer data);
/* Activates the key's action on `page` (nullable; named `page_name`) or, for "win." and "window." ones, on the
 * window. */
gboolean assay_shortcuts_activate (const AssayKey *key, GtkWidget *window, GtkWidget *page, const char *page_name);
GtkShortcutsWindow *assay_shortcuts_window_new (void);

G_END_DECLS
