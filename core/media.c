/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/media.h"

#include "core/error.h"
#include "core/film.h"
#include "core/picture.h"
#include "core/pose.h"
#include "core/progress.h"
#include "core/sound.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- what it is: by the content, never by the name --- */

typedef enum
{
  LOOKS_PICTURE,
  LOOKS_SOUND,
  LOOKS_MODEL,
  LOOKS_FILM
} Looks;

static Looks
sniff (const guint8 *head, gsize n_bytes)
{
  if (assay_picture_codec_png.looks_like (head, n_bytes) || assay_picture_codec_jpeg.looks_like (head, n_bytes))
    return LOOKS_PICTURE;
  gboolean riff = n_bytes >= 12 && (memcmp (head, "RIFF", 4) == 0 || memcmp (head, "RF64", 4) == 0);
  if ((riff && memcmp (head + 8, "WAVE", 4) == 0) || (n_bytes >= 4 && memcmp (head, "fLaC", 4) == 0))
    return LOOKS_SOUND;
  if (n_bytes >= 4 && memcmp (head, "ply", 3) == 0 && (head[3] == '\n' || head[3] == '\r'))
    return LOOKS_MODEL;
  return LOOKS_FILM;
}

static gboolean
probe_picture (const char *path, AssayMediaFacts *facts, GError **error)
{
  g_autofree char *data = NULL;
  gsize n_bytes;
  AssayPictureFacts picture;
  g_autoptr (GError) wrong = NULL;
  if (!g_file_get_contents (path, &data, &n_bytes, &wrong))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_IO, "reading %s: %s", path, wrong->message);
      return FALSE;
    }
  g_autoptr (AssayPicture) decoded = NULL;
  if (!assay_picture_probe (data, n_bytes, &picture, error)
      || (decoded = assay_picture_decode (data, n_bytes, error)) == NULL)
    return FALSE;
  facts->kind = ASSAY_MEDIA_PICTURE;
  g_strlcpy (facts->type, picture.type, sizeof facts->type);
  facts->width_px = decoded->width_px;
  facts->height_px = decoded->height_px;
  facts->exif_orientation = picture.exif_orientation;
  if (decoded->warning != NULL)
    g_strlcpy (facts->warning, decoded->warning, sizeof facts->warning);
  return TRUE;
}

static void
describe_header (const AssaySoundFacts *sound, AssayMediaFacts *facts)
{
  if (sound->n_claimed == sound->n_samples)
    g_snprintf (facts->warning, sizeof facts->warning,
                "what follows its %" G_GINT64_FORMAT " samples is not in its header and is not read", sound->n_samples);
  else
    g_snprintf (facts->warning, sizeof facts->warning,
                "its header tells of %" G_GINT64_FORMAT " samples, and there are %" G_GINT64_FORMAT
                ": its recorder was stopped, or it was cut",
                sound->n_claimed, sound->n_samples);
}

static gboolean
probe_sound (const char *path, AssayMediaFacts *facts, GError **error)
{
  AssaySoundFacts sound;
  if (!assay_sound_probe (path, TRUE, &sound, error))
    return FALSE;
  facts->kind = ASSAY_MEDIA_SOUND;
  g_strlcpy (facts->type, sound.type, sizeof facts->type);
  facts->rate_hz = sound.rate_hz;
  facts->channels = sound.channels;
  facts->n_samples = sound.n_samples;
  if (sound.n_claimed >= 0)
    describe_header (&sound, facts);
  facts->duration_ns = sound.rate_hz > 0 ? (gint64) ((double) sound.n_samples / sound.rate_hz * 1e9) : 0;
  return TRUE;
}

static gboolean
probe_model (const char *path, AssayMediaFacts *facts, GError **error)
{
  g_autoptr (AssayModel) model = assay_model_load (path, 1, error);
  if (model == NULL)
    return FALSE;
  facts->kind = ASSAY_MEDIA_MODEL;
  g_strlcpy (facts->type, "ply", sizeof facts->type);
  return TRUE;
}

static gboolean
probe_film (const char *path, AssayMediaFacts *facts, GError **error)
{
  AssayFilmFacts film;
  if (!assay_film_probe (path, &film, error))
    return FALSE;
  facts->kind = ASSAY_MEDIA_FILM;
  g_strlcpy (facts->type, film.type, sizeof facts->type);
  facts->width_px = film.width_px;
  facts->height_px = film.height_px;
  facts->exif_orientation = 1;
  facts->n_frames = film.n_frames;
  facts->duration_ns = film.duration_ns;
  return TRUE;
}

