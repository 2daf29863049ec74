/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/v4l2.h"
#include "capture/v4l2-io.h"

#include "core/json.h"
#include "core/pixel-format.h"

#include <errno.h>
#include <linux/videodev2.h>

static const double common_fps[] = { 5, 10, 15, 20, 24, 25, 30, 50, 60, 90, 120 };
static const guint common_sizes[][2]
    = { { 160, 120 },  { 320, 240 },  { 640, 360 },   { 640, 480 },   { 800, 600 },
        { 1280, 720 }, { 1280, 960 }, { 1920, 1080 }, { 2560, 1440 }, { 3840, 2160 } };

static void
append_fps (json_t *list, double fps)
{
  size_t i;
  json_t *known;
  json_array_foreach (list, i, known) if (json_number_value (known) == fps) return;
  json_array_append_new (list, assay_json_number (fps));
}

static json_t *
list_fps (int fd, guint32 fourcc, guint width, guint height)
{
  json_t *list = json_array ();
  struct v4l2_frmivalenum interval = { .pixel_format = fourcc, .width = width, .height = height };
  for (;
       interval.index < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (fd, VIDIOC_ENUM_FRAMEINTERVALS, &interval) == 0;
       interval.index++)
    {
      if (interval.type == V4L2_FRMIVAL_TYPE_DISCRETE)
        {
          if (interval.discrete.numerator > 0)
            append_fps (list, (double) interval.discrete.denominator / interval.discrete.numerator);
          continue;
        }
      double slowest = (double) interval.stepwise.max.denominator / MAX (interval.stepwise.max.numerator, 1);
      double fastest = (double) interval.stepwise.min.denominator / MAX (interval.stepwise.min.numerator, 1);
      append_fps (list, slowest);
      for (guint i = 0; i < G_N_ELEMENTS (common_fps); i++)
        if (common_fps[i] > slowest && common_fps[i] < fastest)
          append_fps (list, common_fps[i]);
      append_fps (list, fastest);
      break;
    }
  return list;
}

static void
append_size (json_t *list, int fd, const struct v4l2_fmtdesc *format, guint width, guint height, json_t *range)
{
  char text[ASSAY_FOURCC_TEXT_SIZE];
  json_t *entry = json_pack (
      "{s:s, s:i, s:i, s:o, s:b, s:b}", "fourcc", assay_fourcc_to_text (format->pixelformat, text), "width",
      (int) width, "height", (int) height, "fps", list_fps (fd, format->pixelformat, width, height), "compressed",
      (format->flags & V4L2_FMT_FLAG_COMPRESSED) != 0, "emulated", (format->flags & V4L2_FMT_FLAG_EMULATED) != 0);
  if (range != NULL)
    json_object_set (entry, "range", range);
  json_array_append_new (list, entry);
}

static gboolean
on_step (guint value, guint least, guint most, guint step)
{
  return value >= least && value <= most && (step <= 1 || (value - least) % step == 0);
}

/* The limits, and the common sizes between them. */
static void
append_range (json_t *list, int fd, const struct v4l2_fmtdesc *format, const struct v4l2_frmsize_stepwise *range)
{
  json_t *told = json_pack ("{s:i, s:i, s:i, s:i, s:i, s:i}", "min_width", (int) range->min_width, "max_width",
                            (int) range->max_width, "step_width", (int) range->step_width, "min_height",
                            (int) range->min_height, "max_height", (int) range->max_height, "step_height",
                            (int) range->step_height);
  append_size (list, fd, format, range->min_width, range->min_height, told);
  for (guint i = 0; i < G_N_ELEMENTS (common_sizes); i++)
    {
      guint width = common_sizes[i][0], height = common_sizes[i][1];
      gboolean limit = (width == range->min_width && height == range->min_height)
                       || (width == range->max_width && height == range->max_height);
      if (!limit && on_step (width, range->min_width, range->max_width, range->step_width)
          && on_step (height, range->min_height, range->max_height, range->step_height))
        append_size (list, fd, format, width, height, told);
    }
  if (range->max_width != range->min_width || range->max_height != range->min_height)
    append_size (list, fd, format, range->max_width, range->max_height, told);
  json_decref (told);
}

