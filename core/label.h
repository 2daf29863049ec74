/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/label.h - one annotator's whole answer for one item and one task, and its history.
 *
 * A revision is a whole value and never changes: made by submit, by leaving the item, by import and by `label --set`.
 * Which one stands (the head) follows from the revisions and reviews alone, so that merging desks is adding rows.
 * Same thread as the store. */
#include "core/annotator.h"
#include "core/kind.h"

G_BEGIN_DECLS

typedef enum {
  ASSAY_LABEL_TODO,
  ASSAY_LABEL_DRAFT,
  ASSAY_LABEL_SUBMITTED,
  ASSAY_LABEL_SENT_BACK,
  ASSAY_LABEL_SETTLED,
  ASSAY_LABEL_SKIPPED
} AssayLabelState;
const char *assay_label_state_to_text (AssayLabelState state); /* "todo", "draft", … */

typedef struct {
  AssayId id;          /* of the revision; nil before it is saved */
  gint64 row;
  gint64 item_row, task_row, annotator_row;
  AssayId parent;      /* the revision it grew from; nil before saving = the one that stands then, after it = the first */
  AssayId task_revision;
  AssayLabelState state; /* DRAFT, SUBMITTED or SKIPPED as made; the current state also knows reviews */
  gint64 made_us;      /* realtime, microseconds since 1970 */
  double seconds;      /* active time spent; NaN = unknown */
  gboolean simulated;  /* the seconds are a program's, never to be called human */
  char *tool;          /* "polygon", "import coco", "label --set" */
  char *assisted;      /* (nullable) what helped: "grabcut", a model's name */
  char *comment;       /* (nullable) why skipped, a note */
  AssayObjects *objects;
} AssayLabel;

AssayLabel *assay_label_new (const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator);
void assay_label_free (AssayLabel *label);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayLabel, assay_label_free)

/* Adds an immutable revision and moves the head, in one transaction, and fills `id`, `row`, `parent` and `made_us` (now,
 * unless the caller knows better). Identical to the head in value and state: nothing is added and `ret_added` (nullable) is
 * FALSE. BAD_DATA when it is SUBMITTED and breaks its kind's rules. Marks the item as changed for the next commit. */
gboolean assay_label_save (AssayStore *store, AssayLabel *label, gboolean *ret_added, GError **error);
/* Same, with an id of the caller's making and just this parent: a revision that several desks would make, made once. Known
 * already: nothing is added. */
gboolean assay_label_save_as (AssayStore *store, AssayLabel *label, const AssayId *id, GError **error);
/* The standing answer; NULL without an error when there is none. */
AssayLabel *assay_label_get (AssayStore *store, gint64 item_row, const AssayTask *task, gint64 annotator_row, GError **error);
AssayLabel *assay_label_get_revision (AssayStore *store, const AssayId *revision, const AssayTask *task, GError **error);
AssayLabel *assay_label_get_row (AssayStore *store, gint64 revision_row, const AssayTask *task, GError **error);
/* All annotators' standing answers of an item, by name: GPtrArray of AssayLabel. `submitted_only`: what counts as an answer,
 * so neither drafts (of models, or of a reviewer who takes them) nor what was sent back nor the consensus. */
GPtrArray *assay_label_list (AssayStore *store, gint64 item_row, const AssayTask *task, gboolean submitted_only, GError **error);
/* Every revision of an item and task, oldest first. */
GPtrArray *assay_label_history (AssayStore *store, gint64 item_row, const AssayTask *task, GError **error);
gboolean assay_label_get_state (AssayStore *store, gint64 item_row, gint64 task_row, gint64 annotator_row, AssayLabelState *ret_state,
                                GError **error);

/* Desks that worked apart on one annotator's answer: all are kept, the last stands, until somebody chooses. */
typedef struct {
  gint64 item_row, annotator_row;
  guint n_answers;
} AssayLabelConflict;
GArray *assay_label_list_conflicts (AssayStore *store, const AssayTask *task, GError **error); /* of AssayLabelConflict */
/* Saves `chosen` (a saved revision) again as the one that stands for all. */
gboolean assay_label_resolve (AssayStore *store, AssayLabel *chosen, GError **error);

/* {"id","item","name","task","annotator","state","made_at","seconds","simulated","tool","assisted","task_revision","label":{…}} */
json_t *assay_label_to_json (AssayStore *store, const AssayLabel *label, const AssayTask *task);

G_END_DECLS
