/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-agree: what agreement costs, beside the programs that the field uses, on the same data in the same run.
 *
 * Krippendorff's alpha of 1,000,000 ratings against the package krippendorff, and 10,000 items with masks by two
 * annotators (compressed run lengths to matched objects with their IoU) against pycocotools with scipy's
 * assignment. Times are those of one thread's processor, the best of several rounds; a ratio is theirs / ours. The
 * answers are compared, too. Where the peers cannot be had (tests/peers/peer_venv.py) that is told, and ours stand
 * alone.
 */
#include "core/project.h"
#include "core/region.h"
#include "qa/agreement-categories.h"
#include "qa/agreement.h"
#include "qa/bootstrap.h"
#include "qa/compare.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 7
#define N_ITEMS 10000
#define N_OBJECTS 3
#define WIDTH_PX 640
#define HEIGHT_PX 480
#define N_CORNERS 40

static double
now_s (void)
{
  struct timespec t;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}

static double
uniform (AssayRandom *random)
{
  return (double) (assay_random_next (random) >> 11) / (double) ((guint64) 1 << 53);
}

/* Figures on one line, as tests/bench/agree-peer.py prints them; FALSE = not to be had. */
static gboolean
ask_peer (char **words, guint n, double *ret_figures)
{
  g_autofree char *script = g_build_filename (g_getenv ("ASSAY_SOURCE"), "tests/bench/agree-peer.py", NULL);
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_autofree char *output = NULL;
  g_ptr_array_add (argv, (gpointer) "python3");
  g_ptr_array_add (argv, script);
  for (guint i = 0; words[i] != NULL; i++)
    g_ptr_array_add (argv, words[i]);
  g_ptr_array_add (argv, NULL);
  if (!g_spawn_sync (NULL, (char **) argv->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL, NULL, NULL))
    return FALSE;
  g_auto (GStrv) figures = g_strsplit (g_strstrip (output), " ", -1);
  gboolean all = g_strv_length (figures) == n;
  for (guint i = 0; all && i < n; i++)
    {
      char *end = NULL;
      ret_figures[i] = g_ascii_strtod (figures[i], &end);
      all = end != figures[i] && *end == '\0';
    }
  if (!all)
    printf ("%s\n", output);
  return all;
}

static void
tell (const char *what, double ours_s, gboolean has_peer, double theirs_s, double goal, double apart)
{
  printf ("%-40s %9.2f ms", what, ours_s * 1000);
  if (has_peer)
    printf (" %9.2f ms  %6.1f x%s  answers differ by %.1e", theirs_s * 1000, theirs_s / ours_s,
            theirs_s < goal * ours_s ? "  below the goal" : "", apart);
  printf ("\n");
  fflush (stdout);
}

static const char *const level_names[] = { "nominal", "ordinal", "interval", "ratio" };

/* One in ten is missing; five categories. */
static double *
make_ratings (guint n_raters, guint n_units)
{
  AssaySha256 seed = assay_sha256 (&n_raters, sizeof n_raters);
  AssayRandom random;
  assay_random_init (&random, &seed);
  double *data = g_new (double, (gsize) n_raters *n_units);
  for (guint u = 0; u < n_units; u++)
    {
      double truth = (double) assay_random_below (&random, 5);
      for (guint r = 0; r < n_raters; r++)
        {
          gboolean missing = assay_random_below (&random, 10) == 0, wrong = assay_random_below (&random, 4) == 0;
          double other = (double) assay_random_below (&random, 5);
          data[(gsize) r * n_units + u] = missing ? NAN : wrong ? other : truth;
        }
    }
  return data;
}

static void
time_alpha (const char *folder, guint n_raters, guint n_units, AssayLevel level)
{
  g_autofree double *data = make_ratings (n_raters, n_units);
  g_autofree char *path = g_build_filename (folder, "ratings", NULL);
  double best = INFINITY, alpha = NAN, theirs[2] = { NAN, NAN };
  for (guint round = 0; round < ROUNDS; round++)
    {
      double start = now_s ();
      alpha = assay_krippendorff_alpha (data, n_raters, n_units, G_MAXUINT, level, NULL).value;
      best = MIN (best, now_s () - start);
    }
  if (!g_file_set_contents (path, (const char *) data, (gssize) (sizeof *data * n_raters * n_units), NULL))
    g_error ("bench-agree: %s could not be written", path);
  g_autofree char *raters = g_strdup_printf ("%u", n_raters);
  char *words[] = { (char *) "alpha", path, raters, (char *) level_names[level], NULL };
  gboolean has_peer = ask_peer (words, 2, theirs);
  g_autofree char *what = g_strdup_printf ("alpha, %s, %u x %u ratings", level_names[level], n_raters, n_units);
  tell (what, best, has_peer, theirs[0], 20, fabs (alpha - theirs[1]));
  g_unlink (path);
}

