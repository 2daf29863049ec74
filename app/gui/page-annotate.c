/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-annotate.h"

#include "annotate/edits.h"
#include "app/gui/annotation.h"
#include "app/gui/class-list.h"
#include "app/gui/item-list.h"
#include "app/gui/object-list.h"
#include "app/gui/picture-bench.h"
#include "app/gui/sound-bench.h"
#include "app/gui/status-line.h"
#include "core/media.h"
#include "app/gui/widget.h"

#include <adwaita.h>

struct _AssayPageAnnotate
{
  GtkWidget parent_instance;
  AssayDesk *desk;             /* NULL without a project */
  AssayAnnotation *annotation; /* NULL without an item */
  AssayId current_class;       /* goes on from item to item */
  const AssayTool *tool;
  gboolean breach_shown; /* the hint is a drawing rule's, and Alt+Enter applies its remedy */
  guint clock;           /* shows the active time once a second */
  gboolean shown;

  AssayItemList *items;
  GtkRevealer *left, *right;
  GtkStack *stack;
  AdwStatusPage *empty;
  AssayPictureBench *picture;
  AssaySoundBench *sound;
  AssayClassList *classes;
  AssayObjectList *objects;
  GtkLabel *objects_title, *guideline;
  GtkWidget *guideline_expander;
  AssayStatusLine *status;
};

static void assay_page_annotate_implement (AssayPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPageAnnotate, assay_page_annotate, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PAGE, assay_page_annotate_implement))

static AssaySession *
session_of (AssayPageAnnotate *page)
{
  return page->annotation != NULL ? assay_annotation_get_session (page->annotation) : NULL;
}

static const AssayScene *
scene_of (AssayPageAnnotate *page)
{
  AssaySession *session = session_of (page);
  return session != NULL ? assay_session_get_scene (session) : NULL;
}

static gboolean
is_sound (AssayPageAnnotate *page)
{
  return scene_of (page) != NULL && scene_of (page)->task->kind->media == ASSAY_MEDIA_SOUND;
}

/* What is shown around the work */

static void
update_zoom (AssayPageAnnotate *page)
{
  g_autofree char *words = NULL;
  if (scene_of (page) == NULL)
    words = g_strdup ("");
  else if (is_sound (page))
    words = g_strdup_printf ("%.0f px/s",
                             assay_waveform_get_px_per_second (assay_sound_bench_get_waveform (page->sound)));
  else
    words = g_strdup_printf ("%.0f %%",
                             assay_canvas_get_view (assay_picture_bench_get_canvas (page->picture))->zoom * 100);
  assay_status_line_set_zoom (page->status, words);
}

static void
update_saving (AssayPageAnnotate *page)
{
  const char *why = NULL;
  AssaySaving saving
      = page->annotation != NULL ? assay_annotation_get_saving (page->annotation, &why) : ASSAY_SAVED;
  assay_status_line_set_saving (page->status, saving, why);
  gboolean has_undo = page->annotation != NULL && assay_annotation_get_undo_name (page->annotation) != NULL;
  gboolean has_redo = page->annotation != NULL && assay_annotation_get_redo_name (page->annotation) != NULL;
  gboolean idle = saving != ASSAY_SAVED;
  /* While something is on its way the journal's own words are a moment behind. */
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.undo", has_undo || idle);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.redo", has_redo || idle);
}

static void
update_seconds (AssayPageAnnotate *page)
{
  assay_status_line_set_seconds (page->status,
                                 session_of (page) != NULL ? assay_session_get_seconds (session_of (page)) : 0);
}

static gboolean
on_clock (gpointer data)
{
  update_seconds (data);
  return G_SOURCE_CONTINUE;
}

static void
update_lists (AssayPageAnnotate *page)
{
  const AssayScene *scene = scene_of (page);
  guint n = scene != NULL ? scene->objects->list->len : 0;
  g_autofree char *title = n > 0 ? g_strdup_printf ("Objects  %u", n) : g_strdup ("Objects");
  assay_object_list_update (page->objects, is_sound (page) ? NULL : scene);
  gtk_label_set_text (page->objects_title, title);
}

