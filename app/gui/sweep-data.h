/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/sweep-data.h - every object of a class that stands, cut out of its picture, and how a repair
 * (app/job-repair.h) would change it. Made off the main loop, then not changed but for `after`. */
#include "app/job-repair.h"
#include "core/picture.h"

G_BEGIN_DECLS

#define ASSAY_SWEEP_MOST 240 /* crops at once: what a person looks through */

typedef struct
{
  AssayItem *item;
  AssayObject *object; /* a copy */
  char *whose;         /* a letter, the same over the project */
  AssayPicture *crop;  /* RGB8 */
  AssayRect box;       /* of the picture, that the crop shows */
  AssayMarks *before;  /* in the picture's coordinates */
  AssayMarks *after;   /* NULL = it stays as it is */
} AssaySweepCrop;

typedef struct
{
  AssayTask *task;
  GPtrArray *crops; /* of AssaySweepCrop */
  guint n_all;      /* there are; more than ASSAY_SWEEP_MOST are not shown */
  guint undecided;  /* items that nobody has settled */
} AssaySweep;
/* Store's thread, with progress. */
AssaySweep *assay_sweep_read (AssayProject *project, gint64 task_row, const AssayRepair *repair, AssayProgress *progress,
                              GError **error);
void assay_sweep_free (AssaySweep *sweep);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySweep, assay_sweep_free)
/* What the repair would make of one crop; new, NULL = nothing. Any thread. */
AssayMarks *assay_sweep_preview (const AssaySweep *sweep, const AssaySweepCrop *crop, const AssayRepair *repair);

G_END_DECLS
