/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that grow while a lane records, and how a full one gets to the keeper: bringing it to the disk and hashing a gigabyte
 * take seconds, which neither the lane nor the keeper has. */
#include "capture/recorder-private.h"

#include "core/error.h"
#include "core/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

Reel *
assay_reel_new (Lane *lane, const char *type)
{
  Reel *segment = g_new0 (Reel, 1);
  segment->lane = lane;
  segment->file = g_strdup_printf ("%s-%04u.%s", lane->key, ++lane->n_segments, type);
  segment->path = g_build_filename (lane->recorder->directory, segment->file, NULL);
  g_strlcpy (segment->facts.type, type, sizeof segment->facts.type);
  return segment;
}

void
assay_reel_free (Reel *segment)
{
  if (segment == NULL)
    return;
  json_decref (segment->item);
  g_clear_pointer (&segment->drawn, g_ptr_array_unref);
  g_free (segment->file);
  g_free (segment->path);
  g_free (segment);
}

static gboolean
hash (Reel *segment, GError **error)
{
  int fd = open (segment->path, O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    {
      assay_error_set_errno (error, errno, "reading %s", segment->path);
      return FALSE;
    }
  gboolean right = assay_file_hash (fd, segment->path, &segment->facts.hash, &segment->facts.bytes, error);
  close (fd);
  return right;
}

static gpointer
close_segment (gpointer data)
{
  Reel *segment = data;
  AssayRecorder *recorder = segment->lane->recorder;
  GError *error = NULL;
  gboolean closed = segment->writer == NULL || segment->close (g_steal_pointer (&segment->writer), &error);
  if (!closed || !hash (segment, &error))
    {
      assay_recorder_fail (recorder, error);
      assay_reel_free (segment);
      return NULL;
    }
  Note *note = assay_lane_note (segment->lane);
  note->segment = segment;
  assay_recorder_put (recorder, note);
  return NULL;
}

void
assay_reel_wait (Lane *lane)
{
  if (lane->closing != NULL)
    g_thread_join (g_steal_pointer (&lane->closing));
}

void
assay_reel_hand_over (Reel *take_segment)
{
  Lane *lane = take_segment->lane;
  assay_reel_wait (lane);
  lane->closing = g_thread_new ("segment", close_segment, take_segment);
}
