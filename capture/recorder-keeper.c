/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/recorder-private.h"
#include "core/error.h"
#include "core/json.h"
#include "core/media.h"
#include "core/project.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define CLOCK_EVERY_NS (G_GINT64_CONSTANT (10) * 1000000000)

/* The keeper's thread alone. */
typedef struct
{
  AssayRecorder *recorder;
  AssayProject *project;
  int index_fd;
  gint64 clock_ns;
} Keeper;

static GPtrArray *
take_notes (AssayRecorder *recorder)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_note_free);
  pthread_mutex_lock (&recorder->lock);
  while (recorder->notes.length == 0 && !recorder->lanes_over)
    pthread_cond_wait (&recorder->changed, &recorder->lock);
  while (recorder->notes.length > 0)
    g_ptr_array_add (notes, g_queue_pop_head (&recorder->notes));
  pthread_cond_broadcast (&recorder->changed);
  pthread_mutex_unlock (&recorder->lock);
  return notes;
}

static gboolean
append_lines (Keeper *keeper, const GString *lines, GError **error)
{
  gsize done = 0;
  while (done < lines->len)
    {
      ssize_t n = write (keeper->index_fd, lines->str + done, lines->len - done);
      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          assay_error_set_errno (error, errno, "writing the index of session %s", keeper->recorder->name);
          return FALSE;
        }
      done += (gsize) n;
    }
  if (fdatasync (keeper->index_fd) == 0)
    return TRUE;
  assay_error_set_errno (error, errno, "writing the index of session %s", keeper->recorder->name);
  return FALSE;
}

static void
append_clock (Keeper *keeper, GString *lines)
{
  AssayClockPair pair = assay_clock_pair ();
  if (keeper->clock_ns != 0 && pair.monotonic_ns - keeper->clock_ns < CLOCK_EVERY_NS)
    return;
  keeper->clock_ns = pair.monotonic_ns;
  g_string_append_printf (lines,
                          "{\"clock\":{\"doubt_ns\":%" G_GINT64_FORMAT ",\"monotonic_ns\":%" G_GINT64_FORMAT
                          ",\"realtime_ns\":%" G_GINT64_FORMAT "}}\n",
                          pair.doubt_ns, pair.monotonic_ns, pair.realtime_ns);
}

static AssayItem *
make_item (const AssayRecorder *recorder, const Note *note, const AssayMediaFacts *facts)
{
  AssayItem *item = assay_item_new ();
  const Lane *lane = note->lane;
  item->media = facts->hash;
  item->media_kind = facts->kind;
  g_free (item->media_type);
  item->media_type = g_strdup (facts->type);
  g_free (item->name);
  item->name = note->still != NULL ? g_strdup_printf ("%s/%s/%06" G_GUINT64_FORMAT ".%s", recorder->sequence,
                                                      lane->key, note->position + 1, facts->type)
                                   : g_strdup_printf ("%s/%s.%s", recorder->sequence, lane->key, facts->type);
  item->width_px = facts->width_px;
  item->height_px = facts->height_px;
  item->exif_orientation = facts->exif_orientation;
  item->rate_hz = facts->rate_hz;
  item->channels = facts->channels;
  item->n_samples = facts->n_samples;
  g_free (item->sequence);
  item->sequence = g_strdup_printf ("%s/%s", recorder->sequence, lane->key);
  item->position = (gint64) note->position;
  item->moment = note->moment;
  item->session = recorder->session;
  item->sensor = lane->sensor;
  item->captured_ns = assay_clock_to_realtime_ns (&recorder->began, note->stamp_ns);
  /* Everything of one session stays in one split: its pictures are too much alike. */
  g_free (item->group);
  item->group = g_strdup (recorder->sequence);
  json_decref (item->facts);
  item->facts = json_incref (note->facts);
  return item;
}

/* Bytes that are no picture are kept beside the index, and told. */
static gboolean
keep_apart (Keeper *keeper, Note *note, const char *why, GError **error)
{
  g_autofree char *name = g_strdup_printf ("%s-%06" G_GUINT64_FORMAT ".bin", note->lane->key, note->position + 1);
  g_autofree char *folder = g_build_filename (keeper->recorder->directory, "corrupt", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (note->still, &n_bytes);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      assay_error_set_errno (error, errno, "making %s", folder);
      return FALSE;
    }
  json_object_set_new (note->line, "corrupt", json_string (why));
  json_object_set_new (note->line, "file", json_string (name));
  atomic_fetch_add (&note->lane->spoiled, 1);
  return assay_file_write (path, data, n_bytes, error);
}

