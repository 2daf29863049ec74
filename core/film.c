/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/film.h"

#include "core/error.h"
#include "core/film-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct _AssayFilm
{
  const AssayFilmReader *kind;
  gpointer reader;
  AssayFilmFacts facts;
};

/* By what the file begins with; NULL when it cannot be read at all. */
static const AssayFilmReader *
find_kind (const char *path, GError **error)
{
  guint8 head[ASSAY_FILM_RAW_HEAD_BYTES];
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? pread (fd, head, sizeof head, 0) : -1;
  int why = errno;
  if (fd >= 0)
    close (fd);
  if (n < 0)
    {
      assay_error_set_errno (error, why, "reading %s", path);
      return NULL;
    }
  return assay_film_is_raw (head, (gsize) n) ? &assay_film_reader_raw : &assay_film_reader_container;
}

AssayFilm *
assay_film_open (const char *path, GError **error)
{
  g_autoptr (AssayFilm) film = g_new0 (AssayFilm, 1);
  film->kind = find_kind (path, error);
  if (film->kind == NULL)
    return NULL;
  film->reader = film->kind->open (path, &film->facts, error);
  return film->reader != NULL ? g_steal_pointer (&film) : NULL;
}

void
assay_film_close (AssayFilm *film)
{
  if (film == NULL)
    return;
  if (film->reader != NULL)
    film->kind->close (film->reader);
  g_free (film);
}

const AssayFilmFacts *
assay_film_get_facts (const AssayFilm *film)
{
  return &film->facts;
}

gboolean
assay_film_probe (const char *path, AssayFilmFacts *ret_facts, GError **error)
{
  g_autoptr (AssayFilm) film = assay_film_open (path, error);
  if (film == NULL)
    return FALSE;
  *ret_facts = film->facts;
  return TRUE;
}

GArray *
assay_film_list_frames (AssayFilm *film, GError **error)
{
  return film->kind->list (film->reader, error);
}

AssayPicture *
assay_film_next (AssayFilm *film, gint64 *ret_pts_ns, GError **error)
{
  return film->kind->next (film->reader, ret_pts_ns, error);
}

AssayPicture *
assay_film_get_frame (AssayFilm *film, gint64 pts_ns, GError **error)
{
  return film->kind->get_frame (film->reader, pts_ns, error);
}

gboolean
assay_film_get_format (const AssayFilm *film, AssayFilmFormat *ret_format, GError **error)
{
  return film->kind->get_format (film->reader, ret_format, error);
}

gboolean
assay_film_next_bytes (AssayFilm *film, AssayFilmFrame *ret_frame, gint64 *ret_pts_ns, GError **error)
{
  return film->kind->next_bytes (film->reader, ret_frame, ret_pts_ns, error);
}
