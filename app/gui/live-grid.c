/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/live-grid.h"

#include "app/gui/live-view.h"

#include <math.h>

#define GAP_PX 6
#define SMALL_PX 120  /* height of the row below a large one, */
#define SMALL_SHARE 3 /* but never more than this part of all */

struct _AssayLiveGrid
{
  GtkWidget parent_instance;
  GPtrArray *views;     /* of AssayLiveView, borrowed from the children */
  AssayLiveView *large; /* (nullable) one of them */
  AssayLiveView *chosen;
};

static guint signal_chosen;

G_DEFINE_FINAL_TYPE (AssayLiveGrid, assay_live_grid, GTK_TYPE_WIDGET)

static void
choose (AssayLiveGrid *grid, AssayLiveView *view)
{
  if (view == grid->chosen)
    return;
  grid->chosen = view;
  g_signal_emit (grid, signal_chosen, 0);
}

static void
on_pressed (AssayLiveView *view, AssayLiveGrid *grid)
{
  /* One alone takes no focus: then what it is in does. */
  GtkWidget *focus = GTK_WIDGET (view);
  while (focus != NULL && !gtk_widget_get_focusable (focus))
    focus = gtk_widget_get_parent (focus);
  if (focus != NULL)
    gtk_widget_grab_focus (focus);
  if (grid->views->len > 1)
    grid->large = grid->large == view ? NULL : view;
  choose (grid, view);
  gtk_widget_queue_resize (GTK_WIDGET (grid));
}

AssayLive *
assay_live_grid_get_chosen (AssayLiveGrid *grid)
{
  return grid->chosen != NULL ? assay_live_view_get_live (grid->chosen) : NULL;
}

static void
add_view (AssayLiveGrid *grid, AssayLive *live)
{
  GtkWidget *view = assay_live_view_new ();
  assay_live_view_set_live (ASSAY_LIVE_VIEW (view), live);
  g_signal_connect_object (view, "pressed", G_CALLBACK (on_pressed), grid, 0);
  gtk_widget_set_parent (view, GTK_WIDGET (grid));
  g_ptr_array_add (grid->views, view);
}

static void
drop_view (AssayLiveGrid *grid, guint i)
{
  AssayLiveView *view = grid->views->pdata[i];
  if (grid->large == view)
    grid->large = NULL;
  if (grid->chosen == view)
    grid->chosen = NULL;
  g_ptr_array_remove_index (grid->views, i);
  gtk_widget_unparent (GTK_WIDGET (view));
}

static gboolean
has_live (AssayLiveGrid *grid, AssayLive *live)
{
  for (guint i = 0; i < grid->views->len; i++)
    if (assay_live_view_get_live (grid->views->pdata[i]) == live)
      return TRUE;
  return FALSE;
}

/* In the order of the list of sensors, not of switching them on. */
static int
in_order (gconstpointer a, gconstpointer b, gpointer lives)
{
  guint at_a = 0, at_b = 0;
  g_ptr_array_find (lives, assay_live_view_get_live (*(AssayLiveView *const *) a), &at_a);
  g_ptr_array_find (lives, assay_live_view_get_live (*(AssayLiveView *const *) b), &at_b);
  return at_a < at_b ? -1 : at_a > at_b;
}

void
assay_live_grid_set_lives (AssayLiveGrid *grid, const GPtrArray *lives)
{
  AssayLive *before = assay_live_grid_get_chosen (grid);
  for (guint i = grid->views->len; i > 0; i--)
    if (!g_ptr_array_find ((GPtrArray *) lives, assay_live_view_get_live (grid->views->pdata[i - 1]), NULL))
      drop_view (grid, i - 1);
  for (guint i = 0; i < lives->len; i++)
    if (!has_live (grid, lives->pdata[i]))
      add_view (grid, lives->pdata[i]);
  g_ptr_array_sort_with_data (grid->views, in_order, (gpointer) lives);
  gboolean several = grid->views->len > 1;
  for (guint i = 0; i < grid->views->len; i++)
    {
      assay_live_view_set_captioned (grid->views->pdata[i], several);
      gtk_widget_set_focusable (GTK_WIDGET (grid->views->pdata[i]), several);
    }
  if (!several)
    grid->large = NULL;
  if (grid->chosen == NULL && grid->views->len > 0)
    grid->chosen = grid->views->pdata[0];
  if (assay_live_grid_get_chosen (grid) != before)
    g_signal_emit (grid, signal_chosen, 0);
  gtk_widget_queue_resize (GTK_WIDGET (grid));
}

