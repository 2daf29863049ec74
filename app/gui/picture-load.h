/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/picture-load.h - the picture of an item, decoded and halved into a pyramid off the main loop. A picture
 * file or one frame of a film. Main thread. */
#include "app/gui/tile-pyramid.h"
#include "core/item.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* `path`: of the item's media. */
void assay_picture_load_async (const AssayItem *item, const char *path, GCancellable *cancellable,
                               GAsyncReadyCallback done, gpointer user_data);
AssayPyramid *assay_picture_load_finish (GAsyncResult *result, GError **error);

/* To be looked at as a whole, and for nothing else: 8 bits a colour, and no side longer than `most_px`. */
void assay_picture_load_small_async (const AssayItem *item, const char *path, guint most_px, GCancellable *cancellable,
                                     GAsyncReadyCallback done, gpointer user_data);
AssayPicture *assay_picture_load_small_finish (GAsyncResult *result, GError **error);

G_END_DECLS
