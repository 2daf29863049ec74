/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Killed at any moment, the project opens, is whole, and has everything that was reported as saved.
 *
 * This program is its own worker: `worker DIR SEED honest|liar|creator` adds pictures, items, strokes, answers and
 * settlements for ever and writes one line about each to standard output once it is saved. The liar speaks before
 * it commits, so the checker must catch it. */
#include "tests/core/fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 200
#define LIAR_ROUNDS 40
#define CREATE_ROUNDS 30

/* --- the worker --- */

typedef struct
{
  AssayProject *project;
  AssayTask *task;
  AssayAnnotator *annotator;
  GRand *random;
  gboolean lies;
} Worker;

static void
demand (gboolean done, GError *error)
{
  if (done)
    return;
  fprintf (stderr, "worker: %s\n", error != NULL ? error->message : "no error is told");
  _exit (3);
}
#define must(call)                                                                                                 \
  do                                                                                                               \
    {                                                                                                              \
      gboolean done = (call);                                                                                      \
      demand (done, error);                                                                                        \
    }                                                                                                              \
  while (0)

/* One write: a line is whole or not there (pipe(7)). */
static void
report (const char *kind, const char *name)
{
  char line[128];
  int n = g_snprintf (line, sizeof line, "%s %s\n", kind, name);
  if (write (STDOUT_FILENO, line, (gsize) n) != n)
    _exit (4);
}

static void
report_id (const char *kind, const AssayId *id)
{
  char text[ASSAY_ID_TEXT_SIZE];
  report (kind, assay_id_to_text (id, text));
}

static AssayItem *
work_item (Worker *w)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) png = make_png (g_rand_int (w->random));
  AssayMediaFacts facts = { 0 };
  gboolean known, added;
  char hash[ASSAY_SHA256_TEXT_SIZE];
  must (assay_media_add_bytes (w->project, g_bytes_get_data (png, NULL), g_bytes_get_size (png), &facts, &known,
                               &error));
  report ("media", assay_sha256_to_text (&facts.hash, hash));
  AssayItem *item = assay_item_new ();
  item->media = facts.hash;
  item->media_type = g_strdup (facts.type);
  item->name = g_strdup_printf ("%08x.png", g_rand_int (w->random));
  item->width_px = facts.width_px;
  item->height_px = facts.height_px;
  must (assay_item_add (w->project->store, item, &added, &error));
  report_id ("item", &item->id);
  return item;
}

static void
work_stroke (Worker *w, AssayJournal *journal)
{
  g_autoptr (GError) error = NULL;
  AssayId last, base;
  gint64 made_us;
  if (assay_journal_get_undo_name (journal) != NULL && g_rand_int_range (w->random, 0, 4) == 0)
    must (assay_journal_undo (journal, &error));
  else
    {
      AssayEdit *edit = assay_edit_new (w->task->kind, "box");
      assay_edit_take (edit, NULL, make_box (w->task, "cup", g_rand_int_range (w->random, 0, 40)));
      must (assay_journal_append (journal, edit, &error));
    }
  assay_journal_get_last (journal, &last, &made_us, &base);
  report_id ("stroke", &last);
}

static void
work_answer (Worker *w, AssayItem *item)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayLabel) label
      = make_label (item, w->task, w->annotator, ASSAY_LABEL_SUBMITTED, g_rand_int_range (w->random, 0, 40));
  g_auto (AssayTransaction) lie = { 0 };
  if (w->lies)
    must (assay_transaction_begin (&lie, w->project->store, &error));
  must (assay_label_save (w->project->store, label, NULL, &error));
  report_id ("revision", &label->id);
  if (w->lies)
    {
      g_usleep (2000); /* as long as a disk may take */
      must (assay_transaction_commit (&lie, &error));
    }
  if (g_rand_int_range (w->random, 0, 3) == 0)
    {
      must (assay_truth_settle (w->project->store, label, ASSAY_TRUTH_ANNOTATOR, w->annotator, NULL, &error));
      report_id ("settled", &label->id);
    }
}