static void
place (gpointer view, int x, int y, int width, int height)
{
  gtk_widget_size_allocate (view, &(GtkAllocation){ x, y, MAX (width, 1), MAX (height, 1) }, -1);
}

/* So many columns that tiles of 16:9 become as large as they can. */
static guint
count_columns (guint n, int width, int height)
{
  guint best = 1;
  double largest = 0;
  for (guint columns = 1; columns <= n; columns++)
    {
      guint rows = (n + columns - 1) / columns;
      double tile = MIN ((double) width / columns, (double) height / rows * 16 / 9);
      if (tile > largest)
        {
          largest = tile;
          best = columns;
        }
    }
  return best;
}

static void
allocate_tiles (AssayLiveGrid *grid, int width, int height)
{
  guint n = grid->views->len, columns = count_columns (n, width, height), rows = (n + columns - 1) / columns;
  int tile_width = (width - (int) (columns - 1) * GAP_PX) / (int) columns;
  int tile_height = (height - (int) (rows - 1) * GAP_PX) / (int) rows;
  for (guint i = 0; i < n; i++)
    {
      /* A last row that is not full is in the middle. */
      guint in_row = MIN (columns, n - i / columns * columns);
      int left = (int) (columns - in_row) * (tile_width + GAP_PX) / 2;
      place (grid->views->pdata[i], left + (int) (i % columns) * (tile_width + GAP_PX),
             (int) (i / columns) * (tile_height + GAP_PX), tile_width, tile_height);
    }
}

static void
allocate_large (AssayLiveGrid *grid, int width, int height)
{
  int n = (int) grid->views->len - 1, x = 0;
  int small = MIN (SMALL_PX, height / SMALL_SHARE);
  int tile_width = MIN (small * 16 / 9, (width - (n - 1) * GAP_PX) / n);
  for (guint i = 0; i < grid->views->len; i++)
    {
      if (grid->views->pdata[i] == grid->large)
        {
          place (grid->large, 0, 0, width, height - small - GAP_PX);
          continue;
        }
      place (grid->views->pdata[i], x, height - small, tile_width, small);
      x += tile_width + GAP_PX;
    }
}

static void
assay_live_grid_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AssayLiveGrid *grid = ASSAY_LIVE_GRID (widget);
  if (grid->large != NULL)
    allocate_large (grid, width, height);
  else if (grid->views->len > 0)
    allocate_tiles (grid, width, height);
}

static void
assay_live_grid_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                         int *minimum_baseline, int *natural_baseline)
{
  *minimum = SMALL_PX; /* a recording with a plan, a form and levels has no more on a small screen */
  *natural = 2 * SMALL_PX;
}

GtkWidget *
assay_live_grid_new (void)
{
  return g_object_new (ASSAY_TYPE_LIVE_GRID, "hexpand", TRUE, "vexpand", TRUE, NULL);
}

static void
assay_live_grid_dispose (GObject *object)
{
  AssayLiveGrid *grid = ASSAY_LIVE_GRID (object);
  for (guint i = grid->views->len; i > 0; i--)
    drop_view (grid, i - 1);
  G_OBJECT_CLASS (assay_live_grid_parent_class)->dispose (object);
}

static void
assay_live_grid_finalize (GObject *object)
{
  g_ptr_array_unref (ASSAY_LIVE_GRID (object)->views);
  G_OBJECT_CLASS (assay_live_grid_parent_class)->finalize (object);
}

static void
assay_live_grid_class_init (AssayLiveGridClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_live_grid_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_live_grid_finalize;
  signal_chosen
      = g_signal_new ("chosen", ASSAY_TYPE_LIVE_GRID, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  widget_class->size_allocate = assay_live_grid_size_allocate;
  widget_class->measure = assay_live_grid_measure;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_css_name (widget_class, "live-grid");
}

static void
assay_live_grid_init (AssayLiveGrid *grid)
{
  grid->views = g_ptr_array_new ();
}
