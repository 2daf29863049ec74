/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/question.h"

#include "core/error.h"
#include "core/film.h"
#include "core/json.h"
#include "core/media.h"
#include "core/picture.h"

#include <math.h>
#include <string.h>

#define LEAST_PX 160 /* of the picture of a place: what is around it tells what it is */
#define MOST_PX 900

void
assay_question_free (AssayQuestion *question)
{
  if (question == NULL)
    return;
  g_free (question->text);
  g_free (question->by);
  g_free (question->picture);
  g_free (question->answer);
  json_decref (question->place);
  g_free (question);
}

/* The picture of a place */

static AssayPicture *
load (AssayProject *project, const AssayItem *item, GError **error)
{
  g_autofree char *path = assay_item_dup_path (project, item);
  if (item->range != ASSAY_RANGE_FRAME)
    return assay_picture_load (path, error);
  g_autoptr (AssayFilm) film = assay_film_open (path, error);
  return film != NULL ? assay_film_get_frame (film, item->end, error) : NULL;
}

/* The box of a place, with as much again around it, inside the picture. */
static AssayRect
find_box (const json_t *place, const AssayPicture *picture)
{
  const json_t *box = json_object_get (place, "box"), *points = json_object_get (place, "points"), *point;
  double w = picture->width_px, h = picture->height_px;
  AssayRect found = { 0, 0, w, h };
  size_t i;
  if (json_array_size (box) == 4)
    found = (AssayRect){ json_number_value (json_array_get (box, 0)), json_number_value (json_array_get (box, 1)),
                         json_number_value (json_array_get (box, 2)), json_number_value (json_array_get (box, 3)) };
  else if (json_array_size (points) > 0)
    {
      double left = INFINITY, top = INFINITY, right = -INFINITY, bottom = -INFINITY;
      json_array_foreach (points, i, point)
      {
        left = MIN (left, json_number_value (json_array_get (point, 0)));
        right = MAX (right, json_number_value (json_array_get (point, 0)));
        top = MIN (top, json_number_value (json_array_get (point, 1)));
        bottom = MAX (bottom, json_number_value (json_array_get (point, 1)));
      }
      found = (AssayRect){ left, top, right - left, bottom - top };
    }
  else
    return found;
  double width = MAX (2 * found.w, LEAST_PX), height = MAX (2 * found.h, LEAST_PX);
  double left = CLAMP (floor (found.x + found.w / 2 - width / 2), 0, w - 1),
         top = CLAMP (floor (found.y + found.h / 2 - height / 2), 0, h - 1);
  return (AssayRect){ left, top, MAX (1, MIN (ceil (width), w - left)), MAX (1, MIN (ceil (height), h - top)) };
}

static AssayPicture *
cut (const AssayPicture *picture, AssayRect box)
{
  g_autoptr (AssayPicture) part = assay_picture_new ((guint) box.w, (guint) box.h, ASSAY_PIXELS_RGB8);
  guint longest = (guint) MAX (box.w, box.h);
  if (part == NULL)
    return NULL;
  for (guint y = 0; y < part->height_px; y++)
    memcpy (part->data + y * part->stride,
            picture->data + ((guint) box.y + y) * picture->stride + (guint) box.x * 3, (gsize) part->width_px * 3);
  if (longest <= MOST_PX)
    return g_steal_pointer (&part);
  return assay_picture_scale (part, MAX (1, (guint) ((guint64) part->width_px * MOST_PX / longest)),
                              MAX (1, (guint) ((guint64) part->height_px * MOST_PX / longest)));
}

