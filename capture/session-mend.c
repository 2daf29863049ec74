/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/session-mend.h"

#include "capture/session-items.h"
#include "capture/session-report.h"

#include "core/error.h"
#include "core/film-writer.h"
#include "core/film.h"
#include "core/json.h"
#include "core/sound-repair.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  AssayProject *project;
  const AssayId *id;
  char *directory, *index_path;
  json_t *info;
  AssaySessionIndex *index;
  AssayMended *mended;
} Mending;

static void
mending_clear (Mending *m)
{
  g_free (m->directory);
  g_free (m->index_path);
  json_decref (m->info);
  assay_session_index_free (m->index);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Mending, mending_clear)

static char *
dup_directory (const char *project_directory, const AssayId *id)
{
  char text[ASSAY_ID_TEXT_SIZE];
  return g_build_filename (project_directory, "sessions", assay_id_to_text (id, text), NULL);
}

static gboolean
is_recording (const char *name)
{
  return (g_str_has_prefix (name, "camera-")
          && (g_str_has_suffix (name, ".mkv") || g_str_has_suffix (name, ".film")))
         || (g_str_has_prefix (name, "microphone-") && g_str_has_suffix (name, ".wav"));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static gboolean
is_take (const char *name)
{
  return g_str_has_suffix (name, ".wav");
}

/* Films and sounds that lie beside the index, by name: the order in which they were begun. */
static GPtrArray *
list_recordings (const char *directory, gboolean (*wanted) (const char *name))
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) folder = g_dir_open (directory, 0, NULL);
  for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
    if (wanted (name))
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  return names;
}

gboolean
assay_session_looks_open (const char *project_directory, const AssayId *session)
{
  g_autofree char *directory = dup_directory (project_directory, session);
  g_autofree char *words = g_build_filename (directory, "session.json", NULL),
                  *report = g_build_filename (directory, "report.json", NULL);
  g_autoptr (GPtrArray) left = list_recordings (directory, is_recording);
  return g_file_test (words, G_FILE_TEST_EXISTS) && (left->len > 0 || !g_file_test (report, G_FILE_TEST_EXISTS));
}

/* --- one film or sound --- */

/* A file without leave to write is closed, and in media/ already: it is the same one under two names. */
static gboolean
repair (Mending *m, const char *path, GError **error)
{
  guint64 n, n_lost = 0;
  struct stat about;
  if (stat (path, &about) == 0 && (about.st_mode & S_IWUSR) == 0)
    return TRUE;
  gboolean right = g_str_has_suffix (path, ".wav") ? assay_sound_repair (path, &n, &n_lost, error)
                                                   : assay_film_repair (path, &n, &n_lost, error);
  if (right)
    m->mended->lost_bytes += n_lost;
  return right;
}

static gboolean
find_stream (const Mending *m, const char *name, guint *ret_stream)
{
  size_t i;
  json_t *sensor;
  json_array_foreach (json_object_get (m->info, "sensors"), i, sensor)
  {
    const char *key = assay_json_get_string (sensor, "key");
    if (key != NULL && g_str_has_prefix (name, key) && !g_ascii_isdigit (name[strlen (key)]))
      {
        *ret_stream = (guint) i;
        return TRUE;
      }
  }
  return FALSE;
}

/* "microphone-1-0003.wav": 3. The first recorders wrote one file, without a number. */
static gint64
number_of (const char *name)
{
  const char *dash = strrchr (name, '-');
  return dash != NULL && strchr (name, '-') != dash ? MAX (g_ascii_strtoll (dash + 1, NULL, 10), 1) : 1;
}

/* Whether it was told that this file lacks them. The first recorders said no file: what came after its beginning
 * then. */
static gboolean
is_gap_of (const json_t *gap, const char *name, gint64 from_ns)
{
  gint64 at_ns = 0;
  const char *file = assay_json_get_string (gap, "file");
  if (file != NULL)
    return g_str_equal (file, name);
  return json_object_get (gap, "until_ns") == NULL && assay_json_get_int (gap, "at_ns", &at_ns) && at_ns >= from_ns;
}

