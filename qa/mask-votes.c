/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/mask-votes.h"

#include "core/error.h"

#include <string.h>

/* Where one mask's runs are read. */
typedef struct
{
  const AssayMask *mask;
  guint next;  /* index of the run after this one */
  guint64 end; /* of this run, in pixels */
  guint8 says;
} Reader;

/* Patterns by their votes: a tree with one level a mask. A leaf is the number of a pattern + 1, 0 is nothing yet.
 */
typedef struct
{
  GArray *nodes; /* of guint32[2] */
} Tree;

static void
reader_step (Reader *reader)
{
  reader->says = (guint8) (reader->next % 2);
  reader->end += reader->mask->runs[reader->next++];
}

static guint32 *
tree_child (Tree *tree, guint32 node, guint8 says)
{
  return &g_array_index (tree->nodes, guint32, 2 * node + says);
}

/* The number of the pattern that the readers stand in; a new one is `n_known`. */
static guint32
find_pattern (Tree *tree, const Reader *readers, guint n_masks, guint32 n_known)
{
  guint32 node = 0;
  for (guint i = 0; i + 1 < n_masks; i++)
    {
      guint32 child = *tree_child (tree, node, readers[i].says);
      if (child == 0)
        {
          child = tree->nodes->len / 2;
          *tree_child (tree, node, readers[i].says) = child;
          g_array_set_size (tree->nodes, tree->nodes->len + 2);
        }
      node = child;
    }
  guint32 *leaf = tree_child (tree, node, readers[n_masks - 1].says);
  if (*leaf == 0)
    *leaf = n_known + 1;
  return *leaf - 1;
}

static gboolean
check_masks (const AssayMask *const *masks, guint n_masks, GError **error)
{
  if (n_masks == 0)
    return assay_error_bad_data (error, "joining masks: there are none");
  for (guint i = 1; i < n_masks; i++)
    if (masks[i]->width_px != masks[0]->width_px || masks[i]->height_px != masks[0]->height_px)
      return assay_error_bad_data (
          error, "joining masks: one is %u x %u and another %u x %u; they must be of one picture",
          masks[0]->width_px, masks[0]->height_px, masks[i]->width_px, masks[i]->height_px);
  return TRUE;
}

static void
add_pattern (GArray *says, GArray *n_votes, GArray *pattern_px, const Reader *readers, guint n_masks)
{
  guint n = 0;
  guint64 none = 0;
  for (guint i = 0; i < n_masks; i++)
    {
      g_array_append_val (says, readers[i].says);
      n += readers[i].says;
    }
  g_array_append_val (n_votes, n);
  g_array_append_val (pattern_px, none);
}

AssayMaskVotes *
assay_mask_votes_new (const AssayMask *const *masks, guint n_masks, GError **error)
{
  if (!check_masks (masks, n_masks, error))
    return NULL;
  AssayMaskVotes *votes = g_new0 (AssayMaskVotes, 1);
  *votes = (AssayMaskVotes){ masks[0]->width_px, masks[0]->height_px, n_masks };
  g_autofree Reader *readers = g_new0 (Reader, n_masks);
  guint64 at = 0, n_px = (guint64) votes->width_px * votes->height_px;
  for (guint i = 0; i < n_masks; i++)
    readers[i].mask = masks[i];
  Tree tree = { g_array_new (FALSE, TRUE, sizeof (guint32)) };
  g_array_set_size (tree.nodes, 2);
  GArray *says = g_array_new (FALSE, FALSE, 1), *n_votes = g_array_new (FALSE, FALSE, sizeof (guint)),
         *pattern_px = g_array_new (FALSE, FALSE, sizeof (guint64)),
         *lengths = g_array_new (FALSE, FALSE, sizeof (guint32)),
         *patterns = g_array_new (FALSE, FALSE, sizeof (guint32));
  while (at < n_px)
    {
      guint64 end = n_px;
      for (guint i = 0; i < n_masks; i++)
        {
          while (readers[i].end <= at)
            reader_step (&readers[i]);
          end = MIN (end, readers[i].end);
        }
      guint32 pattern = find_pattern (&tree, readers, n_masks, n_votes->len), length = (guint32) (end - at);
      if (pattern == n_votes->len)
        add_pattern (says, n_votes, pattern_px, readers, n_masks);
      g_array_index (pattern_px, guint64, pattern) += length;
      g_array_append_val (lengths, length);
      g_array_append_val (patterns, pattern);
      at = end;
    }
  g_array_unref (tree.nodes);
  votes->n_patterns = n_votes->len;
  votes->n_stretches = lengths->len;
  votes->says = (guint8 *) (gpointer) g_array_free (says, FALSE);
  votes->n_votes = (guint *) (gpointer) g_array_free (n_votes, FALSE);
  votes->pattern_px = (guint64 *) (gpointer) g_array_free (pattern_px, FALSE);
  votes->length_px = (guint32 *) (gpointer) g_array_free (lengths, FALSE);
  votes->pattern = (guint32 *) (gpointer) g_array_free (patterns, FALSE);
  return votes;
}

void
assay_mask_votes_free (AssayMaskVotes *votes)
{
  if (votes == NULL)
    return;
  g_free (votes->says);
  g_free (votes->n_votes);
  g_free (votes->pattern_px);
  g_free (votes->length_px);
  g_free (votes->pattern);
  g_free (votes);
}

AssayMask *
assay_mask_votes_choose (const AssayMaskVotes *votes, const guint8 *chosen)
{
  g_autofree guint32 *runs = g_new (guint32, (gsize) votes->n_stretches + 1);
  guint n_runs = 1;
  runs[0] = 0;
  for (guint i = 0; i < votes->n_stretches; i++)
    {
      gboolean inside = chosen[votes->pattern[i]] != 0;
      if (inside == (n_runs % 2 == 0))
        runs[n_runs - 1] += votes->length_px[i];
      else
        runs[n_runs++] = votes->length_px[i];
    }
  return assay_mask_new_from_runs (votes->width_px, votes->height_px, runs, n_runs, NULL);
}

AssayMask *
assay_mask_votes_majority (const AssayMaskVotes *votes)
{
  g_autofree guint8 *chosen = g_new (guint8, (gsize) votes->n_patterns + 1);
  for (guint i = 0; i < votes->n_patterns; i++)
    chosen[i] = 2 * votes->n_votes[i] >= votes->n_masks;
  return assay_mask_votes_choose (votes, chosen);
}
