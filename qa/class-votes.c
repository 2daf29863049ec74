/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/class-votes.h"

static void
add_vote (AssayClassVotes *votes, guint rater, guint category)
{
  AssayVote vote = { votes->units->len - 1, rater, category };
  g_array_append_val (votes->votes, vote);
}

static void
add_unit (AssayClassVotes *votes, guint thing, guint class)
{
  AssayVotedOn unit = { thing, class };
  g_array_append_val (votes->units, unit);
}

static gboolean
is_first_of_rater (const AssaySaid *said, guint at)
{
  for (guint i = 0; i < at; i++)
    if (said[i].rater == said[at].rater)
      return FALSE;
  return TRUE;
}

static gboolean
says (const AssaySaid *said, guint n, guint rater, guint class)
{
  for (guint i = 0; i < n; i++)
    if (said[i].rater == rater && said[i].class == class)
      return TRUE;
  return FALSE;
}

/* Each class that anybody gave it is a unit. */
static void
add_set (AssayClassVotes *votes, const AssaySaid *said, guint n, guint n_classes)
{
  for (guint i = 0; i < n; i++)
    {
      guint class = said[i].class;
      gboolean known = FALSE;
      for (guint j = 0; j < i; j++)
        known = known || said[j].class == class;
      if (class >= n_classes || known)
        continue;
      add_unit (votes, said[i].thing, class);
      for (guint j = 0; j < n; j++)
        if (is_first_of_rater (said, j))
          add_vote (votes, said[j].rater, says (said, n, said[j].rater, class) ? class : n_classes);
    }
}

static void
count (AssayClassVotes *votes)
{
  g_autoptr (GHashTable) raters = g_hash_table_new (NULL, NULL);
  const AssayVote *all = (const AssayVote *) (gpointer) votes->votes->data;
  for (guint i = 0, end; i < votes->votes->len; i = end)
    {
      gboolean doubly = FALSE;
      for (end = i + 1; end < votes->votes->len && all[end].task == all[i].task; end++)
        doubly = doubly || all[end].rater != all[i].rater;
      votes->n_doubly += doubly;
      for (guint j = i; doubly && j < end; j++)
        g_hash_table_add (raters, GUINT_TO_POINTER (all[j].rater + 1));
    }
  votes->n_raters = g_hash_table_size (raters);
}

AssayClassVotes *
assay_class_votes_new (const GArray *said, guint n_classes)
{
  AssayClassVotes *votes = g_new0 (AssayClassVotes, 1);
  const AssaySaid *all = (const AssaySaid *) (gpointer) said->data;
  gboolean sets = FALSE;
  votes->votes = g_array_new (FALSE, FALSE, sizeof (AssayVote));
  votes->units = g_array_new (FALSE, FALSE, sizeof (AssayVotedOn));
  votes->n_categories = n_classes + 1;
  for (guint i = 1; i < said->len && !sets; i++)
    for (guint j = i; j > 0 && all[j - 1].thing == all[i].thing && !sets; j--)
      sets = all[j - 1].rater == all[i].rater;
  for (guint i = 0, end; i < said->len; i = end)
    {
      for (end = i + 1; end < said->len && all[end].thing == all[i].thing;)
        end++;
      if (sets)
        {
          add_set (votes, all + i, end - i, n_classes);
          continue;
        }
      add_unit (votes, all[i].thing, n_classes);
      for (guint j = i; j < end; j++)
        add_vote (votes, all[j].rater, MIN (all[j].class, n_classes));
    }
  count (votes);
  return votes;
}

void
assay_class_votes_free (AssayClassVotes *votes)
{
  if (votes == NULL)
    return;
  g_array_unref (votes->votes);
  g_array_unref (votes->units);
  g_free (votes);
}

gboolean
assay_class_votes_are_enough (const AssayClassVotes *votes)
{
  return votes->n_doubly >= ASSAY_CLASS_VOTES_ENOUGH && votes->n_raters >= ASSAY_CLASS_VOTES_RATERS;
}

AssayDawidSkene *
assay_class_votes_weigh (const AssayClassVotes *votes, guint n_raters)
{
  if (!assay_class_votes_are_enough (votes))
    return NULL;
  AssayDawidSkene *skene
      = assay_dawid_skene_new ((const AssayVote *) (gpointer) votes->votes->data, votes->votes->len,
                               votes->units->len, n_raters, votes->n_categories, ASSAY_RATER_CONFUSION, NULL);
  if (skene != NULL)
    assay_dawid_skene_run (skene, 200, 1e-9);
  return skene;
}
