/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* tests/vision/board-scene.h - pictures of a board whose camera is known exactly, without OpenCV's projection: each
 * pixel's ray is taken back through the lens (by iteration), cut with the board, and the board's rectangles say
 * what is there. */
#include "core/board.h"
#include "core/picture.h"
#include "vision/board.h"

#include <math.h>
#include <string.h>

#define SCENE_MM_PX 4 /* pixels of the sheet in a millimetre */

typedef struct
{
  guint8 *ink; /* 1 = black */
  guint width_px, height_px;
  AssayBoard board;
} Sheet;

static inline void
sheet_clear (Sheet *sheet)
{
  g_free (sheet->ink);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Sheet, sheet_clear)

static inline Sheet
sheet_print (const char *words)
{
  Sheet sheet = { 0 };
  guint across, down;
  double width_m, height_m;
  if (!assay_board_parse (words, &sheet.board, NULL))
    g_error ("%s is no board", words);
  assay_board_get_size (&sheet.board, &across, &down, &width_m, &height_m);
  sheet.width_px = (guint) lround (width_m * 1000 * SCENE_MM_PX);
  sheet.height_px = (guint) lround (height_m * 1000 * SCENE_MM_PX);
  sheet.ink = g_malloc0 ((gsize) sheet.width_px * sheet.height_px);
  g_autoptr (GArray) black = assay_vision_board_black (&sheet.board, NULL);
  for (guint i = 0; i < black->len; i++)
    {
      AssayRect r = g_array_index (black, AssayRect, i);
      double s = 1000 * SCENE_MM_PX;
      guint left = (guint) lround (r.x * s), right = MIN ((guint) lround ((r.x + r.w) * s), sheet.width_px);
      guint top = (guint) lround (r.y * s), bottom = MIN ((guint) lround ((r.y + r.h) * s), sheet.height_px);
      for (guint y = top; y < bottom; y++)
        memset (sheet.ink + (gsize) y * sheet.width_px + left, 1, right - left);
    }
  return sheet;
}

/* Rotation by three angles, then the board's middle at (x, y, z) metres before the camera. */
static inline AssayPose
scene_pose (const AssayBoard *board, double ax, double ay, double az, double x, double y, double z)
{
  double ca = cos (ax), sa = sin (ax), cb = cos (ay), sb = sin (ay), cc = cos (az), sc = sin (az);
  AssayPose pose = { .r = { cb * cc, -cb * sc, sb, ca * sc + sa * sb * cc, ca * cc - sa * sb * sc, -sa * cb,
                            sa * sc - ca * sb * cc, sa * cc + ca * sb * sc, ca * cb } };
  double mx = (assay_board_get_across (board) - 1) * board->square_m / 2;
  double my = (assay_board_get_down (board) - 1) * board->square_m / 2;
  const double middle[3] = { x, y, z };
  for (guint i = 0; i < 3; i++)
    pose.t_m[i] = middle[i] - pose.r[3 * i] * mx - pose.r[3 * i + 1] * my;
  return pose;
}

/* OpenCV's model turned round: x' = x (1 + k1 r2 + …) + …, by iteration from x = x'. */
static inline void
scene_straighten (const AssayCamera *camera, double u, double v, double *ret_x, double *ret_y)
{
  const double *d = camera->distortion;
  double x0 = (u - camera->cx) / camera->fx, y0 = (v - camera->cy) / camera->fy, x = x0, y = y0;
  for (guint i = 0; i < 8; i++)
    {
      double r2 = x * x + y * y, radial = 1 + r2 * (d[0] + r2 * (d[1] + r2 * d[4]));
      double dx = 2 * d[2] * x * y + d[3] * (r2 + 2 * x * x), dy = d[2] * (r2 + 2 * y * y) + 2 * d[3] * x * y;
      x = (x0 - dx) / radial;
      y = (y0 - dy) / radial;
    }
  *ret_x = x;
  *ret_y = y;
}

/* 0 white … 1 black where the ray (x, y, 1) meets the board's plane; beyond the sheet all is light grey. */
static inline double
scene_ink (const Sheet *sheet, const AssayPose *pose, double x, double y)
{
  const double *r = pose->r, *t = pose->t_m;
  double along = (r[2] * t[0] + r[5] * t[1] + r[8] * t[2]) / (r[2] * x + r[5] * y + r[8]);
  double px = along * x - t[0], py = along * y - t[1], pz = along - t[2];
  double bx = r[0] * px + r[3] * py + r[6] * pz, by = r[1] * px + r[4] * py + r[7] * pz;
  double s = sheet->board.square_m, k = 1000 * SCENE_MM_PX;
  double sx = (bx + s) * k, sy = (by + s) * k, margin = 0.6 * s * k;
  if (sx >= 0 && sy >= 0 && sx < sheet->width_px && sy < sheet->height_px)
    return sheet->ink[(gsize) sy * sheet->width_px + (gsize) sx];
  return sx > -margin && sy > -margin && sx < sheet->width_px + margin && sy < sheet->height_px + margin ? 0 : 0.35;
}

