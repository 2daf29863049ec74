/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/again.h - the same item again, unseen, after days: whether somebody agrees with themselves.
 *
 * The second answer belongs to an annotator of kind AGAIN, whose id derives from the person's: so it is one more
 * row like any other, on every desk, and neither an answer of another person nor a part of the truth
 * (core/annotator.h, ASSAY_ANNOTATOR_COUNTS). Same thread as the store. */
#include "core/annotator.h"

G_BEGIN_DECLS

/* Of the second self of the one with this id. */
AssayId assay_again_id (const AssayId *person);
/* The second self; made here when it is not there yet. */
AssayAnnotator *assay_again_ensure (AssayStore *store, const AssayAnnotator *person, GError **error);

G_END_DECLS
