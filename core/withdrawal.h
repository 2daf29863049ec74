/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/withdrawal.h - who took their consent back, told beside the database too: were that lost and made again from
 * the recordings, nobody may come back with them. Store's thread.
 *
 * sessions/withdrawn.jsonl has a line a withdrawal: {"consent" or "subject", "made_us", "why"}. */
#include "core/project.h"

G_BEGIN_DECLS

/* Rows of the items that name this consent ("consent") or person ("subject"): gint64. */
GArray *assay_withdrawal_find (AssayStore *store, const char *key, const char *value, GError **error);
/* On the disk when it returns; before the database says so. `why` is nullable. */
gboolean assay_withdrawal_note (AssayProject *project, const char *key, const char *value, const char *why,
                                GError **error);
/* Flags what every line withdrew and is not flagged: items captured before it. How many items there are. */
gboolean assay_withdrawal_apply (AssayProject *project, guint *ret_n_items, GError **error);

G_END_DECLS
