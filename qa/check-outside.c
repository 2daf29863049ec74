/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object that leaves its picture or its recording, or is wrong in itself: a trainer would crop it, or crash. */
#include "qa/check.h"
#include "qa/difference.h"

extern const AssayCheck assay_check_outside;

#define SLACK_PX 0.5 /* a box that ends on the far side of the last pixel's rounding is no error */

/* What is wrong with it, or NULL. */
static char *
find_fault (const AssayObject *object, const AssayLook *look)
{
  const AssayKind *kind = look->task->kind;
  const AssayItem *item = look->item;
  g_autoptr (GError) error = NULL;
  if (!kind->validate (object->value, look->task, item, &error))
    return g_strdup (error->message);
  AssayRect box;
  if (kind->bounds == NULL || item->width_px == 0 || !kind->bounds (object->value, &box))
    return NULL;
  double beyond = MAX (MAX (-box.x, box.x + box.w - item->width_px), MAX (-box.y, box.y + box.h - item->height_px));
  if (beyond <= SLACK_PX)
    return NULL;
  return g_strdup_printf ("it reaches %.0f px out of the picture of %u x %u", beyond, item->width_px,
                          item->height_px);
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = g_ptr_array_index (look->labels, i);
      const AssayAnnotator *annotator = g_ptr_array_index (look->annotators, i);
      for (guint o = 0; o < label->objects->list->len; o++)
        {
          const AssayObject *object = g_ptr_array_index (label->objects->list, o);
          g_autofree char *fault = find_fault (object, look);
          if (fault == NULL)
            continue;
          char *why = g_strdup_printf ("%s's %s cannot be used: %s", annotator->name,
                                       assay_object_class_name (object, look->task), fault);
          g_autofree char *place = assay_id_dup_text (&object->id);
          g_ptr_array_add (findings, assay_look_flag (look, &assay_check_outside, ASSAY_SEVERITY_ERROR, 0.9, &label,
                                                      1, place, assay_object_where (object, look->task), why));
        }
    }
}

const AssayCheck assay_check_outside = {
  .id = "outside",
  .title = "Outside the media",
  .help = "an object that leaves its picture or its recording, or breaks its own rules: a trainer would crop it, "
          "or crash",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .certain = TRUE,
  .look = look_at,
};
