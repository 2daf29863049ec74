/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One mask of several: STAPLE, which weighs who finds and who invents pixels, or the pixels that most have. */
#include "core/region.h"
#include "qa/fuse.h"
#include "qa/region-vote.h"
#include "qa/staple.h"

#define MARGIN_PX 10
#define STAPLE_MEMBERS 3 /* of two it cannot tell which one to believe */

static const char *const methods[] = { "staple", "majority", NULL };

/* A pixel that more than half have. */
static gboolean
has_common (const AssayMaskVotes *votes)
{
  for (guint p = 0; p < votes->n_patterns; p++)
    if (2 * votes->n_votes[p] > votes->n_masks)
      return TRUE;
  return FALSE;
}

/* NULL: it does not serve. Whoever is unsure of pixels has no vote on them, which STAPLE has no place for; and
 * where no pixel is most people's, it would believe anybody. */
static AssayMask *
weigh (const AssayRegion *const *regions, guint n)
{
  g_autofree const AssayMask **masks = g_new (const AssayMask *, n);
  for (guint i = 0; i < n; i++)
    {
      if (regions[i]->unsure != NULL)
        return NULL;
      masks[i] = regions[i]->mask;
    }
  g_autoptr (AssayStaple) staple = n >= STAPLE_MEMBERS ? assay_staple_new (masks, n, MARGIN_PX, 0, NULL) : NULL;
  return staple != NULL && has_common (staple->votes) ? assay_staple_consensus (staple) : NULL;
}

static gpointer
join_values (const AssayFuse *fuse, const AssayObject *const *members, guint n, const AssayId *class_id)
{
  g_autofree const AssayRegion **regions = g_new (const AssayRegion *, n);
  for (guint i = 0; i < n; i++)
    regions[i] = members[i]->value;
  AssayMask *mask = fuse->method == methods[0] ? weigh (regions, n) : NULL;
  AssayRegion *region = mask != NULL ? assay_region_new_from_mask (mask) : assay_region_vote (regions, n);
  assay_fuse_use (fuse, methods[mask != NULL ? 0 : 1]);
  if (region == NULL)
    region = assay_region_new_from_mask (assay_mask_copy (regions[0]->mask));
  region->crowd = regions[0]->crowd;
  return region;
}

static AssayObjects *
join (const AssayFuse *fuse)
{
  return assay_fuse_objects (fuse, join_values);
}

const AssayFusion assay_fusion_segmentation = { "segmentation", methods, join };
