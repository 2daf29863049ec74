/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/item.h"

#include "core/error.h"
#include "core/json.h"
#include "core/shard.h"
#include "core/tally.h"

#include <string.h>

static const char *const media_kinds[] = { "picture", "sound", "film", "model" };
static const char *const ranges[] = { "whole", "samples", "frame" };

const char *
assay_media_kind_to_text (AssayMediaKind kind)
{
  return media_kinds[kind];
}

static gboolean
find_word (const char *const *words, guint n_words, const char *text, guint *ret_index)
{
  for (guint i = 0; i < n_words; i++)
    if (g_strcmp0 (words[i], text) == 0)
      {
        *ret_index = i;
        return TRUE;
      }
  return FALSE;
}

AssayItem *
assay_item_new (void)
{
  AssayItem *item = g_new0 (AssayItem, 1);
  item->exif_orientation = 1;
  item->facts = json_object ();
  return item;
}

AssayItem *
assay_item_copy (const AssayItem *item)
{
  AssayItem *copy = g_memdup2 (item, sizeof *item);
  copy->media_type = g_strdup (item->media_type);
  copy->name = g_strdup (item->name);
  copy->sequence = g_strdup (item->sequence);
  copy->group = g_strdup (item->group);
  copy->facts = json_deep_copy (item->facts);
  return copy;
}

void
assay_item_free (AssayItem *item)
{
  if (item == NULL)
    return;
  g_free (item->media_type);
  g_free (item->name);
  g_free (item->sequence);
  g_free (item->group);
  json_decref (item->facts);
  g_free (item);
}

/* What an item is, one fact a line: the same words give the same id on every desk. */
static AssayId
derive_id (const AssayItem *item)
{
  char hash[ASSAY_SHA256_TEXT_SIZE];
  g_autoptr (GString) text = g_string_new (assay_sha256_to_text (&item->media, hash));
  g_string_append_printf (text, "\n%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT "\n", ranges[item->range],
                          item->start, item->end);
  if (item->sequence != NULL)
    g_string_append_printf (text, "sequence %" G_GINT64_FORMAT " %s", item->position, item->sequence);
  else
    g_string_append_printf (text, "name %s", item->name);
  return assay_id_derive ("item", text->str, text->len);
}

static char *
dup_group (const AssayItem *item)
{
  char text[MAX (ASSAY_SHA256_TEXT_SIZE, ASSAY_ID_TEXT_SIZE)];
  if (item->sequence != NULL)
    return g_strdup (item->sequence);
  if (!assay_id_is_nil (&item->session))
    return g_strdup (assay_id_to_text (&item->session, text));
  return g_strdup (assay_sha256_to_text (&item->media, text));
}

/* 0 = not there. */
static gboolean
find_row (AssayStore *store, const AssayId *id, gint64 *ret_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  if (!assay_store_query (store, &rows, error, "SELECT row FROM item WHERE id = ?", "I", id))
    return FALSE;
  gint64 row = assay_rows_next (&rows, &wrong) ? assay_rows_get_int (&rows, 0) : 0;
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  *ret_row = row;
  return TRUE;
}

static gboolean
insert (AssayStore *store, AssayItem *item, GError **error)
{
  g_autofree char *facts = assay_json_canonical (item->facts);
  guint changed = 0;
  if (!assay_store_run (
          store, &changed, error,
          "INSERT INTO item (id, media, media_kind, name, range, start, end, width_px, height_px,"
          " exif_orientation, rate_hz, channels, n_samples, sequence, position, moment, session, sensor,"
          " captured_ns, group_key, facts, added_us, boundary) SELECT ?, row, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
          " ?, ?, ?, ?, ?, ?, ?, ?, ? FROM media WHERE hash = ?",
          "ItttiiiiiiiitiIIIittiiH", &item->id, media_kinds[item->media_kind], item->name, ranges[item->range],
          item->start, item->end, (gint64) item->width_px, (gint64) item->height_px,
          (gint64) item->exif_orientation, (gint64) item->rate_hz, (gint64) item->channels, item->n_samples,
          item->sequence, item->position, &item->moment, &item->session, &item->sensor, item->captured_ns,
          item->group, facts, g_get_real_time (), (gint64) (assay_shard_zero_bits (&item->id) >= ASSAY_SHARD_BITS),
          &item->media))
    return FALSE;
  if (changed == 0)
    {
      char hash[ASSAY_SHA256_TEXT_SIZE];
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                   "adding the item %s: its media %.12s… is not in the project", item->name,
                   assay_sha256_to_text (&item->media, hash));
      return FALSE;
    }
  item->row = assay_store_get_last_row (store);
  return assay_tally_add (store, 0, 0, media_kinds[item->media_kind], NULL, 1, error)
         && assay_store_run (store, NULL, error, "INSERT OR IGNORE INTO touched (item) VALUES (?)", "i", item->row);
}

