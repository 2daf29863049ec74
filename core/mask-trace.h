/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/mask-trace.h - a mask's outline as rings along the sides of its pixels. Each ring's pixels are exact by
 * core/polygon.h's rule, and a pixel is inside when an odd number of rings is around it; the region of these rings
 * has the same pixels unless an island lies in a hole. The cost follows the outline. Any thread. */
#include "core/polygon.h"

G_BEGIN_DECLS

/* Of AssayRing: outer ones and holes, corners alone, from left to right by where each begins. Parts that meet at a
 * corner have rings of their own. */
GPtrArray *assay_mask_trace (const AssayMask *mask);

G_END_DECLS
