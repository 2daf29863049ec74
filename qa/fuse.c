/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/fuse.h"

#include "core/error.h"
#include "core/json.h"
#include "core/label.h"
#include "qa/cluster.h"

#include <string.h>

static const AssayFusion *const fusions[] = {
  &assay_fusion_segmentation, &assay_fusion_box,        &assay_fusion_keypoints,
  &assay_fusion_pose,         &assay_fusion_transcript, &assay_fusion_tag,
};

const AssayFusion *
assay_fusion_find (const AssayKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (fusions); i++)
    if (g_str_equal (fusions[i]->kind, kind->id))
      return fusions[i];
  return NULL;
}

const char *
assay_fusion_method (const AssayTask *task, GError **error)
{
  const AssayFusion *fusion = assay_fusion_find (task->kind);
  const char *wanted = assay_json_get_string (task->rules, "consensus");
  if (fusion == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED, "there is no way to join answers of kind %s",
                   task->kind->id);
      return NULL;
    }
  if (wanted == NULL)
    return fusion->methods[0];
  for (guint i = 0; fusion->methods[i] != NULL; i++)
    if (g_str_equal (fusion->methods[i], wanted))
      return fusion->methods[i];
  g_autofree char *known = g_strjoinv (", ", (char **) fusion->methods);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
               "the rules of task %s ask for \"consensus\": \"%s\"; of %s there is %s", task->name, wanted,
               task->kind->id, known);
  return NULL;
}

void
assay_fuse_use (const AssayFuse *fuse, const char *method)
{
  if (!g_ptr_array_find (fuse->used, method, NULL))
    g_ptr_array_add (fuse->used, (gpointer) method);
}

AssayId
assay_fuse_id (const AssayId *ids, guint n)
{
  return assay_id_derive ("consensus", ids, n * sizeof (AssayId));
}

static AssayObject *
fuse_cluster (const AssayFuse *fuse, const AssayCluster *cluster, AssayFuseValues values)
{
  g_autofree const AssayObject **members = g_new (const AssayObject *, cluster->n_members);
  g_autofree AssayId *ids = g_new (AssayId, cluster->n_members);
  guint n = 0;
  for (guint i = 0; i < fuse->labels->len; i++)
    if (cluster->members[i] != NULL)
      {
        ids[n] = cluster->members[i]->id;
        members[n++] = cluster->members[i];
      }
  AssayId class_id = assay_cluster_class (cluster, fuse->labels->len, NULL);
  AssayObject *object = assay_object_new (&class_id, values (fuse, members, n, &class_id));
  object->id = assay_fuse_id (ids, n);
  object->track = members[0]->track;
  object->attributes = json_incref (members[0]->attributes);
  return object;
}

AssayObjects *
assay_fuse_objects (const AssayFuse *fuse, AssayFuseValues values)
{
  const AssayTask *task = fuse->task;
  g_autoptr (GPtrArray) clusters = assay_cluster_objects (fuse->labels, task);
  AssayObjects *objects = assay_objects_new (task->kind);
  for (guint i = 0; i < clusters->len; i++)
    {
      const AssayCluster *cluster = g_ptr_array_index (clusters, i);
      if (2 * cluster->n_members <= fuse->labels->len)
        continue;
      AssayObject *object = fuse_cluster (fuse, cluster, values);
      /* Masks that overlap in pairs only have no pixel that most agree on: there is no object to keep. */
      if (task->kind->validate (object->value, task, NULL, NULL))
        assay_objects_take (objects, object);
      else
        assay_object_free (object, task->kind);
    }
  return objects;
}

AssayObjects *
assay_fuse_labels (const GPtrArray *labels, const AssayTask *task, const AssayTagModel *tags, char **ret_used,
                   GError **error)
{
  g_autoptr (GPtrArray) used = g_ptr_array_new ();
  AssayFuse fuse = { .labels = labels, .task = task, .tags = tags, .used = used };
  fuse.method = assay_fusion_method (task, error);
  if (fuse.method == NULL)
    return NULL;
  AssayObjects *objects = assay_fusion_find (task->kind)->join (&fuse);
  if (used->len == 0) /* nothing to join */
    assay_fuse_use (&fuse, fuse.method);
  g_ptr_array_add (used, NULL);
  if (ret_used != NULL)
    *ret_used = g_strjoinv (", ", (char **) used->pdata);
  return objects;
}
