/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/cluster.h"

#include <math.h>

static void
cluster_free (gpointer data)
{
  AssayCluster *cluster = data;
  g_free (cluster->members);
  g_free (cluster);
}

const AssayObject *
assay_cluster_first (const AssayCluster *cluster, guint n_labels)
{
  for (guint i = 0; i < n_labels; i++)
    if (cluster->members[i] != NULL)
      return cluster->members[i];
  return NULL;
}

AssayId
assay_cluster_class (const AssayCluster *cluster, guint n_labels, guint *ret_n)
{
  AssayId best = ASSAY_ID_NIL;
  guint best_n = 0;
  for (guint i = 0; i < n_labels; i++)
    {
      guint n = 0;
      for (guint j = 0; cluster->members[i] != NULL && j < n_labels; j++)
        n += cluster->members[j] != NULL
             && assay_id_equal (&cluster->members[i]->class_id, &cluster->members[j]->class_id);
      if (n > best_n)
        {
          best = cluster->members[i]->class_id;
          best_n = n;
        }
    }
  if (ret_n != NULL)
    *ret_n = best_n;
  return best;
}

/* Mean likeness to the members; NaN when it is too unlike one of them. */
static double
likeness (const AssayCluster *cluster, guint n_labels, const AssayObject *object, const AssayTask *task)
{
  double sum = 0;
  for (guint i = 0; i < n_labels; i++)
    {
      if (cluster->members[i] == NULL)
        continue;
      double similarity = assay_object_similarity (cluster->members[i], object, task);
      if (!(similarity > 0) || similarity < task->kind->least_similarity)
        return NAN;
      sum += similarity;
    }
  return sum / cluster->n_members;
}

/* One round over what is still apart: the objects of answer `index` that `same_class` admits join their best
 * clusters. */
static void
join (GPtrArray *clusters, guint n_clusters, guint index, guint n_labels, const AssayObjects *objects,
      gboolean *taken, gboolean same_class, const AssayTask *task)
{
  guint n = objects->list->len;
  if (n == 0 || n_clusters == 0)
    return;
  g_autofree double *scores = g_new (double, (gsize) n *n_clusters);
  for (guint i = 0; i < n; i++)
    for (guint c = 0; c < n_clusters; c++)
      {
        const AssayObject *object = g_ptr_array_index (objects->list, i);
        const AssayCluster *cluster = g_ptr_array_index (clusters, c);
        AssayId class_id = assay_cluster_class (cluster, n_labels, NULL);
        gboolean open = !taken[i] && cluster->members[index] == NULL
                        && (!same_class || assay_id_equal (&class_id, &object->class_id));
        scores[(gsize) i * n_clusters + c] = open ? likeness (cluster, n_labels, object, task) : NAN;
      }
  g_autofree guint *chosen = g_new (guint, n);
  assay_assign (scores, n, n_clusters, 0, chosen);
  for (guint i = 0; i < n; i++)
    if (chosen[i] != G_MAXUINT)
      {
        AssayCluster *cluster = g_ptr_array_index (clusters, chosen[i]);
        cluster->members[index] = g_ptr_array_index (objects->list, i);
        cluster->n_members++;
        taken[i] = TRUE;
      }
}

GPtrArray *
assay_cluster_objects (const GPtrArray *labels, const AssayTask *task)
{
  GPtrArray *clusters = g_ptr_array_new_with_free_func (cluster_free);
  for (guint l = 0; l < labels->len; l++)
    {
      const AssayObjects *objects = ((const AssayLabel *) g_ptr_array_index (labels, l))->objects;
      g_autofree gboolean *taken = g_new0 (gboolean, objects->list->len + 1);
      guint n_clusters = clusters->len;
      join (clusters, n_clusters, l, labels->len, objects, taken, TRUE, task);
      join (clusters, n_clusters, l, labels->len, objects, taken, FALSE, task);
      for (guint i = 0; i < objects->list->len; i++)
        {
          if (taken[i])
            continue;
          AssayCluster *cluster = g_new0 (AssayCluster, 1);
          cluster->members = g_new0 (const AssayObject *, labels->len);
          cluster->members[l] = g_ptr_array_index (objects->list, i);
          cluster->n_members = 1;
          g_ptr_array_add (clusters, cluster);
        }
    }
  return clusters;
}
