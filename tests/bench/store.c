/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-store [ITEMS…]: makes a project of that many items with three labels each, and prints what work on it
 * costs.
 *
 * Default: 10,000, 100,000 and 1,000,000 items, so that what should stay flat can be seen to. Times are medians
 * of 21. Nothing is asserted: figures are for reading side by side. */
#include "core/item.h"
#include "core/journal.h"
#include "core/json.h"
#include "core/plan.h"
#include "core/version.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define ROUNDS 21
#define PAGE 60

typedef struct
{
  AssayProject *project;
  AssayTask *task;
  AssayAnnotator *annotators[3];
  guint64 n_items;
} Bench;

/* By address: arguments are evaluated in any order, and the call before this one sets it. */
static void
must (gboolean done, GError **error)
{
  if (done && *error == NULL)
    return;
  fprintf (stderr, "bench-store: %s\n", *error != NULL ? (*error)->message : "failed");
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

/* Resident memory of this process now, in MB. */
static double
resident_mb (void)
{
  g_autofree char *text = NULL;
  long pages = 0;
  if (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL))
    sscanf (text, "%*d %ld", &pages);
  return (double) pages * 4096 / 1e6;
}

static AssayItem *
make_item (guint64 number)
{
  AssayItem *item = assay_item_new ();
  item->media = assay_sha256 (&number, sizeof number);
  item->media_kind = ASSAY_MEDIA_PICTURE;
  item->media_type = g_strdup ("jpg");
  item->name = g_strdup_printf ("session-%04u/%08u.jpg", (guint) (number / 1000), (guint) number);
  item->width_px = 1280;
  item->height_px = 720;
  item->group = g_strdup_printf ("session-%04u", (guint) (number / 1000));
  return item;
}

static AssayObjects *
make_objects (const AssayTask *task, guint seed)
{
  GError *error = NULL;
  const AssayClass *class = task->classes->pdata[seed % task->classes->len];
  char id[ASSAY_ID_TEXT_SIZE];
  g_autoptr (json_t) json = json_pack ("{s:s, s:[{s:s, s:[f, f, f, f]}]}", "schema", "assay.box/1", "objects",
                                       "class", assay_id_to_text (&class->id, id), "box", (double) (seed % 700),
                                       (double) (seed % 500), 100.5, 80.25);
  AssayObjects *objects = assay_objects_from_json (json, task, NULL, &error);
  must (objects != NULL, &error);
  return objects;
}

static void
save_label (Bench *bench, const AssayItem *item, const AssayAnnotator *annotator, guint seed)
{
  GError *error = NULL;
  g_autoptr (AssayLabel) label = assay_label_new (item, bench->task, annotator);
  assay_objects_free (label->objects);
  label->objects = make_objects (bench->task, seed);
  label->state = ASSAY_LABEL_SUBMITTED;
  label->tool = g_strdup ("bench");
  must (assay_label_save (bench->project->store, label, NULL, &error), &error);
}

/* Media rows without files: what is measured here is the database. */
static void
add_media (AssayStore *store, const AssayItem *item)
{
  GError *error = NULL;
  must (assay_store_run (store, NULL, &error,
                         "INSERT OR IGNORE INTO media (hash, kind, type, bytes, width_px, height_px, "
                         "exif_orientation, rate_hz, channels,"
                         " n_samples, n_frames, duration_ns, added_us) VALUES (?, 'picture', 'jpg', 100000, 1280, "
                         "720, 1, 0, 0, 0, 0, 0, 0)",
                         "H", &item->media),
        &error);
}

static void
fill (Bench *bench)
{
  GError *error = NULL;
  double began = now_ms ();
  for (guint64 from = 0; from < bench->n_items; from += 5000)
    {
      g_auto (AssayTransaction) transaction = { 0 };
      must (assay_transaction_begin (&transaction, bench->project->store, &error), &error);
      for (guint64 i = from; i < MIN (from + 5000, bench->n_items); i++)
        {
          g_autoptr (AssayItem) item = make_item (i);
          add_media (bench->project->store, item);
          must (assay_item_add (bench->project->store, item, NULL, &error), &error);
          for (guint k = 0; k < 3; k++)
            save_label (bench, item, bench->annotators[k], (guint) i * 3 + k);
        }
      must (assay_transaction_commit (&transaction, &error), &error);
    }
  printf ("  made in %.1f s\n", (now_ms () - began) / 1000);
}

