/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object of nothing: erased to the last pixel elsewhere, or imported so. */
#include "core/region.h"
#include "core/rule.h"

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  AssayRect box = { 0 };
  gboolean is_region = g_str_equal (drawn->task->kind->id, "segmentation");
  gboolean any = drawn->task->kind->bounds (object->value, &box);
  if (is_region ? assay_mask_area_px (((const AssayRegion *) object->value)->mask) > 0 : any && box.w * box.h > 0)
    return FALSE;
  ret_breach->place = box;
  ret_breach->why = g_strdup ("empty");
  ret_breach->remedy = "removes it";
  return TRUE;
}

static AssayEdit *
repair (const AssayDrawn *drawn, const AssayObject *object)
{
  return assay_rule_edit (drawn, object, "removal of an empty object", NULL);
}

static const char *const kinds[] = { "segmentation", "box", NULL };

const AssayRule assay_rule_empty = {
  .id = "empty",
  .title = "Empty object",
  .help = "an object without a pixel, or without an area: it cannot be submitted",
  .kinds = kinds,
  .find = find,
  .repair = repair,
};