gboolean
assay_item_add (AssayStore *store, AssayItem *item, gboolean *ret_added, GError **error)
{
  g_return_val_if_fail (item->name != NULL && item->facts != NULL, FALSE);
  if (!g_utf8_validate (item->name, -1, NULL))
    {
      g_autofree char *shown = g_filename_display_name (item->name);
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "adding the item %s: its name is not UTF-8; rename the file", shown);
      return FALSE;
    }
  item->id = derive_id (item);
  if (item->group == NULL)
    item->group = dup_group (item);
  g_auto (AssayTransaction) transaction = { 0 };
  gint64 row;
  if (!assay_transaction_begin (&transaction, store, error) || !find_row (store, &item->id, &row, error))
    return FALSE;
  gboolean added = row == 0;
  item->row = row;
  if (added && !insert (store, item, error))
    return FALSE;
  if (!assay_transaction_commit (&transaction, error))
    return FALSE;
  if (ret_added != NULL)
    *ret_added = added;
  return TRUE;
}

#define COLUMNS                                                                                                    \
  "SELECT item.row, item.id, hash, media_kind, media.type, name, range, start, end, item.width_px,"                \
  " item.height_px, item.exif_orientation, item.rate_hz, item.channels, item.n_samples, sequence, position,"       \
  " moment, session, sensor, captured_ns, group_key, facts FROM item JOIN media ON media.row = item.media "

static AssayItem *
read_row (AssayRows *rows, GError **error)
{
  g_autoptr (AssayItem) item = assay_item_new ();
  guint media_kind = 0, range = 0;
  item->row = assay_rows_get_int (rows, 0);
  item->id = assay_rows_get_id (rows, 1);
  const char *facts = assay_rows_get_text (rows, 22);
  g_autoptr (json_t) parsed = assay_json_parse (facts, strlen (facts), "facts of an item", error);
  if (parsed == NULL)
    return NULL;
  if (!assay_rows_get_sha256 (rows, 2, &item->media)
      || !find_word (media_kinds, G_N_ELEMENTS (media_kinds), assay_rows_get_text (rows, 3), &media_kind)
      || !find_word (ranges, G_N_ELEMENTS (ranges), assay_rows_get_text (rows, 6), &range))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED,
                   "reading the item %s: it is of a kind that this Assay does not know; update Assay",
                   assay_rows_get_text (rows, 5));
      return NULL;
    }
  item->media_kind = (AssayMediaKind) media_kind;
  item->media_type = g_strdup (assay_rows_get_text (rows, 4));
  item->name = g_strdup (assay_rows_get_text (rows, 5));
  item->range = (AssayRangeKind) range;
  item->start = assay_rows_get_int (rows, 7);
  item->end = assay_rows_get_int (rows, 8);
  item->width_px = (guint) assay_rows_get_int (rows, 9);
  item->height_px = (guint) assay_rows_get_int (rows, 10);
  item->exif_orientation = (guint) assay_rows_get_int (rows, 11);
  item->rate_hz = (guint) assay_rows_get_int (rows, 12);
  item->channels = (guint) assay_rows_get_int (rows, 13);
  item->n_samples = assay_rows_get_int (rows, 14);
  item->sequence = g_strdup (assay_rows_get_text (rows, 15));
  item->position = assay_rows_get_int (rows, 16);
  item->moment = assay_rows_get_id (rows, 17);
  item->session = assay_rows_get_id (rows, 18);
  item->sensor = assay_rows_get_id (rows, 19);
  item->captured_ns = assay_rows_get_int (rows, 20);
  item->group = g_strdup (assay_rows_get_text (rows, 21));
  json_decref (item->facts);
  item->facts = g_steal_pointer (&parsed);
  return g_steal_pointer (&item);
}

/* The only row of a query that was just asked; `words` name it in the message. */
static AssayItem *
read_one (AssayRows *rows, const char *words, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  if (assay_rows_next (rows, &wrong))
    return read_row (rows, error);
  if (wrong != NULL)
    g_propagate_error (error, g_steal_pointer (&wrong));
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "finding the item %s: no item has that id or name; give an id, the start of one, or a name",
                 words);
  return NULL;
}

