/* SPDX-License-Identifier: GPL-3.0-or-later */
/* It is loud: the root mean square of the last 50 ms of a microphone, all channels, against full scale (a sine that
 * just does not clip has -3 dBFS). */
#include "capture/trigger.h"

#include "core/error.h"

#include <math.h>

#define USUAL_DB -30.0
#define WINDOW_S 0.05

typedef struct
{
  double least_power; /* mean square */
  double sum;
  guint64 n, n_samples;
} Sound;

static gpointer
open_sound (const char *argument, GError **error)
{
  char *end = NULL;
  double db = argument != NULL ? g_ascii_strtod (argument, &end) : USUAL_DB;
  if (argument != NULL && (end == argument || *end != '\0' || !(db < 0 && db >= -120)))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_USAGE,
                   "trigger sound: \"%s\" is no level; give decibels below full scale, sound:-30", argument);
      return NULL;
    }
  Sound *sound = g_new0 (Sound, 1);
  sound->least_power = pow (10, db / 10);
  return sound;
}

static gboolean
look (gpointer state, const AssayStreamFormat *format, const AssayFrame *frame)
{
  Sound *sound = state;
  const float *samples = (const float *) (gconstpointer) frame->data;
  gsize n = (gsize) frame->n_samples * format->channels;
  for (gsize i = 0; i < n; i++)
    sound->sum += (double) samples[i] * samples[i];
  sound->n += n;
  sound->n_samples += frame->n_samples;
  if ((double) sound->n_samples < WINDOW_S * format->rate_hz)
    return FALSE;
  gboolean loud = sound->sum / (double) sound->n >= sound->least_power;
  sound->sum = 0;
  sound->n = sound->n_samples = 0;
  return loud;
}

const AssayTriggerKind assay_trigger_sound = {
  .id = "sound",
  .title = "It is loud in front of a microphone",
  .argument = "[:DBFS]",
  .of_microphone = TRUE,
  .open = open_sound,
  .look = look,
  .close = g_free,
};
