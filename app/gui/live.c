/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/live.h"

#include "app/gui/sensor-memory.h"
#include "app/gui/thumbnail.h"
#include "core/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#define PERIOD_US 10000
#define RATE_PERIOD_US (2 * G_USEC_PER_SEC)
#define LEAST_SHARE 0.6   /* of 25 pictures a second, or of what comes: fewer are told as slowed down */
#define UNSEEN_US 500000  /* nobody took a picture for so long: no more are made */
#define SHOWN_SIDE_PX 1600 /* more than any live view has */

struct _AssayLive
{
  GObject parent_instance;
  AssayDeviceInfo *info;
  char *name; /* (nullable) as somebody called it */
  char *settings;
  gboolean asked_for;
  AssayLiveStatus state;
  char *trouble;
  gint64 away_us;    /* since when; 0 = it is not */
  json_t *controls;  /* (nullable) */
  json_t *touched;

  AssayStream *stream; /* written by the studio's thread before ON is told, and after OFF was asked for */
  GThread *thread;
  gint stop;     /* atomic */
  gint overlays; /* atomic */
  GMutex lock;   /* what follows */
  AssayPicture *newest;
  guint64 serial; /* of the newest */
  gint64 taken_us; /* when somebody last asked for a picture */
  AssayOverlayLook look;
  AssayLevel level;
  gboolean has_look, has_level;
  guint64 clip_seen; /* of level.clipped_runs */
  AssayLiveRates rates;
};

/* The watching thread's own. */
typedef struct
{
  gint64 counted_us, made_us;
  guint64 received, made, made_before;
  AssaySharpnessBest best;
  gboolean over;
} Watch;

static guint signal_changed, signal_controls, signal_returned;

G_DEFINE_FINAL_TYPE (AssayLive, assay_live, G_TYPE_OBJECT)

AssayLive *
assay_live_new (AssayDeviceInfo *take_info)
{
  AssayLive *live = g_object_new (ASSAY_TYPE_LIVE, NULL);
  live->info = take_info;
  live->name = assay_sensor_memory_get (take_info->id, "name");
  g_autofree char *overlays = assay_sensor_memory_get (take_info->id, "overlays");
  live->overlays = overlays != NULL ? atoi (overlays) & ASSAY_OVERLAY_ALL : 0;
  return live;
}

const AssayDeviceInfo *
assay_live_get_info (AssayLive *live)
{
  return live->info;
}

const char *
assay_live_get_name (AssayLive *live)
{
  return live->name != NULL ? live->name : live->info->name;
}

void
assay_live_set_name (AssayLive *live, const char *name)
{
  g_autofree char *words = g_strstrip (g_strdup (name));
  gboolean own = *words == '\0' || g_str_equal (words, live->info->name);
  g_free (live->name);
  live->name = own ? NULL : g_steal_pointer (&words);
  assay_sensor_memory_set (live->info->id, "name", live->name);
  g_signal_emit (live, signal_changed, 0);
}

gboolean
assay_live_is_weak (AssayLive *live)
{
  return g_strcmp0 (assay_json_get_string (live->info->details, "identity"), "weak") == 0;
}

void
assay_live_set_asked_for (AssayLive *live, const char *settings)
{
  live->asked_for = TRUE;
  assay_live_set_settings (live, settings);
}

gboolean
assay_live_is_asked_for (AssayLive *live)
{
  return live->asked_for;
}

AssayLiveStatus
assay_live_get_state (AssayLive *live)
{
  return live->state;
}

const char *
assay_live_get_trouble (AssayLive *live)
{
  return live->trouble;
}

