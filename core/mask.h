/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/mask.h - a set of pixels, exact, as run lengths down columns (COCO's order).
 *
 * `runs` begins with background (its first may be 0), no other run is 0, and they sum to width x height; a mask is in
 * this canonical form always, so equal masks have equal runs. Sums are 64-bit. Any thread; not changed once shared. */
#include "core/geometry.h"

G_BEGIN_DECLS

typedef struct {
  guint width_px, height_px;
  guint n_runs;
  guint32 *runs;
  guint64 area_px;
  guint64 serial; /* of its making; a copy keeps it: equal numbers are equal pixels, so what is found out once can be kept */
} AssayMask;

#define ASSAY_MASK_MAX_PX ((guint64) G_MAXUINT32)

AssayMask *assay_mask_new_empty (guint width_px, guint height_px);
/* Checks the sum before anything is written: BAD_DATA names the sum found and wanted. Zero runs are merged away. */
AssayMask *assay_mask_new_from_runs (guint width_px, guint height_px, const guint32 *runs, guint n_runs, GError **error);
/* Nonzero bytes are inside; row-major, `stride` bytes a row. */
AssayMask *assay_mask_new_from_bytes (const guint8 *bytes, gsize stride, guint width_px, guint height_px);
AssayMask *assay_mask_new_from_box (AssayRect box, guint width_px, guint height_px);
AssayMask *assay_mask_copy (const AssayMask *mask);
void assay_mask_free (AssayMask *mask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayMask, assay_mask_free)

gboolean assay_mask_equal (const AssayMask *a, const AssayMask *b);
guint64 assay_mask_area_px (const AssayMask *mask);
/* Smallest box of whole pixels; FALSE when empty. */
gboolean assay_mask_bounds (const AssayMask *mask, AssayRect *ret_box);
gboolean assay_mask_contains (const AssayMask *mask, guint x_px, guint y_px);

typedef enum { ASSAY_MASK_UNION, ASSAY_MASK_INTERSECTION, ASSAY_MASK_DIFFERENCE, ASSAY_MASK_XOR } AssayMaskOperation;
/* NULL when the sizes differ. */
AssayMask *assay_mask_combine (const AssayMask *a, const AssayMask *b, AssayMaskOperation operation);
/* The same in place of the first. */
static inline void
assay_mask_combine_into (AssayMask **mask, const AssayMask *other, AssayMaskOperation operation)
{
  AssayMask *combined = assay_mask_combine (*mask, other, operation);
  assay_mask_free (*mask);
  *mask = combined;
}
/* From the first on, each with what the ones before have come to; n > 0. NULL when the sizes differ. */
AssayMask *assay_mask_combine_all (const AssayMask *const *masks, guint n, AssayMaskOperation operation);
guint64 assay_mask_intersection_px (const AssayMask *a, const AssayMask *b);
/* Undefined (both empty, or sizes differ) is NaN. With `b_is_crowd` the union is a's area (COCO). */
double assay_mask_iou (const AssayMask *a, const AssayMask *b, gboolean b_is_crowd);
double assay_mask_dice (const AssayMask *a, const AssayMask *b);

/* Writes 1 inside and 0 outside for the pixels of [x0, x0+w) x [y0, y0+h); row-major. */
void assay_mask_to_bytes (const AssayMask *mask, guint x0_px, guint y0_px, guint w_px, guint h_px, guint8 *ret_bytes, gsize stride);

/* COCO's compressed string (pycocotools maskApi.c): 5 bits a character plus 48, differences from the third run on. */
char *assay_mask_to_coco (const AssayMask *mask);
AssayMask *assay_mask_new_from_coco (const char *counts, guint width_px, guint height_px, GError **error);

G_END_DECLS
