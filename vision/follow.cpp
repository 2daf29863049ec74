/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vision/follow.h"

#include "vision/window.hpp"

#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

namespace
{

constexpr double ROOM = 0.6; /* around the object, of its longer side: how far it may have moved */
constexpr int ROOM_PX = 16;
constexpr double MOST_SIDE = 400; /* of the window, as it is reckoned with */
constexpr double SEARCH_SIDE = 128;
constexpr int PATCH = 8, STRIDE = 4, ROUNDS = 12, LEAST_SIDE = 24;
constexpr double SETTLED = 0.02;
constexpr double NEAR_PX = 1.5, NEAR_SHARE = 0.04, ALIKE = 25, BRIGHTER = 30;

struct Field
{
  cv::Mat x, y; /* CV_32F: what is to be added to a pixel's place */
};

float
sample (const cv::Mat &image, float x, float y)
{
  x = CLAMP (x, 0, static_cast<float> (image.cols - 1));
  y = CLAMP (y, 0, static_cast<float> (image.rows - 1));
  int left = static_cast<int> (x), top = static_cast<int> (y);
  int right = MIN (left + 1, image.cols - 1), bottom = MIN (top + 1, image.rows - 1);
  float u = x - static_cast<float> (left), v = y - static_cast<float> (top);
  const float *upper = image.ptr<float> (top), *lower = image.ptr<float> (bottom);
  return (upper[left] * (1 - u) + upper[right] * u) * (1 - v) + (lower[left] * (1 - u) + lower[right] * u) * v;
}

/* One patch of `here`, looked for in `there`. */
class Patch
{
public:
  Patch (const cv::Mat &here_, const cv::Mat &gx_, const cv::Mat &gy_, const cv::Mat &there_, int left_, int top_)
      : here (here_), gx (gx_), gy (gy_), there (there_), left (left_), top (top_)
  {
    for (int y = top; y < top + PATCH; y++)
      for (int x = left; x < left + PATCH; x++)
        {
          float a = gx.at<float> (y, x), b = gy.at<float> (y, x);
          xx += a * a;
          xy += a * b;
          yy += b * b;
          mean += here.at<float> (y, x) / (PATCH * PATCH);
        }
    xx += 1e-3 * PATCH * PATCH;
    yy += 1e-3 * PATCH * PATCH;
  }

  /* Inverse compositional Lucas and Kanade, for a shift; a change of brightness is taken out. */
  cv::Vec2f
  find (cv::Vec2f from) const
  {
    cv::Vec2f at = from;
    double determinant = xx * yy - xy * xy;
    for (int round = 0; round < ROUNDS; round++)
      {
        double bx = 0, by = 0;
        float shift = find_mean (at) - static_cast<float> (mean);
        for (int y = top; y < top + PATCH; y++)
          for (int x = left; x < left + PATCH; x++)
            {
              float r = sample (there, static_cast<float> (x) + at[0], static_cast<float> (y) + at[1]) - shift
                        - here.at<float> (y, x);
              bx += r * gx.at<float> (y, x);
              by += r * gy.at<float> (y, x);
            }
        double dx = (yy * bx - xy * by) / determinant, dy = (xx * by - xy * bx) / determinant;
        at -= cv::Vec2f (static_cast<float> (dx), static_cast<float> (dy));
        if (std::hypot (dx, dy) < SETTLED)
          break;
      }
    return cv::norm (at - from) <= PATCH ? at : from;
  }

  /* Adds the patch's answer to every pixel it covers, by how well that fits. */
  void
  spread (cv::Vec2f at, cv::Mat &sum_x, cv::Mat &sum_y, cv::Mat &weights) const
  {
    float shift = find_mean (at) - static_cast<float> (mean);
    for (int y = top; y < top + PATCH; y++)
      for (int x = left; x < left + PATCH; x++)
        {
          float r = sample (there, static_cast<float> (x) + at[0], static_cast<float> (y) + at[1]) - shift
                    - here.at<float> (y, x);
          float weight = 1 / MAX (1, std::abs (r));
          sum_x.at<float> (y, x) += weight * at[0];
          sum_y.at<float> (y, x) += weight * at[1];
          weights.at<float> (y, x) += weight;
        }
  }

private:
  const cv::Mat &here, &gx, &gy, &there;
  int left, top;
  double xx = 0, xy = 0, yy = 0, mean = 0;

