/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/tile-grid.h"

#include <math.h>

/* 256 tiles are 64 MB: a 1920x1080 window shows 45. */
#define MAX_TILES 256

typedef struct
{
  int i, j; /* key: the hash table knows the tile by its own first bytes */
  int w, h; /* device pixels: less than a whole tile at the picture's end */
  GskRenderNode *node;
  cairo_surface_t *surface; /* its pixels, shared with the node */
  AssayTilePart stale;      /* of the tile; w 0 = nothing */
  guint used;               /* number of the frame that showed it last */
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
  AssayDisplayTable *table;
  AssayMarksLook look;
  AssayTileScene scene;
  Layer layer, old; /* old.tiles is NULL when nothing has to be covered up */
  int i0, i1, j0, j1; /* tiles of the window shown last */
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
  g_clear_pointer (&tile->surface, cairo_surface_destroy);
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
  grid->layer.zoom = grid->layer.device_scale = 1;
  grid->look = ASSAY_MARKS_LOOK_PLAIN;
  grid->i1 = grid->j1 = -1;
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
  assay_display_table_free (grid->table);
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

static AssayTilePart
join (AssayTilePart a, AssayTilePart b)
{
  if (a.w <= 0 || a.h <= 0)
    return b;
  int right = MAX (a.x + a.w, b.x + b.w), bottom = MAX (a.y + a.h, b.y + b.h);
  AssayTilePart all = { MIN (a.x, b.x), MIN (a.y, b.y), 0, 0 };
  all.w = right - all.x;
  all.h = bottom - all.y;
  return all;
}

/* What of each tile lies under [x0, x1) x [y0, y1), device pixels from the image's corner. */
static void
make_stale (AssayTileGrid *grid, double x0, double y0, double x1, double y1)
{
  GHashTableIter iter;
  gpointer key;
  g_hash_table_iter_init (&iter, grid->layer.tiles);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      Tile *tile = key;
      double x = tile->i * (double) ASSAY_TILE_PX, y = tile->j * (double) ASSAY_TILE_PX;
      int left = (int) CLAMP (floor (x0 - x), 0, tile->w), right = (int) CLAMP (ceil (x1 - x), 0, tile->w);
      int top = (int) CLAMP (floor (y0 - y), 0, tile->h), bottom = (int) CLAMP (ceil (y1 - y), 0, tile->h);
      if (left < right && top < bottom)
        tile->stale = join (tile->stale, (AssayTilePart){ left, top, right - left, bottom - top });
    }
}

static void
make_all_stale (AssayTileGrid *grid)
{
  make_stale (grid, -INFINITY, -INFINITY, INFINITY, INFINITY);
}

/* Lines, points and names reach over their geometry by so much of the screen. */
static void
make_stale_around (AssayTileGrid *grid, const AssayRect *dirty, double reach)
{
  double zoom = grid->layer.zoom, s = grid->layer.device_scale, pad = 16 * s;
  make_stale (grid, dirty->x * zoom - pad, dirty->y * zoom - pad, (dirty->x + dirty->w) * zoom + pad + reach * s,
              (dirty->y + dirty->h) * zoom + pad + (reach > 0 ? 20 * s : 0));
}

void
assay_tile_grid_set_marks (AssayTileGrid *grid, AssayMarks *take_marks, const AssayRect *dirty)
{
  double reach = grid->index != NULL ? assay_marks_index_get_words_reach (grid->index) : 0;
  if (grid->index == NULL)
    grid->index = assay_marks_index_new (take_marks);
  else
    assay_marks_index_set (grid->index, take_marks);
  reach = MAX (reach, assay_marks_index_get_words_reach (grid->index));
  if (dirty == NULL)
    make_all_stale (grid);
  else
    make_stale_around (grid, dirty, reach);
}

void
assay_tile_grid_make_marks_stale (AssayTileGrid *grid, const AssayRect *dirty)
{
  if (grid->index != NULL)
    make_stale_around (grid, dirty, assay_marks_index_get_words_reach (grid->index));
}

