/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/class-list.h - the classes of a task, each with its digit and colour. Signal "chosen" (guint index). */
#include "core/task.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_CLASS_LIST (assay_class_list_get_type ())
G_DECLARE_FINAL_TYPE (AssayClassList, assay_class_list, ASSAY, CLASS_LIST, GtkWidget)

void assay_class_list_set_task (AssayClassList *list, const AssayTask *task); /* NULL empties it */
void assay_class_list_set_current (AssayClassList *list, guint index);

G_END_DECLS
