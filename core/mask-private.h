/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/mask-private.h - for the files that make masks: the one place where a mask comes to be. */
#include "core/mask.h"

/* `take_runs` (from g_new with `room`, of the mask from here on) is canonical already. What is much too long is cut. */
AssayMask *assay_mask_new_take (guint width_px, guint height_px, guint32 *take_runs, guint n_runs, gsize room);
