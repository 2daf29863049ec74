/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-annotate-private.h"

#include "annotate/pixels.h"
#include "annotate/tags.h"
#include "app/gui/widget.h"
#include "core/scope.h"

#define KEEP_OPTIONS_MS 500

static void assay_page_annotate_implement (AssayPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPageAnnotate, assay_page_annotate, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PAGE, assay_page_annotate_implement))

AssaySession *
assay_page_annotate_get_session (AssayPageAnnotate *page)
{
  return page->annotation != NULL ? assay_annotation_get_session (page->annotation) : NULL;
}

const AssayScene *
assay_page_annotate_get_scene (AssayPageAnnotate *page)
{
  AssaySession *session = assay_page_annotate_get_session (page);
  return session != NULL ? assay_session_get_scene (session) : NULL;
}

gboolean
assay_page_annotate_is_sound (AssayPageAnnotate *page)
{
  return assay_page_annotate_get_scene (page) != NULL
         && assay_scope_get_media (assay_page_annotate_get_scene (page)->task) == ASSAY_MEDIA_SOUND;
}

gboolean
assay_page_annotate_is_tags (AssayPageAnnotate *page)
{
  return assay_page_annotate_get_scene (page) != NULL
         && g_str_equal (assay_page_annotate_get_scene (page)->task->kind->id, "tag");
}

/* What is shown around the work */

static void
update_zoom (AssayPageAnnotate *page)
{
  g_autofree char *words = NULL;
  if (assay_page_annotate_get_scene (page) == NULL)
    words = g_strdup ("");
  else if (assay_page_annotate_is_sound (page))
    words = g_strdup_printf ("%.0f px/s",
                             assay_waveform_get_px_per_second (assay_sound_bench_get_waveform (page->sound)));
  else
    words = g_strdup_printf ("%.0f %%",
                             assay_canvas_get_view (assay_picture_bench_get_canvas (page->picture))->zoom * 100);
  assay_status_line_set_zoom (page->status, words);
}

/* The picture went on under the pointer: what the tool draws there is of another size or place. */
static void
on_view_changed (AssayPageAnnotate *page)
{
  update_zoom (page);
  assay_page_annotate_view_changed (page);
  assay_canvas_send_hover (assay_picture_bench_get_canvas (page->picture));
}

static void go_on (AssayPageAnnotate *page);

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
on_saving (AssayPageAnnotate *page)
{
  update_saving (page);
  assay_page_annotate_submit_wanted (page);
  go_on (page);
}

static void
update_seconds (AssayPageAnnotate *page)
{
  assay_status_line_set_seconds (page->status,
                                 assay_page_annotate_get_session (page) != NULL
                                     ? assay_session_get_seconds (assay_page_annotate_get_session (page))
                                     : 0);
}

static gboolean
on_clock (gpointer data)
{
  update_seconds (data);
  return G_SOURCE_CONTINUE;
}

void
assay_page_annotate_update_lists (AssayPageAnnotate *page)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  guint n = scene != NULL ? scene->objects->list->len : 0;
  g_autofree char *title = n > 0 ? g_strdup_printf ("Objects  %u", n) : g_strdup ("Objects");
  assay_object_list_update (page->objects, assay_page_annotate_is_sound (page) ? NULL : scene);
  assay_tag_strip_update (page->tags, assay_page_annotate_is_tags (page) ? scene : NULL);
  assay_track_strip_update (page->track);
  gtk_label_set_text (page->objects_title, title);
  assay_object_panel_update (page->panel, assay_page_annotate_is_sound (page) ? NULL : scene);
}

void
assay_page_annotate_update_class (AssayPageAnnotate *page)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  const AssayClass *class = scene != NULL ? assay_task_find_class (scene->task, &scene->current_class) : NULL;
  assay_status_line_set_class (page->status, class);
  assay_class_list_set_current (page->classes,
                                class != NULL ? assay_task_class_index (scene->task, &class->id) : G_MAXUINT);
}

void
assay_page_annotate_show_hint (AssayPageAnnotate *page, const char *hint, gboolean of_rule)
{
  const AssayBreach *breach = of_rule ? assay_session_get_breach (assay_page_annotate_get_session (page)) : NULL;
  page->breach_shown = of_rule;
  assay_status_line_set_hint (page->status, hint, of_rule);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.apply-hint", breach != NULL && breach->remedy != NULL);
}

