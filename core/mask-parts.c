/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask-parts.h"

#include "core/mask-columns.h"

/* A stretch of one column that is inside; `part` leads to the stretch that its piece is known by. */
typedef struct
{
  guint x, y, end;
  guint part;
} Stretch;

static GArray *
list_stretches (const AssayMask *mask)
{
  GArray *stretches = g_array_new (FALSE, FALSE, sizeof (Stretch));
  guint64 at = 0, height = mask->height_px;
  for (guint i = 0; i < mask->n_runs; i++)
    {
      guint64 end = at + mask->runs[i];
      while (i % 2 == 1 && at < end) /* a run goes on in the next column */
        {
          guint64 x = at / height, stop = MIN (end, (x + 1) * height);
          Stretch stretch = { (guint) x, (guint) (at - x * height), (guint) (stop - x * height), stretches->len };
          g_array_append_val (stretches, stretch);
          at = stop;
        }
      at = end;
    }
  return stretches;
}

static guint
find_first (Stretch *stretches, guint i)
{
  while (stretches[i].part != i)
    i = stretches[i].part = stretches[stretches[i].part].part;
  return i;
}

/* Stretches of neighbouring columns that overlap are of one piece, and with `corners` those that meet at one. */
static GArray *
join_stretches (const AssayMask *mask, gboolean corners)
{
  GArray *list = list_stretches (mask);
  Stretch *stretches = (Stretch *) (gpointer) list->data;
  guint left = 0, slack = corners ? 1 : 0;
  for (guint i = 0; i < list->len; i++)
    {
      const Stretch *here = &stretches[i];
      while (left < i
             && (stretches[left].x + 1 < here->x
                 || (stretches[left].x + 1 == here->x && stretches[left].end + slack <= here->y)))
        left++;
      for (guint k = left; k < i && stretches[k].x + 1 == here->x && stretches[k].y < here->end + slack; k++)
        {
          guint a = find_first (stretches, k), b = find_first (stretches, i);
          stretches[MAX (a, b)].part = MIN (a, b);
        }
    }
  for (guint i = 0; i < list->len; i++)
    stretches[i].part = find_first (stretches, i);
  return list;
}

/* One entry a stretch; of those that a piece is known by, its area and box. */
static GArray *
measure_parts (const GArray *stretches)
{
  GArray *parts = g_array_sized_new (FALSE, TRUE, sizeof (AssayMaskPart), stretches->len);
  g_array_set_size (parts, stretches->len);
  for (guint i = 0; i < stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, i);
      AssayMaskPart *part = &g_array_index (parts, AssayMaskPart, stretch->part);
      AssayRect own = { stretch->x, stretch->y, 1, stretch->end - stretch->y };
      if (part->area_px == 0)
        part->box = own;
      double right = MAX (part->box.x + part->box.w, own.x + 1),
             bottom = MAX (part->box.y + part->box.h, stretch->end);
      part->box.y = MIN (part->box.y, own.y);
      part->box.w = right - part->box.x;
      part->box.h = bottom - part->box.y;
      part->area_px += stretch->end - stretch->y;
    }
  return parts;
}

static GArray *
list_pieces (const AssayMask *mask, gboolean corners)
{
  g_autoptr (GArray) stretches = join_stretches (mask, corners);
  g_autoptr (GArray) all = measure_parts (stretches);
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (AssayMaskPart));
  for (guint i = 0; i < all->len; i++)
    if (g_array_index (all, AssayMaskPart, i).area_px > 0)
      g_array_append_val (parts, g_array_index (all, AssayMaskPart, i));
  return parts;
}

typedef gboolean (*Keep) (const AssayMaskPart *part, gconstpointer data);

static AssayMask *
build_of (const AssayMask *mask, const GArray *stretches, const GArray *parts, Keep keep, gconstpointer data)
{
  AssayMaskBuilder builder;
  assay_mask_builder_init (&builder, mask->width_px, mask->height_px);
  for (guint i = 0; i < stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, i);
      if (keep (&g_array_index (parts, AssayMaskPart, stretch->part), data))
        assay_mask_builder_add (&builder, stretch->x, stretch->y, stretch->end);
    }
  return assay_mask_builder_end (&builder);
}

