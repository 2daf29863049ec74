/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/import-media.c - media of an import: by content, by name, and where label files say that they lie. */
#include "formats/import-private.h"

#include "core/error.h"
#include "core/file.h"
#include "core/json.h"
#include "core/media.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const group_names[] = { "item", "folder", "name-prefix" };

gboolean
assay_group_by_parse (const char *text, AssayGroupBy *ret_group_by, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (group_names); i++)
    if (g_strcmp0 (text, group_names[i]) == 0)
      {
        *ret_group_by = (AssayGroupBy) i;
        return TRUE;
      }
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE, "grouping by \"%s\": it is none of item, folder, name-prefix",
               text);
  return FALSE;
}

/* "left/run_0012.png" is of folder "left" and of prefix "left/run". NULL: the item alone. */
static char *
group_of (AssayGroupBy group_by, const char *name)
{
  if (group_by == ASSAY_GROUP_BY_ITEM)
    return NULL;
  const char *slash = strrchr (name, '/');
  if (group_by == ASSAY_GROUP_BY_FOLDER)
    return slash == NULL ? g_strdup (".") : g_strndup (name, (gsize) (slash - name));
  const char *tail = slash == NULL ? name : slash + 1;
  const char *dot = strrchr (tail, '.');
  gsize end = dot == NULL || dot == tail ? strlen (name) : (gsize) (dot - name);
  gsize start = (gsize) (tail - name), at = end;
  while (at > start && g_ascii_isdigit (name[at - 1]))
    at--;
  while (at > start && strchr ("_-. ", name[at - 1]) != NULL)
    at--;
  return g_strndup (name, at > start ? at : end);
}

void
assay_import_add_root (AssayImport *import, const char *directory)
{
  g_ptr_array_add (import->roots, g_canonicalize_filename (directory, NULL));
}

static gpointer
key_of (const char *path)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  AssaySha256 hash = assay_sha256 (whole, strlen (whole));
  gsize key = 0;
  memcpy (&key, hash.bytes, sizeof key);
  return GSIZE_TO_POINTER (key);
}

gboolean
assay_import_has_seen (const AssayImport *import, const char *path)
{
  return g_hash_table_contains (import->seen, key_of (path));
}

static void
count_media (AssayImport *import, const char *path, gboolean known)
{
  if (!g_hash_table_add (import->seen, key_of (path)))
    return;
  if (known)
    import->counts.media_known++;
  else
    import->counts.media_added++;
}

static const char *
last_part (const char *name)
{
  const char *slash = strrchr (name, '/');
  return slash != NULL ? slash + 1 : name;
}

static char *
to_nfc (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  return g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
}

/* What follows `folder` in `path`; NULL when it lies elsewhere. */
static const char *
below (const char *path, const char *folder)
{
  gsize n = folder == NULL ? 0 : strlen (folder);
  if (n == 0 || strncmp (path, folder, n) != 0)
    return NULL;
  return n == 1 ? path + 1 : path[n] == '/' ? path + n + 1 : NULL;
}

/* An item is called by its path below the folder being walked, --media, the label file's folder, or the one above.
 */
static char *
name_of (AssayImport *import, const char *path)
{
  g_autofree char *whole = g_canonicalize_filename (path, NULL);
  const char *name = NULL;
  for (guint i = 0; i < import->roots->len && name == NULL; i++)
    name = below (whole, import->roots->pdata[i]);
  if (name == NULL)
    name = below (whole, import->media_dir);
  if (name == NULL && import->folder != NULL)
    {
      g_autofree char *above = g_path_get_dirname (import->folder);
      name = below (whole, import->folder);
      if (name == NULL)
        name = below (whole, above);
    }
  return to_nfc (name != NULL ? name : last_part (whole));
}

