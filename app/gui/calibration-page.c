/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/calibration-page.h"

#include "app/gui/board-form.h"
#include "app/gui/board-pane.h"
#include "app/gui/calibration-result.h"
#include "app/gui/calibration-work.h"
#include "app/gui/chooser.h"
#include "app/gui/live.h"
#include "app/gui/page.h"
#include "app/gui/range-bar.h"
#include "app/gui/widget.h"
#include "core/json.h"

#include <adwaita.h>

#define LEAST_VIEWS 3 /* of app/job-calibrate.h */
#define PULSE_MS 100

struct _AssayCalibrationPage
{
  GtkWidget parent_instance;
  AssayDesk *desk;
  GPtrArray *words;           /* of char *: each camera as it is opened, in the order of the list */
  AssayCalibrationWork *work; /* NULL at the setup */
  gboolean checking, closed;
  gboolean away;    /* shown: the camera was lost */
  guint64 n_looked; /* shown so far */
  guint tick, pulse;

  GtkButton *back, *go, *check;
  GtkStack *stage, *side;
  AssayBoardPane *pane;
  GtkImage *say_icon;
  GtkLabel *say, *views;
  AdwStatusPage *verdict, *working;
  GtkProgressBar *progress;
  AdwBin *result;
  AdwComboRow *camera;
  AdwActionRow *known;
  GtkEditable *pictures; /* path of a folder, or empty */
  AssayBoardForm *form;
  AssayRangeBar *bar_x, *bar_y, *bar_size, *bar_skew;
  GtkLabel *done_x, *done_y, *done_size, *done_skew;
};

static guint signal_closed;

G_DEFINE_FINAL_TYPE (AssayCalibrationPage, assay_calibration_page, GTK_TYPE_WIDGET)

static gboolean
is_at (AssayCalibrationPage *page, const char *name)
{
  return g_str_equal (gtk_stack_get_visible_child_name (page->stage), name);
}

/* A thread that comes back finds the page closed, or its project. */
static gboolean
is_gone (AssayCalibrationPage *page)
{
  return page->closed || gtk_widget_get_root (GTK_WIDGET (page)) == NULL;
}

static void
bring (GtkStack *stack, const char *name)
{
  gtk_stack_set_visible_child_name (stack, name);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_accessible_update_state (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_STATE_HIDDEN,
                                 child != gtk_stack_get_visible_child (stack), -1);
}

/* What the two buttons mean at each stage; NULL: nothing. */
static void
show (AssayCalibrationPage *page, const char *stage)
{
  gboolean setup = g_str_equal (stage, "setup"), watch = g_str_equal (stage, "watch");
  const char *go = setup                            ? "_Begin"
                   : watch && !page->checking       ? "_Solve"
                   : g_str_equal (stage, "result")  ? "_Save"
                   : g_str_equal (stage, "verdict") ? "_Done"
                                                    : NULL;
  bring (page->stage, stage);
  bring (page->side, setup ? "setup" : "watch");
  gtk_widget_set_visible (GTK_WIDGET (page->side), setup || !page->checking); /* one view covers nothing */
  gtk_button_set_label (page->back, g_str_equal (stage, "result") ? "_Again" : "_Cancel");
  gtk_widget_set_visible (GTK_WIDGET (page->back), !g_str_equal (stage, "verdict"));
  gtk_widget_set_visible (GTK_WIDGET (page->go), go != NULL);
  gtk_widget_set_sensitive (GTK_WIDGET (page->go), setup ? page->words->len > 0 : !watch);
  if (go != NULL)
    gtk_button_set_label (page->go, go);
  if (!setup)
    gtk_widget_set_visible (GTK_WIDGET (page->check), FALSE);
  /* A button that can no longer be pressed would keep the keys, Escape too. */
  if (g_str_equal (stage, "result") || g_str_equal (stage, "verdict") || setup)
    gtk_widget_grab_focus (GTK_WIDGET (page->go));
  else
    gtk_widget_grab_focus (GTK_WIDGET (page->stage));
}

/* Which camera */

