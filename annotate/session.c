/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "annotate/session.h"

#include "annotate/between.h"
#include "annotate/track.h"
#include "core/proposal.h"

#include <math.h>

#define LOOK_US (20 * 1000) /* for rules: a hint is not worth a frame that is seen to be late */
#define WARNING_COLOUR 0xffffff
#define PLACE_SHARE 0.01 /* a speck is pointed out by a frame that is seen with the whole picture on the screen */

struct _AssaySession
{
  AssayItem *item;
  AssayTask *task;
  AssayObjects *objects;
  AssayPicture *picture;
  AssayScene scene; /* borrows all of the above */
  const AssayTool *tool;
  gpointer tool_state;
  guint turn;
  AssayOptions *own_options; /* until somebody shares theirs */
  AssayOptions *options;
  GHashTable *hidden, *locked, *also; /* of AssayId */
  AssayBreach breach;
  gint64 touched_us; /* 0 = nobody yet */
  double seconds, since_edit_s;
};

AssayCamera
assay_camera_assume (guint width_px, guint height_px)
{
  double f = width_px / (2 * tan (30 * G_PI / 180));
  return (
      AssayCamera){ .fx = f, .fy = f, .cx = width_px / 2.0 - 0.5, .cy = height_px / 2.0 - 0.5, .assumed = TRUE };
}

static gboolean
was_touched (const AssayEdit *edit, const AssayObject *object)
{
  for (guint i = 0; i < edit->changes->len; i++)
    {
      const AssayChange *change = edit->changes->pdata[i];
      if (change->after != NULL && assay_id_equal (&change->after->id, &object->id))
        return TRUE;
    }
  return FALSE;
}

/* By the rules, at what an edit left behind; NULL = at everything, the last drawn first. */
static void
look (AssaySession *session, const AssayEdit *edit)
{
  const AssayDrawn drawn = { session->task, session->item, session->objects, g_get_monotonic_time () + LOOK_US };
  assay_breach_clear (&session->breach);
  for (guint i = session->objects->list->len; i-- > 0 && !assay_drawn_is_late (&drawn);)
    {
      const AssayObject *object = session->objects->list->pdata[i];
      if ((edit == NULL || was_touched (edit, object)) && assay_rules_look (&drawn, object, &session->breach))
        return;
    }
}

static void
end_tool (AssaySession *session)
{
  if (session->tool != NULL && session->tool->end != NULL)
    session->tool->end (session->tool_state);
  g_clear_pointer (&session->tool_state, g_free);
  session->tool = NULL;
}

AssaySession *
assay_session_new (const AssayItem *item, const AssayTask *task, AssayObjects *take_objects)
{
  AssaySession *session = g_new0 (AssaySession, 1);
  session->item = assay_item_copy (item);
  session->task = assay_task_copy (task);
  session->objects = take_objects;
  session->scene.item = session->item;
  session->scene.task = session->task;
  session->scene.objects = session->objects;
  session->options = session->own_options = assay_options_new (assay_tool_options ());
  session->scene.options = session->options;
  session->scene.hidden = session->hidden
      = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  session->scene.locked = session->locked
      = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  session->scene.also = session->also = g_hash_table_new_full (assay_id_hash, assay_id_hash_equal, g_free, NULL);
  if (!assay_item_get_camera (item, &session->scene.camera))
    session->scene.camera = assay_camera_assume (item->width_px, item->height_px);
  if (task->classes->len > 0)
    session->scene.current_class = ((const AssayClass *) task->classes->pdata[0])->id;
  assay_session_set_tool (session, assay_tool_for_kind (task->kind));
  look (session, NULL);
  return session;
}

void
assay_session_free (AssaySession *session)
{
  if (session == NULL)
    return;
  end_tool (session);
  assay_breach_clear (&session->breach);
  assay_objects_free (session->objects);
  assay_task_free (session->task);
  assay_item_free (session->item);
  assay_options_free (session->own_options);
  g_hash_table_unref (session->hidden);
  g_hash_table_unref (session->locked);
  g_hash_table_unref (session->also);
  g_clear_pointer (&session->picture, assay_picture_unref);
  g_free (session);
}

