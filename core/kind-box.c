/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/error.h"
#include "core/json.h"
#include "core/kind.h"

#include <math.h>

static gpointer
parse (const json_t *object, const AssayTask *task, const AssayItem *item, GError **error)
{
  double box[4];
  if (!assay_json_to_doubles (json_object_get (object, "box"), box, 4) || box[2] < 0 || box[3] < 0)
    {
      assay_error_bad_data (error, "box: this is not [x, y, width, height] in pixels, neither size below 0");
      return NULL;
    }
  AssayBox *value = g_new (AssayBox, 1);
  value->box = (AssayRect){ box[0], box[1], box[2], box[3] };
  return value;
}

static void
write_value (gconstpointer value, const AssayTask *task, json_t *object)
{
  AssayRect box = ((const AssayBox *) value)->box;
  json_object_set_new (object, "box", assay_json_from_doubles ((double[]){ box.x, box.y, box.w, box.h }, 4));
}

static gpointer
copy_value (gconstpointer value)
{
  return g_memdup2 (value, sizeof (AssayBox));
}

static gboolean
equal (gconstpointer a, gconstpointer b)
{
  AssayRect p = ((const AssayBox *) a)->box, q = ((const AssayBox *) b)->box;
  return p.x == q.x && p.y == q.y && p.w == q.w && p.h == q.h;
}

static gboolean
validate (gconstpointer value, const AssayTask *task, const AssayItem *item, GError **error)
{
  AssayRect box = ((const AssayBox *) value)->box;
  if (!(box.w > 0 && box.h > 0))
    return assay_error_bad_data (error, "box: it has no area; draw it again or delete it");
  if (item == NULL || (box.x < item->width_px && box.y < item->height_px && box.x + box.w > 0 && box.y + box.h > 0))
    return TRUE;
  return assay_error_bad_data (error, "box: it lies outside the picture of %u x %u pixels", item->width_px,
                               item->height_px);
}

static double
similarity (gconstpointer a, gconstpointer b, const AssayTask *task)
{
  return assay_rect_iou (((const AssayBox *) a)->box, ((const AssayBox *) b)->box, FALSE);
}

static const AssayMeasureDef measures[] = { { "iou", "IoU", "", TRUE }, { NULL } };

static void
measure (gconstpointer a, gconstpointer b, const AssayTask *task, double *ret_values)
{
  ret_values[0] = similarity (a, b, task);
}

static char *
summarise (const AssayObject *object, const AssayTask *task)
{
  const AssayClass *class = assay_task_find_class (task, &object->class_id);
  AssayRect box = ((const AssayBox *) object->value)->box;
  return g_strdup_printf ("%s, %.0f × %.0f px", class != NULL ? class->name : "?", box.w, box.h);
}

static gboolean
bounds (gconstpointer value, AssayRect *ret_box)
{
  *ret_box = ((const AssayBox *) value)->box;
  return TRUE;
}

static void
list_marks (const AssayObject *object, const AssayTask *task, AssayMarks *marks)
{
  AssayRect box = ((const AssayBox *) object->value)->box;
  AssayPoint corners[] = { { box.x, box.y }, { box.x + box.w, box.y + box.h } };
  assay_marks_add_points (marks, ASSAY_MARK_BOX, 0, assay_task_class_colour (task, &object->class_id), corners, 2,
                          NULL);
}

const AssayKind assay_kind_box = {
  .id = "box",
  .title = "Boxes",
  .help = "an upright box around each object",
  .media = ASSAY_MEDIA_PICTURE,
  .default_tolerance = 0.75,
  .least_similarity = 0.1,
  .keys = (const char *const[]){ "box", NULL },
  .parse = parse,
  .write = write_value,
  .copy = copy_value,
  .free = g_free,
  .equal = equal,
  .validate = validate,
  .similarity = similarity,
  .measures = measures,
  .measure = measure,
  .summarise = summarise,
  .bounds = bounds,
  .list_marks = list_marks,
};
