/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/annotator.h - who makes labels: a person, a named model, a stated means, the consensus, or somebody's second look (core/again.h).
 * Never merged by name. */
#include "core/store.h"

G_BEGIN_DECLS

typedef enum { ASSAY_ANNOTATOR_PERSON, ASSAY_ANNOTATOR_MODEL, ASSAY_ANNOTATOR_MEANS, ASSAY_ANNOTATOR_CONSENSUS, ASSAY_ANNOTATOR_AGAIN } AssayAnnotatorKind;

const char *assay_annotator_kind_to_text (AssayAnnotatorKind kind); /* "person" … as in the database and JSON */

/* For statements over "annotator AS a": whose answers count as one more. */
#define ASSAY_ANNOTATOR_COUNTS "a.kind NOT IN ('consensus', 'again')"

typedef struct {
  gint64 row;
  AssayId id;
  char *name;
  AssayAnnotatorKind kind;
} AssayAnnotator;

void assay_annotator_free (AssayAnnotator *annotator);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAnnotator, assay_annotator_free)
/* The one with that name (made here first when several came by merging), made as `kind` when there is none. */
AssayAnnotator *assay_annotator_ensure (AssayStore *store, const char *name, AssayAnnotatorKind kind, GError **error);
AssayAnnotator *assay_annotator_find (AssayStore *store, const char *name, GError **error);
AssayAnnotator *assay_annotator_get_row (AssayStore *store, gint64 row, GError **error);
GPtrArray *assay_annotator_list (AssayStore *store, GError **error); /* by name; nobody twice (core/again.h) */

G_END_DECLS