double
assay_live_get_away_s (AssayLive *live)
{
  return live->away_us != 0 ? (double) (g_get_monotonic_time () - live->away_us) / G_USEC_PER_SEC : 0;
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

const json_t *
assay_live_get_controls (AssayLive *live)
{
  return live->controls;
}

void
assay_live_take_controls (AssayLive *live, json_t *controls)
{
  json_decref (live->controls);
  live->controls = controls;
  g_signal_emit (live, signal_controls, 0);
}

json_t *
assay_live_get_touched (AssayLive *live)
{
  return live->touched;
}

AssayStream *
assay_live_get_stream (AssayLive *live)
{
  return live->state == ASSAY_LIVE_ON || live->state == ASSAY_LIVE_AWAY ? live->stream : NULL;
}

void
assay_live_set_state (AssayLive *live, AssayLiveStatus state, const char *trouble)
{
  char *copy = g_strdup (trouble);
  g_free (live->trouble);
  live->trouble = copy;
  if (state == ASSAY_LIVE_AWAY && live->away_us == 0)
    live->away_us = g_get_monotonic_time ();
  /* Trying to open it again is still being away. */
  if (state != ASSAY_LIVE_AWAY && state != ASSAY_LIVE_OPENING)
    live->away_us = 0;
  live->state = state;
  g_signal_emit (live, signal_changed, 0);
}

/* What the thread saw, on the main loop. */

static gboolean
tell_lost (gpointer data)
{
  AssayLive *live = data;
  if (live->state != ASSAY_LIVE_ON || !assay_stream_is_over (live->stream))
    return G_SOURCE_REMOVE;
  g_autofree char *trouble = assay_stream_dup_trouble (live->stream);
  /* At the end of a replay nothing is wrong, and nothing comes back. */
  assay_live_set_state (live, trouble != NULL ? ASSAY_LIVE_AWAY : ASSAY_LIVE_FAILED,
                        trouble != NULL ? trouble : "nothing more comes from it");
  return G_SOURCE_REMOVE;
}

static gboolean
tell_back (gpointer data)
{
  AssayLive *live = data;
  if (live->state == ASSAY_LIVE_AWAY && !assay_stream_is_over (live->stream))
    {
      assay_live_set_state (live, ASSAY_LIVE_ON, NULL);
      g_signal_emit (live, signal_returned, 0);
    }
  return G_SOURCE_REMOVE;
}

/* The thread */

static gboolean
is_seen (AssayLive *live)
{
  g_mutex_lock (&live->lock);
  gboolean seen = g_get_monotonic_time () - live->taken_us < UNSEEN_US;
  g_mutex_unlock (&live->lock);
  return seen;
}

/* What goes to the screen, with what is drawn over it. */
static AssayPicture *
dress (AssayLive *live, Watch *watch, AssayPicture *picture)
{
  AssayOverlays wanted = (AssayOverlays) g_atomic_int_get (&live->overlays);
  AssayOverlayLook look;
  if (assay_overlay_measure (picture, wanted, &watch->best, &look))
    {
      g_mutex_lock (&live->lock);
      live->look = look;
      live->has_look = TRUE;
      g_mutex_unlock (&live->lock);
    }
  return assay_overlay_paint (picture, wanted);
}

static void
keep_picture (AssayLive *live, Watch *watch)
{
  g_autoptr (AssayPicture) picture = is_seen (live) ? assay_stream_peek_small (live->stream, SHOWN_SIDE_PX) : NULL;
  if (picture == NULL)
    return;
  g_autoptr (AssayPicture) rgb = picture->pixels == ASSAY_PIXELS_RGB8 ? assay_picture_ref (picture)
                                                                       : assay_picture_to_rgb8 (picture);
  AssayPicture *shown = rgb != NULL ? dress (live, watch, rgb) : NULL;
  if (shown == NULL)
    return;
  watch->made++;
  g_mutex_lock (&live->lock);
  g_clear_pointer (&live->newest, assay_picture_unref);
  live->newest = shown;
  live->serial++;
  g_mutex_unlock (&live->lock);
}

static void
keep_level (AssayLive *live)
{
  AssayLevel level;
  if (!assay_stream_peek_meter (live->stream, &level))
    return;
  g_mutex_lock (&live->lock);
  live->level = level;
  live->has_level = TRUE;
  g_mutex_unlock (&live->lock);
}

static void
keep_rates (AssayLive *live, Watch *watch)
{
  gint64 now_us = g_get_monotonic_time (), span_us = now_us - watch->counted_us;
  guint64 received = assay_stream_count_received (live->stream);
  if (watch->counted_us != 0 && span_us < RATE_PERIOD_US)
    return;
  gboolean counted = watch->counted_us != 0, seen = is_seen (live);
  double received_fps = (double) (received - watch->received) * G_USEC_PER_SEC / (double) MAX (span_us, 1);
  double shown_fps = (double) (watch->made - watch->made_before) * G_USEC_PER_SEC / (double) MAX (span_us, 1);
  watch->counted_us = now_us;
  watch->received = received;
  watch->made_before = watch->made;
  g_mutex_lock (&live->lock);
  live->rates.received_fps = counted ? received_fps : NAN;
  live->rates.shown_fps = counted ? shown_fps : NAN;
  /* While nobody looked in between, few pictures were made on purpose. */
  live->rates.slowed = counted && seen && watch->made_us != 0 && now_us - watch->made_us > 2 * RATE_PERIOD_US
                       && shown_fps < LEAST_SHARE * MIN (received_fps, 25);
  g_mutex_unlock (&live->lock);
  if (!seen)
    watch->made_us = 0;
  else if (watch->made_us == 0)
    watch->made_us = now_us;
}

static void
watch_end (AssayLive *live, Watch *watch)
{
  gboolean over = assay_stream_is_over (live->stream);
  if (over == watch->over)
    return;
  watch->over = over;
  g_idle_add_full (G_PRIORITY_DEFAULT, over ? tell_lost : tell_back, g_object_ref (live), g_object_unref);
}

static gpointer
watch_stream (gpointer data)
{
  AssayLive *live = data;
  Watch watch = { 0 };
  gboolean camera = live->info->kind == ASSAY_DEVICE_CAMERA;
  /* When the machine is slow, the picture on the screen suffers first: who is 0 means this thread alone (setpriority
   * on Linux), and it rests as long as it works. */
  setpriority (PRIO_PROCESS, 0, 10);
  while (!g_atomic_int_get (&live->stop))
    {
      gint64 began_us = g_get_monotonic_time ();
      if (camera)
        keep_picture (live, &watch);
      else
        keep_level (live);
      if (camera)
        keep_rates (live, &watch);
      watch_end (live, &watch);
      g_usleep ((gulong) CLAMP (g_get_monotonic_time () - began_us, PERIOD_US, 20 * PERIOD_US));
    }
  return NULL;
}

gboolean
assay_live_open (AssayLive *live, const char *words, GError **error)
{
  g_autoptr (AssayStream) stream = assay_stream_open (live->info->kind, words, error);
  if (stream == NULL || !assay_stream_start (stream, error))
    return FALSE;
  const char *asked = strstr (words, ",fps=");
  const AssayStreamFormat *format = assay_stream_get_format (stream);
  live->stream = g_steal_pointer (&stream);
  g_mutex_lock (&live->lock);
  live->rates = (AssayLiveRates){ .received_fps = NAN,
                                  .shown_fps = NAN,
                                  .wanted_fps = asked != NULL ? g_ascii_strtod (asked + 5, NULL) : format->fps };
  g_mutex_unlock (&live->lock);
  g_atomic_int_set (&live->stop, FALSE);
  live->thread = g_thread_new ("live", watch_stream, live);
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
  live->has_level = live->has_look = FALSE;
  live->clip_seen = 0;
  g_mutex_unlock (&live->lock);
}

AssayStream *
assay_live_get_open_stream (AssayLive *live)
{
  return live->stream;
}

/* What it shows */

GdkTexture *
assay_live_get_texture (AssayLive *live, guint64 *serial)
{
  g_mutex_lock (&live->lock);
  gboolean fresh = live->newest != NULL && live->serial != *serial;
  g_autoptr (AssayPicture) picture = fresh ? assay_picture_ref (live->newest) : NULL;
  live->taken_us = g_get_monotonic_time ();
  *serial = live->serial;
  g_mutex_unlock (&live->lock);
  return picture != NULL ? assay_texture_new (picture) : NULL;
}

AssayOverlays
assay_live_get_overlays (AssayLive *live)
{
  return (AssayOverlays) g_atomic_int_get (&live->overlays);
}

void
assay_live_set_overlays (AssayLive *live, AssayOverlays overlays)
{
  g_autofree char *text = g_strdup_printf ("%d", (int) overlays);
  g_atomic_int_set (&live->overlays, (int) overlays);
  assay_sensor_memory_set (live->info->id, "overlays", overlays != 0 ? text : NULL);
  g_signal_emit (live, signal_changed, 0);
}

gboolean
assay_live_get_look (AssayLive *live, AssayOverlayLook *ret_look)
{
  g_mutex_lock (&live->lock);
  gboolean has = live->has_look;
  if (has)
    *ret_look = live->look;
  g_mutex_unlock (&live->lock);
  return has;
}

void
assay_live_get_rates (AssayLive *live, AssayLiveRates *ret_rates)
{
  g_mutex_lock (&live->lock);
  *ret_rates = live->rates;
  g_mutex_unlock (&live->lock);
}

gboolean
assay_live_get_level (AssayLive *live, AssayLevel *ret_level)
{
  g_mutex_lock (&live->lock);
  gboolean has = live->has_level;
  if (has)
    *ret_level = live->level;
  g_mutex_unlock (&live->lock);
  return has;
}

gboolean
assay_live_is_clipped (AssayLive *live)
{
  g_mutex_lock (&live->lock);
  gboolean clipped = live->has_level && live->level.clipped_runs > live->clip_seen;
  g_mutex_unlock (&live->lock);
  return clipped;
}

void
assay_live_clear_clip (AssayLive *live)
{
  g_mutex_lock (&live->lock);
  live->clip_seen = live->level.clipped_runs;
  g_mutex_unlock (&live->lock);
}

static void
assay_live_finalize (GObject *object)
{
  AssayLive *live = ASSAY_LIVE (object);
  assay_live_close (live);
  assay_device_info_free (live->info);
  g_free (live->name);
  g_free (live->settings);
  g_free (live->trouble);
  json_decref (live->controls);
  json_decref (live->touched);
  g_mutex_clear (&live->lock);
  G_OBJECT_CLASS (assay_live_parent_class)->finalize (object);
}

static void
assay_live_class_init (AssayLiveClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_live_finalize;
  signal_changed
      = g_signal_new ("changed", ASSAY_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signal_controls
      = g_signal_new ("controls", ASSAY_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signal_returned
      = g_signal_new ("returned", ASSAY_TYPE_LIVE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_live_init (AssayLive *live)
{
  g_mutex_init (&live->lock);
  live->settings = g_strdup ("");
  live->touched = json_object ();
}
