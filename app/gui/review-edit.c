/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/review-edit.h"

#include "annotate/edits.h"
#include "app/gui/class-list.h"
#include "app/gui/option-bar.h"
#include "app/gui/picture-bench.h"
#include "app/gui/shortcuts.h"
#include "app/gui/sound-bench.h"

#include <adwaita.h>

struct _AssayReviewEdit
{
  GtkWidget parent_instance;
  AssayAnnotation *annotation;
  AssayOptions *options; /* of the tools */
  GtkBox *box;
  GtkLabel *hint;
  GtkStack *benches;
  AssayOptionBar *options_bar;
  AssayPictureBench *picture;
  AssaySoundBench *sound;
  AssayClassList *classes;
};

G_DEFINE_FINAL_TYPE (AssayReviewEdit, assay_review_edit, GTK_TYPE_WIDGET)

enum
{
  SIGNAL_SETTLE,
  SIGNAL_GIVE_UP,
  SIGNAL_FAILED,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

static AssaySession *
session_of (AssayReviewEdit *self)
{
  return self->annotation != NULL ? assay_annotation_get_session (self->annotation) : NULL;
}

static const AssayScene *
scene_of (AssayReviewEdit *self)
{
  return session_of (self) != NULL ? assay_session_get_scene (session_of (self)) : NULL;
}

static gboolean
is_sound (AssayReviewEdit *self)
{
  return scene_of (self)->item->media_kind == ASSAY_MEDIA_SOUND;
}

static void
update (AssayReviewEdit *self)
{
  const AssayScene *scene = scene_of (self);
  assay_option_bar_set_tool (self->options_bar, assay_session_get_tool (session_of (self)), scene->task->kind);
  assay_class_list_set_current (self->classes, assay_task_class_index (scene->task, &scene->current_class));
  if (is_sound (self))
    assay_sound_bench_update (self->sound);
  else
    assay_picture_bench_update (self->picture);
}

static void
on_opened (AssayReviewEdit *self)
{
  gboolean sound = is_sound (self);
  assay_session_set_options (session_of (self), self->options);
  assay_picture_bench_set_annotation (self->picture, sound ? NULL : self->annotation);
  assay_sound_bench_set_annotation (self->sound, sound ? self->annotation : NULL);
  assay_class_list_set_task (self->classes, scene_of (self)->task);
  gtk_stack_set_visible_child (self->benches, sound ? GTK_WIDGET (self->sound) : GTK_WIDGET (self->picture));
  update (self);
  gtk_widget_grab_focus (sound ? GTK_WIDGET (assay_sound_bench_get_waveform (self->sound))
                               : GTK_WIDGET (assay_picture_bench_get_canvas (self->picture)));
}

static void
on_failed (AssayReviewEdit *self, const GError *error)
{
  g_signal_emit (self, signals[SIGNAL_FAILED], 0, error);
}

/* What a tool says is to be done next, or why nothing was. */
static void
on_answered (AssayReviewEdit *self, const AssayAnswer *answer)
{
  if (answer->hint != NULL)
    gtk_label_set_text (self->hint, answer->hint);
}

/* Actions */

static void
set_tool (AssayReviewEdit *self, const char *id)
{
  const AssayTool *tool = assay_tool_find (id);
  if (scene_of (self) == NULL || tool == NULL || !assay_tool_serves (tool, scene_of (self)->task->kind))
    return;
  assay_session_set_tool (session_of (self), tool);
  gtk_label_set_text (self->hint, tool->help);
  update (self);
}

static void
set_class (AssayReviewEdit *self, guint index)
{
  const AssayScene *scene = scene_of (self);
  if (scene == NULL || index >= scene->task->classes->len)
    return;
  AssayId class_id = ((AssayClass *) scene->task->classes->pdata[index])->id;
  g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene);
  assay_session_set_class (session_of (self), &class_id);
  if (selected->len > 0)
    assay_annotation_edit (self->annotation, assay_edit_new_class (scene, selected, &class_id));
  update (self);
}

static void
act_tool (GtkWidget *widget, const char *action, GVariant *parameter)
{
  set_tool (ASSAY_REVIEW_EDIT (widget), g_variant_get_string (parameter, NULL));
}