typedef struct
{
  double ms[ROUNDS];
  guint64 rows, bytes;
} Cost;

static void
print_cost (const char *what, Cost *cost, const char *goal)
{
  qsort (cost->ms, ROUNDS, sizeof (double), compare_doubles);
  printf ("  %-46s %9.2f ms (worst %.2f)   steps %" G_GUINT64_FORMAT ", bytes written %" G_GUINT64_FORMAT
          "   goal %s\n",
          what, cost->ms[ROUNDS / 2], cost->ms[ROUNDS - 1], cost->rows / ROUNDS, cost->bytes / ROUNDS, goal);
}

typedef void (*Work) (Bench *bench, guint round);

static void
measure (Bench *bench, const char *what, const char *goal, Work work)
{
  Cost cost = { 0 };
  guint64 rows, bytes, rows_after, bytes_after;
  assay_store_get_counts (bench->project->store, &rows, &bytes);
  for (guint i = 0; i < ROUNDS; i++)
    {
      double began = now_ms ();
      work (bench, i);
      cost.ms[i] = now_ms () - began;
    }
  assay_store_get_counts (bench->project->store, &rows_after, &bytes_after);
  cost.rows = rows_after - rows;
  cost.bytes = bytes_after - bytes;
  print_cost (what, &cost, goal);
}

static guint64
some_item (const Bench *bench, guint round)
{
  return (guint64) round * 7919 * 131 % bench->n_items;
}

static void
work_save_label (Bench *bench, guint round)
{
  g_autoptr (AssayItem) item = make_item (some_item (bench, round));
  GError *error = NULL;
  must (assay_item_add (bench->project->store, item, NULL, &error), &error);
  save_label (bench, item, bench->annotators[0], 1000 + round);
}

static void
work_gesture (Bench *bench, guint round)
{
  GError *error = NULL;
  g_autoptr (AssayItem) item = make_item (some_item (bench, round));
  must (assay_item_add (bench->project->store, item, NULL, &error), &error);
  g_autoptr (AssayJournal) journal
      = assay_journal_open (bench->project->store, item, bench->task, bench->annotators[1], &error);
  must (journal != NULL, &error);
  g_autoptr (AssayObjects) objects = make_objects (bench->task, round);
  AssayEdit *edit = assay_edit_new (bench->task->kind, "box");
  assay_edit_take (edit, NULL, assay_object_copy (objects->list->pdata[0], bench->task->kind));
  must (assay_journal_append (journal, edit, &error), &error);
}

static void
work_commit (Bench *bench, guint round)
{
  GError *error = NULL;
  g_autoptr (AssayItem) item = make_item (some_item (bench, round) + 1);
  must (assay_item_add (bench->project->store, item, NULL, &error), &error);
  /* One truth changes: the answer of one annotator is settled. */
  g_autoptr (AssayLabel) label
      = assay_label_get (bench->project->store, item->row, bench->task, bench->annotators[round % 3]->row, &error);
  must (label != NULL, &error);
  must (
      assay_truth_settle (bench->project->store, label, ASSAY_TRUTH_ANNOTATOR, bench->annotators[0], NULL, &error),
      &error);
  g_autoptr (AssayVersion) version
      = assay_version_commit (bench->project, "one change", "bench", NULL, NULL, &error);
  must (version != NULL, &error);
}

static void
work_page (Bench *bench, guint round)
{
  GError *error = NULL;
  guint64 from = some_item (bench, round);
  for (guint64 row = from + 1; row <= MIN (from + PAGE, bench->n_items); row++)
    {
      AssayLabelState state;
      g_autoptr (AssayItem) item = assay_item_get_row (bench->project->store, (gint64) row, &error);
      must (item != NULL, &error);
      must (assay_label_get_state (bench->project->store, item->row, bench->task->row, bench->annotators[0]->row,
                                   &state, &error),
            &error);
    }
}