const AssayScene *
assay_session_get_scene (const AssaySession *session)
{
  return &session->scene;
}

const AssayTool *
assay_session_get_tool (const AssaySession *session)
{
  return session->tool;
}

gconstpointer
assay_session_get_tool_state (const AssaySession *session)
{
  return session->tool_state;
}

void
assay_session_set_tool (AssaySession *session, const AssayTool *tool)
{
  end_tool (session);
  session->turn++;
  session->tool = tool;
  session->tool_state = tool != NULL ? g_malloc0 (tool->state_size) : NULL;
  if (tool != NULL && tool->begin != NULL)
    tool->begin (session->tool_state);
}

guint
assay_session_get_turn (const AssaySession *session)
{
  return session->turn;
}

void
assay_session_set_class (AssaySession *session, const AssayId *class_id)
{
  session->scene.current_class = *class_id;
}

void
assay_session_select (AssaySession *session, const AssayId *object)
{
  session->scene.selected = *object;
  g_hash_table_remove_all (session->also);
}

void
assay_session_set_picture (AssaySession *session, AssayPicture *picture)
{
  g_clear_pointer (&session->picture, assay_picture_unref);
  session->picture = picture != NULL ? assay_picture_ref (picture) : NULL;
  session->scene.picture = session->picture;
}

void
assay_session_set_model (AssaySession *session, const AssayModel *model)
{
  session->scene.model = model;
}

void
assay_session_set_cursor (AssaySession *session, gint64 sample)
{
  session->scene.cursor = sample;
}

static void
set_member (GHashTable *set, const AssayId *id, gboolean member)
{
  if (member)
    g_hash_table_add (set, g_memdup2 (id, sizeof *id));
  else
    g_hash_table_remove (set, id);
}

void
assay_session_select_more (AssaySession *session, const AssayId *object)
{
  AssayScene *scene = &session->scene;
  gboolean last = assay_id_equal (&scene->selected, object);
  if (assay_id_is_nil (object))
    return;
  if (!last && !g_hash_table_contains (session->also, object))
    {
      if (!assay_id_is_nil (&scene->selected))
        set_member (session->also, &scene->selected, TRUE);
      scene->selected = *object;
      return;
    }
  set_member (session->also, object, FALSE);
  if (!last)
    return;
  g_autoptr (GPtrArray) left = assay_scene_list_selected (scene);
  scene->selected = ASSAY_ID_NIL;
  for (guint i = left->len; i-- > 0 && assay_id_is_nil (&scene->selected);)
    if (!assay_id_equal (&((const AssayObject *) left->pdata[i])->id, object))
      scene->selected = ((const AssayObject *) left->pdata[i])->id;
  set_member (session->also, &scene->selected, FALSE);
}

/* What is not there is not selected. */
static void
prune_selection (AssaySession *session)
{
  GHashTableIter iter;
  gpointer id;
  g_hash_table_iter_init (&iter, session->also);
  while (g_hash_table_iter_next (&iter, &id, NULL))
    if (assay_objects_find (session->objects, id) == NULL)
      g_hash_table_iter_remove (&iter);
  if (assay_objects_find (session->objects, &session->scene.selected) == NULL)
    assay_session_select (session, &ASSAY_ID_NIL);
}

void
assay_session_set_hidden (AssaySession *session, const AssayId *object, gboolean hidden)
{
  set_member (session->hidden, object, hidden);
}

void
assay_session_set_locked (AssaySession *session, const AssayId *object, gboolean locked)
{
  set_member (session->locked, object, locked);
}

void
assay_session_set_options (AssaySession *session, AssayOptions *options)
{
  session->options = options;
  session->scene.options = options;
}