static const char *
get_words (AssayCalibrationPage *page)
{
  guint at = adw_combo_row_get_selected (page->camera);
  return at < page->words->len ? page->words->pdata[at] : NULL;
}

static void
on_known (gpointer owner, gpointer data, const GError *error)
{
  AssayCalibrationPage *page = owner;
  const AssayCalibrationFacts *facts = data;
  if (is_gone (page) || g_strcmp0 (facts->camera, get_words (page)) != 0)
    return;
  assay_page_show_error (page, error);
  adw_action_row_set_subtitle (page->known, facts->text);
  gtk_widget_set_visible (GTK_WIDGET (page->check), facts->calibrated && is_at (page, "setup"));
}

static void
on_camera_chosen (AssayCalibrationPage *page)
{
  if (page->desk != NULL && get_words (page) != NULL)
    assay_calibration_ask (page->desk, get_words (page), on_known, page);
}

static void
list_cameras (AssayCalibrationPage *page, GListModel *sensors)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  for (guint i = 0; i < g_list_model_get_n_items (sensors); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (sensors, i);
      const AssayDeviceInfo *info = assay_live_get_info (live);
      if (info->kind != ASSAY_DEVICE_CAMERA)
        continue;
      gtk_string_list_append (names, assay_live_get_name (live));
      g_ptr_array_add (page->words, g_strconcat (info->id, assay_live_get_settings (live), NULL));
    }
  adw_combo_row_set_model (page->camera, G_LIST_MODEL (names));
  if (page->words->len == 0)
    adw_action_row_set_subtitle (ADW_ACTION_ROW (page->camera), "None was found: plug one in and come back");
}

/* NULL: the camera, live. Free it. */
static char *
dup_path (AssayCalibrationPage *page)
{
  char *path = g_strstrip (g_strdup (gtk_editable_get_text (page->pictures)));
  if (*path != '\0')
    return path;
  g_free (path);
  return NULL;
}

static void
on_folder_chosen (gpointer owner, const char *path)
{
  gtk_editable_set_text (ASSAY_CALIBRATION_PAGE (owner)->pictures, path);
}

static void
on_folder (AssayCalibrationPage *page)
{
  assay_choose (GTK_WIDGET (page), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, "Pictures of the board", "_Choose", NULL,
                on_folder_chosen);
}

/* Watching */

static void
stop_watching (AssayCalibrationPage *page)
{
  if (page->tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (page), page->tick);
  page->tick = 0;
  g_clear_handle_id (&page->pulse, g_source_remove);
}

static void
forget (AssayCalibrationPage *page)
{
  stop_watching (page);
  g_clear_pointer (&page->work, assay_calibration_work_unref);
}

static void
return_to_setup (AssayCalibrationPage *page)
{
  forget (page);
  show (page, "setup");
  on_camera_chosen (page);
}

static void
show_state (AssayCalibrationPage *page, const AssayLiveState *state)
{
  AssayRangeBar *const bars[] = { page->bar_x, page->bar_y, page->bar_size, page->bar_skew };
  GtkLabel *const labels[] = { page->done_x, page->done_y, page->done_size, page->done_skew };
  for (guint i = 0; i < ASSAY_BOARD_N_AXES; i++)
    {
      double done = state->n_views > 0 ? MIN (state->done[i], 1) : 0;
      g_autofree char *text = g_strdup_printf ("%.0f %%", 100 * done);
      assay_range_bar_set (bars[i], state->n_views > 0 ? state->low[i] : 0,
                           state->n_views > 0 ? state->high[i] : -1, done);
      gtk_label_set_text (labels[i], text);
    }
  g_autofree char *views = g_strdup_printf ("%u %s", state->n_views, state->n_views == 1 ? "view" : "views");
  g_autofree char *say = g_strdup (state->say != NULL ? state->say : "");
  *say = g_ascii_toupper (*say);
  gtk_label_set_text (page->views, views);
  gtk_label_set_text (page->say, say);
  gboolean seen = state->corners_px->len > 0;
  gtk_image_set_from_icon_name (page->say_icon, state->taken ? "emblem-ok-symbolic"
                                                : seen       ? "dialog-information-symbolic"
                                                             : "camera-photo-symbolic");
  const char *const classes[] = { state->taken ? "success" : "dim-label", NULL };
  gtk_widget_set_css_classes (GTK_WIDGET (page->say_icon), (const char **) classes);
  gtk_widget_set_sensitive (GTK_WIDGET (page->go), state->n_views >= LEAST_VIEWS);
  assay_board_pane_set_state (page->pane, state);
}

