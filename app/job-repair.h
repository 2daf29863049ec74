/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-repair.h - one fault that many objects of a class share, repaired in all of them at once: masks and boxes
 * that are some pixels too small or too large, or one class that is another.
 *
 * What is repaired is what stands: the truth of an item (settled, or the only answer), of one annotator or of anybody.
 * Undecided items are left to a reviewer. Each repaired answer is the reviewer's own (app/job-verdict.h), settled;
 * nobody's is written over, and all of it is one step that is taken back as one. Store's thread. */
#include "app/job-verdict.h"
#include "core/progress.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_REPAIR_GROW,   /* masks and boxes, by `n_px` on every side */
  ASSAY_REPAIR_SHRINK, /* the same inwards; what nothing would be left of stays as it is */
  ASSAY_REPAIR_CLASS   /* of every kind: `to` in place of the class */
} AssayRepairKind;

typedef struct
{
  AssayRepairKind kind;
  AssayId class_id;      /* the objects */
  gint64 annotator_row;  /* whose; 0 = anybody's */
  guint n_px;
  AssayId to;
} AssayRepair;

/* One object that stands. */
typedef struct
{
  gint64 item_row;
  AssayId object;
  AssayLabel *label; /* that holds it; shared by the spots of one item */
} AssayRepairSpot;

/* Every object of the class that stands, by item: of AssayRepairSpot, whose labels are in `ret_labels` (GPtrArray of
 * AssayLabel, to be freed after it). `ret_undecided`: items of several answers, none settled. */
GArray *assay_repair_list (AssayProject *project, const AssayTask *task, const AssayRepair *repair,
                           GPtrArray **ret_labels, guint *ret_undecided, GError **error);
/* The object as it would be; NULL when it stays as it is. */
AssayObject *assay_repair_preview (const AssayRepair *repair, const AssayTask *task, const AssayItem *item,
                                   const AssayObject *object);
/* Repairs these objects (of AssayId; NULL = all), in one transaction. `ret_n`: how many were. */
gboolean assay_repair_do (AssayProject *project, const AssayTask *task, const AssayRepair *repair, GHashTable *objects,
                          const AssayAnnotator *by, AssayProgress *progress, AssayVerdict *verdict, guint *ret_n,
                          GError **error);

G_END_DECLS
