/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A disk that fills up: one clear line, nothing that was saved is lost, and after some space is freed work goes on.
 * On a small tmpfs in a mount namespace of our own, which is gone when the test ends however it ends. */
#include "tests/core/fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

/* NULL, with the reason printed, where mounting is not allowed. */
static char *
mount_small_disk (void)
{
  char *place = g_dir_make_tmp ("assay-full-XXXXXX", NULL);
  gboolean alone = unshare (CLONE_NEWNS) == 0 || unshare (CLONE_NEWUSER | CLONE_NEWNS) == 0;
  if (alone && mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0
      && mount ("tmpfs", place, "tmpfs", 0, "size=3m") == 0)
    return place;
  printf ("# not run: a small disk cannot be mounted here (%s); run it as root\n", g_strerror (errno));
  g_rmdir (place);
  g_free (place);
  return NULL;
}

/* Takes all space but `leave` bytes. */
static void
fill (const char *path, gsize leave)
{
  static const char block[4096] = "ballast";
  int fd = open (path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  off_t size = 0;
  assert_true (fd >= 0);
  for (ssize_t n; (n = write (fd, block, sizeof block)) > 0;)
    size += n;
  assert_int_equal (errno, ENOSPC);
  assert_int_equal (ftruncate (fd, MAX (size - (off_t) leave, 0)), 0);
  close (fd);
}

static void
on_damage (const AssaySha256 *hash, const char *why, gpointer data)
{
  fail_msg ("%s", why);
}

static guint
count_files (const char *folder)
{
  guint n = 0;
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  for (const char *name; directory != NULL && (name = g_dir_read_name (directory)) != NULL;)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      n += g_file_test (path, G_FILE_TEST_IS_DIR) ? count_files (path) : 1;
    }
  return n;
}

static void
a_full_disk_is_one_line_and_loses_nothing (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *disk = mount_small_disk ();
  if (disk == NULL)
    return; /* said already; a cmocka skip counts as a failure in TAP */
  g_autofree char *place = g_build_filename (disk, "project", NULL),
                  *ballast = g_build_filename (disk, "ballast", NULL);
  g_autofree char *media = g_build_filename (place, "media", NULL);
  AssayProject *project = assay_project_create (place, NULL, &error);
  ok (project != NULL);
  AssayStore *store = project->store;
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  assay_task_add_class (task, "cup");
  ok (assay_task_save (store, task, NULL, &error));
  g_autoptr (AssayAnnotator) anna = assay_annotator_ensure (store, "anna", ASSAY_ANNOTATOR_PERSON, &error);
  g_autoptr (AssayItem) item = add_item (project, 1);
  g_autoptr (AssayJournal) journal = assay_journal_open (store, item, task, anna, &error);

  /* Answers until none goes in any more. */
  fill (ballast, 200000);
  AssayId last_saved = ASSAY_ID_NIL;
  guint n_saved = 0;
  g_autoptr (GError) full = NULL;
  for (guint i = 0; i < 5000 && full == NULL; i++)
    {
      g_autoptr (AssayLabel) label = make_label (item, task, anna, ASSAY_LABEL_SUBMITTED, i % 40 + 0.001 * i);
      if (!assay_label_save (store, label, NULL, &full))
        break;
      last_saved = label->id;
      n_saved++;
    }
  assert_true (n_saved > 0 && full != NULL);
  if (!g_error_matches (full, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE) || strchr (full->message, '\n') != NULL)
    fail_msg ("%s", full->message);
  fill (ballast, 0);
  AssayEdit *edit = assay_edit_new (task->kind, "box");
  assay_edit_take (edit, NULL, make_box (task, "cup", 1));
  guint n_before = assay_journal_get_objects (journal)->list->len;
  refused (assay_journal_append (journal, edit, to), ASSAY_ERROR_NO_SPACE, "free some space");

  /* A picture neither; and it leaves nothing lying about. */
  guint n_files = count_files (media);
  g_autoptr (GBytes) png = make_png (2);
  AssayMediaFacts facts = { 0 };
  gboolean known;
  refused (
      assay_media_add_bytes (project, g_bytes_get_data (png, NULL), g_bytes_get_size (png), &facts, &known, to),
      ASSAY_ERROR_NO_SPACE, "free some space");
  assert_int_equal (count_files (media), n_files);

  /* What was saved is there, in this process and for the next one. */
  g_autoptr (AssayLabel) head = assay_label_get (store, item->row, task, anna->row, &error);
  ok (head != NULL);
  assert_true (assay_id_equal (&head->id, &last_saved));
  ok (assay_store_check (store, &error));

  /* With space again, the same connection goes on. */
  assert_int_equal (g_unlink (ballast), 0);
  g_autoptr (AssayLabel) after = make_label (item, task, anna, ASSAY_LABEL_SUBMITTED, 33);
  ok (assay_label_save (store, after, NULL, &error));
  AssayEdit *again = assay_edit_new (task->kind, "box");
  assay_edit_take (again, NULL, make_box (task, "cup", 1));
  ok (assay_journal_append (journal, again, &error));
  assert_int_equal (assay_journal_get_objects (journal)->list->len, 2);
  assert_true (n_before <= 1);
  g_autoptr (AssayItem) two = add_item (project, 2);
  ok (assay_media_verify (project, on_damage, NULL, NULL, NULL, &error));
  assert_int_equal (ask (store, "SELECT count(*) FROM revision"), n_saved + 1);
  g_clear_pointer (&journal, assay_journal_free);
  assay_project_close (project);
  g_autoptr (AssayProject) reopened = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  ok (reopened != NULL && assay_store_check (reopened->store, &error));
  g_clear_pointer (&reopened, assay_project_close);
  umount2 (disk, MNT_DETACH);
  g_rmdir (disk);
}

static void
a_project_cannot_be_made_on_a_full_disk_and_nothing_is_left (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *disk = mount_small_disk ();
  if (disk == NULL)
    return; /* said already; a cmocka skip counts as a failure in TAP */
  g_autofree char *place = g_build_filename (disk, "project", NULL),
                  *ballast = g_build_filename (disk, "ballast", NULL);
  fill (ballast, 30000);
  refused (assay_project_create (place, NULL, to), ASSAY_ERROR_NO_SPACE, "free some space");
  assert_int_equal (count_files (place), 0);
  assert_int_equal (g_unlink (ballast), 0);
  g_autoptr (AssayProject) project = assay_project_create (place, NULL, &error);
  ok (project != NULL);
  g_clear_pointer (&project, assay_project_close);
  umount2 (disk, MNT_DETACH);
  g_rmdir (disk);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    cmocka_unit_test (a_full_disk_is_one_line_and_loses_nothing),
    cmocka_unit_test (a_project_cannot_be_made_on_a_full_disk_and_nothing_is_left),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
