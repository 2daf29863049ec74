/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/annotation.h"

#include "annotate/track.h"
#include "app/gui/class-models.h"
#include "core/error.h"
#include "core/media.h"
#include "core/proposal.h"

#define RETRY_MS 2000

/* What happens on the writer thread, in order. EDIT carries an edit, REVISE a state; REFRESH takes in what other
 * windows and programs have added. */
typedef enum
{
  EDIT,
  UNDO,
  REDO,
  REVISE,
  RECALL,
  REFRESH
} StepKind;

typedef struct
{
  StepKind kind;
  AssayEdit *edit;
  AssayLabelState state;
  double seconds;
  const char *tool; /* id, static */
  char *why;        /* (nullable) REVISE: its comment */
  gboolean resync;  /* REFRESH: the draft here went another way than the journal, which holds */
} Step;

/* The journal's side. Made, used and freed on the writer thread; freed by the last thing asked of it. */
typedef struct
{
  AssayItem *item;
  AssayTask *task;
  AssayAnnotator *annotator;
  AssayJournal *journal;
  gboolean failed; /* the last step was not done */
} Keeper;

struct _AssayAnnotation
{
  GObject parent_instance;
  AssayDesk *desk;
  Keeper *keeper;
  gint64 item_row;
  AssaySession *session;
  char *media_path;
  AssayLabelState state;
  GPtrArray *models; /* of AssayModel, one a class; NULL where there is none */
  GQueue steps;      /* of Step: not yet known to be done; the first is under way */
  gboolean under_way, left, edited;
  gboolean handed_in; /* or about to be: nothing is changed any more */
  guint retry;
  char *why_not_saved, *undo_name, *redo_name;
  GQueue held;           /* of AssayInput: came during an undo */
  GCancellable *working; /* of the tool's work under way; NULL = none */
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

static void
step_free (gpointer data)
{
  Step *step = data;
  assay_edit_free (step->edit);
  g_free (step->why);
  g_free (step);
}

static void pump (AssayAnnotation *self);
static void queue_refresh (AssayAnnotation *self, gboolean resync);

/* Opening */

typedef struct
{
  Keeper *keeper;
  gint64 item_row;
  AssayObjects *objects;
  char *media_path, *undo_name, *redo_name;
  AssayLabelState state;
  GPtrArray *models;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;
  assay_objects_free (opening->objects);
  g_clear_pointer (&opening->models, g_ptr_array_unref);
  g_free (opening->media_path);
  g_free (opening->undo_name);
  g_free (opening->redo_name);
  g_free (opening);
}

static gboolean
open_work (AssayProject *project, gpointer data, GError **error)
{
  Opening *opening = data;
  Keeper *keeper = opening->keeper;
  keeper->item = assay_item_get_row (project->store, opening->item_row, error);
  if (keeper->item == NULL)
    return FALSE;
  keeper->journal = assay_journal_open (project->store, keeper->item, keeper->task, keeper->annotator, error);
  if (keeper->journal == NULL)
    return FALSE;
  if (!assay_label_get_state (project->store, opening->item_row, keeper->task->row, keeper->annotator->row,
                              &opening->state, error))
    return FALSE;
  opening->objects = assay_objects_copy (assay_journal_get_objects (keeper->journal));
  opening->undo_name = g_strdup (assay_journal_get_undo_name (keeper->journal));
  opening->redo_name = g_strdup (assay_journal_get_redo_name (keeper->journal));
  opening->media_path = assay_item_dup_path (project, keeper->item);
  /* A class whose mesh cannot be read has none: the tool says what to do. */
  opening->models = assay_class_models_load (project, keeper->task);
  return TRUE;
}

/* Somebody committed something: perhaps to this draft. */
static void
on_desk_changed (AssayAnnotation *self)
{
  if (self->session == NULL || self->left || !g_queue_is_empty (&self->steps)
      || assay_desk_is_read_only (self->desk))
    return;
  queue_refresh (self, FALSE);
  pump (self);
}

static void
opened (gpointer owner, gpointer data, const GError *error)
{
  AssayAnnotation *self = owner;
  Opening *opening = data;
  if (error != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return;
    }
  self->session = assay_session_new (self->keeper->item, self->keeper->task, g_steal_pointer (&opening->objects));
  self->media_path = g_steal_pointer (&opening->media_path);
  self->undo_name = g_steal_pointer (&opening->undo_name);
  self->redo_name = g_steal_pointer (&opening->redo_name);
  self->models = g_steal_pointer (&opening->models);
  self->state = opening->state;
  /* Drawn in a sitting that ended without leaving the item: it becomes a revision this time. */
  self->edited = self->state == ASSAY_LABEL_TODO && assay_session_get_scene (self->session)->objects->list->len > 0;
  g_signal_connect_object (self->desk, "changed", G_CALLBACK (on_desk_changed), self, G_CONNECT_SWAPPED);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0);
}

