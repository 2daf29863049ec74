/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/follow.h - an object found again in the next picture of a sequence, by dense optical flow in a window
 * round it.
 *
 * The object as a whole is looked for first (its pixels moved over the window, least squares); from there each
 * pixel of the second picture is led back to the first by inverse search over patches, coarse to fine (Kroeger et
 * al. 2016: fast optical flow using dense inverse search), without that paper's variational step but with a median
 * over the flow of each level. Brightness may change. Things that turn, or move by more than about half of their
 * size, get a low confidence. Core's frame; 8 and 16 bits, grey and colour. Plain C; any thread. */
#include "core/mask.h"
#include "core/picture.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* What `mask`, of picture `a`, has become in picture `b`; all of one size. May be empty: the object has left.
 * BAD_DATA when the sizes differ or the mask is empty; G_IO_ERROR_CANCELLED when given up, which is asked for
 * between the steps.
 *
 * `ret_confidence` (nullable), 0 to 1: the share of the new mask's pixels whose way to `a` and back again ends
 * within 4 % of the object's size (the root of its area; at least 1.5 pixels of the scale reckoned at, at which the
 * window is at most 400 pixels across), and that look as they did: within 10 % of all tones, besides what the whole
 * object has become brighter or darker, of which 12 % are allowed. Below about 0.5 a person should look. */
AssayMask *assay_vision_follow (const AssayPicture *a, const AssayPicture *b, const AssayMask *mask,
                                GCancellable *cancellable, double *ret_confidence, GError **error);

G_END_DECLS
