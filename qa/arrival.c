/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qa/arrival.h"

#include "core/film.h"
#include "core/json.h"
#include "core/media.h"
#include "core/picture-measure.h"
#include "core/take-check.h"

#include <stdatomic.h>
#include <string.h>

#define MEMORY "arrival"
#define SIDE_PX                                                                                                    \
  1024               /* sharper than that no blur is looked for; large JPEGs are decoded at a part of their size   \
                      */
#define A_PART 64    /* items that a worker takes at once: frames of one film stay together */
#define A_BATCH 1024 /* that are remembered in one transaction */
#define MAX_WORKERS 16

/* --- one item --- */

static json_t *
describe_picture (const AssayPicture *picture)
{
  AssayPictureMeasure measure;
  char phash[17], dhash[17];
  assay_picture_measure (picture, &measure);
  g_snprintf (phash, sizeof phash, "%016" G_GINT64_MODIFIER "x", assay_picture_hash_perceptual (picture));
  g_snprintf (dhash, sizeof dhash, "%016" G_GINT64_MODIFIER "x", assay_picture_hash_difference (picture));
  return json_pack ("{s:f, s:f, s:f, s:f, s:s, s:s}", "mean", measure.mean, "under", measure.under, "over",
                    measure.over, "sharpness", measure.sharpness, "phash", phash, "dhash", dhash);
}

static json_t *
describe_sound (const AssayTakeCheck *check)
{
  json_t *facts = assay_take_check_to_json (check);
  if (check->clipped_runs > 0)
    json_object_set_new (facts, "clipped_at", json_integer ((json_int_t) check->first_clipped));
  if (check->longest_silence > 0)
    json_object_set_new (facts, "silence",
                         json_pack ("[I, I]", (json_int_t) check->longest_silence_at,
                                    (json_int_t) (check->longest_silence_at + check->longest_silence)));
  return facts;
}

/* A worker's: the film it looked at last, for its frames lie side by side. */
typedef struct
{
  char *path;
  AssayFilm *film;
} LastFilm;

static void
last_film_clear (LastFilm *last)
{
  g_clear_pointer (&last->film, assay_film_close);
  g_clear_pointer (&last->path, g_free);
}

static AssayPicture *
load_frame (LastFilm *last, const char *path, gint64 pts_ns, GError **error)
{
  if (last->film == NULL || !g_str_equal (last->path, path))
    {
      last_film_clear (last);
      last->film = assay_film_open (path, error);
      last->path = g_strdup (path);
    }
  return last->film != NULL ? assay_film_get_frame (last->film, pts_ns, error) : NULL;
}

static json_t *
measure_sound (const AssayItem *item, const char *path, GError **error)
{
  AssayTakeCheck check;
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, error);
  gint64 start = item->range == ASSAY_RANGE_SAMPLES ? item->start : 0;
  return reader != NULL && assay_take_check (reader, start, start + item->n_samples, &check, error)
             ? describe_sound (&check)
             : NULL;
}

static json_t *
measure_picture (const AssayItem *item, const char *path, LastFilm *last, GError **error)
{
  g_autoptr (AssayPicture) picture = item->range == ASSAY_RANGE_FRAME
                                         ? load_frame (last, path, item->end, error)
                                         : assay_picture_load_small (path, SIDE_PX, error);
  return picture != NULL ? describe_picture (picture) : NULL;
}

/* Models and whole films have nothing that is measured. */
static json_t *
measure (const AssayItem *item, const char *path, LastFilm *last)
{
  g_autoptr (GError) error = NULL;
  json_t *facts = NULL;
  if (item->media_kind == ASSAY_MEDIA_PICTURE)
    facts = measure_picture (item, path, last, &error);
  else if (item->media_kind == ASSAY_MEDIA_SOUND)
    facts = measure_sound (item, path, &error);
  else
    return json_object ();
  return facts != NULL ? facts : json_pack ("{s:s}", "fault", error->message);
}

/* --- all that are new --- */

typedef struct
{
  const AssayProject *project;
  const GPtrArray *items; /* of AssayItem */
  json_t **facts;         /* one an item; NULL = not reached */
  AssayProgress *progress;
  guint64 done, total;
  atomic_uint next;
} Work;

static gpointer
work (gpointer data)
{
  Work *work = data;
  LastFilm last = { 0 };
  for (guint from; (from = atomic_fetch_add (&work->next, A_PART)) < work->items->len;)
    for (guint i = from;
         i < MIN (from + A_PART, work->items->len) && !assay_progress_stopped (work->progress, NULL); i++)
      {
        const AssayItem *item = work->items->pdata[i];
        g_autofree char *path = assay_item_dup_path (work->project, item);
        work->facts[i] = measure (item, path, &last);
        assay_progress_set (work->progress, MIN (work->done + i, work->total), work->total);
      }
  last_film_clear (&last);
  return NULL;
}

