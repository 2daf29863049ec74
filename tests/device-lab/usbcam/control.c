/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests on endpoint 0: the standard ones, the camera's and the microphone's controls, and the negotiation of
 * what is to be streamed. */
#include "tests/device-lab/usbcam/camera.h"

#include <errno.h>
#include <string.h>

enum
{
  SET_CUR = 0x01,
  GET_CUR = 0x81,
  GET_MIN,
  GET_MAX,
  GET_RES,
  GET_LEN,
  GET_INFO,
  GET_DEF
};
enum
{
  OUT_OF_RANGE = 4, /* of the request error code control */
  NO_SUCH_CONTROL = 6
};
#define PROBE_BYTES 26 /* of UVC 1.0 */

typedef struct
{
  guint8 interface, entity, selector, n_bytes;
  int least, most, step, preset;
} Control;

static const Control controls[] = {
  { CAMERA_CONTROL, CAMERA_TERMINAL, 0x02, 1, 1, 8, 9, 8 },       /* exposure mode: the step is the set of modes */
  { CAMERA_CONTROL, CAMERA_TERMINAL, 0x04, 4, 3, 2047, 1, 250 },  /* exposure, 100 us */
  { CAMERA_CONTROL, CAMERA_TERMINAL, 0x06, 2, 0, 250, 5, 0 },     /* focus */
  { CAMERA_CONTROL, CAMERA_TERMINAL, 0x08, 1, 0, 1, 1, 1 },       /* automatic focus */
  { CAMERA_CONTROL, CAMERA_TERMINAL, 0x0b, 2, 100, 500, 1, 100 }, /* zoom */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x01, 2, 0, 4, 1, 1 },           /* backlight */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x02, 2, -64, 64, 1, 0 },        /* brightness */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x03, 2, 0, 95, 1, 32 },         /* contrast */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x04, 2, 0, 255, 1, 0 },         /* gain */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x05, 1, 0, 2, 1, 1 },           /* power line */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x07, 2, 0, 255, 1, 64 },        /* saturation */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x08, 2, 0, 7, 1, 2 },           /* sharpness */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x0a, 2, 2800, 6500, 1, 4600 },  /* white balance */
  { CAMERA_CONTROL, CAMERA_UNIT, 0x0b, 1, 0, 1, 1, 1 },           /* automatic white balance */
  { SOUND_CONTROL, SOUND_UNIT, 0x01, 1, 0, 1, 1, 0 },             /* mute */
  { SOUND_CONTROL, SOUND_UNIT, 0x02, 2, -7680, 3072, 256, 0 },    /* volume, 1/256 dB */
};
static int values[G_N_ELEMENTS (controls)];

static void
put_number (GByteArray *to, guint32 value, guint n_bytes)
{
  for (guint i = 0; i < n_bytes; i++)
    g_byte_array_append (to, (const guint8[]){ (guint8) (value >> 8 * i) }, 1);
}

static guint32
get_number (const guint8 *from, guint n_bytes)
{
  guint32 value = 0;
  for (guint i = 0; i < n_bytes; i++)
    value |= (guint32) from[i] << 8 * i;
  return value;
}

static void
set_number (guint8 *to, guint32 value)
{
  for (guint i = 0; i < 4; i++)
    to[i] = (guint8) (value >> 8 * i);
}

/* --- what is to be streamed ------------------------------------------------------------------------------------
 */

static guint32
choose_interval (const PictureMode *mode, guint32 wanted)
{
  guint32 best = mode->intervals[0];
  for (guint i = 1; i < mode->n_intervals; i++)
    if (ABS ((gint64) mode->intervals[i] - wanted) < ABS ((gint64) best - wanted))
      best = mode->intervals[i];
  return best;
}

/* The bandwidth that the driver is to reserve; MJPEG takes half of what its largest frame would. */
static guint32
choose_payload (const PictureMode *mode, guint32 interval)
{
  gint64 bytes = (gint64) mode->max_bytes * 10000000 / interval / 8000;
  guint setting = 1;
  while (setting + 1 < descriptors_count_settings ()
         && descriptors_get_packet_bytes (setting) < bytes / (mode->format == PICTURE_MJPEG ? 2 : 1) + 28)
    setting++;
  return descriptors_get_packet_bytes (setting);
}