void
assay_page_annotate_update_tool (AssayPageAnnotate *page)
{
  const AssayTool *tool = assay_page_annotate_get_session (page) != NULL
                              ? assay_session_get_tool (assay_page_annotate_get_session (page))
                              : NULL;
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  assay_status_line_set_tool (page->status, tool);
  assay_option_bar_set_tool (page->options_bar, tool, scene != NULL ? scene->task->kind : NULL);
  assay_option_bar_show_option (page->options_bar, ASSAY_OPTION_PLAY_AT_ONCE, assay_page_annotate_is_sound (page));
  assay_page_annotate_show_hint (page, tool != NULL ? tool->help : "", FALSE);
}

/* What a rule says of the draft goes before what the tool says of itself, until somebody says something newer. */
static void
update_breach (AssayPageAnnotate *page)
{
  AssaySession *session = assay_page_annotate_get_session (page);
  g_autofree char *text = session != NULL ? assay_session_dup_breach_text (session) : NULL;
  if (text != NULL)
    assay_page_annotate_show_hint (page, text, TRUE);
  else if (page->breach_shown)
    assay_page_annotate_update_tool (page);
}

/* Selection, class or tool is another. */
void
assay_page_annotate_update_bench (AssayPageAnnotate *page)
{
  if (assay_page_annotate_get_scene (page) == NULL)
    return;
  if (assay_page_annotate_is_sound (page))
    assay_sound_bench_update (page->sound);
  else
    assay_picture_bench_update (page->picture);
}

/* There is something to submit, or to skip. */
static void
let_revise (AssayPageAnnotate *page, gboolean may)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.submit", may);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.skip", may);
}

void
assay_page_annotate_focus_work (AssayPageAnnotate *page)
{
  gtk_widget_grab_focus (assay_page_annotate_has_grid (page) ? assay_tag_grid_get_view (page->grid)
                         : assay_page_annotate_is_sound (page)
                             ? GTK_WIDGET (assay_sound_bench_get_waveform (page->sound))
                             : GTK_WIDGET (assay_picture_bench_get_canvas (page->picture)));
}

/* What the annotation tells */

static void
on_changed (AssayPageAnnotate *page, const AssayRect *dirty)
{
  assay_page_annotate_update_lists (page);
  update_breach (page);
}

static void
on_answered (AssayPageAnnotate *page, const AssayAnswer *answer)
{
  if (answer->hint != NULL)
    assay_page_annotate_show_hint (page, answer->hint, answer->warning);
  if (answer->select)
    assay_page_annotate_update_lists (page);
  if (answer->option != NULL)
    {
      assay_option_bar_update (page->options_bar);
      assay_page_annotate_keep_options (page);
    }
}

/* The tools' options go on from sitting to sitting */

static void
write_options (AssayPageAnnotate *page)
{
  AssaySettings *settings = assay_page_get_settings (page);
  g_clear_handle_id (&page->keep_options, g_source_remove);
  if (settings != NULL)
    assay_settings_keep_tools (settings, assay_tool_options (), page->options);
}

static gboolean
on_keep_options (gpointer data)
{
  write_options (data);
  return G_SOURCE_REMOVE;
}

void
assay_page_annotate_keep_options (AssayPageAnnotate *page)
{
  g_clear_handle_id (&page->keep_options, g_source_remove);
  page->keep_options = g_timeout_add (KEEP_OPTIONS_MS, on_keep_options, page);
}

static void
recall_options (AssayPageAnnotate *page)
{
  AssaySettings *settings = assay_page_get_settings (page);
  if (page->recalled || settings == NULL)
    return;
  page->recalled = TRUE;
  assay_settings_recall_tools (settings, assay_tool_options (), page->options);
  /* Not this one: whoever sits down paints objects. */
  assay_options_set (page->options, ASSAY_OPTION_PAINTS, "object", NULL);
  assay_option_bar_update (page->options_bar);
}

/* The place that a reviewer means. */
static void
on_look (AssayPageAnnotate *page, const AssayRect *box)
{
  assay_canvas_show_box (assay_picture_bench_get_canvas (page->picture), *box);
}

