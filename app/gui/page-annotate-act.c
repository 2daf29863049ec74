/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the person asks of the Annotate page: the lists beside the work, and the rows of app/gui/keys.c. */
#include "app/gui/page-annotate-private.h"

#include "app/gui/act-job.h"
#include "annotate/edits.h"
#include "annotate/pixels.h"
#include "annotate/tags.h"
#include "app/gui/carry-job.h"
#include "app/gui/object-menu.h"
#include "app/gui/shortcuts.h"
#include "core/scope.h"

/* Lists */

/* A class's key is the whole work: the tag is given (or taken away), and where an item has just one, that is the
 * answer. */
static void
tag (AssayPageAnnotate *page)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  if (!assay_page_annotate_is_seen (page)) /* nobody has seen what this would be an answer to */
    return;
  assay_annotation_edit (page->annotation, assay_tags_new_edit (scene->task, scene->objects, &page->current_class,
                                                                ASSAY_TAGS_TOGGLE));
  if (assay_task_is_single_tag (scene->task) && assay_tags_has (scene->objects, &page->current_class)
      && assay_options_get_bool (page->options, ASSAY_OPTION_NEXT_AT_ONCE))
    assay_annotation_revise (page->annotation, ASSAY_LABEL_SUBMITTED, NULL);
}

void
assay_page_annotate_set_class (AssayPageAnnotate *page, guint index)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  if (assay_page_annotate_grid_class (page, index) || scene == NULL || index >= scene->task->classes->len)
    return;
  page->current_class = ((const AssayClass *) scene->task->classes->pdata[index])->id;
  assay_page_annotate_remember_class (page);
  assay_session_set_class (assay_page_annotate_get_session (page), &page->current_class);
  if (assay_page_annotate_is_tags (page))
    tag (page);
  else
    {
      g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene);
      assay_annotation_edit (page->annotation, assay_edit_new_class (scene, selected, &page->current_class));
    }
  assay_page_annotate_update_class (page);
  assay_page_annotate_update_bench (page);
}

static void
on_class_chosen (AssayPageAnnotate *page, guint index)
{
  assay_page_annotate_set_class (page, index);
  assay_page_annotate_focus_work (page);
}

static void
on_object_chosen (AssayPageAnnotate *page, const AssayId *id)
{
  AssayRect box = { 0 };
  if (assay_page_annotate_get_session (page) == NULL)
    return;
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  const AssayObject *object = assay_objects_find (scene->objects, id);
  assay_session_select (assay_page_annotate_get_session (page), id);
  assay_page_annotate_update_bench (page);
  assay_object_panel_update (page->panel, assay_page_annotate_is_sound (page) ? NULL : scene);
  if (!assay_page_annotate_is_sound (page) && object != NULL && scene->task->kind->bounds != NULL
      && scene->task->kind->bounds (object->value, &box))
    assay_canvas_show_box (assay_picture_bench_get_canvas (page->picture), box);
}

static void
on_said (AssayPageAnnotate *page, const AssayId *object, const char *name, const json_t *value)
{
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  if (scene != NULL)
    assay_annotation_edit (page->annotation, assay_edit_new_attribute (scene, object, name, value));
}

static void
on_several_chosen (AssayPageAnnotate *page, const GArray *ids)
{
  AssaySession *session = assay_page_annotate_get_session (page);
  if (session == NULL)
    return;
  assay_session_select (session, &ASSAY_ID_NIL);
  for (guint i = 0; i < ids->len; i++)
    assay_session_select_more (session, &g_array_index (ids, AssayId, i));
  assay_page_annotate_update_bench (page);
  assay_object_panel_update (page->panel, assay_session_get_scene (session));
}

/* What may be done differs from kind to kind. */
void
assay_page_annotate_update_menu (AssayPageAnnotate *page)
{
  AssaySettings *settings = assay_page_get_settings (page);
  g_autoptr (GMenuModel) menu = assay_object_menu_new (assay_page_annotate_get_scene (page)->task->kind);
  g_autoptr (GMenuModel) with_keys
      = settings != NULL ? assay_shortcuts_menu_new (assay_settings_get_keys (settings), menu) : g_object_ref (menu);
  gtk_menu_button_set_menu_model (page->object_menu, with_keys);
}

