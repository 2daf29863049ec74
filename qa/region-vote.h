/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/region-vote.h - one region of several by majority, pixel by pixel; who is not sure of a pixel does not vote on it.
 * Any thread. */
#include "core/region.h"

G_BEGIN_DECLS

/* A pixel is inside when at least half of those that are sure of it have it; where nobody is sure, of all. It is one to
 * be unsure of when more than half are. NULL: of different sizes. `n` is above 0. */
AssayRegion *assay_region_vote (const AssayRegion *const *regions, guint n);

G_END_DECLS
