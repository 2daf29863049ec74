/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/model-lines.h"

#include "vision/vision.h"

#include <math.h>

static AssayPoint3
minus (AssayPoint3 a, AssayPoint3 b)
{
  return (AssayPoint3){ a.x - b.x, a.y - b.y, a.z - b.z };
}

static AssayPoint3
cross (AssayPoint3 a, AssayPoint3 b)
{
  return (AssayPoint3){ a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x };
}

static double
dot (AssayPoint3 a, AssayPoint3 b)
{
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

static AssayPoint3
normal (const AssayModel *model, guint face)
{
  const guint32 *t = &model->triangles[3 * face];
  AssayPoint3 a = model->vertices_m[t[0]];
  return cross (minus (model->vertices_m[t[1]], a), minus (model->vertices_m[t[2]], a));
}

/* Opposite turns (meshes are not always consistent) count as flat too: the sign is left out. */
static gboolean
is_bent (const AssayModel *model, const AssayModelLine *line, double cos_limit)
{
  if (line->faces[1] == G_MAXUINT)
    return TRUE;
  AssayPoint3 a = normal (model, line->faces[0]), b = normal (model, line->faces[1]);
  double scale = sqrt (dot (a, a) * dot (b, b));
  return scale > 0 && fabs (dot (a, b)) < cos_limit * scale;
}

GArray *
assay_model_list_edges (const AssayModel *model, double angle_deg)
{
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GArray *edges = g_array_new (FALSE, FALSE, sizeof (AssayModelLine));
  double cos_limit = cos (angle_deg * G_PI / 180);
  for (guint i = 0; i < 3 * model->n_triangles; i++)
    {
      guint face = i / 3, from = model->triangles[i], to = model->triangles[face * 3 + (i + 1) % 3];
      gint64 key = ((gint64) MIN (from, to) << 32) | MAX (from, to);
      guint at = GPOINTER_TO_UINT (g_hash_table_lookup (known, &key));
      if (at > 0)
        {
          AssayModelLine *edge = &g_array_index (edges, AssayModelLine, at - 1);
          edge->faces[1] = face;
          edge->twisted = edge->forward == (from < to);
          continue;
        }
      AssayModelLine edge
          = { .a = MIN (from, to), .b = MAX (from, to), .faces = { face, G_MAXUINT }, .forward = from < to };
      g_array_append_val (edges, edge);
      g_hash_table_insert (known, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (edges->len));
    }
  for (guint i = 0; i < edges->len; i++)
    {
      AssayModelLine *edge = &g_array_index (edges, AssayModelLine, i);
      edge->bent = is_bent (model, edge, cos_limit);
    }
  return edges;
}

GArray *
assay_model_list_lines (const AssayModel *model, double angle_deg)
{
  g_autoptr (GArray) edges = assay_model_list_edges (model, angle_deg);
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (AssayModelLine));
  for (guint i = 0; i < edges->len; i++)
    if (g_array_index (edges, AssayModelLine, i).bent)
      g_array_append_val (lines, g_array_index (edges, AssayModelLine, i));
  return lines;
}

static AssayPoint3
find_centre (const AssayModel *model)
{
  AssayPoint3 centre = { 0, 0, 0 };
  for (guint i = 0; i < model->n_vertices; i++)
    {
      centre.x += model->vertices_m[i].x / model->n_vertices;
      centre.y += model->vertices_m[i].y / model->n_vertices;
      centre.z += model->vertices_m[i].z / model->n_vertices;
    }
  return centre;
}

/* The camera, seen from the model: -R^T t. */
static AssayPoint3
find_eye (const AssayPose *cam_from_model)
{
  const double *r = cam_from_model->r, *t = cam_from_model->t_m;
  return (AssayPoint3){ -(r[0] * t[0] + r[3] * t[1] + r[6] * t[2]), -(r[1] * t[0] + r[4] * t[1] + r[7] * t[2]),
                        -(r[2] * t[0] + r[5] * t[1] + r[8] * t[2]) };
}

static gboolean
is_seen (const AssayModel *model, const AssayModelLine *line, AssayPoint3 centre, AssayPoint3 eye)
{
  for (guint f = 0; f < 2; f++)
    {
      if (line->faces[f] == G_MAXUINT)
        return TRUE;
      AssayPoint3 corner = model->vertices_m[model->triangles[3 * line->faces[f]]];
      AssayPoint3 out = normal (model, line->faces[f]);
      /* Files wind their faces either way: out is away from the middle. */
      if (dot (out, minus (corner, centre)) < 0)
        out = (AssayPoint3){ -out.x, -out.y, -out.z };
      if (dot (out, minus (eye, corner)) > 0)
        return TRUE;
    }
  return FALSE;
}

gboolean
assay_model_line_is_seen (const AssayModel *model, const AssayModelLine *line, const AssayPose *cam_from_model)
{
  return is_seen (model, line, find_centre (model), find_eye (cam_from_model));
}

/* Whether a smooth surface turns away from the camera here: one face looks at it, the other does not. */
static gboolean
is_rim (const AssayModel *model, const AssayModelLine *line, AssayPoint3 eye)
{
  double product = line->twisted ? -1 : 1;
  for (guint f = 0; f < 2; f++)
    {
      AssayPoint3 corner = model->vertices_m[model->triangles[3 * line->faces[f]]];
      product *= dot (normal (model, line->faces[f]), minus (eye, corner)) > 0 ? 1 : -1;
    }
  return product < 0;
}

void
assay_model_list_outline (const AssayModel *model, const GArray *edges, const AssayPose *cam_from_model,
                          const AssayCamera *camera, guint32 colour, AssayMarkFlags flags, AssayMarks *marks)
{
  g_autofree AssayPoint *at = g_new (AssayPoint, model->n_vertices + 1);
  AssayPoint3 centre = find_centre (model), eye = find_eye (cam_from_model);
  assay_vision_project (cam_from_model, camera, model->vertices_m, model->n_vertices, at);
  for (guint i = 0; i < edges->len; i++)
    {
      const AssayModelLine *line = &g_array_index (edges, AssayModelLine, i);
      AssayPoint ends[2] = { at[line->a], at[line->b] };
      if (!isfinite (ends[0].x) || !isfinite (ends[1].x) || (!line->bent && !is_rim (model, line, eye)))
        continue;
      gboolean seen = !line->bent || is_seen (model, line, centre, eye);
      assay_marks_add_points (marks, ASSAY_MARK_LINE, seen ? flags : ASSAY_MARK_DASHED | ASSAY_MARK_FAINT, colour,
                              ends, 2, NULL);
    }
}

GArray *
assay_model_list_corners (const AssayModel *model, const GArray *lines)
{
  g_autofree gboolean *ends = g_new0 (gboolean, model->n_vertices);
  GArray *corners = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < lines->len; i++)
    {
      const AssayModelLine *line = &g_array_index (lines, AssayModelLine, i);
      ends[line->a] = ends[line->b] = TRUE;
    }
  for (guint v = 0; v < model->n_vertices; v++)
    if (ends[v] || lines->len == 0)
      g_array_append_val (corners, v);
  return corners;
}
