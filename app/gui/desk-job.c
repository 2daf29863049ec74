/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/desk-job.h"

struct _AssayDeskJob
{
  GObject parent_instance;
  char *directory, *title;
  AssayStoreMode mode;
  AssayDeskLongWork work;
  gpointer data;
  GDestroyNotify free_data;
  AssayDeskDone done;
  gboolean has_owner;
  GWeakRef owner;
  void (*ended) (AssayDeskJob *job, gpointer ended_data);
  gpointer ended_data;
  AssayProgress *progress;
  GThread *thread;
  GError *error;
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (AssayDeskJob, assay_desk_job, G_TYPE_OBJECT)

/* On the main loop. */
static gboolean
finish (gpointer data)
{
  AssayDeskJob *job = data;
  g_autoptr (GObject) owner = g_weak_ref_get (&job->owner);
  if (job->stopped)
    return G_SOURCE_REMOVE;
  g_thread_join (g_steal_pointer (&job->thread));
  if (job->done != NULL && (owner != NULL || !job->has_owner))
    job->done (owner, job->data, job->error);
  job->ended (job, job->ended_data);
  return G_SOURCE_REMOVE;
}

static gpointer
run (gpointer data)
{
  AssayDeskJob *job = data;
  g_autoptr (AssayProject) project = assay_project_open (job->directory, job->mode, &job->error);
  if (project != NULL)
    job->work (project, job->data, job->progress, &job->error);
  g_clear_pointer (&project, assay_project_close);
  g_idle_add_full (G_PRIORITY_DEFAULT, finish, job, g_object_unref);
  return NULL;
}

AssayDeskJob *
assay_desk_job_new (const char *directory, const char *title, AssayStoreMode mode, AssayDeskLongWork work,
                    gpointer data, GDestroyNotify free_data, AssayDeskDone done, gpointer owner,
                    void (*ended) (AssayDeskJob *job, gpointer ended_data), gpointer ended_data)
{
  AssayDeskJob *job = g_object_new (ASSAY_TYPE_DESK_JOB, NULL);
  job->directory = g_strdup (directory);
  job->title = g_strdup (title);
  job->mode = mode;
  job->work = work;
  job->data = data;
  job->free_data = free_data;
  job->done = done;
  job->has_owner = owner != NULL;
  g_weak_ref_set (&job->owner, owner);
  job->ended = ended;
  job->ended_data = ended_data;
  job->thread = g_thread_new ("desk-job", run, g_object_ref (job));
  return job;
}

void
assay_desk_job_stop (AssayDeskJob *job)
{
  job->stopped = TRUE;
  assay_progress_cancel (job->progress);
}

void
assay_desk_job_join (AssayDeskJob *job)
{
  g_clear_pointer (&job->thread, g_thread_join);
}

const char *
assay_desk_job_get_title (AssayDeskJob *job)
{
  return job->title;
}

AssayProgress *
assay_desk_job_get_progress (AssayDeskJob *job)
{
  return job->progress;
}

static void
assay_desk_job_finalize (GObject *object)
{
  AssayDeskJob *job = ASSAY_DESK_JOB (object);
  if (job->free_data != NULL)
    job->free_data (job->data);
  g_weak_ref_clear (&job->owner);
  g_free (job->directory);
  g_free (job->title);
  g_clear_error (&job->error);
  assay_progress_unref (job->progress);
  G_OBJECT_CLASS (assay_desk_job_parent_class)->finalize (object);
}

static void
assay_desk_job_class_init (AssayDeskJobClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_desk_job_finalize;
}

static void
assay_desk_job_init (AssayDeskJob *job)
{
  g_weak_ref_init (&job->owner, NULL);
  job->progress = assay_progress_new ();
}
