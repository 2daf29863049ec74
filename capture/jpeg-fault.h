/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* capture/jpeg-fault.h - what is wrong with a JPEG that a camera sent, mostly without decoding it. Any thread. */
#include <glib.h>

G_BEGIN_DECLS

/* NULL when it is a whole picture, else why not, a constant. A missing table of Huffman codes is none: cameras may
 * leave it out. Only one without an end marker is decoded, to see whether all rows are there all the same. */
const char *assay_jpeg_find_fault (const guint8 *data, gsize n_bytes);

G_END_DECLS
