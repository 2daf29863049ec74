/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/question.h - where the guideline does not say which answer is right: a place of an item, kept as a picture, with
 * a question about it. The answer becomes an example in the task's guideline, which is a new revision of it.
 *
 * Rows of `review`: "unclear" asks (`how` is the place, with the picture of it), "answer" names it as its parent; a
 * question that is taken back (recall) is closed too. There is one open question about an item and task. Store's
 * thread. */
#include "core/label.h"
#include "core/project.h"
#include "core/truth.h"

G_BEGIN_DECLS

typedef struct
{
  AssayId id;
  gint64 item_row, task_row;
  char *text;    /* the question */
  char *by;      /* name of whoever asked */
  char *picture; /* (nullable) of the place, under the project's folder: "media/ab/…" */
  json_t *place; /* as of a finding; {} = the whole item */
  gint64 asked_us;
  char *answer;  /* (nullable) NULL = open */
} AssayQuestion;
void assay_question_free (AssayQuestion *question);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayQuestion, assay_question_free)

/* Keeps the picture of the place (all of it without one), and asks. `place` (nullable) is as of a finding. CONFLICT when
 * a question about this item and task is open already. `ret_made` (nullable): what takes it back (core/truth.h). */
gboolean assay_question_ask (AssayProject *project, const AssayItem *item, const AssayTask *task, const json_t *place,
                             const char *text, const AssayAnnotator *by, AssaySettlement *ret_made, GError **error);
/* Oldest first: of AssayQuestion. `task_row` 0 = of all tasks. */
GPtrArray *assay_question_list (AssayStore *store, gint64 task_row, gboolean open_only, GError **error);
/* The example joins the end of the guideline of the task (`ret_task` (nullable): as it is then). CONFLICT when it is
 * answered or taken back by now. */
gboolean assay_question_answer (AssayProject *project, const AssayId *question, const char *answer,
                                const AssayAnnotator *by, AssayTask **ret_task, GError **error);
json_t *assay_question_to_json (AssayStore *store, const AssayQuestion *question);

/* Labels that were made under another wording of the guideline than the one that stands: what a changed rule may touch. */
typedef struct
{
  gint64 item_row, annotator_row;
} AssayOlderLabel;
GArray *assay_guideline_list_older (AssayStore *store, const AssayTask *task, GError **error); /* of AssayOlderLabel */
/* Which wording, from 1 on, each revision of the task has: AssayId to GUINT_TO_POINTER. */
GHashTable *assay_guideline_list_versions (AssayStore *store, const AssayTask *task, GError **error);

G_END_DECLS