gboolean
assay_session_apply (AssaySession *session, const AssayEdit *edit, GError **error)
{
  if (!assay_edit_apply (edit, session->objects, FALSE, error))
    return FALSE;
  prune_selection (session);
  look (session, edit);
  return TRUE;
}

void
assay_session_input (AssaySession *session, const AssayInput *input, AssayAnswer *answer)
{
  g_autoptr (GError) error = NULL;
  if (session->tool == NULL)
    return;
  session->tool->input (session->tool_state, &session->scene, input, answer);
  if (answer->select && answer->more)
    assay_session_select_more (session, &answer->selected);
  else if (answer->select)
    assay_session_select (session, &answer->selected);
  if (answer->move_cursor)
    session->scene.cursor = answer->cursor;
  if (answer->option != NULL)
    assay_options_set (session->options, answer->option, answer->option_text,
                       NULL); /* beyond its range: stays as it was */
  if (answer->edit == NULL)
    return;
  assay_track_claim (answer->edit);
  g_autofree char *locked = assay_scene_dup_locked (&session->scene, answer->edit);
  if (locked != NULL)
    {
      g_clear_pointer (&answer->edit, assay_edit_free);
      assay_answer_hint (answer, "%s", locked);
      return;
    }
  assay_edit_correct_proposals (answer->edit);
  if (assay_session_apply (session, answer->edit, &error))
    {
      if (session->breach.rule == NULL)
        return;
      g_free (answer->hint);
      answer->hint = assay_session_dup_breach_text (session);
      answer->warning = TRUE;
      return;
    }
  /* The tool spoke of an object that is not there: nothing is changed, and the person is told. */
  g_clear_pointer (&answer->edit, assay_edit_free);
  assay_answer_hint (answer, "%s", error->message);
}

void
assay_session_replace_objects (AssaySession *session, AssayObjects *take_objects)
{
  assay_objects_free (session->objects);
  session->objects = take_objects;
  session->scene.objects = take_objects;
  prune_selection (session);
  look (session, NULL);
}

const AssayBreach *
assay_session_get_breach (const AssaySession *session)
{
  return session->breach.rule != NULL ? &session->breach : NULL;
}

char *
assay_session_dup_breach_text (const AssaySession *session)
{
  const AssayDrawn drawn = { session->task, session->item, session->objects };
  if (session->breach.rule == NULL)
    return NULL;
  g_autofree char *text = assay_breach_dup_text (&session->breach, &drawn);
  return session->breach.remedy != NULL ? g_strdup_printf ("%s (Alt+Enter %s)", text, session->breach.remedy)
                                        : g_steal_pointer (&text);
}

AssayEdit *
assay_session_new_repair (const AssaySession *session)
{
  const AssayDrawn drawn = { session->task, session->item, session->objects };
  return assay_breach_new_repair (&session->breach, &drawn);
}

static void
grow (AssayRect *box, gboolean *any, AssayRect by)
{
  if (!*any)
    {
      *box = by;
      *any = TRUE;
      return;
    }
  double right = MAX (box->x + box->w, by.x + by.w), bottom = MAX (box->y + box->h, by.y + by.h);
  box->x = MIN (box->x, by.x);
  box->y = MIN (box->y, by.y);
  box->w = right - box->x;
  box->h = bottom - box->y;
}

gboolean
assay_session_get_edit_box (const AssaySession *session, const AssayEdit *edit, AssayRect *ret_box)
{
  const AssayKind *kind = session->task->kind;
  gboolean any = FALSE;
  AssayRect all = { 0 };
  for (guint i = 0; i < edit->changes->len; i++)
    {
      const AssayChange *change = edit->changes->pdata[i];
      const AssayObject *sides[2] = { change->before, change->after };
      for (guint s = 0; s < 2; s++)
        {
          AssayRect box = { 0 };
          if (sides[s] == NULL)
            continue;
          if (kind->bounds == NULL || !kind->bounds (sides[s]->value, &box))
            return FALSE;
          grow (&all, &any, box);
        }
    }
  if (any)
    *ret_box = all;
  return any;
}

