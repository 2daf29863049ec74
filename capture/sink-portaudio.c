/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sink-portaudio.h"

#include "core/error.h"

#include <math.h>
#include <portaudio.h>

#define BLOCKS_PER_S 50

static gboolean
fail (GError **error, const char *doing, PaError wrong)
{
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_DEVICE,
               "%s: %s; check the loudspeaker in the system's sound settings", doing, Pa_GetErrorText (wrong));
  return FALSE;
}

static PaStream *
open_stream (const AssaySoundFacts *facts, GError **error)
{
  PaStream *stream = NULL;
  PaError wrong = Pa_Initialize ();
  if (wrong == paNoError && Pa_GetDefaultOutputDevice () == paNoDevice)
    wrong = paDeviceUnavailable;
  if (wrong == paNoError)
    wrong = Pa_OpenDefaultStream (&stream, 0, (int) facts->channels, paFloat32, facts->rate_hz,
                                  MAX (facts->rate_hz / BLOCKS_PER_S, 1), NULL, NULL);
  if (wrong == paNoError)
    wrong = Pa_StartStream (stream);
  if (wrong == paNoError)
    return stream;
  fail (error, "opening the loudspeaker", wrong);
  return NULL;
}

gboolean
assay_sink_portaudio_play (AssaySoundReader *reader, gint64 from, gint64 to, AssaySinkMoved moved, gpointer data,
                           GError **error)
{
  const AssaySoundFacts *facts = assay_sound_reader_get_facts (reader);
  PaStream *stream = open_stream (facts, error);
  if (stream == NULL)
    return FALSE;
  gint64 block = MAX (facts->rate_hz / BLOCKS_PER_S, 1);
  g_autofree float *samples = g_new (float, (gsize) block * facts->channels);
  /* The reported latency of JACK is garbage: clamped. */
  gint64 latency = (gint64) lround (CLAMP (Pa_GetStreamInfo (stream)->outputLatency, 0, 0.5) * facts->rate_hz);
  for (gint64 at = from; at < to;)
    {
      gint64 n = assay_sound_reader_read (reader, at, MIN (block, to - at), samples, error);
      if (n < 0)
        return FALSE;
      if (n == 0)
        break;
      PaError wrong = Pa_WriteStream (stream, samples, (unsigned long) n);
      if (wrong != paNoError && wrong != paOutputUnderflowed)
        return fail (error, "playing", wrong);
      at += n;
      if (!moved (MAX (from, at - latency), data))
        return TRUE;
    }
  Pa_StopStream (stream); /* waits for what is still to be heard */
  moved (to, data);
  return TRUE;
}
