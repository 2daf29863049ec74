/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/plan.h - what data is needed: targets per class and condition, overlap, the release gate. Stored as a document with
 * immutable revisions from the start; capture, queue and gate read it. Same thread as the store. */
#include "core/store.h"

#include <jansson.h>

G_BEGIN_DECLS

#define ASSAY_PLAN_AGAIN 0.02 /* of a plan that does not say */
#define ASSAY_PLAN_AGAIN_DAYS 7

typedef struct {
  AssayId revision;
  double overlap;             /* share of items labelled by several on purpose, 0 to 1 */
  guint annotators_per_overlap;
  double gold;                /* share of each annotator's items whose answer is known (flag gold), 0 to 1: core/queue.h */
  double again;               /* share of each annotator's answers that come to them again, unseen, 0 to 1: core/again.h */
  double again_days;          /* after so many days */
  double audit;               /* share of accepted labels that a second person labels again, blind, 0 to 1: core/audit.h */
  double split_train, split_val, split_test; /* sum to 1 */
  gboolean settle_when_agreed; /* the rule: all answers within tolerance are settled as consensus */
  json_t *targets;            /* [{"class","condition":{…},"count"}] */
  json_t *gate;               /* [{"figure":"open_findings","at_most":0} | {"figure":"agreement","task","at_least"} …] */
  json_t *document;           /* the whole, unknown keys kept */
} AssayPlan;

AssayPlan *assay_plan_new (void); /* overlap 0.2 by 2, 0.8 / 0.1 / 0.1, gate empty */
void assay_plan_free (AssayPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayPlan, assay_plan_free)
AssayPlan *assay_plan_from_json (json_t *document, GError **error);
AssayPlan *assay_plan_get (AssayStore *store, GError **error); /* the standing one, or the default */
gboolean assay_plan_save (AssayStore *store, AssayPlan *plan, const AssayId *by_annotator, GError **error);
/* Overlap by a stable hash of the item: the same on every desk. */
gboolean assay_plan_is_overlap (const AssayPlan *plan, const AssayId *item);

/* What was said of an item when it was taken (the "conditions" of its facts) against one of the targets. */
gboolean assay_target_meets (const json_t *target, const json_t *facts); /* every condition of it */
typedef enum { ASSAY_TARGET_OTHER, ASSAY_TARGET_UNTOLD, ASSAY_TARGET_FITS } AssayTargetFit;
/* The class that it was said to show; a target without a class asks for any. */
AssayTargetFit assay_target_fit_class (const json_t *target, const json_t *facts);

/* What the plan asks of a recording: "capture": {"consent": true, "checklist": ["lens cleaned", …], "fields": ["light", …]}.
 * The lists (arrays of strings, NULL = none) are the plan's. */
gboolean assay_plan_needs_consent (const AssayPlan *plan);
const json_t *assay_plan_get_checklist (const AssayPlan *plan);
const json_t *assay_plan_get_fields (const AssayPlan *plan); /* conditions that the form asks for, by name */

/* Checks that look only when they are asked for by name: "quiet": ["speech-rate", …]. Who said so is in the plan's revision. */
gboolean assay_plan_is_quiet (const AssayPlan *plan, const char *check);
void assay_plan_set_quiet (AssayPlan *plan, const char *check, gboolean quiet);

G_END_DECLS
