/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-png: what a still of 1920 x 1080 pixels costs as PNG, ours beside libpng's defaults, in the same run:
 * medians of 5, and sizes. $ASSAY_SAMPLES has the photographs. Nothing is asserted. */
#include "tests/bench/frames.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 5

static void
count_bytes (png_structp png, png_bytep data, png_size_t n)
{
  *(gsize *) png_get_io_ptr (png) += n;
}

static void
flush_nothing (png_structp png)
{
}

static gsize
encode_by_default (const AssayPicture *picture)
{
  gsize bytes = 0;
  png_structp png = png_create_write_struct (PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
  png_infop info = png_create_info_struct (png);
  if (setjmp (png_jmpbuf (png)) != 0)
    exit (3);
  png_set_write_fn (png, &bytes, count_bytes, flush_nothing);
  png_set_IHDR (png, info, picture->width_px, picture->height_px, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info (png, info);
  for (guint y = 0; y < picture->height_px; y++)
    png_write_row (png, picture->data + y * picture->stride);
  png_write_end (png, info);
  png_destroy_write_struct (&png, &info);
  return bytes;
}

static gsize
encode_ours (const AssayPicture *picture)
{
  g_autoptr (GBytes) bytes = assay_picture_encode_png (picture, NULL);
  return g_bytes_get_size (bytes);
}

/* Of this thread alone: other programs do not count. */
static double
cpu_ms (void)
{
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec * 1e3 + (double) now.tv_nsec / 1e6;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

static double
measure (gsize (*encode) (const AssayPicture *), const AssayPicture *picture, gsize *ret_bytes)
{
  double took_ms[ROUNDS];
  for (guint i = 0; i < ROUNDS; i++)
    {
      double start_ms = cpu_ms ();
      *ret_bytes = encode (picture);
      took_ms[i] = cpu_ms () - start_ms;
    }
  qsort (took_ms, ROUNDS, sizeof *took_ms, compare_doubles);
  return took_ms[ROUNDS / 2];
}

static void
compare (const char *name, const AssayPicture *picture)
{
  gsize ours = 0, theirs = 0;
  double ours_ms = measure (encode_ours, picture, &ours), theirs_ms = measure (encode_by_default, picture, &theirs);
  printf ("%-28s ours %6.1f ms %5.2f MB   libpng %7.1f ms %5.2f MB   %5.2f times as fast, size %+.1f %%\n", name,
          ours_ms, (double) ours / 1e6, theirs_ms, (double) theirs / 1e6, theirs_ms / ours_ms,
          100.0 * ((double) ours / (double) theirs - 1));
}

int
main (void)
{
  g_autoptr (AssayPicture) mosaic = make_mosaic ();
  g_autoptr (AssayPicture) quiet = make_noisy (2), loud = make_noisy (5);
  if (mosaic != NULL)
    compare ("photographs", mosaic);
  else
    printf ("# photographs: not run, ASSAY_SAMPLES has none\n");
  compare ("scene, noise of 2 levels", quiet);
  compare ("scene, noise of 5 levels", loud);
  return 0;
}