static void
act_class (GtkWidget *widget, const char *action, GVariant *parameter)
{
  set_class (ASSAY_REVIEW_EDIT (widget), (guint) g_variant_get_int32 (parameter) - 1);
}

static void
act_change (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayReviewEdit *self = ASSAY_REVIEW_EDIT (widget);
  const AssayScene *scene = scene_of (self);
  if (scene == NULL)
    return;
  assay_sound_bench_save_words (self->sound);
  if (g_str_equal (action, "page.undo"))
    assay_annotation_undo (self->annotation);
  else if (g_str_equal (action, "page.redo"))
    assay_annotation_redo (self->annotation);
  else
    {
      g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene);
      if (selected->len > 0)
        assay_annotation_edit (self->annotation, assay_edit_new_removal (scene, selected));
    }
  update (self);
}

static void
act_zoom (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayReviewEdit *self = ASSAY_REVIEW_EDIT (widget);
  AssayCanvas *canvas = assay_picture_bench_get_canvas (self->picture);
  if (g_str_equal (action, "page.fit"))
    assay_canvas_fit (canvas);
  else
    assay_canvas_zoom_by (canvas, g_str_equal (action, "page.zoom-in") ? 1.25 : 0.8);
}

static void
act_play (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayReviewEdit *self = ASSAY_REVIEW_EDIT (widget);
  if (scene_of (self) != NULL && is_sound (self))
    assay_sound_bench_toggle_playing (self->sound);
}

static void
act_settle (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayReviewEdit *self = ASSAY_REVIEW_EDIT (widget);
  assay_sound_bench_save_words (self->sound);
  if (scene_of (self) != NULL && !assay_annotation_is_busy (self->annotation))
    g_signal_emit (self, signals[SIGNAL_SETTLE], 0);
  else
    gtk_label_set_text (self->hint, "one moment: it is being read, or undone");
}

static void
on_settle (AssayReviewEdit *self)
{
  act_settle (GTK_WIDGET (self), "page.submit", NULL);
}

static void
on_cancel (AssayReviewEdit *self)
{
  g_signal_emit (self, signals[SIGNAL_GIVE_UP], 0);
}

AssayObjects *
assay_review_edit_dup_objects (AssayReviewEdit *self)
{
  return scene_of (self) != NULL ? assay_objects_copy (scene_of (self)->objects) : NULL;
}

GtkWidget *
assay_review_edit_new (AssayDesk *desk, gint64 item_row, const AssayTask *task, const AssayAnnotator *hand,
                       const char *title)
{
  AssayReviewEdit *self = g_object_new (ASSAY_TYPE_REVIEW_EDIT, NULL);
  GtkWidget *header = gtk_widget_get_first_child (GTK_WIDGET (self->box));
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header),
                                   adw_window_title_new (title, "your edit, settled as the truth"));
  self->annotation = assay_annotation_new (desk, item_row, task, hand);
  g_signal_connect_object (self->annotation, "opened", G_CALLBACK (on_opened), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->annotation, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->annotation, "answered", G_CALLBACK (on_answered), self, G_CONNECT_SWAPPED);
  return GTK_WIDGET (self);
}

/* GObject */

static gboolean
assay_review_edit_grab_focus (GtkWidget *widget)
{
  AssayReviewEdit *self = ASSAY_REVIEW_EDIT (widget);
  return gtk_widget_grab_focus (GTK_WIDGET (assay_picture_bench_get_canvas (self->picture)));
}

static void
assay_review_edit_dispose (GObject *object)
{
  AssayReviewEdit *self = ASSAY_REVIEW_EDIT (object);
  if (self->annotation != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->annotation, self);
      assay_picture_bench_set_annotation (self->picture, NULL);
      assay_sound_bench_set_annotation (self->sound, NULL);
      assay_annotation_leave (self->annotation, NULL, NULL);
    }
  g_clear_object (&self->annotation);
  g_clear_pointer ((GtkWidget **) &self->box, gtk_widget_unparent);
  g_clear_pointer (&self->options, assay_options_free);
  G_OBJECT_CLASS (assay_review_edit_parent_class)->dispose (object);
}

