/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the device says it is. USB 2.0 chapter 9, USB Video Class 1.0, USB Audio Class 1.0. */
#include "tests/device-lab/usbcam/camera.h"

#include <string.h>

#define W(x) (guint8) ((x) &255), (guint8) ((x) >> 8 & 255)
#define L(x) W (x), W ((x) >> 16)
/* A descriptor: its length, then the bytes. */
#define PUT(to, ...) put (to, (const guint8[]){ __VA_ARGS__ }, sizeof ((const guint8[]){ __VA_ARGS__ }))

enum
{
  CLASS_VIDEO = 0x0e,
  CLASS_SOUND = 0x01,
  CONFIGURATION = 2,
  INTERFACE = 4,
  ENDPOINT = 5,
  ASSOCIATION = 11,
  CLASS_INTERFACE = 0x24,
  CLASS_ENDPOINT = 0x25
};

/* wMaxPacketSize of the alternate settings of the camera's stream; bits 11 and 12: more packets a micro-frame. */
static const guint16 packet_sizes[] = { 0, 192, 512, 800, 1024, 1 << 11 | 1024, 2 << 11 | 1024 };

guint
descriptors_count_settings (void)
{
  return G_N_ELEMENTS (packet_sizes);
}

guint
descriptors_get_packet_bytes (guint setting)
{
  guint size = setting < G_N_ELEMENTS (packet_sizes) ? packet_sizes[setting] : 0;
  return (size & 0x7ff) * (1 + (size >> 11));
}

static void
put (GByteArray *to, const guint8 *bytes, gsize n)
{
  guint8 length = (guint8) (n + 1);
  g_byte_array_append (to, &length, 1);
  g_byte_array_append (to, bytes, (guint) n);
}

/* The total length of a group of class descriptors goes into its first one, when all are there. */
static void
close_group (GByteArray *to, guint start, guint at)
{
  guint n = to->len - start;
  to->data[start + at] = (guint8) n;
  to->data[start + at + 1] = (guint8) (n >> 8);
}

static void
put_camera_control (GByteArray *to)
{
  PUT (to, ASSOCIATION, CAMERA_CONTROL, 2, CLASS_VIDEO, 3, 0, 2);
  PUT (to, INTERFACE, CAMERA_CONTROL, 0, 1, CLASS_VIDEO, 1, 0, 2);
  guint start = to->len;
  PUT (to, CLASS_INTERFACE, 1, W (0x100), W (0), L (6000000), 1, CAMERA_STREAM);
  /* Exposure mode and time, focus, zoom, automatic focus. */
  PUT (to, CLASS_INTERFACE, 2, CAMERA_TERMINAL, W (0x201), 0, 0, W (0), W (0), W (0), 3, 0x2a, 0x02, 0x02);
  PUT (to, CLASS_INTERFACE, 5, CAMERA_UNIT, CAMERA_TERMINAL, W (0), 2, 0x5b, 0x17, 0);
  PUT (to, CLASS_INTERFACE, 3, 3, W (0x101), 0, CAMERA_UNIT, 0);
  close_group (to, start, 5);
  PUT (to, ENDPOINT, 0x80 | STATUS_ENDPOINT, 3, W (16), 8);
  PUT (to, CLASS_ENDPOINT, 3, W (16));
}

/* What it stands at when nobody asks for another rate. */
static guint32
choose_usual (const PictureMode *mode, int fps)
{
  for (guint i = 0; i < mode->n_intervals && fps > 0; i++)
    if (mode->intervals[i] == 10000000u / (guint32) fps)
      return mode->intervals[i];
  return mode->intervals[0];
}

static void
put_modes (GByteArray *to, PictureFormat format, guint8 subtype, int fps)
{
  const PictureMode *mode;
  for (guint index = 1; (mode = picture_mode_find (format, index)) != NULL; index++)
    {
      guint start = to->len;
      guint32 bits = mode->max_bytes * 8 * 30;
      PUT (to, CLASS_INTERFACE, subtype, (guint8) index, 0, W (mode->width_px), W (mode->height_px), L (bits / 6),
           L (bits), L (mode->max_bytes), L (choose_usual (mode, fps)), (guint8) mode->n_intervals);
      for (guint i = 0; i < mode->n_intervals; i++)
        g_byte_array_append (to, (const guint8[]){ L (mode->intervals[i]) }, 4);
      to->data[start] = (guint8) (to->len - start);
    }
  PUT (to, CLASS_INTERFACE, 13, 1, 1, 4); /* BT.709 primaries and transfer, SMPTE 170M matrix */
}

static guint8
count_modes (PictureFormat format)
{
  guint8 n = 0;
  while (picture_mode_find (format, n + 1u) != NULL)
    n++;
  return n;
}

