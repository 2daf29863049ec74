/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/thumbnail.h"

#include "core/film.h"
#include "core/sound.h"

#include <glib/gstdio.h>
#include <string.h>

#define JPEG_QUALITY 85
#define WAVE_WIDTH_PX 160
#define WAVE_HEIGHT_PX 120

char *
assay_thumbnail_dup_path (const AssayItem *item)
{
  char text[MAX (ASSAY_SHA256_TEXT_SIZE, ASSAY_ID_TEXT_SIZE)];
  if (item->range == ASSAY_RANGE_WHOLE)
    assay_sha256_to_text (&item->media, text);
  else
    assay_id_to_text (&item->id, text);
  g_autofree char *file = g_strconcat (text, ".jpg", NULL);
  return g_build_filename (g_get_user_cache_dir (), "assay", "thumbnails", file, NULL);
}

static AssayPicture *
shrink (const AssayPicture *picture)
{
  guint longer = MAX (picture->width_px, picture->height_px);
  if (longer <= ASSAY_THUMBNAIL_SIDE_PX)
    return assay_picture_to_rgb8 (picture);
  double factor = (double) ASSAY_THUMBNAIL_SIDE_PX / longer;
  guint width_px = MAX (1, (guint) (picture->width_px * factor + 0.5));
  guint height_px = MAX (1, (guint) (picture->height_px * factor + 0.5));
  g_autoptr (AssayPicture) small = assay_picture_scale (picture, width_px, height_px);
  return assay_picture_to_rgb8 (small);
}

static void
fill (AssayPicture *picture, guint x, guint y0, guint y1, guint32 colour)
{
  for (guint y = y0; y <= y1; y++)
    {
      guint8 *p = picture->data + y * picture->stride + (gsize) x * 3;
      p[0] = (guint8) (colour >> 16);
      p[1] = (guint8) (colour >> 8);
      p[2] = (guint8) colour;
    }
}

/* Light on dark, the loudest part filling the height: what is said where shows even in a quiet recording. */
static AssayPicture *
draw_wave (const AssayItem *item, const char *path, GError **error)
{
  g_autoptr (AssaySoundReader) reader = assay_sound_reader_new (path, error);
  if (reader == NULL)
    return NULL;
  gint64 start = item->range == ASSAY_RANGE_SAMPLES ? item->start : 0;
  gint64 end = item->range == ASSAY_RANGE_SAMPLES ? item->end : assay_sound_reader_get_facts (reader)->n_samples;
  AssaySoundPeak peaks[WAVE_WIDTH_PX];
  if (!assay_sound_reader_peaks (reader, start, end, WAVE_WIDTH_PX, peaks, error))
    return NULL;
  float loudest = 1e-4f;
  for (guint x = 0; x < WAVE_WIDTH_PX; x++)
    loudest = MAX (loudest, MAX (peaks[x].high, -peaks[x].low));
  g_autoptr (AssayPicture) picture = assay_picture_new (WAVE_WIDTH_PX, WAVE_HEIGHT_PX, ASSAY_PIXELS_RGB8);
  const float half = WAVE_HEIGHT_PX / 2.f, reach = half * 0.85f;
  for (guint x = 0; x < WAVE_WIDTH_PX; x++)
    {
      fill (picture, x, 0, WAVE_HEIGHT_PX - 1, 0x1b1f24);
      fill (picture, x, (guint) (half - peaks[x].high / loudest * reach),
            (guint) (half - peaks[x].low / loudest * reach), 0x7fb0dc);
    }
  return g_steal_pointer (&picture);
}

static AssayPicture *
make (const AssayItem *item, const char *path, GError **error)
{
  if (item->media_kind == ASSAY_MEDIA_SOUND)
    return draw_wave (item, path, error);
  g_autoptr (AssayPicture) picture = NULL;
  if (item->range == ASSAY_RANGE_FRAME)
    {
      g_autoptr (AssayFilm) film = assay_film_open (path, error);
      picture = film != NULL ? assay_film_get_frame (film, item->end, error) : NULL;
    }
  else
    picture = assay_picture_load_small (path, ASSAY_THUMBNAIL_SIDE_PX, error);
  return picture != NULL ? shrink (picture) : NULL;
}

/* A cache that cannot be written is no reason to show nothing. */
static void
keep (const AssayPicture *picture, const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GBytes) bytes = assay_picture_encode_jpeg (picture, JPEG_QUALITY, NULL);
  if (bytes == NULL || g_mkdir_with_parents (folder, 0700) != 0)
    return;
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  g_file_set_contents_full (path, data, (gssize) n_bytes, G_FILE_SET_CONTENTS_CONSISTENT, 0600, NULL);
}

AssayPicture *
assay_thumbnail_load (const AssayItem *item, const char *path, GError **error)
{
  g_autofree char *kept = assay_thumbnail_dup_path (item);
  if (g_access (kept, R_OK) == 0)
    {
      AssayPicture *picture = assay_picture_load (kept, NULL);
      if (picture != NULL)
        return picture;
    }
  AssayPicture *picture = make (item, path, error);
  if (picture != NULL)
    keep (picture, kept);
  return picture;
}

GdkTexture *
assay_texture_new (AssayPicture *picture)
{
  g_return_val_if_fail (picture->pixels == ASSAY_PIXELS_RGB8, NULL);
  g_autoptr (GBytes) bytes
      = g_bytes_new_with_free_func (picture->data, picture->stride * picture->height_px,
                                    (GDestroyNotify) assay_picture_unref, assay_picture_ref (picture));
  return gdk_memory_texture_new ((int) picture->width_px, (int) picture->height_px, GDK_MEMORY_R8G8B8, bytes,
                                 picture->stride);
}
