/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/annotation.h"

#include "annotate/track.h"
#include "app/gui/keeper.h"
#include "core/proposal.h"

struct _AssayAnnotation
{
  GObject parent_instance;
  AssayDesk *desk;
  AssayKeeper *keeper;
  gint64 item_row;
  AssaySession *session;
  char *media_path;
  AssayLabelState state;
  GPtrArray *models; /* of AssayModel, one a class; NULL where there is none */
  gboolean left;
  gboolean edited; /* since the last revision that was made */
  guint64 change;        /* the last one */
  gboolean handed_in;    /* or about to be: nothing is changed any more */
  GQueue held;           /* of AssayInput: came during an undo */
  GCancellable *working; /* of the tool's work under way; NULL = none */
  GCancellable *stop;    /* (nullable) what Esc stops before it comes to the tool */
  guint draft;           /* number of what the draft has come to be */
};

G_DEFINE_FINAL_TYPE (AssayAnnotation, assay_annotation, G_TYPE_OBJECT)

enum
{
  SIGNAL_OPENED,
  SIGNAL_FAILED,
  SIGNAL_CHANGED,
  SIGNAL_ANSWERED,
  SIGNAL_SAVING,
  SIGNAL_REVISED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

/* Of any item: an item that is opened again goes on counting. */
static void
count_change (AssayAnnotation *self)
{
  static guint64 n_changes = 0;
  self->change = ++n_changes;
}

static void
hint (AssayAnnotation *self, const char *words)
{
  g_auto (AssayAnswer) answer = { .hint = g_strdup (words) };
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, &answer);
}

static void
tell_changed (AssayAnnotation *self, const AssayRect *dirty)
{
  self->draft++;
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, dirty);
}

/* What the keeper tells */

