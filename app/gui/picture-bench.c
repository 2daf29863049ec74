/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/picture-bench.h"

#include "app/gui/display-panel.h"
#include "app/gui/model-view.h"
#include "app/gui/picture-load.h"
#include "app/gui/tool-column.h"

#define KEEP_BEFORE_BYTES (256 * 1024 * 1024) /* a picture larger than this is read again */

struct _AssayPictureBench
{
  GtkWidget parent_instance;
  AssayToolColumn *tools;
  AssayCanvas *canvas;
  AssayDisplayPanel *display;
  AssayCanvas *beside; /* the picture before this one in the sequence */
  AssayItem *preceding;
  char *preceding_path;
  GCancellable *loading_beside;
  gboolean linking;
  AssayModelView *model_view;
  GtkWidget *model_panel;
  GtkSpinner *spinner;
  AssayAnnotation *annotation;
  AssayItemNotice *notice; /* NULL = nothing else is drawn over the picture */
  gboolean live;          /* pixels are under way: the marks borrow from the tool's state */
  AssayRect live_box;     /* where they are, and what they stand in place of */
  AssayRect selected_box; /* where the selected objects are drawn; w < 0 = nowhere */
  guint n_also;           /* beside `selected` */
  AssayId selected;
  GCancellable *loading;
  gint64 prefetched_row, shown_row, before_row;
  AssayPyramid *prefetched, *shown, *before; /* the next one, this one, and the one that was shown before it */
  GCancellable *prefetching;
};

