/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-check [ITEMS [KIND]]: a project of that many pictures with answers by three annotators, and what checking
 * its labels costs.
 *
 * Default: 100,000 items, segmentation (two outlines of twelve corners, drawn thrice by hands that differ). What is
 * said of media on arrival is there already, as it is in a project that has been looked at. Prints the time on the
 * clock and on the processors of the whole check, of the same again, and the median and worst of a look after one
 * answer; and the most memory that it took. Nothing is asserted. Goal: 60 s on two cores within 1 GB, and 50 ms
 * after one answer. */
#include "core/json.h"
#include "core/label.h"
#include "core/project.h"
#include "qa/bootstrap.h"
#include "qa/check.h"
#include "qa/follow.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define WIDTH_PX 640
#define HEIGHT_PX 480
#define N_ANNOTATORS 3
#define N_CORNERS 12
#define N_ONE 101 /* answers handed in one by one */

typedef struct
{
  AssayProject *project;
  AssayTask *task;
  AssayAnnotator *annotators[N_ANNOTATORS];
  GPtrArray *items; /* of AssayItem: the first thousand */
  AssayRandom random;
} Bench;

static void
must (gboolean done, GError *error)
{
  if (done)
    return;
  fprintf (stderr, "bench-check: %s\n", error != NULL ? error->message : "failed");
  exit (3);
}

static double
uniform (Bench *bench, double low, double high)
{
  return low + (high - low) * (double) (assay_random_next (&bench->random) >> 11) / (double) ((guint64) 1 << 53);
}

static AssayItem *
add_item (Bench *bench, guint number)
{
  GError *error = NULL;
  static const char facts[] = "{\"dhash\":\"0000000000000000\",\"mean\":0.5,\"over\":0,\"phash\":\"%016x\","
                              "\"sharpness\":100,\"under\":0}";
  AssayItem *item = assay_item_new ();
  item->media = assay_sha256 (&number, sizeof number);
  item->media_kind = ASSAY_MEDIA_PICTURE;
  item->media_type = g_strdup ("jpg");
  item->name = g_strdup_printf ("session-%04u/%08u.jpg", number / 1000, number);
  item->width_px = WIDTH_PX;
  item->height_px = HEIGHT_PX;
  must (assay_store_run (
            bench->project->store, NULL, &error,
            "INSERT INTO media (hash, kind, type, bytes, width_px, height_px, exif_orientation, rate_hz, channels,"
            " n_samples, n_frames, duration_ns, added_us) VALUES (?, 'picture', 'jpg', 100000, ?, ?, 1, 0, 0, 0, "
            "0, 0, 0)",
            "Hii", &item->media, (gint64) WIDTH_PX, (gint64) HEIGHT_PX),
        error);
  must (assay_item_add (bench->project->store, item, NULL, &error), error);
  /* No two alike: spread over all bits. */
  g_autofree char *text = g_strdup_printf (facts, 0);
  char hash[17];
  g_snprintf (hash, sizeof hash, "%016" G_GINT64_MODIFIER "x", assay_random_next (&bench->random));
  memcpy (strstr (text, "phash") + 8, hash, 16);
  must (assay_store_run (bench->project->store, NULL, &error,
                         "INSERT INTO partial (\"check\", key, data) VALUES ('arrival', ?1, ?2)", "bb", &item->id,
                         sizeof item->id, text, strlen (text)),
        error);
  return item;
}

/* One thing of a scene, as one hand draws it: `off` moves all of it. */
static json_t *
draw (Bench *bench, const char *kind, double x, double y, double size, double off)
{
  if (g_str_equal (kind, "box"))
    return json_pack ("{s:[f, f, f, f]}", "box", x - size + off, y - size, 2 * size + uniform (bench, -2, 2),
                      2 * size);
  json_t *points = json_array ();
  for (guint c = 0; c < N_CORNERS; c++)
    {
      double angle = 2 * G_PI * c / N_CORNERS, radius = size * (1 + 0.2 * sin (3 * angle)) + uniform (bench, -2, 2);
      json_array_append_new (points,
                             json_pack ("[f, f]", x + off + radius * cos (angle), y + radius * sin (angle)));
    }
  return json_pack ("{s:[{s:o}]}", "rings", "points", points);
}

/* One answer in a hundred is off by a good deal. */
static void
answer (Bench *bench, const AssayItem *item, guint who, double x, double y)
{
  GError *error = NULL;
  const char *kind = bench->task->kind->id;
  g_autofree char *schema = g_strdup_printf ("assay.%s/1", kind);
  g_autoptr (json_t) list = json_array ();
  for (guint o = 0; o < 2; o++)
    {
      const AssayClass *class = bench->task->classes->pdata[o];
      double off = uniform (bench, 0, 1) < 0.01 ? 30 : uniform (bench, -1, 1);
      json_t *object = draw (bench, kind, x + 250 * o, y, 60, off);
      json_object_set_new (object, "class", json_string (class->name));
      json_array_append_new (list, object);
    }
  g_autoptr (json_t) document = json_pack ("{s:s, s:O}", "schema", schema, "objects", list);
  g_autoptr (AssayLabel) label = assay_label_new (item, bench->task, bench->annotators[who]);
  assay_objects_free (label->objects);
  label->objects = assay_objects_from_json (document, bench->task, item, &error);
  must (label->objects != NULL, error);
  label->state = ASSAY_LABEL_SUBMITTED;
  label->tool = g_strdup ("bench");
  label->seconds = uniform (bench, 10, 20);
  must (assay_label_save (bench->project->store, label, NULL, &error), error);
}

