/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames into the packets of isochronous transfers (USB Video Class 1.0, 2.4.3): a header of 12 bytes, then the
 * picture. */
#include "tests/device-lab/usbcam/camera.h"

#include <errno.h>
#include <string.h>

#define HEADER_BYTES 12
#define BEHIND_NS G_GINT64_CONSTANT (500000000)
#define LOST_EVERY 7 /* packets */

enum
{
  END_OF_HEADER = 0x80,
  HAS_PTS = 0x04,
  END_OF_FRAME = 0x02,
  FRAME_ERROR = 0x40
};

void
video_end (Camera *camera)
{
  Video *video = &camera->video;
  if (video->mode != NULL)
    camera_tell ("stream off: %u frames, next %u", video->sent, video->counter);
  video->mode = NULL;
  video->setting = 0;
  video->in_frame = FALSE;
}

void
video_begin (Camera *camera, guint setting)
{
  Video *video = &camera->video;
  video_end (camera);
  if (setting == 0)
    return;
  const guint8 *commit = camera->commit;
  video->setting = setting;
  video->mode = picture_mode_find (commit[2], commit[3]);
  video->period_ns = (commit[4] | commit[5] << 8 | (gint64) commit[6] << 16 | (gint64) commit[7] << 24) * 100;
  video->next_ns = camera_now_ns ();
  video->sent = 0;
  if (video->frame == NULL)
    video->frame = g_byte_array_new ();
  camera_tell ("stream on: %s %ux%u, %" G_GINT64_FORMAT " ns, next %u",
               video->mode->format == PICTURE_MJPEG ? "MJPG" : "YUYV", video->mode->width_px,
               video->mode->height_px, video->period_ns, video->counter);
}

static void
begin_frame (Camera *camera, gint64 at_ns)
{
  Video *video = &camera->video;
  video->now = video->fault_left != 0 ? video->fault : FAULT_NONE;
  if (video->fault_left > 0)
    video->fault_left--;
  pictures_draw (&camera->pictures, video->mode, video->counter, video->now, video->frame);
  if (video->now != FAULT_NONE)
    camera_tell ("fault %s frame %u", picture_fault_get_name (video->now), video->counter);
  video->counter++;
  video->frame_id ^= 1;
  video->sent_bytes = 0;
  video->in_frame = TRUE;
  video->pts = (guint32) (at_ns * 6 / 1000); /* of the clock of 6 MHz in the descriptors */
  video->next_ns += video->period_ns;
  while (video->next_ns < at_ns - BEHIND_NS) /* as a sensor whose host does not fetch */
    {
      camera_tell ("overrun frame %u", video->counter);
      video->next_ns += video->period_ns;
      video->counter++;
    }
}

/* A sensor that paused begins anew; one that nobody listened to has made frames all the time. */
static void
catch_up (Video *video)
{
  video->next_ns = MAX (video->next_ns, video->pause_until_ns);
  while (video->next_ns < video->hang_until_ns)
    {
      video->next_ns += video->period_ns;
      video->counter++;
    }
}

/* One packet of at most `room` bytes; 0 = there is nothing to send now. */
static guint
fill_packet (Camera *camera, guint8 *to, guint room, gint64 at_ns)
{
  Video *video = &camera->video;
  if (!video->in_frame)
    catch_up (video);
  if (!video->in_frame && at_ns < video->next_ns)
    return 0;
  if (!video->in_frame)
    begin_frame (camera, at_ns);
  gsize n = MIN (room - HEADER_BYTES, video->frame->len - video->sent_bytes);
  memset (to, 0, HEADER_BYTES);
  to[0] = HEADER_BYTES;
  to[1] = END_OF_HEADER | HAS_PTS | video->frame_id | (video->now == FAULT_ERROR ? FRAME_ERROR : 0);
  memcpy (to + 2, &video->pts, sizeof video->pts);
  if (n > 0)
    memcpy (to + HEADER_BYTES, video->frame->data + video->sent_bytes, n);
  video->sent_bytes += n;
  if (video->sent_bytes >= video->frame->len)
    {
      to[1] |= END_OF_FRAME;
      video->in_frame = FALSE;
      video->sent++;
    }
  return HEADER_BYTES + (guint) n;
}

void
video_answer (Camera *camera, Transfer *transfer)
{
  static guint8 bytes[1 << 20];
  guint room = descriptors_get_packet_bytes (camera->video.setting), n = 0;
  gint64 at_ns = transfer->due_ns - transfer->n_packets * VIDEO_PACKET_NS;
  for (int i = 0; i < transfer->n_packets; i++, at_ns += VIDEO_PACKET_NS)
    {
      LinkPacket *packet = &transfer->packets[i];
      guint most = MIN (MIN (packet->length, room), (guint) sizeof bytes - n);
      guint filled
          = camera->video.mode != NULL && most > HEADER_BYTES ? fill_packet (camera, bytes + n, most, at_ns) : 0;
      gboolean lost = filled > 0 && camera->video.now == FAULT_LOST && i % LOST_EVERY == 3;
      packet->status = lost ? (guint32) -EXDEV : 0;
      packet->actual = lost ? 0 : filled;
      n += packet->actual;
    }
  link_answer (&camera->link, transfer, 0, bytes, n);
}