G_DEFINE_FINAL_TYPE (AssayPictureBench, assay_picture_bench, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_VIEW_CHANGED,
  SIGNAL_TOOL_CHOSEN,
  SIGNAL_SHOWN,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static AssaySession *
session_of (AssayPictureBench *self)
{
  return self->annotation != NULL ? assay_annotation_get_session (self->annotation) : NULL;
}

/* Drawing */

static void
describe (AssayPictureBench *self)
{
  const AssayScene *scene = assay_session_get_scene (session_of (self));
  const AssayTool *tool = assay_session_get_tool (session_of (self));
  guint n = scene->objects->list->len;
  if (scene->picture == NULL)
    return;
  g_autofree char *words
      = g_strdup_printf ("%u object%s, %s tool", n, n == 1 ? "" : "s", tool != NULL ? tool->id : "no");
  assay_canvas_set_description (self->canvas, words);
}

static void
draw_overlay (AssayPictureBench *self)
{
  AssaySession *session = session_of (self);
  if (session == NULL)
    return;
  const AssayScene *scene = assay_session_get_scene (session);
  const AssayTool *tool = assay_session_get_tool (session);
  AssayMarks *marks = assay_session_list_tool_marks (session);
  if (self->notice != NULL && scene->picture != NULL)
    assay_item_notice_add_marks (self->notice, marks);
  assay_canvas_set_overlay (self->canvas, marks);
  gboolean posing = tool != NULL && g_str_equal (tool->id, "pose") && scene->model != NULL;
  gtk_widget_set_visible (self->model_panel, posing);
  assay_model_view_update (self->model_view, posing ? scene->model : NULL,
                           posing ? assay_session_get_tool_state (session) : NULL,
                           assay_task_class_colour (scene->task, &scene->current_class));
}

static AssayRect
box_of (AssayPictureBench *self, const AssayId *id)
{
  const AssayScene *scene = assay_session_get_scene (session_of (self));
  const AssayObject *object = assay_objects_find (scene->objects, id);
  AssayRect box = { 0, 0, -1, -1 };
  if (object != NULL && (scene->task->kind->bounds == NULL || !scene->task->kind->bounds (object->value, &box)))
    box = (AssayRect){ 0, 0, scene->item->width_px, scene->item->height_px };
  return box;
}

static guint
count_also (AssayPictureBench *self)
{
  return g_hash_table_size ((GHashTable *) assay_session_get_scene (session_of (self))->also);
}

/* Where any of the selected objects is. */
static AssayRect
selection_box (AssayPictureBench *self)
{
  const AssayScene *scene = assay_session_get_scene (session_of (self));
  AssayRect box = box_of (self, &scene->selected);
  g_autoptr (GPtrArray) list = count_also (self) > 0 ? assay_scene_list_selected (scene) : NULL;
  for (guint i = 0; list != NULL && i < list->len; i++)
    {
      AssayRect one = box_of (self, &((const AssayObject *) list->pdata[i])->id);
      double right = MAX (box.x + box.w, one.x + one.w), bottom = MAX (box.y + box.h, one.y + one.h);
      box.x = MIN (box.x, one.x);
      box.y = MIN (box.y, one.y);
      box.w = right - box.x;
      box.h = bottom - box.y;
    }
  return box;
}

static void
keep_selection (AssayPictureBench *self)
{
  self->selected = assay_session_get_scene (session_of (self))->selected;
  self->n_also = count_also (self);
  self->selected_box = selection_box (self);
}

static void
draw_marks (AssayPictureBench *self, const AssayRect *dirty)
{
  AssaySession *session = session_of (self);
  AssayLive live = { 0 };
  self->live = assay_session_get_live (session, &live);
  assay_canvas_set_marks (self->canvas, assay_session_list_marks (session), dirty);
  keep_selection (self);
  describe (self);
}

/* A selected object is drawn stronger: what was and what is selected is drawn again. */
static void
draw_selection (AssayPictureBench *self)
{
  const AssayScene *scene = assay_session_get_scene (session_of (self));
  if (assay_id_equal (&self->selected, &scene->selected) && self->n_also == count_also (self))
    return;
  AssayRect before = self->selected_box, after = selection_box (self);
  draw_marks (self, before.w >= 0 ? &before : &after);
  if (before.w >= 0 && after.w >= 0) /* the marks are there: ten thousand are not listed twice */
    assay_canvas_redraw_marks (self->canvas, &after);
}

static void
grow (AssayRect *box, const AssayRect *by)
{
  if (by->w < 0)
    return;
  if (box->w < 0)
    {
      *box = *by;
      return;
    }
  double right = MAX (box->x + box->w, by->x + by->w), bottom = MAX (box->y + box->h, by->y + by->h);
  box->x = MIN (box->x, by->x);
  box->y = MIN (box->y, by->y);
  box->w = right - box->x;
  box->h = bottom - box->y;
}

/* Pixels under way: begun, gone on with, or ended. What was there before and all that was painted is drawn, and no
 * more. */
static void
draw_live (AssayPictureBench *self)
{
  AssayLive live = { 0 };
  gboolean is_live = assay_session_get_live (session_of (self), &live), was_live = self->live;
  if (!is_live && !was_live)
    return;
  if (is_live && !was_live)
    self->live_box = box_of (self, &live.object);
  g_autoptr (GArray) boxes = g_array_new (FALSE, FALSE, sizeof (AssayRect));
  if (is_live)
    assay_paint_take_dirty_boxes (live.paint, boxes);
  for (guint i = 0; i < boxes->len; i++)
    grow (&self->live_box, &g_array_index (boxes, AssayRect, i));
  if (is_live != was_live)
    draw_marks (self, &self->live_box);
  for (guint i = 0; is_live && was_live && i < boxes->len; i++)
    assay_canvas_redraw (self->canvas, &g_array_index (boxes, AssayRect, i));
}

static void
on_changed (AssayPictureBench *self, const AssayRect *dirty)
{
  gboolean was_live = self->live;
  draw_selection (self);
  draw_marks (self, dirty);
  if (was_live && self->live_box.w >= 0) /* not all that was painted needs to have become the object's */
    assay_canvas_redraw (self->canvas, &self->live_box);
  draw_overlay (self);
}

static void
on_answered (AssayPictureBench *self, const AssayAnswer *answer)
{
  if (answer->select)
    draw_selection (self);
  if (answer->redraw)
    {
      draw_live (self);
      draw_overlay (self);
    }
}

void
assay_picture_bench_redraw (AssayPictureBench *self)
{
  if (session_of (self) != NULL)
    draw_marks (self, NULL);
}

void
assay_picture_bench_update (AssayPictureBench *self)
{
  AssaySession *session = session_of (self);
  if (session == NULL)
    return;
  const AssayTool *tool = assay_session_get_tool (session);
  if (self->live) /* another tool: its pixels are gone */
    draw_live (self);
  else
    draw_selection (self);
  assay_session_set_model (
      session, assay_annotation_get_model (self->annotation, &assay_session_get_scene (session)->current_class));
  assay_tool_column_set_current (self->tools, tool != NULL ? tool->id : NULL);
  describe (self);
  assay_canvas_send_hover (self->canvas); /* the tool learns of its model, the canvas of what it draws */
  draw_overlay (self);
}

/* Input */

static gboolean
on_input (AssayPictureBench *self, const AssayInput *input)
{
  /* While the next picture is on its way the old one still stands there: nothing is drawn by what it shows. */
  if (session_of (self) == NULL || assay_session_get_scene (session_of (self))->picture == NULL)
    return input->kind != ASSAY_INPUT_MOVE && input->kind != ASSAY_INPUT_KEY;
  return assay_annotation_input (self->annotation, input);
}

static void
on_corner (AssayPictureBench *self, guint corner)
{
  char key[24];
  g_snprintf (key, sizeof key, "corner-%u", corner);
  assay_canvas_send_key (self->canvas, key, 0);
}

/* One looks where the other does, by shares of the picture: they need not have the same size. */
static void
link_views (AssayPictureBench *self, AssayCanvas *from, AssayCanvas *to)
{
  const AssayView *a = assay_canvas_get_view (from), *b = assay_canvas_get_view (to);
  if (self->linking || !gtk_widget_get_visible (GTK_WIDGET (self->beside)) || a->image_w == 0 || b->image_w == 0)
    return;
  AssayPoint middle = assay_view_to_image (a, (AssayPoint){ a->width / 2, a->height / 2 });
  double by = (double) b->image_w / a->image_w;
  middle.x *= by;
  middle.y *= (double) b->image_h / a->image_h;
  self->linking = TRUE;
  assay_canvas_look_at (to, middle, a->zoom / by);
  self->linking = FALSE;
}

static void
show_alike (AssayPictureBench *self)
{
  if (gtk_widget_get_visible (GTK_WIDGET (self->beside)))
    assay_canvas_set_display (self->beside, assay_canvas_get_display (self->canvas));
}

static void
on_beside_view_changed (AssayPictureBench *self)
{
  link_views (self, self->beside, self->canvas);
}

static void
on_beside_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayPictureBench) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPyramid) pyramid = assay_picture_load_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->loading_beside);
  self->linking = TRUE;
  assay_canvas_set_pyramid (self->beside, pyramid); /* what cannot be read says so where it is opened */
  self->linking = FALSE;
  assay_canvas_set_description (self->beside, pyramid == NULL ? "it cannot be read" : NULL);
  show_alike (self);
  link_views (self, self->canvas, self->beside);
}

