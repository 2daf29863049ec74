/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/finding.h - one flagged problem: which check, which item and label, where in it, how bad, and why in one sentence.
 *
 * Its id is the hash of (check, item, task, objects, kind of place), so a dismissal survives a re-run; it holds until the
 * inputs change (`inputs` is a hash of the revisions looked at). Same thread as the store. */
#include "core/label.h"

G_BEGIN_DECLS

typedef enum { ASSAY_SEVERITY_NOTE, ASSAY_SEVERITY_WARNING, ASSAY_SEVERITY_ERROR } AssaySeverity;
const char *assay_severity_to_text (AssaySeverity severity);
typedef enum { ASSAY_FINDING_OPEN, ASSAY_FINDING_FIXED, ASSAY_FINDING_DISMISSED } AssayFindingState;

typedef struct {
  AssayId id;
  const char *check;  /* interned */
  AssaySeverity severity;
  double score;       /* 0 to 1, 1 = worst */
  gint64 item_row;    /* 0 = the whole project */
  gint64 task_row;    /* 0 = about the media alone */
  AssayId label;      /* revision; nil when about several */
  GPtrArray *annotators; /* of char *, names */
  json_t *where;      /* typed: {"box":[x,y,w,h]} | {"points":[[x,y]…]} | {"samples":[start,end]} | {"characters":[from,to]} | {} */
  char *why;
  AssaySha256 inputs;
  AssayFindingState state;
  char *dismissed_why; /* (nullable) */
} AssayFinding;

AssayFinding *assay_finding_new (const char *check, AssaySeverity severity, double score, const char *why);
void assay_finding_free (AssayFinding *finding);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFinding, assay_finding_free)
/* Fills `id` from the check, item, task and `place` ("" or object ids and the kind of place). */
void assay_finding_identify (AssayFinding *finding, const AssayId *item, const AssayId *task, const char *place);

/* Puts the answer of one run of `check` over `task_row` (0 = all) in place of the last: new ones open, known ones keep their
 * state unless their inputs changed, absent ones become FIXED. */
gboolean assay_finding_replace (AssayStore *store, const char *check, gint64 task_row, const GPtrArray *findings, GError **error);
/* The same of one item alone. */
gboolean assay_finding_replace_item (AssayStore *store, const char *check, gint64 task_row, gint64 item_row, const GPtrArray *findings,
                                     GError **error);
GPtrArray *assay_finding_list (AssayStore *store, gboolean open_only, GError **error); /* worst first */
AssayFinding *assay_finding_get (AssayStore *store, const char *id_or_start, GError **error);
gboolean assay_finding_dismiss (AssayStore *store, const AssayId *id, const AssayAnnotator *by, const char *why, GError **error);
/* A dismissal is taken back; both stay on record. */
gboolean assay_finding_reopen (AssayStore *store, const AssayId *id, const AssayAnnotator *by, GError **error);
json_t *assay_finding_to_json (AssayStore *store, const AssayFinding *finding);

G_END_DECLS
