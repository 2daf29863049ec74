/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/option-bar.h - the options of the tool at work, in one thin row over the picture: built from their
 * declarations, so that no tool names a widget. Main thread. */
#include "annotate/tool.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_OPTION_BAR (assay_option_bar_get_type ())
G_DECLARE_FINAL_TYPE (AssayOptionBar, assay_option_bar, ASSAY, OPTION_BAR, GtkWidget)

/* Signals: "changed": the person changed a value; "done": and has finished, the keys may go back to the work. */

/* The values of all tools (assay_tool_options); borrowed. */
void assay_option_bar_set_values (AssayOptionBar *bar, AssayOptions *values);
/* Its row is there as long as any tool of the kind has options: the picture stays where it is from tool to tool. */
void assay_option_bar_set_tool (AssayOptionBar *bar, const AssayTool *tool, const AssayKind *kind); /* (nullable) */
/* One of its options, where what is worked on has no use for it; nothing when the tool has none of this name. */
void assay_option_bar_show_option (AssayOptionBar *bar, const char *name, gboolean shown);
/* Shows the values again: a key changed them. */
void assay_option_bar_update (AssayOptionBar *bar);

G_END_DECLS