static void
fill (Bench *bench, guint n_items)
{
  GError *error = NULL;
  for (guint from = 0; from < n_items; from += 5000)
    {
      g_auto (AssayTransaction) transaction = { 0 };
      must (assay_transaction_begin (&transaction, bench->project->store, &error), error);
      for (guint i = from; i < MIN (from + 5000, n_items); i++)
        {
          AssayItem *item = add_item (bench, i);
          double x = uniform (bench, 100, 280), y = uniform (bench, 120, 360);
          for (guint who = 0; who < N_ANNOTATORS; who++)
            answer (bench, item, who, x, y);
          if (bench->items->len < 1000)
            g_ptr_array_add (bench->items, item);
          else
            assay_item_free (item);
        }
      must (assay_transaction_commit (&transaction, &error), error);
    }
}

static double
now_s (void)
{
  return (double) g_get_monotonic_time () / 1e6;
}

static double
processor_s (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double
peak_mb (void)
{
  struct rusage usage;
  getrusage (RUSAGE_SELF, &usage);
  return (double) usage.ru_maxrss / 1024;
}

static void
check_all (Bench *bench, const char *what)
{
  GError *error = NULL;
  AssayCheckCounts counts = { 0 };
  double began = now_s (), spent = processor_s ();
  must (assay_check_run (bench->project, NULL, 0, NULL, NULL, &counts, &error), error);
  printf ("  %-28s %8.2f s (%.2f s of the processors), %" G_GUINT64_FORMAT " looks, %" G_GUINT64_FORMAT
          " still known\n",
          what, now_s () - began, processor_s () - spent, counts.looked, counts.kept);
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static void
check_one_by_one (Bench *bench)
{
  GError *error = NULL;
  double ms[N_ONE];
  for (guint i = 0; i < N_ONE; i++)
    {
      guint items = 0;
      gboolean more = FALSE;
      answer (bench, bench->items->pdata[i * 7 % bench->items->len], i % N_ANNOTATORS, uniform (bench, 100, 280),
              uniform (bench, 120, 360));
      double began = now_s ();
      must (assay_follow (bench->project, 4, &items, &more, &error), error);
      ms[i] = 1000 * (now_s () - began);
      must (items == 1, NULL);
    }
  qsort (ms, N_ONE, sizeof *ms, compare_doubles);
  printf ("  %-28s %8.2f ms (worst %.2f)\n", "after one answer", ms[N_ONE / 2], ms[N_ONE - 1]);
}

int
main (int argc, char **argv)
{
  GError *error = NULL;
  guint n_items = argc > 1 ? (guint) atoi (argv[1]) : 100000;
  const char *kind = argc > 2 ? argv[2] : "segmentation";
  static const char *const people[N_ANNOTATORS] = { "ann", "bob", "cem" };
  g_autofree char *folder = g_dir_make_tmp ("bench-check-XXXXXX", &error);
  must (folder != NULL, error);
  g_autofree char *place = g_build_filename (folder, "project", NULL);
  Bench bench = { .items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free) };
  AssaySha256 seed = assay_sha256 ("bench-check", 11);
  assay_random_init (&bench.random, &seed);
  bench.project = assay_project_create (place, "bench", &error);
  must (bench.project != NULL, error);
  bench.task = assay_task_new ("things", assay_kind_find (kind));
  assay_task_add_class (bench.task, "cup");
  assay_task_add_class (bench.task, "bowl");
  must (assay_task_save (bench.project->store, bench.task, NULL, &error), error);
  for (guint i = 0; i < N_ANNOTATORS; i++)
    must ((bench.annotators[i]
           = assay_annotator_ensure (bench.project->store, people[i], ASSAY_ANNOTATOR_PERSON, &error))
              != NULL,
          error);
  double began = now_s ();
  fill (&bench, n_items);
  printf ("%u items of %s by %u, made in %.1f s\n", n_items, kind, N_ANNOTATORS, now_s () - began);
  check_all (&bench, "the whole check");
  check_all (&bench, "again, with nothing changed");
  check_one_by_one (&bench);
  printf ("  %-28s %8.0f MB\n", "most memory", peak_mb ());

  g_ptr_array_unref (bench.items);
  for (guint i = 0; i < N_ANNOTATORS; i++)
    assay_annotator_free (bench.annotators[i]);
  assay_task_free (bench.task);
  assay_project_close (bench.project);
  g_autofree char *command = g_strdup_printf ("chmod -R u+w '%s'; rm -rf '%s'", folder, folder);
  return system (command);
}