/* All of the facts but hash and bytes, from the file that `fd` has open at its start and `path` names. */
static gboolean
probe (int fd, const char *path, AssayMediaFacts *facts, GError **error)
{
  static gboolean (*const probes[]) (const char *, AssayMediaFacts *, GError **) = {
    [LOOKS_PICTURE] = probe_picture,
    [LOOKS_SOUND] = probe_sound,
    [LOOKS_MODEL] = probe_model,
    [LOOKS_FILM] = probe_film,
  };
  guint8 head[64];
  ssize_t n_bytes = pread (fd, head, sizeof head, 0);
  if (n_bytes < 0)
    {
      assay_error_set_errno (error, errno, "reading %s", path);
      return FALSE;
    }
  if (n_bytes == 0)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: it is empty", path);
      return FALSE;
    }
  return probes[sniff (head, (gsize) n_bytes)](path, facts, error);
}

/* A plain file, opened to be read once. -1 = `error` is set. */
static int
open_file (const char *path, GError **error)
{
  struct stat about;
  /* O_NONBLOCK: a FIFO must not hold us up before we see what it is. */
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0 || fstat (fd, &about) != 0)
    {
      assay_error_set_errno (error, errno, "reading %s", path);
      return -1;
    }
  if (S_ISREG (about.st_mode))
    return fd;
  close (fd);
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading %s: it is no file", path);
  return -1;
}

gboolean
assay_media_probe (const char *path, AssayMediaFacts *ret_facts, GError **error)
{
  AssayMediaFacts facts = { 0 };
  int fd = open_file (path, error);
  gboolean right
      = fd >= 0 && assay_file_hash (fd, path, &facts.hash, &facts.bytes, error) && probe (fd, path, &facts, error);
  if (fd >= 0)
    close (fd);
  if (right)
    *ret_facts = facts;
  return right;
}

/* --- where it lies --- */

char *
assay_media_dup_path (const AssayProject *project, const AssaySha256 *hash, const char *type)
{
  char text[ASSAY_SHA256_TEXT_SIZE];
  assay_sha256_to_text (hash, text);
  return g_strdup_printf ("%s/media/%.2s/%s.%s", project->directory, text, text, type);
}

char *
assay_item_dup_path (const AssayProject *project, const AssayItem *item)
{
  return assay_media_dup_path (project, &item->media, item->media_type);
}

/* --- bringing it in --- */

/* What the project knows about these bytes; `ret_known` FALSE = nothing. */
static gboolean
find_known (AssayStore *store, const AssaySha256 *hash, AssayMediaFacts *ret_facts, gboolean *ret_known,
            GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT kind, type, bytes, width_px, height_px, exif_orientation, rate_hz, channels, n_samples,"
          " n_frames, duration_ns FROM media WHERE hash = ?",
          "H", hash))
    return FALSE;
  gboolean known = assay_rows_next (&rows, &wrong);
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_known = known;
  if (!known)
    return TRUE;
  AssayMediaFacts facts = { .hash = *hash };
  for (guint kind = ASSAY_MEDIA_PICTURE; kind <= ASSAY_MEDIA_MODEL; kind++)
    if (g_strcmp0 (assay_media_kind_to_text ((AssayMediaKind) kind), assay_rows_get_text (&rows, 0)) == 0)
      facts.kind = (AssayMediaKind) kind;
  g_strlcpy (facts.type, assay_rows_get_text (&rows, 1), sizeof facts.type);
  facts.bytes = assay_rows_get_int (&rows, 2);
  facts.width_px = (guint) assay_rows_get_int (&rows, 3);
  facts.height_px = (guint) assay_rows_get_int (&rows, 4);
  facts.exif_orientation = (guint) assay_rows_get_int (&rows, 5);
  facts.rate_hz = (guint) assay_rows_get_int (&rows, 6);
  facts.channels = (guint) assay_rows_get_int (&rows, 7);
  facts.n_samples = assay_rows_get_int (&rows, 8);
  facts.n_frames = assay_rows_get_int (&rows, 9);
  facts.duration_ns = assay_rows_get_int (&rows, 10);
  *ret_facts = facts;
  return TRUE;
}