static void
update_class (AssayPageAnnotate *page)
{
  const AssayScene *scene = scene_of (page);
  const AssayClass *class = scene != NULL ? assay_task_find_class (scene->task, &scene->current_class) : NULL;
  assay_status_line_set_class (page->status, class);
  assay_class_list_set_current (page->classes,
                                class != NULL ? assay_task_class_index (scene->task, &class->id) : G_MAXUINT);
}

static void
show_hint (AssayPageAnnotate *page, const char *hint, gboolean of_rule)
{
  const AssayBreach *breach = of_rule ? assay_session_get_breach (session_of (page)) : NULL;
  page->breach_shown = of_rule;
  assay_status_line_set_hint (page->status, hint, of_rule);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.apply-hint", breach != NULL && breach->remedy != NULL);
}

static void
update_tool (AssayPageAnnotate *page)
{
  const AssayTool *tool = session_of (page) != NULL ? assay_session_get_tool (session_of (page)) : NULL;
  assay_status_line_set_tool (page->status, tool);
  show_hint (page, tool != NULL ? tool->help : "", FALSE);
}

/* What a rule says of the draft goes before what the tool says of itself, until somebody says something newer. */
static void
update_breach (AssayPageAnnotate *page)
{
  AssaySession *session = session_of (page);
  g_autofree char *text = session != NULL ? assay_session_dup_breach_text (session) : NULL;
  if (text != NULL)
    show_hint (page, text, TRUE);
  else if (page->breach_shown)
    update_tool (page);
}

/* Selection, class or tool is another. */
static void
update_bench (AssayPageAnnotate *page)
{
  if (scene_of (page) == NULL)
    return;
  if (is_sound (page))
    assay_sound_bench_update (page->sound);
  else
    assay_picture_bench_update (page->picture, assay_object_list_get_hidden (page->objects));
}

/* There is something to submit, or to skip. */
static void
let_revise (AssayPageAnnotate *page, gboolean may)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.submit", may);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.skip", may);
}

static void
focus_work (AssayPageAnnotate *page)
{
  gtk_widget_grab_focus (is_sound (page) ? GTK_WIDGET (assay_sound_bench_get_waveform (page->sound))
                                         : GTK_WIDGET (assay_picture_bench_get_canvas (page->picture)));
}

/* What the annotation tells */

static void
on_changed (AssayPageAnnotate *page, const AssayRect *dirty)
{
  update_lists (page);
  update_breach (page);
}

static void
on_answered (AssayPageAnnotate *page, const AssayAnswer *answer)
{
  if (answer->hint != NULL)
    show_hint (page, answer->hint, answer->warning);
  if (answer->select)
    update_lists (page);
}

static void
on_failed (AssayPageAnnotate *page, const GError *error)
{
  assay_page_show_error (page, error);
}

static void
on_open_failed (AssayPageAnnotate *page, const GError *error)
{
  let_revise (page, FALSE);
  adw_status_page_set_title (page->empty, "This item cannot be opened");
  adw_status_page_set_description (page->empty, error->message);
  gtk_stack_set_visible_child_name (page->stack, "empty");
}

static void
on_revised (AssayPageAnnotate *page, int state)
{
  if (state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SKIPPED)
    assay_item_list_step_todo (page->items);
}

/* The tool and the class that were chosen go on to the next item, where they mean something there. */
static void
keep_choices (AssayPageAnnotate *page)
{
  AssaySession *session = session_of (page);
  const AssayTask *task = scene_of (page)->task;
  if (page->tool != NULL && assay_tool_serves (page->tool, task->kind))
    assay_session_set_tool (session, page->tool);
  if (assay_task_find_class (task, &page->current_class) != NULL)
    assay_session_set_class (session, &page->current_class);
  page->tool = assay_session_get_tool (session);
  page->current_class = scene_of (page)->current_class;
}

/* Items that follow are decoded ahead of time: the next one shows at once. */
typedef struct
{
  gint64 after_row;
  AssayTask *task;
  AssayItem *item;
  char *path;
} Following;

