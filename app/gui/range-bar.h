/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/range-bar.h - which part of a scale from 0 to 1 has been seen, and whether that is enough. Main thread.
 */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_RANGE_BAR (assay_range_bar_get_type ())
G_DECLARE_FINAL_TYPE (AssayRangeBar, assay_range_bar, ASSAY, RANGE_BAR, GtkWidget)

/* `done`: how much of what is needed the range is, 0 to 1. */
void assay_range_bar_set (AssayRangeBar *bar, double low, double high, double done);

G_END_DECLS