static void
work (const char *directory, const char *seed, gboolean lies)
{
  g_autoptr (GError) error = NULL;
  Worker w = { .random = g_rand_new_with_seed ((guint32) g_ascii_strtoull (seed, NULL, 10)), .lies = lies };
  must ((w.project = assay_project_open (directory, ASSAY_STORE_WRITE, &error)) != NULL);
  must ((w.task = assay_task_find (w.project->store, "boxes", &error)) != NULL);
  must ((w.annotator = assay_annotator_ensure (w.project->store, "anna", ASSAY_ANNOTATOR_PERSON, &error)) != NULL);
  report ("ready", "-");
  for (;;)
    {
      g_autoptr (AssayItem) item = work_item (&w);
      g_autoptr (AssayJournal) journal = assay_journal_open (w.project->store, item, w.task, w.annotator, &error);
      must (journal != NULL);
      for (guint i = 0; i < 4; i++)
        work_stroke (&w, journal);
      must (assay_journal_make_revision (journal, ASSAY_LABEL_DRAFT, 1.5, "box", NULL, NULL, &error));
      work_answer (&w, item);
      work_answer (&w, item);
    }
}

/* Makes one project after the other. */
static void
work_create (const char *directory)
{
  g_autoptr (GError) error = NULL;
  report ("ready", "-");
  for (guint i = 0;; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d-%u", (int) getpid (), i);
      g_autofree char *place = g_build_filename (directory, name, NULL);
      AssayProject *project = assay_project_create (place, NULL, &error);
      must (project != NULL);
      report ("project", name);
      assay_project_close (project);
    }
}

/* --- the killer --- */

static pid_t
start_worker (const char *directory, guint seed, const char *how, int *ret_pipe)
{
  int ends[2];
  char number[16];
  g_snprintf (number, sizeof number, "%u", seed);
  assert_int_equal (pipe2 (ends, O_CLOEXEC), 0);
  fflush (NULL);
  pid_t pid = fork ();
  if (pid == 0)
    {
      dup2 (ends[1], STDOUT_FILENO);
      execl ("/proc/self/exe", "test-kill", "worker", directory, number, how, NULL);
      _exit (5);
    }
  assert_true (pid > 0);
  close (ends[1]);
  *ret_pipe = ends[0];
  return pid;
}

/* Lets a worker work until `us` after it is ready, kills it, and adds its whole lines to `reports`. */
static void
run_and_kill (const char *directory, guint seed, const char *how, gulong us, GPtrArray *reports)
{
  int end, status;
  char first[8] = "";
  pid_t pid = start_worker (directory, seed, how, &end);
  g_autoptr (GString) text = g_string_new (NULL);
  gsize n_first = 0;
  while (n_first < sizeof first && read (end, first + n_first, 1) == 1)
    n_first++;
  assert_memory_equal (first, "ready -\n", 8);
  g_usleep (us);
  assert_int_equal (kill (pid, SIGKILL), 0);
  char buffer[4096];
  for (ssize_t n; (n = read (end, buffer, sizeof buffer)) > 0;)
    g_string_append_len (text, buffer, n);
  close (end);
  assert_int_equal (waitpid (pid, &status, 0), pid);
  if (!WIFSIGNALED (status))
    fail_msg ("the worker ended by itself with %d", WEXITSTATUS (status));
  g_auto (GStrv) lines = g_strsplit (text->str, "\n", -1);
  for (char **line = lines; *line != NULL && **line != '\0'; line++)
    g_ptr_array_add (reports, g_strdup (*line));
}