/* "media/ab/…"; NULL without an error for a sound. */
static gboolean
keep_picture (AssayProject *project, const AssayItem *item, const json_t *place, char **ret_path, GError **error)
{
  AssayMediaFacts facts = { 0 };
  gboolean known;
  *ret_path = NULL;
  if (item->media_kind == ASSAY_MEDIA_SOUND)
    return TRUE;
  g_autoptr (AssayPicture) whole = load (project, item, error);
  g_autoptr (AssayPicture) rgb = whole != NULL ? assay_picture_to_rgb8 (whole) : NULL;
  g_autoptr (AssayPicture) part = rgb != NULL ? cut (rgb, find_box (place, rgb)) : NULL;
  if (whole != NULL && part == NULL)
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NO_SPACE,
                 "keeping the place of %s: there is no memory for its picture; close other programs", item->name);
  g_autoptr (GBytes) png = part != NULL ? assay_picture_encode_png (part, error) : NULL;
  if (png == NULL)
    return FALSE;
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (png, &n_bytes);
  if (!assay_media_add_bytes (project, data, n_bytes, &facts, &known, error))
    return FALSE;
  g_autofree char *file = assay_media_dup_path (project, &facts.hash, facts.type);
  *ret_path = g_strdup (file + strlen (project->directory) + 1);
  return TRUE;
}

/* Asking */

static gboolean
is_open (AssayStore *store, const AssayItem *item, const AssayTask *task, gboolean *ret_open, GError **error)
{
  g_autoptr (GPtrArray) open = assay_question_list (store, task->row, TRUE, error);
  if (open == NULL)
    return FALSE;
  *ret_open = FALSE;
  for (guint i = 0; i < open->len; i++)
    *ret_open |= ((AssayQuestion *) open->pdata[i])->item_row == item->row;
  return TRUE;
}

gboolean
assay_question_ask (AssayProject *project, const AssayItem *item, const AssayTask *task, const json_t *place,
                    const char *text, const AssayAnnotator *by, AssaySettlement *ret_made, GError **error)
{
  g_auto (AssaySettlement) made = { 0 };
  gboolean open = FALSE;
  g_autofree char *picture = NULL;
  if (text == NULL || *text == '\0')
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "asking about %s: no question is given; say what the guideline leaves open", item->name);
      return FALSE;
    }
  if (!is_open (project->store, item, task, &open, error))
    return FALSE;
  if (open)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                   "asking about %s: a question about it is open already; answer that one first", item->name);
      return FALSE;
    }
  if (!keep_picture (project, item, place, &picture, error))
    return FALSE;
  g_autoptr (json_t) how = place != NULL ? json_deep_copy (place) : json_object ();
  if (picture != NULL)
    json_object_set_new (how, "picture", json_string (picture));
  g_autofree char *where = assay_json_canonical (how);
  const AssayLabel at = { .item_row = item->row, .task_row = task->row };
  if (!assay_truth_remark (project->store, &at, "unclear", where, text, FALSE, by, &made, error))
    return FALSE;
  if (ret_made != NULL)
    {
      *ret_made = made;
      made = (AssaySettlement){ 0 };
    }
  return TRUE;
}

/* Reading */

static AssayQuestion *
read_row (AssayRows *rows, GError **error)
{
  g_autoptr (AssayQuestion) question = g_new0 (AssayQuestion, 1);
  const char *how = assay_rows_get_text (rows, 3), *text = assay_rows_get_text (rows, 4);
  question->id = assay_rows_get_id (rows, 0);
  question->item_row = assay_rows_get_int (rows, 1);
  question->task_row = assay_rows_get_int (rows, 2);
  question->text = g_strdup (text != NULL ? text : "");
  question->by = g_strdup (assay_rows_get_text (rows, 5));
  question->asked_us = assay_rows_get_int (rows, 6);
  question->answer = g_strdup (assay_rows_get_text (rows, 7));
  question->place
      = how != NULL ? assay_json_parse (how, strlen (how), "a question of the database", error) : json_object ();
  if (question->place == NULL)
    return NULL;
  question->picture = g_strdup (assay_json_get_string (question->place, "picture"));
  json_object_del (question->place, "picture");
  return g_steal_pointer (&question);
}

/* What is taken back is none; of several answers (desks apart) the first one holds. */
#define QUESTIONS                                                                                                  \
  "SELECT q.id, q.item, q.task, q.how, q.comment, a.name, q.made_us, (SELECT comment FROM review WHERE item ="     \
  " q.item AND task = q.task AND kind = 'answer' AND parent = q.id ORDER BY made_us, id LIMIT 1) AS answer FROM"   \
  " review AS q LEFT JOIN annotator AS a ON a.id = q.by_annotator WHERE q.kind = 'unclear' AND NOT EXISTS "        \
  "(SELECT 1"                                                                                                      \
  " FROM review WHERE item = q.item AND task = q.task AND kind = 'recall' AND parent = q.id) "

