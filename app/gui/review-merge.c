/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-merge.h"

#include "core/region.h"
#include "core/transcript.h"
#include "qa/cluster.h"

#include <math.h>

static const AssayCluster *
thing_at (const AssayReviewMerge *merge, guint i)
{
  return merge->things->pdata[i];
}

AssayReviewMerge *
assay_review_merge_new (const AssayReviewCase *review)
{
  g_autoptr (GPtrArray) labels = g_ptr_array_new ();
  AssayReviewMerge *merge = g_new0 (AssayReviewMerge, 1);
  guint n = review->answers->len;
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (labels, ((AssayAnswerShown *) review->answers->pdata[i])->label);
  merge->review = review;
  merge->things = assay_cluster_objects (labels, review->task);
  merge->whose = g_new (guint, merge->things->len + 1);
  for (guint i = 0; i < merge->things->len; i++)
    {
      const AssayCluster *thing = thing_at (merge, i);
      merge->whose[i] = ASSAY_MERGE_NOBODY;
      for (guint a = 0; a < n && 2 * thing->n_members >= n && merge->whose[i] == ASSAY_MERGE_NOBODY; a++)
        if (thing->members[a] != NULL)
          merge->whose[i] = a;
    }
  return merge;
}

void
assay_review_merge_free (AssayReviewMerge *merge)
{
  if (merge == NULL)
    return;
  g_ptr_array_unref (merge->things);
  g_free (merge->whose);
  g_free (merge);
}

gboolean
assay_review_merge_has (const AssayReviewMerge *merge, guint thing, guint answer)
{
  return thing < merge->things->len && answer < merge->review->answers->len
         && thing_at (merge, thing)->members[answer] != NULL;
}

gboolean
assay_review_merge_choose (AssayReviewMerge *merge, guint thing, guint answer)
{
  gboolean there = thing < merge->things->len
                   && (answer == ASSAY_MERGE_NOBODY || assay_review_merge_has (merge, thing, answer));
  if (there)
    merge->whose[thing] = answer;
  return there;
}

static gboolean
holds (const AssayReviewMerge *merge, const AssayObject *object, AssayPoint at, double *ret_area)
{
  const AssayKind *kind = merge->review->task->kind;
  AssayRect box;
  if (object == NULL || kind->bounds == NULL || !kind->bounds (object->value, &box) || at.x < box.x || at.y < box.y
      || at.x >= box.x + box.w || at.y >= box.y + box.h)
    return FALSE;
  *ret_area = box.w * box.h;
  return !g_str_equal (kind->id, "segmentation")
         || assay_mask_contains (((const AssayRegion *) object->value)->mask, (guint) at.x, (guint) at.y);
}

guint
assay_review_merge_find (const AssayReviewMerge *merge, AssayPoint at)
{
  guint best = G_MAXUINT;
  double least = INFINITY, area;
  for (guint i = 0; at.x >= 0 && at.y >= 0 && i < merge->things->len; i++)
    for (guint a = 0; a < merge->review->answers->len; a++)
      if (holds (merge, thing_at (merge, i)->members[a], at, &area) && area < least)
        {
          least = area;
          best = i;
        }
  return best;
}

void
assay_review_merge_cycle (AssayReviewMerge *merge, guint thing)
{
  guint n = merge->review->answers->len,
        from = merge->whose[thing] == ASSAY_MERGE_NOBODY ? 0 : merge->whose[thing] + 1;
  for (guint a = from; a < n; a++)
    if (assay_review_merge_choose (merge, thing, a))
      return;
  merge->whose[thing] = ASSAY_MERGE_NOBODY;
}

char *
assay_review_merge_dup_name (const AssayReviewMerge *merge, guint thing)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GString *out = g_string_new (NULL);
  for (guint a = 0; a < merge->review->answers->len; a++)
    {
      const AssayObject *object = thing_at (merge, thing)->members[a];
      const AssayClass *class = object != NULL ? assay_task_find_class (merge->review->task, &object->class_id)
                                               : NULL;
      const char *name = class != NULL ? class->name
                         : object != NULL && g_str_equal (merge->review->task->kind->id, "transcript")
                             ? ((const AssaySegment *) object->value)->text
                             : NULL;
      if (name == NULL || g_ptr_array_find_with_equal_func (names, name, g_str_equal, NULL))
        continue;
      g_ptr_array_add (names, (gpointer) name);
      g_string_append_printf (out, "%s%s", out->len > 0 ? " / " : "", name);
    }
  return g_string_free (out, FALSE);
}

AssayObjects *
assay_review_merge_build (const AssayReviewMerge *merge)
{
  const AssayKind *kind = merge->review->task->kind;
  AssayObjects *objects = assay_objects_new (kind);
  for (guint i = 0; i < merge->things->len; i++)
    if (merge->whose[i] != ASSAY_MERGE_NOBODY)
      assay_objects_take (objects, assay_object_copy (thing_at (merge, i)->members[merge->whose[i]], kind));
  return objects;
}

AssayMarks *
assay_review_merge_list_marks (const AssayReviewMerge *merge, guint selected)
{
  AssayMarks *marks = assay_marks_new ();
  for (int chosen = 0; chosen <= 1; chosen++) /* the chosen ones on top */
    for (guint i = 0; i < merge->things->len; i++)
      for (guint a = 0; a < merge->review->answers->len; a++)
        {
          const AssayObject *object = thing_at (merge, i)->members[a];
          if (object == NULL || (merge->whose[i] == a) != chosen)
            continue;
          AssayMarkFlags flags = !chosen ? ASSAY_MARK_FAINT : i == selected ? ASSAY_MARK_SELECTED : 0;
          assay_review_case_mark_object (merge->review, merge->review->answers->pdata[a], object, flags, marks);
        }
  return marks;
}