static gboolean
keep_media (Keeper *keeper, Note *note, gboolean *ret_item, GError **error)
{
  AssayMediaFacts facts = { 0 };
  gboolean known;
  g_autoptr (GError) wrong = NULL;
  *ret_item = FALSE;
  gsize n_bytes = 0;
  gconstpointer data = note->still != NULL ? g_bytes_get_data (note->still, &n_bytes) : NULL;
  gboolean added = note->still != NULL
                       ? assay_media_add_bytes (keeper->project, data, n_bytes, &facts, &known, &wrong)
                       : assay_media_add (keeper->project, note->sound_path, &facts, &known, &wrong);
  if (!added && note->still != NULL && g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA))
    return keep_apart (keeper, note, wrong->message, error);
  if (!added)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  g_autoptr (AssayItem) item = make_item (keeper->recorder, note, &facts);
  gboolean new_item;
  if (!assay_item_add (keeper->project->store, item, &new_item, error))
    return FALSE;
  char hash[ASSAY_SHA256_TEXT_SIZE];
  json_object_set_new (note->line, "media", json_string (assay_sha256_to_text (&facts.hash, hash)));
  json_object_set_new (note->line, "type", json_string (facts.type));
  json_object_set_new (note->line, "item", assay_json_id (&item->id));
  if (!assay_id_is_nil (&item->moment))
    json_object_set_new (note->line, "moment", assay_json_id (&item->moment));
  json_object_set (note->line, "facts", item->facts);
  json_object_set_new (note->line, "name", json_string (item->name));
  json_object_set_new (note->line, "captured_ns", json_integer (item->captured_ns));
  atomic_fetch_add (&note->lane->bytes, (unsigned long long) facts.bytes);
  *ret_item = TRUE;
  return TRUE;
}

/* All of a batch or nothing: files first, the index second, the database last, so that each can be made again from
 * the one before it. */
static gboolean
keep (Keeper *keeper, GPtrArray *notes, GError **error)
{
  g_autoptr (GString) lines = g_string_new (NULL);
  g_auto (AssayTransaction) transaction = { 0 };
  g_autofree gboolean *items = g_new0 (gboolean, notes->len + 1);
  if (!assay_transaction_begin (&transaction, keeper->project->store, error))
    return FALSE;
  append_clock (keeper, lines);
  for (guint i = 0; i < notes->len; i++)
    {
      Note *note = notes->pdata[i];
      if ((note->still != NULL || note->sound_path != NULL) && !keep_media (keeper, note, &items[i], error))
        return FALSE;
      assay_json_canonical_append (note->line, lines);
      g_string_append_c (lines, '\n');
    }
  if (!append_lines (keeper, lines, error) || !assay_transaction_commit (&transaction, error))
    return FALSE;
  for (guint i = 0; i < notes->len; i++)
    {
      Note *note = notes->pdata[i];
      atomic_fetch_add (&note->lane->missing, note->n_missing);
      if (items[i] && note->still != NULL)
        atomic_fetch_add (&note->lane->kept, 1);
      if (note->sound_path != NULL)
        g_unlink (note->sound_path); /* it is in media/ now */
    }
  return TRUE;
}

static gboolean
begin (Keeper *keeper, GError **error)
{
  g_autofree char *path = g_build_filename (keeper->recorder->directory, "index.jsonl", NULL);
  keeper->index_fd = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (keeper->index_fd < 0)
    {
      assay_error_set_errno (error, errno, "making %s", path);
      return FALSE;
    }
  keeper->project = assay_project_open (keeper->recorder->project_directory, ASSAY_STORE_WRITE, error);
  return keeper->project != NULL;
}

gpointer
assay_keeper_run (gpointer data)
{
  AssayRecorder *recorder = data;
  Keeper keeper = { .recorder = recorder, .index_fd = -1 };
  GError *error = NULL;
  gboolean good = begin (&keeper, &error);
  if (!good)
    assay_recorder_fail (recorder, error);
  for (;;)
    {
      g_autoptr (GPtrArray) notes = take_notes (recorder);
      if (notes->len == 0)
        break;
      error = NULL;
      if (good && !(good = keep (&keeper, notes, &error)))
        assay_recorder_fail (recorder, error);
    }
  if (keeper.index_fd >= 0)
    close (keeper.index_fd);
  assay_project_close (keeper.project);
  return NULL;
}