void
assay_tile_grid_make_stale (AssayTileGrid *grid, const AssayRect *dirty)
{
  double zoom = grid->layer.zoom;
  /* The rim of a mask is one pixel of the screen. */
  make_stale (grid, dirty->x * zoom - 2, dirty->y * zoom - 2, (dirty->x + dirty->w) * zoom + 2,
              (dirty->y + dirty->h) * zoom + 2);
}

void
assay_tile_grid_set_display (AssayTileGrid *grid, AssayDisplayTable *take_table)
{
  assay_display_table_free (grid->table);
  grid->table = take_table;
  make_all_stale (grid);
}

void
assay_tile_grid_set_look (AssayTileGrid *grid, AssayMarksLook look)
{
  grid->look = look;
  make_all_stale (grid);
}

const AssayTileScene *
assay_tile_grid_get_scene (AssayTileGrid *grid)
{
  grid->scene = (AssayTileScene){ grid->pyramid, grid->table,      grid->index,
                                  grid->look,    grid->layer.zoom, grid->layer.device_scale };
  return &grid->scene;
}

/* The tile's surface is made or made again; its node with it. */
static void
compose (AssayTileGrid *grid, Tile *tile)
{
  const AssayTileScene *scene = assay_tile_grid_get_scene (grid);
  int x0 = tile->i * ASSAY_TILE_PX, y0 = tile->j * ASSAY_TILE_PX;
  cairo_surface_t *surface = tile->surface != NULL
                                 ? assay_tile_recompose (scene, x0, y0, tile->surface, tile->stale)
                                 : assay_tile_compose (scene, x0, y0, tile->w, tile->h);
  g_clear_pointer (&tile->surface, cairo_surface_destroy);
  g_clear_pointer (&tile->node, gsk_render_node_unref);
  tile->surface = surface;
  tile->stale = (AssayTilePart){ 0, 0, 0, 0 };
  double s = scene->device_scale;
  graphene_rect_t bounds
      = GRAPHENE_RECT_INIT ((float) (x0 / s), (float) (y0 / s), (float) (tile->w / s), (float) (tile->h / s));
  tile->node = gsk_cairo_node_new (&bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (tile->node);
  cairo_set_source_surface (cr, surface, x0 / s, y0 / s);
  cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_BILINEAR);
  cairo_paint (cr);
  cairo_destroy (cr);
  grid->n_composed++;
}

/* Every kept tile, under the zoom that it was made for. The nearest pixel: it is seen for a moment, and a smooth one
 * costs four times as much. */
static void
snapshot_old (AssayTileGrid *grid, GtkSnapshot *snapshot, const graphene_rect_t *window)
{
  GHashTableIter iter;
  gpointer key;
  double s = grid->old.device_scale, by = grid->layer.zoom / grid->old.zoom * s / grid->layer.device_scale;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, window);
  cairo_scale (cr, by, by);
  /* Edges between pixels would have every pixel go through a mask. */
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_NONE);
  cairo_set_operator (cr, CAIRO_OPERATOR_SOURCE);
  g_hash_table_iter_init (&iter, grid->old.tiles);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      const Tile *tile = key;
      double x = tile->i * ASSAY_TILE_PX / s, y = tile->j * ASSAY_TILE_PX / s, w = tile->w / s, h = tile->h / s;
      if (tile->surface == NULL || x * by > window->origin.x + window->size.width
          || y * by > window->origin.y + window->size.height || (x + w) * by < window->origin.x
          || (y + h) * by < window->origin.y)
        continue;
      cairo_set_source_surface (cr, tile->surface, x, y);
      cairo_pattern_set_filter (cairo_get_source (cr), CAIRO_FILTER_NEAREST);
      cairo_rectangle (cr, x, y, w, h);
      cairo_fill (cr);
    }
  cairo_destroy (cr);
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
  *ret_fresh = tile != NULL && tile->stale.w == 0;
  if (*ret_fresh || !may_compose)
    return tile;
  if (tile == NULL)
    {
      const AssayPyramidLevel *image = &grid->pyramid->levels[0];
      tile = g_memdup2 (&key, sizeof key);
      tile->w = MIN (ASSAY_TILE_PX, (int) ceil (image->width_px * grid->layer.zoom) - i * ASSAY_TILE_PX);
      tile->h = MIN (ASSAY_TILE_PX, (int) ceil (image->height_px * grid->layer.zoom) - j * ASSAY_TILE_PX);
      g_hash_table_add (grid->layer.tiles, tile);
    }
  compose (grid, tile);
  *ret_fresh = TRUE;
  return tile;
}

