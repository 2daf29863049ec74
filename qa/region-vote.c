/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/region-vote.h"

#include "qa/mask-votes.h"

/* Of one pattern of votes: the masks', then who is unsure. */
static void
decide (const guint8 *says, guint n, guint8 *ret_inside, guint8 *ret_unsure)
{
  guint n_unsure = 0, n_in = 0, n_sure_in = 0;
  for (guint i = 0; i < n; i++)
    {
      n_unsure += says[n + i];
      n_in += says[i];
      n_sure_in += says[i] && !says[n + i];
    }
  guint voters = n_unsure < n ? n - n_unsure : n, votes = n_unsure < n ? n_sure_in : n_in;
  *ret_inside = votes > 0 && 2 * votes >= voters;
  *ret_unsure = 2 * n_unsure > n;
}

AssayRegion *
assay_region_vote (const AssayRegion *const *regions, guint n)
{
  g_autofree const AssayMask **masks = g_new (const AssayMask *, 2 * (gsize) n);
  g_autoptr (AssayMask) nothing
      = assay_mask_new_empty (regions[0]->mask->width_px, regions[0]->mask->height_px);
  for (guint i = 0; i < n; i++)
    {
      masks[i] = regions[i]->mask;
      masks[n + i] = regions[i]->unsure != NULL ? regions[i]->unsure : nothing;
    }
  g_autoptr (AssayMaskVotes) votes = assay_mask_votes_new (masks, 2 * n, NULL);
  if (votes == NULL)
    return NULL;
  g_autofree guint8 *inside = g_new (guint8, votes->n_patterns), *unsure = g_new (guint8, votes->n_patterns);
  for (guint p = 0; p < votes->n_patterns; p++)
    decide (votes->says + 2 * (gsize) p * n, n, &inside[p], &unsure[p]);
  AssayRegion *region = assay_region_new_from_mask (assay_mask_votes_choose (votes, inside));
  assay_region_set_unsure (region, assay_mask_votes_choose (votes, unsure));
  return region;
}
