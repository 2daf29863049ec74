/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/desk.h"

#include "app/gui/desk-job.h"
#include "app/gui/desk-lane.h"
#include "app/gui/desk-waits.h"
#include "app/gui/desk-watch.h"

#define N_READERS 2

/* What every page wants to know, read in one go. */
typedef struct
{
  char *name;
  GPtrArray *tasks;      /* of AssayTask */
  GPtrArray *annotators; /* of AssayAnnotator */
  gboolean has_items;
} Lists;

struct _AssayDesk
{
  GObject parent_instance;
  char *directory;
  AssayLane *writer, *readers;
  AssayWatch *watch;
  GListStore *jobs; /* of AssayDeskJob */
  Lists *lists;     /* never NULL once open */
  AssayAnnotator *annotator;
  gint64 task_row;
  gboolean is_closed;
  AssayWaits *waits; /* what closing waits for */
};

enum
{
  PROP_0,
  PROP_ANNOTATOR,
  PROP_TASK,
  PROP_TASKS,
  N_PROPS
};
static GParamSpec *props[N_PROPS];
static guint signal_changed, signal_unnamed;

G_DEFINE_FINAL_TYPE (AssayDesk, assay_desk, G_TYPE_OBJECT)

static void
lists_free (Lists *lists)
{
  if (lists == NULL)
    return;
  g_free (lists->name);
  g_clear_pointer (&lists->tasks, g_ptr_array_unref);
  g_clear_pointer (&lists->annotators, g_ptr_array_unref);
  g_free (lists);
}

static gboolean
read_lists (AssayProject *project, gpointer data, GError **error)
{
  Lists *lists = data;
  lists->name = g_strdup (project->name);
  g_autoptr (GPtrArray) first = assay_item_list_range (project->store, 1, 1, error);
  if (first == NULL)
    return FALSE;
  lists->has_items = first->len > 0;
  lists->tasks = assay_task_list (project->store, error);
  if (lists->tasks == NULL)
    return FALSE;
  lists->annotators = assay_annotator_list (project->store, error);
  return lists->annotators != NULL;
}

static gboolean
same_tasks (const GPtrArray *a, const GPtrArray *b)
{
  gboolean same = a->len == b->len;
  for (guint i = 0; same && i < a->len; i++)
    same = assay_id_equal (&((AssayTask *) a->pdata[i])->revision, &((AssayTask *) b->pdata[i])->revision);
  return same;
}

static const AssayTask *
find_task (const Lists *lists, gint64 task_row)
{
  for (guint i = 0; i < lists->tasks->len; i++)
    if (((AssayTask *) lists->tasks->pdata[i])->row == task_row)
      return lists->tasks->pdata[i];
  return NULL;
}

/* Takes what was read out of `fresh` and tells what differs. Whoever works on the chosen task is not disturbed by
 * what happens to another one. */
static void
adopt_lists (AssayDesk *desk, Lists *fresh)
{
  Lists *old = desk->lists;
  gboolean tasks_differ = !same_tasks (old->tasks, fresh->tasks);
  if (!tasks_differ && old->annotators->len == fresh->annotators->len)
    return;
  desk->lists = g_memdup2 (fresh, sizeof *fresh);
  *fresh = (Lists){ 0 };
  const AssayTask *before = find_task (old, desk->task_row);
  if (assay_desk_get_task (desk) == NULL)
    desk->task_row = desk->lists->tasks->len > 0 ? ((AssayTask *) desk->lists->tasks->pdata[0])->row : 0;
  const AssayTask *now = assay_desk_get_task (desk);
  gboolean same = before == NULL ? now == NULL
                                 : now != NULL && now->row == before->row
                                       && assay_id_equal (&now->revision, &before->revision);
  g_object_notify_by_pspec (G_OBJECT (desk), props[PROP_TASKS]);
  if (!same)
    g_object_notify_by_pspec (G_OBJECT (desk), props[PROP_TASK]);
  lists_free (old);
}

static void
on_lists_read (gpointer owner, gpointer data, const GError *error)
{
  AssayDesk *desk = owner;
  if (error == NULL)
    adopt_lists (desk, data);
  g_signal_emit (desk, signal_changed, 0);
}

static void
on_change (gpointer data)
{
  AssayDesk *desk = data;
  assay_desk_read (desk, read_lists, g_new0 (Lists, 1), (GDestroyNotify) lists_free, on_lists_read, desk);
}

/* On the writer thread: what was just saved shows at once. */
static void
after_write (gpointer lane, gpointer data)
{
  AssayDesk *desk = data;
  AssayWatch *watch = g_atomic_pointer_get (&desk->watch);
  if (watch != NULL)
    assay_watch_look_now (watch);
}

static void
on_opened (gpointer owner, gpointer data, const GError *error)
{
  GTask *opening = data;
  AssayDesk *desk = g_task_get_task_data (opening);
  if (error != NULL)
    {
      g_task_return_error (opening, g_error_copy (error));
      return;
    }
  desk->task_row = desk->lists->tasks->len > 0 ? ((AssayTask *) desk->lists->tasks->pdata[0])->row : 0;
  g_atomic_pointer_set (&desk->watch, assay_watch_new (desk->directory, on_change, desk));
  g_task_return_pointer (opening, g_object_ref (desk), g_object_unref);
}

