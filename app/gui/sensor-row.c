/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/gui/sensor-row.h"

#include "app/gui/live-view.h"
#include "app/gui/meter-view.h"
#include "app/gui/widget.h"
#include "capture/rate-cause.h"
#include "core/json.h"

#include <math.h>

#define PERIOD_MS 200

struct _AssaySensorRow
{
  GtkWidget parent_instance;
  AssayLive *live;
  AssayStudio *studio;
  guint timer;
  gboolean updating; /* the switch follows the state: nobody switched it */

  GtkImage *icon;
  GtkWidget *dot, *which;
  GtkLabel *name, *format, *facts, *note;
  AssayMeterView *meter;
  AssayLiveView *thumbnail;
  GtkEntry *answer;
  GtkSwitch *toggle;
};

static guint signal_switched;

G_DEFINE_FINAL_TYPE (AssaySensorRow, assay_sensor_row, GTK_TYPE_WIDGET)

static void
set_note (AssaySensorRow *row, const char *note)
{
  gtk_label_set_text (row->note, note != NULL ? note : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (row->note), note);
  gtk_widget_set_visible (GTK_WIDGET (row->note), note != NULL);
}

static guint64
count_lost (AssaySensorRow *row, AssayStream *stream)
{
  guint64 kept, missing;
  return assay_studio_get_sensor_counts (row->studio, row->live, &kept, &missing)
             ? missing
             : assay_stream_count_overrun (stream);
}

static char *
dup_cause (AssaySensorRow *row, const AssayStreamFormat *format, const AssayLiveRates *rates)
{
  double mbit_per_s = 0;
  assay_json_get_double (assay_live_get_info (row->live)->details, "usb_mbit_per_s", &mbit_per_s);
  AssayRate rate = { .wanted_fps = rates->wanted_fps,
                     .got_fps = format->fps,
                     .measured_fps = rates->received_fps,
                     .format = format,
                     .usb_mbit_per_s = mbit_per_s,
                     .controls = assay_live_get_controls (row->live) };
  return isnan (rates->received_fps) ? NULL : assay_rate_dup_cause (&rate);
}

static void
update_camera (AssaySensorRow *row, AssayStream *stream)
{
  const AssayStreamFormat *format = assay_stream_get_format (stream);
  char fourcc[ASSAY_FOURCC_TEXT_SIZE];
  AssayLiveRates rates;
  assay_live_get_rates (row->live, &rates);
  g_autofree char *size = g_strdup_printf ("%u × %u %s", format->pixels.width_px, format->pixels.height_px,
                                           assay_fourcc_to_text (format->pixels.fourcc, fourcc));
  gtk_label_set_text (row->format, size);
  g_autofree char *rate = isnan (rates.received_fps) ? g_strdup ("…") : g_strdup_printf ("%.1f", rates.received_fps);
  g_autofree char *wanted = rates.wanted_fps > 0 ? g_strdup_printf (" of %.4g", rates.wanted_fps) : g_strdup ("");
  guint64 lost = count_lost (row, stream);
  g_autofree char *facts = g_strdup_printf ("%s%s fps · %" G_GUINT64_FORMAT " lost", rate, wanted, lost);
  gtk_label_set_text (row->facts, facts);
  g_autofree char *cause = dup_cause (row, format, &rates);
  set_note (row, cause);
  if (lost > 0)
    gtk_widget_add_css_class (GTK_WIDGET (row->facts), "warning");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row->facts), "warning");
}

static void
update_microphone (AssaySensorRow *row, AssayStream *stream)
{
  const AssayStreamFormat *format = assay_stream_get_format (stream);
  AssayLevel level;
  g_autofree char *text = g_strdup_printf ("%g kHz · %u channel%s · %" G_GUINT64_FORMAT " lost", format->rate_hz / 1000.0,
                                           format->channels, format->channels == 1 ? "" : "s",
                                           count_lost (row, stream));
  gtk_label_set_text (row->format, text);
  if (!assay_live_get_level (row->live, &level))
    return;
  float rms = 0;
  for (guint i = 0; i < MIN (level.channels, ASSAY_LEVEL_CHANNELS); i++)
    rms = MAX (rms, level.rms[i]);
  double db = assay_level_to_db (rms);
  g_autofree char *loudness = isfinite (level.short_term_lufs)
                                  ? g_strdup_printf (" · %.1f LUFS", level.short_term_lufs)
                                  : g_strdup ("");
  g_autofree char *facts
      = isfinite (db) ? g_strdup_printf ("%.1f dBFS%s", db, loudness) : g_strdup_printf ("silence%s", loudness);
  gtk_label_set_text (row->facts, facts);
  set_note (row, assay_level_is_dead (&level)
                     ? "silent? Nothing has changed for two seconds: is it muted, or is another device plugged in?"
                 : assay_live_is_clipped (row->live)
                     ? "clipped: turn the gain down; click the red field to clear it"
                     : NULL);
}

static void
update_away (AssaySensorRow *row)
{
  g_autofree char *text = g_strdup_printf ("away for %.0f s", assay_live_get_away_s (row->live));
  gtk_label_set_text (row->facts, text);
  set_note (row, "Plug it in again: it goes on by itself");
}

static gboolean
on_timer (gpointer data)
{
  AssaySensorRow *row = data;
  AssayStream *stream = assay_live_get_stream (row->live);
  if (assay_live_get_away_s (row->live) > 0)
    update_away (row);
  else if (stream != NULL && assay_stream_get_kind (stream) == ASSAY_DEVICE_CAMERA)
    update_camera (row, stream);
  else if (stream != NULL)
    update_microphone (row, stream);
  return G_SOURCE_CONTINUE;
}