static void
toggle_hidden (AssayPageAnnotate *page, const AssayId *object)
{
  AssaySession *session = assay_page_annotate_get_session (page);
  assay_session_set_hidden (session, object, !assay_scene_is_hidden (assay_session_get_scene (session), object));
  assay_page_annotate_update_lists (page);
  assay_picture_bench_redraw (page->picture);
}

static void
toggle_locked (AssayPageAnnotate *page, const AssayId *object)
{
  AssaySession *session = assay_page_annotate_get_session (page);
  assay_session_set_locked (session, object, !assay_scene_is_locked (assay_session_get_scene (session), object));
  assay_page_annotate_update_lists (page);
}

static void
on_hide (AssayPageAnnotate *page, const AssayId *object)
{
  toggle_hidden (page, object);
}

static void
on_lock (AssayPageAnnotate *page, const AssayId *object)
{
  toggle_locked (page, object);
}

static void
set_tool (AssayPageAnnotate *page, const char *id)
{
  const AssayTool *tool = assay_tool_find (id);
  if (assay_page_annotate_get_session (page) == NULL || tool == NULL
      || !assay_tool_serves (tool, assay_page_annotate_get_scene (page)->task->kind))
    return;
  page->tool = tool;
  assay_session_set_tool (assay_page_annotate_get_session (page), tool);
  assay_page_annotate_update_tool (page);
  assay_page_annotate_update_bench (page);
  assay_page_annotate_focus_work (page);
}

