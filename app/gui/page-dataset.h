/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/page-dataset.h - Dataset: what exists for each class and annotator, the gate, versions, release and
 * export. */
#include "app/gui/page.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_PAGE_DATASET (assay_page_dataset_get_type ())
G_DECLARE_FINAL_TYPE (AssayPageDataset, assay_page_dataset, ASSAY, PAGE_DATASET, GtkWidget)

G_END_DECLS
