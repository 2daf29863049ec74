/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recorder that is killed, at any moment; a project whose database is lost: what was told as kept is there.
 * Each check is also made before anything was mended, and must then find the loss. */
#include "tests/core/fixture.h"

#include "app/job-recover.h"
#include "capture/session-folder.h"
#include "core/clock.h"
#include "core/file.h"
#include "core/film.h"
#include "core/flag.h"
#include "core/sound.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#define NS_PER_S G_GINT64_CONSTANT (1000000000)

static gboolean
is_long (void)
{
  const char *text = g_getenv ("ASSAY_TEST_LONG");
  return text != NULL && *text != '\0';
}

/* --- a recorder of its own process --- */

typedef struct
{
  const char *words[8];
  double fps, rate_hz; /* of the film and the sound; 0 = there is none */
} Recording;

static const Recording film_and_sound = { { "--video", "--draw", "5", "--camera=pattern:bars,size=320x240,fps=30",
                                            "--microphone=pattern:tone,rate=16000" },
                                          30,
                                          16000 };
static const Recording small_film = { { "--video", "--draw", "5", "--camera=pattern:bars,size=32x24,fps=30",
                                        "--microphone=pattern:tone,rate=8000" },
                                      30,
                                      8000 };
static const Recording stills = { { "--camera=pattern:bars,size=160x120,fps=60" } };

static GPid
spawn (const char *place, const char *const *words)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  g_ptr_array_add (argv, (gpointer) g_getenv ("ASSAY_BIN"));
  g_ptr_array_add (argv, (gpointer) "-C");
  g_ptr_array_add (argv, (gpointer) place);
  for (; *words != NULL; words++)
    g_ptr_array_add (argv, (gpointer) *words);
  g_ptr_array_add (argv, NULL);
  fflush (NULL);
  GPid pid = fork ();
  if (pid != 0)
    return pid;
  int nowhere = open ("/dev/null", O_WRONLY);
  dup2 (nowhere, STDOUT_FILENO);
  execv (argv->pdata[0], (char **) argv->pdata);
  _exit (127);
}

static GPid
start_recording (const char *place, const Recording *recording)
{
  const char *words[16] = { "capture", "--subject", "s7", "--consent", "form 12", "--condition", "light=low" };
  for (guint i = 0; recording->words[i] != NULL; i++)
    words[i + 7] = recording->words[i];
  return spawn (place, words);
}

static char *
dup_newest_session (const char *place)
{
  g_autofree char *path = g_build_filename (place, "sessions", NULL);
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  g_autofree char *newest = NULL;
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    if (newest == NULL || strcmp (name, newest) > 0)
      {
        g_free (newest);
        newest = g_strdup (name);
      }
  return newest != NULL ? g_build_filename (path, newest, NULL) : NULL;
}

/* Until the index of a session that is not `before` has its first lines. */
static char *
wait_for_session (const char *place, const char *before, GPid pid)
{
  for (;;)
    {
      g_autofree char *session = dup_newest_session (place);
      g_autofree char *index = session != NULL ? g_build_filename (session, "index.jsonl", NULL) : NULL;
      GStatBuf about;
      if (session != NULL && g_strcmp0 (session, before) != 0 && g_stat (index, &about) == 0 && about.st_size > 0)
        return g_steal_pointer (&session);
      assert_int_equal (waitpid (pid, NULL, WNOHANG), 0);
      g_usleep (2000);
    }
}

static void
kill_it (GPid pid)
{
  int status;
  kill (pid, SIGKILL);
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_true (WIFSIGNALED (status));
}

/* --- what its index told of --- */

/* {"camera-1-0001.film": [time stamps of frames that were told of], "microphone-1-0001.wav": [samples]}, and the
 * items. */
typedef struct
{
  GHashTable *frames; /* name -> GArray of gint64 */
  GHashTable *sounds; /* name -> samples that an anchor told of */
  GPtrArray *items;   /* ids, in text */
  GPtrArray *drawn;   /* "name pts" of frames that become items */
} Told;

static void
told_clear (Told *told)
{
  g_hash_table_unref (told->frames);
  g_hash_table_unref (told->sounds);
  g_ptr_array_unref (told->items);
  g_ptr_array_unref (told->drawn);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Told, told_clear)

static void
hear_film (Told *told, const json_t *line, const json_t *film)
{
  const char *name = assay_json_get_string (film, "file");
  gint64 pts_ns, position;
  assert_true (assay_json_get_int (film, "pts_ns", &pts_ns));
  GArray *stamps = g_hash_table_lookup (told->frames, name);
  if (stamps == NULL)
    {
      stamps = g_array_new (FALSE, FALSE, sizeof (gint64));
      g_hash_table_insert (told->frames, g_strdup (name), stamps);
    }
  g_array_append_val (stamps, pts_ns);
  if (assay_json_get_int (line, "position", &position) && json_object_get (line, "media") == NULL)
    g_ptr_array_add (told->drawn, g_strdup_printf ("%s %" G_GINT64_FORMAT, name, pts_ns));
}

