/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/thumbnail.h - an item made small: a picture, the waveform of a sound, a frame of a film.
 *
 * Kept under $XDG_CACHE_HOME/assay/thumbnails, named by content, so that it is made once for all projects. Any
 * thread. */
#include "core/item.h"
#include "core/picture.h"

#include <gdk/gdk.h>

G_BEGIN_DECLS

#define ASSAY_THUMBNAIL_SIDE_PX 160

/* `path` is the item's media file. RGB8, upright, at most ASSAY_THUMBNAIL_SIDE_PX on the longer side. */
AssayPicture *assay_thumbnail_load (const AssayItem *item, const char *path, GError **error);
/* Where the cache keeps it; free it. */
char *assay_thumbnail_dup_path (const AssayItem *item);
/* RGB8 pixels as GTK shows them; shares the pixels. */
GdkTexture *assay_texture_new (AssayPicture *picture);

G_END_DECLS
