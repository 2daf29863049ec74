/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/mask-hatch.h"

/* Diagonals this many pixels apart, more in large pictures. */
#define HATCH_PX 6
#define HATCH_STROKES 20000

/* One diagonal through the pixels of a box: a stroke for each stretch inside. */
static void
hatch_diagonal (const guint8 *bytes, guint w, guint h, gint64 sum, AssayPoint origin, guint32 colour,
                AssayMarkFlags flags, AssayMarks *marks)
{
  gint64 x = MAX (0, sum - (gint64) h + 1), last = MIN ((gint64) w - 1, sum);
  for (gint64 from = -1; x <= last + 1; x++)
    {
      gboolean inside = x <= last && bytes[(gsize) (sum - x) * w + (gsize) x] != 0;
      if (inside && from < 0)
        from = x;
      if (inside || from < 0)
        continue;
      const AssayPoint points[] = { { origin.x + (double) from, origin.y + (double) (sum - from) + 1 },
                                    { origin.x + (double) x, origin.y + (double) (sum - x) + 1 } };
      assay_marks_add_points (marks, ASSAY_MARK_LINE, flags, colour, points, 2, NULL);
      from = -1;
    }
}

void
assay_mask_hatch (const AssayMask *mask, guint32 colour, AssayMarkFlags flags, AssayMarks *marks)
{
  AssayRect box;
  if (!assay_mask_bounds (mask, &box))
    return;
  guint w = (guint) box.w, h = (guint) box.h;
  g_autofree guint8 *bytes = g_malloc ((gsize) w * h);
  assay_mask_to_bytes (mask, (guint) box.x, (guint) box.y, w, h, bytes, w);
  guint step = HATCH_PX * (1 + MAX (w, h) / 1000);
  for (gint64 sum = 0; sum < (gint64) w + h - 1 && marks->marks->len < HATCH_STROKES; sum += step)
    hatch_diagonal (bytes, w, h, sum, (AssayPoint){ box.x, box.y }, colour, flags, marks);
}
