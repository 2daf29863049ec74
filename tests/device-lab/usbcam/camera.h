/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/device-lab/usbcam/camera.h - one emulated device: a UVC 1.0 webcam (MJPEG and YUYV), on request with a UAC
 * 1 microphone, as the true drivers uvcvideo and snd-usb-audio see it. What it is, and what each part does: link
 * the wire            descriptors  what it says it is     control   requests on endpoint 0 pictures     what it
 * sees        video        frames into packets    sound     samples into packets main         options, commands,
 * pacing Times are CLOCK_MONOTONIC nanoseconds. One thread. */
#include "tests/device-lab/usbcam/link.h"
#include "tests/device-lab/usbcam/pictures.h"

G_BEGIN_DECLS

enum
{
  CAMERA_CONTROL = 0, /* interfaces */
  CAMERA_STREAM = 1,
  SOUND_CONTROL = 2,
  SOUND_STREAM = 3
};
enum
{
  CAMERA_TERMINAL = 1, /* entities that hold controls */
  CAMERA_UNIT = 2,
  SOUND_UNIT = 5
};
enum
{
  VIDEO_ENDPOINT = 1,
  SOUND_ENDPOINT = 2,
  STATUS_ENDPOINT = 3
};

#define VIDEO_PACKET_NS G_GINT64_CONSTANT (125000)  /* one isochronous packet a micro-frame */
#define SOUND_PACKET_NS G_GINT64_CONSTANT (1000000) /* one a millisecond */

typedef struct
{
  const PictureMode *mode; /* NULL = not streaming */
  guint setting;           /* alternate setting: 0 = no bandwidth */
  gint64 period_ns, next_ns, pause_until_ns, hang_until_ns;
  guint32 counter; /* of the next frame; goes on through streams and replugs */
  guint sent;      /* frames of this stream */
  GByteArray *frame;
  gsize sent_bytes;
  gboolean in_frame;
  guint8 frame_id; /* toggles with each frame */
  guint32 pts;
  PictureFault now; /* of the frame under way */
  PictureFault fault;
  int fault_left; /* frames; -1 = until told otherwise */
} Video;

typedef struct
{
  guint setting;
  guint rate_hz, remainder, at; /* at: sample of its second */
  GHashTable *tones;            /* rate in Hz -> one second of gint16, that repeats */
  gint64 gap_until_ns, hang_until_ns;
  gboolean muted;
} Sound;

typedef struct
{
  int vendor, product;
  const char *maker; /* "" = the device has none */
  char *title, *serial;
  int fps;  /* it stands at by itself, where it can; 0 = the fastest */
  int port; /* of the hub; -1 = any */
  gboolean microphone;
  Link link;
  Pictures pictures;
  Video video;
  Sound sound;
  guint8 probe[26], commit[26]; /* UVC 1.0 video probe and commit controls */
  guint8 request_error;
  gint64 clock_ns[LINK_ENDPOINTS];
} Camera;

/* "TIME WORDS" on standard error, which is the device's diary. */
void camera_tell (const char *format, ...) G_GNUC_PRINTF (1, 2);
gint64 camera_now_ns (void);

/* What the device says it is. Free with g_byte_array_unref. */
GByteArray *descriptors_new_device (const Camera *camera);
GByteArray *descriptors_new_configuration (const Camera *camera);
/* Index 0 is the list of languages. NULL = there is no such string. */
GByteArray *descriptors_new_string (const Camera *camera, guint index);
/* Bytes that a micro-frame carries in that alternate setting of the camera's stream; 0 beyond the last. */
guint descriptors_get_packet_bytes (guint setting);
guint descriptors_count_settings (void);

/* Answers a request of endpoint 0: 0, or -EPIPE (the device does not know it). `reply` is what goes to the host. */
int control_answer (Camera *camera, const Transfer *transfer, GByteArray *reply);
void control_reset (Camera *camera);

void video_begin (Camera *camera, guint setting);
void video_end (Camera *camera);
/* Fills the packets of a transfer that is due and answers it. */
void video_answer (Camera *camera, Transfer *transfer);
/* A tone of whole Hz, so that a second of it repeats without a break. */
void sound_init (Camera *camera, guint tone_hz);
void sound_clear (Camera *camera);
void sound_begin (Camera *camera, guint setting);
void sound_answer (Camera *camera, Transfer *transfer);

G_END_DECLS