AssayItem *
assay_item_get (AssayStore *store, const AssayId *id, GError **error)
{
  char text[ASSAY_ID_TEXT_SIZE];
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, COLUMNS "WHERE item.id = ?", "I", id))
    return NULL;
  return read_one (&rows, assay_id_to_text (id, text), error);
}

AssayItem *
assay_item_get_row (AssayStore *store, gint64 row, GError **error)
{
  char text[32];
  g_snprintf (text, sizeof text, "in row %" G_GINT64_FORMAT, row);
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, COLUMNS "WHERE item.row = ?", "i", row))
    return NULL;
  return read_one (&rows, text, error);
}

/* 0: none, 1: `ret_row` is the one, 2: several, -1: error. */
static int
count_rows (AssayRows *rows, gint64 *ret_row, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  int n = 0;
  while (n < 2 && assay_rows_next (rows, &wrong))
    {
      *ret_row = assay_rows_get_int (rows, 0);
      n++;
    }
  if (wrong == NULL)
    return n;
  g_propagate_error (error, g_steal_pointer (&wrong));
  return -1;
}

AssayItem *
assay_item_find (AssayStore *store, const char *words, GError **error)
{
  AssayId low, high;
  gboolean is_id = assay_id_parse_start (words, &low, &high);
  g_autofree char *tail = g_strconcat ("/", words, NULL);
  /* A name may look like the start of an id, so names come first; the last part of a name is a walk over all names.
   */
  static const char *const questions[] = {
    "SELECT row FROM item WHERE name = ? LIMIT 2",
    "SELECT row FROM item WHERE id BETWEEN ? AND ? LIMIT 2",
    "SELECT row FROM item WHERE substr (name, -length (?1)) = ?1 LIMIT 2",
  };
  for (guint i = 0; i < G_N_ELEMENTS (questions); i++)
    {
      g_auto (AssayRows) rows = { 0 };
      gint64 row = 0;
      if (i == 1 && !is_id)
        continue;
      gboolean right = i == 1 ? assay_store_query (store, &rows, error, questions[i], "bb", low.bytes,
                                                   sizeof low.bytes, high.bytes, sizeof high.bytes)
                              : assay_store_query (store, &rows, error, questions[i], "t", i == 0 ? words : tail);
      int n = right ? count_rows (&rows, &row, error) : -1;
      assay_rows_clear (&rows);
      if (n < 0)
        return NULL;
      if (n == 1)
        return assay_item_get_row (store, row, error);
      if (n == 2)
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                       "finding the item %s: several fit; give more of its name, or its id", words);
          return NULL;
        }
    }
  g_auto (AssayRows) none = { 0 };
  return read_one (&none, words, error);
}

GArray *
assay_item_list_rows (AssayStore *store, const char *where, GError **error)
{
  g_autofree char *sql
      = g_strdup_printf ("SELECT row FROM item WHERE %s ORDER BY row", where != NULL ? where : "TRUE");
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!assay_store_query (store, &rows, error, sql, ""))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_array_append_val (list, row);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

