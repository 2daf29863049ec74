/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/core/fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>

static char *
write_file (Fixture *f, const char *name, gconstpointer data, gsize n_bytes)
{
  g_autoptr (GError) error = NULL;
  char *path = g_build_filename (f->directory, name, NULL);
  ok (assay_file_write (path, data, n_bytes, &error));
  return path;
}

static char *
write_png (Fixture *f, const char *name, guint number)
{
  g_autoptr (GBytes) png = make_png (number);
  return write_file (f, name, g_bytes_get_data (png, NULL), g_bytes_get_size (png));
}

static void
count_damage (const AssaySha256 *hash, const char *why, gpointer data)
{
  g_ptr_array_add (data, g_strdup (why));
}

static GPtrArray *
verify (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *damage = g_ptr_array_new_with_free_func (g_free);
  guint64 n_checked;
  ok (assay_media_verify (f->project, count_damage, damage, &n_checked, NULL, &error));
  assert_int_equal (n_checked, ask (f->store, "SELECT count(*) FROM media"));
  return damage;
}

static guint
count_drafts (Fixture *f)
{
  guint n = 0;
  g_autofree char *folder = g_build_filename (f->project->directory, "media", NULL);
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  for (const char *name; (name = g_dir_read_name (directory)) != NULL;)
    n += g_str_has_prefix (name, ASSAY_FILE_DRAFT_PREFIX);
  return n;
}

static void
a_file_comes_in_once_and_cannot_be_written_to (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = write_png (f, "no extension", 1);
  AssayMediaFacts facts = { 0 }, again = { 0 };
  gboolean known;
  struct stat about;
  ok (assay_media_add (f->project, path, &facts, &known, &error));
  assert_false (known);
  assert_string_equal (facts.type, "png");
  assert_int_equal (facts.kind, ASSAY_MEDIA_PICTURE);
  assert_true (facts.width_px == 64 && facts.height_px == 48 && facts.exif_orientation == 1);
  g_autofree char *place = assay_media_dup_path (f->project, &facts.hash, facts.type);
  assert_int_equal (stat (place, &about), 0);
  assert_int_equal (about.st_mode & 0777, 0444);
  assert_int_equal (about.st_size, facts.bytes);
  g_autofree char *copy = write_png (f, "copy.jpg", 1);
  ok (assay_media_probe (copy, &again, &error));
  ok (assay_media_add (f->project, copy, &again, &known, &error));
  assert_true (known && assay_sha256_equal (&facts.hash, &again.hash));
  assert_int_equal (ask (f->store, "SELECT count(*) FROM media"), 1);
  assert_int_equal (count_drafts (f), 0);
  g_autoptr (GPtrArray) damage = verify (f);
  assert_int_equal (damage->len, 0);
}

static void
what_is_no_media_is_refused_and_leaves_nothing (void **state)
{
  Fixture *f = *state;
  g_autoptr (GBytes) png = make_png (1);
  g_autofree char *empty = write_file (f, "empty.png", "", 0), *text = write_file (f, "text.png", "hello", 5);
  g_autofree char *cut = write_file (f, "cut.png", g_bytes_get_data (png, NULL), g_bytes_get_size (png) / 2);
  g_autofree char *fifo = g_build_filename (f->directory, "fifo.png", NULL),
                  *missing = g_build_filename (f->directory, "missing", NULL);
  assert_int_equal (mkfifo (fifo, 0666), 0);
  AssayMediaFacts facts = { 0 };
  gboolean known;
  const char *const bad[] = { empty, text, cut, fifo, f->directory };
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      refused (assay_media_probe (bad[i], &facts, to), ASSAY_ERROR_BAD_DATA, "");
      refused (assay_media_add (f->project, bad[i], &facts, &known, to), ASSAY_ERROR_BAD_DATA, bad[i]);
    }
  refused (assay_media_add (f->project, missing, &facts, &known, to), ASSAY_ERROR_NOT_FOUND, "missing");
  assert_int_equal (ask (f->store, "SELECT count(*) FROM media"), 0);
  assert_int_equal (count_drafts (f), 0);
}

