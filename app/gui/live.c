/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/live.h"

#include "app/gui/thumbnail.h"

#define PERIOD_US 10000

struct _AssayLive
{
  GObject parent_instance;
  AssayDeviceInfo *info;
  char *settings;
  AssayLiveState state;
  char *trouble;

  AssayStream *stream; /* written by the studio's thread before ON is told, and after OFF was asked for */
  GThread *thread;
  gint stop;   /* atomic */
  GMutex lock; /* what follows */
  AssayPicture *newest;
  double peak, rms;
};

static guint signal_changed;

G_DEFINE_FINAL_TYPE (AssayLive, assay_live, G_TYPE_OBJECT)

AssayLive *
assay_live_new (AssayDeviceInfo *take_info)
{
  AssayLive *live = g_object_new (ASSAY_TYPE_LIVE, NULL);
  live->info = take_info;
  return live;
}

const AssayDeviceInfo *
assay_live_get_info (AssayLive *live)
{
  return live->info;
}

AssayLiveState
assay_live_get_state (AssayLive *live)
{
  return live->state;
}

const char *
assay_live_get_trouble (AssayLive *live)
{
  return live->trouble;
}

const char *
assay_live_get_settings (AssayLive *live)
{
  return live->settings;
}

void
assay_live_set_settings (AssayLive *live, const char *settings)
{
  char *copy = g_strdup (settings);
  g_free (live->settings);
  live->settings = copy;
  g_signal_emit (live, signal_changed, 0);
}

AssayStream *
assay_live_get_stream (AssayLive *live)
{
  return live->state == ASSAY_LIVE_ON ? live->stream : NULL;
}

void
assay_live_set_state (AssayLive *live, AssayLiveState state, const char *trouble)
{
  char *copy = g_strdup (trouble);
  g_free (live->trouble);
  live->trouble = copy;
  live->state = state;
  g_signal_emit (live, signal_changed, 0);
}

/* The device ended by itself. On the main loop. */
static gboolean
tell_lost (gpointer data)
{
  AssayLive *live = data;
  if (live->state == ASSAY_LIVE_ON)
    {
      g_autofree char *trouble = assay_stream_dup_trouble (live->stream);
      assay_live_set_state (live, ASSAY_LIVE_FAILED, trouble != NULL ? trouble : "nothing more comes from it");
    }
  return G_SOURCE_REMOVE;
}

static void
keep_newest (AssayLive *live)
{
  g_autoptr (AssayPicture) picture = assay_stream_peek (live->stream);
  g_autoptr (AssayPicture) shown = picture != NULL ? assay_picture_to_rgb8 (picture) : NULL;
  double peak = 0, rms = 0;
  if (live->info->kind == ASSAY_DEVICE_MICROPHONE)
    assay_stream_peek_level (live->stream, &peak, &rms);
  g_mutex_lock (&live->lock);
  if (shown != NULL)
    {
      g_clear_pointer (&live->newest, assay_picture_unref);
      live->newest = g_steal_pointer (&shown);
    }
  live->peak = MAX (live->peak, peak);
  live->rms = rms;
  g_mutex_unlock (&live->lock);
}

static gpointer
watch (gpointer data)
{
  AssayLive *live = data;
  while (!g_atomic_int_get (&live->stop))
    {
      keep_newest (live);
      if (assay_stream_is_over (live->stream))
        {
          g_idle_add_full (G_PRIORITY_DEFAULT, tell_lost, g_object_ref (live), g_object_unref);
          break;
        }
      g_usleep (PERIOD_US);
    }
  return NULL;
}

gboolean
assay_live_open (AssayLive *live, const char *words, GError **error)
{
  g_autoptr (AssayStream) stream = assay_stream_open (live->info->kind, words, error);
  if (stream == NULL || !assay_stream_start (stream, error))
    return FALSE;
  live->stream = g_steal_pointer (&stream);
  g_atomic_int_set (&live->stop, FALSE);
  live->thread = g_thread_new ("live", watch, live);
  return TRUE;
}

void
assay_live_close (AssayLive *live)
{
  g_atomic_int_set (&live->stop, TRUE);
  g_clear_pointer (&live->thread, g_thread_join);
  g_clear_pointer (&live->stream, assay_stream_close);
  g_mutex_lock (&live->lock);
  g_clear_pointer (&live->newest, assay_picture_unref);
  live->peak = live->rms = 0;
  g_mutex_unlock (&live->lock);
}

GdkTexture *
assay_live_take_texture (AssayLive *live)
{
  g_mutex_lock (&live->lock);
  g_autoptr (AssayPicture) picture = g_steal_pointer (&live->newest);
  g_mutex_unlock (&live->lock);
  return picture != NULL ? assay_texture_new (picture) : NULL;
}

void
assay_live_take_level (AssayLive *live, double *ret_peak, double *ret_rms)
{
  g_mutex_lock (&live->lock);
  *ret_peak = live->peak;
  *ret_rms = live->rms;
  live->peak = 0;
  g_mutex_unlock (&live->lock);
}

static void
assay_live_finalize (GObject *object)
{
  AssayLive *live = ASSAY_LIVE (object);
  assay_live_close (live);
  assay_device_info_free (live->info);
  g_free (live->settings);
  g_free (live->trouble);
  g_mutex_clear (&live->lock);
  G_OBJECT_CLASS (assay_live_parent_class)->finalize (object);
}

static void
assay_live_class_init (AssayLiveClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_live_finalize;
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_live_init (AssayLive *live)
{
  g_mutex_init (&live->lock);
  live->settings = g_strdup ("");
}