static void
on_item_state (AssayPageAnnotate *page, int state)
{
  gboolean may = page->desk != NULL && !assay_desk_is_read_only (page->desk);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.recall",
                                 may && (state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SKIPPED));
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.compare", state == ASSAY_LABEL_SETTLED);
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
  assay_page_annotate_update_flags (page);
  if (state == ASSAY_LABEL_SUBMITTED && !page->qualified)
    assay_page_annotate_handed_in (page);
  else if (state == ASSAY_LABEL_SUBMITTED || state == ASSAY_LABEL_SKIPPED)
    assay_item_list_step_todo (page->items);
  else
    assay_page_toast (page, "Taken back: a draft again");
}

/* The tool and the class that were chosen go on to the next item, where they mean something there. */
static void
keep_choices (AssayPageAnnotate *page)
{
  AssaySession *session = assay_page_annotate_get_session (page);
  const AssayTask *task = assay_page_annotate_get_scene (page)->task;
  assay_session_set_options (session, page->options);
  if (page->tool != NULL && assay_tool_serves (page->tool, task->kind))
    assay_session_set_tool (session, page->tool);
  if (assay_task_find_class (task, &page->current_class) != NULL)
    assay_session_set_class (session, &page->current_class);
  page->tool = assay_session_get_tool (session);
  page->current_class = assay_page_annotate_get_scene (page)->current_class;
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
  const AssayTask *task = assay_page_annotate_get_scene (page)->task;
  gboolean sound = assay_page_annotate_is_sound (page);
  keep_choices (page);
  gtk_stack_set_visible_child_name (page->stack, "work");
  gtk_stack_set_visible_child_name (page->benches, sound ? "sound" : "picture");
  /* Segments stand under their sound, and tags under what they are given to. */
  gtk_widget_set_visible (GTK_WIDGET (page->objects), !sound && !assay_page_annotate_is_tags (page));
  assay_picture_bench_set_annotation (page->picture, sound ? NULL : page->annotation);
  assay_sound_bench_set_annotation (page->sound, sound ? page->annotation : NULL);
  assay_track_strip_set_annotation (page->track, page->desk, page->annotation);
  assay_class_list_set_task (page->classes, task);
  gtk_widget_set_visible (GTK_WIDGET (page->classes), task->classes->len > 0);
  assay_guideline_pane_show (page->guideline, assay_desk_get_directory (page->desk), task->guideline);
  gtk_widget_set_visible (GTK_WIDGET (page->guideline_expander), *task->guideline != '\0');
  assay_page_annotate_update_class (page);
  assay_page_annotate_update_menu (page);
  assay_page_annotate_update_tool (page);
  update_breach (page);
  assay_page_annotate_update_lists (page);
  assay_page_annotate_update_bench (page);
  update_saving (page);
  update_seconds (page);
  update_zoom (page);
  assay_page_annotate_update_flags (page);
  gint64 row = assay_annotation_get_item_row (page->annotation);
  assay_item_notice_set_item (page->notice, page->desk, row, assay_item_list_get_again (page->items, row));
  if (page->shown && !walks_list (page))
    assay_page_annotate_focus_work (page);
  if (!sound)
    assay_page_annotate_read_around (page);
  else if (page->shown && assay_page_annotate_is_tags (page)
           && assay_options_get_bool (page->options, ASSAY_OPTION_PLAY_AT_ONCE))
    assay_sound_bench_toggle_playing (page->sound);
  assay_page_annotate_submit_wanted (page);
}

/* Opening and leaving items */

static void
on_left (gpointer owner, gpointer data, const GError *error)
{
  if (error != NULL)
    assay_page_show_error (owner, error);
}

void
assay_page_annotate_flush (AssayPageAnnotate *page)
{
  assay_object_panel_flush (page->panel);
  assay_sound_bench_save_words (page->sound);
}

