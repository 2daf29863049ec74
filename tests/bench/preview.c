/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-preview [SECONDS]: a replay camera of 1920 x 1080 MJPEG at 60 frames a second, looked at 60 times a second
 * in several sizes: pictures shown, and the processor time of the whole program in percent of one core. Then what
 * one conversion costs, by pixel format. Nothing is asserted. */
#include "capture/stream.h"
#include "core/colour.h"
#include "tests/bench/frames.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FILES 30
#define RATE 60

static double
cpu_s (void)
{
  struct timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec / 1e9;
}

static char *
write_frames (const AssayPicture *picture)
{
  char *folder = g_dir_make_tmp ("assay-bench-XXXXXX", NULL);
  g_autoptr (AssayPicture) moved = assay_picture_new (FRAME_WIDTH, FRAME_HEIGHT, ASSAY_PIXELS_RGB8);
  gsize n_bytes = 0;
  for (guint i = 0; i < FILES; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%02u.jpg", folder, i);
      for (guint y = 0; y < FRAME_HEIGHT; y++)
        memcpy (moved->data + y * moved->stride, picture->data + (y + 16 * i) % FRAME_HEIGHT * picture->stride,
                picture->stride);
      g_autoptr (GBytes) jpeg = assay_picture_encode_jpeg (moved, 85, NULL);
      const char *data = g_bytes_get_data (jpeg, &n_bytes);
      g_file_set_contents (path, data, (gssize) n_bytes, NULL);
    }
  printf ("MJPEG of %u x %u, %.0f kB a frame, %u frames a second\n", FRAME_WIDTH, FRAME_HEIGHT,
          (double) n_bytes / 1e3, RATE);
  return folder;
}

static void
remove_frames (const char *folder)
{
  for (guint i = 0; i < FILES; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%02u.jpg", folder, i);
      g_remove (path);
    }
  g_rmdir (folder);
}

/* `side_px` -1 = nobody looks. */
static void
look (const char *folder, int side_px, double seconds)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *words = g_strdup_printf ("replay:%s,fps=%u,loop=true", folder, RATE);
  g_autoptr (AssayStream) stream = assay_stream_open (ASSAY_DEVICE_CAMERA, words, &error);
  if (stream == NULL || !assay_stream_start (stream, &error))
    {
      fprintf (stderr, "bench-preview: %s\n", error->message);
      exit (3);
    }
  guint shown = 0, width_px = 0;
  gint64 start_us = g_get_monotonic_time (), next_us = start_us;
  double start_cpu_s = cpu_s ();
  while (g_get_monotonic_time () - start_us < (gint64) (seconds * 1e6))
    {
      g_autoptr (AssayPicture) picture = side_px >= 0 ? assay_stream_peek_small (stream, (guint) side_px) : NULL;
      shown += picture != NULL;
      width_px = picture != NULL ? picture->width_px : width_px;
      next_us += G_USEC_PER_SEC / RATE;
      g_usleep ((gulong) MAX (next_us - g_get_monotonic_time (), 0));
    }
  double took_s = (double) (g_get_monotonic_time () - start_us) / 1e6;
  printf ("  asked for %5d px: %4u wide, %5.1f shown a second, %5.1f %% of a core\n", side_px, width_px,
          shown / took_s, 100 * (cpu_s () - start_cpu_s) / took_s);
}

static void
convert_one (const char *code, guint side_px)
{
  AssayPixelFormat format = { .width_px = FRAME_WIDTH, .height_px = FRAME_HEIGHT };
  gsize n_bytes = (gsize) FRAME_WIDTH * FRAME_HEIGHT * 4;
  g_autofree guint8 *frame = g_malloc (n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    frame[i] = (guint8) (i * 7 + (i >> 9));
  assay_fourcc_parse (code, &format.fourcc, NULL);
  double start_s = cpu_s ();
  for (guint i = 0; i < 10; i++)
    assay_picture_unref (assay_colour_convert_small (&format, frame, n_bytes, side_px, NULL));
  printf ("  %-4s %s %6.2f ms\n", code, side_px == 0 ? "whole   " : "960 px  ", (cpu_s () - start_s) * 100);
}

int
main (int argc, char **argv)
{
  static const char *const codes[] = { "YUYV", "NV12", "RGGB", "pRAA", "Y16", "P010", "RGBP" };
  double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 5;
  g_autoptr (AssayPicture) mosaic = make_mosaic ();
  g_autoptr (AssayPicture) picture = mosaic != NULL ? g_steal_pointer (&mosaic) : make_noisy (2);
  g_autofree char *folder = write_frames (picture);
  static const int sides[] = { -1, 0, 1280, 960, 480, 240 };
  for (guint i = 0; i < G_N_ELEMENTS (sides); i++)
    look (folder, sides[i], seconds);
  remove_frames (folder);
  printf ("one frame of %u x %u, on one core\n", FRAME_WIDTH, FRAME_HEIGHT);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (codes); i++)
    convert_one (codes[i / 2], i % 2 == 0 ? 0 : 960);
  return 0;
}
