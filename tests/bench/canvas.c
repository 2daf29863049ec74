/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bench-canvas [MEGAPIXELS…]: what the canvas costs in a real window under software rendering.
 *
 *   tests/ui/ui-session -s 1920x1080 env GDK_DEBUG=gl-disable GDK_BACKEND=x11 build/tests/bench/bench-canvas 2 24 100
 *
 * On a machine that others work on, too: chrt -r 5 before it. ONLY=zoom measures only what has the word in its name.
 *
 * Prints milliseconds from an input until its frame is painted and the server has drawn it: median, 95th and 99th
 * percentile of FRAMES; for zooms too until everything is sharp. Then, from a pointer event of the server to the
 * changed pixel on it. "Plain" is the obvious way beside it: the picture one texture, all outlines one node. What a
 * click that selects costs is bench-canvas-select's. */
#include "app/gui/canvas.h"
#include "core/polygon.h"
#include "tests/ui/screen.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define WINDOW_W 1920
#define WINDOW_H 1080
#define FRAMES 100
#define PAUSE_US 17000 /* a screen's frame: what is done while idle is done in it */

typedef struct
{
  GtkWidget *window;
  AssayCanvas *canvas;
  AssayPicture *picture;
  GPtrArray *masks; /* of AssayMask */
  AssayPaint *paint;
  AssayPoint at; /* of the brush */
  double brush_px;
  gboolean painted;
  guint step;
} Bench;

static double
now_ms (void)
{
  return (double) g_get_monotonic_time () / 1000;
}

/* Of this process, all threads: what a frame costs whoever else is at work on the machine. */
static double
cpu_ms (void)
{
  struct timespec at;
  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &at);
  return (double) at.tv_sec * 1e3 + (double) at.tv_nsec / 1e6;
}

static double
rss_mb (void)
{
  g_autofree char *status = NULL;
  const char *at = g_file_get_contents ("/proc/self/status", &status, NULL, NULL) ? strstr (status, "VmRSS:") : NULL;
  return at != NULL ? g_ascii_strtod (at + 6, NULL) / 1000 : -1;
}

static void
on_after_paint (Bench *bench)
{
  bench->painted = TRUE;
}

static void
run_for (gint64 us)
{
  gint64 until = g_get_monotonic_time () + us;
  while (g_get_monotonic_time () < until)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (200);
}

static void
wait_painted (Bench *bench)
{
  bench->painted = FALSE;
  while (!bench->painted)
    g_main_context_iteration (NULL, TRUE);
  gdk_display_sync (gtk_widget_get_display (bench->window));
}

static int
compare (const void *a, const void *b)
{
  double x = *(const double *) a, y = *(const double *) b;
  return x < y ? -1 : x > y;
}

static void
print_times (const char *what, double *times, guint n)
{
  qsort (times, n, sizeof *times, compare);
  printf ("  %-24s %6.1f %6.1f %6.1f\n", what, times[n / 2], times[(guint) ceil (n * 0.95) - 1],
          times[(guint) ceil (n * 0.99) - 1]);
}

static gboolean
is_asked (const char *what)
{
  return g_getenv ("ONLY") == NULL || strstr (what, g_getenv ("ONLY")) != NULL;
}

static void
measure (Bench *bench, const char *what, void (*act) (Bench *bench))
{
  double times[FRAMES], costs[FRAMES], sharp[FRAMES];
  if (!is_asked (what))
    return;
  for (bench->step = 0; bench->step < FRAMES + 5; bench->step++)
    {
      run_for (PAUSE_US);
      double began = now_ms (), cpu_began = cpu_ms ();
      act (bench);
      wait_painted (bench);
      double took = now_ms () - began, cost = cpu_ms () - cpu_began;
      while (bench->canvas != NULL && !assay_canvas_is_complete (bench->canvas))
        wait_painted (bench);
      if (bench->step < 5) /* the first ones find caches cold, and pages not yet there */
        continue;
      times[bench->step - 5] = took;
      costs[bench->step - 5] = cost;
      sharp[bench->step - 5] = now_ms () - began;
    }
  print_times (what, times, FRAMES);
  print_times ("  of that computing", costs, FRAMES);
  if (bench->canvas == NULL || strstr (what, "zoom") == NULL)
    return;
  print_times ("  until sharp", sharp, FRAMES);
}