static void
correct_probe (guint8 *probe)
{
  const PictureMode *mode = picture_mode_find (probe[2], probe[3]);
  if (mode == NULL)
    {
      probe[2] = probe[2] == PICTURE_YUYV ? PICTURE_YUYV : PICTURE_MJPEG;
      probe[3] = 1;
      mode = picture_mode_find (probe[2], 1);
    }
  guint32 interval = choose_interval (mode, get_number (probe + 4, 4));
  set_number (probe + 4, interval);
  memset (probe + 8, 0, 10);
  set_number (probe + 18, mode->max_bytes);
  set_number (probe + 22, choose_payload (mode, interval));
}

static int
answer_probe (Camera *camera, guint request, gboolean commit, const Transfer *transfer, GByteArray *reply)
{
  guint8 *probe = commit ? camera->commit : camera->probe, edge[PROBE_BYTES] = { 0 };
  const PictureMode *mode = picture_mode_find (camera->probe[2], camera->probe[3]);
  switch (request)
    {
    case SET_CUR:
      if (transfer->out == NULL || transfer->n_bytes < PROBE_BYTES)
        return -EPIPE;
      memcpy (probe, transfer->out, PROBE_BYTES);
      correct_probe (probe);
      return 0;
    case GET_CUR:
      g_byte_array_append (reply, probe, PROBE_BYTES);
      return 0;
    case GET_MIN:
    case GET_MAX:
    case GET_DEF:
      memcpy (edge, camera->probe, 4);
      set_number (edge + 4, mode->intervals[request == GET_MAX ? mode->n_intervals - 1 : 0]);
      correct_probe (edge);
      g_byte_array_append (reply, edge, PROBE_BYTES);
      return 0;
    case GET_LEN:
      put_number (reply, PROBE_BYTES, 2);
      return 0;
    case GET_INFO:
      put_number (reply, 3, 1);
      return 0;
    default:
      return -EPIPE;
    }
}

/* --- controls --------------------------------------------------------------------------------------------------
 */

static int
set_control (Camera *camera, guint i, const Transfer *transfer)
{
  const Control *control = &controls[i];
  if (transfer->out == NULL || transfer->n_bytes < control->n_bytes)
    return -EPIPE;
  int value = (int) get_number (transfer->out, control->n_bytes);
  if (control->n_bytes == 2)
    value = (gint16) value;
  if (value < control->least || value > control->most)
    {
      camera->request_error = OUT_OF_RANGE;
      return -EPIPE;
    }
  values[i] = value;
  if (control->interface == SOUND_CONTROL && control->selector == 1)
    camera->sound.muted = value != 0;
  camera_tell ("control entity %u selector %u = %d", control->entity, control->selector, value);
  return 0;
}

static int
answer_control (Camera *camera, guint i, guint request, const Transfer *transfer, GByteArray *reply)
{
  const Control *control = &controls[i];
  int value = request == GET_CUR   ? values[i]
              : request == GET_MIN ? control->least
              : request == GET_MAX ? control->most
              : request == GET_RES ? control->step
                                   : control->preset;
  if (request == SET_CUR)
    return set_control (camera, i, transfer);
  if (request == GET_LEN || request == GET_INFO)
    put_number (reply, request == GET_LEN ? control->n_bytes : 3, request == GET_LEN ? 2 : 1);
  else if (request >= GET_CUR && request <= GET_DEF)
    put_number (reply, (guint32) value, control->n_bytes);
  else
    return -EPIPE;
  return 0;
}

