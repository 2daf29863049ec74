/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far apart two poses put the model's points, where the class has a model. Where it states symmetries, a model
 * turned into itself is no difference. */
#include "qa/class-model.h"
#include "qa/gauge.h"
#include "qa/pose-surface.h"

#define MOST_POINTS 2000 /* of a model; of more, evenly spaced ones stand for all */

static const AssayMeasureDef measures[] = {
  { "add_m", "ADD", "m", FALSE },
  { "add_s_m", "ADD-S", "m", FALSE },
  { "mssd_m", "MSSD", "m", FALSE },
  { "mspd_px", "MSPD", "px", FALSE },
  { NULL },
};

/* Of one class. */
typedef struct
{
  GArray *points;     /* of AssayPoint3, metres; NULL = no model */
  GArray *symmetries; /* of AssayPose */
} Model;

static void
model_free (gpointer data)
{
  Model *model = data;
  g_clear_pointer (&model->points, g_array_unref);
  g_clear_pointer (&model->symmetries, g_array_unref);
  g_free (model);
}

static GArray *
load_points (AssayProject *project, const AssayClass *class)
{
  g_autoptr (AssayModel) model = assay_class_load_model (project, class);
  if (model == NULL)
    return NULL;
  GArray *points = g_array_new (FALSE, FALSE, sizeof (AssayPoint3));
  guint n = MIN (model->n_vertices, MOST_POINTS);
  for (guint i = 0; i < n; i++)
    g_array_append_val (points, model->vertices_m[(guint64) i * model->n_vertices / n]);
  return points;
}

/* One a class of the task. A model that cannot be read is as good as none: its figures are undefined. */
static gpointer
begin (AssayProject *project, const AssayTask *task, GError **error)
{
  GPtrArray *models = g_ptr_array_new_with_free_func (model_free);
  for (guint i = 0; i < task->classes->len; i++)
    {
      const AssayClass *class = task->classes->pdata[i];
      Model *model = g_new0 (Model, 1);
      model->points = load_points (project, class);
      model->symmetries = assay_task_list_symmetries (task, class);
      g_ptr_array_add (models, model);
    }
  return models;
}

static void
end (gpointer loaded)
{
  g_ptr_array_unref (loaded);
}

static void
measure (gconstpointer loaded, const AssayLook *look, const AssayPairing *pairing, GArray *figures)
{
  const GPtrArray *models = loaded;
  guint class = assay_task_class_index (look->task, &pairing->a->class_id);
  if (class >= models->len || !assay_id_equal (&pairing->a->class_id, &pairing->b->class_id))
    return; /* of two models there is no distance of a point to itself */
  const Model *model = models->pdata[class];
  const AssayPosed *a = pairing->a->value, *b = pairing->b->value;
  AssayPoseView of_a = assay_pose_view (a), of_b = assay_pose_view (b);
  const AssayPoint3 *points = model->points != NULL ? (const AssayPoint3 *) (gpointer) model->points->data : NULL;
  guint n = model->points != NULL ? model->points->len : 0;
  AssayPoseSurface surface = assay_pose_surface (
      &of_a, &of_b, (const AssayPose *) (gpointer) model->symmetries->data, model->symmetries->len, points, n);
  assay_figures_add (figures, &measures[0], 0, assay_pose_add (&a->pose, &b->pose, points, n), 1);
  assay_figures_add (
      figures, &measures[1], 0,
      (assay_pose_add_s (&a->pose, &b->pose, points, n) + assay_pose_add_s (&b->pose, &a->pose, points, n)) / 2, 1);
  assay_figures_add (figures, &measures[2], 0, surface.mssd, 1);
  assay_figures_add (figures, &measures[3], 0, surface.mspd_px, 1);
}

const AssayGauge assay_gauge_pose = {
  .id = "pose",
  .measures = measures,
  .begin = begin,
  .end = end,
  .measure = measure,
};