static void
list_sizes (json_t *list, int fd, const struct v4l2_fmtdesc *format)
{
  struct v4l2_frmsizeenum size = { .pixel_format = format->pixelformat };
  for (; size.index < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (fd, VIDIOC_ENUM_FRAMESIZES, &size) == 0;
       size.index++)
    {
      if (size.type != V4L2_FRMSIZE_TYPE_DISCRETE)
        {
          append_range (list, fd, format, &size.stepwise);
          return;
        }
      append_size (list, fd, format, size.discrete.width, size.discrete.height, NULL);
    }
}

/* A driver that enumerates no sizes has the one that stands (HDMI inputs, simple sensors). */
static void
list_standing_size (json_t *list, int fd, const struct v4l2_fmtdesc *format)
{
  struct v4l2_format set = { .type = format->type };
  if (assay_v4l2_call (fd, VIDIOC_G_FMT, &set) < 0)
    return;
  if (format->type == V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE)
    append_size (list, fd, format, set.fmt.pix_mp.width, set.fmt.pix_mp.height, NULL);
  else
    append_size (list, fd, format, set.fmt.pix.width, set.fmt.pix.height, NULL);
}

json_t *
assay_v4l2_list_formats (int fd, gboolean planar)
{
  json_t *list = json_array ();
  struct v4l2_fmtdesc format
      = { .type = planar ? V4L2_BUF_TYPE_VIDEO_CAPTURE_MPLANE : V4L2_BUF_TYPE_VIDEO_CAPTURE };
  for (; format.index < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (fd, VIDIOC_ENUM_FMT, &format) == 0;
       format.index++)
    {
      size_t before = json_array_size (list);
      list_sizes (list, fd, &format);
      if (json_array_size (list) == before)
        list_standing_size (list, fd, &format);
    }
  return list;
}

static guint
snap (guint value, guint least, guint most, guint step)
{
  guint clamped = CLAMP (value, least, most);
  step = MAX (step, 1);
  guint snapped = least + (clamped - least + step / 2) / step * step;
  return snapped <= most ? snapped : snapped - step;
}

void
assay_v4l2_snap_size (int fd, guint32 fourcc, guint *width, guint *height)
{
  struct v4l2_frmsizeenum size = { .pixel_format = fourcc };
  if (assay_v4l2_call (fd, VIDIOC_ENUM_FRAMESIZES, &size) < 0 || size.type == V4L2_FRMSIZE_TYPE_DISCRETE)
    return;
  const struct v4l2_frmsize_stepwise *range = &size.stepwise;
  *width = snap (*width, range->min_width, range->max_width, range->step_width);
  *height = snap (*height, range->min_height, range->max_height, range->step_height);
}

static const char *
describe_signal (int fd, const struct v4l2_input *input, gboolean current)
{
  struct v4l2_dv_timings timings = { 0 };
  if (input->status & (V4L2_IN_ST_NO_POWER | V4L2_IN_ST_NO_SIGNAL))
    return input->status & V4L2_IN_ST_NO_POWER ? "no power" : "no signal";
  if (!current || !(input->capabilities & V4L2_IN_CAP_DV_TIMINGS)
      || assay_v4l2_call (fd, VIDIOC_QUERY_DV_TIMINGS, &timings) == 0)
    return "ok";
  return errno == ENOLINK  ? "no signal"
         : errno == ENOLCK ? "unstable"
         : errno == ERANGE ? "out of range"
                           : "unknown";
}

json_t *
assay_v4l2_list_inputs (int fd)
{
  json_t *list = json_array ();
  int current = -1;
  if (assay_v4l2_call (fd, VIDIOC_G_INPUT, &current) < 0)
    return list;
  struct v4l2_input input = { 0 };
  for (; input.index < ASSAY_V4L2_MOST_ENTRIES && assay_v4l2_call (fd, VIDIOC_ENUMINPUT, &input) == 0;
       input.index++)
    {
      gboolean stands = (int) input.index == current;
      g_autofree char *name = g_utf8_make_valid ((const char *) input.name, -1);
      json_array_append_new (list, json_pack ("{s:i, s:s, s:b, s:s, s:b}", "index", (int) input.index, "name", name,
                                              "current", stands, "signal", describe_signal (fd, &input, stands),
                                              "dv_timings", (input.capabilities & V4L2_IN_CAP_DV_TIMINGS) != 0));
    }
  return list;
}