/* What is measured */

static void
act_pan (Bench *bench)
{
  double sign = bench->step / 40 % 2 == 0 ? -1 : 1;
  assay_canvas_pan_by (bench->canvas, sign * 37, sign * 23);
}

static void
act_zoom (Bench *bench)
{
  assay_canvas_zoom_by (bench->canvas, bench->step / 12 % 2 == 0 ? ASSAY_VIEW_STEP : 1 / ASSAY_VIEW_STEP);
}

static void
stroke_to (Bench *bench, AssayPoint to)
{
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (AssayRect));
  assay_paint_stroke (bench->paint, bench->at, to, bench->brush_px, ASSAY_BRUSH_ROUND, TRUE);
  bench->at = to;
  assay_paint_take_dirty_boxes (bench->paint, boxes);
  for (guint i = 0; i < boxes->len; i++)
    assay_canvas_redraw (bench->canvas, &g_array_index (boxes, AssayRect, i));
  if (boxes->len == 0)
    gtk_widget_queue_draw (GTK_WIDGET (bench->canvas));
}

static void
act_brush (Bench *bench)
{
  const AssayView *view = assay_canvas_get_view (bench->canvas);
  double step = 14 / view->zoom; /* of the hand: 14 pixels of the screen a frame */
  stroke_to (bench, (AssayPoint){ bench->at.x + step * cos (bench->step / 9.0),
                                  bench->at.y + step * sin (bench->step / 7.0) });
}

static AssayMarks *
list_marks (Bench *bench)
{
  AssayMarks *marks = assay_marks_new ();
  for (guint i = 0; i < bench->masks->len; i++)
    {
      const AssayMark mark = { .kind = ASSAY_MARK_MASK, .colour = 0xe69f00, .mask = bench->masks->pdata[i] };
      assay_marks_add (marks, &mark);
    }
  if (bench->paint != NULL)
    {
      const AssayMark mark
          = { .kind = ASSAY_MARK_MASK, .flags = ASSAY_MARK_SELECTED, .colour = 0x0072b2, .paint = bench->paint };
      assay_marks_add (marks, &mark);
    }
  return marks;
}

/* A stroke is over: one object of all is another. */
static void
act_edit (Bench *bench)
{
  guint width = bench->picture->width_px, height = bench->picture->height_px;
  const AssayView *view = assay_canvas_get_view (bench->canvas);
  AssayPoint middle = assay_view_to_image (view, (AssayPoint){ view->width / 2, view->height / 2 });
  AssayRect box = { floor (middle.x) + bench->step, floor (middle.y), 90, 70 };
  if (bench->masks->len > 0)
    {
      assay_canvas_set_marks (bench->canvas, assay_marks_new (), &box);
      assay_mask_free (bench->masks->pdata[0]);
      bench->masks->pdata[0] = assay_mask_new_from_box (box, width, height);
    }
  assay_canvas_set_marks (bench->canvas, list_marks (bench), &box);
}

/* The obvious way */

typedef struct
{
  GtkWidget parent_instance;
  GdkTexture *texture;
  GArray *corners; /* of AssayPoint, 12 an outline */
  AssayPoint at;
  double zoom;
} Plain;
typedef struct
{
  GtkWidgetClass parent_class;
} PlainClass;
GType plain_get_type (void);
G_DEFINE_TYPE (Plain, plain, GTK_TYPE_WIDGET)

