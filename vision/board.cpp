/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chessboards and ChArUco boards: finding their corners, and what they look like on paper. */
#include "vision/board.h"
#include "vision/guard.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <opencv2/calib3d.hpp>
#include <opencv2/core/version.hpp>
#include <opencv2/imgproc.hpp>
/* ArUco lived in contrib until 4.6 and is in objdetect since 4.7. */
#define OLD_ARUCO (CV_VERSION_MAJOR == 4 && CV_VERSION_MINOR < 7)
#if OLD_ARUCO
#include <opencv2/aruco/charuco.hpp>
#else
#include <opencv2/objdetect/charuco_detector.hpp>
#endif

namespace
{

using Corners = std::vector<cv::Point2f>;

struct Seen
{
  std::vector<int> ids;
  Corners corners;
};

/* Eight bits a pixel: what the detectors read. Grey by cv::cvtColor's weights. */
cv::Mat
to_grey (const AssayPicture *picture)
{
  auto channels = static_cast<int> (assay_pixels_channels (picture->pixels));
  bool deep = picture->pixels == ASSAY_PIXELS_GREY16 || picture->pixels == ASSAY_PIXELS_RGB16;
  cv::Mat all (static_cast<int> (picture->height_px), static_cast<int> (picture->width_px),
               CV_MAKETYPE (deep ? CV_16U : CV_8U, channels), picture->data, picture->stride);
  cv::Mat grey = all;
  if (channels == 3)
    cv::cvtColor (all, grey, cv::COLOR_RGB2GRAY);
  /* Infrared pictures of 10 or 12 bits fill a small part of 16: what is there is stretched. */
  if (deep)
    cv::normalize (grey, grey, 0, 255, cv::NORM_MINMAX, CV_8U);
  return grey;
}

/* --- chessboards --- */

double
least_distance (const Corners &corners, int across)
{
  double least = HUGE_VAL;
  for (size_t i = 0; i < corners.size (); i++)
    {
      if (static_cast<int> (i) % across != 0)
        least = std::min (least, cv::norm (corners[i] - corners[i - 1]));
      if (static_cast<int> (i) >= across)
        least = std::min (least, cv::norm (corners[i] - corners[i - static_cast<size_t> (across)]));
    }
  return least;
}

void
refine (const cv::Mat &grey, Corners &corners, int across, guint window_px)
{
  int window = window_px > 0 ? static_cast<int> (window_px)
                             : std::clamp (static_cast<int> (least_distance (corners, across) / 3), 3, 11);
  cv::cornerSubPix (grey, corners, { window, window }, { -1, -1 },
                    { cv::TermCriteria::EPS + cv::TermCriteria::COUNT, 30, 0.001 });
}

/* The first inner square is dark on paper. An ambiguous board stays as it was found. */
void
turn_upright (const cv::Mat &grey, Corners &corners, const AssayBoard *board)
{
  auto across = static_cast<size_t> (board->cols);
  auto level = [&] (size_t first) {
    cv::Point2f middle
        = (corners[first] + corners[first + 1] + corners[first + across] + corners[first + across + 1]) / 4;
    cv::Mat patch;
    cv::getRectSubPix (grey, { 3, 3 }, middle, patch);
    return cv::mean (patch)[0];
  };
  if (!assay_board_is_ambiguous (board) && level (0) > level (corners.size () - across - 2))
    std::reverse (corners.begin (), corners.end ());
}

bool
find_pattern (const cv::Mat &grey, cv::Size size, int flags, Corners &corners)
{
  return cv::findChessboardCorners (grey, size, corners,
                                    cv::CALIB_CB_ADAPTIVE_THRESH | cv::CALIB_CB_NORMALIZE_IMAGE | flags)
         && corners.size () == static_cast<size_t> (size.area ());
}

/* In a smaller picture first: no board there is a quick no, and a board there is enough of a start. */
bool
find_chessboard (const cv::Mat &grey, const AssayBoard *board, const AssayBoardLook *look, Corners &corners)
{
  cv::Size size (static_cast<int> (board->cols), static_cast<int> (board->rows));
  double scale = look->first_side_px / static_cast<double> (std::max (grey.cols, grey.rows));
  bool found = false;
  if (look->first_side_px > 0 && scale < 1)
    {
      cv::Mat small;
      cv::resize (grey, small, {}, scale, scale, cv::INTER_AREA);
      if (!find_pattern (small, size, cv::CALIB_CB_FAST_CHECK, corners))
        return false;
      for (cv::Point2f &corner : corners)
        corner = (corner + cv::Point2f (0.5F, 0.5F)) / scale - cv::Point2f (0.5F, 0.5F);
      found = true;
    }
  else
    found = find_pattern (grey, size, look->first_side_px > 0 ? cv::CALIB_CB_FAST_CHECK : 0, corners);
  if (found)
    refine (grey, corners, size.width, look->window_px);
  else if (look->thorough)
    found = cv::findChessboardCornersSB (grey, size, corners, cv::CALIB_CB_NORMALIZE_IMAGE | cv::CALIB_CB_ACCURACY);
  if (found)
    turn_upright (grey, corners, board);
  return found;
}

bool
squares_were_counted (const cv::Mat &grey, const AssayBoard *board)
{
  Corners corners;
  return board->cols > 3 && board->rows > 3
         && find_pattern (grey, { static_cast<int> (board->cols) - 1, static_cast<int> (board->rows) - 1 },
                          cv::CALIB_CB_FAST_CHECK, corners);
}

/* --- ChArUco --- */

int
dictionary_of (const AssayBoard *board)
{
  int size = board->n_markers == 50 ? 0 : board->n_markers == 100 ? 1 : board->n_markers == 250 ? 2 : 3;
  return static_cast<int> (board->bits - 4) * 4 + size; /* as both versions number them */
}

#if OLD_ARUCO

cv::Ptr<cv::aruco::CharucoBoard>
make_charuco (const AssayBoard *board)
{
  return cv::aruco::CharucoBoard::create (
      static_cast<int> (board->cols), static_cast<int> (board->rows), static_cast<float> (board->square_m),
      static_cast<float> (board->marker_m), cv::aruco::getPredefinedDictionary (dictionary_of (board)));
}

void
find_charuco (const cv::Mat &grey, const AssayBoard *board, Seen &seen)
{
  cv::Ptr<cv::aruco::CharucoBoard> charuco = make_charuco (board);
  std::vector<Corners> markers, rejected;
  std::vector<int> ids;
  cv::aruco::detectMarkers (grey, charuco->dictionary, markers, ids, cv::aruco::DetectorParameters::create (),
                            rejected);
  cv::aruco::refineDetectedMarkers (grey, charuco.staticCast<cv::aruco::Board> (), markers, ids, rejected);
  if (!ids.empty ())
    cv::aruco::interpolateCornersCharuco (markers, ids, grey, charuco, seen.corners, seen.ids);
}

std::vector<std::vector<cv::Point3f> >
marker_places (const AssayBoard *board)
{
  return make_charuco (board)->objPoints;
}

/* One where the paper is white; the markers' own black border is around it. */
cv::Mat
marker_bits (const AssayBoard *board, int id)
{
  cv::Ptr<cv::aruco::Dictionary> dictionary = cv::aruco::getPredefinedDictionary (dictionary_of (board));
  return cv::aruco::Dictionary::getBitsFromByteList (dictionary->bytesList.rowRange (id, id + 1),
                                                     dictionary->markerSize);
}

#else

cv::aruco::CharucoBoard
make_charuco (const AssayBoard *board)
{
  return { { static_cast<int> (board->cols), static_cast<int> (board->rows) },
           static_cast<float> (board->square_m),
           static_cast<float> (board->marker_m),
           cv::aruco::getPredefinedDictionary (dictionary_of (board)) };
}

void
find_charuco (const cv::Mat &grey, const AssayBoard *board, Seen &seen)
{
  cv::aruco::CharucoDetector (make_charuco (board)).detectBoard (grey, seen.corners, seen.ids);
}

std::vector<std::vector<cv::Point3f> >
marker_places (const AssayBoard *board)
{
  return make_charuco (board).getObjPoints ();
}

cv::Mat
marker_bits (const AssayBoard *board, int id)
{
  cv::aruco::Dictionary dictionary = cv::aruco::getPredefinedDictionary (dictionary_of (board));
  return cv::aruco::Dictionary::getBitsFromByteList (dictionary.bytesList.rowRange (id, id + 1),
                                                     dictionary.markerSize);
}

#endif

/* --- what a view says of itself --- */

/* Contrast over steepest slope along a line across the middle of the edge between two neighbours; NaN without
 * contrast. */
double
edge_width (const cv::Mat &grey, cv::Point2f a, cv::Point2f b)
{
  cv::Point2f along = b - a, across (-along.y, along.x), middle = (a + b) / 2;
  double low = 255, high = 0, steepest = 0, before = NAN;
  auto steps = static_cast<int> (0.4 * cv::norm (along));
  cv::Mat level;
  for (int i = -steps; i <= steps; i++)
    {
      cv::getRectSubPix (grey, { 1, 1 }, middle + across * static_cast<float> (i / cv::norm (along)), level,
                         CV_32F);
      double here = level.at<float> (0);
      low = std::min (low, here);
      high = std::max (high, here);
      if (std::isfinite (before))
        steepest = std::max (steepest, std::fabs (here - before));
      before = here;
    }
  return high - low >= 10 && steepest > 0 ? (high - low) / steepest : NAN;
}

double
median_of (std::vector<double> &values)
{
  if (values.empty ())
    return NAN;
  auto middle = values.begin () + static_cast<std::ptrdiff_t> (values.size () / 2);
  std::nth_element (values.begin (), middle, values.end ());
  return *middle;
}

double
measure_edges (const cv::Mat &grey, const AssayBoard *board, const Seen &seen)
{
  auto across = static_cast<int> (assay_board_get_across (board));
  std::vector<double> level, upright;
  for (size_t i = 0; i < seen.ids.size (); i++)
    for (size_t j = i + 1; j < seen.ids.size (); j++)
      {
        bool right = seen.ids[j] == seen.ids[i] + 1 && seen.ids[j] % across != 0;
        bool below = seen.ids[j] == seen.ids[i] + across;
        double width = right || below ? edge_width (grey, seen.corners[i], seen.corners[j]) : NAN;
        if (std::isfinite (width))
          (right ? level : upright).push_back (width);
      }
  return std::fmax (median_of (level), median_of (upright));
}

void
measure_outline (const AssayBoard *board, const Seen &seen, AssayBoardView *view)
{
  guint across = assay_board_get_across (board), n = assay_board_count_corners (board);
  const guint outer[4] = { 0, across - 1, n - 1, n - across };
  std::vector<cv::Point2d> paper, image, corners, found;
  for (size_t i = 0; i < seen.ids.size (); i++)
    {
      AssayPoint3 at = assay_board_get_corner (board, static_cast<guint> (seen.ids[i]));
      paper.emplace_back (at.x, at.y);
      image.emplace_back (seen.corners[i]);
    }
  for (guint id : outer)
    {
      AssayPoint3 at = assay_board_get_corner (board, id);
      corners.emplace_back (at.x, at.y);
    }
  cv::Mat plane = cv::findHomography (paper, image);
  if (!plane.empty ())
    cv::perspectiveTransform (corners, found, plane);
  for (size_t i = 0; i < 4; i++)
    view->outline_px[i] = plane.empty () ? view->image_px[0] : assay::from_cv (found[i]);
}

AssayBoardView *
make_view (const cv::Mat &grey, const AssayBoard *board, const Seen &seen)
{
  AssayBoardView *view = g_new0 (AssayBoardView, 1);
  view->width_px = static_cast<guint> (grey.cols);
  view->height_px = static_cast<guint> (grey.rows);
  view->n = static_cast<guint> (seen.ids.size ());
  view->ids = g_new0 (guint, view->n);
  view->image_px = g_new0 (AssayPoint, view->n);
  view->margin_px = HUGE_VAL;
  for (guint i = 0; i < view->n; i++)
    {
      AssayPoint at = assay::from_cv (seen.corners[i]);
      view->ids[i] = static_cast<guint> (seen.ids[i]);
      view->image_px[i] = at;
      view->margin_px = std::min ({ view->margin_px, at.x, at.y, grey.cols - at.x, grey.rows - at.y });
    }
  view->edge_px = measure_edges (grey, board, seen);
  measure_outline (board, seen, view);
  return view;
}

/* Six corners that span the plane: with fewer, or on one line, a view says next to nothing. */
bool
spans_a_plane (const AssayBoard *board, const Seen &seen)
{
  auto across = static_cast<int> (assay_board_get_across (board));
  std::vector<cv::Point2f> grid;
  for (int id : seen.ids)
    grid.emplace_back (static_cast<float> (id % across), static_cast<float> (id / across));
  return grid.size () >= 6 && cv::minAreaRect (grid).size.area () > 0.5;
}

AssayBoardView *
look_for (const cv::Mat &grey, const AssayBoard *board, const AssayBoardLook *look, GError **error)
{
  Seen seen;
  if (board->kind == ASSAY_BOARD_CHARUCO)
    find_charuco (grey, board, seen);
  else if (find_chessboard (grey, board, look, seen.corners))
    for (guint i = 0; i < seen.corners.size (); i++)
      seen.ids.push_back (static_cast<int> (i));
  if (!seen.ids.empty () && spans_a_plane (board, seen))
    return make_view (grey, board, seen);
  if (!seen.ids.empty ())
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 "only %" G_GSIZE_FORMAT " corners of the board can be seen; show more of it", seen.ids.size ());
  else if (look->thorough && board->kind == ASSAY_BOARD_CHESSBOARD && squares_were_counted (grey, board))
    g_set_error (
        error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
        "no board of %u x %u inner corners, but one of %u x %u: the squares were counted; count where four of "
        "them meet",
        board->cols, board->rows, board->cols - 1, board->rows - 1);
  else
    g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_NOT_FOUND,
                 board->kind == ASSAY_BOARD_CHARUCO
                     ? "no marker of the board; it may be blurred, of another dictionary, or not there"
                     : "no board; all of it must be seen, with a white border around it");
  return nullptr;
}

}

