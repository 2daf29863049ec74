/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/film-private.h - what a kind of film file does behind core/film-writer.h and core/film.h. */
#include "core/film-writer.h"

G_BEGIN_DECLS

/* The file of a writer. `bytes` is where its last whole frame ends: whatever fails, it is cut there. */
typedef struct
{
  int fd;
  char *path;
  guint64 bytes;
} AssayFilmFile;

/* One kind of film file to write. `add` and `finish` write to the file by themselves and set its `bytes`. */
typedef struct
{
  const char *type;
  gint64 unit_ns; /* time stamps are whole multiples of it */
  gpointer (*begin) (AssayFilmFile *file, const AssayFilmFormat *format, GError **error);
  gboolean (*add) (gpointer sink, const AssayFilmFrame *frame, gint64 pts_ns, GError **error);
  gboolean (*finish) (gpointer sink, GError **error); /* index and lengths; NULL = there is nothing left to write */
  void (*free) (gpointer sink);
  gboolean (*repair) (const char *path, guint64 *ret_frames, guint64 *ret_lost_bytes, GError **error);
} AssayFilmSink;
extern const AssayFilmSink assay_film_sink_matroska, assay_film_sink_mjpeg, assay_film_sink_raw;

/* One kind of film file to read; the functions of core/film.h of the same names. */
typedef struct
{
  gpointer (*open) (const char *path, AssayFilmFacts *ret_facts, GError **error);
  void (*close) (gpointer reader);
  GArray *(*list) (gpointer reader, GError **error);
  AssayPicture *(*next) (gpointer reader, gint64 *ret_pts_ns, GError **error);
  AssayPicture *(*get_frame) (gpointer reader, gint64 pts_ns, GError **error);
  gboolean (*get_format) (gpointer reader, AssayFilmFormat *ret_format, GError **error);
  gboolean (*next_bytes) (gpointer reader, AssayFilmFrame *ret_frame, gint64 *ret_pts_ns, GError **error);
} AssayFilmReader;
extern const AssayFilmReader assay_film_reader_container, assay_film_reader_raw;

/* Times of all frames of a Matroska film of one track in which each is a key frame, as every recording in MJPEG is: gint64
 * milliseconds in a GArray, in the order of the file. Reads the heads of clusters alone, not a gigabyte of pictures. NULL
 * when the film is another one: then its packets must be read. */
GArray *assay_film_matroska_list (const char *path);

/* Where the last whole part of a Matroska file ends, 0 when it is none; TRUE when its writer finished it. */
gboolean assay_film_matroska_find_end (int fd, gint64 size, gint64 *ret_end);

/* Whether that is the beginning of a raw film. */
#define ASSAY_FILM_RAW_HEAD_BYTES 8
gboolean assay_film_is_raw (const guint8 *head, gsize n_bytes);

G_END_DECLS
