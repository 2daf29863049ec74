/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Segments of a sound. Positions are sample indices and stay exact; neighbours never overlap by dragging.
 * Everything can be done with keys: the cursor goes with the playing, Enter ends a segment there, I cuts, J joins,
 * [ and ] nudge. */
#include "annotate/hearing.h"
#include "core/transcript.h"

#include <math.h>
#include <string.h>

#define NUDGE_S 0.01

typedef enum
{
  NOTHING,
  MAKING,
  START,
  END
} Drag;

typedef struct
{
  Drag drag;
  gint64 from, to; /* MAKING: where the drag began and stands; START, END: the boundaries as they would be */
  gint64 pressed;
} Segmenting;

static const AssaySegment *
segment_of (const AssayObject *object)
{
  return object->value;
}

static const AssayObject *
object_at (const AssayScene *scene, guint i)
{
  return scene->objects->list->pdata[i];
}

/* Free room round a sample, between the segments other than `except`: [low, high). */
static void
room_around (const AssayScene *scene, gint64 at, const AssayObject *except, gint64 *ret_low, gint64 *ret_high)
{
  assay_item_get_samples (scene->item, ret_low, ret_high);
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssaySegment *segment = segment_of (object_at (scene, i));
      if (object_at (scene, i) == except)
        continue;
      if (segment->end <= at)
        *ret_low = MAX (*ret_low, segment->end);
      if (segment->start >= at)
        *ret_high = MIN (*ret_high, segment->start);
    }
}

/* The segment that covers a sample; the selected one first, where several do. */
static const AssayObject *
find_at (const AssayScene *scene, gint64 at)
{
  const AssayObject *found = NULL;
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *object = object_at (scene, i);
      if (at < segment_of (object)->start || at >= segment_of (object)->end)
        continue;
      if (found == NULL || assay_id_equal (&object->id, &scene->selected))
        found = object;
    }
  return found;
}

/* The one that begins at or after the end of `object`. */
static const AssayObject *
find_after (const AssayScene *scene, const AssayObject *object)
{
  const AssayObject *found = NULL;
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *other = object_at (scene, i);
      if (segment_of (other)->start < segment_of (object)->end
          || (found != NULL && segment_of (other)->start >= segment_of (found)->start))
        continue;
      found = other;
    }
  return found;
}

static AssayObject *
with_segment (const AssayScene *scene, const AssayObject *object, gint64 start, gint64 end, const char *text)
{
  const AssaySegment *old = segment_of (object);
  AssaySegment *segment = assay_segment_new (start, end, text, old->speaker);
  segment->unclear = old->unclear;
  AssayObject *after = assay_object_copy (object, scene->task->kind);
  scene->task->kind->free (after->value);
  after->value = segment;
  return after;
}

static void
edit_bounds (const AssayScene *scene, const AssayObject *object, gint64 start, gint64 end, AssayAnswer *answer)
{
  answer->edit = assay_edit_new (scene->task->kind, "boundary");
  assay_edit_take (answer->edit, assay_object_copy (object, scene->task->kind),
                   with_segment (scene, object, start, end, segment_of (object)->text));
}

static void
edit_new (const AssayScene *scene, gint64 start, gint64 end, AssayAnswer *answer)
{
  AssayObject *made = assay_object_new (&scene->current_class, assay_segment_new (start, end, "", NULL));
  answer->edit = assay_edit_new (scene->task->kind, "segment");
  assay_answer_select (answer, made->id);
  assay_answer_hint (answer, "type what is said · Ctrl+Space plays it · Enter goes on");
  assay_edit_take (answer->edit, NULL, made);
}

static gint64
inside_item (const AssayScene *scene, gint64 sample)
{
  gint64 from = 0, to = 0;
  assay_item_get_samples (scene->item, &from, &to);
  return CLAMP (sample, from, to);
}

static gint64
sample_at (const AssayScene *scene, const AssayInput *input)
{
  return inside_item (scene, (gint64) llround (input->at.x));
}

/* A boundary of the selected segment, else of any other, within reach. */
static const AssayObject *
find_boundary (const AssayScene *scene, const AssayInput *input, Drag *ret_drag)
{
  const AssayObject *found = NULL;
  double best = ASSAY_TOOL_REACH_PX;
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *object = object_at (scene, i);
      double preferred = assay_id_equal (&object->id, &scene->selected) ? 0.5 : 0;
      double start = fabs (input->at.x - (double) segment_of (object)->start) * input->px_per_unit - preferred;
      double ends = fabs (input->at.x - (double) segment_of (object)->end) * input->px_per_unit - preferred;
      if (MIN (start, ends) >= best)
        continue;
      best = MIN (start, ends);
      *ret_drag = start <= ends ? START : END;
      found = object;
    }
  return found;
}