GPtrArray *
assay_question_list (AssayStore *store, gint64 task_row, gboolean open_only, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_question_free);
  if (!assay_store_query (store, &rows, error,
                          QUESTIONS "AND (?1 = 0 OR q.task = ?1) AND NOT (?2 AND answer IS NOT NULL) ORDER BY"
                                    " q.made_us, q.id",
                          "ii", task_row, (gint64) open_only))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayQuestion *question = read_row (&rows, error);
      if (question == NULL)
        return NULL;
      g_ptr_array_add (list, question);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}

static AssayQuestion *
find_open (AssayStore *store, const AssayId *id, GError **error)
{
  g_autoptr (GPtrArray) open = assay_question_list (store, 0, TRUE, error);
  for (guint i = 0; open != NULL && i < open->len; i++)
    if (assay_id_equal (&((AssayQuestion *) open->pdata[i])->id, id))
      return g_steal_pointer (&open->pdata[i]);
  if (open != NULL)
    g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_CONFLICT,
                         "answering a question: it is answered or taken back by now; `assay review questions` lists"
                         " those that are open");
  return NULL;
}

/* Answering */

/* One line, that nobody's question ends the heading it stands in. */
static char *
one_line (const char *text)
{
  g_auto (GStrv) lines = g_strsplit_set (text, "\r\n", -1);
  return g_strstrip (g_strjoinv (" ", lines));
}

static char *
write_example (const AssayTask *task, const AssayQuestion *question, const char *answer)
{
  g_autofree char *heading = one_line (question->text);
  GString *out = g_string_new (task->guideline);
  if (out->len > 0)
    g_string_append (out, g_str_has_suffix (out->str, "\n") ? "\n" : "\n\n");
  g_string_append_printf (out, "### %s\n\n", heading);
  if (question->picture != NULL)
    g_string_append_printf (out, "![example](%s)\n\n", question->picture);
  g_string_append_printf (out, "%s\n", answer);
  return g_string_free (out, FALSE);
}

gboolean
assay_question_answer (AssayProject *project, const AssayId *id, const char *answer, const AssayAnnotator *by,
                       AssayTask **ret_task, GError **error)
{
  g_auto (AssayTransaction) transaction = { 0 };
  AssayId row = assay_id_new ();
  if (answer == NULL || *answer == '\0')
    {
      g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                           "answering a question: no answer is given; say what is to be done in such a place");
      return FALSE;
    }
  if (!assay_transaction_begin (&transaction, project->store, error))
    return FALSE;
  g_autoptr (AssayQuestion) question = find_open (project->store, id, error);
  g_autoptr (AssayTask) task
      = question != NULL ? assay_task_get_row (project->store, question->task_row, error) : NULL;
  if (task == NULL)
    return FALSE;
  char *guideline = write_example (task, question, answer);
  g_free (task->guideline);
  task->guideline = guideline;
  if (!assay_task_save (project->store, task, &by->id, error)
      || !assay_store_run (project->store, NULL, error,
                           "INSERT INTO review (id, item, task, kind, how, revision, parent, by_annotator, made_us,"
                           " comment) VALUES (?, ?, ?, 'answer', NULL, NULL, ?, ?, ?, ?)",
                           "IiiIIit", &row, question->item_row, question->task_row, id, &by->id, g_get_real_time (),
                           answer)
      || !assay_transaction_commit (&transaction, error))
    return FALSE;
  if (ret_task != NULL)
    *ret_task = g_steal_pointer (&task);
  return TRUE;
}

