/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/export-folder.c - the folder of an export: written beside its place, listed in EXPORT.json, put there at
 * the end. */
#include "formats/export-private.h"

#include "core/error.h"
#include "core/file.h"
#include "core/json-reader.h"
#include "core/json.h"
#include "core/media.h"
#include "core/session-time.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LISTING "EXPORT.json"

/* ---- spools ---- */

struct _AssaySpool
{
  FILE *file;
  char *line;
  size_t size;
};

AssaySpool *
assay_spool_new (AssayExport *export, GError **error)
{
  g_autofree char *path = g_build_filename (export->folder, ".spool-XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "writing into %s", export->folder);
      return NULL;
    }
  g_unlink (path); /* nobody else sees it, and it goes with us */
  AssaySpool *spool = g_new0 (AssaySpool, 1);
  spool->file = fdopen (fd, "w+");
  return spool;
}

void
assay_spool_free (AssaySpool *spool)
{
  if (spool == NULL)
    return;
  fclose (spool->file);
  free (spool->line);
  g_free (spool);
}

void
assay_spool_add (AssaySpool *spool, const char *line)
{
  fputs (line, spool->file);
  fputc ('\n', spool->file);
}

gboolean
assay_spool_rewind (AssaySpool *spool, GError **error)
{
  if (fflush (spool->file) != 0 || ferror (spool->file))
    {
      assay_error_set_errno (error, errno != 0 ? errno : EIO, "writing a temporary file");
      return FALSE;
    }
  rewind (spool->file);
  return TRUE;
}

const char *
assay_spool_next (AssaySpool *spool)
{
  ssize_t n = getline (&spool->line, &spool->size, spool->file);
  if (n < 0)
    return NULL;
  if (n > 0 && spool->line[n - 1] == '\n')
    spool->line[n - 1] = '\0';
  return spool->line;
}

/* ---- files ---- */

char *
assay_export_make_way (AssayExport *export, const char *path, GError **error)
{
  g_autofree char *whole = g_build_filename (export->folder, path, NULL);
  g_autofree char *folder = g_path_get_dirname (whole);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      assay_error_set_errno (error, errno, "making the folder %s", folder);
      return NULL;
    }
  return g_steal_pointer (&whole);
}

/* When it was is told of what was recorded here, on the one time line of its session. */
static void
tell_origin (AssayExport *export, const AssayExportOrigin *origin, json_t *entry)
{
  const AssayItem *item = origin->item;
  json_object_set_new (entry, "item", assay_json_id (&item->id));
  json_object_set_new (entry, "name", json_string (item->name));
  if (origin->turned > 1)
    json_object_set_new (entry, "turned_upright_from_exif", json_integer (origin->turned));
  if (item->time.captured_ns > 0)
    json_object_set_new (entry, "captured_ns",
                         json_integer (item->rate_hz > 0
                                           ? assay_item_time_of_sample (&item->time, item, origin->first)
                                           : item->time.captured_ns));
  if (item->time.doubt_ns >= 0)
    json_object_set_new (entry, "doubt_ns", json_integer (item->time.doubt_ns));
  if (!assay_id_is_nil (&item->time.moment))
    json_object_set_new (entry, "moment", assay_json_id (&item->time.moment));
  if (origin->filled == 0)
    return;
  json_object_set_new (entry, "silence_samples", json_integer (origin->filled));
  export->n_filled += (guint64) origin->filled;
  export->n_filled_files++;
}

void
assay_export_tell_file (AssayExport *export, const char *path, const AssaySha256 *hash, gint64 n_bytes,
                        const AssayExportOrigin *origin)
{
  char text[ASSAY_SHA256_TEXT_SIZE];
  g_autoptr (json_t) entry = json_pack ("{s:s, s:s, s:I}", "path", path, "sha256",
                                        assay_sha256_to_text (hash, text), "bytes", (json_int_t) n_bytes);
  if (origin != NULL)
    tell_origin (export, origin, entry);
  g_autofree char *line = assay_json_canonical (entry);
  assay_spool_add (export->files, line);
  export->n_files++;
  export->n_bytes += (guint64) n_bytes;
}

struct _AssayExportFile
{
  AssayExport *export;
  char *path;
  FILE *file;
  AssaySha256Stream *hash;
  gint64 n_bytes;
};

