/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/still-watch.h"

#include "core/json.h"

#include <math.h>
#include <stdlib.h>

#define LEAST 5
#define BLURRED 0.35
#define SAME_BITS 2
#define ALIKE 0.1

void
assay_still_look (const AssayPicture *picture, AssayStillLook *ret_look)
{
  AssayPictureMeasure measure;
  assay_picture_measure (picture, &measure);
  *ret_look = (AssayStillLook){
    measure.mean, measure.under, measure.over, measure.sharpness, assay_picture_hash_difference (picture), 0
  };
}

json_t *
assay_still_look_to_json (const AssayStillLook *look)
{
  char hash[17];
  g_snprintf (hash, sizeof hash, "%016" G_GINT64_MODIFIER "x", look->hash);
  return json_pack ("{s:f, s:f, s:f, s:f, s:s}", "mean", look->mean, "under", look->under, "over", look->over,
                    "sharpness", look->sharpness, "dhash", hash);
}

static gboolean
is_alike (double a, double b)
{
  return fabs (a - b) <= ALIKE * MAX (MAX (a, b), 1);
}

static int
by_size (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

void
assay_still_watch_judge (AssayStillWatch *watch, const AssayStillLook *look, AssayStillVerdict *ret_verdict)
{
  guint n = (guint) MIN (watch->n, ASSAY_STILL_WINDOW);
  double sharpness[ASSAY_STILL_WINDOW];
  AssayStillVerdict verdict = { .usual_sharpness = NAN };
  for (guint i = 0; i < n; i++)
    {
      const AssayStillLook *other = &watch->last[i];
      sharpness[i] = other->sharpness;
      if (verdict.duplicate || assay_picture_hash_distance (look->hash, other->hash) > SAME_BITS
          || !is_alike (look->mean, other->mean) || !is_alike (look->sharpness, other->sharpness))
        continue;
      verdict.duplicate = TRUE;
      verdict.of = other->number;
    }
  if (n >= LEAST)
    {
      qsort (sharpness, n, sizeof *sharpness, by_size);
      verdict.usual_sharpness = sharpness[n / 2];
      verdict.blurred = look->sharpness < BLURRED * verdict.usual_sharpness;
    }
  if (!verdict.duplicate)
    {
      watch->last[watch->n % ASSAY_STILL_WINDOW] = *look;
      watch->last[watch->n % ASSAY_STILL_WINDOW].number = watch->looked;
      watch->n++;
    }
  watch->looked++;
  *ret_verdict = verdict;
}