/* What its recorder would have said of how the file came to be. */
static json_t *
describe_sound (const Mending *m, const char *name, guint stream, gint64 first_ns, gint64 first_sample)
{
  gint64 missing = 0, n, written;
  size_t i;
  json_t *gap, *gaps = json_array ();
  const json_t *told
      = stream < m->index->streams->len ? g_array_index (m->index->streams, AssaySessionStream, stream).gaps : NULL;
  json_array_foreach (told, i, gap)
  {
    if (!is_gap_of (gap, name, first_ns) || !assay_json_get_int (gap, "missing", &n))
      continue;
    missing += n;
    if (assay_json_get_int (gap, "written", &written))
      json_array_append_new (gaps, json_pack ("{s:I, s:I, s:O?}", "at", (json_int_t) written, "missing",
                                              (json_int_t) n, "how", json_object_get (gap, "how")));
  }
  json_t *capture = json_pack ("{s:I, s:I}", "stamp_ns", (json_int_t) first_ns, "missing", (json_int_t) missing);
  if (first_sample >= 0)
    json_object_set_new (capture, "sample", json_integer (first_sample));
  if (json_array_size (gaps) > 0)
    json_object_set (capture, "gaps", gaps);
  json_decref (gaps);
  return capture;
}

/* The stamp of the last frame: as told, or by the film where that goes on after the index. */
static gint64
find_last (const char *path, const AssaySessionFile *told, guint64 n_frames)
{
  if (told->n >= n_frames)
    return told->last_ns;
  g_autoptr (AssayFilm) film = assay_film_open (path, NULL);
  g_autoptr (GArray) frames = film != NULL ? assay_film_list_frames (film, NULL) : NULL;
  return frames != NULL && frames->len > 0 ? told->first_ns + g_array_index (frames, gint64, frames->len - 1)
                                           : told->last_ns;
}

/* The line that its recorder would have written. Without a frame or an anchor in the index it is not known when it
 * began: then it is said to have begun with the recording. */
static json_t *
make_line (Mending *m, const char *path, const char *name, guint stream, const AssayMediaFacts *facts)
{
  char hash[ASSAY_SHA256_TEXT_SIZE];
  gint64 first_ns = 0, last_ns;
  gboolean sound = facts->kind == ASSAY_MEDIA_SOUND;
  const AssaySessionFile *told = assay_session_index_find (m->index, name);
  assay_json_get_int (json_object_get (m->info, "clock"), "monotonic_ns", &first_ns);
  if (told != NULL && told->begun)
    first_ns = told->first_ns;
  last_ns = first_ns + facts->duration_ns;
  if (!sound && told != NULL && told->begun)
    last_ns = find_last (path, told, (guint64) facts->n_frames);
  json_t *line = json_pack ("{s:i, s:{s:s, s:s, s:s, s:I, s:I, s:I}}", "stream", (int) stream, "segment", "file",
                            name, "media", assay_sha256_to_text (&facts->hash, hash), "type", facts->type,
                            sound ? "samples" : "frames", (json_int_t) (sound ? facts->n_samples : facts->n_frames),
                            "first_ns", (json_int_t) first_ns, "last_ns", (json_int_t) last_ns);
  if (!sound)
    return line;
  json_object_set_new (line, "position", json_integer (number_of (name) - 1));
  json_t *capture
      = describe_sound (m, name, stream, first_ns, told != NULL && told->begun ? told->first_sample : -1);
  json_object_set_new (line, "facts", assay_session_make_facts (m->info, capture));
  return line;
}

