/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/rule.h"

#include "core/rule-list.h"

#define X(word) extern const AssayRule assay_rule_##word;
ASSAY_RULE_LIST
#undef X

#define X(word) &assay_rule_##word,
static const AssayRule *const rules[] = { ASSAY_RULE_LIST };
#undef X

const AssayRule *const *
assay_rule_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (rules);
  return rules;
}

const AssayRule *
assay_rule_find (const char *id)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (g_strcmp0 (rules[i]->id, id) == 0)
      return rules[i];
  return NULL;
}

gboolean
assay_rule_serves (const AssayRule *rule, const AssayKind *kind)
{
  return g_strv_contains (rule->kinds, kind->id);
}

void
assay_breach_clear (AssayBreach *breach)
{
  g_free (breach->why);
  *breach = (AssayBreach){ 0 };
}

char *
assay_breach_dup_text (const AssayBreach *breach, const AssayDrawn *drawn)
{
  const AssayObject *object = assay_objects_find (drawn->objects, &breach->object);
  const AssayClass *class = object != NULL ? assay_task_find_class (drawn->task, &object->class_id) : NULL;
  return class != NULL ? g_strdup_printf ("%s: %s", class->name, breach->why) : g_strdup (breach->why);
}

gboolean
assay_drawn_is_late (const AssayDrawn *drawn)
{
  return drawn->until_us != 0 && g_get_monotonic_time () >= drawn->until_us;
}

gboolean
assay_rules_look (const AssayDrawn *drawn, const AssayObject *object, AssayBreach *ret_breach)
{
  for (guint i = 0; i < G_N_ELEMENTS (rules) && !assay_drawn_is_late (drawn); i++)
    {
      AssayBreach breach = { .rule = rules[i], .object = object->id };
      if (!assay_rule_serves (rules[i], drawn->task->kind) || !rules[i]->find (drawn, object, &breach))
        continue;
      *ret_breach = breach;
      return TRUE;
    }
  return FALSE;
}

AssayEdit *
assay_breach_new_repair (const AssayBreach *breach, const AssayDrawn *drawn)
{
  const AssayObject *object = breach->rule != NULL ? assay_objects_find (drawn->objects, &breach->object) : NULL;
  if (object == NULL || breach->remedy == NULL || breach->rule->repair == NULL)
    return NULL;
  return breach->rule->repair (drawn, object);
}

AssayEdit *
assay_rule_edit (const AssayDrawn *drawn, const AssayObject *object, const char *name, gpointer take_value)
{
  const AssayKind *kind = drawn->task->kind;
  AssayEdit *edit = assay_edit_new (kind, name);
  AssayObject *after = take_value != NULL ? assay_object_copy (object, kind) : NULL;
  if (after != NULL)
    {
      kind->free (after->value);
      after->value = take_value;
    }
  assay_edit_take (edit, assay_object_copy (object, kind), after);
  return edit;
}
