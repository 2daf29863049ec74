/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/returned.h"

#include "core/error.h"
#include "core/json.h"

void
assay_returned_free (AssayReturned *returned)
{
  if (returned == NULL)
    return;
  g_free (returned->comment);
  g_free (returned->by);
  json_decref (returned->place);
  g_free (returned);
}

/* The last word of a reviewer that stands, whichever revision of the annotator's it was about. */
static gboolean
read_review (AssayStore *store, gint64 item_row, gint64 task_row, gint64 annotator_row, AssayReturned *returned,
             GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT one.comment, one.how, a.name, one.made_us FROM review AS one JOIN revision AS v ON v.id = "
          "one.revision"
          " LEFT JOIN annotator AS a ON a.id = one.by_annotator WHERE one.item = ?1 AND one.task = ?2"
          " AND one.kind = 'send_back' AND v.annotator = ?3 AND NOT EXISTS (SELECT 1 FROM review AS later"
          " WHERE later.item = ?1 AND later.task = ?2 AND later.parent = one.id)"
          " ORDER BY one.made_us DESC, one.id DESC LIMIT 1",
          "iii", item_row, task_row, annotator_row))
    return FALSE;
  if (assay_rows_next (&rows, &wrong))
    {
      const char *place = assay_rows_get_text (&rows, 1);
      returned->comment = g_strdup (assay_rows_get_text (&rows, 0));
      returned->place = place != NULL ? json_loads (place, 0, NULL) : NULL;
      returned->by = g_strdup (assay_rows_get_text (&rows, 2));
      returned->made_us = assay_rows_get_int (&rows, 3);
    }
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

gboolean
assay_returned_get (AssayStore *store, gint64 item_row, gint64 task_row, gint64 annotator_row,
                    AssayReturned **ret_returned, GError **error)
{
  AssayLabelState state;
  if (!assay_label_get_state (store, item_row, task_row, annotator_row, &state, error))
    return FALSE;
  g_autoptr (AssayReturned) returned = state == ASSAY_LABEL_SENT_BACK ? g_new0 (AssayReturned, 1) : NULL;
  if (returned != NULL && !read_review (store, item_row, task_row, annotator_row, returned, error))
    return FALSE;
  *ret_returned = g_steal_pointer (&returned);
  return TRUE;
}

static gboolean
is_numbers (const json_t *list, gsize n)
{
  gboolean all = json_is_array (list) && json_array_size (list) == n;
  for (gsize i = 0; i < n && all; i++)
    all = json_is_number (json_array_get (list, i));
  return all;
}

static gboolean
is_points (const json_t *list)
{
  gboolean all = json_array_size (list) > 0;
  for (gsize i = 0; i < json_array_size (list) && all; i++)
    all = is_numbers (json_array_get (list, i), 2);
  return all;
}

gboolean
assay_returned_check_place (const json_t *place, GError **error)
{
  gboolean one = json_object_size (place) == 1;
  return (one
          && (is_numbers (json_object_get (place, "box"), 4) || is_points (json_object_get (place, "points"))
              || is_numbers (json_object_get (place, "samples"), 2)))
         || assay_error_bad_data (error, "it is no place; write {\"box\":[x,y,w,h]}, {\"points\":[[x,y]]} or"
                                         " {\"samples\":[from,to]}");
}

gboolean
assay_returned_get_point (const AssayReturned *returned, AssayPoint *ret_point)
{
  double x, y, w, h;
  const json_t *first = json_array_get (json_object_get (returned->place, "points"), 0);
  if (json_unpack (json_object_get (returned->place, "box"), "[F, F, F, F]", &x, &y, &w, &h) == 0)
    *ret_point = (AssayPoint){ x + w / 2, y + h / 2 };
  else if (json_unpack ((json_t *) first, "[F, F]", &x, &y) == 0)
    *ret_point = (AssayPoint){ x, y };
  else
    return FALSE;
  return TRUE;
}