static gboolean
add_item (Mending *m, json_t *line, const AssayMediaFacts *facts, GString *lines, GError **error)
{
  gboolean added;
  g_autoptr (AssayItem) item = assay_session_make_item (m->info, m->id, line, facts, error);
  if (item == NULL || !assay_session_add_item (m->project->store, item, &added, error))
    return FALSE;
  m->mended->items += added;
  json_object_set_new (line, "item", assay_json_id (&item->id));
  assay_json_canonical_append (line, lines);
  g_string_append_c (lines, '\n');
  return TRUE;
}

/* The file, then the index, then the database, as its recorder does. */
static gboolean
take_in (Mending *m, const char *path, const char *name, guint stream, const AssayMediaFacts *facts, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (json_t) line = make_line (m, path, name, stream, facts);
  const AssaySessionFile *told = assay_session_index_find (m->index, name);
  gboolean known;
  if (!assay_transaction_begin (&transaction, m->project->store, error)
      || !assay_media_take (m->project, path, facts, &known, error))
    return FALSE;
  for (guint i = 0; told != NULL && i < told->drawn->len; i++)
    if (!add_item (m, told->drawn->pdata[i], facts, lines, error))
      return FALSE;
  if (facts->kind == ASSAY_MEDIA_SOUND && !add_item (m, line, facts, lines, error))
    return FALSE;
  if (facts->kind != ASSAY_MEDIA_SOUND)
    {
      assay_json_canonical_append (line, lines);
      g_string_append_c (lines, '\n');
    }
  if (!assay_session_index_append (m->index_path, lines, error) || !assay_transaction_commit (&transaction, error))
    return FALSE;
  return TRUE;
}

/* FALSE with BAD_DATA: it stays where it is. */
static gboolean
mend_file (Mending *m, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (m->directory, name, NULL);
  const AssaySessionFile *told = assay_session_index_find (m->index, name);
  AssayMediaFacts facts = { 0 };
  guint stream;
  if (told != NULL && told->closed)
    {
      g_unlink (path); /* in media/, told, and in the database by now */
      return TRUE;
    }
  if (!find_stream (m, name, &stream))
    return assay_error_bad_data (error, "mending %s: no stream of its recording has that name", path);
  if (!repair (m, path, error) || !assay_media_probe (path, &facts, error))
    return FALSE;
  if (facts.n_samples + facts.n_frames == 0)
    return assay_error_bad_data (error, "mending %s: nothing had been written into it", path);
  if (!take_in (m, path, name, stream, &facts, error))
    return FALSE;
  m->mended->files++;
  m->mended->frames += (guint64) facts.n_frames;
  m->mended->samples += (guint64) facts.n_samples;
  m->mended->sound_s += facts.rate_hz > 0 ? (double) facts.n_samples / facts.rate_hz : 0;
  g_unlink (path);
  return TRUE;
}

/* Out of the way, so that it is told of once: nothing is deleted. */
static gboolean
put_aside (Mending *m, const char *name, const char *why, GError **error)
{
  g_autofree char *folder = g_build_filename (m->directory, "damaged", NULL),
                  *from = g_build_filename (m->directory, name, NULL), *to = g_build_filename (folder, name, NULL);
  g_ptr_array_add (m->mended->skipped, g_strdup_printf ("%s (it is in %s now)", why, folder));
  if (g_mkdir_with_parents (folder, 0777) == 0 && g_rename (from, to) == 0)
    return TRUE;
  assay_error_set_errno (error, errno, "putting %s aside", from);
  return FALSE;
}

static gboolean
mend_files (Mending *m, GError **error)
{
  g_autoptr (GPtrArray) names = list_recordings (m->directory, is_recording);
  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr (GError) wrong = NULL;
      if (mend_file (m, names->pdata[i], &wrong))
        continue;
      if (!g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA))
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return FALSE;
        }
      if (!put_aside (m, names->pdata[i], wrong->message, error))
        return FALSE;
    }
  return TRUE;
}

/* A sentence that was being read, or looked at: nobody accepted it, so it is no item and stays where it is, as one
 * that was read again does; but it can be heard, and is told of, once. */