static void
following_free (gpointer data)
{
  Following *following = data;
  assay_task_free (following->task);
  assay_item_free (following->item);
  g_free (following->path);
  g_free (following);
}

static gboolean
find_following (AssayProject *project, gpointer data, GError **error)
{
  Following *following = data;
  g_autofree char *where
      = g_strdup_printf ("row > %" G_GINT64_FORMAT " AND media_kind = '%s' ORDER BY row LIMIT 1",
                         following->after_row, assay_media_kind_to_text (following->task->kind->media));
  g_autoptr (GArray) rows = assay_item_list_rows (project->store, where, error);
  if (rows == NULL || rows->len == 0)
    return rows != NULL;
  following->item = assay_item_get_row (project->store, g_array_index (rows, gint64, 0), error);
  if (following->item != NULL)
    following->path = assay_item_dup_path (project, following->item);
  return following->item != NULL;
}

static void
found_following (gpointer owner, gpointer data, const GError *error)
{
  AssayPageAnnotate *page = owner;
  Following *following = data;
  if (following->item != NULL && scene_of (page) != NULL && !is_sound (page))
    assay_picture_bench_prefetch (page->picture, following->item, following->path);
}

static void
prefetch (AssayPageAnnotate *page)
{
  Following *following = g_new0 (Following, 1);
  following->after_row = scene_of (page)->item->row;
  following->task = assay_task_copy (scene_of (page)->task);
  assay_desk_read (page->desk, find_following, following, following_free, found_following, page);
}

/* Whoever goes through the items with the arrows stays in the list. */
static gboolean
walks_list (AssayPageAnnotate *page)
{
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (page)));
  return focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (page->items))
         && gtk_widget_get_ancestor (focus, GTK_TYPE_LIST_VIEW) != NULL
         && gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) == NULL;
}

static void
on_opened (AssayPageAnnotate *page)
{
  const AssayTask *task = scene_of (page)->task;
  gboolean sound = is_sound (page);
  keep_choices (page);
  gtk_stack_set_visible_child_name (page->stack, sound ? "sound" : "picture");
  gtk_widget_set_visible (GTK_WIDGET (page->objects), !sound); /* segments stand under their sound */
  assay_picture_bench_set_annotation (page->picture, sound ? NULL : page->annotation);
  assay_sound_bench_set_annotation (page->sound, sound ? page->annotation : NULL);
  assay_class_list_set_task (page->classes, task);
  gtk_widget_set_visible (GTK_WIDGET (page->classes), task->classes->len > 0);
  gtk_label_set_text (page->guideline, task->guideline);
  gtk_widget_set_visible (page->guideline_expander, task->guideline != NULL && *task->guideline != '\0');
  update_class (page);
  update_tool (page);
  update_breach (page);
  update_lists (page);
  update_bench (page);
  update_saving (page);
  update_seconds (page);
  update_zoom (page);
  let_revise (page, !assay_desk_is_read_only (page->desk));
  if (page->shown && !walks_list (page))
    focus_work (page);
  if (!sound)
    prefetch (page);
}

/* Opening and leaving items */

static void
leave (AssayPageAnnotate *page)
{
  assay_picture_bench_set_annotation (page->picture, NULL);
  assay_sound_bench_set_annotation (page->sound, NULL);
  assay_object_list_update (page->objects, NULL);
  if (page->annotation == NULL)
    return;
  g_signal_handlers_disconnect_by_data (page->annotation, page);
  assay_annotation_leave (page->annotation);
  g_clear_object (&page->annotation);
}

static void
show_nothing (AssayPageAnnotate *page, const char *title, const char *description)
{
  let_revise (page, FALSE);
  adw_status_page_set_title (page->empty, title);
  adw_status_page_set_description (page->empty, description);
  gtk_stack_set_visible_child_name (page->stack, "empty");
  update_lists (page);
  update_saving (page);
  update_zoom (page);
}

