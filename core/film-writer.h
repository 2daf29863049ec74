/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/film-writer.h - frames into a film, byte for byte as a camera gave them, in a file that is good to the last second.
 *
 * MJPEG and H.264 go into Matroska (core/film-mjpeg.c; core/film-matroska.c, libavformat); every other pixel format, also one that nobody
 * knows, into Assay's raw film (core/film-raw.c; doc/DATASET.md says what is in it). Nothing is encoded again.
 * A segment is one file; the recorder begins a new one by time, size or when a camera came back, at a key frame.
 * What was added is with the kernel, so that a killed writer loses none of it; a power cut takes what came after the last
 * flush. A writer belongs to one thread at a time. Its errors are those of the disk: the frame is not in the film then, the
 * ones before it are, and the file is as good as a killed writer's. */
#include "core/film.h"

G_BEGIN_DECLS

/* "mkv" or "film": the extension of the segment, and of the file in media/. A constant. */
const char *assay_film_writer_type (guint32 fourcc);
/* Whether a segment may begin with this frame: always, but for H.264 only where it can be decoded from, that is at an
 * IDR picture that comes with its SPS and PPS. */
gboolean assay_film_writer_can_begin (guint32 fourcc, const guint8 *data, gsize n_bytes);

typedef struct _AssayFilmWriter AssayFilmWriter;
/* An existing file is CONFLICT. `reserve_bytes` are set aside on the disk, and given back at the end; 0 = none. */
AssayFilmWriter *assay_film_writer_new (const char *path, const AssayFilmFormat *format, guint64 reserve_bytes, GError **error);
/* `ret_pts_ns`: the frame's time stamp in the film, which names it (core/film.h): whole nanoseconds in raw films, rounded to
 * milliseconds in Matroska; always later than that of the frame before it, whatever its stamp says. An empty frame, and a
 * first one that a film cannot begin with, are BAD_DATA and change nothing. */
gboolean assay_film_writer_add (AssayFilmWriter *writer, const AssayFilmFrame *frame, gint64 *ret_pts_ns, GError **error);
/* A descriptor for whoever brings what was added so far to the disk, with fdatasync() on a thread that may wait; each second.
 * It outlives the writer; close it. -1 on error. */
int assay_film_writer_dup_fd (AssayFilmWriter *writer, GError **error);
guint64 assay_film_writer_get_bytes (const AssayFilmWriter *writer); /* so far */
gboolean assay_film_writer_close (AssayFilmWriter *writer, GError **error); /* frees it in any case */
/* Leaves the file as a killed writer would. NULL is fine. */
void assay_film_writer_free (AssayFilmWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AssayFilmWriter, assay_film_writer_free)

/* What a killed writer left: cut after the last whole frame, header and index mended, under the same name, when it is not in
 * order already. `ret_frames`: whole frames in it; `ret_lost_bytes`: what was cut off. BAD_DATA when not one frame is there:
 * the file stays as it is. Any thread; nobody else may have the file open. */
gboolean assay_film_repair (const char *path, guint64 *ret_frames, guint64 *ret_lost_bytes, GError **error);

G_END_DECLS
