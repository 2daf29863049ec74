/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One set of tags of several: those that are likelier so than not, by who can be believed (Dawid and Skene over all
 * answers to the task), or those that more than half gave. In the order of the task's classes. */
#include "core/label.h"
#include "qa/fuse.h"

#include <math.h>

static const char *const methods[] = { "dawid-skene", "majority", NULL };

static gboolean
has (const AssayLabel *label, const AssayId *class)
{
  for (guint o = 0; o < label->objects->list->len; o++)
    if (assay_id_equal (&((const AssayObject *) label->objects->list->pdata[o])->class_id, class))
      return TRUE;
  return FALSE;
}

static gboolean
most_have (const AssayFuse *fuse, const AssayId *class)
{
  guint n = 0;
  for (guint i = 0; i < fuse->labels->len; i++)
    n += has (fuse->labels->pdata[i], class);
  return 2 * n > fuse->labels->len;
}

static AssayObjects *
join (const AssayFuse *fuse)
{
  AssayObjects *joined = assay_objects_new (fuse->task->kind);
  gint64 item_row = ((const AssayLabel *) fuse->labels->pdata[0])->item_row;
  gboolean weighed = fuse->method == methods[0] && fuse->tags != NULL && assay_tag_model_is_weighed (fuse->tags);
  for (guint c = 0; c < fuse->task->classes->len; c++)
    {
      const AssayClass *class = g_ptr_array_index (fuse->task->classes, c);
      double likely = weighed ? assay_tag_model_get (fuse->tags, item_row, c) : NAN;
      if (isnan (likely) ? !most_have (fuse, &class->id) : likely <= 0.5)
        continue;
      AssayObject *object = assay_object_new (&class->id, NULL);
      object->id = assay_fuse_id (&class->id, 1);
      assay_objects_take (joined, object);
    }
  assay_fuse_use (fuse, methods[weighed ? 0 : 1]);
  return joined;
}

const AssayFusion assay_fusion_tag = { "tag", methods, join };
