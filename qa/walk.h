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
  guint task; /* of `masks`: index into `mask_tasks` */
} AssayAnswer;

/* One item that has submitted answers to the task. */
typedef struct
{
  gint64 item_row;
  AssayId item;
  guint first, n; /* in `answers`, by annotator row */
  guint first_prediction, n_predictions, first_mask, n_masks;
} AssayAnswered;

typedef struct
{
  GArray *items;   /* of AssayAnswered, by item id: the same order on every desk */
  GArray *answers; /* of AssayAnswer */
  guint beside;    /* of AssayBeside: what was added, and is seen by who looks */
  GArray *predictions, *masks; /* (nullable) of AssayAnswer */
  GPtrArray *mask_tasks;       /* (nullable) of AssayTask */
} AssayAnswers;

/* One query; every item with at least one. */
AssayAnswers *assay_answers_list (AssayStore *store, const AssayTask *task, GError **error);
/* Those of people alone, as checks look at them: what models say is no second opinion. `item_rows` (nullable = all): gint64. */
AssayAnswers *assay_answers_list_people (AssayStore *store, const AssayTask *task, const GArray *item_rows,
                                         GError **error);
/* What else is there about these items (qa/walk-beside.c). `beside`: of AssayBeside. */
gboolean assay_answers_add_beside (AssayAnswers *answers, AssayStore *store, const AssayTask *task, guint beside,
                                   GError **error);
void assay_answers_free (AssayAnswers *answers);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAnswers, assay_answers_free)

/* What a look sees of it; for qa/walk.c. */
typedef struct
{
  GPtrArray *predictions, *models, *masks, *mask_tasks;
  json_t *facts;
} AssayBesides;
void assay_besides_clear (AssayBesides *besides);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayBesides, assay_besides_clear)
gboolean assay_besides_load (AssayBesides *besides, AssayStore *store, const AssayTask *task, const AssayAnswers *answers,
                             const AssayAnswered *answered, GError **error);

/* Called on worker threads, `worker` in [0, n_workers). `index` is the place in the list of items. */
typedef void (*AssayWalkFunc) (const AssayLook *look, guint index, guint worker, gpointer data);
guint assay_walk_n_workers (guint n_items);
/* Walks those items whose index is in `indices` (guint; NULL = all). */
gboolean assay_walk (AssayProject *project, const AssayTask *task, const AssayAnswers *answers,
                     const GArray *indices, AssayWalkFunc func, gpointer data, AssayProgress *progress,
                     GError **error);

G_END_DECLS