AssayMarks *
assay_session_list_tool_marks (const AssaySession *session)
{
  AssayMarks *marks = assay_marks_new ();
  if (session->tool != NULL && session->tool->marks != NULL)
    session->tool->marks (session->tool_state, &session->scene, marks);
  const AssayRect *place = &session->breach.place;
  if (session->breach.rule != NULL && session->task->kind->media == ASSAY_MEDIA_PICTURE)
    {
      double pad = fmax (6, PLACE_SHARE * MAX (session->item->width_px, session->item->height_px));
      AssayPoint corners[2]
          = { { place->x - pad, place->y - pad }, { place->x + place->w + pad, place->y + place->h + pad } };
      assay_marks_add_points (marks, ASSAY_MARK_BOX, ASSAY_MARK_DASHED, WARNING_COLOUR, corners, 2, NULL);
    }
  return marks;
}

static void
add_live (const AssaySession *session, const AssayLive *live, AssayMarks *marks)
{
  const AssayObject *object = assay_objects_find (session->objects, &live->object);
  const AssayId *class_id = object != NULL ? &object->class_id : &session->scene.current_class;
  AssayMark mark = { .kind = ASSAY_MARK_MASK,
                     .flags = ASSAY_MARK_SELECTED,
                     .colour = assay_task_class_colour (session->task, class_id),
                     .paint = live->paint };
  assay_marks_add (marks, &mark);
}

AssayMarks *
assay_session_list_marks (const AssaySession *session)
{
  AssayMarks *marks = assay_marks_new ();
  AssayLive live = { 0 };
  gboolean is_live = assay_session_get_live (session, &live);
  for (guint i = 0; session->task->kind->list_marks != NULL && i < session->objects->list->len; i++)
    {
      const AssayObject *object = session->objects->list->pdata[i];
      guint first = marks->marks->len;
      if (assay_scene_is_hidden (&session->scene, &object->id)
          || (is_live && assay_id_equal (&object->id, &live.object)))
        continue;
      session->task->kind->list_marks (object, session->task, marks);
      gboolean selected = assay_scene_is_selected (&session->scene, &object->id);
      gboolean interpolated = assay_object_is_interpolated (object);
      for (guint m = first; m < marks->marks->len; m++)
        {
          AssayMark *mark = &g_array_index (marks->marks, AssayMark, m);
          if (interpolated)
            mark->flags |= ASSAY_MARK_DASHED;
          if (selected)
            mark->flags |= ASSAY_MARK_SELECTED;
          if (mark->kind == ASSAY_MARK_POINT)
            mark->text
                = NULL; /* the tool names the points of the one at work: nothing more stands over the picture */
        }
    }
  if (is_live)
    add_live (session, &live, marks);
  return marks;
}

gboolean
assay_session_get_live (const AssaySession *session, AssayLive *ret_live)
{
  return session->tool != NULL && session->tool->live != NULL
         && session->tool->live (session->tool_state, &session->scene, ret_live);
}

void
assay_session_touch (AssaySession *session, gint64 now_us)
{
  gint64 gap_us = now_us - session->touched_us;
  if (session->touched_us > 0 && gap_us > 0 && gap_us <= ASSAY_SESSION_IDLE_S * G_USEC_PER_SEC)
    {
      session->seconds += (double) gap_us / G_USEC_PER_SEC;
      session->since_edit_s += (double) gap_us / G_USEC_PER_SEC;
    }
  session->touched_us = now_us;
}

void
assay_session_pause (AssaySession *session, gint64 now_us)
{
  if (session->touched_us > 0)
    assay_session_touch (session, now_us);
  session->touched_us = 0;
}

void
assay_session_stamp (AssaySession *session, AssayEdit *edit)
{
  edit->seconds = session->since_edit_s;
  session->since_edit_s = 0;
}

double
assay_session_get_seconds (const AssaySession *session)
{
  return session->seconds;
}

void
assay_session_reset_seconds (AssaySession *session)
{
  session->seconds = 0;
}
