/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/model-view.h - the 3D model of a class as lines, turned by dragging: which corner comes next, which are
 * placed. A click on a corner chooses it: signal "corner" (guint index into the tool's corners). */
#include "annotate/tool-pose.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_MODEL_VIEW (assay_model_view_get_type ())
G_DECLARE_FINAL_TYPE (AssayModelView, assay_model_view, ASSAY, MODEL_VIEW, GtkWidget)

/* Borrowed until the next call; NULL shows nothing. */
void assay_model_view_update (AssayModelView *view, const AssayModel *model, gconstpointer tool_state,
                              guint32 colour);

G_END_DECLS