static gboolean
is_there (AssayStore *store, const char *line)
{
  static const struct
  {
    const char *kind, *sql;
  } questions[] = {
    { "media ", "SELECT 1 FROM media WHERE hash = ?" },
    { "item ", "SELECT 1 FROM item WHERE id = ?" },
    { "stroke ", "SELECT 1 FROM journal WHERE id = ?" },
    { "revision ", "SELECT 1 FROM revision WHERE id = ?" },
    { "settled ", "SELECT 1 FROM review WHERE kind = 'settle' AND revision = ?" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_autoptr (GError) error = NULL;
      g_auto (AssayRows) rows = { 0 };
      AssayId id;
      AssaySha256 hash;
      if (!g_str_has_prefix (line, questions[i].kind))
        continue;
      const char *name = line + strlen (questions[i].kind);
      if (i == 0)
        ok (assay_sha256_parse (name, &hash)
            && assay_store_query (store, &rows, &error, questions[i].sql, "H", &hash));
      else
        ok (assay_id_parse (name, &id) && assay_store_query (store, &rows, &error, questions[i].sql, "I", &id));
      return assay_rows_next (&rows, &error);
    }
  fail_msg ("\"%s\" is no report", line);
  return FALSE;
}

static guint
count_missing (AssayStore *store, const GPtrArray *reports, guint from)
{
  guint n = 0;
  for (guint i = from; i < reports->len; i++)
    n += !is_there (store, reports->pdata[i]);
  return n;
}

static void
on_damage (const AssaySha256 *hash, const char *why, gpointer data)
{
  fail_msg ("%s", why);
}

/* Files that lie in media/ab/: each must be a media of the database, or one whose row was about to be written. */
static void
assert_no_draft_counts (AssayProject *project)
{
  g_autofree char *media = g_build_filename (project->directory, "media", NULL);
  g_autoptr (GDir) folder = g_dir_open (media, 0, NULL);
  for (const char *name; (name = g_dir_read_name (folder)) != NULL;)
    {
      g_autofree char *path = g_build_filename (media, name, NULL);
      g_autoptr (GDir) inside = g_dir_open (path, 0, NULL);
      if (inside == NULL)
        {
          assert_true (g_str_has_prefix (name, ASSAY_FILE_DRAFT_PREFIX));
          continue;
        }
      for (const char *file; (file = g_dir_read_name (inside)) != NULL;)
        assert_true (strlen (file) == 68 && g_str_has_prefix (file, name) && g_str_has_suffix (file, ".png"));
    }
}

/* In memory where that can be: what a killed process leaves does not hang on the disk, and more happens between two
 * kills. */
static char *
make_place (void)
{
  char *place = g_strdup ("/dev/shm/assay-kill-XXXXXX");
  if (g_mkdtemp (place) != NULL)
    return place;
  g_free (place);
  return g_dir_make_tmp ("assay-kill-XXXXXX", NULL);
}

static AssayProject *
make_project (const char *directory)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *place = g_build_filename (directory, "project", NULL);
  AssayProject *project = assay_project_create (place, NULL, &error);
  ok (project != NULL);
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  ok (assay_task_save (project->store, task, NULL, &error));
  return project;
}

/* What is kept beside the rows must be what follows from them. */
static void
assert_counts_are_right (AssayStore *store)
{
  assert_int_equal (ask (store, "SELECT coalesce (sum (n), 0) FROM tally WHERE class = x'' AND annotator > 0"),
                    ask (store, "SELECT count(*) FROM head"));
  assert_int_equal (ask (store, "SELECT coalesce (sum (n), 0) FROM tally WHERE task = 0"),
                    ask (store, "SELECT count(*) FROM item"));
  assert_int_equal (
      ask (store,
           "SELECT count(*) FROM revision WHERE NOT EXISTS (SELECT 1 FROM head WHERE head.item = revision.item"
           " AND head.task = revision.task AND head.annotator = revision.annotator AND head.revision >="
           " revision.row)"),
      0);
}

static void
killed_at_any_moment_nothing_that_was_reported_is_gone (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = make_place ();
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  AssayProject *project = make_project (directory);
  g_autofree char *place = g_strdup (project->directory);
  assay_project_close (project);
  for (guint round = 0; round < ROUNDS; round++)
    {
      guint before = reports->len;
      run_and_kill (place, round, "honest", (gulong) g_rand_int_range (random, 0, 40000), reports);
      g_autoptr (AssayProject) after = assay_project_open (place, ASSAY_STORE_WRITE, &error);
      ok (after != NULL);
      assert_int_equal (count_missing (after->store, reports, before), 0);
      if (round % 10 != 9)
        continue;
      ok (assay_store_check (after->store, &error));
      ok (assay_media_verify (after, on_damage, NULL, NULL, NULL, &error));
      assert_counts_are_right (after->store);
      assert_no_draft_counts (after);
    }
  g_autoptr (AssayProject) after = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  assert_int_equal (count_missing (after->store, reports, 0), 0);
  assert_true (reports->len > ROUNDS);
  printf ("# %u rounds, %u reports\n", ROUNDS, reports->len);
  remove_tree (directory);
}