static void
work_open (Bench *bench, guint round)
{
  GError *error = NULL;
  g_autoptr (AssayProject) again = assay_project_open (bench->project->directory, ASSAY_STORE_READ, &error);
  must (again != NULL, &error);
  g_autoptr (GArray) rows = assay_item_list_rows (again->store, NULL, &error);
  must (rows != NULL && rows->len == bench->n_items, &error);
  for (guint i = 0; i < MIN (PAGE, rows->len); i++)
    {
      g_autoptr (AssayItem) item = assay_item_get_row (again->store, g_array_index (rows, gint64, i), &error);
      must (item != NULL, &error);
    }
}

static void
first_commit (Bench *bench)
{
  GError *error = NULL;
  double began = now_ms ();
  g_autoptr (AssayVersion) version = assay_version_commit (bench->project, "first", "bench", NULL, NULL, &error);
  must (version != NULL, &error);
  printf ("  first commit of everything %.1f s; root %.12s\n", (now_ms () - began) / 1000, version->root);
}

static void
run (guint64 n_items, const char *directory)
{
  GError *error = NULL;
  g_autofree char *place = g_strdup_printf ("%s/%" G_GUINT64_FORMAT, directory, n_items);
  Bench bench = { .n_items = n_items, .project = assay_project_create (place, "bench", &error) };
  must (bench.project != NULL, &error);
  bench.task = assay_task_new ("things", assay_kind_find ("box"));
  static const char *const classes[] = { "cup", "hand", "book", "lamp" };
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    assay_task_add_class (bench.task, classes[i]);
  must (assay_task_save (bench.project->store, bench.task, NULL, &error), &error);
  static const char *const names[] = { "one", "two", "three" };
  for (guint i = 0; i < 3; i++)
    must ((bench.annotators[i]
           = assay_annotator_ensure (bench.project->store, names[i], ASSAY_ANNOTATOR_MEANS, &error))
              != NULL,
          &error);
  printf ("%" G_GUINT64_FORMAT " items, %" G_GUINT64_FORMAT " labels\n", n_items, 3 * n_items);
  fill (&bench);
  first_commit (&bench);
  measure (&bench, "open, list every item, read the first page", "1000", work_open);
  measure (&bench, "save one label", "5", work_save_label);
  measure (&bench, "open a draft and save one gesture", "5", work_gesture);
  work_commit (&bench, ROUNDS); /* takes in what the lines above changed */
  measure (&bench, "commit after one change", "1000", work_commit);
  measure (&bench, "scroll: read a page of 60 with their states", "16", work_page);
  printf ("  memory %.0f MB resident; goal 300\n", resident_mb ());
  fflush (stdout);
  for (guint i = 0; i < 3; i++)
    assay_annotator_free (bench.annotators[i]);
  assay_task_free (bench.task);
  assay_project_close (bench.project);
}

int
main (int argc, char **argv)
{
  const char *keep = g_getenv ("ASSAY_BENCH_DIR"); /* kept for looking at it with the desktop app */
  g_autofree char *directory = keep != NULL ? g_strdup (keep) : g_dir_make_tmp ("assay-bench-XXXXXX", NULL);
  g_mkdir_with_parents (directory, 0755);
  static const char *const sizes[] = { "10000", "100000", "1000000" };
  guint n = argc > 1 ? (guint) argc - 1 : G_N_ELEMENTS (sizes);
  for (guint i = 0; i < n; i++)
    run (g_ascii_strtoull (argc > 1 ? argv[i + 1] : sizes[i], NULL, 10), directory);
  if (keep != NULL)
    printf ("kept in %s\n", directory);
  else
    {
      g_autofree char *command = g_strdup_printf ("rm -rf '%s'", directory);
      return system (command) == 0 ? 0 : 3;
    }
  return 0;
}
