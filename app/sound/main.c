/* SPDX-License-Identifier: GPL-3.0-or-later */
/* app/sound/main.c - assay-sound, the helper process that alone uses PortAudio (core/sound-link.h says how it is
 * spoken to). It ends by _exit, whatever its driver does: the moment the other side closes the socket. */
#include "capture/sink-portaudio.h"
#include "capture/source-portaudio.h"
#include "core/error.h"
#include "core/sound-link.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A thread that no driver can hold up: nobody at the other end, nothing to live for. */
static gpointer
watch (gpointer data)
{
  struct pollfd end = { .fd = GPOINTER_TO_INT (data), .events = POLLRDHUP };
  while (poll (&end, 1, -1) <= 0 && errno == EINTR)
    ;
  _exit (0);
}

static void
send_text (int fd, AssaySoundKind kind, const char *text)
{
  const AssaySoundHeader header = { .kind = kind, .n_bytes = (guint32) strlen (text) };
  assay_sound_link_send (fd, &header, text);
}

static int
list (int fd, gboolean ask_rates)
{
  g_autoptr (GPtrArray) infos = g_ptr_array_new ();
  g_autoptr (GError) error = NULL;
  if (!assay_portaudio_list (infos, ask_rates, &error))
    {
      send_text (fd, ASSAY_SOUND_ERROR, error->message);
      return 1;
    }
  json_t *devices = json_array ();
  for (guint i = 0; i < infos->len; i++)
    {
      const AssayDeviceInfo *info = infos->pdata[i];
      json_t *device = json_pack ("{s:s, s:s}", "id", info->id, "name", info->name);
      json_object_update (device, info->details);
      json_array_append_new (devices, device);
    }
  char *text = json_dumps (devices, JSON_COMPACT);
  send_text (fd, ASSAY_SOUND_DEVICES, text);
  free (text);
  json_decref (devices);
  return 0;
}

static gboolean
wait_for_go (int fd)
{
  g_autofree guint8 *buffer = g_malloc (ASSAY_SOUND_MOST_BYTES);
  AssaySoundHeader header;
  const guint8 *data;
  int got;
  do
    got = assay_sound_link_receive (fd, -1, -1, buffer, &header, &data);
  while (got == -EAGAIN);
  return got == 0 && header.kind == ASSAY_SOUND_GO;
}

static AssayDevice *
open_device (const char *id, const char *rate, const char *channels, GError **error)
{
  g_autoptr (AssayOptions) options = assay_options_new (assay_source_portaudio.options);
  if (!assay_options_set (options, "rate", rate, error)
      || !assay_options_set (options, "channels", channels, error))
    return NULL;
  return assay_source_portaudio.open (id, options, error);
}

static int
record (int fd, const char *id, const char *rate, const char *channels)
{
  const AssaySource *source = &assay_source_portaudio;
  g_autoptr (GError) error = NULL;
  AssayDevice *device = open_device (id, rate, channels, &error);
  if (device == NULL)
    {
      send_text (fd, ASSAY_SOUND_ERROR, error->message);
      return 1;
    }
  const AssayStreamFormat *format = source->get_format (device);
  g_autofree char *text
      = g_strdup_printf ("{\"rate\":%u,\"channels\":%u,\"block\":%u}", format->rate_hz, format->channels,
                         (guint) (format->max_bytes / sizeof (float) / format->channels));
  send_text (fd, ASSAY_SOUND_FORMAT, text);
  if (!wait_for_go (fd))
    return 1;
  if (!source->start (device, &error))
    {
      send_text (fd, ASSAY_SOUND_LOST, error->message);
      return 1;
    }
  for (;;)
    {
      AssayFrame frame;
      int got = source->next (device, 100, &frame);
      if (got == -EAGAIN)
        continue;
      if (got != 0)
        break;
      const AssaySoundHeader header = { .kind = ASSAY_SOUND_BLOCK,
                                        .n_samples = frame.n_samples,
                                        .first_sample = frame.sequence,
                                        .stamp_ns = frame.stamp_ns,
                                        .raw_flags = frame.raw_flags,
                                        .flags = frame.flags,
                                        .n_bytes = (guint32) frame.n_bytes };
      if (assay_sound_link_send (fd, &header, frame.data) != 0)
        return 0; /* nobody listens any more */
    }
  send_text (fd, ASSAY_SOUND_LOST, "the device fell silent");
  return 1;
}

static gboolean
tell_played (gint64 sample, gpointer data)
{
  const AssaySoundHeader header = { .kind = ASSAY_SOUND_PLAYED, .first_sample = (guint64) sample };
  return assay_sound_link_send (GPOINTER_TO_INT (data), &header, NULL) == 0;
}

static int
play (int fd, const char *path, const char *from, const char *to)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, &error);
  if (reader != NULL
      && assay_sink_portaudio_play (reader, g_ascii_strtoll (from, NULL, 10), g_ascii_strtoll (to, NULL, 10),
                                    tell_played, GINT_TO_POINTER (fd), &error))
    return 0;
  send_text (fd, ASSAY_SOUND_ERROR, error->message);
  return 1;
}

int
main (int argc, char **argv)
{
  if (argc != 3 && argc != 6)
    {
      fputs ("assay-sound: this is Assay's sound helper; it is started by assay, not by hand\n", stderr);
      return 2;
    }
  int fd = atoi (argv[2]);
  signal (SIGINT, SIG_IGN); /* Ctrl+C is for the program that started us; it closes the socket when it is done */
  signal (SIGPIPE, SIG_IGN);
  /* With it PortAudio would let ALSA resample, and rates would be listed that no converter has. */
  g_unsetenv ("PA_ALSA_PLUGHW");
  g_thread_unref (g_thread_new ("watch", watch, GINT_TO_POINTER (fd)));
  int status = 2;
  if (g_str_equal (argv[1], "list") || g_str_equal (argv[1], "names"))
    status = list (fd, g_str_equal (argv[1], "list"));
  else if (argc == 6 && g_str_equal (argv[1], "play"))
    status = play (fd, argv[3], argv[4], argv[5]);
  else if (argc == 6)
    status = record (fd, argv[3], argv[4], argv[5]);
  fflush (NULL);
  _exit (status);
}
