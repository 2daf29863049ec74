/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/fuzz-film-raw.c - any bytes as a raw film: each frame is a picture or an error of its own, and what
 * was mended is in order. Sums are put right first, or nothing would get past them; every third frame's pixels stay
 * wrong. */
#include "core/film-raw.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xxhash.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes);

static void
must (gboolean holds)
{
  if (!holds)
    abort ();
}

static void
put_sum (guint8 *to, const void *data, gsize n_bytes)
{
  guint64 sum = GUINT64_TO_LE (XXH3_64bits (data, n_bytes));
  memcpy (to, &sum, sizeof sum);
}

/* Small frames, so that a run is many inputs and not one huge picture. */
static void
put_right (guint8 *film, gsize n_bytes)
{
  if (n_bytes < 128)
    return;
  film[22] = film[23] = film[26] = film[27] = 0;
  film[21] &= 1;
  film[25] &= 1;
  put_sum (film + 120, film, 120);
  for (gsize at = 128; at + 64 <= n_bytes; at += 64)
    {
      guint64 n;
      if (memcmp (film + at,
                  "\x89"
                  "FRAME\r\n",
                  8)
          != 0)
        continue;
      memcpy (&n, film + at + 32, sizeof n);
      n = GUINT64_FROM_LE (n);
      if (n <= n_bytes - at - 64 && film[at + 8] % 3 != 2)
        put_sum (film + at + 48, film + at + 64, n);
      put_sum (film + at + 56, film + at, 56);
    }
}

static void
show_all (gpointer reader)
{
  g_autoptr (GArray) list = assay_film_reader_raw.list (reader, NULL);
  gint64 last_ns = -1;
  for (guint i = 0; i < MIN (list->len, 16); i++)
    {
      gint64 pts_ns = g_array_index (list, gint64, i), next_ns = 0;
      g_autoptr (GError) error = NULL, error_next = NULL;
      g_autoptr (AssayPicture) next = assay_film_reader_raw.next (reader, &next_ns, &error_next);
      g_autoptr (AssayPicture) picture = assay_film_reader_raw.get_frame (reader, pts_ns, &error);
      must (pts_ns > last_ns && (picture == NULL) == (error != NULL) && (next == NULL) == (picture == NULL));
      must (next == NULL || next_ns == pts_ns);
      last_ns = pts_ns;
    }
}

static void
mend (const char *path)
{
  guint64 frames = 0, lost = 0, again = 0;
  struct stat before, after;
  g_autoptr (GError) error = NULL;
  must (stat (path, &before) == 0);
  if (!assay_film_sink_raw.repair (path, &frames, &lost, &error))
    {
      must (error != NULL && stat (path, &after) == 0 && after.st_size == before.st_size);
      return;
    }
  must (frames > 0 && stat (path, &after) == 0 && after.st_size >= before.st_size - (off_t) lost);
  must (assay_film_sink_raw.repair (path, &again, &lost, NULL) && again == frames && lost == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  int fd = memfd_create ("film", MFD_CLOEXEC);
  g_autofree guint8 *film = g_memdup2 (data, n_bytes);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  AssayFilmFacts facts;
  g_autoptr (GError) error = NULL;
  put_right (film, n_bytes);
  must (fd >= 0 && write (fd, film, n_bytes) == (ssize_t) n_bytes);
  gpointer reader = assay_film_reader_raw.open (path, &facts, &error);
  must ((reader == NULL) == (error != NULL));
  if (reader != NULL)
    {
      must (facts.n_frames > 0 && facts.width_px > 0 && facts.duration_ns >= 0);
      show_all (reader);
      assay_film_reader_raw.close (reader);
    }
  mend (path);
  close (fd);
  return 0;
}
