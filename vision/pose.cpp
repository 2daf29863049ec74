/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Poses of rigid models: from clicked points, and back to the picture. */
#include "vision/guard.hpp"

#include <cmath>
#include <vector>

#include <opencv2/calib3d.hpp>

namespace
{

/* Below this a point counts as behind the lens. */
constexpr double NEAREST_M = 0.001;

struct Candidate
{
  cv::Mat rotation, translation; /* Rodrigues vector and metres, 3 x 1 */
  double rms_px;
};

struct Pairs
{
  std::vector<cv::Point3d> model;
  std::vector<cv::Point2d> image;
  cv::Matx33d k;
  cv::Matx<double, 1, 5> distortion;
};

AssayPoint
project_one (const AssayCamera *camera, AssayPoint3 c)
{
  const double *d = camera->distortion;
  double x = c.x / c.z, y = c.y / c.z, r2 = x * x + y * y;
  double radial = 1 + r2 * (d[0] + r2 * (d[1] + r2 * d[4]));
  double xd = x * radial + 2 * d[2] * x * y + d[3] * (r2 + 2 * x * x);
  double yd = y * radial + d[2] * (r2 + 2 * y * y) + 2 * d[3] * x * y;
  return assay::from_cv ({ camera->fx * xd + camera->cx, camera->fy * yd + camera->cy });
}

AssayPoint3
to_camera (const AssayPose *pose, AssayPoint3 p)
{
  const double *r = pose->r, *t = pose->t_m;
  return { r[0] * p.x + r[1] * p.y + r[2] * p.z + t[0], r[3] * p.x + r[4] * p.y + r[5] * p.z + t[1],
           r[6] * p.x + r[7] * p.y + r[8] * p.z + t[2] };
}

/* The points' own frame: their mean, their axes (rows, longest first, right-handed) and how far they reach along
 * each. */
struct Frame
{
  cv::Vec3d mean, extent;
  cv::Matx33d axes;
};

Frame
frame_of (const std::vector<cv::Point3d> &points)
{
  cv::Vec3d sum (0, 0, 0);
  for (const cv::Point3d &p : points)
    sum += cv::Vec3d (p.x, p.y, p.z);
  Frame frame = { sum / static_cast<double> (points.size ()), {}, {} };
  cv::Matx33d spread = cv::Matx33d::zeros ();
  for (const cv::Point3d &p : points)
    {
      cv::Vec3d from_mean = cv::Vec3d (p.x, p.y, p.z) - frame.mean;
      spread += from_mean * from_mean.t ();
    }
  cv::Mat values, axes;
  cv::eigen (spread, values, axes);
  frame.axes = axes;
  if (cv::determinant (frame.axes) < 0)
    frame.axes = -frame.axes;
  for (int i = 0; i < 3; i++)
    frame.extent[i] = std::sqrt (MAX (values.at<double> (i), 0));
  return frame;
}

double
rms_of (const Pairs &pairs, const cv::Mat &rotation, const cv::Mat &translation)
{
  std::vector<cv::Point2d> seen;
  cv::projectPoints (pairs.model, rotation, translation, pairs.k, pairs.distortion, seen);
  double squares = 0;
  for (size_t i = 0; i < seen.size (); i++)
    squares += (seen[i] - pairs.image[i]).ddot (seen[i] - pairs.image[i]);
  return std::sqrt (squares / static_cast<double> (seen.size ()));
}

bool
in_front (const Pairs &pairs, const Candidate &candidate)
{
  cv::Matx33d r;
  cv::Rodrigues (candidate.rotation, r);
  double tz = candidate.translation.at<double> (2);
  for (const cv::Point3d &p : pairs.model)
    if (r (2, 0) * p.x + r (2, 1) * p.y + r (2, 2) * p.z + tz < NEAREST_M)
      return false;
  return true;
}

bool
is_flat (const Frame &frame)
{
  return frame.extent[2] < 1e-4 * frame.extent[0];
}

/* The closed-form answers. They are asked for in the points' own frame: IPPE is wrong for planes off the origin
 * (4.6). */
std::vector<Candidate>
guess (const Pairs &pairs, const Frame &frame)
{
  std::vector<cv::Point3d> own;
  std::vector<cv::Mat> rotations, translations;
  for (const cv::Point3d &p : pairs.model)
    {
      cv::Vec3d q = frame.axes * (cv::Vec3d (p.x, p.y, p.z) - frame.mean);
      own.emplace_back (q[0], q[1], is_flat (frame) ? 0 : q[2]);
    }
  cv::solvePnPGeneric (own, pairs.image, pairs.k, pairs.distortion, rotations, translations, false,
                       is_flat (frame) ? cv::SOLVEPNP_IPPE : cv::SOLVEPNP_SQPNP);
  std::vector<Candidate> guesses;
  for (size_t i = 0; i < rotations.size (); i++)
    {
      cv::Matx33d r;
      cv::Rodrigues (rotations[i], r);
      cv::Mat rotation;
      cv::Rodrigues (r * frame.axes, rotation);
      cv::Vec3d t = cv::Vec3d (translations[i]) - r * frame.axes * frame.mean;
      guesses.push_back ({ rotation, cv::Mat (t, true), 0 });
    }
  return guesses;
}

/* Each of them refined on the reprojection error; the best that has all points before the lens. */
bool
solve (const Pairs &pairs, const Frame &frame, Candidate &best)
{
  best.rms_px = HUGE_VAL;
  for (Candidate &refined : guess (pairs, frame))
    {
      cv::solvePnPRefineLM (pairs.model, pairs.image, pairs.k, pairs.distortion, refined.rotation,
                            refined.translation,
                            cv::TermCriteria (cv::TermCriteria::EPS | cv::TermCriteria::COUNT, 100, 1e-12));
      refined.rms_px = rms_of (pairs, refined.rotation, refined.translation);
      if (in_front (pairs, refined) && refined.rms_px < best.rms_px)
        best = refined;
    }
  return std::isfinite (best.rms_px);
}

gboolean
read_pairs (const AssayPoint3 *model_m, const AssayPoint *image_px, guint n, const AssayCamera *camera,
            Pairs &pairs, GError **error)
{
  if (n < 4)
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "solving a pose: %u points are too few; click at least 4", n);
      return FALSE;
    }
  if (!(camera->fx > 0) || !(camera->fy > 0) || !std::isfinite (camera->fx + camera->fy + camera->cx + camera->cy))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "solving a pose: the camera has no focal length; calibrate it or state one");
      return FALSE;
    }
  for (guint i = 0; i < n; i++)
    {
      pairs.model.emplace_back (model_m[i].x, model_m[i].y, model_m[i].z);
      pairs.image.push_back (assay::to_cv (image_px[i]));
      if (!std::isfinite (model_m[i].x + model_m[i].y + model_m[i].z + image_px[i].x + image_px[i].y))
        {
          g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                       "solving a pose: point %u is no number; click it again", i + 1);
          return FALSE;
        }
    }
  pairs.k = { camera->fx, 0, camera->cx, 0, camera->fy, camera->cy, 0, 0, 1 };
  pairs.distortion = cv::Matx<double, 1, 5> (camera->distortion);
  return TRUE;
}