void
assay_board_view_free (AssayBoardView *view)
{
  if (view == nullptr)
    return;
  g_free (view->ids);
  g_free (view->image_px);
  g_free (view);
}

AssayBoardView *
assay_vision_find_board (const AssayPicture *picture, const AssayBoard *board, const AssayBoardLook *look,
                         GError **error)
{
  return assay::guarded ("looking for the board", error,
                         [&] () -> AssayBoardView * { return look_for (to_grey (picture), board, look, error); });
}

GArray *
assay_vision_board_black (const AssayBoard *board, GError **error)
{
  return assay::guarded ("drawing the board", error, [&] () -> GArray * {
    guint across, down;
    double width_m, height_m, s = board->square_m;
    assay_board_get_size (board, &across, &down, &width_m, &height_m);
    GArray *black = g_array_new (FALSE, FALSE, sizeof (AssayRect));
    auto add = [&] (AssayRect rect) { g_array_append_val (black, rect); };
    for (guint y = 0; y < down; y++)
      for (guint x = y % 2; x < across; x += 2)
        add ({ x * s, y * s, s, s });
    if (board->kind != ASSAY_BOARD_CHARUCO)
      return black;
    std::vector<std::vector<cv::Point3f> > places = marker_places (board);
    for (size_t id = 0; id < places.size (); id++)
      {
        /* The library's places are floats; ours are exact, in the middle of the same square. */
        double left = std::floor (places[id][0].x / s) * s + (s - board->marker_m) / 2;
        double top = std::floor (places[id][0].y / s) * s + (s - board->marker_m) / 2;
        auto n = static_cast<int> (board->bits) + 2;
        double bit = board->marker_m / n;
        cv::Mat bits = marker_bits (board, static_cast<int> (id));
        for (int y = 0; y < n; y++)
          for (int x = 0; x < n; x++)
            if (x == 0 || y == 0 || x == n - 1 || y == n - 1 || bits.at<uchar> (y - 1, x - 1) == 0)
              add ({ left + x * bit, top + y * bit, bit, bit });
      }
    return black;
  });
}
