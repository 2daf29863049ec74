/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/journal.h - what was done to a draft, gesture by gesture, for an item, task and annotator.
 *
 * One gesture is one entry: the touched objects before and after (masks as XOR). Undo appends an entry, so it survives
 * restarts and reaches other desks; nothing is ever taken out. The draft is the head revision with the entries after it
 * applied. Every append is on disk when it returns. Same thread as the store. */
#include "core/label.h"

G_BEGIN_DECLS

typedef struct {
  AssayObject *before, *after; /* NULL = it was not there; both owned */
} AssayChange;

typedef struct {
  const AssayKind *kind;
  char *name;          /* "polygon cup-3": what undo shows */
  GPtrArray *changes;  /* of AssayChange */
} AssayEdit;
AssayEdit *assay_edit_new (const AssayKind *kind, const char *name);
void assay_edit_free (AssayEdit *edit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayEdit, assay_edit_free)
void assay_edit_take (AssayEdit *edit, AssayObject *before, AssayObject *after);
/* Applies (or, `backward`, takes back) an edit to a set of objects. */
gboolean assay_edit_apply (const AssayEdit *edit, AssayObjects *objects, gboolean backward, GError **error);

typedef struct _AssayJournal AssayJournal;
/* Reads the head and the entries after it. Empty when there is neither. */
AssayJournal *assay_journal_open (AssayStore *store, const AssayItem *item, const AssayTask *task, const AssayAnnotator *annotator,
                                  GError **error);
void assay_journal_free (AssayJournal *journal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayJournal, assay_journal_free)
const AssayObjects *assay_journal_get_objects (const AssayJournal *journal); /* the draft as it stands */
gboolean assay_journal_append (AssayJournal *journal, AssayEdit *take_edit, GError **error);
const char *assay_journal_get_undo_name (const AssayJournal *journal); /* (nullable) nothing to undo */
const char *assay_journal_get_redo_name (const AssayJournal *journal);
gboolean assay_journal_undo (AssayJournal *journal, GError **error);
gboolean assay_journal_redo (AssayJournal *journal, GError **error);
/* Makes a revision of the draft. `seconds` is the active time since the last one. */
gboolean assay_journal_make_revision (AssayJournal *journal, AssayLabelState state, double seconds, const char *tool, const char *assisted,
                                      const char *comment, GError **error);

G_END_DECLS
