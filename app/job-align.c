/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-align.h"

#include "core/error.h"
#include "core/file.h"
#include "core/film.h"
#include "core/json.h"
#include "core/media.h"
#include "core/picture-measure.h"
#include "core/sensor.h"
#include "core/session-time.h"
#include "core/sound.h"
#include "core/sync-mark.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WITHIN_S 20.0

/* A frame as the index tells of it, and how bright it was. */
typedef struct
{
  gint64 stamp_ns, pts_ns; /* on the session's line; in the film */
  char *file; /* the film's, NULL = a still, whose path is `path` */
  char *path;
  double luma;
} Frame;

typedef struct
{
  const json_t *about; /* of session.json */
  gboolean sound;
  GArray *frames;   /* of Frame, cameras */
  char *sound_path; /* microphones: the first segment */
  gint64 first_ns;
  json_t *facts; /* (nullable) of that segment's item */
  gint64 at_ns, doubt_ns; /* of the clap or flash; at 0 = none */
  const char *why;
} Stream;

typedef struct
{
  AssayProject *project;
  json_t *session;        /* session.json */
  AssaySessionTime *time; /* its clocks, without what was measured before */
  GPtrArray *streams;     /* of Stream */
  GHashTable *films;        /* file -> path in media/ or in the session */
  gint64 within_ns;
  char *folder;
} Align;

static void
frame_clear (gpointer data)
{
  Frame *frame = data;
  g_free (frame->file);
  g_free (frame->path);
}

static void
stream_free (gpointer data)
{
  Stream *stream = data;
  g_array_unref (stream->frames);
  json_decref (stream->facts);
  g_free (stream->sound_path);
  g_free (stream);
}

