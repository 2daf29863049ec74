/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/alias.h - who answered an item, under letters that tell nothing until it is settled: a reviewer is to judge
 * answers, not people.
 *
 * The letters of one item and task are dealt in the order of a hash of item and name, so that they are the same on
 * every desk and each time, no letter is one person's from item to item, and the alphabet of names tells nothing.
 * Those who have ever submitted or skipped count, so a letter stays while answers are sent back; somebody who joins
 * may come between. Once the item is settled there is nothing to hide: the names stand, in the same order. Store's
 * thread; what was read, any. */
#include "core/item.h"

G_BEGIN_DECLS

typedef struct _AssayAliases AssayAliases;

/* `item` (nullable), `task_row` 0: what is said of the whole project; everybody has a letter of their own there. */
AssayAliases *assay_aliases_read (AssayStore *store, const AssayItem *item, gint64 task_row, GError **error);
void assay_aliases_free (AssayAliases *aliases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayAliases, assay_aliases_free)

/* Names are not to be shown. */
gboolean assay_aliases_hide (const AssayAliases *aliases);
/* "A", or the name. Borrowed; "?" for somebody who has not answered. */
const char *assay_aliases_get (const AssayAliases *aliases, gint64 annotator_row);
const char *assay_aliases_get_named (const AssayAliases *aliases, const char *name);
/* From 0 on; G_MAXUINT for somebody who has not answered. */
guint assay_aliases_get_place (const AssayAliases *aliases, gint64 annotator_row);
/* A sentence with every name in it replaced, but for what stands in “quotes”; as it is when nothing is to be hidden. */
char *assay_aliases_write (const AssayAliases *aliases, const char *sentence);

G_END_DECLS
