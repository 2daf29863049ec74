/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vision/cut.h"

#include "vision/window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>
#include <opencv2/imgproc/detail/gcgraph.hpp>

struct _AssayCut
{
  guint width_px, height_px;      /* of the picture */
  cv::Rect box, window;           /* whole pixels */
  double scale;                   /* of `labels` over the window */
  cv::Mat labels;                 /* OpenCV's: GC_BGD, GC_FGD, GC_PR_BGD, GC_PR_FGD */
  cv::Mat background, foreground; /* colour models, by cv::grabCut */
};

namespace
{

constexpr double ROOM = 0.2; /* around the box, of its longer side: what the background looks like */
constexpr int ROOM_PX = 8, ROUNDS = 5;
constexpr double GAMMA = 50;      /* of the paper: how much a border costs */
constexpr double UNSURE_PX = 1.5; /* either side of a border at the reduced scale */

cv::Mat
shrink (const AssayMask *mask, cv::Rect window, cv::Size size)
{
  cv::Mat bytes = assay::read_window (mask, window), small;
  if (size == window.size ())
    return bytes;
  cv::resize (bytes, small, size, 0, 0, cv::INTER_AREA);
  return small;
}

/* Where a reduced pixel has something of a stroke it is the stroke's; of both, the larger share's. */
void
draw_hints (cv::Mat &labels, const AssayCutHints *hints, cv::Rect window, cv::Rect box, double scale)
{
  labels.setTo (cv::GC_BGD);
  cv::Rect2d part (box.x - window.x, box.y - window.y, box.width, box.height);
  cv::Point from (static_cast<int> (std::floor (part.x * scale)), static_cast<int> (std::floor (part.y * scale)));
  cv::Point to (static_cast<int> (std::ceil ((part.x + part.width) * scale)),
                static_cast<int> (std::ceil ((part.y + part.height) * scale)));
  labels (cv::Rect (from, to) & cv::Rect (cv::Point (), labels.size ())).setTo (cv::GC_PR_FGD);
  cv::Mat inside = shrink (hints->inside, window, labels.size ());
  cv::Mat outside = shrink (hints->outside, window, labels.size ());
  labels.setTo (cv::GC_BGD, outside > inside);
  labels.setTo (cv::GC_FGD, inside > outside);
}

bool
check_size (const AssayPicture *picture, const AssayMask *mask, GError **error)
{
  if (mask == nullptr || (mask->width_px == picture->width_px && mask->height_px == picture->height_px))
    return true;
  g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
               "cutting out an object: strokes of %u x %u pixels on a picture of %u x %u", mask->width_px,
               mask->height_px, picture->width_px, picture->height_px);
  return false;
}

cv::Rect
find_box (const AssayPicture *picture, const AssayCutHints *hints)
{
  cv::Rect box = assay::to_window (hints->box, picture->width_px, picture->height_px);
  AssayRect strokes;
  if (hints->inside != nullptr && assay_mask_bounds (hints->inside, &strokes))
    {
      cv::Rect theirs = assay::to_window (strokes, picture->width_px, picture->height_px);
      box = box.empty () ? theirs : box | theirs;
    }
  return box;
}

AssayCut *
cut_coarsely (const AssayPicture *picture, const AssayCutHints *hints, guint most_px, GCancellable *cancellable,
              GError **error)
{
  if (!check_size (picture, hints->inside, error) || !check_size (picture, hints->outside, error))
    return nullptr;
  cv::Rect box = find_box (picture, hints);
  cv::Rect window = assay::widen (box, ROOM, ROOM_PX, picture->width_px, picture->height_px);
  double scale = box.empty () ? 1 : MIN (1, std::sqrt (MAX (most_px, 64) / static_cast<double> (window.area ())));
  cv::Size size (MAX (1, static_cast<int> (std::lround (window.width * scale))),
                 MAX (1, static_cast<int> (std::lround (window.height * scale))));
  cv::Mat labels (size, CV_8U);
  if (!box.empty ())
    draw_hints (labels, hints, window, box, scale);
  int n_outside = box.empty () ? 0 : cv::countNonZero (labels == cv::GC_BGD);
  if (n_outside == 0 || n_outside == size.area ())
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
          "cutting out an object: the box must lie in the picture and leave some of the background around it");
      return nullptr;
    }
  cv::Mat bgr = assay::read_window (picture, window, size), background, foreground;
  /* GrabCut seeds its colour models at random. */
  cv::setRNGSeed (1);
  for (int round = 0; round < ROUNDS; round++)
    {
      if (assay::is_given_up (cancellable, error))
        return nullptr;
      cv::grabCut (bgr, labels, {}, background, foreground, 1, round == 0 ? cv::GC_INIT_WITH_MASK : cv::GC_EVAL);
    }
  return new _AssayCut{ picture->width_px, picture->height_px, box, window, scale, labels, background, foreground };
}

