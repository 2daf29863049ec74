/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/progress.h - how far a long job is, and whether it should stop.
 *
 * The worker writes, a face reads when it wants to (frame clock, twice a second on a terminal): nobody is pushed.
 * Any thread; all of it is atomic but the text, which a lock guards. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct _AssayProgress AssayProgress;

AssayProgress *assay_progress_new (void);
AssayProgress *assay_progress_ref (AssayProgress *progress);
void assay_progress_unref (AssayProgress *progress);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayProgress, assay_progress_unref)

/* Every function takes NULL for "nobody watches". */
void assay_progress_set (AssayProgress *progress, guint64 done, guint64 total);
void assay_progress_say (AssayProgress *progress, const char *what);
void assay_progress_cancel (AssayProgress *progress);
/* Called once when it is cancelled, by whoever does, or at once when it is already: for work that is stopped in another
 * way. NULL takes it back, and waits for one under way. */
void assay_progress_when_cancelled (AssayProgress *progress, void (*stop) (gpointer data), gpointer data);
/* TRUE, with `error` set to CANCELLED, when the job should stop: `if (assay_progress_stopped (p, error)) return FALSE;` */
gboolean assay_progress_stopped (AssayProgress *progress, GError **error);
/* 0 to 1, or -1 while the total is not known. */
double assay_progress_get_fraction (AssayProgress *progress);
char *assay_progress_dup_text (AssayProgress *progress);

G_END_DECLS