gboolean
assay_media_record (AssayStore *store, const AssayMediaFacts *facts, GError **error)
{
  return assay_store_run (
      store, NULL, error,
      "INSERT OR IGNORE INTO media (hash, kind, type, bytes, width_px, height_px, exif_orientation, rate_hz,"
      " channels, n_samples, n_frames, duration_ns, added_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "Httiiiiiiiiii", &facts->hash, assay_media_kind_to_text (facts->kind), facts->type, facts->bytes,
      (gint64) facts->width_px, (gint64) facts->height_px, (gint64) facts->exif_orientation,
      (gint64) facts->rate_hz, (gint64) facts->channels, facts->n_samples, facts->n_frames, facts->duration_ns,
      g_get_real_time ());
}

/* Is the file of a known content there, whole? One that was lost or altered is replaced by the good one at hand. */
static gboolean
lies_there (const AssayProject *project, const char *path, const AssayMediaFacts *facts)
{
  struct stat about;
  return stat (path, &about) == 0 && about.st_size == facts->bytes
         && assay_media_check (project, &facts->hash, facts->type, NULL);
}

static gboolean
make_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path), *above = g_path_get_dirname (folder);
  if (mkdir (folder, 0777) == 0)
    return assay_folder_sync (above, error);
  if (errno == EEXIST)
    return TRUE;
  assay_error_set_errno (error, errno, "making the folder %s", folder);
  return FALSE;
}

static gboolean
open_draft (const AssayProject *project, AssayFileDraft *draft, GError **error)
{
  g_autofree char *folder = g_build_filename (project->directory, "media", NULL);
  return assay_file_draft_open (draft, folder, error);
}

/* The draft is complete and `facts` has its hash and bytes: finds out what it is, unless that is known, and keeps
 * it. The file is on the disk before the database speaks of it. */
static gboolean
take_in (AssayProject *project, AssayFileDraft *draft, const char *name, gboolean probed, AssayMediaFacts *facts,
         gboolean *ret_known, GError **error)
{
  gboolean known = FALSE;
  if (!find_known (project->store, &facts->hash, facts, &known, error))
    return FALSE;
  if (!known && !probed && !probe (draft->fd, draft->path, facts, error))
    {
      g_prefix_error (error, "adding %s: ", name);
      return FALSE;
    }
  g_autofree char *path = assay_media_dup_path (project, &facts->hash, facts->type);
  if (!lies_there (project, path, facts)
      && (!make_folder (path, error) || !assay_file_draft_keep (draft, path, 0444, error)))
    return FALSE;
  if (!known && !assay_media_record (project->store, facts, error))
    return FALSE;
  *ret_known = known;
  return TRUE;
}

gboolean
assay_media_add (AssayProject *project, const char *path, AssayMediaFacts *facts, gboolean *ret_known,
                 GError **error)
{
  g_auto (AssayFileDraft) draft = ASSAY_FILE_DRAFT_INIT;
  AssayMediaFacts copied = *facts;
  gboolean probed = facts->type[0] != '\0', known = FALSE;
  int fd = open_file (path, error);
  gboolean right = fd >= 0 && open_draft (project, &draft, error)
                   && assay_file_copy (fd, draft.fd, path, &copied.hash, &copied.bytes, error);
  if (fd >= 0)
    close (fd);
  if (!right)
    return FALSE;
  /* What was probed must be what was copied. */
  probed = probed && copied.bytes == facts->bytes && assay_sha256_equal (&copied.hash, &facts->hash);
  if (!take_in (project, &draft, path, probed, &copied, &known, error))
    return FALSE;
  *facts = copied;
  *ret_known = known;
  return TRUE;
}

/* A second name in media/ for the file; what had that name is replaced, as by a draft. FALSE = no links here (FAT),
 * or not this one. */
static gboolean
link_file (const AssayProject *project, const char *path, const char *to)
{
  g_autofree char *between = g_strdup_printf ("%s/media/%s%" G_GINT64_FORMAT, project->directory,
                                              ASSAY_FILE_DRAFT_PREFIX, g_get_real_time ());
  if (link (path, between) != 0)
    return FALSE;
  gboolean right = chmod (between, 0444) == 0 && rename (between, to) == 0;
  unlink (between); /* still there when both were one file already */
  return right;
}