/* A camera: its lens, and for SCENE_FINE x SCENE_FINE points of each pixel the ray that falls there. */
#define SCENE_FINE 3
typedef struct
{
  AssayCamera lens;
  guint width_px, height_px;
  float *rays;
} SceneCamera;

static inline void
scene_camera_clear (SceneCamera *camera)
{
  g_free (camera->rays);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SceneCamera, scene_camera_clear)

static inline SceneCamera
scene_camera (const AssayCamera *lens, guint width_px, guint height_px)
{
  SceneCamera camera = { *lens, width_px, height_px, NULL };
  gsize i = 0;
  camera.rays = g_new (float, (gsize) 2 * width_px * height_px * SCENE_FINE * SCENE_FINE);
  for (guint v = 0; v < height_px * SCENE_FINE; v++)
    for (guint u = 0; u < width_px * SCENE_FINE; u++)
      {
        double x, y;
        /* Pixel centres lie at integers. */
        scene_straighten (lens, (u + 0.5) / SCENE_FINE - 0.5, (v + 0.5) / SCENE_FINE - 0.5, &x, &y);
        camera.rays[i++] = (float) x;
        camera.rays[i++] = (float) y;
      }
  return camera;
}

/* Mean of `n` (odd) neighbours along a line of `count` values that lie `step` apart. */
static inline void
scene_smear (float *values, gsize count, gsize step, guint n)
{
  g_autofree float *out = g_new (float, count);
  double sum = 0;
  gssize half = n / 2;
  for (gssize i = -half; i < (gssize) count + half; i++)
    {
      sum += values[(gsize) CLAMP (i, 0, (gssize) count - 1) * step];
      if (i - (gssize) n >= -half)
        sum -= values[(gsize) CLAMP (i - (gssize) n, 0, (gssize) count - 1) * step];
      if (i - half >= 0 && i - half < (gssize) count)
        out[i - half] = (float) (sum / n);
    }
  for (gsize i = 0; i < count; i++)
    values[i * step] = out[i];
}

/* Each pixel gathers light from 7/3 pixels each way, as lenses do; `blur_px` more from left to right: the board
 * moved. */
static inline AssayPicture *
scene_take (const Sheet *sheet, const SceneCamera *camera, const AssayPose *pose, guint blur_px)
{
  gsize width = (gsize) camera->width_px * SCENE_FINE, height = (gsize) camera->height_px * SCENE_FINE;
  AssayPicture *picture = assay_picture_new (camera->width_px, camera->height_px, ASSAY_PIXELS_GREY8);
  g_autofree float *ink = g_new (float, width *height);
  for (gsize i = 0; i < width * height; i++)
    ink[i] = (float) scene_ink (sheet, pose, camera->rays[2 * i], camera->rays[2 * i + 1]);
  for (gsize y = 0; y < height; y++)
    scene_smear (ink + y * width, width, 1, 7 + 6 * ((blur_px * SCENE_FINE + 3) / 6));
  for (gsize x = 0; x < width; x++)
    scene_smear (ink + x, height, width, 7);
  for (guint y = 0; y < camera->height_px; y++)
    for (guint x = 0; x < camera->width_px; x++)
      picture->data[y * picture->stride + x]
          = (guint8) lround (230 - 200 * ink[(y * SCENE_FINE + 1) * width + x * SCENE_FINE + 1]);
  return picture;
}

/* Twelve places of a board of about 0.2 m that cover the picture of a camera with a view of about 60 degrees. */
static inline AssayPose
scene_place (const AssayBoard *board, guint i)
{
  static const double places[12][6] = {
    { 0.0, 0.0, 0.0, 0.0, 0.0, 0.28 },      { 0.5, 0.0, 0.1, -0.09, -0.05, 0.42 },
    { -0.5, 0.1, -0.1, 0.09, 0.05, 0.42 },  { 0.1, 0.6, 0.0, 0.13, -0.07, 0.45 },
    { 0.0, -0.6, 0.2, -0.13, 0.07, 0.45 },  { 0.4, 0.4, 0.3, 0.0, 0.07, 0.38 },
    { -0.4, 0.4, -0.3, 0.0, -0.065, 0.39 }, { 0.3, -0.5, 0.1, 0.05, 0.0, 0.34 },
    { -0.6, -0.2, 0.0, -0.05, 0.0, 0.36 },  { 0.2, 0.2, 0.3, 0.22, 0.158, 0.6 },
    { -0.2, 0.3, -0.3, -0.214, -0.157, 0.6 }, { 0.7, 0.6, 0.6, 0.0, 0.0, 0.36 },
  };
  const double *p = places[i % 12];
  return scene_pose (board, p[0], p[1], p[2], p[3], p[4], p[5]);
}
