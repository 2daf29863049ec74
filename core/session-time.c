/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/session-private.h"

#include "core/clock-line.h"
#include "core/error.h"
#include "core/json.h"
#include "core/sensor.h"

#include <math.h>

#define NEAR_SOUND_NS G_GINT64_CONSTANT (250000000) /* a busy machine delays a block by no more than this */

/* --- what the session says --- */

static void
stream_clear (gpointer data)
{
  AssaySessionStreamTime *stream = data;
  g_array_unref (stream->lines);
  g_free (stream->key);
}

static void
add_stream (AssaySessionTime *time, const json_t *about)
{
  double fps = 0;
  AssaySessionStreamTime stream = { .lines = g_array_new (FALSE, FALSE, sizeof (AssayClockFit)), .doubt_ns = -1 };
  stream.camera = g_strcmp0 (assay_json_get_string (about, "kind"), "camera") == 0;
  stream.key = g_strdup (assay_json_get_string (about, "key"));
  assay_json_get_id (about, "sensor", &stream.sensor);
  if (assay_json_get_double (about, "fps", &fps) && fps > 0)
    stream.period_ns = llround (1e9 / fps);
  g_array_append_val (time->streams, stream);
}

/* The report of the recording; a recovered one has no lines. */
static void
add_lines (AssaySessionTime *time, const json_t *report)
{
  size_t i, k;
  json_t *sensor, *line;
  json_array_foreach (json_object_get (report, "sensors"), i, sensor)
  {
    if (i >= time->streams->len)
      return;
    json_array_foreach (json_object_get (sensor, "clock_lines"), k, line)
    {
      AssayClockFit fit;
      if (assay_clock_fit_from_json (line, &fit))
        g_array_append_val (g_array_index (time->streams, AssaySessionStreamTime, i).lines, fit);
    }
  }
}

/* A later measurement stands for all of an earlier one: they are against different references. */
static void
take_alignment (AssaySessionTime *time, const json_t *align)
{
  size_t i;
  json_t *sensor;
  for (guint s = 0; s < time->streams->len; s++)
    g_array_index (time->streams, AssaySessionStreamTime, s).aligned = FALSE;
  json_array_foreach (json_object_get (align, "sensors"), i, sensor)
  {
    gint64 number, offset_ns, doubt_ns = 0;
    if (!assay_json_get_int (sensor, "stream", &number) || number < 0 || number >= time->streams->len
        || !assay_json_get_int (sensor, "offset_ns", &offset_ns))
      continue;
    assay_json_get_int (sensor, "doubt_ns", &doubt_ns);
    AssaySessionStreamTime *stream = &g_array_index (time->streams, AssaySessionStreamTime, number);
    stream->aligned = TRUE;
    stream->offset_ns = offset_ns;
    stream->doubt_ns = doubt_ns;
  }
}

AssaySessionTime *
assay_session_time_new (const json_t *session)
{
  AssaySessionTime *time = g_new0 (AssaySessionTime, 1);
  size_t i;
  json_t *one;
  time->streams = g_array_new (FALSE, FALSE, sizeof (AssaySessionStreamTime));
  g_array_set_clear_func (time->streams, stream_clear);
  json_array_foreach (json_object_get (json_object_get (session, "info"), "sensors"), i, one)
      add_stream (time, one);
  json_array_foreach (json_object_get (session, "reports"), i, one)
  {
    const json_t *align = json_object_get (one, "align");
    if (align != NULL)
      take_alignment (time, align);
    else
      add_lines (time, one);
  }
  return time;
}

void
assay_session_time_free (AssaySessionTime *time)
{
  if (time == NULL)
    return;
  g_array_unref (time->streams);
  g_clear_pointer (&time->moments, g_hash_table_unref);
  g_free (time);
}

/* --- places --- */

gint64
assay_session_stream_time_get_period_ns (const AssaySessionStreamTime *stream)
{
  return stream->lines->len > 0 ? llround (g_array_index (stream->lines, AssayClockFit, 0).ns_per_count)
                                : stream->period_ns;
}

/* Each time that the counter began anew there is a line: the one that comes closest to the stamp is its own. */
static const AssayClockFit *
find_line (const AssaySessionStreamTime *stream, const AssayStreamPlace *place)
{
  const AssayClockFit *best = NULL;
  gint64 least_ns = place->rate_hz > 0 ? NEAR_SOUND_NS : assay_session_stream_time_get_period_ns (stream) / 2;
  for (guint i = 0; i < stream->lines->len && place->count >= 0; i++)
    {
      const AssayClockFit *line = &g_array_index (stream->lines, AssayClockFit, i);
      gint64 apart_ns = ABS (assay_clock_fit_to_ns (line, (double) place->count) - place->stamp_ns);
      if (apart_ns > least_ns)
        continue;
      least_ns = apart_ns;
      best = line;
    }
  return best;
}

