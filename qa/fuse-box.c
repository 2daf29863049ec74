/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One box of several: the middle one of each edge, or the mean. */
#include "qa/fuse.h"
#include "qa/robust.h"

static const char *const methods[] = { "median", "mean", NULL };

static double
middle (const AssayFuse *fuse, const double *values, guint n)
{
  double sum = 0;
  if (fuse->method == methods[0])
    return assay_robust_median (values, n);
  for (guint i = 0; i < n; i++)
    sum += values[i];
  return sum / n;
}

static gpointer
join_values (const AssayFuse *fuse, const AssayObject *const *members, guint n, const AssayId *class_id)
{
  AssayBox *box = g_new0 (AssayBox, 1);
  g_autofree double *edges = g_new (double, 4 * (gsize) n);
  double at[4];
  for (guint i = 0; i < n; i++)
    {
      const AssayRect *one = &((const AssayBox *) members[i]->value)->box;
      const double of_one[4] = { one->x, one->y, one->x + one->w, one->y + one->h };
      for (guint e = 0; e < 4; e++)
        edges[e * n + i] = of_one[e];
    }
  for (guint e = 0; e < 4; e++)
    at[e] = middle (fuse, edges + e * n, n);
  box->box = (AssayRect){ at[0], at[1], at[2] - at[0], at[3] - at[1] };
  assay_fuse_use (fuse, fuse->method);
  return box;
}

static AssayObjects *
join (const AssayFuse *fuse)
{
  return assay_fuse_objects (fuse, join_values);
}

const AssayFusion assay_fusion_box = { "box", methods, join };