AssayExportFile *
assay_export_open (AssayExport *export, const char *path, GError **error)
{
  g_autofree char *whole = assay_export_make_way (export, path, error);
  if (whole == NULL)
    return NULL;
  FILE *stream = fopen (whole, "wxe");
  if (stream == NULL)
    {
      assay_error_set_errno (error, errno, "writing %s", whole);
      return NULL;
    }
  AssayExportFile *file = g_new0 (AssayExportFile, 1);
  file->export = export;
  file->path = g_strdup (path);
  file->file = stream;
  file->hash = assay_sha256_stream_new ();
  return file;
}

void
assay_export_file_free (AssayExportFile *file)
{
  if (file == NULL)
    return;
  g_autofree char *whole = g_build_filename (file->export->folder, file->path, NULL);
  if (file->file != NULL)
    {
      fclose (file->file);
      g_unlink (whole);
    }
  assay_sha256_stream_free (file->hash);
  g_free (file->path);
  g_free (file);
}

void
assay_export_file_add (AssayExportFile *file, const char *text, gssize n_bytes)
{
  gsize n = n_bytes < 0 ? strlen (text) : (gsize) n_bytes;
  fwrite (text, 1, n, file->file);
  assay_sha256_stream_add (file->hash, text, n);
  file->n_bytes += (gint64) n;
}

gboolean
assay_export_file_close (AssayExportFile *take_file, GError **error)
{
  g_autoptr (AssayExportFile) file = take_file;
  AssaySha256 hash;
  gboolean failed = ferror (file->file) != 0;
  failed = fflush (file->file) != 0 || failed;
  if (failed)
    {
      assay_error_set_errno (error, errno != 0 ? errno : EIO, "writing %s", file->path);
      return FALSE;
    }
  fclose (g_steal_pointer (&file->file));
  assay_sha256_stream_finish (file->hash, &hash);
  if (!g_str_equal (file->path, LISTING))
    assay_export_tell_file (file->export, file->path, &hash, file->n_bytes, NULL);
  else
    {
      file->export->n_files++;
      file->export->n_bytes += (guint64) file->n_bytes;
    }
  return TRUE;
}

gboolean
assay_export_put (AssayExport *export, const char *path, gconstpointer data, gsize n_bytes, GError **error)
{
  AssayExportFile *file = assay_export_open (export, path, error);
  if (file == NULL)
    return FALSE;
  assay_export_file_add (file, data, (gssize) n_bytes);
  return assay_export_file_close (file, error);
}

/* ---- the place that was asked for ---- */

static gboolean
is_empty_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  return folder != NULL && g_dir_read_name (folder) == NULL;
}

/* The keys before the (long) list of files. */
static json_t *
read_listing (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, LISTING, NULL);
  g_autoptr (AssayJsonReader) reader = assay_json_reader_open (path, NULL);
  g_autoptr (json_t) listing = json_object ();
  const char *key = NULL;
  if (reader == NULL || !assay_json_reader_enter (reader, '{', NULL))
    return NULL;
  while (assay_json_reader_next_key (reader, &key, NULL) && key != NULL && !g_str_equal (key, "files"))
    {
      json_t *value = NULL;
      g_autofree char *name = g_strdup (key);
      if (!assay_json_reader_read (reader, 1 << 20, &value, NULL))
        return NULL;
      json_object_set_new (listing, name, value);
    }
  return g_steal_pointer (&listing);
}

/* The same version in the same way may be exported again; anything else is somebody's data. */
static gboolean
may_replace (AssayExport *export, GError **error)
{
  if (!g_file_test (export->out, G_FILE_TEST_EXISTS) || is_empty_folder (export->out))
    return TRUE;
  g_autoptr (json_t) listing = g_file_test (export->out, G_FILE_TEST_IS_DIR) ? read_listing (export->out) : NULL;
  const char *version = listing != NULL ? assay_json_get_string (listing, "version") : NULL;
  if (listing == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                 "exporting to %s: there is something else already; name a new folder", export->out);
  else if (g_strcmp0 (version, assay_snapshot_get_version (export->snapshot)) != 0)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                 "exporting to %s: it holds version %.12s; name a new folder", export->out,
                 version != NULL ? version : "?");
  else if (g_strcmp0 (assay_json_get_string (listing, "format"), export->format->id) != 0
           || !json_equal (json_object_get (listing, "options"), export->options))
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                 "exporting to %s: it holds the same version, exported in another way; name a new folder",
                 export->out);
  else
    return TRUE;
  return FALSE;
}

