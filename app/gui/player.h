/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/player.h - plays a part of a sound file, through the sound helper (core/sound-link.h), so that no driver
 * can hold the window up. Signals: "moved" (gint64 sample of the media that is heard now); "stopped"; "failed"
 * (const GError *). Main thread. */
#include <glib-object.h>

G_BEGIN_DECLS

#define ASSAY_TYPE_PLAYER (assay_player_get_type ())
G_DECLARE_FINAL_TYPE (AssayPlayer, assay_player, ASSAY, PLAYER, GObject)

AssayPlayer *assay_player_new (void);
/* [from, to) samples of the file; what plays now stops. */
void assay_player_play (AssayPlayer *player, const char *path, gint64 from, gint64 to);
void assay_player_stop (AssayPlayer *player);
gboolean assay_player_is_playing (AssayPlayer *player);

G_END_DECLS
