/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object that is less like everybody else's than objects of its class usually are, though the task would let it
 * pass: a sloppy one. */
#include "qa/check.h"
#include "qa/spot.h"

#include <math.h>

extern const AssayCheck assay_check_unlike;

#define LEAST_APART 0.005 /* of 1 - similarity: as good as equal */

/* Of words and tags a difference is a difference; of skeletons each point is looked at (off-point). */
static const char *const kinds[] = { "segmentation", "box", "pose", NULL };

/* How far each object of each answer is from the nearest of the others': NaN = nobody has it. */
static double **
measure (const AssayLook *look)
{
  guint n = look->labels->len;
  double **apart = g_new0 (double *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      guint n_objects = ((const AssayLabel *) look->labels->pdata[i])->objects->list->len;
      apart[i] = g_new (double, (gsize) n_objects + 1);
      for (guint o = 0; o < n_objects; o++)
        apart[i][o] = NAN;
    }
  for (guint i = 0; i < n; i++)
    for (guint j = i + 1; j < n; j++)
      {
        const AssayLabel *one = look->labels->pdata[i], *other = look->labels->pdata[j];
        g_autoptr (GArray) matches
            = assay_objects_match (one->objects, other->objects, look->task, look->task->kind->least_similarity);
        for (guint m = 0; m < matches->len; m++)
          {
            const AssayMatch *match = &g_array_index (matches, AssayMatch, m);
            if (match->a == G_MAXUINT || match->b == G_MAXUINT)
              continue;
            double off = fmax (1 - match->similarity, LEAST_APART);
            apart[i][match->a] = fmin (apart[i][match->a], off);
            apart[j][match->b] = fmin (apart[j][match->b], off);
          }
      }
  return apart;
}

/* Of two answers nobody knows which is the sloppy one: it is told once. */
static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  guint n = look->labels->len, n_told = n == 2 ? 1 : n;
  if (n < 2)
    return;
  double **apart = measure (look);
  for (guint i = 0; i < n; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      for (guint o = 0; i < n_told && o < label->objects->list->len; o++)
        {
          const AssayObject *object = label->objects->list->pdata[o];
          AssaySpot spot = assay_spot_new (look, i, object);
          g_autofree char *class = assay_id_dup_text (&object->class_id);
          assay_outliers_add (state, class, &spot, apart[i][o]);
        }
      g_free (apart[i]);
    }
  g_free (apart);
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
  static const AssayOutlierRule rule
      = { .least = 20, .high = 1.5, .plain = TRUE, .severity = ASSAY_SEVERITY_NOTE, .say = say };
  assay_outliers_end (state, &assay_check_unlike, &rule, findings);
}

const AssayCheck assay_check_unlike = {
  .id = "unlike",
  .title = "Less alike than usual",
  .help = "an object that is far less like the nearest of the others' than objects of its class usually are: "
          "sloppy, though the task would "
          "let it pass",
  .version = 3,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .state_size = sizeof (AssayOutliers),
  .look = look_at,
  .merge = assay_outliers_merge_state,
  .end = end,
  .clear = assay_outliers_clear_state,
};
