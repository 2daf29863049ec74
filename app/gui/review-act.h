/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/review-act.h - what a reviewer decides (app/job-verdict.h), done on the desk's writer thread. Main thread. */
#include "app/gui/desk.h"
#include "app/gui/review-case.h"
#include "app/job-verdict.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_ACT_TAKE,
  ASSAY_ACT_CONSENSUS,
  ASSAY_ACT_OWN, /* merged, drawn or repaired by the reviewer */
  ASSAY_ACT_NEITHER,
  ASSAY_ACT_BOTH,
  ASSAY_ACT_UNCLEAR, /* `words` is the question */
  ASSAY_ACT_SEND_BACK,
  ASSAY_ACT_DISMISS,
  ASSAY_ACT_RECALL
} AssayActKind;

typedef struct
{
  AssayActKind kind;
  gint64 item_row, task_row;
  AssayId revision;      /* TAKE, SEND_BACK: of the answer */
  AssayObjects *objects; /* OWN */
  const char *tool;      /* OWN: static */
  AssayId finding;       /* DISMISS */
  AssayVerdict *verdict; /* what was made; RECALL: what to take back */
  char *words;           /* (nullable) comment or reason */
  json_t *place;         /* (nullable) SEND_BACK, UNCLEAR: where to look, as of a finding */
  char *said;            /* for the toast: "took ann's answer" */
  char *by;              /* who decides */
} AssayAct;
AssayAct *assay_act_new (AssayActKind kind, const AssayReviewCase *review /* (nullable) */,
                         const AssayAnswerShown *answer /* (nullable) */);
void assay_act_free (AssayAct *act);

/* What was done as the target of an action ("s"), for Undo of this and nothing else. */
GVariant *assay_act_target_new (const AssayAct *act);
AssayAct *assay_act_new_recall (GVariant *target);

/* Takes the act; `done` gets it as its data. */
void assay_act_do (AssayDesk *desk, AssayAct *take_act, AssayDeskDone done, gpointer owner);

G_END_DECLS