  float
  find_mean (cv::Vec2f at) const
  {
    float sum = 0;
    for (int y = top; y < top + PATCH; y++)
      for (int x = left; x < left + PATCH; x++)
        sum += sample (there, static_cast<float> (x) + at[0], static_cast<float> (y) + at[1]);
    return sum / (PATCH * PATCH);
  }
};

void
refine_level (const cv::Mat &here, const cv::Mat &there, Field &field)
{
  cv::Mat gx, gy, sum_x = cv::Mat::zeros (here.size (), CV_32F), sum_y = sum_x.clone (), weights = sum_x.clone ();
  cv::Sobel (here, gx, CV_32F, 1, 0, 3, 0.125);
  cv::Sobel (here, gy, CV_32F, 0, 1, 3, 0.125);
  /* The last patch of a row ends where the row ends. */
  for (int top = 0; top < here.rows - PATCH + STRIDE; top += STRIDE)
    for (int left = 0; left < here.cols - PATCH + STRIDE; left += STRIDE)
      {
        int y = MIN (top, here.rows - PATCH), x = MIN (left, here.cols - PATCH);
        Patch patch (here, gx, gy, there, x, y);
        int middle_y = y + PATCH / 2, middle_x = x + PATCH / 2;
        cv::Vec2f at
            = patch.find ({ field.x.at<float> (middle_y, middle_x), field.y.at<float> (middle_y, middle_x) });
        patch.spread (at, sum_x, sum_y, weights);
      }
  cv::medianBlur (sum_x / weights, field.x, 5);
  cv::medianBlur (sum_y / weights, field.y, 5);
}

std::vector<cv::Mat>
make_pyramid (const cv::Mat &image)
{
  std::vector<cv::Mat> levels = { image };
  while (MIN (levels.back ().rows, levels.back ().cols) / 2 >= LEAST_SIDE)
    {
      cv::Mat half;
      cv::pyrDown (levels.back (), half);
      levels.push_back (half);
    }
  return levels;
}

/* Where each pixel of `here` is in `there`, from a guess for all of them. FALSE: given up. */
bool
find_flow (const std::vector<cv::Mat> &here, const std::vector<cv::Mat> &there, cv::Vec2d guess, Field &field,
           GCancellable *cancellable, GError **error)
{
  for (size_t level = here.size (); level-- > 0;)
    {
      cv::Size size = here[level].size ();
      if (assay::is_given_up (cancellable, error))
        return false;
      if (field.x.empty ())
        {
          double scale = static_cast<double> (size.width) / here[0].cols;
          field = { cv::Mat (size, CV_32F, cv::Scalar (guess[0] * scale)),
                    cv::Mat (size, CV_32F, cv::Scalar (guess[1] * scale)) };
        }
      else
        {
          double grown = static_cast<double> (size.width) / field.x.cols;
          cv::resize (field.x * grown, field.x, size);
          cv::resize (field.y * grown, field.y, size);
        }
      refine_level (here[level], there[level], field);
    }
  return true;
}

/* How far the object as a whole has moved, by its pixels alone. */
cv::Vec2d
find_move (const cv::Mat &a, const cv::Mat &b, const cv::Mat &inside)
{
  double scale = MIN (1, SEARCH_SIDE / MAX (a.cols, a.rows));
  cv::Mat small_a, small_b, small_inside, differences;
  cv::resize (a, small_a, {}, scale, scale, cv::INTER_AREA);
  cv::resize (b, small_b, {}, scale, scale, cv::INTER_AREA);
  cv::resize (inside, small_inside, small_a.size (), 0, 0, cv::INTER_AREA);
  cv::Rect box = cv::boundingRect (small_inside);
  if (box.empty ())
    return { 0, 0 };
  cv::Mat weights;
  small_inside (box).convertTo (weights, CV_32F, 1 / 255.0);
  /* Half of it may have left the picture. */
  int beyond_x = box.width / 2, beyond_y = box.height / 2;
  cv::copyMakeBorder (small_b, small_b, beyond_y, beyond_y, beyond_x, beyond_x, cv::BORDER_REPLICATE);
  cv::matchTemplate (small_b, small_a (box), differences, cv::TM_SQDIFF, weights);
  cv::Point best;
  cv::minMaxLoc (differences, nullptr, nullptr, &best, nullptr);
  return cv::Vec2d (best.x - beyond_x - box.x, best.y - beyond_y - box.y) * (1 / scale);
}

/* How much the object's pixels have changed on the whole, and how many there are. */
double
find_brighter (const cv::Mat &here, const cv::Mat &there, const cv::Mat &inside, const Field &to, double *ret_n)
{
  double sum = 0;
  *ret_n = 0;
  for (int y = 0; y < here.rows; y++)
    for (int x = 0; x < here.cols; x++)
      if (inside.at<guint8> (y, x) >= 128)
        {
          sum += sample (there, static_cast<float> (x) + to.x.at<float> (y, x),
                         static_cast<float> (y) + to.y.at<float> (y, x))
                 - here.at<float> (y, x);
          *ret_n += 1;
        }
  return *ret_n > 0 ? CLAMP (sum / *ret_n, -BRIGHTER, BRIGHTER) : 0;
}

/* The share of what `inside` holds in `here` that can be followed there and back. */
double
find_confidence (const cv::Mat &here, const cv::Mat &there, const cv::Mat &inside, const Field &to,
                 const Field &back)
{
  double n = 0, kept = 0, brighter = find_brighter (here, there, inside, to, &n);
  double near = MAX (NEAR_PX, NEAR_SHARE * std::sqrt (n));
  for (int y = 0; y < here.rows; y++)
    for (int x = 0; x < here.cols; x++)
      {
        if (inside.at<guint8> (y, x) < 128)
          continue;
        float u = static_cast<float> (x) + to.x.at<float> (y, x),
              v = static_cast<float> (y) + to.y.at<float> (y, x);
        double missed = std::hypot (u + sample (back.x, u, v) - static_cast<float> (x),
                                    v + sample (back.y, u, v) - static_cast<float> (y));
        double changed = sample (there, u, v) - here.at<float> (y, x) - brighter;
        kept += missed <= near && std::abs (changed) <= ALIKE ? 1 : 0;
      }
  return n > 0 ? kept / n : 0;
}

cv::Mat
read_grey (const AssayPicture *picture, cv::Rect window, cv::Size size)
{
  cv::Mat grey, smooth;
  cv::cvtColor (assay::read_window (picture, window, size), grey, cv::COLOR_BGR2GRAY);
  grey.convertTo (smooth, CV_32F);
  return smooth;
}

AssayMask *
follow (const AssayPicture *a, const AssayPicture *b, const AssayMask *mask, GCancellable *cancellable,
        double *ret_confidence, GError **error)
{
  AssayRect bounds;
  if (a->width_px != b->width_px || a->height_px != b->height_px || a->width_px != mask->width_px
      || a->height_px != mask->height_px || !assay_mask_bounds (mask, &bounds))
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
          "following an object: the pictures and its mask must be of one size, and the mask must not be empty");
      return nullptr;
    }
  cv::Rect window = assay::widen (assay::to_window (bounds, a->width_px, a->height_px), ROOM, ROOM_PX, a->width_px,
                                  a->height_px);
  double scale = MIN (1, MOST_SIDE / MAX (window.width, window.height));
  cv::Size size (MAX (PATCH, static_cast<int> (std::lround (window.width * scale))),
                 MAX (PATCH, static_cast<int> (std::lround (window.height * scale))));
  cv::Mat grey_a = read_grey (a, window, size), grey_b = read_grey (b, window, size);
  cv::Mat inside = assay::read_window (mask, window), small;
  cv::resize (inside, small, size, 0, 0, cv::INTER_AREA);
  if (assay::is_given_up (cancellable, error))
    return nullptr;
  cv::Vec2d moved = find_move (grey_a, grey_b, small);
  std::vector<cv::Mat> levels_a = make_pyramid (grey_a), levels_b = make_pyramid (grey_b);
  Field to_a, to_b;
  if (!find_flow (levels_b, levels_a, -moved, to_a, cancellable, error)
      || !find_flow (levels_a, levels_b, moved, to_b, cancellable, error))
    return nullptr;
  /* At full scale; cv::resize keeps corners on corners, so places are reckoned from corners too. */
  double across = static_cast<double> (window.width) / size.width,
         down = static_cast<double> (window.height) / size.height;
  cv::Mat x, y, found;
  cv::resize (to_a.x * across, x, window.size ());
  cv::resize (to_a.y * down, y, window.size ());
  for (int row = 0; row < x.rows; row++)
    for (int column = 0; column < x.cols; column++)
      {
        x.at<float> (row, column) += static_cast<float> (column);
        y.at<float> (row, column) += static_cast<float> (row);
      }
  cv::remap (inside, found, x, y, cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  cv::threshold (found, found, 127, 255, cv::THRESH_BINARY);
  if (ret_confidence != nullptr)
    {
      cv::resize (found, small, size, 0, 0, cv::INTER_AREA);
      *ret_confidence = find_confidence (grey_b, grey_a, small, to_a, to_b);
    }
  return assay::to_mask (found, window.tl (), a->width_px, a->height_px);
}

}

AssayMask *
assay_vision_follow (const AssayPicture *a, const AssayPicture *b, const AssayMask *mask, GCancellable *cancellable,
                     double *ret_confidence, GError **error)
{
  return assay::guarded ("following an object", error,
                         [&] () -> AssayMask * { return follow (a, b, mask, cancellable, ret_confidence, error); });
}
