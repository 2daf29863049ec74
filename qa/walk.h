/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/walk.h - the submitted answers of a task, item by item, on all cores.
 *
 * Each worker thread opens its own READ project and loads whole items; results go by index, so that the outcome
 * does not depend on who was first. The revisions that were listed are the ones looked at, whatever is written
 * meanwhile. Answers of the consensus are left out: it would agree with everybody. */
#include "core/progress.h"
#include "qa/check.h"

G_BEGIN_DECLS

/* One standing answer, found without reading its value. */
typedef struct
{
  gint64 annotator_row;
  AssayId revision;
} AssayAnswer;

/* One item that has submitted answers to the task. */
typedef struct
{
  gint64 item_row;
  AssayId item;
  guint first, n; /* in `answers`, by annotator row */
} AssayAnswered;

typedef struct
{
  GArray *items;   /* of AssayAnswered, by item id: the same order on every desk */
  GArray *answers; /* of AssayAnswer */
} AssayAnswers;

/* One query; every item with at least one. */
AssayAnswers *assay_answers_list (AssayStore *store, const AssayTask *task, GError **error);
/* The same of these items alone (gint64 rows). */
AssayAnswers *assay_answers_list_of (AssayStore *store, const AssayTask *task, const GArray *item_rows, GError **error);
void assay_answers_free (AssayAnswers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAnswers, assay_answers_free)

/* Called on worker threads, `worker` in [0, n_workers). `index` is the place in the list of items. */
typedef void (*AssayWalkFunc) (const AssayLook *look, guint index, guint worker, gpointer data);
guint assay_walk_n_workers (guint n_items);
/* Walks those items whose index is in `indices` (guint; NULL = all). */
gboolean assay_walk (AssayProject *project, const AssayTask *task, const AssayAnswers *answers,
                     const GArray *indices, AssayWalkFunc func, gpointer data, AssayProgress *progress,
                     GError **error);

G_END_DECLS