static void
get_last (const AssayTileGrid *grid, int *ret_i, int *ret_j)
{
  const AssayPyramidLevel *image = &grid->pyramid->levels[0];
  *ret_i = ((int) ceil (image->width_px * grid->layer.zoom) - 1) / ASSAY_TILE_PX;
  *ret_j = ((int) ceil (image->height_px * grid->layer.zoom) - 1) / ASSAY_TILE_PX;
}

gboolean
assay_tile_grid_snapshot (AssayTileGrid *grid, GtkSnapshot *snapshot, double zoom, double device_scale, double x,
                          double y, double width, double height, gint64 budget_us)
{
  int last_i = 0, last_j = 0;
  if (grid->pyramid == NULL)
    return TRUE;
  set_zoom (grid, zoom, device_scale);
  grid->frame++;
  get_last (grid, &last_i, &last_j);
  grid->i0 = MAX (0, (int) floor (-x / ASSAY_TILE_PX));
  grid->i1 = MIN (last_i, (int) floor ((width - x - 1) / ASSAY_TILE_PX));
  grid->j0 = MAX (0, (int) floor (-y / ASSAY_TILE_PX));
  grid->j1 = MIN (last_j, (int) floor ((height - y - 1) / ASSAY_TILE_PX));
  /* While old tiles cover the window, what composes in between (assay_tile_grid_prepare) has the time. */
  gint64 until = g_get_monotonic_time () + (grid->old.tiles != NULL ? 0 : budget_us);
  gboolean complete = TRUE, composed = FALSE;
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) (x / device_scale), (float) (y / device_scale)));
  if (grid->old.tiles != NULL)
    {
      double s = device_scale;
      const graphene_rect_t window = GRAPHENE_RECT_INIT ((float) (-x / s), (float) (-y / s), (float) (width / s),
                                                         (float) (height / s));
      snapshot_old (grid, snapshot, &window);
    }
  for (int j = grid->j0; j <= grid->j1; j++)
    for (int i = grid->i0; i <= grid->i1; i++)
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

gboolean
assay_tile_grid_prepare (AssayTileGrid *grid, guint around, gint64 budget_us)
{
  int last_i = 0, last_j = 0, reach = (int) around;
  if (grid->pyramid == NULL || grid->i1 < grid->i0 || grid->j1 < grid->j0)
    return TRUE;
  gint64 until = g_get_monotonic_time () + budget_us;
  get_last (grid, &last_i, &last_j);
  for (int j = MAX (grid->j0 - reach, 0); j <= MIN (grid->j1 + reach, last_j); j++)
    for (int i = MAX (grid->i0 - reach, 0); i <= MIN (grid->i1 + reach, last_i); i++)
      {
        gboolean fresh = FALSE, may_compose = g_get_monotonic_time () < until;
        Tile *tile = get_tile (grid, i, j, may_compose, &fresh);
        if (tile != NULL)
          tile->used = grid->frame;
        if (!fresh)
          return FALSE;
      }
  return TRUE;
}

guint
assay_tile_grid_get_n_composed (const AssayTileGrid *grid)
{
  return grid->n_composed;
}
