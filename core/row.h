/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/row.h - one item with its truths as a line of canonical JSON: what shards are made of.
 *
 *   {"item":{…},"split":"train","time":{…},"truths":[{"annotator":uuid,"answers":2,"how":"annotator","label":{…},"revision":uuid,"task":uuid}]}
 *
 * `time` is the item's on the common time line of its session (core/session-time.h), and left out where that says nothing
 * else than the item does. A task without any answer is left out; an undecided one has no label, annotator or revision. Same thread as the project. */
#include "core/session-time.h"
#include "core/shard.h"
#include "core/version.h"

G_BEGIN_DECLS

/* The rule by which groups fall into splits: what a row needs besides the item. */
typedef struct {
  guint8 salt[16];
  double val, test;
} AssaySplitRule;
gboolean assay_split_rule_get (AssayProject *project, AssaySplitRule *ret_rule, GError **error);

/* Appends the row of `item` as it stands, without a line end, and adds it to `sums`. */
gboolean assay_row_write (AssayProject *project, const AssayItem *item, const GPtrArray *tasks, const AssaySplitRule *rule,
                          AssaySessionTimes *times, GString *text, AssaySums *sums, GError **error);
/* `names`: annotator names by id (GHashTable of AssayId to char *); an unknown one is shown by its id. */
AssayRow *assay_row_parse (const char *text, gsize n_bytes, const GPtrArray *tasks, GHashTable *names, GError **error);
/* Counts again what a row says: for verify. */
void assay_row_count (const AssayRow *row, AssaySums *sums);
/* Id of the item of a row, without reading the rest into values. */
gboolean assay_row_get_id (const json_t *row, AssayId *ret_id);

G_END_DECLS