AssayAnnotation *
assay_annotation_new (AssayDesk *desk, gint64 item_row, const AssayTask *task, const AssayAnnotator *annotator)
{
  AssayAnnotation *self = g_object_new (ASSAY_TYPE_ANNOTATION, NULL);
  Opening *opening = g_new0 (Opening, 1);
  self->desk = g_object_ref (desk);
  self->item_row = item_row;
  self->keeper = g_new0 (Keeper, 1);
  self->keeper->task = assay_task_copy (task);
  self->keeper->annotator = g_new0 (AssayAnnotator, 1);
  *self->keeper->annotator = *annotator;
  self->keeper->annotator->name = g_strdup (annotator->name);
  opening->keeper = self->keeper;
  opening->item_row = item_row;
  assay_desk_run (desk, open_work, opening, opening_free, opened, self);
  return self;
}

/* One step on the writer thread */

typedef struct
{
  Keeper *keeper;
  Step step;             /* its edit is a copy: the journal takes it */
  AssayObjects *objects; /* after UNDO and REDO */
  char *undo_name, *redo_name;
} Doing;

static void
doing_free (gpointer data)
{
  Doing *doing = data;
  assay_edit_free (doing->step.edit);
  assay_objects_free (doing->objects);
  g_free (doing->undo_name);
  g_free (doing->redo_name);
  g_free (doing);
}

static gboolean
do_step (Keeper *keeper, Step *step, GError **error)
{
  switch (step->kind)
    {
    case EDIT:
      return assay_journal_append (keeper->journal, g_steal_pointer (&step->edit), error);
    case UNDO:
      return assay_journal_get_undo_name (keeper->journal) == NULL || assay_journal_undo (keeper->journal, error);
    case REDO:
      return assay_journal_get_redo_name (keeper->journal) == NULL || assay_journal_redo (keeper->journal, error);
    case REFRESH:
      return TRUE;
    case RECALL:
      return assay_journal_recall (keeper->journal, error);
    case REVISE:
    default:
      return assay_journal_make_revision (keeper->journal, step->state, step->seconds, step->tool, NULL, step->why,
                                          error);
    }
}

static gboolean
step_work (AssayProject *project, gpointer data, GError **error)
{
  Doing *doing = data;
  Keeper *keeper = doing->keeper;
  StepKind kind = doing->step.kind;
  gboolean changed = kind == UNDO || kind == REDO || doing->step.resync, by_others = FALSE;
  keeper->failed
      = !assay_journal_refresh (keeper->journal, &by_others, error) || !do_step (keeper, &doing->step, error);
  if (keeper->failed)
    return FALSE;
  if (changed || by_others)
    doing->objects = assay_objects_copy (assay_journal_get_objects (keeper->journal));
  doing->undo_name = g_strdup (assay_journal_get_undo_name (keeper->journal));
  doing->redo_name = g_strdup (assay_journal_get_redo_name (keeper->journal));
  return TRUE;
}

