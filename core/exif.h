/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/exif.h - the one thing that Assay reads of EXIF: which way is up. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* `data` is the TIFF structure (after JPEG's "Exif\0\0", or a PNG's eXIf chunk). Tag 0x0112 of the first directory,
 * 1 to 8 (EXIF 2.32, 4.6.4); whatever is absent, broken or out of range is 1, upright. Reads nothing out of bounds.
 */
guint assay_exif_orientation (const guint8 *data, gsize n_bytes);

G_END_DECLS
