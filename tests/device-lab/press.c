/* SPDX-License-Identifier: GPL-3.0-or-later */
/* press DEVICE BUTTON [LATER_S]: inside the lab's guest, streams and presses one of the driver's fault buttons
 * after ten frames, through the handle that streams, for while it does no other may. Tells as JSON what came of it:
 * {before, after, flagged, restarted, ended (errno, 0 = still streams), ended_after_ms, counts}. */
#include "capture/source.h"
#include "core/clock.h"
#include "core/json.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define LATER_S 2

typedef struct
{
  guint frames, flagged, restarted;
  int ended;
  gint64 ended_ns;
} Seen;

static void
watch (const AssaySource *source, AssayDevice *device, guint frames, double seconds, Seen *seen)
{
  gint64 until_ns = assay_clock_now_ns () + (gint64) (seconds * 1e9);
  guint last = seen->frames + frames;
  while (seen->ended == 0 && seen->frames < last && assay_clock_now_ns () < until_ns)
    {
      AssayFrame frame;
      int got = source->next (device, 100, &frame);
      if (got == -EAGAIN)
        continue;
      seen->ended = -got;
      seen->ended_ns = assay_clock_now_ns ();
      seen->frames += got == 0;
      seen->flagged += got == 0 && frame.flags & ASSAY_FRAME_ERROR;
      seen->restarted += got == 0 && frame.flags & ASSAY_FRAME_RESTARTED;
    }
}

int
main (int argc, char **argv)
{
  const AssaySource *source = assay_source_find ("v4l2");
  g_autoptr (AssayOptions) options = assay_options_new (source->options);
  g_autoptr (GError) error = NULL;
  if (argc < 3 || !assay_options_set (options, "size", "320x180", NULL)
      || !assay_options_set (options, "fps", "30", NULL))
    return 2;
  AssayDevice *device = source->open (argv[1], options, &error);
  if (device == NULL || !source->start (device, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  Seen before = { 0 }, after = { 0 };
  watch (source, device, 10, 20, &before);
  gint64 pressed_ns = assay_clock_now_ns ();
  if (!source->set_control (device, argv[2], "1", &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  watch (source, device, G_MAXUINT / 2, argc > 3 ? g_ascii_strtod (argv[3], NULL) : LATER_S, &after);
  g_autoptr (json_t) facts = source->get_facts (device);
  g_autoptr (json_t) told = json_pack (
      "{s:i, s:i, s:i, s:i, s:i, s:f, s:O}", "before", (int) before.frames, "after", (int) after.frames, "flagged",
      (int) after.flagged, "restarted", (int) after.restarted, "ended", after.ended, "ended_after_ms",
      (double) (after.ended_ns - pressed_ns) / 1e6, "counts", json_object_get (facts, "counts"));
  g_autofree char *text = assay_json_canonical (told);
  printf ("%s\n", text);
  source->close (device);
  return 0;
}
