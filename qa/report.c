/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/report.h"

#include "core/json.h"

#include <math.h>

static json_t *
measures_to_json (const AssayAgreementGroup *group)
{
  json_t *list = json_array ();
  for (guint m = 0; m < group->measures->len; m++)
    {
      const AssayAgreementMeasure *measure = &g_array_index (group->measures, AssayAgreementMeasure, m);
      json_t *interval = isnan (measure->low) ? json_null ()
                                              : json_pack ("[o, o]", assay_json_number (measure->low),
                                                           assay_json_number (measure->high));
      json_array_append_new (list, json_pack ("{s:s, s:s, s:s, s:o, s:o, s:I}", "name", measure->name, "title",
                                              measure->title, "unit", measure->unit, "value",
                                              assay_json_number (measure->value), "ci95", interval, "n",
                                              (json_int_t) measure->n));
    }
  return list;
}

static void
add_group (json_t *object, const AssayAgreementGroup *group)
{
  json_object_set_new (object, "measures", measures_to_json (group));
  json_object_set_new (object, "objects",
                       json_pack ("{s:I, s:I, s:I, s:I}", "matched", (json_int_t) group->matched, "missing",
                                  (json_int_t) group->missing, "extra", (json_int_t) group->extra, "both_empty",
                                  (json_int_t) group->both_empty));
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
  add_group (object, agreement->all);
  json_t *groups = json_array ();
  for (guint i = 0; i < agreement->groups->len; i++)
    {
      const AssayAgreementGroup *group = g_ptr_array_index (agreement->groups, i);
      json_t *entry
          = json_pack ("{s:s, s:s, s:i}", "key", group->key, "title", group->title, "items", (int) group->items);
      add_group (entry, group);
      json_array_append_new (groups, entry);
    }
  json_object_set_new (object, "groups", groups);
  return object;
}