static gboolean
open_in_lane (AssayProject *project, gpointer data, GError **error)
{
  AssayDesk *desk = g_task_get_task_data (data);
  return read_lists (project, desk->lists, error);
}

void
assay_desk_open (const char *directory, GAsyncReadyCallback done, gpointer user_data)
{
  AssayDesk *desk = g_object_new (ASSAY_TYPE_DESK, NULL);
  desk->directory = g_canonicalize_filename (directory, NULL);
  desk->lists = g_new0 (Lists, 1);
  desk->writer = assay_lane_new (desk->directory, ASSAY_STORE_WRITE, 1, after_write, desk);
  desk->readers = assay_lane_new (desk->directory, ASSAY_STORE_READ, N_READERS, NULL, NULL);
  GTask *opening = g_task_new (NULL, NULL, done, user_data);
  g_task_set_task_data (opening, desk, g_object_unref);
  assay_lane_push (desk->writer, open_in_lane, opening, g_object_unref, on_opened, NULL);
}

AssayDesk *
assay_desk_open_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Closing */

static gboolean
wait_for_job (gpointer job, GError **error)
{
  assay_desk_job_join (job);
  return TRUE;
}

static gboolean
wait_for_lane (gpointer lane, GError **error)
{
  assay_lane_join (lane);
  return TRUE;
}

static gboolean
wait_for_watch (gpointer watch, GError **error)
{
  assay_watch_join (watch);
  return TRUE;
}

void
assay_desk_wait_for (AssayDesk *desk, const char *what, AssayDeskWait wait, gpointer data, GDestroyNotify free_data)
{
  assay_waits_add (desk->waits, what, wait, data, free_data);
}

void
assay_desk_let_go (AssayDesk *desk, const char *what, gpointer data, GDestroyNotify free_data)
{
  assay_waits_let_go (desk->waits, what, data, free_data);
}

const char *
assay_desk_get_awaited (AssayDesk *desk)
{
  return assay_waits_get_what (desk->waits);
}

/* The main thread's half. The lanes still use the watch: it goes after them. */
static void
end (AssayDesk *desk)
{
  desk->is_closed = TRUE;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (desk->jobs)); i++)
    {
      AssayDeskJob *job = g_list_model_get_item (G_LIST_MODEL (desk->jobs), i);
      assay_desk_job_stop (job);
      assay_desk_wait_for (desk, NULL, wait_for_job, job, g_object_unref);
    }
  g_list_store_remove_all (desk->jobs);
  AssayLane *const lanes[] = { desk->writer, desk->readers };
  for (guint i = 0; i < G_N_ELEMENTS (lanes); i++)
    {
      assay_lane_end (lanes[i]);
      assay_desk_wait_for (desk, NULL, wait_for_lane, lanes[i], (GDestroyNotify) assay_lane_unref);
    }
  if (desk->watch == NULL)
    return;
  assay_watch_end (desk->watch);
  assay_desk_wait_for (desk, NULL, wait_for_watch, desk->watch, (GDestroyNotify) assay_watch_free);
}

void
assay_desk_close (AssayDesk *desk)
{
  if (desk->is_closed)
    return;
  end (desk);
  assay_waits_wait (desk->waits, NULL);
  assay_waits_clear (desk->waits);
}

