/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/film-raw.h - Assay's raw film: frames as a camera gave them, each framed and summed by itself, so that a
 * torn or damaged place costs what is torn or damaged and nothing else. doc/DATASET.md, "Raw films", is its
 * definition. */
#include "core/film-private.h"

G_BEGIN_DECLS

/* One frame where it lies; `at` is the first byte of its pixels. */
typedef struct
{
  guint64 at, n_bytes, sum;
  guint64 sequence;
  gint64 stamp_ns, pts_ns;
  guint32 flags;
} AssayFilmRawFrame;

/* BAD_DATA when it is none, UNSUPPORTED when a newer version wrote it. */
gboolean assay_film_raw_read_format (int fd, const char *path, AssayFilmFormat *ret_format, GError **error);
/* Every frame that is there from its first byte to its last, in order: AssayFilmRawFrame in a GArray. Reads their
 * headers alone. `ret_end`: where the last of them ends. */
GArray *assay_film_raw_scan (int fd, const char *path, guint64 *ret_end, GError **error);
/* The frame's bytes into `ret_bytes`; BAD_DATA when they are not those that were written. */
gboolean assay_film_raw_read (int fd, const char *path, const AssayFilmRawFrame *frame, GByteArray *ret_bytes,
                              GError **error);

G_END_DECLS
