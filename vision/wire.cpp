/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vision/wire.h"

#include "vision/window.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <opencv2/imgproc.hpp>

struct _AssayWire
{
  cv::Rect window;  /* picture's pixels */
  cv::Size2d cell;  /* of pixels: step_px, but for the last ones */
  cv::Point source; /* cell */
  cv::Mat strength; /* CV_8U: of the border in each cell */
  cv::Mat way;      /* CV_8U: the direction that leads here, of the eight; NONE = the source, or never come by */
};

namespace
{

constexpr guint8 NONE = 8;
constexpr int DX[8] = { 1, 1, 0, -1, -1, -1, 0, 1 }, DY[8] = { 0, 1, 1, 1, 0, -1, -1, -1 };
/* The paper's three parts, as shares of a whole step, and what each step costs besides, so that paths are short. */
constexpr double CREST = 80, WEAKNESS = 80, ACROSS = 60, STEP = 8;
constexpr int MOST = 512; /* more than any one step costs, times the square root of two */
constexpr int MOST_CELLS = 1024, POLL_CELLS = 16384;
constexpr double SMOOTH_CELLS = 1, STRONG_SHARE = 0.98;

/* The strongest of the channels' gradients. */
struct Slope
{
  cv::Mat x, y, size; /* CV_32F */
};

Slope
find_slope (const cv::Mat &bgr)
{
  cv::Mat smooth, channels[3];
  Slope slope;
  cv::GaussianBlur (bgr, smooth, {}, SMOOTH_CELLS);
  cv::split (smooth, channels);
  for (const cv::Mat &channel : channels)
    {
      cv::Mat x, y, size;
      cv::Sobel (channel, x, CV_32F, 1, 0);
      cv::Sobel (channel, y, CV_32F, 0, 1);
      cv::magnitude (x, y, size);
      if (slope.size.empty ())
        {
          slope = { x, y, size };
          continue;
        }
      cv::Mat stronger = size > slope.size;
      x.copyTo (slope.x, stronger);
      y.copyTo (slope.y, stronger);
      size.copyTo (slope.size, stronger);
    }
  return slope;
}

/* A few borders that are stronger than all others do not make these weak. */
float
find_strong (const cv::Mat &size)
{
  std::vector<float> all (size.begin<float> (), size.end<float> ());
  auto place = all.begin () + static_cast<std::ptrdiff_t> (STRONG_SHARE * static_cast<double> (all.size () - 1));
  std::nth_element (all.begin (), place, all.end ());
  return MAX (*place, 1.0F);
}

class Search
{
public:
  Search (const Slope &slope_, float strong_) : slope (slope_), strong (strong_), size (slope_.size.size ())
  {
    here = cv::Mat (size, CV_32F);
    for (int y = 0; y < size.height; y++)
      for (int x = 0; x < size.width; x++)
        here.at<float> (y, x) = static_cast<float> (STEP + WEAKNESS * (1 - MIN (at (x, y) / strong, 1.0F))
                                                    + (is_crest (x, y) ? 0 : CREST));
  }

  /* FALSE: given up. */
  bool
  run (cv::Point source, cv::Mat &way, GCancellable *cancellable, GError **error)
  {
    cv::Mat cost (size, CV_32S, cv::Scalar (G_MAXINT)), done = cv::Mat::zeros (size, CV_8U);
    std::vector<std::vector<cv::Point> > buckets (MOST);
    way = cv::Mat (size, CV_8U, cv::Scalar (NONE));
    cost.at<int> (source) = 0;
    buckets[0].push_back (source);
    size_t waiting = 1, n = 0;
    for (int level = 0; waiting > 0; level++)
      {
        std::vector<cv::Point> &bucket = buckets[static_cast<size_t> (level % MOST)];
        while (!bucket.empty ())
          {
            cv::Point p = bucket.back ();
            bucket.pop_back ();
            waiting--;
            if (done.at<guint8> (p) != 0)
              continue;
            done.at<guint8> (p) = 1;
            if (++n % POLL_CELLS == 0 && assay::is_given_up (cancellable, error))
              return false;
            waiting += reach_out (p, level, cost, done, way, buckets);
          }
      }
    return true;
  }

private:
  const Slope &slope;
  float strong;
  cv::Size size;
  cv::Mat here; /* what any step into a cell costs, wherever it comes from */