static gboolean
try_again (gpointer data)
{
  AssayAnnotation *self = data;
  self->retry = 0;
  pump (self);
  return G_SOURCE_REMOVE;
}

static void
queue_refresh (AssayAnnotation *self, gboolean resync)
{
  Step *step = g_new0 (Step, 1);
  *step = (Step){ .kind = REFRESH, .resync = resync };
  g_queue_push_tail (&self->steps, step);
}

static void
not_done (AssayAnnotation *self, const GError *error)
{
  Step *step = g_queue_peek_head (&self->steps);
  gboolean refused = g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA);
  if (step->kind == RECALL) /* settled meanwhile: nothing is unsaved, and what stands stays */
    {
      AssayAnswer answer = { .hint = g_strdup (error->message) };
      g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, &answer);
      assay_answer_clear (&answer);
      step_free (g_queue_pop_head (&self->steps));
      return;
    }
  g_free (self->why_not_saved);
  self->why_not_saved = g_strdup (error->message);
  /* An edit is somebody's work: it waits here until it can be written. One that the journal refuses never could be:
   * the screen shows what the journal has. The rest can be asked for again. */
  if (step->kind == EDIT && !refused)
    {
      self->retry = g_timeout_add (RETRY_MS, try_again, self);
      return;
    }
  if (step->kind == EDIT)
    queue_refresh (self, TRUE);
  if (step->kind == REVISE)
    self->handed_in = FALSE;
  step_free (g_queue_pop_head (&self->steps));
}

static void
feed_held (AssayAnnotation *self)
{
  while (!g_queue_is_empty (&self->held))
    {
      g_autofree AssayInput *input = g_queue_pop_head (&self->held);
      assay_annotation_input (self, input);
    }
}

static void
done (AssayAnnotation *self, Doing *doing)
{
  Step *step = g_queue_pop_head (&self->steps);
  g_clear_pointer (&self->why_not_saved, g_free);
  g_free (self->undo_name);
  g_free (self->redo_name);
  self->undo_name = g_steal_pointer (&doing->undo_name);
  self->redo_name = g_steal_pointer (&doing->redo_name);
  if (doing->objects != NULL)
    {
      assay_session_replace_objects (self->session, g_steal_pointer (&doing->objects));
      for (GList *at = self->steps.head; at != NULL; at = at->next) /* drawn since, and on their way */
        if (((Step *) at->data)->kind == EDIT)
          assay_session_apply (self->session, ((Step *) at->data)->edit, NULL);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0, NULL);
      feed_held (self);
    }
  if (step->kind == RECALL)
    step->state = ASSAY_LABEL_DRAFT;
  if (step->kind == REVISE || step->kind == RECALL)
    {
      self->state = step->state;
      g_signal_emit (self, signals[SIGNAL_REVISED], 0, (int) step->state);
    }
  step_free (step);
}

static void
step_done (gpointer owner, gpointer data, const GError *error)
{
  AssayAnnotation *self = owner;
  if (self->left)
    return;
  g_object_ref (self);
  self->under_way = FALSE;
  if (error != NULL)
    not_done (self, error);
  else
    done (self, data);
  pump (self);
  g_signal_emit (self, signals[SIGNAL_SAVING], 0);
  g_object_unref (self);
}

static void
pump (AssayAnnotation *self)
{
  Step *step = g_queue_peek_head (&self->steps);
  if (step == NULL || self->under_way || self->retry != 0)
    return;
  Doing *doing = g_new0 (Doing, 1);
  doing->keeper = self->keeper;
  doing->step = *step;
  doing->step.edit = step->edit != NULL ? assay_edit_copy (step->edit) : NULL;
  self->under_way = TRUE;
  assay_desk_run (self->desk, step_work, doing, doing_free, step_done, self);
}

