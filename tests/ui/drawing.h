/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/ui/drawing.h - a small project, and drawing in it by real pointer and keys. */
#include "core/label.h"
#include "tests/ui/ui.h"

G_BEGIN_DECLS

#define DRAWING_WIDTH 400
#define DRAWING_HEIGHT 300

/* A project with one task "work" of that kind and three grey pictures, or one tone of two seconds. Free the
 * folder's name. */
char *drawing_new_project (const char *name, const char *kind, const char *skeleton);
/* The same with nearly black pictures. */
char *drawing_new_dark_project (const char *name, const char *kind);
/* The draft of the nth item (from 0), read from the disk as another process would. */
AssayObjects *drawing_read_draft (const char *directory, guint nth, const char *annotator_name);

/* Opens the project on its Annotate page and waits until the canvas says `words`. */
Ui *drawing_start (const char *directory, const char *annotator, const char *words);
void drawing_wait (Ui *ui, const char *words);
/* What the picture, the canvas or the waveform, says of itself now has these words. */
gboolean drawing_says (Ui *ui, const char *widget, const char *words);
/* A point of the picture on the screen, while the picture is fitted. */
void drawing_locate (Ui *ui, double image_x, double image_y, int *ret_x, int *ret_y);
void drawing_click (Ui *ui, double image_x, double image_y);
/* A polygon of the chosen class, its top-left corner at (x, y). */
void drawing_square (Ui *ui, double x, double y, double side);

/* For ui_wait: `data` is double[2], a place in the picture (which is grey): something of a class is drawn there. */
gboolean drawing_is_tinted (Ui *ui, gpointer data);

G_END_DECLS
