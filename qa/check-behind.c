/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A pose that no camera can have seen: behind it, or with its model out of the picture. */
#include "qa/check.h"
#include "qa/difference.h"

extern const AssayCheck assay_check_behind;

static const char *const kinds[] = { "pose", NULL };

static char *
find_fault (const AssayObject *object, const AssayLook *look)
{
  AssayPose pose;
  AssayCamera camera;
  look->task->kind->get_pose (object->value, &pose, &camera);
  if (pose.t_m[2] <= 0)
    return g_strdup_printf ("it stands %.2f m behind the camera", -pose.t_m[2]);
  double x = camera.fx * pose.t_m[0] / pose.t_m[2] + camera.cx, y = camera.fy * pose.t_m[1] / pose.t_m[2] + camera.cy;
  double w = look->item->width_px, h = look->item->height_px;
  if (w > 0 && (x < -w / 2 || x > 1.5 * w || y < -h / 2 || y > 1.5 * h))
    return g_strdup_printf ("its middle lies at %.0f, %.0f, far outside the picture of %.0f x %.0f", x, y, w, h);
  return NULL;
}

static void
look_at (gpointer state, const AssayLook *look, GPtrArray *findings)
{
  for (guint i = 0; i < look->labels->len; i++)
    {
      const AssayLabel *label = look->labels->pdata[i];
      const AssayAnnotator *annotator = look->annotators->pdata[i];
      for (guint o = 0; o < label->objects->list->len; o++)
        {
          const AssayObject *object = label->objects->list->pdata[o];
          g_autofree char *fault = find_fault (object, look), *id = assay_id_dup_text (&object->id);
          if (fault == NULL)
            continue;
          char *why = g_strdup_printf ("%s's %s cannot have been seen: %s", annotator->name,
                                       assay_object_class_name (object, look->task), fault);
          g_ptr_array_add (findings, assay_look_flag (look, &assay_check_behind, ASSAY_SEVERITY_ERROR, 1, &label, 1,
                                                      id, assay_object_where (object, look->task), why));
        }
    }
}

const AssayCheck assay_check_behind = {
  .id = "behind",
  .title = "Pose out of sight",
  .help
  = "a pose behind its camera or far outside the picture: a sign that was swapped, or another camera's numbers",
  .version = 1,
  .scope = ASSAY_SCOPE_OBJECT,
  .certain = TRUE,
  .kinds = kinds,
  .look = look_at,
};