/* What of a mask is of pieces that `keep` says yes to. */
static AssayMask *
keep_pieces (const AssayMask *mask, gboolean corners, Keep keep, gconstpointer data)
{
  g_autoptr (GArray) stretches = join_stretches (mask, corners);
  g_autoptr (GArray) parts = measure_parts (stretches);
  return build_of (mask, stretches, parts, keep, data);
}

GArray *
assay_mask_list_parts (const AssayMask *mask)
{
  return list_pieces (mask, TRUE);
}

static gboolean
is_larger (const AssayMaskPart *part, gconstpointer area_px)
{
  return part->area_px > *(const guint64 *) area_px;
}

AssayMask *
assay_mask_drop_parts (const AssayMask *mask, guint64 area_px)
{
  return keep_pieces (mask, TRUE, is_larger, &area_px);
}

/* A builder for each piece, which is known by its first stretch; `ret_places`: whose it is, by that stretch. */
static GArray *
begin_pieces (const AssayMask *mask, const GArray *stretches, guint **ret_places)
{
  GArray *builders = g_array_new (FALSE, FALSE, sizeof (AssayMaskBuilder));
  *ret_places = g_new (guint, (gsize) stretches->len + 1);
  for (guint i = 0; i < stretches->len; i++)
    {
      AssayMaskBuilder builder;
      if (g_array_index (stretches, Stretch, i).part != i)
        continue;
      assay_mask_builder_init (&builder, mask->width_px, mask->height_px);
      (*ret_places)[i] = builders->len;
      g_array_append_val (builders, builder);
    }
  return builders;
}

static GPtrArray *
end_pieces (GArray *take_builders)
{
  g_autoptr (GArray) builders = take_builders;
  GPtrArray *masks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
  for (guint i = 0; i < builders->len; i++)
    g_ptr_array_add (masks, assay_mask_builder_end (&g_array_index (builders, AssayMaskBuilder, i)));
  return masks;
}

GPtrArray *
assay_mask_split (const AssayMask *mask)
{
  g_autoptr (GArray) stretches = join_stretches (mask, TRUE);
  g_autofree guint *places = NULL;
  GArray *builders = begin_pieces (mask, stretches, &places);
  for (guint i = 0; i < stretches->len; i++)
    {
      const Stretch *stretch = &g_array_index (stretches, Stretch, i);
      assay_mask_builder_add (&g_array_index (builders, AssayMaskBuilder, places[stretch->part]), stretch->x,
                              stretch->y, stretch->end);
    }
  return end_pieces (builders);
}

/* The stretch of one column that is nearest to y; `best` = the squared distance of the nearest so far. */
static void
look_in_column (const AssayMaskColumns *columns, guint x, guint64 dx, guint y, guint64 *best, guint *ret_stretch)
{
  guint low = columns->first[x], high = columns->first[x + 1];
  while (low < high)
    {
      guint middle = (low + high) / 2;
      if (columns->stretches[middle].end > y)
        high = middle;
      else
        low = middle + 1;
    }
  for (guint k = low > columns->first[x] ? low - 1 : low; k <= low && k < columns->first[x + 1]; k++)
    {
      AssayStretch at = columns->stretches[k];
      guint64 dy = at.end <= y ? y - at.end + 1 : at.y > y ? at.y - y : 0;
      if (dx * dx + dy * dy >= *best)
        continue;
      *best = dx * dx + dy * dy;
      *ret_stretch = k;
    }
}

static guint
find_nearest (const AssayMaskColumns *columns, guint x, guint y)
{
  guint64 best = G_MAXUINT64;
  guint found = 0;
  for (guint dx = 0; (guint64) dx * dx < best && dx < columns->width_px; dx++)
    {
      if (dx <= x)
        look_in_column (columns, x - dx, dx, y, &best, &found);
      if (dx > 0 && x + dx < columns->width_px)
        look_in_column (columns, x + dx, dx, y, &best, &found);
    }
  return found;
}

