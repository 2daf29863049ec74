/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/desk-watch.h"

#include "core/project.h"

#define PERIOD_US (250 * G_TIME_SPAN_MILLISECOND)

struct _AssayWatch
{
  char *directory;
  void (*changed) (gpointer data);
  gpointer data;
  GThread *thread;
  GMutex lock; /* what follows */
  GCond woken;
  gboolean stop, look_now;
  guint source; /* of the callback on its way; 0 = none */
};

static gboolean
tell (gpointer data)
{
  AssayWatch *watch = data;
  g_mutex_lock (&watch->lock);
  watch->source = 0;
  g_mutex_unlock (&watch->lock);
  watch->changed (watch->data);
  return G_SOURCE_REMOVE;
}

static gpointer
watch_thread (gpointer data)
{
  AssayWatch *watch = data;
  g_autoptr (AssayProject) project = assay_project_open (watch->directory, ASSAY_STORE_READ, NULL);
  if (project == NULL)
    return NULL;
  guint seen = assay_store_get_change (project->store);
  gboolean first = TRUE; /* what was committed since the desk has read its lists, and before this, is told too */
  g_mutex_lock (&watch->lock);
  while (!watch->stop)
    {
      gint64 until = g_get_monotonic_time () + PERIOD_US;
      while (!watch->stop && !watch->look_now && g_cond_wait_until (&watch->woken, &watch->lock, until))
        ;
      watch->look_now = FALSE;
      if (watch->stop)
        break;
      g_mutex_unlock (&watch->lock);
      guint change = assay_store_get_change (project->store);
      g_mutex_lock (&watch->lock);
      if ((first || change != seen) && watch->source == 0 && !watch->stop)
        watch->source = g_idle_add_full (G_PRIORITY_DEFAULT, tell, watch, NULL);
      seen = change;
      first = FALSE;
    }
  g_mutex_unlock (&watch->lock);
  return NULL;
}

AssayWatch *
assay_watch_new (const char *directory, void (*changed) (gpointer data), gpointer data)
{
  AssayWatch *watch = g_new0 (AssayWatch, 1);
  watch->directory = g_strdup (directory);
  watch->changed = changed;
  watch->data = data;
  g_mutex_init (&watch->lock);
  g_cond_init (&watch->woken);
  watch->thread = g_thread_new ("desk-watch", watch_thread, watch);
  return watch;
}

void
assay_watch_end (AssayWatch *watch)
{
  g_mutex_lock (&watch->lock);
  watch->stop = TRUE;
  g_clear_handle_id (&watch->source, g_source_remove);
  g_cond_signal (&watch->woken);
  g_mutex_unlock (&watch->lock);
}

void
assay_watch_join (AssayWatch *watch)
{
  g_thread_join (watch->thread);
}

void
assay_watch_free (AssayWatch *watch)
{
  g_mutex_clear (&watch->lock);
  g_cond_clear (&watch->woken);
  g_free (watch->directory);
  g_free (watch);
}

void
assay_watch_look_now (AssayWatch *watch)
{
  g_mutex_lock (&watch->lock);
  watch->look_now = TRUE;
  g_cond_signal (&watch->woken);
  g_mutex_unlock (&watch->lock);
}
