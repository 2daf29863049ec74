/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/device-lab/usbcam/pictures.h"

#include <gio/gio.h>
#include <string.h>

#define RAMP 220
#define BLOCK_PX 16
#define INTERVAL(fps) (10000000 / (fps))
#define RATES                                                                                                      \
  {                                                                                                                \
    INTERVAL (30), INTERVAL (15), INTERVAL (10), INTERVAL (5)                                                      \
  }

const PictureMode picture_modes[] = {
  { PICTURE_MJPEG, 640, 360, 640 * 360 * 2, 4, RATES },
  { PICTURE_MJPEG, 1280, 720, 1280 * 720 * 2, 4, RATES },
  { PICTURE_YUYV, 640, 360, 640 * 360 * 2, 4, RATES },
  { PICTURE_YUYV, 1280, 720, 1280 * 720 * 2, 2, { INTERVAL (10), INTERVAL (5) } },
};
const guint n_picture_modes = G_N_ELEMENTS (picture_modes);

static const char *const fault_names[N_FAULTS]
    = { "none", "truncated", "empty", "garbage", "nodht", "error", "lost" };

const PictureMode *
picture_mode_find (guint format, guint index)
{
  for (guint i = 0; i < n_picture_modes; i++)
    if (picture_modes[i].format == format && --index == 0)
      return &picture_modes[i];
  return NULL;
}

gboolean
picture_fault_parse (const char *word, PictureFault *ret_fault)
{
  for (guint i = 0; i < N_FAULTS; i++)
    if (g_strcmp0 (word, fault_names[i]) == 0)
      {
        *ret_fault = (PictureFault) i;
        return TRUE;
      }
  return FALSE;
}

const char *
picture_fault_get_name (PictureFault fault)
{
  return fault_names[fault];
}

/* --- loading ---------------------------------------------------------------------------------------------------
 */

static guint
size_of (const PictureMode *mode)
{
  return mode->width_px == 640 ? 0 : 1;
}

static guint8 *
make_ramp (const PictureMode *mode)
{
  guint lines = mode->height_px + RAMP;
  guint8 *ramp = g_malloc (2 * (gsize) mode->width_px * lines), *at = ramp;
  for (guint y = 0; y < lines; y++)
    for (guint x = 0; x < mode->width_px; x++)
      {
        *at++ = (guint8) (16 + (x + 3 * y) % RAMP);
        *at++ = 128;
      }
  return ramp;
}

static int
compare_words (gconstpointer a, gconstpointer b)
{
  return strcmp (*(char *const *) a, *(char *const *) b);
}

static GPtrArray *
load_folder (const char *folder, GError **error)
{
  g_autoptr (GPtrArray) jpegs = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, error);
  const char *name;
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, ".jpg"))
      g_ptr_array_add (names, g_build_filename (folder, name, NULL));
  g_ptr_array_sort (names, compare_words);
  for (guint i = 0; i < names->len; i++)
    {
      char *data;
      gsize n_bytes;
      if (!g_file_get_contents (names->pdata[i], &data, &n_bytes, error))
        return NULL;
      g_ptr_array_add (jpegs, g_bytes_new_take (data, n_bytes));
    }
  if (dir != NULL && jpegs->len == 0)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "loading pictures: %s holds no .jpg", folder);
  return jpegs->len > 0 ? g_steal_pointer (&jpegs) : NULL;
}

gboolean
pictures_load (Pictures *pictures, const char *folder, GError **error)
{
  static const char *const sizes[] = { "640x360", "1280x720" };
  *pictures = (Pictures){ 0 };
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autofree char *path = g_build_filename (folder, sizes[i], NULL);
      pictures->jpegs[i] = load_folder (path, error);
      pictures->ramp[i] = make_ramp (picture_mode_find (PICTURE_YUYV, i + 1));
      if (pictures->jpegs[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

void
pictures_clear (Pictures *pictures)
{
  for (guint i = 0; i < G_N_ELEMENTS (pictures->jpegs); i++)
    {
      g_clear_pointer (&pictures->jpegs[i], g_ptr_array_unref);
      g_clear_pointer (&pictures->ramp[i], g_free);
    }
}

/* --- drawing ---------------------------------------------------------------------------------------------------
 */

static void
draw_jpeg (const Pictures *pictures, const PictureMode *mode, guint32 counter, GByteArray *frame)
{
  const GPtrArray *jpegs = pictures->jpegs[size_of (mode)];
  gsize n_bytes;
  const guint8 *jpeg = g_bytes_get_data (jpegs->pdata[counter % jpegs->len], &n_bytes);
  char words[32];
  guint n = (guint) g_snprintf (words, sizeof words, "frame %010u", counter);
  g_byte_array_append (frame, jpeg, 2); /* start of image */
  g_byte_array_append (frame, (const guint8[]){ 0xff, 0xfe, 0, (guint8) (n + 2) }, 4);
  g_byte_array_append (frame, (const guint8 *) words, n);
  g_byte_array_append (frame, jpeg + 2, (guint) n_bytes - 2);
}

static void
draw_yuyv (const Pictures *pictures, const PictureMode *mode, guint32 counter, GByteArray *frame)
{
  gsize line = 2 * (gsize) mode->width_px;
  const guint8 *from = pictures->ramp[size_of (mode)] + counter % RAMP * line;
  g_byte_array_append (frame, from, (guint) (line * mode->height_px));
  for (guint y = 0; y < BLOCK_PX; y++)
    for (guint x = 0; x < 32 * BLOCK_PX; x++)
      frame->data[y * line + 2 * x] = counter >> (x / BLOCK_PX) & 1 ? 235 : 16;
}

/* The segments before the picture's data but those that define Huffman tables (0xc4), then the rest. */
static void
drop_huffman_tables (GByteArray *frame)
{
  guint at = 2;
  while (at + 4 <= frame->len && frame->data[at] == 0xff && frame->data[at + 1] != 0xda)
    {
      guint n = 2 + (guint) (frame->data[at + 2] << 8 | frame->data[at + 3]);
      if (frame->data[at + 1] == 0xc4 && at + n <= frame->len)
        g_byte_array_remove_range (frame, at, n);
      else
        at += n;
    }
}

static void
damage (GByteArray *frame, PictureFault fault)
{
  if (fault == FAULT_TRUNCATED)
    g_byte_array_set_size (frame, frame->len / 2);
  else if (fault == FAULT_EMPTY)
    g_byte_array_set_size (frame, 0);
  else if (fault == FAULT_NODHT)
    drop_huffman_tables (frame);
  else if (fault == FAULT_GARBAGE)
    for (guint i = 0; i < frame->len; i++)
      frame->data[i] = (guint8) (i * 2654435761u >> 13);
}

void
pictures_draw (const Pictures *pictures, const PictureMode *mode, guint32 counter, PictureFault fault,
               GByteArray *frame)
{
  g_byte_array_set_size (frame, 0);
  if (mode->format == PICTURE_MJPEG)
    draw_jpeg (pictures, mode, counter, frame);
  else
    draw_yuyv (pictures, mode, counter, frame);
  damage (frame, fault);
}
