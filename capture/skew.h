/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/skew.h - how far apart in time the frames are that two cameras show as one instant.
 *
 * Each frame of a camera is paired with the nearest frame of the first one (within 0.6 of the first one's
 * usual period, else it has no partner). The skew is the median of |difference| of the last 300 pairs and of all of
 * them, and their p95. Free-running cameras can do no better than evenly up to half a period. One thread at a time;
 * the first camera's frames may come later than those that they pair with, by up to a second. */
#include <glib.h>
#include <jansson.h>

G_BEGIN_DECLS

typedef struct _AssaySkew AssaySkew;
AssaySkew *assay_skew_new (guint n_cameras);
void assay_skew_free (AssaySkew *skew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySkew, assay_skew_free)

/* A frame of `camera` (0 = the first), by its stamp on the one clock. */
void assay_skew_add (AssaySkew *skew, guint camera, gint64 stamp_ns);

typedef struct
{
  guint64 pairs, alone;     /* frames with a partner, and without */
  double median_ns, p95_ns; /* of |difference|; NaN without pairs */
  double offset_ns;         /* median difference with its sign: > 0 = later than the first camera */
} AssaySkewFacts;
/* Of the last 300 pairs, or of the whole recording (at most 100,000 pairs, evenly thinned). FALSE for camera 0. */
gboolean assay_skew_get (const AssaySkew *skew, guint camera, gboolean whole, AssaySkewFacts *ret_facts);
/* [{camera, pairs, alone, median_ns, p95_ns, offset_ns}, …] of the whole recording: new reference. */
json_t *assay_skew_to_json (const AssaySkew *skew);

G_END_DECLS