static void
open_row (AssayPageAnnotate *page, gint64 row)
{
  const AssayTask *task = assay_desk_get_task (page->desk);
  const AssayAnnotator *annotator = assay_desk_get_annotator (page->desk);
  leave (page);
  if (task == NULL)
    {
      show_nothing (page, "No task yet",
                    "A project labels for a task: assay task add NAME --kind KIND --classes A,B");
      return;
    }
  if (row == 0)
    {
      show_nothing (page, "Nothing to label yet",
                    "Take stills on the Capture page, or import a folder from the project menu");
      return;
    }
  if (annotator == NULL)
    return; /* notify::annotator opens it as soon as it was said */
  page->annotation = assay_annotation_new (page->desk, row, task, annotator);
  g_signal_connect_object (page->annotation, "opened", G_CALLBACK (on_opened), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "failed", G_CALLBACK (on_open_failed), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "changed", G_CALLBACK (on_changed), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "answered", G_CALLBACK (on_answered), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "saving", G_CALLBACK (update_saving), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "revised", G_CALLBACK (on_revised), page, G_CONNECT_SWAPPED);
}

/* An item whose edits cannot be written is not left: they would have nowhere to go. */
static gboolean
may_leave (AssayPageAnnotate *page)
{
  if (page->annotation == NULL || assay_annotation_get_saving (page->annotation, NULL) != ASSAY_NOT_SAVED)
    return TRUE;
  assay_page_toast (page, "This item stays open until it can be saved", NULL); /* the status line says why */
  return FALSE;
}

static void
on_item_selected (AssayPageAnnotate *page, gint64 row)
{
  if (page->desk == NULL || (page->annotation != NULL && assay_annotation_get_item_row (page->annotation) == row))
    return;
  if (may_leave (page))
    open_row (page, row);
  else
    assay_item_list_select (page->items, assay_annotation_get_item_row (page->annotation));
}

/* It opens, or stands open: the keys are its own from now on. */
static void
on_item_chosen (AssayPageAnnotate *page)
{
  if (page->annotation != NULL)
    focus_work (page);
}

static void
on_finished (AssayPageAnnotate *page)
{
  assay_page_toast (page, "Every item of this task has your answer", NULL);
}

static void
reopen (AssayPageAnnotate *page)
{
  if (page->desk != NULL && may_leave (page))
    open_row (page, assay_item_list_get_selected (page->items));
}

/* Lists */

static void
set_class (AssayPageAnnotate *page, guint index)
{
  const AssayScene *scene = scene_of (page);
  if (scene == NULL || index >= scene->task->classes->len)
    return;
  page->current_class = ((const AssayClass *) scene->task->classes->pdata[index])->id;
  assay_session_set_class (session_of (page), &page->current_class);
  if (!assay_id_is_nil (&scene->selected))
    assay_annotation_edit (page->annotation, assay_edit_new_class (scene, &scene->selected, &page->current_class));
  update_class (page);
  update_bench (page);
}

static void
on_class_chosen (AssayPageAnnotate *page, guint index)
{
  set_class (page, index);
  focus_work (page);
}

static void
on_object_chosen (AssayPageAnnotate *page, const AssayId *id)
{
  AssayRect box = { 0 };
  if (session_of (page) == NULL)
    return;
  const AssayScene *scene = scene_of (page);
  const AssayObject *object = assay_objects_find (scene->objects, id);
  assay_session_select (session_of (page), id);
  update_bench (page);
  if (!is_sound (page) && object != NULL && scene->task->kind->bounds != NULL
      && scene->task->kind->bounds (object->value, &box))
    assay_canvas_show_box (assay_picture_bench_get_canvas (page->picture), box);
}

static void
on_hidden_changed (AssayPageAnnotate *page)
{
  update_bench (page);
}

static void
set_tool (AssayPageAnnotate *page, const char *id)
{
  const AssayTool *tool = assay_tool_find (id);
  if (session_of (page) == NULL || tool == NULL || !assay_tool_serves (tool, scene_of (page)->task->kind))
    return;
  page->tool = tool;
  assay_session_set_tool (session_of (page), tool);
  update_tool (page);
  update_bench (page);
  focus_work (page);
}

/* Actions: the rows of app/gui/keys.c */

