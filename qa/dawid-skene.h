/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* qa/dawid-skene.h - what is true and who can be believed, from votes alone: Dawid and Skene 1979, by EM.
 *
 * Each rater has a confusion matrix (what they say, given what is true), each category a prior; votes are
 * independent given the truth. The first posterior is the share of votes. One step: posterior from prior and
 * confusion (in logs), prior = its mean, confusion = expected counts, floored at 1e-10 and divided by their sum; a
 * category that a rater never said stays 0. One coin (Zhang et al. 2014): a rater is right with one probability,
 * their skill, and else says any other category alike. Golden: `dawid_skene` (crowd-kit).
 *
 * The likelihood has more than one peak: categories can swap names when most raters are worse than chance, and
 * votes that are symmetric stay at 1/k. Undefined is NaN. Deterministic. Any thread; one object, one thread at a
 * time. */
#include <glib.h>

G_BEGIN_DECLS

typedef struct
{
  guint task, rater, category; /* indices from 0 */
} AssayVote;

typedef enum
{
  ASSAY_RATER_CONFUSION,
  ASSAY_RATER_ONE_COIN
} AssayRaterModel;

typedef struct
{
  guint n_tasks, n_raters, n_categories;
  gsize n_votes;
  guint n_steps;
  double *posterior; /* tasks x categories; NaN where nobody voted */
  double *prior;     /* categories; NaN without any vote */
  double *skill;     /* raters: expected share of their votes that is true; NaN without a vote */
  struct _AssayDawidSkenePrivate *private;
} AssayDawidSkene;

/* State 0: vote shares and what follows from them. Votes in any order; one rater may vote on a task more than once.
 * `votes` is not kept. BAD_DATA for an index out of range. */
AssayDawidSkene *assay_dawid_skene_new (const AssayVote *votes, gsize n_votes, guint n_tasks, guint n_raters,
                                        guint n_categories, AssayRaterModel model, GError **error);
void assay_dawid_skene_free (AssayDawidSkene *skene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayDawidSkene, assay_dawid_skene_free)

/* One step of EM; the largest change of a posterior. */
double assay_dawid_skene_step (AssayDawidSkene *skene);
/* Steps until the largest change is at most `tolerance`; FALSE when it is not after `most_steps`. */
gboolean assay_dawid_skene_run (AssayDawidSkene *skene, guint most_steps, double tolerance);

/* P (rater says `said` | `truth`). NaN when less than a millionth of a vote stands behind the row. */
double assay_dawid_skene_confusion (const AssayDawidSkene *skene, guint rater, guint truth, guint said);
/* The expected number of votes that this rater gave on tasks whose truth is `truth`. */
double assay_dawid_skene_weight (const AssayDawidSkene *skene, guint rater, guint truth);
/* The likeliest category, the first of equals; G_MAXUINT where nobody voted. */
guint assay_dawid_skene_label (const AssayDawidSkene *skene, guint task);

/* Wawa, "worker agreement with aggregate": the share of a rater's votes that say what most say (ties: the first
 * category); the same vote given twice counts once. `ret_skill`: raters, NaN without a vote. */
gboolean assay_votes_wawa (const AssayVote *votes, gsize n_votes, guint n_tasks, guint n_raters, guint n_categories,
                           double *ret_skill, GError **error);

G_END_DECLS