static void
hear (Told *told, const json_t *line)
{
  const json_t *film = json_object_get (line, "film"), *anchor = json_object_get (line, "anchor");
  const char *item = assay_json_get_string (line, "item");
  if (item != NULL)
    g_ptr_array_add (told->items, g_strdup (item));
  if (film != NULL)
    hear_film (told, line, film);
  if (anchor != NULL)
    g_hash_table_replace (told->sounds, g_strdup (assay_json_get_string (anchor, "file")),
                          json_incref (json_object_get (anchor, "written")));
}

/* By itself, not with the reader that is being tested. */
static void
told_read (Told *told, const char *session)
{
  g_autofree char *path = g_build_filename (session, "index.jsonl", NULL), *text = NULL;
  told->frames = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  told->sounds = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) json_decref);
  told->items = g_ptr_array_new_with_free_func (g_free);
  told->drawn = g_ptr_array_new_with_free_func (g_free);
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL && lines[i + 1] != NULL; i++)
    {
      g_autoptr (json_t) line = json_loads (lines[i], 0, NULL);
      assert_non_null (line);
      hear (told, line);
    }
}

/* --- what is there of it --- */

typedef struct
{
  guint frames, sounds, items, drawn; /* that are missing */
  guint report;                       /* 1 = there is none, or it does not say that something was recovered */
  guint n_frames;                     /* that are there */
  gint64 n_samples;
} Missing;

/* Files of media/ by the names that they had while they grew, as the lines of segments say. */
static GHashTable *
read_segments (const char *project, const char *session)
{
  GHashTable *paths = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autofree char *path = g_build_filename (session, "index.jsonl", NULL), *text = NULL;
  assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (json_t) line = json_loads (lines[i], 0, NULL);
      const json_t *segment = json_object_get (line, "segment");
      const char *hash = assay_json_get_string (segment, "media");
      if (hash == NULL)
        continue;
      assert_false (g_hash_table_contains (paths, assay_json_get_string (segment, "file"))); /* told twice */
      g_hash_table_insert (
          paths, g_strdup (assay_json_get_string (segment, "file")),
          g_strdup_printf ("%s/media/%.2s/%s.%s", project, hash, hash, assay_json_get_string (segment, "type")));
    }
  return paths;
}

static gboolean
has_frame (const GArray *frames, gint64 pts_ns)
{
  for (guint i = 0; frames != NULL && i < frames->len; i++)
    if (g_array_index (frames, gint64, i) == pts_ns)
      return TRUE;
  return FALSE;
}

static void
count_frames (const Told *told, GHashTable *paths, Missing *missing)
{
  GHashTableIter at;
  gpointer name, stamps;
  g_hash_table_iter_init (&at, told->frames);
  while (g_hash_table_iter_next (&at, &name, &stamps))
    {
      const char *path = g_hash_table_lookup (paths, name);
      g_autoptr (AssayFilm) film = path != NULL ? assay_film_open (path, NULL) : NULL;
      g_autoptr (GArray) frames = film != NULL ? assay_film_list_frames (film, NULL) : NULL;
      missing->n_frames += frames != NULL ? frames->len : 0;
      for (guint i = 0; i < ((GArray *) stamps)->len; i++)
        missing->frames += !has_frame (frames, g_array_index ((GArray *) stamps, gint64, i));
    }
}

static void
count_sounds (const Told *told, GHashTable *paths, Missing *missing)
{
  GHashTableIter at;
  gpointer name, written;
  g_hash_table_iter_init (&at, told->sounds);
  while (g_hash_table_iter_next (&at, &name, &written))
    {
      const char *path = g_hash_table_lookup (paths, name);
      AssayMediaFacts facts = { 0 };
      gboolean there = path != NULL && assay_media_probe (path, &facts, NULL) && facts.warning[0] == '\0';
      missing->n_samples += facts.n_samples;
      missing->sounds += !there || facts.n_samples < json_integer_value (written);
    }
}

static Missing
count_missing (AssayProject *project, const char *session, const Told *told)
{
  Missing missing = { 0 };
  g_autoptr (GHashTable) paths = read_segments (project->directory, session);
  count_frames (told, paths, &missing);
  count_sounds (told, paths, &missing);
  for (guint i = 0; i < told->items->len; i++)
    {
      AssayId id;
      assert_true (assay_id_parse (told->items->pdata[i], &id));
      g_autoptr (AssayItem) item = assay_item_get (project->store, &id, NULL);
      missing.items += item == NULL;
    }
  for (guint i = 0; i < told->drawn->len; i++)
    {
      g_auto (GStrv) words = g_strsplit (told->drawn->pdata[i], " ", 2);
      const char *path = g_hash_table_lookup (paths, words[0]);
      g_autofree char *file = path != NULL ? g_path_get_basename (path) : g_strdup ("");
      g_autofree char *sql = g_strdup_printf ("SELECT count(*) FROM item JOIN media ON media.row = item.media "
                                              "WHERE range = 'frame' AND start = 0 AND end "
                                              "= %s AND lower (hex (hash)) || '.' || type = '%s'",
                                              words[1], file);
      missing.drawn += ask (project->store, sql) != 1;
    }
  g_autofree char *path = g_build_filename (session, "report.json", NULL);
  g_autoptr (json_t) report = assay_json_load (path, NULL);
  missing.report = json_object_get (report, "recovered") == NULL;
  return missing;
}

