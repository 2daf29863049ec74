/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vision/superpixel.h"

#include "vision/window.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

struct _AssaySuperpixels
{
  cv::Rect window;
  cv::Mat patches;             /* CV_32S */
  std::vector<cv::Rect> boxes; /* of each, within the window */
};

namespace
{

constexpr int ROUNDS = 5;
constexpr float COMPACT = 10; /* of the paper's m: what a grid cell's width is worth in steps of colour */

struct Centre
{
  float l, a, b, x, y;
};

constexpr double SMOOTH_PX = 1; /* noise is no border */

/* The grid, each centre moved to where its surroundings change least. */
std::vector<Centre>
place_centres (const cv::Mat &lab, int size)
{
  std::vector<Centre> centres;
  cv::Mat grey, gx, gy, change;
  cv::extractChannel (lab, grey, 0);
  cv::Sobel (grey, gx, CV_32F, 1, 0);
  cv::Sobel (grey, gy, CV_32F, 0, 1);
  cv::magnitude (gx, gy, change);
  int columns = MAX (1, (lab.cols + size / 2) / size), rows = MAX (1, (lab.rows + size / 2) / size);
  for (int row = 0; row < rows; row++)
    for (int column = 0; column < columns; column++)
      {
        cv::Point at ((2 * column + 1) * lab.cols / (2 * columns), (2 * row + 1) * lab.rows / (2 * rows)),
            best = at;
        for (int dy = -1; dy <= 1; dy++)
          for (int dx = -1; dx <= 1; dx++)
            {
              cv::Point p = at + cv::Point (dx, dy);
              if (cv::Rect (cv::Point (), lab.size ()).contains (p)
                  && change.at<float> (p) < change.at<float> (best))
                best = p;
            }
        const cv::Vec3b &pixel = lab.at<cv::Vec3b> (best);
        centres.push_back ({ static_cast<float> (pixel[0]), static_cast<float> (pixel[1]),
                             static_cast<float> (pixel[2]), static_cast<float> (best.x),
                             static_cast<float> (best.y) });
      }
  return centres;
}

/* Every pixel to the nearest of the centres whose surroundings, twice a grid cell wide, it lies in. */
void
assign (const cv::Mat &lab, const std::vector<Centre> &centres, int size, cv::Mat &labels, cv::Mat &distances)
{
  const float by_place = COMPACT * COMPACT / static_cast<float> (size * size);
  distances.setTo (G_MAXFLOAT);
  for (size_t i = 0; i < centres.size (); i++)
    {
      const Centre &centre = centres[i];
      const int left = MAX (0, static_cast<int> (centre.x) - size);
      const int right = MIN (lab.cols, static_cast<int> (centre.x) + size + 1);
      const int top = MAX (0, static_cast<int> (centre.y) - size);
      const int bottom = MIN (lab.rows, static_cast<int> (centre.y) + size + 1);
      for (int y = top; y < bottom; y++)
        {
          const guint8 *pixel = lab.ptr<guint8> (y) + 3 * left;
          float *distance = distances.ptr<float> (y);
          int *label = labels.ptr<int> (y);
          const float dy = static_cast<float> (y) - centre.y;
          for (int x = left; x < right; x++, pixel += 3)
            {
              const float dl = pixel[0] - centre.l, da = pixel[1] - centre.a, db = pixel[2] - centre.b;
              const float dx = static_cast<float> (x) - centre.x;
              const float d = dl * dl + da * da + db * db + (dx * dx + dy * dy) * by_place;
              if (d >= distance[x])
                continue;
              distance[x] = d;
              label[x] = static_cast<int> (i);
            }
        }
    }
}

void
move_centres (const cv::Mat &lab, const cv::Mat &labels, std::vector<Centre> &centres)
{
  std::vector<cv::Vec<double, 6> > sums (centres.size ());
  for (int y = 0; y < lab.rows; y++)
    {
      const guint8 *pixel = lab.ptr<guint8> (y);
      const int *label = labels.ptr<int> (y);
      for (int x = 0; x < lab.cols; x++, pixel += 3)
        {
          double *sum = sums[static_cast<size_t> (label[x])].val;
          sum[0] += pixel[0];
          sum[1] += pixel[1];
          sum[2] += pixel[2];
          sum[3] += x;
          sum[4] += y;
          sum[5] += 1;
        }
    }
  for (size_t i = 0; i < centres.size (); i++)
    if (sums[i][5] > 0)
      {
        cv::Vec<double, 6> mean = sums[i] * (1 / sums[i][5]);
        centres[i] = { static_cast<float> (mean[0]), static_cast<float> (mean[1]), static_cast<float> (mean[2]),
                       static_cast<float> (mean[3]), static_cast<float> (mean[4]) };
      }
}

/* Pixels of one label that touch by a side. */
class Pieces
{
public:
  Pieces (const cv::Mat &lab, const cv::Mat &labels) : numbers (labels.size (), CV_32S, cv::Scalar (-1))
  {
    for (int y = 0; y < labels.rows; y++)
      for (int x = 0; x < labels.cols; x++)
        if (numbers.at<int> (y, x) < 0)
          flood (lab, labels, { x, y });
  }

