/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-repair.h"

#include "core/error.h"
#include "core/mask-shape.h"
#include "core/region.h"

static GArray *
list_items (AssayStore *store, const AssayTask *task, guint *ret_undecided, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (gint64));
  *ret_undecided = 0;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT item, how = 'undecided' FROM truth WHERE task = ? AND how <> 'none' AND item NOT IN"
          " (SELECT item FROM left_out WHERE everywhere = 1) ORDER BY item",
          "i", task->row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 item = assay_rows_get_int (&rows, 0);
      if (assay_rows_get_int (&rows, 1) != 0)
        (*ret_undecided)++;
      else
        g_array_append_val (items, item);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&items);
}

GArray *
assay_repair_list (AssayProject *project, const AssayTask *task, const AssayRepair *repair, GPtrArray **ret_labels,
                   guint *ret_undecided, GError **error)
{
  g_autoptr (GArray) items = list_items (project->store, task, ret_undecided, error);
  g_autoptr (GArray) spots = g_array_new (FALSE, FALSE, sizeof (AssayRepairSpot));
  g_autoptr (GPtrArray) labels = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_label_free);
  for (guint i = 0; items != NULL && i < items->len; i++)
    {
      AssayTruthHow how;
      AssayLabel *label = NULL;
      gint64 item_row = g_array_index (items, gint64, i);
      if (!assay_truth_get (project->store, item_row, task, &how, &label, error))
        return NULL;
      if (label == NULL)
        continue;
      g_ptr_array_add (labels, label);
      for (guint k = 0; k < label->objects->list->len; k++)
        {
          const AssayObject *object = label->objects->list->pdata[k];
          AssayRepairSpot spot = { item_row, object->id, label };
          if (assay_id_equal (&object->class_id, &repair->class_id)
              && (repair->annotator_row == 0 || repair->annotator_row == label->annotator_row))
            g_array_append_val (spots, spot);
        }
    }
  if (items == NULL)
    return NULL;
  *ret_labels = g_steal_pointer (&labels);
  return g_steal_pointer (&spots);
}

/* Nothing is left of what is shrunk away: then it is not this fault. */
static gpointer
reshape_region (const AssayRepair *repair, const AssayItem *item, const AssayRegion *region)
{
  g_autoptr (AssayMask) mask = repair->kind == ASSAY_REPAIR_GROW ? assay_mask_grow (region->mask, repair->n_px)
                                                                 : assay_mask_shrink (region->mask, repair->n_px);
  if (mask->area_px == 0 || assay_mask_equal (mask, region->mask))
    return NULL;
  return assay_region_new_with_mask (region, g_steal_pointer (&mask));
}

static gpointer
reshape_box (const AssayRepair *repair, const AssayItem *item, const AssayBox *box)
{
  double by = repair->kind == ASSAY_REPAIR_GROW ? (double) repair->n_px : -(double) repair->n_px;
  double left = MAX (0, box->box.x - by), top = MAX (0, box->box.y - by),
         right = MIN (item->width_px, box->box.x + box->box.w + by),
         bottom = MIN (item->height_px, box->box.y + box->box.h + by);
  if (right - left <= 0 || bottom - top <= 0)
    return NULL;
  AssayBox *after = g_new (AssayBox, 1);
  after->box = (AssayRect){ left, top, right - left, bottom - top };
  return after;
}

AssayObject *
assay_repair_preview (const AssayRepair *repair, const AssayTask *task, const AssayItem *item,
                      const AssayObject *object)
{
  gpointer value = NULL;
  if (repair->kind != ASSAY_REPAIR_CLASS && g_str_equal (task->kind->id, "segmentation"))
    value = reshape_region (repair, item, object->value);
  else if (repair->kind != ASSAY_REPAIR_CLASS && g_str_equal (task->kind->id, "box"))
    value = reshape_box (repair, item, object->value);
  if ((repair->kind != ASSAY_REPAIR_CLASS && value == NULL)
      || (repair->kind == ASSAY_REPAIR_CLASS && assay_id_equal (&repair->to, &object->class_id)))
    return NULL;
  AssayObject *after = assay_object_copy (object, task->kind);
  if (repair->kind == ASSAY_REPAIR_CLASS)
    after->class_id = repair->to;
  else
    {
      task->kind->free (after->value);
      after->value = value;
    }
  return after;
}

/* One item's answer with the objects repaired; NULL when none is. */
static AssayObjects *
repair_label (const AssayRepair *repair, const AssayTask *task, const AssayItem *item, const AssayLabel *label,
              GHashTable *chosen, guint *n)
{
  g_autoptr (AssayObjects) objects = assay_objects_new (task->kind);
  guint before = *n;
  for (guint i = 0; i < label->objects->list->len; i++)
    {
      const AssayObject *object = label->objects->list->pdata[i];
      gboolean meant = assay_id_equal (&object->class_id, &repair->class_id)
                       && (chosen == NULL || g_hash_table_contains (chosen, &object->id));
      AssayObject *after = meant ? assay_repair_preview (repair, task, item, object) : NULL;
      *n += after != NULL;
      assay_objects_take (objects, after != NULL ? after : assay_object_copy (object, task->kind));
    }
  return *n > before ? g_steal_pointer (&objects) : NULL;
}

static char *
describe (const AssayRepair *repair, const AssayTask *task)
{
  const AssayClass *class = assay_task_find_class (task, &repair->class_id),
                   *to = assay_task_find_class (task, &repair->to);
  const char *name = class != NULL ? class->name : "(no class)";
  if (repair->kind == ASSAY_REPAIR_CLASS)
    return g_strdup_printf ("systematic: %s is %s", name, to != NULL ? to->name : "(no class)");
  return g_strdup_printf ("systematic: %s %s by %u px", name,
                          repair->kind == ASSAY_REPAIR_GROW ? "grown" : "shrunk", repair->n_px);
}

gboolean
assay_repair_do (AssayProject *project, const AssayTask *task, const AssayRepair *repair, GHashTable *chosen,
                 const AssayAnnotator *by, AssayProgress *progress, AssayVerdict *verdict, guint *ret_n,
                 GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (GPtrArray) labels = NULL;
  guint undecided, n = 0;
  if (repair->kind != ASSAY_REPAIR_CLASS && (repair->n_px == 0 || repair->n_px > ASSAY_MASK_MAX_REACH_PX))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "repairing %s: %u pixels cannot be; give 1 to %u",
                   task->name, repair->n_px, ASSAY_MASK_MAX_REACH_PX);
      return FALSE;
    }
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (GArray) spots = assay_repair_list (project, task, repair, &labels, &undecided, error);
  if (spots == NULL)
    return FALSE;
  g_autofree char *why = describe (repair, task);
  const AssayLabel *done = NULL;
  for (guint i = 0; i < spots->len; i++)
    {
      const AssayRepairSpot *spot = &g_array_index (spots, AssayRepairSpot, i);
      assay_progress_set (progress, i, spots->len);
      if (assay_progress_stopped (progress, error))
        return FALSE;
      if (spot->label == done) /* all of its objects at once */
        continue;
      done = spot->label;
      g_autoptr (AssayItem) item = assay_item_get_row (project->store, spot->item_row, error);
      if (item == NULL)
        return FALSE;
      g_autoptr (AssayObjects) after = repair_label (repair, task, item, spot->label, chosen, &n);
      if (after != NULL && !assay_verdict_own (project, item, task, after, "repair", by, why, verdict, error))
        return FALSE;
    }
  if (!assay_transaction_commit (&transaction, error))
    return FALSE;
  *ret_n = n;
  return TRUE;
}
