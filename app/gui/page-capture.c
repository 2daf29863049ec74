/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/page-capture.h"

#include "app/gui/calibration-page.h"
#include "app/gui/filmstrip.h"
#include "app/gui/live-area.h"
#include "app/gui/plan-box.h"
#include "app/gui/reading-page.h"
#include "app/gui/receipt-page.h"
#include "app/gui/sensor-row.h"
#include "app/gui/sensor-settings.h"
#include "app/gui/studio.h"
#include "app/gui/take-box.h"
#include "app/gui/take-page.h"
#include "app/gui/widget.h"
#include "core/json.h"

#define RECEIPT_AFTER_S 3

struct _AssayPageCapture
{
  GtkWidget parent_instance;
  AssayDesk *desk;     /* NULL without a project */
  AssayStudio *studio; /* NULL until the page was shown with a project */
  GPtrArray *resting;  /* of AssayLive: off while a page over this one has their devices */

  GtkRevealer *left, *right;
  GtkListBox *sensors;
  AssayLiveArea *area;
  AssayFilmstrip *filmstrip;
  AssayTakeBox *take;
  GtkWidget *desktop; /* all but what is opened over it */
  AssayReceiptPage *receipt;
  guint receipt_timer;
  AssayId finished; /* the session whose receipt is due */
  gboolean shown, receipt_waits;
  AssaySensorSettings *settings;
  AssayPlanBox *plan;
};

static void assay_page_capture_implement (AssayPageInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (AssayPageCapture, assay_page_capture, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (ASSAY_TYPE_PAGE, assay_page_capture_implement))

/* Sensors */

static void
on_chosen (AssayPageCapture *page)
{
  AssayLive *chosen = assay_live_area_get_chosen (page->area);
  if (chosen != NULL)
    assay_sensor_settings_set_live (page->settings, chosen);
}

static void
arrange (AssayPageCapture *page)
{
  assay_live_area_arrange (page->area);
  assay_take_box_update (page->take);
}

/* A recording holds its sensors: it ends before one of them is switched. */
static void
on_switched (AssaySensorRow *row, gboolean on, AssayPageCapture *page)
{
  AssayLive *live = assay_sensor_row_get_live (row);
  assay_sensor_settings_set_live (page->settings, live);
  assay_studio_stop (page->studio);
  assay_studio_set_on (page->studio, live, on);
}

static void
on_settings_changed (AssayPageCapture *page)
{
  AssayLive *live = assay_sensor_settings_get_live (page->settings);
  g_autofree char *words = assay_sensor_settings_dup_words (page->settings);
  gboolean was_on = assay_live_get_state (live) != ASSAY_LIVE_OFF;
  assay_studio_stop (page->studio);
  assay_studio_set_on (page->studio, live, FALSE);
  assay_live_set_settings (live, words);
  assay_studio_set_on (page->studio, live, was_on);
}

static GtkWidget *
row_new (gpointer item, gpointer data)
{
  AssayPageCapture *page = data;
  GtkWidget *row = assay_sensor_row_new (item, page->studio);
  g_signal_connect_object (row, "switched", G_CALLBACK (on_switched), page, 0);
  g_signal_connect_object (item, "changed", G_CALLBACK (arrange), page, G_CONNECT_SWAPPED);
  return row;
}

/* Taking */

static void
take (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (gtk_widget_get_visible (page->desktop))
    assay_take_box_go (page->take);
}

static void
choose_mode (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (gtk_widget_get_visible (page->desktop))
    assay_take_box_choose_mode (page->take, g_variant_get_string (parameter, NULL));
}

/* The marks mean what is safe on the disk, never the take before. */
static gboolean
is_kept (AssayPageCapture *page)
{
  if (page->desk == NULL || !gtk_widget_get_visible (page->desktop))
    return FALSE;
  assay_filmstrip_set_burst (page->filmstrip, assay_take_box_get_burst (page->take));
  if (!assay_take_box_is_busy (page->take))
    return TRUE;
  assay_page_toast (page, "The take is not over, or still being kept: once more in a moment");
  return FALSE;
}

static void
mark_bad (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (is_kept (page))
    assay_filmstrip_mark_bad (page->filmstrip);
}

/* Of takes that are kept already: whatever is being taken now. */
static void
count_again (GtkWidget *widget, const char *action, GVariant *parameter)
{
  assay_filmstrip_count_again (ASSAY_PAGE_CAPTURE (widget)->filmstrip, parameter);
}

static void
repeat (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (is_kept (page) && assay_take_box_can_go (page->take))
    assay_filmstrip_repeat (page->filmstrip);
}

static void
add_note (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (is_kept (page))
    assay_filmstrip_ask_note (page->filmstrip);
}

static void
on_repeat (AssayPageCapture *page)
{
  assay_take_box_repeat (page->take);
}

static void
on_take_changed (AssayPageCapture *page)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.go", assay_take_box_can_go (page->take));
}