static void
push_step (AssayAnnotation *self, StepKind kind, AssayEdit *take_edit, AssayLabelState state, const char *why)
{
  Step *step = g_new0 (Step, 1);
  const AssayTool *tool = assay_session_get_tool (self->session);
  *step = (Step){ kind, take_edit, state, assay_session_get_seconds (self->session), tool != NULL ? tool->id : "",
                  g_strdup (why) };
  if (kind == REVISE)
    assay_session_reset_seconds (self->session);
  self->edited = kind != REVISE && kind != RECALL;
  g_queue_push_tail (&self->steps, step);
  pump (self);
  g_signal_emit (self, signals[SIGNAL_SAVING], 0);
}

static void
push (AssayAnnotation *self, StepKind kind, AssayEdit *take_edit, AssayLabelState state)
{
  push_step (self, kind, take_edit, state, NULL);
}

static void
stop_work (AssayAnnotation *self)
{
  g_cancellable_cancel (self->working);
  g_clear_object (&self->working);
}

/* Leaving. Everything asked before is done before: the writer keeps the order. */

typedef struct
{
  Keeper *keeper;
  GQueue steps;             /* of Step: what the journal has not taken yet, and the revision */
  gboolean first_under_way; /* the first was asked for already: done again only if that failed */
} Leaving;

static gboolean
leave_work (AssayProject *project, gpointer data, GError **error)
{
  Leaving *leaving = data;
  GList *at = leaving->steps.head;
  if (at != NULL && leaving->first_under_way && !leaving->keeper->failed)
    at = at->next;
  for (; at != NULL && leaving->keeper->journal != NULL; at = at->next)
    if (!do_step (leaving->keeper, at->data, error))
      return FALSE;
  return TRUE;
}

static void
leaving_free (gpointer data)
{
  Leaving *leaving = data;
  Keeper *keeper = leaving->keeper;
  g_queue_clear_full (&leaving->steps, step_free);
  assay_journal_free (keeper->journal);
  assay_item_free (keeper->item);
  assay_task_free (keeper->task);
  assay_annotator_free (keeper->annotator);
  g_free (keeper);
  g_free (leaving);
}

void
assay_annotation_leave (AssayAnnotation *self)
{
  if (self->left)
    return;
  if (self->session != NULL && self->edited)
    push (self, REVISE, NULL, ASSAY_LABEL_DRAFT);
  self->left = TRUE;
  stop_work (self);
  g_clear_handle_id (&self->retry, g_source_remove);
  Leaving *leaving = g_new0 (Leaving, 1);
  leaving->keeper = self->keeper;
  leaving->first_under_way = self->under_way;
  leaving->steps = self->steps;
  g_queue_init (&self->steps);
  assay_desk_run (self->desk, leave_work, leaving, leaving_free, NULL, NULL);
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
  guint i = self->session != NULL ? assay_task_class_index (self->keeper->task, class_id) : G_MAXUINT;
  return i != G_MAXUINT ? self->models->pdata[i] : NULL;
}

static gboolean
is_replaying (AssayAnnotation *self)
{
  for (GList *at = self->steps.head; at != NULL; at = at->next)
    if (((Step *) at->data)->kind == UNDO || ((Step *) at->data)->kind == REDO)
      return TRUE;
  return FALSE;
}