static void
update_dot (AssaySensorRow *row, AssayLiveStatus state)
{
  static const char *const classes[] = { "off", "opening", "on", "away", "failed" };
  static const char *const words[] = { "off", "being opened", "on", "away", "it could not be opened" };
  for (guint i = 0; i < G_N_ELEMENTS (classes); i++)
    gtk_widget_remove_css_class (row->dot, classes[i]);
  gtk_widget_add_css_class (row->dot, classes[state]);
  gtk_widget_set_tooltip_text (gtk_widget_get_parent (row->dot), words[state]);
}

/* Nothing but the place tells it from others, and nobody has said yet which one it is. */
static void
update_which (AssaySensorRow *row, gboolean on)
{
  const AssayDeviceInfo *info = assay_live_get_info (row->live);
  gboolean asked = on && assay_live_is_weak (row->live) && info->kind == ASSAY_DEVICE_CAMERA
                   && g_str_equal (assay_live_get_name (row->live), info->name);
  assay_live_view_set_live (row->thumbnail, asked ? row->live : NULL);
  gtk_widget_set_visible (row->which, asked);
}

static void
update_texts (AssaySensorRow *row, AssayLiveStatus state)
{
  static const char *const texts[] = { "off", "opening…", "", "", "" };
  gtk_label_set_text (row->format, "");
  gtk_label_set_text (row->facts, texts[state]);
  set_note (row, state == ASSAY_LIVE_FAILED ? assay_live_get_trouble (row->live) : NULL);
}

static void
update (AssaySensorRow *row)
{
  gboolean gone = assay_live_get_away_s (row->live) > 0;
  AssayLiveStatus state = gone ? ASSAY_LIVE_AWAY : assay_live_get_state (row->live);
  gboolean on = state == ASSAY_LIVE_ON, microphone = assay_live_get_info (row->live)->kind == ASSAY_DEVICE_MICROPHONE;
  row->updating = TRUE;
  gtk_switch_set_active (row->toggle, on || gone || state == ASSAY_LIVE_OPENING);
  row->updating = FALSE;
  gtk_label_set_text (row->name, assay_live_get_name (row->live));
  gtk_accessible_update_property (GTK_ACCESSIBLE (row->toggle), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  assay_live_get_name (row->live), -1);
  gtk_widget_set_visible (GTK_WIDGET (row->meter), on && microphone);
  assay_meter_view_set_live (row->meter, on && microphone ? row->live : NULL);
  gtk_widget_set_visible (GTK_WIDGET (row->format), on);
  gtk_widget_set_visible (GTK_WIDGET (row->facts), state != ASSAY_LIVE_FAILED);
  update_dot (row, state);
  update_which (row, on);
  if ((on || gone) && row->timer == 0)
    row->timer = g_timeout_add (PERIOD_MS, on_timer, row);
  if (on || gone)
    on_timer (row);
  else
    {
      g_clear_handle_id (&row->timer, g_source_remove);
      update_texts (row, state);
    }
}

static void
on_toggled (AssaySensorRow *row)
{
  if (!row->updating)
    g_signal_emit (row, signal_switched, 0, gtk_switch_get_active (row->toggle));
}

static void
on_answer (AssaySensorRow *row)
{
  assay_live_set_name (row->live, gtk_editable_get_text (GTK_EDITABLE (row->answer)));
}

AssayLive *
assay_sensor_row_get_live (AssaySensorRow *row)
{
  return row->live;
}

GtkWidget *
assay_sensor_row_new (AssayLive *live, AssayStudio *studio)
{
  AssaySensorRow *row = g_object_new (ASSAY_TYPE_SENSOR_ROW, NULL);
  const AssayDeviceInfo *info = assay_live_get_info (live);
  row->live = g_object_ref (live);
  row->studio = g_object_ref (studio);
  gtk_image_set_from_icon_name (row->icon, info->kind == ASSAY_DEVICE_CAMERA ? "camera-web-symbolic"
                                                                             : "audio-input-microphone-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (row->name), info->id);
  g_signal_connect_object (live, "changed", G_CALLBACK (update), row, G_CONNECT_SWAPPED);
  update (row);
  return GTK_WIDGET (row);
}

static void
assay_sensor_row_dispose (GObject *object)
{
  AssaySensorRow *row = ASSAY_SENSOR_ROW (object);
  g_clear_handle_id (&row->timer, g_source_remove);
  if (row->live != NULL)
    g_signal_handlers_disconnect_by_func (row->live, update, row);
  g_clear_object (&row->live);
  g_clear_object (&row->studio);
  assay_widget_clear (row, ASSAY_TYPE_SENSOR_ROW);
  G_OBJECT_CLASS (assay_sensor_row_parent_class)->dispose (object);
}

static void
assay_sensor_row_class_init (AssaySensorRowClass *class)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);
  G_OBJECT_CLASS (class)->dispose = assay_sensor_row_dispose;
  signal_switched = g_signal_new ("switched", ASSAY_TYPE_SENSOR_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
  g_type_ensure (ASSAY_TYPE_METER_VIEW);
  g_type_ensure (ASSAY_TYPE_LIVE_VIEW);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/assay/Assay/sensor-row.ui");
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, icon);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, dot);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, which);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, name);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, format);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, facts);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, note);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, meter);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, thumbnail);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, answer);
  gtk_widget_class_bind_template_child (widget_class, AssaySensorRow, toggle);
  gtk_widget_class_bind_template_callback (widget_class, on_toggled);
  gtk_widget_class_bind_template_callback (widget_class, on_answer);
}

static void
assay_sensor_row_init (AssaySensorRow *row)
{
  gtk_widget_init_template (GTK_WIDGET (row));
  assay_widget_switch_by_space (row->toggle);
}