static void
plain_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  Plain *plain = (Plain *) widget;
  float w = (float) (gdk_texture_get_width (plain->texture) * plain->zoom);
  float h = (float) (gdk_texture_get_height (plain->texture) * plain->zoom);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) plain->at.x, (float) plain->at.y));
  gtk_snapshot_append_texture (snapshot, plain->texture, &GRAPHENE_RECT_INIT (0, 0, w, h));
  gtk_snapshot_restore (snapshot);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, WINDOW_W, WINDOW_H));
  for (guint i = 0; i + 12 <= plain->corners->len; i += 12)
    {
      for (guint k = 0; k < 12; k++)
        {
          const AssayPoint *p = &g_array_index (plain->corners, AssayPoint, i + k);
          cairo_line_to (cr, p->x * plain->zoom + plain->at.x, p->y * plain->zoom + plain->at.y);
        }
      cairo_close_path (cr);
      cairo_set_source_rgba (cr, 0.9, 0.6, 0, 0.3);
      cairo_fill_preserve (cr);
      cairo_set_source_rgb (cr, 0.9, 0.6, 0);
      cairo_stroke (cr);
    }
  cairo_destroy (cr);
}

static void
plain_class_init (PlainClass *class)
{
  GTK_WIDGET_CLASS (class)->snapshot = plain_snapshot;
}

static void
plain_init (Plain *plain)
{
  plain->zoom = 1;
  gtk_widget_set_overflow (GTK_WIDGET (plain), GTK_OVERFLOW_HIDDEN);
}

static Plain *
plain_of (Bench *bench)
{
  return (Plain *) gtk_window_get_child (GTK_WINDOW (bench->window));
}

static void
plain_pan (Bench *bench)
{
  double sign = bench->step / 40 % 2 == 0 ? -1 : 1;
  plain_of (bench)->at.x += sign * 37;
  plain_of (bench)->at.y += sign * 23;
  gtk_widget_queue_draw (GTK_WIDGET (plain_of (bench)));
}

static void
plain_zoom (Bench *bench)
{
  plain_of (bench)->zoom *= bench->step / 12 % 2 == 0 ? ASSAY_VIEW_STEP : 1 / ASSAY_VIEW_STEP;
  gtk_widget_queue_draw (GTK_WIDGET (plain_of (bench)));
}

/* One corner of one outline moves: cheaper for it than pixels would be. */
static void
plain_edit (Bench *bench)
{
  if (plain_of (bench)->corners->len > 0)
    g_array_index (plain_of (bench)->corners, AssayPoint, 0).x += 3;
  gtk_widget_queue_draw (GTK_WIDGET (plain_of (bench)));
}

/* Pictures and objects */

static AssayPicture *
new_picture (guint megapixels)
{
  guint height = (guint) sqrt (megapixels * 1e6 / 1.5);
  AssayPicture *picture = assay_picture_new (megapixels * 1000000 / height, height, ASSAY_PIXELS_RGB8);
  guint32 state = 1;
  for (gsize i = 0; i < picture->stride * height; i++)
    {
      state = state * 1664525u + 1013904223u;
      picture->data[i] = (guint8) (128 + 90 * ((i >> 14 & 31) / 31.0 - 0.5) + (state >> 27));
    }
  return picture;
}

static void
make_objects (Bench *bench, guint n, GArray *corners)
{
  guint width = bench->picture->width_px, height = bench->picture->height_px;
  GRand *dice = g_rand_new_with_seed (1);
  double radius = sqrt ((double) width * height) / 80;
  for (guint i = 0; i < n; i++)
    {
      AssayPoint points[12], at = { g_rand_double_range (dice, 0, width), g_rand_double_range (dice, 0, height) };
      double r = radius * g_rand_double_range (dice, 0.4, 1.4);
      for (guint p = 0; p < 12; p++)
        points[p] = (AssayPoint){ at.x + r * cos (p * G_PI / 6), at.y + r * sin (p * G_PI / 6) };
      const AssayRing ring = { .n_points = 12, .points = points };
      g_ptr_array_add (bench->masks, assay_mask_new_from_ring (&ring, width, height));
      g_array_append_vals (corners, points, 12);
    }
  g_rand_free (dice);
}

/* From the server's pointer to the server's pixel */

