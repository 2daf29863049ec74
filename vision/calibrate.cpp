/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lenses and pairs of cameras from views of a board. */
#include "vision/calibrate.h"
#include "vision/guard.hpp"

#include <cmath>
#include <vector>

#include <opencv2/calib3d.hpp>

namespace
{

constexpr guint LEAST_VIEWS = 3;

using Model = std::vector<cv::Point3f>;
using Image = std::vector<cv::Point2f>;

/* The same corners of both views, when there are two. */
void
read_view (const AssayBoard *board, const AssayBoardView *view, const AssayBoardView *other, Model &model,
           Image &image, Image &other_image)
{
  for (guint i = 0, j = 0; i < view->n; i++)
    {
      for (; other != nullptr && j < other->n && other->ids[j] < view->ids[i]; j++)
        ;
      if (other != nullptr && (j >= other->n || other->ids[j] != view->ids[i]))
        continue;
      AssayPoint3 at = assay_board_get_corner (board, view->ids[i]);
      model.emplace_back (static_cast<float> (at.x), static_cast<float> (at.y), 0.0F);
      image.emplace_back (assay::to_cv (view->image_px[i]));
      if (other != nullptr)
        other_image.emplace_back (assay::to_cv (other->image_px[j]));
    }
}

cv::Matx33d
matrix_of (const AssayCamera *camera)
{
  return { camera->fx, 0, camera->cx, 0, camera->fy, camera->cy, 0, 0, 1 };
}

gboolean
check_views (const AssayBoardView *const *views, guint n, GError **error)
{
  if (n < LEAST_VIEWS)
    return assay_error_bad_data (error, "calibrating: %u usable views are too few; take at least %u, better 15", n,
                                 LEAST_VIEWS);
  for (guint i = 1; i < n; i++)
    if (views[i]->width_px != views[0]->width_px || views[i]->height_px != views[0]->height_px)
      return assay_error_bad_data (
          error, "calibrating: view %u has another size than the first; take all with one size", i + 1);
  return TRUE;
}

gboolean
tell_intrinsics (const cv::Matx33d &k, const cv::Mat &distortion, const cv::Mat &std, double rms_px,
                 AssayIntrinsics *ret_intrinsics, GError **error)
{
  AssayIntrinsics result = {};
  result.camera.fx = k (0, 0);
  result.camera.fy = k (1, 1);
  result.camera.cx = k (0, 2);
  result.camera.cy = k (1, 2);
  for (int i = 0; i < 5; i++)
    result.camera.distortion[i] = distortion.at<double> (i);
  for (int i = 0; i < 9; i++)
    result.std[i] = std.at<double> (i);
  result.rms_px = rms_px;
  if (!std::isfinite (rms_px + result.camera.fx + result.camera.fy + result.camera.cx + result.camera.cy)
      || !(result.camera.fx > 0 && result.camera.fy > 0))
    return assay_error_bad_data (error, "calibrating: no lens fits these views; tilt the board more between them");
  *ret_intrinsics = result;
  return TRUE;
}

/* Mean distance, both ways, of points without distortion to each other's line. */
double
epipolar_error (const std::vector<Image> &left, const std::vector<Image> &right, const cv::Matx33d &k1,
                const cv::Mat &d1, const cv::Matx33d &k2, const cv::Mat &d2, const cv::Matx33d &fundamental)
{
  double sum = 0;
  size_t n = 0;
  for (size_t i = 0; i < left.size (); i++)
    {
      Image a, b;
      cv::undistortPoints (left[i], a, k1, d1, cv::noArray (), k1);
      cv::undistortPoints (right[i], b, k2, d2, cv::noArray (), k2);
      for (size_t j = 0; j < a.size (); j++, n += 2)
        {
          cv::Vec3d p (a[j].x, a[j].y, 1), q (b[j].x, b[j].y, 1);
          cv::Vec3d in_right = fundamental * p, in_left = fundamental.t () * q;
          sum += std::fabs (q.dot (in_right)) / std::hypot (in_right[0], in_right[1]);
          sum += std::fabs (p.dot (in_left)) / std::hypot (in_left[0], in_left[1]);
        }
    }
  return n > 0 ? sum / static_cast<double> (n) : NAN;
}

}