static void
assay_review_edit_class_init (AssayReviewEditClass *class)
{
  static const struct
  {
    const char *name, *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = { { "page.tool", "s", act_tool },      { "page.class", "i", act_class },
                  { "page.undo", NULL, act_change },   { "page.redo", NULL, act_change },
                  { "page.remove", NULL, act_change }, { "page.fit", NULL, act_zoom },
                  { "page.zoom-in", NULL, act_zoom },  { "page.zoom-out", NULL, act_zoom },
                  { "page.play", NULL, act_play },     { "page.submit", NULL, act_settle } };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_review_edit_dispose;
  widget_class->grab_focus = assay_review_edit_grab_focus;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter, actions[i].activate);
  signals[SIGNAL_SETTLE]
      = g_signal_new ("settle", ASSAY_TYPE_REVIEW_EDIT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_GIVE_UP]
      = g_signal_new ("give-up", ASSAY_TYPE_REVIEW_EDIT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_FAILED] = g_signal_new ("failed", ASSAY_TYPE_REVIEW_EDIT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                         G_TYPE_NONE, 1, G_TYPE_POINTER);
}

static GtkWidget *
header_new (AssayReviewEdit *self)
{
  GtkWidget *header = adw_header_bar_new (), *cancel = gtk_button_new_with_label ("Cancel"),
            *settle = gtk_button_new_with_label ("Settle");
  adw_header_bar_set_show_start_title_buttons (ADW_HEADER_BAR (header), FALSE);
  adw_header_bar_set_show_end_title_buttons (ADW_HEADER_BAR (header), FALSE);
  gtk_widget_add_css_class (settle, "suggested-action");
  assay_shortcuts_tip (settle, "page.submit", NULL);
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), cancel);
  adw_header_bar_pack_end (ADW_HEADER_BAR (header), settle);
  g_signal_connect_object (cancel, "clicked", G_CALLBACK (on_cancel), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (settle, "clicked", G_CALLBACK (on_settle), self, G_CONNECT_SWAPPED);
  return header;
}

static void
assay_review_edit_init (AssayReviewEdit *self)
{
  GtkWidget *middle = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0), *scrolled = gtk_scrolled_window_new ();
  self->options = assay_options_new (assay_tool_options ());
  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->options_bar = g_object_new (ASSAY_TYPE_OPTION_BAR, NULL);
  self->picture = g_object_new (ASSAY_TYPE_PICTURE_BENCH, NULL);
  self->sound = g_object_new (ASSAY_TYPE_SOUND_BENCH, NULL);
  self->classes = g_object_new (ASSAY_TYPE_CLASS_LIST, NULL);
  self->benches = GTK_STACK (gtk_stack_new ());
  self->hint = GTK_LABEL (gtk_label_new (NULL));
  assay_option_bar_set_values (self->options_bar, self->options);
  gtk_stack_add_child (self->benches, GTK_WIDGET (self->picture));
  gtk_stack_add_child (self->benches, GTK_WIDGET (self->sound));
  gtk_widget_set_hexpand (GTK_WIDGET (self->benches), TRUE);
  gtk_widget_set_vexpand (middle, TRUE);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), GTK_WIDGET (self->classes));
  gtk_widget_set_size_request (scrolled, 200, -1);
  gtk_box_append (GTK_BOX (middle), GTK_WIDGET (self->benches));
  gtk_box_append (GTK_BOX (middle), scrolled);
  gtk_label_set_xalign (self->hint, 0);
  gtk_label_set_ellipsize (self->hint, PANGO_ELLIPSIZE_END);
  gtk_widget_add_css_class (GTK_WIDGET (self->hint), "status-line");
  gtk_box_append (self->box, header_new (self));
  gtk_box_append (self->box, GTK_WIDGET (self->options_bar));
  gtk_box_append (self->box, middle);
  gtk_box_append (self->box, GTK_WIDGET (self->hint));
  gtk_widget_set_parent (GTK_WIDGET (self->box), GTK_WIDGET (self));
  g_signal_connect_object (self->picture, "tool-chosen", G_CALLBACK (set_tool), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->picture, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sound, "failed", G_CALLBACK (on_failed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->classes, "chosen", G_CALLBACK (set_class), self, G_CONNECT_SWAPPED);
  assay_shortcuts_install_on (GTK_WIDGET (self), ASSAY_KEYS_ANNOTATE);
}
