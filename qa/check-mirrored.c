/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Left and right swapped: with the names of its sides exchanged, the skeleton fits the other answer far better. */
#include "qa/check.h"
#include "core/keypoints.h"
#include "qa/difference.h"

extern const AssayCheck assay_check_mirrored;

#define BETTER 0.15 /* OKS that the exchange gains */

static const char *const kinds[] = { "keypoints", NULL };

static AssayKeypoints *
exchange_sides (const AssayKeypoints *points, const AssayTask *task)
{
  AssayKeypoints *swapped = assay_keypoints_copy (points);
  for (guint i = 0; i < swapped->n_points; i++)
    for (guint n = 0; n < task->nodes->len; n++)
      {
        const AssayNode *node = &g_array_index (task->nodes, AssayNode, n);
        if (!assay_id_is_nil (&node->mirror) && assay_id_equal (&node->id, &points->points[i].node))
          swapped->points[i].node = node->mirror;
      }
  return swapped;
}

static gboolean
has_sides (const AssayTask *task)
{
  for (guint n = 0; n < task->nodes->len; n++)
    if (!assay_id_is_nil (&g_array_index (task->nodes, AssayNode, n).mirror))
      return TRUE;
  return FALSE;
}

static void
compare_pair (const AssayLook *look, guint a, guint b, GPtrArray *findings)
{
  const AssayTask *task = look->task;
  const AssayLabel *labels[] = { look->labels->pdata[a], look->labels->pdata[b] };
  const AssayAnnotator *one = look->annotators->pdata[a], *other = look->annotators->pdata[b];
  /* Matched by their boxes' places, for swapped sides make a match look poor. */
  g_autoptr (GArray) matches = assay_objects_match (labels[0]->objects, labels[1]->objects, task, 0);
  for (guint m = 0; m < matches->len; m++)
    {
      const AssayMatch *match = &g_array_index (matches, AssayMatch, m);
      if (match->a == G_MAXUINT || match->b == G_MAXUINT)
        continue;
      const AssayObject *object = labels[0]->objects->list->pdata[match->a],
                        *twin = labels[1]->objects->list->pdata[match->b];
      g_autoptr (AssayKeypoints) swapped = exchange_sides (twin->value, task);
      double as_is = task->kind->similarity (object->value, twin->value, task),
             exchanged = task->kind->similarity (object->value, swapped, task);
      if (!(exchanged > as_is + BETTER))
        continue;
      g_autofree char *id_a = assay_id_dup_text (&object->id), *id_b = assay_id_dup_text (&twin->id),
                      *place = g_strdup_printf ("objects %s %s", id_a, id_b);
      char *why = g_strdup_printf (
          "%s and %s call left what the other calls right: OKS is %.2f, and %.2f with the sides exchanged",
          one->name, other->name, as_is, exchanged);
      g_ptr_array_add (findings,
                       assay_look_flag (look, &assay_check_mirrored, ASSAY_SEVERITY_ERROR, exchanged - as_is,
                                        labels, 2, place, assay_object_where (object, task), why));
    }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint a = 0; has_sides (look->task) && a < look->labels->len; a++)
    for (guint b = a + 1; b < look->labels->len; b++)
      compare_pair (look, a, b, findings);
}

const AssayCheck assay_check_mirrored = {
  .id = "mirrored",
  .title = "Left and right swapped",
  .help
  = "with the names of its sides exchanged a skeleton fits the other answer far better: one of the two is mirrored",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .look = look_at,
};
