/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An object of next to no pixels: a slip of the hand, which a trainer would take for an example. The smallest rule;
 * where to begin when writing another one. */
#include "core/rule.h"

#include <math.h>

#define TINY_PX 4.0 /* of area in the picture */

static gboolean
find (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  AssayRect box = { 0 };
  if (!drawn->task->kind->bounds (object->value, &box) || box.w * box.h > TINY_PX)
    return FALSE;
  ret_breach->place = box;
  ret_breach->why = g_strdup_printf ("tiny, %.0f x %.0f px", ceil (box.w), ceil (box.h));
  ret_breach->remedy = "removes it";
  return TRUE;
}

static AssayEdit *
repair (const AssayDrawn *drawn, const AssayObject *object)
{
  return assay_rule_edit (drawn, object, "removal of a tiny object", NULL);
}

static const char *const kinds[] = { "segmentation", "box", NULL };

const AssayRule assay_rule_tiny = {
  .id = "tiny",
  .title = "Tiny object",
  .help = "an object of no more than four pixels: mostly a slip of the hand, which a trainer takes for an example",
  .kinds = kinds,
  .find = find,
  .repair = repair,
};
