/* SPDX-License-Identifier: GPL-3.0-or-later */
/* formats/export-media.c - media of an export: names that every file system and loader takes, pixels upright. */
#include "formats/export-private.h"

#include "core/error.h"
#include "core/file.h"
#include "core/media.h"
#include "core/picture.h"
#include "core/sound.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JPEG_QUALITY 95

/* ---- names ---- */

static gboolean
is_device_name (const char *part)
{
  static const char *const devices[] = { "con", "prn", "aux", "nul", NULL };
  gsize n = strcspn (part, ".");
  g_autofree char *stem = g_ascii_strdown (part, (gssize) n);
  return g_strv_contains (devices, stem)
         || (n == 4 && (g_str_has_prefix (stem, "com") || g_str_has_prefix (stem, "lpt"))
             && g_ascii_isdigit (stem[3]));
}

/* A folder or a stem that Linux, Windows, macOS and S3 all take. */
static char *
safe_part (const char *part)
{
  g_autofree char *valid = g_utf8_make_valid (part, -1);
  g_autofree char *text = g_utf8_normalize (valid, -1, G_NORMALIZE_NFC);
  for (char *c = text; *c != '\0'; c++)
    if ((guchar) *c < 0x20 || *c == 0x7f || strchr ("<>:\"\\|?*", *c) != NULL)
      *c = '_';
  for (gsize n = strlen (text); n > 0 && (text[n - 1] == '.' || text[n - 1] == ' '); n--)
    text[n - 1] = '\0';
  if (strlen (text) > 180)
    *g_utf8_find_prev_char (text, text + 180) = '\0';
  if (text[0] == '\0')
    return g_strdup ("_");
  return text[0] == '.' || is_device_name (text) ? g_strconcat ("_", text, NULL) : g_steal_pointer (&text);
}

char *
assay_export_stem (const AssayItem *item)
{
  g_auto (GStrv) parts = g_strsplit (item->name, "/", -1);
  g_autoptr (GString) stem = g_string_new (NULL);
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (parts[i][0] == '\0')
        continue;
      char *dot = parts[i + 1] == NULL ? strrchr (parts[i], '.') : NULL;
      if (dot != NULL && dot != parts[i])
        *dot = '\0';
      g_autofree char *part = safe_part (parts[i]);
      g_string_append_printf (stem, "%s%s", stem->len > 0 ? "/" : "", part);
    }
  if (stem->len == 0)
    g_string_append_c (stem, '_');
  /* Frames in microseconds, ranges in samples, padded so that names sort as time does. */
  if (item->range == ASSAY_RANGE_FRAME)
    g_string_append_printf (stem, "_%012" G_GINT64_FORMAT, item->end / 1000);
  else if (item->range == ASSAY_RANGE_SAMPLES)
    g_string_append_printf (stem, "_%010" G_GINT64_FORMAT "-%010" G_GINT64_FORMAT, item->start, item->end);
  return g_string_free (g_steal_pointer (&stem), FALSE);
}

static gpointer
name_key (const char *path, gsize n_bytes)
{
  g_autofree char *folded = g_utf8_casefold (path, (gssize) n_bytes);
  AssaySha256 hash = assay_sha256 (folded, strlen (folded));
  gsize key = 0;
  memcpy (&key, hash.bytes, sizeof key);
  return GSIZE_TO_POINTER (key);
}

