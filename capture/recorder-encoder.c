/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stills become files on a few threads at once, so that no lane is behind by making one after the other. The keeper
 * takes them in the order in which they were taken all the same. */
#include "capture/recorder-private.h"

#include "core/colour.h"
#include "core/error.h"

/* Runs on an encoder: `still` becomes the file, `facts` say what is in it; else `wrong` why it is no picture. */
static void
make_file (Note *note)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (note->still, &n_bytes);
  gboolean jpeg = assay_colour_is_jpeg (note->pixels.fourcc);
  g_autoptr (AssayPicture) picture = jpeg ? assay_picture_decode (data, n_bytes, &note->wrong)
                                          : assay_colour_convert (&note->pixels, data, n_bytes, &note->wrong);
  GBytes *file = picture != NULL && !jpeg ? assay_picture_encode_png (picture, &note->wrong) : NULL;
  if (picture == NULL || (!jpeg && file == NULL))
    return;
  if (file != NULL)
    {
      g_bytes_unref (note->still);
      note->still = file;
    }
  data = g_bytes_get_data (note->still, &n_bytes);
  AssayMediaFacts *facts = &note->facts;
  facts->hash = assay_sha256 (data, n_bytes);
  facts->kind = ASSAY_MEDIA_PICTURE;
  g_strlcpy (facts->type, jpeg ? "jpg" : "png", sizeof facts->type);
  facts->bytes = (gint64) n_bytes;
  facts->width_px = picture->width_px;
  facts->height_px = picture->height_px;
  facts->exif_orientation = MAX (picture->exif_orientation, 1);
  assay_still_look (picture, &note->look);
  if (picture->warning != NULL)
    g_strlcpy (facts->warning, picture->warning, sizeof facts->warning);
}

gpointer
assay_encoder_run (gpointer data)
{
  AssayRecorder *recorder = data;
  pthread_mutex_lock (&recorder->lock);
  for (;;)
    {
      while (recorder->raws.length == 0 && !recorder->lanes_over)
        pthread_cond_wait (&recorder->changed, &recorder->lock);
      Note *note = g_queue_pop_head (&recorder->raws);
      if (note == NULL)
        break;
      gsize n_bytes = g_bytes_get_size (note->still);
      pthread_mutex_unlock (&recorder->lock);
      make_file (note);
      pthread_mutex_lock (&recorder->lock);
      note->raw = FALSE;
      recorder->raw_bytes -= n_bytes;
      pthread_cond_broadcast (&recorder->changed);
    }
  pthread_mutex_unlock (&recorder->lock);
  return NULL;
}
