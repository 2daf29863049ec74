/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/edit.h"

#include "core/error.h"
#include "core/json.h"

#include <math.h>

AssayEdit *
assay_edit_new (const AssayKind *kind, const char *name)
{
  AssayEdit *edit = g_new0 (AssayEdit, 1);
  edit->kind = kind;
  edit->name = g_strdup (name);
  edit->changes = g_ptr_array_new ();
  return edit;
}

void
assay_edit_free (AssayEdit *edit)
{
  if (edit == NULL)
    return;
  for (guint i = 0; i < edit->changes->len; i++)
    {
      AssayChange *change = edit->changes->pdata[i];
      assay_object_free (change->before, edit->kind);
      assay_object_free (change->after, edit->kind);
      g_free (change);
    }
  g_ptr_array_unref (edit->changes);
  g_free (edit->name);
  g_free (edit);
}

static AssayObject *
copy_or_null (const AssayObject *object, const AssayKind *kind)
{
  return object != NULL ? assay_object_copy (object, kind) : NULL;
}

AssayEdit *
assay_edit_copy (const AssayEdit *edit)
{
  AssayEdit *copy = assay_edit_new (edit->kind, edit->name);
  copy->seconds = edit->seconds;
  for (guint i = 0; i < edit->changes->len; i++)
    {
      AssayChange *change = g_memdup2 (edit->changes->pdata[i], sizeof *change);
      change->before = copy_or_null (change->before, edit->kind);
      change->after = copy_or_null (change->after, edit->kind);
      g_ptr_array_add (copy->changes, change);
    }
  return copy;
}

void
assay_edit_add_move (AssayEdit *edit, const AssayObject *object, guint from, guint to)
{
  AssayChange *change = g_new0 (AssayChange, 1);
  change->before = assay_object_copy (object, edit->kind);
  change->after = assay_object_copy (object, edit->kind);
  change->moves = TRUE;
  change->from = from;
  change->to = to;
  g_ptr_array_add (edit->changes, change);
}

void
assay_edit_take (AssayEdit *edit, AssayObject *before, AssayObject *after)
{
  g_return_if_fail (before != NULL || after != NULL);
  AssayChange *change = g_new0 (AssayChange, 1);
  change->before = before;
  change->after = after;
  g_ptr_array_add (edit->changes, change);
}

static const AssayId *
change_id (const AssayChange *change)
{
  return &(change->before != NULL ? change->before : change->after)->id;
}

static guint
find_place (const AssayObjects *objects, const AssayId *id)
{
  for (guint i = 0; i < objects->list->len; i++)
    if (assay_id_equal (&((const AssayObject *) objects->list->pdata[i])->id, id))
      return i;
  return G_MAXUINT;
}

/* Puts `take_after` in place of what has this id: NULL takes it out; what was not there comes in at `at`, or last.
 */
static void
put (AssayObjects *objects, const AssayId *id, AssayObject *take_after, guint at)
{
  guint place = find_place (objects, id);
  if (place == G_MAXUINT && take_after != NULL)
    g_ptr_array_insert (objects->list, at <= objects->list->len ? (gint) at : -1, take_after);
  else if (place != G_MAXUINT && take_after != NULL)
    {
      assay_object_free (objects->list->pdata[place], objects->kind);
      objects->list->pdata[place] = take_after;
    }
  else if (place != G_MAXUINT)
    assay_object_free (g_ptr_array_steal_index (objects->list, place), objects->kind);
}

/* What is not there stays so; beyond the last place is on top. */
static void
move (AssayObjects *objects, const AssayId *id, guint to)
{
  guint place = find_place (objects, id);
  if (place == G_MAXUINT)
    return;
  AssayObject *object = g_ptr_array_steal_index (objects->list, place);
  g_ptr_array_insert (objects->list, to <= objects->list->len ? (gint) to : -1, object);
}

/* In the order of doing; backward from the last to the first. */
static const AssayChange *
nth (const AssayEdit *edit, guint i, gboolean backward)
{
  return edit->changes->pdata[backward ? edit->changes->len - 1 - i : i];
}

