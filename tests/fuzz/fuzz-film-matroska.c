/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/fuzz-film-matroska.c - any bytes as a Matroska film to be mended: refused and left alone, or in order.
 */
#include "core/film-private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes);

static void
must (gboolean holds)
{
  if (!holds)
    abort ();
}

static void
remove_folder (void)
{
  g_autofree char *folder = g_strdup_printf ("/dev/shm/assay-fuzz-%d", (int) getpid ());
  g_autofree char *path = g_build_filename (folder, "film.mkv", NULL);
  unlink (path);
  rmdir (folder);
}

/* In memory, for mending writes a file and brings it to the disk. */
static const char *
get_path (void)
{
  static char *path;
  if (path != NULL)
    return path;
  g_autofree char *folder = g_strdup_printf ("/dev/shm/assay-fuzz-%d", (int) getpid ());
  must (g_mkdir_with_parents (folder, 0700) == 0);
  atexit (remove_folder);
  return path = g_build_filename (folder, "film.mkv", NULL);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  const char *path = get_path ();
  guint64 frames = 0, lost = 0, again = 0;
  g_autoptr (GError) error = NULL;
  g_autofree char *after = NULL;
  gsize n_after;
  must (g_file_set_contents (path, (const char *) data, (gssize) n_bytes, NULL));
  if (!assay_film_sink_matroska.repair (path, &frames, &lost, &error))
    {
      must (error != NULL && g_file_get_contents (path, &after, &n_after, NULL));
      must (n_after == n_bytes && (n_bytes == 0 || memcmp (after, data, n_bytes) == 0));
      return 0;
    }
  must (lost <= n_bytes);
  if (frames > 0)
    must (assay_film_sink_matroska.repair (path, &again, &lost, NULL) && again == frames && lost == 0);
  return 0;
}