/* A wobbly blob, and the same drawn again with a shaking hand. */
static char *
draw (AssayRandom *random, const double *shape, double shake_px)
{
  AssayPoint corners[N_CORNERS];
  for (guint i = 0; i < N_CORNERS; i++)
    {
      double angle = 2 * G_PI * i / N_CORNERS, radius = shape[2] * (1 + shape[3] * sin (3 * angle + shape[4]))
                                                        + shake_px * (2 * uniform (random) - 1);
      corners[i] = (AssayPoint){ shape[0] + radius * cos (angle), shape[1] + radius * sin (angle) };
    }
  AssayRing *ring = assay_ring_new (corners, N_CORNERS, FALSE);
  g_autoptr (AssayMask) mask = assay_mask_new_from_ring (ring, WIDTH_PX, HEIGHT_PX);
  assay_ring_free (ring);
  return assay_mask_to_coco (mask);
}

/* counts[(item * 2 + annotator) * N_OBJECTS + object] */
static GPtrArray *
draw_all (void)
{
  AssaySha256 seed = assay_sha256 ("masks", 5);
  AssayRandom random;
  assay_random_init (&random, &seed);
  GPtrArray *counts = g_ptr_array_new_with_free_func (g_free);
  for (guint item = 0; item < N_ITEMS; item++)
    {
      double shapes[N_OBJECTS][5];
      for (guint o = 0; o < N_OBJECTS; o++)
        {
          shapes[o][0] = 60 + uniform (&random) * (WIDTH_PX - 120);
          shapes[o][1] = 60 + uniform (&random) * (HEIGHT_PX - 120);
          shapes[o][2] = 15 + uniform (&random) * 60;
          shapes[o][3] = uniform (&random) * 0.2;
          shapes[o][4] = uniform (&random) * 6;
        }
      for (guint annotator = 0; annotator < 2; annotator++)
        for (guint o = 0; o < N_OBJECTS; o++)
          g_ptr_array_add (counts, draw (&random, shapes[o], 4));
    }
  return counts;
}

static AssayObjects *
read_answer (const GPtrArray *counts, guint first, const AssayTask *task)
{
  AssayObjects *objects = assay_objects_new (task->kind);
  for (guint o = 0; o < N_OBJECTS; o++)
    {
      AssayMask *mask = assay_mask_new_from_coco (counts->pdata[first + o], WIDTH_PX, HEIGHT_PX, NULL);
      assay_objects_take (objects, assay_object_new (&((AssayClass *) task->classes->pdata[0])->id,
                                                     assay_region_new_from_mask (mask)));
    }
  return objects;
}

/* The mean IoU of the matched objects. */
static double
compare_all (const GPtrArray *counts, const AssayTask *task)
{
  double sum = 0, n = 0;
  for (guint item = 0; item < N_ITEMS; item++)
    {
      g_autoptr (AssayObjects) a = read_answer (counts, item * 2 * N_OBJECTS, task);
      g_autoptr (AssayObjects) b = read_answer (counts, (item * 2 + 1) * N_OBJECTS, task);
      g_autoptr (AssayComparison) comparison = assay_compare (a, b, task);
      for (guint i = 0; i < comparison->matched; i++)
        sum += g_array_index (comparison->pairings, AssayPairing, i).values[0];
      n += comparison->matched;
    }
  return sum / n;
}

static void
time_masks (const char *folder)
{
  g_autoptr (AssayTask) task = assay_task_new ("masks", assay_kind_find ("segmentation"));
  assay_task_add_class (task, "thing");
  g_autoptr (GPtrArray) counts = draw_all ();
  g_autofree char *path = g_build_filename (folder, "masks", NULL);
  double best = INFINITY, iou = NAN, theirs[2] = { NAN, NAN };
  for (guint round = 0; round < 3; round++)
    {
      double start = now_s ();
      iou = compare_all (counts, task);
      best = MIN (best, now_s () - start);
    }
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint i = 0; i < counts->len; i++)
    g_string_append_printf (text, "%s\n", (char *) counts->pdata[i]);
  if (!g_file_set_contents (path, text->str, (gssize) text->len, NULL))
    g_error ("bench-agree: %s could not be written", path);
  g_autofree char *width = g_strdup_printf ("%u", WIDTH_PX), *height = g_strdup_printf ("%u", HEIGHT_PX);
  g_autofree char *n = g_strdup_printf ("%u", N_OBJECTS);
  char *words[] = { (char *) "masks", path, width, height, n, NULL };
  gboolean has_peer = ask_peer (words, 2, theirs);
  g_autofree char *what = g_strdup_printf ("masks, %u items x 2 x %u objects", N_ITEMS, N_OBJECTS);
  tell (what, best, has_peer, theirs[0], 2, fabs (iou - theirs[1]));
  g_unlink (path);
}

static void
must (gboolean done, const GError *error)
{
  if (!done)
    g_error ("bench-agree: %s", error != NULL ? error->message : "failed");
}