static void
load_beside (AssayPictureBench *self)
{
  g_cancellable_cancel (self->loading_beside);
  g_clear_object (&self->loading_beside);
  if (!gtk_widget_get_visible (GTK_WIDGET (self->beside)))
    return;
  if (self->preceding == NULL)
    {
      assay_canvas_set_pyramid (self->beside, NULL);
      return;
    }
  self->loading_beside = g_cancellable_new ();
  assay_picture_load_async (self->preceding, self->preceding_path, self->loading_beside, on_beside_loaded,
                            g_object_ref (self));
}

void
assay_picture_bench_set_preceding (AssayPictureBench *self, const AssayItem *item, const char *path)
{
  g_clear_pointer (&self->preceding, assay_item_free);
  g_free (self->preceding_path);
  self->preceding = item != NULL ? assay_item_copy (item) : NULL;
  self->preceding_path = g_strdup (path);
  load_beside (self);
}

void
assay_picture_bench_toggle_beside (AssayPictureBench *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->beside), !gtk_widget_get_visible (GTK_WIDGET (self->beside)));
  if (!gtk_widget_get_visible (GTK_WIDGET (self->beside)))
    assay_canvas_set_pyramid (self->beside, NULL);
  load_beside (self);
}

static void
on_view_changed (AssayPictureBench *self)
{
  link_views (self, self->canvas, self->beside);
  g_signal_emit (self, signals[SIGNAL_VIEW_CHANGED], 0);
}