static void
act_move (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (g_str_equal (action, "page.next-todo"))
    assay_item_list_step_todo (page->items);
  else
    assay_item_list_step (page->items, g_str_equal (action, "page.next") ? 1 : -1);
}

static void
act_revise (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (session_of (page) == NULL)
    return;
  /* Words still being typed belong to the answer. */
  if (is_sound (page))
    focus_work (page);
  assay_annotation_revise (page->annotation,
                           g_str_equal (action, "page.submit") ? ASSAY_LABEL_SUBMITTED : ASSAY_LABEL_SKIPPED);
}

static void
act_undo (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (session_of (page) == NULL)
    return;
  if (g_str_equal (action, "page.undo"))
    assay_annotation_undo (page->annotation);
  else
    assay_annotation_redo (page->annotation);
}

static void
act_remove (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayScene *scene = scene_of (page);
  AssayEdit *edit = scene != NULL ? assay_edit_new_removal (scene, &scene->selected) : NULL;
  if (edit == NULL)
    return;
  assay_annotation_edit (page->annotation, edit);
  update_bench (page);
  assay_page_toast (page, "Object removed", "page.undo");
}

static void
act_apply_hint (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (session_of (page) == NULL || !page->breach_shown)
    return;
  g_autofree char *name = assay_annotation_repair (page->annotation);
  if (name == NULL)
    return;
  g_autofree char *said = g_strdup_printf ("Done: %s", name);
  update_bench (page);
  assay_page_toast (page, said, "page.undo");
}

static void
act_hide (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayScene *scene = scene_of (page);
  if (scene != NULL && !assay_id_is_nil (&scene->selected))
    assay_object_list_toggle_hidden (page->objects, &scene->selected);
}

static void
act_class (GtkWidget *widget, const char *action, GVariant *parameter)
{
  set_class (ASSAY_PAGE_ANNOTATE (widget), (guint) g_variant_get_int32 (parameter) - 1);
}

static void
act_tool (GtkWidget *widget, const char *action, GVariant *parameter)
{
  set_tool (ASSAY_PAGE_ANNOTATE (widget), g_variant_get_string (parameter, NULL));
}

static void
act_view (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  AssayWaveform *waveform = assay_sound_bench_get_waveform (page->sound);
  AssayCanvas *canvas = assay_picture_bench_get_canvas (page->picture);
  gboolean fit = g_str_equal (action, "page.fit"), whole = g_str_equal (action, "page.zoom-100");
  double factor = g_str_equal (action, "page.zoom-in") ? ASSAY_VIEW_STEP : 1 / ASSAY_VIEW_STEP;
  if (is_sound (page) && (fit || whole))
    assay_waveform_fit (waveform);
  else if (is_sound (page))
    assay_waveform_zoom_by (waveform, factor);
  else if (fit)
    assay_canvas_fit (canvas);
  else
    assay_canvas_zoom_by (canvas, whole ? 1 / assay_canvas_get_view (canvas)->zoom : factor);
}

static void
act_panel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  GtkRevealer *panel = g_str_equal (action, "page.toggle-left") ? page->left : page->right;
  gtk_revealer_set_reveal_child (panel, !gtk_revealer_get_reveal_child (panel));
}

static void
act_play (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (is_sound (page))
    assay_sound_bench_toggle_playing (page->sound);
}

/* The page */

static void
set_desk (AssayPage *base, AssayDesk *desk)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (base);
  leave (page);
  if (page->desk != NULL)
    g_signal_handlers_disconnect_by_data (page->desk, page);
  g_set_object (&page->desk, desk);
  assay_item_list_set_desk (page->items, desk);
  if (desk == NULL)
    return;
  g_signal_connect_object (desk, "notify::annotator", G_CALLBACK (reopen), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::task", G_CALLBACK (reopen), page, G_CONNECT_SWAPPED);
  reopen (page);
}

static void
set_shown (AssayPage *base, gboolean shown)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (base);
  page->shown = shown;
  g_clear_handle_id (&page->clock, g_source_remove);
  if (shown)
    page->clock = g_timeout_add_seconds (1, on_clock, page);
  else
    assay_sound_bench_stop (page->sound);
}