/* 255 where the object is, in the window at full scale. */
cv::Mat
enlarge (const AssayCut *cut)
{
  cv::Mat inside = (cut->labels & 1) * 255; /* GC_FGD and GC_PR_FGD are the odd ones */
  if (inside.size () != cut->window.size ())
    cv::resize (inside, inside, cut->window.size (), 0, 0, cv::INTER_LINEAR);
  cv::threshold (inside, inside, 127, 255, cv::THRESH_BINARY);
  return inside;
}

/* A mixture of Gaussians as cv::grabCut leaves it: weights, then means, then covariances. It was learnt from
 * averages of pixels, which are less noisy than pixels: learn again before asking what those cost. */
class Colours
{
public:
  explicit Colours (const cv::Mat &model)
  {
    constexpr int values = 1 + 3 + 9;
    CV_Assert (model.type () == CV_64F && model.rows == 1 && model.cols % values == 0);
    int n = model.cols / values;
    const double *weight = model.ptr<double> (), *mean = weight + n, *covariance = mean + 3 * n;
    for (int i = 0; i < n; i++)
      if (weight[i] > 0)
        add (weight[i], cv::Vec3d (mean + 3 * i), cv::Matx33d (covariance + 9 * i));
  }

  /* Each pixel goes to the part that it fits best, and each part becomes what its pixels are. */
  void
  learn (const std::vector<cv::Vec3b> &pixels)
  {
    struct Sum
    {
      double n = 0;
      cv::Vec3d of;
      cv::Matx33d of_products;
    };
    std::vector<Sum> sums (parts.size ());
    for (const cv::Vec3b &pixel : pixels)
      {
        cv::Vec3d value (pixel);
        Sum &sum = sums[find_best (value)];
        sum.n++;
        sum.of += value;
        sum.of_products += value * value.t ();
      }
    std::vector<Part> before;
    before.swap (parts);
    for (size_t i = 0; i < before.size (); i++)
      {
        const Sum &sum = sums[i];
        if (sum.n < LEAST_PIXELS)
          continue;
        cv::Vec3d mean = sum.of * (1 / sum.n);
        add (sum.n / static_cast<double> (pixels.size ()), mean, sum.of_products * (1 / sum.n) - mean * mean.t ());
      }
    if (parts.empty ())
      parts.swap (before);
  }

  double
  cost (const cv::Vec3b &pixel) const
  {
    double density = 0;
    for (const Part &part : parts)
      {
        cv::Vec3d away = cv::Vec3d (pixel) - part.mean;
        density += part.peak * std::exp (-0.5 * away.dot (part.narrow * away));
      }
    return -std::log (MAX (density, 1e-200));
  }

private:
  static constexpr double LEAST_PIXELS = 10, LEAST_SPREAD = 0.1;
  struct Part
  {
    double peak;
    cv::Vec3d mean;
    cv::Matx33d narrow;
  };
  std::vector<Part> parts;

  void
  add (double weight, const cv::Vec3d &mean, const cv::Matx33d &covariance)
  {
    cv::Matx33d spread = covariance + LEAST_SPREAD * cv::Matx33d::eye ();
    parts.push_back ({ weight / std::sqrt (cv::determinant (spread)), mean, spread.inv () });
  }

  size_t
  find_best (const cv::Vec3d &value) const
  {
    size_t best = 0;
    double most = -HUGE_VAL;
    for (size_t i = 0; i < parts.size (); i++)
      {
        cv::Vec3d away = value - parts[i].mean;
        double fit = std::log (parts[i].peak) - 0.5 * away.dot (parts[i].narrow * away);
        if (fit > most)
          {
            most = fit;
            best = i;
          }
      }
    return best;
  }
};

