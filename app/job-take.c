/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/job-take.h"

#include "app/session-files.h"
#include "core/clock.h"
#include "core/error.h"
#include "core/flag.h"
#include "core/json.h"
#include "core/media.h"
#include "core/sensor.h"

#include <string.h>

/* Rows that are looked at for one take: no more than this of a film's drawn frames are shown. */
#define ROWS_A_TAKE 40

static void
film_free (gpointer data)
{
  AssayTakeFilm *film = data;
  assay_item_free (film->first);
  g_free (film->path);
  g_free (film);
}

void
assay_take_free (AssayTake *take)
{
  if (take == NULL)
    return;
  g_ptr_array_unref (take->films);
  g_ptr_array_unref (take->items);
  g_ptr_array_unref (take->paths);
  g_ptr_array_unref (take->flags);
  g_free (take->note);
  g_free (take);
}

static AssayTake *
take_new (const AssayId *session)
{
  AssayTake *take = g_new0 (AssayTake, 1);
  take->session = *session;
  take->films = g_ptr_array_new_with_free_func (film_free);
  take->items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
  take->paths = g_ptr_array_new_with_free_func (g_free);
  take->flags = g_ptr_array_new_with_free_func (g_free);
  return take;
}

/* A still is told from others by its instant; frames of a film and sound belong to the whole recording. */
static gboolean
is_still (const AssayItem *item)
{
  return item->media_kind == ASSAY_MEDIA_PICTURE && item->range == ASSAY_RANGE_WHOLE;
}

static gboolean
belongs (const AssayTake *take, const AssayItem *item)
{
  const AssayItem *first = take->items->pdata[0];
  if (!assay_id_equal (&take->session, &item->session) || is_still (first) != is_still (item))
    return FALSE;
  return !is_still (item) || (!assay_id_is_nil (&item->moment) && assay_id_equal (&first->moment, &item->moment));
}

static gboolean
add_item (AssayProject *project, AssayTake *take, AssayItem *take_item, GError **error)
{
  g_autoptr (AssayItem) item = take_item;
  g_autoptr (GPtrArray) flags = assay_flag_list (project->store, item->row, error);
  if (flags == NULL)
    return FALSE;
  for (guint i = 0; i < flags->len; i++)
    {
      const AssayFlag *flag = flags->pdata[i];
      if (!g_ptr_array_find_with_equal_func (take->flags, flag->flag, g_str_equal, NULL))
        g_ptr_array_add (take->flags, g_strdup (flag->flag));
      if (g_str_equal (flag->flag, ASSAY_FLAG_NOTE) && take->note == NULL)
        take->note = g_strdup (flag->why);
    }
  g_ptr_array_insert (take->paths, 0, assay_item_dup_path (project, item));
  g_ptr_array_insert (take->items, 0, g_steal_pointer (&item));
  return TRUE;
}

static GArray *
list_rows (AssayStore *store, guint most, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!assay_store_query (store, &rows, error,
                          "SELECT row FROM item WHERE session IS NOT NULL ORDER BY row DESC LIMIT ?", "i",
                          (gint64) most))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_array_append_val (list, row);
    }
  if (wrong == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

/* Takes of which there are items. `ret_all`: there are no further ones. */
static GPtrArray *
list_by_items (AssayProject *project, guint most, gboolean *ret_all, GError **error)
{
  g_autoptr (GArray) rows = list_rows (project->store, most * ROWS_A_TAKE, error);
  g_autoptr (GPtrArray) takes = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_take_free);
  g_autoptr (AssaySessionTimes) times = assay_session_times_new (project->store);
  AssayTake *last = NULL;
  *ret_all = rows != NULL && rows->len < most * ROWS_A_TAKE;
  for (guint i = 0; rows != NULL && i < rows->len; i++)
    {
      AssayItem *item = assay_item_get_row (project->store, g_array_index (rows, gint64, i), error);
      if (item == NULL)
        return NULL;
      if (!assay_session_times_of (times, item, &item->time, error))
        {
          assay_item_free (item);
          return NULL;
        }
      if (last == NULL || !belongs (last, item))
        {
          if (takes->len == most)
            {
              assay_item_free (item);
              *ret_all = FALSE;
              break;
            }
          last = take_new (&item->session);
          g_ptr_array_add (takes, last);
        }
      if (!add_item (project, last, item, error))
        return NULL;
    }
  return rows != NULL ? g_steal_pointer (&takes) : NULL;
}