/* It may be a cable: nothing is lost, and nothing has to be begun again. */
static void
show_away (AssayCalibrationPage *page)
{
  static const char *const classes[] = { "warning", NULL };
  gtk_image_set_from_icon_name (page->say_icon, "dialog-warning-symbolic");
  gtk_widget_set_css_classes (GTK_WIDGET (page->say_icon), (const char **) classes);
  gtk_label_set_text (page->say, "The camera is away: plug it in again. The views that were taken stay.");
  assay_board_pane_set_texture (page->pane, NULL); /* an old picture would pass for a live one */
}

static void go_on (AssayCalibrationPage *page);

/* Nothing more comes, and it is not enough. */
static void
give_up (AssayCalibrationPage *page, const char *trouble, guint n_views)
{
  g_autofree char *text = trouble != NULL
                              ? g_strdup (trouble)
                              : g_strdup_printf ("Only %u views could be used, %d are the least; the last said: %s",
                                                 n_views, LEAST_VIEWS, gtk_label_get_text (page->say));
  return_to_setup (page);
  assay_page_toast (page, text);
}

static gboolean
on_tick (GtkWidget *widget, GdkFrameClock *clock, gpointer data)
{
  AssayCalibrationPage *page = ASSAY_CALIBRATION_PAGE (widget);
  g_autofree char *trouble = NULL;
  /* Asked before the state is fetched, so that the last picture is counted. */
  gboolean over = assay_board_feed_is_over (page->work->feed, &trouble);
  g_autoptr (GdkTexture) texture = assay_board_feed_take_texture (page->work->feed);
  g_autoptr (AssayLiveState) state = assay_board_feed_get_state (page->work->feed);
  gboolean away = assay_board_feed_is_away (page->work->feed);
  if (texture != NULL)
    assay_board_pane_set_texture (page->pane, texture);
  if (state->n_looked != page->n_looked || (page->away && !away))
    show_state (page, state);
  if (away && (!page->away || state->n_looked != page->n_looked))
    show_away (page);
  page->away = away;
  page->n_looked = state->n_looked;
  guint wanted = page->checking ? 1 : LEAST_VIEWS;
  if ((page->checking && state->n_views >= 1) || state->enough || (over && state->n_views >= wanted))
    go_on (page);
  else if (over)
    give_up (page, trouble, state->n_views);
  return G_SOURCE_CONTINUE;
}

static void
begin (AssayCalibrationPage *page, gboolean checking)
{
  AssayBoard board;
  g_autoptr (GError) error = NULL;
  AssaySettings *settings = assay_page_get_settings (page);
  if (get_words (page) == NULL)
    return;
  if (!assay_board_form_get (page->form, &board, &error))
    {
      assay_page_show_error (page, error);
      return;
    }
  g_autofree char *words = assay_board_form_dup_words (page->form), *path = dup_path (page);
  if (settings != NULL)
    assay_settings_set_board (settings, words, assay_board_form_get_bar_mm (page->form));
  page->checking = checking;
  page->n_looked = G_MAXUINT64;
  page->away = FALSE;
  page->work = assay_calibration_work_new (
      get_words (page), &board,
      assay_board_feed_new (path != NULL ? path : get_words (page), path != NULL, &board));
  assay_board_pane_set_texture (page->pane, NULL);
  assay_board_pane_set_state (page->pane, NULL);
  show (page, "watch");
  page->tick = gtk_widget_add_tick_callback (GTK_WIDGET (page), on_tick, NULL, NULL);
}

/* Solving, checking */

