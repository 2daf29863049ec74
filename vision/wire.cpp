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
constexpr float FX[8] = { 1, 1, 0, -1, -1, -1, 0, 1 }, FY[8] = { 0, 1, 1, 1, 0, -1, -1, -1 };
constexpr float DIAGONAL = 1.41421356F, LENGTH[8] = { 1, DIAGONAL, 1, DIAGONAL, 1, DIAGONAL, 1, DIAGONAL };
/* The paper's three parts, as shares of a whole step, and what each step costs besides, so that paths are short. */
constexpr float CREST = 80, WEAKNESS = 80, ACROSS = 60, STEP = 8;
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

/* On plain arrays: this is what a click waits for. */
class Search
{
public:
  Search (const Slope &slope, float strong) : size (slope.size.size ()), n (slope.size.total ())
  {
    gx = slope.x.ptr<float> ();
    gy = slope.y.ptr<float> ();
    g = slope.size.ptr<float> ();
    here.resize (n);
    for (int y = 0; y < size.height; y++)
      for (int x = 0; x < size.width; x++)
        {
          double strength = MIN (at (x, y) / strong, 1.0F);
          here[index (x, y)]
              = static_cast<float> (STEP + WEAKNESS * (1 - strength) + (is_crest (x, y) ? 0 : CREST));
        }
  }

  /* FALSE: given up. */
  bool
  run (cv::Point source, cv::Mat &ret_way, GCancellable *cancellable, GError **error)
  {
    size_t waiting = 1, visited = 0;
    ret_way = cv::Mat (size, CV_8U, cv::Scalar (NONE));
    way = ret_way.ptr<guint8> ();
    cost.assign (n, G_MAXINT);
    done.assign (n, 0);
    buckets.assign (MOST, {});
    cost[index (source.x, source.y)] = 0;
    buckets[0].push_back (static_cast<guint32> (index (source.x, source.y)));
    for (int level = 0; waiting > 0; level++)
      {
        std::vector<guint32> &bucket = buckets[static_cast<size_t> (level % MOST)];
        while (!bucket.empty ())
          {
            guint32 p = bucket.back ();
            bucket.pop_back ();
            waiting--;
            if (done[p] != 0)
              continue;
            done[p] = 1;
            if (++visited % POLL_CELLS == 0 && assay::is_given_up (cancellable, error))
              return false;
            waiting += reach_out (p, level);
          }
      }
    return true;
  }

private:
  cv::Size size;
  size_t n;
  const float *gx, *gy, *g;
  std::vector<float> here; /* what any step into a cell costs, wherever it comes from */
  std::vector<int> cost;
  std::vector<guint8> done;
  std::vector<std::vector<guint32> > buckets;
  guint8 *way = nullptr;

  size_t
  index (int x, int y) const
  {
    return static_cast<size_t> (y) * static_cast<size_t> (size.width) + static_cast<size_t> (x);
  }

  float
  at (int x, int y) const
  {
    return g[index (CLAMP (x, 0, size.width - 1), CLAMP (y, 0, size.height - 1))];
  }

  /* No weaker than both its neighbours up and down the slope. */
  bool
  is_crest (int x, int y) const
  {
    float across = gx[index (x, y)], down = gy[index (x, y)], strength = at (x, y);
    int dx = std::abs (across) * 2 > std::abs (down) ? (across > 0 ? 1 : -1) : 0;
    int dy = std::abs (down) * 2 > std::abs (across) ? (down > 0 ? 1 : -1) : 0;
    return strength > 0 && strength >= at (x + dx, y + dy) && strength > at (x - dx, y - dy);
  }

  size_t
  reach_out (guint32 p, int level)
  {
    const int x = static_cast<int> (p) % size.width, y = static_cast<int> (p) / size.width;
    const float *all_here = here.data ();
    const guint8 *all_done = done.data ();
    int *all_cost = cost.data ();
    size_t n_found = 0;
    for (int direction = 0; direction < 8; direction++)
      {
        const int u = x + DX[direction], v = y + DY[direction];
        if (u < 0 || v < 0 || u >= size.width || v >= size.height)
          continue;
        const int to = v * size.width + u;
        if (all_done[to] != 0)
          continue;
        const float length = LENGTH[direction];
        float across = length; /* times the length, as the rest */
        if (g[to] > 0)
          across = fabsf (gx[to] * FX[direction] + gy[to] * FY[direction]) / g[to];
        const int sum = level + static_cast<int> (length * all_here[to] + ACROSS * across);
        if (sum >= all_cost[to])
          continue;
        all_cost[to] = sum;
        way[to] = static_cast<guint8> (direction);
        buckets[static_cast<size_t> (sum % MOST)].push_back (static_cast<guint32> (to));
        n_found++;
      }
    return n_found;
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
