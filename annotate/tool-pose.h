/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* annotate/tool-pose.h - what a view of the model shows of a pose under way. Keys "corner-0", "corner-1" … choose.
 */
#include "annotate/tool.h"

G_BEGIN_DECLS

/* Corners that can be clicked: guint vertices of the model; NULL while there is none. */
const GArray *assay_tool_pose_get_corners (gconstpointer state);
const GArray *assay_tool_pose_get_lines (gconstpointer state); /* of AssayModelLine */
guint assay_tool_pose_get_wanted (gconstpointer state); /* index into the corners: what the next click places */
gboolean assay_tool_pose_is_placed (gconstpointer state, guint corner);

G_END_DECLS
