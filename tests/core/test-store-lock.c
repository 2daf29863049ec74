/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a file chooser does to a database that is open: it looks into the files beside it, and closes them. */
#include "core/store-lock.h"
#include "tests/core/fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void
look_into (const char *path)
{
  char bytes[16];
  int fd = open (path, O_RDONLY);
  assert_true (fd >= 0 && read (fd, bytes, sizeof bytes) >= 0);
  close (fd);
}

typedef int (*Fcntl) (int fd, int command, ...);

/* Whether another process can have the file to itself after this one has locked it and looked into it. */
static gboolean
is_free_after_a_look (const char *path, Fcntl lock_with)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1 };
  int status = 0, fd = open (path, O_RDWR | O_CREAT, 0600);
  assert_true (fd >= 0 && lock_with (fd, F_SETLK, &lock) == 0);
  look_into (path);
  pid_t child = fork ();
  if (child == 0)
    {
      struct flock theirs = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1 };
      int other = open (path, O_RDWR);
      _exit (fcntl (other, F_SETLK, &theirs) == 0 ? 1 : 0);
    }
  assert_true (waitpid (child, &status, 0) == child && WIFEXITED (status));
  assay_store_lock_close (fd);
  return WEXITSTATUS (status) == 1;
}

static void
a_look_into_the_file_drops_a_plain_lock_and_not_ours (void **state)
{
  Fixture *f = *state;
  g_autofree char *path = g_build_filename (f->directory, "locked", NULL);
  assert_true (is_free_after_a_look (path, fcntl)); /* else this test would prove nothing */
  assert_false (is_free_after_a_look (path, assay_store_lock_fcntl));
  /* It ended with its file. */
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 120, .l_len = 1 };
  int fd = open (path, O_RDWR);
  assert_int_equal (fcntl (fd, F_SETLK, &lock), 0);
  close (fd);
}

static void
all_of_a_program_is_one_owner (void **state)
{
  Fixture *f = *state;
  g_autofree char *path = g_build_filename (f->directory, "shared", NULL);
  int one = open (path, O_RDWR | O_CREAT, 0600), other = open (path, O_RDWR);
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 8 };
  assert_int_equal (assay_store_lock_fcntl (one, F_SETLK, &lock), 0);
  assert_int_equal (assay_store_lock_fcntl (other, F_SETLK, &lock), 0);
  assert_int_equal (assay_store_lock_fcntl (other, F_GETLK, &lock), 0);
  assert_int_equal (lock.l_type, F_UNLCK);
  assay_store_lock_close (one);
  assay_store_lock_close (other);
}

static void
a_look_into_the_files_of_an_open_project_loses_nothing (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (f->directory, "open.db", NULL), *log = g_strconcat (path, "-wal", NULL),
                  *shared = g_strconcat (path, "-shm", NULL);
  struct stat before = { 0 }, after = { 0 };
  /* The other program: forked off before this one has the file open, so that it inherits nothing. The last one out
   * tidies the log away. */
  int door[2], status = 0;
  assert_int_equal (pipe (door), 0);
  pid_t child = fork ();
  if (child == 0)
    {
      char go = 0;
      if (read (door[0], &go, 1) == 1)
        {
          g_autoptr (AssayStore) store = assay_store_open (path, ASSAY_STORE_WRITE, NULL);
          g_clear_pointer (&store, assay_store_close);
        }
      _exit (0);
    }
  g_autoptr (AssayStore) store = assay_store_open (path, ASSAY_STORE_CREATE, &error);
  ok (store != NULL);
  ok (assay_store_run (store, NULL, &error, "INSERT INTO meta VALUES ('first', 1)", ""));
  look_into (path);
  look_into (log);
  look_into (shared);
  assert_int_equal (stat (log, &before), 0);
  assert_int_equal (write (door[1], "x", 1), 1);
  assert_true (waitpid (child, &status, 0) == child && WIFEXITED (status));
  assert_int_equal (stat (log, &after), 0); /* the visitor was not the last one out */
  assert_true (before.st_ino == after.st_ino);
  ok (assay_store_run (store, NULL, &error, "INSERT INTO meta VALUES ('second', 1)", ""));
  g_clear_pointer (&store, assay_store_close);
  store = assay_store_open (path, ASSAY_STORE_READ, &error);
  ok (store != NULL);
  assert_int_equal (ask (store, "SELECT count(*) FROM meta WHERE key IN ('first', 'second')"), 2);
  close (door[0]);
  close (door[1]);
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    CASE (a_look_into_the_file_drops_a_plain_lock_and_not_ours),
    CASE (all_of_a_program_is_one_owner),
    CASE (a_look_into_the_files_of_an_open_project_loses_nothing),
  };
  return cmocka_run_group_tests (tests, NULL, NULL);
}
