/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/store-place.h"
#include "tests/core/fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
a_transaction_that_is_not_committed_undoes_itself (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  {
    g_auto (AssayTransaction) transaction = { 0 };
    ok (assay_transaction_begin (&transaction, f->store, &error));
    ok (assay_store_run (f->store, NULL, &error, "INSERT INTO meta VALUES ('a', 1)", ""));
  }
  assert_int_equal (ask (f->store, "SELECT count(*) FROM meta WHERE key = 'a'"), 0);
  g_auto (AssayTransaction) outer = { 0 };
  ok (assay_transaction_begin (&outer, f->store, &error));
  ok (assay_store_run (f->store, NULL, &error, "INSERT INTO meta VALUES ('b', 1)", ""));
  {
    g_auto (AssayTransaction) inner = { 0 };
    ok (assay_transaction_begin (&inner, f->store, &error));
    ok (assay_store_run (f->store, NULL, &error, "INSERT INTO meta VALUES ('c', 1)", ""));
  }
  {
    g_auto (AssayTransaction) inner = { 0 };
    ok (assay_transaction_begin (&inner, f->store, &error));
    ok (assay_store_run (f->store, NULL, &error, "INSERT INTO meta VALUES ('d', 1)", ""));
    ok (assay_transaction_commit (&inner, &error));
  }
  ok (assay_transaction_commit (&outer, &error));
  assert_int_equal (ask (f->store, "SELECT count(*) FROM meta WHERE key IN ('b', 'd')"), 2);
  assert_int_equal (ask (f->store, "SELECT count(*) FROM meta WHERE key IN ('a', 'c')"), 0);
}

static void
every_type_comes_back_as_it_went_in (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_auto (AssayRows) rows = { 0 };
  AssayId id = assay_id_new (), nil = ASSAY_ID_NIL;
  AssaySha256 hash = assay_sha256 ("x", 1), read;
  gsize n_bytes;
  ok (assay_store_query (f->store, &rows, &error, "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?", "idtIHbdtI", (gint64) -5, 0.1,
                         "é", &id, &hash, "a\0b", (gsize) 3, (double) NAN, (const char *) NULL, &nil));
  ok (assay_rows_next (&rows, &error));
  assert_int_equal (assay_rows_get_int (&rows, 0), -5);
  assert_true (assay_rows_get_double (&rows, 1) == 0.1);
  assert_string_equal (assay_rows_get_text (&rows, 2), "é");
  AssayId id_read = assay_rows_get_id (&rows, 3);
  assert_true (assay_id_equal (&id_read, &id));
  assert_true (assay_rows_get_sha256 (&rows, 4, &read) && assay_sha256_equal (&read, &hash));
  assert_memory_equal (assay_rows_get_blob (&rows, 5, &n_bytes), "a\0b", 3);
  assert_int_equal (n_bytes, 3);
  assert_true (isnan (assay_rows_get_double (&rows, 6)) && assay_rows_is_null (&rows, 6));
  assert_true (assay_rows_is_null (&rows, 7) && assay_rows_is_null (&rows, 8));
  assert_false (assay_rows_next (&rows, &error));
  assert_null (error);
}

static void
one_statement_can_be_in_use_twice (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  static const char sql[] = "SELECT key FROM meta ORDER BY key";
  g_auto (AssayRows) one = { 0 };
  g_auto (AssayRows) two = { 0 };
  ok (assay_store_query (f->store, &one, &error, sql, "") && assay_rows_next (&one, &error));
  g_autofree char *first = g_strdup (assay_rows_get_text (&one, 0));
  ok (assay_store_query (f->store, &two, &error, sql, "") && assay_rows_next (&two, &error)
      && assay_rows_next (&two, &error));
  assert_string_equal (assay_rows_get_text (&one, 0), first);
  assert_string_not_equal (assay_rows_get_text (&two, 0), first);
}