static gboolean
hash_file (const char *path, AssaySha256 *ret_hash, GError **error)
{
  gint64 n_bytes = 0;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    {
      /* A file that may not be read is one bad file, not a broken disk. */
      int wrong = errno;
      if (wrong == EACCES || wrong == EPERM)
        g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: %s; make it readable", path,
                     g_strerror (wrong));
      else
        assay_error_set_errno (error, wrong, "reading %s", path);
      return FALSE;
    }
  gboolean ok = assay_file_hash (fd, path, ret_hash, &n_bytes, error);
  close (fd);
  return ok;
}

/* Among the whole-file items with this content: the one of that name, else of that last part, else (`any`) the
 * first. */
static gboolean
find_content (AssayImport *import, const AssaySha256 *hash, const char *name, gboolean any, AssayItem **ret_item,
              GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  AssayStore *store = import->project->store;
  gint64 exact = 0, tail = 0, first = 0;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT row, name FROM item WHERE media = (SELECT row FROM media WHERE hash = ?1) AND range = 'whole'"
          " ORDER BY id",
          "H", hash))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *has = assay_rows_get_text (&rows, 1);
      gint64 row = assay_rows_get_int (&rows, 0);
      first = first != 0 ? first : row;
      if (exact == 0 && g_str_equal (has, name))
        exact = row;
      if (tail == 0 && g_str_equal (last_part (has), last_part (name)))
        tail = row;
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  gint64 row = exact != 0 ? exact : tail != 0 ? tail : any ? first : 0;
  *ret_item = row != 0 ? assay_item_get_row (store, row, error) : NULL;
  return row == 0 || *ret_item != NULL;
}

static AssayItem *
make_item (AssayImport *import, const AssayMediaFacts *media, const char *name, const json_t *facts)
{
  AssayItem *item = assay_item_new ();
  item->media = media->hash;
  item->media_kind = media->kind;
  item->media_type = g_strdup (media->type);
  item->name = g_strdup (name);
  item->range = ASSAY_RANGE_WHOLE;
  item->width_px = media->width_px;
  item->height_px = media->height_px;
  item->exif_orientation = media->exif_orientation;
  item->rate_hz = media->rate_hz;
  item->channels = media->channels;
  item->n_samples = media->n_samples;
  item->group = group_of (import->group_by, name);
  if (media->warning[0] != '\0')
    json_object_set_new (item->facts, "warning", json_string (media->warning));
  if (facts != NULL)
    json_object_update_recursive (item->facts, (json_t *) facts);
  return item;
}

/* A large file is hashed, looked through and copied between two steps, not within one: other writers wait for
 * those. */
#define LARGE_BYTES (8 * 1024 * 1024)

static gboolean
is_large (const char *path)
{
  struct stat status;
  return stat (path, &status) == 0 && status.st_size > LARGE_BYTES;
}

static gboolean
add_content (AssayImport *import, const char *path, const char *name, const json_t *facts, AssayItem **ret_item,
             GError **error)
{
  AssayMediaFacts media = { 0 };
  gboolean known = FALSE, added = FALSE;
  if (!assay_media_probe (path, &media, error))
    return FALSE;
  if (media.kind == ASSAY_MEDIA_MODEL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "importing %s: a mesh is not labelled itself; it belongs to a class of a pose task", path);
      return FALSE;
    }
  if ((!is_large (path) && !assay_import_begin (import, error))
      || !assay_media_add (import->project, path, &media, &known, error) || !assay_import_begin (import, error))
    return FALSE;
  g_autoptr (AssayItem) item = make_item (import, &media, name, facts);
  if (!assay_item_add (import->project->store, item, &added, error))
    return FALSE;
  count_media (import, path, known);
  if (media.kind == ASSAY_MEDIA_SOUND && media.warning[0] != '\0')
    assay_import_lossy (import, "sounds whose header is wrong, taken as their samples are", 1);
  if (added && import->tails != NULL)
    g_clear_pointer (&import->tails, g_hash_table_unref);
  *ret_item = g_steal_pointer (&item);
  return assay_import_end (import, error);
}