static gboolean
remember (AssayStore *store, const Work *work, guint64 *ret_measured, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  if (!assay_transaction_begin (&transaction, store, error))
    return FALSE;
  for (guint i = 0; i < work->items->len; i++)
    {
      const AssayItem *item = work->items->pdata[i];
      if (work->facts[i] == NULL)
        continue;
      g_autofree char *text = assay_json_canonical (work->facts[i]);
      if (!assay_store_run (store, NULL, error,
                            "INSERT OR REPLACE INTO partial (\"check\", key, data) VALUES (?1, ?2, ?3)", "tbb",
                            MEMORY, &item->id, sizeof item->id, text, strlen (text)))
        return FALSE;
      ++*ret_measured;
    }
  return assay_transaction_commit (&transaction, error);
}

static gboolean
measure_batch (AssayProject *project, Work *batch, guint64 *ret_measured, GError **error)
{
  GThread *threads[MAX_WORKERS];
  guint n = CLAMP (g_get_num_processors (), 1, MAX_WORKERS);
  batch->facts = g_new0 (json_t *, batch->items->len + 1);
  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("arrival", work, batch);
  for (guint i = 0; i < n; i++)
    g_thread_join (threads[i]);
  gboolean right = remember (project->store, batch, ret_measured, error);
  for (guint i = 0; i < batch->items->len; i++)
    json_decref (batch->facts[i]);
  g_free (batch->facts);
  return right && !assay_progress_stopped (batch->progress, error);
}

gboolean
assay_arrival_measure (AssayProject *project, AssayProgress *progress, guint64 *ret_measured, GError **error)
{
  guint64 measured = 0;
  g_autoptr (GArray) rows
      = assay_item_list_rows (project->store,
                              "NOT EXISTS (SELECT 1 FROM partial WHERE \"check\" = '" MEMORY "' AND key = item.id"
                              " AND CAST(data AS TEXT) NOT LIKE '{\"fault\":%')",
                              error);
  if (rows == NULL)
    return FALSE;
  if (rows->len > 0)
    assay_progress_say (progress, "looking at what has arrived");
  for (guint from = 0; from < rows->len; from += A_BATCH)
    {
      g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_item_free);
      for (guint i = from; i < MIN (from + A_BATCH, rows->len); i++)
        {
          AssayItem *item = assay_item_get_row (project->store, g_array_index (rows, gint64, i), error);
          if (item == NULL)
            return FALSE;
          g_ptr_array_add (items, item);
        }
      Work batch = { .project = project, .items = items, .progress = progress, .done = from, .total = rows->len };
      if (!measure_batch (project, &batch, &measured, error))
        return FALSE;
    }
  if (ret_measured != NULL)
    *ret_measured = measured;
  return TRUE;
}

/* --- what is known --- */

gboolean
assay_arrival_each (AssayStore *store, AssayArrivalFunc func, gpointer data, AssayProgress *progress,
                    GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  GError *failure = NULL;
  if (!assay_store_query (
          store, &rows, error,
          "SELECT item.row, partial.data FROM item JOIN partial ON partial.\"check\" = ?1 AND partial.key"
          " = item.id ORDER BY item.row",
          "t", MEMORY))
    return FALSE;
  while (assay_rows_next (&rows, &failure))
    {
      gsize n = 0;
      const char *text = assay_rows_get_blob (&rows, 1, &n);
      g_autoptr (json_t) facts = assay_json_parse (text, n, "what is known of an item", NULL);
      g_autoptr (AssayItem) item = assay_item_get_row (store, assay_rows_get_int (&rows, 0), error);
      if (item == NULL || assay_progress_stopped (progress, error))
        return FALSE;
      if (facts != NULL)
        func (item, facts, data);
    }
  if (failure != NULL)
    g_propagate_error (error, failure);
  return failure == NULL;
}

gboolean
assay_arrival_get_hash (const json_t *facts, const char *key, guint64 *ret_hash)
{
  const char *text = assay_json_get_string (facts, key);
  return text != NULL && g_ascii_string_to_unsigned (text, 16, 0, G_MAXUINT64, ret_hash, NULL);
}

const char *
assay_arrival_get_fault (const json_t *facts, const char *fault)
{
  size_t index;
  const json_t *one;
  json_array_foreach (json_object_get (facts, "faults"), index,
                      one) if (g_strcmp0 (assay_json_get_string (one, "check"), fault)
                               == 0) return assay_json_get_string (one, "why");
  return NULL;
}
