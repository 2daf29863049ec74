/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/model-lines.h - the lines of a mesh that a person recognises it by: borders, and edges where two faces
 * meet at an angle. Any thread. */
#include "core/kind.h"
#include "core/pose.h"

G_BEGIN_DECLS

#define ASSAY_MODEL_ANGLE_DEG 20.0 /* what counts as bent, where nobody says otherwise */

typedef struct
{
  guint a, b;       /* vertices */
  guint faces[2];   /* triangles that meet here; G_MAXUINT = none */
  gboolean bent;    /* a border, or the faces meet at an angle */
  gboolean forward; /* the first face goes round from a to b */
  gboolean twisted; /* both go the same way along it: the file winds its faces either way */
} AssayModelLine;

/* Every edge of the mesh, in a GArray of AssayModelLine; `bent`: its faces turn by more than `angle_deg`. */
GArray *assay_model_list_edges (const AssayModel *model, double angle_deg);

/* Those that are bent. */
GArray *assay_model_list_lines (const AssayModel *model, double angle_deg);
/* Whether one of its faces looks at the camera. */
gboolean assay_model_line_is_seen (const AssayModel *model, const AssayModelLine *line,
                                   const AssayPose *cam_from_model);
/* How a model in its pose looks in the picture: bent edges (those behind faint and dashed), and where a smooth
 * surface turns away from the camera. Image pixels; what is behind the camera is left out. */
void assay_model_list_outline (const AssayModel *model, const GArray *edges, const AssayPose *cam_from_model,
                               const AssayCamera *camera, guint32 colour, AssayMarkFlags flags, AssayMarks *marks);
/* Vertices at the ends of those lines: what can be pointed at. guint in a GArray, ascending. */
GArray *assay_model_list_corners (const AssayModel *model, const GArray *lines);

G_END_DECLS