#define assert_nothing_is_missing(missing)                                                                         \
  do                                                                                                               \
    {                                                                                                              \
      if ((missing).frames + (missing).sounds + (missing).items + (missing).drawn + (missing).report > 0)          \
        fail_msg ("missing: %u frames, %u sounds, %u items, %u drawn frames, %u reports", (missing).frames,        \
                  (missing).sounds, (missing).items, (missing).drawn, (missing).report);                           \
    }                                                                                                              \
  while (0)

static int
compare_lines (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

/* Everything that the project says of its items, sorted. */
static char *
dump (AssayProject *project)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, &error);
  g_autoptr (GPtrArray) lines = g_ptr_array_new_with_free_func (g_free);
  ok (rows != NULL);
  for (guint i = 0; i < rows->len; i++)
    {
      g_autoptr (AssayItem) item = assay_item_get_row (project->store, g_array_index (rows, gint64, i), &error);
      ok (item != NULL);
      g_autoptr (json_t) json = assay_item_to_json (item);
      g_ptr_array_add (lines, assay_json_canonical (json));
    }
  g_ptr_array_sort (lines, compare_lines);
  g_ptr_array_add (lines, NULL);
  return g_strjoinv ("\n", (char **) lines->pdata);
}

/* --- killed --- */

static AssayMended
mend_all (const char *place, gboolean all, guint *ret_busy)
{
  g_autoptr (GError) error = NULL;
  AssayMended mended = ASSAY_MENDED_INIT;
  g_autoptr (AssayProject) project = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  ok (project != NULL && assay_job_recover (project, all, NULL, &mended, ret_busy, &error));
  return mended;
}

static gint64
read_beginning (const char *session)
{
  g_autofree char *path = g_build_filename (session, "session.json", NULL);
  g_autoptr (json_t) info = assay_json_load (path, NULL);
  gint64 began_ns = 0;
  assert_true (assay_json_get_int (json_object_get (info, "clock"), "monotonic_ns", &began_ns));
  return began_ns;
}

/* Whose voice and picture it is, and under which consent, is on the items that were mended too. */
static void
assert_everybody_is_named (AssayProject *project, const char *session)
{
  g_autofree char *id = g_path_get_basename (session);
  g_autofree char *sql
      = g_strdup_printf ("SELECT count(*) FROM item WHERE replace ('%s', '-', '') = lower (hex (session)) AND "
                         "(facts ->> 'subject' IS NOT 's7' OR "
                         "facts ->> 'consent' IS NOT 'form 12' OR facts ->> '$.conditions.light' IS NOT 'low')",
                         id);
  assert_int_equal (ask (project->store, sql), 0);
}

/* One recording, killed after `us`; with `twice`, so is the first that mends it. Adds to what was missing before.
 */
static void
kill_and_mend (const char *place, const Recording *recording, gulong us, gboolean twice, Missing *before)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *last = dup_newest_session (place);
  GPid pid = start_recording (place, recording);
  g_autofree char *session = wait_for_session (place, last, pid);
  g_usleep (us);
  gint64 killed_ns = assay_clock_now_ns ();
  kill_it (pid);
  g_auto (Told) told = { 0 };
  /* The last line may be cut: what is told of is whole lines. */
  told_read (&told, session);
  g_autoptr (AssayProject) project = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  ok (project != NULL);
  Missing then = count_missing (project, session, &told);
  assert_int_equal (then.report, 1); /* the twin: unmended, it is seen */
  before->frames += then.frames;
  before->sounds += then.sounds;
  before->drawn += then.drawn;
  if (twice)
    {
      static const char *const words[] = { "recover", NULL };
      GPid mender = spawn (place, words);
      g_usleep (us % 150000);
      kill (mender, SIGKILL);
      waitpid (mender, NULL, 0);
    }
  g_auto (AssayMended) mended = mend_all (place, FALSE, NULL);
  assert_int_equal (mended.skipped->len, 0);
  Missing now = count_missing (project, session, &told);
  assert_nothing_is_missing (now);
  double lasted_s = (double) (killed_ns - read_beginning (session)) / NS_PER_S;
  printf ("# killed after %.2f s: %u items told, %u frames and %" G_GINT64_FORMAT
          " samples there, %" G_GUINT64_FORMAT " bytes lost%s\n",
          lasted_s, told.items->len, now.n_frames, now.n_samples, mended.lost_bytes,
          twice ? ", mending killed once" : "");
  /* Never more than the last second; the rest is for a busy machine, and for the devices to begin. */
  assert_true (recording->fps == 0 || now.n_frames / recording->fps > lasted_s - 1.5);
  assert_true (recording->rate_hz == 0 || (double) now.n_samples / recording->rate_hz > lasted_s - 1.5);
  assert_everybody_is_named (project, session);
  g_autofree char *items = dump (project);
  g_auto (AssayMended) again = mend_all (place, TRUE, NULL);
  g_autofree char *same = dump (project);
  assert_int_equal (again.recordings + again.files + again.skipped->len + again.items + again.lost_bytes, 0);
  assert_string_equal (items, same);
}

