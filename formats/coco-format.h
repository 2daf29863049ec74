/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* formats/coco-format.h - the two halves that formats/format-coco.c registers. */
#include "formats/format.h"

G_BEGIN_DECLS

gboolean assay_coco_read (AssayImport *import, const char *path, GError **error);
gboolean assay_coco_write (AssayExport *export, GError **error);

G_END_DECLS