static void
altered_missing_and_lost_files_are_named_and_come_back (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) one = add_item (f->project, 1), two = add_item (f->project, 2),
                        three = add_item (f->project, 3);
  g_autofree char *altered = assay_item_dup_path (f->project, one),
                  *missing = assay_item_dup_path (f->project, two);
  g_autofree char *untouched = assay_item_dup_path (f->project, three);
  assert_int_equal (g_chmod (altered, 0644), 0);
  int fd = open (altered, O_RDWR);
  assert_int_equal (pwrite (fd, "X", 1, 40), 1);
  close (fd);
  assert_int_equal (g_unlink (missing), 0);
  g_autoptr (GPtrArray) damage = verify (f);
  assert_int_equal (damage->len, 2);
  for (guint i = 0; i < 2; i++)
    assert_null (strstr (damage->pdata[i], untouched));
  g_autofree char *out = g_build_filename (f->directory, "out.png", NULL);
  refused (assay_media_export (f->project, &one->media, "png", out, NULL, to), ASSAY_ERROR_BAD_DATA, "changed");
  assert_false (g_file_test (out, G_FILE_TEST_EXISTS));
  /* Importing a lost or altered file again heals the project. */
  g_autofree char *path = write_png (f, "again.png", 2);
  AssayMediaFacts facts = { 0 };
  gboolean known;
  ok (assay_media_add (f->project, path, &facts, &known, &error));
  assert_true (known);
  ok (assay_media_check (f->project, &two->media, "png", &error));
  g_autofree char *good = write_png (f, "good.png", 1);
  ok (assay_media_add (f->project, good, &facts, &known, &error));
  g_autoptr (GPtrArray) none = verify (f);
  assert_int_equal (none->len, 0);
}

static void
an_export_is_a_file_of_its_own (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayItem) item = add_item (f->project, 1);
  g_autofree char *out = g_build_filename (f->directory, "out.png", NULL),
                  *place = assay_item_dup_path (f->project, item);
  gint64 bytes;
  struct stat from, to_;
  ok (assay_media_export (f->project, &item->media, "png", out, &bytes, &error));
  assert_true (stat (place, &from) == 0 && stat (out, &to_) == 0);
  assert_true (from.st_ino != to_.st_ino && to_.st_size == bytes);
  assert_int_equal (to_.st_mode & 0777, 0644);
  assert_true (g_file_set_contents (out, "scribble", -1, NULL));
  ok (assay_media_check (f->project, &item->media, "png", &error));
}

static void
old_drafts_of_the_dead_are_swept_and_new_ones_stay (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  g_autofree char *old = write_file (f, "project/media/.draft-old", "x", 1),
                  *new = write_file (f, "project/media/.draft-new", "x", 1);
  struct utimbuf long_ago = { 1000000000, 1000000000 };
  assert_int_equal (utime (old, &long_ago), 0);
  g_autoptr (AssayProject) other = assay_project_open (f->project->directory, ASSAY_STORE_WRITE, &error);
  ok (other != NULL);
  assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  assert_true (g_file_test (new, G_FILE_TEST_EXISTS));
}

static void
sounds_and_meshes_are_known_by_their_content (void **state)
{
  Fixture *f = *state;
  g_autoptr (GError) error = NULL;
  /* One second of silence: 8 kHz, 16 bit, one channel. */
  guint8 wav[44 + 16000] = { 'R', 'I', 'F', 'F', 0xa4, 0x3e, 0,   0,   'W', 'A',  'V',  'E',  'f', 'm',  't',
                             ' ', 16,  0,   0,   0,    1,    0,   1,   0,   0x40, 0x1f, 0,    0,   0x80, 0x3e,
                             0,   0,   2,   0,   16,   0,    'd', 'a', 't', 'a',  0x80, 0x3e, 0,   0 };
  static const char ply[] = "ply\n"
                            "format ascii 1.0\n"
                            "element vertex 3\n"
                            "property float x\n"
                            "property float y\n"
                            "property float z\n"
                            "element face 1\n"
                            "property list uchar int vertex_indices\n"
                            "end_header\n"
                            "0 0 0\n"
                            "1 0 0\n"
                            "0 1 0\n"
                            "3 0 1 2\n"
                            "";
  AssayMediaFacts sound = { 0 }, mesh = { 0 };
  gboolean known;
  ok (assay_media_add_bytes (f->project, wav, sizeof wav, &sound, &known, &error));
  assert_true (sound.kind == ASSAY_MEDIA_SOUND && sound.rate_hz == 8000 && sound.n_samples == 8000
               && sound.channels == 1);
  assert_string_equal (sound.type, "wav");
  assert_int_equal (sound.duration_ns, 1000000000);
  ok (assay_media_add_bytes (f->project, ply, strlen (ply), &mesh, &known, &error));
  assert_int_equal (mesh.kind, ASSAY_MEDIA_MODEL);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    CASE (a_file_comes_in_once_and_cannot_be_written_to),
    CASE (what_is_no_media_is_refused_and_leaves_nothing),
    CASE (altered_missing_and_lost_files_are_named_and_come_back),
    CASE (an_export_is_a_file_of_its_own),
    CASE (old_drafts_of_the_dead_are_swept_and_new_ones_stay),
    CASE (sounds_and_meshes_are_known_by_their_content),
  };
  return cmocka_run_group_tests (cases, NULL, NULL);
}
