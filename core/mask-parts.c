/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask-parts.h"

#include "core/mask-columns.h"

/* A mask's stretches, and of each the first stretch of the piece that it is of, by which the piece is known. */
typedef struct
{
  AssayMaskColumns *columns;
  guint n;
  guint *piece;
} Pieces;

static void
pieces_clear (Pieces *pieces)
{
  assay_mask_columns_free (pieces->columns);
  g_free (pieces->piece);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pieces, pieces_clear)

static guint
find_first (guint *piece, guint i)
{
  while (piece[i] != i)
    i = piece[i] = piece[piece[i]];
  return i;
}

/* Stretches of neighbouring columns that overlap are of one piece, and with `corners` those that meet at one. */
static Pieces
find_pieces (const AssayMask *mask, gboolean corners)
{
  AssayMaskColumns *columns = assay_mask_columns_new (mask);
  const AssayStretch *stretches = columns->stretches;
  Pieces pieces = { columns, columns->first[columns->width_px], NULL };
  guint slack = corners ? 1 : 0, *piece = pieces.piece = g_new (guint, (gsize) pieces.n + 1);
  for (guint i = 0; i < pieces.n; i++)
    piece[i] = i;
  for (guint x = 1; x < columns->width_px; x++)
    for (guint left = columns->first[x - 1], i = columns->first[x]; i < columns->first[x + 1]; i++)
      {
        while (left < columns->first[x] && stretches[left].end + slack <= stretches[i].y)
          left++;
        for (guint k = left; k < columns->first[x] && stretches[k].y < stretches[i].end + slack; k++)
          {
            guint a = find_first (piece, k), b = find_first (piece, i);
            piece[MAX (a, b)] = MIN (a, b);
          }
      }
  for (guint i = 0; i < pieces.n; i++)
    piece[i] = find_first (piece, i);
  return pieces;
}

/* One entry a stretch; of those that a piece is known by, its area and box. */
static GArray *
measure_pieces (const Pieces *pieces)
{
  const AssayMaskColumns *columns = pieces->columns;
  GArray *parts = g_array_sized_new (FALSE, TRUE, sizeof (AssayMaskPart), pieces->n);
  g_array_set_size (parts, pieces->n);
  for (guint x = 0; x < columns->width_px; x++)
    for (guint i = columns->first[x]; i < columns->first[x + 1]; i++)
      {
        const AssayStretch *stretch = &columns->stretches[i];
        AssayMaskPart *part = &g_array_index (parts, AssayMaskPart, pieces->piece[i]);
        AssayRect own = { x, stretch->y, 1, stretch->end - stretch->y };
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
  g_auto (Pieces) pieces = find_pieces (mask, corners);
  g_autoptr (GArray) all = measure_pieces (&pieces);
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (AssayMaskPart));
  for (guint i = 0; i < all->len; i++)
    if (g_array_index (all, AssayMaskPart, i).area_px > 0)
      g_array_append_val (parts, g_array_index (all, AssayMaskPart, i));
  return parts;
}

typedef gboolean (*Keep) (const AssayMaskPart *part, gconstpointer data);

static AssayMask *
build_of (const Pieces *pieces, const GArray *parts, Keep keep, gconstpointer data)
{
  const AssayMaskColumns *columns = pieces->columns;
  AssayMaskBuilder builder;
  assay_mask_builder_init (&builder, columns->width_px, columns->height_px);
  for (guint x = 0; x < columns->width_px; x++)
    for (guint i = columns->first[x]; i < columns->first[x + 1]; i++)
      if (keep (&g_array_index (parts, AssayMaskPart, pieces->piece[i]), data))
        assay_mask_builder_add (&builder, x, columns->stretches[i].y, columns->stretches[i].end);
  return assay_mask_builder_end (&builder);
}

/* What of a mask is of pieces that `keep` says yes to. */
static AssayMask *
keep_pieces (const AssayMask *mask, gboolean corners, Keep keep, gconstpointer data)
{
  g_auto (Pieces) pieces = find_pieces (mask, corners);
  g_autoptr (GArray) parts = measure_pieces (&pieces);
  return build_of (&pieces, parts, keep, data);
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

/* A builder for each piece; `ret_places`: which it is, by the stretch that the piece is known by. */
static GArray *
begin_pieces (const Pieces *pieces, guint **ret_places)
{
  GArray *builders = g_array_new (FALSE, FALSE, sizeof (AssayMaskBuilder));
  *ret_places = g_new (guint, (gsize) pieces->n + 1);
  for (guint i = 0; i < pieces->n; i++)
    {
      AssayMaskBuilder builder;
      if (pieces->piece[i] != i)
        continue;
      assay_mask_builder_init (&builder, pieces->columns->width_px, pieces->columns->height_px);
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
  g_auto (Pieces) pieces = find_pieces (mask, TRUE);
  const AssayMaskColumns *columns = pieces.columns;
  g_autofree guint *places = NULL;
  GArray *builders = begin_pieces (&pieces, &places);
  for (guint x = 0; x < columns->width_px; x++)
    for (guint i = columns->first[x]; i < columns->first[x + 1]; i++)
      assay_mask_builder_add (&g_array_index (builders, AssayMaskBuilder, places[pieces.piece[i]]), x,
                              columns->stretches[i].y, columns->stretches[i].end);
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
assay_mask_share_out (const AssayMask *mask, const AssayMask *pixels, AssayProgress *progress)
{
  g_auto (Pieces) pieces = find_pieces (mask, TRUE);
  g_autoptr (AssayMaskColumns) wanted = assay_mask_columns_new (pixels);
  g_autofree guint *places = NULL;
  GArray *builders = begin_pieces (&pieces, &places);
  for (guint x = 0; x < wanted->width_px && pieces.n > 0; x++)
    {
      if (assay_progress_stopped (progress, NULL))
        {
          g_ptr_array_unref (end_pieces (builders));
          return NULL;
        }
      for (guint i = wanted->first[x]; i < wanted->first[x + 1]; i++)
        for (guint y = wanted->stretches[i].y; y < wanted->stretches[i].end; y++)
          {
            guint piece = pieces.piece[find_nearest (pieces.columns, x, y)];
            assay_mask_builder_add (&g_array_index (builders, AssayMaskBuilder, places[piece]), x, y, y + 1);
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
  g_auto (Pieces) pieces = find_pieces (mask, TRUE);
  g_autoptr (GArray) parts = measure_pieces (&pieces);
  const AssayMaskPart *largest = NULL;
  for (guint i = 0; i < parts->len; i++)
    {
      const AssayMaskPart *part = &g_array_index (parts, AssayMaskPart, i);
      if (largest == NULL || part->area_px > largest->area_px)
        largest = part;
    }
  return build_of (&pieces, parts, is_that, largest);
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
