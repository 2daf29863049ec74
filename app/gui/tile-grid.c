/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tile-grid.h"

#include <math.h>

/* 256 tiles are 64 MB: a 1920x1080 window shows 45. */
#define MAX_TILES 256

typedef struct
{
  int i, j; /* key: the hash table knows the tile by its own first bytes */
  GskRenderNode *node;
  gboolean stale;
  guint used; /* number of the frame that showed it last */
} Tile;

/* Tiles of one zoom. */
typedef struct
{
  GHashTable *tiles; /* of Tile, keyed by itself */
  double zoom, device_scale;
} Layer;

struct _AssayTileGrid
{
  AssayPyramid *pyramid;
  AssayMarksIndex *index;
  Layer layer, old; /* old.tiles is NULL when nothing has to be covered up */
  guint frame, n_composed;
};

static guint
tile_hash (gconstpointer key)
{
  const Tile *tile = key;
  return (guint) tile->i * 73856093u ^ (guint) tile->j * 19349663u;
}

static gboolean
tile_equal (gconstpointer a, gconstpointer b)
{
  return ((const Tile *) a)->i == ((const Tile *) b)->i && ((const Tile *) a)->j == ((const Tile *) b)->j;
}

static void
tile_free (gpointer data)
{
  Tile *tile = data;
  g_clear_pointer (&tile->node, gsk_render_node_unref);
  g_free (tile);
}

static GHashTable *
tiles_new (void)
{
  return g_hash_table_new_full (tile_hash, tile_equal, tile_free, NULL);
}

AssayTileGrid *
assay_tile_grid_new (void)
{
  AssayTileGrid *grid = g_new0 (AssayTileGrid, 1);
  grid->layer.tiles = tiles_new ();
  return grid;
}

void
assay_tile_grid_free (AssayTileGrid *grid)
{
  if (grid == NULL)
    return;
  g_clear_pointer (&grid->layer.tiles, g_hash_table_unref);
  g_clear_pointer (&grid->old.tiles, g_hash_table_unref);
  assay_pyramid_unref (grid->pyramid);
  assay_marks_index_free (grid->index);
  g_free (grid);
}

void
assay_tile_grid_set_pyramid (AssayTileGrid *grid, AssayPyramid *pyramid)
{
  if (pyramid != NULL)
    assay_pyramid_ref (pyramid);
  assay_pyramid_unref (grid->pyramid);
  grid->pyramid = pyramid;
  g_hash_table_remove_all (grid->layer.tiles);
  g_clear_pointer (&grid->old.tiles, g_hash_table_unref);
}

void
assay_tile_grid_set_marks (AssayTileGrid *grid, AssayMarks *take_marks, const AssayRect *dirty)
{
  assay_marks_index_free (grid->index);
  grid->index = assay_marks_index_new (take_marks);
  assay_tile_grid_make_stale (grid, dirty);
}

void
assay_tile_grid_make_stale (AssayTileGrid *grid, const AssayRect *dirty)
{
  GHashTableIter iter;
  gpointer key;
  /* Lines, points and names reach over their geometry by so much of the screen. */
  double zoom = grid->layer.zoom, left_pad = 16 * grid->layer.device_scale,
         right_pad = 240 * grid->layer.device_scale;
  g_hash_table_iter_init (&iter, grid->layer.tiles);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Tile *tile = key;
      double x = tile->i * (double) ASSAY_TILE_PX, y = tile->j * (double) ASSAY_TILE_PX;
      if (dirty == NULL
          || (x < (dirty->x + dirty->w) * zoom + right_pad && x + ASSAY_TILE_PX > dirty->x * zoom - left_pad
              && y < (dirty->y + dirty->h) * zoom + 2 * left_pad && y + ASSAY_TILE_PX > dirty->y * zoom - left_pad))
        tile->stale = TRUE;
    }
}

