/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* core/picture-measure.h - what a picture looks like in a few numbers: how bright, how sharp, and how much like
 * another.
 *
 * Luma is 0.299 R + 0.587 G + 0.114 B of the stored values (ITU-R BT.601), 0 to 255; 16-bit pictures by their upper
 * 8 bits. At most 300,000 pixels on an even grid are looked at, so that it keeps up with a live picture. Any
 * thread. */
#include "core/picture.h"

G_BEGIN_DECLS

#define ASSAY_MEASURE_LUMA 3 /* after red, green, blue; a grey picture has four times the same */

typedef struct
{
  guint32 histogram[4][256];
  guint32 n;          /* pixels looked at */
  double mean;        /* of luma */
  double under, over; /* shares of pixels with no channel above 2, and with a channel of 254 or 255 */
  double sharpness; /* variance of the 4-neighbour Laplacian of luma (Pech-Pacheco et al. 2000): for comparing like
                       with like */
} AssayPictureMeasure;
void assay_picture_measure (const AssayPicture *picture, AssayPictureMeasure *ret_measure);

/* 64 bits that change little when the picture does; row-major, the first bit is the highest. As the library
 * ImageHash defines them, on areas averaged to their grids: difference: 8 rows of 9, bit = brighter than its left
 * neighbour; average: 8x8, bit = brighter than the mean; perceptual: 32x32, DCT-II, its 8x8 lowest frequencies, bit
 * = above their median. */
guint64 assay_picture_hash_difference (const AssayPicture *picture);
guint64 assay_picture_hash_average (const AssayPicture *picture);
guint64 assay_picture_hash_perceptual (const AssayPicture *picture);
guint assay_picture_hash_distance (guint64 a, guint64 b); /* bits that differ, 0 to 64 */

/* The same from grids that are there already, row by row; `ret_margin` (nullable): distance of the closest
 * coefficient to the median. */
guint64 assay_grid_hash_difference (const double grid[8 * 9]);
guint64 assay_grid_hash_average (const double grid[8 * 8]);
guint64 assay_grid_hash_perceptual (const double grid[32 * 32], double *ret_margin);

G_END_DECLS
