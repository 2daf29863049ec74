/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/geometry.h"
#include "core/kind.h"
#include "qa/metric.h"

static GArray *
read_boxes (const json_t *list, GError **error)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (AssayRect));
  size_t index;
  const json_t *one;
  json_array_foreach (list, index, one)
  {
    guint n = 0;
    g_autofree double *v = assay_metric_numbers (one, &n, error);
    if (v == NULL)
      return NULL;
    if (n != 4)
      {
        assay_error_bad_data (error, "box %zu is not [x,y,width,height]", index);
        return NULL;
      }
    AssayRect box = { v[0], v[1], v[2], v[3] };
    g_array_append_val (boxes, box);
  }
  return g_steal_pointer (&boxes);
}

static json_t *
run_case (const char *name, const json_t *in, const json_t *whole, GError **error)
{
  g_autoptr (GArray) dt = read_boxes (json_object_get (in, "dt"), error);
  g_autoptr (GArray) gt = dt != NULL ? read_boxes (json_object_get (in, "gt"), error) : NULL;
  if (dt == NULL || gt == NULL)
    return NULL;
  const json_t *crowd = json_object_get (in, "iscrowd");
  json_t *matrix = json_array ();
  for (guint i = 0; i < dt->len; i++)
    {
      json_t *row = json_array ();
      for (guint j = 0; j < gt->len; j++)
        {
          double iou = assay_rect_iou (g_array_index (dt, AssayRect, i), g_array_index (gt, AssayRect, j),
                                       json_integer_value (json_array_get (crowd, j)) != 0);
          json_array_append_new (row, assay_json_number (iou));
        }
      json_array_append_new (matrix, row);
    }
  return matrix;
}

static const char *const cases[] = { "bbox_iou", NULL };

const AssayMetric assay_metric_box = {
  .id = "box",
  .title = "Boxes",
  .files = "--cases FILE.json",
  .help = "IoU of boxes [x,y,width,height]; against a crowd the area of the first box divides; --cases only",
  .cases = cases,
  .run_case = run_case,
};
