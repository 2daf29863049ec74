/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/edits-selection.h - what keys and menus do to the selected objects: grow, join, raise … A table; each
 * act is one named step of undo. Main thread. */
#include "annotate/tool.h"

G_BEGIN_DECLS

typedef struct
{
  const char *id;           /* "grow" */
  const char *title;        /* "Grow by a Pixel": for menus */
  const char *const *kinds; /* (nullable) ends with NULL; NULL = all that have marks on a picture */
  guint least;              /* so many objects must be selected; 0: without a selection it is about all */
  /* `objects` are the selected ones, in z-order. NULL when nothing changes: then the answer's hint says why. */
  AssayEdit *(*make) (const AssayScene *scene, const GPtrArray *objects, AssayAnswer *answer);
  guint section; /* acts of one section stand together in a menu */
} AssayAct;

const AssayAct *assay_acts_list (guint *ret_n);
const AssayAct *assay_act_find (const char *id); /* (nullable) */
gboolean assay_act_serves (const AssayAct *act, const AssayKind *kind);
/* The edit, not applied yet. NULL: the answer's hint says why. Locked objects are not changed. The answer may
 * select what comes to be, once the edit is applied. */
AssayEdit *assay_act_run (const AssayAct *act, const AssayScene *scene, AssayAnswer *answer);

G_END_DECLS
