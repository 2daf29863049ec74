/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/tag-strip.h - the tags of an item, big, under its picture. Signal "chosen" (guint index of the class): one
 * was clicked, to be taken away. Main thread. */
#include "annotate/tool.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TAG_STRIP (assay_tag_strip_get_type ())
G_DECLARE_FINAL_TYPE (AssayTagStrip, assay_tag_strip, ASSAY, TAG_STRIP, GtkWidget)

/* NULL hides it. */
void assay_tag_strip_update (AssayTagStrip *strip, const AssayScene *scene);

G_END_DECLS