static gboolean
on_input (Bench *bench, const AssayInput *input)
{
  if (input->kind == ASSAY_INPUT_PRESS)
    bench->at = input->at;
  if (input->kind == ASSAY_INPUT_PRESS || (input->kind == ASSAY_INPUT_MOVE && input->button != 0))
    stroke_to (bench, input->at);
  return TRUE;
}

typedef struct
{
  double times[FRAMES];
  guint n;
  gint done;
} Pointer;

static gpointer
move_pointer (gpointer data)
{
  Pointer *pointer = data;
  UiScreen *screen = screen_new ();
  screen_move (screen, 300, 200);
  screen_button (screen, 1, TRUE);
  g_usleep (300000);
  for (guint i = 0; i < FRAMES; i++)
    {
      int x = 340 + (int) (i % 40) * 30, y = 200 + (int) (i / 40) * 160;
      guint32 before = screen_pixel (screen, x, y);
      g_usleep (25000 + 1000 * (i % 13));
      double began = now_ms ();
      screen_move (screen, x, y);
      while (screen_pixel (screen, x, y) == before && now_ms () - began < 1000)
        ;
      if (i % 40 > 4) /* a new row is a stroke across all of the old one, and along the new one's beginning */
        pointer->times[pointer->n++] = now_ms () - began;
    }
  screen_button (screen, 1, FALSE);
  screen_free (screen);
  g_atomic_int_set (&pointer->done, 1);
  g_main_context_wakeup (NULL);
  return NULL;
}

static void
measure_pointer (Bench *bench)
{
  Pointer pointer = { .n = 0 };
  if (!is_asked ("pointer"))
    return;
  gulong handler = g_signal_connect_swapped (bench->canvas, "input", G_CALLBACK (on_input), bench);
  bench->brush_px = 24;
  GThread *thread = g_thread_new ("pointer", move_pointer, &pointer);
  while (!g_atomic_int_get (&pointer.done))
    g_main_context_iteration (NULL, TRUE);
  g_thread_join (thread);
  g_signal_handler_disconnect (bench->canvas, handler);
  print_times ("pointer to pixel, brush", pointer.times, pointer.n);
}

static void
show_child (Bench *bench, GtkWidget *child)
{
  gtk_window_set_child (GTK_WINDOW (bench->window), child);
  run_for (300000);
}

static void
measure_canvas (Bench *bench, AssayPyramid *pyramid)
{
  static const double brushes[] = { 24, 200, 2000 };
  guint width = bench->picture->width_px, height = bench->picture->height_px;
  AssayPoint middle = { width / 2.0, height / 2.0 };
  g_autoptr (AssayMask) empty = assay_mask_new_empty (width, height);
  bench->canvas = ASSAY_CANVAS (assay_canvas_new ());
  show_child (bench, GTK_WIDGET (bench->canvas));
  bench->paint = assay_paint_new (empty);
  assay_canvas_set_pyramid (bench->canvas, pyramid);
  assay_canvas_set_marks (bench->canvas, list_marks (bench), NULL);
  run_for (500000);
  for (guint fit = 0; fit < 2; fit++)
    {
      double zoom = fit ? assay_canvas_get_view (bench->canvas)->zoom : 1;
      assay_canvas_look_at (bench->canvas, middle, zoom);
      run_for (800000);
      if (!fit)
        measure (bench, "pan 1:1", act_pan);
      for (guint b = 0; b < G_N_ELEMENTS (brushes); b++)
        {
          g_autofree char *what = g_strdup_printf ("brush %4.0f px %s", brushes[b], fit ? "whole" : "1:1");
          if (!is_asked (what))
            continue;
          assay_canvas_look_at (bench->canvas, middle, zoom);
          run_for (300000);
          bench->brush_px = brushes[b];
          bench->at = middle;
          measure (bench, what, act_brush);
          g_clear_pointer (&bench->paint, assay_paint_free);
          bench->paint = assay_paint_new (empty);
          assay_canvas_set_marks (bench->canvas, list_marks (bench), NULL);
          run_for (300000);
        }
      if (!fit)
        {
          measure (bench, "stroke becomes object", act_edit);
          assay_canvas_look_at (bench->canvas, middle, zoom);
          run_for (300000);
          measure_pointer (bench);
        }
      assay_canvas_fit (bench->canvas);
      run_for (500000);
    }
  measure (bench, "zoom from whole x14.5", act_zoom);
  printf ("  memory %.0f MB\n", rss_mb ());
  assay_canvas_set_marks (bench->canvas, assay_marks_new (), NULL);
  show_child (bench, NULL);
  bench->canvas = NULL;
  g_clear_pointer (&bench->paint, assay_paint_free);
}