gboolean
assay_edit_apply (const AssayEdit *edit, AssayObjects *objects, gboolean backward, GError **error)
{
  g_autoptr (GHashTable) there = g_hash_table_new (assay_id_hash, assay_id_hash_equal);
  for (guint i = 0; i < objects->list->len; i++)
    g_hash_table_add (there, &((AssayObject *) objects->list->pdata[i])->id);
  for (guint i = 0; i < edit->changes->len; i++)
    {
      const AssayChange *change = nth (edit, i, backward);
      const AssayId *id = change_id (change);
      gboolean expected = (backward ? change->after : change->before) != NULL;
      if (g_hash_table_contains (there, id) != expected)
        {
          char text[ASSAY_ID_TEXT_SIZE];
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "applying %s: object %s %s", edit->name,
                       assay_id_to_text (id, text), expected ? "is not there" : "is there already");
          return FALSE;
        }
      if ((backward ? change->before : change->after) != NULL)
        g_hash_table_add (there, (gpointer) id);
      else
        g_hash_table_remove (there, id);
    }
  for (guint i = 0; i < edit->changes->len; i++)
    {
      const AssayChange *change = nth (edit, i, backward);
      const AssayObject *after = backward ? change->before : change->after;
      if (change->moves)
        move (objects, change_id (change), backward ? change->from : change->to);
      else
        put (objects, change_id (change), after != NULL ? assay_object_copy (after, edit->kind) : NULL, G_MAXUINT);
    }
  return TRUE;
}

/* All but the value. */
static gboolean
same_about (const AssayObject *a, const AssayObject *b)
{
  return assay_id_equal (&a->class_id, &b->class_id) && assay_id_equal (&a->track, &b->track)
         && (a->attributes == b->attributes || json_equal (a->attributes, b->attributes));
}

/* What `change` makes of the object as it is `now`: strokes that met on one value are both kept where the kind can
 * tell them apart, else the later one holds. */
static AssayObject *
meet (const AssayKind *kind, const AssayChange *change, const AssayObject *now)
{
  if (change->after == NULL)
    return NULL;
  AssayObject *after = assay_object_copy (change->after, kind);
  if (now == NULL || change->before == NULL || kind->diff == NULL || kind->patch == NULL
      || kind->equal (now->value, change->before->value))
    return after;
  g_autoptr (json_t) difference = kind->diff (change->before->value, change->after->value);
  gpointer met = difference != NULL ? kind->patch (now->value, difference, FALSE, NULL) : NULL;
  if (met == NULL)
    return after;
  kind->free (after->value);
  after->value = met;
  return after;
}

static json_t *
object_or_null (const AssayObject *object, const AssayTask *task)
{
  return object != NULL ? assay_object_to_json (object, task) : json_null ();
}

static json_t *
change_to_json (const AssayId *id, const AssayObject *now, const AssayObject *after, guint at,
                const AssayTask *task)
{
  const AssayKind *kind = task->kind;
  json_t *json = json_object ();
  json_object_set_new (json, "id", assay_json_id (id));
  json_t *difference
      = now != NULL && after != NULL && kind->diff != NULL && kind->patch != NULL && same_about (now, after)
            ? kind->diff (now->value, after->value)
            : NULL;
  if (difference != NULL)
    {
      json_object_set_new (json, "diff", difference);
      return json;
    }
  if (at != G_MAXUINT)
    json_object_set_new (json, "at", json_integer (at));
  json_object_set_new (json, "before", object_or_null (now, task));
  json_object_set_new (json, "after", object_or_null (after, task));
  return json;
}

/* NULL = it is not there any more. */
static json_t *
move_to_json (GArray *ids, const AssayId *id, guint to)
{
  AssayId moved = *id;
  for (guint i = 0; i < ids->len; i++)
    if (assay_id_equal (&g_array_index (ids, AssayId, i), id))
      {
        g_array_remove_index (ids, i);
        to = MIN (to, ids->len);
        g_array_insert_val (ids, to, moved);
        json_t *json = json_object ();
        json_object_set_new (json, "id", assay_json_id (id));
        json_object_set_new (json, "move", json_pack ("[ii]", (int) i, (int) to));
        return json;
      }
  return NULL;
}

/* Ids in z-order as an edit goes on, so that each removal knows the place it took something from. */
static guint
follow (GArray *ids, const AssayId *id, gboolean there_after)
{
  for (guint i = 0; i < ids->len; i++)
    if (assay_id_equal (&g_array_index (ids, AssayId, i), id))
      {
        if (!there_after)
          g_array_remove_index (ids, i);
        return i;
      }
  if (there_after)
    g_array_append_val (ids, *id);
  return G_MAXUINT;
}

