/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/track-line.h - a sequence as a line: the key frames of a track, what stands between them, and where one is.
 * Signal "chosen" (guint frame): it was clicked. Main thread. */
#include "annotate/track.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_TRACK_LINE (assay_track_line_get_type ())
G_DECLARE_FINAL_TYPE (AssayTrackLine, assay_track_line, ASSAY, TRACK_LINE, GtkWidget)

/* What is shown is taken out at once; nothing is kept. NULL = an empty line. */
void assay_track_line_set (AssayTrackLine *line, const AssayTracks *tracks, guint frame, const AssayId *track,
                           guint32 colour);

G_END_DECLS