GPtrArray *
assay_mask_share_out (const AssayMask *mask, const AssayMask *pixels)
{
  g_autoptr (GArray) stretches = join_stretches (mask, TRUE);
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask); /* the same stretches */
  g_autoptr (GArray) wanted = list_stretches (pixels);
  g_autofree guint *places = NULL;
  GArray *builders = begin_pieces (mask, stretches, &places);
  for (guint i = 0; i < wanted->len && stretches->len > 0; i++)
    {
      const Stretch *here = &g_array_index (wanted, Stretch, i);
      for (guint y = here->y; y < here->end; y++)
        {
          guint nearest = find_nearest (columns, here->x, y);
          guint part = g_array_index (stretches, Stretch, nearest).part;
          assay_mask_builder_add (&g_array_index (builders, AssayMaskBuilder, places[part]), here->x, y, y + 1);
        }
    }
  return end_pieces (builders);
}

static gboolean
is_that (const AssayMaskPart *part, gconstpointer wanted)
{
  return part == wanted;
}

AssayMask *
assay_mask_keep_largest (const AssayMask *mask)
{
  g_autoptr (GArray) stretches = join_stretches (mask, TRUE);
  g_autoptr (GArray) parts = measure_parts (stretches);
  const AssayMaskPart *largest = NULL;
  for (guint i = 0; i < parts->len; i++)
    {
      const AssayMaskPart *part = &g_array_index (parts, AssayMaskPart, i);
      if (largest == NULL || part->area_px > largest->area_px)
        largest = part;
    }
  return build_of (mask, stretches, parts, is_that, largest);
}

/* Everything in the box that is not inside: what reaches no edge of the picture cannot leave the box. */
static AssayMask *
outside_of (const AssayMask *mask)
{
  AssayRect box;
  if (!assay_mask_bounds (mask, &box))
    return assay_mask_new_empty (mask->width_px, mask->height_px);
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask);
  AssayMaskBuilder builder;
  assay_mask_builder_init (&builder, mask->width_px, mask->height_px);
  guint top = (guint) box.y, bottom = (guint) (box.y + box.h);
  for (guint x = (guint) box.x; x < (guint) (box.x + box.w); x++)
    {
      guint y = top;
      for (guint i = columns->first[x]; i < columns->first[x + 1]; y = columns->stretches[i++].end)
        assay_mask_builder_add (&builder, x, y, columns->stretches[i].y);
      assay_mask_builder_add (&builder, x, y, bottom);
    }
  return assay_mask_builder_end (&builder);
}

typedef struct
{
  AssayRect box; /* of the whole object */
  guint64 area_px;
} Hole;

/* It touches no side of the object's box, so that the object is all around it. */
static gboolean
is_hole (const AssayMaskPart *part, gconstpointer data)
{
  const Hole *hole = data;
  return part->area_px <= hole->area_px && part->box.x > hole->box.x && part->box.y > hole->box.y
         && part->box.x + part->box.w < hole->box.x + hole->box.w
         && part->box.y + part->box.h < hole->box.y + hole->box.h;
}

static AssayMask *
holes_of (const AssayMask *mask, guint64 area_px)
{
  g_autoptr (AssayMask) outside = outside_of (mask);
  Hole hole = { .area_px = area_px };
  assay_mask_bounds (mask, &hole.box);
  return keep_pieces (outside, FALSE, is_hole, &hole);
}

GArray *
assay_mask_list_holes (const AssayMask *mask)
{
  g_autoptr (AssayMask) holes = holes_of (mask, ASSAY_MASK_ALL_HOLES);
  return list_pieces (holes, FALSE);
}

AssayMask *
assay_mask_fill_holes (const AssayMask *mask, guint64 area_px)
{
  g_autoptr (AssayMask) holes = holes_of (mask, area_px);
  return assay_mask_combine (mask, holes, ASSAY_MASK_UNION);
}
