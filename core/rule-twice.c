/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thing drawn twice, one drawing over the other: it would count twice, and hide what is below. */
#include "core/rule.h"

#define ALIKE 0.9 /* by the kind's own similarity: IoU, OKS, … */

static gboolean
is_apart (const AssayKind *kind, gconstpointer a, gconstpointer b)
{
  AssayRect one, other;
  if (kind->bounds == NULL || !kind->bounds (a, &one) || !kind->bounds (b, &other))
    return FALSE;
  return one.x >= other.x + other.w || other.x >= one.x + one.w || one.y >= other.y + other.h
         || other.y >= one.y + one.h;
}

/* Another object of the same class that is nearly the same one; NULL = there is none. */
static const AssayObject *
find_twin (const AssayDrawn *drawn, const AssayObject *object, double *ret_alike)
{
  const AssayKind *kind = drawn->task->kind;
  for (guint i = 0; i < drawn->objects->list->len; i++)
    {
      const AssayObject *other = drawn->objects->list->pdata[i];
      if (other == object || !assay_id_equal (&other->class_id, &object->class_id)
          || is_apart (kind, object->value, other->value))
        continue;
      *ret_alike = assay_object_similarity (object, other, drawn->task);
      if (*ret_alike > ALIKE)
        return other;
    }
  return NULL;
}

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  double alike = 0;
  if (find_twin (drawn, object, &alike) == NULL)
    return FALSE;
  if (drawn->task->kind->bounds != NULL)
    drawn->task->kind->bounds (object->value, &ret_breach->place);
  ret_breach->why = g_strdup_printf ("drawn twice, %.0f %% alike", alike * 100);
  ret_breach->remedy = "removes the later one";
  return TRUE;
}

static AssayEdit *
repair (const AssayDrawn *drawn, const AssayObject *object)
{
  double alike = 0;
  const AssayObject *twin = find_twin (drawn, object, &alike);
  if (twin == NULL)
    return NULL;
  guint at = 0, twin_at = 0;
  g_ptr_array_find (drawn->objects->list, object, &at);
  g_ptr_array_find (drawn->objects->list, twin, &twin_at);
  return assay_rule_edit (drawn, at > twin_at ? object : twin, "removal of a duplicate", NULL);
}

static const char *const kinds[] = { "segmentation", "keypoints", "pose", "box", NULL };

const AssayRule assay_rule_twice = {
  .id = "twice",
  .title = "Drawn twice",
  .help = "two objects of one class that are nearly the same: one thing that would count twice",
  .kinds = kinds,
  .find = find,
  .repair = repair,
};
