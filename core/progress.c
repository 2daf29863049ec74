/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/progress.h"

#include "core/error.h"

#include <pthread.h>
#include <stdatomic.h>

struct _AssayProgress
{
  atomic_uint refs;
  atomic_bool cancelled;
  _Atomic guint64 done, total;
  pthread_mutex_t lock; /* guards text; not GLib's, whose insides the thread sanitizer does not see */
  char *text;
  pthread_mutex_t stopping; /* guards what follows, also while it is called */
  void (*stop) (gpointer data);
  gpointer stop_data;
};

AssayProgress *
assay_progress_new (void)
{
  AssayProgress *progress = g_new0 (AssayProgress, 1);
  progress->refs = 1;
  pthread_mutex_init (&progress->lock, NULL);
  pthread_mutex_init (&progress->stopping, NULL);
  return progress;
}

AssayProgress *
assay_progress_ref (AssayProgress *progress)
{
  if (progress != NULL)
    atomic_fetch_add (&progress->refs, 1);
  return progress;
}

void
assay_progress_unref (AssayProgress *progress)
{
  if (progress == NULL || atomic_fetch_sub (&progress->refs, 1) != 1)
    return;
  pthread_mutex_destroy (&progress->lock);
  pthread_mutex_destroy (&progress->stopping);
  g_free (progress->text);
  g_free (progress);
}

void
assay_progress_set (AssayProgress *progress, guint64 done, guint64 total)
{
  if (progress == NULL)
    return;
  progress->done = done;
  progress->total = total;
}

void
assay_progress_say (AssayProgress *progress, const char *what)
{
  if (progress == NULL)
    return;
  pthread_mutex_lock (&progress->lock);
  g_free (progress->text);
  progress->text = g_strdup (what);
  pthread_mutex_unlock (&progress->lock);
}

/* With the lock held. */
static void
tell_stop (AssayProgress *progress)
{
  void (*stop) (gpointer data) = progress->cancelled ? progress->stop : NULL;
  if (stop == NULL)
    return;
  progress->stop = NULL;
  stop (progress->stop_data);
}

void
assay_progress_cancel (AssayProgress *progress)
{
  if (progress == NULL)
    return;
  progress->cancelled = TRUE;
  pthread_mutex_lock (&progress->stopping);
  tell_stop (progress);
  pthread_mutex_unlock (&progress->stopping);
}

void
assay_progress_when_cancelled (AssayProgress *progress, void (*stop) (gpointer data), gpointer data)
{
  if (progress == NULL)
    return;
  pthread_mutex_lock (&progress->stopping);
  progress->stop = stop;
  progress->stop_data = data;
  tell_stop (progress);
  pthread_mutex_unlock (&progress->stopping);
}

gboolean
assay_progress_stopped (AssayProgress *progress, GError **error)
{
  if (progress == NULL || !progress->cancelled)
    return FALSE;
  g_set_error_literal (error, ASSAY_ERROR, ASSAY_ERROR_CANCELLED, "cancelled; nothing was half done");
  return TRUE;
}

double
assay_progress_get_fraction (AssayProgress *progress)
{
  guint64 total = progress == NULL ? 0 : progress->total;
  return total == 0 ? -1 : MIN (1, (double) progress->done / (double) total);
}

char *
assay_progress_dup_text (AssayProgress *progress)
{
  if (progress == NULL)
    return NULL;
  pthread_mutex_lock (&progress->lock);
  char *text = g_strdup (progress->text);
  pthread_mutex_unlock (&progress->lock);
  return text;
}