/* Free for a file: neither a file nor a folder has it, and none of its folders is a file. */
static gboolean
try_name (AssayExport *export, const char *path)
{
  gpointer key = name_key (path, strlen (path));
  if (g_hash_table_contains (export->names, key) || g_hash_table_contains (export->folders, key))
    return FALSE;
  for (const char *slash = strchr (path, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    if (g_hash_table_contains (export->names, name_key (path, (gsize) (slash - path))))
      return FALSE;
  g_hash_table_add (export->names, key);
  for (const char *slash = strchr (path, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
    g_hash_table_add (export->folders, name_key (path, (gsize) (slash - path)));
  return TRUE;
}

char *
assay_export_claim (AssayExport *export, const char *folder, const char *wanted, const AssayId *item)
{
  const char *between = *folder != '\0' ? "/" : "";
  char *path = g_strconcat (folder, between, wanted, NULL);
  if (try_name (export, path))
    return path;
  g_free (path);
  const char *slash = strrchr (wanted, '/'), *dot = strrchr (wanted, '.');
  int n_stem = (int) (dot != NULL && (slash == NULL || dot > slash) ? (gsize) (dot - wanted) : strlen (wanted));
  char id[ASSAY_ID_TEXT_SIZE];
  assay_id_to_text (item, id);
  /* The last digits of an id are the most random ones. */
  for (guint n = 0;; n++)
    {
      g_autofree char *count = n == 0 ? g_strdup ("") : g_strdup_printf ("-%u", n);
      path = g_strdup_printf ("%s%s%.*s_%s%s%s", folder, between, n_stem, wanted, id + 28, count, wanted + n_stem);
      if (try_name (export, path))
        return path;
      g_free (path);
    }
}

/* ---- content ---- */

static gboolean
tell_written (AssayExport *export, const char *path, const char *whole, const AssayExportOrigin *origin,
              GError **error)
{
  AssaySha256 hash;
  gint64 n_bytes = 0;
  int fd = open (whole, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "reading %s", whole);
      return FALSE;
    }
  gboolean ok = assay_file_hash (fd, whole, &hash, &n_bytes, error);
  close (fd);
  if (ok)
    assay_export_tell_file (export, path, &hash, n_bytes, origin);
  return ok;
}

/* A new file below the export. Nothing is synced here: the folder takes its name only after all of it is on the
 * disk. */
static int
create_file (const char *whole, GError **error)
{
  int fd = open (whole, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0)
    assay_error_set_errno (error, errno, "writing %s", whole);
  return fd;
}

static gboolean
copy_file (const char *source, const char *whole, AssaySha256 *ret_hash, gint64 *ret_bytes, GError **error)
{
  int from = open (source, O_RDONLY | O_CLOEXEC);
  if (from < 0)
    {
      assay_error_set_errno (error, errno, "reading %s", source);
      return FALSE;
    }
  int to = create_file (whole, error);
  gboolean ok = to >= 0 && assay_file_copy (from, to, source, ret_hash, ret_bytes, error);
  close (from);
  if (to >= 0)
    close (to);
  return ok;
}

static gboolean
copy_media (AssayExport *export, const AssayItem *item, const char *path, GError **error)
{
  AssaySha256 hash;
  gint64 n_bytes = 0;
  g_autofree char *source = assay_item_dup_path (export->project, item);
  g_autofree char *whole = assay_export_make_way (export, path, error);
  if (whole == NULL || !copy_file (source, whole, &hash, &n_bytes, error))
    return FALSE;
  if (!assay_sha256_equal (&hash, &item->media))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading %s: its bytes have changed since it came in; bring it back from a copy", source);
      return FALSE;
    }
  assay_export_tell_file (export, path, &item->media, n_bytes, &(AssayExportOrigin){ .item = item });
  return TRUE;
}

static gboolean
put_bytes (const char *whole, gconstpointer data, gsize n_bytes, GError **error)
{
  int fd = create_file (whole, error);
  gboolean ok = fd >= 0 && assay_file_write_all (fd, data, n_bytes, whole, error);
  if (fd >= 0)
    close (fd);
  return ok;
}

static gboolean
put_picture (AssayExport *export, const AssayItem *item, const AssayPicture *picture, const char *path,
             guint turned, GError **error)
{
  g_autofree char *whole = assay_export_make_way (export, path, error);
  if (whole == NULL)
    return FALSE;
  g_autoptr (GBytes) bytes = g_str_has_suffix (path, ".jpg")
                                 ? assay_picture_encode_jpeg (picture, JPEG_QUALITY, error)
                                 : assay_picture_encode_png (picture, error);
  if (bytes == NULL)
    return FALSE;
  gsize n = 0;
  gconstpointer data = g_bytes_get_data (bytes, &n);
  AssaySha256 hash = assay_sha256 (data, n);
  if (!put_bytes (whole, data, n, error))
    return FALSE;
  assay_export_tell_file (export, path, &hash, (gint64) n, &(AssayExportOrigin){ .item = item, .turned = turned });
  return TRUE;
}

/* Labels are in the displayed frame, and half of all loaders do not look at EXIF: the file is turned, once, here.
 */
static gboolean
write_upright (AssayExport *export, const AssayItem *item, const char *path, GError **error)
{
  g_autofree char *source = assay_item_dup_path (export->project, item);
  g_autoptr (AssayPicture) picture = assay_picture_load (source, error);
  return picture != NULL && put_picture (export, item, picture, path, item->exif_orientation, error);
}

static gboolean
write_frame (AssayExport *export, const AssayItem *item, const char *path, GError **error)
{
  if (export->film == NULL || !assay_sha256_equal (&export->film_hash, &item->media))
    {
      g_autofree char *source = assay_item_dup_path (export->project, item);
      g_clear_pointer (&export->film, assay_film_close);
      export->film = assay_film_open (source, error);
      if (export->film == NULL)
        return FALSE;
      export->film_hash = item->media;
    }
  g_autoptr (AssayPicture) picture = assay_film_get_frame (export->film, item->end, error);
  return picture != NULL && put_picture (export, item, picture, path, 0, error);
}

gboolean
assay_export_sound_range (AssayExport *export, const AssayItem *item, gint64 start, gint64 end, const char *path,
                          GError **error)
{
  g_autofree char *source = assay_item_dup_path (export->project, item);
  g_autofree char *whole = assay_export_make_way (export, path, error);
  g_autoptr (GArray) gaps = assay_sound_gaps_of (item->facts);
  const AssayExportOrigin origin
      = { .item = item, .first = start, .filled = assay_sound_gaps_within (gaps, start, end) };
  return whole != NULL && assay_sound_copy_filled (source, start, end, gaps, whole, error)
         && tell_written (export, path, whole, &origin, error);
}

/* Something was lost while it was recorded, and it is known where. */
static gboolean
has_gaps (const AssayItem *item)
{
  g_autoptr (GArray) gaps = assay_sound_gaps_of (item->facts);
  return assay_sound_gaps_within (gaps, 0, item->n_samples) > 0;
}

static const char *
extension_of (const AssayItem *item)
{
  if (item->range == ASSAY_RANGE_FRAME)
    return "png";
  return item->range == ASSAY_RANGE_SAMPLES ? "wav" : item->media_type;
}

static gboolean
write_media (AssayExport *export, const AssayItem *item, const char *path, GError **error)
{
  if (item->range == ASSAY_RANGE_FRAME)
    return write_frame (export, item, path, error);
  if (item->range == ASSAY_RANGE_SAMPLES)
    return assay_export_sound_range (export, item, item->start, item->end, path, error);
  if (item->media_kind == ASSAY_MEDIA_SOUND && has_gaps (item))
    return assay_export_sound_range (export, item, 0, item->n_samples, path, error);
  if (item->media_kind == ASSAY_MEDIA_PICTURE && item->exif_orientation > 1)
    return write_upright (export, item, path, error);
  return copy_media (export, item, path, error);
}

/* A name that has the right extension already keeps it as it is written: a.JPG, a.jpeg. */
static char *
name_with_extension (const AssayItem *item)
{
  const char *extension = extension_of (item), *dot = strrchr (item->name, '.');
  g_autofree char *stem = assay_export_stem (item);
  gboolean kept = item->range == ASSAY_RANGE_WHOLE && dot != NULL
                  && (g_ascii_strcasecmp (dot + 1, extension) == 0
                      || (g_str_equal (extension, "jpg") && g_ascii_strcasecmp (dot + 1, "jpeg") == 0));
  return g_strconcat (stem, ".", kept ? dot + 1 : extension, NULL);
}

gboolean
assay_export_media_as (AssayExport *export, const AssayItem *item, const char *stem, GError **error)
{
  g_autofree char *wanted = g_strconcat (stem, ".", extension_of (item), NULL);
  g_autofree char *path = assay_export_claim (export, "", wanted, &item->id);
  return write_media (export, item, path, error);
}

gboolean
assay_export_media (AssayExport *export, const AssayItem *item, const char *folder, char **ret_path, GError **error)
{
  gsize skip = *folder != '\0' ? strlen (folder) + 1 : 0;
  if (export->last_path != NULL && assay_id_equal (&export->last_item, &item->id)
      && g_str_equal (export->last_folder, folder))
    {
      *ret_path = g_strdup (export->last_path + skip);
      return TRUE;
    }
  g_autofree char *name = name_with_extension (item);
  g_autofree char *path = assay_export_claim (export, folder, name, &item->id);
  if (!write_media (export, item, path, error))
    {
      g_prefix_error (error, "%s: ", item->name);
      return FALSE;
    }
  g_free (export->last_path);
  g_free (export->last_folder);
  export->last_item = item->id;
  export->last_folder = g_strdup (folder);
  export->last_path = g_steal_pointer (&path);
  *ret_path = g_strdup (export->last_path + skip);
  return TRUE;
}
