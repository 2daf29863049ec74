/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/reading-session.h - what of a prompted reading goes to the disk: the session, its index, accepted takes. For
 * app/job-reading.c alone; one thread at a time. */
#include "app/job-reading.h"
#include "core/id.h"

G_BEGIN_DECLS

typedef struct
{
  char *project_directory, *directory;
  AssayId id;
  json_t *info, *facts; /* session.json; what goes on every item */
  char *task;           /* (nullable) */
  int index_fd, lock_fd;
  guint n_takes, n_items;
} ReadingSession;

gboolean reading_session_begin (ReadingSession *session, const char *project_directory, AssayStream *stream,
                                guint n_prompts, const AssayReadingPlan *plan, GError **error);
/* Where the next take is written. */
char *reading_session_next_path (ReadingSession *session);
gint64 reading_session_to_realtime_ns (const ReadingSession *session, gint64 monotonic_ns);
/* A take of `prompt` that is closed. Accepted or not, the index tells of it. */
typedef struct
{
  const char *path;
  const AssayPrompt *prompt;
  guint number; /* of this sentence, from 1 */
  gint64 first_ns;
  guint64 missing;
  const AssayTakeCheck *check;
  const json_t *told; /* of the check */
} ReadingTake;
/* Not accepted. */
gboolean reading_session_leave (ReadingSession *session, const ReadingTake *take, GError **error);
/* Accepted: the file moves into media/, the item and its draft are there, the index says so. `ret_item`: {item,
 * name} */
gboolean reading_session_keep (ReadingSession *session, const ReadingTake *take, json_t **ret_item, GError **error);
gboolean reading_session_end (ReadingSession *session, const json_t *report, GError **error);
void reading_session_clear (ReadingSession *session);

G_END_DECLS