static gboolean
on_pulse (gpointer data)
{
  AssayCalibrationPage *page = data;
  double fraction = assay_progress_get_fraction (page->work->progress);
  if (fraction > 0)
    gtk_progress_bar_set_fraction (page->progress, fraction);
  else
    gtk_progress_bar_pulse (page->progress);
  return G_SOURCE_CONTINUE;
}

/* FALSE when there is nothing to show: nobody waits for it any more, or it failed, which is said. */
static gboolean
take_answer (AssayCalibrationPage *page, gpointer work, const GError *error)
{
  if (is_gone (page) || page->work != work)
    return FALSE;
  stop_watching (page);
  assay_page_show_error (page, error);
  if (error != NULL)
    return_to_setup (page);
  return error == NULL;
}

static void
on_solved (gpointer owner, gpointer data, const GError *error)
{
  AssayCalibrationPage *page = owner;
  if (!take_answer (page, data, error))
    return;
  adw_bin_set_child (page->result, assay_calibration_result_new (page->work->document));
  show (page, "result");
}

static void
on_checked (gpointer owner, gpointer data, const GError *error)
{
  AssayCalibrationPage *page = owner;
  if (!take_answer (page, data, error))
    return;
  const char *verdict = assay_json_get_string (page->work->document, "verdict");
  gboolean holds = g_strcmp0 (verdict, "holds") == 0;
  g_autofree char *why = g_strdup (assay_json_get_string (page->work->document, "why"));
  *why = g_ascii_toupper (*why);
  g_autofree char *escaped = g_markup_escape_text (why, -1);
  adw_status_page_set_icon_name (page->verdict, holds ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  adw_status_page_set_title (page->verdict, holds ? "The calibration holds"
                                            : g_strcmp0 (verdict, "doubtful") == 0
                                                ? "The calibration is doubtful"
                                                : "The calibration no longer holds");
  adw_status_page_set_description (page->verdict, escaped);
  show (page, "verdict");
}

static void
go_on (AssayCalibrationPage *page)
{
  stop_watching (page);
  adw_status_page_set_title (page->working, page->checking ? "Checking the lens" : "Solving the lens");
  gtk_progress_bar_set_fraction (page->progress, 0);
  show (page, "work");
  page->pulse = g_timeout_add (PULSE_MS, on_pulse, page);
  if (page->checking)
    assay_calibration_check (page->desk, page->work, on_checked, page);
  else
    assay_calibration_solve (page->desk, page->work, on_solved, page);
}

/* The end */

static void
close_page (AssayCalibrationPage *page)
{
  if (page->closed)
    return;
  forget (page);
  page->closed = TRUE;
  g_signal_emit (page, signal_closed, 0);
}

static void
on_saved (gpointer owner, gpointer data, const GError *error)
{
  AssayCalibrationPage *page = owner;
  if (is_gone (page))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (page->go), TRUE);
  assay_page_show_error (page, error);
  if (error != NULL)
    return;
  assay_page_toast (page, "The calibration is saved with the camera: its pictures carry it from now on");
  close_page (page);
}

static void
on_dropped (gpointer owner, gpointer data, const GError *error)
{
  AssayCalibrationPage *page = owner;
  if (is_gone (page))
    return;
  gtk_widget_set_sensitive (GTK_WIDGET (page->back), TRUE);
  return_to_setup (page);
}

static void
on_go (AssayCalibrationPage *page)
{
  if (is_at (page, "setup"))
    begin (page, FALSE);
  else if (is_at (page, "watch") && page->tick != 0)
    go_on (page);
  else if (is_at (page, "result"))
    {
      gtk_widget_set_sensitive (GTK_WIDGET (page->go), FALSE);
      assay_calibration_save (page->desk, page->work, on_saved, page);
    }
  else if (is_at (page, "verdict"))
    close_page (page);
}

static void
on_check (AssayCalibrationPage *page)
{
  begin (page, TRUE);
}

static void
on_back (AssayCalibrationPage *page)
{
  if (!gtk_widget_get_sensitive (GTK_WIDGET (page->back)))
    return;
  if (is_at (page, "setup") || is_at (page, "verdict"))
    close_page (page);
  else if (is_at (page, "work"))
    assay_progress_cancel (page->work->progress);
  else if (is_at (page, "result"))
    return_to_setup (page);
  else if (page->work != NULL)
    {
      stop_watching (page);
      gtk_widget_set_sensitive (GTK_WIDGET (page->back), FALSE);
      assay_calibration_drop (page->desk, page->work, on_dropped, page);
    }
}

