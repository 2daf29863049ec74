/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/flag.h - what is said of an item as a whole, beside its labels: a bad take, a withdrawn consent, a note.
 *
 * Rows are only added; of each (item, flag) the last by (time, id) stands, so desks that have the same rows agree.
 * What follows is kept beside them (table left_out, in the same transaction): an item that is bad or withdrawn is
 * not handed out, not counted, and in no version from then on; a blurred or duplicate one does not count towards
 * the plan, and nothing else changes for it. Nothing is ever deleted. Same thread as the store. */
#include "core/item.h"

G_BEGIN_DECLS

/* For statements over "item_flag AS f": the row stands; no later one of the same item and flag. */
#define ASSAY_FLAG_STANDS                                                                                          \
  "f.stands = 1 AND NOT EXISTS (SELECT 1 FROM item_flag AS l WHERE l.item = f.item AND l.flag = f.flag"            \
  " AND (l.made_us, l.id) > (f.made_us, f.id))"

#define ASSAY_FLAG_BAD "bad"             /* a person rejected it */
#define ASSAY_FLAG_WITHDRAWN "withdrawn" /* who is in it has taken their consent back */
#define ASSAY_FLAG_BLURRED "blurred"
#define ASSAY_FLAG_DUPLICATE "duplicate"
#define ASSAY_FLAG_NOTE "note" /* `why` is the note */
#define ASSAY_FLAG_DISCUSS "discuss"
#define ASSAY_FLAG_HARD "hard"
#define ASSAY_FLAG_MINED "mined" /* chosen because a model errs on it: no random sample, so its agreement is told apart */
#define ASSAY_FLAG_GOLD "gold" /* its settled answer is known: mixed in unseen, to measure who labels (core/queue.h) */

/* The names above, ends with NULL. */
const char *const *assay_flag_names (void);

typedef struct
{
  char *flag, *why; /* `why` (nullable) */
  AssayId by_annotator;
  gint64 made_us;
} AssayFlag;
void assay_flag_free (AssayFlag *flag);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFlag, assay_flag_free)

/* Says it, or (`stands` FALSE) takes it back; saying what stands already, for the same reason, adds nothing. An
 * unknown flag is USAGE. `ret_changed` is nullable. */
gboolean assay_flag_set (AssayStore *store, gint64 item_row, const char *flag, gboolean stands, const char *why,
                         const AssayId *by_annotator, gboolean *ret_changed, GError **error);
/* Those that stand, by name: of AssayFlag. */
GPtrArray *assay_flag_list (AssayStore *store, gint64 item_row, GError **error);
/* Rows of the items with this flag, in the order of adding: gint64. */
GArray *assay_flag_list_items (AssayStore *store, const char *flag, GError **error);
/* What was noted (ASSAY_FLAG_NOTE) of any item of a capture session and stands, each once, in the order of saying: of
 * char *. */
GPtrArray *assay_flag_list_notes (AssayStore *store, const AssayId *session, GError **error);
/* After rows came by merging: brings left_out up to date for all items flagged after `after_row` of item_flag. */
gboolean assay_flag_update (AssayStore *store, gint64 after_row, GError **error);

G_END_DECLS
