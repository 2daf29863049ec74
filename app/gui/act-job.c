/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/act-job.h"

#include "annotate/act-work.h"

typedef struct
{
  AssayAnnotation *annotation;
  const AssayAct *act;
  AssayWork *work;
  guint draft; /* that it was asked of */
  AssayActSay say;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;
  g_object_unref (job->annotation);
  assay_work_free (job->work);
  g_free (job);
}

static void
finish (AssayAnnotation *annotation, AssayEdit *take_edit, const AssayAnswer *answer, AssayActSay say,
        gpointer owner)
{
  AssaySession *session = assay_annotation_get_session (annotation);
  g_autofree char *name = take_edit != NULL ? g_strdup (take_edit->name) : NULL;
  if (take_edit != NULL && !assay_annotation_edit (annotation, take_edit)) /* has told why */
    return;
  if (answer->select && assay_objects_find (assay_session_get_scene (session)->objects, &answer->selected) != NULL)
    assay_session_select (session, &answer->selected);
  say (owner, name != NULL, name != NULL ? name : answer->hint);
}

static void
run (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const AssayWork *work = ((Job *) data)->work;
  work->run (work->data, cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
on_run (GObject *owner, GAsyncResult *result, gpointer data)
{
  const Job *job = g_task_get_task_data (G_TASK (result));
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  if (g_cancellable_is_cancelled (cancellable))
    return;
  g_autoptr (AssayAnnotation) annotation = g_object_ref (job->annotation);
  g_auto (AssayAnswer) answer = { 0 };
  g_autoptr (AssayEdit) edit = assay_act_work_take (job->work, &answer);
  gboolean stands = job->draft == assay_annotation_get_draft (annotation) && !assay_annotation_is_busy (annotation);
  assay_annotation_set_stop (annotation, NULL);
  if (stands)
    {
      finish (annotation, g_steal_pointer (&edit), &answer, job->say, owner);
      return;
    }
  g_autofree char *words
      = g_strdup_printf ("%s: the objects have changed meanwhile, do it once more", job->act->title);
  job->say (owner, FALSE, words);
}

void
assay_act_job_start (AssayAnnotation *annotation, const AssayAct *act, AssayActSay say, gpointer owner)
{
  const AssayScene *scene = assay_session_get_scene (assay_annotation_get_session (annotation));
  if (assay_annotation_get_stop (annotation) != NULL)
    {
      say (owner, FALSE, "what was asked for is still being done: Esc stops it");
      return;
    }
  if (!assay_act_serves (act, scene->task->kind) || !assay_act_is_long (act, scene))
    {
      g_auto (AssayAnswer) answer = { 0 };
      AssayEdit *edit = assay_act_run (act, scene, &answer);
      finish (annotation, edit, &answer, say, owner);
      return;
    }
  g_autofree char *words = g_strdup_printf ("%s … Esc stops it", act->title);
  g_autoptr (GCancellable) stop = g_cancellable_new ();
  Job *job = g_new0 (Job, 1);
  *job = (Job){ g_object_ref (annotation), act, assay_act_work_new (act, scene),
                assay_annotation_get_draft (annotation), say };
  assay_annotation_set_stop (annotation, stop);
  say (owner, FALSE, words);
  g_autoptr (GTask) task = g_task_new (owner, stop, on_run, NULL);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run);
}