static void
the_database_is_made_as_it_is_promised (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_auto (AssayRows) rows = { 0 };
  ok (assay_store_query (f->store, &rows, &error, "PRAGMA journal_mode", "") && assay_rows_next (&rows, &error));
  assert_string_equal (assay_rows_get_text (&rows, 0), "wal");
  assert_int_equal (ask (f->store, "PRAGMA synchronous"), 2);
  assert_int_equal (ask (f->store, "PRAGMA foreign_keys"), 1);
  assert_int_equal (ask (f->store, "PRAGMA application_id"), 0x41535359);
  refused (assay_store_run (f->store, NULL, to, "INSERT INTO head VALUES (1, 1, 1, 99, 'draft', 1)", ""),
           ASSAY_ERROR_CONFLICT, "FOREIGN KEY");
  ok (assay_store_check (f->store, &error));
}

static void
a_network_file_system_is_told_by_its_number (void **state)
{
  static const struct
  {
    guint64 f_type;
    const char *mount, *name;
  } cases[] = {
    { 0x6969, NULL, "NFS" },
    { 0xff534d42, NULL, "CIFS" },
    { 0xfe534d42, NULL, "SMB2" },
    { 0x01021997, NULL, "9p" },
    { 0x65735546, "fuse.sshfs", "fuse.sshfs" },
    { 0x65735546, NULL, "FUSE" },
    { 0x65735546, "virtiofs", "virtiofs" },
    { 0xffffffffff534d42, NULL, "CIFS" }, /* sign-extended by a 32-bit kernel */
    { 0xef53, NULL, NULL },
    { 0x58465342, NULL, NULL },
    { 0x9123683e, NULL, NULL },
    { 0x01021994, NULL, NULL },
    { 0x794c7630, NULL, NULL },
    { 0x65735546, "fuseblk", NULL },
    { 0x2fc12fc1, NULL, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *name = assay_place_network_name (cases[i].f_type, cases[i].mount);
      if (g_strcmp0 (name, cases[i].name) != 0)
        fail_msg ("%" G_GINT64_MODIFIER "x %s is %s", cases[i].f_type, cases[i].mount, name);
    }
}

static void
a_newer_version_is_read_and_not_written (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  ok (assay_store_run (f->store, NULL, &error, "PRAGMA user_version = 99", ""));
  refused (assay_project_open (f->project->directory, ASSAY_STORE_WRITE, to), ASSAY_ERROR_UNSUPPORTED,
           "newer Assay");
  g_autoptr (AssayProject) reader = assay_project_open (f->project->directory, ASSAY_STORE_READ, &error);
  ok (reader != NULL);
  assert_string_equal (reader->name, "tests");
  refused (assay_annotator_ensure (reader->store, "new", ASSAY_ANNOTATOR_PERSON, to), ASSAY_ERROR_IO,
           "cannot be written");
}

static void
what_is_no_project_is_refused_in_one_line (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_build_filename (f->directory, "other", NULL),
                  *path = g_build_filename (folder, "project.db", NULL);
  assert_int_equal (g_mkdir (folder, 0777), 0);
  for (AssayStoreMode mode = ASSAY_STORE_READ; mode <= ASSAY_STORE_WRITE; mode++)
    {
      refused (assay_project_open (folder, mode, to), ASSAY_ERROR_NOT_FOUND, "assay init");
      ok (assay_file_write (path, "this is no database, but long enough to be taken for one", 57, &error));
      refused (assay_project_open (folder, mode, to), ASSAY_ERROR_BAD_DATA, "not a database");
      ok (assay_file_write (path, "", 0, &error));
      refused (assay_project_open (folder, mode, to), ASSAY_ERROR_BAD_DATA, "another program");
      g_unlink (path);
    }
  refused (assay_project_create (f->project->directory, NULL, to), ASSAY_ERROR_CONFLICT, "already");
}

/* Half of the file is overwritten: whoever walks over it is told, and nobody crashes. */
static void
a_damaged_database_is_told_in_one_line (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  for (guint i = 0; i < 30; i++)
    assay_item_free (add_item (f->project, i));
  g_autofree char *place = g_strdup (f->project->directory), *path = g_build_filename (place, "project.db", NULL);
  g_clear_pointer (&f->project, assay_project_close);
  g_autofree char *bytes = NULL;
  gsize n_bytes;
  assert_true (g_file_get_contents (path, &bytes, &n_bytes, NULL));
  for (gsize page = 1; page < n_bytes / 4096; page++)
    memset (bytes + page * 4096 + 2, 0xa5, 4000);
  ok (assay_file_write (path, bytes, n_bytes, &error));
  refused (assay_project_open (place, ASSAY_STORE_WRITE, to), ASSAY_ERROR_BAD_DATA, "damaged");
  refused (assay_project_open (place, ASSAY_STORE_READ, to), ASSAY_ERROR_BAD_DATA, "damaged");
}

static void
a_long_writer_is_waited_for_and_then_named (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) other = assay_project_open (f->project->directory, ASSAY_STORE_WRITE, &error);
  g_auto (AssayTransaction) transaction = { 0 };
  ok (assay_transaction_begin (&transaction, other->store, &error));
  gint64 start = g_get_monotonic_time ();
  refused (assay_annotator_ensure (f->store, "carla", ASSAY_ANNOTATOR_PERSON, to), ASSAY_ERROR_CONFLICT,
           "another program");
  gint64 waited_us = g_get_monotonic_time () - start;
  assert_in_range (waited_us, 8 * G_USEC_PER_SEC, 15 * G_USEC_PER_SEC);
  /* Whoever only reads is not held up. */
  assert_int_equal (ask (f->store, "SELECT count(*) FROM annotator"), 2);
}

