/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A sound helper that misbehaves on request: the device's name says how. What it is to play it plays to the middle,
 * and stays there until nobody listens any more. Speaks core/sound-link. */
#include "core/clock.h"
#include "core/sound-link.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RATE 16000
#define BLOCK 160
#define BLOCKS_BEFORE_TROUBLE 50

static void
send_text (int fd, AssaySoundKind kind, const char *text)
{
  const AssaySoundHeader header = { .kind = kind, .n_bytes = (guint32) strlen (text) };
  assay_sound_link_send (fd, &header, text);
}

static void
hang (void)
{
  for (;;)
    pause ();
}

static void
play (int fd, const char *how)
{
  float samples[BLOCK];
  guint64 first = 0;
  gint64 began_ns = assay_clock_now_ns ();
  for (guint block = 0;; block++)
    {
      gboolean trouble = block >= BLOCKS_BEFORE_TROUBLE;
      if (trouble && g_str_equal (how, "dies"))
        raise (SIGKILL);
      if (trouble && g_str_equal (how, "hangs"))
        hang ();
      if (trouble && g_str_equal (how, "babbles"))
        send_text (fd, ASSAY_SOUND_FORMAT, "what?");
      if (block == BLOCKS_BEFORE_TROUBLE && g_str_equal (how, "loses"))
        first += 800;
      gboolean muted = trouble && g_str_equal (how, "mutes");
      for (guint i = 0; i < BLOCK; i++)
        samples[i] = muted ? 0 : (float) (0.5 * sin (2 * G_PI * 440 * (double) (first + i) / RATE));
      gint64 stamp_ns = began_ns + (gint64) ((double) first / RATE * 1e9);
      if (trouble && g_str_equal (how, "skips")) /* and does not count what it lost */
        stamp_ns += 50000000;
      assay_clock_wait_until (stamp_ns + G_GINT64_CONSTANT (1000000000) * BLOCK / RATE, -1, -1);
      const AssaySoundHeader header = { .kind = ASSAY_SOUND_BLOCK,
                                        .n_samples = BLOCK,
                                        .first_sample = first,
                                        .stamp_ns = stamp_ns,
                                        .n_bytes = sizeof samples };
      if (assay_sound_link_send (fd, &header, samples) != 0)
        return;
      first += BLOCK;
    }
}

static int
play_half (int fd, gint64 from, gint64 to)
{
  AssaySoundHeader header = { .kind = ASSAY_SOUND_PLAYED, .first_sample = (guint64) ((from + to) / 2) };
  g_autofree guint8 *buffer = g_malloc (ASSAY_SOUND_MOST_BYTES);
  const guint8 *data;
  assay_sound_link_send (fd, &header, NULL);
  assay_sound_link_receive (fd, -1, -1, buffer, &header, &data);
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 6 && g_str_equal (argv[1], "play"))
    return play_half (atoi (argv[2]), g_ascii_strtoll (argv[4], NULL, 10), g_ascii_strtoll (argv[5], NULL, 10));
  const char *how = argc > 3 ? argv[3] : g_getenv ("FAKE_SOUND_LIST");
  int fd = atoi (argv[2]);
  if (g_strcmp0 (how, "deaf") == 0)
    hang ();
  if (g_strcmp0 (how, "deaf for rates") == 0 && g_str_equal (argv[1], "list"))
    hang ();
  if (g_strcmp0 (how, "aborts") == 0)
    raise (SIGKILL);
  if (g_str_equal (argv[1], "list") || g_str_equal (argv[1], "names"))
    {
      send_text (fd, ASSAY_SOUND_DEVICES,
                 "[{\"id\":\"tone\",\"name\":\"Tone\",\"host_api\":\"fake\",\"channels\":1,\"rates\":[16000]}]");
      return 0;
    }
  if (g_str_equal (how, "busy"))
    {
      send_text (fd, ASSAY_SOUND_ERROR, "Device unavailable");
      return 1;
    }
  static const char *const known[] = { "tone", "dies", "hangs", "babbles", "loses", "skips", "mutes", NULL };
  if (!g_strv_contains (known, how))
    {
      send_text (fd, ASSAY_SOUND_ERROR, "no such microphone is plugged in");
      return 1;
    }
  send_text (fd, ASSAY_SOUND_FORMAT, "{\"rate\":16000,\"channels\":1,\"block\":160}");
  guint8 *buffer = g_malloc (ASSAY_SOUND_MOST_BYTES);
  AssaySoundHeader header;
  const guint8 *data;
  if (assay_sound_link_receive (fd, -1, -1, buffer, &header, &data) == 0 && header.kind == ASSAY_SOUND_GO)
    play (fd, how);
  g_free (buffer);
  return 0;
}
