/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/film.h - films: MP4, MKV, AVI and the like (core/film-container.c), and Assay's raw films (core/film-raw-read.c),
 * read frame by frame.
 *
 * A frame is named by its presentation time stamp in nanoseconds from the film's first frame, never by a guessed index,
 * so that an item (film, stream, time stamp) means the same pixels everywhere. A reader belongs to one thread at a time. */
#include "core/picture.h"
#include "core/pixel-format.h"

G_BEGIN_DECLS

typedef struct {
  const char *type;          /* "mp4", "mkv", "avi", "film": the extension in media/ */
  guint width_px, height_px;
  guint stream;              /* index of the video stream */
  gint64 n_frames;           /* counted by reading packets, not as the header claims */
  gint64 duration_ns;
  char codec[16];            /* of a raw film: its pixel format, "YUYV" */
} AssayFilmFacts;

gboolean assay_film_probe (const char *path, AssayFilmFacts *ret_facts, GError **error);

typedef struct _AssayFilm AssayFilm;
AssayFilm *assay_film_open (const char *path, GError **error);
void assay_film_close (AssayFilm *film);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFilm, assay_film_close)
const AssayFilmFacts *assay_film_get_facts (const AssayFilm *film);
/* Time stamps of all frames, in showing order: gint64 in a GArray. */
GArray *assay_film_list_frames (AssayFilm *film, GError **error);
/* The next frame in showing order, or NULL without an error at the end. RGB8; of raw and JPEG films as core/colour.h and
 * core/picture.h give it, in grey and to 16 bits. A frame that is damaged is BAD_DATA, and the call after it goes on. */
AssayPicture *assay_film_next (AssayFilm *film, gint64 *ret_pts_ns, GError **error);
/* Exactly the frame with this time stamp; NOT_FOUND when there is none. */
AssayPicture *assay_film_get_frame (AssayFilm *film, gint64 pts_ns, GError **error);

/* --- as a camera gave them --- */

typedef struct
{
  AssayPixelFormat pixels;
  double fps; /* as the device answered; 0 = not said; players believe it, we go by the time stamps */
} AssayFilmFormat;

typedef struct
{
  const guint8 *data;
  gsize n_bytes;
  gint64 stamp_ns;  /* CLOCK_MONOTONIC; a film's own time stamps count from its first frame's */
  guint64 sequence; /* as the device counts; only raw films keep it, and the flags */
  guint32 flags;
} AssayFilmFrame;

/* How the film's frames are given by assay_film_next_bytes; UNSUPPORTED where a film is none of a camera: neither MJPEG,
 * nor H.264, nor raw. */
gboolean assay_film_get_format (const AssayFilm *film, AssayFilmFormat *ret_format, GError **error);
/* The next frame as it was recorded, not decoded: `ret_frame->data` is the film's until the next call. Stamps, sequence
 * numbers and flags are the device's in raw films, else time and number in the film. FALSE without an error at the end.
 * A reader gives pictures or bytes, not both. */
gboolean assay_film_next_bytes (AssayFilm *film, AssayFilmFrame *ret_frame, gint64 *ret_pts_ns, GError **error);

G_END_DECLS