gboolean
assay_import_media (AssayImport *import, const char *path, const char *named, const json_t *facts,
                    AssayItem **ret_item, GError **error)
{
  AssaySha256 hash;
  g_autofree char *name = name_of (import, path);
  g_autoptr (AssayItem) item = NULL;
  if (is_large (path) && !assay_import_commit (import, error))
    return FALSE;
  if (!hash_file (path, &hash, error) || !find_content (import, &hash, name, named == NULL, &item, error))
    return FALSE;
  if (item != NULL)
    count_media (import, path, TRUE);
  else if (!add_content (import, path, name, facts, &item, error))
    return FALSE;
  *ret_item = g_steal_pointer (&item);
  return TRUE;
}

/* ---- names in label files ---- */

/* With '/' between parts and no way out; `ret_absolute` names are only good for their last part. NULL: refused. */
static char *
clean_name (const char *file_name, gboolean *ret_absolute, GError **error)
{
  g_autofree char *slashed = g_strdelimit (g_strdup (file_name), "\\", '/');
  *ret_absolute = slashed[0] == '/' || (g_ascii_isalpha (slashed[0]) && slashed[1] == ':');
  g_auto (GStrv) parts = g_strsplit (slashed, "/", -1);
  g_autoptr (GString) clean = g_string_new (NULL);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (g_str_equal (parts[i], ".."))
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                       "file name \"%s\": it leads out of its folder; write it without ..", file_name);
          return NULL;
        }
      if (parts[i][0] != '\0' && !g_str_equal (parts[i], "."))
        g_string_append_printf (clean, "%s%s", clean->len > 0 ? "/" : "", parts[i]);
    }
  if (clean->len == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "file name \"%s\": it names no file", file_name);
      return NULL;
    }
  if (*ret_absolute)
    g_string_erase (clean, 0, (gssize) (last_part (clean->str) - clean->str));
  return g_string_free (g_steal_pointer (&clean), FALSE);
}

static char *
existing (const char *folder, const char *between, const char *name)
{
  static const GNormalizeMode modes[] = { G_NORMALIZE_DEFAULT, G_NORMALIZE_NFC };
  g_autofree char *path = g_build_filename (folder, between, name, NULL);
  if (g_file_test (path, G_FILE_TEST_IS_REGULAR))
    return g_steal_pointer (&path);
  for (guint i = 0; i < G_N_ELEMENTS (modes); i++)
    {
      g_autofree char *normal = g_utf8_normalize (path, -1, modes[i]);
      if (normal != NULL && g_file_test (normal, G_FILE_TEST_IS_REGULAR))
        return g_steal_pointer (&normal);
    }
  return NULL;
}

/* "instances_val2017.json" belongs to a folder val2017. */
static char *
split_of (AssayImport *import)
{
  g_autofree char *base = g_path_get_basename (import->path);
  char *dot = strchr (base, '.');
  if (dot != NULL)
    *dot = '\0';
  const char *underscore = strrchr (base, '_');
  return g_strdup (underscore != NULL ? underscore + 1 : base);
}

