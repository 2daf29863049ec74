/* SPDX-License-Identifier: GPL-3.0-or-later */
/* lab-pictures FOLDER: draws what the emulated webcam sees, before the lab boots: FOLDER/WIDTHxHEIGHT/NN.jpg. A
 * scene that moves from picture to picture, and over it in 8 squares the bits of the picture's number, lowest
 * first. */
#include "core/picture.h"

#include <stdio.h>

#define N_PICTURES 48
#define SQUARE_PX 32

static void
paint (AssayPicture *picture, guint number)
{
  for (guint y = 0; y < picture->height_px; y++)
    for (guint x = 0; x < picture->width_px; x++)
      {
        guint8 *pixel = picture->data + y * picture->stride + 3 * x;
        guint ring = (x * x + y * y) / 512 + 5 * number;
        pixel[0] = (guint8) (x * 255 / picture->width_px);
        pixel[1] = (guint8) (ring & 64 ? 180 : 60 + (x ^ y) % 24);
        pixel[2] = (guint8) (y * 255 / picture->height_px);
        if (y < SQUARE_PX && x < 8 * SQUARE_PX)
          pixel[0] = pixel[1] = pixel[2] = number >> (x / SQUARE_PX) & 1 ? 255 : 0;
      }
}

static gboolean
draw (const char *folder, guint width_px, guint height_px, GError **error)
{
  g_autofree char *size = g_strdup_printf ("%s/%ux%u", folder, width_px, height_px);
  g_autoptr (AssayPicture) picture = assay_picture_new (width_px, height_px, ASSAY_PIXELS_RGB8);
  g_mkdir_with_parents (size, 0755);
  for (guint number = 0; number < N_PICTURES; number++)
    {
      paint (picture, number);
      g_autoptr (GBytes) jpeg = assay_picture_encode_jpeg (picture, 80, error);
      g_autofree char *path = g_strdup_printf ("%s/%02u.jpg", size, number);
      if (jpeg == NULL
          || !g_file_set_contents (path, g_bytes_get_data (jpeg, NULL), (gssize) g_bytes_get_size (jpeg), error))
        return FALSE;
    }
  return TRUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  if (argc == 2 && draw (argv[1], 640, 360, &error) && draw (argv[1], 1280, 720, &error))
    return 0;
  fprintf (stderr, "lab-pictures: %s\n", error != NULL ? error->message : "one folder is needed");
  return 1;
}