void
tell_residuals (const Pairs &pairs, const Candidate &best, double *ret_residual_px)
{
  std::vector<cv::Point2d> seen;
  cv::projectPoints (pairs.model, best.rotation, best.translation, pairs.k, pairs.distortion, seen);
  for (size_t i = 0; i < seen.size (); i++)
    ret_residual_px[i] = cv::norm (seen[i] - pairs.image[i]);
}

gboolean
solve_checked (const Pairs &pairs, AssayPose *ret_pose, double *ret_rms_px, double *ret_residual_px, GError **error)
{
  Frame frame = frame_of (pairs.model);
  if (frame.extent[1] < 1e-4 * frame.extent[0])
    {
      g_set_error (
          error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
          "solving a pose: the points lie on one line, which leaves the turn about it open; click one beside it");
      return FALSE;
    }
  Candidate best;
  if (!solve (pairs, frame, best))
    {
      g_set_error (error, ASSAY_ERROR, ASSAY_ERROR_BAD_DATA,
                   "solving a pose: no place before the camera fits; look whether two points are swapped");
      return FALSE;
    }
  cv::Matx33d r;
  cv::Rodrigues (best.rotation, r);
  for (int i = 0; i < 9; i++)
    ret_pose->r[i] = r.val[i];
  for (int i = 0; i < 3; i++)
    ret_pose->t_m[i] = best.translation.at<double> (i);
  *ret_rms_px = best.rms_px;
  if (ret_residual_px != nullptr)
    tell_residuals (pairs, best, ret_residual_px);
  return TRUE;
}

}

gboolean
assay_vision_solve_pose (const AssayPoint3 *model_m, const AssayPoint *image_px, guint n, const AssayCamera *camera,
                         AssayPose *ret_pose, double *ret_rms_px, double *ret_residual_px, GError **error)
{
  return assay::guarded ("solving a pose", error, [&] () -> gboolean {
    Pairs pairs;
    return read_pairs (model_m, image_px, n, camera, pairs, error)
           && solve_checked (pairs, ret_pose, ret_rms_px, ret_residual_px, error);
  });
}

void
assay_vision_project (const AssayPose *pose, const AssayCamera *camera, const AssayPoint3 *model_m, guint n,
                      AssayPoint *ret_px)
{
  for (guint i = 0; i < n; i++)
    {
      AssayPoint3 c = to_camera (pose, model_m[i]);
      ret_px[i] = c.z > 0 ? project_one (camera, c) : AssayPoint{ NAN, NAN };
    }
}