void
assay_session_time_of_place (const AssaySessionTime *time, guint stream, const AssayStreamPlace *place,
                             gint64 *ret_ns, double *ret_ns_per_sample)
{
  *ret_ns = place->stamp_ns;
  *ret_ns_per_sample = place->rate_hz > 0 ? 1e9 / place->rate_hz : 0;
  if (stream >= time->streams->len)
    return;
  const AssaySessionStreamTime *own = &g_array_index (time->streams, AssaySessionStreamTime, stream);
  const AssayClockFit *line = find_line (own, place);
  if (line == NULL)
    return;
  *ret_ns = assay_clock_fit_to_ns (line, (double) place->count);
  if (place->rate_hz > 0)
    *ret_ns_per_sample = line->ns_per_count;
}

gboolean
assay_session_time_get_offset (const AssaySessionTime *time, guint stream, gint64 *ret_offset_ns,
                               gint64 *ret_doubt_ns)
{
  if (stream >= time->streams->len || !g_array_index (time->streams, AssaySessionStreamTime, stream).aligned)
    return FALSE;
  *ret_offset_ns = g_array_index (time->streams, AssaySessionStreamTime, stream).offset_ns;
  *ret_doubt_ns = g_array_index (time->streams, AssaySessionStreamTime, stream).doubt_ns;
  return TRUE;
}

/* --- items --- */

/* What the item says alone. */
static void
begin (const AssayItem *item, AssayItemTime *time)
{
  *time = (AssayItemTime){ .captured_ns = item->captured_ns,
                           .doubt_ns = -1,
                           .ns_per_sample = item->rate_hz > 0 ? 1e9 / item->rate_hz : 0,
                           .moment = item->moment };
}

static gboolean
find_stream (const AssaySessionTime *time, const AssayId *sensor, guint *ret_stream)
{
  for (guint i = 0; i < time->streams->len; i++)
    if (assay_id_equal (&g_array_index (time->streams, AssaySessionStreamTime, i).sensor, sensor))
      {
        *ret_stream = i;
        return TRUE;
      }
  return FALSE;
}

gboolean
assay_session_time_of_item (const AssaySessionTime *time, const AssayItem *item, AssayItemTime *ret_time)
{
  const json_t *capture = json_object_get (item->facts, "capture");
  AssayStreamPlace place = { .count = -1, .rate_hz = item->rate_hz };
  gint64 at_ns;
  guint stream;
  begin (item, ret_time);
  if (assay_id_is_nil (&item->sensor) || !find_stream (time, &item->sensor, &stream)
      || !assay_json_get_int (capture, "stamp_ns", &place.stamp_ns))
    return FALSE;
  assay_json_get_int (capture, item->rate_hz > 0 ? "sample" : "sequence", &place.count);
  assay_session_time_of_place (time, stream, &place, &at_ns, &ret_time->ns_per_sample);
  assay_session_time_get_offset (time, stream, &ret_time->offset_ns, &ret_time->doubt_ns);
  /* `captured_ns` is the stamp on the calendar, so what the line says otherwise is as much on the calendar. */
  ret_time->captured_ns += at_ns - place.stamp_ns - ret_time->offset_ns;
  const AssayId *moment = time->moments != NULL ? g_hash_table_lookup (time->moments, &item->id) : NULL;
  if (moment != NULL)
    ret_time->moment = *moment;
  ret_time->known = TRUE;
  return TRUE;
}

gint64
assay_item_time_of_sample (const AssayItemTime *time, const AssayItem *sound, gint64 sample)
{
  g_autoptr (GArray) gaps = assay_sound_gaps_of (sound->facts);
  return time->captured_ns
         + llround ((double) (sample + assay_sound_gaps_before (gaps, sample, TRUE)) * time->ns_per_sample);
}

gint64
assay_item_time_to_sample (const AssayItemTime *time, const AssayItem *sound, gint64 realtime_ns)
{
  g_autoptr (GArray) gaps = assay_sound_gaps_of (sound->facts);
  if (!(time->ns_per_sample > 0))
    return 0;
  gint64 place = llround ((double) (realtime_ns - time->captured_ns) / time->ns_per_sample), lost = 0;
  for (guint i = 0; i < gaps->len; i++)
    {
      const AssaySoundGap *gap = &g_array_index (gaps, AssaySoundGap, i);
      if (place - lost < gap->at)
        break;
      if (place - lost < gap->at + gap->missing)
        return MIN (gap->at, sound->n_samples);
      lost += gap->missing;
    }
  return CLAMP (place - lost, 0, sound->n_samples);
}