/* What is asked in a popover is asked of this item. */
void
assay_page_annotate_leave (AssayPageAnnotate *page)
{
  page->leaving = page->stale = page->to_grid = FALSE;
  assay_tag_grid_close (page->grid);
  assay_page_annotate_flush (page);
  gtk_popover_popdown (GTK_POPOVER (page->class_type));
  gtk_popover_popdown (GTK_POPOVER (page->skip_reason));
  gtk_popover_popdown (GTK_POPOVER (page->history));
  if (page->context != NULL)
    gtk_popover_popdown (GTK_POPOVER (page->context));
  assay_page_annotate_view_left (page);
  assay_picture_bench_set_annotation (page->picture, NULL);
  assay_track_strip_set_annotation (page->track, NULL, NULL);
  assay_sound_bench_set_annotation (page->sound, NULL);
  assay_object_list_update (page->objects, NULL);
  if (page->annotation == NULL)
    return;
  assay_item_notice_set_item (page->notice, NULL, 0, NULL);
  g_signal_handlers_disconnect_by_data (page->annotation, page);
  assay_annotation_leave (page->annotation, on_left, page);
  g_clear_object (&page->annotation);
}

static void
show_nothing (AssayPageAnnotate *page, const char *title, const char *description)
{
  let_revise (page, FALSE);
  adw_status_page_set_title (page->empty, title);
  adw_status_page_set_description (page->empty, description);
  gtk_stack_set_visible_child_name (page->stack, "empty");
  assay_page_annotate_update_lists (page);
  update_saving (page);
  update_zoom (page);
  assay_page_annotate_update_flags (page);
}

const AssayAnnotator *
assay_page_annotate_get_annotator (AssayPageAnnotate *page)
{
  const AssayAnnotator *again
      = page->annotation != NULL
            ? assay_item_list_get_again (page->items, assay_annotation_get_item_row (page->annotation))
            : NULL;
  return again != NULL ? again : assay_desk_get_annotator (page->desk);
}

static void
open_row (AssayPageAnnotate *page, gint64 row)
{
  const AssayTask *task = assay_desk_get_task (page->desk);
  const AssayAnnotator *again = assay_item_list_get_again (page->items, row),
                       *annotator = again != NULL ? again : assay_desk_get_annotator (page->desk);
  assay_page_annotate_leave (page);
  if (page->submit_row != row)
    page->submit_row = 0;
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
  let_revise (page, !assay_desk_is_read_only (page->desk));
  g_signal_connect_object (page->annotation, "opened", G_CALLBACK (on_opened), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "failed", G_CALLBACK (on_open_failed), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "changed", G_CALLBACK (on_changed), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "answered", G_CALLBACK (on_answered), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "saving", G_CALLBACK (on_saving), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->annotation, "revised", G_CALLBACK (on_revised), page, G_CONNECT_SWAPPED);
}

/* Its edits would have nowhere to go. */
static void
stay (AssayPageAnnotate *page, const char *why)
{
  AssayPageMayClose may_close = g_steal_pointer (&page->may_close);
  page->leaving = page->to_grid = FALSE;
  assay_item_list_select (page->items, assay_annotation_get_item_row (page->annotation));
  if (may_close == NULL)
    {
      assay_page_toast (page, "This item stays open until it can be saved"); /* the status line says why */
      return;
    }
  g_autofree char *item = g_path_get_basename (assay_page_annotate_get_scene (page)->item->name);
  AssayUnsaved unsaved = { item, why, assay_annotation_count_unsaved (page->annotation) };
  may_close (page->close_data, &unsaved);
}

/* An item is left once it is saved. One that cannot be is not left. */
static void
go_on (AssayPageAnnotate *page)
{
  if (!page->leaving && !page->stale && page->may_close == NULL)
    return;
  if (page->annotation != NULL)
    assay_page_annotate_flush (page);
  const char *why = NULL;
  AssaySaving saving
      = page->annotation != NULL ? assay_annotation_get_saving (page->annotation, &why) : ASSAY_SAVED;
  if (saving == ASSAY_NOT_SAVED && (page->leaving || page->may_close != NULL)
      && !assay_annotation_is_trying (page->annotation))
    stay (page, why);
  if (saving != ASSAY_SAVED)
    return;
  AssayPageMayClose may_close = g_steal_pointer (&page->may_close);
  if (page->stale && assay_item_list_is_resuming (page->items))
    {
      assay_page_annotate_leave (page);
      let_revise (page, !assay_desk_is_read_only (page->desk));
    }
  else if (page->to_grid && !page->stale)
    assay_page_annotate_show_grid (page);
  else if (page->leaving || page->stale)
    open_row (page, assay_item_list_get_selected (page->items));
  if (may_close != NULL)
    may_close (page->close_data, NULL);
}