/* Media rows without files: figures of masks look at no picture. */
static void
add_item (AssayProject *project, const AssayTask *task, AssayAnnotator *const *annotators, const GPtrArray *counts,
          guint number)
{
  GError *error = NULL;
  g_autoptr (AssayItem) item = assay_item_new ();
  item->media = assay_sha256 (&number, sizeof number);
  item->media_kind = ASSAY_MEDIA_PICTURE;
  item->media_type = g_strdup ("jpg");
  item->name = g_strdup_printf ("%05u.jpg", number);
  item->width_px = WIDTH_PX;
  item->height_px = HEIGHT_PX;
  must (assay_store_run (project->store, NULL, &error,
                         "INSERT INTO media (hash, kind, type, bytes, width_px, height_px, exif_orientation, "
                         "rate_hz, channels, n_samples, n_frames, duration_ns, added_us) "
                         "VALUES (?, 'picture', 'jpg', 1, ?, ?, 1, 0, 0, 0, 0, 0, 0)",
                         "Hii", &item->media, (gint64) WIDTH_PX, (gint64) HEIGHT_PX),
        error);
  must (assay_item_add (project->store, item, NULL, &error), error);
  for (guint a = 0; a < 2; a++)
    {
      g_autoptr (AssayLabel) label = assay_label_new (item, task, annotators[a]);
      assay_objects_free (label->objects);
      label->objects = read_answer (counts, (2 * number + a) * N_OBJECTS, task);
      label->state = ASSAY_LABEL_SUBMITTED;
      label->tool = g_strdup ("bench");
      must (assay_label_save (project->store, label, NULL, &error), error);
    }
}

static void
time_compute (AssayProject *project, const AssayTask *task, gboolean all)
{
  GError *error = NULL;
  gint64 start = g_get_monotonic_time ();
  g_autoptr (AssayAgreement) agreement
      = all ? assay_agreement_compute_all (project, task, ASSAY_AGREEMENT_BY_CLASS, NULL, &error)
            : assay_agreement_compute (project, task, ASSAY_AGREEMENT_BY_CLASS, NULL, &error);
  must (agreement != NULL, error);
  g_autofree char *what
      = g_strdup_printf ("the same from a project, %s", all ? "all figures" : "the first figures");
  tell (what, (double) (g_get_monotonic_time () - start) / 1e6, FALSE, NAN, NAN, NAN);
}

static void
time_project (const char *folder)
{
  GError *error = NULL;
  g_autofree char *place = g_build_filename (folder, "project", NULL);
  g_autoptr (AssayProject) project = assay_project_create (place, "bench", &error);
  must (project != NULL, error);
  g_autoptr (AssayTask) task = assay_task_new ("masks", assay_kind_find ("segmentation"));
  assay_task_add_class (task, "thing");
  must (assay_task_save (project->store, task, NULL, &error), error);
  g_autoptr (AssayAnnotator) ann = assay_annotator_ensure (project->store, "ann", ASSAY_ANNOTATOR_PERSON, &error);
  g_autoptr (AssayAnnotator) bob = assay_annotator_ensure (project->store, "bob", ASSAY_ANNOTATOR_PERSON, &error);
  must (ann != NULL && bob != NULL, error);
  AssayAnnotator *const annotators[] = { ann, bob };
  g_autoptr (GPtrArray) counts = draw_all ();
  for (guint from = 0; from < N_ITEMS; from += 1000)
    {
      g_auto (AssayTransaction) transaction = { 0 };
      must (assay_transaction_begin (&transaction, project->store, &error), error);
      for (guint i = from; i < from + 1000; i++)
        add_item (project, task, annotators, counts, i);
      must (assay_transaction_commit (&transaction, &error), error);
    }
  time_compute (project, task, FALSE);
  time_compute (project, task, TRUE);
}

int
main (int argc, char **argv)
{
  static const guint raters[] = { 2, 5, 20 };
  g_autofree char *folder = g_dir_make_tmp ("bench-agree-XXXXXX", NULL);
  if (folder == NULL || g_getenv ("ASSAY_SOURCE") == NULL)
    {
      fprintf (stderr, "usage: ASSAY_SOURCE=… bench-agree\n");
      return 2;
    }
  printf ("%-40s %12s %12s  %s\n", "", "assay", "peer", "ratio");
  for (guint i = 0; i < G_N_ELEMENTS (raters); i++)
    time_alpha (folder, raters[i], 1000000 / raters[i], ASSAY_LEVEL_NOMINAL);
  for (AssayLevel level = ASSAY_LEVEL_ORDINAL; level <= ASSAY_LEVEL_RATIO; level++)
    time_alpha (folder, 5, 200000, level);
  time_masks (folder);
  time_project (folder);
  g_autofree char *clear = g_strdup_printf ("chmod -R u+w '%s'; rm -rf '%s'", folder, folder);
  if (system (clear) != 0)
    fprintf (stderr, "bench-agree: %s stays\n", folder);
  return 0;
}
