/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/session.h - one item being labelled: the draft as the annotator sees it, the tool at work, and the time
 * it took.
 *
 * The draft here is what is on the screen; every edit that comes out is applied already and must be appended to the
 * journal by the caller, on the thread of the store. After an undo the caller brings back what the journal has.
 * Main thread. */
#include "annotate/tool.h"
#include "core/rule.h"

G_BEGIN_DECLS

typedef struct _AssaySession AssaySession;

/* All taken but `task` and `item`, which are copied. */
AssaySession *assay_session_new (const AssayItem *item, const AssayTask *task, AssayObjects *take_objects);
void assay_session_free (AssaySession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssaySession, assay_session_free)

const AssayScene *assay_session_get_scene (const AssaySession *session);
const AssayTool *assay_session_get_tool (const AssaySession *session);
gconstpointer assay_session_get_tool_state (const AssaySession *session);
/* Gives up what the tool had under way. */
void assay_session_set_tool (AssaySession *session, const AssayTool *tool);
/* Another number after each choice of a tool: work that was asked for under another one comes too late. */
guint assay_session_get_turn (const AssaySession *session);
void assay_session_set_class (AssaySession *session, const AssayId *class_id);
void assay_session_select (AssaySession *session, const AssayId *object); /* it alone; nil = nothing */
/* It too, as the last one chosen; or it no more. */
void assay_session_select_more (AssaySession *session, const AssayId *object);
void assay_session_set_picture (AssaySession *session, AssayPicture *picture); /* takes a reference */
void assay_session_set_model (AssaySession *session, const AssayModel *model); /* borrowed */
void assay_session_set_cursor (AssaySession *session, gint64 sample);
/* A guess, marked as one, where the item says nothing: 60 degrees across. */
AssayCamera assay_camera_assume (guint width_px, guint height_px);

/* The view's: hidden objects are not drawn, locked ones are changed by no tool. Until the item is left. */
void assay_session_set_hidden (AssaySession *session, const AssayId *object, gboolean hidden);
void assay_session_set_locked (AssaySession *session, const AssayId *object, gboolean locked);
/* What the tools' options are, by annotate/tool.h: shared by every session that the same person works in. Borrowed. */
void assay_session_set_options (AssaySession *session, AssayOptions *options);

/* Feeds the tool. `answer` is what it said, with the edit (applied) to be journalled. */
void assay_session_input (AssaySession *session, const AssayInput *input, AssayAnswer *answer);
/* Applies an edit that came from elsewhere (annotate/edits.h); then it is the caller's to journal. */
gboolean assay_session_apply (AssaySession *session, const AssayEdit *edit, GError **error);
/* What the journal has now, after an undo or redo. A selection that went away is dropped. */
void assay_session_replace_objects (AssaySession *session, AssayObjects *take_objects);
/* The drawing rule that the last gesture broke (when it was opened, or after an undo: that any object breaks); NULL
 * = none. Its words are the gesture's hint, and its place is among the tool's marks. Looking is given up after a
 * while: checks look at everything later. */
const AssayBreach *assay_session_get_breach (const AssaySession *session);
char *
assay_session_dup_breach_text (const AssaySession *session); /* "cup: one-pixel island (Alt+Enter removes it)" */
/* The remedy as an edit, not applied yet; NULL when there is none. */
AssayEdit *assay_session_new_repair (const AssaySession *session);
/* What must be drawn again after an edit, in image pixels; FALSE = everything. */
gboolean assay_session_get_edit_box (const AssaySession *session, const AssayEdit *edit, AssayRect *ret_box);
/* The tool's marks: what is under way. */
AssayMarks *assay_session_list_tool_marks (const AssaySession *session);
/* The draft's marks, in z-order. They borrow from the draft: valid until the next edit. */
AssayMarks *assay_session_list_marks (const AssaySession *session);
/* The pixels under way; FALSE = none. */
gboolean assay_session_get_live (const AssaySession *session, AssayLive *ret_live);

/* Active time: what passes between two signs of the person, unless they were gone. */
#define ASSAY_SESSION_IDLE_S 30
void assay_session_touch (AssaySession *session, gint64 now_us);
/* The person has gone (another window, another page): until now counts, nothing more until the next sign. */
void assay_session_pause (AssaySession *session, gint64 now_us);
/* Gives an edit the active time since the edit before: what its objects cost. */
void assay_session_stamp (AssaySession *session, AssayEdit *edit);
double assay_session_get_seconds (const AssaySession *session);
void assay_session_reset_seconds (AssaySession *session);

G_END_DECLS