static void
close_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;
  if (assay_waits_wait (ASSAY_DESK (source)->waits, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
assay_desk_close_async (AssayDesk *desk, GAsyncReadyCallback done, gpointer user_data)
{
  g_return_if_fail (!desk->is_closed);
  end (desk);
  g_autoptr (GTask) task = g_task_new (desk, NULL, done, user_data);
  g_task_run_in_thread (task, close_in_thread);
}

gboolean
assay_desk_close_finish (GAsyncResult *result, GError **error)
{
  AssayDesk *desk = g_task_get_source_object (G_TASK (result));
  assay_waits_clear (desk->waits);
  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *
assay_desk_get_directory (AssayDesk *desk)
{
  return desk->directory;
}

const char *
assay_desk_get_name (AssayDesk *desk)
{
  return desk->lists->name;
}

gboolean
assay_desk_is_read_only (AssayDesk *desk)
{
  return desk->is_closed || assay_lane_is_read_only (desk->writer);
}

gboolean
assay_desk_has_items (AssayDesk *desk)
{
  return desk->lists->has_items;
}

void
assay_desk_run (AssayDesk *desk, AssayDeskWork work, gpointer data, GDestroyNotify free_data, AssayDeskDone done,
                gpointer owner)
{
  g_return_if_fail (!desk->is_closed);
  assay_lane_push (desk->writer, work, data, free_data, done, owner);
}

void
assay_desk_read (AssayDesk *desk, AssayDeskWork work, gpointer data, GDestroyNotify free_data, AssayDeskDone done,
                 gpointer owner)
{
  g_return_if_fail (!desk->is_closed);
  assay_lane_push (desk->readers, work, data, free_data, done, owner);
}

static void
on_job_ended (AssayDeskJob *job, gpointer data)
{
  AssayDesk *desk = data;
  guint position;
  if (g_list_store_find (desk->jobs, job, &position))
    g_list_store_remove (desk->jobs, position);
}

void
assay_desk_start_job (AssayDesk *desk, const char *title, AssayStoreMode mode, AssayDeskLongWork work,
                      gpointer data, GDestroyNotify free_data, AssayDeskDone done, gpointer owner)
{
  g_return_if_fail (!desk->is_closed);
  g_autoptr (AssayDeskJob) job
      = assay_desk_job_new (desk->directory, title, mode, work, data, free_data, done, owner, on_job_ended, desk);
  g_list_store_append (desk->jobs, job);
}

GListModel *
assay_desk_get_jobs (AssayDesk *desk)
{
  return G_LIST_MODEL (desk->jobs);
}

const AssayAnnotator *
assay_desk_get_annotator (AssayDesk *desk)
{
  return desk->annotator;
}

typedef struct
{
  char *name;
  AssayAnnotator *annotator;
} Naming;

static void
naming_free (Naming *naming)
{
  g_free (naming->name);
  assay_annotator_free (naming->annotator);
  g_free (naming);
}

static gboolean
name_annotator (AssayProject *project, gpointer data, GError **error)
{
  Naming *naming = data;
  naming->annotator = assay_annotator_ensure (project->store, naming->name, ASSAY_ANNOTATOR_PERSON, error);
  return naming->annotator != NULL;
}

static void
on_named (gpointer owner, gpointer data, const GError *error)
{
  AssayDesk *desk = owner;
  Naming *naming = data;
  if (error != NULL && !assay_desk_is_read_only (desk))
    {
      g_signal_emit (desk, signal_unnamed, 0, error);
      return;
    }
  g_clear_pointer (&desk->annotator, assay_annotator_free);
  desk->annotator = g_steal_pointer (&naming->annotator);
  /* A project that can only be read has no place for a new name; it is shown all the same. */
  if (error != NULL)
    {
      desk->annotator = g_new0 (AssayAnnotator, 1);
      desk->annotator->name = g_steal_pointer (&naming->name);
    }
  g_object_notify_by_pspec (G_OBJECT (desk), props[PROP_ANNOTATOR]);
}

void
assay_desk_set_annotator (AssayDesk *desk, const char *name)
{
  Naming *naming = g_new0 (Naming, 1);
  naming->name = g_strdup (name);
  assay_desk_run (desk, name_annotator, naming, (GDestroyNotify) naming_free, on_named, desk);
}

const GPtrArray *
assay_desk_get_annotators (AssayDesk *desk)
{
  return desk->lists->annotators;
}

const GPtrArray *
assay_desk_get_tasks (AssayDesk *desk)
{
  return desk->lists->tasks;
}

const AssayTask *
assay_desk_find_task (AssayDesk *desk, gint64 task_row)
{
  return find_task (desk->lists, task_row);
}

const AssayTask *
assay_desk_get_task (AssayDesk *desk)
{
  return assay_desk_find_task (desk, desk->task_row);
}

void
assay_desk_set_task (AssayDesk *desk, gint64 task_row)
{
  if (task_row == desk->task_row || assay_desk_find_task (desk, task_row) == NULL)
    return;
  desk->task_row = task_row;
  g_object_notify_by_pspec (G_OBJECT (desk), props[PROP_TASK]);
}

static void
assay_desk_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  AssayDesk *desk = ASSAY_DESK (object);
  gpointer values[N_PROPS] = { NULL, desk->annotator, (gpointer) assay_desk_get_task (desk),
                               desk->lists != NULL ? desk->lists->tasks : NULL };
  g_value_set_pointer (value, values[id]);
}

static void
assay_desk_dispose (GObject *object)
{
  assay_desk_close (ASSAY_DESK (object));
  G_OBJECT_CLASS (assay_desk_parent_class)->dispose (object);
}

static void
assay_desk_finalize (GObject *object)
{
  AssayDesk *desk = ASSAY_DESK (object);
  g_free (desk->directory);
  g_object_unref (desk->jobs);
  assay_waits_free (desk->waits);
  lists_free (desk->lists);
  assay_annotator_free (desk->annotator);
  G_OBJECT_CLASS (assay_desk_parent_class)->finalize (object);
}

static void
assay_desk_class_init (AssayDeskClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  object_class->get_property = assay_desk_get_property;
  object_class->dispose = assay_desk_dispose;
  object_class->finalize = assay_desk_finalize;
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  props[PROP_ANNOTATOR] = g_param_spec_pointer ("annotator", NULL, NULL, flags);
  props[PROP_TASK] = g_param_spec_pointer ("task", NULL, NULL, flags);
  props[PROP_TASKS] = g_param_spec_pointer ("tasks", NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, props);
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signal_unnamed = g_signal_new ("unnamed", ASSAY_TYPE_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                 G_TYPE_POINTER);
}

static void
assay_desk_init (AssayDesk *desk)
{
  desk->jobs = g_list_store_new (ASSAY_TYPE_DESK_JOB);
  desk->waits = assay_waits_new ();
}