static void
put_camera_stream (GByteArray *to, int fps)
{
  PUT (to, INTERFACE, CAMERA_STREAM, 0, 0, CLASS_VIDEO, 2, 0, 0);
  guint start = to->len;
  PUT (to, CLASS_INTERFACE, 1, 2, W (0), 0x80 | VIDEO_ENDPOINT, 0, 3, 0, 0, 0, 1, 0, 0);
  PUT (to, CLASS_INTERFACE, 6, PICTURE_MJPEG, count_modes (PICTURE_MJPEG), 1, 1, 0, 0, 0, 0);
  put_modes (to, PICTURE_MJPEG, 7, fps);
  PUT (to, CLASS_INTERFACE, 4, PICTURE_YUYV, count_modes (PICTURE_YUYV), 'Y', 'U', 'Y', '2', 0, 0, 0x10, 0, 0x80, 0,
       0, 0xaa, 0, 0x38, 0x9b, 0x71, 16, 1, 0, 0, 0, 0);
  put_modes (to, PICTURE_YUYV, 5, fps);
  close_group (to, start, 4);
  for (guint8 i = 1; i < G_N_ELEMENTS (packet_sizes); i++)
    {
      PUT (to, INTERFACE, CAMERA_STREAM, i, 1, CLASS_VIDEO, 2, 0, 0);
      PUT (to, ENDPOINT, 0x80 | VIDEO_ENDPOINT, 5, W (packet_sizes[i]), 1);
    }
}

static void
put_microphone (GByteArray *to)
{
  PUT (to, ASSOCIATION, SOUND_CONTROL, 2, CLASS_SOUND, 2, 0, 2);
  PUT (to, INTERFACE, SOUND_CONTROL, 0, 0, CLASS_SOUND, 1, 0, 0);
  guint start = to->len;
  PUT (to, CLASS_INTERFACE, 1, W (0x100), W (0), 1, SOUND_STREAM);
  PUT (to, CLASS_INTERFACE, 2, 4, W (0x201), 0, 1, W (0), 0, 0);
  PUT (to, CLASS_INTERFACE, 6, SOUND_UNIT, 4, 1, 3, 0); /* mute and volume */
  PUT (to, CLASS_INTERFACE, 3, 6, W (0x101), 0, SOUND_UNIT, 0);
  close_group (to, start, 5);
  PUT (to, INTERFACE, SOUND_STREAM, 0, 0, CLASS_SOUND, 2, 0, 0);
  PUT (to, INTERFACE, SOUND_STREAM, 1, 1, CLASS_SOUND, 2, 0, 0);
  PUT (to, CLASS_INTERFACE, 1, 6, 1, W (1));
  /* One channel of 16 bits at 16000, 44100 or 48000 Hz. */
  PUT (to, CLASS_INTERFACE, 2, 1, 1, 2, 16, 3, 0x80, 0x3e, 0, 0x44, 0xac, 0, 0x80, 0xbb, 0);
  PUT (to, ENDPOINT, 0x80 | SOUND_ENDPOINT, 5, W (100), 4, 0, 0);
  PUT (to, CLASS_ENDPOINT, 1, 1, 0, W (0));
}

GByteArray *
descriptors_new_configuration (const Camera *camera)
{
  GByteArray *to = g_byte_array_new ();
  PUT (to, CONFIGURATION, W (0), camera->microphone ? 4 : 2, 1, 0, 0x80, 250);
  put_camera_control (to);
  put_camera_stream (to, camera->fps);
  if (camera->microphone)
    put_microphone (to);
  close_group (to, 0, 2);
  return to;
}

GByteArray *
descriptors_new_device (const Camera *camera)
{
  GByteArray *to = g_byte_array_new ();
  /* 0xef, 2, 1: interfaces come in associations. A string that is empty has no index. */
  PUT (to, 1, W (0x200), 0xef, 2, 1, 64, W (camera->vendor), W (camera->product), W (0x110),
       *camera->maker != '\0' ? 1 : 0, *camera->title != '\0' ? 2 : 0, *camera->serial != '\0' ? 3 : 0, 1);
  return to;
}

GByteArray *
descriptors_new_string (const Camera *camera, guint index)
{
  const char *const words[] = { NULL, camera->maker, camera->title, camera->serial };
  GByteArray *to = g_byte_array_new ();
  if (index == 0)
    {
      PUT (to, 3, W (0x409));
      return to;
    }
  const char *word = index < G_N_ELEMENTS (words) ? words[index] : "";
  gsize n = MIN (strlen (word), 126);
  g_byte_array_append (to, (const guint8[]){ (guint8) (2 + 2 * n), 3 }, 2);
  for (gsize i = 0; i < n; i++)
    g_byte_array_append (to, (const guint8[]){ (guint8) word[i], 0 }, 2);
  if (n == 0)
    g_clear_pointer (&to, g_byte_array_unref);
  return to;
}
