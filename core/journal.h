/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/journal.h - what was done to a draft, gesture by gesture, for an item, task and annotator.
 *
 * One gesture is one entry: the touched objects before and after (masks as XOR), each with its share of the active
 * seconds since the gesture before, where they are known. Undo appends an entry, so it survives
 * restarts and reaches other desks; nothing is ever taken out. The draft is the head revision with the entries after it
 * applied. Every append is on disk when it returns. Same thread as the store. */
#include "core/edit.h"
#include "core/label.h"

G_BEGIN_DECLS

typedef struct _AssayJournal AssayJournal;
/* Reads the head and the entries after it. Empty when there is neither. */
AssayJournal *assay_journal_open (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator,
                                  GError **error);
void assay_journal_free (AssayJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayJournal, assay_journal_free)
const AssayObjects *assay_journal_get_objects (const AssayJournal *journal); /* the draft; valid until the next call */
/* Strokes that no revision holds yet. */
gboolean assay_journal_is_changed (const AssayJournal *journal);
/* The last entry, when it was made, and the revision under the draft (nil = none): for merging. */
void assay_journal_get_last (const AssayJournal *journal, AssayId *ret_entry, gint64 *ret_made_us, AssayId *ret_base);
/* Reads what other windows and programs have added since; `ret_changed` (nullable): the draft is another one now. */
gboolean assay_journal_refresh (AssayJournal *journal, gboolean *ret_changed, GError **error);
/* What others have added since this journal read is taken in first, in the same transaction: nobody's strokes are lost, and
 * two that meet on one mask are both there. */
gboolean assay_journal_append (AssayJournal *journal, AssayEdit *take_edit, GError **error);
const char *assay_journal_get_undo_name (const AssayJournal *journal); /* (nullable) nothing to undo */
const char *assay_journal_get_redo_name (const AssayJournal *journal);
/* The names (char *) of all steps in the order of doing; the first `ret_n_done` stand, the others are undone. */
GPtrArray *assay_journal_list_steps (const AssayJournal *journal, guint *ret_n_done);
/* NOT_FOUND when there is nothing to undo or redo. */
gboolean assay_journal_undo (AssayJournal *journal, GError **error);
gboolean assay_journal_redo (AssayJournal *journal, GError **error);
/* Makes a revision of the draft. `seconds` is the active time since the last one (NaN = unknown). A draft in which nothing was
 * ever done makes none. Without `assisted` it is what the objects say (core/proposal.h). */
gboolean assay_journal_make_revision (AssayJournal *journal, AssayLabelState state, double seconds, const char *tool, const char *assisted,
                                      const char *comment, GError **error);
/* Takes back what was submitted or skipped and not settled since: the same value as a draft on top, strokes and all. CONFLICT
 * when it is settled, NOT_FOUND when there is nothing to take back. */
gboolean assay_journal_recall (AssayJournal *journal, GError **error);

G_END_DECLS