/* Not while the next recording is under way. Whoever is on another page is told when they are back. */
static gboolean
on_receipt_due (gpointer data)
{
  AssayPageCapture *page = data;
  page->receipt_timer = 0;
  page->receipt_waits = !page->shown;
  if (page->shown && page->studio != NULL && !assay_studio_is_recording (page->studio, ASSAY_DEVICE_CAMERA)
      && !assay_studio_is_recording (page->studio, ASSAY_DEVICE_MICROPHONE))
    assay_receipt_page_open (page->receipt, page->desk, &page->finished);
  return G_SOURCE_REMOVE;
}

/* The verdict is seen from afar first: the receipt would cover it. */
static void
on_finished (AssayPageCapture *page, const json_t *report, const char *trouble)
{
  if (trouble != NULL)
    assay_page_toast (page, trouble);
  if (report == NULL || !assay_json_get_id (report, "session", &page->finished))
    return;
  g_clear_handle_id (&page->receipt_timer, g_source_remove);
  page->receipt_waits = FALSE;
  page->receipt_timer = g_timeout_add_seconds (RECEIPT_AFTER_S, on_receipt_due, page);
}

/* What is open over the page is alone on it. */
static void
on_receipt_visible (AssayPageCapture *page)
{
  gboolean open = gtk_widget_get_visible (GTK_WIDGET (page->receipt));
  gtk_widget_set_visible (page->desktop, !open);
  if (!open && gtk_widget_get_mapped (GTK_WIDGET (page)))
    gtk_widget_grab_focus (GTK_WIDGET (page->area));
}

static void
open_receipt (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (page->desk != NULL)
    assay_receipt_page_open (page->receipt, page->desk, &(const AssayId){ 0 });
}

static void
open_receipts (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (page->desk != NULL)
    assay_receipt_page_open_list (page->receipt, page->desk);
}

/* Pages over this one: they open devices of their own, which a camera or a microphone allows to one at a time. */

static void
on_over_closed (AssayPageCapture *page)
{
  assay_page_end_over (page);
  for (guint i = 0; i < page->resting->len; i++)
    assay_studio_set_on (page->studio, page->resting->pdata[i], TRUE);
  g_ptr_array_set_size (page->resting, 0);
}

static void
show_over (AssayPageCapture *page, GtkWidget *over, AssayDeviceKind kind)
{
  assay_studio_stop (page->studio);
  GListModel *sensors = assay_studio_get_sensors (page->studio);
  for (guint i = 0; i < g_list_model_get_n_items (sensors); i++)
    {
      g_autoptr (AssayLive) live = g_list_model_get_item (sensors, i);
      if (assay_live_get_info (live)->kind != kind || assay_live_get_state (live) == ASSAY_LIVE_OFF)
        continue;
      g_ptr_array_add (page->resting, g_object_ref (live));
      assay_studio_set_on (page->studio, live, FALSE);
    }
  g_signal_connect_object (over, "closed", G_CALLBACK (on_over_closed), page, G_CONNECT_SWAPPED);
  assay_page_show_over (page, over);
}

static void
read_script (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (page->studio != NULL)
    show_over (page, assay_reading_page_new (page->desk, assay_studio_get_sensors (page->studio)),
               ASSAY_DEVICE_MICROPHONE);
}

static void
calibrate (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (page->studio != NULL)
    show_over (page, assay_calibration_page_new (page->desk, assay_studio_get_sensors (page->studio)),
               ASSAY_DEVICE_CAMERA);
}

/* Looking back keeps what is on: a recording goes on meanwhile. */
static void
on_replay_closed (AssayPageCapture *page)
{
  assay_page_end_over (page);
}

