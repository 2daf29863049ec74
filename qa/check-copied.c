/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two answers the same to the last pixel: hands do not do that, so one was copied, or both took one draft. */
#include "qa/check.h"
#include "qa/difference.h"

extern const AssayCheck assay_check_copied;

#define LEAST_PX 64 /* small or square things are alike by chance */

/* Boxes of whole pixels, tags and words are alike by right. */
static const char *const kinds[] = { "segmentation", "keypoints", "pose", NULL };

static gboolean
is_telling (const AssayObject *object, const AssayKind *kind)
{
  AssayRect box;
  return kind->bounds == NULL || (kind->bounds (object->value, &box) && box.w * box.h >= LEAST_PX);
}

static void
compare_pair (const AssayLook *look, guint a, guint b, GPtrArray *findings)
{
  const AssayTask *task = look->task;
  const AssayLabel *labels[] = { look->labels->pdata[a], look->labels->pdata[b] };
  const AssayAnnotator *one = look->annotators->pdata[a], *other = look->annotators->pdata[b];
  for (guint i = 0; i < labels[0]->objects->list->len; i++)
    for (guint j = 0; j < labels[1]->objects->list->len; j++)
      {
        const AssayObject *object = labels[0]->objects->list->pdata[i], *twin = labels[1]->objects->list->pdata[j];
        if (!task->kind->equal (object->value, twin->value) || !is_telling (object, task->kind))
          continue;
        g_autofree char *id_a = assay_id_dup_text (&object->id), *id_b = assay_id_dup_text (&twin->id),
                        *place = g_strdup_printf ("objects %s %s", id_a, id_b);
        char *why = g_strdup_printf (
            "%s's and %s's %s are the same to the last pixel: one was copied, or both took one draft", one->name,
            other->name, assay_object_class_name (object, task));
        g_ptr_array_add (findings, assay_look_flag (look, &assay_check_copied, ASSAY_SEVERITY_WARNING, 0.8, labels,
                                                    2, place, assay_object_where (object, task), why));
      }
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint a = 0; a < look->labels->len; a++)
    for (guint b = a + 1; b < look->labels->len; b++)
      compare_pair (look, a, b, findings);
}

const AssayCheck assay_check_copied = {
  .id = "copied",
  .title = "Copied labels",
  .help = "two annotators' objects are the same to the last pixel: they are one opinion, and their agreement "
          "proves nothing",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .kinds = kinds,
  .look = look_at,
};