static gboolean
mend_take (Mending *m, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (m->directory, "takes", name, NULL);
  g_autoptr (GError) wrong = NULL;
  if (!repair (m, path, &wrong) && !g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (json_t) line = json_pack ("{s:i, s:{s:s, s:b}}", "stream", 0, "take", "file", name, "accepted", 0);
  assay_json_canonical_append (line, lines);
  g_string_append_c (lines, '\n');
  if (!assay_session_index_append (m->index_path, lines, error))
    return FALSE;
  g_ptr_array_add (m->mended->skipped, wrong == NULL ? g_strdup_printf ("takes/%s: read, and not accepted", name)
                                                     : g_strdup_printf ("takes/%s: %s", name, wrong->message));
  return TRUE;
}

static gboolean
mend_takes (Mending *m, GError **error)
{
  g_autofree char *folder = g_build_filename (m->directory, "takes", NULL);
  g_autoptr (GPtrArray) names = list_recordings (folder, is_take);
  for (guint i = 0; i < names->len; i++)
    if (!g_hash_table_contains (m->index->takes, names->pdata[i]) && !mend_take (m, names->pdata[i], error))
      return FALSE;
  return TRUE;
}

/* --- one recording --- */

/* -1 = its recorder lives; -2 = `error`. */
static int
lock (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, "lock", NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  int why = errno;
  if (fd >= 0)
    close (fd);
  if (fd >= 0 && why == EWOULDBLOCK)
    return -1;
  assay_error_set_errno (error, why, "locking %s", path);
  return -2;
}

static gboolean
mend (Mending *m, GError **error)
{
  g_autofree char *words = g_build_filename (m->directory, "session.json", NULL);
  gint64 n_torn;
  if (!g_file_test (words, G_FILE_TEST_EXISTS))
    return TRUE; /* killed before it recorded anything */
  m->info = assay_json_load (words, error);
  if (m->info == NULL || !assay_session_index_trim (m->index_path, &n_torn, error)
      || !assay_session_restore (m->project, m->id, m->info, m->index_path, m->mended, &m->index, error)
      || !mend_files (m, error) || !mend_takes (m, error))
    return FALSE;
  m->mended->lost_bytes += (guint64) n_torn;
  assay_session_index_free (g_steal_pointer (&m->index));
  m->index = assay_session_index_read (m->index_path, NULL, NULL, error); /* with what was closed just now */
  return m->index != NULL
         && assay_session_report_mended (m->project->store, m->directory, m->id, m->info, m->index, m->mended,
                                         error);
}

void
assay_mended_clear (AssayMended *mended)
{
  g_clear_pointer (&mended->skipped, g_ptr_array_unref);
}

static void
add_up (AssayMended *sum, AssayMended *one)
{
  sum->recordings += one->recordings;
  sum->stills += one->stills;
  sum->files += one->files;
  sum->frames += one->frames;
  sum->samples += one->samples;
  sum->sound_s += one->sound_s;
  sum->items += one->items;
  sum->lost_bytes += one->lost_bytes;
  while (one->skipped->len > 0)
    g_ptr_array_add (sum->skipped, g_ptr_array_steal_index (one->skipped, 0));
}

gboolean
assay_session_mend (AssayProject *project, const AssayId *session, gboolean closed_too, AssayMended *mended,
                    gboolean *ret_busy, GError **error)
{
  g_auto (AssayMended) one = ASSAY_MENDED_INIT;
  g_auto (Mending) m = { .project = project, .id = session, .mended = &one };
  *ret_busy = FALSE;
  if (!closed_too && !assay_session_looks_open (project->directory, session))
    return TRUE;
  m.directory = dup_directory (project->directory, session);
  m.index_path = g_build_filename (m.directory, "index.jsonl", NULL);
  int fd = lock (m.directory, error);
  *ret_busy = fd == -1;
  if (fd < 0)
    return fd == -1;
  gboolean right = mend (&m, error);
  close (fd);
  add_up (mended, &one);
  return right;
}