  float
  at (int x, int y) const
  {
    return slope.size.at<float> (CLAMP (y, 0, size.height - 1), CLAMP (x, 0, size.width - 1));
  }

  /* No weaker than both its neighbours up and down the slope. */
  bool
  is_crest (int x, int y) const
  {
    float gx = slope.x.at<float> (y, x), gy = slope.y.at<float> (y, x), g = at (x, y);
    int dx = std::abs (gx) * 2 > std::abs (gy) ? (gx > 0 ? 1 : -1) : 0;
    int dy = std::abs (gy) * 2 > std::abs (gx) ? (gy > 0 ? 1 : -1) : 0;
    return g > 0 && g >= at (x + dx, y + dy) && g > at (x - dx, y - dy);
  }

  int
  step_cost (cv::Point to, int direction) const
  {
    double length = direction % 2 == 1 ? std::sqrt (2.0) : 1;
    float g = slope.size.at<float> (to), across = 1;
    if (g > 0)
      across = std::abs (slope.x.at<float> (to) * static_cast<float> (DX[direction])
                         + slope.y.at<float> (to) * static_cast<float> (DY[direction]))
               / (g * static_cast<float> (length));
    return static_cast<int> (length * (here.at<float> (to) + ACROSS * across));
  }

  size_t
  reach_out (cv::Point p, int level, cv::Mat &cost, const cv::Mat &done, cv::Mat &way,
             std::vector<std::vector<cv::Point> > &buckets) const
  {
    size_t n = 0;
    for (int direction = 0; direction < 8; direction++)
      {
        cv::Point to (p.x + DX[direction], p.y + DY[direction]);
        if (to.x < 0 || to.y < 0 || to.x >= size.width || to.y >= size.height || done.at<guint8> (to) != 0)
          continue;
        int sum = level + step_cost (to, direction);
        if (sum >= cost.at<int> (to))
          continue;
        cost.at<int> (to) = sum;
        way.at<guint8> (to) = static_cast<guint8> (direction);
        buckets[static_cast<size_t> (sum % MOST)].push_back (to);
        n++;
      }
    return n;
  }
};

cv::Point
cell_of (const AssayWire *wire, AssayPoint p)
{
  return {
    CLAMP (static_cast<int> (std::floor ((p.x - wire->window.x) / wire->cell.width)), 0, wire->strength.cols - 1),
    CLAMP (static_cast<int> (std::floor ((p.y - wire->window.y) / wire->cell.height)), 0, wire->strength.rows - 1)
  };
}

AssayPoint
middle_of (const AssayWire *wire, cv::Point cell)
{
  return { wire->window.x + (cell.x + 0.5) * wire->cell.width,
           wire->window.y + (cell.y + 0.5) * wire->cell.height };
}

/* The strongest, of equals the nearest. */
cv::Point
snap (const AssayWire *wire, cv::Point at)
{
  cv::Point best = at;
  int most = -1;
  for (int dy = -ASSAY_WIRE_SNAP; dy <= ASSAY_WIRE_SNAP; dy++)
    for (int dx = -ASSAY_WIRE_SNAP; dx <= ASSAY_WIRE_SNAP; dx++)
      {
        cv::Point p (at.x + dx, at.y + dy);
        if (!cv::Rect (cv::Point (), wire->strength.size ()).contains (p)
            || dx * dx + dy * dy > ASSAY_WIRE_SNAP * ASSAY_WIRE_SNAP)
          continue;
        int worth = wire->strength.at<guint8> (p) * 64 - dx * dx - dy * dy;
        if (worth > most)
          {
            most = worth;
            best = p;
          }
      }
  return best;
}

bool
is_in (const AssayPicture *picture, AssayPoint p)
{
  return p.x >= 0 && p.y >= 0 && p.x < picture->width_px && p.y < picture->height_px;
}

AssayWire *
build (const AssayPicture *picture, AssayPoint from, const AssayPoint *also, guint step_px,
       GCancellable *cancellable, GError **error)
{
  if (!is_in (picture, from) || (also != nullptr && !is_in (picture, *also)))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "following a border: (%.0f, %.0f) is not in the picture", from.x, from.y);
      return nullptr;
    }
  auto step = static_cast<int> (CLAMP (step_px, 1, 64));
  AssayRect box = { from.x, from.y, 0, 0 };
  int room = ASSAY_WIRE_CELLS / 2 * step;
  if (also != nullptr)
    {
      box = { MIN (from.x, also->x), MIN (from.y, also->y), std::abs (from.x - also->x),
              std::abs (from.y - also->y) };
      room = 32 * step + static_cast<int> (MAX (box.w, box.h) / 4);
    }
  cv::Rect window = assay::widen (assay::to_window (box, picture->width_px, picture->height_px), 0, room,
                                  picture->width_px, picture->height_px);
  while (MAX (window.width, window.height) / step > MOST_CELLS)
    step *= 2;
  cv::Size size ((window.width + step - 1) / step, (window.height + step - 1) / step);
  cv::Mat bgr = assay::read_window (picture, window, size);
  if (assay::is_given_up (cancellable, error))
    return nullptr;
  Slope slope = find_slope (bgr);
  float strong = find_strong (slope.size);
  auto *wire = new _AssayWire{};
  wire->window = window;
  wire->cell
      = { static_cast<double> (window.width) / size.width, static_cast<double> (window.height) / size.height };
  slope.size.convertTo (wire->strength, CV_8U, 255 / strong);
  wire->source = snap (wire, cell_of (wire, from));
  if (Search (slope, strong).run (wire->source, wire->way, cancellable, error))
    return wire;
  delete wire;
  return nullptr;
}

}