/* Runs `body` as somebody who may not write there (root may write anywhere). Returns its exit status. */
static int
run_as_nobody (int (*body) (const char *), const char *place)
{
  fflush (NULL);
  pid_t pid = fork ();
  if (pid == 0)
    {
      if (geteuid () == 0 && (setgid (65534) != 0 || setuid (65534) != 0))
        _exit (77);
      _exit (body (place));
    }
  int status = 0;
  assert_true (pid > 0 && waitpid (pid, &status, 0) == pid && WIFEXITED (status));
  return WEXITSTATUS (status);
}

static int
try_to_write (const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayProject) writer = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  if (writer != NULL || !g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_IO)
      || strchr (error->message, '\n') != NULL)
    return 1;
  g_clear_error (&error);
  g_autoptr (AssayProject) reader = assay_project_open (place, ASSAY_STORE_READ, &error);
  if (reader == NULL)
    {
      g_printerr ("# %s\n", error->message);
      return 2;
    }
  g_autoptr (GPtrArray) tasks = assay_task_list (reader->store, &error);
  return tasks != NULL && tasks->len == 1 ? 0 : 3;
}

static void
a_folder_that_cannot_be_written_is_read_and_not_written (void **state)
{
  Fixture *f = *state;
  g_autofree char *place = g_strdup (f->project->directory), *path = g_build_filename (place, "project.db", NULL);
  g_clear_pointer (&f->project, assay_project_close);
  assert_int_equal (g_chmod (path, 0444), 0);
  assert_int_equal (g_chmod (place, 0555), 0);
  assert_int_equal (g_chmod (f->directory, 0755), 0);
  int status = run_as_nobody (try_to_write, place);
  if (status == 77)
    {
      print_message ("# not run: a folder that cannot be written needs another user, and this one may not change to one\n");
      return;
    }
  assert_int_equal (status, 0);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (a_transaction_that_is_not_committed_undoes_itself),
    CASE (every_type_comes_back_as_it_went_in),
    CASE (one_statement_can_be_in_use_twice),
    CASE (the_database_is_made_as_it_is_promised),
    cmocka_unit_test (a_network_file_system_is_told_by_its_number),
    CASE (a_newer_version_is_read_and_not_written),
    CASE (what_is_no_project_is_refused_in_one_line),
    CASE (a_damaged_database_is_told_in_one_line),
    CASE (a_long_writer_is_waited_for_and_then_named),
    CASE (a_folder_that_cannot_be_written_is_read_and_not_written),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
