/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/thumbnailer.h"

#define N_THREADS 2

struct _AssayThumbnailer
{
  gatomicrefcount refs; /* the owner, each wish */
  GThreadPool *pool;
  guint64 n_asked;
  gint closed; /* atomic */
};

typedef struct
{
  AssayThumbnailer *thumbnailer;
  guint64 number;
  AssayItem *item;
  char *path;
  AssayThumbnailDone done;
  gpointer owner;
  GCancellable *given_up;
  AssayPicture *picture;
} Wish;

static void
thumbnailer_unref (AssayThumbnailer *thumbnailer)
{
  if (g_atomic_ref_count_dec (&thumbnailer->refs))
    g_free (thumbnailer);
}

static void
wish_free (Wish *wish)
{
  assay_item_free (wish->item);
  g_free (wish->path);
  g_object_unref (wish->given_up);
  g_clear_pointer (&wish->picture, assay_picture_unref);
  thumbnailer_unref (wish->thumbnailer);
  g_free (wish);
}

static gboolean
hand_over (gpointer data)
{
  Wish *wish = data;
  if (g_cancellable_is_cancelled (wish->given_up) || g_atomic_int_get (&wish->thumbnailer->closed))
    return G_SOURCE_REMOVE;
  g_autoptr (GdkTexture) texture = wish->picture != NULL ? assay_texture_new (wish->picture) : NULL;
  wish->done (wish->owner, texture);
  return G_SOURCE_REMOVE;
}

static void
work (gpointer data, gpointer pool_data)
{
  Wish *wish = data;
  if (!g_cancellable_is_cancelled (wish->given_up) && !g_atomic_int_get (&wish->thumbnailer->closed))
    wish->picture = assay_thumbnail_load (wish->item, wish->path, NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, hand_over, wish, (GDestroyNotify) wish_free);
}

static int
last_first (gconstpointer a, gconstpointer b, gpointer data)
{
  const Wish *wish_a = a, *wish_b = b;
  return (wish_a->number < wish_b->number) - (wish_a->number > wish_b->number);
}

AssayThumbnailer *
assay_thumbnailer_new (void)
{
  AssayThumbnailer *thumbnailer = g_new0 (AssayThumbnailer, 1);
  g_atomic_ref_count_init (&thumbnailer->refs);
  thumbnailer->pool = g_thread_pool_new (work, thumbnailer, N_THREADS, FALSE, NULL);
  g_thread_pool_set_sort_function (thumbnailer->pool, last_first, NULL);
  return thumbnailer;
}

void
assay_thumbnailer_free (AssayThumbnailer *thumbnailer)
{
  if (thumbnailer == NULL)
    return;
  g_atomic_int_set (&thumbnailer->closed, TRUE);
  g_thread_pool_free (thumbnailer->pool, FALSE, TRUE); /* the rest of the queue runs through without work */
  thumbnailer_unref (thumbnailer);
}

void
assay_thumbnailer_ask (AssayThumbnailer *thumbnailer, const AssayItem *item, const char *path,
                       AssayThumbnailDone done, gpointer owner, GCancellable *given_up)
{
  Wish *wish = g_new0 (Wish, 1);
  g_atomic_ref_count_inc (&thumbnailer->refs);
  wish->thumbnailer = thumbnailer;
  wish->number = thumbnailer->n_asked++;
  wish->item = assay_item_copy (item);
  wish->path = g_strdup (path);
  wish->done = done;
  wish->owner = owner;
  wish->given_up = g_object_ref (given_up);
  g_thread_pool_push (thumbnailer->pool, wish, NULL);
}
