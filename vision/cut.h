/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/cut.h - an object cut out of its surroundings by a box and, where that is not enough, by strokes: GrabCut
 * (Rother, Kolmogorov and Blake 2004), made to answer while one looks.
 *
 * First the whole window round the box at a reduced scale; then, with the colour models from there, the border
 * alone at full scale: a graph cut (Boykov and Kolmogorov 2004) over the pixels that the reduced border may have
 * meant, so that the cost follows the length of the border. Core's frame; 8 and 16 bits, grey and colour. The same
 * picture and hints give the same mask. Plain C; any thread; a cut is one thread's at a time. BAD_DATA says what is
 * wrong with the hints; G_IO_ERROR_CANCELLED when given up, which is asked for between the steps. */
#include "core/mask.h"
#include "core/picture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* Borrowed. Masks are of the picture's size. Where both are set, or a stroke lies beyond the box, the stroke holds.
 */
typedef struct
{
  AssayRect box;            /* nothing beyond it is the object */
  const AssayMask *inside;  /* (nullable) surely of the object */
  const AssayMask *outside; /* (nullable) surely not */
} AssayCutHints;

typedef struct _AssayCut AssayCut;
void assay_cut_free (AssayCut *cut);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayCut, assay_cut_free)

/* At a scale at which the window has at most `most_px` pixels: 60,000 answer in a quarter to half a second. */
AssayCut *assay_vision_cut (const AssayPicture *picture, const AssayCutHints *hints, guint most_px,
                            GCancellable *cancellable, GError **error);
/* The answer so far, of the picture's size. */
AssayMask *assay_cut_to_mask (const AssayCut *cut);
/* FALSE: it was full scale already, and there is nothing to refine. */
gboolean assay_cut_is_reduced (const AssayCut *cut);
/* The answer at full scale; `picture` and `hints` as before. */
AssayMask *assay_vision_refine_cut (const AssayCut *cut, const AssayPicture *picture, const AssayCutHints *hints,
                                    GCancellable *cancellable, GError **error);

G_END_DECLS
