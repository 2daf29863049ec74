/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/status-line.h - the line under the work: saved · class · tool · zoom · time · hint. */
#include "annotate/pace.h"
#include "app/gui/annotation.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_STATUS_LINE (assay_status_line_get_type ())
G_DECLARE_FINAL_TYPE (AssayStatusLine, assay_status_line, ASSAY, STATUS_LINE, GtkWidget)

void assay_status_line_set_saving (AssayStatusLine *line, AssaySaving saving, const char *why /* (nullable) */);
void assay_status_line_set_class (AssayStatusLine *line, const AssayClass *class /* (nullable) */);
void assay_status_line_set_tool (AssayStatusLine *line, const AssayTool *tool /* (nullable) */);
void assay_status_line_set_zoom (AssayStatusLine *line, const char *words);
void assay_status_line_set_seconds (AssayStatusLine *line, double seconds);
/* Opens what the time leads to: the person's own pace today. */
void assay_status_line_show_pace (AssayStatusLine *line, const AssayTask *task, const AssayPace *pace);
/* What is said of the item: "Discuss · Hard"; "" = nothing. */
void assay_status_line_set_flags (AssayStatusLine *line, const char *words);
/* `warning`: something is to be looked at, rather than what could be done next. */
void assay_status_line_set_hint (AssayStatusLine *line, const char *hint, gboolean warning);

G_END_DECLS