double
distance2 (const cv::Vec3b &a, const cv::Vec3b &b)
{
  double sum = 0;
  for (int c = 0; c < 3; c++)
    sum += (a[c] - b[c]) * (a[c] - b[c]);
  return sum;
}

constexpr guint8 SURE_OUTSIDE = 0, SURE_INSIDE = 1, OPEN = 2;

/* What a border at the reduced scale may have meant. */
cv::Mat
find_open (const AssayCut *cut, const AssayCutHints *hints)
{
  cv::Mat inside = enlarge (cut), most, least, state;
  int by = static_cast<int> (std::ceil (UNSURE_PX / cut->scale)) + 1;
  cv::Mat square = cv::getStructuringElement (cv::MORPH_RECT, { 2 * by + 1, 2 * by + 1 });
  cv::dilate (inside, most, square);
  cv::erode (inside, least, square);
  state = cv::Mat (inside.size (), CV_8U, cv::Scalar (SURE_OUTSIDE));
  cv::Rect box = cut->box - cut->window.tl ();
  cv::Mat within = state (box);
  within.setTo (OPEN, most (box));
  within.setTo (SURE_INSIDE, least (box));
  state.setTo (SURE_OUTSIDE, assay::read_window (hints->outside, cut->window));
  state.setTo (SURE_INSIDE, assay::read_window (hints->inside, cut->window));
  return state;
}

/* Of the pixels that are surely of one side, some 20,000. */
std::vector<cv::Vec3b>
list_pixels (const cv::Mat &bgr, const cv::Mat &state, guint8 side)
{
  std::vector<cv::Vec3b> pixels;
  int step = MAX (1, static_cast<int> (std::sqrt (cv::countNonZero (state == side) / 20000.0)));
  for (int y = 0; y < bgr.rows; y += step)
    for (int x = 0; x < bgr.cols; x += step)
      if (state.at<guint8> (y, x) == side)
        pixels.push_back (bgr.at<cv::Vec3b> (y, x));
  return pixels;
}

double
find_beta (const cv::Mat &bgr, const cv::Mat &state)
{
  double sum = 0, n = 0;
  for (int y = 0; y < bgr.rows; y++)
    for (int x = 0; x < bgr.cols; x++)
      {
        if (state.at<guint8> (y, x) != OPEN)
          continue;
        if (x > 0)
          sum += distance2 (bgr.at<cv::Vec3b> (y, x), bgr.at<cv::Vec3b> (y, x - 1)), n++;
        if (y > 0)
          sum += distance2 (bgr.at<cv::Vec3b> (y, x), bgr.at<cv::Vec3b> (y - 1, x)), n++;
      }
  return sum > 0 ? n / (2 * sum) : 0;
}

/* The cut through the open pixels. The neighbours of each that came before it in reading order are linked to it,
 * and sure ones of all sides pull at it. */
class Border
{
public:
  Border (const AssayCut *cut, const cv::Mat &bgr_, cv::Mat &state_)
      : bgr (bgr_), state (state_), inside (cut->foreground), outside (cut->background),
        beta (find_beta (bgr_, state_))
  {
    inside.learn (list_pixels (bgr, state, SURE_INSIDE));
    outside.learn (list_pixels (bgr, state, SURE_OUTSIDE));
    auto n = static_cast<unsigned> (cv::countNonZero (state == OPEN));
    graph.create (MAX (n, 1), MAX (8 * n, 1));
    above.assign (static_cast<size_t> (bgr.cols), -1);
    here.assign (static_cast<size_t> (bgr.cols), -1);
  }

  void
  add_row (int y)
  {
    std::swap (above, here);
    for (int x = 0; x < bgr.cols; x++)
      here[static_cast<size_t> (x)] = state.at<guint8> (y, x) == OPEN ? add (x, y) : -1;
  }

