/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/keeper.h"

#include "app/gui/class-models.h"
#include "core/error.h"
#include "core/journal.h"
#include "core/media.h"
#include "core/proposal.h"

#define RETRY_MS 2000

/* The writer thread's side: made before anything is asked of it, freed by the last thing that is. */
typedef struct
{
  AssayItem *item;
  AssayTask *task;
  AssayAnnotator *annotator;
  AssayJournal *journal;
  gboolean failed; /* the last step was not done */
} Book;

struct _AssayKeeper
{
  GObject parent_instance;
  AssayDesk *desk;
  Book *book;
  GQueue steps; /* of AssayStep */
  gboolean is_open, under_way, left;
  gboolean telling; /* of the step that was under way: what is pushed meanwhile waits */
  guint retry;
  char *trouble, *undo_name, *redo_name;
};

G_DEFINE_FINAL_TYPE (AssayKeeper, assay_keeper, G_TYPE_OBJECT)

enum
{
  SIGNAL_OPENED,
  SIGNAL_FAILED,
  SIGNAL_DONE,
  SIGNAL_REFUSED,
  SIGNAL_SAVING,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void pump (AssayKeeper *self);

static void
step_free (gpointer data)
{
  AssayStep *step = data;
  assay_edit_free (step->edit);
  g_free (step->why);
  g_free (step);
}

static void
enqueue (AssayKeeper *self, const AssayStep *take_step)
{
  g_queue_push_tail (&self->steps, g_memdup2 (take_step, sizeof *take_step));
}

/* Opening */

typedef struct
{
  Book *book;
  gint64 item_row;
  AssayOpened opened;
  char *undo_name, *redo_name;
} Opening;

static void
opening_free (gpointer data)
{
  Opening *opening = data;
  assay_objects_free (opening->opened.objects);
  g_clear_pointer (&opening->opened.models, g_ptr_array_unref);
  g_free (opening->opened.media_path);
  g_free (opening->undo_name);
  g_free (opening->redo_name);
  g_free (opening);
}

/* What a program has laid upon an answer that was handed in takes nothing back by itself. */
static gboolean
is_more_than_proposed (const AssayObjects *draft, const AssayObjects *head)
{
  g_autoptr (AssayObjects) decided = assay_objects_new (draft->kind);
  for (guint i = 0; i < draft->list->len; i++)
    {
      const AssayObject *object = draft->list->pdata[i];
      if (!assay_object_is_proposed (object) || assay_objects_find (head, &object->id) != NULL)
        assay_objects_take (decided, assay_object_copy (object, draft->kind));
    }
  return !assay_objects_equal (decided, head);
}

static gboolean
look_for_strokes (AssayStore *store, const Book *book, AssayOpened *opened, GError **error)
{
  const AssayObjects *draft = assay_journal_get_objects (book->journal);
  if (!assay_label_get_state (store, book->item->row, book->task->row, book->annotator->row, &opened->state, error))
    return FALSE;
  opened->is_drawn = assay_journal_is_changed (book->journal);
  if (!opened->is_drawn || opened->state == ASSAY_LABEL_DRAFT)
    return TRUE;
  if (opened->state == ASSAY_LABEL_TODO)
    {
      opened->is_drawn = draft->list->len > 0; /* else all of it was taken back */
      return TRUE;
    }
  g_autoptr (AssayLabel) head = assay_label_get (store, book->item->row, book->task, book->annotator->row, error);
  opened->is_drawn = head != NULL && is_more_than_proposed (draft, head->objects);
  return head != NULL;
}

static gboolean
open_work (AssayProject *project, gpointer data, GError **error)
{
  Opening *opening = data;
  AssayOpened *opened = &opening->opened;
  Book *book = opening->book;
  book->item = assay_item_get_row (project->store, opening->item_row, error);
  if (book->item == NULL)
    return FALSE;
  book->journal = assay_journal_open (project->store, book->item, book->task, book->annotator, error);
  if (book->journal == NULL || !look_for_strokes (project->store, book, opened, error))
    return FALSE;
  opened->objects = assay_objects_copy (assay_journal_get_objects (book->journal));
  opening->undo_name = g_strdup (assay_journal_get_undo_name (book->journal));
  opening->redo_name = g_strdup (assay_journal_get_redo_name (book->journal));
  opened->media_path = assay_item_dup_path (project, book->item);
  /* A class whose mesh cannot be read has none: the tool says what to do. */
  opened->models = assay_class_models_load (project, book->task);
  return TRUE;
}

/* Somebody committed something: perhaps to this draft. */
static void
on_desk_changed (AssayKeeper *self)
{
  if (self->left || !g_queue_is_empty (&self->steps) || assay_desk_is_read_only (self->desk))
    return;
  enqueue (self, &(AssayStep){ .kind = ASSAY_STEP_REFRESH });
  pump (self);
}

static void
opened (gpointer owner, gpointer data, const GError *error)
{
  AssayKeeper *self = owner;
  Opening *opening = data;
  if (self->left)
    return;
  if (error != NULL)
    {
      g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
      return;
    }
  self->is_open = TRUE;
  self->undo_name = g_steal_pointer (&opening->undo_name);
  self->redo_name = g_steal_pointer (&opening->redo_name);
  opening->opened.item = self->book->item;
  opening->opened.task = self->book->task;
  g_signal_connect_object (self->desk, "changed", G_CALLBACK (on_desk_changed), self, G_CONNECT_SWAPPED);
  g_signal_emit (self, signals[SIGNAL_OPENED], 0, &opening->opened);
}

AssayKeeper *
assay_keeper_new (AssayDesk *desk, gint64 item_row, const AssayTask *task, const AssayAnnotator *annotator)
{
  AssayKeeper *self = g_object_new (ASSAY_TYPE_KEEPER, NULL);
  Opening *opening = g_new0 (Opening, 1);
  self->desk = g_object_ref (desk);
  self->book = g_new0 (Book, 1);
  self->book->task = assay_task_copy (task);
  self->book->annotator = g_new0 (AssayAnnotator, 1);
  *self->book->annotator = *annotator;
  self->book->annotator->name = g_strdup (annotator->name);
  opening->book = self->book;
  opening->item_row = item_row;
  assay_desk_run (desk, open_work, opening, opening_free, opened, self);
  return self;
}

/* One step on the writer thread */

typedef struct
{
  Book *book;
  AssayStep step;        /* its edit is a copy: the journal takes it */
  AssayObjects *objects; /* when they are others than this window has */
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
do_step (Book *book, AssayStep *step, GError **error)
{
  switch (step->kind)
    {
    case ASSAY_STEP_EDIT:
      return assay_journal_append (book->journal, g_steal_pointer (&step->edit), error);
    case ASSAY_STEP_UNDO:
      return assay_journal_get_undo_name (book->journal) == NULL || assay_journal_undo (book->journal, error);
    case ASSAY_STEP_REDO:
      return assay_journal_get_redo_name (book->journal) == NULL || assay_journal_redo (book->journal, error);
    case ASSAY_STEP_REFRESH:
      return TRUE;
    case ASSAY_STEP_RECALL:
      return assay_journal_recall (book->journal, error);
    case ASSAY_STEP_REVISE:
    default:
      return assay_journal_make_revision (book->journal, step->state, step->seconds, step->tool, NULL, step->why,
                                          error);
    }
}

static gboolean
step_work (AssayProject *project, gpointer data, GError **error)
{
  Doing *doing = data;
  Book *book = doing->book;
  gboolean changed = (doing->step.kind & (ASSAY_STEP_UNDO | ASSAY_STEP_REDO)) != 0 || doing->step.resync;
  gboolean by_others = FALSE;
  book->failed = !assay_journal_refresh (book->journal, &by_others, error) || !do_step (book, &doing->step, error);
  if (book->failed)
    return FALSE;
  if (changed || by_others)
    doing->objects = assay_objects_copy (assay_journal_get_objects (book->journal));
  doing->undo_name = g_strdup (assay_journal_get_undo_name (book->journal));
  doing->redo_name = g_strdup (assay_journal_get_redo_name (book->journal));
  return TRUE;
}

/* The queue */

static gboolean
try_again (gpointer data)
{
  AssayKeeper *self = data;
  self->retry = 0;
  pump (self);
  return G_SOURCE_REMOVE;
}

/* For good: it can never be written as it is, or nothing is lost when somebody asks for it again. */
static gboolean
is_refusal (const AssayStep *step, const GError *error)
{
  if (step->kind == ASSAY_STEP_RECALL) /* settled meanwhile */
    return TRUE;
  return g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA)
         || (step->kind != ASSAY_STEP_EDIT && g_error_matches (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND));
}

static void
refuse (AssayKeeper *self, GList *link, const GError *error)
{
  AssayStep *step = link->data;
  g_queue_delete_link (&self->steps, link);
  g_signal_emit (self, signals[SIGNAL_REFUSED], 0, step, error);
  step_free (step);
}

static void
not_done (AssayKeeper *self, const GError *error)
{
  gboolean is_edit = ((AssayStep *) self->steps.head->data)->kind == ASSAY_STEP_EDIT;
  g_clear_pointer (&self->trouble, g_free);
  if (!is_refusal (self->steps.head->data, error))
    {
      self->trouble = g_strdup (error->message);
      self->retry = g_timeout_add (RETRY_MS, try_again, self);
      return;
    }
  refuse (self, self->steps.head, error);
  if (!is_edit)
    return;
  /* The screen shows what the journal has; and an answer that was to hold the edit is not the one that was meant.
   */
  for (GList *at = self->steps.head, *next; at != NULL; at = next)
    {
      next = at->next;
      if (((AssayStep *) at->data)->kind == ASSAY_STEP_REVISE)
        refuse (self, at, error);
    }
  enqueue (self, &(AssayStep){ .kind = ASSAY_STEP_REFRESH, .resync = TRUE });
}

static void
done (AssayKeeper *self, Doing *doing)
{
  AssayStep *step = g_queue_pop_head (&self->steps);
  g_clear_pointer (&self->trouble, g_free);
  g_free (self->undo_name);
  g_free (self->redo_name);
  self->undo_name = g_steal_pointer (&doing->undo_name);
  self->redo_name = g_steal_pointer (&doing->redo_name);
  AssayDone done = { step, g_steal_pointer (&doing->objects) };
  g_signal_emit (self, signals[SIGNAL_DONE], 0, &done);
  assay_objects_free (done.objects);
  step_free (step);
}

static void
step_done (gpointer owner, gpointer data, const GError *error)
{
  AssayKeeper *self = owner;
  if (self->left)
    return;
  g_object_ref (self);
  self->under_way = FALSE;
  self->telling = TRUE;
  if (error != NULL)
    not_done (self, error);
  else
    done (self, data);
  self->telling = FALSE;
  pump (self);
  g_signal_emit (self, signals[SIGNAL_SAVING], 0);
  g_object_unref (self);
}

static void
pump (AssayKeeper *self)
{
  const AssayStep *step = g_queue_peek_head (&self->steps);
  if (step == NULL || self->under_way || self->telling || self->retry != 0 || self->left)
    return;
  Doing *doing = g_new0 (Doing, 1);
  doing->book = self->book;
  doing->step = *step;
  doing->step.edit = step->edit != NULL ? assay_edit_copy (step->edit) : NULL;
  self->under_way = TRUE;
  assay_desk_run (self->desk, step_work, doing, doing_free, step_done, self);
}

void
assay_keeper_try_now (AssayKeeper *self)
{
  g_clear_handle_id (&self->retry, g_source_remove);
  pump (self);
}

gboolean
assay_keeper_is_trying (AssayKeeper *self)
{
  return self->under_way;
}

void
assay_keeper_push (AssayKeeper *self, const AssayStep *take_step)
{
  g_return_if_fail (self->is_open && !self->left);
  enqueue (self, take_step);
  pump (self);
  g_signal_emit (self, signals[SIGNAL_SAVING], 0);
}

/* What others ask for */

const GList *
assay_keeper_list_steps (AssayKeeper *self)
{
  return self->steps.head;
}

gboolean
assay_keeper_has (AssayKeeper *self, guint kinds)
{
  for (const GList *at = self->steps.head; at != NULL; at = at->next)
    if ((((const AssayStep *) at->data)->kind & kinds) != 0)
      return TRUE;
  return FALSE;
}

const char *
assay_keeper_get_trouble (AssayKeeper *self)
{
  return self->trouble;
}

const char *
assay_keeper_get_undo_name (AssayKeeper *self)
{
  return self->undo_name;
}

const char *
assay_keeper_get_redo_name (AssayKeeper *self)
{
  return self->redo_name;
}

/* Leaving. Everything asked before is done before: the writer keeps the order. */

typedef struct
{
  Book *book;
  GQueue steps;             /* of AssayStep: what the journal has not taken yet */
  gboolean first_under_way; /* the first was asked for already: done again only if that failed */
} Leaving;

static gboolean
leave_work (AssayProject *project, gpointer data, GError **error)
{
  Leaving *leaving = data;
  GList *at = leaving->steps.head;
  if (at != NULL && leaving->first_under_way && !leaving->book->failed)
    at = at->next;
  for (; at != NULL && leaving->book->journal != NULL; at = at->next)
    if (!do_step (leaving->book, at->data, error))
      return FALSE;
  return TRUE;
}

static void
leaving_free (gpointer data)
{
  Leaving *leaving = data;
  Book *book = leaving->book;
  g_queue_clear_full (&leaving->steps, step_free);
  assay_journal_free (book->journal);
  assay_item_free (book->item);
  assay_task_free (book->task);
  assay_annotator_free (book->annotator);
  g_free (book);
  g_free (leaving);
}

void
assay_keeper_leave (AssayKeeper *self, AssayDeskDone left, gpointer owner)
{
  if (self->left)
    return;
  self->left = TRUE;
  g_clear_handle_id (&self->retry, g_source_remove);
  Leaving *leaving = g_new0 (Leaving, 1);
  *leaving = (Leaving){ .book = self->book, .steps = self->steps, .first_under_way = self->under_way };
  g_queue_init (&self->steps);
  assay_desk_run (self->desk, leave_work, leaving, leaving_free, left, owner);
}

static void
assay_keeper_dispose (GObject *object)
{
  AssayKeeper *self = ASSAY_KEEPER (object);
  if (self->desk != NULL)
    assay_keeper_leave (self, NULL, NULL);
  g_clear_object (&self->desk);
  G_OBJECT_CLASS (assay_keeper_parent_class)->dispose (object);
}

static void
assay_keeper_finalize (GObject *object)
{
  AssayKeeper *self = ASSAY_KEEPER (object);
  g_queue_clear_full (&self->steps, step_free);
  g_free (self->trouble);
  g_free (self->undo_name);
  g_free (self->redo_name);
  G_OBJECT_CLASS (assay_keeper_parent_class)->finalize (object);
}

static void
assay_keeper_class_init (AssayKeeperClass *class)
{
  GType type = G_TYPE_FROM_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_keeper_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_keeper_finalize;
  signals[SIGNAL_OPENED]
      = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_FAILED]
      = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_DONE]
      = g_signal_new ("done", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[SIGNAL_REFUSED] = g_signal_new ("refused", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                          G_TYPE_POINTER, G_TYPE_POINTER);
  signals[SIGNAL_SAVING] = g_signal_new ("saving", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_keeper_init (AssayKeeper *self)
{
  g_queue_init (&self->steps);
}
