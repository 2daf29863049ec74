/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/class-votes.h - who calls what what, as votes that Dawid and Skene can weigh.
 *
 * A thing has one class of a rater's, or none ("nothing" is one more category). An item's tags are a set: where
 * nobody gives an item two, the item is the thing; else each class that anybody gave an item is a thing of its own,
 * which the others call nothing. Any thread. */
#include "qa/dawid-skene.h"

G_BEGIN_DECLS

typedef struct
{
  guint thing, rater; /* ascending by thing */
  guint class;        /* n_classes: nothing */
} AssaySaid;

typedef struct
{
  guint thing, class; /* class: n_classes where the thing is the whole item */
} AssayVotedOn;

typedef struct
{
  GArray *votes; /* of AssayVote; categories: the classes, then nothing */
  GArray *units; /* of AssayVotedOn: what the votes' tasks are */
  guint n_categories;
  guint n_doubly, n_raters; /* units with two raters or more; raters that have a vote on one of these */
} AssayClassVotes;

/* `said`: of AssaySaid. */
AssayClassVotes *assay_class_votes_new (const GArray *said, guint n_classes);
void assay_class_votes_free (AssayClassVotes *votes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayClassVotes, assay_class_votes_free)

/* Fewer doubly rated things, or raters, are not enough to tell a confusion from a chance: a simple majority then.
 */
#define ASSAY_CLASS_VOTES_ENOUGH 10
#define ASSAY_CLASS_VOTES_RATERS 3
gboolean assay_class_votes_are_enough (const AssayClassVotes *votes);
/* Run until it rests (1e-9, or 200 steps); NULL when they are not enough. `n_raters`: indices are below. */
AssayDawidSkene *assay_class_votes_weigh (const AssayClassVotes *votes, guint n_raters);

G_END_DECLS
