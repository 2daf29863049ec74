/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/finding-row.h - an open finding as a list shows it: where, and why in one sentence, in letters instead of
 * names until the case is settled (core/alias.h). Made on the store's thread, then the main thread's. */
#include "core/finding.h"
#include "core/project.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_FINDING_ROW (assay_finding_row_get_type ())
G_DECLARE_FINAL_TYPE (AssayFindingRow, assay_finding_row, ASSAY, FINDING_ROW, GObject)

/* All open ones, most impact first (qa/impact.h): of AssayFindingRow. */
GPtrArray *assay_finding_rows_read (AssayProject *project, GError **error);

const AssayFinding *assay_finding_row_get_finding (AssayFindingRow *row);
const char *assay_finding_row_get_name (AssayFindingRow *row); /* of the item, or "project" */
const char *assay_finding_row_get_why (AssayFindingRow *row);
/* Whom it names, as they are shown: of char *. */
const GPtrArray *assay_finding_row_get_whom (AssayFindingRow *row);
/* Words, case-folded, in what is shown of it. */
gboolean assay_finding_row_has_words (AssayFindingRow *row, const char *folded);
/* Nobody could tell them apart. */
gboolean assay_finding_row_equal (AssayFindingRow *a, AssayFindingRow *b);

G_END_DECLS