static void
a_worker_that_reports_before_it_saves_is_caught (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = make_place ();
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  AssayProject *project = make_project (directory);
  g_autofree char *place = g_strdup (project->directory);
  guint missing = 0;
  assay_project_close (project);
  for (guint round = 0; round < LIAR_ROUNDS && missing == 0; round++)
    {
      run_and_kill (place, round, "liar", (gulong) g_rand_int_range (random, 0, 40000), reports);
      g_autoptr (AssayProject) after = assay_project_open (place, ASSAY_STORE_WRITE, &error);
      ok (after != NULL);
      missing = count_missing (after->store, reports, 0);
    }
  assert_true (missing > 0);
  remove_tree (directory);
}

/* A project is made whole or not at all. */
static void
killed_while_making_projects_leaves_none_by_half (void **state)
{
  g_autofree char *directory = make_place ();
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint n_whole = 0;
  for (guint round = 0; round < CREATE_ROUNDS; round++)
    run_and_kill (directory, round, "creator", (gulong) g_rand_int_range (random, 0, 20000), reports);
  g_autoptr (GDir) folder = g_dir_open (directory, 0, NULL);
  for (const char *name; (name = g_dir_read_name (folder)) != NULL;)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *place = g_build_filename (directory, name, NULL);
      g_autoptr (AssayProject) project = assay_project_open (place, ASSAY_STORE_WRITE, &error);
      if (project == NULL && !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
        fail_msg ("%s", error->message);
      n_whole += project != NULL;
      /* What was left by half can be made now. */
      g_clear_error (&error);
      g_autoptr (AssayProject) made = project == NULL ? assay_project_create (place, NULL, &error) : NULL;
      assert_true (project != NULL || made != NULL);
    }
  for (guint i = 0; i < reports->len; i++)
    {
      g_autofree char *database = g_build_filename (
          directory, (const char *) reports->pdata[i] + strlen ("project "), "project.db", NULL);
      assert_true (g_file_test (database, G_FILE_TEST_EXISTS));
    }
  assert_true (n_whole >= reports->len && reports->len > 0);
  remove_tree (directory);
}

/* --- two at once --- */

static void
two_writers_at_once_lose_nothing (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = make_place ();
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AssayProject) project = make_project (directory);
  /* The first works in the background; the second is killed, so that the first also meets a writer that died. */
  int end, status;
  pid_t first = start_worker (project->directory, 1001, "honest", &end);
  for (guint round = 0; round < 5; round++)
    run_and_kill (project->directory, 2000 + round, "honest", 200000, reports);
  assert_int_equal (kill (first, SIGKILL), 0);
  g_autoptr (GString) text = g_string_new (NULL);
  char buffer[4096];
  for (ssize_t n; (n = read (end, buffer, sizeof buffer)) > 0;)
    g_string_append_len (text, buffer, n);
  close (end);
  assert_int_equal (waitpid (first, &status, 0), first);
  assert_true (WIFSIGNALED (status));
  g_auto (GStrv) lines = g_strsplit (text->str, "\n", -1);
  guint n_first = 0;
  for (char **line = lines; *line != NULL && **line != '\0'; line++)
    if (!g_str_has_prefix (*line, "ready"))
      {
        g_ptr_array_add (reports, g_strdup (*line));
        n_first++;
      }
  assert_true (n_first > 0 && reports->len > n_first);
  assert_int_equal (count_missing (project->store, reports, 0), 0);
  ok (assay_store_check (project->store, &error));
  assert_counts_are_right (project->store);
  remove_tree (directory);
}

int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_equal (argv[4], "creator"))
    work_create (argv[2]);
  if (argc == 5 && g_str_equal (argv[1], "worker"))
    work (argv[2], argv[3], g_str_equal (argv[4], "liar")); /* until it is killed */
  const struct CMUnitTest cases[] = {
    cmocka_unit_test (killed_at_any_moment_nothing_that_was_reported_is_gone),
    cmocka_unit_test (a_worker_that_reports_before_it_saves_is_caught),
    cmocka_unit_test (killed_while_making_projects_leaves_none_by_half),
    cmocka_unit_test (two_writers_at_once_lose_nothing),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