static void
open_item (AssayPage *base, gint64 item_row, gint64 task_row)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (base);
  if (task_row != 0)
    assay_desk_set_task (page->desk, task_row);
  assay_item_list_select (page->items, item_row);
}

static guint
list_panes (AssayPage *base, GtkWidget **ret_panes)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (base);
  guint n = 0;
  if (is_sound (page))
    {
      ret_panes[n++] = GTK_WIDGET (assay_sound_bench_get_waveform (page->sound));
      ret_panes[n++] = assay_sound_bench_get_words (page->sound);
    }
  else
    ret_panes[n++] = GTK_WIDGET (assay_picture_bench_get_canvas (page->picture));
  ret_panes[n++] = GTK_WIDGET (page->classes);
  ret_panes[n++] = GTK_WIDGET (page->objects);
  ret_panes[n++] = GTK_WIDGET (page->items);
  return n;
}

static void
assay_page_annotate_implement (AssayPageInterface *iface)
{
  iface->set_desk = set_desk;
  iface->set_shown = set_shown;
  iface->open_item = open_item;
  iface->list_panes = list_panes;
}

static void
assay_page_annotate_dispose (GObject *object)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (object);
  g_clear_handle_id (&page->clock, g_source_remove);
  if (page->annotation != NULL)
    leave (page);
  g_clear_object (&page->desk);
  assay_widget_clear (page, ASSAY_TYPE_PAGE_ANNOTATE);
  G_OBJECT_CLASS (assay_page_annotate_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *class)
{
  static const struct
  {
    const char *name, *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "page.next", NULL, act_move },
    { "page.previous", NULL, act_move },
    { "page.next-todo", NULL, act_move },
    { "page.submit", NULL, act_revise },
    { "page.skip", NULL, act_revise },
    { "page.undo", NULL, act_undo },
    { "page.redo", NULL, act_undo },
    { "page.remove", NULL, act_remove },
    { "page.apply-hint", NULL, act_apply_hint },
    { "page.hide", NULL, act_hide },
    { "page.class", "i", act_class },
    { "page.tool", "s", act_tool },
    { "page.fit", NULL, act_view },
    { "page.zoom-in", NULL, act_view },
    { "page.zoom-out", NULL, act_view },
    { "page.zoom-100", NULL, act_view },
    { "page.toggle-left", NULL, act_panel },
    { "page.toggle-right", NULL, act_panel },
    { "page.go", NULL, act_play },
    { "page.play", NULL, act_play },
  };
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (class, actions[i].name, actions[i].parameter, actions[i].activate);
}

static void
assay_page_annotate_class_init (AssayPageAnnotateClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_page_annotate_dispose;
  g_type_ensure (ASSAY_TYPE_ITEM_LIST);
  g_type_ensure (ASSAY_TYPE_PICTURE_BENCH);
  g_type_ensure (ASSAY_TYPE_SOUND_BENCH);
  g_type_ensure (ASSAY_TYPE_CLASS_LIST);
  g_type_ensure (ASSAY_TYPE_OBJECT_LIST);
  g_type_ensure (ASSAY_TYPE_STATUS_LINE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-annotate.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, AssayPageAnnotate, name)
  BIND (items);
  BIND (left);
  BIND (right);
  BIND (stack);
  BIND (empty);
  BIND (picture);
  BIND (sound);
  BIND (classes);
  BIND (objects);
  BIND (objects_title);
  BIND (guideline);
  BIND (guideline_expander);
  BIND (status);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_item_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_item_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_finished);
  gtk_widget_class_bind_template_callback (widget_class, update_zoom);
  gtk_widget_class_bind_template_callback (widget_class, set_tool);
  gtk_widget_class_bind_template_callback (widget_class, on_failed);
  gtk_widget_class_bind_template_callback (widget_class, on_class_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_object_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_hidden_changed);
  install_actions (widget_class);
}

static void
assay_page_annotate_init (AssayPageAnnotate *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  let_revise (page, FALSE);
  update_saving (page);
  update_class (page);
  update_tool (page);
  update_seconds (page);
}