static void
press (Segmenting *self, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  gint64 at = sample_at (scene, in);
  Drag drag = NOTHING;
  const AssayObject *object = find_boundary (scene, in, &drag);
  answer->used = answer->redraw = TRUE;
  self->pressed = at;
  if (object != NULL)
    {
      self->drag = drag;
      self->from = segment_of (object)->start;
      self->to = segment_of (object)->end;
      assay_answer_select (answer, object->id);
      return;
    }
  object = find_at (scene, at);
  assay_answer_select (answer, object != NULL ? object->id : ASSAY_ID_NIL);
  assay_answer_move_cursor (answer, scene, at);
  if (object != NULL)
    return;
  self->drag = MAKING;
  self->from = self->to = at;
}

static void
move (Segmenting *self, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  gint64 at = sample_at (scene, in), low = 0, high = 0;
  if (self->drag == NOTHING || (self->drag != MAKING && object == NULL))
    return;
  answer->used = answer->redraw = TRUE;
  if (self->drag == MAKING)
    {
      room_around (scene, self->from, NULL, &low, &high);
      self->to = CLAMP (at, low, high);
      return;
    }
  const AssaySegment *segment = segment_of (object);
  room_around (scene, segment->start, object, &low, &high);
  if (self->drag == START)
    self->from = CLAMP (at, low, segment->end - 1);
  room_around (scene, segment->end, object, &low, &high);
  if (self->drag == END)
    self->to = CLAMP (at, segment->start + 1, high);
}

static void
release (Segmenting *self, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  Drag drag = self->drag;
  self->drag = NOTHING;
  if (drag == NOTHING)
    return;
  answer->used = answer->redraw = TRUE;
  gint64 start = MIN (self->from, self->to), end = MAX (self->from, self->to);
  /* A click is no segment: it only put the cursor there. */
  gboolean dragged = fabs ((double) (sample_at (scene, in) - self->pressed)) * in->px_per_unit >= 3;
  if (!dragged || end <= start)
    return;
  if (drag == MAKING)
    edit_new (scene, start, end, answer);
  else if (object != NULL && (start != segment_of (object)->start || end != segment_of (object)->end))
    edit_bounds (scene, object, start, end, answer);
}

/* Words go with the share of time before the cut; they can be typed where they belong in a moment. */
static void
split_words (const char *text, double share, char **ret_first, char **ret_second)
{
  g_auto (GStrv) words = g_strsplit_set (text, " \t\n", -1);
  g_autoptr (GString) first = g_string_new (NULL), second = g_string_new (NULL);
  guint n = g_strv_length (words), n_first = (guint) lround (share * n);
  for (guint i = 0; i < n; i++)
    {
      GString *part = i < n_first ? first : second;
      if (*words[i] != '\0')
        g_string_append_printf (part, "%s%s", part->len > 0 ? " " : "", words[i]);
    }
  *ret_first = g_string_free (g_steal_pointer (&first), FALSE);
  *ret_second = g_string_free (g_steal_pointer (&second), FALSE);
}

static void
split (const AssayScene *scene, AssayAnswer *answer)
{
  const AssayObject *object = find_at (scene, scene->cursor);
  answer->used = TRUE;
  if (object == NULL || scene->cursor <= segment_of (object)->start)
    {
      assay_answer_hint (answer, "put the cursor inside a segment to cut it there");
      return;
    }
  const AssaySegment *segment = segment_of (object);
  double share = (double) (scene->cursor - segment->start) / (double) (segment->end - segment->start);
  g_autofree char *first = NULL, *second = NULL;
  split_words (segment->text, share, &first, &second);
  AssayObject *later = with_segment (scene, object, scene->cursor, segment->end, second);
  later->id = assay_id_new ();
  answer->edit = assay_edit_new (scene->task->kind, "cut");
  assay_edit_take (answer->edit, assay_object_copy (object, scene->task->kind),
                   with_segment (scene, object, segment->start, scene->cursor, first));
  assay_answer_select (answer, later->id);
  assay_edit_take (answer->edit, NULL, later);
}

static void
join (const AssayScene *scene, AssayAnswer *answer)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  const AssayObject *next = object != NULL ? find_after (scene, object) : NULL;
  answer->used = TRUE;
  if (next == NULL)
    {
      assay_answer_hint (answer, "select the segment that the next one should be joined to");
      return;
    }
  const AssaySegment *a = segment_of (object), *b = segment_of (next);
  g_autofree char *both = g_strdup_printf ("%s %s", a->text, b->text);
  g_strstrip (both);
  answer->edit = assay_edit_new (scene->task->kind, "join");
  assay_edit_take (answer->edit, assay_object_copy (object, scene->task->kind),
                   with_segment (scene, object, a->start, b->end, both));
  assay_edit_take (answer->edit, assay_object_copy (next, scene->task->kind), NULL);
}

