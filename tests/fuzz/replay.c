/* SPDX-License-Identifier: GPL-3.0-or-later */
/* tests/fuzz/replay.c - runs a fuzz target over a folder of inputs, each also cut short and with one byte changed
 * at every place of its first 4 KiB. Needs no clang. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t n_bytes);

static guint64
replay (const char *path)
{
  g_autofree char *text = NULL;
  gsize n = 0;
  guint64 runs = 1;
  if (!g_file_get_contents (path, &text, &n, NULL))
    exit (EXIT_FAILURE);
  LLVMFuzzerTestOneInput ((const uint8_t *) text, n);
  gsize step = MAX (n / 512, 1);
  for (gsize at = 0; at < MIN (n, 4096); at += step)
    {
      /* A copy of the exact size, so that the sanitizer sees a byte read past the end. */
      g_autofree char *cut = g_memdup2 (text, at);
      LLVMFuzzerTestOneInput ((const uint8_t *) cut, at);
      static const char instead[] = { '\0', '"', '9', '-', '{', ']', (char) 0xff };
      for (gsize i = 0; i < sizeof instead; i++, runs++)
        {
          g_autofree char *changed = g_memdup2 (text, n);
          changed[at] = instead[i];
          LLVMFuzzerTestOneInput ((const uint8_t *) changed, n);
        }
      runs++;
    }
  return runs;
}

int
main (int argc, char **argv)
{
  guint64 runs = 0;
  guint files = 0;
  g_autoptr (GDir) folder = argc == 2 ? g_dir_open (argv[1], 0, NULL) : NULL;
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL; files++)
    {
      g_autofree char *path = g_build_filename (argv[1], name, NULL);
      runs += replay (path);
    }
  printf ("%u inputs, %" G_GUINT64_FORMAT " runs\n", files, runs);
  return files > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
