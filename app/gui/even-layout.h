/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/even-layout.h - a form's fields in rows of equal columns, as few rows as there is room for and as even as
 * they can be: none stands alone below the others. The last field takes what its row has left. Main thread. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_EVEN_LAYOUT (assay_even_layout_get_type ())
G_DECLARE_FINAL_TYPE (AssayEvenLayout, assay_even_layout, ASSAY, EVEN_LAYOUT, GtkLayoutManager)

/* `least`: columns that it always has room for, when it has so many fields. Gaps in pixels. */
GtkLayoutManager *assay_even_layout_new (guint least, int column_gap, int row_gap);

G_END_DECLS