static char *
make_place (char **ret_directory)
{
  g_autoptr (GError) error = NULL;
  *ret_directory = g_dir_make_tmp ("assay-recover-XXXXXX", NULL);
  char *place = g_build_filename (*ret_directory, "project", NULL);
  AssayProject *project = assay_project_create (place, NULL, &error);
  ok (project != NULL);
  assay_project_close (project);
  return place;
}

/* A folder of JPEG pictures, as an MJPEG camera: its films are Matroska. */
static char *
make_replay (const char *directory)
{
  g_autofree char *folder = g_build_filename (directory, "pictures", NULL);
  assert_int_equal (g_mkdir (folder, 0700), 0);
  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%u.jpg", folder, i);
      g_autoptr (AssayPicture) picture = assay_picture_new (320, 240, ASSAY_PIXELS_RGB8);
      for (guint y = 0; y < 240; y++)
        for (guint x = 0; x < 320 * 3; x++)
          picture->data[y * picture->stride + x] = (guint8) (x * (i + 1) + y);
      g_autoptr (GBytes) jpeg = assay_picture_encode_jpeg (picture, 80, NULL);
      assert_true (
          g_file_set_contents (path, g_bytes_get_data (jpeg, NULL), (gssize) g_bytes_get_size (jpeg), NULL));
    }
  return g_strdup_printf ("--camera=replay:%s,loop=true,fps=30", folder);
}

static void
a_recorder_killed_at_any_moment_loses_nothing_that_it_told_of (void **state)
{
  g_autofree char *directory = NULL;
  g_autofree char *place = make_place (&directory), *replay = make_replay (directory);
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  guint n_rounds = is_long () ? 20 : 4;
  Missing before = { 0 };
  const Recording jpeg = { { "--video", "--draw", "5", replay }, 30, 0 };
  for (guint round = 0; round < n_rounds; round++)
    {
      kill_and_mend (place, &film_and_sound, (gulong) g_rand_int_range (random, 50, 2600) * 1000, round % 2,
                     &before);
      kill_and_mend (place, &jpeg, (gulong) g_rand_int_range (random, 50, 2600) * 1000, round % 2 == 0, &before);
      kill_and_mend (place, &stills, (gulong) g_rand_int_range (random, 50, 1200) * 1000, round % 2, &before);
    }
  assert_true (before.frames > 0 && before.sounds > 0 && before.drawn > 0);
  remove_tree (directory);
}

/* --- copied while it records --- */

static guint
count_files (const char *folder)
{
  guint n = 0;
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  while (directory != NULL && g_dir_read_name (directory) != NULL)
    n++;
  return n;
}

/* The index first, as everything that it tells of is in the files by then; no database. */
static void
copy_recording (const char *place, const char *session, const char *copy)
{
  g_autofree char *name = g_path_get_basename (session);
  guint n_files;
  do
    {
      n_files = count_files (session); /* a file that moves to media/ meanwhile would be in neither */
      g_autofree char *command = g_strdup_printf (
          "rm -rf '%s' && mkdir -p '%s/sessions/%s' && cp '%s/index.jsonl' '%s/sessions/%s/' && cp -n "
          "'%s'/* '%s/sessions/%s/' && cp -r '%s/media' '%s/'",
          copy, copy, name, session, copy, name, session, copy, name, place, copy);
      assert_int_equal (system (command), 0);
    }
  while (n_files != count_files (session));
}

/* One copy, without its database, made whole again. */
static void
recover_copy (const char *copy, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_auto (Told) told = { 0 };
  g_auto (AssayMended) mended = ASSAY_MENDED_INIT;
  g_autofree char *session = g_build_filename (copy, "sessions", name, NULL);
  AssayRebuilt rebuilt = { 0 };
  told_read (&told, session);
  ok (assay_job_rebuild (copy, NULL, &rebuilt, &mended, NULL, &error));
  assert_true (rebuilt.rebuilt && rebuilt.set_aside == NULL && mended.skipped->len == 0);
  g_autoptr (AssayProject) project = assay_project_open (copy, ASSAY_STORE_READ, &error);
  ok (project != NULL);
  Missing missing = count_missing (project, session, &told);
  assert_nothing_is_missing (missing);
}

static void
every_copy_of_a_growing_recording_can_be_recovered (void **state)
{
  g_autofree char *directory = NULL;
  g_autofree char *place = make_place (&directory);
  GPid pid = start_recording (place, &small_film);
  g_autofree char *session = wait_for_session (place, NULL, pid), *name = g_path_get_basename (session);
  gint64 began_ns = assay_clock_now_ns ();
  guint n_copies = is_long () ? 120 : 8;
  for (guint i = 0; i < n_copies; i++)
    {
      g_autofree char *copy = g_strdup_printf ("%s/copy-%u", directory, i);
      assay_clock_wait_until (began_ns + i * NS_PER_S / 2, -1, -1);
      copy_recording (place, session, copy);
    }
  kill_it (pid);
  for (guint i = 0; i < n_copies; i++)
    {
      g_autofree char *copy = g_strdup_printf ("%s/copy-%u", directory, i);
      recover_copy (copy, name);
      remove_tree (copy);
    }
  printf ("# %u copies\n", n_copies);
  remove_tree (directory);
}

/* --- a lost database --- */

static void
run_recording (const char *place, const char *const *words)
{
  int status;
  assert_int_equal (waitpid (spawn (place, words), &status, 0) > 0 ? status : -1, 0);
}