static void
on_item_selected (AssayPageAnnotate *page, gint64 row)
{
  page->to_grid = FALSE;
  page->leaving
      = page->desk != NULL && (page->annotation == NULL || assay_annotation_get_item_row (page->annotation) != row);
  go_on (page);
}

/* It opens, or stands open: the keys are its own from now on. */
static void
on_item_chosen (AssayPageAnnotate *page)
{
  if (page->annotation != NULL)
    assay_page_annotate_focus_work (page);
}

/* With the tool that was in hand, unless another one is by now. */
static void
on_resumed (AssayPageAnnotate *page, const char *tool)
{
  if (page->tool == NULL && tool != NULL)
    page->tool = assay_tool_find (tool);
}

/* Another annotator, or task. The list has heard of it before the page, and tells where they left; an item that is
 * open only until then would take what is meant for the other one. */
void
assay_page_annotate_reopen (AssayPageAnnotate *page)
{
  page->stale = page->desk != NULL;
  page->qualified = FALSE;
  go_on (page);
}

/* The page */

static void
set_desk (AssayPage *base, AssayDesk *desk)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (base);
  assay_page_annotate_leave (page);
  page->submit_row = 0;
  page->may_close = NULL;
  assay_picture_bench_forget (page->picture);
  if (page->desk != NULL)
    g_signal_handlers_disconnect_by_data (page->desk, page);
  g_set_object (&page->desk, desk);
  assay_page_annotate_begin_views (page);
  assay_item_list_set_desk (page->items, desk);
  recall_options (page);
  if (desk == NULL && page->keep_options != 0)
    write_options (page);
  if (desk == NULL)
    return;
  g_signal_connect_object (desk, "notify::annotator", G_CALLBACK (assay_page_annotate_reopen), page,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (desk, "notify::task", G_CALLBACK (assay_page_annotate_reopen), page, G_CONNECT_SWAPPED);
  assay_page_annotate_reopen (page);
}

void
assay_page_annotate_go_to_grid (AssayPageAnnotate *page)
{
  page->leaving = page->to_grid = TRUE;
  go_on (page);
}

static void
ask_close (AssayPage *base, AssayPageMayClose may_close, gpointer data)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (base);
  page->may_close = may_close;
  page->close_data = data;
  if (page->annotation != NULL)
    assay_annotation_try_now (page->annotation);
  go_on (page);
}

static void
set_shown (AssayPage *base, gboolean shown)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (base);
  page->shown = shown;
  assay_page_annotate_watch_window (page, shown);
  g_clear_handle_id (&page->clock, g_source_remove);
  if (shown)
    page->clock = g_timeout_add_seconds (1, on_clock, page);
  else
    {
      assay_sound_bench_stop (page->sound);
      assay_tag_grid_stop (page->grid);
      assay_tag_grid_pause (page->grid);
    }
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
  if (assay_page_annotate_has_grid (page))
    ret_panes[n++] = assay_tag_grid_get_view (page->grid);
  else if (assay_page_annotate_is_sound (page))
    {
      ret_panes[n++] = GTK_WIDGET (assay_sound_bench_get_waveform (page->sound));
      ret_panes[n++] = assay_sound_bench_get_words (page->sound);
    }
  else
    {
      ret_panes[n++] = GTK_WIDGET (assay_picture_bench_get_canvas (page->picture));
      ret_panes[n++] = GTK_WIDGET (page->options_bar);
    }
  ret_panes[n++] = GTK_WIDGET (page->classes);
  ret_panes[n++] = GTK_WIDGET (page->objects);
  ret_panes[n++] = GTK_WIDGET (page->items);
  return n;
}

static void
assay_page_annotate_implement (AssayPageInterface *iface)
{
  iface->set_desk = set_desk;
  iface->ask_close = ask_close;
  iface->set_shown = set_shown;
  iface->open_item = open_item;
  iface->list_panes = list_panes;
}

