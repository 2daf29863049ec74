/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/page-annotate.h - Annotate: the queue of items, the canvas with its tools, the objects of the label. */
#include "app/gui/page.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PAGE_ANNOTATE (assay_page_annotate_get_type ())
G_DECLARE_FINAL_TYPE (AssayPageAnnotate, assay_page_annotate, ASSAY, PAGE_ANNOTATE, GtkWidget)

G_END_DECLS
