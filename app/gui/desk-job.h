/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/desk-job.h - one long piece of work on a thread of its own. For desk.c only; pages see AssayDeskJob of
 * desk.h. */
#include "app/gui/desk.h"

G_BEGIN_DECLS

/* `ended` is called on the main loop after `done`. */
AssayDeskJob *assay_desk_job_new (const char *directory, const char *title, AssayStoreMode mode,
                                  AssayDeskLongWork work, gpointer data, GDestroyNotify free_data,
                                  AssayDeskDone done, gpointer owner,
                                  void (*ended) (AssayDeskJob *job, gpointer ended_data), gpointer ended_data);
/* Cancels; neither `done` nor `ended` comes from now on. */
void assay_desk_job_stop (AssayDeskJob *job);
/* Until its thread has ended; after assay_desk_job_stop, on any thread. */
void assay_desk_job_join (AssayDeskJob *job);

G_END_DECLS