static void
assay_page_annotate_dispose (GObject *object)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (object);
  g_clear_handle_id (&page->clock, g_source_remove);
  g_clear_handle_id (&page->keep_options, g_source_remove);
  if (page->annotation != NULL)
    assay_page_annotate_leave (page);
  g_clear_handle_id (&page->keep_view, g_source_remove);
  g_clear_object (&page->desk);
  if (page->skip_reason != NULL)
    gtk_widget_unparent (GTK_WIDGET (page->skip_reason));
  page->skip_reason = NULL;
  g_clear_weak_pointer (&page->context_from);
  if (page->history != NULL)
    gtk_widget_unparent (GTK_WIDGET (page->history));
  page->history = NULL;
  assay_widget_clear (page, ASSAY_TYPE_PAGE_ANNOTATE);
  G_OBJECT_CLASS (assay_page_annotate_parent_class)->dispose (object);
}

static void
assay_page_annotate_finalize (GObject *object)
{
  assay_options_free (ASSAY_PAGE_ANNOTATE (object)->options);
  g_array_unref (ASSAY_PAGE_ANNOTATE (object)->recent);
  g_hash_table_unref (ASSAY_PAGE_ANNOTATE (object)->views);
  G_OBJECT_CLASS (assay_page_annotate_parent_class)->finalize (object);
}

static void
assay_page_annotate_class_init (AssayPageAnnotateClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_page_annotate_dispose;
  G_OBJECT_CLASS (class)->finalize = assay_page_annotate_finalize;
  g_type_ensure (ASSAY_TYPE_ITEM_LIST);
  g_type_ensure (ASSAY_TYPE_ITEM_NOTICE);
  g_type_ensure (ASSAY_TYPE_OPTION_BAR);
  g_type_ensure (ASSAY_TYPE_PICTURE_BENCH);
  g_type_ensure (ASSAY_TYPE_SOUND_BENCH);
  g_type_ensure (ASSAY_TYPE_TAG_GRID);
  g_type_ensure (ASSAY_TYPE_TAG_STRIP);
  g_type_ensure (ASSAY_TYPE_TRACK_STRIP);
  g_type_ensure (ASSAY_TYPE_CLASS_LIST);
  g_type_ensure (ASSAY_TYPE_GUIDELINE_PANE);
  g_type_ensure (ASSAY_TYPE_OBJECT_LIST);
  g_type_ensure (ASSAY_TYPE_OBJECT_PANEL);
  g_type_ensure (ASSAY_TYPE_STATUS_LINE);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-annotate.ui");
#define BIND(name) gtk_widget_class_bind_template_child (widget_class, AssayPageAnnotate, name)
  BIND (items);
  BIND (notice);
  BIND (left);
  BIND (right);
  BIND (stack);
  BIND (benches);
  BIND (empty);
  BIND (options_bar);
  BIND (picture);
  BIND (sound);
  BIND (tags);
  BIND (grid);
  BIND (track);
  BIND (classes);
  BIND (objects);
  BIND (objects_title);
  BIND (object_menu);
  BIND (panel);
  BIND (guideline);
  BIND (guideline_expander);
  BIND (status);
  BIND (foot);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, on_item_selected);
  gtk_widget_class_bind_template_callback (widget_class, on_item_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_resumed);
  gtk_widget_class_bind_template_callback (widget_class, on_look);
  gtk_widget_class_bind_template_callback (widget_class, on_item_state);
  gtk_widget_class_bind_template_callback (widget_class, update_zoom);
  gtk_widget_class_bind_template_callback (widget_class, on_view_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_failed);
  assay_page_annotate_bind_lists (widget_class);
  assay_page_annotate_install_actions (widget_class);
  assay_page_annotate_install_answer (widget_class);
  assay_page_annotate_install_desk (widget_class);
  assay_page_annotate_install_grid (widget_class);
  assay_page_annotate_install_past (widget_class);
  assay_page_annotate_install_menu (widget_class);
}

static void
assay_page_annotate_init (AssayPageAnnotate *page)
{
  page->options = assay_options_new (assay_tool_options ());
  gtk_widget_init_template (GTK_WIDGET (page));
  assay_page_annotate_init_desk (page);
  assay_page_annotate_init_grid (page);
  assay_page_annotate_init_past (page);
  assay_page_annotate_init_menu (page);
  assay_page_annotate_init_views (page);
  assay_picture_bench_set_notice (page->picture, page->notice);
  on_item_state (page, ASSAY_LABEL_TODO);
  assay_option_bar_set_values (page->options_bar, page->options);
  let_revise (page, FALSE);
  update_saving (page);
  assay_page_annotate_update_class (page);
  assay_page_annotate_update_tool (page);
  update_seconds (page);
}