  /* Small ones go to the neighbour that looks most alike, the smallest first. */
  void
  merge (int least_px)
  {
    std::vector<std::vector<int> > near (all.size ());
    std::vector<int> small;
    for (int y = 0; y < numbers.rows; y++)
      for (int x = 0; x < numbers.cols; x++)
        {
          if (x > 0)
            link (numbers.at<int> (y, x), numbers.at<int> (y, x - 1), near, least_px);
          if (y > 0)
            link (numbers.at<int> (y, x), numbers.at<int> (y - 1, x), near, least_px);
        }
    for (size_t i = 0; i < all.size (); i++)
      if (all[i].n < least_px)
        small.push_back (static_cast<int> (i));
    std::stable_sort (small.begin (), small.end (), [this] (int a, int b) { return of (a).n < of (b).n; });
    for (int i : small)
      if (of (find (i)).n < least_px)
        join_best (i, near[static_cast<size_t> (i)]);
  }

  /* Numbers from 0, without gaps; how many. */
  int
  number (cv::Mat &patches)
  {
    std::vector<int> given (all.size (), -1);
    int n = 0;
    patches = numbers;
    for (int y = 0; y < patches.rows; y++)
      for (int x = 0; x < patches.cols; x++)
        {
          int &number = given[static_cast<size_t> (find (patches.at<int> (y, x)))];
          if (number < 0)
            number = n++;
          patches.at<int> (y, x) = number;
        }
    return n;
  }

private:
  struct Piece
  {
    int into, n; /* itself, or what it was joined to */
    cv::Vec3d sum;
  };
  cv::Mat numbers; /* CV_32S */
  std::vector<Piece> all;
  std::vector<cv::Point> waiting;

  Piece &
  of (int i)
  {
    return all[static_cast<size_t> (i)];
  }

  int
  find (int i)
  {
    while (of (i).into != i)
      i = of (i).into = of (of (i).into).into;
    return i;
  }

  void
  flood (const cv::Mat &lab, const cv::Mat &labels, cv::Point from)
  {
    static constexpr int DX[4] = { -1, 0, 1, 0 }, DY[4] = { 0, -1, 0, 1 };
    const cv::Rect whole (cv::Point (), labels.size ());
    const int label = labels.at<int> (from), me = static_cast<int> (all.size ());
    Piece piece = { me, 0, {} };
    waiting.assign (1, from);
    numbers.at<int> (from) = me;
    while (!waiting.empty ())
      {
        cv::Point at = waiting.back ();
        waiting.pop_back ();
        piece.n++;
        piece.sum += cv::Vec3d (lab.at<cv::Vec3b> (at));
        for (int k = 0; k < 4; k++)
          {
            cv::Point p (at.x + DX[k], at.y + DY[k]);
            if (!whole.contains (p) || numbers.at<int> (p) >= 0 || labels.at<int> (p) != label)
              continue;
            numbers.at<int> (p) = me;
            waiting.push_back (p);
          }
      }
    all.push_back (piece);
  }

  void
  link (int a, int b, std::vector<std::vector<int> > &near, int least_px)
  {
    if (a == b)
      return;
    if (of (a).n < least_px)
      near[static_cast<size_t> (a)].push_back (b);
    if (of (b).n < least_px)
      near[static_cast<size_t> (b)].push_back (a);
  }

