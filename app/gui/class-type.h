/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/class-type.h - a class chosen by typing a few of its letters, at the pointer. Signals: "chosen" (guint
 * index); GtkPopover's "closed" follows. Main thread. */
#include "core/task.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CLASS_TYPE (assay_class_type_get_type ())
G_DECLARE_FINAL_TYPE (AssayClassType, assay_class_type, ASSAY, CLASS_TYPE, GtkPopover)

GtkWidget *assay_class_type_new (void);
/* Asks at a point of its parent. `recent` as in class-match.h; both are copied. */
void assay_class_type_ask (AssayClassType *popover, int x, int y, const AssayTask *task, const GArray *recent);

G_END_DECLS
