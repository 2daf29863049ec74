/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/control-row.h - one control of a camera, by its type: a slider, a switch, a menu, a button, text, check
 * marks; what an automatic mode has, and what can only be read, is greyed out and still followed. Main thread. */
#include <gtk/gtk.h>
#include <jansson.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CONTROL_ROW (assay_control_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayControlRow, assay_control_row, ASSAY, CONTROL_ROW, GtkWidget)

/* `control` as list_controls gives it (capture/source.h). Signal "set" (const char *id, json_t *value): the person
 * changed it. */
GtkWidget *assay_control_row_new (const json_t *control);
const char *assay_control_row_get_id (AssayControlRow *row);
/* As it is now. What the person is just changing is left alone. */
void assay_control_row_update (AssayControlRow *row, const json_t *control);

G_END_DECLS
