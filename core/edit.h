/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/edit.h - one gesture: the objects it touched, before and after. In memory whole; on disk masks as what differs.
 * Any thread. */
#include "core/kind.h"

G_BEGIN_DECLS

typedef struct {
  AssayObject *before, *after; /* NULL = it was not there; both owned */
  gboolean moves;              /* nothing but its place in the z-order: */
  guint from, to;              /* both places without it, so that 0 is below all others */
} AssayChange;

typedef struct {
  const AssayKind *kind;
  char *name;          /* "polygon cup-3": what undo shows */
  double seconds;      /* active ones since the edit before; 0 = unknown */
  GPtrArray *changes;  /* of AssayChange */
} AssayEdit;
AssayEdit *assay_edit_new (const AssayKind *kind, const char *name);
void assay_edit_free (AssayEdit *edit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayEdit, assay_edit_free)
AssayEdit *assay_edit_copy (const AssayEdit *edit);
void assay_edit_take (AssayEdit *edit, AssayObject *before, AssayObject *after);
/* Another place in the z-order. `object` is copied. */
void assay_edit_add_move (AssayEdit *edit, const AssayObject *object, guint from, guint to);
/* Applies (or, `backward`, takes back) an edit to a set of objects: all of it, or nothing and BAD_DATA when an object is not
 * there, or is there already. New objects come last. */
gboolean assay_edit_apply (const AssayEdit *edit, AssayObjects *objects, gboolean backward, GError **error);

/* The journal's form, an array: {"id", "at", "before", "after"} with whole objects or null, or {"id", "diff"} by the kind,
 * or {"id", "move": [from, to]} for another place in the z-order; each with "seconds", its share of the edit's, when
 * those are known. It
 * says what the edit does to `objects` as they stand, which may be more than the person saw (two windows on one draft). */
json_t *assay_edit_to_json (const AssayEdit *edit, const AssayObjects *objects, const AssayTask *task, GError **error);
/* Does (or undoes) what is written. What has lost its object meanwhile is passed over: the rest still holds. */
gboolean assay_edit_replay (const json_t *changes, AssayObjects *objects, const AssayTask *task, const AssayItem *item, gboolean backward,
                            GError **error);

G_END_DECLS
