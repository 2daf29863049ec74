/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/desk-waits.h"

typedef struct
{
  const char *what;
  AssayDeskWait wait;
  gpointer data;
  GDestroyNotify free_data;
} Wait;

struct _AssayWaits
{
  GArray *list; /* of Wait */
};

static void
free_wait (gpointer data)
{
  Wait *wait = data;
  if (wait->free_data != NULL)
    wait->free_data (wait->data);
}

AssayWaits *
assay_waits_new (void)
{
  AssayWaits *waits = g_new (AssayWaits, 1);
  waits->list = g_array_new (FALSE, FALSE, sizeof (Wait));
  g_array_set_clear_func (waits->list, free_wait);
  return waits;
}

void
assay_waits_free (AssayWaits *waits)
{
  g_array_unref (waits->list);
  g_free (waits);
}

void
assay_waits_add (AssayWaits *waits, const char *what, AssayDeskWait wait, gpointer data, GDestroyNotify free_data)
{
  g_array_append_val (waits->list, ((Wait){ what, wait, data, free_data }));
}

/* Letting go, on a thread */

typedef struct
{
  gpointer data;
  GDestroyNotify free_data;
} LettingGo;

static gpointer
let_go (gpointer data)
{
  g_autofree LettingGo *going = data;
  going->free_data (going->data);
  return NULL;
}

static gboolean
wait_for_thread (gpointer thread, GError **error)
{
  g_thread_join (thread);
  return TRUE;
}

void
assay_waits_let_go (AssayWaits *waits, const char *what, gpointer data, GDestroyNotify free_data)
{
  LettingGo going = { data, free_data };
  GThread *thread = g_thread_new ("desk-let-go", let_go, g_memdup2 (&going, sizeof going));
  assay_waits_add (waits, what, wait_for_thread, thread, NULL);
}

const char *
assay_waits_get_what (AssayWaits *waits)
{
  const char *what = NULL;
  for (guint i = 0; i < waits->list->len; i++)
    if (g_array_index (waits->list, Wait, i).what != NULL)
      what = g_array_index (waits->list, Wait, i).what;
  return what;
}

gboolean
assay_waits_wait (AssayWaits *waits, GError **error)
{
  g_autoptr (GError) first = NULL;
  for (guint i = 0; i < waits->list->len; i++)
    {
      const Wait *wait = &g_array_index (waits->list, Wait, i);
      wait->wait (wait->data, first == NULL ? &first : NULL);
    }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

void
assay_waits_clear (AssayWaits *waits)
{
  g_array_set_size (waits->list, 0);
}