/* --- film and sound --- */

gint64
assay_take_find_sample (const AssayTake *take, guint sound, guint picture)
{
  const AssayItem *heard = take->items->pdata[sound], *shown = take->items->pdata[picture];
  return assay_item_time_to_sample (&heard->time, heard, shown->time.captured_ns);
}

int
assay_take_find_picture (const AssayTake *take, guint sound, gint64 sample, const AssayId *camera,
                         const GPtrArray *pictures)
{
  const AssayItem *heard = take->items->pdata[sound];
  gint64 heard_ns = assay_item_time_of_sample (&heard->time, heard, sample);
  int best = -1;
  for (guint i = 0; i < pictures->len; i++)
    {
      const AssayItem *item = take->items->pdata[GPOINTER_TO_UINT (pictures->pdata[i])];
      if (assay_id_equal (&item->sensor, camera) && (best < 0 || item->time.captured_ns <= heard_ns))
        best = (int) i;
    }
  return best;
}

/* --- films, of whose frames none need to be items --- */

/* A session that filmed, and is over. */
typedef struct
{
  gint64 row;
  AssayId id;
  json_t *report;
} Filmed;

static void
filmed_clear (gpointer data)
{
  json_decref (((Filmed *) data)->report);
}

static GArray *
list_filmed (AssayStore *store, guint most, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (Filmed));
  g_array_set_clear_func (list, filmed_clear);
  if (!assay_store_query (
          store, &rows, error,
          "SELECT s.row, s.id, (SELECT r.report FROM session_report AS r WHERE r.session = s.id AND"
          " r.report ->> '$.sensors' IS NOT NULL ORDER BY r.made_us DESC, r.id DESC LIMIT 1) AS told"
          " FROM session AS s WHERE s.info ->> '$.video' AND told IS NOT NULL"
          " ORDER BY s.row DESC LIMIT ?",
          "i", (gint64) most))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      const char *text = assay_rows_get_text (&rows, 2);
      Filmed filmed = { assay_rows_get_int (&rows, 0), assay_rows_get_id (&rows, 1), NULL };
      filmed.report = assay_json_parse (text, strlen (text), "the report of a session", error);
      if (filmed.report == NULL)
        return NULL;
      g_array_append_val (list, filmed);
    }
  if (wrong == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

static void
add_film (AssayProject *project, AssayTake *take, const json_t *sensor, const json_t *segment,
          const AssayClockPair *began, gint64 offset_ns)
{
  gint64 first_ns = 0, width = 0, height = 0;
  AssaySha256 hash;
  const char *media = assay_json_get_string (segment, "media"), *type = assay_json_get_string (segment, "type"),
             *file = assay_json_get_string (segment, "file");
  if (media == NULL || type == NULL || file == NULL || !assay_sha256_parse (media, &hash)
      || !assay_json_get_int (segment, "first_ns", &first_ns))
    return;
  assay_json_get_int (sensor, "width", &width);
  assay_json_get_int (sensor, "height", &height);
  AssayTakeFilm *film = g_new0 (AssayTakeFilm, 1);
  film->first = assay_item_new ();
  film->first->media = hash;
  film->first->media_kind = ASSAY_MEDIA_PICTURE;
  film->first->range = ASSAY_RANGE_FRAME;
  film->first->width_px = (guint) MAX (width, 0);
  film->first->height_px = (guint) MAX (height, 0);
  film->first->exif_orientation = 1;
  g_free (film->first->media_type);
  film->first->media_type = g_strdup (type);
  g_free (film->first->name);
  film->first->name = g_strdup (file);
  film->first->session = take->session;
  assay_json_get_id (sensor, "sensor", &film->first->sensor);
  film->first->captured_ns = assay_clock_to_realtime_ns (began, first_ns);
  film->first->time.captured_ns = film->first->captured_ns - offset_ns;
  film->path = assay_media_dup_path (project, &hash, type);
  g_ptr_array_add (take->films, film);
}

static void
add_films (AssayProject *project, AssayTake *take, const json_t *report)
{
  g_autoptr (json_t) session = assay_session_get (project->store, &take->session, NULL);
  g_autoptr (AssaySessionTime) time = session != NULL ? assay_session_time_new (session) : NULL;
  g_autoptr (json_t) files = assay_session_list_files (project, &take->session, report);
  const json_t *clock = json_array_get (json_object_get (report, "clock"), 0);
  AssayClockPair began = { 0 };
  assay_json_get_int (clock, "monotonic_ns", &began.monotonic_ns);
  assay_json_get_int (clock, "realtime_ns", &began.realtime_ns);
  size_t i, j;
  json_t *sensor, *segment;
  json_array_foreach (json_object_get (report, "sensors"), i, sensor)
  {
    gint64 offset_ns = 0, doubt_ns;
    if (g_strcmp0 (assay_json_get_string (sensor, "kind"), "camera") != 0)
      continue;
    if (time == NULL || !assay_session_time_get_offset (time, (guint) i, &offset_ns, &doubt_ns))
      offset_ns = 0;
    json_array_foreach (json_object_get (json_array_get (files, i), "segments"), j, segment)
        add_film (project, take, sensor, segment, &began, offset_ns);
  }
}

static gint64
find_session_row (AssayStore *store, const AssayId *session)
{
  g_auto (AssayRows) rows = { 0 };
  return assay_store_query (store, &rows, NULL, "SELECT row FROM session WHERE id = ?", "I", session)
                 && assay_rows_next (&rows, NULL)
             ? assay_rows_get_int (&rows, 0)
             : 0;
}

/* Those that have a take already are its films; the others are takes between those before and after them. Older
 * ones than the last one that was listed may have items that were not looked at. */
static void
place (AssayProject *project, GPtrArray *takes, const Filmed *filmed, gboolean all)
{
  guint at = takes->len;
  for (guint i = takes->len; i > 0; i--)
    {
      AssayTake *take = takes->pdata[i - 1];
      if (assay_id_equal (&take->session, &filmed->id))
        {
          add_films (project, take, filmed->report);
          return;
        }
      if (find_session_row (project->store, &take->session) < filmed->row)
        at = i - 1;
    }
  if (at == takes->len && !all)
    return;
  AssayTake *take = take_new (&filmed->id);
  add_films (project, take, filmed->report);
  if (take->films->len > 0)
    g_ptr_array_insert (takes, (int) at, take);
  else
    assay_take_free (take);
}

GPtrArray *
assay_take_list (AssayProject *project, guint most, GError **error)
{
  gboolean all;
  g_autoptr (GPtrArray) takes = list_by_items (project, most, &all, error);
  g_autoptr (GArray) filmed = takes != NULL ? list_filmed (project->store, most, error) : NULL;
  if (filmed == NULL)
    return NULL;
  for (guint i = 0; i < filmed->len; i++)
    place (project, takes, &g_array_index (filmed, Filmed, i), all);
  if (takes->len > most)
    g_ptr_array_remove_range (takes, most, takes->len - most);
  return g_steal_pointer (&takes);
}

/* --- what is said of the last one --- */

static gboolean
is_flagged (AssayStore *store, gint64 row, const char *name)
{
  g_autoptr (GPtrArray) flags = assay_flag_list (store, row, NULL);
  for (guint i = 0; flags != NULL && i < flags->len; i++)
    if (g_str_equal (((const AssayFlag *) flags->pdata[i])->flag, name))
      return TRUE;
  return FALSE;
}

/* A film of which no frame is an item is the last take too, and nobody means the one before it. */
static gboolean
check_last (AssayStore *store, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  if (!assay_store_query (store, &rows, error,
                          "SELECT max (s.row) > coalesce ((SELECT t.row FROM item AS i JOIN session AS t ON t.id ="
                          " i.session ORDER BY i.row DESC LIMIT 1), 0) FROM session AS s WHERE s.info ->> '$.video'"
                          " AND EXISTS (SELECT 1 FROM session_report AS r WHERE r.session = s.id AND"
                          " r.report ->> '$.sensors' IS NOT NULL)",
                          "")
      || !assay_rows_next (&rows, error))
    return FALSE;
  if (assay_rows_get_int (&rows, 0) == 0)
    return TRUE;
  g_set_error_literal (
      error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
      "marking the last take: no frame of this film is an item; Keep Frame makes one while it runs");
  return FALSE;
}

/* A burst is the last `n` instants of one session; a still without a moment, as of one camera all are, is an instant of
 * its own. All rows of a film or voice, however many. */
static GArray *
find_last (AssayStore *store, guint n, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (gint64));
  if (!check_last (store, error)
      || !assay_store_query (
          store, &rows, error,
          "WITH last AS (SELECT row, session, range, media_kind FROM item WHERE session IS NOT NULL"
          "  ORDER BY row DESC LIMIT 1),"
          " instants AS (SELECT coalesce (moment, id) AS instant FROM item WHERE session = (SELECT session FROM last)"
          "  AND media_kind = 'picture' AND range = 'whole' GROUP BY instant ORDER BY max (row) DESC LIMIT ?)"
          " SELECT i.row FROM item AS i, last AS l WHERE i.session = l.session AND CASE"
          "  WHEN l.range = 'whole' AND l.media_kind = 'picture' THEN i.media_kind = 'picture'"
          "   AND i.range = 'whole' AND coalesce (i.moment, i.id) IN instants"
          "  ELSE TRUE END",
          "i", (gint64) n))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      gint64 row = assay_rows_get_int (&rows, 0);
      g_array_append_val (list, row);
    }
  if (wrong == NULL && list->len == 0)
    g_set_error_literal (&wrong, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                         "marking the last take: nothing was recorded in this project; take something first");
  if (wrong == NULL)
    return g_steal_pointer (&list);
  g_propagate_error (error, g_steal_pointer (&wrong));
  return NULL;
}