/* Who recorded, and what the sessions say: as text. */
static char *
dump_sessions (AssayProject *project)
{
  g_autoptr (GError) error = NULL;
  g_auto (AssayRows) rows = { 0 };
  GString *text = g_string_new (NULL);
  ok (assay_store_query (
      project->store, &rows, &error,
      "SELECT hex (id) || identity || kind || name FROM sensor UNION ALL SELECT hex (id) || info FROM "
      "session UNION ALL SELECT hex (session) || report FROM session_report ORDER BY 1",
      ""));
  while (assay_rows_next (&rows, &error))
    g_string_append_printf (text, "%s\n", assay_rows_get_text (&rows, 0));
  return g_string_free (text, FALSE);
}

static void
ruin (const char *path, const char *how)
{
  if (g_str_equal (how, "gone"))
    assert_int_equal (g_unlink (path), 0);
  else if (g_str_equal (how, "empty"))
    assert_int_equal (truncate (path, 0), 0);
  else
    {
      /* A disk that lost blocks in the middle: the head still says that it is a database. */
      g_autofree char *junk = g_malloc (40000);
      memset (junk, 0x5a, 40000);
      int fd = open (path, O_WRONLY);
      assert_int_equal (pwrite (fd, junk, 40000, 8192), 40000);
      close (fd);
    }
}

static void
a_lost_database_is_made_again_with_the_same_items (void **state)
{
  static const char *const two[] = { "capture",
                                     "--camera=pattern:bars,size=64x48",
                                     "--camera=pattern:grey,size=32x32",
                                     "--frames",
                                     "4",
                                     "--condition",
                                     "light=low",
                                     "--consent",
                                     "form 9",
                                     NULL };
  static const char *const away[] = { "withdraw", "--consent", "form 9", "--why", "asked", NULL };
  static const char *const film[] = { "capture",
                                      "--video",
                                      "--draw",
                                      "8",
                                      "--camera=pattern:bars,size=64x48",
                                      "--microphone=pattern:tone,rate=8000",
                                      "--duration",
                                      "1.2",
                                      NULL };
  static const char *const hows[] = { "gone", "empty", "damaged" };
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *place = make_place (&directory);
  g_autofree char *database = g_build_filename (place, "project.db", NULL);
  run_recording (place, two);
  run_recording (place, away);
  run_recording (place, film);
  g_autoptr (AssayProject) project = assay_project_open (place, ASSAY_STORE_READ, &error);
  ok (project != NULL);
  g_autofree char *items = dump (project), *sessions = dump_sessions (project);
  assert_non_null (strstr (items, "\"range\":\"frame\""));
  assert_non_null (strstr (items, "\"light\":\"low\""));
  g_clear_pointer (&project, assay_project_close);
  for (guint i = 0; i < G_N_ELEMENTS (hows); i++)
    {
      g_auto (AssayMended) mended = ASSAY_MENDED_INIT, again = ASSAY_MENDED_INIT;
      AssayRebuilt rebuilt = { 0 }, second = { 0 };
      ruin (database, hows[i]);
      ok (assay_job_rebuild (place, NULL, &rebuilt, &mended, NULL, &error));
      assert_true (rebuilt.rebuilt && rebuilt.n_unnamed == 0);
      assert_int_equal (mended.skipped->len,
                        g_str_equal (hows[i], "empty")); /* told: nothing could be read of it */
      assert_true (mended.items > 0 || g_str_equal (hows[i], "damaged"));
      assert_int_equal (rebuilt.set_aside != NULL, i > 0);
      assert_true (i == 0 || g_file_test (rebuilt.set_aside, G_FILE_TEST_EXISTS));
      project = assay_project_open (place, ASSAY_STORE_WRITE, &error);
      ok (project != NULL && assay_store_check (project->store, &error));
      g_autofree char *now = dump (project), *now_sessions = dump_sessions (project);
      assert_string_equal (now, items);
      assert_string_equal (now_sessions, sessions);
      assert_int_equal (ask (project->store, "SELECT count(*) FROM left_out WHERE everywhere = 1"), 8);
      assert_int_equal (rebuilt.n_withdrawn, 8);
      g_clear_pointer (&project, assay_project_close);
      ok (assay_job_rebuild (place, NULL, &second, &again, NULL, &error));
      assert_true (!second.rebuilt && second.set_aside == NULL && again.items == 0);
      assert_true (rebuilt.set_aside == NULL || g_unlink (rebuilt.set_aside) == 0);
      g_free (rebuilt.set_aside);
    }
  remove_tree (directory);
}

/* --- a damaged one --- */

#define N_ITEMS 120

static void
label (AssayProject *project, const AssayItem *item, const AssayTask *task, const AssayAnnotator *anna, guint i)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayLabel) answer = make_label (item, task, anna, ASSAY_LABEL_SUBMITTED, i % 40);
  for (guint n = 0; n < 10; n++)
    assay_objects_take (answer->objects, make_box (task, "cup", n));
  ok (assay_label_save (project->store, answer, NULL, &error));
  ok (i % 10 != 0
      || assay_flag_set (project->store, item->row, ASSAY_FLAG_WITHDRAWN, TRUE, "asked", &anna->id, NULL, &error));
}

