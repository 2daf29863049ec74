/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/carry-job.h - objects carried into a draft off the main loop: read and reckoned on a reader's thread, put
 * into the draft on the writer's. Main thread. */
#include "app/gui/desk.h"
#include "core/kind.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_CARRY_COPY,        /* into the next picture, as they are */
  ASSAY_CARRY_FLOW,        /* the same, followed by optical flow: segmentation alone */
  ASSAY_CARRY_PREDICTIONS, /* models' answers for this item */
  ASSAY_CARRY_BOXES,       /* the annotator's own boxes of this item, cut out: segmentation alone */
} AssayCarryWay;

/* On the main loop, when done. `from_row` is the item where it was asked for, `item_row` where they are now; `words` say
 * how many, and what to do: for the status line. Not called when `owner` is gone by then. */
typedef void (*AssayCarryDone) (gpointer owner, gint64 from_row, gint64 item_row, const char *words,
                                const GError *error);

/* `objects`: of AssayObject, copied; ignored but for COPY and FLOW. */
void assay_carry_job_start (AssayDesk *desk, AssayCarryWay way, const AssayItem *item, const AssayTask *task,
                            const AssayAnnotator *annotator, const GPtrArray *objects, AssayCarryDone done,
                            gpointer owner);

G_END_DECLS
