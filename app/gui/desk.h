/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/desk.h - the project that a window has open, and the threads that work on it for the window.
 *
 * The main loop never touches the database and never decodes: it hands work to the desk and is called back.
 *   run    one writer thread with the read-write project, in the order of asking: every edit, small and at once;
 *   read   two reader threads, each with a READ project of its own, in any order;
 *   job    long work (checks, export, commit) on a thread of its own, with progress and a Cancel for the person.
 * Everything here is called on the main thread; the work functions run on the threads named above. */
#include "core/annotator.h"
#include "core/item.h"
#include "core/progress.h"
#include "core/project.h"
#include "core/task.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_DESK (assay_desk_get_type ())
G_DECLARE_FINAL_TYPE (AssayDesk, assay_desk, ASSAY, DESK, GObject)

/* Properties (all read-only, with notify): "annotator" (who is annotating changed), "task" (another one was chosen,
 * or its definition changed), "tasks" (the list of tasks or of annotators changed). Signals: "changed": something was
 * committed, by this window or by any other process; at most every 250 ms; "unnamed" (const GError *): who was to
 * annotate could not be written, and the one before still does. */

/* Opens off the main loop. A project made by a newer version opens read-only. */
void assay_desk_open (const char *directory, GAsyncReadyCallback done, gpointer user_data);
AssayDesk *assay_desk_open_finish (GAsyncResult *result, GError **error);
/* Cancels the jobs, finishes every run that was asked for, joins the threads; no callback comes after it. Unreffing
 * the last reference does the same. It blocks for as long as the disk takes. */
void assay_desk_close (AssayDesk *desk);
/* The same without blocking: no callback comes from now on, and `done` once it is closed. The error is what went wrong
 * at the end, for the person: what a wait has said. */
void assay_desk_close_async (AssayDesk *desk, GAsyncReadyCallback done, gpointer user_data);
gboolean assay_desk_close_finish (GAsyncResult *result, GError **error);
/* What must be over before the project is closed: `wait` blocks for it, on a thread of the closing; `free_data` comes
 * after it, on the main thread. `what` (nullable, static): what a person is waiting for. */
typedef gboolean (*AssayDeskWait) (gpointer data, GError **error);
void assay_desk_wait_for (AssayDesk *desk, const char *what, AssayDeskWait wait, gpointer data,
                          GDestroyNotify free_data);
/* Frees at once, on a thread, what takes a while to let go of (a device); closing waits for it. */
void assay_desk_let_go (AssayDesk *desk, const char *what, gpointer data, GDestroyNotify free_data);
const char *assay_desk_get_awaited (AssayDesk *desk); /* (nullable) the last `what` */

const char *assay_desk_get_directory (AssayDesk *desk);
const char *assay_desk_get_name (AssayDesk *desk);
gboolean assay_desk_is_read_only (AssayDesk *desk);
gboolean assay_desk_has_items (AssayDesk *desk); /* when it was opened */

/* Work on a thread, with that thread's project. */
typedef gboolean (*AssayDeskWork) (AssayProject *project, gpointer data, GError **error);
/* On the main loop, after the work; `error` is NULL when it succeeded. Not called when `owner` is gone by then. */
typedef void (*AssayDeskDone) (gpointer owner, gpointer data, const GError *error);

/* `data` is freed with `free_data` (nullable) on the main thread, after `done` (nullable). `owner` is the GObject
 * that asked (nullable: then `done` is called in any case); it is held weakly. */
void assay_desk_run (AssayDesk *desk, AssayDeskWork work, gpointer data, GDestroyNotify free_data,
                     AssayDeskDone done, gpointer owner);
void assay_desk_read (AssayDesk *desk, AssayDeskWork work, gpointer data, GDestroyNotify free_data,
                      AssayDeskDone done, gpointer owner);

/* Long work: shown in the header bar with its title, progress and Cancel. `mode` is how its own project is opened.
 */
typedef gboolean (*AssayDeskLongWork) (AssayProject *project, gpointer data, AssayProgress *progress,
                                       GError **error);
void assay_desk_start_job (AssayDesk *desk, const char *title, AssayStoreMode mode, AssayDeskLongWork work,
                           gpointer data, GDestroyNotify free_data, AssayDeskDone done, gpointer owner);

/* A job under way, as the list of them holds it (GListModel of AssayDeskJob). */
#define ASSAY_TYPE_DESK_JOB (assay_desk_job_get_type ())
G_DECLARE_FINAL_TYPE (AssayDeskJob, assay_desk_job, ASSAY, DESK_JOB, GObject)
GListModel *assay_desk_get_jobs (AssayDesk *desk);
const char *assay_desk_job_get_title (AssayDeskJob *job);
AssayProgress *assay_desk_job_get_progress (AssayDeskJob *job);

/* Who is annotating: NULL until it was said. Setting a name makes the annotator when there is none. */
const AssayAnnotator *assay_desk_get_annotator (AssayDesk *desk);
void assay_desk_set_annotator (AssayDesk *desk, const char *name);

/* Borrowed until the next notify::tasks or notify::task; copy what must last. */
const GPtrArray *assay_desk_get_annotators (AssayDesk *desk); /* of AssayAnnotator */
const GPtrArray *assay_desk_get_tasks (AssayDesk *desk);      /* of AssayTask, by name */
const AssayTask *assay_desk_get_task (AssayDesk *desk); /* the chosen one; NULL only when there is none at all */
void assay_desk_set_task (AssayDesk *desk, gint64 task_row);
const AssayTask *assay_desk_find_task (AssayDesk *desk, gint64 task_row); /* (nullable) */

G_END_DECLS
