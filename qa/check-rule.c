/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An answer that breaks what a careful hand would not leave: the hints that the annotator saw, or was spared by an
 * import. */
#include "qa/check.h"
#include "core/rule.h"

extern const AssayCheck assay_check_rule;

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      AssayDrawn drawn = { look->task, look->item, label->objects };
      for (guint o = 0; o < label->objects->list->len; o++)
        {
          const AssayObject *object = label->objects->list->pdata[o];
          g_auto (AssayBreach) breach = { 0 };
          if (!assay_rules_look (&drawn, object, &breach))
            continue;
          const AssayAnnotator *annotator = look->annotators->pdata[i];
          g_autofree char *text = assay_breach_dup_text (&breach, &drawn), *id = assay_id_dup_text (&object->id),
                          *place = g_strdup_printf ("%s %s %s", breach.rule->id, id, annotator->name);
          g_ptr_array_add (findings, assay_look_flag (look, &assay_check_rule, ASSAY_SEVERITY_NOTE, 0.3, &label, 1,
                                                      place, assay_where_box (&breach.place),
                                                      g_strdup_printf ("%s: %s", annotator->name, text)));
        }
    }
}

const AssayCheck assay_check_rule = {
  .id = "rule",
  .title = "Drawing rules",
  .help = "an object that breaks a rule of its tool: islands of a pixel, holes, slivers, the same thing twice, "
          "outside the picture",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .certain = TRUE,
  .look = look_at,
};
