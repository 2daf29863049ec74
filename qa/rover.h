/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/rover.h - one text out of several: ROVER (Fiscus 1997), as crowd-kit has it.
 *
 * The first text is a row of slots. Each next one is aligned to it with the fewest edits (a word that a slot has is
 * free; a slot that may stay empty is free to pass over), and its words become votes in the slots, "nothing" too.
 * Each slot then goes to what most say; on a tie to the longer word (in code points), then to the later in code
 * point order. So the order of texts can matter: give them in the order of annotators' names. Golden: `rover`. Any
 * thread. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  char *text;       /* the words chosen, with one blank between */
  GArray *places;   /* of guint, one a word chosen: which word of the first text stands there, or, where none does, the one
                       before it; G_MAXUINT = before all of them */
  guint n_slots;    /* places where at least one text has a word */
  double agreement; /* mean over slots of the share of texts that say what was chosen; NaN without slots */
} AssayRover;

/* Valid UTF-8; words as in qa/words.h. BAD_DATA for no texts, UNSUPPORTED for texts that are too long to align (a
 * thousand million places in the table). */
AssayRover *assay_rover_new (const char *const *texts, guint n_texts, GError **error);
void assay_rover_free (AssayRover *rover);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayRover, assay_rover_free)

G_END_DECLS
