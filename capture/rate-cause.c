/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/rate-cause.h"

#include "core/json.h"

/* By V4L2's numbers (linux/v4l2-controls.h): names changed between kernels. */
#define EXPOSURE_AUTO 0x009a0901          /* 1 = manual, 2 = shutter priority: both keep the exposure */
#define EXPOSURE_ABSOLUTE 0x009a0902      /* in 100 us */
#define EXPOSURE_AUTO_PRIORITY 0x009a0903 /* 1: automatic exposure may slow the camera down */
#define USB2_SHARE 0.8                    /* of a bus, that periodic traffic may take (USB 2.0, 5.6.4) */

static const json_t *
find (const json_t *controls, gint64 number, double *ret_value)
{
  size_t i;
  json_t *control;
  json_array_foreach (controls, i, control)
  {
    gint64 its = 0;
    const json_t *value = json_object_get (control, "value");
    if (!assay_json_get_int (control, "number", &its) || its != number)
      continue;
    *ret_value = json_is_boolean (value) ? json_is_true (value) : json_number_value (value);
    return control;
  }
  return NULL;
}

static char *
blame_exposure (const AssayRate *rate, double fps)
{
  double mode = 1, priority = 0, exposure = 0;
  gboolean automatic = find (rate->controls, EXPOSURE_AUTO, &mode) != NULL && mode != 1 && mode != 2;
  const json_t *may_slow = find (rate->controls, EXPOSURE_AUTO_PRIORITY, &priority);
  if (automatic && may_slow != NULL && priority != 0)
    return g_strdup_printf (
        "automatic exposure slows the camera down to %.3g frames a second in this light: give more "
        "light, switch %s off, or lock the exposure",
        rate->measured_fps, assay_json_get_string (may_slow, "id"));
  const json_t *absolute = find (rate->controls, EXPOSURE_ABSOLUTE, &exposure);
  if (absolute != NULL && exposure / 10 > 1000 / fps)
    return g_strdup_printf (
        "each exposure takes %.3g ms, longer than the %.3g ms between frames: set %s to at most %.0f%s",
        exposure / 10, 1000 / fps, assay_json_get_string (absolute, "id"), 10000 / fps,
        automatic ? ", with the exposure on manual, or give more light" : "");
  return NULL;
}

static char *
blame_bus (const AssayRate *rate, double fps)
{
  double room = rate->usb_mbit_per_s * 1e6 / 8 * USB2_SHARE;
  double wanted = (double) rate->format->max_bytes * fps;
  gboolean uncompressed = rate->format->pixels.bytes_per_line > 0; /* of the others nobody knows the size before */
  if (!uncompressed || room <= 0 || wanted <= room)
    return NULL;
  return g_strdup_printf (
      "%.1f MB/s do not fit through its USB port, which takes %.1f MB/s: choose a smaller size, a "
      "lower fps or format=MJPG",
      wanted / 1e6, room / 1e6);
}

char *
assay_rate_dup_cause (const AssayRate *rate)
{
  double fps = rate->wanted_fps > 0 ? rate->wanted_fps : rate->got_fps;
  if (fps <= 0 || rate->measured_fps <= 0 || rate->measured_fps >= ASSAY_RATE_SLOW * fps)
    return NULL;
  if (rate->got_fps > 0 && rate->got_fps < ASSAY_RATE_SLOW * fps
      && rate->measured_fps >= ASSAY_RATE_SLOW * rate->got_fps)
    return g_strdup_printf (
        "the camera gives at most %.4g frames a second at this size and format: choose a smaller size "
        "or another format",
        rate->got_fps);
  char *cause = blame_exposure (rate, fps);
  if (cause == NULL)
    cause = blame_bus (rate, fps);
  return cause != NULL
             ? cause
             : g_strdup_printf ("the camera gives %.3g frames a second instead of %.3g, and says no reason: "
                                "try another USB port without a hub, another cable, or more light",
                                rate->measured_fps, fps);
}
