/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/sound-gap.h - samples that did not come while a sound was recorded, and where: the file goes on without
 * them. The recording's items say so in facts.capture.gaps, [{at, missing, how}]. Any thread. */
#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

typedef struct
{
  gint64 at;      /* the first sample after it, in the file as it was recorded */
  gint64 missing; /* samples a channel */
} AssaySoundGap;

/* Of an item's facts: AssaySoundGap in a GArray, ascending; empty when there are none. */
GArray *assay_sound_gaps_of (const json_t *facts);
/* What the facts count as missing and say no place of: recordings by older versions. */
gint64 assay_sound_gaps_count_unplaced (const json_t *facts);
/* Samples lost before `sample`; `with_own`: those just before it too. */
gint64 assay_sound_gaps_before (const GArray *gaps, gint64 sample, gboolean with_own);
/* Samples lost strictly inside [start, end). */
gint64 assay_sound_gaps_within (const GArray *gaps, gint64 start, gint64 end);

G_END_DECLS