/* Of a gesture, shared evenly by what it changed; to a hundredth, which is finer than they are known. */
static void
add_seconds (json_t *changes, double seconds)
{
  double share = json_array_size (changes) > 0 ? round (seconds * 100 / (double) json_array_size (changes)) / 100 : 0;
  for (gsize i = 0; share > 0 && i < json_array_size (changes); i++)
    json_object_set_new (json_array_get (changes, i), "seconds", json_real (share));
}

json_t *
assay_edit_to_json (const AssayEdit *edit, const AssayObjects *objects, const AssayTask *task, GError **error)
{
  g_autoptr (json_t) changes = json_array ();
  g_autoptr (GArray) ids = g_array_new (FALSE, FALSE, sizeof (AssayId));
  for (guint i = 0; i < objects->list->len; i++)
    g_array_append_val (ids, ((const AssayObject *) objects->list->pdata[i])->id);
  /* Only what is touched is copied; an edit that touches one object twice sees its own first change. */
  g_autoptr (AssayObjects) touched = assay_objects_new (edit->kind);
  for (guint i = 0; i < edit->changes->len; i++)
    {
      const AssayChange *change = edit->changes->pdata[i];
      const AssayId *id = change_id (change);
      json_t *moved = change->moves ? move_to_json (ids, id, change->to) : NULL;
      if (moved != NULL)
        json_array_append_new (changes, moved);
      if (change->moves)
        continue;
      gboolean again = FALSE;
      for (guint j = 0; j < i && !again; j++)
        again = !((const AssayChange *) edit->changes->pdata[j])->moves
                && assay_id_equal (change_id (edit->changes->pdata[j]), id);
      const AssayObject *now = assay_objects_find (again ? touched : objects, id);
      AssayObject *after = meet (edit->kind, change, now);
      guint at = follow (ids, id, after != NULL);
      if (now != NULL || after != NULL)
        json_array_append_new (changes, change_to_json (id, now, after, at, task));
      put (touched, id, after, G_MAXUINT);
    }
  add_seconds (changes, edit->seconds);
  return g_steal_pointer (&changes);
}

static gboolean
replay_one (const json_t *json, AssayObjects *objects, const AssayTask *task, const AssayItem *item,
            gboolean backward, GError **error)
{
  AssayId id;
  gint64 at = -1;
  if (!assay_json_get_id (json, "id", &id))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "reading the journal: a change names no object");
      return FALSE;
    }
  const json_t *moved = json_object_get (json, "move");
  if (moved != NULL)
    {
      double places[2];
      if (!assay_json_to_doubles (moved, places, 2) || !(places[0] >= 0 && places[1] >= 0 && places[0] <= G_MAXINT
                                                         && places[1] <= G_MAXINT))
        return assay_error_bad_data (error, "reading the journal: a move is not [from, to]");
      move (objects, &id, (guint) places[backward ? 0 : 1]);
      return TRUE;
    }
  const json_t *difference = json_object_get (json, "diff");
  if (difference != NULL)
    {
      AssayObject *object = assay_objects_find (objects, &id);
      if (object == NULL || task->kind->patch == NULL)
        return TRUE;
      gpointer value = task->kind->patch (object->value, difference, backward, error);
      if (value == NULL)
        return FALSE;
      task->kind->free (object->value);
      object->value = value;
      return TRUE;
    }
  const json_t *after_json = json_object_get (json, backward ? "before" : "after");
  AssayObject *after = json_is_object (after_json) ? assay_object_from_json (after_json, task, item, error) : NULL;
  if (json_is_object (after_json) && after == NULL)
    return FALSE;
  assay_json_get_int (json, "at", &at);
  put (objects, &id, after, at >= 0 ? (guint) at : G_MAXUINT);
  return TRUE;
}

gboolean
assay_edit_replay (const json_t *changes, AssayObjects *objects, const AssayTask *task, const AssayItem *item,
                   gboolean backward, GError **error)
{
  gsize n = json_array_size (changes);
  for (gsize i = 0; i < n; i++)
    if (!replay_one (json_array_get (changes, backward ? n - 1 - i : i), objects, task, item, backward, error))
      return FALSE;
  return TRUE;
}
