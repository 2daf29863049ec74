/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a program proposed and nobody has looked at. */
#include "core/proposal.h"
#include "core/rule.h"

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  const char *assisted = assay_object_get_assisted (object);
  if (!assay_object_is_proposed (object))
    return FALSE;
  if (drawn->task->kind->bounds != NULL)
    drawn->task->kind->bounds (object->value, &ret_breach->place);
  ret_breach->why = g_strdup_printf ("proposed (%s): Alt+A accepts what is selected, or all", assisted);
  ret_breach->remedy = "accepts it";
  return TRUE;
}

static AssayEdit *
repair (const AssayDrawn *drawn, const AssayObject *object)
{
  const AssayKind *kind = drawn->task->kind;
  if (!assay_object_is_proposed (object))
    return NULL;
  AssayEdit *edit = assay_edit_new (kind, "accepting a proposal");
  AssayObject *after = assay_object_copy (object, kind);
  assay_object_accept (after, FALSE);
  assay_edit_take (edit, assay_object_copy (object, kind), after);
  return edit;
}

static const char *const kinds[] = { "segmentation", "keypoints", "pose", "box", "tag", NULL };

const AssayRule assay_rule_proposed = {
  .id = "proposed",
  .title = "Proposed, not accepted",
  .help
  = "an object that a program put there and nobody has accepted or corrected: it would count as a person's answer",
  .kinds = kinds,
  .find = find,
  .repair = repair,
};
