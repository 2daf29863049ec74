/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/apart.h - which answers tell how well people agree, and which are told apart: items chosen because they are
 * hard, answers that began as a program's draft, answers of models. They never enter a headline, the human baseline
 * or the gate. */
#include "core/label.h"

G_BEGIN_DECLS

typedef enum
{
  ASSAY_APART_DRAFTED, /* an object was proposed by a program, as it is or corrected (core/proposal.h) */
  ASSAY_APART_HARD,    /* the item is flagged hard, or to be discussed */
  ASSAY_APART_MINED,   /* the item was chosen for a model's mistake: flag mined */
  ASSAY_APART_MODEL,   /* a model's own answer */
  ASSAY_APART_N
} AssayApartWhy;
const char *assay_apart_to_text (AssayApartWhy why);  /* "drafted" … as in JSON */
const char *assay_apart_to_words (AssayApartWhy why); /* for people */

typedef struct _AssayApart AssayApart;
/* Reads the flags of all items once. Store's thread; asking: any thread. */
AssayApart *assay_apart_new (AssayStore *store, GError **error);
void assay_apart_free (AssayApart *apart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayApart, assay_apart_free)

/* Bits 1 << AssayApartWhy; 0 = it counts. */
guint assay_apart_of_item (const AssayApart *apart, gint64 item_row);
guint assay_apart_of_answer (const AssayLabel *label, const AssayAnnotator *annotator);

G_END_DECLS
