/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* app/gui/thumbnailer.h - makes thumbnails on two threads, the last asked for first: what has just come into view.
 */
#include "app/gui/thumbnail.h"

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _AssayThumbnailer AssayThumbnailer;
AssayThumbnailer *assay_thumbnailer_new (void);
/* Waits for what is being made at this moment; no callback comes after it. */
void assay_thumbnailer_free (AssayThumbnailer *thumbnailer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayThumbnailer, assay_thumbnailer_free)

/* `done` on the main loop; `texture` is NULL when the media cannot be shown. Nothing is made, and nobody called,
 * once `given_up` is cancelled: what has been scrolled past. */
typedef void (*AssayThumbnailDone) (gpointer owner, GdkTexture *texture);
void assay_thumbnailer_ask (AssayThumbnailer *thumbnailer, const AssayItem *item, const char *path,
                            AssayThumbnailDone done, gpointer owner, GCancellable *given_up);

G_END_DECLS
