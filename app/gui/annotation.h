/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/annotation.h - an item open for labelling: its session here, its journal on the desk's writer thread.
 *
 * What a gesture changed is on the screen at once and goes to the journal in the order of doing, one at a time.
 * When the journal cannot be written (a full disk), nothing is dropped: what was done waits and is tried again, and the
 * state says so (app/gui/keeper.h). Undo and redo are the journal's; input that comes meanwhile waits for them.
 *
 * Signals: "opened"; "failed" (const GError *): it could not be opened; "changed" (const AssayRect * or NULL =
 * all): the draft is another; "answered" (const AssayAnswer *): a tool said something; "saving": the state of
 * saving, or what undo and redo would do, is another; "revised" (int AssayLabelState): a revision was made. Main
 * thread. */
#include "annotate/session.h"
#include "app/gui/desk.h"
#include "core/label.h"

G_BEGIN_DECLS

#define ASSAY_TYPE_ANNOTATION (assay_annotation_get_type ())
G_DECLARE_FINAL_TYPE (AssayAnnotation, assay_annotation, ASSAY, ANNOTATION, GObject)

/* `task` and `annotator` are copied. Opens at once, off the main loop. */
AssayAnnotation *assay_annotation_new (AssayDesk *desk, gint64 item_row, const AssayTask *task,
                                       const AssayAnnotator *annotator);
/* Leaves the item: what was changed becomes a draft revision, saved before the desk closes. `left` (nullable) as for
 * assay_desk_run: what was tried for the last time and could not be saved. */
void assay_annotation_leave (AssayAnnotation *annotation, AssayDeskDone left, gpointer owner);

/* NULL until "opened". */
AssaySession *assay_annotation_get_session (AssayAnnotation *annotation);
const char *assay_annotation_get_media_path (AssayAnnotation *annotation);
AssayLabelState assay_annotation_get_state (AssayAnnotation *annotation);
gint64 assay_annotation_get_item_row (AssayAnnotation *annotation);
/* (nullable) Of the class, for pose tasks. */
const AssayModel *assay_annotation_get_model (AssayAnnotation *annotation, const AssayId *class_id);

/* Feeds the tool; what it changed is saved. TRUE = used. */
gboolean assay_annotation_input (AssayAnnotation *annotation, const AssayInput *input);
/* While an undo is under way, or the answer is being handed in: nothing is edited for a moment. */
gboolean assay_annotation_is_busy (AssayAnnotation *annotation);
/* Applies and saves an edit made elsewhere. FALSE: it was NULL, or nothing was done, and "answered" has said why. */
gboolean assay_annotation_edit (AssayAnnotation *annotation, AssayEdit *take_edit);
/* Another number: the draft is another. */
guint assay_annotation_get_draft (AssayAnnotation *annotation);
/* What Esc stops, and leaving the item; one that was set before is stopped. NULL = nothing. */
void assay_annotation_set_stop (AssayAnnotation *annotation, GCancellable *stop);
GCancellable *assay_annotation_get_stop (AssayAnnotation *annotation); /* (nullable) */
/* Does what the shown breach of a drawing rule asks for (annotate/session.h): the edit's name, for people; NULL =
 * there was nothing to do. */
char *assay_annotation_repair (AssayAnnotation *annotation);
/* Which change the draft has come to: a number that no other change of this sitting has. What undo takes back is the
 * change that had this number while this is unchanged. */
guint64 assay_annotation_get_change (AssayAnnotation *annotation);
void assay_annotation_undo (AssayAnnotation *annotation);
void assay_annotation_redo (AssayAnnotation *annotation);
const char *assay_annotation_get_undo_name (AssayAnnotation *annotation); /* (nullable) */
const char *assay_annotation_get_redo_name (AssayAnnotation *annotation);
/* SUBMITTED, SKIPPED, or DRAFT to take those back; `why` (nullable) is kept with it; "revised" follows. What is handed
 * in (submitted or skipped) is changed by nothing any more, not even by a second word of the same: the next item is on
 * its way. Where there is none, it stays open, and may be changed again. */
void assay_annotation_revise (AssayAnnotation *annotation, AssayLabelState state, const char *why);
gboolean assay_annotation_is_handed_in (AssayAnnotation *annotation);
void assay_annotation_stay (AssayAnnotation *annotation);
/* Takes back what was submitted or skipped and is not settled: a draft again, and "revised" follows; or "answered" with
 * why not. */
void assay_annotation_recall (AssayAnnotation *annotation);

/* "Saved", "Saving…", or what is wrong. */
typedef enum
{
  ASSAY_SAVED,
  ASSAY_SAVING,
  ASSAY_NOT_SAVED
} AssaySaving;
AssaySaving assay_annotation_get_saving (AssayAnnotation *annotation, const char **ret_why);
/* What could not be saved is tried now; while it is, "saving" is still to come. */
void assay_annotation_try_now (AssayAnnotation *annotation);
gboolean assay_annotation_is_trying (AssayAnnotation *annotation);
/* Edits, undos and redos that are not saved. */
guint assay_annotation_count_unsaved (AssayAnnotation *annotation);

G_END_DECLS