  void
  solve ()
  {
    int vertex = 0;
    if (n_vertices > 0)
      graph.maxFlow ();
    for (int y = 0; y < state.rows; y++)
      for (int x = 0; x < state.cols; x++)
        if (state.at<guint8> (y, x) == OPEN)
          state.at<guint8> (y, x) = graph.inSourceSegment (vertex++) ? SURE_INSIDE : SURE_OUTSIDE;
  }

private:
  const cv::Mat &bgr;
  cv::Mat &state;
  Colours inside, outside;
  double beta;
  cv::detail::GCGraph<double> graph;
  std::vector<int> above, here;
  int n_vertices = 0;

  int
  add (int x, int y)
  {
    /* Those before it, then those after. */
    static constexpr std::array<std::array<int, 2>, 8> NEAR
        = { { { -1, 0 }, { -1, -1 }, { 0, -1 }, { 1, -1 }, { 1, 0 }, { 1, 1 }, { 0, 1 }, { -1, 1 } } };
    int vertex = graph.addVtx ();
    n_vertices++;
    const cv::Vec3b &pixel = bgr.at<cv::Vec3b> (y, x);
    double to_inside = outside.cost (pixel), to_outside = inside.cost (pixel);
    for (size_t i = 0; i < NEAR.size (); i++)
      {
        int u = x + NEAR[i][0], v = y + NEAR[i][1];
        if (u < 0 || v < 0 || u >= bgr.cols || v >= bgr.rows)
          continue;
        double weight = GAMMA * std::exp (-beta * distance2 (pixel, bgr.at<cv::Vec3b> (v, u)));
        if (i % 2 == 1)
          weight /= std::sqrt (2.0);
        guint8 other = state.at<guint8> (v, u);
        if (other == SURE_INSIDE)
          to_inside += weight;
        else if (other == SURE_OUTSIDE)
          to_outside += weight;
        else if (i < 4)
          graph.addEdges (vertex, i == 0 ? here[static_cast<size_t> (u)] : above[static_cast<size_t> (u)], weight,
                          weight);
      }
    graph.addTermWeights (vertex, to_inside, to_outside);
    return vertex;
  }
};

AssayMask *
refine (const AssayCut *cut, const AssayPicture *picture, const AssayCutHints *hints, GCancellable *cancellable,
        GError **error)
{
  if (!check_size (picture, hints->inside, error) || !check_size (picture, hints->outside, error))
    return nullptr;
  if (picture->width_px != cut->width_px || picture->height_px != cut->height_px)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "cutting out an object: begun on another picture");
      return nullptr;
    }
  if (cut->scale >= 1)
    return assay_cut_to_mask (cut);
  cv::Mat bgr = assay::read_window (picture, cut->window, cut->window.size ());
  cv::Mat state = find_open (cut, hints);
  if (assay::is_given_up (cancellable, error))
    return nullptr;
  Border border (cut, bgr, state);
  for (int y = 0; y < state.rows; y++)
    {
      if (y % 64 == 0 && assay::is_given_up (cancellable, error))
        return nullptr;
      border.add_row (y);
    }
  border.solve ();
  return assay::to_mask (state, cut->window.tl (), cut->width_px, cut->height_px);
}

}

void
assay_cut_free (AssayCut *cut)
{
  delete cut;
}

AssayCut *
assay_vision_cut (const AssayPicture *picture, const AssayCutHints *hints, guint most_px, GCancellable *cancellable,
                  GError **error)
{
  return assay::guarded ("cutting out an object", error, [&] () -> AssayCut * {
    return cut_coarsely (picture, hints, most_px, cancellable, error);
  });
}

AssayMask *
assay_cut_to_mask (const AssayCut *cut)
{
  return assay::guarded ("cutting out an object", nullptr, [&] () -> AssayMask * {
    return assay::to_mask (enlarge (cut), cut->window.tl (), cut->width_px, cut->height_px);
  });
}

gboolean
assay_cut_is_reduced (const AssayCut *cut)
{
  return cut->scale < 1;
}

AssayMask *
assay_vision_refine_cut (const AssayCut *cut, const AssayPicture *picture, const AssayCutHints *hints,
                         GCancellable *cancellable, GError **error)
{
  return assay::guarded ("cutting out an object", error,
                         [&] () -> AssayMask * { return refine (cut, picture, hints, cancellable, error); });
}
