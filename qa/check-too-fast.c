/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer that took far less time than such answers take: clicked through, or handed in by mistake. */
#include "qa/check.h"
#include "qa/spot.h"

extern const AssayCheck assay_check_too_fast;

#include <math.h>

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      const AssayAnnotator *annotator = look->annotators->pdata[i];
      if (label->simulated || annotator->kind != ASSAY_ANNOTATOR_PERSON || !(label->seconds >= 0))
        continue;
      AssaySpot spot = assay_spot_new (look, i, NULL);
      /* What was drafted by a program is another kind of work. */
      assay_outliers_add (state, label->assisted != NULL ? label->assisted : "", &spot,
                          MAX (label->seconds, 0.1) / MAX (label->objects->list->len, 1));
    }
}

static char *
say (const AssaySpot *spot, double value, double usual)
{
  return g_strdup_printf ("%s took %.1f s an object here, and %.1f s is usual", spot->annotator, value, usual);
}

static void
end (gpointer state, GPtrArray *findings)
{
  static const AssayOutlierRule rule = { .least = 20, .low = 4, .severity = ASSAY_SEVERITY_WARNING, .say = say };
  assay_outliers_end (state, &assay_check_too_fast, &rule, findings);
}

const AssayCheck assay_check_too_fast = {
  .id = "too-fast",
  .title = "Too fast to be true",
  .help = "a person's answer in less than a quarter of the time that such answers take: clicked through, or handed "
          "in by mistake",
  .version = 1,
  .scope = ASSAY_SCOPE_LABEL,
  .state_size = sizeof (AssayOutliers),
  .look = look_at,
  .merge = assay_outliers_merge_state,
  .end = end,
  .clear = assay_outliers_clear_state,
};
