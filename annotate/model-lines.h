/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/model-lines.h - the lines of a mesh that a person recognises it by: borders, and edges where two faces
 * meet at an angle. Any thread. */
#include "core/pose.h"

G_BEGIN_DECLS

typedef struct
{
  guint a, b;     /* vertices */
  guint faces[2]; /* triangles that meet here; G_MAXUINT = none */
} AssayModelLine;

/* GArray of AssayModelLine: edges whose faces turn by more than `angle_deg`. */
GArray *assay_model_list_lines (const AssayModel *model, double angle_deg);
/* Whether one of its faces looks at the camera. */
gboolean assay_model_line_is_seen (const AssayModel *model, const AssayModelLine *line,
                                   const AssayPose *cam_from_model);
/* Vertices at the ends of those lines: what can be pointed at. guint in a GArray, ascending. */
GArray *assay_model_list_corners (const AssayModel *model, const GArray *lines);

G_END_DECLS