gboolean
assay_vision_calibrate (const AssayBoard *board, const AssayBoardView *const *views, guint n,
                        AssayIntrinsics *ret_intrinsics, double *ret_per_view_px, GError **error)
{
  return assay::guarded ("calibrating", error, [&] () -> gboolean {
    if (!check_views (views, n, error))
      return FALSE;
    std::vector<Model> models (n);
    std::vector<Image> images (n);
    Image none;
    for (guint i = 0; i < n; i++)
      read_view (board, views[i], nullptr, models[i], images[i], none);
    cv::Matx33d k = cv::Matx33d::eye ();
    cv::Mat distortion, std_intrinsics, std_extrinsics, per_view;
    std::vector<cv::Mat> rotations, translations;
    cv::Size size (static_cast<int> (views[0]->width_px), static_cast<int> (views[0]->height_px));
    double rms_px = cv::calibrateCamera (models, images, size, k, distortion, rotations, translations,
                                         std_intrinsics, std_extrinsics, per_view);
    if (!tell_intrinsics (k, distortion, std_intrinsics, rms_px, ret_intrinsics, error))
      return FALSE;
    for (guint i = 0; ret_per_view_px != nullptr && i < n; i++)
      ret_per_view_px[i] = per_view.at<double> (static_cast<int> (i));
    return TRUE;
  });
}

gboolean
assay_vision_calibrate_pair (const AssayBoard *board, const AssayBoardView *const *left,
                             const AssayBoardView *const *right, guint n, const AssayCamera *left_camera,
                             const AssayCamera *right_camera, AssayPairGeometry *ret_geometry,
                             double *ret_per_view_px, GError **error)
{
  return assay::guarded ("calibrating the pair", error, [&] () -> gboolean {
    if (n == 0)
      return assay_error_bad_data (error, "calibrating the pair: no view was seen by both cameras");
    std::vector<Model> models (n);
    std::vector<Image> lefts (n), rights (n);
    for (guint i = 0; i < n; i++)
      {
        read_view (board, left[i], right[i], models[i], lefts[i], rights[i]);
        if (models[i].size () < 4)
          return assay_error_bad_data (error,
                                       "calibrating the pair: view %u has only %" G_GSIZE_FORMAT
                                       " corners that both cameras see; leave it out",
                                       i + 1, models[i].size ());
      }
    cv::Mat k1 (matrix_of (left_camera)), k2 (matrix_of (right_camera));
    cv::Mat d1 = cv::Mat (cv::Matx<double, 1, 5> (left_camera->distortion)).clone ();
    cv::Mat d2 = cv::Mat (cv::Matx<double, 1, 5> (right_camera->distortion)).clone ();
    cv::Mat r, t, essential, fundamental, per_view;
    cv::Size size (static_cast<int> (left[0]->width_px), static_cast<int> (left[0]->height_px));
    AssayPairGeometry result = {};
    result.rms_px = cv::stereoCalibrate (models, lefts, rights, k1, d1, k2, d2, size, r, t, essential, fundamental,
                                         per_view, cv::CALIB_FIX_INTRINSIC,
                                         { cv::TermCriteria::EPS + cv::TermCriteria::COUNT, 100, 1e-9 });
    result.epipolar_px = epipolar_error (lefts, rights, k1, d1, k2, d2, fundamental);
    for (int i = 0; i < 9; i++)
      result.right_from_left.r[i] = r.at<double> (i / 3, i % 3);
    for (int i = 0; i < 3; i++)
      result.right_from_left.t_m[i] = t.at<double> (i);
    for (const Model &model : models)
      result.n_points += static_cast<guint> (model.size ());
    for (guint i = 0; ret_per_view_px != nullptr && i < 2 * n; i++)
      ret_per_view_px[i] = per_view.at<double> (static_cast<int> (i / 2), static_cast<int> (i % 2));
    *ret_geometry = result;
    return TRUE;
  });
}

gboolean
assay_vision_fit_view (const AssayBoard *board, const AssayBoardView *view, const AssayCamera *camera,
                       AssayPose *ret_pose, double *ret_rms_px, GError **error)
{
  std::vector<AssayPoint3> model (view->n);
  for (guint i = 0; i < view->n; i++)
    model[i] = assay_board_get_corner (board, view->ids[i]);
  return assay_vision_solve_pose (model.data (), view->image_px, view->n, camera, ret_pose, ret_rms_px, nullptr,
                                  error);
}