static GskRenderNode *
compose (AssayTileGrid *grid, int i, int j)
{
  const Layer *layer = &grid->layer;
  const AssayPyramidLevel *image = &grid->pyramid->levels[0];
  int x0 = i * ASSAY_TILE_PX, y0 = j * ASSAY_TILE_PX;
  int w = MIN (ASSAY_TILE_PX, (int) ceil (image->width_px * layer->zoom) - x0);
  int h = MIN (ASSAY_TILE_PX, (int) ceil (image->height_px * layer->zoom) - y0);
  cairo_surface_t *surface
      = assay_tile_compose (grid->pyramid, grid->index, layer->zoom, layer->device_scale, x0, y0, w, h);
  double s = layer->device_scale;
  graphene_rect_t bounds
      = GRAPHENE_RECT_INIT ((float) (x0 / s), (float) (y0 / s), (float) (w / s), (float) (h / s));
  GskRenderNode *node = gsk_cairo_node_new (&bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (node);
  cairo_set_source_surface (cr, surface, x0 / s, y0 / s);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_paint (cr);
  cairo_destroy (cr);
  cairo_surface_destroy (surface); /* the node keeps the pixels */
  grid->n_composed++;
  return node;
}

/* Every kept node, under the zoom that they were made for. */
static void
snapshot_old (AssayTileGrid *grid, GtkSnapshot *snapshot)
{
  GHashTableIter iter;
  gpointer key;
  float by = (float) (grid->layer.zoom / grid->old.zoom * grid->old.device_scale / grid->layer.device_scale);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_scale (snapshot, by, by);
  g_hash_table_iter_init (&iter, grid->old.tiles);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    gtk_snapshot_append_node (snapshot, ((Tile *) key)->node);
  gtk_snapshot_restore (snapshot);
}

static void
set_zoom (AssayTileGrid *grid, double zoom, double device_scale)
{
  if (grid->layer.zoom == zoom && grid->layer.device_scale == device_scale)
    return;
  /* While zooming on and on, the last complete layer stays below; a few tiles of the one between are no better. */
  if (grid->old.tiles == NULL && g_hash_table_size (grid->layer.tiles) > 0)
    {
      grid->old = grid->layer;
      grid->layer.tiles = tiles_new ();
    }
  g_hash_table_remove_all (grid->layer.tiles);
  grid->layer.zoom = zoom;
  grid->layer.device_scale = device_scale;
}

static void
evict (AssayTileGrid *grid)
{
  GHashTableIter iter;
  gpointer key;
  if (g_hash_table_size (grid->layer.tiles) <= MAX_TILES)
    return;
  g_hash_table_iter_init (&iter, grid->layer.tiles);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    if (((Tile *) key)->used + 8 < grid->frame)
      g_hash_table_iter_remove (&iter);
}

/* The tile, composed if there is time for it; NULL when there is neither a tile nor time. */
static Tile *
get_tile (AssayTileGrid *grid, int i, int j, gboolean may_compose, gboolean *ret_fresh)
{
  Tile key = { .i = i, .j = j };
  Tile *tile = g_hash_table_lookup (grid->layer.tiles, &key);
  *ret_fresh = tile != NULL && !tile->stale;
  if (*ret_fresh || !may_compose)
    return tile;
  if (tile == NULL)
    {
      tile = g_memdup2 (&key, sizeof key);
      g_hash_table_add (grid->layer.tiles, tile);
    }
  g_clear_pointer (&tile->node, gsk_render_node_unref);
  tile->node = compose (grid, i, j);
  tile->stale = FALSE;
  *ret_fresh = TRUE;
  return tile;
}

gboolean
assay_tile_grid_snapshot (AssayTileGrid *grid, GtkSnapshot *snapshot, double zoom, double device_scale, double x,
                          double y, double width, double height, gint64 budget_us)
{
  if (grid->pyramid == NULL)
    return TRUE;
  set_zoom (grid, zoom, device_scale);
  grid->frame++;
  const AssayPyramidLevel *image = &grid->pyramid->levels[0];
  int last_i = ((int) ceil (image->width_px * zoom) - 1) / ASSAY_TILE_PX;
  int last_j = ((int) ceil (image->height_px * zoom) - 1) / ASSAY_TILE_PX;
  int i0 = MAX (0, (int) floor (-x / ASSAY_TILE_PX)),
      i1 = MIN (last_i, (int) floor ((width - x - 1) / ASSAY_TILE_PX));
  int j0 = MAX (0, (int) floor (-y / ASSAY_TILE_PX)),
      j1 = MIN (last_j, (int) floor ((height - y - 1) / ASSAY_TILE_PX));
  gint64 until = g_get_monotonic_time () + budget_us;
  gboolean complete = TRUE, composed = FALSE;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (x / device_scale), (float) (y / device_scale)));
  if (grid->old.tiles != NULL)
    snapshot_old (grid, snapshot);
  for (int j = j0; j <= j1; j++)
    for (int i = i0; i <= i1; i++)
      {
        gboolean fresh = FALSE, may_compose = !composed || g_get_monotonic_time () < until;
        guint before = grid->n_composed;
        Tile *tile = get_tile (grid, i, j, may_compose, &fresh);
        composed |= grid->n_composed != before;
        complete &= fresh;
        if (tile == NULL)
          continue;
        tile->used = grid->frame;
        gtk_snapshot_append_node (snapshot, tile->node);
      }
  gtk_snapshot_restore (snapshot);
  if (complete)
    g_clear_pointer (&grid->old.tiles, g_hash_table_unref);
  evict (grid);
  return complete;
}

guint
assay_tile_grid_get_n_composed (const AssayTileGrid *grid)
{
  return grid->n_composed;
}
