/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/mask-columns.h - a mask's stretches of inside pixels, column by column, and a mask again from stretches: for
 * operations that look at neighbouring columns. The cost follows the runs. Any thread. */
#include "core/mask.h"

G_BEGIN_DECLS

typedef struct
{
  guint y, end; /* half-open */
} AssayStretch;

typedef struct
{
  guint width_px, height_px;
  AssayStretch *stretches; /* down each column, from left to right */
  guint *first;            /* width_px + 1 entries: where each column begins */
} AssayMaskColumns;

AssayMaskColumns *assay_mask_columns_new (const AssayMask *mask);
void assay_mask_columns_free (AssayMaskColumns *columns);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayMaskColumns, assay_mask_columns_free)

/* A mask that is built by stretches in order: down the columns, from left to right, none over another. */
typedef struct
{
  guint width_px, height_px;
  guint64 at;   /* what has been said so far */
  GArray *runs; /* of guint32 */
} AssayMaskBuilder;

void assay_mask_builder_init (AssayMaskBuilder *builder, guint width_px, guint height_px);
void assay_mask_builder_add (AssayMaskBuilder *builder, guint x, guint y, guint end);
AssayMask *assay_mask_builder_end (AssayMaskBuilder *builder);

G_END_DECLS
