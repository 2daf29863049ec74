/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A value that the task does not allow: the definition changed, or it came from an import. */
#include "core/attribute.h"
#include "core/rule.h"

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  g_autoptr (GError) why = NULL;
  if (object->attributes == NULL || assay_attributes_validate (object, drawn->task, &why))
    return FALSE;
  if (drawn->task->kind->bounds != NULL)
    drawn->task->kind->bounds (object->value, &ret_breach->place);
  ret_breach->why = g_strdup (why->message);
  return TRUE;
}

static const char *const kinds[] = { "segmentation", "keypoints", "pose", "box", NULL };

const AssayRule assay_rule_attribute = {
  .id = "attribute",
  .title = "Attribute not allowed",
  .help = "a value of an attribute that the task does not ask for: it could not be submitted",
  .kinds = kinds,
  .find = find,
};
