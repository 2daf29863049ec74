/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/act-work.h"

#include "annotate/edits-private.h"

#define MANY_RUNS 4000    /* of what is selected: a few thousandths of a second */
#define MANY_PAIRS 100000 /* each of them is held against every object */

typedef struct
{
  const AssayAct *act;
  AssayScene scene; /* of what is here, all of it owned */
  AssayTask *task;
  AssayItem *item;
  AssayObjects *objects;
  AssayOptions *options;
  GHashTable *also, *hidden, *locked;
  AssayEdit *edit; /* what came of it … */
  AssayAnswer answer;
} Reckoning;

static void
reckoning_free (gpointer data)
{
  Reckoning *reckoning = data;
  assay_task_free (reckoning->task);
  assay_item_free (reckoning->item);
  assay_objects_free (reckoning->objects);
  assay_options_free (reckoning->options);
  g_clear_pointer (&reckoning->also, g_hash_table_unref);
  g_clear_pointer (&reckoning->hidden, g_hash_table_unref);
  g_clear_pointer (&reckoning->locked, g_hash_table_unref);
  assay_edit_free (reckoning->edit);
  assay_answer_clear (&reckoning->answer);
  g_free (reckoning);
}

gboolean
assay_act_is_long (const AssayAct *act, const AssayScene *scene)
{
  if (act->kinds == NULL || act->kinds[1] != NULL) /* not about pixels */
    return FALSE;
  g_autoptr (GPtrArray) objects = assay_scene_list_selected (scene);
  guint64 n_runs = 0;
  for (guint i = 0; i < objects->len; i++)
    n_runs += assay_object_get_mask (objects->pdata[i])->n_runs;
  return n_runs > MANY_RUNS || (guint64) objects->len * scene->objects->list->len > MANY_PAIRS;
}

static GHashTable *
copy_ids (const GHashTable *ids)
{
  GHashTable *copy = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  GHashTableIter iter;
  gpointer id;
  if (ids == NULL)
    return copy;
  g_hash_table_iter_init (&iter, (GHashTable *) ids);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    g_hash_table_add (copy, g_memdup2 (id, sizeof (AssayId)));
  return copy;
}

static void
on_cancelled (GCancellable *cancellable, gpointer progress)
{
  assay_progress_cancel (progress);
}

static void
run (gpointer data, GCancellable *cancellable)
{
  Reckoning *reckoning = data;
  g_autoptr (AssayProgress) progress = assay_progress_new ();
  gulong handler
      = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), progress, NULL) : 0;
  reckoning->scene.progress = progress;
  reckoning->edit = assay_act_run (reckoning->act, &reckoning->scene, &reckoning->answer);
  reckoning->scene.progress = NULL;
  g_cancellable_disconnect (cancellable, handler);
}

AssayWork *
assay_act_work_new (const AssayAct *act, const AssayScene *scene)
{
  Reckoning *reckoning = g_new0 (Reckoning, 1);
  reckoning->act = act;
  reckoning->scene = *scene;
  reckoning->scene.task = reckoning->task = assay_task_copy (scene->task);
  reckoning->scene.item = reckoning->item = assay_item_copy (scene->item);
  reckoning->scene.objects = reckoning->objects = assay_objects_copy (scene->objects);
  reckoning->scene.options = reckoning->options
      = scene->options != NULL ? assay_options_copy (scene->options) : NULL;
  reckoning->scene.also = reckoning->also = copy_ids (scene->also);
  reckoning->scene.hidden = reckoning->hidden = copy_ids (scene->hidden);
  reckoning->scene.locked = reckoning->locked = copy_ids (scene->locked);
  reckoning->scene.picture = NULL; /* acts reckon from objects alone */
  reckoning->scene.model = NULL;
  return assay_work_new (act->title, reckoning, run, reckoning_free);
}

AssayEdit *
assay_act_work_take (const AssayWork *work, AssayAnswer *ret_answer)
{
  Reckoning *reckoning = work->data;
  *ret_answer = reckoning->answer;
  reckoning->answer = (AssayAnswer){ 0 };
  return g_steal_pointer (&reckoning->edit);
}
