/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/object-list.h - the objects of a draft as a list: colour, number, what it is, an eye that hides it.
 *
 * Signals, by the person: "chosen", "toggle-hidden" (its eye), "toggle-locked" (const AssayId *); "several-chosen"
 * (const GArray * of AssayId): with Shift or Ctrl. */
#include "annotate/tool.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_OBJECT_LIST (assay_object_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayObjectList, assay_object_list, ASSAY, OBJECT_LIST, GtkWidget)

/* Shows the draft as it stands, and what is selected. NULL = nothing. Rows of unchanged objects stay as they are.
 */
void assay_object_list_update (AssayObjectList *list, const AssayScene *scene);

G_END_DECLS
