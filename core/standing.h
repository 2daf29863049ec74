/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/standing.h - what follows from the revisions, strokes and reviews of one item and task: each annotator's head and
 * state, the truth, the counts, and that the item has changed.
 *
 * It follows from these rows alone and not from the order in which they came, so desks that have the same rows have the
 * same heads. Costs what the item's own history costs, whatever the size of the project. Store's thread.
 *
 * Heads: the revision that no other of the same annotator names as its parent (or among those it replaces); of several
 * (desks that worked apart) the last by (made_us, id), and `leaves` says how many there are.
 * Reviews: `settle` names the revision that is taken and may name, as parent, the settlement it replaces; `send_back` names
 * a revision; `recall` takes back its parent; `audit` says that answers of who it is by are none (core/audit.h), `qualify` how one's own gold was (core/qualification.h). A review stands while no other names it as its parent. */
#include "core/store.h"

G_BEGIN_DECLS

/* Brings `head`, `truth`, `tally` and `touched` up to date: call it in the transaction that added the rows. */
gboolean assay_standing_update (AssayStore *store, gint64 item_row, gint64 task_row, GError **error);

G_END_DECLS
