/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/reading-sitting.h"

#include "core/error.h"

#define PATIENCE_US (3 * G_USEC_PER_SEC)
#define AGAIN_US 100000

struct _AssaySitting
{
  char *project_directory, *words;
  GPtrArray *prompts;
  AssayReadingPlan plan; /* its strings are ours */
  json_t *conditions;
  AssayStream *stream;
  AssayReading *reading;
  json_t *report;
  char *trouble;
};

void
assay_sitting_free (AssaySitting *sitting)
{
  if (sitting == NULL)
    return;
  assay_reading_free (sitting->reading);
  assay_stream_close (sitting->stream);
  g_ptr_array_unref (sitting->prompts);
  json_decref (sitting->conditions);
  json_decref (sitting->report);
  g_free (sitting->trouble);
  g_free (sitting->project_directory);
  g_free (sitting->words);
  g_free ((char *) sitting->plan.task);
  g_free ((char *) sitting->plan.script);
  g_free ((char *) sitting->plan.operator_name);
  g_free ((char *) sitting->plan.subject);
  g_free ((char *) sitting->plan.consent);
  g_free (sitting);
}

static AssaySitting *
sitting_new (const AssaySittingWish *wish)
{
  AssaySitting *sitting = g_new0 (AssaySitting, 1);
  sitting->project_directory = g_strdup (wish->project_directory);
  sitting->words = g_strdup (wish->words);
  sitting->prompts = g_ptr_array_ref (wish->prompts);
  sitting->conditions = json_deep_copy (wish->plan.conditions);
  sitting->plan = (AssayReadingPlan){ .task = g_strdup (wish->plan.task),
                                      .script = g_strdup (wish->plan.script),
                                      .conditions = sitting->conditions,
                                      .operator_name = g_strdup (wish->plan.operator_name),
                                      .subject = g_strdup (wish->plan.subject),
                                      .consent = g_strdup (wish->plan.consent) };
  return sitting;
}

/* The page that had the microphone before lets go of it on another thread. */
static AssayStream *
open_patiently (const char *words, GError **error)
{
  gint64 until_us = g_get_monotonic_time () + PATIENCE_US;
  for (;;)
    {
      g_autoptr (GError) wrong = NULL;
      AssayStream *stream = assay_stream_open (ASSAY_DEVICE_MICROPHONE, words, &wrong);
      if (stream != NULL)
        return stream;
      if (!g_error_matches (wrong, ASSAY_ERROR, ASSAY_ERROR_DEVICE) || g_get_monotonic_time () > until_us)
        {
          g_propagate_error (error, g_steal_pointer (&wrong));
          return NULL;
        }
      g_usleep (AGAIN_US);
    }
}

static void
begin_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  AssaySitting *sitting = data;
  GError *error = NULL;
  sitting->stream = open_patiently (sitting->words, &error);
  if (sitting->stream != NULL)
    sitting->reading = assay_reading_start (sitting->project_directory, sitting->stream, sitting->prompts,
                                            &sitting->plan, &error);
  if (sitting->reading != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
assay_sitting_begin (const AssaySittingWish *wish, GAsyncReadyCallback done, gpointer owner)
{
  g_autoptr (GTask) task = g_task_new (owner, NULL, done, NULL);
  g_task_set_task_data (task, sitting_new (wish), NULL);
  g_task_run_in_thread (task, begin_in_thread);
}

AssaySitting *
assay_sitting_begin_finish (GAsyncResult *result, GError **error)
{
  AssaySitting *sitting = g_task_get_task_data (G_TASK (result));
  if (g_task_propagate_boolean (G_TASK (result), error))
    return sitting;
  assay_sitting_free (sitting);
  return NULL;
}

AssayReading *
assay_sitting_get_reading (AssaySitting *sitting)
{
  return sitting->reading;
}

AssayStream *
assay_sitting_get_stream (AssaySitting *sitting)
{
  return sitting->stream;
}

static void
end_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  AssaySitting *sitting = data;
  GError *error = NULL;
  sitting->report = assay_reading_finish (sitting->reading, &sitting->trouble, &error);
  g_clear_pointer (&sitting->reading, assay_reading_free);
  g_clear_pointer (&sitting->stream, assay_stream_close);
  if (sitting->report != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
assay_sitting_end (AssaySitting *take_sitting, GAsyncReadyCallback done, gpointer owner)
{
  g_autoptr (GTask) task = g_task_new (owner, NULL, done, NULL);
  g_task_set_task_data (task, take_sitting, (GDestroyNotify) assay_sitting_free);
  g_task_run_in_thread (task, end_in_thread);
}

json_t *
assay_sitting_end_finish (GAsyncResult *result, char **ret_trouble, GError **error)
{
  AssaySitting *sitting = g_task_get_task_data (G_TASK (result));
  *ret_trouble = NULL;
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  *ret_trouble = g_steal_pointer (&sitting->trouble);
  return g_steal_pointer (&sitting->report);
}