static void
on_tool_chosen (AssayPictureBench *self, const char *id)
{
  g_signal_emit (self, signals[SIGNAL_TOOL_CHOSEN], 0, id);
}

/* The picture */

/* Whoever looks back once more does not wait for it. */
static void
remember (AssayPictureBench *self, gint64 row, AssayPyramid *pyramid)
{
  AssayPyramid *now = assay_pyramid_ref (pyramid);
  if (self->shown_row != row)
    {
      g_clear_pointer (&self->before, assay_pyramid_unref);
      self->before = g_steal_pointer (&self->shown);
      self->before_row = self->shown_row;
      if (self->before != NULL && self->before->picture->stride * self->before->picture->height_px > KEEP_BEFORE_BYTES)
        g_clear_pointer (&self->before, assay_pyramid_unref);
    }
  g_clear_pointer (&self->shown, assay_pyramid_unref);
  self->shown = now;
  self->shown_row = row;
}

static void
show_picture (AssayPictureBench *self, AssayPyramid *pyramid)
{
  remember (self, assay_session_get_scene (session_of (self))->item->row, pyramid);
  gtk_spinner_set_spinning (self->spinner, FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  assay_session_set_picture (session_of (self), pyramid->picture);
  assay_canvas_set_pyramid (self->canvas, pyramid);
  draw_marks (self, NULL);
  assay_canvas_send_hover (self->canvas);
  draw_overlay (self);
  g_signal_emit (self, signals[SIGNAL_SHOWN], 0);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayPictureBench) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AssayPyramid) pyramid = assay_picture_load_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->loading);
  if (session_of (self) == NULL)
    return;
  if (pyramid != NULL)
    {
      show_picture (self, pyramid);
      return;
    }
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  assay_canvas_set_pyramid (self->canvas, NULL);
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

static void
load (AssayPictureBench *self)
{
  const AssayScene *scene = assay_session_get_scene (session_of (self));
  if (self->prefetched != NULL && self->prefetched_row == scene->item->row)
    {
      show_picture (self, self->prefetched);
      return;
    }
  if (self->before != NULL && self->before_row == scene->item->row)
    {
      g_autoptr (AssayPyramid) before = assay_pyramid_ref (self->before);
      show_picture (self, before);
      return;
    }
  self->loading = g_cancellable_new ();
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), TRUE);
  gtk_spinner_set_spinning (self->spinner, TRUE);
  assay_picture_load_async (scene->item, assay_annotation_get_media_path (self->annotation), self->loading,
                            on_loaded, g_object_ref (self));
}

static void
on_prefetched (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (AssayPictureBench) self = data;
  g_autoptr (GError) error = NULL;
  AssayPyramid *pyramid = assay_picture_load_finish (result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->prefetching);
  g_clear_pointer (&self->prefetched, assay_pyramid_unref);
  self->prefetched = pyramid; /* what cannot be read says so when it is opened */
}

