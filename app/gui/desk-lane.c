/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/desk-lane.h"

#include "core/error.h"

struct _AssayLane
{
  gatomicrefcount refs; /* the desk, each thread, each result on its way */
  char *directory;
  AssayStoreMode mode;
  GFunc after;
  gpointer after_data;
  GAsyncQueue *queue; /* of Piece */
  GPtrArray *threads;
  gint read_only;  /* atomic */
  gboolean closed; /* main thread */
};

typedef struct
{
  AssayLane *lane;
  AssayDeskWork work; /* NULL: the thread is to end */
  gpointer data;
  GDestroyNotify free_data;
  AssayDeskDone done;
  gboolean has_owner;
  GWeakRef owner;
  GError *error;
} Piece;

void
assay_lane_unref (AssayLane *lane)
{
  if (!g_atomic_ref_count_dec (&lane->refs))
    return;
  g_free (lane->directory);
  g_async_queue_unref (lane->queue);
  g_ptr_array_unref (lane->threads);
  g_free (lane);
}

static Piece *
piece_new (AssayLane *lane, gpointer owner)
{
  Piece *piece = g_new0 (Piece, 1);
  g_atomic_ref_count_inc (&lane->refs);
  piece->lane = lane;
  piece->has_owner = owner != NULL;
  g_weak_ref_init (&piece->owner, owner);
  return piece;
}

static void
piece_free (Piece *piece)
{
  if (piece->free_data != NULL)
    piece->free_data (piece->data);
  g_weak_ref_clear (&piece->owner);
  g_clear_error (&piece->error);
  assay_lane_unref (piece->lane);
  g_free (piece);
}

/* On the main loop. */
static gboolean
hand_back (gpointer data)
{
  Piece *piece = data;
  g_autoptr (GObject) owner = g_weak_ref_get (&piece->owner);
  if (piece->done != NULL && !piece->lane->closed && (owner != NULL || !piece->has_owner))
    piece->done (owner, piece->data, piece->error);
  return G_SOURCE_REMOVE;
}

static AssayProject *
open_project (AssayLane *lane, GError **error)
{
  g_autoptr (GError) refused = NULL;
  AssayProject *project = assay_project_open (lane->directory, lane->mode, &refused);
  if (project != NULL)
    return project;
  /* A newer version of Assay made it: it can still be looked at. */
  if (lane->mode == ASSAY_STORE_WRITE && g_error_matches (refused, ASSAY_ERROR, ASSAY_ERROR_UNSUPPORTED))
    project = assay_project_open (lane->directory, ASSAY_STORE_READ, NULL);
  if (project != NULL)
    g_atomic_int_set (&lane->read_only, TRUE);
  else
    g_propagate_error (error, g_steal_pointer (&refused));
  return project;
}

static gpointer
work_in_lane (gpointer data)
{
  AssayLane *lane = data;
  g_autoptr (AssayProject) project = NULL;
  while (TRUE)
    {
      Piece *piece = g_async_queue_pop (lane->queue);
      if (piece->work == NULL)
        {
          piece_free (piece);
          break;
        }
      if (project == NULL)
        project = open_project (lane, &piece->error);
      if (project != NULL)
        piece->work (project, piece->data, &piece->error);
      if (lane->after != NULL)
        lane->after (lane, lane->after_data);
      g_idle_add_full (G_PRIORITY_DEFAULT, hand_back, piece, (GDestroyNotify) piece_free);
    }
  g_clear_pointer (&project, assay_project_close);
  assay_lane_unref (lane);
  return NULL;
}

AssayLane *
assay_lane_new (const char *directory, AssayStoreMode mode, guint n_threads, GFunc after, gpointer after_data)
{
  AssayLane *lane = g_new0 (AssayLane, 1);
  g_atomic_ref_count_init (&lane->refs);
  lane->directory = g_strdup (directory);
  lane->mode = mode;
  lane->after = after;
  lane->after_data = after_data;
  lane->queue = g_async_queue_new ();
  lane->threads = g_ptr_array_new ();
  for (guint i = 0; i < n_threads; i++)
    {
      g_atomic_ref_count_inc (&lane->refs);
      g_ptr_array_add (lane->threads,
                       g_thread_new (mode == ASSAY_STORE_READ ? "desk-read" : "desk-write", work_in_lane, lane));
    }
  return lane;
}

void
assay_lane_end (AssayLane *lane)
{
  lane->closed = TRUE;
  for (guint i = 0; i < lane->threads->len; i++)
    g_async_queue_push (lane->queue, piece_new (lane, NULL));
}

void
assay_lane_join (AssayLane *lane)
{
  for (guint i = 0; i < lane->threads->len; i++)
    g_thread_join (lane->threads->pdata[i]);
}

void
assay_lane_push (AssayLane *lane, AssayDeskWork work, gpointer data, GDestroyNotify free_data, AssayDeskDone done,
                 gpointer owner)
{
  Piece *piece = piece_new (lane, owner);
  piece->work = work;
  piece->data = data;
  piece->free_data = free_data;
  piece->done = done;
  g_async_queue_push (lane->queue, piece);
}

gboolean
assay_lane_is_read_only (AssayLane *lane)
{
  return g_atomic_int_get (&lane->read_only);
}