static void
collect_tails (GHashTable *tails, const char *folder, guint depth)
{
  g_autoptr (GDir) directory = g_dir_open (folder, 0, NULL);
  for (const char *name; directory != NULL && (name = g_dir_read_name (directory)) != NULL;)
    {
      if (name[0] == '.')
        continue;
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        {
          /* Links to folders are not followed here: this is a search for names, and a loop has no end. */
          if (depth < 32 && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
            collect_tails (tails, path, depth + 1);
          continue;
        }
      g_autofree char *tail = to_nfc (name);
      gboolean taken = g_hash_table_contains (tails, tail);
      g_hash_table_insert (tails, g_steal_pointer (&tail), taken ? g_strdup ("") : g_steal_pointer (&path));
    }
}

/* The only file below --media with that last part. */
static char *
find_below_media (AssayImport *import, const char *tail)
{
  if (import->media_dir == NULL)
    return NULL;
  if (import->media_tails == NULL)
    {
      import->media_tails = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
      collect_tails (import->media_tails, import->media_dir, 0);
    }
  g_autofree char *nfc = to_nfc (tail);
  const char *path = g_hash_table_lookup (import->media_tails, nfc);
  return path != NULL && *path != '\0' ? g_strdup (path) : NULL;
}

static char *
find_on_disk (AssayImport *import, const char *name, gboolean absolute)
{
  g_autofree char *above = g_path_get_dirname (import->folder);
  g_autofree char *split = split_of (import);
  g_autofree char *images_split = g_build_filename ("images", split, NULL);
  const struct
  {
    const char *folder, *between;
  } places[] = {
    { import->media_dir, "" }, { import->folder, "" }, { import->folder, "images" }, { above, "" },
    { above, "images" },       { above, split },       { above, images_split },      { import->folder, "rgb" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      char *path = places[i].folder != NULL ? existing (places[i].folder, places[i].between, name) : NULL;
      if (path != NULL)
        return path;
    }
  return find_below_media (import, last_part (name));
}

static gboolean
collect_item_tails (AssayImport *import, GError **error)
{
  g_autoptr (GHashTable) tails = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (import->project->store, &rows, error, "SELECT row, name FROM item WHERE range = 'whole'",
                          ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *tail = last_part (assay_rows_get_text (&rows, 1));
      gint64 *row = g_new (gint64, 1);
      *row = g_hash_table_contains (tails, tail) ? -1 : assay_rows_get_int (&rows, 0);
      g_hash_table_insert (tails, g_strdup (tail), row);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  import->tails = g_steal_pointer (&tails);
  return TRUE;
}

static gboolean
find_whole_name (AssayImport *import, const char *name, gint64 *ret_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (import->project->store, &rows, error,
                          "SELECT row FROM item WHERE name = ?1 AND range = 'whole' LIMIT 2", "t", name))
    return FALSE;
  *ret_row = 0;
  for (guint n = 0; assay_rows_next (&rows, &wrong); n++)
    *ret_row = n == 0 ? assay_rows_get_int (&rows, 0) : -1;
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* Among the items; `ret_item` NULL when none fits, BAD_DATA when several do. */
static gboolean
find_known (AssayImport *import, const char *name, gboolean absolute, AssayItem **ret_item, GError **error)
{
  g_autofree char *nfc = to_nfc (name);
  gint64 row = 0;
  if (!absolute && !find_whole_name (import, nfc, &row, error))
    return FALSE;
  if (row == 0)
    {
      if (import->tails == NULL && !collect_item_tails (import, error))
        return FALSE;
      const gint64 *only = g_hash_table_lookup (import->tails, last_part (nfc));
      row = only != NULL ? *only : 0;
    }
  *ret_item = NULL;
  if (row == 0)
    return TRUE;
  if (row < 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "several items are called %s; say where the file lies with --media DIR", nfc);
      return FALSE;
    }
  *ret_item = assay_item_get_row (import->project->store, row, error);
  return *ret_item != NULL;
}

gboolean
assay_import_find_media (AssayImport *import, const char *file_name, const json_t *facts, AssayItem **ret_item,
                         GError **error)
{
  gboolean absolute = FALSE;
  g_autofree char *name = clean_name (file_name, &absolute, error);
  if (name == NULL)
    return FALSE;
  g_autofree char *path = find_on_disk (import, name, absolute);
  if (path != NULL)
    return assay_import_media (import, path, name, facts, ret_item, error);
  g_autoptr (AssayItem) item = NULL;
  if (!find_known (import, name, absolute, &item, error))
    return FALSE;
  if (item == NULL)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "%s is neither near the label file nor in the project; say --media DIR", name);
      return FALSE;
    }
  char id[ASSAY_ID_TEXT_SIZE];
  count_media (import, assay_id_to_text (&item->id, id), TRUE);
  *ret_item = g_steal_pointer (&item);
  return TRUE;
}
