/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/follow.h - checks keep up with what people hand in: after one answer only what depends on it is looked at again.
 *
 * Where it has got to is remembered in table partial: the last revision and the last review that were there when it looked. Findings
 * that follow from one item are kept up; those over the whole project (qa/check.h: merge, end) wait for assay_check_run. Off the main
 * thread, with a project open for WRITE. */
#include "qa/check.h"

G_BEGIN_DECLS

/* Looks at what was handed in, sent back or settled since the last time, oldest first: `most` changes at once, for others write to the
 * database too; `ret_more`: there are others. As long as assay_check_run has not seen the rest, nothing is looked at. `ret_items`:
 * how many items it looked at. */
gboolean assay_follow (AssayProject *project, guint most, guint *ret_items, gboolean *ret_more, GError **error);
/* Everything was looked at, up to what was there at this moment: said by assay_check_run before it begins. */
typedef struct
{
  gint64 revision_row, review_row; /* 0, 0 = nothing was ever looked at */
} AssayFollowed;
gboolean assay_followed_now (AssayStore *store, AssayFollowed *ret_now, GError **error);
gboolean assay_followed_set (AssayStore *store, const AssayFollowed *followed, GError **error);

G_END_DECLS
