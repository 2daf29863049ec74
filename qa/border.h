/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/border.h - the pixels of a mask's outline, row by row, and how far those of one outline are from another:
 * exact, and cheap where the two are near each other, which is what two people draw. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint n_rows, n;
  guint *first; /* rows + 1: where each row's pixels begin in `x` */
  gint32 *x;    /* ascending within a row */
} AssayBorder;

/* Of the nonzero bytes of w x h: those with a 4-neighbour that is zero. The outermost rows and columns are zero. */
void assay_border_init (AssayBorder *border, const guint8 *bytes, guint w, guint h);
void assay_border_clear (AssayBorder *border);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayBorder, assay_border_clear)

/* Of each pixel of `from` to the nearest of `to`, which has some: squared, ascending; of guint64. */
GArray *assay_border_distances (const AssayBorder *from, const AssayBorder *to);

G_END_DECLS