/* Pictures, imported or recorded, with an answer each, long ones, so that they lie on many pages, and a flag on
 * every tenth. The salt of the splits. */
static char *
make_labelled (const char *place, gboolean recorded)
{
  static const char *const words[]
      = { "capture", "--camera=pattern:bars,size=48x32,fps=200", "--frames", G_STRINGIFY (N_ITEMS), NULL };
  g_autoptr (GError) error = NULL;
  if (recorded)
    run_recording (place, words);
  g_autoptr (AssayProject) project = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  g_autoptr (AssayTask) task = assay_task_new ("boxes", assay_kind_find ("box"));
  ok (project != NULL);
  assay_task_add_class (task, "cup");
  ok (assay_task_save (project->store, task, NULL, &error));
  g_autoptr (AssayAnnotator) anna = assay_annotator_ensure (project->store, "anna", ASSAY_ANNOTATOR_PERSON, &error);
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, NULL, &error);
  assert_int_equal (rows->len, recorded ? N_ITEMS : 0);
  for (guint i = 0; i < N_ITEMS; i++)
    {
      g_autoptr (AssayItem) item
          = recorded ? assay_item_get_row (project->store, g_array_index (rows, gint64, i), &error)
                     : add_item (project, i);
      label (project, item, task, anna, i);
    }
  return g_memdup2 (project->split_salt, sizeof project->split_salt);
}

static void
spoil_page (const char *path, const char *whole, gsize n_bytes, gsize page)
{
  g_autofree char *data = g_memdup2 (whole, n_bytes);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL), *shm = g_strconcat (path, "-shm", NULL);
  memset (data + page * 4096, 0xa5, 4096);
  g_unlink (wal);
  g_unlink (shm);
  assert_true (g_file_set_contents (path, data, (gssize) n_bytes, NULL));
}

typedef struct
{
  guint items, pages, whole, others,
      salts; /* damaged; that cost nothing; that cost less than a quarter; that moved the splits */
} Costs;

static void
rebuild_without (const char *place, const char *salt, gsize page, Costs *costs)
{
  g_autoptr (GError) error = NULL;
  g_auto (AssayMended) mended = ASSAY_MENDED_INIT;
  AssayRebuilt rebuilt = { 0 };
  ok (assay_job_rebuild (place, NULL, &rebuilt, &mended, NULL, &error));
  g_autoptr (AssayProject) project = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  ok (project != NULL && assay_store_check (project->store, &error));
  gint64 items = ask (project->store, "SELECT count(*) FROM item"),
         labels = ask (project->store, "SELECT count(*) FROM revision"),
         flags = ask (project->store, "SELECT count(*) FROM item_flag WHERE flag = 'withdrawn'");
  assert_true (rebuilt.rebuilt);
  assert_true (rebuilt.items_read <= (guint64) items && rebuilt.labels_read == (guint64) labels);
  assert_int_equal (ask (project->store, "SELECT count(*) FROM head"), labels);
  assert_int_equal (ask (project->store, "SELECT count(*) FROM left_out WHERE everywhere = 1"), flags);
  costs->pages++;
  costs->items += (guint) items;
  costs->whole += items == N_ITEMS && labels == N_ITEMS && flags == N_ITEMS / 10;
  costs->others += items > N_ITEMS * 3 / 4 && labels > N_ITEMS * 3 / 4;
  costs->salts += memcmp (project->split_salt, salt, sizeof project->split_salt) != 0;
  if (labels <= N_ITEMS * 3 / 4)
    printf ("# without page %zu: %" G_GINT64_FORMAT " items, %" G_GINT64_FORMAT " labels, %" G_GINT64_FORMAT
            " flags\n",
            page, items, labels, flags);
  g_free (rebuilt.set_aside);
}

/* A page at a time: whichever is lost, the rest comes back, and what comes back is whole. */
static Costs
damage_page_by_page (gboolean recorded)
{
  g_autofree char *directory = NULL, *whole = NULL;
  g_autofree char *place = make_place (&directory);
  g_autofree char *salt = make_labelled (place, recorded), *database = g_build_filename (place, "project.db", NULL);
  g_autofree char *clean = g_strdup_printf ("rm -f '%s'.damaged-*", database);
  gsize n_bytes;
  Costs costs = { 0 };
  assert_true (g_file_get_contents (database, &whole, &n_bytes, NULL));
  for (gsize page = 1; page < n_bytes / 4096; page += is_long () ? 1 : 19)
    {
      spoil_page (database, whole, n_bytes, page);
      rebuild_without (place, salt, page, &costs);
      assert_int_equal (system (clean), 0);
    }
  printf ("# %u pages damaged: %u cost nothing, %u more less than a quarter, %u the salt of the splits\n",
          costs.pages, costs.whole, costs.others - costs.whole, costs.salts);
  remove_tree (directory);
  return costs;
}

static void
a_damaged_database_gives_back_all_but_the_damaged_pages (void **state)
{
  Costs costs = damage_page_by_page (FALSE);
  /* Many are indexes. The few others are the only page of a table on which everything hangs: the task, the people,
   * the tables themselves. */
  assert_true (costs.whole * 5 >= costs.pages * 2 && costs.others * 10 >= costs.pages * 8);
  assert_true (costs.salts <= 1 + costs.pages / 20);
}

