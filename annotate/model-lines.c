/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/model-lines.h"

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
assay_model_list_lines (const AssayModel *model, double angle_deg)
{
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (AssayModelLine));
  g_autoptr (GHashTable) known = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  GArray *lines = g_array_new (FALSE, FALSE, sizeof (AssayModelLine));
  double cos_limit = cos (angle_deg * G_PI / 180);
  for (guint i = 0; i < 3 * model->n_triangles; i++)
    {
      guint face = i / 3, from = model->triangles[i], to = model->triangles[face * 3 + (i + 1) % 3];
      gint64 key = ((gint64) MIN (from, to) << 32) | MAX (from, to);
      guint at = GPOINTER_TO_UINT (g_hash_table_lookup (known, &key));
      if (at > 0)
        {
          g_array_index (all, AssayModelLine, at - 1).faces[1] = face;
          continue;
        }
      AssayModelLine line = { MIN (from, to), MAX (from, to), { face, G_MAXUINT } };
      g_array_append_val (all, line);
      g_hash_table_insert (known, g_memdup2 (&key, sizeof key), GUINT_TO_POINTER (all->len));
    }
  for (guint i = 0; i < all->len; i++)
    if (is_bent (model, &g_array_index (all, AssayModelLine, i), cos_limit))
      g_array_append_val (lines, g_array_index (all, AssayModelLine, i));
  return lines;
}

gboolean
assay_model_line_is_seen (const AssayModel *model, const AssayModelLine *line, const AssayPose *cam_from_model)
{
  AssayPoint3 centre = { 0, 0, 0 };
  for (guint i = 0; i < model->n_vertices; i++)
    {
      centre.x += model->vertices_m[i].x / model->n_vertices;
      centre.y += model->vertices_m[i].y / model->n_vertices;
      centre.z += model->vertices_m[i].z / model->n_vertices;
    }
  /* The camera, seen from the model: -R^T t. */
  const double *r = cam_from_model->r, *t = cam_from_model->t_m;
  AssayPoint3 eye = { -(r[0] * t[0] + r[3] * t[1] + r[6] * t[2]), -(r[1] * t[0] + r[4] * t[1] + r[7] * t[2]),
                      -(r[2] * t[0] + r[5] * t[1] + r[8] * t[2]) };
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
