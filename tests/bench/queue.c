/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-queue [ITEMS…]: what it costs to say what is next, and to show a page of the list, in a project of that
 * many items of which one annotator has answered nine tenths, but for one in a thousand.
 *
 * Default: 10,000, 100,000 and 1,000,000. Medians and worst of 21. Nothing is asserted: figures are for reading. */
#include "core/assignment.h"
#include "core/json.h"
#include "core/listing.h"
#include "core/project.h"
#include "core/queue.h"

#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 21
#define PAGE 64

typedef struct
{
  AssayProject *project;
  AssayTask *task;
  AssayAnnotator *one, *two;
  gint64 n_items;
  GArray *rows; /* of the list */
} Bench;

/* By address: the call before this one sets it. */
static void
must (gboolean done, GError **error)
{
  if (done && *error == NULL)
    return;
  fprintf (stderr, "bench-queue: %s\n", *error != NULL ? (*error)->message : "failed");
  exit (3);
}

static double
now_ms (void)
{
  return (double) g_get_monotonic_time () / 1000;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

static void
add_item (Bench *bench, guint64 number)
{
  GError *error = NULL;
  g_autoptr (AssayItem) item = assay_item_new ();
  item->media = assay_sha256 (&number, sizeof number);
  item->media_kind = ASSAY_MEDIA_PICTURE;
  item->media_type = g_strdup ("jpg");
  item->name = g_strdup_printf ("session-%04u/%08u.jpg", (guint) (number / 1000), (guint) number);
  item->width_px = 1280;
  item->height_px = 720;
  item->sequence = number % 2 == 0 ? g_strdup_printf ("walk-%04u", (guint) (number / 1000)) : NULL;
  item->position = (gint64) number;
  must (assay_store_run (
            bench->project->store, NULL, &error,
            "INSERT OR IGNORE INTO media (hash, kind, type, bytes, width_px, height_px, exif_orientation,"
            " rate_hz, channels, n_samples, n_frames, duration_ns, added_us)"
            " VALUES (?, 'picture', 'jpg', 100000, 1280, 720, 1, 0, 0, 0, 0, 0, 0)",
            "H", &item->media),
        &error);
  must (assay_item_add (bench->project->store, item, NULL, &error), &error);
  if ((gint64) number >= bench->n_items * 9 / 10 || number % 1000 == 999)
    return;
  g_autoptr (AssayLabel) label = assay_label_new (item, bench->task, bench->one);
  label->state = ASSAY_LABEL_SUBMITTED;
  label->tool = g_strdup ("bench");
  must (assay_label_save (bench->project->store, label, NULL, &error), &error);
}

static void
fill (Bench *bench)
{
  GError *error = NULL;
  double began = now_ms ();
  for (gint64 from = 0; from < bench->n_items; from += 5000)
    {
      g_auto (AssayTransaction) transaction = { 0 };
      must (assay_transaction_begin (&transaction, bench->project->store, &error), &error);
      for (gint64 i = from; i < MIN (from + 5000, bench->n_items); i++)
        add_item (bench, (guint64) i);
      must (assay_transaction_commit (&transaction, &error), &error);
    }
  printf ("%" G_GINT64_FORMAT " items, made in %.1f s\n", bench->n_items, (now_ms () - began) / 1000);
}

typedef void (*Work) (Bench *bench, guint round);

static void
measure (Bench *bench, const char *what, const char *goal, Work work)
{
  double ms[ROUNDS];
  for (guint i = 0; i < ROUNDS; i++)
    {
      double began = now_ms ();
      work (bench, i);
      ms[i] = now_ms () - began;
    }
  qsort (ms, ROUNDS, sizeof (double), compare_doubles);
  printf ("  %-58s %9.2f ms (worst %.2f)   goal %s\n", what, ms[ROUNDS / 2], ms[ROUNDS - 1], goal);
  fflush (stdout);
}

static void
next_after (Bench *bench, const AssayAnnotator *annotator, gint64 after_row)
{
  GError *error = NULL;
  g_autoptr (AssayQueued) next = NULL;
  must (assay_queue_next (bench->project->store, bench->task, annotator, after_row, &next, &error) && next != NULL,
        &error);
}

static void
work_next (Bench *bench, guint round)
{
  next_after (bench, bench->one, bench->n_items * 9 / 10 + round);
}

static void
work_next_anywhere (Bench *bench, guint round)
{
  next_after (bench, bench->one, bench->n_items / (ROUNDS + 1) * round);
}

static void
work_next_of_others (Bench *bench, guint round)
{
  next_after (bench, bench->two, 0);
}

static void
work_list (Bench *bench, guint round)
{
  GError *error = NULL;
  g_autoptr (GPtrArray) list = assay_queue_list (bench->project->store, bench->task, bench->one, 10, &error);
  must (list != NULL && list->len == 10, &error);
}

static void
work_rows (Bench *bench, guint round)
{
  GError *error = NULL;
  g_clear_pointer (&bench->rows, g_array_unref);
  bench->rows = assay_listing_rows (bench->project->store, bench->task, bench->two->row, 0, &error);
  must (bench->rows != NULL, &error);
}

static void
work_page (Bench *bench, guint round)
{
  GError *error = NULL;
  guint from = bench->rows->len / (ROUNDS + 1) * round;
  g_autoptr (GPtrArray) page
      = assay_listing_read (bench->project->store, &g_array_index (bench->rows, gint64, from),
                            MIN (PAGE, bench->rows->len - from), bench->task->row, bench->one->row, &error);
  must (page != NULL, &error);
}

static void
set_plan (Bench *bench, const char *text)
{
  GError *error = NULL;
  g_autoptr (json_t) json = json_loads (text, 0, NULL);
  g_autoptr (AssayPlan) plan = assay_plan_from_json (json, &error);
  must (plan != NULL && assay_plan_save (bench->project->store, plan, &bench->one->id, &error), &error);
}

static void
run (gint64 n_items, const char *directory)
{
  GError *error = NULL;
  g_autofree char *place = g_strdup_printf ("%s/%" G_GINT64_FORMAT, directory, n_items);
  Bench bench = { .n_items = n_items, .project = assay_project_create (place, "bench", &error) };
  must (bench.project != NULL, &error);
  bench.task = assay_task_new ("things", assay_kind_find ("box"));
  assay_task_add_class (bench.task, "cup");
  must (assay_task_save (bench.project->store, bench.task, NULL, &error), &error);
  bench.one = assay_annotator_ensure (bench.project->store, "one", ASSAY_ANNOTATOR_PERSON, &error);
  bench.two = assay_annotator_ensure (bench.project->store, "two", ASSAY_ANNOTATOR_PERSON, &error);
  must (bench.one != NULL && bench.two != NULL, &error);
  fill (&bench);
  measure (&bench, "list: rows, once", "1000", work_rows);
  measure (&bench, "list: a page", "100", work_page);
  measure (&bench, "next, where one is", "20", work_next);
  measure (&bench, "next, anywhere", "20", work_next_anywhere);
  measure (&bench, "next of another, all before is answered", "20", work_next_of_others);
  measure (&bench, "assay queue: the next ten", "-", work_list);
  set_plan (&bench, "{\"annotators\": [\"one\", \"two\", \"three\"], \"gold\": 0.05}");
  measure (&bench, "assigned: list: rows, once", "1000", work_rows);
  measure (&bench, "assigned: list: a page", "100", work_page);
  measure (&bench, "assigned: next, where one is", "20", work_next);
  measure (&bench, "assigned: next of another, from the start", "20", work_next_of_others);
  g_clear_pointer (&bench.rows, g_array_unref);
  assay_annotator_free (bench.one);
  assay_annotator_free (bench.two);
  assay_task_free (bench.task);
  assay_project_close (bench.project);
}

int
main (int argc, char **argv)
{
  g_autofree char *directory = g_dir_make_tmp ("assay-bench-XXXXXX", NULL);
  static const char *const sizes[] = { "10000", "100000", "1000000" };
  guint n = argc > 1 ? (guint) argc - 1 : G_N_ELEMENTS (sizes);
  for (guint i = 0; i < n; i++)
    run (g_ascii_strtoll (argc > 1 ? argv[i + 1] : sizes[i], NULL, 10), directory);
  g_autofree char *command = g_strdup_printf ("rm -rf '%s'", directory);
  return system (command) == 0 ? 0 : 3;
}
