/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/object-panel.h - what is said of the selected object: the attributes that its task asks for, and a
 * comment.
 *
 * Signal, by the person: "said" (const AssayId * object, const char * name, const json_t * value or NULL = taken away): to
 * be made an edit. Words are told when they are done with: by Enter, by leaving the field, when another object is shown,
 * and when somebody asks for them. Main thread. */
#include "annotate/tool.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_OBJECT_PANEL (assay_object_panel_get_type ())
G_DECLARE_FINAL_TYPE (AssayObjectPanel, assay_object_panel, ASSAY, OBJECT_PANEL, GtkWidget)

/* Shows the selected object; hides itself when none, or several, are. */
void assay_object_panel_update (AssayObjectPanel *panel, const AssayScene *scene);
/* Tells the words that are being typed. */
void assay_object_panel_flush (AssayObjectPanel *panel);

G_END_DECLS
