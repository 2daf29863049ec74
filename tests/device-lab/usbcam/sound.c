/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The microphone: a tone of 16-bit samples, its phase without a break for as long as the device streams. */
#include "tests/device-lab/usbcam/camera.h"

#include <math.h>

#define AMPLITUDE 12000

/* Sines are dear in an emulated machine: they are computed before the device is plugged in. */
void
sound_init (Camera *camera, guint tone_hz)
{
  static const guint rates[] = { 16000, 44100, 48000 };
  camera->sound.rate_hz = rates[G_N_ELEMENTS (rates) - 1];
  camera->sound.tones = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    {
      gint16 *second = g_new (gint16, rates[i]);
      for (guint k = 0; k < rates[i]; k++)
        second[k] = (gint16) lround (AMPLITUDE * sin (2 * G_PI * ((guint64) k * tone_hz % rates[i]) / rates[i]));
      g_hash_table_insert (camera->sound.tones, GUINT_TO_POINTER (rates[i]), second);
    }
}

void
sound_clear (Camera *camera)
{
  g_clear_pointer (&camera->sound.tones, g_hash_table_unref);
}

void
sound_begin (Camera *camera, guint setting)
{
  camera->sound.setting = setting;
  camera->sound.remainder = camera->sound.at = 0;
  camera_tell ("sound %s", setting > 0 ? "on" : "off");
}

void
sound_answer (Camera *camera, Transfer *transfer)
{
  static gint16 samples[1 << 16];
  Sound *sound = &camera->sound;
  const gint16 *tone = g_hash_table_lookup (sound->tones, GUINT_TO_POINTER (sound->rate_hz));
  gboolean silent = tone == NULL || sound->muted || camera_now_ns () < sound->gap_until_ns;
  guint n = 0;
  for (int i = 0; i < transfer->n_packets; i++)
    {
      LinkPacket *packet = &transfer->packets[i];
      /* 44.1 samples a millisecond: nine packets of 44, then one of 45. */
      sound->remainder += sound->rate_hz;
      guint count = MIN (sound->remainder / 1000, packet->length / 2);
      sound->remainder %= 1000;
      for (guint k = 0; k < count && n < G_N_ELEMENTS (samples); k++)
        {
          samples[n++] = silent ? 0 : tone[sound->at];
          sound->at = (sound->at + 1) % sound->rate_hz;
        }
      packet->status = 0;
      packet->actual = 2 * count;
    }
  link_answer (&camera->link, transfer, 0, samples, 2 * (gsize) n);
}