  void
  join_best (int i, const std::vector<int> &near)
  {
    int me = find (i), best = me;
    double least = HUGE_VAL;
    for (int other : near)
      {
        int root = find (other);
        double away = cv::norm (of (root).sum * (1.0 / of (root).n) - of (me).sum * (1.0 / of (me).n));
        if (root == me || away >= least)
          continue;
        least = away;
        best = root;
      }
    if (best == me)
      return;
    of (best).n += of (me).n;
    of (best).sum += of (me).sum;
    of (me).into = best;
  }
};

AssaySuperpixels *
cut (const AssayPicture *picture, AssayRect box, guint size_px, GCancellable *cancellable, GError **error)
{
  cv::Rect window = assay::to_window (box, picture->width_px, picture->height_px);
  auto size = static_cast<int> (CLAMP (size_px, 2, ASSAY_SUPERPIXEL_MOST_PX));
  if (window.empty ())
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA, "superpixels: the window is not in the picture");
      return nullptr;
    }
  cv::Mat lab, labels = cv::Mat::zeros (window.size (), CV_32S), distances (window.size (), CV_32F), patches;
  cv::GaussianBlur (assay::read_window (picture, window, window.size ()), lab, {}, SMOOTH_PX);
  cv::cvtColor (lab, lab, cv::COLOR_BGR2Lab);
  std::vector<Centre> centres = place_centres (lab, size);
  for (int round = 0; round < ROUNDS; round++)
    {
      if (assay::is_given_up (cancellable, error))
        return nullptr;
      if (round > 0)
        move_centres (lab, labels, centres);
      assign (lab, centres, size, labels, distances);
    }
  Pieces pieces (lab, labels);
  pieces.merge (size * size / 4);
  int n = pieces.number (patches);
  auto *superpixels = new _AssaySuperpixels{ window, patches, std::vector<cv::Rect> (static_cast<size_t> (n)) };
  for (int y = 0; y < patches.rows; y++)
    for (int x = 0; x < patches.cols; x++)
      superpixels->boxes[static_cast<size_t> (patches.at<int> (y, x))] |= cv::Rect (x, y, 1, 1);
  return superpixels;
}

}

AssaySuperpixels *
assay_vision_superpixels (const AssayPicture *picture, AssayRect window, guint size_px, GCancellable *cancellable,
                          GError **error)
{
  return assay::guarded ("superpixels", error, [&] () -> AssaySuperpixels * {
    return cut (picture, window, size_px, cancellable, error);
  });
}

void
assay_superpixels_free (AssaySuperpixels *superpixels)
{
  delete superpixels;
}

guint
assay_superpixels_get_n (const AssaySuperpixels *superpixels)
{
  return static_cast<guint> (superpixels->boxes.size ());
}

int
assay_superpixels_find (const AssaySuperpixels *superpixels, AssayPoint at)
{
  cv::Rect window = superpixels->window;
  if (!(at.x >= window.x && at.y >= window.y && at.x < window.x + window.width && at.y < window.y + window.height))
    return -1;
  return superpixels->patches.at<int> (static_cast<int> (at.y) - window.y, static_cast<int> (at.x) - window.x);
}

void
assay_superpixels_paint (const AssaySuperpixels *superpixels, int patch, AssayPaint *paint, gboolean inside)
{
  const cv::Rect &box = superpixels->boxes[static_cast<size_t> (patch)];
  for (int x = box.x; x < box.x + box.width; x++)
    for (int y = box.y, begun = -1; y <= box.y + box.height; y++)
      {
        bool here = y < box.y + box.height && superpixels->patches.at<int> (y, x) == patch;
        if (here && begun < 0)
          begun = y;
        if (here || begun < 0)
          continue;
        assay_paint_span (paint, superpixels->window.x + x, superpixels->window.y + begun,
                          superpixels->window.y + y, inside);
        begun = -1;
      }
}

GPtrArray *
assay_superpixels_list_outlines (const AssaySuperpixels *superpixels, int patch)
{
  const cv::Rect &box = superpixels->boxes[static_cast<size_t> (patch)];
  cv::Mat inside = superpixels->patches (box) == patch;
  g_autoptr (AssayMask) mask
      = assay::to_mask (inside, {}, static_cast<guint> (box.width), static_cast<guint> (box.height));
  GPtrArray *rings = assay_vision_contours (mask, 0);
  for (guint i = 0; i < rings->len; i++)
    {
      auto *ring = static_cast<GArray *> (rings->pdata[i]);
      for (guint k = 0; k < ring->len; k++)
        {
          AssayPoint *p = &g_array_index (ring, AssayPoint, k);
          p->x += superpixels->window.x + box.x;
          p->y += superpixels->window.y + box.y;
        }
    }
  return rings;
}
