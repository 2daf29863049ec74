/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/job-reading.h - prompted reading: a script's sentences one after another, each shown, recorded, looked at,
 * listened to, taken or read again. For both faces; no GTK.
 *
 * A face gives commands and polls the state as often as it draws; nothing here ever makes it wait. A thread of its
 * own reads the microphone all the time, so that a take begins half a second before the key and ends half a second
 * after it.
 *
 *   READY --record--> RECORDING --stop--> ENDING (the tail) --> CHECKED --accept--> SAVING --> READY (the next
 * sentence)
 *                                                                 |--record--> RECORDING (again)
 *   READY, CHECKED --skip--> READY (the next sentence);   after the last sentence: OVER;   on any error: FAILED
 *
 * What is accepted becomes an item: its own WAV, prompt and check among its facts, and the prompt as its draft
 * transcript by the annotator "prompt", a stated means. Takes that were not accepted stay in sessions/ID/takes/. */
#include "capture/stream.h"
#include "core/prompt.h"
#include "core/take-check.h"

G_BEGIN_DECLS

typedef struct
{
  const char *task;          /* of kind transcript, for the drafts; NULL = items without one */
  const char *script;        /* (nullable) name of the script, kept with the session */
  const char *name;          /* of the session; NULL = the date and time */
  const json_t *conditions;  /* (nullable) object, goes on every item */
  const char *operator_name; /* (nullable) who records */
  const char *subject;       /* (nullable) who reads; goes on every item */
  const char *consent;       /* (nullable) reference of the signed form; goes on every item */
} AssayReadingPlan;

typedef enum
{
  ASSAY_READING_READY,
  ASSAY_READING_RECORDING,
  ASSAY_READING_ENDING,
  ASSAY_READING_CHECKED,
  ASSAY_READING_SAVING,
  ASSAY_READING_OVER,
  ASSAY_READING_FAILED
} AssayReadingState;

typedef enum
{
  ASSAY_READING_RECORD = 1, /* in CHECKED: once more */
  ASSAY_READING_STOP,
  ASSAY_READING_ACCEPT, /* also what the check finds fault with: the person decides, the faults stay in the facts */
  ASSAY_READING_SKIP
} AssayReadingCommand;

typedef struct
{
  AssayReadingState state;
  gboolean busy;             /* a command was given and is not carried out yet: the rest is still as before it */
  guint position, n_prompts; /* position == n_prompts: over */
  guint n_accepted, n_skipped, n_takes; /* takes of this sentence */
  const AssayPrompt *prompt;            /* (nullable) the script's: valid as long as it */
  double seconds;                       /* of the take that runs or was taken, pre-roll and all */
  guint64 missing;                      /* samples of it that the device did not deliver */
  AssayTakeCheck check;                 /* CHECKED */
  char *take_path;                      /* CHECKED: the WAV, to listen to; else NULL */
  char *trouble;                        /* FAILED: a sentence; else NULL */
} AssayReadingStatus;
void assay_reading_status_clear (AssayReadingStatus *status);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayReadingStatus, assay_reading_status_clear)

typedef struct _AssayReading AssayReading;

/* Begins a session. `stream` (a microphone, started or not) and `prompts` (of AssayPrompt) are borrowed until the
 * reading is freed; nobody else takes from the stream meanwhile (assay_stream_peek_meter may be called). CONFLICT
 * when the plan asks for a consent that is not named; USAGE when the task is not one of transcripts. */
AssayReading *assay_reading_start (const char *project_directory, AssayStream *stream, GPtrArray *prompts,
                                   const AssayReadingPlan *plan, GError **error);
/* FALSE, and nothing happens, when the state does not allow it or the last command has not been taken up yet. Any
 * thread. */
gboolean assay_reading_do (AssayReading *reading, AssayReadingCommand command);
/* Any thread. Clear it. */
void assay_reading_get_status (AssayReading *reading, AssayReadingStatus *ret_status);
/* The check, with what the device lost: {fit, …, missing, faults:[{check, why}]}. New reference. */
json_t *assay_reading_status_to_json (const AssayReadingStatus *status);
/* Ends it (a take that runs stays in takes/), and returns the report (new reference), also after FAILED: then
 * `ret_trouble` (free it) is the sentence. {session, name, sensors:[…], prompts, accepted, skipped, items:[{item,
 * prompt, takes, check}]} */
json_t *assay_reading_finish (AssayReading *reading, char **ret_trouble, GError **error);
/* Ends it first. Leaves the stream alone. NULL is fine. */
void assay_reading_free (AssayReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayReading, assay_reading_free)

G_END_DECLS