static int
answer_class (Camera *camera, const Transfer *transfer, GByteArray *reply)
{
  guint request = transfer->setup[1], selector = transfer->setup[3];
  guint interface = transfer->setup[4], entity = transfer->setup[5];
  if (interface == CAMERA_STREAM && entity == 0 && (selector == 1 || selector == 2))
    return answer_probe (camera, request, selector == 2, transfer, reply);
  if (interface == CAMERA_CONTROL && entity == 0 && selector == 2)
    {
      put_number (reply, camera->request_error, 1);
      camera->request_error = 0;
      return 0;
    }
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    if (controls[i].interface == interface && controls[i].entity == entity && controls[i].selector == selector)
      return answer_control (camera, i, request, transfer, reply);
  camera->request_error = NO_SUCH_CONTROL;
  return -EPIPE;
}

/* The microphone's endpoint has one control: the rate. */
static int
answer_endpoint (Camera *camera, const Transfer *transfer, GByteArray *reply)
{
  if (transfer->setup[3] != 1 || transfer->setup[4] != (0x80 | SOUND_ENDPOINT))
    return -EPIPE;
  if (transfer->setup[1] == SET_CUR && transfer->out != NULL && transfer->n_bytes >= 3)
    {
      camera->sound.rate_hz = get_number (transfer->out, 3);
      return 0;
    }
  if (transfer->setup[1] != GET_CUR)
    return -EPIPE;
  put_number (reply, camera->sound.rate_hz, 3);
  return 0;
}

/* --- standard requests -----------------------------------------------------------------------------------------
 */

static int
answer_descriptor (const Camera *camera, guint type, guint index, GByteArray *reply)
{
  g_autoptr (GByteArray) bytes = NULL;
  if (type == 1)
    bytes = descriptors_new_device (camera);
  else if (type == 2)
    bytes = descriptors_new_configuration (camera);
  else if (type == 3)
    bytes = descriptors_new_string (camera, index);
  else if (type == 6) /* what it would be at full speed */
    g_byte_array_append (reply, (const guint8[]){ 10, 6, 0, 2, 0xef, 2, 1, 64, 1, 0 }, 10);
  if (bytes != NULL)
    g_byte_array_append (reply, bytes->data, bytes->len);
  return reply->len > 0 ? 0 : -EPIPE;
}

static int
set_interface (Camera *camera, guint interface, guint setting)
{
  if (interface == CAMERA_STREAM && setting >= descriptors_count_settings ())
    return -EPIPE;
  if (interface == CAMERA_STREAM)
    {
      link_cancel (&camera->link, VIDEO_ENDPOINT);
      video_begin (camera, setting);
    }
  if (interface == SOUND_STREAM)
    {
      link_cancel (&camera->link, SOUND_ENDPOINT);
      sound_begin (camera, setting);
    }
  return 0;
}

static int
answer_standard (Camera *camera, const Transfer *transfer, GByteArray *reply)
{
  const guint8 *setup = transfer->setup;
  switch (setup[1])
    {
    case 0: /* status */
      put_number (reply, 0, 2);
      return 0;
    case 1: /* features */
    case 3:
    case 9: /* the one configuration */
      return 0;
    case 6:
      return answer_descriptor (camera, setup[3], setup[2], reply);
    case 8:
      put_number (reply, 1, 1);
      return 0;
    case 10:
      put_number (reply, setup[4] == CAMERA_STREAM ? camera->video.setting : camera->sound.setting, 1);
      return 0;
    case 11:
      return set_interface (camera, setup[4], setup[2]);
    default:
      return -EPIPE;
    }
}

int
control_answer (Camera *camera, const Transfer *transfer, GByteArray *reply)
{
  guint kind = transfer->setup[0] & 0x60, recipient = transfer->setup[0] & 0x1f;
  if (kind == 0)
    return answer_standard (camera, transfer, reply);
  if (kind != 0x20)
    return -EPIPE;
  return recipient == 2 ? answer_endpoint (camera, transfer, reply) : answer_class (camera, transfer, reply);
}

void
control_reset (Camera *camera)
{
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    values[i] = controls[i].preset;
  memset (camera->probe, 0, sizeof camera->probe);
  correct_probe (camera->probe);
  memcpy (camera->commit, camera->probe, sizeof camera->commit);
}