static void
on_opened (AssayPageCapture *page, const AssayId *session, gint64 item_row)
{
  GtkWidget *replay = assay_take_page_new (page->desk, session, item_row);
  g_signal_connect_object (replay, "closed", G_CALLBACK (on_replay_closed), page, G_CONNECT_SWAPPED);
  assay_page_show_over (page, replay);
}

/* AssayPage */

static gboolean
wait_for_studio (gpointer studio, GError **error)
{
  return assay_studio_wait (studio, error);
}

static void
close_studio (AssayPageCapture *page)
{
  g_clear_handle_id (&page->receipt_timer, g_source_remove);
  page->receipt_waits = FALSE;
  if (page->studio == NULL)
    return;
  AssayStudio *studio = g_steal_pointer (&page->studio);
  assay_take_box_set_studio (page->take, NULL);
  g_ptr_array_set_size (page->resting, 0);
  gtk_list_box_bind_model (page->sensors, NULL, NULL, NULL, NULL);
  assay_sensor_settings_set_live (page->settings, NULL);
  assay_sensor_settings_set_studio (page->settings, NULL, NULL);
  assay_live_area_set_studio (page->area, NULL, NULL);
  arrange (page);
  gboolean keeps = assay_studio_end (studio);
  assay_desk_wait_for (page->desk, keeps ? "Finishing the recording…" : NULL, wait_for_studio, studio, g_object_unref);
}

static void
open_studio (AssayPageCapture *page)
{
  page->studio = assay_studio_new (assay_desk_get_directory (page->desk));
  assay_take_box_set_studio (page->take, page->studio);
  gtk_list_box_bind_model (page->sensors, assay_studio_get_sensors (page->studio), row_new, page, NULL);
  assay_sensor_settings_set_studio (page->settings, page->studio, page->desk);
  assay_live_area_set_studio (page->area, page->studio, assay_desk_get_directory (page->desk));
  arrange (page);
}

static void
set_desk (AssayPage *base, AssayDesk *desk)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (base);
  close_studio (page);
  gtk_widget_set_visible (GTK_WIDGET (page->receipt), FALSE);
  g_set_object (&page->desk, desk);
  assay_plan_box_set_desk (page->plan, desk);
  assay_take_box_set_desk (page->take, desk);
  assay_filmstrip_set_desk (page->filmstrip, desk);
}

/* Sensors that are on stay on while another page is in front: a recording does not end because somebody looks
 * elsewhere. */
static void
set_shown (AssayPage *base, gboolean shown)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (base);
  page->shown = shown;
  assay_plan_box_set_shown (page->plan, shown);
  assay_take_box_set_shown (page->take, shown);
  assay_filmstrip_set_shown (page->filmstrip, shown);
  if (page->studio != NULL)
    assay_studio_set_looking (page->studio, FALSE);
  if (!shown || page->desk == NULL)
    return;
  if (page->studio == NULL)
    open_studio (page);
  assay_studio_set_looking (page->studio, TRUE);
  if (page->receipt_waits)
    on_receipt_due (page);
}

static guint
list_panes (AssayPage *base, GtkWidget **ret_panes)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (base);
  if (gtk_widget_get_visible (GTK_WIDGET (page->receipt)))
    {
      ret_panes[0] = GTK_WIDGET (page->receipt);
      return 1;
    }
  ret_panes[0] = GTK_WIDGET (page->area); /* Space takes a still here */
  ret_panes[1] = GTK_WIDGET (page->sensors);
  ret_panes[2] = GTK_WIDGET (page->take);
  ret_panes[3] = GTK_WIDGET (page->settings);
  return 4;
}

static void
assay_page_capture_implement (AssayPageInterface *iface)
{
  iface->set_desk = set_desk;
  iface->set_shown = set_shown;
  iface->list_panes = list_panes;
}

/* Actions */

static void
look_again (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  if (page->studio != NULL)
    assay_studio_look (page->studio);
}

static void
toggle_overlay (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  AssayOverlays overlay = g_str_equal (action, "page.histogram")  ? ASSAY_OVERLAY_HISTOGRAM
                          : g_str_equal (action, "page.exposure") ? ASSAY_OVERLAY_EXPOSURE
                          : g_str_equal (action, "page.focus")    ? ASSAY_OVERLAY_FOCUS
                                                                  : ASSAY_OVERLAY_GRID;
  assay_live_area_toggle (page->area, overlay);
}

