/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/film.h - films: MP4, MKV, AVI and the like, read frame by frame (libavformat and libavcodec in core/film.c alone).
 *
 * A frame is named by its presentation time stamp in nanoseconds from the film's first frame, never by a guessed index,
 * so that an item (film, stream, time stamp) means the same pixels everywhere. A reader belongs to one thread at a time. */
#include "core/picture.h"

G_BEGIN_DECLS

typedef struct {
  const char *type;          /* "mp4", "mkv", "avi": the extension in media/ */
  guint width_px, height_px;
  guint stream;              /* index of the video stream */
  gint64 n_frames;           /* counted by reading packets, not as the header claims */
  gint64 duration_ns;
  char codec[16];
} AssayFilmFacts;

gboolean assay_film_probe (const char *path, AssayFilmFacts *ret_facts, GError **error);

typedef struct _AssayFilm AssayFilm;
AssayFilm *assay_film_open (const char *path, GError **error);
void assay_film_close (AssayFilm *film);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFilm, assay_film_close)
const AssayFilmFacts *assay_film_get_facts (const AssayFilm *film);
/* Time stamps of all frames, in showing order: gint64 in a GArray. */
GArray *assay_film_list_frames (AssayFilm *film, GError **error);
/* The next frame in showing order, or NULL without an error at the end. RGB8. */
AssayPicture *assay_film_next (AssayFilm *film, gint64 *ret_pts_ns, GError **error);
/* Exactly the frame with this time stamp; NOT_FOUND when there is none. */
AssayPicture *assay_film_get_frame (AssayFilm *film, gint64 pts_ns, GError **error);

G_END_DECLS
