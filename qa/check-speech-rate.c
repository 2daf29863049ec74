/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Far more or far fewer characters a second than this speaker says: words that are missing, or not said, or a
 * segment cut wrongly. */
#include "qa/check.h"
#include "core/transcript.h"
#include "qa/spot.h"

extern const AssayCheck assay_check_speech_rate;

#define LEAST_S 0.3

static const char *const kinds[] = { "transcript", NULL };

static void
measure (gpointer outliers, const AssayLook *look, guint label, const AssayObject *object)
{
  const AssaySegment *segment = object->value;
  double seconds = (double) (segment->end - segment->start) / MAX (look->item->rate_hz, 1);
  if (segment->text[0] == '\0' || segment->unclear || seconds < LEAST_S)
    return;
  AssaySpot spot = assay_spot_new (look, label, object);
  spot.start = segment->start;
  spot.end = segment->end;
  assay_outliers_add (outliers, segment->speaker != NULL ? segment->speaker : "", &spot,
                      (double) g_utf8_strlen (segment->text, -1) / seconds);
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  assay_look_each_object (look, measure, state);
}

static char *
say (const AssaySpot *spot, double value, double usual)
{
  return g_strdup_printf ("%s wrote %.1f characters a second here, and %.1f is usual: %s", spot->annotator, value,
                          usual,
                          value > usual ? "words that are not said, or a segment that is too short"
                                        : "words that are missing, or a segment that is too long");
}

static void
end (gpointer state, GPtrArray *findings)
{
  static const AssayOutlierRule rule
      = { .least = 20, .low = 2, .high = 2, .severity = ASSAY_SEVERITY_WARNING, .say = say };
  assay_outliers_end (state, &assay_check_speech_rate, &rule, findings);
}

const AssayCheck assay_check_speech_rate = {
  .id = "speech-rate",
  .title = "Characters a second",
  .help = "far more or fewer characters a second than this speaker says elsewhere: words missing, or not said, or "
          "a segment cut wrongly",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .state_size = sizeof (AssayOutliers),
  .look = look_at,
  .merge = assay_outliers_merge_state,
  .end = end,
  .clear = assay_outliers_clear_state,
};