static void
align_clear (Align *align)
{
  json_decref (align->session);
  g_clear_pointer (&align->time, assay_session_time_free);
  g_clear_pointer (&align->streams, g_ptr_array_unref);
  g_clear_pointer (&align->films, g_hash_table_unref);
  g_free (align->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Align, align_clear)

static void
add_streams (Align *align)
{
  size_t i;
  json_t *about;
  json_array_foreach (json_object_get (align->session, "sensors"), i, about)
  {
    Stream *stream = g_new0 (Stream, 1);
    stream->about = about;
    stream->sound = g_strcmp0 (assay_json_get_string (about, "kind"), "microphone") == 0;
    stream->frames = g_array_new (FALSE, FALSE, sizeof (Frame));
    g_array_set_clear_func (stream->frames, frame_clear);
    g_ptr_array_add (align->streams, stream);
  }
}

/* --- what the index tells ----------------------------------------------------------------------------------------
 */

static char *
media_path (const Align *align, const json_t *object)
{
  AssaySha256 hash;
  const char *media = assay_json_get_string (object, "media"), *type = assay_json_get_string (object, "type");
  return media != NULL && type != NULL && assay_sha256_parse (media, &hash)
             ? assay_media_dup_path (align->project, &hash, type)
             : NULL;
}

static void
read_segment (Align *align, Stream *stream, const json_t *line)
{
  const json_t *segment = json_object_get (line, "segment");
  const char *file = assay_json_get_string (segment, "file");
  char *path = media_path (align, segment);
  if (file == NULL || path == NULL)
    {
      g_free (path);
      return;
    }
  if (stream->sound && stream->sound_path == NULL)
    {
      stream->sound_path = g_strdup (path);
      stream->facts = json_incref (json_object_get (line, "facts"));
      assay_json_get_int (segment, "first_ns", &stream->first_ns);
    }
  g_hash_table_replace (align->films, g_strdup (file), path);
}

static void
read_frame (Align *align, guint index, const json_t *line)
{
  Stream *stream = align->streams->pdata[index];
  Frame frame = { .luma = NAN };
  AssayStreamPlace place = { .count = -1 };
  const json_t *film = json_object_get (line, "film"), *told = json_object_get (line, "frame");
  double none;
  if (!assay_json_get_int (told, "stamp_ns", &place.stamp_ns))
    return;
  assay_json_get_int (told, "sequence", &place.count);
  assay_session_time_of_place (align->time, index, &place, &frame.stamp_ns, &none);
  if (stream->frames->len > 0
      && frame.stamp_ns - g_array_index (stream->frames, Frame, 0).stamp_ns > align->within_ns)
    return;
  if (film != NULL)
    {
      /* A frame that was drawn into an item is told a second time. */
      const Frame *last
          = stream->frames->len > 0 ? &g_array_index (stream->frames, Frame, stream->frames->len - 1) : NULL;
      assay_json_get_int (film, "pts_ns", &frame.pts_ns);
      if (json_object_get (line, "item") != NULL || (last != NULL && frame.stamp_ns <= last->stamp_ns))
        return;
      frame.file = g_strdup (assay_json_get_string (film, "file"));
    }
  else if ((frame.path = media_path (align, line)) == NULL)
    return;
  g_array_append_val (stream->frames, frame);
}

static void
read_line (Align *align, const char *text, gsize n)
{
  gint64 number = -1;
  g_autoptr (json_t) line = assay_json_parse (text, n, "a line of the index", NULL);
  if (line == NULL || !assay_json_get_int (line, "stream", &number) || number < 0 || number >= align->streams->len)
    return; /* the clock's, or torn */
  Stream *stream = align->streams->pdata[number];
  if (json_object_get (line, "segment") != NULL)
    read_segment (align, stream, line);
  else if (!stream->sound && json_object_get (line, "corrupt") == NULL)
    read_frame (align, (guint) number, line);
}

static gboolean
read_index (Align *align, GError **error)
{
  g_autofree char *path = g_build_filename (align->folder, "index.jsonl", NULL);
  FILE *file = fopen (path, "re");
  char *text = NULL;
  size_t room = 0;
  ssize_t n;
  if (file == NULL)
    {
      assay_error_set_errno (error, errno, "reading %s", path);
      return FALSE;
    }
  while ((n = getline (&text, &room, file)) > 0)
    read_line (align, text, (gsize) n);
  free (text);
  fclose (file);
  return TRUE;
}

/* --- clap and flash ----------------------------------------------------------------------------------------------
 */

static void
measure_film (Stream *stream, const char *file, const char *path, AssayProgress *progress)
{
  g_autoptr (AssayFilm) film = path != NULL ? assay_film_open (path, NULL) : NULL;
  gint64 pts_ns;
  guint at = 0;
  while (at < stream->frames->len && g_strcmp0 (g_array_index (stream->frames, Frame, at).file, file) != 0)
    at++;
  while (film != NULL && !assay_progress_stopped (progress, NULL))
    {
      g_autoptr (GError) damaged = NULL;
      g_autoptr (AssayPicture) picture = assay_film_next (film, &pts_ns, &damaged);
      if (damaged != NULL)
        continue; /* that frame alone has no brightness */
      Frame *frame = at < stream->frames->len ? &g_array_index (stream->frames, Frame, at) : NULL;
      while (frame != NULL && g_strcmp0 (frame->file, file) == 0 && frame->pts_ns < pts_ns)
        frame = ++at < stream->frames->len ? &g_array_index (stream->frames, Frame, at) : NULL;
      if (picture == NULL || frame == NULL || g_strcmp0 (frame->file, file) != 0)
        return;
      AssayPictureMeasure measure;
      assay_picture_measure (picture, &measure);
      if (frame->pts_ns == pts_ns)
        frame->luma = measure.mean;
    }
}

static void
measure_frames (Align *align, Stream *stream, AssayProgress *progress)
{
  const char *done = NULL;
  for (guint i = 0; i < stream->frames->len && !assay_progress_stopped (progress, NULL); i++)
    {
      Frame *frame = &g_array_index (stream->frames, Frame, i);
      assay_progress_set (progress, i, stream->frames->len);
      if (frame->file != NULL && g_strcmp0 (frame->file, done) != 0)
        measure_film (stream, done = frame->file, g_hash_table_lookup (align->films, frame->file), progress);
      if (frame->file != NULL)
        continue;
      g_autoptr (AssayPicture) picture = assay_picture_load (frame->path, NULL);
      AssayPictureMeasure measure;
      if (picture == NULL)
        continue;
      assay_picture_measure (picture, &measure);
      frame->luma = measure.mean;
    }
}

static void
find_flash (Align *align, Stream *stream, AssayProgress *progress)
{
  measure_frames (align, stream, progress);
  g_autofree double *luma = g_new (double, stream->frames->len + 1);
  g_autofree gint64 *stamps = g_new (gint64, stream->frames->len + 1);
  guint n = 0;
  for (guint i = 0; i < stream->frames->len; i++)
    {
      const Frame *frame = &g_array_index (stream->frames, Frame, i);
      if (isnan (frame->luma))
        continue;
      luma[n] = frame->luma;
      stamps[n++] = frame->stamp_ns;
    }
  AssayFlash flash;
  stream->why = n == 0 ? "no frame of it can be read" : "nothing flashes in it";
  if (!assay_sync_find_flash (luma, n, &flash))
    return;
  /* It came up after the frame before was taken, and at the latest with this one. */
  gint64 before = flash.frame > 0 ? stamps[flash.frame - 1] : stamps[flash.frame];
  stream->doubt_ns = (stamps[flash.frame] - before) / 2;
  stream->at_ns = before + stream->doubt_ns;
  stream->why = NULL;
}

/* Where a sample of its first file lies by the session's clocks. */
static gint64
sample_to_ns (const Align *align, guint index, const Stream *stream, gint64 sample, guint rate_hz)
{
  AssayStreamPlace place = { .stamp_ns = stream->first_ns, .count = -1, .rate_hz = rate_hz };
  g_autoptr (GArray) gaps = assay_sound_gaps_of (stream->facts);
  gint64 first_ns;
  double ns_per_sample;
  assay_json_get_int (json_object_get (stream->facts, "capture"), "sample", &place.count);
  assay_session_time_of_place (align->time, index, &place, &first_ns, &ns_per_sample);
  return first_ns + llround ((double) (sample + assay_sound_gaps_before (gaps, sample, TRUE)) * ns_per_sample);
}

static void
find_clap (Align *align, guint index, Stream *stream)
{
  stream->why = "its sound cannot be read";
  g_autoptr (AssaySoundReader) reader
      = stream->sound_path != NULL ? assay_sound_reader_new (stream->sound_path, NULL) : NULL;
  if (reader == NULL)
    return;
  const AssaySoundFacts *facts = assay_sound_reader_get_facts (reader);
  gint64 wanted = MIN (facts->n_samples, (gint64) ((double) align->within_ns / 1e9 * facts->rate_hz));
  g_autofree float *samples = g_new (float, (gsize) MAX (wanted, 1) * facts->channels);
  gint64 n = assay_sound_reader_read (reader, 0, wanted, samples, NULL);
  for (gint64 i = 0; i < n; i++)
    {
      float sum = 0;
      for (guint c = 0; c < facts->channels; c++)
        sum += samples[i * facts->channels + c];
      samples[i] = sum / (float) facts->channels;
    }
  AssayClap clap;
  if (n < 0)
    return;
  stream->why = "nothing claps in it";
  if (!assay_sync_find_clap (samples, n, facts->rate_hz, &clap))
    return;
  stream->at_ns = sample_to_ns (align, index, stream, clap.sample, facts->rate_hz);
  stream->doubt_ns = 500000;
  stream->why = NULL;
}

/* --- the answer --------------------------------------------------------------------------------------------------
 */

static gint64
find_reference (const Align *align, gboolean sound, gboolean any)
{
  for (guint i = 0; i < align->streams->len; i++)
    {
      const Stream *stream = align->streams->pdata[i];
      if (stream->at_ns != 0 && (any || stream->sound == sound))
        return stream->at_ns;
    }
  return 0;
}

static json_t *
to_json (const Align *align, const AssayId *id, gboolean together)
{
  json_t *sensors = json_array ();
  for (guint i = 0; i < align->streams->len; i++)
    {
      const Stream *stream = align->streams->pdata[i];
      gint64 reference = find_reference (align, together || stream->sound, FALSE);
      if (reference == 0)
        reference = find_reference (align, FALSE, TRUE);
      gboolean known = stream->at_ns != 0;
      json_array_append_new (
          sensors,
          json_pack ("{s:i, s:s?, s:s, s:o, s:o, s:o, s:s?}", "stream", (int) i, "id",
                     assay_json_get_string (stream->about, "id"), "kind", stream->sound ? "microphone" : "camera",
                     "at_ns", known ? json_integer (stream->at_ns) : json_null (), "doubt_ns",
                     known ? json_integer (stream->doubt_ns) : json_null (), "offset_ns",
                     known ? json_integer (stream->at_ns - reference) : json_null (), "why", stream->why));
    }
  return json_pack ("{s:o, s:b, s:o}", "session", assay_json_id (id), "together", together, "sensors", sensors);
}

static gboolean
load (Align *align, const AssayId *id, GError **error)
{
  char text[ASSAY_ID_TEXT_SIZE];
  align->folder = g_build_filename (align->project->directory, "sessions", assay_id_to_text (id, text), NULL);
  g_autofree char *session = g_build_filename (align->folder, "session.json", NULL),
                  *report = g_build_filename (align->folder, "report.json", NULL);
  align->session = assay_json_load (session, error);
  if (align->session == NULL)
    return FALSE;
  g_autoptr (json_t) told = assay_json_load (report, NULL);
  g_autoptr (json_t) both = json_pack ("{s:O, s:[O?]}", "info", align->session, "reports", told);
  align->time = assay_session_time_new (both);
  add_streams (align);
  return read_index (align, error);
}

/* Beside the recording first, so that a database that is made again has it too. */
static gboolean
keep (const Align *align, const AssayId *id, json_t *answer, GError **error)
{
  g_autoptr (json_t) kept = json_pack ("{s:O}", "align", answer);
  g_autofree char *path = g_build_filename (align->folder, "align.json", NULL), *text = assay_json_pretty (kept);
  return assay_file_write (path, text, strlen (text), error)
         && assay_session_report (align->project->store, id, kept, error);
}

json_t *
assay_job_align (AssayProject *project, const AssayAlignRequest *request, AssayProgress *progress, GError **error)
{
  AssayId id;
  g_auto (Align) align = { .project = project,
                           .streams = g_ptr_array_new_with_free_func (stream_free),
                           .films = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
                           .within_ns = (gint64) ((request->within_s > 0 ? request->within_s : WITHIN_S) * 1e9) };
  if (!assay_session_find (project->store, request->session, &id, error) || !load (&align, &id, error))
    return NULL;
  for (guint i = 0; i < align.streams->len; i++)
    {
      Stream *stream = align.streams->pdata[i];
      assay_progress_say (progress, stream->sound ? "listening for the clap" : "looking for the flash");
      if (stream->sound)
        find_clap (&align, i, stream);
      else
        find_flash (&align, stream, progress);
      if (assay_progress_stopped (progress, error))
        return NULL;
    }
  if (find_reference (&align, FALSE, TRUE) == 0)
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
          "aligning session %s: no sensor saw a flash or heard a clap in its first %.0f s; record one, or give "
          "--within",
          request->session, (double) align.within_ns / 1e9);
      return NULL;
    }
  g_autoptr (json_t) answer = to_json (&align, &id, request->together);
  return keep (&align, &id, answer, error) ? json_incref (answer) : NULL;
}