AssayWire *
assay_vision_wire (const AssayPicture *picture, AssayPoint from, const AssayPoint *also, guint step_px,
                   GCancellable *cancellable, GError **error)
{
  return assay::guarded ("following a border", error, [&] () -> AssayWire * {
    return build (picture, from, also, step_px, cancellable, error);
  });
}

void
assay_wire_free (AssayWire *wire)
{
  delete wire;
}

AssayPoint
assay_wire_get_source (const AssayWire *wire)
{
  return middle_of (wire, wire->source);
}

gboolean
assay_wire_has (const AssayWire *wire, AssayPoint p)
{
  return p.x >= wire->window.x && p.y >= wire->window.y && p.x < wire->window.x + wire->window.width
         && p.y < wire->window.y + wire->window.height;
}

AssayPoint
assay_wire_snap (const AssayWire *wire, AssayPoint p)
{
  return assay_wire_has (wire, p) ? middle_of (wire, snap (wire, cell_of (wire, p))) : p;
}

GArray *
assay_wire_list_path (const AssayWire *wire, AssayPoint to)
{
  std::vector<cv::Point> back;
  cv::Point p = cell_of (wire, to);
  for (guint8 way = wire->way.at<guint8> (p); way != NONE; way = wire->way.at<guint8> (p))
    {
      back.push_back (p);
      p -= cv::Point (DX[way], DY[way]);
    }
  back.push_back (p);
  GArray *path = g_array_sized_new (FALSE, FALSE, sizeof (AssayPoint), static_cast<guint> (back.size () + 1));
  for (auto at = back.rbegin (); at != back.rend (); ++at)
    {
      AssayPoint middle = middle_of (wire, *at);
      g_array_append_val (path, middle);
    }
  if (!assay_wire_has (wire, to))
    g_array_append_val (path, to);
  return path;
}

GArray *
assay_vision_simplify_ring (const GArray *points, double tolerance_px)
{
  const auto *from = reinterpret_cast<const AssayPoint *> (static_cast<const void *> (points->data));
  std::vector<cv::Point2f> ring, simple;
  for (guint i = 0; i < points->len; i++)
    ring.emplace_back (static_cast<float> (from[i].x), static_cast<float> (from[i].y));
  GArray *corners = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  assay::guarded ("simplifying a ring", nullptr, [&] () -> bool {
    cv::approxPolyDP (ring, simple, tolerance_px, true);
    return true;
  });
  if (simple.size () < 3)
    simple = ring;
  for (const cv::Point2f &p : simple)
    {
      AssayPoint corner = { p.x, p.y };
      g_array_append_val (corners, corner);
    }
  return corners;
}
