/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/pace.h - the active seconds that went into objects, as the journal keeps them: each change of a gesture
 * says in "seconds" how long the person was at work since the gesture before (idle and hidden time cut out), shared
 * evenly by the objects that it touched. Store's thread. */
#include "core/journal.h"

G_BEGIN_DECLS

typedef struct
{
  AssayId class_id; /* what the object was at last */
  guint n;          /* objects that were made */
  double median_s, total_s;
} AssayPaceClass;

typedef struct
{
  double seconds;  /* of all gestures, objects that were only changed too */
  guint n_made;    /* objects that came to be; one taken away again counts: it took its time */
  GArray *classes; /* of AssayPaceClass, in the task's order; those without an object are left out */
} AssayPace;
void assay_pace_free (AssayPace *pace);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPace, assay_pace_free)

/* Of what an annotator (0 = all of them) did for a task since `from_us`. Gestures from before seconds were kept,
 * and those of models, have none and are left out. Costs what it reads. */
AssayPace *assay_pace_read (AssayStore *store, const AssayTask *task, gint64 annotator_row, gint64 from_us,
                            GError **error);
/* Objects in an hour of active time; NaN when nothing was timed. */
double assay_pace_get_hourly (const AssayPace *pace);

G_END_DECLS
