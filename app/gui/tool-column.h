/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tool-column.h - the tools of a kind as one thin column of buttons. Signal "chosen" (const char * id). */
#include "annotate/tool.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TOOL_COLUMN (assay_tool_column_get_type ())
G_DECLARE_FINAL_TYPE (AssayToolColumn, assay_tool_column, ASSAY, TOOL_COLUMN, GtkWidget)

void assay_tool_column_set_kind (AssayToolColumn *column, const AssayKind *kind);
void assay_tool_column_set_current (AssayToolColumn *column, const char *id);

G_END_DECLS
