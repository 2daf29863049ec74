/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/bench/frames.h - frames of 1920 x 1080 pixels to measure with: photographs, and a scene with a sensor's
 * noise. */
#include "core/picture.h"

#include <math.h>
#include <string.h>

#define FRAME_WIDTH 1920
#define FRAME_HEIGHT 1080

/* All pictures of $ASSAY_SAMPLES/media/photos and /box side by side, at their own resolution, until the frame is
 * full: a photograph that is scaled up would be smoother than a camera's. NULL when there are none. */
static inline AssayPicture *
make_mosaic (void)
{
  static const char *const names[]
      = { "photos/astronaut.png", "photos/coffee.png", "photos/rocket.jpg", "photos/chelsea.png",
          "box/box_001.jpg",      "box/box_010.jpg",   "box/box_020.jpg",   "cup/cup_001.jpg" };
  const char *samples = g_getenv ("ASSAY_SAMPLES");
  g_autoptr (AssayPicture) frame = assay_picture_new (FRAME_WIDTH, FRAME_HEIGHT, ASSAY_PIXELS_RGB8);
  guint x = 0, y = 0, line_px = 0, found = 0;
  for (guint i = 0; y < FRAME_HEIGHT && i < 64; i++)
    {
      g_autofree char *path = g_build_filename (samples != NULL ? samples : "/nowhere", "media",
                                                names[i % G_N_ELEMENTS (names)], NULL);
      g_autoptr (AssayPicture) any = assay_picture_load (path, NULL);
      if (any == NULL)
        continue;
      g_autoptr (AssayPicture) photo = assay_picture_to_rgb8 (any);
      guint w = MIN (photo->width_px, FRAME_WIDTH - x), h = MIN (photo->height_px, FRAME_HEIGHT - y);
      for (guint row = 0; row < h; row++)
        memcpy (frame->data + (y + row) * frame->stride + 3 * (gsize) x, photo->data + row * photo->stride,
                3 * (gsize) w);
      found++;
      line_px = line_px == 0 ? h : MIN (line_px, h); /* the next line of photographs covers what is uneven */
      x += w;
      if (x < FRAME_WIDTH)
        continue;
      x = 0;
      y += line_px;
      line_px = 0;
    }
  return found > 0 ? g_steal_pointer (&frame) : NULL;
}

/* Soft shapes with Gaussian noise of `sigma` levels, the same every time. */
static inline AssayPicture *
make_noisy (double sigma)
{
  AssayPicture *frame = assay_picture_new (FRAME_WIDTH, FRAME_HEIGHT, ASSAY_PIXELS_RGB8);
  guint64 state = 1;
  for (guint y = 0; y < FRAME_HEIGHT; y++)
    for (guint i = 0; i < 3 * FRAME_WIDTH; i++)
      {
        double noise = -6; /* a sum of twelve is Gaussian enough */
        for (guint k = 0; k < 12; k++)
          {
            state = state * G_GUINT64_CONSTANT (6364136223846793005) + G_GUINT64_CONSTANT (1442695040888963407);
            noise += (double) (state >> 40) / (1 << 24);
          }
        double value = 128 + 60 * sin (i / 3 / 190.0 + i % 3) + 50 * cos (y / 150.0) + sigma * noise;
        frame->data[y * frame->stride + i] = (guint8) CLAMP (value, 0, 255);
      }
  return frame;
}
