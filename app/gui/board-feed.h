/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/board-feed.h - pictures of a calibration board from a camera, or from a folder, shown to a live
 * calibration (app/job-calibrate-live.h) by a thread of their own. Main thread, but for finish. */
#include "app/job-calibrate-live.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

typedef struct _AssayBoardFeed AssayBoardFeed;

/* `words`: of a camera, as assay_stream_open takes them (whoever is still leaving it is waited for, three seconds);
 * or the path of a folder, whose pictures are looked at one by one, none left out. */
AssayBoardFeed *assay_board_feed_new (const char *words, gboolean is_folder, const AssayBoard *board);
/* The newest picture, when it was not taken yet; else NULL. */
GdkTexture *assay_board_feed_take_texture (AssayBoardFeed *feed);
AssayLiveState *assay_board_feed_get_state (AssayBoardFeed *feed);
/* Nothing more comes; `ret_trouble` (free it): why, when it went wrong. */
gboolean assay_board_feed_is_over (AssayBoardFeed *feed, char **ret_trouble);
/* The camera was lost; it is tried again and again, and what was taken stays. */
gboolean assay_board_feed_is_away (AssayBoardFeed *feed);
/* Leaves the camera; gives the views (of AssayShot) and the camera's controls as read back. Once. Blocks: call it
 * on a thread. */
GPtrArray *assay_board_feed_finish (AssayBoardFeed *feed, json_t **ret_controls);
/* Finishes it first. NULL is fine. */
void assay_board_feed_free (AssayBoardFeed *feed);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayBoardFeed, assay_board_feed_free)

G_END_DECLS