void
assay_picture_bench_prefetch (AssayPictureBench *self, const AssayItem *item, const char *path)
{
  if (self->prefetched_row == item->row)
    return;
  g_cancellable_cancel (self->prefetching);
  g_clear_object (&self->prefetching);
  g_clear_pointer (&self->prefetched, assay_pyramid_unref);
  self->prefetching = g_cancellable_new ();
  self->prefetched_row = item->row;
  assay_picture_load_async (item, path, self->prefetching, on_prefetched, g_object_ref (self));
}

void
assay_picture_bench_forget (AssayPictureBench *self)
{
  g_cancellable_cancel (self->prefetching);
  g_clear_object (&self->prefetching);
  g_clear_pointer (&self->prefetched, assay_pyramid_unref);
  g_clear_pointer (&self->shown, assay_pyramid_unref);
  g_clear_pointer (&self->before, assay_pyramid_unref);
  self->prefetched_row = self->shown_row = self->before_row = 0;
  assay_picture_bench_set_preceding (self, NULL, NULL);
  assay_canvas_set_pyramid (self->canvas, NULL);
}

void
assay_picture_bench_set_annotation (AssayPictureBench *self, AssayAnnotation *annotation)
{
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  if (self->annotation != NULL)
    g_signal_handlers_disconnect_by_data (self->annotation, self);
  /* The marks borrow from the draft that goes now. The old picture stays until the next one is there. */
  assay_canvas_set_marks (self->canvas, assay_marks_new (), NULL);
  assay_canvas_set_overlay (self->canvas, assay_marks_new ());
  assay_canvas_set_description (self->canvas, NULL);
  assay_model_view_update (self->model_view, NULL, NULL, 0);
  self->selected = ASSAY_ID_NIL;
  self->selected_box = (AssayRect){ 0, 0, -1, -1 };
  self->live = FALSE;
  g_set_object (&self->annotation, annotation);
  if (annotation == NULL)
    return;
  g_signal_connect_object (annotation, "changed", G_CALLBACK (on_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (annotation, "answered", G_CALLBACK (on_answered), self, G_CONNECT_SWAPPED);
  assay_tool_column_set_kind (self->tools, assay_session_get_scene (session_of (self))->task->kind);
  load (self);
}

void
assay_picture_bench_show_display (AssayPictureBench *self)
{
  assay_display_panel_toggle (self->display);
}

void
assay_picture_bench_set_notice (AssayPictureBench *self, AssayItemNotice *notice)
{
  g_set_object (&self->notice, notice);
  g_signal_connect_object (notice, "marks-changed", G_CALLBACK (draw_overlay), self, G_CONNECT_SWAPPED);
}

gboolean
assay_picture_bench_is_loading (AssayPictureBench *self)
{
  return self->loading != NULL;
}

AssayCanvas *
assay_picture_bench_get_canvas (AssayPictureBench *self)
{
  return self->canvas;
}

static void
assay_picture_bench_dispose (GObject *object)
{
  AssayPictureBench *self = ASSAY_PICTURE_BENCH (object);
  GtkWidget *child;
  g_cancellable_cancel (self->loading);
  g_clear_object (&self->loading);
  g_cancellable_cancel (self->prefetching);
  g_clear_object (&self->prefetching);
  g_clear_pointer (&self->prefetched, assay_pyramid_unref);
  g_clear_pointer (&self->shown, assay_pyramid_unref);
  g_clear_pointer (&self->before, assay_pyramid_unref);
  g_cancellable_cancel (self->loading_beside);
  g_clear_object (&self->loading_beside);
  g_clear_pointer (&self->preceding, assay_item_free);
  g_clear_pointer (&self->preceding_path, g_free);
  g_clear_object (&self->annotation);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->notice);
  G_OBJECT_CLASS (assay_picture_bench_parent_class)->dispose (object);
}

static void
assay_picture_bench_class_init (AssayPictureBenchClass *class)
{
  G_OBJECT_CLASS (class)->dispose = assay_picture_bench_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (class), GTK_TYPE_BOX_LAYOUT);
  signals[SIGNAL_VIEW_CHANGED] = g_signal_new ("view-changed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0,
                                               NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_TOOL_CHOSEN] = g_signal_new ("tool-chosen", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL,
                                              NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[SIGNAL_SHOWN]
      = g_signal_new ("shown", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (class), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static void
add_model_panel (AssayPictureBench *self)
{
  GtkWidget *label = gtk_label_new ("T or a click chooses the next corner; drag turns");
  self->model_panel = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  self->model_view = g_object_new (ASSAY_TYPE_MODEL_VIEW, "vexpand", TRUE, NULL);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 24);
  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_add_css_class (label, "caption");
  gtk_widget_set_margin_start (label, 12);
  gtk_widget_set_margin_end (label, 12);
  gtk_widget_set_margin_bottom (label, 12);
  gtk_box_append (GTK_BOX (self->model_panel), GTK_WIDGET (self->model_view));
  gtk_box_append (GTK_BOX (self->model_panel), label);
  gtk_widget_set_size_request (self->model_panel, 260, -1);
  gtk_widget_add_css_class (self->model_panel, "side-panel");
  gtk_widget_set_visible (self->model_panel, FALSE);
  gtk_widget_set_parent (self->model_panel, GTK_WIDGET (self));
  g_signal_connect_swapped (self->model_view, "corner", G_CALLBACK (on_corner), self);
}

static void
assay_picture_bench_init (AssayPictureBench *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  self->tools = g_object_new (ASSAY_TYPE_TOOL_COLUMN, NULL);
  self->canvas = ASSAY_CANVAS (assay_canvas_new ());
  self->spinner = GTK_SPINNER (gtk_spinner_new ());
  gtk_widget_set_size_request (GTK_WIDGET (self->spinner), 32, 32);
  gtk_widget_set_halign (GTK_WIDGET (self->spinner), GTK_ALIGN_CENTER);
  gtk_widget_set_valign (GTK_WIDGET (self->spinner), GTK_ALIGN_CENTER);
  gtk_widget_set_can_target (GTK_WIDGET (self->spinner), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), FALSE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), GTK_WIDGET (self->canvas));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->spinner));
  self->display = ASSAY_DISPLAY_PANEL (assay_display_panel_new (self->canvas));
  gtk_widget_set_halign (GTK_WIDGET (self->display), GTK_ALIGN_END);
  gtk_widget_set_valign (GTK_WIDGET (self->display), GTK_ALIGN_START);
  gtk_widget_set_margin_top (GTK_WIDGET (self->display), 6);
  gtk_widget_set_margin_end (GTK_WIDGET (self->display), 6);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->display));
  gtk_widget_set_parent (GTK_WIDGET (self->tools), GTK_WIDGET (self));
  self->beside = ASSAY_CANVAS (assay_canvas_new ());
  gtk_widget_set_visible (GTK_WIDGET (self->beside), FALSE);
  gtk_widget_set_margin_end (GTK_WIDGET (self->beside), 3);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->beside), GTK_ACCESSIBLE_PROPERTY_LABEL, "Previous picture",
                                  -1);
  gtk_widget_set_parent (GTK_WIDGET (self->beside), GTK_WIDGET (self));
  g_signal_connect_swapped (self->beside, "view-changed", G_CALLBACK (on_beside_view_changed), self);
  g_signal_connect_swapped (self->canvas, "display-changed", G_CALLBACK (show_alike), self);
  gtk_widget_set_parent (overlay, GTK_WIDGET (self));
  add_model_panel (self);
  g_signal_connect_swapped (self->canvas, "input", G_CALLBACK (on_input), self);
  g_signal_connect_swapped (self->canvas, "view-changed", G_CALLBACK (on_view_changed), self);
  g_signal_connect_swapped (self->tools, "chosen", G_CALLBACK (on_tool_chosen), self);
}