json_t *
assay_item_time_to_json (const AssayItemTime *time)
{
  json_t *json = json_pack ("{s:I}", "captured_ns", (json_int_t) time->captured_ns);
  if (time->doubt_ns >= 0)
    json_object_update_new (json, json_pack ("{s:I, s:I}", "offset_ns", (json_int_t) time->offset_ns, "doubt_ns",
                                             (json_int_t) time->doubt_ns));
  if (time->ns_per_sample > 0)
    json_object_set_new (json, "ns_per_sample", json_real (time->ns_per_sample));
  if (!assay_id_is_nil (&time->moment))
    json_object_set_new (json, "moment", assay_json_id (&time->moment));
  return json;
}

void
assay_item_time_from_json (const json_t *json, AssayItemTime *ret_time)
{
  *ret_time = (AssayItemTime){ .known = TRUE, .doubt_ns = -1 };
  assay_json_get_int (json, "captured_ns", &ret_time->captured_ns);
  assay_json_get_int (json, "offset_ns", &ret_time->offset_ns);
  assay_json_get_int (json, "doubt_ns", &ret_time->doubt_ns);
  assay_json_get_double (json, "ns_per_sample", &ret_time->ns_per_sample);
  assay_json_get_id (json, "moment", &ret_time->moment);
}

/* --- of a project --- */

struct _AssaySessionTimes
{
  AssayStore *store;
  GHashTable *sessions; /* AssayId -> AssaySessionTime */
};

static void
free_time (gpointer data)
{
  assay_session_time_free (data);
}

AssaySessionTimes *
assay_session_times_new (AssayStore *store)
{
  AssaySessionTimes *times = g_new0 (AssaySessionTimes, 1);
  times->store = store;
  times->sessions = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, free_time);
  return times;
}

void
assay_session_times_free (AssaySessionTimes *times)
{
  if (times == NULL)
    return;
  g_hash_table_unref (times->sessions);
  g_free (times);
}

static gboolean
has_measured (const AssaySessionTime *time)
{
  guint n_cameras = 0, n_aligned = 0;
  for (guint i = 0; i < time->streams->len; i++)
    {
      const AssaySessionStreamTime *stream = &g_array_index (time->streams, AssaySessionStreamTime, i);
      n_cameras += stream->camera;
      n_aligned += stream->camera && stream->aligned;
    }
  return n_cameras > 1 && n_aligned > 0;
}

/* By its sequence: of these there is an index. */
static gboolean
add_pictures (AssayStore *store, const AssayId *session, const char *sequence, GPtrArray *items, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, "SELECT row FROM item WHERE sequence = ? AND session = ?", "tI",
                          sequence, session))
    return FALSE;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayItem *item = assay_item_get_row (store, assay_rows_get_int (&rows, 0), error);
      if (item == NULL)
        return FALSE;
      g_ptr_array_add (items, item);
    }
  if (wrong == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return FALSE;
}

/* `item`: any one of the session. */
static gboolean
read_moments (AssayStore *store, const AssayItem *item, AssaySessionTime *time, GError **error)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
  if (!has_measured (time))
    return TRUE;
  for (guint i = 0; i < time->streams->len; i++)
    {
      const AssaySessionStreamTime *stream = &g_array_index (time->streams, AssaySessionStreamTime, i);
      g_autofree char *sequence = g_strdup_printf ("%s/%s", item->group, stream->key);
      if (stream->camera && stream->key != NULL && !add_pictures (store, &item->session, sequence, items, error))
        return FALSE;
    }
  assay_session_time_find_moments (time, items);
  return TRUE;
}

/* A session that this project does not know (its items were merged without it) says nothing. */
static AssaySessionTime *
load (AssayStore *store, const AssayItem *item, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (json_t) told = assay_session_get (store, &item->session, &wrong);
  g_autoptr (json_t) nothing = json_object ();
  if (told == NULL && !g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND))
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  g_autoptr (AssaySessionTime) time = assay_session_time_new (told != NULL ? told : nothing);
  return read_moments (store, item, time, error) ? g_steal_pointer (&time) : NULL;
}

gboolean
assay_session_times_of (AssaySessionTimes *times, const AssayItem *item, AssayItemTime *ret_time, GError **error)
{
  begin (item, ret_time);
  if (assay_id_is_nil (&item->session))
    return TRUE;
  AssaySessionTime *time = g_hash_table_lookup (times->sessions, &item->session);
  if (time == NULL)
    {
      time = load (times->store, item, error);
      if (time == NULL)
        return FALSE;
      g_hash_table_insert (times->sessions, g_memdup2 (&item->session, sizeof item->session), time);
    }
  assay_session_time_of_item (time, item, ret_time);
  return TRUE;
}