namespace
{

struct Canvas
{
  const AssayCamera *camera;
  guint width_px, height_px;
  std::vector<guint8> inside;
};

/* Inside is every pixel whose middle is: neighbours that share an edge leave neither gap nor overlap. */
void
fill_convex (Canvas &canvas, const AssayPoint *p, guint n)
{
  double top = HUGE_VAL, bottom = -HUGE_VAL;
  for (guint i = 0; i < n; i++)
    {
      if (!std::isfinite (p[i].x + p[i].y))
        return;
      top = MIN (top, p[i].y);
      bottom = MAX (bottom, p[i].y);
    }
  auto first = static_cast<guint> (CLAMP (std::ceil (top - 0.5), 0, canvas.height_px));
  auto last = static_cast<guint> (CLAMP (std::ceil (bottom - 0.5), 0, canvas.height_px));
  for (guint y = first; y < last; y++)
    {
      double middle = y + 0.5, left = HUGE_VAL, right = -HUGE_VAL;
      for (guint i = 0; i < n; i++)
        {
          AssayPoint a = p[i], b = p[(i + 1) % n];
          if ((a.y <= middle) == (b.y <= middle))
            continue;
          double x = a.x + (b.x - a.x) * (middle - a.y) / (b.y - a.y);
          left = MIN (left, x);
          right = MAX (right, x);
        }
      auto from = static_cast<guint> (CLAMP (std::ceil (left - 0.5), 0, canvas.width_px));
      auto to = static_cast<guint> (CLAMP (std::ceil (right - 0.5), 0, canvas.width_px));
      for (guint x = from; x < to; x++)
        canvas.inside[static_cast<size_t> (y) * canvas.width_px + x] = 1;
    }
}

/* Keeps what lies beyond the nearest distance: 0, 3 or 4 corners. */
guint
clip_near (const AssayPoint3 *in, AssayPoint3 *out)
{
  guint n = 0;
  for (guint i = 0; i < 3; i++)
    {
      AssayPoint3 a = in[i], b = in[(i + 1) % 3];
      if (a.z >= NEAREST_M)
        out[n++] = a;
      if ((a.z >= NEAREST_M) != (b.z >= NEAREST_M))
        {
          double s = (NEAREST_M - a.z) / (b.z - a.z);
          out[n++] = { a.x + s * (b.x - a.x), a.y + s * (b.y - a.y), NEAREST_M };
        }
    }
  return n;
}

AssayPoint3
middle_of (AssayPoint3 a, AssayPoint3 b)
{
  return { (a.x + b.x) / 2, (a.y + b.y) / 2, (a.z + b.z) / 2 };
}

/* A distorting lens bends edges: triangles are quartered until the bend cannot be seen. */
void
draw_triangle (Canvas &canvas, const AssayPoint3 *corners, guint splits)
{
  if (splits > 0)
    {
      AssayPoint3 a = corners[0], b = corners[1], c = corners[2];
      AssayPoint3 ab = middle_of (a, b), bc = middle_of (b, c), ca = middle_of (c, a);
      const AssayPoint3 parts[4][3] = { { a, ab, ca }, { ab, b, bc }, { ca, bc, c }, { ab, bc, ca } };
      for (const auto &part : parts)
        draw_triangle (canvas, part, splits - 1);
      return;
    }
  AssayPoint3 clipped[4];
  AssayPoint flat[4];
  guint n = clip_near (corners, clipped);
  for (guint i = 0; i < n; i++)
    flat[i] = project_one (canvas.camera, clipped[i]);
  if (n >= 3)
    fill_convex (canvas, flat, n);
}

guint
splits_for (const Canvas &canvas, guint n_triangles)
{
  gboolean straight = TRUE;
  for (double d : canvas.camera->distortion)
    straight &= d == 0;
  return straight ? 0 : n_triangles < 500 ? 4 : n_triangles < 20000 ? 1 : 0;
}

}

AssayMask *
assay_vision_silhouette (const AssayPose *pose, const AssayCamera *camera, const AssayPoint3 *vertices_m,
                         guint n_vertices, const guint32 *triangles, guint n_triangles, guint width_px,
                         guint height_px)
{
  Canvas canvas = { camera, width_px, height_px, {} };
  canvas.inside.resize (static_cast<size_t> (width_px) * height_px);
  std::vector<AssayPoint3> seen (n_vertices);
  for (guint i = 0; i < n_vertices; i++)
    seen[i] = to_camera (pose, vertices_m[i]);
  guint splits = splits_for (canvas, n_triangles);
  for (guint i = 0; i < n_triangles; i++)
    {
      const guint32 *t = triangles + static_cast<size_t> (i) * 3;
      if (t[0] >= n_vertices || t[1] >= n_vertices || t[2] >= n_vertices)
        continue;
      const AssayPoint3 corners[3] = { seen[t[0]], seen[t[1]], seen[t[2]] };
      draw_triangle (canvas, corners, splits);
    }
  return assay_mask_new_from_bytes (canvas.inside.data (), width_px, width_px, height_px);
}
