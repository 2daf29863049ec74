/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/chooser.h - asks for a file or a folder of this computer, with the dialog that the desktop has for it.
 * Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

/* `path` is of a local file or folder; borrowed. */
typedef void (*AssayChosen) (gpointer owner, const char *path);

/* `name`: what is offered when saving, else NULL. `chosen` comes at most once: not when it was cancelled, nor when
 * `owner` has left its window meanwhile. What is on no disk of this computer is told, and not given. */
void assay_choose (GtkWidget *owner, GtkFileChooserAction action, const char *title, const char *accept,
                   const char *name, AssayChosen chosen);

G_END_DECLS
