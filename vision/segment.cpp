/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Regions from pictures, and outlines from regions. */
#include "vision/guard.hpp"

#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace
{

/* The picture as OpenCV wants it, no larger than asked; `ret_scale` is its size over the picture's. */
cv::Mat
to_bgr (const AssayPicture *picture, guint max_side_px, double *ret_scale)
{
  g_autoptr (AssayPicture) rgb = assay_picture_to_rgb8 (picture);
  if (rgb == nullptr)
    throw std::bad_alloc ();
  cv::Mat view (static_cast<int> (rgb->height_px), static_cast<int> (rgb->width_px), CV_8UC3, rgb->data,
                rgb->stride),
      bgr;
  guint longer_px = MAX (rgb->width_px, rgb->height_px);
  *ret_scale = max_side_px > 0 && longer_px > max_side_px ? static_cast<double> (max_side_px) / longer_px : 1;
  cv::cvtColor (view, bgr, cv::COLOR_RGB2BGR);
  if (*ret_scale < 1)
    cv::resize (bgr, bgr, {}, *ret_scale, *ret_scale, cv::INTER_AREA);
  return bgr;
}

cv::Rect
to_rect (AssayRect box, double scale, cv::Size size)
{
  int left = static_cast<int> (std::lround (CLAMP (box.x * scale, 0, size.width)));
  int top = static_cast<int> (std::lround (CLAMP (box.y * scale, 0, size.height)));
  int right = static_cast<int> (std::lround (CLAMP ((box.x + box.w) * scale, 0, size.width)));
  int bottom = static_cast<int> (std::lround (CLAMP ((box.y + box.h) * scale, 0, size.height)));
  return { left, top, right - left, bottom - top };
}

AssayMask *
cut (const AssayPicture *picture, AssayRect box, guint iterations, guint max_side_px, GError **error)
{
  double scale;
  cv::Mat bgr = to_bgr (picture, max_side_px, &scale), mask, background, foreground, inside;
  cv::Rect rect = to_rect (box, scale, bgr.size ());
  if (rect.area () < 4 || rect.size () == bgr.size ())
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
          "cutting out an object: the box must lie in the picture and leave some of the background around it");
      return nullptr;
    }
  /* GrabCut seeds its colour models at random: the same picture and box give the same mask. */
  cv::setRNGSeed (1);
  cv::grabCut (bgr, mask, rect, background, foreground, static_cast<int> (iterations), cv::GC_INIT_WITH_RECT);
  /* GC_FGD and GC_PR_FGD are the odd values. */
  cv::bitwise_and (mask, cv::Scalar (1), inside);
  inside *= 255;
  if (scale < 1)
    cv::resize (inside, inside,
                cv::Size (static_cast<int> (picture->width_px), static_cast<int> (picture->height_px)), 0, 0,
                cv::INTER_LINEAR);
  cv::threshold (inside, inside, 127, 255, cv::THRESH_BINARY);
  return assay_mask_new_from_bytes (inside.data, inside.step, picture->width_px, picture->height_px);
}

/* Borders of pixels as directed steps between their corners, the inside on the right hand: an outer border turns
 * clockwise on the screen, a hole the other way. A set bit d at corner (x, y) is a step from there. */
enum
{
  EAST,
  SOUTH,
  WEST,
  NORTH
};
constexpr int STEP_X[4] = { 1, 0, -1, 0 }, STEP_Y[4] = { 0, 1, 0, -1 };

struct Steps
{
  int width, height; /* of corners: one more than of pixels */
  std::vector<guint8> from;
  guint8 &
  at (int x, int y)
  {
    return from[static_cast<size_t> (y) * static_cast<size_t> (width) + static_cast<size_t> (x)];
  }
};

Steps
find_steps (const AssayMask *mask)
{
  int w = static_cast<int> (mask->width_px), h = static_cast<int> (mask->height_px);
  std::vector<guint8> pixels (static_cast<size_t> (w) * static_cast<size_t> (h));
  assay_mask_to_bytes (mask, 0, 0, mask->width_px, mask->height_px, pixels.data (), mask->width_px);
  auto inside = [&] (int x, int y) {
    return x >= 0 && y >= 0 && x < w && y < h
           && pixels[static_cast<size_t> (y) * static_cast<size_t> (w) + static_cast<size_t> (x)] != 0;
  };
  Steps steps = { w + 1, h + 1, std::vector<guint8> (static_cast<size_t> (w + 1) * static_cast<size_t> (h + 1)) };
  for (int y = 0; y < h; y++)
    for (int x = 0; x < w; x++)
      {
        if (!inside (x, y))
          continue;
        if (!inside (x, y - 1))
          steps.at (x, y) |= 1 << EAST;
        if (!inside (x + 1, y))
          steps.at (x + 1, y) |= 1 << SOUTH;
        if (!inside (x, y + 1))
          steps.at (x + 1, y + 1) |= 1 << WEST;
        if (!inside (x - 1, y))
          steps.at (x, y + 1) |= 1 << NORTH;
      }
  return steps;
}

/* Walks one border from (x, y) and takes its steps away. Where two pixels touch by a corner it turns right, so that
 * each ring touches itself nowhere. */
std::vector<cv::Point2f>
walk (Steps &steps, int x, int y)
{
  std::vector<cv::Point2f> ring;
  int start_x = x, start_y = y, heading = -1;
  do
    {
      guint8 &ways = steps.at (x, y);
      int way = heading < 0 ? 0 : (heading + 1) % 4;
      while ((ways & 1 << way) == 0)
        way = heading < 0 ? way + 1 : (way + 3) % 4;
      ways &= static_cast<guint8> (~(1 << way));
      if (way != heading)
        ring.emplace_back (static_cast<float> (x), static_cast<float> (y));
      heading = way;
      x += STEP_X[way];
      y += STEP_Y[way];
    }
  while (x != start_x || y != start_y);
  return ring;
}

}

AssayMask *
assay_vision_grabcut (const AssayPicture *picture, AssayRect box, guint iterations, guint max_side_px,
                      GError **error)
{
  return assay::guarded ("cutting out an object", error,
                         [&] () -> AssayMask * { return cut (picture, box, iterations, max_side_px, error); });
}

GPtrArray *
assay_vision_contours (const AssayMask *mask, double tolerance_px)
{
  GPtrArray *rings
      = g_ptr_array_new_with_free_func ([] (gpointer ring) { g_array_unref (static_cast<GArray *> (ring)); });
  Steps steps = find_steps (mask);
  for (int y = 0; y < steps.height; y++)
    for (int x = 0; x < steps.width; x++)
      while (steps.at (x, y) != 0)
        {
          std::vector<cv::Point2f> ring = walk (steps, x, y), simple;
          if (tolerance_px > 0)
            cv::approxPolyDP (ring, simple, tolerance_px, true);
          if (simple.size () < 3)
            simple = ring;
          GArray *points
              = g_array_sized_new (FALSE, FALSE, sizeof (AssayPoint), static_cast<guint> (simple.size ()));
          for (const cv::Point2f &p : simple)
            {
              AssayPoint corner = { p.x, p.y };
              g_array_append_val (points, corner);
            }
          g_ptr_array_add (rings, points);
        }
  return rings;
}
