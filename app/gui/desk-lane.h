/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/desk-lane.h - one or more threads, each with a project of its own, that do pieces of work in the order of
 * asking and hand the results back to the main loop. What stands behind assay_desk_run and assay_desk_read.
 *
 * Called on the main thread. Work that was pushed is always done. */
#include "app/gui/desk.h"

G_BEGIN_DECLS

typedef struct _AssayLane AssayLane;

/* `after` (nullable) is called on the lane's thread after each piece of work. */
AssayLane *assay_lane_new (const char *directory, AssayStoreMode mode, guint n_threads, GFunc after,
                           gpointer after_data);
/* Nothing more is pushed: what is left is done, and no callback comes from now on. */
void assay_lane_end (AssayLane *lane);
/* Until all of it is done, and the threads have ended; after assay_lane_end, on any thread. */
void assay_lane_join (AssayLane *lane);
void assay_lane_unref (AssayLane *lane); /* joined */
/* As assay_desk_run. */
void assay_lane_push (AssayLane *lane, AssayDeskWork work, gpointer data, GDestroyNotify free_data,
                      AssayDeskDone done, gpointer owner);
/* TRUE when the project could only be opened for reading; known once the first piece of work is done. */
gboolean assay_lane_is_read_only (AssayLane *lane);

G_END_DECLS
