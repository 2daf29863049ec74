/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/fuzz-wave.c - any bytes as a WAV whose header is to be mended: never more samples than there are
 * bytes, and what was mended is right from then on and keeps its sound. */
#include "core/sound-repair.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes);

static void
must (gboolean holds)
{
  if (!holds)
    abort ();
}

static void
mend (int fd, const AssayWave *before, const uint8_t *data)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  guint64 samples = 0, lost = 0;
  AssayWave after;
  gsize n_sound = (gsize) (before->n_there * before->align);
  g_autofree guint8 *sound = g_malloc (n_sound + 1);
  must (assay_sound_repair (path, &samples, &lost, NULL));
  must (samples == (guint64) before->n_there && lost == before->n_cut);
  must (assay_wave_look (fd, path, &after, NULL));
  must (!after.wrong && after.n_there == before->n_there && after.data_at == before->data_at
        && after.align == before->align);
  must (pread (fd, sound, n_sound, before->data_at) == (ssize_t) n_sound);
  must (memcmp (sound, data + before->data_at, n_sound) == 0);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes)
{
  int fd = memfd_create ("wave", MFD_CLOEXEC);
  AssayWave wave;
  g_autoptr (GError) error = NULL;
  must (fd >= 0 && write (fd, data, n_bytes) == (ssize_t) n_bytes);
  if (!assay_wave_look (fd, "fuzz", &wave, &error))
    must (error != NULL);
  else
    {
      must (wave.align > 0 && wave.n_there >= 0 && wave.data_at + wave.n_there * wave.align <= (gint64) n_bytes);
      if (wave.wrong)
        mend (fd, &wave, data);
    }
  close (fd);
  return 0;
}
