/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/window.hpp - a part of a picture or mask as OpenCV wants it, and back. What is not looked at is not
 * copied. */
#include "vision/guard.hpp"

#include <gio/gio.h>

namespace assay
{

/* The whole pixels that a box touches, within the picture; empty when there are none. */
cv::Rect to_window (AssayRect box, guint width_px, guint height_px);
/* The same with room around it: `share` of its longer side and `least_px`. */
cv::Rect widen (cv::Rect window, double share, int least_px, guint width_px, guint height_px);

/* 8-bit BGR of that size (an area average when it is smaller). 16-bit tones are spread over the range that the
 * window has, so that 12 bits in 16 are not lost. */
cv::Mat read_window (const AssayPicture *picture, cv::Rect window, cv::Size size);
/* 255 inside and 0 outside. NULL = all outside. */
cv::Mat read_window (const AssayMask *mask, cv::Rect window);
/* A mask of the picture's size: inside where the window is not 0. */
AssayMask *to_mask (const cv::Mat &inside, cv::Point corner, guint width_px, guint height_px);

/* CANCELLED, in `error`, when somebody gave up. */
inline bool
is_given_up (GCancellable *cancellable, GError **error)
{
  return g_cancellable_set_error_if_cancelled (cancellable, error) != FALSE;
}

}
