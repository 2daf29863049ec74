/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/key-map.h - which keys mean the rows of app/gui/keys.h to this person: those of the table, or others in
 * their place. Shortcuts, tools, tooltips and the list of keys ask here. Main thread. */
#include "app/gui/key-press.h"
#include "app/gui/keys.h"

G_BEGIN_DECLS

typedef struct _AssayKeyMap AssayKeyMap;
/* The table's own keys. */
AssayKeyMap *assay_key_map_new (void);
void assay_key_map_free (AssayKeyMap *map);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayKeyMap, assay_key_map_free)

/* What differs from the table, one entry a row: its id, and its keys ("" = none). What is no row or no key any
 * more, and what another row of the page has, is passed over. */
#define ASSAY_KEY_MAP_GROUP "keys"
void assay_key_map_load (AssayKeyMap *map, GKeyFile *file);
void assay_key_map_save (const AssayKeyMap *map, GKeyFile *file);

/* As in the table: "d|Right"; "" = none. Valid until it is changed. */
const char *assay_key_map_get (const AssayKeyMap *map, const AssayKey *key);
gboolean assay_key_map_is_changed (const AssayKeyMap *map, const AssayKey *key);
/* The row that has this key already where `key` would have it; NULL = it is free. */
const AssayKey *assay_key_map_find_conflict (const AssayKeyMap *map, const AssayKey *key, const AssayAccel *accel);
/* One key more, or (`alone`) in place of those it has; taken away from whichever row has it. */
void assay_key_map_give (AssayKeyMap *map, const AssayKey *key, const AssayAccel *accel, gboolean alone);
void assay_key_map_clear (AssayKeyMap *map, const AssayKey *key);
/* NULL = every row. A row that gets its key back takes it away from where it went. */
void assay_key_map_reset (AssayKeyMap *map, const AssayKey *key);

/* The row that this press means on `pages` (0: only what is everywhere); NULL = none. */
const AssayKey *assay_key_map_find (const AssayKeyMap *map, AssayKeysPages pages, const AssayKeyPress *press);
/* The tools name keys as the table does: in `ret_accel` the table's key in whose place this one was pressed. FALSE
 * = it means nothing here, because its meaning has gone to another key. */
gboolean assay_key_map_translate (const AssayKeyMap *map, AssayKeysPages pages, const AssayKeyPress *press,
                                  AssayAccel *ret_accel);
/* "Ctrl+Z": the first key of the row that has this action (and target) as a person reads it; NULL = none. */
char *assay_key_map_dup_label (const AssayKeyMap *map, const char *action, const char *target);

G_END_DECLS
