/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object that is less like everybody else's than objects of its class usually are, though the task would let it
 * pass: a sloppy one. */
#include "qa/check.h"
#include "qa/compare.h"
#include "qa/difference.h"
#include "qa/spot.h"

#include <math.h>

extern const AssayCheck assay_check_unlike;

#define LEAST_APART 0.005 /* of 1 - similarity: as good as equal */

/* Geometry; of words and tags a difference is a difference. */
static const char *const kinds[] = { "segmentation", "box", "keypoints", "pose", NULL };

/* How far each object of one answer is from the nearest of the others': NaN = nobody has it. */
static double *
measure (const AssayLook *look, guint answer)
{
  const AssayLabel *label = look->labels->pdata[answer];
  const GPtrArray *objects = label->objects->list;
  double *apart = g_new (double, (gsize) objects->len + 1);
  for (guint o = 0; o < objects->len; o++)
    apart[o] = NAN;
  for (guint other = 0; other < look->labels->len; other++)
    {
      if (other == answer)
        continue;
      g_autoptr (GArray) matches
          = assay_objects_match (label->objects, ((const AssayLabel *) look->labels->pdata[other])->objects,
                                 look->task, look->task->kind->least_similarity);
      for (guint m = 0; m < matches->len; m++)
        {
          const AssayMatch *match = &g_array_index (matches, AssayMatch, m);
          if (match->a != G_MAXUINT && match->b != G_MAXUINT)
            apart[match->a] = fmin (apart[match->a], fmax (1 - match->similarity, LEAST_APART));
        }
    }
  return apart;
}

/* Of two answers nobody knows which is the sloppy one: it is told once. */
static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  guint n = look->labels->len == 2 ? 1 : look->labels->len;
  for (guint i = 0; look->labels->len > 1 && i < n; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      g_autofree double *apart = measure (look, i);
      for (guint o = 0; o < label->objects->list->len; o++)
        {
          const AssayObject *object = label->objects->list->pdata[o];
          AssaySpot spot = assay_spot_new (look, i, object);
          g_autofree char *class = assay_id_dup_text (&object->class_id);
          assay_outliers_add (state, class, &spot, apart[o]);
        }
    }
}

static char *
say (const AssaySpot *spot, double value, double usual)
{
  return g_strdup_printf (
      "%s's is only %.2f like the nearest of the others', and %.2f is usual: within the tolerance, and sloppy",
      spot->annotator, 1 - value, 1 - usual);
}

static void
end (gpointer state, GPtrArray *findings)
{
  static const AssayOutlierRule rule = { .least = 20, .high = 1.5, .severity = ASSAY_SEVERITY_NOTE, .say = say };
  assay_outliers_end (state, &assay_check_unlike, &rule, findings);
}

const AssayCheck assay_check_unlike = {
  .id = "unlike",
  .title = "Less alike than usual",
  .help = "an object that is far less like the nearest of the others' than objects of its class usually are: "
          "sloppy, though the task would "
          "let it pass",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .state_size = sizeof (AssayOutliers),
  .look = look_at,
  .merge = assay_outliers_merge_state,
  .end = end,
  .clear = assay_outliers_clear_state,
};
