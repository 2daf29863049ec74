/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/tally.h - counts that are kept as things are saved, so that a screen never counts a million rows. Store's thread. */
#include "core/store.h"

G_BEGIN_DECLS

typedef struct {
  gint64 task_row;      /* 0: `n` is items, by kind of media */
  gint64 annotator_row; /* 0: `n` is items, by how of their truth ("none", "only", …) */
  const char *state;    /* interned: state of a label, how of a truth, or kind of media */
  AssayId class_id;     /* nil = objects without a class */
  gboolean is_answers;  /* `n` is answers (or items), whatever is in them; else objects of `class_id` */
  gint64 n;
} AssayTally;

/* Of one task, or of all (0), items included: AssayTally in a GArray, by task, annotator, state. */
GArray *assay_tally_list (AssayStore *store, gint64 task_row, GError **error);
/* Adds up the answers (or items) in `list` that fit: `annotator_row` -1 = any person's, `state` NULL = any. */
gint64 assay_tally_sum (const GArray *list, gint64 task_row, gint64 annotator_row, const char *state);

/* For core/standing.c and core/item.c. `class_text`: NULL = answers or items, "" = no class, else a class id. */
gboolean assay_tally_add (AssayStore *store, gint64 task_row, gint64 annotator_row, const char *state, const char *class_text, gint64 n,
                          GError **error);

G_END_DECLS
