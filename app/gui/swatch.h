/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/swatch.h - a small round of a class's colour. */
#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_SWATCH (assay_swatch_get_type ())
G_DECLARE_FINAL_TYPE (AssaySwatch, assay_swatch, ASSAY, SWATCH, GtkWidget)

GtkWidget *assay_swatch_new (void);
void assay_swatch_set_colour (AssaySwatch *swatch, guint32 colour /* 0xRRGGBB */);

G_END_DECLS