static void
toggle_panel (GtkWidget *widget, const char *action, GVariant *parameter)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (widget);
  GtkRevealer *panel = g_str_equal (action, "page.toggle-left") ? page->left : page->right;
  gtk_revealer_set_reveal_child (panel, !gtk_revealer_get_reveal_child (panel));
}

static void
assay_page_capture_dispose (GObject *object)
{
  AssayPageCapture *page = ASSAY_PAGE_CAPTURE (object);
  if (page->sensors != NULL)
    close_studio (page);
  g_clear_object (&page->desk);
  g_clear_pointer (&page->resting, g_ptr_array_unref);
  assay_widget_clear (page, ASSAY_TYPE_PAGE_CAPTURE);
  G_OBJECT_CLASS (assay_page_capture_parent_class)->dispose (object);
}

static void
assay_page_capture_class_init (AssayPageCaptureClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_page_capture_dispose;
  g_type_ensure (ASSAY_TYPE_FILMSTRIP);
  g_type_ensure (ASSAY_TYPE_LIVE_AREA);
  g_type_ensure (ASSAY_TYPE_PLAN_BOX);
  g_type_ensure (ASSAY_TYPE_SENSOR_SETTINGS);
  g_type_ensure (ASSAY_TYPE_RECEIPT_PAGE);
  g_type_ensure (ASSAY_TYPE_TAKE_BOX);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/page-capture.ui");
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, left);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, right);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, sensors);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, area);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, take);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, filmstrip);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, desktop);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, receipt);
  gtk_widget_class_bind_template_callback (widget_class, on_receipt_visible);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, settings);
  gtk_widget_class_bind_template_child (widget_class, AssayPageCapture, plan);
  gtk_widget_class_bind_template_callback (widget_class, on_take_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_finished);
  gtk_widget_class_bind_template_callback (widget_class, on_repeat);
  gtk_widget_class_bind_template_callback (widget_class, on_opened);
  gtk_widget_class_install_action (widget_class, "page.go", NULL, take);
  gtk_widget_class_install_action (widget_class, "page.mode", "s", choose_mode);
  gtk_widget_class_install_action (widget_class, "page.look", NULL, look_again);
  gtk_widget_class_install_action (widget_class, "page.read-script", NULL, read_script);
  gtk_widget_class_install_action (widget_class, "page.receipt", NULL, open_receipt);
  gtk_widget_class_install_action (widget_class, "page.receipts", NULL, open_receipts);
  gtk_widget_class_install_action (widget_class, "page.mark-bad", NULL, mark_bad);
  gtk_widget_class_install_action (widget_class, "page.count-again", "ax", count_again);
  gtk_widget_class_install_action (widget_class, "page.repeat", NULL, repeat);
  gtk_widget_class_install_action (widget_class, "page.note", NULL, add_note);
  gtk_widget_class_install_action (widget_class, "page.calibrate", NULL, calibrate);
  gtk_widget_class_install_action (widget_class, "page.histogram", NULL, toggle_overlay);
  gtk_widget_class_install_action (widget_class, "page.exposure", NULL, toggle_overlay);
  gtk_widget_class_install_action (widget_class, "page.focus", NULL, toggle_overlay);
  gtk_widget_class_install_action (widget_class, "page.grid", NULL, toggle_overlay);
  gtk_widget_class_install_action (widget_class, "page.toggle-left", NULL, toggle_panel);
  gtk_widget_class_install_action (widget_class, "page.toggle-right", NULL, toggle_panel);
}

static void
assay_page_capture_init (AssayPageCapture *page)
{
  gtk_widget_init_template (GTK_WIDGET (page));
  page->resting = g_ptr_array_new_with_free_func (g_object_unref);
  g_signal_connect_object (page->area, "chosen", G_CALLBACK (on_chosen), page, G_CONNECT_SWAPPED);
  g_signal_connect_object (page->settings, "changed", G_CALLBACK (on_settings_changed), page, G_CONNECT_SWAPPED);
  gtk_widget_action_set_enabled (GTK_WIDGET (page), "page.go", FALSE);
}
