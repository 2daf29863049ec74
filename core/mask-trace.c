/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/mask-trace.h"

#include "core/mask-columns.h"

/* A piece of outline up or down between two columns, the inside on the right hand of who walks it: down with the
 * inside to the west, up with it to the east. */
typedef struct
{
  guint x, from, to;    /* rows; down when from < to */
  gboolean turns_right; /* at its end: the next pixel ahead on the inside is out */
  gboolean walked;
} Side;

typedef struct
{
  GArray *sides;         /* of Side */
  GHashTable *down, *up; /* where one begins -> index + 1 */
} Outline;

static gpointer
place_of (guint x, guint y)
{
  return GSIZE_TO_POINTER ((gsize) x << 32 | y);
}

/* Both halves: places of one row would else be one. */
static guint
hash_place (gconstpointer place)
{
  guint64 number = GPOINTER_TO_SIZE (place);
  return (guint) (number >> 32) * 2654435761u ^ (guint) number;
}

static void
add_side (Outline *outline, guint x, guint from, guint to, gboolean turns_right)
{
  Side side = { x, from, to, turns_right, FALSE };
  g_array_append_val (outline->sides, side);
  g_hash_table_insert (from < to ? outline->down : outline->up, place_of (x, from),
                       GUINT_TO_POINTER (outline->sides->len));
}

/* One column as it is walked down. */
typedef struct
{
  const AssayStretch *at, *end;
  gboolean inside;
} Edge;

static Edge
edge_begin (const AssayMaskColumns *columns, gint64 x)
{
  if (x < 0 || x >= columns->width_px)
    return (Edge){ NULL, NULL, FALSE };
  return (Edge){ columns->stretches + columns->first[x], columns->stretches + columns->first[x + 1], FALSE };
}

static guint
edge_next (const Edge *edge)
{
  if (edge->at == edge->end)
    return G_MAXUINT;
  return edge->inside ? edge->at->end : edge->at->y;
}

static void
edge_pass (Edge *edge)
{
  if (edge->inside)
    edge->at++;
  edge->inside = !edge->inside;
}

/* Between the columns x - 1 and x: both are walked down together. */
static void
list_sides (Outline *outline, const AssayMaskColumns *columns, guint x)
{
  Edge west = edge_begin (columns, (gint64) x - 1), east = edge_begin (columns, x);
  gboolean above_inside = FALSE; /* the eastern pixel above where the piece at hand begins */
  for (guint begun = 0;;)
    {
      guint to_west = edge_next (&west), to_east = edge_next (&east), y = MIN (to_west, to_east);
      gboolean west_in = west.inside, east_in = east.inside;
      if (y == G_MAXUINT)
        return;
      if (to_west == y)
        edge_pass (&west);
      if (to_east == y)
        edge_pass (&east);
      if (west_in && !east_in)
        add_side (outline, x, begun, y, !west.inside);
      else if (east_in && !west_in)
        add_side (outline, x, y, begun, !above_inside);
      above_inside = east_in;
      begun = y;
    }
}

/* The side that comes next: along the row to where one begins. Where two pixels meet at a corner the walk stays
 * with its own one, and turns right. */
static guint
walk_on (const Outline *outline, const Side *side)
{
  gboolean west = (side->from < side->to) == side->turns_right;
  for (guint x = west ? side->x - 1 : side->x + 1;; x = west ? x - 1 : x + 1)
    {
      gpointer place = place_of (x, side->to);
      guint right = GPOINTER_TO_UINT (g_hash_table_lookup (west ? outline->up : outline->down, place));
      guint left = GPOINTER_TO_UINT (g_hash_table_lookup (west ? outline->down : outline->up, place));
      if (right != 0 || left != 0)
        return (right != 0 ? right : left) - 1;
    }
}

static AssayRing *
walk_ring (Outline *outline, guint first)
{
  g_autoptr (GArray) points = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
  double area = 0; /* positive when the inside is within */
  guint i = first;
  do
    {
      Side *side = &g_array_index (outline->sides, Side, i);
      AssayPoint ends[2] = { { side->x, side->from }, { side->x, side->to } };
      g_array_append_vals (points, ends, 2);
      side->walked = TRUE;
      area += (double) side->x * ((double) side->to - (double) side->from);
      i = walk_on (outline, side);
    }
  while (i != first);
  return assay_ring_new ((const AssayPoint *) (gpointer) points->data, points->len, area < 0);
}

GPtrArray *
assay_mask_trace (const AssayMask *mask)
{
  g_autoptr (AssayMaskColumns) columns = assay_mask_columns_new (mask);
  g_autoptr (GArray) sides = g_array_new (FALSE, FALSE, sizeof (Side));
  g_autoptr (GHashTable) down = g_hash_table_new (hash_place, NULL);
  g_autoptr (GHashTable) up = g_hash_table_new (hash_place, NULL);
  Outline outline = { sides, down, up };
  GPtrArray *rings = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_ring_free);
  for (guint x = 0; x <= mask->width_px; x++)
    list_sides (&outline, columns, x);
  for (guint i = 0; i < sides->len; i++)
    if (!g_array_index (sides, Side, i).walked)
      g_ptr_array_add (rings, walk_ring (&outline, i));
  return rings;
}
