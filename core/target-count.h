/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/target-count.h - how far the plan's targets are: the one place that counts them, for the queue, the plan and
 * whoever takes pictures. An item that is left out (bad, withdrawn, blurred or duplicate: core/flag.h) counts for
 * none. Store's thread. */
#include "core/plan.h"
#include "core/progress.h"

G_BEGIN_DECLS

typedef struct
{
  guint captured; /* items under its conditions that show its class: by their truth, by what was said when they were
                     taken, or perhaps, while neither is known */
  guint have;     /* items whose truth has an object of its class (any, when it names none), under its conditions */
  guint undecided; /* items whose answers are not settled, and that are not had yet */
} AssayTargetCount;

typedef enum
{
  ASSAY_COUNT_ALL,     /* costs all items */
  ASSAY_COUNT_ANSWERED /* `captured` left at 0: costs the answers, until every target has what it asks for */
} AssayCountWhat;

/* `targets` of a plan, of which `ret_counts` gets one each. `tasks`: of AssayTask, all. */
gboolean assay_target_count (AssayStore *store, const json_t *targets, const GPtrArray *tasks, AssayCountWhat what,
                             AssayTargetCount *ret_counts, AssayProgress *progress, GError **error);

G_END_DECLS