static void
on_opened (AssayAnnotation *self, AssayOpened *opened)
{
  self->session = assay_session_new (opened->item, opened->task, g_steal_pointer (&opened->objects));
  self->media_path = g_steal_pointer (&opened->media_path);
  self->models = g_steal_pointer (&opened->models);
  self->state = opened->state;
  self->edited = opened->is_drawn && !assay_desk_is_read_only (self->desk);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

static void
on_failed (AssayAnnotation *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static gboolean
is_replaying (AssayAnnotation *self)
{
  return assay_keeper_has (self->keeper, ASSAY_STEP_UNDO | ASSAY_STEP_REDO);
}

/* What came during an undo, once that is behind. */
static void
feed_held (AssayAnnotation *self)
{
  while (!is_replaying (self) && !g_queue_is_empty (&self->held))
    {
      g_autofree AssayInput *input = g_queue_pop_head (&self->held);
      assay_annotation_input (self, input);
    }
}

static void
on_done (AssayAnnotation *self, AssayDone *done)
{
  const AssayStep *step = done->step;
  if (done->objects != NULL)
    {
      count_change (self);
      assay_session_replace_objects (self->session, g_steal_pointer (&done->objects));
      for (const GList *at = assay_keeper_list_steps (self->keeper); at != NULL; at = at->next)
        if (((const AssayStep *) at->data)->kind == ASSAY_STEP_EDIT) /* drawn since, and on its way */
          assay_session_apply (self->session, ((const AssayStep *) at->data)->edit, NULL);
      tell_changed (self, NULL);
    }
  feed_held (self);
  if ((step->kind & (ASSAY_STEP_REVISE | ASSAY_STEP_RECALL)) == 0)
    return;
  self->edited = assay_keeper_has (self->keeper, ASSAY_STEP_EDIT | ASSAY_STEP_UNDO | ASSAY_STEP_REDO);
  self->state = step->kind == ASSAY_STEP_RECALL ? ASSAY_LABEL_DRAFT : step->state;
  g_signal_emit (self, signals[SIGNAL_REVISED], 0, (int) self->state);
}

static void
on_refused (AssayAnnotation *self, const AssayStep *step, const GError *error)
{
  if (step->kind == ASSAY_STEP_REVISE)
    self->handed_in = FALSE;
  hint (self, error->message);
  feed_held (self);
}

/* An undo that cannot be written now is done at any time: what waits for it would appear then, unforeseen. */
static void
on_saving (AssayAnnotation *self)
{
  if (assay_keeper_get_trouble (self->keeper) != NULL)
    g_queue_clear_full (&self->held, g_free);
  g_signal_emit (self, signals[SIGNAL_SAVING], 0);
}

AssayAnnotation *
assay_annotation_new (AssayDesk *desk, gint64 item_row, const AssayTask *task, const AssayAnnotator *annotator)
{
  AssayAnnotation *self = g_object_new (ASSAY_TYPE_ANNOTATION, NULL);
  self->desk = g_object_ref (desk);
  self->item_row = item_row;
  self->keeper = assay_keeper_new (desk, item_row, task, annotator);
  g_signal_connect_object (self->keeper, "opened", G_CALLBACK (on_opened), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keeper, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keeper, "done", G_CALLBACK (on_done), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keeper, "refused", G_CALLBACK (on_refused), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->keeper, "saving", G_CALLBACK (on_saving), self, G_CONNECT_SWAPPED);
  return self;
}

static void
push_edit (AssayAnnotation *self, AssayEdit *take_edit)
{
  self->edited = TRUE;
  count_change (self);
  assay_keeper_push (self->keeper, &(AssayStep){ .kind = ASSAY_STEP_EDIT, .edit = take_edit });
}

static void
push_revision (AssayAnnotation *self, AssayLabelState state, const char *why)
{
  const AssayTool *tool = assay_session_get_tool (self->session);
  AssayStep step = { .kind = ASSAY_STEP_REVISE,
                     .state = state,
                     .seconds = assay_session_get_seconds (self->session),
                     .tool = tool != NULL ? tool->id : "",
                     .why = g_strdup (why) };
  assay_session_reset_seconds (self->session);
  assay_keeper_push (self->keeper, &step);
}

static void
stop_work (AssayAnnotation *self)
{
  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
}

/* No revision holds all of it, and none is under way. */
static gboolean
needs_revision (AssayAnnotation *self)
{
  const GList *last = g_list_last ((GList *) assay_keeper_list_steps (self->keeper));
  while (last != NULL && ((const AssayStep *) last->data)->kind == ASSAY_STEP_REFRESH)
    last = last->prev;
  return self->edited
         && (last == NULL
             || (((const AssayStep *) last->data)->kind & (ASSAY_STEP_REVISE | ASSAY_STEP_RECALL)) == 0);
}

void
assay_annotation_leave (AssayAnnotation *self, AssayDeskDone left, gpointer owner)
{
  if (self->left)
    return;
  if (self->session != NULL && needs_revision (self))
    push_revision (self, ASSAY_LABEL_DRAFT, NULL);
  self->left = TRUE;
  stop_work (self);
  assay_annotation_set_stop (self, NULL);
  assay_keeper_leave (self->keeper, left, owner);
}

/* What others ask for */

AssaySession *
assay_annotation_get_session (AssayAnnotation *self)
{
  return self->session;
}

const char *
assay_annotation_get_media_path (AssayAnnotation *self)
{
  return self->media_path;
}

AssayLabelState
assay_annotation_get_state (AssayAnnotation *self)
{
  return self->state;
}

gint64
assay_annotation_get_item_row (AssayAnnotation *self)
{
  return self->item_row;
}

const AssayModel *
assay_annotation_get_model (AssayAnnotation *self, const AssayId *class_id)
{
  guint i = self->session != NULL
                ? assay_task_class_index (assay_session_get_scene (self->session)->task, class_id)
                : G_MAXUINT;
  return i != G_MAXUINT ? self->models->pdata[i] : NULL;
}

static gboolean
may_edit (AssayAnnotation *self)
{
  return self->session != NULL && !self->left && !self->handed_in && !assay_desk_is_read_only (self->desk);
}

/* Why nothing can be changed just now; NULL = it can. What is read only shows that elsewhere. */
static const char *
why_not_now (AssayAnnotation *self)
{
  if (self->handed_in)
    return "one moment: this answer is being handed in";
  if (is_replaying (self))
    return assay_keeper_get_trouble (self->keeper) != NULL ? "an undo waits until it can be saved"
                                                           : "one moment: undoing";
  return NULL;
}

/* What a tool has reckoned off the main thread */

typedef struct
{
  AssayWork *work;
  guint turn;
} Working;

static void
working_free (gpointer data)
{
  Working *working = data;
  assay_work_free (working->work);
  g_free (working);
}

static void
run_work (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const AssayWork *work = ((Working *) data)->work;
  work->run (work->data, cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
on_worked (GObject *source, GAsyncResult *result, gpointer data)
{
  AssayAnnotation *self = ASSAY_ANNOTATION (source);
  const Working *working = g_task_get_task_data (G_TASK (result));
  if (g_task_get_cancellable (G_TASK (result)) != self->working)
    return; /* another one was asked for since, or nobody waits any more */
  g_clear_object (&self->working);
  AssayInput input = { .kind = ASSAY_INPUT_WORKED, .pressure = 1, .px_per_unit = 1, .work = working->work };
  if (self->session != NULL && working->turn == assay_session_get_turn (self->session))
    assay_annotation_input (self, &input);
}

static void
start_work (AssayAnnotation *self, AssayWork *take_work)
{
  Working *working = g_new0 (Working, 1);
  stop_work (self);
  self->working = g_cancellable_new ();
  *working = (Working){ take_work, assay_session_get_turn (self->session) };
  g_autoptr (GTask) task = g_task_new (self, self->working, on_worked, NULL);
  g_task_set_task_data (task, working, working_free);
  g_task_run_in_thread (task, run_work);
}

/* Said while an undo is under way: it is about what the undo leaves. Work that is done meanwhile was reckoned from what
 * it takes back. */
static void
hold (AssayAnnotation *self, const AssayInput *input)
{
  if (input->kind == ASSAY_INPUT_WORKED || (input->kind == ASSAY_INPUT_MOVE && input->button == 0))
    return;
  if (assay_keeper_get_trouble (self->keeper) != NULL)
    {
      hint (self, why_not_now (self));
      return;
    }
  AssayInput *held = g_memdup2 (input, sizeof *input);
  held->key = g_intern_string (input->key);
  g_queue_push_tail (&self->held, held);
}

gboolean
assay_annotation_input (AssayAnnotation *self, const AssayInput *input)
{
  g_auto (AssayAnswer) answer = { 0 };
  AssayRect dirty = { 0 };
  if (!may_edit (self))
    return FALSE;
  if (input->kind != ASSAY_INPUT_MOVE || input->button != 0)
    assay_session_touch (self->session, g_get_monotonic_time ());
  if (input->kind == ASSAY_INPUT_CANCEL && self->stop != NULL)
    {
      assay_annotation_set_stop (self, NULL);
      hint (self, "stopped: nothing is changed");
      return TRUE;
    }
  if (is_replaying (self))
    {
      hold (self, input);
      return TRUE;
    }
  assay_session_input (self->session, input, &answer);
  if (answer.edit != NULL)
    {
      gboolean known = assay_session_get_edit_box (self->session, answer.edit, &dirty);
      assay_session_stamp (self->session, answer.edit);
      push_edit (self, g_steal_pointer (&answer.edit));
      tell_changed (self, known ? &dirty : NULL);
    }
  if (answer.work != NULL)
    start_work (self, g_steal_pointer (&answer.work));
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, &answer);
  return answer.used;
}

guint
assay_annotation_get_draft (AssayAnnotation *self)
{
  return self->draft;
}

void
assay_annotation_set_stop (AssayAnnotation *self, GCancellable *stop)
{
  if (self->stop == stop)
    return;
  g_cancellable_cancel (self->stop);
  g_set_object (&self->stop, stop);
}

GCancellable *
assay_annotation_get_stop (AssayAnnotation *self)
{
  return self->stop;
}

gboolean
assay_annotation_is_busy (AssayAnnotation *self)
{
  return self->session == NULL || why_not_now (self) != NULL;
}

gboolean
assay_annotation_edit (AssayAnnotation *self, AssayEdit *take_edit)
{
  g_autoptr (AssayEdit) edit = take_edit;
  g_autoptr (GError) error = NULL;
  AssayRect dirty = { 0 };
  if (edit == NULL || self->session == NULL)
    return FALSE;
  if (why_not_now (self) != NULL)
    hint (self, why_not_now (self));
  if (why_not_now (self) != NULL || !may_edit (self))
    return FALSE;
  assay_edit_correct_proposals (edit);
  assay_track_claim (edit);
  g_autofree char *locked = assay_scene_dup_locked (assay_session_get_scene (self->session), edit);
  if (locked != NULL || !assay_session_apply (self->session, edit, &error))
    {
      hint (self, locked != NULL ? locked : error->message);
      return FALSE;
    }
  assay_session_touch (self->session, g_get_monotonic_time ());
  gboolean known = assay_session_get_edit_box (self->session, edit, &dirty);
  assay_session_stamp (self->session, edit);
  push_edit (self, g_steal_pointer (&edit));
  tell_changed (self, known ? &dirty : NULL);
  return TRUE;
}

char *
assay_annotation_repair (AssayAnnotation *self)
{
  AssayEdit *edit = may_edit (self) ? assay_session_new_repair (self->session) : NULL;
  g_autofree char *name = edit != NULL ? g_strdup (edit->name) : NULL;
  return assay_annotation_edit (self, edit) ? g_steal_pointer (&name) : NULL;
}

static void
replay (AssayAnnotation *self, AssayStepKind kind)
{
  if (!may_edit (self))
    return;
  self->edited = TRUE;
  count_change (self);
  assay_keeper_push (self->keeper, &(AssayStep){ .kind = kind });
}

guint64
assay_annotation_get_change (AssayAnnotation *self)
{
  return self->change;
}

void
assay_annotation_undo (AssayAnnotation *self)
{
  replay (self, ASSAY_STEP_UNDO);
}

void
assay_annotation_redo (AssayAnnotation *self)
{
  replay (self, ASSAY_STEP_REDO);
}

const char *
assay_annotation_get_undo_name (AssayAnnotation *self)
{
  return assay_keeper_get_undo_name (self->keeper);
}

const char *
assay_annotation_get_redo_name (AssayAnnotation *self)
{
  return assay_keeper_get_redo_name (self->keeper);
}

void
assay_annotation_revise (AssayAnnotation *self, AssayLabelState state, const char *why)
{
  if (!may_edit (self))
    return;
  stop_work (self); /* what it finds would take the answer back */
  self->handed_in = state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SKIPPED;
  push_revision (self, state, why);
}

gboolean
assay_annotation_is_handed_in (AssayAnnotation *self)
{
  return self->handed_in;
}

void
assay_annotation_stay (AssayAnnotation *self)
{
  self->handed_in = FALSE;
}

void
assay_annotation_recall (AssayAnnotation *self)
{
  if (may_edit (self))
    assay_keeper_push (self->keeper, &(AssayStep){ .kind = ASSAY_STEP_RECALL });
}

AssaySaving
assay_annotation_get_saving (AssayAnnotation *self, const char **ret_why)
{
  const char *trouble = assay_keeper_get_trouble (self->keeper);
  if (ret_why != NULL && trouble != NULL)
    *ret_why = trouble;
  if (trouble != NULL)
    return ASSAY_NOT_SAVED;
  return assay_keeper_has (self->keeper, ~(guint) ASSAY_STEP_REFRESH) ? ASSAY_SAVING : ASSAY_SAVED;
}

void
assay_annotation_try_now (AssayAnnotation *self)
{
  assay_keeper_try_now (self->keeper);
}

gboolean
assay_annotation_is_trying (AssayAnnotation *self)
{
  return assay_keeper_is_trying (self->keeper);
}

guint
assay_annotation_count_unsaved (AssayAnnotation *self)
{
  guint n = 0;
  for (const GList *at = assay_keeper_list_steps (self->keeper); at != NULL; at = at->next)
    n += (((const AssayStep *) at->data)->kind & (ASSAY_STEP_EDIT | ASSAY_STEP_UNDO | ASSAY_STEP_REDO)) != 0;
  return n;
}

static void
assay_annotation_dispose (GObject *object)
{
  AssayAnnotation *self = ASSAY_ANNOTATION (object);
  if (self->desk != NULL)
    assay_annotation_leave (self, NULL, NULL);
  g_clear_object (&self->keeper);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (assay_annotation_parent_class)->dispose (object);
}

static void
assay_annotation_finalize (GObject *object)
{
  AssayAnnotation *self = ASSAY_ANNOTATION (object);
  assay_session_free (self->session);
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_queue_clear_full (&self->held, g_free);
  g_free (self->media_path);
  G_OBJECT_CLASS (assay_annotation_parent_class)->finalize (object);
}

static guint
signal_new (GObjectClass *class, const char *name, GType argument)
{
  if (argument == G_TYPE_NONE)
    return g_signal_new (name, G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  return g_signal_new (name, G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                       argument);
}

static void
assay_annotation_class_init (AssayAnnotationClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->dispose = assay_annotation_dispose;
  object_class->finalize = assay_annotation_finalize;
  signals[SIGNAL_OPENED] = signal_new (object_class, "opened", G_TYPE_NONE);
  signals[SIGNAL_FAILED] = signal_new (object_class, "failed", G_TYPE_POINTER);
  signals[SIGNAL_CHANGED] = signal_new (object_class, "changed", G_TYPE_POINTER);
  signals[SIGNAL_ANSWERED] = signal_new (object_class, "answered", G_TYPE_POINTER);
  signals[SIGNAL_SAVING] = signal_new (object_class, "saving", G_TYPE_NONE);
  signals[SIGNAL_REVISED] = signal_new (object_class, "revised", G_TYPE_INT);
}

static void
assay_annotation_init (AssayAnnotation *self)
{
  g_queue_init (&self->held);
}
