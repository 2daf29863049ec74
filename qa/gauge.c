/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/gauge.h"

#include "gauge-list.h"

#define X(name) extern const AssayGauge assay_gauge_##name;
ASSAY_GAUGE_LIST
#undef X

#define X(name) &assay_gauge_##name,
static const AssayGauge *const gauges[] = { ASSAY_GAUGE_LIST };
#undef X

const AssayGauge *const *
assay_gauge_list (guint *ret_n)
{
  *ret_n = G_N_ELEMENTS (gauges);
  return gauges;
}

const AssayGauge *
assay_gauge_find (const AssayKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (gauges); i++)
    if (g_str_equal (gauges[i]->id, kind->id))
      return gauges[i];
  return NULL;
}

/* One answer as a map of classes: a mask a class of the task (NULL = none), no pixel in two. */
typedef struct
{
  guint n;
  AssayMask **layers;
} Map;

static void
map_clear (Map *map)
{
  for (guint i = 0; i < map->n; i++)
    assay_mask_free (map->layers[i]);
  g_clear_pointer (&map->layers, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Map, map_clear)

/* `*mask` may be NULL: nothing. FALSE: they are of different sizes. */
static gboolean
join (AssayMask **mask, const AssayMask *other, AssayMaskOperation operation)
{
  AssayMask *joined = *mask != NULL                   ? assay_mask_combine (*mask, other, operation)
                      : operation == ASSAY_MASK_UNION ? assay_mask_copy (other)
                                                      : NULL;
  if (*mask == NULL && operation != ASSAY_MASK_UNION)
    return TRUE;
  assay_mask_free (*mask);
  *mask = joined;
  return joined != NULL;
}

static gboolean
map_init (Map *map, const AssayGauge *gauge, const AssayLook *look, const AssayObjects *objects, AssayMask **unsure)
{
  map->n = look->task->classes->len;
  map->layers = g_new0 (AssayMask *, map->n + 1);
  for (guint i = 0; i < objects->list->len; i++)
    {
      const AssayObject *object = objects->list->pdata[i];
      g_autoptr (AssayMask) not_sure = NULL;
      g_autoptr (AssayMask) mask = gauge->cover (look, object, &not_sure);
      guint class = assay_task_class_index (look->task, &object->class_id);
      if (class >= map->n || mask == NULL || mask->width_px != look->item->width_px
          || mask->height_px != look->item->height_px
          || (not_sure != NULL && !join (unsure, not_sure, ASSAY_MASK_UNION)))
        return FALSE;
      for (guint c = 0; c < map->n; c++)
        if (!join (&map->layers[c], mask, c == class ? ASSAY_MASK_UNION : ASSAY_MASK_DIFFERENCE))
          return FALSE;
    }
  return TRUE;
}

/* Areas of the map's layers, and what of each the other map says nothing about. */
static double
count_layer (const AssayMask *layer, guint index, const Map *other, double *rest_of_other, GArray *counts)
{
  double area = layer != NULL ? (double) assay_mask_area_px (layer) : 0, alone = area;
  for (guint j = 0; area > 0 && j < other->n; j++)
    {
      double both = other->layers[j] != NULL ? (double) assay_mask_intersection_px (layer, other->layers[j]) : 0;
      assay_class_counts_add (counts, index, j, both);
      alone -= both;
      rest_of_other[j] -= both;
    }
  assay_class_counts_add (counts, index, other->n, alone);
  return area;
}

gboolean
assay_gauge_count_pixels (const AssayGauge *gauge, const AssayLook *look, const AssayObjects *a,
                          const AssayObjects *b, GArray *counts)
{
  g_auto (Map) of_a = { 0 }, of_b = { 0 };
  g_autoptr (AssayMask) unsure = NULL;
  if (gauge->cover == NULL || !map_init (&of_a, gauge, look, a, &unsure)
      || !map_init (&of_b, gauge, look, b, &unsure))
    return FALSE;
  guint n = of_a.n;
  g_autofree double *only_b = g_new0 (double, n + 1);
  double rest = (double) look->item->width_px * look->item->height_px
                - (unsure != NULL ? (double) assay_mask_area_px (unsure) : 0);
  for (guint c = 0; c < n; c++)
    {
      if (unsure != NULL
          && !(join (&of_a.layers[c], unsure, ASSAY_MASK_DIFFERENCE)
               && join (&of_b.layers[c], unsure, ASSAY_MASK_DIFFERENCE)))
        return FALSE;
      only_b[c] = of_b.layers[c] != NULL ? (double) assay_mask_area_px (of_b.layers[c]) : 0;
    }
  for (guint c = 0; c < n; c++)
    rest -= count_layer (of_a.layers[c], c, &of_b, only_b, counts);
  for (guint c = 0; c < n; c++)
    {
      assay_class_counts_add (counts, n, c, only_b[c]);
      rest -= only_b[c];
    }
  assay_class_counts_add (counts, n, n, rest);
  return TRUE;
}