gboolean
assay_take_flag (AssayProject *project, const GArray *rows, const char *flag, gboolean stands, const char *why,
                 const AssayId *by_annotator, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!assay_flag_set (project->store, g_array_index (rows, gint64, i), flag, stands, why, by_annotator, NULL,
                         error))
      return FALSE;
  return assay_transaction_commit (&transaction, error);
}

gboolean
assay_take_flag_last (AssayProject *project, guint n, const char *flag, const char *why, gboolean toggles,
                      const AssayId *by_annotator, gboolean *ret_stands, GArray **ret_rows, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  g_autoptr (GArray) others = g_array_new (FALSE, FALSE, sizeof (gint64)); /* that do not say it yet */
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (GArray) rows = find_last (project->store, n, error);
  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!is_flagged (project->store, g_array_index (rows, gint64, i), flag))
      g_array_append_val (others, g_array_index (rows, gint64, i));
  *ret_stands = !(toggles && others->len == 0);
  if (!assay_take_flag (project, rows, flag, *ret_stands, why, by_annotator, error)
      || !assay_transaction_commit (&transaction, error))
    return FALSE;
  if (ret_rows != NULL)
    *ret_rows = *ret_stands ? g_steal_pointer (&others) : g_steal_pointer (&rows);
  return TRUE;
}