/* From the end of what came before to the cursor: typing along while it plays. */
static void
finish (const AssayScene *scene, AssayAnswer *answer)
{
  gint64 low = 0, high = 0;
  answer->used = TRUE;
  if (scene->cursor > 0 && find_at (scene, scene->cursor - 1) == NULL)
    room_around (scene, scene->cursor, NULL, &low, &high);
  if (low >= scene->cursor || high == 0)
    {
      assay_answer_hint (answer, "play on to where the segment ends, then Enter");
      return;
    }
  edit_new (scene, low, scene->cursor, answer);
}

/* The boundary of the selected segment that is nearer to the cursor. */
static void
nudge (const AssayScene *scene, int direction, AssayAnswer *answer)
{
  const AssayObject *object = assay_scene_get_selected (scene);
  answer->used = TRUE;
  if (object == NULL)
    return;
  const AssaySegment *segment = segment_of (object);
  gint64 by = direction * (gint64) lround (NUDGE_S * scene->item->rate_hz), low = 0, high = 0;
  gboolean at_start = ABS (scene->cursor - segment->start) <= ABS (scene->cursor - segment->end);
  gint64 start = segment->start, end = segment->end;
  room_around (scene, at_start ? start : end, object, &low, &high);
  if (at_start)
    start = CLAMP (start + by, low, end - 1);
  else
    end = CLAMP (end + by, start + 1, high);
  if (start != segment->start || end != segment->end)
    edit_bounds (scene, object, start, end, answer);
  assay_answer_move_cursor (answer, scene, at_start ? start : end);
}

/* Tab: the next segment by time, from the cursor or the selected one on; Shift+Tab the one before. */
static void
select_neighbour (const AssayScene *scene, gboolean back, AssayAnswer *answer)
{
  const AssayObject *selected = assay_scene_get_selected (scene), *found = NULL;
  gint64 from = selected != NULL ? segment_of (selected)->start : scene->cursor;
  answer->used = TRUE;
  for (guint i = 0; i < scene->objects->list->len; i++)
    {
      const AssayObject *object = object_at (scene, i);
      gint64 start = segment_of (object)->start, best = found != NULL ? segment_of (found)->start : 0;
      if (object == selected || (back ? start > from : start < from))
        continue;
      if (found == NULL || (back ? start > best : start < best))
        found = object;
    }
  if (found == NULL)
    return;
  assay_answer_select (answer, found->id);
  assay_answer_move_cursor (answer, scene, segment_of (found)->start);
}

static void
key (const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  if (assay_input_is_key (in, "i"))
    split (scene, answer);
  else if (assay_input_is_key (in, "j"))
    join (scene, answer);
  else if (assay_input_is_key (in, "Enter"))
    finish (scene, answer);
  else if (assay_input_is_key (in, "bracketleft"))
    nudge (scene, -1, answer);
  else if (assay_input_is_key (in, "bracketright"))
    nudge (scene, 1, answer);
  else if (assay_input_is_key (in, "Tab"))
    select_neighbour (scene, (in->flags & ASSAY_INPUT_SHIFT) != 0, answer);
  else
    assay_hearing_input (scene, in, answer);
}

static void
input (gpointer state, const AssayScene *scene, const AssayInput *in, AssayAnswer *answer)
{
  Segmenting *self = state;
  switch (in->kind)
    {
    case ASSAY_INPUT_PRESS:
      if (in->button == 1)
        press (self, scene, in, answer);
      return;
    case ASSAY_INPUT_MOVE:
      move (self, scene, in, answer);
      return;
    case ASSAY_INPUT_RELEASE:
      release (self, scene, in, answer);
      return;
    case ASSAY_INPUT_KEY:
      key (scene, in, answer);
      return;
    case ASSAY_INPUT_SCROLL:
    case ASSAY_INPUT_WORKED:
      return;
    case ASSAY_INPUT_CANCEL:
      answer->used = self->drag != NOTHING || !assay_id_is_nil (&scene->selected);
      self->drag = NOTHING;
      assay_answer_select (answer, ASSAY_ID_NIL);
      return;
    }
}

static void
list_marks (gconstpointer state, const AssayScene *scene, AssayMarks *marks)
{
  const Segmenting *self = state;
  const AssayObject *object = assay_scene_get_selected (scene);
  if (self->drag == NOTHING)
    return;
  AssayId class_id = object != NULL ? object->class_id : scene->current_class;
  AssayPoint corners[2]
      = { { (double) MIN (self->from, self->to), 0 }, { (double) MAX (self->from, self->to), 1 } };
  assay_marks_add_points (marks, ASSAY_MARK_BOX, ASSAY_MARK_SELECTED, assay_scene_colour (scene, &class_id),
                          corners, 2, NULL);
}

static const char *const kinds[] = { "transcript", NULL };

const AssayTool assay_tool_segment = {
  .id = "segment",
  .title = "Segment",
  .key = "s",
  .icon = "assay-transcript-symbolic",
  .help = "drag, or play and Enter: a segment · I cuts · J joins · [ ] nudge · , . step · Tab the next one",
  .kinds = kinds,
  .state_size = sizeof (Segmenting),
  .input = input,
  .marks = list_marks,
};