GPtrArray *
assay_item_list_range (AssayStore *store, gint64 first_row, gint64 last_row, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
  if (!assay_store_query (store, &rows, error, COLUMNS "WHERE item.row BETWEEN ? AND ? ORDER BY item.row", "ii",
                          first_row, last_row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayItem *item = read_row (&rows, error);
      if (item == NULL)
        return NULL;
      g_ptr_array_add (list, item);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

gboolean
assay_item_count (AssayStore *store, guint64 *ret_n, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error, "SELECT count(*) FROM item", "") || !assay_rows_next (&rows, error))
    return FALSE;
  *ret_n = (guint64) assay_rows_get_int (&rows, 0);
  return TRUE;
}

static json_t *
positive (gint64 number)
{
  return number > 0 ? json_integer (number) : json_null ();
}

static json_t *
text_or_null (const char *text)
{
  return text != NULL ? json_string (text) : json_null ();
}

json_t *
assay_item_to_json (const AssayItem *item)
{
  char hash[ASSAY_SHA256_TEXT_SIZE];
  json_t *json = json_object ();
  json_object_set_new (json, "id", assay_json_id (&item->id));
  json_object_set_new (json, "name", json_string (item->name));
  json_object_set_new (json, "media", json_string (assay_sha256_to_text (&item->media, hash)));
  json_object_set_new (json, "media_kind", json_string (media_kinds[item->media_kind]));
  json_object_set_new (json, "media_type", text_or_null (item->media_type));
  json_object_set_new (json, "range", json_string (ranges[item->range]));
  json_object_set_new (json, "start", item->range != ASSAY_RANGE_WHOLE ? json_integer (item->start) : json_null ());
  json_object_set_new (json, "end", item->range != ASSAY_RANGE_WHOLE ? json_integer (item->end) : json_null ());
  json_object_set_new (json, "width_px", positive (item->width_px));
  json_object_set_new (json, "height_px", positive (item->height_px));
  json_object_set_new (json, "exif_orientation", positive (item->exif_orientation));
  json_object_set_new (json, "rate_hz", positive (item->rate_hz));
  json_object_set_new (json, "channels", positive (item->channels));
  json_object_set_new (json, "n_samples", positive (item->n_samples));
  json_object_set_new (json, "sequence", text_or_null (item->sequence));
  json_object_set_new (json, "position", item->sequence != NULL ? json_integer (item->position) : json_null ());
  json_object_set_new (json, "moment", assay_json_id (&item->moment));
  json_object_set_new (json, "session", assay_json_id (&item->session));
  json_object_set_new (json, "sensor", assay_json_id (&item->sensor));
  json_object_set_new (json, "captured_ns", positive (item->captured_ns));
  json_object_set_new (json, "group", text_or_null (item->group));
  json_object_set_new (json, "facts", json_deep_copy (item->facts));
  return json;
}

static guint
get_positive (const json_t *json, const char *key)
{
  gint64 number = 0;
  return assay_json_get_int (json, key, &number) && number > 0 && number <= G_MAXINT ? (guint) number : 0;
}

AssayItem *
assay_item_from_json (const json_t *json, GError **error)
{
  g_autoptr (AssayItem) item = assay_item_new ();
  const char *media = assay_json_get_string (json, "media"), *name = assay_json_get_string (json, "name");
  guint media_kind, range;
  if (name == NULL || media == NULL || !assay_sha256_parse (media, &item->media)
      || !assay_json_get_id (json, "id", &item->id)
      || !find_word (media_kinds, G_N_ELEMENTS (media_kinds), assay_json_get_string (json, "media_kind"),
                     &media_kind)
      || !find_word (ranges, G_N_ELEMENTS (ranges), assay_json_get_string (json, "range"), &range))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "reading an item: it needs an id, a name, a media (64 hex digits), a media_kind and a range");
      return NULL;
    }
  item->name = g_strdup (name);
  item->media_kind = (AssayMediaKind) media_kind;
  item->media_type = g_strdup (assay_json_get_string (json, "media_type"));
  item->range = (AssayRangeKind) range;
  assay_json_get_int (json, "start", &item->start);
  assay_json_get_int (json, "end", &item->end);
  item->width_px = get_positive (json, "width_px");
  item->height_px = get_positive (json, "height_px");
  item->exif_orientation = get_positive (json, "exif_orientation");
  item->rate_hz = get_positive (json, "rate_hz");
  item->channels = get_positive (json, "channels");
  assay_json_get_int (json, "n_samples", &item->n_samples);
  item->sequence = g_strdup (assay_json_get_string (json, "sequence"));
  assay_json_get_int (json, "position", &item->position);
  assay_json_get_id (json, "moment", &item->moment);
  assay_json_get_id (json, "session", &item->session);
  assay_json_get_id (json, "sensor", &item->sensor);
  assay_json_get_int (json, "captured_ns", &item->captured_ns);
  item->group = g_strdup (assay_json_get_string (json, "group"));
  if (item->group == NULL)
    item->group = dup_group (item);
  json_t *facts = json_object_get (json, "facts");
  if (json_is_object (facts))
    {
      json_decref (item->facts);
      item->facts = json_deep_copy (facts);
    }
  return g_steal_pointer (&item);
}

gboolean
assay_item_get_camera (const AssayItem *item, AssayCamera *ret_camera)
{
  const json_t *json = json_object_get (item->facts, "camera");
  AssayCamera camera = { 0 };
  if (!assay_json_get_double (json, "fx", &camera.fx) || !assay_json_get_double (json, "fy", &camera.fy)
      || !assay_json_get_double (json, "cx", &camera.cx) || !assay_json_get_double (json, "cy", &camera.cy))
    return FALSE;
  const json_t *distortion = json_object_get (json, "distortion");
  for (gsize i = 0; i < G_N_ELEMENTS (camera.distortion) && i < json_array_size (distortion); i++)
    camera.distortion[i] = json_number_value (json_array_get (distortion, i));
  camera.assumed = assay_json_get_bool (json, "assumed");
  *ret_camera = camera;
  return TRUE;
}
