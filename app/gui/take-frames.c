/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/take-frames.h"

#include "core/film.h"

void
assay_take_frames_free (AssayTakeFrames *frames)
{
  if (frames == NULL)
    return;
  g_ptr_array_unref (frames->sources);
  g_ptr_array_unref (frames->paths);
  g_ptr_array_unref (frames->tracks);
  g_free (frames);
}

static int
earlier (gconstpointer a, gconstpointer b)
{
  const AssayTakeFrame *x = a, *y = b;
  return (x->captured_ns > y->captured_ns) - (x->captured_ns < y->captured_ns);
}

static guint
add_source (AssayTakeFrames *frames, const AssayItem *item, const char *path)
{
  g_ptr_array_add (frames->sources, (gpointer) item);
  g_ptr_array_add (frames->paths, (gpointer) path);
  return frames->sources->len - 1;
}

static GArray *
add_track (AssayTakeFrames *frames)
{
  GArray *track = g_array_new (FALSE, FALSE, sizeof (AssayTakeFrame));
  g_ptr_array_add (frames->tracks, track);
  return track;
}

/* The films of one camera follow each other. */
static GArray *
find_track (AssayTakeFrames *frames, const AssayItem *first)
{
  for (guint i = 0; i < frames->tracks->len; i++)
    {
      const GArray *track = frames->tracks->pdata[i];
      const AssayItem *other = frames->sources->pdata[g_array_index (track, AssayTakeFrame, 0).source];
      if (assay_id_equal (&other->sensor, &first->sensor))
        return frames->tracks->pdata[i];
    }
  return add_track (frames);
}

static void
add_film (AssayTakeFrames *frames, const AssayTakeFilm *about, char **ret_wrong)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayFilm) film = assay_film_open (about->path, &error);
  g_autoptr (GArray) times = film != NULL ? assay_film_list_frames (film, &error) : NULL;
  if (times == NULL || times->len == 0)
    {
      g_free (*ret_wrong);
      *ret_wrong = g_strdup (error != NULL ? error->message : "a film without frames");
      return;
    }
  GArray *track = find_track (frames, about->first);
  guint source = add_source (frames, about->first, about->path);
  for (guint i = 0; i < times->len; i++)
    {
      gint64 pts_ns = g_array_index (times, gint64, i);
      AssayTakeFrame frame = { source, pts_ns, about->first->time.captured_ns + pts_ns };
      g_array_append_val (track, frame);
    }
}

static void
add_stills (AssayTakeFrames *frames, const AssayTake *take)
{
  GArray *track = NULL;
  for (guint i = 0; i < take->items->len; i++)
    {
      const AssayItem *item = take->items->pdata[i];
      if (item->media_kind == ASSAY_MEDIA_SOUND)
        continue;
      if (track == NULL)
        track = add_track (frames);
      AssayTakeFrame frame
          = { add_source (frames, item, take->paths->pdata[i]), item->end, item->time.captured_ns };
      g_array_append_val (track, frame);
    }
}

AssayTakeFrames *
assay_take_frames_new (const AssayTake *take, char **ret_wrong)
{
  AssayTakeFrames *frames = g_new0 (AssayTakeFrames, 1);
  frames->sources = g_ptr_array_new ();
  frames->paths = g_ptr_array_new ();
  frames->tracks = g_ptr_array_new_with_free_func ((GDestroyNotify) g_array_unref);
  *ret_wrong = NULL;
  for (guint i = 0; i < take->films->len; i++)
    add_film (frames, take->films->pdata[i], ret_wrong);
  if (frames->tracks->len == 0)
    add_stills (frames, take);
  for (guint i = 0; i < frames->tracks->len; i++)
    g_array_sort (frames->tracks->pdata[i], earlier);
  return frames;
}

AssayItem *
assay_take_frames_dup_item (const AssayTakeFrames *frames, const AssayTakeFrame *frame)
{
  AssayItem *item = assay_item_copy (frames->sources->pdata[frame->source]);
  item->end = frame->pts_ns;
  return item;
}

guint
assay_take_frames_find (const GArray *track, gint64 realtime_ns)
{
  guint low = 0, high = track->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      if (g_array_index (track, AssayTakeFrame, middle).captured_ns <= realtime_ns)
        low = middle + 1;
      else
        high = middle;
    }
  return low > 0 ? low - 1 : 0;
}
