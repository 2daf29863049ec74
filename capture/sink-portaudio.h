/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/sink-portaudio.h - sound out, by PortAudio. In the helper process app/sound alone. */
#include "core/sound.h"

G_BEGIN_DECLS

/* `sample` of the file is what is heard now; FALSE stops. */
typedef gboolean (*AssaySinkMoved) (gint64 sample, gpointer data);

/* Plays [from, to) of a file on the default output, to the end or until `moved` says stop. DEVICE when it cannot.
 */
gboolean assay_sink_portaudio_play (AssaySoundReader *reader, gint64 from, gint64 to, AssaySinkMoved moved,
                                    gpointer data, GError **error);

G_END_DECLS
