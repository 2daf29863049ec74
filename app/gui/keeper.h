/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/keeper.h - the journal of an item that is open, on the desk's writer thread: what is to be done to it, in
 * the order of asking, one step at a time.
 *
 * Nothing is dropped: what cannot be written (a full disk) stays first in the queue and is tried again until it
 * can. Only what the journal refuses for good goes, and then it is told.
 *
 * Signals: "opened" (AssayOpened *): whoever takes something out of it leaves NULL there; "failed" (const GError
 * *): it cannot be opened; "done" (AssayDone *, the same); "refused" (const AssayStep *, const GError *); "saving":
 * what waits, or why, is another. Main thread. */
#include "app/gui/desk.h"
#include "core/edit.h"
#include "core/label.h"

G_BEGIN_DECLS

/* EDIT carries an edit, REVISE a state; REFRESH takes in what other windows and programs have added. */
typedef enum
{
  ASSAY_STEP_EDIT = 1 << 0,
  ASSAY_STEP_UNDO = 1 << 1,
  ASSAY_STEP_REDO = 1 << 2,
  ASSAY_STEP_REVISE = 1 << 3,
  ASSAY_STEP_RECALL = 1 << 4,
  ASSAY_STEP_REFRESH = 1 << 5
} AssayStepKind;

typedef struct
{
  AssayStepKind kind;
  AssayEdit *edit;
  AssayLabelState state; /* REVISE */
  double seconds;        /* REVISE: active ones */
  const char *tool;      /* REVISE: id, static */
  char *why;             /* (nullable) REVISE: its comment */
  gboolean resync;       /* REFRESH: the draft here went another way than the journal, which holds */
} AssayStep;

typedef struct
{
  const AssayItem *item;
  const AssayTask *task;
  AssayObjects *objects; /* the draft */
  char *media_path;
  GPtrArray *models; /* of AssayModel, one a class; NULL where there is none */
  AssayLabelState state;
  gboolean is_drawn; /* strokes that no revision holds: a sitting ended without leaving the item */
} AssayOpened;

typedef struct
{
  const AssayStep *step;
  AssayObjects *objects; /* (nullable) the draft, where it is another than the steps before have made it here */
} AssayDone;

#define ASSAY_TYPE_KEEPER (assay_keeper_get_type ())
G_DECLARE_FINAL_TYPE (AssayKeeper, assay_keeper, ASSAY, KEEPER, GObject)

/* `task` and `annotator` are copied. Opens at once. */
AssayKeeper *assay_keeper_new (AssayDesk *desk, gint64 item_row, const AssayTask *task,
                               const AssayAnnotator *annotator);
/* Takes what the step owns. Once it is open. */
void assay_keeper_push (AssayKeeper *keeper, const AssayStep *take_step);
/* Of AssayStep: not known to be done; the first one is under way. */
const GList *assay_keeper_list_steps (AssayKeeper *keeper);
gboolean assay_keeper_has (AssayKeeper *keeper, guint kinds); /* any of these AssayStepKinds among them */
const char *assay_keeper_get_trouble (AssayKeeper *keeper);   /* (nullable) why the first one cannot be written */
/* What waits because it could not be written is tried now, as it is by itself now and then. */
void assay_keeper_try_now (AssayKeeper *keeper);
gboolean assay_keeper_is_trying (AssayKeeper *keeper); /* the first one is under way: "saving" tells how it ended */
const char *assay_keeper_get_undo_name (AssayKeeper *keeper); /* (nullable) as of what is done */
const char *assay_keeper_get_redo_name (AssayKeeper *keeper); /* (nullable) */
/* The last thing: what waits is done, or tried once more, before the desk closes. `left` as for assay_desk_run. */
void assay_keeper_leave (AssayKeeper *keeper, AssayDeskDone left, gpointer owner);

G_END_DECLS
