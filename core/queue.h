/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/queue.h - what one annotator is to label next under a task, and why: the same on every desk that has the
 * same rows.
 *
 * Whoever has to qualify (core/qualification.h) gets gold alone, and is told so. Else first what was sent back to them. Else, where the plan's share of gold says so (core/assignment.h), an item flagged
 * gold that is settled: nothing tells it from any other. Else, by its share of audits, a label of others that is to be
 * labelled again blind (core/audit.h), and by another share an answer of their own that is days old (core/again.h): nothing tells that one either, and what is left of them comes last. Else what they have begun, or what the plan gives them and
 * still wants answers for (one, of the overlap several): of the next ones those that bring the target furthest
 * below its count nearer come first, as far as their conditions tell, then the rest of the sequence that one is in,
 * then the order of adding, round from where one is. Items left out everywhere and those outside of the task
 * (core/scope.h) never.
 *
 * Costs what is looked at until enough is found, and of targets with conditions the answers so far. Store's thread.
 */
#include "core/annotator.h"
#include "core/scope.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_QUEUE_QUALIFY,
  ASSAY_QUEUE_RETURNED,
  ASSAY_QUEUE_BEGUN,
  ASSAY_QUEUE_TARGET,
  ASSAY_QUEUE_NEIGHBOUR,
  ASSAY_QUEUE_OVERLAP,
  ASSAY_QUEUE_ASSIGNED,
  ASSAY_QUEUE_OPEN
} AssayQueueWhy;
const char *assay_queue_why_to_text (AssayQueueWhy why); /* "qualify", "returned", "begun" … as in JSON */

typedef struct
{
  gint64 item_row;
  AssayQueueWhy why;
  char *words;    /* why, for people */
  gboolean again; /* their own answer is days old: what is said now is the second self's (core/again.h), and the old one
                     is not shown; not for people to know */
} AssayQueued;
void assay_queued_free (AssayQueued *queued);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayQueued, assay_queued_free)

/* How many of the next ones are compared with the plan's targets. */
#define ASSAY_QUEUE_WINDOW 256

/* The next one round from `after_row` (0 = the start); `ret_next` is NULL when nothing is left. `annotator` NULL =
 * somebody whom nobody knows yet. */
gboolean assay_queue_next (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator,
                           gint64 after_row, AssayQueued **ret_next, GError **error);
/* The next `n`, as they would come if each were answered: of AssayQueued. */
GPtrArray *assay_queue_list (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, guint n,
                             GError **error);
/* Why nothing is left, for people: the plan gives the task to others, or nothing more is wanted of this annotator. */
char *assay_queue_dup_end (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, GError **error);
/* Where this annotator left: what was sent back to them, else what they have begun last and not handed in, else the next
 * after it; 0 = they have never been here and nothing waits. `ret_tool` (nullable): what they worked with. */
gboolean assay_queue_resume (AssayStore *store, const AssayTask *task, const AssayAnnotator *annotator, gint64 *ret_row,
                             char **ret_tool, GError **error);
/* It is gold, or to be audited, and this annotator has not answered it: its truth is not for their eyes. */
gboolean assay_queue_is_secret (AssayStore *store, gint64 item_row, gint64 task_row, gint64 annotator_row,
                                gboolean *ret_secret, GError **error);

G_END_DECLS
