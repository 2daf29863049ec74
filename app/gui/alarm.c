/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/alarm.h"

#include "app/gui/player.h"
#include "app/gui/sensor-memory.h"

#include <gdk/gdk.h>
#include <math.h>
#include <string.h>

#define RATE_HZ 48000
#define BEEP_SAMPLES (RATE_HZ / 8)
#define N_SAMPLES (3 * BEEP_SAMPLES) /* high, nothing, low */
#define REST_US (3 * G_USEC_PER_SEC)

struct _AssayAlarm
{
  GObject parent_instance;
  AssayPlayer *player;
  char *path; /* of the sound; NULL until it was made */
  gboolean muted;
  gint64 sounded_us;
};

G_DEFINE_FINAL_TYPE (AssayAlarm, assay_alarm, G_TYPE_OBJECT)

static void
put (guint8 *at, guint32 value, guint n_bytes)
{
  for (guint i = 0; i < n_bytes; i++)
    at[i] = (guint8) (value >> (8 * i));
}

/* A WAV file of 16 bits, one channel. */
static gboolean
write_sound (const char *path)
{
  g_autofree guint8 *file = g_malloc0 (44 + 2 * N_SAMPLES);
  memcpy (file, "RIFF....WAVEfmt ", 16);
  put (file + 4, 36 + 2 * N_SAMPLES, 4);
  put (file + 16, 16, 4);
  put (file + 20, 1, 2);
  put (file + 22, 1, 2);
  put (file + 24, RATE_HZ, 4);
  put (file + 28, 2 * RATE_HZ, 4);
  put (file + 32, 2, 2);
  put (file + 34, 16, 2);
  memcpy (file + 36, "data", 4);
  put (file + 40, 2 * N_SAMPLES, 4);
  for (guint i = 0; i < N_SAMPLES; i++)
    {
      guint part = i / BEEP_SAMPLES, at = i % BEEP_SAMPLES;
      double swell = sin (G_PI * at / BEEP_SAMPLES); /* no click at its ends */
      double tone = part == 1 ? 0 : sin (2 * G_PI * (part == 0 ? 1320 : 880) * at / RATE_HZ);
      put (file + 44 + 2 * i, (guint16) (gint16) lround (16000 * swell * tone), 2);
    }
  return g_file_set_contents (path, (const char *) file, 44 + 2 * N_SAMPLES, NULL);
}

static void
ring (void)
{
  if (gdk_display_get_default () != NULL)
    gdk_display_beep (gdk_display_get_default ());
}

static gboolean
prepare (AssayAlarm *alarm)
{
  if (alarm->path != NULL)
    return TRUE;
  g_autofree char *directory = g_build_filename (g_get_user_cache_dir (), "assay", NULL);
  g_autofree char *path = g_build_filename (directory, "alarm.wav", NULL);
  g_mkdir_with_parents (directory, 0700);
  if (!write_sound (path))
    return FALSE;
  alarm->path = g_steal_pointer (&path);
  return TRUE;
}

void
assay_alarm_sound (AssayAlarm *alarm)
{
  gint64 now_us = g_get_monotonic_time ();
  if (alarm->muted || (alarm->sounded_us != 0 && now_us - alarm->sounded_us < REST_US))
    return;
  alarm->sounded_us = now_us;
  if (prepare (alarm))
    assay_player_play (alarm->player, alarm->path, 0, N_SAMPLES);
  else
    ring ();
}

gboolean
assay_alarm_is_muted (AssayAlarm *alarm)
{
  return alarm->muted;
}

void
assay_alarm_set_muted (AssayAlarm *alarm, gboolean muted)
{
  alarm->muted = muted;
  assay_sensor_memory_set ("alarm", "muted", muted ? "yes" : NULL);
  if (muted)
    assay_player_stop (alarm->player);
}

AssayAlarm *
assay_alarm_new (void)
{
  return g_object_new (ASSAY_TYPE_ALARM, NULL);
}

static void
assay_alarm_finalize (GObject *object)
{
  AssayAlarm *alarm = ASSAY_ALARM (object);
  g_object_unref (alarm->player);
  g_free (alarm->path);
  G_OBJECT_CLASS (assay_alarm_parent_class)->finalize (object);
}

static void
assay_alarm_class_init (AssayAlarmClass *class)
{
  G_OBJECT_CLASS (class)->finalize = assay_alarm_finalize;
}

static void
assay_alarm_init (AssayAlarm *alarm)
{
  g_autofree char *muted = assay_sensor_memory_get ("alarm", "muted");
  alarm->player = assay_player_new ();
  alarm->muted = muted != NULL;
  g_signal_connect_object (alarm->player, "failed", G_CALLBACK (ring), alarm, G_CONNECT_SWAPPED);
}