static gboolean
may_edit (AssayAnnotation *self)
{
  return self->session != NULL && !self->left && !self->handed_in && !assay_desk_is_read_only (self->desk);
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

gboolean
assay_annotation_input (AssayAnnotation *self, const AssayInput *input)
{
  g_auto (AssayAnswer) answer = { 0 };
  AssayRect dirty = { 0 };
  if (!may_edit (self))
    return FALSE;
  if (input->kind != ASSAY_INPUT_MOVE || input->button != 0)
    assay_session_touch (self->session, g_get_monotonic_time ());
  if (is_replaying (self))
    {
      /* Work that is done meanwhile was reckoned from what the undo takes back. */
      if (input->kind != ASSAY_INPUT_WORKED && (input->kind != ASSAY_INPUT_MOVE || input->button != 0))
        {
          AssayInput *held = g_memdup2 (input, sizeof *input);
          held->key = g_intern_string (input->key);
          g_queue_push_tail (&self->held, held);
        }
      return TRUE;
    }
  assay_session_input (self->session, input, &answer);
  if (answer.edit != NULL)
    {
      gboolean known = assay_session_get_edit_box (self->session, answer.edit, &dirty);
      assay_session_stamp (self->session, answer.edit);
      push (self, EDIT, g_steal_pointer (&answer.edit), 0);
      g_signal_emit (self, signals[SIGNAL_CHANGED], 0, known ? &dirty : NULL);
    }
  if (answer.work != NULL)
    start_work (self, g_steal_pointer (&answer.work));
  g_signal_emit (self, signals[SIGNAL_ANSWERED], 0, &answer);
  return answer.used;
}

void
assay_annotation_edit (AssayAnnotation *self, AssayEdit *take_edit)
{
  g_autoptr (AssayEdit) edit = take_edit;
  AssayRect dirty = { 0 };
  if (edit != NULL)
    {
      assay_edit_correct_proposals (edit);
      assay_track_claim (edit);
    }
  if (edit == NULL || !may_edit (self) || is_replaying (self) || !assay_session_apply (self->session, edit, NULL))
    return;
  assay_session_touch (self->session, g_get_monotonic_time ());
  gboolean known = assay_session_get_edit_box (self->session, edit, &dirty);
  assay_session_stamp (self->session, edit);
  push (self, EDIT, g_steal_pointer (&edit), 0);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0, known ? &dirty : NULL);
}

char *
assay_annotation_repair (AssayAnnotation *self)
{
  AssayEdit *edit = may_edit (self) && !is_replaying (self) ? assay_session_new_repair (self->session) : NULL;
  char *name = edit != NULL ? g_strdup (edit->name) : NULL;
  assay_annotation_edit (self, edit);
  return name;
}

void
assay_annotation_undo (AssayAnnotation *self)
{
  if (may_edit (self))
    push (self, UNDO, NULL, 0);
}

void
assay_annotation_redo (AssayAnnotation *self)
{
  if (may_edit (self))
    push (self, REDO, NULL, 0);
}

const char *
assay_annotation_get_undo_name (AssayAnnotation *self)
{
  return self->undo_name;
}

const char *
assay_annotation_get_redo_name (AssayAnnotation *self)
{
  return self->redo_name;
}

void
assay_annotation_revise (AssayAnnotation *self, AssayLabelState state, const char *why)
{
  if (!may_edit (self))
    return;
  stop_work (self); /* what it finds would take the answer back */
  self->handed_in = state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SKIPPED;
  push_step (self, REVISE, NULL, state, why);
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
    push (self, RECALL, NULL, ASSAY_LABEL_DRAFT);
}

AssaySaving
assay_annotation_get_saving (AssayAnnotation *self, const char **ret_why)
{
  if (self->why_not_saved != NULL)
    {
      if (ret_why != NULL)
        *ret_why = self->why_not_saved;
      return ASSAY_NOT_SAVED;
    }
  for (GList *at = self->steps.head; at != NULL; at = at->next)
    if (((Step *) at->data)->kind != REFRESH)
      return ASSAY_SAVING;
  return ASSAY_SAVED;
}

static void
assay_annotation_dispose (GObject *object)
{
  AssayAnnotation *self = ASSAY_ANNOTATION (object);
  if (self->desk != NULL)
    assay_annotation_leave (self);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (assay_annotation_parent_class)->dispose (object);
}

static void
assay_annotation_finalize (GObject *object)
{
  AssayAnnotation *self = ASSAY_ANNOTATION (object);
  assay_session_free (self->session);
  g_clear_pointer (&self->models, g_ptr_array_unref);
  g_queue_clear_full (&self->steps, step_free);
  g_queue_clear_full (&self->held, g_free);
  g_free (self->media_path);
  g_free (self->why_not_saved);
  g_free (self->undo_name);
  g_free (self->redo_name);
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
  g_queue_init (&self->steps);
  g_queue_init (&self->held);
}
