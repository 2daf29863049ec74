/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* vision/guard.hpp - where C meets C++: no exception leaves, and image points change their origin here and nowhere
 * else. Core's (0,0) is the corner of the top-left pixel, OpenCV's its middle (decisions of the house: the 0.5 is
 * lost here). */
#include "core/error.h"
#include "vision/vision.h"

#include <opencv2/core.hpp>

namespace assay
{

inline cv::Point2d
to_cv (AssayPoint p)
{
  return { p.x - 0.5, p.y - 0.5 };
}

inline AssayPoint
from_cv (cv::Point2d p)
{
  return { p.x + 0.5, p.y + 0.5 };
}

/* Runs `work` (which returns `Result` and may throw); NULL or FALSE with BAD_DATA when it threw. */
template <typename Work>
auto
guarded (const char *what, GError **error, Work work) -> decltype (work ())
{
  try
    {
      return work ();
    }
  catch (const cv::Exception &e)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "%s: %s", what, e.err.c_str ());
    }
  catch (const std::exception &e)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "%s: %s", what, e.what ());
    }
  return {};
}

}
