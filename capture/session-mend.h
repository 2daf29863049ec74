/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/session-mend.h - what a recorder that was killed has left in sessions/ID/, brought to the state of one
 * that was stopped: open films and sounds are repaired and move into media/ with their items, what the index tells
 * of is in the database, and report.json says what was recovered. Twice changes nothing; broken off, it goes on the
 * next time. Store's thread. */
#include "capture/session-index.h"
#include "core/project.h"

G_BEGIN_DECLS

/* Added up over recordings: g_auto (AssayMended) mended = ASSAY_MENDED_INIT. */
typedef struct
{
  guint recordings;        /* that were cut off, and are whole now */
  guint64 stills;          /* items of single pictures that the database did not know */
  guint files;             /* that were open */
  guint64 frames, samples; /* in these */
  double sound_s;          /* the samples, in seconds */
  guint64 items;           /* added to the database in all: stills, sounds, frames of films */
  guint64 lost_bytes;      /* at the ends of files: no whole frame, sample, or line */
  GPtrArray *skipped;      /* of char *: what could not be mended, and why */
} AssayMended;
#define ASSAY_MENDED_INIT                                                                                          \
  {                                                                                                                \
    .skipped = g_ptr_array_new_with_free_func (g_free)                                                             \
  }
void assay_mended_clear (AssayMended *mended);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayMended, assay_mended_clear)

/* Sensors, session, items and films that session.json and the index tell of go into the database where it lacks them;
 * `index` is what that file tells (free it). Media files that are missing or altered are skipped with their items,
 * and told. */
gboolean assay_session_restore (AssayProject *project, const AssayId *session, const json_t *info,
                                const char *index_path, AssayMended *mended, AssaySessionIndex **ret_index,
                                GError **error);

/* Mends one; also one that has its report when `closed_too`. `ret_busy`: its recorder lives, nothing was done. What
 * is wrong with one file is told in `mended`; an error is one of the disk or the database. */
gboolean assay_session_mend (AssayProject *project, const AssayId *session, gboolean closed_too,
                             AssayMended *mended, gboolean *ret_busy, GError **error);
/* Whether it may need it, by its folder alone: it has no report, or a film or sound still lies there. */
gboolean assay_session_looks_open (const char *project_directory, const AssayId *session);

G_END_DECLS
