/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/rule.h - what a careful hand would not leave in a label: specks, slivers, what leaves the picture, one thing
 * drawn twice. A registry (core/rule-*.c, one word each in core/meson.build).
 *
 * Rules are hints, not validation (core/kind.h): a label that breaks one may be right, and a person decides.
 * `annotate` asks after each gesture, so that a rule looks at one object in milliseconds; a check may ask the same
 * of every answer. Any thread. */
#include "core/edit.h"

G_BEGIN_DECLS

/* What a rule may look at. All borrowed. */
typedef struct
{
  const AssayTask *task;
  const AssayItem *item;
  const AssayObjects *objects;
  gint64
      until_us; /* monotonic: who asks has no time after it, and what is not found by then is not told; 0 = any */
} AssayDrawn;
gboolean assay_drawn_is_late (const AssayDrawn *drawn);

typedef struct _AssayRule AssayRule;

/* A rule that one object breaks. */
typedef struct
{
  const AssayRule *rule; /* NULL = none is broken */
  AssayId object;
  AssayRect place;    /* where, in image pixels */
  char *why;          /* "one-pixel island" */
  const char *remedy; /* (nullable) what the repair does: "removes it"; NULL = a person has to */
} AssayBreach;
void assay_breach_clear (AssayBreach *breach);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AssayBreach, assay_breach_clear)
/* "cup: one-pixel island". */
char *assay_breach_dup_text (const AssayBreach *breach, const AssayDrawn *drawn);

struct _AssayRule
{
  const char *id, *title, *help; /* help: what it finds and why it matters, one sentence */
  const char *const *kinds;      /* kinds of task that it looks at, ends with NULL */
  /* Whether `object` breaks it; then fills place, why and remedy. */
  gboolean (*find) (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach);
  /* The remedy as one edit, named after it; optional. NULL = there is nothing to repair any more. */
  AssayEdit *(*repair) (const AssayDrawn *drawn, const AssayObject *object);
};

const AssayRule *assay_rule_find (const char *id); /* (nullable) */
const AssayRule *const *assay_rule_list (guint *ret_n);
gboolean assay_rule_serves (const AssayRule *rule, const AssayKind *kind);

/* The first rule that the object breaks, in the order of the list. FALSE = none. */
gboolean assay_rules_look (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach);
/* What takes the breach away, of the objects as they stand now; NULL when it has no remedy, or is gone. */
AssayEdit *assay_breach_new_repair (const AssayBreach *breach, const AssayDrawn *drawn);

/* For the authors of rules: an edit of one object. `take_value` (nullable) is its value afterwards; NULL removes
 * it. */
AssayEdit *assay_rule_edit (const AssayDrawn *drawn, const AssayObject *object, const char *name,
                            gpointer take_value);

G_END_DECLS