gboolean
assay_media_take (AssayProject *project, const char *path, const AssayMediaFacts *facts, gboolean *ret_known,
                  GError **error)
{
  AssayMediaFacts found = *facts;
  gboolean known = FALSE;
  g_autofree char *to = assay_media_dup_path (project, &facts->hash, facts->type),
                  *folder = g_path_get_dirname (to);
  if (!find_known (project->store, &facts->hash, &found, &known, error))
    return FALSE;
  if (!lies_there (project, to, facts))
    {
      if (!make_folder (to, error))
        return FALSE;
      if (!link_file (project, path, to))
        return assay_media_add (project, path, &found, ret_known, error);
      if (!assay_folder_sync (folder, error))
        return FALSE;
    }
  if (!known && !assay_media_record (project->store, facts, error))
    return FALSE;
  *ret_known = known;
  return TRUE;
}

gboolean
assay_media_add_bytes (AssayProject *project, gconstpointer data, gsize n_bytes, AssayMediaFacts *facts,
                       gboolean *ret_known, GError **error)
{
  g_auto (AssayFileDraft) draft = ASSAY_FILE_DRAFT_INIT;
  AssayMediaFacts copied = *facts;
  gboolean known = FALSE;
  copied.hash = assay_sha256 (data, n_bytes);
  copied.bytes = (gint64) n_bytes;
  gboolean probed
      = facts->type[0] != '\0' && copied.bytes == facts->bytes && assay_sha256_equal (&copied.hash, &facts->hash);
  if (!open_draft (project, &draft, error) || !assay_file_write_all (draft.fd, data, n_bytes, draft.path, error)
      || !take_in (project, &draft, "a still", probed, &copied, &known, error))
    return FALSE;
  *facts = copied;
  *ret_known = known;
  return TRUE;
}

/* --- giving it out, and looking after it --- */

gboolean
assay_media_export (const AssayProject *project, const AssaySha256 *hash, const char *type, const char *out,
                    gint64 *ret_bytes, GError **error)
{
  g_auto (AssayFileDraft) draft = ASSAY_FILE_DRAFT_INIT;
  g_autofree char *path = assay_media_dup_path (project, hash, type), *folder = g_path_get_dirname (out);
  AssaySha256 copied;
  gint64 bytes;
  int fd = open_file (path, error);
  gboolean right = fd >= 0 && assay_file_draft_open (&draft, folder, error)
                   && assay_file_copy (fd, draft.fd, path, &copied, &bytes, error);
  if (fd >= 0)
    close (fd);
  if (!right)
    return FALSE;
  if (!assay_sha256_equal (&copied, hash))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "exporting %s: its bytes have changed since it came in; bring it back from a copy", path);
      return FALSE;
    }
  if (!assay_file_draft_keep (&draft, out, 0644, error))
    return FALSE;
  if (ret_bytes != NULL)
    *ret_bytes = bytes;
  return TRUE;
}

gboolean
assay_media_check (const AssayProject *project, const AssaySha256 *hash, const char *type, GError **error)
{
  g_autofree char *path = assay_media_dup_path (project, hash, type);
  AssaySha256 found;
  int fd = open_file (path, error);
  gboolean right = fd >= 0 && assay_file_hash (fd, path, &found, NULL, error);
  if (fd >= 0)
    close (fd);
  if (!right || assay_sha256_equal (&found, hash))
    return right;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
               "checking %s: its bytes are others than when it came in; bring it back from a copy", path);
  return FALSE;
}

gboolean
assay_media_verify (AssayProject *project, AssayMediaDamage damage, gpointer data, guint64 *ret_checked,
                    AssayProgress *progress, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  guint64 total = 0, checked = 0;
  if (!assay_store_query (project->store, &rows, error, "SELECT count(*) FROM media", "")
      || !assay_rows_next (&rows, error))
    return FALSE;
  total = (guint64) assay_rows_get_int (&rows, 0);
  assay_progress_say (progress, "reading the media again");
  if (!assay_store_query (project->store, &rows, error, "SELECT hash, type FROM media ORDER BY hash", ""))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      g_autoptr (GError) bad = NULL;
      AssaySha256 hash;
      if (assay_progress_stopped (progress, error))
        return FALSE;
      if (assay_rows_get_sha256 (&rows, 0, &hash)
          && !assay_media_check (project, &hash, assay_rows_get_text (&rows, 1), &bad))
        damage (&hash, bad->message, data);
      assay_progress_set (progress, ++checked, total);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (ret_checked != NULL)
    *ret_checked = checked;
  return TRUE;
}
