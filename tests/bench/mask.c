/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-mask: what masks cost, beside pycocotools in the same run on the same pixels.
 *
 * Both do the same work from the same bytes: encode is bytes -> COCO's string, decode the string -> bytes, merge
 * and IoU begin with strings (pycocotools knows no other form). pycocotools is given its pixels down columns, as it
 * likes them, and all masks of a set in one call; ours come row by row, one by one. They take turns, so that an
 * hour in which the machine is slow is one for both, and the least processor time of each counts; a ratio is theirs
 * / ours. Where pycocotools cannot be had (tests/peers/peer_venv.py) that is told, and ours stand alone.
 */
#include "core/mask.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define TURNS 5
#define ROUNDS 7 /* a turn, as the peer's */
#define N_OPERATIONS 4

static const char *const operations[N_OPERATIONS] = { "encode", "decode", "merge", "iou" };

typedef struct
{
  const char *name;
  guint side_px, n; /* square masks, so many */
  double noise;     /* share of pixels turned over */
} Set;

static const Set sets[] = {
  { "small", 64, 200, 0 },        { "picture", 640, 40, 0 }, { "large", 4096, 4, 0 },
  { "noisy 5 %", 640, 20, 0.05 }, { "noise", 640, 20, 0.5 },
};

/* A blob whose border waves, somewhere in the picture. */
static void
draw (const Set *set, guint nth, guint8 *pixels)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (nth + 1);
  double w = set->side_px, x = w * g_rand_double_range (random, 0.35, 0.65),
         y = w * g_rand_double_range (random, 0.35, 0.65), r = w * g_rand_double_range (random, 0.15, 0.3),
         lobes = g_rand_int_range (random, 3, 9);
  for (guint i = 0; i < set->side_px * set->side_px; i++)
    {
      double dx = i % set->side_px - x, dy = i / set->side_px - y;
      gboolean inside = hypot (dx, dy) < r * (1 + 0.2 * sin (lobes * atan2 (dy, dx)));
      pixels[i] = inside != (set->noise > 0 && g_rand_double (random) < set->noise);
    }
}

/* Of the processor: what else the machine does does not count. */
static double
now_s (void)
{
  struct timespec now;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

/* The seconds of each operation once over the whole set. */
static void
run_round (const Set *set, const guint8 *pixels, char **texts, guint8 *out, double *ret_s)
{
  gsize each = (gsize) set->side_px * set->side_px;
  guint side = set->side_px;
  double start = now_s ();
  for (guint i = 0; i < set->n; i++)
    {
      g_autoptr (AssayMask) mask = assay_mask_new_from_bytes (pixels + i * each, side, side, side);
      g_free (texts[i]);
      texts[i] = assay_mask_to_coco (mask);
    }
  ret_s[0] = now_s () - start;

  start = now_s ();
  for (guint i = 0; i < set->n; i++)
    {
      g_autoptr (AssayMask) mask = assay_mask_new_from_coco (texts[i], side, side, NULL);
      assay_mask_to_bytes (mask, 0, 0, side, side, out + i * each, side);
    }
  ret_s[1] = now_s () - start;

  start = now_s ();
  g_autoptr (GPtrArray) read = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  for (guint i = 0; i < set->n; i++)
    g_ptr_array_add (read, assay_mask_new_from_coco (texts[i], side, side, NULL));
  g_autoptr (AssayMask) all
      = assay_mask_combine_all ((const AssayMask *const *) read->pdata, set->n, ASSAY_MASK_UNION);
  g_autofree char *merged = assay_mask_to_coco (all);
  ret_s[2] = now_s () - start;

  start = now_s ();
  g_autoptr (GPtrArray) masks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  double sum = 0;
  for (guint i = 0; i < set->n; i++)
    g_ptr_array_add (masks, assay_mask_new_from_coco (texts[i], side, side, NULL));
  for (guint i = 0; i < set->n; i++)
    for (guint k = 0; k < set->n; k++)
      sum += assay_mask_iou (masks->pdata[i], masks->pdata[k], FALSE);
  ret_s[3] = now_s () - start;
  if (memcmp (pixels, out, each * set->n) != 0 || !(sum >= set->n) || merged[0] == '\0')
    g_error ("bench-mask: %s is wrong", set->name);
}

static void
keep_least (double *least, const double *now)
{
  for (guint i = 0; i < N_OPERATIONS; i++)
    least[i] = MIN (least[i], now[i]);
}

/* One line of four figures, as tests/bench/mask-peer.py prints it; FALSE = not to be had. */
static gboolean
ask_peer (const Set *set, const char *path, double *least)
{
  g_autofree char *script = g_build_filename (g_getenv ("ASSAY_SOURCE"), "tests/bench/mask-peer.py", NULL);
  g_autofree char *side = g_strdup_printf ("%u", set->side_px), *n = g_strdup_printf ("%u", set->n);
  g_autofree char *output = NULL;
  char *argv[] = { (char *) "python3", script, (char *) path, side, n, NULL };
  double now[N_OPERATIONS];
  if (!g_spawn_sync (NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, NULL, NULL))
    return FALSE;
  if (sscanf (output, "%lf %lf %lf %lf", &now[0], &now[1], &now[2], &now[3]) != N_OPERATIONS)
    {
      printf ("pycocotools: %s", output);
      return FALSE;
    }
  keep_least (least, now);
  return TRUE;
}

static void
run_set (const Set *set, const char *folder)
{
  gsize each = (gsize) set->side_px * set->side_px;
  g_autofree guint8 *pixels = g_malloc (each * set->n), *out = g_malloc (each * set->n);
  g_auto (GStrv) texts = g_new0 (char *, set->n + 1);
  g_autofree char *path = g_build_filename (folder, "pixels", NULL);
  double ours[N_OPERATIONS], theirs[N_OPERATIONS], now[N_OPERATIONS];
  gboolean has_peer = TRUE;
  for (guint i = 0; i < N_OPERATIONS; i++)
    ours[i] = theirs[i] = INFINITY;
  for (guint i = 0; i < set->n; i++)
    draw (set, i, pixels + i * each);
  if (!g_file_set_contents (path, (const char *) pixels, (gssize) (each * set->n), NULL))
    g_error ("bench-mask: %s could not be written", path);
  for (guint turn = 0; turn < TURNS; turn++)
    {
      for (guint round = 0; round < ROUNDS; round++)
        {
          run_round (set, pixels, texts, out, now);
          keep_least (ours, now);
        }
      has_peer = has_peer && ask_peer (set, path, theirs);
    }
  for (guint i = 0; i < N_OPERATIONS; i++)
    {
      printf ("%-10s %4u x %-4u %4u  %-6s %9.3f ms", set->name, set->side_px, set->side_px, set->n, operations[i],
              ours[i] * 1000);
      if (has_peer)
        printf (" %9.3f ms  %5.1f x%s", theirs[i] * 1000, theirs[i] / ours[i],
                theirs[i] < 2 * ours[i] ? "  below 2" : "");
      printf ("\n");
    }
  fflush (stdout);
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("bench-mask-XXXXXX", NULL);
  if (folder == NULL || g_getenv ("ASSAY_SOURCE") == NULL)
    {
      fprintf (stderr, "usage: ASSAY_SOURCE=… bench-mask\n");
      return 2;
    }
  printf ("%-10s %11s %4s  %-6s %12s %12s  %s\n", "masks", "px", "n", "", "assay", "pycocotools", "ratio");
  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    run_set (&sets[i], folder);
  g_rmdir (folder);
  return 0;
}
