/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/json.h"
#include "qa/reliability.h"
#include "qa/report.h"

#include <math.h>

static json_t *
class_or_null (const AssayTask *task, guint index)
{
  return index < task->classes->len ? json_string (((const AssayClass *) task->classes->pdata[index])->name)
                                    : json_null ();
}

static json_t *
measures_to_json (const GArray *measures)
{
  json_t *list = json_array ();
  for (guint i = 0; i < measures->len; i++)
    json_array_append_new (list,
                           assay_agreement_measure_to_json (&g_array_index (measures, AssayAgreementMeasure, i)));
  return list;
}

static json_t *
classes_to_json (const GPtrArray *classes, const AssayTask *task)
{
  json_t *list = json_array ();
  for (guint i = 0; i < classes->len; i++)
    {
      const AssayReliabilityClass *class = classes->pdata[i];
      json_array_append_new (list, json_pack ("{s:o, s:o}", "class", class_or_null (task, class->class), "measures",
                                              measures_to_json (class->measures)));
    }
  return list;
}

static json_t *
against_to_json (const AssayReliabilityPerson *person, const AssayTask *task)
{
  json_t *object = json_object ();
  for (guint a = 0; a < ASSAY_AGAINST_N; a++)
    {
      const AssayReliabilityAgainst *against = person->against[a];
      if (against == NULL)
        continue;
      json_t *confusion = json_array ();
      for (guint i = 0; i < against->confusion->len; i++)
        {
          const AssayReliabilityCell *cell = &g_array_index (against->confusion, AssayReliabilityCell, i);
          json_array_append_new (confusion,
                                 json_pack ("{s:o, s:o, s:I}", "truth", class_or_null (task, cell->truth), "said",
                                            class_or_null (task, cell->said), "n", (json_int_t) cell->n));
        }
      json_object_set_new (object, assay_against_to_text (a),
                           json_pack ("{s:s, s:i, s:o, s:o, s:o}", "title", assay_against_to_title (a), "items",
                                      (int) against->items, "measures", measures_to_json (against->measures),
                                      "classes", classes_to_json (against->classes, task), "confusion", confusion));
    }
  return object;
}

static json_t *
points_to_json (const GArray *points, gboolean weeks)
{
  json_t *list = json_array ();
  for (guint i = 0; i < points->len; i++)
    {
      const AssayReliabilityPoint *point = &g_array_index (points, AssayReliabilityPoint, i);
      json_t *interval = isnan (point->low) ? json_null ()
                                            : json_pack ("[o, o]", assay_json_number (point->low),
                                                         assay_json_number (point->high));
      json_t *json = json_pack ("{s:I, s:I, s:o, s:o, s:i, s:o}", "first", (json_int_t) point->first, "last",
                                (json_int_t) point->last, "value", assay_json_number (point->value), "ci95",
                                interval, "n", (int) point->n, "seconds", assay_json_number (point->seconds));
      if (weeks)
        {
          g_autoptr (GDateTime) monday = g_date_time_new_from_unix_utc (point->from_us / G_USEC_PER_SEC);
          g_autofree char *week = g_date_time_format (monday, "%G-W%V");
          json_object_set_new (json, "from_us", json_integer (point->from_us));
          json_object_set_new (json, "week", json_string (week));
        }
      json_array_append_new (list, json);
    }
  return list;
}

static json_t *
person_to_json (const AssayReliabilityPerson *person, const AssayTask *task)
{
  const AssayAnnotator *annotator = person->annotator;
  json_t *json = json_pack ("{s:s, s:o, s:s, s:i, s:b, s:o, s:o, s:o}", "annotator", annotator->name, "id",
                            assay_json_id (&annotator->id), "kind", assay_annotator_kind_to_text (annotator->kind),
                            "answers", (int) person->answers, "simulated", (int) person->simulated, "against",
                            against_to_json (person, task), "measures", measures_to_json (person->measures),
                            "classes", classes_to_json (person->classes, task));
  json_object_set_new (json, "trend",
                       person->trend < ASSAY_AGAINST_N ? json_string (assay_against_to_text (person->trend))
                                                       : json_null ());
  json_object_set_new (json, "late_p", assay_json_number (person->late_p));
  json_object_set_new (json, "curve", points_to_json (person->curve, FALSE));
  json_object_set_new (json, "weeks", points_to_json (person->weeks, TRUE));
  return json;
}

json_t *
assay_reliability_to_json (const AssayReliability *reliability)
{
  json_t *people = json_array ();
  for (guint i = 0; i < reliability->people->len; i++)
    json_array_append_new (people, person_to_json (reliability->people->pdata[i], reliability->task));
  return json_pack ("{s:s, s:s, s:i, s:i, s:o, s:o}", "task", reliability->task->name, "kind",
                    reliability->task->kind->id, "items", (int) reliability->items, "answers",
                    (int) reliability->answers, "alpha", assay_agreement_measure_to_json (&reliability->alpha),
                    "people", people);
}
