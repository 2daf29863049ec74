/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/mask-file.h - masks as they come in files: pictures (nonzero = inside) and COCO's RLE objects. Any thread. */
#include "core/json.h"
#include "core/mask.h"

G_BEGIN_DECLS

/* By content: a JSON object is RLE, everything else a picture. */
AssayMask *assay_mask_load (const char *path, GError **error);
/* {"size":[h,w],"counts": "…" or [runs]}; also the golden files' {"h","w"} with "rle", "counts" or "rows" of # and
 * dots. */
AssayMask *assay_mask_from_json (const json_t *object, GError **error);
/* {size, counts, area, bbox} with the compressed string. */
json_t *assay_mask_to_json (const AssayMask *mask);
json_t *assay_mask_runs_to_json (const AssayMask *mask);
json_t *assay_mask_bounds_to_json (const AssayMask *mask); /* [x,y,w,h]; empty: zeros, as COCO has it */

G_END_DECLS
