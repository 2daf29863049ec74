/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/recorder-private.h"
#include "capture/session-items.h"
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
  json_t *session; /* what session.json says */
  int index_fd;
  gint64 clock_ns;
} Keeper;

/* In order: one whose still is being encoded holds up those behind it. */
static gboolean
has_next (AssayRecorder *recorder)
{
  const Note *next = g_queue_peek_head (&recorder->notes);
  return next != NULL && !next->raw;
}

static GPtrArray *
take_notes (AssayRecorder *recorder)
{
  GPtrArray *notes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_note_free);
  pthread_mutex_lock (&recorder->lock);
  while (!has_next (recorder) && !(recorder->notes.length == 0 && recorder->lanes_over))
    pthread_cond_wait (&recorder->changed, &recorder->lock);
  while (has_next (recorder))
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

/* Bytes that are no picture are kept beside the index, and told. */
static gboolean
keep_apart (Keeper *keeper, Note *note, GError **error)
{
  gint64 position = 0;
  assay_json_get_int (note->line, "position", &position);
  g_autofree char *name = g_strdup_printf ("%s%s-%06" G_GINT64_FORMAT ".bin", note->lane->key,
                                           note->apart ? "" : "-still", position + 1);
  g_autofree char *folder = g_build_filename (keeper->recorder->directory, "corrupt", NULL);
  g_autofree char *path = g_build_filename (folder, name, NULL);
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (note->still, &n_bytes);
  if (g_mkdir_with_parents (folder, 0777) != 0)
    {
      assay_error_set_errno (error, errno, "making %s", folder);
      return FALSE;
    }
  json_object_set_new (note->line, "file", json_string (name));
  return assay_file_write (path, data, n_bytes, error);
}

/* Its frame was good, and yet it is no picture. */
static gboolean
keep_spoiled (Keeper *keeper, Note *note, const char *why, GError **error)
{
  json_object_set_new (note->line, "corrupt", json_string (why));
  atomic_fetch_add (&note->lane->spoiled, 1);
  gboolean right = keep_apart (keeper, note, error);
  json_object_del (note->line, "position");
  json_object_del (note->line, "facts");
  return right;
}

/* The item that the line tells of goes into the database, and the line says which it is. */
static gboolean
add_item (Keeper *keeper, json_t *line, const AssayMediaFacts *media, GError **error)
{
  const AssayRecorder *recorder = keeper->recorder;
  g_autoptr (AssayItem) item = assay_session_make_item (keeper->session, &recorder->session, line, media, error);
  if (item == NULL || !assay_session_add_item (keeper->project->store, item, NULL, error))
    return FALSE;
  json_object_set_new (line, "item", assay_json_id (&item->id));
  return TRUE;
}

/* In the order of taking, so here and not where it was looked at. */
static void
tell_look (Note *note)
{
  AssayStillVerdict verdict;
  assay_still_watch_judge (&note->lane->still_watch, &note->look, &verdict);
  json_t *look = assay_still_look_to_json (&note->look);
  if (verdict.blurred)
    json_object_set_new (look, "usual_sharpness", json_real (verdict.usual_sharpness));
  if (verdict.duplicate)
    json_object_set_new (look, "repeats", json_integer ((json_int_t) verdict.of));
  json_object_set_new (json_object_get (note->line, "facts"), "look", look);
}

static gboolean
keep_still (Keeper *keeper, Note *note, gboolean *ret_item, GError **error)
{
  gboolean known;
  gsize n_bytes = 0;
  gconstpointer data = g_bytes_get_data (note->still, &n_bytes);
  if (note->wrong != NULL)
    return keep_spoiled (keeper, note, note->wrong->message, error);
  if (!assay_media_add_bytes (keeper->project, data, n_bytes, &note->facts, &known, error))
    return FALSE;
  *ret_item = TRUE;
  atomic_fetch_add (&note->lane->bytes, (unsigned long long) n_bytes);
  atomic_fetch_add (&note->lane->flow, (unsigned long long) n_bytes);
  tell_look (note);
  return add_item (keeper, note->line, &note->facts, error);
}

static void
append_line (const json_t *line, GString *lines)
{
  assay_json_canonical_append (line, lines);
  g_string_append_c (lines, '\n');
}