gboolean
assay_export_folder_begin (AssayExport *export, const char *out, GError **error)
{
  export->out = g_canonicalize_filename (out, NULL);
  export->names = g_hash_table_new (g_direct_hash, g_direct_equal);
  export->folders = g_hash_table_new (g_direct_hash, g_direct_equal);
  if (!may_replace (export, error))
    return FALSE;
  g_autofree char *above = g_path_get_dirname (export->out);
  g_autofree char *folder = g_build_filename (above, ".assay-export-XXXXXX", NULL);
  if (g_mkdir_with_parents (above, 0777) != 0 || g_mkdtemp (folder) == NULL)
    {
      assay_error_set_errno (error, errno, "exporting to %s", export->out);
      return FALSE;
    }
  export->folder = g_steal_pointer (&folder);
  export->files = assay_spool_new (export, error);
  return export->files != NULL;
}

/* Never follows a link: only names below are taken away. */
static void
remove_tree (const char *path)
{
  struct stat status;
  if (lstat (path, &status) == 0 && S_ISDIR (status.st_mode))
    {
      g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
      for (const char *name; folder != NULL && (name = g_dir_read_name (folder)) != NULL;)
        {
          g_autofree char *below = g_build_filename (path, name, NULL);
          remove_tree (below);
        }
    }
  g_remove (path);
}

void
assay_export_folder_clear (AssayExport *export)
{
  g_clear_pointer (&export->files, assay_spool_free);
  if (export->folder != NULL)
    remove_tree (export->folder);
  g_clear_pointer (&export->folder, g_free);
  g_clear_pointer (&export->out, g_free);
  g_clear_pointer (&export->names, g_hash_table_unref);
  g_clear_pointer (&export->folders, g_hash_table_unref);
}

/* Keys that are small come first, so that they can be read without the list. */
static gboolean
write_listing (AssayExport *export, GError **error)
{
  g_autoptr (json_t) answer = assay_export_get_answer (export);
  g_autoptr (json_t) head = json_object ();
  static const char *const keys[] = { "format", "version", "items", "labels", "objects", "undecided", "lossy" };
  json_object_set_new (head, "assay", json_string (ASSAY_VERSION));
  json_object_set (head, "options", export->options);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    json_object_set (head, keys[i], json_object_get (answer, keys[i]));
  if (export->n_filled_files > 0)
    json_object_set (head, "filled", json_object_get (answer, "filled"));
  if (export->without_withdrawn)
    json_object_set (head, "withdrawn", json_object_get (answer, "withdrawn"));
  if (!assay_spool_rewind (export->files, error))
    return FALSE;
  AssayExportFile *file = assay_export_open (export, LISTING, error);
  if (file == NULL)
    return FALSE;
  g_autofree char *text = assay_json_canonical (head);
  assay_export_file_add (file, text, (gssize) strlen (text) - 1); /* without the closing brace */
  assay_export_file_add (file, ",\"files\":[", -1);
  const char *line;
  for (guint64 n = 0; (line = assay_spool_next (export->files)) != NULL; n++)
    {
      assay_export_file_add (file, n == 0 ? "\n" : ",\n", -1);
      assay_export_file_add (file, line, -1);
    }
  assay_export_file_add (file, "\n]}\n", -1);
  return assay_export_file_close (file, error);
}

/* Everything to the disk, then the name: whoever sees the folder sees all of it. */
static gboolean
take_name (AssayExport *export, GError **error)
{
  mode_t mask = umask (0);
  umask (mask);
  int fd = open (export->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean synced = fd >= 0 && syncfs (fd) == 0 && fchmod (fd, 0777 & ~mask) == 0;
  int wrong = errno;
  if (fd >= 0)
    close (fd);
  gboolean exists = synced && g_file_test (export->out, G_FILE_TEST_EXISTS);
  if (synced
      && (exists ? renameat2 (AT_FDCWD, export->folder, AT_FDCWD, export->out, RENAME_EXCHANGE)
                 : renameat2 (AT_FDCWD, export->folder, AT_FDCWD, export->out, RENAME_NOREPLACE))
             != 0)
    {
      wrong = errno;
      /* Not every file system can do either; an empty folder can always be taken over. */
      synced = wrong == EINVAL && (!exists || g_rmdir (export->out) == 0)
               && g_rename (export->folder, export->out) == 0;
      exists = FALSE;
    }
  if (!synced)
    {
      assay_error_set_errno (error, wrong, "exporting to %s", export->out);
      return FALSE;
    }
  if (exists)
    remove_tree (export->folder); /* now the old export */
  g_clear_pointer (&export->folder, g_free);
  g_autofree char *above = g_path_get_dirname (export->out);
  return assay_folder_sync (above, error);
}

gboolean
assay_export_folder_finish (AssayExport *export, GError **error)
{
  return write_listing (export, error) && !assay_progress_stopped (export->progress, error)
         && take_name (export, error);
}