json_t *
assay_question_to_json (AssayStore *store, const AssayQuestion *question)
{
  g_autoptr (AssayItem) item = assay_item_get_row (store, question->item_row, NULL);
  g_autoptr (AssayTask) task = assay_task_get_row (store, question->task_row, NULL);
  return json_pack ("{s:o, s:o, s:s?, s:s?, s:s, s:s?, s:O, s:s?, s:s?}", "id", assay_json_id (&question->id),
                    "item", item != NULL ? assay_json_id (&item->id) : json_null (), "name",
                    item != NULL ? item->name : NULL, "task", task != NULL ? task->name : NULL, "question",
                    question->text, "by", question->by, "where", question->place, "picture", question->picture,
                    "answer", question->answer);
}

/* Wordings of a guideline */

/* Of every revision, oldest first: what is said by TRUE. */
static gboolean
walk_wordings (AssayStore *store, const AssayTask *task,
               gboolean (*tell) (const AssayId *revision, const char *guideline, gpointer data), gpointer data,
               GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  gboolean goes_on = TRUE;
  if (!assay_store_query (store, &rows, error,
                          "SELECT id, definition FROM task_revision WHERE task = ? ORDER BY made_us, id", "i",
                          task->row))
    return FALSE;
  while (goes_on && assay_rows_next (&rows, &wrong))
    {
      const char *text = assay_rows_get_text (&rows, 1);
      AssayId id = assay_rows_get_id (&rows, 0);
      g_autoptr (json_t) definition = assay_json_parse (text, strlen (text), "a task of the database", error);
      if (definition == NULL)
        return FALSE;
      const char *guideline = assay_json_get_string (definition, "guideline");
      goes_on = tell (&id, guideline != NULL ? guideline : "", data);
    }
  gboolean right = wrong == NULL;
  if (!right)
    g_propagate_error (error, g_steal_pointer (&wrong));
  return right;
}

typedef struct
{
  GHashTable *versions;
  char *last;
  guint n;
} Count;

static gboolean
count_wording (const AssayId *revision, const char *guideline, gpointer data)
{
  Count *count = data;
  if (g_strcmp0 (count->last, guideline) != 0)
    {
      count->n++;
      g_free (count->last);
      count->last = g_strdup (guideline);
    }
  g_hash_table_insert (count->versions, g_memdup2 (revision, sizeof *revision), GUINT_TO_POINTER (count->n));
  return TRUE;
}

GHashTable *
assay_guideline_list_versions (AssayStore *store, const AssayTask *task, GError **error)
{
  g_autoptr (GHashTable) versions = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  Count count = { .versions = versions };
  gboolean right = walk_wordings (store, task, count_wording, &count, error);
  g_free (count.last);
  return right ? g_steal_pointer (&versions) : NULL;
}

typedef struct
{
  const AssayTask *task;
  GHashTable *same; /* of AssayId: revisions of the wording that stands */
} Standing;

static gboolean
keep_same (const AssayId *revision, const char *guideline, gpointer data)
{
  Standing *standing = data;
  if (g_str_equal (guideline, standing->task->guideline))
    g_hash_table_add (standing->same, g_memdup2 (revision, sizeof *revision));
  return TRUE;
}

GArray *
assay_guideline_list_older (AssayStore *store, const AssayTask *task, GError **error)
{
  g_auto (AssayRows) rows = { 0 };
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GHashTable) same = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (AssayOlderLabel));
  Standing standing = { task, same };
  if (!walk_wordings (store, task, keep_same, &standing, error)
      || !assay_store_query (
          store, &rows, error,
          "SELECT head.item, head.annotator, revision.task_revision FROM head JOIN revision ON"
          " revision.row = head.revision JOIN annotator ON annotator.row = head.annotator WHERE"
          " head.task = ? AND revision.state = 'submitted' AND annotator.kind <> 'consensus' ORDER"
          " BY head.item, head.annotator",
          "i", task->row))
    return NULL;
  while (assay_rows_next (&rows, &wrong))
    {
      AssayId revision = assay_rows_get_id (&rows, 2);
      AssayOlderLabel older = { assay_rows_get_int (&rows, 0), assay_rows_get_int (&rows, 1) };
      if (!g_hash_table_contains (same, &revision))
        g_array_append_val (list, older);
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return NULL;
    }
  return g_steal_pointer (&list);
}
