/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/session-items.h"

#include "core/clock.h"
#include "core/error.h"
#include "core/flag.h"
#include "core/json.h"

#include <string.h>

char *
assay_session_dup_sequence (const json_t *session, const AssayId *id)
{
  char text[ASSAY_ID_TEXT_SIZE];
  const char *name = assay_json_get_string (session, "name");
  assay_id_to_text (id, text);
  return g_strdup_printf ("%s %.8s", name != NULL ? name : "", text + strlen (text) - 8);
}

json_t *
assay_session_make_facts (const json_t *session, json_t *take_capture)
{
  static const char *const keys[] = { "conditions", "subject", "consent", "note" };
  json_t *facts = json_pack ("{s:o}", "capture", take_capture);
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    if (json_object_get (session, keys[i]) != NULL)
      json_object_set_new (facts, keys[i], json_deep_copy (json_object_get (session, keys[i])));
  return facts;
}

AssayId
assay_session_moment (const AssayId *id, gint64 number)
{
  guint8 key[sizeof id->bytes + sizeof number];
  gint64 big = GINT64_TO_BE (number);
  memcpy (key, id->bytes, sizeof id->bytes);
  memcpy (key + sizeof id->bytes, &big, sizeof big);
  return assay_id_derive ("moment", key, sizeof key);
}

/* What a line says of itself. */
typedef struct
{
  const char *key; /* of its stream: "camera-1" */
  AssayId sensor, moment;
  gint64 position, stamp_ns, pts_ns;
  gboolean sound, frame_of_film;
  json_t *facts; /* borrowed */
} Words;

static gboolean
read_line (const json_t *session, const json_t *line, Words *words)
{
  gint64 stream = -1;
  if (!assay_json_get_int (line, "stream", &stream) || stream < 0)
    return FALSE;
  const json_t *sensor = json_array_get (json_object_get (session, "sensors"), (size_t) stream);
  const json_t *frame = json_object_get (line, "frame"), *segment = json_object_get (line, "segment"),
               *film = json_object_get (line, "film");
  words->key = assay_json_get_string (sensor, "key");
  words->facts = json_object_get (line, "facts");
  words->sound = frame == NULL;
  words->frame_of_film = film != NULL;
  assay_json_get_id (line, "moment", &words->moment);
  return words->key != NULL && json_is_object (words->facts) && assay_json_get_id (sensor, "sensor", &words->sensor)
         && assay_json_get_int (line, "position", &words->position)
         && (frame != NULL ? assay_json_get_int (frame, "stamp_ns", &words->stamp_ns)
                           : assay_json_get_int (segment, "first_ns", &words->stamp_ns))
         && (film == NULL || assay_json_get_int (film, "pts_ns", &words->pts_ns));
}

static char *
make_name (const char *sequence, const Words *words, const char *type)
{
  if (words->sound)
    return g_strdup_printf ("%s/%s-%04" G_GINT64_FORMAT ".%s", sequence, words->key, words->position + 1, type);
  return g_strdup_printf ("%s/%s/%06" G_GINT64_FORMAT ".%s", sequence, words->key, words->position + 1, type);
}

static void
fill (AssayItem *item, const Words *words, const AssayMediaFacts *media)
{
  item->media = media->hash;
  item->media_kind = words->frame_of_film ? ASSAY_MEDIA_PICTURE : media->kind;
  g_free (item->media_type);
  item->media_type = g_strdup (media->type);
  item->width_px = media->width_px;
  item->height_px = media->height_px;
  item->exif_orientation = media->exif_orientation;
  item->rate_hz = media->rate_hz;
  item->channels = media->channels;
  item->n_samples = media->n_samples;
  if (words->frame_of_film)
    {
      item->range = ASSAY_RANGE_FRAME;
      item->start = 0;
      item->end = words->pts_ns;
    }
  item->position = words->position;
  item->moment = words->moment;
  item->sensor = words->sensor;
  json_decref (item->facts);
  item->facts = json_deep_copy (words->facts);
}

static void
complete_line (json_t *line, const AssayItem *item)
{
  char hash[ASSAY_SHA256_TEXT_SIZE];
  json_object_set_new (line, "media", json_string (assay_sha256_to_text (&item->media, hash)));
  json_object_set_new (line, "type", json_string (item->media_type));
  json_object_set_new (line, "name", json_string (item->name));
  json_object_set_new (line, "captured_ns", json_integer (item->captured_ns));
  if (item->range != ASSAY_RANGE_FRAME)
    return;
  json_object_set_new (line, "range", json_string ("frame"));
  json_object_set_new (line, "start", json_integer (item->start));
  json_object_set_new (line, "end", json_integer (item->end));
}

AssayItem *
assay_session_make_item (const json_t *session, const AssayId *id, json_t *line, const AssayMediaFacts *media,
                         GError **error)
{
  Words words = { 0 };
  AssayClockPair began = { 0 };
  const json_t *clock = json_object_get (session, "clock");
  if (!read_line (session, line, &words) || !assay_json_get_int (clock, "monotonic_ns", &began.monotonic_ns)
      || !assay_json_get_int (clock, "realtime_ns", &began.realtime_ns))
    {
      g_autofree char *text = assay_json_canonical (line);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "making an item of a recording: this line of its index says too little: %.200s", text);
      return NULL;
    }
  g_autoptr (AssayItem) item = assay_item_new ();
  g_autofree char *sequence = assay_session_dup_sequence (session, id);
  fill (item, &words, media);
  item->session = *id;
  item->captured_ns = assay_clock_to_realtime_ns (&began, words.stamp_ns);
  g_free (item->name);
  item->name = make_name (sequence, &words, media->type);
  g_free (item->sequence);
  item->sequence = g_strdup_printf ("%s/%s", sequence, words.key);
  /* Everything of one session stays in one split: its pictures are too much alike. */
  g_free (item->group);
  item->group = g_steal_pointer (&sequence);
  complete_line (line, item);
  return g_steal_pointer (&item);
}

static gboolean
flag (AssayStore *store, const AssayItem *item, const char *name, char *take_why, GError **error)
{
  g_autofree char *why = take_why;
  return assay_flag_set (store, item->row, name, TRUE, why, NULL, NULL, error);
}

gboolean
assay_session_add_item (AssayStore *store, AssayItem *item, gboolean *ret_added, GError **error)
{
  const json_t *look = json_object_get (item->facts, "look");
  double usual, sharpness = json_number_value (json_object_get (look, "sharpness"));
  gint64 of;
  gboolean added;
  if (!assay_item_add (store, item, &added, error))
    return FALSE;
  if (ret_added != NULL)
    *ret_added = added;
  if (added && assay_json_get_double (look, "usual_sharpness", &usual)
      && !flag (store, item, ASSAY_FLAG_BLURRED,
                g_strdup_printf ("sharpness %.1f, where the ones before had %.1f", sharpness, usual), error))
    return FALSE;
  return !added || !assay_json_get_int (look, "repeats", &of)
         || flag (store, item, ASSAY_FLAG_DUPLICATE,
                  g_strdup_printf ("shows what still %" G_GINT64_FORMAT " showed", of + 1), error);
}