static void
back (GtkWidget *widget, const char *action, GVariant *parameter)
{
  on_back (ASSAY_CALIBRATION_PAGE (widget));
}

/* GtkWidget and GObject */

/* Only in a window is it known which board lies here. */
static void
assay_calibration_page_root (GtkWidget *widget)
{
  AssayCalibrationPage *page = ASSAY_CALIBRATION_PAGE (widget);
  GTK_WIDGET_CLASS (assay_calibration_page_parent_class)->root (widget);
  AssaySettings *settings = assay_page_get_settings (page);
  double bar_mm = 0;
  g_autofree char *board = settings != NULL ? assay_settings_dup_board (settings, &bar_mm) : NULL;
  assay_board_form_set (page->form, board, bar_mm);
  on_camera_chosen (page);
}

GtkWidget *
assay_calibration_page_new (AssayDesk *desk, GListModel *sensors)
{
  AssayCalibrationPage *page = g_object_new (ASSAY_TYPE_CALIBRATION_PAGE, NULL);
  page->desk = g_object_ref (desk);
  list_cameras (page, sensors);
  show (page, "setup");
  return GTK_WIDGET (page);
}

static gboolean
assay_calibration_page_grab_focus (GtkWidget *widget)
{
  AssayCalibrationPage *page = ASSAY_CALIBRATION_PAGE (widget);
  return gtk_widget_grab_focus (GTK_WIDGET (page->words->len > 0 ? page->go : page->back));
}

static void
assay_calibration_page_dispose (GObject *object)
{
  AssayCalibrationPage *page = ASSAY_CALIBRATION_PAGE (object);
  page->closed = TRUE;
  if (page->work != NULL)
    assay_progress_cancel (page->work->progress);
  stop_watching (page);
  if (page->work != NULL)
    assay_desk_let_go (page->desk, NULL, g_steal_pointer (&page->work),
                       (GDestroyNotify) assay_calibration_work_unref);
  g_clear_pointer (&page->words, g_ptr_array_unref);
  g_clear_object (&page->desk);
  assay_widget_clear (page, ASSAY_TYPE_CALIBRATION_PAGE);
  G_OBJECT_CLASS (assay_calibration_page_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *class)
{
  gtk_widget_class_set_template_from_resource (class, "/org/assay/Assay/calibration-page.ui");
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, back);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, go);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, check);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, stage);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, side);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, pane);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, say_icon);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, say);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, views);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, verdict);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, working);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, progress);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, result);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, camera);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, known);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, pictures);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, form);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, bar_x);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, bar_y);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, bar_size);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, bar_skew);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, done_x);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, done_y);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, done_size);
  gtk_widget_class_bind_template_child (class, AssayCalibrationPage, done_skew);
  gtk_widget_class_bind_template_callback (class, on_back);
  gtk_widget_class_bind_template_callback (class, on_go);
  gtk_widget_class_bind_template_callback (class, on_check);
  gtk_widget_class_bind_template_callback (class, on_folder);
  gtk_widget_class_bind_template_callback (class, on_camera_chosen);
}

static void
assay_calibration_page_class_init (AssayCalibrationPageClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_calibration_page_dispose;
  widget_class->root = assay_calibration_page_root;
  widget_class->grab_focus = assay_calibration_page_grab_focus;
  g_type_ensure (ASSAY_TYPE_BOARD_FORM);
  g_type_ensure (ASSAY_TYPE_BOARD_PANE);
  g_type_ensure (ASSAY_TYPE_RANGE_BAR);
  signal_closed = g_signal_new ("closed", ASSAY_TYPE_CALIBRATION_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "calibration.back", NULL, back);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "calibration.back", NULL);
}

static void
assay_calibration_page_init (AssayCalibrationPage *page)
{
  page->words = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (page));
}