static void
measure_plain (Bench *bench, GArray *corners)
{
  Plain *plain = g_object_new (plain_get_type (), NULL);
  gsize n_bytes = bench->picture->stride * bench->picture->height_px;
  g_autoptr (GBytes) bytes = g_bytes_new_static (bench->picture->data, n_bytes);
  plain->corners = corners;
  plain->texture
      = gdk_memory_texture_new ((int) bench->picture->width_px, (int) bench->picture->height_px, GDK_MEMORY_R8G8B8,
                                bytes, bench->picture->stride);
  show_child (bench, GTK_WIDGET (plain));
  measure (bench, "plain: pan 1:1", plain_pan);
  measure (bench, "plain: one outline edited", plain_edit);
  plain->zoom = 0.3;
  plain->at = (AssayPoint){ 0, 0 };
  measure (bench, "plain: zoom", plain_zoom);
  g_clear_object (&plain->texture);
  show_child (bench, NULL);
}

int
main (int argc, char **argv)
{
  static const guint objects[] = { 0, 1000, 10000 };
  static char *usual[] = { "bench-canvas", "2", "24", "100", NULL };
  gtk_init ();
  setvbuf (stdout, NULL, _IOLBF, 0);
  char **sizes = argc > 1 ? argv : usual;
  Bench bench = { .window = gtk_window_new () };
  gtk_window_set_decorated (GTK_WINDOW (bench.window), FALSE);
  gtk_window_set_default_size (GTK_WINDOW (bench.window), WINDOW_W, WINDOW_H);
  gtk_window_fullscreen (GTK_WINDOW (bench.window));
  gtk_window_present (GTK_WINDOW (bench.window));
  run_for (500000);
  g_signal_connect_swapped (gtk_widget_get_frame_clock (bench.window), "after-paint", G_CALLBACK (on_after_paint),
                            &bench);
  printf ("renderer %s, window %d x %d; ms: median, p95, p99\n",
          G_OBJECT_TYPE_NAME (gtk_native_get_renderer (GTK_NATIVE (bench.window))),
          gtk_widget_get_width (bench.window), gtk_widget_get_height (bench.window));
  for (guint i = 1; sizes[i] != NULL; i++)
    {
      bench.picture = new_picture ((guint) g_ascii_strtoull (sizes[i], NULL, 10));
      double began = now_ms ();
      AssayPyramid *pyramid = assay_pyramid_new (bench.picture);
      printf ("%s MP: pyramid, off the main loop, %.0f ms\n", sizes[i], now_ms () - began);
      for (guint k = 0; k < G_N_ELEMENTS (objects); k++)
        {
          g_autoptr (GArray) corners = g_array_new (FALSE, FALSE, sizeof (AssayPoint));
          bench.masks = g_ptr_array_new_with_free_func ((GDestroyNotify) assay_mask_free);
          make_objects (&bench, objects[k], corners);
          printf ("%s MP, %u objects\n", sizes[i], objects[k]);
          measure_canvas (&bench, pyramid);
          if (objects[k] == 1000)
            measure_plain (&bench, corners);
          g_clear_pointer (&bench.masks, g_ptr_array_unref);
        }
      assay_pyramid_unref (pyramid);
      g_clear_pointer (&bench.picture, assay_picture_unref);
    }
  gtk_window_destroy (GTK_WINDOW (bench.window));
  return 0;
}
