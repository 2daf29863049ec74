/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vision/window.hpp"

#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace assay
{

cv::Rect
to_window (AssayRect box, guint width_px, guint height_px)
{
  int left = static_cast<int> (std::floor (CLAMP (box.x, 0, static_cast<double> (width_px))));
  int top = static_cast<int> (std::floor (CLAMP (box.y, 0, static_cast<double> (height_px))));
  int right = static_cast<int> (std::ceil (CLAMP (box.x + box.w, 0, static_cast<double> (width_px))));
  int bottom = static_cast<int> (std::ceil (CLAMP (box.y + box.h, 0, static_cast<double> (height_px))));
  return { left, top, MAX (right - left, 0), MAX (bottom - top, 0) };
}

cv::Rect
widen (cv::Rect window, double share, int least_px, guint width_px, guint height_px)
{
  int by = least_px + static_cast<int> (std::lround (share * MAX (window.width, window.height)));
  return (window - cv::Point (by, by) + cv::Size (2 * by, 2 * by))
         & cv::Rect (0, 0, static_cast<int> (width_px), static_cast<int> (height_px));
}

cv::Mat
read_window (const AssayPicture *picture, cv::Rect window, cv::Size size)
{
  bool grey = assay_pixels_channels (picture->pixels) == 1;
  bool deep = picture->pixels == ASSAY_PIXELS_GREY16 || picture->pixels == ASSAY_PIXELS_RGB16;
  cv::Mat whole (static_cast<int> (picture->height_px), static_cast<int> (picture->width_px),
                 CV_MAKETYPE (deep ? CV_16U : CV_8U, grey ? 1 : 3), picture->data, picture->stride);
  cv::Mat part = whole (window), bgr;
  if (size != window.size ())
    cv::resize (part, part, size, 0, 0, size.width < window.width ? cv::INTER_AREA : cv::INTER_LINEAR);
  if (deep)
    {
      double least = 0, most = 0;
      cv::minMaxLoc (part.reshape (1), &least, &most);
      double scale = most > least ? 255 / (most - least) : 1;
      cv::Mat shallow;
      part.convertTo (shallow, CV_8U, scale, -least * scale);
      part = shallow;
    }
  cv::cvtColor (part, bgr, grey ? cv::COLOR_GRAY2BGR : cv::COLOR_RGB2BGR);
  return bgr;
}

cv::Mat
read_window (const AssayMask *mask, cv::Rect window)
{
  cv::Mat bytes = cv::Mat::zeros (window.size (), CV_8U);
  if (mask == nullptr || window.empty ())
    return bytes;
  assay_mask_to_bytes (mask, static_cast<guint> (window.x), static_cast<guint> (window.y),
                       static_cast<guint> (window.width), static_cast<guint> (window.height), bytes.data,
                       bytes.step);
  return bytes * 255;
}

AssayMask *
to_mask (const cv::Mat &inside, cv::Point corner, guint width_px, guint height_px)
{
  cv::Mat columns;
  cv::transpose (inside, columns);
  std::vector<guint32> runs;
  guint64 begun = 0;
  bool now = false;
  for (int x = 0; x < columns.rows; x++)
    {
      const guint8 *column = columns.ptr<guint8> (x);
      guint64 base = static_cast<guint64> (corner.x + x) * height_px + static_cast<guint64> (corner.y);
      for (int y = 0; y <= columns.cols; y++)
        {
          bool is = y < columns.cols && column[y] != 0;
          if (is == now)
            continue;
          runs.push_back (static_cast<guint32> (base + static_cast<guint64> (y) - begun));
          begun = base + static_cast<guint64> (y);
          now = is;
        }
    }
  runs.push_back (static_cast<guint32> (static_cast<guint64> (width_px) * height_px - begun));
  return assay_mask_new_from_runs (width_px, height_px, runs.data (), static_cast<guint> (runs.size ()), nullptr);
}

}