static gboolean
keep_segment (Keeper *keeper, Note *note, GString *lines, GError **error)
{
  Reel *segment = note->segment;
  char hash[ASSAY_SHA256_TEXT_SIZE];
  gboolean known;
  if (!assay_media_take (keeper->project, segment->path, &segment->facts, &known, error))
    return FALSE;
  json_object_set_new (note->line, "segment",
                       json_pack ("{s:s, s:s, s:s, s:I, s:I, s:I}", "file", segment->file, "media",
                                  assay_sha256_to_text (&segment->facts.hash, hash), "type", segment->facts.type,
                                  segment->facts.kind == ASSAY_MEDIA_SOUND ? "samples" : "frames",
                                  (json_int_t) segment->n, "first_ns", (json_int_t) segment->first_ns, "last_ns",
                                  (json_int_t) segment->last_ns));
  json_array_append_new (note->lane->segments, json_deep_copy (json_object_get (note->line, "segment")));
  json_object_update (note->line, segment->item);
  if (segment->item != NULL && !add_item (keeper, note->line, &segment->facts, error))
    return FALSE;
  for (guint i = 0; segment->drawn != NULL && i < segment->drawn->len; i++)
    {
      if (!add_item (keeper, segment->drawn->pdata[i], &segment->facts, error))
        return FALSE;
      append_line (segment->drawn->pdata[i], lines);
    }
  atomic_fetch_add (&note->lane->bytes, (unsigned long long) segment->facts.bytes);
  return TRUE;
}

static gboolean
keep_note (Keeper *keeper, Note *note, GString *lines, gboolean *ret_item, GError **error)
{
  if ((note->apart && note->still != NULL && !keep_apart (keeper, note, error))
      || (!note->apart && note->still != NULL && !keep_still (keeper, note, ret_item, error))
      || (note->segment != NULL && !keep_segment (keeper, note, lines, error)))
    return FALSE;
  if (note->lines != NULL)
    g_string_append_len (lines, note->lines->str, (gssize) note->lines->len);
  if (note->line != NULL)
    append_line (note->line, lines);
  return TRUE;
}

/* Before the transaction, for others write to the database too while this disk is slow. */
static gboolean
bring_to_disk (Keeper *keeper, const GPtrArray *notes, GError **error)
{
  for (guint i = 0; i < notes->len; i++)
    {
      const Note *note = notes->pdata[i];
      if (note->grown_fd < 0 || fdatasync (note->grown_fd) == 0)
        continue;
      assay_error_set_errno (error, errno, "bringing the files of session %s to the disk", keeper->recorder->name);
      return FALSE;
    }
  return TRUE;
}

/* All of a batch or nothing: files first, the index second, the database last, so that each can be made again from
 * the one before it. */
static gboolean
keep (Keeper *keeper, GPtrArray *notes, GError **error)
{
  if (!bring_to_disk (keeper, notes, error))
    return FALSE;
  g_autoptr (GString) lines = g_string_new (NULL);
  g_auto (AssayTransaction) transaction = { 0 };
  g_autofree gboolean *items = g_new0 (gboolean, notes->len + 1);
  if (!assay_transaction_begin (&transaction, keeper->project->store, error))
    return FALSE;
  append_clock (keeper, lines);
  for (guint i = 0; i < notes->len; i++)
    if (!keep_note (keeper, notes->pdata[i], lines, &items[i], error))
      return FALSE;
  if (!append_lines (keeper, lines, error) || !assay_transaction_commit (&transaction, error))
    return FALSE;
  for (guint i = 0; i < notes->len; i++)
    {
      Note *note = notes->pdata[i];
      atomic_fetch_add (&note->lane->missing, note->n_missing);
      atomic_fetch_add (&note->lane->kept, note->n_safe + (items[i] ? 1 : 0));
      atomic_fetch_add (&note->lane->written, (note->segment != NULL ? note->segment->n : 0) + (items[i] ? 1 : 0));
      atomic_fetch_add (&note->lane->files, note->segment != NULL || items[i] ? 1 : 0);
      if (note->segment != NULL)
        g_unlink (note->segment->path); /* it is in media/ now */
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
  keeper->session = json_deep_copy (keeper->recorder->info);
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
  json_decref (keeper.session);
  assay_project_close (keeper.project);
  return NULL;
}
