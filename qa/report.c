/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/report.h"

#include "core/json.h"

#include <math.h>

json_t *
assay_agreement_measure_to_json (const AssayAgreementMeasure *measure)
{
  json_t *interval = isnan (measure->low) ? json_null ()
                                          : json_pack ("[o, o]", assay_json_number (measure->low),
                                                       assay_json_number (measure->high));
  json_t *json = json_pack ("{s:s, s:s, s:s, s:o, s:o, s:I, s:I, s:b}", "name", measure->name, "title",
                            measure->title, "unit", measure->unit, "value", assay_json_number (measure->value),
                            "ci95", interval, "n", (json_int_t) measure->n, "items", (json_int_t) measure->items,
                            "enough", (int) assay_agreement_measure_is_enough (measure));
  if (measure->part != NULL)
    json_object_set_new (json, "part", json_string (measure->part));
  if (measure->remedy == NULL)
    return json;
  json_object_set_new (json, "count", json_integer ((json_int_t) rint (measure->sum)));
  json_object_set_new (json, "remedy", json_string (measure->remedy));
  return json;
}

static json_t *
class_to_json (const AssayTask *task, guint index)
{
  return index < task->classes->len ? json_string (((const AssayClass *) task->classes->pdata[index])->name)
                                    : json_null ();
}

static void
add_group (json_t *object, const AssayAgreementGroup *group, const AssayTask *task)
{
  json_t *measures = json_array (), *confusion = json_array ();
  for (guint m = 0; m < group->measures->len; m++)
    json_array_append_new (measures, assay_agreement_measure_to_json (&g_array_index (group->measures, AssayAgreementMeasure, m)));
  for (guint i = 0; i < group->confusion->len; i++)
    {
      const AssayAgreementConfusion *one = &g_array_index (group->confusion, AssayAgreementConfusion, i);
      json_array_append_new (confusion, json_pack ("{s:o, s:o, s:I}", "a", class_to_json (task, one->a), "b",
                                                   class_to_json (task, one->b), "n", (json_int_t) one->n));
    }
  json_object_set_new (object, "measures", measures);
  json_object_set_new (object, "objects",
                       json_pack ("{s:I, s:I, s:I, s:I}", "matched", (json_int_t) group->matched, "missing",
                                  (json_int_t) group->missing, "extra", (json_int_t) group->extra, "both_empty",
                                  (json_int_t) group->both_empty));
  json_object_set_new (object, "confusion", confusion);
}

static json_t *
groups_to_json (const GPtrArray *groups, const AssayTask *task)
{
  json_t *list = json_array ();
  for (guint i = 0; i < groups->len; i++)
    {
      const AssayAgreementGroup *group = g_ptr_array_index (groups, i);
      json_t *entry
          = json_pack ("{s:s, s:s, s:i}", "key", group->key, "title", group->title, "items", (int) group->items);
      add_group (entry, group, task);
      json_array_append_new (list, entry);
    }
  return list;
}

json_t *
assay_agreement_to_json (const AssayAgreement *agreement)
{
  json_t *names = json_array ();
  for (guint i = 0; i < agreement->annotators->len; i++)
    json_array_append_new (names,
                           json_string (((AssayAnnotator *) g_ptr_array_index (agreement->annotators, i))->name));
  json_t *object
      = json_pack ("{s:s, s:s, s:i, s:i, s:o}", "task", agreement->task->name, "kind", agreement->task->kind->id,
                   "items", (int) agreement->items, "overlapped", (int) agreement->overlapped, "annotators", names);
  const AssayAgreementMeasure *baseline = assay_agreement_get_baseline (agreement);
  add_group (object, agreement->all, agreement->task);
  json_object_set_new (object, "groups", groups_to_json (agreement->groups, agreement->task));
  json_object_set_new (object, "apart", groups_to_json (agreement->apart, agreement->task));
  json_object_set_new (object, "human_baseline", baseline != NULL ? assay_agreement_measure_to_json (baseline) : json_null ());
  return object;
}
