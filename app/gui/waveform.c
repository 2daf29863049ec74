/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/waveform.h"

#include "app/gui/marks-draw.h"
#include "app/gui/pointer.h"
#include "app/gui/shortcuts.h"
#include "core/transcript.h"

#include <math.h>

#define OVERVIEW_PX 40
#define RULER_PX 20
#define MIN_SAMPLES_PER_PX 0.25
#define STEP 1.25

typedef struct
{
  gint64 start, end;
  char *text;
  guint32 colour;
  gboolean selected;
} Shown;

struct _AssayWaveform
{
  GtkWidget parent_instance;
  AssayPeaks *peaks;
  gint64 from, to; /* the sound */
  guint rate_hz;
  double first, per_px; /* the view: its first sample, samples a pixel */
  gboolean fitted;
  GArray *segments; /* of Shown */
  AssayMarks *overlay;
  gint64 cursor;
  guint tell;          /* idle source: the view changed with the window */
  GskRenderNode *body; /* sound, segments and ruler; NULL = to be drawn again */
  AssayPoint pointer;  /* in the widget */
  AssayLastPress last_press;
  guint pressed;
  gboolean panning, on_overview;
  char *words;
};

G_DEFINE_FINAL_TYPE (AssayWaveform, assay_waveform, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_INPUT,
  SIGNAL_VIEW_CHANGED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static void
shown_clear (gpointer data)
{
  g_free (((Shown *) data)->text);
}

static double
width_of (AssayWaveform *self)
{
  return MAX (1, gtk_widget_get_width (GTK_WIDGET (self)));
}

static double
n_samples (AssayWaveform *self)
{
  return MAX (1.0, (double) (self->to - self->from));
}

static double
x_of (AssayWaveform *self, double sample)
{
  return (sample - self->first) / self->per_px;
}

static double
overview_x_of (AssayWaveform *self, double sample)
{
  return (sample - (double) self->from) / n_samples (self) * width_of (self);
}

static void
describe (AssayWaveform *self)
{
  double second = MAX (1, self->rate_hz);
  g_autofree char *words = g_strdup_printf (
      "%.2f to %.2f of %.2f seconds, cursor at %.3f%s%s", (self->first - (double) self->from) / second,
      (self->first - (double) self->from + self->per_px * width_of (self)) / second, n_samples (self) / second,
      (double) (self->cursor - self->from) / second, self->words != NULL ? ", " : "",
      self->words != NULL ? self->words : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static void
redraw_body (AssayWaveform *self)
{
  g_clear_pointer (&self->body, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
settle (AssayWaveform *self)
{
  double whole = n_samples (self) / width_of (self);
  self->per_px = CLAMP (self->per_px, MIN (MIN_SAMPLES_PER_PX, whole), whole);
  self->first = CLAMP (self->first, (double) self->from,
                       MAX ((double) self->from, (double) self->to - self->per_px * width_of (self)));
  describe (self);
  redraw_body (self);
  g_signal_emit (self, signals[SIGNAL_VIEW_CHANGED], 0);
}

/* Drawing */

static void
set_colour (cairo_t *cr, guint32 colour, double alpha)
{
  cairo_set_source_rgba (cr, ((colour >> 16) & 0xff) / 255.0, ((colour >> 8) & 0xff) / 255.0,
                         (colour & 0xff) / 255.0, alpha);
}

static void
draw_words (AssayWaveform *self, cairo_t *cr, const char *text, double x, double y, double width,
            const GdkRGBA *colour)
{
  g_autoptr (PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_set_width (layout, (int) (MAX (0, width) * PANGO_SCALE));
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  gdk_cairo_set_source_rgba (cr, colour);
  cairo_move_to (cr, x, y);
  pango_cairo_show_layout (cr, layout);
}

/* Columns of one pixel from low to high, and the root mean square brighter inside. */
static void
draw_sound (AssayWaveform *self, cairo_t *cr, double first, double per_px, double top, double height,
            const GdkRGBA *colour)
{
  double middle = top + height / 2, scale = height / 2 * 0.92 / (self->peaks != NULL ? self->peaks->loudest : 1);
  GdkRGBA faint = *colour;
  cairo_rectangle (cr, 0, middle, width_of (self), 1);
  faint.alpha = 0.25f;
  gdk_cairo_set_source_rgba (cr, &faint);
  cairo_fill (cr);
  if (self->peaks == NULL)
    return;
  faint.alpha = 0.45f;
  for (int pass = 0; pass < 2; pass++)
    {
      for (int x = 0; x < (int) width_of (self); x++)
        {
          AssaySoundPeak peak = assay_peaks_get (self->peaks, first + x * per_px, first + (x + 1) * per_px);
          double high = pass == 0 ? peak.high : peak.rms, low = pass == 0 ? peak.low : -peak.rms;
          cairo_rectangle (cr, x, middle - high * scale, 1, MAX (0.5, (high - low) * scale));
        }
      gdk_cairo_set_source_rgba (cr, pass == 0 ? &faint : colour);
      cairo_fill (cr);
    }
}

static void
draw_overview (AssayWaveform *self, cairo_t *cr, const GdkRGBA *colour)
{
  double left = overview_x_of (self, self->first),
         right = overview_x_of (self, self->first + self->per_px * width_of (self));
  for (guint i = 0; i < self->segments->len; i++)
    {
      const Shown *segment = &g_array_index (self->segments, Shown, i);
      double a = overview_x_of (self, (double) segment->start), b = overview_x_of (self, (double) segment->end);
      set_colour (cr, segment->colour, segment->selected ? 0.6 : 0.3);
      cairo_rectangle (cr, a, OVERVIEW_PX - 5, MAX (1, b - a), 4);
      cairo_fill (cr);
    }
  GdkRGBA faint = *colour;
  faint.alpha = 0.7f;
  draw_sound (self, cr, (double) self->from, n_samples (self) / width_of (self), 2, OVERVIEW_PX - 9, &faint);
  cairo_rectangle (cr, 0, 0, left, OVERVIEW_PX);
  cairo_rectangle (cr, right, 0, width_of (self) - right, OVERVIEW_PX);
  cairo_set_source_rgba (cr, 0, 0, 0, 0.35);
  cairo_fill (cr);
  cairo_rectangle (cr, left + 0.5, 0.5, MAX (3, right - left - 1), OVERVIEW_PX - 1);
  faint.alpha = 0.5f;
  gdk_cairo_set_source_rgba (cr, &faint);
  cairo_set_line_width (cr, 1);
  cairo_stroke (cr);
}

/* 1, 2 or 5 times a power of ten, so that the words have room. */
static double
ruler_step (double seconds_per_px)
{
  double least = seconds_per_px * 90, power = pow (10, floor (log10 (least)));
  return least <= power ? power : least <= 2 * power ? 2 * power : least <= 5 * power ? 5 * power : 10 * power;
}

static void
draw_ruler (AssayWaveform *self, cairo_t *cr, const GdkRGBA *colour)
{
  double second = MAX (1, self->rate_hz), step = ruler_step (self->per_px / second);
  int decimals = (int) CLAMP (ceil (-log10 (step)), 0, 4);
  double begin = (self->first - (double) self->from) / second,
         end = begin + self->per_px * width_of (self) / second;
  GdkRGBA faint = *colour;
  faint.alpha = 0.6f;
  for (double t = ceil (begin / step) * step; t <= end; t += step)
    {
      double x = floor (x_of (self, (double) self->from + t * second)) + 0.5;
      g_autofree char *text = g_strdup_printf ("%d:%0*.*f", (int) (t / 60 + 1e-9), decimals > 0 ? decimals + 3 : 2,
                                               decimals, fmod (t + 1e-9, 60));
      draw_words (self, cr, text, x + 4, OVERVIEW_PX + 2, 90, &faint);
      gdk_cairo_set_source_rgba (cr, &faint);
      cairo_set_line_width (cr, 1);
      cairo_move_to (cr, x, OVERVIEW_PX);
      cairo_line_to (cr, x, OVERVIEW_PX + 8);
      cairo_stroke (cr);
    }
}

static void
draw_segments (AssayWaveform *self, cairo_t *cr, double top, double height, const GdkRGBA *colour)
{
  for (guint i = 0; i < self->segments->len; i++)
    {
      const Shown *segment = &g_array_index (self->segments, Shown, i);
      double a = x_of (self, (double) segment->start), b = x_of (self, (double) segment->end);
      if (b < 0 || a > width_of (self))
        continue;
      set_colour (cr, segment->colour, segment->selected ? 0.30 : 0.14);
      cairo_rectangle (cr, a, top, b - a, height);
      cairo_fill (cr);
      set_colour (cr, segment->colour, segment->selected ? 1 : 0.7);
      cairo_rectangle (cr, floor (a), top, segment->selected ? 2 : 1, height);
      cairo_rectangle (cr, floor (b) - 1, top, segment->selected ? 2 : 1, height);
      cairo_fill (cr);
    }
  draw_sound (self, cr, self->first, self->per_px, top, height - 24, colour);
  for (guint i = 0; i < self->segments->len; i++)
    {
      const Shown *segment = &g_array_index (self->segments, Shown, i);
      double a = MAX (0, x_of (self, (double) segment->start)),
             b = MIN (width_of (self), x_of (self, (double) segment->end));
      if (b - a > 24)
        draw_words (self, cr, *segment->text != '\0' ? segment->text : "…", a + 7, top + height - 22, b - a - 14,
                    &(const GdkRGBA){ 0.92f, 0.92f, 0.92f, 1 });
    }
}

static void
make_body (AssayWaveform *self, int width, int height)
{
  GdkRGBA colour;
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height);
  gtk_style_context_get_color (gtk_widget_get_style_context (GTK_WIDGET (self)), &colour);
  self->body = gsk_cairo_node_new (&bounds);
  cairo_t *cr = gsk_cairo_node_get_draw_context (self->body);
  draw_overview (self, cr, &colour);
  draw_ruler (self, cr, &colour);
  draw_segments (self, cr, OVERVIEW_PX + RULER_PX, height - OVERVIEW_PX - RULER_PX, &colour);
  cairo_destroy (cr);
}

static void
snapshot_cursor (AssayWaveform *self, GtkSnapshot *snapshot, int height)
{
  const GdkRGBA red = { 0.95f, 0.35f, 0.30f, 1 };
  float x = (float) floor (x_of (self, (double) self->cursor)),
        small_x = (float) floor (overview_x_of (self, (double) self->cursor));
  gtk_snapshot_append_color (snapshot, &red, &GRAPHENE_RECT_INIT (small_x, 0, 1, OVERVIEW_PX));
  if (x >= 0 && x < width_of (self))
    gtk_snapshot_append_color (snapshot, &red,
                               &GRAPHENE_RECT_INIT (x, OVERVIEW_PX, 1, (float) height - OVERVIEW_PX));
}

static void
snapshot_overlay (AssayWaveform *self, GtkSnapshot *snapshot, int width, int height)
{
  double top = OVERVIEW_PX + RULER_PX;
  AssayMarksFrame frame = { 1 / self->per_px, height - top, -self->first / self->per_px, top };
  graphene_rect_t bounds = GRAPHENE_RECT_INIT (0, (float) top, (float) width, (float) (height - top));
  if (self->overlay == NULL || self->overlay->marks->len == 0)
    return;
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &bounds);
  for (guint i = 0; i < self->overlay->marks->len; i++)
    assay_mark_draw (&g_array_index (self->overlay->marks, AssayMark, i), &frame, cr);
  cairo_destroy (cr);
}

static void
assay_waveform_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  AssayWaveform *self = ASSAY_WAVEFORM (widget);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  if (self->to <= self->from || width <= 0 || height <= OVERVIEW_PX + RULER_PX)
    return;
  if (self->body == NULL)
    make_body (self, width, height);
  gtk_snapshot_append_node (snapshot, self->body);
  snapshot_overlay (self, snapshot, width, height);
  snapshot_cursor (self, snapshot, height);
}

/* Whoever listens may change a label, which must not happen while sizes are given out. */
static gboolean
tell_view (gpointer data)
{
  AssayWaveform *self = data;
  self->tell = 0;
  g_signal_emit (self, signals[SIGNAL_VIEW_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
assay_waveform_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  AssayWaveform *self = ASSAY_WAVEFORM (widget);
  if (self->fitted)
    self->per_px = n_samples (self) / MAX (1, width);
  g_clear_pointer (&self->body, gsk_render_node_unref);
  describe (self);
  if (self->tell == 0)
    self->tell = g_idle_add (tell_view, self);
}

static void
assay_waveform_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                        int *minimum_baseline, int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? 160 : 200;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? 320 : 640;
}

/* The pointer */

static gboolean
emit_input (AssayWaveform *self, AssayInput *input)
{
  gboolean used = FALSE;
  double top = OVERVIEW_PX + RULER_PX, height = MAX (1, gtk_widget_get_height (GTK_WIDGET (self)) - top);
  input->at = (AssayPoint){ self->first + self->pointer.x * self->per_px, (self->pointer.y - top) / height };
  input->px_per_unit = 1 / self->per_px;
  g_signal_emit (self, signals[SIGNAL_INPUT], 0, input, &used);
  return used;
}

static void
look_at (AssayWaveform *self, double sample)
{
  self->fitted = FALSE;
  self->first = sample - self->per_px * width_of (self) / 2;
  settle (self);
}

static double
overview_sample (AssayWaveform *self)
{
  return (double) self->from + self->pointer.x / width_of (self) * n_samples (self);
}

static gboolean
press (AssayWaveform *self, GdkEvent *event)
{
  guint button = gdk_button_event_get_button (event);
  AssayInputFlags flags = assay_event_get_flags (gdk_event_get_modifier_state (event));
  gtk_widget_grab_focus (GTK_WIDGET (self));
  self->on_overview = self->pointer.y < OVERVIEW_PX;
  self->panning = !self->on_overview && button == GDK_BUTTON_MIDDLE;
  if (self->on_overview)
    look_at (self, overview_sample (self));
  if (self->on_overview || self->panning)
    return GDK_EVENT_STOP;
  if (assay_last_press_is_double (&self->last_press, GTK_WIDGET (self), event, self->pointer))
    flags |= ASSAY_INPUT_DOUBLE;
  self->pressed = button;
  AssayInput input = { .kind = ASSAY_INPUT_PRESS, .flags = flags, .button = button, .pressure = 1 };
  return emit_input (self, &input);
}

static gboolean
release (AssayWaveform *self, GdkEvent *event)
{
  gboolean ours = self->panning || self->on_overview;
  self->panning = self->on_overview = FALSE;
  if (ours)
    return GDK_EVENT_STOP;
  AssayInput input = { .kind = ASSAY_INPUT_RELEASE,
                       .flags = assay_event_get_flags (gdk_event_get_modifier_state (event)),
                       .button = self->pressed,
                       .pressure = 1 };
  self->pressed = 0;
  return emit_input (self, &input);
}

static gboolean
motion (AssayWaveform *self, GdkEvent *event, double dx)
{
  if (self->panning)
    {
      self->fitted = FALSE;
      self->first -= dx * self->per_px;
      settle (self);
    }
  else if (self->on_overview)
    look_at (self, overview_sample (self));
  if (self->panning || self->on_overview)
    return GDK_EVENT_STOP;
  AssayInput input = { .kind = ASSAY_INPUT_MOVE,
                       .flags = assay_event_get_flags (gdk_event_get_modifier_state (event)),
                       .button = self->pressed,
                       .pressure = 1 };
  emit_input (self, &input);
  return GDK_EVENT_PROPAGATE;
}

static void
zoom_at (AssayWaveform *self, double factor, double x)
{
  double kept = self->first + x * self->per_px;
  double whole = n_samples (self) / width_of (self);
  self->fitted = FALSE;
  self->per_px = CLAMP (self->per_px / factor, MIN (MIN_SAMPLES_PER_PX, whole), whole);
  self->first = kept - x * self->per_px;
  settle (self);
}

static gboolean
scroll (AssayWaveform *self, GdkEvent *event)
{
  double dx = 0, dy = 0;
  GdkScrollDirection direction = gdk_scroll_event_get_direction (event);
  if (direction == GDK_SCROLL_SMOOTH)
    gdk_scroll_event_get_deltas (event, &dx, &dy);
  else
    dy = direction == GDK_SCROLL_UP ? -1 : direction == GDK_SCROLL_DOWN ? 1 : 0;
  if ((gdk_event_get_modifier_state (event) & GDK_SHIFT_MASK) != 0 || dx != 0)
    {
      self->fitted = FALSE;
      self->first += (dx != 0 ? dx : dy) * 60 * self->per_px;
      settle (self);
    }
  else if (dy != 0)
    zoom_at (self, pow (STEP, -dy), self->pointer.x);
  return GDK_EVENT_STOP;
}

static gboolean
on_event (GtkEventControllerLegacy *controller, GdkEvent *event, AssayWaveform *self)
{
  GdkEventType type = gdk_event_get_event_type (event);
  if (self->to <= self->from
      || (type != GDK_BUTTON_PRESS && type != GDK_BUTTON_RELEASE && type != GDK_MOTION_NOTIFY
          && type != GDK_SCROLL))
    return GDK_EVENT_PROPAGATE;
  AssayPoint before = self->pointer;
  if (type != GDK_SCROLL) /* has no place: the pointer's last one holds */
    self->pointer = assay_event_get_point (event, GTK_WIDGET (self));
  if (type == GDK_BUTTON_PRESS)
    return press (self, event);
  if (type == GDK_BUTTON_RELEASE)
    return release (self, event);
  if (type == GDK_MOTION_NOTIFY)
    return motion (self, event, self->pointer.x - before.x);
  return scroll (self, event);
}

gboolean
assay_waveform_send_key (AssayWaveform *self, const char *key, AssayInputFlags flags)
{
  AssayInput input = { .kind = ASSAY_INPUT_KEY, .flags = flags, .key = key, .pressure = 1 };
  if (g_str_equal (key, "Escape"))
    input.kind = ASSAY_INPUT_CANCEL;
  return emit_input (self, &input);
}

static gboolean
key_pressed (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType modifiers,
             AssayWaveform *self)
{
  GdkModifierType mods;
  const char *name = assay_shortcuts_tool_key (controller, keyval, keycode, modifiers, &mods);
  AssayInputFlags flags = assay_event_get_flags (mods);
  if (name == NULL || (flags & (ASSAY_INPUT_CTRL | ASSAY_INPUT_ALT)) != 0)
    return GDK_EVENT_PROPAGATE;
  return assay_waveform_send_key (self, name, flags) || g_str_equal (name, "Tab");
}

/* What others ask for */

void
assay_waveform_set_sound (AssayWaveform *self, gint64 from, gint64 to, guint rate_hz)
{
  g_clear_pointer (&self->peaks, assay_peaks_unref);
  self->from = from;
  self->to = to;
  self->rate_hz = rate_hz;
  self->cursor = from;
  assay_waveform_fit (self);
}

void
assay_waveform_set_peaks (AssayWaveform *self, AssayPeaks *peaks)
{
  if (peaks != NULL)
    assay_peaks_ref (peaks);
  assay_peaks_unref (self->peaks);
  self->peaks = peaks;
  redraw_body (self);
}

void
assay_waveform_set_segments (AssayWaveform *self, const AssayScene *scene)
{
  g_array_set_size (self->segments, 0);
  for (guint i = 0; scene != NULL && i < scene->objects->list->len; i++)
    {
      const AssayObject *object = scene->objects->list->pdata[i];
      const AssaySegment *segment = object->value;
      const AssayClass *class = assay_task_find_class (scene->task, &object->class_id);
      Shown shown = { segment->start, segment->end, g_strdup (segment->text),
                      class != NULL ? class->colour : 0x56b4e9, assay_id_equal (&object->id, &scene->selected) };
      g_array_append_val (self->segments, shown);
    }
  redraw_body (self);
}

void
assay_waveform_set_segment_colour (AssayWaveform *self, guint32 colour)
{
  for (guint i = 0; i < self->segments->len; i++)
    g_array_index (self->segments, Shown, i).colour = colour;
  redraw_body (self);
}

void
assay_waveform_get_range (AssayWaveform *self, double *ret_from, double *ret_to)
{
  *ret_from = self->first;
  *ret_to = self->first + self->per_px * width_of (self);
}

void
assay_waveform_set_range (AssayWaveform *self, double from, double to)
{
  self->fitted = FALSE;
  self->first = from;
  self->per_px = (to - from) / width_of (self);
  settle (self);
}

void
assay_waveform_set_overlay (AssayWaveform *self, AssayMarks *take_marks)
{
  assay_marks_free (self->overlay);
  self->overlay = take_marks;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
assay_waveform_set_cursor (AssayWaveform *self, gint64 sample, gboolean follow)
{
  double x = x_of (self, (double) sample);
  self->cursor = sample;
  /* A page at a time: a view that crawls along cannot be read. */
  if (follow && (x < 0 || x > width_of (self) - 8))
    {
      self->first = (double) sample - self->per_px * width_of (self) * 0.1;
      settle (self);
    }
  describe (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

void
assay_waveform_set_description (AssayWaveform *self, const char *words)
{
  g_free (self->words);
  self->words = g_strdup (words);
  describe (self);
}

void
assay_waveform_show_range (AssayWaveform *self, gint64 from, gint64 to)
{
  double need = (double) (to - from) * 1.2;
  if (need > self->per_px * width_of (self))
    self->per_px = need / width_of (self);
  if (x_of (self, (double) from) < 0 || x_of (self, (double) to) > width_of (self))
    look_at (self, (double) (from + to) / 2);
}

void
assay_waveform_fit (AssayWaveform *self)
{
  self->fitted = TRUE;
  self->first = (double) self->from;
  self->per_px = n_samples (self) / width_of (self);
  settle (self);
}

void
assay_waveform_zoom_by (AssayWaveform *self, double factor)
{
  double x = x_of (self, (double) self->cursor);
  zoom_at (self, factor, x >= 0 && x <= width_of (self) ? x : width_of (self) / 2);
}

double
assay_waveform_get_px_per_second (AssayWaveform *self)
{
  return self->per_px > 0 ? self->rate_hz / self->per_px : 0;
}

static void
assay_waveform_dispose (GObject *object)
{
  g_clear_handle_id (&ASSAY_WAVEFORM (object)->tell, g_source_remove);
  G_OBJECT_CLASS (assay_waveform_parent_class)->dispose (object);
}

static void
assay_waveform_finalize (GObject *object)
{
  AssayWaveform *self = ASSAY_WAVEFORM (object);
  g_clear_pointer (&self->body, gsk_render_node_unref);
  assay_peaks_unref (self->peaks);
  assay_marks_free (self->overlay);
  g_array_unref (self->segments);
  g_free (self->words);
  G_OBJECT_CLASS (assay_waveform_parent_class)->finalize (object);
}

static void
assay_waveform_class_init (AssayWaveformClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  G_OBJECT_CLASS (klass)->dispose = assay_waveform_dispose;
  G_OBJECT_CLASS (klass)->finalize = assay_waveform_finalize;
  widget_class->snapshot = assay_waveform_snapshot;
  widget_class->size_allocate = assay_waveform_size_allocate;
  widget_class->measure = assay_waveform_measure;
  gtk_widget_class_set_css_name (widget_class, "waveform");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  signals[SIGNAL_INPUT]
      = g_signal_new ("input", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, g_signal_accumulator_true_handled,
                      NULL, NULL, G_TYPE_BOOLEAN, 1, G_TYPE_POINTER);
  signals[SIGNAL_VIEW_CHANGED] = g_signal_new ("view-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
assay_waveform_init (AssayWaveform *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  self->segments = g_array_new (FALSE, FALSE, sizeof (Shown));
  g_array_set_clear_func (self->segments, shown_clear);
  self->per_px = 1;
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_hexpand (widget, TRUE);
  gtk_widget_set_vexpand (widget, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, "Waveform", -1);
  GtkEventController *events = gtk_event_controller_legacy_new ();
  g_signal_connect (events, "event", G_CALLBACK (on_event), self);
  gtk_widget_add_controller (widget, events);
  GtkEventController *keys = gtk_event_controller_key_new ();
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (widget, keys);
}

GtkWidget *
assay_waveform_new (void)
{
  return g_object_new (ASSAY_TYPE_WAVEFORM, NULL);
}