static void
on_option (AssayPageAnnotate *page)
{
  assay_page_annotate_update_bench (page);
  assay_page_annotate_keep_options (page);
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
act_compare (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_item_notice_toggle_compare (ASSAY_PAGE_ANNOTATE (widget)->notice);
}

static void
act_undo (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  assay_tag_grid_undo (page->grid, g_str_equal (action, "page.redo")); /* nothing unless it is shown */
  if (assay_page_annotate_get_session (page) == NULL)
    return;
  assay_page_annotate_flush (page);
  if (g_str_equal (action, "page.undo"))
    assay_annotation_undo (page->annotation);
  else
    assay_annotation_redo (page->annotation);
}

/* Of the change just made: not of a stroke that comes after it. */
static void
offer_undo (AssayPageAnnotate *page, const char *said)
{
  assay_page_toast_undo (page, said, "page.undo-change",
                         g_variant_new_uint64 (assay_annotation_get_change (page->annotation)));
}

static void
act_undo_change (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (assay_page_annotate_get_session (page) != NULL
      && assay_annotation_get_change (page->annotation) == g_variant_get_uint64 (parameter))
    assay_annotation_undo (page->annotation);
  else
    assay_page_annotate_show_hint (page, "something else was done since: Undo takes that back first", FALSE);
}

static void
act_remove (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  g_autoptr (GPtrArray) selected = scene != NULL ? assay_scene_list_selected (scene) : NULL;
  if (scene == NULL
      || !assay_annotation_edit (page->annotation, assay_edit_new_removal (scene, selected)))
    return;
  g_autofree char *said
      = selected->len > 1 ? g_strdup_printf ("%u objects removed", selected->len) : g_strdup ("Object removed");
  assay_page_annotate_update_bench (page);
  offer_undo (page, said);
}

static void
on_carried (gpointer owner, gint64 from_row, gint64 item_row, const char *words, const GError *error)
{
  AssayPageAnnotate *page = owner;
  gboolean is_here = assay_item_list_get_selected (page->items) == from_row;
  if (error != NULL && is_here)
    assay_page_annotate_show_hint (page, error->message, FALSE);
  else if (error != NULL)
    assay_page_show_error (page, error);
  else
    {
      if (is_here) /* whoever has gone elsewhere meanwhile stays there */
        assay_item_list_select (page->items, item_row);
      assay_page_toast (ASSAY_PAGE (page), words);
    }
}

/* The selected objects, or all. */
static void
act_carry (GtkWidget *widget, const char *action, GVariant *parameter)
{
  static const char *const ways[] = { "copy", "flow", "predictions", "boxes" };
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  const AssayAnnotator *annotator = page->desk != NULL ? assay_page_annotate_get_annotator (page) : NULL;
  guint way = 0;
  while (way < G_N_ELEMENTS (ways) - 1 && !g_str_equal (ways[way], g_variant_get_string (parameter, NULL)))
    way++;
  if (scene == NULL || annotator == NULL || assay_desk_is_read_only (page->desk)
      || assay_scope_get_media (scene->task) != ASSAY_MEDIA_PICTURE)
    return;
  gboolean masks = g_str_equal (scene->task->kind->id, "segmentation");
  g_autoptr (GPtrArray) selected = assay_scene_list_selected (scene);
  if ((way == ASSAY_CARRY_FLOW || way == ASSAY_CARRY_BOXES) && !masks)
    assay_page_annotate_show_hint (page, "this is for masks alone", FALSE);
  else if (way <= ASSAY_CARRY_FLOW && scene->objects->list->len == 0)
    assay_page_annotate_show_hint (page, "there is nothing to carry on yet", FALSE);
  else
    {
      assay_page_annotate_show_hint (page, way == ASSAY_CARRY_FLOW ? "following …" : "one moment …", FALSE);
      assay_carry_job_start (page->desk, (AssayCarryWay) way, scene->item, scene->task, annotator,
                             selected->len > 0 ? selected : scene->objects->list, on_carried, page);
    }
}

static void
act_paint_unsure (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  if (scene == NULL || !g_str_equal (scene->task->kind->id, "segmentation"))
    return;
  gboolean unsure = !assay_scene_paints_unsure (scene);
  assay_options_set (page->options, ASSAY_OPTION_PAINTS, unsure ? "unsure" : "object", NULL);
  assay_option_bar_update (page->options_bar);
  g_autofree char *key = assay_shortcuts_dup_key (page, "page.paint-unsure", NULL, "once more");
  g_autofree char *words
      = g_strdup_printf ("the tools paint where nobody can tell: agreement leaves it out · %s: the object again", key);
  assay_page_annotate_show_hint (page, unsure ? words : "the tools paint the object", FALSE);
}

static void
on_act (gpointer owner, gboolean is_done, const char *words)
{
  AssayPageAnnotate *page = owner;
  if (assay_page_annotate_get_session (page) == NULL)
    return;
  assay_page_annotate_update_lists (page);
  assay_page_annotate_update_bench (page);
  if (!page->breach_shown || !is_done)
    assay_page_annotate_show_hint (page, words, FALSE);
}

static void
act_act (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayAct *act = assay_act_find (g_variant_get_string (parameter, NULL));
  if (assay_page_annotate_get_scene (page) != NULL && act != NULL)
    assay_act_job_start (page->annotation, act, on_act, page);
}

static void
act_apply_hint (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  if (assay_page_annotate_get_session (page) == NULL || !page->breach_shown)
    return;
  g_autofree char *name = assay_annotation_repair (page->annotation);
  if (name == NULL)
    return;
  g_autofree char *said = g_strdup_printf ("Done: %s", name);
  assay_page_annotate_update_bench (page);
  offer_undo (page, said);
}

static void
act_selected (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  const AssayScene *scene = assay_page_annotate_get_scene (page);
  if (scene == NULL || assay_id_is_nil (&scene->selected))
    return;
  if (g_str_equal (action, "page.hide"))
    toggle_hidden (page, &scene->selected);
  else
    toggle_locked (page, &scene->selected);
}

static void
act_track (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  assay_track_strip_act (page->track, g_variant_get_string (parameter, NULL));
  assay_page_annotate_update_bench (page);
}

static void
on_track_go (AssayPageAnnotate *page, gint64 item_row)
{
  assay_item_list_select (page->items, item_row);
}

static void
on_track_said (AssayPageAnnotate *page, const char *words)
{
  assay_page_annotate_show_hint (page, words, FALSE);
}

static void
act_class (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_page_annotate_set_class (ASSAY_PAGE_ANNOTATE (widget), (guint) g_variant_get_int32 (parameter) - 1);
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
  if (assay_page_annotate_is_sound (page) && (fit || whole))
    assay_waveform_fit (waveform);
  else if (assay_page_annotate_is_sound (page))
    assay_waveform_zoom_by (waveform, factor);
  else if (fit)
    assay_canvas_fit (canvas);
  else
    assay_canvas_zoom_by (canvas, whole ? 1 / assay_canvas_get_view (canvas)->zoom : factor);
}

/* How the picture is shown, and what helps the eye. */
static void
act_show (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageAnnotate *page = ASSAY_PAGE_ANNOTATE (widget);
  AssayCanvas *canvas = assay_picture_bench_get_canvas (page->picture);
  const char *what = g_variant_get_string (parameter, NULL);
  AssayMarksLook look = assay_canvas_get_look (canvas);
  if (assay_page_annotate_get_scene (page) == NULL || assay_page_annotate_is_sound (page))
    return;
  if (g_str_equal (what, "display"))
    assay_picture_bench_show_display (page->picture);
  else if (g_str_equal (what, "beside"))
    assay_picture_bench_toggle_beside (page->picture);
  else if (g_str_equal (what, "outline"))
    assay_canvas_set_look (canvas, (AssayMarksLook){ look.opacity, !look.outline_only });
  else
    assay_canvas_set_aids (canvas, assay_canvas_get_aids (canvas)
                                       ^ (g_str_equal (what, "map")    ? ASSAY_AID_MAP
                                          : g_str_equal (what, "keys") ? ASSAY_AID_KEYS
                                                                       : ASSAY_AID_CROSSHAIR));
  if (g_str_equal (what, "keys") && (assay_canvas_get_aids (canvas) & ASSAY_AID_KEYS) != 0)
    assay_page_annotate_show_hint (
        page, "the keys point: arrows move, with Shift 10 px · Space presses · Insert keeps it pressed", FALSE);
  else if (g_str_equal (what, "keys"))
    assay_page_annotate_update_tool (page);
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
  assay_tag_grid_toggle_playing (page->grid);
  if (assay_page_annotate_is_sound (page))
    assay_sound_bench_toggle_playing (page->sound);
}

void
assay_page_annotate_bind_lists (GtkWidgetClass *class)
{
  gtk_widget_class_bind_template_callback (class, set_tool);
  gtk_widget_class_bind_template_callback (class, on_option);
  gtk_widget_class_bind_template_callback_full (class, "on_options_done",
                                                G_CALLBACK (assay_page_annotate_focus_work));
  gtk_widget_class_bind_template_callback (class, on_class_chosen);
  gtk_widget_class_bind_template_callback (class, on_track_go);
  gtk_widget_class_bind_template_callback (class, on_track_said);
  gtk_widget_class_bind_template_callback (class, on_object_chosen);
  gtk_widget_class_bind_template_callback (class, on_several_chosen);
  gtk_widget_class_bind_template_callback (class, on_said);
  gtk_widget_class_bind_template_callback (class, on_hide);
  gtk_widget_class_bind_template_callback (class, on_lock);
}

void
assay_page_annotate_install_actions (GtkWidgetClass *class)
{
  static const struct
  {
    const char *name, *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "page.next", NULL, act_move },
    { "page.previous", NULL, act_move },
    { "page.next-todo", NULL, act_move },
    { "page.compare", NULL, act_compare },
    { "page.undo", NULL, act_undo },
    { "page.redo", NULL, act_undo },
    { "page.undo-change", "t", act_undo_change },
    { "page.remove", NULL, act_remove },
    { "page.act", "s", act_act },
    { "page.carry", "s", act_carry },
    { "page.paint-unsure", NULL, act_paint_unsure },
    { "page.apply-hint", NULL, act_apply_hint },
    { "page.hide", NULL, act_selected },
    { "page.lock", NULL, act_selected },
    { "page.class", "i", act_class },
    { "page.track", "s", act_track },
    { "page.tool", "s", act_tool },
    { "page.fit", NULL, act_view },
    { "page.zoom-in", NULL, act_view },
    { "page.zoom-out", NULL, act_view },
    { "page.zoom-100", NULL, act_view },
    { "page.show", "s", act_show },
    { "page.toggle-left", NULL, act_panel },
    { "page.toggle-right", NULL, act_panel },
    { "page.go", NULL, act_play },
    { "page.play", NULL, act_play },
  };
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (class, actions[i].name, actions[i].parameter, actions[i].activate);
}