static void
a_damaged_database_of_recordings_gives_back_every_item (void **state)
{
  Costs costs = damage_page_by_page (TRUE);
  assert_int_equal (costs.items, costs.pages * N_ITEMS);
  assert_true (costs.whole * 2 >= costs.pages && costs.others * 10 >= costs.pages * 8);
}

/* --- and what stays as it is --- */

static void
append (const char *path, const char *text)
{
  FILE *file = fopen (path, "ae");
  assert_non_null (file);
  assert_true (fputs (text, file) >= 0);
  assert_int_equal (fclose (file), 0);
}

static void
what_is_damaged_is_told_and_stops_nothing_else (void **state)
{
  static const char *const words[] = { "capture", "--camera=pattern:bars,size=64x48", "--frames", "5", NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = NULL;
  g_autofree char *place = make_place (&directory);
  run_recording (place, words);
  g_autofree char *session = dup_newest_session (place);
  g_autofree char *index = g_build_filename (session, "index.jsonl", NULL),
                  *report = g_build_filename (session, "report.json", NULL),
                  *database = g_build_filename (place, "project.db", NULL),
                  *stump = g_build_filename (session, "camera-1-0001.film", NULL),
                  *aside = g_build_filename (session, "damaged", "camera-1-0001.film", NULL);
  g_auto (Told) told = { 0 };
  told_read (&told, session);
  assert_int_equal (told.items->len, 5);

  /* One still's bytes change; two lines are none; a film begins and has no frame. */
  g_autofree char *spoil
      = g_strdup_printf ("f=$(find '%s/media' -type f | sort | head -n 1); chmod u+w \"$f\"; printf x >> "
                         "\"$f\"",
                         place);
  assert_int_equal (system (spoil), 0);
  append (index, "{\"stream\":0,\"fra\n\x01\x02\n{\"stream\":0,\"frame\":{\"seq");
  ok (g_file_set_contents (stump,
                           "\x89"
                           "ASSAY",
                           -1, NULL));
  assert_int_equal (g_unlink (report), 0);
  assert_int_equal (g_unlink (database), 0);
  g_auto (AssayMended) mended = ASSAY_MENDED_INIT, again = ASSAY_MENDED_INIT;
  AssayRebuilt rebuilt = { 0 };
  ok (assay_job_rebuild (place, NULL, &rebuilt, &mended, NULL, &error));
  assert_int_equal (mended.stills, 4);
  assert_int_equal (mended.recordings, 1);
  assert_int_equal (mended.skipped->len, 2);
  assert_int_equal (mended.lost_bytes, strlen ("{\"stream\":0,\"frame\":{\"seq"));
  assert_int_equal (rebuilt.n_unnamed, 1);
  assert_true (g_file_test (aside, G_FILE_TEST_EXISTS) && !g_file_test (stump, G_FILE_TEST_EXISTS));
  g_autoptr (json_t) written = assay_json_load (report, &error);
  ok (written != NULL);
  const json_t *recovered = json_object_get (written, "recovered");
  assert_int_equal (json_integer_value (json_object_get (recovered, "unreadable_lines")), 2);
  assert_int_equal (json_array_size (json_object_get (recovered, "skipped")), 2);
  ok (assay_job_rebuild (place, NULL, &rebuilt, &again, NULL, &error));
  assert_int_equal (again.recordings + again.items + again.lost_bytes, 0);
  assert_int_equal (again.skipped->len, 1); /* the still, for it may be brought back */
  remove_tree (directory);
}

/* The crash of a full disk is mended on a full disk: not yet, and then wholly. */
static void
on_a_full_disk_mending_waits_and_loses_nothing (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *disk = g_dir_make_tmp ("assay-recover-XXXXXX", NULL);
  if (unshare (CLONE_NEWNS) != 0 || mount ("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
      || mount ("tmpfs", disk, "tmpfs", 0, "size=64m") != 0)
    {
      printf ("# not run: a small disk cannot be mounted here (%s); run it as root\n", g_strerror (errno));
      g_rmdir (disk);
      return;
    }
  g_autofree char *place = g_build_filename (disk, "project", NULL),
                  *ballast = g_build_filename (disk, "ballast", NULL);
  g_autofree char *replay = make_replay (disk);
  const Recording jpeg
      = { { "--video", "--draw", "30", replay, "--microphone=pattern:tone,rate=16000" }, 30, 16000 };
  assay_project_close (assay_project_create (place, NULL, &error));
  GPid pid = start_recording (place, &jpeg);
  g_autofree char *session = wait_for_session (place, NULL, pid);
  g_usleep (2200000);
  kill_it (pid);
  g_auto (Told) told = { 0 };
  told_read (&told, session);

  char block[4096] = "ballast";
  int fd = open (ballast, O_WRONLY | O_CREAT, 0600);
  while (write (fd, block, sizeof block) > 0)
    ;
  assert_int_equal (errno, ENOSPC);
  close (fd);
  g_autoptr (AssayProject) project = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  ok (project != NULL);
  g_auto (AssayMended) mended = ASSAY_MENDED_INIT, then = ASSAY_MENDED_INIT;
  refused (assay_job_recover (project, FALSE, NULL, &mended, NULL, to), ASSAY_ERROR_NO_SPACE, "free some space");
  assert_int_equal (count_missing (project, session, &told).report, 1);
  assert_int_equal (g_unlink (ballast), 0);
  ok (assay_job_recover (project, FALSE, NULL, &then, NULL, &error));
  assert_int_equal (then.skipped->len, 0);
  Missing missing = count_missing (project, session, &told);
  assert_nothing_is_missing (missing);
  assert_true (told.drawn->len > 10);
  g_clear_pointer (&project, assay_project_close);
  umount2 (disk, MNT_DETACH);
  g_rmdir (disk);
}

static void
a_recording_under_way_is_left_alone (void **state)
{
  g_autofree char *directory = NULL;
  g_autofree char *place = make_place (&directory);
  int status;
  guint n_busy = 0;
  GPid pid = start_recording (place, &film_and_sound);
  g_autofree char *session = wait_for_session (place, NULL, pid),
                  *report = g_build_filename (session, "report.json", NULL);
  g_auto (AssayMended) mended = mend_all (place, TRUE, &n_busy);
  assert_int_equal (n_busy, 1);
  assert_int_equal (mended.recordings + mended.files + mended.skipped->len, 0);
  assert_false (g_file_test (report, G_FILE_TEST_EXISTS));
  kill (pid, SIGINT);
  assert_int_equal (waitpid (pid, &status, 0), pid);
  assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_autoptr (json_t) written = assay_json_load (report, NULL);
  assert_true (json_is_object (written) && json_object_get (written, "recovered") == NULL);
  remove_tree (directory);
}

/* A prompted reading that was killed: one sentence was being read, one had been read again. */
static void
a_sentence_that_was_being_read_can_be_heard_and_is_told_once (void **state)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = NULL, *folder = NULL;
  g_autofree char *place = make_place (&directory);
  g_autoptr (AssayProject) project = assay_project_open (place, ASSAY_STORE_WRITE, &error);
  g_autoptr (json_t) info = json_pack ("{s:s, s:{s:I, s:I}, s:[], s:{}}", "name", "reading", "clock", "monotonic_ns",
                                       (json_int_t) 1, "realtime_ns", (json_int_t) 2, "sensors", "reading");
  const float samples[800] = { 0.25f };
  AssayId session;
  int lock_fd;
  ok (project != NULL && assay_session_folder_make (project, info, &session, &folder, &lock_fd, &error)
      && assay_session_folder_enter (project, &session, info, folder, &error));
  g_autofree char *takes = g_build_filename (folder, "takes", NULL), *index = g_build_filename (folder, "index.jsonl", NULL);
  assert_int_equal (g_mkdir (takes, 0777), 0);
  append (index, "{\"stream\":0,\"take\":{\"accepted\":false,\"file\":\"0001.wav\"}}\n");
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *path = g_strdup_printf ("%s/%04u.wav", takes, i + 1);
      AssaySoundWriter *writer = assay_sound_writer_new (path, 8000, 1, &error);
      ok (writer != NULL && assay_sound_writer_add (writer, samples, 800, &error) && assay_sound_writer_flush (writer, &error));
      assay_sound_writer_free (writer);
      append (path, "half"); /* what came after the last flush: no whole sample */
    }
  close (lock_fd);
  for (guint i = 0; i < 2; i++)
    {
      g_auto (AssayMended) mended = ASSAY_MENDED_INIT;
      ok (assay_job_recover (project, TRUE, NULL, &mended, NULL, &error));
      assert_int_equal (mended.recordings, i == 0);
      assert_int_equal (mended.skipped->len, i == 0);
      assert_true (i > 0 || g_str_equal (mended.skipped->pdata[0], "takes/0002.wav: read, and not accepted"));
    }
  g_autofree char *path = g_build_filename (takes, "0002.wav", NULL);
  AssayMediaFacts facts = { 0 };
  ok (assay_media_probe (path, &facts, &error));
  assert_string_equal (facts.warning, "");
  assert_true (facts.n_samples >= 800);
  g_clear_pointer (&project, assay_project_close);
  remove_tree (directory);
}

int
main (void)
{
  const struct CMUnitTest cases[] = {
    cmocka_unit_test (a_recorder_killed_at_any_moment_loses_nothing_that_it_told_of),
    cmocka_unit_test (every_copy_of_a_growing_recording_can_be_recovered),
    cmocka_unit_test (a_lost_database_is_made_again_with_the_same_items),
    cmocka_unit_test (a_damaged_database_gives_back_all_but_the_damaged_pages),
    cmocka_unit_test (a_damaged_database_of_recordings_gives_back_every_item),
    cmocka_unit_test (what_is_damaged_is_told_and_stops_nothing_else),
    cmocka_unit_test (on_a_full_disk_mending_waits_and_loses_nothing),
    cmocka_unit_test (a_recording_under_way_is_left_alone),
    cmocka_unit_test (a_sentence_that_was_being_read_can_be_heard_and_is_told_once),
  };
  cmocka_set_test_filter (g_getenv ("ASSAY_TEST_FILTER"));
  return cmocka_run_group_tests (cases, NULL, NULL);
}
